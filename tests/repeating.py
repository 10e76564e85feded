"""Series for tests, made by the deeds that the bot itself uses."""

from collections.abc import Sequence
from typing import Any

from bot import dates
from bot.domain import series
from bot.domain.activities import Activity, Kind
from bot.domain.groups import Group
from bot.domain.series import Model, Rhythm, Series
from bot.storage import Transaction
from tests.publishing import all_read, fills_in
from tests.town import Town

TUESDAYS: dict[str, Any] = {
    "kind": Kind.EVENT,
    "title": "Open stage",
    "about": "",
    "place": "Hall",
    "seconds": 7200,
    "places": 2,
    "points": 0,
}


async def begun(town: Town, group: Group | None, rule: str = "every Tue 19:30", **given: Any) -> Series:
    """A series of the group, begun by Dong; what anybody was told of it is read."""
    dong = await town.person(town.dong)
    weeks = town.settings.activities.series_weeks

    async def deed(tx: Transaction) -> Series:
        read = dates.read_repeat(rule, now=tx.local(tx.now), zone=tx.clock.zone)
        assert read.minute is not None, "the rule has a time"
        made, _ = await series.begin(
            tx,
            Model(**{**TUESDAYS, **given}),
            Rhythm(read.rule, read.first, read.minute),
            group_id=group.id if group else None,
            by=dong,
            weeks=weeks,
        )
        return made

    made = await town.does(deed)
    await town.tick()
    all_read(town)
    return made


async def stopped(town: Town, first: Activity, why: str) -> None:
    """Lan calls off this date and all after it."""
    await town.lan.presses_data(f"series.stop:{first.id}")
    await fills_in(town.lan, "!Yes, give the reason", why, "!Yes, call it off")


async def ahead(town: Town, found: Series) -> Sequence[Activity]:
    """Its dates that are still to come."""
    return await town.does(lambda tx: series.ahead(tx, found))


async def days_of(town: Town, found: Series) -> list[str]:
    """The days for which dates were made, whatever became of them."""
    sql = "SELECT series_day FROM activities WHERE series_id = :id ORDER BY series_day"
    rows = await town.does(lambda tx: tx.all(sql, id=found.id))
    return [row["series_day"] for row in rows]
