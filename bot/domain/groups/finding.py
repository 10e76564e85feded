"""What a group is, and how it is found. Questions only: nothing here writes."""

import difflib
from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Page, last_page, page_counted, page_of, press, window
from bot.domain import people, search
from bot.locales import say
from bot.refusal import Refused, WayOut, check_length
from bot.storage import Transaction, Value, containing

NAME_CHARACTERS_MAX = 40
ABOUT_CHARACTERS_MAX = 500
CAPACITY_MAX = 100_000
# A page's button carries the query, and callback data has 64 bytes.
QUERY_BYTES_MAX = 36
NEAREST_MAX = 4
CANDIDATES_MAX = 40
# Comparing two names letter by letter takes a tenth of a millisecond: only those that share most pieces are.
COMPARED_MAX = 12


@dataclass(frozen=True)
class Group:
    """A group. `capacity` None: as many as like; `chat_id`: the Telegram group of its members; `kind`: what it is in
    the tree, one of `tree.KINDS`; `parent_id`: what it hangs under."""

    id: int
    name: str
    about: str
    capacity: int | None
    members: int
    chat_id: int | None
    chat_language: str | None
    made_at: int
    made_by: int | None
    closed_at: int | None
    kind: str
    parent_id: int | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.members >= self.capacity


# Rules


def clean_name(typed: str) -> str:
    """A group's name as it will be shown: one line, nothing invisible, 1 to 40 characters. Raises Refused."""
    return people.clean_name(typed, limit=NAME_CHARACTERS_MAX)


def clean_about(typed: str) -> str:
    """A group's description: one paragraph of at most 500 characters, nothing invisible. Raises Refused."""
    shown = people.visible(typed)
    check_length(shown, ABOUT_CHARACTERS_MAX)
    return shown


def clean_query(typed: str) -> str:
    """What is searched for: at most 36 bytes of it, whole characters."""
    return people.visible(typed).encode()[:QUERY_BYTES_MAX].decode(errors="ignore").strip()


def has_letters_beyond_ascii(name: str) -> bool:
    """Whether a name has letters that are large or small, other than A to Z: É, Ж. Han characters are neither."""
    return any(not letter.isascii() and letter.lower() != letter.upper() for letter in name)


# Questions


async def by_id(tx: Transaction, group_id: int) -> Group:
    """The group, closed ones too. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM groups WHERE id = :group_id", group_id=group_id)
    if row is None:
        raise no_such(group_id)
    return Group(**row)


def no_such(group_id: int) -> Refused:
    """For a number that no group has."""
    return Refused(
        say("There is no group with the number {number}.", number=group_id),
        WayOut(say("Interest groups"), "groups.list"),
    )


def check_open(group: Group) -> None:
    """Raises Refused for a group that was closed."""
    if not group.is_open:
        raise Refused(
            say("{group} was closed. Nothing was changed.", group=group.name),
            WayOut(say("Interest groups"), "groups.list"),
        )


async def locked(tx: Transaction, group_id: int) -> Group:
    """The open group, kept still until the transaction ends: whoever changes its members or leaders begins with this.

    Raises Refused where there is none or it was closed.
    """
    row = await tx.one("SELECT * FROM groups WHERE id = :group_id /*pg FOR UPDATE*/", group_id=group_id)
    if row is None:
        raise no_such(group_id)
    group = Group(**row)
    check_open(group)
    return group


async def bound_to(tx: Transaction, chat_id: int) -> Group | None:
    """The group whose members talk in this Telegram group."""
    row = await tx.one("SELECT * FROM groups WHERE chat_id = :chat_id", chat_id=chat_id)
    return Group(**row) if row else None


OPEN = "FROM groups WHERE closed_at IS NULL"
HAS = "(folded(name) LIKE folded(:pattern) ESCAPE '!' OR folded(about) LIKE folded(:pattern) ESCAPE '!')"
FOUND = f"{OPEN} AND {HAS}"


async def of_interest(tx: Transaction, number: int) -> Page:
    """One page of the open interest groups by name: the teams and schools of the registry are not among them."""
    return await _listed(tx, number, f"{OPEN} AND kind = 'interest'", {})


async def listed(tx: Transaction, number: int, query: str = "") -> Page:
    """One page of the open groups by name: all, or those in whose name or description `query` stands."""
    if not query:
        return await _listed(tx, number, OPEN, {})
    near = await search.narrowed(tx, "group", query)
    values: dict[str, Value] = {"pattern": containing(query)}
    if near.is_nowhere:
        return page_counted((), 0, 0)
    if near.is_common:
        return await _walked(tx, number, values)
    return await _few(tx, number, f"{FOUND}{near.among('id')}", {**near.values, **values})


async def _listed(tx: Transaction, number: int, which: str, values: dict[str, Value]) -> Page:
    total = await tx.value(f"SELECT COUNT(*) {which}", **values)
    number = last_page(number, total)
    rows = await tx.all(
        f"SELECT * {which} ORDER BY name, id LIMIT :limit OFFSET :offset",
        **values,
        **window(number),
    )
    return page_of((Group(**row) for row in rows), number, total=total)


async def _few(tx: Transaction, number: int, which: str, values: dict[str, Value]) -> Page:
    """The same for what was searched for and stands in few: read and counted by one question."""
    rows = await tx.all(
        f"SELECT *, COUNT(*) OVER () AS total {which} ORDER BY name, id LIMIT :limit OFFSET :offset",
        **values,
        limit=ROWS_PER_PAGE,
        offset=min(number, CAPACITY_MAX) * ROWS_PER_PAGE,
    )
    if not rows:
        return await _listed(tx, number, which, values)
    found = [Group(**{name: row[name] for name in row.keys() if name != "total"}) for row in rows]  # noqa: SIM118
    return page_counted(found, number, rows[0]["total"])


async def _walked(tx: Transaction, number: int, values: dict[str, Value]) -> Page:
    """The same for what stands in many groups: along their names until the page is full, and not counted."""
    number = min(number, CAPACITY_MAX)
    rows = await tx.all(
        f"SELECT * {FOUND} ORDER BY name, id LIMIT :limit OFFSET :offset",
        **values,
        **window(number),
    )
    if number and not rows:
        return await _walked(tx, 0, values)
    return page_of((Group(**row) for row in rows), number)


async def called(tx: Transaction, name: str) -> Group | None:
    """The open group with exactly this name, in large or small letters."""
    row = await tx.one("SELECT * FROM groups WHERE lower(name) = lower(:name) AND closed_at IS NULL", name=name)
    if row is None and has_letters_beyond_ascii(name):
        # SQLite's index knows only A to Z; so few names need this that reading all of them does no harm.
        row = await tx.one("SELECT * FROM groups WHERE folded(name) = folded(:name) AND closed_at IS NULL", name=name)
    return Group(**row) if row else None


async def matching(tx: Transaction, words: str, onward: str) -> Group:
    """The open group with this name or number. Raises Refused, with the nearest ones as buttons `onward:ID`."""
    name = people.visible(words)
    if group := await called(tx, name):
        return group
    number = name.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) <= 18:
        return await by_id(tx, int(number))
    # No group's name is longer.
    name = name[:NAME_CHARACTERS_MAX]
    ways_out = [WayOut(say("{value}", value=group.name), press(onward, group.id)) for group in await nearest(tx, name)]
    reason = (
        say("There is no group called {name}. Did you mean one of these? Nothing was changed.", name=name)
        if ways_out
        else say("There is no group called {name}. Nothing was changed. /groups lists all of them.", name=name)
    )
    raise Refused(reason, *ways_out, WayOut(say("All groups"), "groups.list"))


async def nearest(tx: Transaction, name: str) -> list[Group]:
    """The open groups whose names come closest to `name`, the closest first, among those that share most pieces with it."""
    likely = await search.alike(tx, "name", name, CANDIDATES_MAX)
    rows = await tx.all(
        f"SELECT * FROM groups WHERE closed_at IS NULL AND id IN ({', '.join(map(str, likely)) or 'NULL'})"  # noqa: S608
    )
    by_name = {row["name"].lower(): row for row in rows}
    compared = search.most_alike(name, by_name, COMPARED_MAX)
    close = difflib.get_close_matches(name.lower(), compared, n=NEAREST_MAX, cutoff=0.3)
    return [Group(**by_name[found]) for found in close]
