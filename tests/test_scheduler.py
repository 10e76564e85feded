"""Time: what is due is done once, in time or reported, whatever clocks, restarts and failures do."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot import due
from bot.clock import Clock
from bot.config import House
from bot.due import Due
from bot.scheduler import Daily, Deed, Scheduler, Together
from bot.storage import Storage, Transaction
from tests.town import Town, settings

HOUR = 3600
DAY = 24 * HOUR
ZONES = ("America/New_York", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai")


class Bell:
    """A deed of the tests' own, which notes for when it was planned, and fails while it is told to."""

    def __init__(self, storage: Storage, house: House, *timetable: Daily) -> None:
        self.rung: list[int] = []
        self.fails = False
        self.attempts = 0
        self.parts = (storage, house, timetable)
        self.scheduler = self.another()

    def another(self, *timetable: Daily) -> Scheduler:
        """A scheduler on the same database: another process, or the same one after a restart."""
        storage, house, own = self.parts
        deeds: dict[str, Deed] = {"bell.ring": self.ring}
        return Scheduler(storage, house, deeds, timetable or own)

    async def ring(self, tx: Transaction, item: Due, house: House) -> None:
        self.attempts += 1
        await tx.run(
            "INSERT INTO pulse (bot, name, at) VALUES (:bot, :name, 1)", bot=tx.bot, name=f"rung {item.due_at}"
        )
        if self.fails:
            raise ValueError("no bell")
        self.rung.append(item.due_at)


@pytest.fixture
def bell(town: Town) -> Bell:
    return Bell(town.storage, town.parts.house, Daily("bell.ring", hour=9))


async def step(bell: Bell, town: Town, seconds: int, times: int = 1) -> None:
    """Time passes in steps with a tick after each."""
    for _ in range(times):
        town.clock.move(seconds)
        await bell.scheduler.tick()


def at(*when: int, zone: str = "Asia/Shanghai") -> int:
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[arg-type,misc]


async def test_each_day_has_one_occurrence(town: Town, bell: Bell) -> None:
    """However often the timetable is planned and the clock ticks."""
    for _ in range(3):
        await bell.scheduler.plan_timetable()
    for _ in range(4):
        await step(bell, town, HOUR, 24)
        await bell.scheduler.plan_timetable()
        await bell.scheduler.tick()
    assert bell.rung == [at(2026, 11, day, 9) for day in (22, 23, 24, 25)]


class Long(Scheduler):
    """Its tick is in the middle of something whenever one looks."""

    async def tick(self) -> int:
        return await asyncio.sleep(HOUR, 0)


async def test_stopped_in_the_middle_of_a_tick_nothing_is_complained_of(
    town: Town, bell: Bell, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the bot is no failure of the tick that it meets."""
    monkeypatch.setattr("bot.scheduler.ticking.TICK_SECONDS", 0.01)
    storage, house, own = bell.parts
    ticking = Long(storage, house, {}, own)
    await ticking.start()
    await asyncio.sleep(0.05)
    ticking.stop()
    await asyncio.sleep(0.01)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_two_schedulers_at_once_do_it_once(town: Town, bell: Bell) -> None:
    """Two processes tick in the same moment: one of them does each deed."""
    others = [bell.another() for _ in range(3)]
    for scheduler in others:
        await scheduler.plan_timetable()
    for number in range(20):
        moment = town.clock.clock.now - 100 - number
        await town.does(partial(due.plan, deed="bell.ring", subject=f"x:{number}", at=moment))
    await asyncio.gather(*(scheduler.tick() for scheduler in others))
    town.clock.move(DAY)
    await asyncio.gather(*(scheduler.tick() for scheduler in others))
    assert len(set(bell.rung)) == len(bell.rung) == 21


async def test_what_was_missed_while_down_is_done_when_back(town: Town, bell: Bell) -> None:
    """Down from the evening to the next noon: the morning's deed is done at noon, once, and the next one is planned."""
    await bell.scheduler.plan_timetable()
    town.clock.move(26 * HOUR)
    bell.scheduler = bell.another()
    await bell.scheduler.plan_timetable()
    await bell.scheduler.tick()
    assert bell.rung == [at(2026, 11, 22, 9)]
    await step(bell, town, HOUR, 24)
    assert bell.rung == [at(2026, 11, 22, 9), at(2026, 11, 23, 9)]


async def test_what_is_too_late_is_reported(town: Town, bell: Bell) -> None:
    """Down for three days: it is not done any more, the admins hear so once, and the next one comes as always."""
    await bell.scheduler.plan_timetable()
    town.clock.move(3 * DAY)
    bell.scheduler = bell.another()
    await bell.scheduler.plan_timetable()
    for _ in range(3):
        await bell.scheduler.tick()
    await town.settle()
    late = [text for text in town.dong.heard if "Too late" in text and "bell.ring: 1," in text]
    assert (bell.rung, len(late)) == ([], 1)
    await step(bell, town, HOUR, 24)
    assert bell.rung == [at(2026, 11, 25, 9)]


async def test_what_was_missed_is_told_in_one_message(town: Town, bell: Bell) -> None:
    """A hundred reminders that came too late are one line with their number, not a hundred messages."""
    for number in range(100):
        at_ = town.clock.clock.now + number
        await town.does(lambda tx, n=number, at_=at_: due.plan(tx, "bell.ring", f"x:{n}", at_, until=at_ + 1))  # type: ignore[misc]
    town.clock.move(HOUR)
    await bell.scheduler.tick()
    await town.settle()
    late = [text for text in town.dong.heard if "Too late" in text]
    assert len(late) == 1 and "bell.ring: 100, planned from" in late[0]
    assert bell.rung == []


async def test_a_deed_that_fails_is_tried_again(town: Town, bell: Bell) -> None:
    """What it had written is undone, and it is done as soon as it can be."""
    await town.does(lambda tx: due.plan(tx, "bell.ring", "x:1", tx.now))
    bell.fails = True
    await bell.scheduler.tick()
    written = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM pulse WHERE name LIKE 'rung%'"))
    assert written == 0
    bell.fails = False
    await step(bell, town, 2)
    assert (len(bell.rung), bell.attempts) == (1, 2)


async def test_a_deed_that_keeps_failing_is_set_aside_with_word_to_the_admins(town: Town, bell: Bell) -> None:
    """After five attempts it is broken, the admins hear why, once; what else is due is done all the while."""
    bell.fails = True
    await town.does(lambda tx: due.plan(tx, "bell.ring", "x:1", tx.now))
    await step(bell, town, 60, 30)
    await town.settle()
    assert bell.attempts == 5
    heard = [text for text in town.dong.heard if "was set aside" in text]
    assert len(heard) == 1
    assert "no bell" in heard[0]


async def test_one_that_fails_holds_up_none_of_those_due_with_it(town: Town, bell: Bell) -> None:
    """Many are due in the same moment and share a transaction: only the one that fails is not done."""
    await town.does(lambda tx: due.plan_each(tx, "bell.ring", [("x:1", tx.now - number) for number in range(60)]))
    await town.does(lambda tx: tx.run("UPDATE due SET deed = 'bell.lost' WHERE due_at = :at", at=tx.now - 30))
    done = await bell.scheduler.tick()
    assert done == len(set(bell.rung)) == 59
    rung = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM pulse WHERE name LIKE 'rung %'"))
    assert rung == 59


async def test_what_is_done_together_is_done_as_each_would_be_alone(town: Town) -> None:
    """One statement claims those that are in time; if they fail together each is done alone, and only what fails is not done."""
    seen: list[list[int]] = []

    async def ring(tx: Transaction, items: Sequence[Due], house: House) -> None:
        seen.append([item.number for item in items])
        if 3 in seen[-1]:
            raise ValueError("no bell")

    async def plan(tx: Transaction) -> None:
        await due.plan_each(tx, "bells.ring", [(f"x:{number}", tx.now - 9 + number) for number in (1, 2, 3)])
        await due.plan(tx, "bells.ring", "x:4", tx.now - 2, until=tx.now - 1)

    await town.does(plan)
    scheduler = Scheduler(town.storage, town.parts.house, {"bells.ring": Together(ring)}, ())
    assert await scheduler.tick() == 2
    assert seen == [[1, 2, 3], [1], [2], [3]]
    rows = await town.does(
        lambda tx: tx.all("SELECT state, attempts FROM due WHERE deed = 'bells.ring' ORDER BY subject")
    )
    assert [tuple(dict(row).values()) for row in rows] == [("done", 0), ("done", 0), ("new", 1), ("late", 0)]


async def test_of_a_long_list_each_is_planned_once(storage: Storage) -> None:
    """Two plan long lists at a time that overlap, with one of them twice and one that was done: nothing is planned again."""
    numbers = range(due.MANY + 100)

    async def plan(tx: Transaction, ordered: Sequence[int]) -> None:
        await due.plan_each(tx, "bell.ring", [(f"x:{number}", 100) for number in (*ordered, 7)], until=200)

    async def again(tx: Transaction) -> None:
        await tx.run("UPDATE due SET state = 'done' WHERE subject = 'x:5'")
        await plan(tx, range(5, due.MANY + 200))

    await storage.transact(lambda tx: plan(tx, [5]))
    both = (storage.transact(lambda tx, o=o: plan(tx, o)) for o in (numbers, numbers[50:]))  # type: ignore[misc]
    await asyncio.gather(*both)
    await storage.transact(again)
    rows = await storage.read(lambda tx: tx.all("SELECT state, COUNT(*) AS n FROM due GROUP BY state ORDER BY state"))
    assert [(row["state"], row["n"]) for row in rows] == [("done", 1), ("new", due.MANY + 199)]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_many_that_are_due_leave_connections_to_others(storage: Storage) -> None:
    """However many slices there are, two are at work at a time: a press need not wait for the last of them."""
    at_work: list[int] = []
    most, two = 0, asyncio.Event()

    async def ring(tx: Transaction, items: Sequence[Due], house: House) -> None:
        nonlocal most
        at_work.append(items[0].id)
        most = max(most, len(at_work))
        if most > 1:
            two.set()
        # The first goes on once there is another beside it, however slow the machine is.
        await asyncio.wait_for(two.wait(), 30)
        await tx.run("SELECT pg_sleep(0.002)")
        at_work.remove(items[0].id)

    async def plan(tx: Transaction) -> None:
        await due.plan_each(tx, "bells.ring", [(f"x:{number}", tx.now - 9) for number in range(300)])

    await storage.transact(plan)
    assert await Scheduler(storage, _house(), {"bells.ring": Together(ring)}, ()).tick() == 300
    assert most == 2


async def test_what_repeats_goes_on_after_a_broken_occurrence(town: Town, bell: Bell) -> None:
    """One morning's deed was set aside: the next morning's comes without a restart."""
    await bell.scheduler.plan_timetable()
    bell.fails = True
    await step(bell, town, HOUR // 4, 4 * 26)
    bell.fails = False
    await step(bell, town, HOUR, 24)
    assert bell.rung == [at(2026, 11, 23, 9)]


async def test_other_settings_take_the_place_of_old_ones(town: Town, bell: Bell) -> None:
    """Nine becomes ten o'clock, or nothing at all: what was planned for the old hour is not done."""
    await bell.scheduler.plan_timetable()
    bell.scheduler = bell.another(Daily("bell.ring", hour=10))
    await bell.scheduler.plan_timetable()
    await step(bell, town, HOUR, 24)
    assert bell.rung == [at(2026, 11, 22, 10)]
    bell.scheduler = bell.another(Daily("bell.other", hour=10))
    await bell.scheduler.plan_timetable()
    await step(bell, town, HOUR, 9)
    assert bell.rung == [at(2026, 11, 22, 10)]
    assert town.dong.heard == []


@pytest.mark.parametrize("jump", [-DAY, -HOUR, HOUR, DAY])
@pytest.mark.parametrize("restart", [False, True])
async def test_when_the_clock_jumps_each_occurrence_comes_once(
    town: Town, bell: Bell, jump: int, restart: bool
) -> None:
    """Set forth or back, with and without a restart: none is done twice, and after it every day has its own."""
    await bell.scheduler.plan_timetable()
    await step(bell, town, HOUR, 24)
    town.clock.move(jump)
    if restart:
        bell.scheduler = bell.another()
        await bell.scheduler.plan_timetable()
    await step(bell, town, HOUR, 24 * 4)
    assert len(set(bell.rung)) == len(bell.rung)
    last = town.clock.clock.now
    due_by_now = [moment for day in range(22, 31) if (moment := at(2026, 11, day, 9)) <= last]
    assert bell.rung == due_by_now


async def occurrences(storage: Storage, house: House, entry: Daily, zone: str, first: int, last: int) -> list[int]:
    """For when the deed was planned that a bell in this zone did from `first` to `last`, the clock ticking hourly."""
    moment = float(first)
    before = storage.clock
    storage.clock = Clock(ZoneInfo(zone), lambda: moment, lambda: moment)
    try:
        bell = Bell(storage, house, entry)
        await bell.scheduler.plan_timetable()
        while moment < last:
            moment = min(moment + HOUR, last)
            await bell.scheduler.tick()
    finally:
        storage.clock = before
    return bell.rung


CHANGES = {
    "America/New_York": ((2026, 3, 8), (2026, 11, 1)),
    "America/Los_Angeles": ((2026, 3, 8), (2026, 11, 1)),
    "Europe/Berlin": ((2026, 3, 29), (2026, 10, 25)),
    "Australia/Lord_Howe": ((2026, 4, 5), (2026, 10, 4)),
    "Asia/Shanghai": ((2026, 6, 1), (2026, 12, 31)),
}


# Whether the calendar is right does not depend on the database.
@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("zone", ZONES)
async def test_each_day_has_one_occurrence_when_the_clocks_change(storage: Storage, zone: str) -> None:
    """In spring and autumn, at hours that are skipped or come twice, at midnight and at noon: once a day."""
    house = _house()
    for year, month, day in CHANGES[zone]:
        for hour, minute in ((0, 0), (1, 30), (2, 0), (2, 15), (12, 0)):
            await storage.transact(lambda tx: tx.run("DELETE FROM due"))
            await storage.transact(lambda tx: tx.run("DELETE FROM pulse"))
            noon = datetime(year, month, day, 12, 1, tzinfo=ZoneInfo(zone))
            first, last = (int((noon + timedelta(days=days)).timestamp()) for days in (-2, 1))
            entry = Daily("bell.ring", hour=hour, minute=minute)
            rung = await occurrences(storage, house, entry, zone, first, last)
            days = [datetime.fromtimestamp(moment, ZoneInfo(zone)).date() for moment in rung]
            assert len(days) == len(set(days)) == 3, f"{hour}:{minute:02} on {days}"


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("entry", "first", "expected"),
    [
        (
            Daily("bell.ring", hour=9, month_day=31),
            (2027, 12, 1),
            [(2027, 12, 31), (2028, 1, 31), (2028, 2, 29), (2028, 3, 31), (2028, 4, 30)],
        ),
        (Daily("bell.ring", hour=9, month_day=29), (2026, 12, 15), [(2026, 12, 29), (2027, 1, 29), (2027, 2, 28)]),
        (Daily("bell.ring", hour=0), (2026, 12, 30), [(2026, 12, 31), (2027, 1, 1), (2027, 1, 2)]),
        (Daily("bell.ring", hour=0), (2028, 2, 27), [(2028, 2, 28), (2028, 2, 29), (2028, 3, 1)]),
        (Daily("bell.ring", hour=9, weekday=0), (2026, 12, 26), [(2026, 12, 28), (2027, 1, 4), (2027, 1, 11)]),
    ],
)
async def test_calendar(
    storage: Storage, entry: Daily, first: tuple[int, ...], expected: list[tuple[int, ...]]
) -> None:
    """The 31st is each month's last day; leap day and New Year come once; weekdays count from Monday."""
    last = at(*expected[-1], entry.hour)
    rung = await occurrences(storage, _house(), entry, "Asia/Shanghai", at(*first, 0, 1), last)
    assert rung == [at(*day, entry.hour) for day in expected]


def _house() -> House:
    return House(settings(), "county_bot")


async def test_what_goes_on_at_once_has_half_of_each_second(town: Town) -> None:
    """Slice follows slice within a tick; the other half of the second is left to everybody else."""

    async def slice_of_work(tx: Transaction, item: Due, house: House) -> None:
        town.clock.work(0.2)
        await due.plan(tx, "work.slice", f"slice:{item.number + 1}", tx.now)

    await town.does(lambda tx: due.plan(tx, "work.slice", "slice:1", tx.now))
    working = Scheduler(town.storage, town.parts.house, {"work.slice": slice_of_work}, ())
    assert await working.tick() == 3
    assert await working.tick() == 3
