"""What is public before it counts, and objecting to it."""

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import hours, people
from bot.domain.hours import length, masked
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

WORDS_CHARACTERS_MAX = 300
STATES = {
    "open": say("Public until {moment}. Who knows better can object."),
    "done": say("✅ The notice is over, and it has come."),
    "refused": say("✖️ An objection was right: it does not come."),
    "withdrawn": say("The notice ended early: the hours are not there any more."),
}


def _face(shown: hours.Notice) -> Said:
    name = shown.nickname if shown.kind == "star" else masked(shown.nickname)
    return say("{name}: {what}, {length}", name=name, what=shown.what, length=length(shown.minutes))


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """What is public just now."""
    page = await hours.public_notices(tx, heard.page())
    rows = tuple((Button(_face(each), press("hours.notice", each.id)),) for each in page.items)
    lines = (
        (say("Open one to see more, or to object."), page.place())
        if rows
        else (say("Nothing is public just now. Stars and certificates stand here before they come."),)
    )
    return card(say("📢 <b>Public notices</b>"), *lines, rows=(*rows, *page.turner("hours.notices")), back="hours.mine")


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One notice."""
    return await _screen(tx, await hours.notice(tx, heard.number()), heard.me)


async def _screen(tx: Transaction, shown: hours.Notice, me: Person) -> Card:
    state = STATES[shown.state]
    rows: list[tuple[Button, ...]] = []
    lines = [
        say("📢 <b>Public notice</b>"),
        _face(shown),
        Said(state.text, {"moment": Moment(shown.until)}),
    ]
    objections = await hours.objections_to(tx, shown.id)
    own = next((each for each in objections if each.person_id == me.id), None)
    if own is not None and not me.reads_all:
        lines.append(say("You have objected: “{words}”. {answer}", words=own.words, answer=_answer(own)))
    if shown.is_open and me.id != shown.person_id and own is None:
        rows.append((Button(say("Object"), press("hours.object", shown.id)),))
    if me.reads_all:
        more, deeds = await _objections(tx, shown, objections, me)
        lines += more
        rows += deeds
    return card(*lines, rows=tuple(rows[:6]), back="hours.notices")


def _answer(objection: hours.Objection) -> Said:
    if objection.upheld is None:
        return say("No answer yet.")
    return say("✅ It was right.") if objection.upheld else say("✖️ It was not right.")


async def _objections(
    tx: Transaction, shown: hours.Notice, objections: list[hours.Objection], me: Person
) -> tuple[list[Said], list[tuple[Button, ...]]]:
    """What admins and auditors see of them, and the answer that admins may give."""
    lines: list[Said] = []
    rows: list[tuple[Button, ...]] = []
    for each in objections:
        name = (await people.by_id(tx, each.person_id)).nickname
        lines.append(say("❗ {name}: “{words}” {answer}", name=name, words=each.words, answer=_answer(each)))
        if each.upheld is None and me.is_admin and me.id not in (each.person_id, shown.person_id):
            right = Button(say("{name} is right", name=name), press("hours.upheld", shown.id, each.person_id, 1))
            wrong = Button(say("{name} is not right", name=name), press("hours.upheld", shown.id, each.person_id, 0))
            rows.append((right, wrong))
    return lines, rows


async def object_to(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason."""
    shown = await hours.notice(tx, heard.number())
    return await forms.begin(tx, heard, OBJECTING, {"notice": shown.id})


async def _objected(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    shown = await hours.object_to_notice(tx, int(answers["notice"]), answers["words"], by=heard.me)
    screen = await _screen(tx, shown, heard.me)
    return screen.with_toast(say("Thank you. A county admin answers; until then it does not come."))


async def upheld(tx: Transaction, heard: Heard) -> Answer:
    """Answer an objection."""
    shown = await hours.answer_objection(
        tx,
        heard.number(),
        heard.number(1),
        upheld=heard.number(2) == 1,
        by=heard.me,
        rules=heard.house.settings.hours,
    )
    return (await _screen(tx, shown, heard.me)).with_toast(say("Answered; both sides are told."))


OBJECTING = Form(
    "hours.object",
    say("Object to a public notice"),
    (
        Question(
            "words",
            say("Reason"),
            say("What do you know? County admins read it; the person does not see your name."),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _objected,
    say("Object"),
)
FORMS: tuple[Form, ...] = (OBJECTING,)
ROUTES = [
    on_press("hours.notices", listing, link=True),
    on_press("hours.notice", opened, link=True),
    on_press("hours.object", object_to),
    on_press("hours.upheld", upheld, Who.ADMIN),
]
