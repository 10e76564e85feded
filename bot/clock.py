"""The only place that asks the time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """Instants in whole Unix seconds (UTC), days in the county's zone; `seconds` is handed in so that tests can move it."""

    zone: ZoneInfo
    seconds: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic

    @property
    def now(self) -> int:
        return int(self.seconds())

    @property
    def today(self) -> date:
        return self.local(self.now).date()

    def local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant, self.zone)
