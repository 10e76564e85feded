"""/revoke: who loses which role, with exact words before it counts."""

from typing import Any

from bot import forms
from bot.cards import ROWS_PER_PAGE, Button, Card, card, press
from bot.domain import groups, people, reports
from bot.domain.activities import ageing
from bot.domain.activities.places import short
from bot.domain.groups import Group
from bot.domain.people import Person, Role
from bot.domain.reports import Holder
from bot.forms import Form
from bot.handlers.admin.granting import COUNTY_ROLES, GIVERS, LEADER_WORDS, WHOM, is_called, read_words, what_changes
from bot.handlers.admin.panel import ROLE_NAMES
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction


async def revoke(tx: Transaction, heard: Heard) -> Answer:
    """Take a role back: /revoke admin #12, /revoke leader GROUP NAME"""
    if not heard.words:
        return await _holders(tx, heard, heard.page())
    if heard.words.partition(" ")[0].lower() not in (*COUNTY_ROLES, *LEADER_WORDS):
        return await _called(tx, heard, heard.words)
    role, group, person_words = await read_words(tx, heard, "admin.leader")
    if group:
        await groups.led_by(tx, group.id, heard.me)
    held = (
        [Holder(person, group.id, group.name) for person in await groups.leaders_of(tx, group.id)]
        if group
        else [Holder(person) for person in await people.with_role(tx, Role(role))]
    )
    fitting = [holder for holder in held if is_called(holder.person, person_words)] if person_words else held
    return await _take_one_of(tx, fitting, person_words)


async def _led(tx: Transaction, me: Person) -> list[int] | None:
    """The groups whose leaders I can dismiss; None: all, and the county's roles besides."""
    return None if me.is_admin else [group.id for group in await groups.led_groups(tx, me)]


async def _holders(tx: Transaction, heard: Heard, number: int) -> Card:
    """Who has a role that I can take back, as buttons."""
    page = await reports.holders_page(tx, number, await _led(tx, heard.me))
    if not page.items:
        raise Refused(say("There is no role that you could take back. Nothing was changed."))
    search = ((Button(say("🔍 Search"), "admin.revoke.search"),),) if len(page.items) < (page.total or 0) else ()
    return card(
        say("<b>Take a role back</b> · {place}", place=page.place()),
        say("Whose? With a group stands who leads it."),
        rows=(*(_holder_row(holder) for holder in page.items), *page.jumps("admin.revoke"), *search),
        back="admin.roles",
    )


async def _called(tx: Transaction, heard: Heard, name: str) -> Card:
    return await _take_one_of(tx, await reports.holders_called(tx, name, await _led(tx, heard.me)), name)


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask by which name to look."""
    return await forms.begin(tx, heard, FIND)


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Card:
    return await _called(tx, heard, answers["name"])


async def _take_one_of(tx: Transaction, held: list[Holder], typed: str) -> Card:
    if not held:
        raise Refused(
            say("{name} holds no such role that you could take back. Nothing was changed.", name=typed),
            WayOut(say("Take a role back"), "admin.revoke"),
        )
    if len(held) == 1:
        return await _ask_back(tx, held[0])
    more = say("There are more: with the group it is exact, /revoke leader GROUP NAME.")
    return card(
        say("Which one?"),
        *((more,) if len(held) > ROWS_PER_PAGE else ()),
        rows=tuple(_holder_row(holder) for holder in held[:ROWS_PER_PAGE]),
        back="admin.revoke",
    )


def _holder_row(holder: Holder) -> tuple[Button, ...]:
    person = holder.person
    role = say("{group}", group=short(holder.group)) if holder.group_id else ROLE_NAMES[person.role]
    data = press("admin.take", person.id, holder.group_id or 0)
    return (Button(say("{name} #{number} · {role}", name=person.nickname, number=person.id, role=role), data),)


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Say exactly what will be lost, and ask."""
    person, group = await _taken(tx, heard)
    return await _ask_back(tx, Holder(person, group.id if group else None, group.name if group else ""))


async def _taken(tx: Transaction, heard: Heard) -> tuple[Person, Group | None]:
    if heard.number(1):
        group = await groups.led_by(tx, heard.number(1), heard.me)
        return await groups.one_of(tx, group, heard.number(), heard.me), group
    people.only_admins(heard.me)
    return await people.by_id(tx, heard.number()), None


async def _ask_back(tx: Transaction, holder: Holder) -> Card:
    person = holder.person
    if not holder.group_id:
        people.check_change(Role.MEMBER, person, await people.admins_held(tx))
    loss = (
        say("No longer leads <b>{group}</b>; stays a member of it.", group=holder.group)
        if holder.group_id
        else what_changes(Role.MEMBER, None, person)
    )
    return card(
        say("<b>{name}</b> #{number}", name=person.nickname, number=person.id),
        loss,
        say("{name} is told at once, and it is written into the audit log.", name=person.nickname),
        rows=(
            (
                Button(say("Yes, take it back"), press("admin.taken", person.id, holder.group_id or 0), style="danger"),
                Button(say("Cancel"), "admin.revoke"),
            ),
        ),
        home=False,
    )


async def taken(tx: Transaction, heard: Heard) -> Answer:
    """Take it back."""
    person, group = await _taken(tx, heard)
    if group:
        await groups.dismiss(tx, group, person, by=heard.me)
    else:
        await people.grant(tx, Role.MEMBER, person, by=heard.me)
    await ageing.ask_who_is_there(tx, person)
    return card(
        say("Done: {name} does not hold this role any more.", name=person.nickname),
        rows=((Button(say("Roles"), "admin.roles"),),),
    )


FIND = Form(
    "admin.revoke.search",
    say("Find somebody"),
    (WHOM,),
    _searched,
    say("Search"),
    GIVERS,
    looks=True,
)
FORMS: tuple[Form, ...] = (FIND,)
ROUTES = [
    command("revoke", revoke, GIVERS, also=("收回角色",), takes_away=True),
    on_press("admin.revoke", revoke, GIVERS),
    on_press("admin.revoke.search", search, GIVERS),
    on_press("admin.take", take, GIVERS),
    on_press("admin.taken", taken, GIVERS),
]
