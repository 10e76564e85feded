"""Where people meet, and how far from it somebody was who is checked in: a flag for the leader, never a judgement.

Where somebody was is compared and forgotten in the same moment; what stays is a rounded distance.
"""

import math
from dataclasses import dataclass

from bot.domain import audit
from bot.domain.activities import asking
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

EARTH_METRES = 6_371_000
# Two locations say no more than this of each other, and nothing past the last.
STEP_METRES, METRES_MAX = 50, 20_000
SHOWN_MAX = 10
# Latitude and longitude in millionths of a degree.
Point = tuple[int, int]


@dataclass(frozen=True)
class Nearness:
    """How far from the meeting point somebody was, in metres, when he sent his location."""

    stay_id: int
    nickname: str
    metres: int
    at: int

    @property
    def words(self) -> Said:
        if self.metres >= METRES_MAX:
            return say("more than {n} km", n=METRES_MAX // 1000)
        return say("{n} m", n=self.metres) if self.metres < 1000 else say("{n} km", n=f"{self.metres / 1000:.1f}")


# Rules


def metres_between(one: Point, other: Point) -> int:
    """The way between two points over the ground, rounded up to whole steps, and at most the last one."""
    north, east = (math.radians((b - a) / 1_000_000) for a, b in zip(one, other, strict=True))
    along = math.cos(math.radians(one[0] / 1_000_000)) * math.cos(math.radians(other[0] / 1_000_000))
    share = math.sin(north / 2) ** 2 + along * math.sin(east / 2) ** 2
    metres = 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, share)))
    return min(METRES_MAX, math.ceil(metres / STEP_METRES) * STEP_METRES)


# Questions

NEARNESS = """
    SELECT d.stay_id, pe.nickname, d.metres, d.at FROM stay_distances d JOIN stays s ON s.id = d.stay_id
    JOIN people pe ON pe.id = d.person_id
"""


async def far_off(tx: Transaction, activity: Activity, metres: int) -> list[Nearness]:
    """Who was farther from the meeting point than so many metres, the farthest first."""
    rows = await tx.all(
        NEARNESS + "WHERE s.activity_id = :id AND d.metres > :metres ORDER BY d.metres DESC, d.stay_id LIMIT :limit",
        id=activity.id,
        metres=metres,
        limit=SHOWN_MAX,
    )
    return [Nearness(**row) for row in rows]


async def nearness_of(tx: Transaction, participation_id: int) -> dict[int, Nearness]:
    """How far somebody was in each of his stays, as far as it is known."""
    rows = await tx.all(NEARNESS + "WHERE s.participation_id = :id", id=participation_id)
    return {row["stay_id"]: Nearness(**row) for row in rows}


# Deeds


async def meet_at(tx: Transaction, activity_id: int, point: Point | None, *, by: Person) -> Activity:
    """Say where people meet; None takes it away. Raises Refused once it is confirmed or called off."""
    activity = await asking.managed_by(tx, activity_id, by)
    latitude, longitude = point or (None, None)
    changed = await tx.run(
        "UPDATE activities SET latitude = :latitude, longitude = :longitude WHERE id = :id AND state = 'open'",
        latitude=latitude,
        longitude=longitude,
        id=activity.id,
    )
    if not changed:
        raise Refused(say("“{title}” is over or was called off. Nothing was changed.", title=activity.title))
    await audit.note(tx, "activity.changed", activity.name, by=by.id)
    return await asking.by_id(tx, activity.id)


HERE = """
    SELECT s.id AS stay, a.* FROM stays s JOIN activities a ON a.id = s.activity_id
    WHERE s.person_id = :me AND s.state = 'open' AND a.state = 'open'
"""
KEEP = """
    INSERT INTO stay_distances (stay_id, person_id, metres, at) VALUES (:stay, :me, :metres, :now)
    ON CONFLICT (stay_id) DO UPDATE SET metres = excluded.metres, at = excluded.at
"""


async def come_near(tx: Transaction, point: Point, *, by: Person) -> tuple[Activity, Nearness]:
    """Keep how far from the meeting point `by` is, of what he is checked in to. Raises Refused where that is of no use."""
    row = await tx.one(HERE, me=by.id)
    if row is None:
        raise Refused(
            say("I need a location only while you are checked in to something. Nothing was kept."),
            WayOut(say("How to check in"), "activities.how"),
        )
    activity = Activity.of_row(row)
    if activity.point is None:
        raise Refused(
            say(
                "Nobody has said where “{title}” meets. Nothing was kept, and nothing is missing.", title=activity.title
            ),
            asking.to_card(activity.id),
        )
    found = Nearness(row["stay"], by.nickname, metres_between(activity.point, point), tx.now)
    await tx.run(KEEP, stay=found.stay_id, me=by.id, metres=found.metres, now=tx.now)
    return activity, found
