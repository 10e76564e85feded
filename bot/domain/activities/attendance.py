"""The six states of a sign-up, from signed up to how somebody came, or why not."""

from enum import StrEnum


class Attendance(StrEnum):
    """How somebody who has a place took part. `SIGNED`: nobody has said it yet."""

    SIGNED = "signed"
    CAME = "came"
    LATE = "late"
    LEFT = "left"
    MISSED = "missed"
    EXCUSED = "excused"

    @classmethod
    def of(cls, came: int | None, how: str | None) -> "Attendance":
        """From the two columns that keep it."""
        if came is None:
            return cls.SIGNED
        return cls(how) if how else cls.CAME if came else cls.MISSED

    @property
    def came(self) -> bool:
        return self in (Attendance.CAME, Attendance.LATE, Attendance.LEFT)

    @property
    def how(self) -> str | None:
        """What is kept beside came or missed."""
        return self.value if self in (Attendance.LATE, Attendance.LEFT, Attendance.EXCUSED) else None

    @property
    def following(self) -> "Attendance":
        """What the next tap on the name says: the usual two first."""
        return TAPS[(TAPS.index(self) + 1) % len(TAPS)] if self in TAPS else TAPS[0]


TAPS = (Attendance.CAME, Attendance.MISSED, Attendance.LATE, Attendance.LEFT, Attendance.EXCUSED)
