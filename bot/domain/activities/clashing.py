"""Two things at once: an overlap is refused, a tight way from one to the other is asked about."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.cards import press
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Said, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# What lies closer together, at another place, is asked about.
TRAVEL_MINUTES = 30
# Duties of rotas count too: their room stands above this one and can't be asked.
NEAR = """
    SELECT 'activity' AS room, o.id AS id, o.title AS title, o.starts_at AS starts_at, o.ends_at, o.place
    FROM participations p JOIN activities o ON o.id = p.activity_id
    WHERE p.person_id = :person AND p.state IN ('in', 'offered') AND o.id <> :id AND o.state = 'open'
        AND o.starts_at < :until AND o.ends_at > :since
    UNION ALL SELECT 'duty', d.id, o.name, h.starts_at, h.ends_at, o.place
    FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id JOIN rota_posts o ON o.id = h.post_id
    WHERE d.person_id = :person AND d.state = 'on' AND h.starts_at < :until AND h.ends_at > :since
    ORDER BY starts_at, id
"""
# The buttons by which one looks at something, and gets out of it.
WAYS = {"activity": ("activities.open", "activities.leave"), "duty": ("rotas.duty", "rotas.giveup")}


@dataclass(frozen=True)
class Engagement:
    """Something a person has to be at. `open` and `leave` are buttons' data: to look at it, and to get out of it."""

    title: str
    starts_at: int
    ends_at: int
    place: str
    open: str
    leave: str


# Rules


def overlapping(activity: Activity, busy: Iterable[Engagement]) -> Engagement | None:
    """What cannot be done beside the activity, for it is at the same time."""
    return next((each for each in busy if _gap(activity, each) < 0), None)


def tight(activity: Activity, busy: Iterable[Engagement]) -> Engagement | None:
    """What lies so close to the activity, and elsewhere, that the way may be too long."""
    return next(
        (each for each in busy if _gap(activity, each) < TRAVEL_MINUTES * 60 and not _same_place(activity, each)), None
    )


def _gap(activity: Activity, other: Engagement) -> int:
    """Seconds between the two; below zero where they overlap."""
    return max(other.starts_at - activity.ends_at, activity.starts_at - other.ends_at)


def _same_place(activity: Activity, other: Engagement) -> bool:
    return activity.place.casefold() == other.place.casefold()


# Questions


async def engagements(tx: Transaction, activity: Activity, person: Person) -> list[Engagement]:
    """What else this person has a place in, or serves at, as far as it lies near this one.

    Whoever gives him a place by the answer holds his row, so that of two places at the same time one is refused.
    """
    around = TRAVEL_MINUTES * 60
    rows = await tx.all(
        NEAR,
        person=person.id,
        id=activity.id,
        since=activity.starts_at - around,
        until=activity.ends_at + around,
    )
    return [
        Engagement(
            row["title"],
            row["starts_at"],
            row["ends_at"],
            row["place"],
            *(press(name, row["id"]) for name in WAYS[row["room"]]),
        )
        for row in rows
    ]


def check(activity: Activity, busy: Iterable[Engagement], *, sure: bool, all_the_same: str = "") -> None:
    """Raises Refused for what is at the same time; for a tight way, too, unless he is `sure` of it."""
    both = list(busy)
    if other := overlapping(activity, both):
        raise Refused(
            say(
                "“{title}” is at the same time as “{other}” ({when}), where you have a place. Nothing was changed; "
                "withdraw from one to come to the other.",
                title=activity.title,
                other=other.title,
                when=Span(other.starts_at, other.ends_at),
            ),
            *_ways_out(other),
        )
    if not sure and (other := tight(activity, both)):
        raise Refused(
            say(
                "Only {minutes} min lie between “{title}” and “{other}” ({when}, {place}), where you have a place; below "
                "{n} min I ask. Nothing was changed yet: can you make it?",
                minutes=_gap(activity, other) // 60,
                n=TRAVEL_MINUTES,
                title=activity.title,
                other=other.title,
                when=Span(other.starts_at, other.ends_at),
                place=other.place,
            ),
            WayOut(say("Yes, sign up"), all_the_same),
            *_ways_out(other),
            asks=True,
        )


async def tight_words(tx: Transaction, activity: Activity, person: Person) -> Said | None:
    """What whoever takes a place in one tap reads of a tight way; None where there is none."""
    other = tight(activity, await engagements(tx, activity, person))
    if other is None:
        return None
    return say(
        "⚠️ Only {minutes} min lie between this and “{other}” ({when}).",
        minutes=_gap(activity, other) // 60,
        other=other.title,
        when=Span(other.starts_at, other.ends_at),
    )


def _ways_out(other: Engagement) -> tuple[WayOut, ...]:
    return WayOut(say("Open the other one"), other.open), WayOut(say("Withdraw from it"), other.leave)
