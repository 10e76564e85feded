"""The days of the sample county: when its story begins, and which instants lie around the present one."""

from datetime import datetime, timedelta

from bot import dates
from bot.clock import Clock
from bot.config import Council

DAY, HOUR = 24 * 3600, 3600
# Three weeks, and the one by which a weekday may lie further back.
STORY_DAYS = 28
LOOK_BACK_DAYS = 100


class Days:
    """`now` is when the story ends, `first` when it begins: before a council that is over by now, so that one is."""

    def __init__(self, clock: Clock, rule: Council) -> None:
        self.now = clock.now
        self.full_hour = self.now - self.now % HOUR
        self._clock = clock
        self._today = clock.local(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        openings = self._openings(rule)
        open_seconds = rule.topics_open_days * DAY
        self.opening = next(at for at in reversed(openings) if at + open_seconds < self.now - DAY)
        """Of the last council that the timetable opened and closed."""
        self.closing = self.opening + open_seconds
        self.is_under_way = openings[-1] != self.opening
        """Whether the timetable has opened one since."""
        self.latest = openings[-1] if self.is_under_way else self._by_hand(rule, open_seconds)
        """The opening of the council that is under way: the timetable's, or one to be opened by hand."""
        self.first = min(self.opening - 2 * DAY, self.now - STORY_DAYS * DAY)

    def _by_hand(self, rule: Council, open_seconds: int) -> int:
        """Over when the timetable opens the next one."""
        following = int(self._next(self._clock.local(self.now), rule).timestamp())
        return max(self.closing + HOUR, min(self.at(-2, 15), following - open_seconds - HOUR))

    def _openings(self, rule: Council) -> list[int]:
        found = []
        at = self._today - timedelta(days=LOOK_BACK_DAYS)
        while (at := self._next(at, rule)).timestamp() <= self.now:
            found.append(int(at.timestamp()))
        return found

    def _next(self, at: datetime, rule: Council) -> datetime:
        return dates.next_local(at, zone=self._clock.zone, hour=rule.hour, minute=0, month_day=rule.day)

    def at(self, day: int, hour: int, weekday: int | None = None) -> int:
        """An hour of a day, counted from today; with a weekday on the next such day away from today."""
        found = self._today + timedelta(days=day)
        while weekday is not None and found.weekday() != weekday:
            found += timedelta(days=1 if day > 0 else -1)
        return int(found.replace(hour=hour).timestamp())

    def past(self, instant: int) -> int:
        """The instant, if it lies within the story; else the nearest that does."""
        return max(self.first + HOUR, min(instant, self.now - HOUR))
