"""Questions about series: one, many, its occurrences, and who may do what with them."""

from collections.abc import Sequence

from bot.cards import Page, page_of, window
from bot.domain import groups
from bot.domain.activities import Activity
from bot.domain.people import Person
from bot.domain.series.rules import Series
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


def _unknown() -> Refused:
    return Refused(say("There is no such series. Nothing was changed."), WayOut(say("Events"), "activities.list:event"))


async def by_id(tx: Transaction, series_id: int) -> Series:
    """The series. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM series WHERE id = :id", id=series_id)
    if row is None:
        raise _unknown()
    return Series.of_row(row)


async def locked(tx: Transaction, series_id: int) -> Series:
    """The series with its row held: whoever makes, changes or stops occurrences begins here."""
    row = await tx.one("SELECT * FROM series WHERE id = :id /*pg FOR UPDATE*/", id=series_id)
    if row is None:
        raise _unknown()
    return Series.of_row(row)


async def check_led(tx: Transaction, found: Series, me: Person) -> None:
    """Raises Refused unless `me` leads the group of a series or is a county admin."""
    if found.group_id is not None:
        await groups.led_by(tx, found.group_id, me)
    elif not me.is_admin:
        raise Refused(say("This is the whole county's: only county admins can do this. Nothing was changed."))


async def series_led_by(tx: Transaction, series_id: int, me: Person) -> Series:
    """The series, if `me` answers for it. Raises Refused."""
    found = await by_id(tx, series_id)
    await check_led(tx, found, me)
    return found


async def leads(tx: Transaction, found: Series, me: Person) -> bool:
    """Does `me` answer for it?"""
    try:
        await check_led(tx, found, me)
    except Refused:
        return False
    return True


MINE = """
    FROM series s WHERE s.state <> 'ended' AND (:admin = 1 OR EXISTS
        (SELECT 1 FROM leaders l WHERE l.group_id = s.group_id AND l.person_id = :me))
"""


async def all_led_by(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the series that `me` answers for and that have not ended, the newest first."""
    who = {"me": me.id, "admin": int(me.is_admin)}
    total = await tx.value(f"SELECT COUNT(*) {MINE}", **who)
    rows = await tx.all(
        f"SELECT s.* {MINE} ORDER BY s.id DESC LIMIT :limit OFFSET :offset",
        **who,
        **window(number),
    )
    return page_of((Series.of_row(row) for row in rows), number, total=total)


AHEAD = """
    FROM activities a WHERE a.series_id = :series AND a.series_day >= :day AND a.state = 'open' AND a.starts_at > :now
"""


async def ahead(tx: Transaction, found: Series, from_day: str = "", *, held: bool = False) -> Sequence[Activity]:
    """Its occurrences that are open and still to come, from one day on, in the order of their days; `held`: to change."""
    hold = "/*pg FOR UPDATE*/" if held else ""
    rows = await tx.all(
        f"SELECT a.* {AHEAD} ORDER BY a.series_day {hold}",
        series=found.id,
        day=from_day,
        now=tx.now,
    )
    return [Activity.of_row(row) for row in rows]


CONCERNED = f"FROM participations p WHERE p.state <> 'out' AND p.activity_id IN (SELECT a.id {AHEAD})"


async def concerned(tx: Transaction, found: Series, from_day: str) -> int:
    """How many people are in these occurrences or wait for a place in them, each counted once."""
    return int(
        await tx.value(
            f"SELECT COUNT(DISTINCT p.person_id) {CONCERNED}",
            series=found.id,
            day=from_day,
            now=tx.now,
        )
    )


async def follows(tx: Transaction, series_id: int, me: Person) -> bool:
    """Does `me` want to be in all of it?"""
    return bool(
        await tx.value(
            "SELECT 1 FROM series_followers WHERE series_id = :series AND person_id = :me", series=series_id, me=me.id
        )
    )
