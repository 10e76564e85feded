"""Figures of days: of those that are over they are kept, and only what is younger is counted. See docs/decisions/0007."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import due
from bot.config import House
from bot.dates import instant_on
from bot.domain.promises import Broken, Promise, broken
from bot.due import Due
from bot.storage import Transaction

KEEP = "reports.keep"
DAY = 24 * 3600
ACTIVE_DAYS = 30
# So few that whoever presses a button meanwhile does not notice.
DAYS_AT_ONCE = 7
# How each figure is counted between two instants; days are kept, completed and examined by these very words.
COUNTS = {
    "registered": "SELECT COUNT(*) FROM people p WHERE p.forgotten_at IS NULL "
    "AND p.registered_at >= {start} AND p.registered_at < {end}",
    "sign_ups": "SELECT COUNT(*) FROM participations p WHERE p.made_at >= {start} AND p.made_at < {end}",
    "confirmed": "SELECT COUNT(*) FROM participations p WHERE p.came = 1 "
    "AND p.confirmed_at >= {start} AND p.confirmed_at < {end}",
    # One transfer after another: left to themselves both databases read all that was ever issued.
    "points": "SELECT CAST(COALESCE(-SUM((SELECT SUM(e.amount) FROM entries e WHERE e.transfer_id = t.id AND EXISTS ("
    "SELECT 1 FROM accounts a WHERE a.id = e.account_id AND a.kind = 'issue' AND a.unit = 'points' /*pg OFFSET 0*/))), 0) "
    "AS BIGINT) FROM transfers t WHERE t.at >= {start} AND t.at < {end}",
}
COUNTED = ", ".join(f"({sql.format(start=':start', end=':end')}) AS {name}" for name, sql in COUNTS.items())
KEPT = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS BIGINT) AS {name}" for name in COUNTS)
ISSUED_SINCE = (
    "CAST(-COALESCE((SELECT SUM(balance) FROM accounts WHERE kind = 'issue' AND unit = 'points'), 0) "
    "- COALESCE((SELECT SUM(points) FROM days WHERE zone = :zone), 0) AS BIGINT)"
)
EXAMINED = " OR ".join(
    f"d.{name} <> ({sql.format(start='d.starts_at', end='d.ends_at')})" for name, sql in COUNTS.items()
)
PROMISES = (
    Promise(
        "days",
        "The figures kept of a day are those of its rows.",
        f"SELECT d.* FROM days d WHERE {EXAMINED}",  # noqa: S608 - put together from texts of our own
    ),
    Promise(
        "days on end",
        "The days that are kept follow one another.",
        "SELECT zone FROM days GROUP BY zone HAVING SUM(ends_at - starts_at) <> MAX(ends_at) - MIN(starts_at)",
    ),
)


@dataclass(frozen=True)
class Figures:
    """What happened in some time."""

    registered: int
    sign_ups: int
    confirmed: int
    points: int

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(self._all, other._all, strict=True)))

    @property
    def _all(self) -> tuple[int, ...]:
        return self.registered, self.sign_ups, self.confirmed, self.points


NOTHING = Figures(0, 0, 0, 0)


@dataclass(frozen=True)
class Active:
    """How many people wrote or pressed something in the 30 days before `until` (Unix seconds)."""

    people: int
    until: int


# Rules


def midnight(tx: Transaction, instant: int) -> int:
    """When the county's day began in which `instant` falls."""
    return int(tx.local(instant).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def next_midnight(tx: Transaction, instant: int) -> int:
    """When that day ends: no day is longer than 25 hours, none shorter than 23."""
    return midnight(tx, midnight(tx, instant) + DAY + DAY // 2)


def month_begin(tx: Transaction, back: int = 0) -> int:
    """When the county's month began, or the one so many months ago; -1: when the next one begins."""
    month = tx.today.year * 12 + tx.today.month - 1 - back
    return instant_on(date(month // 12, month % 12 + 1, 1), 0, tx.clock.zone)


def _zone(tx: Transaction) -> str:
    return tx.clock.zone.key


# Questions


async def kept_until(tx: Transaction) -> int:
    """The end of the last day that is kept, 0 where none is."""
    return int(
        await tx.value("SELECT ends_at FROM days WHERE zone = :zone ORDER BY starts_at DESC LIMIT 1", zone=_zone(tx))
        or 0
    )


async def first_day(tx: Transaction) -> int:
    """When the day began on which the first of all registered: nothing can have happened before."""
    kept = await tx.value("SELECT MIN(starts_at) FROM days WHERE zone = :zone", zone=_zone(tx))
    if kept is not None:
        return int(kept)
    first = await tx.value("SELECT MIN(registered_at) FROM people")
    return midnight(tx, tx.now if first is None else first)


async def is_behind(tx: Transaction) -> bool:
    """Is there a day over that is not kept, because the bot was down or is new?"""
    return await kept_until(tx) < midnight(tx, tx.now)


async def between_each(tx: Transaction, spans: Sequence[tuple[int, int]]) -> list[Figures]:
    """What happened from each `start` to before its `end`, both midnights of the county."""
    until = await kept_until(tx)
    kept = await tx.all(
        f"SELECT starts_at, {', '.join(COUNTS)} FROM days WHERE zone = :zone AND starts_at >= :start AND starts_at < :end",  # noqa: S608
        zone=_zone(tx),
        start=min((start for start, _ in spans), default=0),
        end=max((end for _, end in spans), default=0),
    )
    found = []
    for start, end in spans:
        days = [row for row in kept if start <= row["starts_at"] < end]
        figures = Figures(*(sum(row[name] for row in days) for name in COUNTS))
        found.append(figures if end <= until else figures + await _not_kept(tx, start, end, until))
    return found


async def _not_kept(tx: Transaction, start: int, end: int, until: int) -> Figures:
    if start <= until and end > tx.now:
        return await _younger(tx, until, end)
    return await _counted(tx, max(start, until), end)


async def _younger(tx: Transaction, until: int, end: int) -> Figures:
    """What happened since the last kept day; points are what the ledger says in all, less what is kept of it."""
    names = ("registered", "sign_ups", "confirmed")
    counted = ", ".join(f"({COUNTS[name].format(start=':start', end=':end')}) AS {name}" for name in names)
    row = await tx.one(f"SELECT {counted}, {ISSUED_SINCE} AS points", start=until, end=end, zone=_zone(tx))
    assert row is not None, "counts give a row"
    return Figures(**row)


async def each_of(tx: Transaction, start: int, end: int) -> list[tuple[int, Figures]]:
    """The same day by day, up to today, as the day's first instant and what happened; days of nothing are left out."""
    kept = await tx.all(
        f"SELECT starts_at, {', '.join(COUNTS)} FROM days "  # noqa: S608
        "WHERE zone = :zone AND starts_at >= :start AND starts_at < :end ORDER BY starts_at",
        zone=_zone(tx),
        start=start,
        end=end,
    )
    found = [(row["starts_at"], Figures(**{name: row[name] for name in COUNTS})) for row in kept]
    day = max(start, await kept_until(tx))
    while day < min(end, next_midnight(tx, tx.now)):
        following = next_midnight(tx, day)
        found.append((day, await _counted(tx, day, following)))
        day = following
    return [(day, figures) for day, figures in found if figures != NOTHING]


async def _counted(tx: Transaction, start: int, end: int) -> Figures:
    row = await tx.one(f"SELECT {COUNTED}", start=start, end=end)
    assert row is not None, "counts give a row"
    return Figures(**row)


# Of the days that are kept, and since the last of them.
HERE = """
    SELECT CAST((SELECT COALESCE(SUM(registered), 0) FROM days WHERE zone = :zone) + (SELECT COUNT(*) FROM people
        WHERE forgotten_at IS NULL AND registered_at >=
            COALESCE((SELECT ends_at FROM days WHERE zone = :zone ORDER BY starts_at DESC LIMIT 1), 0)) AS BIGINT)
"""


async def people_here(tx: Transaction) -> int:
    """How many people are registered now."""
    return int(await tx.value(HERE, zone=_zone(tx)))


async def active(tx: Transaction) -> Active:
    """As it was kept last night; counted anew where it was not. Then it looks at everybody once."""
    kept = await tx.one(
        "SELECT active AS people, ends_at AS until FROM days WHERE zone = :zone AND active IS NOT NULL AND ends_at > :late "
        "ORDER BY starts_at DESC LIMIT 1",
        zone=_zone(tx),
        late=tx.now - 2 * DAY,
    )
    return Active(**kept) if kept else Active(await _active(tx, tx.now), tx.now)


async def _active(tx: Transaction, until: int) -> int:
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM people p WHERE forgotten_at IS NULL AND EXISTS (SELECT 1 FROM inbox i "
            "WHERE i.line = p.telegram_id AND i.kept_at > :since AND i.kept_at <= :until AND i.state <> 'new')",
            since=until - ACTIVE_DAYS * DAY,
            until=until,
        )
    )


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise about kept days that does not hold just now. Counts everything anew: seconds for millions."""
    return await broken(tx, PROMISES)


# Deeds


async def keep_soon(tx: Transaction) -> None:
    """Let the scheduler keep what is not kept yet."""
    await due.plan(tx, KEEP, "days", tx.now)


async def keep(tx: Transaction, item: Due, house: House) -> None:
    """Keep the figures of some more days that are over, and plan the next ones."""
    # Whoever changes a day that is being kept waits for it, or is waited for: else his change would be lost.
    await tx.run("/*pg LOCK TABLE days IN SHARE ROW EXCLUSIVE MODE*/")
    today = midnight(tx, tx.now)
    start = await kept_until(tx) or await first_day(tx)
    for _ in range(DAYS_AT_ONCE):
        if start >= today:
            return
        end = next_midnight(tx, start)
        await _keep_day(tx, start, end, newest=end == today)
        start = end
    await due.plan(tx, KEEP, f"days:{start}", tx.now)


async def _keep_day(tx: Transaction, start: int, end: int, *, newest: bool) -> None:
    await tx.run(
        f"INSERT INTO days (starts_at, zone, ends_at, {', '.join(COUNTS)}, active) "
        f"SELECT CAST(:start AS BIGINT), CAST(:zone AS TEXT), CAST(:end AS BIGINT), {COUNTED}, CAST(:active AS BIGINT)",
        start=start,
        zone=_zone(tx),
        end=end,
        active=await _active(tx, end) if newest else None,
    )
