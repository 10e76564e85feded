"""The words for days: dates, weekdays, days from today; each pattern with what it means."""

import re

from bot.dates.items import DayShift, Dotted, Item, MonthDay, Rule, Weekday
from bot.dates.plain import NUMERAL, number

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
YEAR = "(?: (?P<year>[0-9]{4})(?![0-9:]))?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = (
    "(?P<day>mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?"
    "|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
SHIFTS = {"last": -1, "this": 0, "next": 1}
YEARS = {"去": -1, "今": 0, "明": 1, "后": 2}
CHINESE_DAYS = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
ENGLISH_DAYS = {
    "yesterday": -1,
    **dict.fromkeys(("today", "this"), 0),
    **dict.fromkeys(("tomorrow", "tmrw", "tmr"), 1),
    "day after tomorrow": 2,
}


def _dated(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(number(found["d"]), number(found["m"]), year=number(found["y"])),)


def _month_day(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(number(found["d"]), number(found["m"])),)


def _in_year(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(number(found["d"]), number(found["m"]), years=YEARS[found["years"]]),)


def _in_month(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(number(found["d"]), months=_shift(found["months"])),)


def _day_of_month(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(number(found["d"])),)


def _english_date(found: re.Match[str]) -> tuple[Item, ...]:
    year = int(found["year"]) if found["year"] else None
    return (MonthDay(int(found["d"]), MONTHS.index(found["month"][:3]) + 1, year),)


def _english_in_month(found: re.Match[str]) -> tuple[Item, ...]:
    return (MonthDay(int(found["d"]), months=SHIFTS[found["months"]]),)


def _dotted(found: re.Match[str]) -> tuple[Item, ...]:
    return (Dotted(int(found["first"]), int(found["second"])),)


def _chinese_weekday(found: re.Match[str]) -> tuple[Item, ...]:
    weekday = 6 if found["d"] in "日天" else number(found["d"]) - 1
    return (Weekday(weekday, _shift(found["weeks"]) if found["weeks"] else None),)


def _english_weekday(found: re.Match[str]) -> tuple[Item, ...]:
    weeks = found["before"] or found["after"]
    return (Weekday(WEEKDAYS.index(found["day"][:3]), SHIFTS[weeks] if weeks else None),)


def _chinese_day(found: re.Match[str]) -> tuple[Item, ...]:
    return (DayShift(CHINESE_DAYS[found["day"]]),)


def _english_day(found: re.Match[str]) -> tuple[Item, ...]:
    return (DayShift(ENGLISH_DAYS[found["day"]]),)


def _shift(prefix: str) -> int:
    return prefix.count("下") - prefix.count("上")


DAY_WORDS: tuple[Rule, ...] = (
    (r"(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![0-9])", _dated),
    (rf"(?P<y>[0-9]{{4}}|[零一二三四五六七八九]{{4}})年(?P<m>{NUMERAL})月(?P<d>{NUMERAL})[日号]?", _dated),
    (rf"(?P<years>[去今明后])年的?(?P<m>{NUMERAL})月(?P<d>{NUMERAL})[日号]?", _in_year),
    (rf"(?P<months>这个?|本|下{{1,2}}个?|上个?)月的?(?P<d>{NUMERAL})[日号]?", _in_month),
    (rf"(?P<m>{NUMERAL})月(?P<d>{NUMERAL})[日号]?", _month_day),
    (rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? ?{MONTH}{YEAR}", _english_date),
    (rf"{MONTH} ?(?P<d>[0-9]{{1,2}})(?![0-9:.])(?! ?[ap]m)(?:st|nd|rd|th)?(?![a-z]){YEAR}", _english_date),
    # Numbers alone have the month first, as in Chinese; 30/11 is refused rather than turned round.
    (r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})(?![0-9/])", _month_day),
    (r"(?P<first>[0-9]{1,2})\.(?P<second>[0-9]{1,2})(?![0-9.]| ?[ap]m| ?-[0-9.:]+ ?[ap]m)", _dotted),
    (rf"(?P<d>{NUMERAL})[日号]", _day_of_month),
    (r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th) of (?P<months>this|next) month(?![a-z])", _english_in_month),
    (r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)(?![a-z])", _day_of_month),
    (r"(?P<day>大后|[前昨今明后])(?:[天日儿]|(?=[早晚夜]))", _chinese_day),
    (
        r"(?P<day>today|yesterday|day after tomorrow|tomorrow|tmrw|tmr|this(?= (?:morning|afternoon|evening)))(?![a-z])",
        _english_day,
    ),
    (
        r"(?P<weeks>(?:上{1,2}|下{1,3}|这|本)个?)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天]|[1-7](?![0-9]))",
        _chinese_weekday,
    ),
    (rf"(?:(?P<before>this|next|last) (?:week )?)?{WEEKDAY}(?: (?P<after>this|next) week(?![a-z]))?", _english_weekday),
)
