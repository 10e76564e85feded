"""Dates are read as people write them, never guessed, and shown so that they read back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dates import Unreadable, Why, read, read_duration, written, written_day, written_range

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SAMOA = ZoneInfo("Pacific/Apia")
NOW = "2026-11-21 10:00"  # a Saturday


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def seen(text: str, now: str = NOW, zone: ZoneInfo = SHANGHAI) -> str:
    """What was read, in figures: a day, a time, or a range; or why not."""
    try:
        reading = read(text, now=at(now, zone), zone=zone)
    except Unreadable as unreadable:
        assert unreadable.text == text
        return unreadable.why.name
    assert reading.zone is zone
    assert reading.start.tzinfo is zone
    if reading.day_only:
        return f"{reading.start:%Y-%m-%d}"
    end = f" - {reading.end:%m-%d %H:%M}" if reading.end else ""
    return f"{reading.start:%Y-%m-%d %H:%M}{end}"


CHINESE = [
    ("下周六下午3点", "2026-11-28 15:00"),
    ("明天晚上7点半", "2026-11-22 19:30"),
    ("后天上午九点", "2026-11-23 09:00"),
    ("11月30日 14:00", "2026-11-30 14:00"),
    ("本周日", "2026-11-22"),
    ("今晚8点", "2026-11-21 20:00"),
    ("明早八点", "2026-11-22 08:00"),
    ("大后天中午十二点", "2026-11-24 12:00"),
    ("昨天下午3点", "2026-11-20 15:00"),
    ("礼拜天傍晚6点", "2026-11-22 18:00"),
    ("星期天凌晨1点一刻", "2026-11-22 01:15"),
    ("下下周三15点三刻", "2026-12-02 15:45"),
    ("这周五", "2026-11-20"),
    ("上周六", "2026-11-14"),
    ("下个星期一早上7点", "2026-11-23 07:00"),
    ("周日10点", "2026-11-22 10:00"),
    ("周6 14:00", "2026-11-21 14:00"),
    ("下个月3号", "2026-12-03"),
    ("这个月15日", "2026-11-15"),
    ("十一月三十日", "2026-11-30"),
    ("十一月三十日下午三点", "2026-11-30 15:00"),
    ("2026年12月1日", "2026-12-01"),
    ("二〇二七年一月三日", "2027-01-03"),
    ("明年1月3日", "2027-01-03"),
    ("12/1 14:00", "2026-12-01 14:00"),
    ("2026/12/1 下午3:30", "2026-12-01 15:30"),
    ("12.1下午3点", "2026-12-01 15:00"),
    ("28号下午3点", "2026-11-28 15:00"),
    ("20号下午3点", "2026-12-20 15:00"),
    ("１４：００", "2026-11-21 14:00"),
    ("１１月３０日１４：００", "2026-11-30 14:00"),
    ("3天后", "2026-11-24"),
    ("三天后下午三点", "2026-11-24 15:00"),
    ("两小时后", "2026-11-21 12:00"),
    ("半小时后", "2026-11-21 10:30"),
    ("一个半小时后", "2026-11-21 11:30"),
    ("一周后", "2026-11-28"),
    ("周 六 下 午 3 点", "2026-11-21 15:00"),
    ("七点二十", "2026-11-22 07:20"),
    ("下午三点零五分", "2026-11-21 15:05"),
    ("二十点", "2026-11-21 20:00"),
    ("周六晚上12点", "2026-11-22 00:00"),
    ("周日零点", "2026-11-22 00:00"),
    ("明天24:00", "2026-11-23 00:00"),
    ("晚上12点半", "2026-11-22 00:30"),
    ("夜里11点", "2026-11-21 23:00"),
    ("明天中午1点", "2026-11-22 13:00"),
    ("明天中午", "2026-11-22 12:00"),
    ("晚上19:30", "2026-11-21 19:30"),
    ("下週六（11月28日）下午3點吧。", "2026-11-28 15:00"),
    ("11月28日 星期六 15:00", "2026-11-28 15:00"),
]

CHINESE_RANGES = [
    ("下午2点到4点", "2026-11-21 14:00 - 11-21 16:00"),
    ("14:00-16:00", "2026-11-21 14:00 - 11-21 16:00"),
    ("１４：００～１６：００", "2026-11-21 14:00 - 11-21 16:00"),
    ("14:00——16:00", "2026-11-21 14:00 - 11-21 16:00"),
    ("周六下午3点到5点", "2026-11-21 15:00 - 11-21 17:00"),
    ("9点至11点半", "2026-11-22 09:00 - 11-22 11:30"),
    ("下午2-4点", "2026-11-21 14:00 - 11-21 16:00"),
    ("下午三到五点", "2026-11-21 15:00 - 11-21 17:00"),
    ("下午2:30-4:30", "2026-11-21 14:30 - 11-21 16:30"),
    ("晚上8点-10:30", "2026-11-21 20:00 - 11-21 22:30"),
    ("上午10点到2点", "2026-11-22 10:00 - 11-22 14:00"),
    ("从11点到1点", "2026-11-21 11:00 - 11-21 13:00"),
    ("9点到下午5点", "2026-11-22 09:00 - 11-22 17:00"),
    ("22:00-02:00", "2026-11-21 22:00 - 11-22 02:00"),
    ("晚上10点到12点", "2026-11-21 22:00 - 11-22 00:00"),
    ("周六晚上12点到凌晨2点", "2026-11-22 00:00 - 11-22 02:00"),
    ("周六下午3点到周日下午5点", "2026-11-21 15:00 - 11-22 17:00"),
    ("5号下午2点到6号下午3点", "2026-12-05 14:00 - 12-06 15:00"),
]

ENGLISH = [
    ("today", "2026-11-21"),
    ("tomorrow 15:00", "2026-11-22 15:00"),
    ("the day after tomorrow at noon", "2026-11-23 12:00"),
    ("tonight at 8", "2026-11-21 20:00"),
    ("8 tonight", "2026-11-21 20:00"),
    ("Sat", "2026-11-21"),
    ("Saturday 3 pm", "2026-11-21 15:00"),
    ("Sat at 9", "2026-11-28 09:00"),
    ("this Sun 3pm", "2026-11-22 15:00"),
    ("this Fri", "2026-11-20"),
    ("next Sat 3pm", "2026-11-28 15:00"),
    ("next Sun", "2026-11-29"),
    ("Sat next week", "2026-11-28"),
    ("3:30pm", "2026-11-21 15:30"),
    ("7.30 p.m.", "2026-11-21 19:30"),
    ("12am", "2026-11-22 00:00"),
    ("12pm", "2026-11-21 12:00"),
    ("midnight", "2026-11-22 00:00"),
    ("Sat midnight", "2026-11-22 00:00"),
    ("9 in the morning", "2026-11-22 09:00"),
    ("tomorrow afternoon at 3", "2026-11-22 15:00"),
    ("30 Nov", "2026-11-30"),
    ("Nov 30", "2026-11-30"),
    ("30 November 2026", "2026-11-30"),
    ("Monday, November 30th, 2026 at 2:30 PM", "2026-11-30 14:30"),
    ("on the 3rd of Dec. at 10:30", "2026-12-03 10:30"),
    ("the 28th", "2026-11-28"),
    ("the 3rd of next month", "2026-12-03"),
    ("2026-11-30 14:00", "2026-11-30 14:00"),
    ("2026-11-30T14:00", "2026-11-30 14:00"),
    ("in 3 days", "2026-11-24"),
    ("in two hours", "2026-11-21 12:00"),
    ("half an hour from now", "2026-11-21 10:30"),
    ("in a week at 3pm", "2026-11-28 15:00"),
    ("2-4pm", "2026-11-21 14:00 - 11-21 16:00"),
    ("2pm-4pm", "2026-11-21 14:00 - 11-21 16:00"),
    ("7:30-9pm", "2026-11-21 19:30 - 11-21 21:00"),
    ("11-2pm", "2026-11-21 11:00 - 11-21 14:00"),
    ("10pm-2am", "2026-11-21 22:00 - 11-22 02:00"),
    ("Sat 3pm to 5pm", "2026-11-21 15:00 - 11-21 17:00"),
    ("from 2 to 4pm on Sun", "2026-11-22 14:00 - 11-22 16:00"),
    ("7-9 in the evening", "2026-11-21 19:00 - 11-21 21:00"),
    ("9:00-5:00", "2026-11-22 09:00 - 11-22 17:00"),
    ("10pm - midnight", "2026-11-21 22:00 - 11-22 00:00"),
]

REFUSED = [
    *((text, "AMBIGUOUS") for text in ("3点", "两点", "今天3点", "3:30", "Sat at 3", "6 o'clock", "3-5点", "1点到2点")),
    *((text, "AMBIGUOUS") for text in ("周六晚上2点", "tonight 1am", "上午12点", "明天下午", "tomorrow morning")),
    *((text, "AMBIGUOUS") for text in ("12.1", "7.30", "半天后", "22:00-12:00", "14:00-14:00")),
    *(
        (text, "NO_SUCH_DAY")
        for text in ("2月30日", "30 Feb", "25:00", "24:30", "14:60", "13pm", "上午15点", "凌晨8点")
    ),
    *((text, "NO_SUCH_DAY") for text in ("0pm", "0月5日", "0/5", "0.5 noon", "2026-00-05", "明年0月5日", "11月0日")),
    *((text, "NO_SUCH_DAY") for text in ("2月29日", "31号", "30/11", "11月28日 星期五", "明天周六", "9999年1月1日")),
    *(
        (text, "NOT_UNDERSTOOD")
        for text in ("", " 。", "的", "下周", "周末", "每周六15:00", "周六周日", "3pm5pm", "Sat 9")
    ),
    *(
        (text, "NOT_UNDERSTOOD")
        for text in ("-3天后", "3点20分后", "12-01", "30/11/2026", "Nov 2026", "by Sat", "3²点")
    ),
    *((text, "NOT_UNDERSTOOD") for text in ("14:00-", "周一到周五下午3点", "14:00-15:00-16:00", "明天3pm到今天5pm")),
    *(
        (text, "NOT_UNDERSTOOD")
        for text in ("半小时后15:00", "大约15:00", "15:00左右", "saturn", "星期七", "14:000", "114:00")
    ),
]


@pytest.mark.parametrize(("text", "meant"), CHINESE + CHINESE_RANGES)
def test_chinese_is_read(text: str, meant: str) -> None:
    """Chinese dates, times and ranges mean what people mean by them."""
    assert seen(text) == meant


@pytest.mark.parametrize(("text", "meant"), ENGLISH)
def test_english_is_read(text: str, meant: str) -> None:
    """English dates, times and ranges mean what people mean by them."""
    assert seen(text) == meant


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_doubt_is_refused(text: str, why: str) -> None:
    """What is not wholly understood, could be two, or isn't on the calendar is refused, each with its reason."""
    assert seen(text) == why


@pytest.mark.parametrize("hour", range(25))
def test_bare_hours(hour: int) -> None:
    """A bare hour is refused from 1 to 6, is the morning's or noon from 7 to 12, and of 24 hours otherwise."""
    meant = datetime(2026, 11, 22) + timedelta(hours=hour)
    assert seen(f"明天{hour}点") == ("AMBIGUOUS" if 1 <= hour <= 6 else f"{meant:%Y-%m-%d %H:%M}")


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        ("周日20:00", "2026-11-22 19:00", "2026-11-22 20:00"),
        ("周日20:00", "2026-11-22 20:00", "2026-11-29 20:00"),
        ("本周日20:00", "2026-11-22 21:00", "2026-11-22 20:00"),
        ("下周六", "2026-11-22 21:00", "2026-11-28"),
        ("下周日", "2026-11-22 21:00", "2026-11-29"),
        ("next Mon", "2026-11-22 21:00", "2026-11-23"),
        ("本周日", "2026-11-23 00:00", "2026-11-29"),
        ("周日", "2026-11-22 23:59", "2026-11-22"),
        ("明天14:00", "2026-12-31 23:30", "2027-01-01 14:00"),
        ("1月1日", "2026-12-31 23:30", "2027-01-01"),
        ("12月31日20:00", "2026-12-31 21:00", "2027-12-31 20:00"),
        ("12月31日 星期四 20:00", "2026-12-31 21:00", "2026-12-31 20:00"),
        ("下个月31号", "2026-12-31 12:00", "2027-01-31"),
        ("这周六", "2026-12-31 12:00", "2027-01-02"),
        ("12月31日晚上11点到凌晨1点", "2026-12-31 12:00", "2026-12-31 23:00 - 01-01 01:00"),
        ("2月29日", "2028-02-29 12:00", "2028-02-29"),
        ("2月29日14:00", "2028-02-29 15:00", "NO_SUCH_DAY"),
        ("2月29日", "2027-03-01 12:00", "2028-02-29"),
        ("明年2月28日", "2028-02-29 12:00", "2029-02-28"),
        ("下个月29号", "2028-02-29 12:00", "2028-03-29"),
        ("in 1 week", "2028-02-29 12:00", "2028-03-07"),
        ("两小时后", "2028-02-29 23:00", "2028-03-01 01:00"),
        ("31号", "2026-12-05 12:00", "2026-12-31"),
        ("3号", "2026-12-05 12:00", "2027-01-03"),
    ],
)
def test_next_such_day(text: str, now: str, meant: str) -> None:
    """Words without a year or a week mean the next such day, today while its time is ahead; the others stay as they are."""
    assert seen(text, now) == meant


@pytest.mark.parametrize(
    ("zone", "now", "text", "meant"),
    [
        (NEW_YORK, "2027-03-13 12:00", "明天2:30am", "NO_SUCH_TIME"),
        (NEW_YORK, "2027-03-13 12:00", "明天03:00", "2027-03-14 03:00"),
        (NEW_YORK, "2027-03-13 12:00", "1am-2:30am", "NO_SUCH_TIME"),
        (NEW_YORK, "2027-03-14 01:30", "一小时后", "2027-03-14 03:30"),
        (NEW_YORK, "2027-03-14 12:00", "周日02:30", "2027-03-21 02:30"),
        (NEW_YORK, "2026-11-01 00:30", "三小时后", "2026-11-01 02:30"),
        (LOS_ANGELES, "2027-03-13 12:00", "3月14日02:00", "NO_SUCH_TIME"),
        (LOS_ANGELES, "2026-11-20 20:00", "明天20:00", "2026-11-21 20:00"),
        (BERLIN, "2027-03-27 12:00", "Sun 02:59", "NO_SUCH_TIME"),
        (BERLIN, "2027-03-27 12:00", "Sun 3am", "2027-03-28 03:00"),
        (LORD_HOWE, "2026-10-03 12:00", "明天02:15", "NO_SUCH_TIME"),
        (LORD_HOWE, "2026-10-03 12:00", "明天02:30", "2026-10-04 02:30"),
        (SHANGHAI, "2027-03-13 12:00", "明天02:30", "2027-03-14 02:30"),
        (SAMOA, "2011-12-29 12:00", "明天", "NO_SUCH_DAY"),
    ],
)
def test_clock_changes(zone: ZoneInfo, now: str, text: str, meant: str) -> None:
    """A local time that the clocks skip is refused, and lengths are counted in real hours."""
    assert seen(text, now, zone) == meant


def test_doubled_time_is_its_first() -> None:
    """Of a local time that comes twice, the first is meant."""
    reading = read("明天01:30", now=at("2026-10-31 12:00", NEW_YORK), zone=NEW_YORK)
    assert reading.start.astimezone(UTC) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_today_is_the_zones() -> None:
    """The day is that of the zone, whatever zone the present was given in."""
    reading = read("今天", now=datetime(2026, 11, 21, 17, 0, tzinfo=UTC), zone=SHANGHAI)
    assert reading.start == at("2026-11-22 00:00")


def test_longest_text() -> None:
    """Two hundred characters are read, one more is refused."""
    assert seen("15:00".ljust(200)) == "2026-11-21 15:00"
    assert seen("15:00".ljust(201)) == "NOT_UNDERSTOOD"


def test_naive_present_is_an_error() -> None:
    """A present without a zone is the caller's mistake, not the text's."""
    with pytest.raises(ValueError, match="aware"):
        read("今天", now=datetime(2026, 11, 21), zone=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("2小时", 120), ("两个半小时", 150), ("一个小时", 60), ("半小时", 30), ("半个钟头", 30), ("一小时半", 90)),
        *(
            ("90分钟", 90),
            ("一百二十分钟", 120),
            ("一刻钟", 15),
            ("1小时零5分", 65),
            ("2小时30分钟", 150),
            ("2天", 2880),
        ),
        *(("1.5h", 90), ("1½ hours", 90), ("2 hours", 120), ("45 min", 45), ("1h30m", 90), ("1 hour and 5 min", 65)),
        *(("an hour and a half", 90), ("one and a half hours", 90), ("half an hour", 30), ("１.５小时", 90)),
    ],
)
def test_lengths_are_read(text: str, minutes: int) -> None:
    """Lengths are read in both languages."""
    assert read_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((text, Why.AMBIGUOUS) for text in ("半天", "一天半", "1.5 days", "两个半小时半")),
        *(
            (text, Why.NOT_UNDERSTOOD)
            for text in ("", "2", "as", "-2h", ".5h", "1,5h", "30 min 2 h", "2小时左右", "1:30")
        ),
        ("2h".ljust(201), Why.NOT_UNDERSTOOD),
    ],
)
def test_doubtful_lengths_are_refused(text: str, why: Why) -> None:
    """A length that isn't wholly understood, or has no fixed one, is refused."""
    with pytest.raises(Unreadable) as refused:
        read_duration(text)
    assert refused.value.why is why


@pytest.mark.parametrize(
    ("language", "now", "shown"),
    [
        ("zh_CN", NOW, "11月28日 星期六 15:00"),
        ("zh_CN", "2027-01-01 00:00", "2026年11月28日 星期六 15:00"),
        ("en", NOW, "Sat 28 Nov, 15:00"),
        ("en", "2025-12-31 23:59", "Sat 28 Nov 2026, 15:00"),
        ("en", None, "Sat 28 Nov 2026, 15:00"),
    ],
)
def test_instants_are_shown(language: str, now: str | None, shown: str) -> None:
    """An instant is shown with its weekday, and with its year unless the reader is known to be in it."""
    instant = at("2026-11-28 15:00").astimezone(UTC)
    assert written(instant, zone=SHANGHAI, language=language, today=at(now).date() if now else None) == shown


def test_days_are_shown() -> None:
    """A day is shown as an instant is, without the time."""
    assert written_day(date(2026, 11, 28), language="zh_CN", today=date(2026, 1, 1)) == "11月28日 星期六"
    assert written_day(date(2026, 11, 28), language="en") == "Sat 28 Nov 2026"


@pytest.mark.parametrize(
    ("language", "end", "shown"),
    [
        ("zh_CN", "2026-12-31 23:00", "12月31日 星期四 22:00–23:00"),
        ("zh_CN", "2027-01-01 02:00", "12月31日 星期四 22:00 – 2027年1月1日 星期五 02:00"),
        ("en", "2026-12-31 23:00", "Thu 31 Dec, 22:00–23:00"),
        ("en", "2027-01-01 02:00", "Thu 31 Dec, 22:00 – Fri 1 Jan 2027, 02:00"),
    ],
)
def test_ranges_are_shown(language: str, end: str, shown: str) -> None:
    """A range names its day once, and both days over midnight; and it reads back."""
    start = at("2026-12-31 22:00")
    text = written_range(start, at(end), zone=SHANGHAI, language=language, today=at(NOW).date())
    assert text == shown
    assert read(text, now=at(NOW), zone=SHANGHAI).end == at(end)
