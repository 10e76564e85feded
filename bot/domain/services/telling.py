"""What those concerned hear of a request. Of what is sensitive no message has the words but those between the two."""

from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import groups, people
from bot.domain.people import Person
from bot.domain.services import asking
from bot.domain.services.places import working
from bot.domain.services.things import Request, State
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.storage import Transaction

LATE = "services.late"
DONE = "services.done"
RATINGS = ((2, say("👍 Yes")), (1, say("🤏 Partly")), (0, say("👎 No")))


def _card(request: Request, *lines: Said) -> Card:
    return card(*lines, rows=((Button(say("Open"), press("services.one", request.id)),),))


def title(request: Request) -> Said:
    """«🩺 Health · request 12»."""
    if request.is_duty:
        return say("{icon} {block} {number}", icon=request.kind.icon, block=request.kind.name, number=request.id)
    return say("{icon} {block} · request {number}", icon=request.kind.icon, block=request.kind.name, number=request.id)


async def _responsible(tx: Transaction, request: Request) -> list[Person]:
    if request.group_id is not None:
        return await groups.leaders_of(tx, request.group_id)
    return await working(tx, request.area_id or 0, request.role)


async def tell_new(tx: Transaction, request: Request, *, but: Person) -> None:
    """Those who can take it hear that it waits; where nobody is left, the county does."""
    head = say("🔔 <b>{title}</b> waits for somebody in {where}.", title=title(request), where=request.where)
    lines = [head]
    if not request.kind.sensitive:
        lines.append(say("“{words}”", words=request.words))
    if request.by_at:
        lines.append(say("By {moment}", moment=Moment(request.by_at)))
    told = [each for each in await _responsible(tx, request) if each.id != but.id]
    for each in told:
        await people.tell(tx, each, _card(request, *lines), lane=Lane.REMINDER)
    if not told:
        await people.tell_admins(tx, _card(request, head), key=f"services:{tx.bot}:{request.id}:{tx.now}", but=but.id)


async def tell_assigned(tx: Transaction, request: Request, person: Person, by: Person) -> None:
    """Who was given it hears so, and so does whoever asked."""
    if person.id != by.id:
        words = say("🤲 {name} has given you: {title}.", name=by.nickname, title=title(request))
        await people.tell(tx, person, _card(request, words), lane=Lane.REMINDER)
    if not request.is_duty:
        words = say("🤲 {name} sees to it: {title}.", name=person.nickname, title=title(request))
        await _tell_asker(tx, request, words)


async def _tell_asker(tx: Transaction, request: Request, *lines: Said) -> None:
    if request.asker_id is not None:
        await people.tell(tx, await people.by_id(tx, request.asker_id), _card(request, *lines))


async def tell_spoken(tx: Transaction, request: Request, words: str, by: Person, *, to: int | None) -> None:
    """A word from one of the two to the other; while nobody has it, it waits on the card."""
    if to is None or to == by.id:
        return
    answer = Button(say("Answer"), press("services.speak", request.id))
    screen = card(
        say("💬 {name} · {title}", name=by.nickname, title=title(request)),
        say("“{words}”", words=words),
        rows=((answer, Button(say("Open"), press("services.one", request.id))),),
    )
    await people.tell(tx, await people.by_id(tx, to), screen)


async def tell_blocked(tx: Transaction, request: Request) -> None:
    """Whoever asked reads why it can't go on."""
    await _tell_asker(
        tx,
        request,
        say("⛔ {title}: {name} can't go on for now.", title=title(request), name=request.handler_name or ""),
        say("💬 {reason}", reason=request.outcome),
    )


async def tell_withdrawn(tx: Transaction, request: Request) -> None:
    """Whoever has it need not see to it any more."""
    if request.handler_id is not None:
        person = await people.by_id(tx, request.handler_id)
        await people.tell(tx, person, _card(request, say("{title} was withdrawn.", title=title(request))))


async def tell_done(tx: Transaction, item: Due, house: House) -> None:
    """It is done: whoever asked reads what was done, and is asked once how it was."""
    request = await asking.by_id(tx, item.number)
    if request.state is not State.DONE or request.asker_id is None:
        return
    asked = (say("Did it help?"),) if not request.is_duty else ()
    rates = tuple(Button(label, press("services.rate", request.id, value)) for value, label in RATINGS)
    screen = card(
        say("✅ {title} is done.", title=title(request)),
        say("“{words}”", words=request.outcome),
        *asked,
        rows=(*((rates,) if asked else ()), (Button(say("Open"), press("services.one", request.id)),)),
    )
    key = f"services.done:{tx.bot}:{request.id}:{request.done_at}"
    await people.tell(tx, await people.by_id(tx, request.asker_id), screen, lane=Lane.REMINDER, key=key)


async def late(tx: Transaction, item: Due, house: House) -> None:
    """Nobody has answered: those who could are reminded, and a day later the county hears of it, without the words."""
    request = await asking.by_id(tx, item.number)
    if not request.is_live or request.replied_at is not None:
        return
    words = say(
        "⏳ <b>{title}</b> has waited for a word since {moment} ({where}).",
        title=title(request),
        moment=Moment(request.made_at),
        where=request.where,
    )
    if item.subject.endswith(":1"):
        await people.tell_admins(tx, _card(request, words), key=f"services.late:{request.id}")
        return
    handler = [await people.by_id(tx, request.handler_id)] if request.handler_id is not None else []
    for each in handler or await _responsible(tx, request):
        await people.tell(tx, each, _card(request, words), lane=Lane.REMINDER)
