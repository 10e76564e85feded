"""What repeats by a rule: read as people write it, its days held against an independent reckoning, its instants against clocks."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import LAST, Repeat, Unit, Unreadable, Why, instant_on, read_repeat
from tests.town import BEGIN, SHANGHAI

RULES: list[tuple[str, str, str]] = [
    # What is written, the clock with the end where there is one, the next four days.
    ("每周二19:30", "19:30", "11-24 12-01 12-08 12-15"),
    ("每周二、周四晚上7点到9点", "19:00-21:00", "11-24 11-26 12-01 12-03"),
    ("每周一三五19:30", "19:30", "11-23 11-25 11-27 11-30"),
    ("每周二下午四点", "16:00", "11-24 12-01 12-08 12-15"),
    ("每周二十点", "10:00", "11-24 12-01 12-08 12-15"),
    ("每周六三到五点", "?", ""),
    ("每週六7:30-9:00", "07:30-09:00", "11-21 11-28 12-05 12-12"),
    ("每周一到周五早上8点到9点，到12月31日", "08:00-09:00", "11-23 11-24 11-25 11-26"),
    ("隔周周四19:30", "19:30", "11-26 12-10 12-24 01-07"),
    ("每两周的周四晚上七点", "19:00", "11-26 12-10 12-24 01-07"),
    ("每三周周六9:00", "09:00", "11-21 12-12 01-02 01-23"),
    ("每月第一个周六上午9点", "09:00", "12-05 01-02 02-06 03-06"),
    ("每个月的最后一个星期五 18:00", "18:00", "11-27 12-25 01-29 02-26"),
    ("每月15日19:00", "19:00", "12-15 01-15 02-15 03-15"),
    ("每月15号、30号 19:00", "19:00", "11-30 12-15 12-30 01-15"),
    ("每月最后一天10:00", "10:00", "11-30 12-31 01-31 02-28"),
    ("每两个月的第二个周日14:00", "14:00", "12-13 02-14 04-11 06-13"),
    ("每年5月4日上午9点", "09:00", "05-04 05-04 05-04 05-04"),
    ("每个工作日12:00-13:00", "12:00-13:00", "11-23 11-24 11-25 11-26"),
    ("每周二19:30，到12月8日", "19:30", "11-24 12-01 12-08"),
    ("每周二19:30 共3次", "19:30", "11-24 12-01 12-08"),
    ("从12月8日起每周二19:30，共两次", "19:30", "12-08 12-15"),
    ("每周二19:30除了12月1日和12月8日", "19:30", "11-24 12-15 12-22 12-29"),
    ("每周二19:30，12月1日除外，共2次", "19:30", "11-24 12-08"),
    ("每周二", "", "11-24 12-01 12-08 12-15"),
    ("every Tuesday 7:30pm", "19:30", "11-24 12-01 12-08 12-15"),
    ("every other Thu 7pm until 30 Jun", "19:00", "11-26 12-10 12-24 01-07"),
    ("every Tue and Thu 19:30-21:00", "19:30-21:00", "11-24 11-26 12-01 12-03"),
    ("Tuesdays at 7pm", "19:00", "11-24 12-01 12-08 12-15"),
    ("each first Saturday 9:00", "09:00", "12-05 01-02 02-06 03-06"),
    ("the last Friday of a month, 6pm", "18:00", "11-27 12-25 01-29 02-26"),
    ("every 2nd Thursday of the month 7pm", "19:00", "12-10 01-14 02-11 03-11"),
    ("every second Thursday 7pm", "19:00", "11-26 12-10 12-24 01-07"),
    ("monthly on the 15th 19:00", "19:00", "12-15 01-15 02-15 03-15"),
    ("the 31st of every month at 7pm", "19:00", "11-30 12-31 01-31 02-28"),
    ("every 2 months on the 15th 10:00", "10:00", "12-15 02-15 04-15 06-15"),
    ("weekly on Tue, 19:30, 3 times", "19:30", "11-24 12-01 12-08"),
    ("every Tue 7pm from 8 Dec until 5 Jan 2027 but not 29 Dec", "19:00", "12-08 12-15 12-22 01-05"),
    ("every year on 29 Feb 10:00", "10:00", "02-28 02-29 02-28 02-28"),
    ("every day 7am until the end of the year", "07:00", "11-21 11-22 11-23 11-24"),
]


@pytest.mark.parametrize(("typed", "clock", "days"), [rule for rule in RULES if rule[1] != "?"])
def test_a_rule_is_read_as_people_write_it(typed: str, clock: str, days: str) -> None:
    """On Saturday 21 November 2026: its time of day and its next four days."""
    found = read_repeat(typed, now=BEGIN, zone=SHANGHAI)
    shown = "" if found.minute is None else _clock(found.minute)
    if found.minute is not None and found.seconds:
        shown += f"-{_clock(found.minute + found.seconds // 60)}"
    assert (shown, " ".join(f"{day:%m-%d}" for day in islice(found.rule.from_day(found.first), 4))) == (clock, days)
    assert Repeat.of_kept(found.rule.kept()) == found.rule


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("whenever", Why.NOT_UNDERSTOOD),
        ("every Tue 7", Why.NOT_UNDERSTOOD),
        ("每周八19:30", Why.NOT_UNDERSTOOD),
        ("every third Thursday 7pm", Why.AMBIGUOUS),
        ("每周六三到五点", Why.AMBIGUOUS),
        ("每周二25:00", Why.NO_SUCH_DAY),
        ("每月32日19:00", Why.NO_SUCH_DAY),
        ("每年2月30日9:00", Why.NO_SUCH_DAY),
        ("every Fri-Mon 8am", Why.NO_SUCH_DAY),
        ("每周二19:30 共999次", Why.NO_SUCH_DAY),
        ("every Tue 7pm from 8 Dec until 1 Dec", Why.NO_SUCH_DAY),
        ("every Tue 7pm " + "x" * 300, Why.NOT_UNDERSTOOD),
    ],
)
def test_what_is_not_wholly_understood_is_refused(typed: str, why: Why) -> None:
    """With the reason: unknown words, two meanings, days that there are not."""
    with pytest.raises(Unreadable) as refused:
        read_repeat(typed, now=BEGIN, zone=SHANGHAI)
    assert refused.value.why is why


DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
WEEKLY = st.builds(
    Repeat,
    st.just(Unit.WEEK),
    st.integers(1, 5),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)
NTH = st.builds(
    Repeat,
    st.just(Unit.MONTH),
    st.integers(1, 6),
    st.integers(0, 6).map(lambda day: (day,)),
    st.sampled_from([1, 2, 3, 4, 5, LAST]),
)
MONTHLY = st.builds(
    Repeat,
    st.just(Unit.MONTH),
    st.integers(1, 12),
    days=st.sets(st.integers(1, 31), min_size=1).map(lambda days: tuple(sorted(days))),
)
DAILY = st.builds(Repeat, st.just(Unit.DAY), st.integers(1, 40))
FREQUENCY = {Unit.DAY: rrule.DAILY, Unit.WEEK: rrule.WEEKLY, Unit.MONTH: rrule.MONTHLY}


def _reckoned(rule: Repeat, first: date, many: int) -> list[date]:
    """The same days by another reckoning, which counts from the first day that fits."""
    how: dict[str, Any] = {}
    if rule.nth:
        how["byweekday"] = rrule.weekdays[rule.weekdays[0]](rule.nth)
    elif rule.weekdays:
        how["byweekday"] = rule.weekdays
    elif rule.days:
        # A month that does not have the day has its last one.
        how["bymonthday"] = [*{min(day, 28) for day in rule.days}, 29, 30, 31]
    start = datetime.combine(next(rule.from_day(first)), datetime.min.time())
    made = rrule.rrule(FREQUENCY[rule.unit], dtstart=start, interval=rule.each, **how)
    found = (each.date() for each in made)
    if rule.days:
        found = (day for day in found if _is_meant(rule, day))
    return list(islice(found, many))


def _is_meant(rule: Repeat, day: date) -> bool:
    ends = (day + timedelta(days=1)).day == 1
    return day.day in rule.days or (ends and max(rule.days) > day.day)


@given(st.one_of(WEEKLY, NTH, MONTHLY, DAILY), DAYS)
def test_the_days_are_those_of_another_reckoning(rule: Repeat, first: date) -> None:
    """Every rule, from any day of forty years: the same days as an independent library makes."""
    assert list(islice(rule.from_day(first), 12)) == _reckoned(rule, first, 12)


@given(
    st.one_of(WEEKLY, NTH, MONTHLY, DAILY), DAYS, st.integers(1, 20), st.integers(0, 400), st.sets(st.integers(0, 12))
)
def test_ends_and_exceptions_hold(rule: Repeat, first: date, times: int, length: int, left_out: set[int]) -> None:
    """Never a day after the last one, never one that is left out, never more than so many; and none of the others lost."""
    every = list(islice(rule.from_day(first), 40))
    until = first + timedelta(days=length)
    skips = tuple(every[place] for place in sorted(left_out))
    bounded = Repeat.of_kept(
        {**rule.kept(), "until": until.isoformat(), "times": times, "skips": [str(day) for day in skips]}
    )
    wanted = [day for day in every if day <= until and day not in skips][:times]
    assert list(bounded.from_day(first))[:20] == wanted


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
)
@pytest.mark.parametrize("minute", [90, 135, 150, 9 * 60, 19 * 60 + 30])
def test_the_wall_clock_stays_when_clocks_change(zone: str, minute: int) -> None:
    """Two years of days over leap day and year's end: one instant a day, in order, at the same time of day by the clock."""
    there = ZoneInfo(zone)
    days = list(islice(Repeat(Unit.DAY).from_day(date(2027, 6, 1)), 731))
    assert date(2028, 2, 29) in days
    instants = [instant_on(day, minute, there) for day in days]
    assert sorted(set(instants)) == instants
    walls = [datetime.fromtimestamp(at, there) for at in instants]
    assert [wall.date() for wall in walls] == days
    odd = [wall for wall in walls if wall.hour * 60 + wall.minute != minute]
    # Only where the clocks leave that time out, and then it is the first instant after.
    assert all(
        wall.replace(tzinfo=None) - timedelta(hours=1, minutes=30) < _wall(wall, minute) < wall.replace(tzinfo=None)
        for wall in odd
    )
    assert len(odd) <= 4


def _wall(at: datetime, minute: int) -> datetime:
    return datetime.combine(at.date(), datetime.min.time()) + timedelta(minutes=minute)
