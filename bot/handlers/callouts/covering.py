"""Areas: who is there this week, where nobody is, and checking in."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import callouts, services
from bot.domain.callouts import Area, Skill
from bot.forms import Form, Question
from bot.handlers.callouts import living
from bot.locales import BLANK, Moment, Said, Several, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

SKILLS_SHOWN = 12


async def areas(tx: Transaction, heard: Heard) -> Answer:
    """The county's areas: how many people are there for each needed skill, and where there is a hole."""
    return await _areas(tx, heard, heard.page())


async def _areas(tx: Transaction, heard: Heard, number: int = 0) -> Card:
    page = await callouts.areas(tx, number)
    needed = [each for each in await callouts.skills(tx) if each.needed]
    table = await callouts.table(tx, [each.id for each in page.items])
    holes = await callouts.holes(tx)
    rows = [(Button(_label(each, needed, table), press("callouts.area", each.id)),) for each in page.items]
    admin = (
        (Button(say("＋ New area"), "callouts.newarea"), Button(say("Skills"), "callouts.skills"))
        if heard.me.is_admin
        else ()
    )
    return card(
        say("🗺 <b>Areas</b>"),
        page.place() if page.items else say("No area is on the list yet. County admins put them there."),
        *(_line(each, needed, table) for each in page.items),
        *(
            (say_n("🕳 {n} hole in the county this week", "🕳 {n} holes in the county this week", len(holes)),)
            if holes
            else ()
        ),
        rows=(*rows, *page.turner("callouts.areas"), admin),
        back="callouts.home",
    )


def _label(area: Area, needed: list[Skill], table: dict[tuple[int, int], int]) -> Said:
    hole = any(not table.get((area.id, each.id)) for each in needed)
    return say("{mark} {area}", mark="🕳" if hole else "✓", area=area.name)


def _line(area: Area, needed: list[Skill], table: dict[tuple[int, int], int]) -> Said:
    """«Old town: First aid 2, Boat –»."""
    parts = [say("{skill} {n}", skill=each.label, n=table.get((area.id, each.id)) or "–") for each in needed]
    return (
        say("• {area}: {skills}", area=area.name, skills=Several(tuple(parts)))
        if parts
        else say("• {area}", area=area.name)
    )


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One area."""
    return await _area(tx, heard, await callouts.area(tx, heard.number()))


async def _area(tx: Transaction, heard: Heard, area: Area) -> Card:
    table = await callouts.table(tx, [area.id])
    mine = await callouts.covered_by_me(tx, area.id, heard.me.id)
    counted = [each for each in await callouts.skills(tx) if each.needed or (area.id, each.id) in table]
    me = (
        Button(say("I am not there"), press("callouts.leavearea", area.id))
        if mine
        else Button(say("I am there this week"), press("callouts.checkin", area.id, 0))
    )
    rows = (
        (me, await living.home(tx, heard, area)),
        (
            Button(say("Who is there now?"), press("callouts.covers", area.id, 0)),
            Button(say("🧩 Who works here"), press("services.workers", area.id)),
        ),
        *await living.rows(tx, heard, area),
        (Button(say("Take it off the list"), press("callouts.noarea", area.id), style="danger"),)
        if heard.me.is_admin
        else (),
    )
    return card(
        say("🗺 <b>{area}</b> this week", area=area.name),
        *await living.lines(tx, area),
        *(_brigade(row["name"], row["until"]) for row in await callouts.brigades_in(tx, area.id)),
        *((say("You are there for it."),) if mine else ()),
        *(_count(each, table.get((area.id, each.id), 0)) for each in counted),
        rows=rows,
        back="callouts.areas:0",
    )


def _brigade(name: str, until: int) -> Said:
    return say("🚨 {brigade} until {moment}", brigade=name, moment=Moment(until))


def _count(skill: Skill, n: int) -> Said:
    return say("• {skill}: {n}", skill=skill.label, n=n) if n else say("🕳 {skill}: nobody", skill=skill.label)


async def covers(tx: Transaction, heard: Heard) -> Answer:
    """Who is there for an area now, with a skill or with any."""
    area = await callouts.area(tx, heard.number())
    skill_id = heard.number(1)
    wanted = (await callouts.skill(tx, skill_id)).label if skill_id else say("whatever they can do")
    page = await callouts.covers(tx, area.id, skill_id, heard.page(2))
    works = await services.works_for(tx, area.id, heard.me)
    named = works or await callouts.may_see_covers(tx, area.id, heard.me)
    lines = [
        say("{mark} {name} #{number}", mark="🟢" if ready else "·", name=each.nickname, number=each.id)
        for each, ready in page.items
    ]
    skills = [
        Button(each.label, press("callouts.covers", area.id, each.id))
        for each in (await callouts.skills(tx))[:SKILLS_SHOWN]
    ]
    return card(
        say("🗺 <b>{area}</b> now: {skill}", area=area.name, skill=wanted),
        say_n("{n} person is there", "{n} people are there", page.total or 0)
        if page.total
        else say("🕳 Nobody is there."),
        *((*lines, BLANK, say("🟢 on standby")) if named and lines else ()),
        *(
            ()
            if named
            else (say("Names are shown to those who work for the area, brigade leaders, county admins and auditors."),)
        ),
        rows=(
            *(tuple(skills[at : at + 3]) for at in range(0, len(skills), 3)),
            *(page.turner("callouts.covers", area.id, skill_id) if named else ()),
        ),
        back=press("callouts.area", area.id),
    )


async def check_in(tx: Transaction, heard: Heard) -> Answer:
    """Be there this week, alone or with a brigade."""
    brigade_id = heard.number(1)
    new = brigade_id and not await callouts.brigade_there(tx, heard.number(), brigade_id)
    area = await callouts.check_in(tx, heard.number(), brigade_id, by=heard.me)
    if new:
        await services.tell_of_brigade(tx, area, await callouts.brigade(tx, brigade_id), by=heard.me)
    return (await _area(tx, heard, area)).with_toast(say("Noted until the week is over."))


async def check_out(tx: Transaction, heard: Heard) -> Answer:
    """Not be there any more."""
    brigade_id = heard.number(1) if len(heard.args) > 1 else 0
    area = await callouts.check_out(tx, heard.number(), brigade_id, by=heard.me)
    return (await _area(tx, heard, area)).with_toast(say("Noted."))


async def new_area(tx: Transaction, heard: Heard) -> Answer:
    """Ask what it is called."""
    return await forms.begin(tx, heard, AREA)


async def _added(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await callouts.add_area(tx, answers["name"], by=heard.me)
    return await _areas(tx, heard)


async def ask_no_area(tx: Transaction, heard: Heard) -> Answer:
    """Ask before an area is off the list."""
    area = await callouts.area(tx, heard.number())
    return card(
        say("Take “{area}” off the list?", area=area.name),
        say("Who lives there, its teams, and who has checked in are forgotten with it, for good."),
        rows=((Button(say("Yes, take it off"), press("callouts.noarea.yes", area.id), style="danger"),),),
        back=press("callouts.area", area.id),
    )


async def no_area(tx: Transaction, heard: Heard) -> Answer:
    """Take it off the list."""
    area = await callouts.remove_area(tx, heard.number(), by=heard.me)
    return (await _areas(tx, heard)).with_toast(say("{area} was taken off the list.", area=area.name))


AREA = Form(
    "callouts.area",
    say("A new area"),
    (Question("name", say("Name"), say("What is it called?"), callouts.name),),
    _added,
    say("Save"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (AREA,)
ROUTES = [
    on_press("callouts.areas", areas),
    on_press("callouts.area", one),
    on_press("callouts.covers", covers),
    on_press("callouts.checkin", check_in),
    on_press("callouts.leavearea", check_out),
    on_press("callouts.newarea", new_area, Who.ADMIN),
    on_press("callouts.noarea", ask_no_area, Who.ADMIN),
    on_press("callouts.noarea.yes", no_area, Who.ADMIN),
]
