"""The words for rules: every Tuesday, 每月第一个周六, monthly on the 15th; each pattern with what it means."""

import re
from collections.abc import Callable
from typing import Any

from bot.dates.items import Misfit, Why
from bot.dates.plain import NUMERAL, number
from bot.dates.repeats import LAST, Unit

Meaning = Callable[[re.Match[str]], dict[str, Any]]
WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)

# Chinese

WEEK = "(?:周|星期|礼拜)"
# 每周二四点 is four o'clock on Tuesday, and 每周六三到五点 from three to five.
FURTHER = "[一二三四五六日天](?![点时十到至-])"
ONE = "(?:[一二三四五六日天]|[1-7](?![0-9:.]))"
AND = "[ 和与及]?"
CHINESE_DAYS = rf"(?P<days>{ONE}(?:(?:到|至|-){WEEK}?{ONE}|(?:{AND}(?:每?{WEEK})?{FURTHER})*))"
EVERY_MONTHS = r"(?:每(?:个|一个)?月|每(?P<each>[两二三四六2346])个月|每?隔一?个?月(?P<other>))"


def _han(day: str) -> int:
    return 6 if day in "日天" else number(day) - 1


def _chinese_days(text: str) -> tuple[int, ...]:
    days = [_han(day) for day in re.findall("[一二三四五六日天1-7]", text)]
    if re.search("[到至-]", text):
        return _between(*days)
    return tuple(sorted(set(days)))


def _between(first: int, last: int) -> tuple[int, ...]:
    if first >= last:
        raise Misfit(Why.NO_SUCH_DAY)
    return tuple(range(first, last + 1))


def _months(found: re.Match[str]) -> int:
    return 2 if found["other"] is not None else number(found["each"]) if found["each"] else 1


def _chinese_weekly(found: re.Match[str], each: int = 1) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "each": each, "weekdays": _chinese_days(found["days"])}


def _chinese_other(found: re.Match[str]) -> dict[str, Any]:
    return _chinese_weekly(found, 2)


def _chinese_weeks(found: re.Match[str]) -> dict[str, Any]:
    return _chinese_weekly(found, number(found["each"]))


def _chinese_nth(found: re.Match[str]) -> dict[str, Any]:
    nth = LAST if found["nth"] in ("最后一", "最后", "末") else 1 if found["nth"] == "首" else number(found["nth"])
    return {"unit": Unit.MONTH, "each": _months(found), "nth": nth, "weekdays": (_han(found["day"]),)}


def _chinese_monthly(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.MONTH, "each": _months(found), "days": _month_days(found["days"])}


def _month_days(text: str) -> tuple[int, ...]:
    days = {number(day) for day in re.findall(NUMERAL, text)}
    if not all(1 <= day <= 31 for day in days):
        raise Misfit(Why.NO_SUCH_DAY)
    return tuple(sorted(days))


def _month_end(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.MONTH, "each": _months(found), "days": (31,)}


def _yearly(month: int, day: int) -> dict[str, Any]:
    if not (1 <= month <= 12 and 1 <= day <= (29, 30, 31)[2 if month in (1, 3, 5, 7, 8, 10, 12) else month != 2]):
        raise Misfit(Why.NO_SUCH_DAY)
    return {"unit": Unit.YEAR, "month": month, "days": (day,)}


def _chinese_yearly(found: re.Match[str]) -> dict[str, Any]:
    return _yearly(number(found["month"]), number(found["day"]))


# English

DAY = "(?:mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?(?![a-z])"
SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = rf"(?P<days>{DAY}(?: ?(?:-|to ) ?{DAY}|(?: ?(?:and |& ?|\+ ?)?{DAY})*))"
ORDINAL = "(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last)"
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
FEW = "(?P<each>two|2|three|3|four|4|five|5|six|6|eight|8)"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
NTH_DAY = "(?P<date>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9:a-z])"
OF_MONTH = "(?: of (?:the |a |an |each |every )?month| (?:every|each|a) month| in (?:the|a|each|every) month)"
EVERY_MONTH = rf"(?:monthly|(?:every|each) month|every {FEW} months|every other month(?P<other>))(?: on)?(?: the)?"


def _english_days(text: str) -> tuple[int, ...]:
    days = [SHORT.index(day[:3]) for day in re.findall(DAY, text)]
    if "-" in text or " to " in text:
        return _between(*days)
    return tuple(sorted(set(days)))


def _english_weekly(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "weekdays": _english_days(found["days"])}


def _english_other(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "each": 2, "weekdays": _english_days(found["days"])}


def _english_weeks(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "each": number(found["each"]), "weekdays": _english_days(found["days"])}


def _place(word: str) -> int:
    return ORDINALS[word] if word in ORDINALS else int(word[0])


def _nth(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.MONTH, "nth": _place(found["nth"]), "weekdays": _english_days(found["days"])}


def _nth_of_months(found: re.Match[str]) -> dict[str, Any]:
    return {**_nth(found), "each": _months(found)}


def _doubtful(found: re.Match[str]) -> dict[str, Any]:
    """Every third Thursday: of the month, or every three weeks?"""
    raise Misfit(Why.AMBIGUOUS)


def _monthly(found: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.MONTH, "days": _month_days(found["date"])}


def _months_on(found: re.Match[str]) -> dict[str, Any]:
    return {**_monthly(found), "each": _months(found)}


def _last_day(_: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.MONTH, "days": (31,)}


def _english_yearly(found: re.Match[str]) -> dict[str, Any]:
    return _yearly(MONTHS.index(found["month"][:3]) + 1, int(found["date"]))


def _daily(_: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.DAY}


def _workdays(_: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "weekdays": WORKDAYS}


def _weekends(_: re.Match[str]) -> dict[str, Any]:
    return {"unit": Unit.WEEK, "weekdays": WEEKEND}


ONE_DAY = rf"(?P<days>{DAY})"
# The first that fits anywhere in the text counts: the longer ones come before what they contain.
RULES: tuple[tuple[str, Meaning], ...] = (
    (
        rf"{EVERY_MONTHS}的?第?(?P<nth>[一二三四五1-5]|首|最后一|最后|末)个?{WEEK}(?P<day>[一二三四五六日天])",
        _chinese_nth,
    ),
    (rf"{EVERY_MONTHS}的?(?:最后一天|月?底|月?末)", _month_end),
    (rf"{EVERY_MONTHS}的?(?P<days>{NUMERAL}[日号](?:{AND}{NUMERAL}[日号])*)", _chinese_monthly),
    (rf"每年的?(?P<month>{NUMERAL})月(?P<day>{NUMERAL})[日号]?", _chinese_yearly),
    (rf"(?:每?隔一?个?|双|每两个?|每2个?){WEEK}的?每?个?{WEEK}{CHINESE_DAYS}", _chinese_other),
    (rf"每(?P<each>[三四五六八34568])个?{WEEK}的?{WEEK}{CHINESE_DAYS}", _chinese_weeks),
    (rf"隔{WEEK}{CHINESE_DAYS}", _chinese_other),
    (rf"(?:每个?|逢){WEEK}{CHINESE_DAYS}", _chinese_weekly),
    (r"每个?(?:周末|双休日)", _weekends),
    (r"(?:每个?)?工作日", _workdays),
    (r"每[天日]|天天", _daily),
    (rf"{EVERY_MONTH} {ORDINAL} {ONE_DAY}", _nth_of_months),
    (rf"(?:(?:on |each |every |the )*){ORDINAL} {ONE_DAY}{OF_MONTH}", _nth),
    (rf"(?:every|each) (?:second|2nd|other|alternate) {DAYS}", _english_other),
    (rf"(?:every|each) (?:third|3rd|fourth|4th|fifth|5th) {DAY}", _doubtful),
    (rf"(?:every|each|the) (?:the )?(?P<nth>first|1st|last) {ONE_DAY}", _nth),
    (rf"(?:every other week|every two weeks|every 2 weeks|fortnightly)(?: on)? {DAYS}", _english_other),
    (rf"every {FEW} weeks(?: on)? {DAYS}", _english_weeks),
    (rf"{EVERY_MONTH} last day(?![a-z])", _last_day),
    (rf"(?:on )?(?:the )?last day{OF_MONTH}", _last_day),
    (rf"{EVERY_MONTH} {NTH_DAY}", _months_on),
    (rf"(?:on )?(?:the )?{NTH_DAY}{OF_MONTH}", _monthly),
    (rf"(?:every|each) year(?: on)?(?: the)? {NTH_DAY}(?: of)? {MONTH}", _english_yearly),
    (rf"(?:every|each) year(?: on)? {MONTH} {NTH_DAY}", _english_yearly),
    (r"(?:every|each|on) weekdays?(?![a-z])", _workdays),
    (r"(?:every|each) weekends?(?![a-z])", _weekends),
    (r"(?:every|each) day(?![a-z])|daily(?![a-z])", _daily),
    (rf"(?:every|each|weekly(?: on)?) {DAYS}", _english_weekly),
    (r"(?:on )?(?P<days>(?:mon|tues|wednes|thurs|fri|satur|sun)days)(?![a-z])", _english_weekly),
)
GRAMMAR = tuple((re.compile(pattern), meaning) for pattern, meaning in RULES)
