"""My readiness: standing by, what I can do, whether others may ask me; and the county's list of skills."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import callouts
from bot.forms import Form, Question
from bot.locales import Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

STANDBY_HOURS = (8, 24, 72)
SKILLS_A_ROW = 2
SKILLS_A_PAGE = 12


async def ready(tx: Transaction, heard: Heard) -> Answer:
    """Stand by for call-outs, and say what you can do"""
    callouts.check_age(heard.me)
    return await _screen(tx, heard)


async def _screen(tx: Transaction, heard: Heard) -> Card:
    mine = await callouts.standing(tx, heard.me.id)
    lines = [say("🦺 <b>My readiness</b>")]
    if mine.standby_until > tx.now:
        lines.append(say("🟢 On standby until {moment}", moment=Moment(mine.standby_until)))
    else:
        lines.append(say("⚪ Not on standby"))
    if mine.rest_until > tx.now:
        lines.append(say("😴 After long service you are not asked before {moment}.", moment=Moment(mine.rest_until)))
    if mine.words:
        lines.append(say("“{words}”", words=mine.words))
    rows = [
        tuple(Button(say("{n} h", n=hours), press("callouts.standby", hours)) for hours in STANDBY_HOURS),
        (Button(say("Until …"), "callouts.until"), Button(say("Not on standby"), "callouts.standby:0")),
        (
            Button(say("My skills · {n}", n=len(mine.skills)), "callouts.can"),
            Button(say("In my own words"), "callouts.words"),
        ),
        (Button(_ticked(mine.willing, say("Other brigades may ask me")), "callouts.willing"),),
        (Button(say("Areas"), "callouts.areas:0"), Button(say("Brigades"), "callouts.home")),
    ]
    return card(
        *lines, say("For how long do you stand by?"), callouts.AT_ANY_HOUR, rows=tuple(rows), back="callouts.home"
    )


def _ticked(is_on: bool, label: Said) -> Said:
    return say("☑ {label}", label=label) if is_on else say("☐ {label}", label=label)


async def standby(tx: Transaction, heard: Heard) -> Answer:
    """Stand by for so many hours, or not any more."""
    hours = heard.number()
    if hours not in (0, *STANDBY_HOURS):
        raise stale()
    await callouts.stand_by(tx, tx.now + hours * 3600 if hours else 0, by=heard.me)
    return await _screen(tx, heard)


async def until(tx: Transaction, heard: Heard) -> Answer:
    """Ask until when."""
    return await forms.begin(tx, heard, UNTIL)


async def _until_given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await callouts.stand_by(tx, int(answers["until"]), by=heard.me)
    return await _screen(tx, heard)


async def willing(tx: Transaction, heard: Heard) -> Answer:
    """Be asked by other brigades, or not."""
    await callouts.toggle_willing(tx, by=heard.me)
    return await _screen(tx, heard)


async def can(tx: Transaction, heard: Heard) -> Answer:
    """Tick what I can do."""
    return await _skills(tx, heard, heard.page())


def _in_rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + SKILLS_A_ROW]) for start in range(0, len(buttons), SKILLS_A_ROW))


async def _skills(tx: Transaction, heard: Heard, number: int) -> Card:
    mine = await callouts.standing(tx, heard.me.id)
    page = page_in(await callouts.skills(tx), number, SKILLS_A_PAGE)
    buttons = [
        Button(_ticked(each.id in mine.skills, each.label), press("callouts.tick", each.id, number))
        for each in page.items
    ]
    return card(
        say("🛠 <b>What can you do?</b>"),
        say("A tap ticks it, another one takes the tick away."),
        rows=(*_in_rows(buttons), *page.turner("callouts.can")),
        back="callouts.ready",
    )


async def tick(tx: Transaction, heard: Heard) -> Answer:
    """Tick a skill, or take the tick away."""
    await callouts.toggle_skill(tx, heard.number(), by=heard.me)
    return await _skills(tx, heard, heard.page(1))


async def words(tx: Transaction, heard: Heard) -> Answer:
    """Ask what else I can do."""
    return await forms.begin(tx, heard, WORDS)


async def _written(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await callouts.write_words(tx, answers["words"], by=heard.me)
    return await _screen(tx, heard)


# The county's list


async def skills(tx: Transaction, heard: Heard) -> Answer:
    """The skills that people are called out for."""
    return await _list(tx, heard.page())


async def _list(tx: Transaction, number: int = 0) -> Card:
    page = page_in(await callouts.skills(tx), number, SKILLS_A_PAGE)
    buttons = [Button(_ticked(bool(each.needed), each.label), press("callouts.skill", each.id)) for each in page.items]
    return card(
        say("🛠 <b>Skills</b>"),
        say("A tick: each area needs somebody with it."),
        rows=(
            *_in_rows(buttons),
            *page.turner("callouts.skills"),
            (Button(say("＋ Another skill"), "callouts.newskill"),),
        ),
        back="callouts.areas:0",
    )


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One skill of the list."""
    found = await callouts.skill(tx, heard.number())
    if found.removed_at is not None:
        return await _list(tx)
    return card(
        say("🛠 <b>{skill}</b>", skill=found.label),
        rows=(
            (Button(_ticked(bool(found.needed), say("Each area needs it")), press("callouts.needed", found.id)),),
            (Button(say("Take it off the list"), press("callouts.noskill", found.id), style="danger"),),
        ),
        back="callouts.skills",
    )


async def needed(tx: Transaction, heard: Heard) -> Answer:
    """Each area needs it, or need not have it."""
    await callouts.toggle_needed(tx, heard.number(), by=heard.me)
    return await one(tx, heard)


async def ask_no_skill(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a skill is off the list."""
    found = await callouts.skill(tx, heard.number())
    return card(
        say("Take “{skill}” off the list?", skill=found.label),
        say_n(
            "{n} person has it ticked; that is forgotten with it, for good.",
            "{n} people have it ticked; that is forgotten with it, for good.",
            await callouts.skilled_number(tx, found.id),
        ),
        rows=((Button(say("Yes, take it off"), press("callouts.noskill.yes", found.id), style="danger"),),),
        back=press("callouts.skill", found.id),
    )


async def no_skill(tx: Transaction, heard: Heard) -> Answer:
    """Take it off the list."""
    await callouts.remove_skill(tx, heard.number(), by=heard.me)
    return (await _list(tx)).with_toast(say("Taken off; nobody is called for it any more."))


async def new_skill(tx: Transaction, heard: Heard) -> Answer:
    """Ask what it is called."""
    return await forms.begin(tx, heard, SKILL)


async def _added(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await callouts.add_skill(tx, answers["name"], by=heard.me)
    return await _list(tx)


UNTIL = Form(
    "callouts.until",
    say("On standby"),
    (
        Question(
            "until",
            say("On standby until"),
            say("Until when do you stand by? For instance “tomorrow 8:00”."),
            callouts.standby_end,
            show=forms.as_moment,
        ),
    ),
    _until_given,
    say("Save"),
)
WORDS = Form(
    "callouts.words",
    say("In my own words"),
    (
        Question(
            "words",
            say("Your words"),
            say("What else can you do, or what do you have: a chainsaw, a van?"),
            callouts.words,
        ),
    ),
    _written,
    say("Save"),
)
SKILL = Form(
    "callouts.newskill",
    say("Another skill"),
    (Question("name", say("Name"), say("What is it called?"), callouts.name),),
    _added,
    say("Save"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (UNTIL, WORDS, SKILL)
ROUTES = [
    command("standby", ready, also=("待命",)),
    on_press("callouts.ready", ready, link=True),
    on_press("callouts.standby", standby),
    on_press("callouts.until", until),
    on_press("callouts.willing", willing),
    on_press("callouts.can", can),
    on_press("callouts.tick", tick),
    on_press("callouts.words", words),
    on_press("callouts.skills", skills, Who.ADMIN),
    on_press("callouts.skill", one, Who.ADMIN),
    on_press("callouts.needed", needed, Who.ADMIN),
    on_press("callouts.noskill", ask_no_skill, Who.ADMIN),
    on_press("callouts.noskill.yes", no_skill, Who.ADMIN),
    on_press("callouts.newskill", new_skill, Who.ADMIN),
]
