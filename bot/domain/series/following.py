"""To be in all of a series: signed up for each occurrence by its own rules, and out of all of them again."""

from dataclasses import dataclass

from bot.config import Settings
from bot.domain import activities
from bot.domain.activities import Activity
from bot.domain.people import Person
from bot.domain.series import finding
from bot.domain.series.rules import Series
from bot.locales import Said, say
from bot.refusal import Refused
from bot.storage import Transaction


@dataclass(frozen=True)
class Followed:
    """What became of it: places, places in a queue, and what was refused, each with its why."""

    series: Series
    places: int
    queued: int
    refused: tuple[tuple[Activity, Said], ...]


async def follow(tx: Transaction, series_id: int, *, by: Person, rules: Settings) -> Followed:
    """Sign somebody up for all that is ahead and all that will be made. Raises Refused once the series has ended."""
    series = await finding.by_id(tx, series_id)
    if series.is_ended:
        raise Refused(say("“{title}” has ended: there is nothing to sign up for.", title=series.model.title))
    await tx.run(
        "INSERT INTO series_followers (series_id, person_id, made_at) VALUES (:series, :person, :now) "
        "ON CONFLICT DO NOTHING",
        series=series_id,
        person=by.id,
        now=tx.now,
    )
    places, queued, refused = 0, 0, []
    for activity in await finding.ahead(tx, series):
        try:
            mine = await _place(tx, activity, by, rules)
        except Refused as why:
            refused.append((activity, why.reason))
            continue
        places, queued = places + (not mine), queued + mine
    return Followed(series, places, queued, tuple(refused))


async def _place(tx: Transaction, activity: Activity, by: Person, rules: Settings) -> bool:
    """Sign up for one, unless he is in it already; does he have to wait?"""
    mine = (await activities.view(tx, activity.id, by)).mine
    if mine is None:
        async with tx.savepoint():
            mine = (await activities.sign_up(tx, activity.id, by=by, rules=rules)).mine
    return mine is not None and not mine.is_in


async def unfollow(tx: Transaction, series_id: int, *, by: Person) -> Series:
    """Be signed up for no more of it; what is ahead stays. Raises Refused for whoever did not want that."""
    gone = await tx.run(
        "DELETE FROM series_followers WHERE series_id = :series AND person_id = :person", series=series_id, person=by.id
    )
    series = await finding.by_id(tx, series_id)
    if not gone:
        raise Refused(say("You are not signed up for all of “{title}”. Nothing was changed.", title=series.model.title))
    return series


async def mine_ahead(tx: Transaction, series: Series, me: Person) -> list[Activity]:
    """The occurrences ahead in which `me` has or wants a place."""
    found = [await activities.view(tx, each.id, me) for each in await finding.ahead(tx, series)]
    return [view.activity for view in found if view.mine]


async def leave_all(tx: Transaction, series_id: int, *, by: Person) -> int:
    """Withdraw from all that is ahead, each by its own rules; from how many."""
    series = await finding.by_id(tx, series_id)
    await tx.run(
        "DELETE FROM series_followers WHERE series_id = :series AND person_id = :person", series=series_id, person=by.id
    )
    mine = await mine_ahead(tx, series, by)
    for activity in mine:
        await activities.withdraw(tx, activity.id, by=by)
    return len(mine)


async def forget(tx: Transaction, person: Person) -> None:
    """Who leaves is signed up for nothing more."""
    await tx.run("DELETE FROM series_followers WHERE person_id = :id", id=person.id)
