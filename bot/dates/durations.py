"""How long: 两个半小时, 90分钟, 1h30m, an hour and a half."""

import re
from fractions import Fraction

from bot.dates.items import Length
from bot.dates.plain import ENGLISH, HAN, number

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
UNITS = {
    **dict.fromkeys(("小时", "钟头", "hours", "hour", "hrs", "hr", "h"), HOUR),
    **dict.fromkeys(("分钟", "分", "minutes", "minute", "mins", "min", "m"), MINUTE),
    "刻钟": 15 * MINUTE,
    **dict.fromkeys(("秒钟", "秒", "seconds", "second", "secs", "sec", "s"), 1),
    **dict.fromkeys(("天", "days", "day", "d"), DAY),
    **dict.fromkeys(("星期", "礼拜", "周", "weeks", "week"), WEEK),
}
HUNDREDS = r"[一二两三四五六七八九]百(?:零[一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)?"
DIGITS = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
WORDS = "|".join(("an?", *ENGLISH[1:]))
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
STRETCH = re.compile(
    rf"(?:(?P<amount>{DIGITS}|{HUNDREDS}|{HAN})(?:个(?P<inner>半)?|(?P<digits_half> and a half))? ?"
    rf"|(?P<word>{WORDS})(?P<word_half> and a half)? |(?P<half>半个?|half an? ))"
    rf"(?P<unit>{UNIT})(?![a-z])(?P<after>半| and a half(?![a-z]))?"
)
HALVES = ("inner", "digits_half", "word_half", "half", "after")
JOINT = re.compile(r" ?(?:and\b|零|又)? ?")


def length_at(text: str, start: int) -> tuple[Length, int] | None:
    """The length that begins at `start` of a plain text, and where it ends. Units go from great to small, each once."""
    seconds, doubtful, units, end, after = Fraction(0), False, [WEEK + 1], start, start
    while (stretch := STRETCH.match(text, after)) and UNITS[stretch["unit"]] < units[-1]:
        unit = UNITS[stretch["unit"]]
        amount, halves = _amount(stretch), sum(bool(stretch[name]) for name in HALVES)
        doubtful |= halves > 1 or (halves == 1 and amount.denominator > 1)
        amount += Fraction(halves, 2)
        doubtful |= unit >= DAY and amount.denominator > 1
        seconds += amount * unit
        units.append(unit)
        end = stretch.end()
        after = _after_joint(text, end)
    if end == start:
        return None
    return Length(round(seconds), int(seconds) // DAY if units[-1] >= DAY else None, doubtful), end


def _amount(stretch: re.Match[str]) -> Fraction:
    written = stretch["amount"] or stretch["word"]
    if not written:
        return Fraction(0)
    return Fraction(written) if written[0] in "0123456789" else Fraction(number(written))


def _after_joint(text: str, end: int) -> int:
    joint = JOINT.match(text, end)
    return joint.end() if joint else end
