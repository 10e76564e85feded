"""Not having felt safe: told to the county's admins at once, and to nobody else."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, feedback, people
from bot.domain.feedback import WORDS_CHARACTERS_MAX, Worry
from bot.forms import Form, Question
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def unsafe(tx: Transaction, heard: Heard) -> Answer:
    """Who hears of it, before anything is told."""
    activity = await feedback.of_mine(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, UNSAFE, {"activity": activity.id})


async def _told(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await feedback.worry(tx, int(answers["activity"]), answers["words"], by=heard.me)
    return card(
        say("🛟 The county's admins have it. I tell you who of them takes care of it; that one will ask you."),
        say("The leaders hear nothing of it from me. If you are in danger now, call 110."),
    )


async def worries(tx: Transaction, heard: Heard) -> Answer:
    """What people told who did not feel safe."""
    page = await feedback.worries(tx, heard.page())
    if not page.items:
        return card(say("🛟 <b>Reports</b>"), say("Nothing waits here. That is good."), back="admin.panel")
    rows = []
    for each in page.items:
        title = (await activities.by_id(tx, each.activity_id)).title
        mark = "🔴" if each.taken_by is None else "🟡"
        rows.append((Button(say("{mark} {title}", mark=mark, title=title), press("feedback.worry", each.id)),))
    return card(
        say("🛟 <b>Reports</b> of people who did not feel safe"),
        say("🔴 waits, 🟡 somebody takes care of it."),
        page.place(),
        rows=(*rows, *page.turner("feedback.worries")),
        back="admin.panel",
    )


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One report."""
    return await _screen(tx, await feedback.worry_of(tx, heard.number()), heard)


async def _screen(tx: Transaction, found: Worry, heard: Heard) -> Card:
    activity = await activities.by_id(tx, found.activity_id)
    whose = await people.by_id(tx, found.person_id)
    return card(
        say(
            "🛟 “{title}”, told by {name} on {moment}",
            title=activity.title,
            name=whose.nickname,
            moment=Moment(found.at),
        ),
        say("“{words}”", words=found.words) if found.words else say("What was written has been forgotten on request."),
        await _stands(tx, found),
        rows=tuple((button,) for button in _deeds(found, heard)),
        back="feedback.worries",
    )


async def _stands(tx: Transaction, found: Worry) -> Said:
    if found.taken_by is None:
        return say("🔴 Nobody takes care of it yet.")
    name = (await people.by_id(tx, found.taken_by)).nickname
    if found.settled_at is None:
        return say("🟡 {name} takes care of it.", name=name)
    return say("✅ {name} took care of it; closed on {moment}.", name=name, moment=Moment(found.settled_at))


def _deeds(found: Worry, heard: Heard) -> tuple[Button, ...]:
    if found.taken_by is None:
        return (Button(say("I take care of it"), press("feedback.take", found.id), style="primary"),)
    if found.settled_at is None and found.taken_by == heard.me.id:
        return (Button(say("It has been taken care of"), press("feedback.settle", found.id)),)
    return ()


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Take care of it."""
    found = await feedback.take(tx, heard.number(), by=heard.me)
    shown = await _screen(tx, found, heard)
    return shown.with_toast(say("It is yours; the person was told."))


async def settle(tx: Transaction, heard: Heard) -> Answer:
    """It has been taken care of."""
    found = await feedback.settle(tx, heard.number(), by=heard.me)
    return (await _screen(tx, found, heard)).with_toast(say("Closed."))


UNSAFE = Form(
    "feedback.unsafe",
    say("I did not feel safe"),
    (
        Question(
            "words",
            say("What happened"),
            say(
                "What happened? A few words are enough. The county's admins hear of it at once, with your name, so that "
                "one of them can ask you. The leaders don't. If you are in danger now, call 110."
            ),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _told,
    say("Tell the county"),
)
FORMS: tuple[Form, ...] = (UNSAFE,)
ROUTES = [
    on_press("feedback.unsafe", unsafe),
    on_press("feedback.worries", worries, Who.ADMIN),
    on_press("feedback.worry", opened, Who.ADMIN),
    on_press("feedback.take", take, Who.ADMIN),
    on_press("feedback.settle", settle, Who.ADMIN),
]
