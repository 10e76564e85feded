"""Whom and what admins look up: people, holders of roles, balances, and pages of the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Page, last_page, page_counted, page_of, window
from bot.domain import days, people, search
from bot.domain.audit import Entry
from bot.domain.people import Person
from bot.storage import AMONG, Row, Transaction, Value, containing, listed

# Nobody turns so many; a forged button gets no further.
PAGES_MAX = 1_000


@dataclass(frozen=True)
class Holder:
    """Somebody with a role: county-wide (`group_id` None) or as leader of a group."""

    person: Person
    group_id: int | None = None
    group: str = ""


@dataclass(frozen=True)
class Balance:
    """Somebody's points."""

    person_id: int
    nickname: str
    balance: int


# Questions


async def _page(tx: Transaction, sql: str, counted: str, number: int, **values: Value) -> tuple[list[Row], int, int]:
    """The rows of one page, its number (the last one where there are fewer), and how many rows there are in all."""
    total = int(await tx.value(f"SELECT COUNT(*) {counted}", **values))
    return await _cut(tx, sql, total, number, **values)


async def _cut(tx: Transaction, sql: str, total: int, number: int, **values: Value) -> tuple[list[Row], int, int]:
    number = last_page(number, total)
    rows = await tx.all(
        f"{sql} LIMIT :limit OFFSET :offset", **values, limit=ROWS_PER_PAGE, offset=number * ROWS_PER_PAGE
    )
    return list(rows), number, total


async def people_page(tx: Transaction, number: int) -> Page:
    """One page of everybody who is here, the newest first; `items` are of Person."""
    here = "SELECT * FROM people WHERE forgotten_at IS NULL ORDER BY id DESC"
    rows, number, total = await _cut(tx, here, await days.people_here(tx), number)
    return page_counted([people.of_row(row) for row in rows], number, total)


async def members_page(tx: Transaction, group_id: int, number: int) -> Page:
    """One page of a group's members who don't lead it; `items` are of Person."""
    counted = (
        "FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.group_id = :group AND m.state = 'in' "
        "AND NOT EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = m.group_id AND l.person_id = m.person_id)"
    )
    rows, number, total = await _page(tx, f"SELECT p.* {counted} ORDER BY m.id", counted, number, group=group_id)
    return page_counted([people.of_row(row) for row in rows], number, total)


async def found(tx: Transaction, typed: str) -> list[Person]:
    """People by number or name: those called exactly so, else those in whose name it stands; at most a page of them."""
    exact = await people.named(tx, typed)
    if exact:
        return exact[:ROWS_PER_PAGE]
    near = await search.narrowed(tx, "person", typed)
    rows = await tx.all(
        f"SELECT p.* FROM ({near.sql} ORDER BY a.subject /*pg OFFSET 0*/) near CROSS JOIN people p "  # noqa: S608
        "WHERE p.id = near.subject AND p.forgotten_at IS NULL AND folded(p.nickname) LIKE folded(:pattern) ESCAPE '!' "
        "ORDER BY near.subject LIMIT :limit",
        **near.values,
        pattern=containing(typed),
        limit=ROWS_PER_PAGE,
    )
    return [people.of_row(row) for row in rows]


async def found_in(tx: Transaction, group_id: int, typed: str) -> list[Person]:
    """The same among a group's members and leaders, for those who may know nobody else; the exact ones first."""
    number = typed.removeprefix("#")
    rows = await tx.all(
        "SELECT p.* FROM people p WHERE (p.id = :id OR folded(p.nickname) LIKE folded(:pattern) ESCAPE '!') AND p.id IN ("
        "SELECT person_id FROM memberships WHERE group_id = :group AND state = 'in' "
        "UNION SELECT person_id FROM leaders WHERE group_id = :group) "
        "ORDER BY CASE WHEN p.id = :id OR p.nickname = :typed THEN 0 ELSE 1 END, p.id LIMIT :limit",
        id=int(number[:18]) if number.isdecimal() else 0,
        pattern=containing(typed),
        group=group_id,
        typed=typed,
        limit=ROWS_PER_PAGE,
    )
    return [people.of_row(row) for row in rows]


# In the order of the groups' names, which their index has; of a page alone the people are read.
LEADING = """
    SELECT p.*, led.group_id, led.group_name FROM (
        SELECT g.id AS group_id, g.name AS group_name, l.person_id FROM groups g CROSS JOIN leaders l
        WHERE l.group_id = g.id AND g.closed_at IS NULL {among}
        ORDER BY g.name, g.id, l.person_id LIMIT :limit OFFSET :offset) led
    JOIN people p ON p.id = led.person_id ORDER BY led.group_name, led.group_id, p.id
"""
# A group that is closed has no leaders, nor does anybody lead who has left.
LEADING_IN_ALL = "SELECT COUNT(*) FROM leaders l WHERE 1 = 1 {among}"
# Whoever is called so, or has it in his name: each with all that can be taken back.
HOLDING = f"""
    SELECT * FROM (
        SELECT p.*, NULL AS group_id, '' AS group_name FROM people p
        WHERE p.role <> 'member' AND p.forgotten_at IS NULL AND {{county}} AND {{called}}
        UNION ALL SELECT p.*, g.id AS group_id, g.name AS group_name
        FROM people p JOIN leaders l ON l.person_id = p.id JOIN groups g ON g.id = l.group_id
        WHERE g.closed_at IS NULL {{among}} AND {{called}}
    ) held ORDER BY group_name, id LIMIT {ROWS_PER_PAGE + 1}
"""  # noqa: S608 - a number of our own
EXACTLY = "(p.id = :id OR p.nickname = :typed)"


async def holders_page(tx: Transaction, number: int, led: Sequence[int] | None) -> Page:
    """One page of those who have a role that can be taken back: the county's first, then leaders by their groups' names.

    With `led` only who leads these groups. `items` are of Holder.
    """
    among, values = _among(led)
    county = await people.with_roles(tx) if led is None else []
    leading = int(await tx.value(LEADING_IN_ALL.format(among=among), **values))
    number = last_page(number, len(county) + leading)
    first = number * ROWS_PER_PAGE
    shown = [Holder(person) for person in county[first : first + ROWS_PER_PAGE]]
    rows = await tx.all(
        LEADING.format(among=among),
        **values,
        limit=ROWS_PER_PAGE - len(shown),
        offset=max(0, first - len(county)),
    )
    return page_counted([*shown, *map(_leading, rows)], number, len(county) + leading)


async def holders_called(tx: Transaction, typed: str, led: Sequence[int] | None) -> list[Holder]:
    """The same by number or name: those called exactly so, else those in whose name it stands; one more than a page has at most."""
    number = typed.removeprefix("#")
    exact: dict[str, Value] = {"id": int(number[:18]) if number.isdecimal() else 0, "typed": typed}
    if held := await _holding(tx, EXACTLY, exact, led):
        return held
    near = await search.narrowed(tx, "person", typed)
    pattern = f"folded(p.nickname) LIKE folded(:pattern) ESCAPE '!'{near.among('p.id')}"
    return await _holding(tx, pattern, {"pattern": containing(typed), **near.named}, led)


async def _holding(tx: Transaction, called: str, values: dict[str, Value], led: Sequence[int] | None) -> list[Holder]:
    among, groups = _among(led)
    county = "1 = 1" if led is None else "1 = 0"
    rows = await tx.all(HOLDING.format(called=called, county=county, among=among), **values, **groups)
    return [Holder(people.of_row(row)) if row["group_id"] is None else _leading(row) for row in rows]


def _among(led: Sequence[int] | None) -> tuple[str, dict[str, Value]]:
    return ("", {}) if led is None else (f"AND l.group_id {AMONG}", {"ids": listed(led)})


def _leading(row: Row) -> Holder:
    return Holder(people.of_row(row), row["group_id"], row["group_name"])


async def balances(tx: Transaction, number: int) -> Page:
    """One page of all balances above nothing, the highest first; `items` are of Balance.

    How many there are is not counted: they are as many as people, and nobody turns the last page.
    """
    number = min(number, PAGES_MAX)
    rows = await tx.all(
        "SELECT a.owner AS person_id, p.nickname, a.balance FROM accounts a JOIN people p ON p.id = a.owner "
        "WHERE a.kind = 'member' AND a.unit = 'points' AND a.balance > 0 ORDER BY a.balance DESC, a.owner "
        "LIMIT :limit OFFSET :offset",
        **window(number),
    )
    if number and not rows:
        return await balances(tx, 0)
    return page_of((Balance(**row) for row in rows), number)


async def audit_page(tx: Transaction, number: int, person_id: int | None = None) -> Page:
    """One page of the audit log, the newest first: all of it, or what somebody did or was done to; `items` are of Entry."""
    counted = "FROM audit"
    values: dict[str, Value] = {}
    if person_id is not None:
        counted += " WHERE actor_id = :person OR subject = :subject"
        values = {"person": person_id, "subject": f"person:{person_id}"}
    rows, number, total = await _page(tx, f"SELECT * {counted} ORDER BY number DESC", counted, number, **values)
    return page_counted([Entry(**row) for row in rows], number, total)


async def names_of(tx: Transaction, entries: list[Entry]) -> dict[str, str]:
    """What the actors, subjects and details of audit rows are called: by `person:12`, `group:3`, `project:7`."""
    subjects = {entry.subject for entry in entries} | {
        f"person:{entry.actor_id}" for entry in entries if entry.actor_id
    }
    details = [detail for entry in entries for detail in entry.written.items()]
    subjects |= {f"{name}:{value}" for name, value in details} | {
        value for _, value in details if isinstance(value, str)
    }
    names = {}
    for subject in sorted(subjects):
        kind, _, number = subject.partition(":")
        if kind in NAMES and number.isdecimal():
            name = await tx.value(NAMES[kind], id=int(number))
            if name is not None:
                names[subject] = str(name)
    return names


NAMES = {
    "person": "SELECT nickname FROM people WHERE id = :id",
    "group": "SELECT name FROM groups WHERE id = :id",
    "under": "SELECT name FROM groups WHERE id = :id",
    "activity": "SELECT title FROM activities WHERE id = :id",
    "project": "SELECT title FROM projects WHERE id = :id",
    "brigade": "SELECT name FROM brigades WHERE id = :id",
    "area": "SELECT name FROM areas WHERE id = :id",
    "callout": "SELECT place FROM callouts WHERE id = :id",
    "kit": "SELECT name FROM kit WHERE id = :id",
    "item": "SELECT name FROM shop_items WHERE id = :id",
    "post": "SELECT name FROM rota_posts WHERE id = :id",
}
