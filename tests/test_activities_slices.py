"""Hundreds who are confirmed: a slice at a time, whatever comes between two of them, and points exactly once."""

import pytest

from bot.config import Hours
from bot.domain import activities, people, points
from bot.domain.activities import Activity, Attendance
from bot.domain.activities.things import SETTLED_AT_ONCE
from bot.storage import Transaction
from tests.calling import got, many
from tests.founding import founded
from tests.publishing import all_read, broken, published
from tests.town import Town

pytestmark = pytest.mark.usefixtures("a_slice_a_tick")
CROWD = 2 * SETTLED_AT_ONCE + 10
THANKS = "Thank you for coming"


async def crowded(town: Town) -> Activity:
    """A task of Lan's group that is over, with three slices of people who all came."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=60, places=CROWD)
    crowd = await many(town, CROWD)

    async def deed(tx: Transaction) -> None:
        for persona in crowd:
            person = await people.by_telegram(tx, persona.id)
            assert person is not None, "everybody of the crowd is registered"
            await activities.sign_up(tx, activity.id, by=person, rules=town.settings)

    await town.does(deed)
    town.clock.move(3 * 3600)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    all_read(town)
    return activity


async def confirms(town: Town, activity: Activity) -> None:
    """Lan presses Confirm, and no more time passes."""
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "Confirm", "Confirm"):
        await town.lan.presses(label)


async def ticks(town: Town) -> None:
    """One slice more."""
    await town.parts.scheduler.tick()
    await town.settle()


async def booked(town: Town) -> int:
    return int(await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM transfers")))


async def all_is_exact(town: Town, activity: Activity) -> bool:
    """Has each his points once, and his word once, and do all promises hold?"""
    crowd = [persona for name, persona in town.people.by_name.items() if name.startswith("p")]
    words = {got(persona, THANKS) for persona in crowd}
    credited = await town.does(lambda tx: tx.all("SELECT balance FROM accounts WHERE kind = 'member'"))
    balances = [row["balance"] for row in credited if row["balance"]]
    kept = await broken(town) == [] and await town.does(points.invariants) == []
    return words == {1} and balances == [10] * CROWD and kept


async def test_a_crowd_is_confirmed_in_slices_and_the_leader_is_told_at_the_end(town: Town) -> None:
    """The press settles the first slice; the scheduler the others, and then says so."""
    activity = await crowded(town)
    await confirms(town, activity)
    assert f"{CROWD} came, 0 missed it. So many are entered" in town.lan.screen.text
    assert await booked(town) == SETTLED_AT_ONCE
    for expected in (2 * SETTLED_AT_ONCE, CROWD, CROWD):
        await ticks(town)
        assert await booked(town) == expected
    assert town.lan.heard[-1].startswith(f"River bank is confirmed.\n{CROWD} came")
    assert got(town.lan, "everybody is told") == 1
    assert await all_is_exact(town, activity)


async def test_a_crash_between_two_slices_loses_and_doubles_nothing(town: Town) -> None:
    """What comes next is another process."""
    activity = await crowded(town)
    await confirms(town, activity)
    for _ in range(4):
        await town.opens()
        await ticks(town)
    assert await all_is_exact(town, activity)


@pytest.mark.parametrize("which", (1, SETTLED_AT_ONCE))
async def test_a_slice_that_fails_is_undone_and_done_again(
    town: Town, which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its first or its last award, twice: nothing of that slice is there, and a moment later all of it."""
    activity = await crowded(town)
    await confirms(town, activity)
    earn, calls = points.earn, []

    async def failing(*given: object, **more: object) -> object:
        calls.append(given)
        if len(calls) in (which, 2 * which):
            raise RuntimeError("the machine stumbles")
        return await earn(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(points, "earn", failing)
    await ticks(town)
    assert await booked(town) == SETTLED_AT_ONCE
    for _ in range(5):
        await town.passes(seconds=1)
    assert await all_is_exact(town, activity)


async def test_the_same_slice_done_twice_counts_once(town: Town) -> None:
    """As when a due row came back from a backup."""
    activity = await crowded(town)
    await confirms(town, activity)
    for _ in range(3):
        await ticks(town)
    await town.does(lambda tx: tx.run("UPDATE due SET state = 'new' WHERE deed = 'activities.confirmed'"))
    for _ in range(3):
        await ticks(town)
    assert await all_is_exact(town, activity)


async def test_a_correction_between_two_slices_stands(town: Town) -> None:
    """Whoever is corrected before his slice comes is not asked about again."""
    activity = await crowded(town)
    await confirms(town, activity)
    lan = await town.person(town.lan)
    last = await town.does(lambda tx: tx.value("SELECT MAX(id) FROM participations"))
    await town.does(lambda tx: activities.correct(tx, last, Attendance.MISSED, by=lan, rules=Hours()))
    for _ in range(3):
        await ticks(town)
    assert await booked(town) == CROWD - 1
    assert await town.does(lambda tx: tx.value("SELECT came FROM participations WHERE id = :id", id=last)) == 0
    assert await broken(town) == []
