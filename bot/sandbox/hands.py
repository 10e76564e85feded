"""The county's clock as the sandbox sets it: this machine's time, moved by so many seconds."""

from collections.abc import Callable


class Hands:
    """`seconds` is for Clock and World alike, in this process; the bot's own process is told the offset."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self.offset = 0.0

    def seconds(self) -> float:
        """Unix seconds of the county."""
        return self._real() + self.offset

    def move(self, instant: float) -> None:
        """Let it be `instant` in the county, from where time goes on as everywhere."""
        self.offset = instant - self._real()
