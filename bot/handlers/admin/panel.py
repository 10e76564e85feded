"""The panel: how the county and the bot are, each figure with a button to what it is made of."""

from dataclasses import dataclass

from bot.cards import Button, card, last_page, page_in, page_of, press, window
from bot.domain import activities, feedback, groups, honours, hours, merging, people, points, projects, reports
from bot.domain.people import Role
from bot.domain.reports import Backlog
from bot.locales import BLANK, Moment, Said, Several, say, say_n
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

ROLE_NAMES = {Role.MEMBER: say("member"), Role.AUDITOR: say("auditor"), Role.ADMIN: say("county admin")}
PLACES = {"inbox": say("received"), "outbox": say("to be sent"), "due": say("planned")}
TROUBLES_A_PAGE = 6
NEEDS = {
    "posted": say("New needs"),
    "waiting": say("Claims to confirm"),
    "lapsing": say("Claims about to lapse"),
    "silent": say("Not summed up"),
}
# What may wait for an admin: what it is called, the question how much of it there is, and where its list is.
WAITS = (
    (say("Not confirmed"), activities.OVERDUE_NUMBER, "activities.overdue"),
    (say("Nominations"), honours.NOMINATED_NUMBER, press("honours.which", "waiting")),
    (say("Objections to honours"), honours.OBJECTED_NUMBER, press("honours.which", "objected")),
    (say("Points by hand"), points.GRANTS.waiting_number, "points.waiting"),
    (say("Budgets of groups"), points.BUDGETS.waiting_number, "points.budget.waiting"),
    (say("Appeals on points"), points.OPEN_APPEALS_NUMBER, "points.appeals"),
    (say("Merges"), merging.OPEN_NUMBER, "merging.list"),
    *((label, projects.COUNTY_NUMBERS[which], press("projects.list", which)) for which, label in NEEDS.items()),
)
# The same, where no auditor looks: of hours and absences an admin answers what he had no hand in.
WAITS_FOR_ME = (
    (say("Did not feel safe"), feedback.WORRIES_NUMBER, "feedback.worries"),
    (say("Hours to agree to"), hours.TO_APPROVE_NUMBER, "hours.waiting"),
    (say("Hours said to be wrong"), hours.DISPUTED_NUMBER, "hours.disputes"),
    (say("Appeals on absences"), activities.APPEALED_NUMBER, "activities.appeals"),
)


async def panel(tx: Transaction, heard: Heard) -> Answer:
    """The panel: figures, roles, exports, audit"""
    now = await reports.totals(tx)
    inbox, outbox, due = await reports.inbox(tx), await reports.outbox(tx), await reports.due(tx)
    waits = await _waiting(tx, heard.me)
    return card(
        say("<b>Administration</b> · {county}", county=heard.house.settings.county.name),
        say_n("{n} person here", "{n} people here", now.people),
        say("{points} points are outstanding", points=now.points),
        *(say("⏳ {label}: {number}", label=each.label, number=each.number) for each in waits),
        BLANK,
        _line(say("Received"), inbox, tx.now),
        _line(say("To be sent"), outbox, tx.now),
        _line(say("Planned"), due, tx.now),
        _pulse(await reports.pulse(tx), tx.now),
        rows=(_to_waiting(waits), *_doors(now, heard)),
    )


def _doors(now: reports.Totals, heard: Heard) -> tuple[tuple[Button, ...], ...]:
    """Where figures lead, and what an admin looks after, in six rows; to write, only for who may."""
    own = (Button(say("Announce"), "calls.announce"), Button(say("Roles"), "admin.roles"))
    twice = (Button(say("Duplicate records"), "merging.list"),)
    return (
        (
            _count(say("People"), now.people, "admin.people"),
            _count(say("Groups"), now.groups, "groups.list"),
            Button(say("Statistics"), "admin.stats"),
        ),
        (_count(say("Points"), now.points, "points.held"), *(twice if heard.me.is_admin else ())),
        (
            _count(say("Tasks"), now.tasks, "activities.list:task"),
            _count(say("Events"), now.events, "activities.list:event"),
            Button(say("Missions"), "callouts.log:0"),
        ),
        (
            Button(say("Youth council"), "council.now"),
            Button(say("Audit log"), "admin.audit"),
            Button(say("Set aside"), "admin.troubles"),
        ),
        (Button(say("Hours to look at"), "hours.odd"), Button(say("Items to redeem"), "shop.items")),
        (Button(say("Export"), "admin.export"), *(own if heard.me.is_admin else ())),
    )


@dataclass(frozen=True)
class Waiting:
    """How much of one kind waits for an admin, and where its list is."""

    label: Said
    number: int
    opens: str


async def _waiting(tx: Transaction, me: people.Person) -> list[Waiting]:
    """What waits for an admin, by its kind; nothing where nothing does. Auditors answer nothing."""
    kinds = (*WAITS, *WAITS_FOR_ME) if me.is_admin else WAITS
    values = {"now": tx.now} | ({"me": me.id, "admin": 1} if me.is_admin else {})
    numbers = await tx.numbers({f"n{at}": sql for at, (_, sql, _) in enumerate(kinds)}, **values)
    counted = (Waiting(label, n, opens) for (label, _, opens), n in zip(kinds, numbers.values(), strict=True))
    return [each for each in counted if each.number]


def _to_waiting(waits: list[Waiting]) -> tuple[Button, ...]:
    """One row however many kinds wait: the list of the only one, or the list of them."""
    if len(waits) <= 1:
        return tuple(_door(each) for each in waits)
    return (Button(say("⏳ What waits · {number}", number=sum(each.number for each in waits)), "admin.waiting"),)


async def waiting(tx: Transaction, heard: Heard) -> Answer:
    """All that waits for an admin, each kind with its list."""
    waits = await _waiting(tx, heard.me)
    number = last_page(heard.page(), len(waits))
    page = page_in(waits, number)
    return card(
        say("⏳ <b>What waits for the admins</b>") if waits else say("Nothing waits."),
        rows=(*((_door(each),) for each in page.items), *page.turner("admin.waiting")),
        back="admin.panel",
    )


def _door(waits: Waiting) -> Button:
    return _count(waits.label, waits.number, waits.opens)


def _count(label: Said, number: int, data: str) -> Button:
    return Button(say("{label} · {number}", label=label, number=number), data)


def _line(part: Said, backlog: Backlog, now: int) -> Said:
    mark = "✓" if backlog.is_well(now) else "⚠"
    aside = sum(backlog.troubles.values())
    if not aside:
        return say("{mark} {part}: {waiting} waiting", mark=mark, part=part, waiting=backlog.waiting)
    return say(
        "{mark} {part}: {waiting} waiting, {aside} set aside",
        mark=mark,
        part=part,
        waiting=backlog.waiting,
        aside=aside,
    )


def _pulse(beat: int | None, now: int) -> Said:
    if beat is None:
        return say("⚠ The scheduler has never beaten")
    if not reports.is_alive(beat, now):
        return say("⚠ The scheduler is silent since {moment}", moment=Moment(beat))
    return say("✓ The scheduler lives, last seen {seconds} s ago", seconds=max(0, now - beat))


async def everybody(tx: Transaction, heard: Heard) -> Answer:
    """Everybody who is here, the newest first."""
    page = await reports.people_page(tx, heard.page())
    rows = tuple((person_button(person, press("admin.person", person.id)),) for person in page.items)
    return card(
        say("<b>People</b> · {place}", place=page.place()),
        rows=(*rows, *page.turner("admin.people"), (Button(say("🔍 Search"), "admin.search"),)),
        back="admin.panel",
    )


def person_button(person: people.Person, data: str) -> Button:
    """A button for one person among others, perhaps of the same name."""
    return Button(say("{name} #{number}", name=person.nickname, number=person.id), data)


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One person: role, groups, and what can be done."""
    person = await people.by_id(tx, heard.number())
    led = [group.name for group in await groups.led_groups(tx, person)]
    lines = [
        say("<b>{name}</b> · number {number}", name=person.nickname, number=person.id),
        say("Role: {role}", role=ROLE_NAMES[person.role]),
        *(say("🏅 {title}", title=each.title) for each in await honours.held_by(tx, person)),
        say("With us since {moment}", moment=Moment(person.registered_at)),
    ]
    if led:
        lines.append(say("Leads: {groups}", groups=Several(tuple(led))))
    if (now := await people.now_of(tx, person.id)).id != person.id:
        lines.append(say("Became part of number {number}.", number=now.id))
    elif person.forgotten_at is not None:
        lines.append(say("Left on {moment}; only the number is kept.", moment=Moment(person.forgotten_at)))
    rows: list[tuple[Button, ...]] = [(Button(say("In the audit log"), press("admin.about", person.id)),)]
    if heard.me.is_admin and person.forgotten_at is None:
        rows[0] = (*rows[0], Button(say("How old"), press("minors.older", person.id)))
    if heard.me.is_admin and person.forgotten_at is None:
        gifts = [role for role in (Role.ADMIN, Role.AUDITOR, Role.MEMBER) if role is not person.role]
        rows.append(tuple(Button(_becomes(role), press("admin.give", role, person.id)) for role in gifts))
        rows.append((Button(say("Merge with another record"), press("merging.new", person.id)),))
    return card(*lines, rows=tuple(rows), back="admin.people")


def _becomes(role: Role) -> Said:
    match role:
        case Role.ADMIN:
            return say("Make county admin")
        case Role.AUDITOR:
            return say("Make auditor")
        case _:
            return say("Take the role back")


async def balances(tx: Transaction, heard: Heard) -> Answer:
    """What the outstanding points are made of: every balance, the highest first."""
    page = await reports.balances(tx, heard.page())
    rows = tuple(
        (
            Button(
                say("{name} #{number} · {points}", name=item.nickname, number=item.person_id, points=item.balance),
                press("admin.person", item.person_id),
            ),
        )
        for item in page.items
    )
    return card(
        say("<b>Points outstanding</b> · {place}", place=page.place()),
        rows=(*rows, *page.turner("admin.points")),
        back="admin.panel",
    )


async def troubles(tx: Transaction, heard: Heard) -> Answer:
    """What was set aside on the road, and why."""
    number = min(heard.page(), 10_000)
    found = await reports.troubles(tx, **window(number, TROUBLES_A_PAGE))
    page = page_of(found, number, each=TROUBLES_A_PAGE)
    lines = [
        say(
            "• {place} {number} {what}: {error}",
            place=PLACES[item.place],
            number=item.number,
            what=item.what,
            error=item.error[:200],
        )
        for item in page.items
    ]
    return card(
        say("<b>Set aside</b>"),
        *(lines or [say("Nothing: everything was handled and sent.")]),
        rows=page.turner("admin.troubles"),
        back="admin.panel",
    )


ROUTES = [
    command("admin", panel, Who.READER, also=("管理", "管理面板")),
    on_press("admin.panel", panel, Who.READER),
    on_press("admin.waiting", waiting, Who.READER),
    on_press("admin.people", everybody, Who.READER),
    on_press("admin.person", one, Who.READER),
    on_press("admin.points", balances, Who.READER),
    on_press("admin.troubles", troubles, Who.READER),
]
