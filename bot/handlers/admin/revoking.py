"""/revoke: who loses which role, with exact words before it counts."""

from bot.cards import ROWS_PER_PAGE, Button, Card, card, last_page, page_counted, press
from bot.domain import groups, people, reports
from bot.domain.activities import ageing
from bot.domain.groups import Group
from bot.domain.people import Person, Role
from bot.domain.reports import Holder
from bot.handlers.admin.granting import COUNTY_ROLES, GIVERS, LEADER_WORDS, is_called, read_words, what_changes
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
        return await _holders(tx, heard, 0, name=heard.words)
    role, group, person_words = await read_words(tx, heard, "admin.leader")
    if group:
        await groups.led_by(tx, group.id, heard.me)
    held = [
        holder
        for holder in await _mine_to_take(tx, heard.me)
        if holder.group_id == (group.id if group else None) and (group or holder.person.role == role)
    ]
    fitting = [holder for holder in held if is_called(holder.person, person_words)] if person_words else held
    return _take_one_of(fitting, person_words)


async def _mine_to_take(tx: Transaction, me: Person) -> list[Holder]:
    if me.is_admin:
        return await reports.holders(tx)
    return await reports.leaders_among(tx, [group.id for group in await groups.led_groups(tx, me)])


async def _holders(tx: Transaction, heard: Heard, number: int, *, name: str = "") -> Card:
    """Who has a role that I can take back, as buttons."""
    held = await _mine_to_take(tx, heard.me)
    if name:
        return _take_one_of([holder for holder in held if is_called(holder.person, name)], name)
    if not held:
        raise Refused(say("There is no role that you could take back. Nothing was changed."))
    number = last_page(number, len(held))
    page = page_counted(held[number * ROWS_PER_PAGE :][:ROWS_PER_PAGE], number, len(held))
    return card(
        say("<b>Take a role back</b> · {place}", place=page.place()),
        say("Whose? With a group stands who leads it."),
        rows=(*(_holder_row(holder) for holder in page.items), *page.jumps("admin.revoke")),
        back="admin.roles",
    )


def _take_one_of(held: list[Holder], typed: str) -> Card:
    if not held:
        raise Refused(
            say("{name} holds no such role that you could take back. Nothing was changed.", name=typed),
            WayOut(say("Take a role back"), "admin.revoke"),
        )
    if len(held) == 1:
        return _ask_back(held[0])
    return card(
        say("Which one?"), rows=tuple(_holder_row(holder) for holder in held[:ROWS_PER_PAGE]), back="admin.revoke"
    )


def _holder_row(holder: Holder) -> tuple[Button, ...]:
    person = holder.person
    role = say("{group}", group=holder.group) if holder.group_id else ROLE_NAMES[person.role]
    data = press("admin.take", person.id, holder.group_id or 0)
    return (Button(say("{name} #{number} · {role}", name=person.nickname, number=person.id, role=role), data),)


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Say exactly what will be lost, and ask."""
    person, group = await _taken(tx, heard)
    return _ask_back(Holder(person, group.id if group else None, group.name if group else ""))


async def _taken(tx: Transaction, heard: Heard) -> tuple[Person, Group | None]:
    if heard.number(1):
        group = await groups.led_by(tx, heard.number(1), heard.me)
        return await groups.one_of(tx, group, heard.number(), heard.me), group
    people.only_admins(heard.me)
    return await people.by_id(tx, heard.number()), None


def _ask_back(holder: Holder) -> Card:
    person = holder.person
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


ROUTES = [
    command("revoke", revoke, GIVERS, takes_away=True),
    on_press("admin.revoke", revoke, GIVERS),
    on_press("admin.take", take, GIVERS),
    on_press("admin.taken", taken, GIVERS),
]
