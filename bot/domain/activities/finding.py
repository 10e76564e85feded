"""Lists of activities: what is ahead, what a name means, whose they are, who leads them, and what nobody has confirmed."""

from collections.abc import Iterable

from bot.cards import ROWS_PER_PAGE, Page, page_of, window
from bot.domain.activities.asking import VIEW, by_id
from bot.domain.activities.kinds import Kind, listed_in
from bot.domain.activities.things import HOUR, OVERDUE_AFTER_HOURS, Activity, View
from bot.domain.people import Person
from bot.storage import Row, Transaction, containing

AHEAD = """
    WHERE a.kind IN ({kinds}) AND a.state = 'open' AND a.starts_at > :now AND (:pattern = '%%'
        OR folded(a.title) LIKE folded(:pattern) ESCAPE '!' OR folded(a.place) LIKE folded(:pattern) ESCAPE '!'
        OR folded(g.name) LIKE folded(:pattern) ESCAPE '!')
"""
# Of each series the next date alone.
NEXT = """
    AND NOT EXISTS (SELECT 1 FROM activities e WHERE e.series_id = a.series_id AND e.state = 'open'
        AND e.starts_at > :now AND (e.starts_at, e.id) < (a.starts_at, a.id))
"""
AHEAD_NUMBERS = f"""
    SELECT COUNT(*) FILTER (WHERE a.kind IN ({listed_in(Kind.TASK)})) AS tasks,
        COUNT(*) FILTER (WHERE a.kind IN ({listed_in(Kind.EVENT)})) AS events
    FROM activities a WHERE a.state = 'open' AND a.starts_at > :now {NEXT}
"""  # noqa: S608 - from texts of our own
HOW_MANY = "SELECT COUNT(*) FROM activities a LEFT JOIN groups g ON g.id = a.group_id"


async def ahead(tx: Transaction, kind: Kind, me: Person, number: int, *, word: str = "") -> Page:
    """A page of what the list of this kind has ahead, soonest first, and of each series the next date.

    With `word`, only where title, place or group has it.
    """
    pattern, chosen = containing(word), AHEAD.format(kinds=listed_in(kind)) + NEXT
    total = await tx.value(HOW_MANY + chosen, now=tx.now, pattern=pattern)
    rows = await tx.all(
        VIEW + chosen + "ORDER BY a.starts_at, a.id LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        pattern=pattern,
        **window(number),
    )
    return _views(rows, number, total)


MINDED = """
    WHERE a.state = 'open' AND a.starts_at > :now AND a.supervisor_id IS NOT NULL AND a.adults_only = 0
    AND EXISTS (SELECT 1 FROM people s WHERE s.id = a.supervisor_id AND s.forgotten_at IS NULL
        AND COALESCE(s.age, 'adult') = 'adult' AND (s.role = 'admin'
        OR EXISTS (SELECT 1 FROM leaders b WHERE b.group_id = a.group_id AND b.person_id = s.id)))
"""


async def minded(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what is ahead and has somebody who is there for people under 18, as `me` sees it, soonest first."""
    rows = await tx.all(
        f"{VIEW} {MINDED} ORDER BY a.starts_at, a.id LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number),
    )
    return _views(rows, number)


TITLED = """
    WHERE a.state = 'open' AND a.starts_at > :now - 86400 AND a.ends_at > :now AND folded(a.title) LIKE folded(:pattern) ESCAPE '!'
        AND (:mine = 0 OR p.id IS NOT NULL)
    ORDER BY a.starts_at, a.id LIMIT :limit
"""


async def titled(tx: Transaction, word: str, me: Person, *, mine: bool) -> list[View]:
    """The next few with `word` in the title, also begun today, those with just this title first; `mine`: where he is in."""
    rows = await tx.all(
        VIEW + TITLED, me=me.id, now=tx.now, pattern=containing(word), mine=int(mine), limit=ROWS_PER_PAGE
    )
    found = [View.of_row(row) for row in rows]
    return sorted(found, key=lambda view: view.activity.title.casefold() != word.casefold())


MEANT = "SELECT * FROM activities WHERE state = 'open' AND starts_at > :now AND folded(title) = folded(:title)"


async def meant(tx: Transaction, words: str) -> Activity | None:
    """The activity with this number, or the one ahead with just this title; None where no title or several are so.

    Raises Refused for a number that none has.
    """
    number = words.removeprefix("#")
    if number.isascii() and number.isdecimal():
        return await by_id(tx, int(number[:18]))
    rows = await tx.all(f"{MEANT} LIMIT 2", now=tx.now, title=words)
    return Activity.of_row(rows[0]) if len(rows) == 1 else None


STARTS = """
    SELECT starts_at FROM activities WHERE state = 'open' AND starts_at > :now AND title = :title
        AND group_id IS NOT DISTINCT FROM :group
"""


async def starts_ahead(tx: Transaction, title: str, group_id: int | None) -> set[int]:
    """When a group already holds what has this title, in Unix seconds."""
    return {row["starts_at"] for row in await tx.all(STARTS, now=tx.now, title=title, group=group_id)}


async def of_person(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` has signed up for and is not over: offers first, then soonest first; then what waits to be
    confirmed."""
    rows = await tx.all(
        VIEW + "WHERE p.id IS NOT NULL AND a.state <> 'cancelled' "
        "AND (a.ends_at > :now OR (p.state = 'in' AND p.confirmed_at IS NULL)) "
        "ORDER BY CASE WHEN p.state = 'offered' THEN 0 WHEN a.ends_at > :now THEN 1 ELSE 2 END, a.starts_at, a.id "
        "LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number),
    )
    return _views(rows, number)


PAST = """
    WHERE a.id IN (SELECT activity_id FROM participations WHERE person_id = :me AND state <> 'out')
        AND (a.ends_at <= :now OR a.state = 'cancelled')
    ORDER BY a.starts_at DESC, a.id DESC LIMIT :limit OFFSET :offset
"""


async def past_of(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` had signed up for and is over or was called off, the newest first."""
    rows = await tx.all(VIEW + PAST, me=me.id, now=tx.now, **window(number))
    return _views(rows, number)


LED = """
    WHERE a.state = 'open' AND (a.taken > 0 OR a.ends_at > :now)
    AND (l.person_id IS NOT NULL OR (:admin = 1 AND a.starts_at <= :now)) ORDER BY a.starts_at, a.id
"""
# Of a leader's groups, and of an admin what he published himself; each half has its index. Of thousands a page is chosen
# before anything is asked about them.
LED_BEFORE = """
    WHERE a.id IN (SELECT b.id FROM activities b WHERE b.ends_at <= :now AND b.state <> 'cancelled'
        AND (b.group_id IN (SELECT group_id FROM leaders WHERE person_id = :me) OR (:admin = 1 AND b.made_by = :me))
        ORDER BY b.starts_at DESC, b.id DESC LIMIT :limit OFFSET :offset)
    ORDER BY a.starts_at DESC, a.id DESC
"""


async def led_by(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` answers for: begun and unconfirmed ones are first, for they wait for him."""
    query = f"{VIEW} {LED} LIMIT :limit OFFSET :offset"
    return _views(await tx.all(query, me=me.id, admin=int(me.is_admin), now=tx.now, **window(number)), number)


async def led_before(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` has led and is over, the newest first."""
    rows = await tx.all(VIEW + LED_BEFORE, me=me.id, admin=int(me.is_admin), now=tx.now, **window(number))
    return _views(rows, number)


# Long over, people had signed up, and nobody has said who came. The first condition is the index's.
LATEST = f"CAST(:now AS BIGINT) - {OVERDUE_AFTER_HOURS * HOUR}"
OVERDUE = f"WHERE a.state = 'open' AND a.starts_at < {LATEST} AND a.ends_at <= {LATEST} AND a.taken > 0"
OVERDUE_NUMBER = f"SELECT COUNT(*) FROM activities a {OVERDUE}"  # noqa: S608 - a text of our own


async def overdue(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what nobody has confirmed for days, the longest over first."""
    rows = await tx.all(
        f"{VIEW} {OVERDUE} ORDER BY a.starts_at, a.id LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number),
    )
    return _views(rows, number, int(await tx.value(OVERDUE_NUMBER, now=tx.now)))


def _views(rows: Iterable[Row], number: int, total: int | None = None) -> Page:
    return page_of(map(View.of_row, rows), number, total=total)
