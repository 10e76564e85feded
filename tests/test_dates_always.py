"""What holds for dates whatever is written, shown or repeated: round trips, no text that breaks it, once a day."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.dates import Unreadable, next_local, read, read_duration, written, written_range

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HAVANA = ZoneInfo("America/Havana")
SAMOA = ZoneInfo("Pacific/Apia")
ZONES = (SHANGHAI, NEW_YORK, LOS_ANGELES, BERLIN, LORD_HOWE, HAVANA)
TEXT_SECONDS_MAX = 0.05

zones = st.sampled_from(ZONES)
languages = st.sampled_from(("zh_CN", "en"))
instants = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
minutes = instants.map(lambda instant: instant.replace(second=0, microsecond=0))
distances = st.timedeltas(timedelta(days=-800), timedelta(days=800))
FRAGMENTS = (
    *("今天", "明", "后天", "大", "周", "六", "日", "下", "本", "个", "月", "年", "号", "下午", "晚上", "早", "凌晨"),
    *(
        "中午",
        "点",
        "半",
        "刻",
        "分",
        "钟",
        "小时",
        "天",
        "后",
        "到",
        "至",
        "的",
        "一",
        "二",
        "十",
        "两",
        "百",
        "零",
        "0",
    ),
    *(
        "1",
        "3",
        "12",
        "28",
        "30",
        "2026",
        "99999",
        ":",
        "：",
        "-",
        "~",
        "/",
        ".",
        ",",
        " ",
        "(",
        "½",
        "²",
        "½h",
        "h",
        "m",
    ),
    *("sat", "Sun", "next ", "this ", "at ", "on ", "the ", "in ", "day", "days", " later", "Nov", "may ", "th", "pm"),
    *("a.m.", "noon", "midnight", "tonight", "to ", "half an ", "and a half", "in the morning", "o'clock", "t"),
)
written_by_people = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
repeated = st.builds(
    lambda fragment, tail: fragment * (200 // len(fragment)) + tail, st.sampled_from(FRAGMENTS), st.text()
)
texts = st.one_of(st.text(max_size=250), written_by_people, repeated)


def first(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant, or the first of two that look the same on the clocks of the zone."""
    return instant.astimezone(zone).replace(fold=0).astimezone(UTC)


def cpu_seconds(deed: Callable[[], object]) -> float:
    """The CPU time of the quickest of three runs, so that a busy machine doesn't count."""
    runs = []
    for _ in range(3):
        begun = time.thread_time()
        deed()
        runs.append(time.thread_time() - begun)
    return min(runs)


@settings(max_examples=500, deadline=None)
@given(instant=minutes, distance=distances, zone=zones, language=languages)
@example(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), timedelta(0), NEW_YORK, "en")
@example(datetime(2028, 2, 29, 12, 0, tzinfo=UTC), timedelta(days=60), BERLIN, "zh_CN")
def test_shown_instants_read_back(instant: datetime, distance: timedelta, zone: ZoneInfo, language: str) -> None:
    """What is shown for an instant, past or future, is read as that instant."""
    now = instant + distance
    text = written(instant, zone=zone, language=language, today=now.astimezone(zone).date())
    assert read(text, now=now, zone=zone).start.astimezone(UTC) == first(instant, zone)


@settings(max_examples=500, deadline=None)
@given(
    start=minutes,
    length=st.integers(1, 3000).map(lambda count: timedelta(minutes=count)),
    distance=distances,
    zone=zones,
    language=languages,
)
def test_shown_ranges_read_back(
    start: datetime, length: timedelta, distance: timedelta, zone: ZoneInfo, language: str
) -> None:
    """What is shown for a range is read as that range, within a day and over midnight."""
    end, now = start + length, start + distance
    assume(first(start, zone) == start and first(end, zone) == end)
    text = written_range(start, end, zone=zone, language=language, today=now.astimezone(zone).date())
    reading = read(text, now=now, zone=zone)
    assert reading.end is not None
    assert (reading.start.astimezone(UTC), reading.end.astimezone(UTC)) == (start, end)


@settings(deadline=None)
@given(count=st.integers(0, 999 * 60), language=languages)
def test_every_length_is_read(count: int, language: str) -> None:
    """Hours and minutes are read as that length, in either language."""
    words = "{} hours {} minutes" if language == "en" else "{}小时{}分钟"
    assert read_duration(words.format(*divmod(count, 60))) == timedelta(minutes=count)


@settings(max_examples=1000, deadline=None)
@given(text=texts, now=instants, zone=zones)
def test_any_text_is_read_or_refused(text: str, now: datetime, zone: ZoneInfo) -> None:
    """Whatever is typed is read or refused, nothing else, in 50 ms; a range ends after it begins."""

    def reads() -> None:
        with suppress(Unreadable):
            reading = read(text, now=now, zone=zone)
            assert reading.end is None or reading.end.astimezone(UTC) > reading.start.astimezone(UTC)

    assert cpu_seconds(reads) < TEXT_SECONDS_MAX


@settings(max_examples=500, deadline=None)
@given(text=texts)
def test_any_length_is_read_or_refused(text: str) -> None:
    """Whatever is typed as a length is read or refused, nothing else, in 50 ms."""

    def reads() -> None:
        with suppress(Unreadable):
            assert read_duration(text) >= timedelta(0)

    assert cpu_seconds(reads) < TEXT_SECONDS_MAX


@pytest.mark.parametrize("now", [datetime.min, datetime.max])
@pytest.mark.parametrize(
    "text", ["昨天", "明天24:00", "9999周后", "9999小时后", "in 9999 days", "周六15:00", "去年1月1日"]
)
def test_ends_of_the_calendar(text: str, now: datetime) -> None:
    """A day beyond the calendar is refused, even at its ends."""
    with pytest.raises(Unreadable):
        read(text, now=now.replace(tzinfo=UTC), zone=BERLIN)


@pytest.mark.parametrize(
    ("zone", "after", "when", "comes"),
    [
        (SHANGHAI, "2026-11-21 20:00", {"hour": 20, "minute": 0}, "2026-11-22 20:00+0800"),
        (SHANGHAI, "2026-11-21 19:59", {"hour": 20, "minute": 0}, "2026-11-21 20:00+0800"),
        (SHANGHAI, "2026-11-22 08:00", {"hour": 8, "minute": 0, "weekday": 6}, "2026-11-29 08:00+0800"),
        (SHANGHAI, "2026-11-21 08:00", {"hour": 8, "minute": 0, "weekday": 6}, "2026-11-22 08:00+0800"),
        (SHANGHAI, "2026-12-31 09:00", {"hour": 9, "minute": 0, "month_day": 1}, "2027-01-01 09:00+0800"),
        (SHANGHAI, "2027-01-31 09:00", {"hour": 9, "minute": 0, "month_day": 31}, "2027-02-28 09:00+0800"),
        (SHANGHAI, "2028-02-01 09:00", {"hour": 9, "minute": 0, "month_day": 31}, "2028-02-29 09:00+0800"),
        (SHANGHAI, "2028-02-29 09:00", {"hour": 9, "minute": 0, "month_day": 30}, "2028-03-30 09:00+0800"),
        (SHANGHAI, "2026-12-31 09:00", {"hour": 9, "minute": 0, "month_day": 1, "month": 12}, "2027-12-01 09:00+0800"),
        (NEW_YORK, "2027-03-13 02:30", {"hour": 2, "minute": 30}, "2027-03-14 03:00-0400"),
        (NEW_YORK, "2027-03-14 03:00", {"hour": 2, "minute": 30}, "2027-03-15 02:30-0400"),
        (NEW_YORK, "2026-10-31 12:00", {"hour": 1, "minute": 30}, "2026-11-01 01:30-0400"),
        (NEW_YORK, "2026-11-01 01:30", {"hour": 1, "minute": 30}, "2026-11-02 01:30-0500"),
        (LOS_ANGELES, "2027-03-13 12:00", {"hour": 2, "minute": 0, "weekday": 6}, "2027-03-14 03:00-0700"),
        (BERLIN, "2027-03-27 12:00", {"hour": 2, "minute": 59, "month_day": 28}, "2027-03-28 03:00+0200"),
        (LORD_HOWE, "2026-10-03 12:00", {"hour": 2, "minute": 15}, "2026-10-04 02:30+1100"),
        (LORD_HOWE, "2027-04-03 12:00", {"hour": 1, "minute": 45}, "2027-04-04 01:45+1100"),
        (HAVANA, "2027-03-13 12:00", {"hour": 0, "minute": 0}, "2027-03-14 01:00-0400"),
        (SAMOA, "2011-12-29 12:00", {"hour": 9, "minute": 0}, "2011-12-31 00:00+1400"),
        (SAMOA, "2011-12-31 00:00", {"hour": 9, "minute": 0}, "2011-12-31 09:00+1400"),
    ],
)
def test_what_repeats_comes_next(zone: ZoneInfo, after: str, when: dict[str, int], comes: str) -> None:
    """The next time that repeats is after the last, at its local time or at the end of the gap that skips it."""
    instant = next_local(
        datetime.fromisoformat(after).replace(tzinfo=zone),
        zone=zone,
        hour=when["hour"],
        minute=when["minute"],
        weekday=when.get("weekday"),
        month_day=when.get("month_day"),
        month=when.get("month"),
    )
    assert f"{instant:%Y-%m-%d %H:%M%z}" == comes


@settings(max_examples=60, deadline=None)
@given(after=instants, zone=zones, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_each_day_once(after: datetime, zone: ZoneInfo, hour: int, minute: int) -> None:
    """What repeats daily comes on each day of a year, once, whatever the clocks do."""
    comings = [next_local(after, zone=zone, hour=hour, minute=minute)]
    for _ in range(370):
        comings.append(next_local(comings[-1], zone=zone, hour=hour, minute=minute))
    assert all(later.date() - earlier.date() == timedelta(days=1) for earlier, later in pairwise(comings))
    assert timedelta(0) < comings[0] - after <= timedelta(hours=25)


@settings(max_examples=60, deadline=None)
@given(after=instants, zone=zones, month_day=st.integers(1, 31))
def test_each_month_once(after: datetime, zone: ZoneInfo, month_day: int) -> None:
    """What repeats monthly comes in each month, once, on the day or the month's last."""
    comings = [next_local(after, zone=zone, hour=9, minute=0, month_day=month_day)]
    for _ in range(25):
        comings.append(next_local(comings[-1], zone=zone, hour=9, minute=0, month_day=month_day))
    months = [coming.year * 12 + coming.month for coming in comings]
    assert months == list(range(months[0], months[0] + 26))
    assert all(coming.day == month_day or (coming + timedelta(days=1)).day == 1 for coming in comings)


@pytest.mark.parametrize(
    ("weekday", "month_day"),
    [(7, None), (-1, None), (None, 0), (None, 32), (0, 1)],
)
def test_no_such_repeat(weekday: int | None, month_day: int | None) -> None:
    """A weekday or day of the month that there isn't, or both at once, is the caller's mistake."""
    with pytest.raises(ValueError, match="day"):
        next_local(
            datetime(2026, 11, 21, tzinfo=UTC), zone=SHANGHAI, hour=9, minute=0, weekday=weekday, month_day=month_day
        )


def test_repeat_from_a_naive_instant() -> None:
    """An instant without a zone is the caller's mistake."""
    with pytest.raises(ValueError, match="aware"):
        next_local(datetime(2026, 11, 21), zone=SHANGHAI, hour=9, minute=0)
