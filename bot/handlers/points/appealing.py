"""One entry as it came about, an appeal against it, and the answer of somebody who had no hand in it."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import people, points
from bot.domain.people import Person
from bot.domain.points import Appeal, Entry, Reason
from bot.forms import Form, Question
from bot.handlers.points.statement import entry_line, titles_of, whose_is
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

AWARDS = (Reason.TASK, Reason.EVENT)


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """Choose an entry of one's statement."""
    whose = await whose_is(tx, heard, heard.number())
    shown = await points.entries(tx, whose.id, heard.page(1))
    rows = (
        (
            Button(
                say("Entry {number}: {amount}", number=each.transfer_id, amount=points.signed(each.amount)),
                press("points.entry", each.transfer_id, whose.id),
            ),
        )
        for each in shown.items
    )
    return card(
        say("Which entry?"),
        say("Each says how it came about. Whoever finds one of his own wrong can appeal there."),
        rows=(*rows, *shown.turner("points.entries", whose.id)),
        back=press("points.page", whose.id, heard.page(1)),
    )


async def entry(tx: Transaction, heard: Heard) -> Answer:
    """How one entry came about; for the one whose it is, and for those who read all."""
    whose = await whose_is(tx, heard, heard.number(1)) if len(heard.args) > 1 else heard.me
    return await _entry(tx, heard, await points.entry_of(tx, heard.number(), whose.id), whose)


async def _entry(tx: Transaction, heard: Heard, found: Entry, whose: Person) -> Card:
    appealed = await points.appeal_on(tx, found)
    return card(
        entry_line(found, await titles_of(tx, (found,))),
        *await _came_about(tx, found),
        *(points.state_words(appealed) if appealed else ()),
        rows=_deeds(heard, found, appealed),
        back=press("points.entries", whose.id, 0),
    )


async def _came_about(tx: Transaction, found: Entry) -> tuple[Said, ...]:
    award = await points.award_for(tx, found.person_id, found.event) if found.reason in AWARDS else None
    return (
        *(await points.award_words(tx, award) if award else ()),
        *((say("Made by {name}.", name=await _name(tx, found.actor_id)),) if found.actor_id else ()),
        *((say("Agreed to by {name}.", name=await _name(tx, found.approver_id)),) if found.approver_id else ()),
        *((say("By version {version} of the rules.", version=found.rule),) if found.rule else ()),
    )


async def _name(tx: Transaction, person_id: int) -> str:
    return (await people.by_id(tx, person_id)).nickname


def _deeds(heard: Heard, found: Entry, appealed: Appeal | None) -> tuple[tuple[Button, ...], ...]:
    ruled = (Button(say("These rules"), press("points.rules.whole", found.rule)),) if found.rule else ()
    if heard.me.id == found.person_id:
        return ((*_own(found, appealed), *ruled),)
    judge = appealed is not None and appealed.is_open and heard.me.is_admin and not points.had_a_hand(found, heard.me)
    look = (Button(say("Answer the appeal"), press("points.judge", appealed.id)),) if judge and appealed else ()
    return ((*look, *ruled),)


def _own(found: Entry, appealed: Appeal | None) -> tuple[Button, ...]:
    if appealed is None:
        return (Button(say("This is wrong: appeal"), press("points.appeal", found.transfer_id)),)
    if appealed.is_open:
        return (Button(say("Take the appeal back"), press("points.appeal.withdraw", appealed.id)),)
    return ()


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Ask why an entry is wrong."""
    found = await points.entry_of(tx, heard.number(), heard.me.id)
    return await forms.begin(tx, heard, APPEAL, {"entry": found.transfer_id})


async def _appealed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    made = await points.appeal_against(tx, answers["entry"], answers["why"], by=heard.me)
    return await _own_entry(tx, heard, made)


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Take one's own appeal back."""
    return await _own_entry(tx, heard, await points.withdraw_appeal(tx, heard.number(), by=heard.me))


async def _own_entry(tx: Transaction, heard: Heard, made: Appeal) -> Card:
    return await _entry(tx, heard, await points.entry_of(tx, made.transfer_id, heard.me.id), heard.me)


async def waiting(tx: Transaction, heard: Heard) -> Card:
    """Appeals that wait for an answer."""
    page = await points.open_appeals(tx, heard.page())
    rows = (
        (Button(say("{name}: entry {number}", name=each.name, number=each.transfer_id), _to(each)),)
        for each in page.items
    )
    return card(
        say("⚖ <b>Appeals on points</b>"),
        say("An admin who had no hand in the entry answers each.") if page.items else say("No appeal waits."),
        rows=(*rows, *page.turner("points.appeals")),
        back="admin.panel",
    )


def _to(each: Appeal) -> str:
    return press("points.judge", each.id)


async def judge(tx: Transaction, heard: Heard) -> Answer:
    """One appeal, with what there is to know before it is answered."""
    asked = await points.appeal(tx, heard.number())
    found = await points.entry_of(tx, asked.transfer_id, asked.person_id)
    may = asked.is_open and heard.me.is_admin and not points.had_a_hand(found, heard.me)
    return card(
        *points.appeal_words(asked, found),
        entry_line(found, await titles_of(tx, (found,))),
        *await _came_about(tx, found),
        *points.state_words(asked),
        rows=_answers(asked) if may else (),
        back="points.appeals",
    )


def _answers(asked: Appeal) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(say("Give what is missing"), press("points.judge.more", asked.id)),
            Button(say("Take the entry back"), press("points.judge.back", asked.id)),
        ),
        (Button(say("It stands"), press("points.judge.stands", asked.id)),),
    )


async def more(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many points are missing."""
    return await _ask(tx, heard, MORE)


async def back(tx: Transaction, heard: Heard) -> Answer:
    """Ask why the entry is taken back."""
    return await _ask(tx, heard, BACK)


async def stands(tx: Transaction, heard: Heard) -> Answer:
    """Ask why the entry stands."""
    return await _ask(tx, heard, STANDS)


async def _ask(tx: Transaction, heard: Heard, form: Form) -> Card:
    asked, found = await points.judged_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, form, {"appeal": asked.id, "entry": found.transfer_id, "amount": found.amount})


async def _more(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await points.make_up(tx, answers["appeal"], answers["points"], answers["why"], by=heard.me)
    return await _done(tx, heard)


async def _back(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await points.grant_appeal(tx, answers["appeal"], answers["why"], by=heard.me)
    return await _done(tx, heard)


async def _stands(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await points.refuse_appeal(tx, answers["appeal"], answers["why"], by=heard.me)
    return await _done(tx, heard)


async def _done(tx: Transaction, heard: Heard) -> Answer:
    return (await waiting(tx, heard)).with_toast(say("Answered; whoever appealed is told."))


def _effect(known: Any) -> list[Said]:
    return [
        say(
            "Another entry takes back entry {number}, {amount}; both stay in the statement.",
            number=known["entry"],
            amount=points.signed(known["amount"]),
        )
    ]


WHY = Question(
    "why",
    say("Why"),
    say("Why? Whoever appealed reads it, and it stays on record."),
    forms.short_text(points.WHY_CHARACTERS_MAX),
)
APPEAL = Form(
    "points.appeal",
    say("Appeal against an entry"),
    (
        Question(
            "why",
            say("Why"),
            say("What is wrong with it? An admin who had no hand in it reads this and answers."),
            forms.short_text(points.WHY_CHARACTERS_MAX),
        ),
    ),
    _appealed,
    say("Appeal"),
)
MORE = Form(
    "points.judge.more",
    say("Give what is missing"),
    (
        Question(
            "points",
            say("Points"),
            say("How many points are missing? A whole number."),
            forms.whole_number(1, points.AMOUNT_MAX),
        ),
        WHY,
    ),
    _more,
    say("Give them"),
    Who.ADMIN,
)
BACK = Form(
    "points.judge.back", say("Take the entry back"), (WHY,), _back, say("Take it back"), Who.ADMIN, effect=_effect
)
STANDS = Form("points.judge.stands", say("It stands"), (WHY,), _stands, say("It stands"), Who.ADMIN)
FORMS: tuple[Form, ...] = (APPEAL, MORE, BACK, STANDS)
ROUTES = [
    on_press("points.entries", listed),
    on_press("points.entry", entry, link=True),
    on_press("points.appeal", begin),
    on_press("points.appeal.withdraw", withdraw),
    on_press("points.appeals", waiting, Who.READER),
    on_press("points.judge", judge, Who.READER),
    on_press("points.judge.more", more, Who.ADMIN),
    on_press("points.judge.back", back, Who.ADMIN),
    on_press("points.judge.stands", stands, Who.ADMIN),
]
