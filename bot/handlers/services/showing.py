"""One request as whoever looks at it sees it, with the deeds that are open to him."""

from bot.cards import Button, Card, card, press
from bot.domain import services
from bot.domain.services import RATINGS, STATE_NAMES, UNDO_SECONDS, Request, Spoken, State, View
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Heard
from bot.storage import Transaction

WORDS_SHOWN = 3


def took(seconds: int) -> Said:
    """How long something took, in minutes or hours."""
    if seconds < 3600:
        return say_n("{n} minute", "{n} minutes", max(1, seconds // 60))
    return say_n("{n} hour", "{n} hours", round(seconds / 3600))


async def screen(tx: Transaction, heard: Heard, request: Request, *, undo: bool = False) -> Card:
    """The card; `undo`: he has just said that it is done, and nobody has been told."""
    view = await services.view(tx, request.id, heard.me)
    words = await services.said(tx, request, heard.me, 0) if view.reads else None
    rows: list[tuple[Button, ...]] = []
    if undo:
        rows.append((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("services.undo", request.id)),))
    rows += _deeds(view)
    if words and (words.more or len(words.items) > WORDS_SHOWN):
        rows.append((Button(say("Everything that was said"), press("services.words", request.id)),))
    return card(
        *_face(view),
        *(spoken(each) for each in reversed(words.items[:WORDS_SHOWN] if words else ())),
        rows=tuple(row for row in rows if row),
        back=press("services.list", "mine" if view.mine else "todo"),
    )


def _face(view: View) -> list[Said]:
    request = view.request
    lines = [
        say("<b>{title}</b>", title=services.title(request)),
        say("{where} · {state}", where=request.where, state=STATE_NAMES[request.state]),
    ]
    if request.by_at:
        lines.append(say("By {moment}", moment=Moment(request.by_at)))
    if not view.reads:
        return [*lines, BLANK, say("🔒 Only whoever asked and whoever sees to it can read this.")]
    if request.asker_name:
        lines.append(say("📮 {name}, {moment}", name=request.asker_name, moment=Moment(request.made_at)))
    if request.handler_name:
        lines.append(say("🤲 {name} sees to it", name=request.handler_name))
    lines += [BLANK, say("{about}", about=request.words)] if request.words else []
    return [*lines, *_course(request), BLANK]


def _course(request: Request) -> list[Said]:
    lines: list[Said] = []
    if request.state is State.BLOCKED:
        lines.append(say("⛔ {reason}", reason=request.outcome))
    if request.state is State.DONE and request.done_at is not None and request.minutes is not None:
        lines.append(say("✅ {outcome}", outcome=request.outcome))
        time = took(request.minutes * 60)
        lines.append(say("Done {moment}, in {time}", moment=Moment(request.done_at), time=time))
    if request.replied_at is not None and not request.is_duty:
        lines.append(say("First answer after {time}", time=took(request.replied_at - request.made_at)))
    if request.content is not None:
        lines.append(say("Did it help? {answer}", answer=dict(RATINGS)[request.content]))
    return [BLANK, *lines] if lines else []


def spoken(each: Spoken) -> Said:
    """One word, by whom and when."""
    mark = "🔏" if each.private else "💬"
    return say(
        "{mark} {name}, {moment}: {words}", mark=mark, name=each.nickname, moment=Moment(each.at), words=each.words
    )


def _deeds(view: View) -> list[tuple[Button, ...]]:
    request, number = view.request, view.request.id
    rows: list[tuple[Button, ...]] = []
    if view.handles:
        rows += _handlers(request)
    elif view.manages and request.state is State.OPEN and (not view.mine or request.is_duty):
        rows.append((Button(say("I see to it"), press("services.take", number), style="primary"),))
    if view.manages and request.is_live:
        rows.append((Button(say("Give it to somebody"), press("services.assign", number)),))
    if view.mine and request.is_live:
        rows.append(
            (
                *(() if view.handles else (Button(say("Say more"), press("services.speak", number)),)),
                Button(say("Withdraw it"), press("services.withdraw", number)),
            )
        )
    if view.mine and request.state is State.DONE and request.content is None and not request.is_duty:
        rows.append(tuple(Button(label, press("services.rate", number, value)) for value, label in RATINGS))
    return rows


def _handlers(request: Request) -> list[tuple[Button, ...]]:
    """What whoever has it can do; a note for himself alone also when it is done."""
    number = request.id
    note = Button(say("🔏 Note for me alone"), press("services.note", number))
    if not request.is_live:
        return [(note,)]
    on = (
        Button(say("Go on"), press("services.resume", number))
        if request.state is State.BLOCKED
        else Button(say("I can't go on"), press("services.block", number))
    )
    done = Button(say("It is done"), press("services.finish", number), style="primary")
    back = Button(say("Somebody else please"), press("services.back", number))
    return [(done, Button(say("Answer"), press("services.speak", number))), (on, back), (note,)]
