"""Reads what people write for a date, a time, a range or a length; what is not wholly understood is refused.

Rules where the words leave a choice (each is shown by the echo that a person confirms):

- The next such: a date without a year, a weekday without a week, a day of the month or a time alone mean the next that
  is still ahead, today included. A date without a year lies in this year or the next: 2月29日 is refused if that has none.
- Weeks begin on Monday. 本周日, 这周日 and "this Sun" are in this calendar week (and may be past), 下周六 and
  "next Sat" in the next one, 下下周六 in the one after that.
- A bare hour (3点, 3:30, "at 3", 3 o'clock) is the morning's from 7 to 11 and noon at 12; from 1 to 6 it is ambiguous.
  Two figures (03:00, 14:00, 10:30), 0点 and 13点 to 24点 are of the 24-hour clock.
- A range's end that is bare is the next such face of the clock: 上午10点到2点 ends at 14:00. An end with am, pm or a
  part of the day after it holds for both: 2-4pm, 7-9 in the evening. An end that is not after its start is on the next
  day if that makes at most 12 hours; else it is ambiguous.
- Midnight ends the day it is said of: 周六晚上12点 and "Sat midnight" are Sunday 00:00. 周六0点 and "Sat 12am" begin
  it. 晚上2点 could be on two days: ambiguous.
- 12/1 and 12.1 have the month first; the latter is a date only beside a time (12.1 下午3点), and ambiguous alone.
- A local time that a clock change doubles is its first. Days and weeks from now are dates, hours and minutes exact.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dates.durations import length_at
from bot.dates.items import Misfit, Why
from bot.dates.meaning import Reading, meaning
from bot.dates.plain import TEXT_LENGTH_MAX, plain
from bot.dates.scan import items

YEAR_MIN, YEAR_MAX = 1900, 2199


class Unreadable(ValueError):
    """A text that was not read, and why."""

    def __init__(self, text: str, why: Why) -> None:
        super().__init__(text, why)
        self.text = text
        self.why = why


def read(text: str, *, now: datetime, zone: ZoneInfo) -> Reading:
    """What the text means at `now` (aware) in `zone`, to the minute. Raises `Unreadable`. The past is given as it is.

    At most 200 characters, and the years 1900-2199.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware")
    try:
        reading = meaning(items(text), now=now, zone=zone)
    except Misfit as misfit:
        raise Unreadable(text, misfit.why) from None
    except OverflowError:  # a day beyond the calendar, as 9999 weeks from the year 9990
        raise Unreadable(text, Why.NO_SUCH_DAY) from None
    if not YEAR_MIN <= reading.start.year <= (reading.end or reading.start).year <= YEAR_MAX:
        raise Unreadable(text, Why.NO_SUCH_DAY)
    return reading


def read_duration(text: str) -> timedelta:
    """How long, to the second. Raises `Unreadable`; half a day is AMBIGUOUS, for nobody knows how many hours it has."""
    whole = plain(text) if len(text) <= TEXT_LENGTH_MAX else ""
    found = length_at(whole, 0)
    if found is None or found[1] != len(whole):
        raise Unreadable(text, Why.NOT_UNDERSTOOD)
    if found[0].doubtful:
        raise Unreadable(text, Why.AMBIGUOUS)
    return timedelta(seconds=found[0].seconds)
