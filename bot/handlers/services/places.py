"""Service points for leaders; who works for an area and what they are given to do, for admins."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, callouts, groups, people, services
from bot.domain.activities import Activity, Kind
from bot.domain.callouts import Area
from bot.domain.groups import Group
from bot.domain.projects import reading
from bot.domain.services import BLOCKS, DUTIES, ROLE_NAMES, Role
from bot.forms import Form, Question
from bot.handlers.services.asking import words
from bot.handlers.services.showing import screen
from bot.locales import Moment, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
DUTIES_SHOWN = 2


# Service points


async def point(tx: Transaction, heard: Heard) -> Answer:
    """In what a group helps."""
    return await _point(tx, await groups.led_by(tx, heard.number(), heard.me))


async def _point(tx: Transaction, group: Group) -> Card:
    helps = await services.blocks_of(tx, group.id)
    buttons = [
        Button(
            say("{mark} {block}", mark="✓" if each.key in helps else "·", block=each.name),
            press("services.offer", group.id, each.key),
        )
        for each in BLOCKS.values()
    ]
    return card(
        say("🤝 <b>{group}</b>: service point", group=group.name),
        say("Tap in what your people help. Residents find you there; what they ask for waits for the group's leaders."),
        say_n("{n} kind of help", "{n} kinds of help", len(helps)) if helps else say("It helps in nothing yet."),
        say("🦺 Whoever is on duty here gets hours as for any duty: publish one, and check people in."),
        rows=(
            *(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)),
            *(_duty_row(each) for each in await activities.duties_of(tx, group.id, DUTIES_SHOWN)),
            (
                Button(say("To do"), press("services.list", "todo")),
                Button(say("＋ Duty here"), press("activities.newfor", Kind.DUTY, group.id)),
            ),
        ),
        back=press("groups.lead", group.id),
    )


def _duty_row(duty: Activity) -> tuple[Button, ...]:
    label = say("🦺 {moment} · {title}", moment=Moment(duty.starts_at), title=duty.title)
    return (Button(label, press("activities.open", duty.id)),)


async def offer(tx: Transaction, heard: Heard) -> Answer:
    """Help in something, or no more."""
    block = heard.args[1] if len(heard.args) > 1 else ""
    return await _point(tx, await services.toggle_block(tx, heard.number(), block, by=heard.me))


# Workers of an area


async def workers(tx: Transaction, heard: Heard) -> Answer:
    """Who works for an area: anybody sees it, admins change it."""
    return await _workers(tx, heard, await callouts.area(tx, heard.number()), heard.page(1))


async def _workers(tx: Transaction, heard: Heard, area: Area, number: int = 0, *undo: Button) -> Card:
    page = await services.workers(tx, area.id, number)
    lines = [say("• {name} · {role}", name=each.nickname, role=ROLE_NAMES[each.role]) for each in page.items]
    rows: list[tuple[Button, ...]] = []
    if heard.me.is_admin:
        rows += [
            (
                Button(
                    say("✕ {name} · {role}", name=each.nickname, role=ROLE_NAMES[each.role]),
                    press("services.dismiss", area.id, each.person_id, each.role),
                ),
            )
            for each in page.items
        ]
        adds = [
            Button(say("＋ {role}", role=name), press("services.add", area.id, role))
            for role, name in ROLE_NAMES.items()
        ]
        duty_button = Button(say("Give them a duty"), press("services.duty", area.id))
        rows += [tuple(adds[:2]), tuple(adds[2:]), (*undo, duty_button)]
    elif any(each.person_id == heard.me.id for each in page.items):
        rows.append((Button(say("To do"), press("services.list", "todo")),))
    return card(
        say("🧩 <b>{area}</b>: who works here", area=area.name),
        *(lines or [say("Nobody yet. County admins name the liaison and those who are given duties.")]),
        rows=(*rows, *page.turner("services.workers", area.id)),
        back=press("callouts.area", area.id),
    )


def _role(heard: Heard, place: int) -> Role:
    found = heard.args[place] if place < len(heard.args) else ""
    if found not in ROLE_NAMES:
        raise stale()
    return Role(found)


async def add(tx: Transaction, heard: Heard) -> Answer:
    """Choose somebody who lives there, or write a name."""
    people.only_admins(heard.me)
    area, role = await callouts.area(tx, heard.number()), _role(heard, 1)
    page = await services.candidates(tx, area.id, role, heard.page(2))
    rows = [
        (Button(say("{person}", person=each.nickname), press("services.added", area.id, role, each.id)),)
        for each in page.items
    ]
    return card(
        say("<b>{area}</b>: who shall be {role}?", area=area.name, role=ROLE_NAMES[role]),
        say("Those who say that they live there:") if rows else say("Nobody has said yet that he lives there."),
        rows=(
            *rows,
            *page.turner("services.add", area.id, role),
            (Button(say("Write a name"), press("services.name", area.id, role)),),
        ),
        back=press("services.workers", area.id),
    )


async def added(tx: Transaction, heard: Heard) -> Answer:
    """Let whoever was chosen work there."""
    area = await services.appoint(tx, heard.number(), heard.number(2), _role(heard, 1), by=heard.me)
    return (await _workers(tx, heard, area)).with_toast(say("Done; he or she is told."))


async def name(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a name."""
    area = await callouts.area(tx, heard.number())
    return await forms.begin(tx, heard, NAME, {"area": area.id, "role": _role(heard, 1)})


async def _named(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await people.named(tx, answers["name"])
    if not found:
        raise Refused(
            say("Nobody here is called {name}. Nothing was saved.", name=answers["name"]),
            WayOut(say("Who works here"), press("services.workers", answers["area"])),
        )
    if len(found) > 1:
        area_id, role = answers["area"], answers["role"]
        return people.which_of(
            found,
            lambda number: press("services.added", area_id, role, number),
            back=press("services.workers", area_id),
        )
    area = await services.appoint(tx, answers["area"], found[0].id, Role(answers["role"]), by=heard.me)
    return (await _workers(tx, heard, area)).with_toast(say("Done; he or she is told."))


async def dismiss(tx: Transaction, heard: Heard) -> Answer:
    """Let somebody work there no more; one tap brings him back."""
    person_id, role = heard.number(1), _role(heard, 2)
    area = await services.dismiss(tx, heard.number(), person_id, role, by=heard.me)
    return await _workers(tx, heard, area, 0, Button(say("Undo"), press("services.added", area.id, role, person_id)))


# Duties


async def duty(tx: Transaction, heard: Heard) -> Answer:
    """Choose which workers are given something to do."""
    area = await callouts.area(tx, heard.number())
    rows = [
        (Button(say("{icon} {block}", icon=each.icon, block=each.name), press("services.newduty", area.id, key)),)
        for key, each in DUTIES.items()
    ]
    return card(
        say("<b>{area}</b>: what kind of duty?", area=area.name),
        say("Grid: visits, registers, reports. Information: what people ask and say. Publicity: notices, talks."),
        rows=tuple(rows),
        back=press("services.workers", area.id),
    )


async def new_duty(tx: Transaction, heard: Heard) -> Answer:
    """Ask what is to be done."""
    area = await callouts.area(tx, heard.number())
    return await forms.begin(tx, heard, DUTY, {"area": area.id, "role": _role(heard, 1), "name": area.name})


async def _given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    request = await services.give_duty(
        tx, answers["area"], Role(answers["role"]), answers["words"], answers.get("by_at"), by=heard.me
    )
    return (await screen(tx, heard, request)).with_toast(say("Given; those who can take it are told."))


NAME = Form(
    "services.name",
    say("Who works here"),
    (
        Question(
            "name",
            say("Name"),
            say("What is the name, or the number with # before it?"),
            lambda typed, tx: people.clean_name(typed),
        ),
    ),
    _named,
    say("Name"),
    Who.ADMIN,
)
DUTY = Form(
    "services.duty",
    say("A duty"),
    (
        Question("words", say("What"), say("What is to be done? One duty at a time."), words),
        Question(
            "by_at",
            say("By when"),
            say("By when? Write a day, such as “next Sat” or “30 November”."),
            reading.by_day,
            show=forms.as_moment,
            optional=True,
        ),
    ),
    _given,
    say("Give it"),
    Who.ADMIN,
    effect=lambda known: (say("To the workers of {name}.", name=known["name"]),),
)
FORMS: tuple[Form, ...] = (NAME, DUTY)
ROUTES = [
    on_press("services.point", point, LEADERS),
    on_press("services.offer", offer, LEADERS),
    on_press("services.workers", workers),
    on_press("services.add", add, Who.ADMIN),
    on_press("services.added", added, Who.ADMIN),
    on_press("services.name", name, Who.ADMIN),
    on_press("services.dismiss", dismiss, Who.ADMIN),
    on_press("services.duty", duty, Who.ADMIN),
    on_press("services.newduty", new_duty, Who.ADMIN),
]
