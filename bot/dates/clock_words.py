"""The words for times of day: faces of the clock and parts of the day; each pattern with what it means."""

import re
from functools import partial

from bot.dates import parts
from bot.dates.items import Clock, DayShift, Hours, Item, Part, Rule
from bot.dates.plain import NUMERAL, number

QUARTERS = {"一": 15, "1": 15, "三": 45, "3": 45}
# 7点20 ends in minutes, 7点12月1日 does not.
NOT_A_NUMBER = "(?![零一二两三四五六七八九十0-9:./月号日点时])"
LOOSE = rf"(?P<loose>[0-9]{{2}}|零[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?){NOT_A_NUMBER}"
MINUTES = rf"(?:钟|整|(?P<half>半)|过?(?P<quarter>[一三13])刻|过?(?P<min>{NUMERAL})分(?!钟)|{LOOSE})?"
# "at 3" is a time by itself, but not in "at 3pm", "at 3-5pm" or "at 3 Nov".
AT_END = (
    r"(?![0-9:./])(?! ?(?:[ap]m|o'?clock|-|to |un|till|[点时月日号年到至]|st|nd|rd|th|in the "
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)


def _halves(found: re.Match[str]) -> tuple[Item, ...]:
    spoken, minute = int(found["h"]), int(found["min"] or 0)
    if not 1 <= spoken <= 12:
        return (Clock(spoken + 25, minute, Hours.DAY),)  # 0pm and 13pm are hours of no clock, refused as 25:00 is
    return (Clock(spoken % 12 + (12 if found["half"] == "p" else 0), minute, Hours.DAY, twelve=True),)


def _figures(found: re.Match[str]) -> tuple[Item, ...]:
    hour = number(found["h"])
    hours = Hours.DAY if _exact(found["h"]) else Hours.SHORT if hour < 10 else Hours.EITHER
    return (Clock(hour, int(found["min"]), hours),)


def _spoken(found: re.Match[str]) -> tuple[Item, ...]:
    if found["half"]:
        minute = 30
    elif found["quarter"]:
        minute = QUARTERS[found["quarter"]]
    else:
        minute = number(found["min"] or found["loose"] or "0")
    return (Clock(number(found["h"]), minute, Hours.DAY if _exact(found["h"]) else Hours.SPOKEN),)


def _bare(found: re.Match[str], *, signed: bool) -> tuple[Item, ...]:
    hours = Hours.DAY if _exact(found["h"]) else Hours.SHORT
    return (Clock(number(found["h"]), 0, hours, signed=signed),)


def _exact(hour: str) -> bool:
    return hour[0] in "0零" or number(hour) > 12


def _part(found: re.Match[str], *, named: dict[str, Part]) -> tuple[Item, ...]:
    return (named[found["part"]],)


def _tonight(_: re.Match[str]) -> tuple[Item, ...]:
    return (DayShift(0), parts.NIGHT)


def _noon(_: re.Match[str]) -> tuple[Item, ...]:
    return (parts.NOON,)


def _midnight(_: re.Match[str]) -> tuple[Item, ...]:
    return (parts.MIDNIGHT,)


def _longest_first(words: dict[str, Part]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


CLOCK_WORDS: tuple[Rule, ...] = (
    (r"(?P<h>[0-9]{1,2})(?:[:.](?P<min>[0-9]{2}))? ?(?P<half>[ap])m(?![a-z0-9])", _halves),
    (r"(?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::00)?(?![0-9:])", _figures),
    (r"(?P<h>[0-9]{1,2})\.(?P<min>[0-9]{2})(?= ?-[0-9.:]+ ?[ap]m)", _figures),
    (rf"(?P<h>{NUMERAL})[点时]{MINUTES}", _spoken),
    (r"(?P<h>[0-9]{1,2})(?P<half>)(?P<quarter>)(?P<min>)(?P<loose>) ?o'?clock(?![a-z])", _spoken),
    (rf"at (?P<h>[0-9]{{1,2}}){AT_END}", partial(_bare, signed=True)),
    (rf"(?P<part>{_longest_first(parts.CHINESE)})", partial(_part, named=parts.CHINESE)),
    (rf"(?:in the |at )?(?P<part>{_longest_first(parts.ENGLISH)})(?![a-z])", partial(_part, named=parts.ENGLISH)),
    (r"tonight(?![a-z])", _tonight),
    (r"正午|(?:12 )?(?:noon|midday)(?![a-z])", _noon),
    (r"(?:12 )?midnight(?![a-z])", _midnight),
)
# Tried last of all: a number that only its neighbours can make a time, as in 2-4pm, 下午三到五点, tonight 8.
BARE_NUMBER: Rule = (rf"(?P<h>{NUMERAL})(?![0-9:])", partial(_bare, signed=False))
