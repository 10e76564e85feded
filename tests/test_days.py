"""Statistics: what is kept of days that are over is at every moment what counting it anew would give."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.config import Hours
from bot.domain import activities, days, privacy, reports
from bot.domain.activities import Attendance
from bot.domain.days import Figures
from bot.storage import Storage
from tests.databases import Databases
from tests.publishing import join, published
from tests.town import Town

TABLES = "SELECT COUNT(*) FROM days"


async def all_of(town: Town) -> Figures:
    """Everything that ever happened, as it is shown."""
    (found,) = await town.does(lambda tx: days.between_each(tx, [(0, days.next_midnight(tx, tx.now))]))
    return found


async def counted(town: Town) -> Figures:
    """The same, counted anew."""
    return await town.does(lambda tx: days._counted(tx, 0, tx.now + 1))


async def holds(town: Town) -> bool:
    return await town.does(reports.invariants) == [] and await all_of(town) == await counted(town)


async def confirmed(town: Town) -> Any:
    """A task that Ming and Hua came to, confirmed by Dong on the day after the town began."""
    activity = await published(town, None, starts_in=3600)
    await join(town, activity, town.ming, town.hua)
    await town.days_pass(1)
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=dong))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=dong, rules=Hours()))
    return activity


async def test_days_that_are_over_are_kept_by_night(town: Town) -> None:
    """Each once, and the figures are the same before and after."""
    await confirmed(town)
    before = await all_of(town)
    await town.days_pass(4)
    assert await all_of(town) == before == Figures(registered=5, sign_ups=2, confirmed=2, points=20)
    assert await town.does(lambda tx: tx.value(TABLES)) == 5
    assert not await town.does(days.is_behind)
    assert await holds(town)


async def test_a_correction_changes_the_day_that_was_kept(town: Town) -> None:
    """Who came is corrected days later: the old day loses it, today gains nothing, and points follow."""
    activity = await confirmed(town)
    await town.days_pass(3)
    lan = await town.newcomer("Chief")
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'admin' WHERE telegram_id = :id", id=lan.id))
    chief = await town.person(lan)
    first = await town.does(lambda tx: tx.value("SELECT MIN(id) FROM participations"))
    await town.does(lambda tx: activities.correct(tx, first, Attendance.MISSED, by=chief, rules=Hours()))
    assert await all_of(town) == Figures(registered=6, sign_ups=2, confirmed=1, points=10)
    assert await holds(town)
    await town.does(lambda tx: activities.correct(tx, first, Attendance.CAME, by=chief, rules=Hours()))
    await town.days_pass(2)
    assert await all_of(town) == Figures(registered=6, sign_ups=2, confirmed=2, points=20)
    assert await holds(town)
    assert activity.id


async def test_whoever_leaves_is_taken_off_his_day(town: Town) -> None:
    """The people here are those who registered and stayed, counted from kept days."""
    await town.days_pass(3)
    hua = await town.person(town.hua)
    await town.does(lambda tx: privacy.forget(tx, hua))
    assert await town.does(reports.people_here) == 4
    assert await holds(town)
    await town.dong.says("/admin")
    assert "4 people here" in town.dong.screen.text


async def test_what_is_written_late_into_a_kept_day_counts(town: Town) -> None:
    """A clock that was set back writes into days that are kept: nothing is lost."""
    activity = await published(town, None, starts_in=90 * 3600)
    await town.days_pass(2)
    town.clock.move(-36 * 3600)
    await join(town, activity, town.ming)
    await town.newcomer("Late")
    assert (await all_of(town)).registered == 6
    assert await holds(town)
    await town.days_pass(4)
    assert await holds(town)


async def test_another_zone_has_other_days(town: Town, storage: Storage, databases: Databases) -> None:
    """A county that moves to another zone is counted anew, by its own midnights."""
    await confirmed(town)
    await town.days_pass(3)
    before = await all_of(town)
    town.clock.clock = town.storage.clock = type(town.clock.clock)(
        ZoneInfo("America/New_York"), lambda: town.clock.instant, town.clock._steady
    )
    assert await all_of(town) == before
    await town.opens()
    await town.days_pass(2)
    assert await all_of(town) == before
    assert not await town.does(days.is_behind)
    assert await town.does(reports.invariants) == []


async def test_first_asking_lets_old_days_be_kept(town: Town) -> None:
    """A county that ran without it for a long time has its figures at once, and kept ones within seconds."""
    await confirmed(town)
    town.clock.move(60 * 24 * 3600)
    await town.dong.says("/help")
    await town.dong.says("/stats")
    assert "2026-11: registered 5, signed up 2, confirmed 2, points 20" in town.dong.screen.text
    for _ in range(12):
        await town.passes(seconds=1)
    assert not await town.does(days.is_behind)
    await town.dong.says("/stats")
    assert "2026-11: registered 5, signed up 2, confirmed 2, points 20" in town.dong.screen.text


async def test_a_month_opens_the_days_it_is_made_of(town: Town) -> None:
    """Kept days and the running one alike; what was none is left out."""
    await confirmed(town)
    await town.dong.says("/stats")
    await town.dong.presses("2026-11")
    assert town.dong.screen.text.splitlines() == [
        "Statistics · 2026-11",
        "Sat 21 Nov: registered 5, signed up 2",
        "Sun 22 Nov: confirmed 2, points 20",
    ]
    shown = town.dong.screen.text
    await town.days_pass(4)
    await town.dong.presses_data("admin.month:202611")
    assert town.dong.screen.text == shown
    await town.dong.presses_data("admin.month:202602")
    assert "Nothing happened then." in town.dong.screen.text


async def test_each_number_of_a_day_opens_what_it_is_made_of(town: Town) -> None:
    """People, sign-ups, confirmations and entries: as many as were counted, each one tap from what it is."""
    await confirmed(town)
    await town.dong.says("/stats")
    await town.dong.presses("2026-11")
    assert town.dong.screen.rows[0] == ("21", "22")
    await town.dong.presses("21")
    assert town.dong.screen.labels == ["New people: 5", "New sign-ups: 2", "‹ Back", "⌂ Home"]
    opened = {}
    for day, label in (
        (21, "New people: 5"),
        (21, "New sign-ups: 2"),
        (22, "Confirmed as there: 2"),
        (22, "Points: 20"),
    ):
        await town.shen.presses_data(f"admin.day:202611{day}")
        await town.shen.presses(label)
        opened[label] = town.shen.screen.labels[:-2]
        await town.shen.presses(opened[label][0])
        opened[label].append(town.shen.screen.text.splitlines()[0])
    assert opened == {
        "New people: 5": ["Ming #1", "Hua #2", "Lan #3", "Dong #4", "Shen #5", "Ming · number 1"],
        "New sign-ups: 2": ["Ming · River bank", "Hua · River bank", "River bank"],
        "Confirmed as there: 2": ["Ming · River bank", "Hua · River bank", "River bank"],
        "Points: 20": ["Ming +10: task", "Hua +10: task", "+10 task “River bank”"],
    }


@pytest.mark.parametrize("number", ["20261332", "0", "99991231", "20260230", "9" * 18])
async def test_a_day_that_is_none_is_refused(town: Town, number: str) -> None:
    """A forged button opens nothing."""
    for data in (f"admin.day:{number}", f"admin.entries:{number}:points"):
        await town.dong.presses_data(data)
        assert f"There is no day with the number {number}" in town.dong.toasts[-1].text


@pytest.mark.parametrize("number", ["202613", "0", "999999", "99", "x"])
async def test_a_month_that_is_none_is_refused(town: Town, number: str) -> None:
    """A forged button shows no figures."""
    await town.dong.says("/stats")
    await town.dong.presses_data(f"admin.month:{number}")
    told = town.dong.toasts[-1].text
    assert "There is no month with the number" in told or "out of date" in told


@pytest.mark.parametrize("column", ["registered", "sign_ups", "confirmed", "points"])
async def test_a_wrong_figure_is_found(town: Town, column: str) -> None:
    """doctor recounts each day: a figure that is not that of the rows is named."""
    await confirmed(town)
    await town.days_pass(3)
    await town.does(lambda tx: tx.run(f"UPDATE days SET {column} = {column} + 1"))
    assert [fault.name for fault in await town.does(reports.invariants)] == ["days"]


async def test_a_missing_day_is_found(town: Town) -> None:
    """And a gap between kept days is named too."""
    await town.days_pass(4)
    await town.does(lambda tx: tx.run("DELETE FROM days WHERE starts_at = (SELECT MIN(starts_at) + 86400 FROM days)"))
    assert [fault.name for fault in await town.does(reports.invariants)] == ["days on end"]


async def test_active_people_are_counted_by_night(town: Town) -> None:
    """Those who wrote something in thirty days: of now where nothing is kept, and as it was last night."""
    await town.dong.says("/stats")
    assert "Active in the 30 days until Sat 21 Nov, 10:00: 5" in town.dong.screen.text
    await town.days_pass(20)
    await town.ming.says("/me")
    await town.days_pass(15)
    await town.dong.says("/stats")
    assert "Active in the 30 days until Sat 26 Dec, 00:00: 1" in town.dong.screen.text
