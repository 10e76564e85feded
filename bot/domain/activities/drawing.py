"""Drawing places: by a seed whose hash was published before, so that anybody can recompute who got one.

The rule is here in two lines, and in docs/draws.md for everybody who wants to check it without us.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import people
from bot.domain.activities import asking, posting, roles, ruling
from bot.domain.activities.places import DRAWN, Mode
from bot.domain.activities.things import Activity
from bot.due import Due
from bot.locales import Said, Span, say
from bot.outbox import Lane
from bot.storage import Row, Transaction

TELL = "activities.drawn"
TOLD_AT_ONCE = 50


@dataclass(frozen=True)
class Ticket:
    """One who was drawn: the number, as what, the day on which he last served ('' for never), and the rank."""

    number: int
    role: str
    served: str
    rank: int


# Rules


def mark(seed: str, number: int) -> str:
    """Where chance puts a number: the SHA-256 of both, as small letters and digits."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def order(seed: str, served: Mapping[int, str]) -> list[int]:
    """The numbers in the order in which they get places: who served longest ago first, then by chance."""
    return sorted(served, key=lambda number: (served[number], mark(seed, number)))


# Questions


APPLIED = """
    SELECT p.id, p.role_id, (SELECT MAX(a.starts_at) FROM participations q JOIN activities a ON a.id = q.activity_id
        WHERE q.person_id = p.person_id AND q.state = 'in' AND q.came = 1 AND q.confirmed_at IS NOT NULL) AS served_at
    FROM participations p WHERE p.activity_id = :activity AND p.state = 'applied' ORDER BY p.id
"""
TICKETS = """
    SELECT p.id AS number, COALESCE(r.name, '') AS role, p.served, p.turn AS rank FROM participations p
    LEFT JOIN activity_roles r ON r.id = p.role_id
    WHERE p.activity_id = :activity AND p.served IS NOT NULL ORDER BY COALESCE(p.role_id, 0), p.turn
"""


async def tickets(tx: Transaction, activity: Activity) -> list[Ticket]:
    """Everybody who was drawn, without a name, in the drawn order of each role."""
    return [Ticket(**row) for row in await tx.all(TICKETS, activity=activity.id)]


# Deeds

DRAW = """
    UPDATE participations SET state = :state, turn = :rank, served = :served, since = :now
    WHERE id = :id AND state = 'applied'
"""
COUNT = """
    UPDATE activities SET applied = 0, drawn_at = :now, taken = taken + :taken, waiting = waiting + :waiting
    WHERE id = :id RETURNING *
"""


async def draw(tx: Transaction, item: Due, house: House) -> None:
    """Sign-up has ended: draw all who applied, as many as there are places are in, the rest is the queue in this order."""
    activity = await asking.locked(tx, item.number)
    if not activity.is_open or activity.mode not in DRAWN or activity.drawn_at is not None:
        return
    rows = await tx.all(APPLIED, activity=activity.id)
    free = {role.id: role.free for role in await roles.roles_of(tx, activity)}
    for role_id, places in free.items():
        among = [row for row in rows if row["role_id"] == role_id]
        taken, waiting = await _draw_among(tx, activity, among, places)
        await roles.count(tx, activity, role_id, taken=taken, waiting=waiting)
    taken, waiting = (0, 0) if free else await _draw_among(tx, activity, rows, activity.free or 0)
    drawn = await tx.one(COUNT, id=activity.id, now=tx.now, taken=taken, waiting=waiting)
    assert drawn is not None, "the row is held"
    await due.plan(tx, TELL, f"{activity.name}:0", tx.now)
    await posting.redraw_soon(tx, Activity.of_row(drawn))


async def _draw_among(tx: Transaction, activity: Activity, rows: Sequence[Row], places: int) -> tuple[int, int]:
    """Draw those who applied for the same places; how many are in, and how many wait."""
    recent = activity.mode is Mode.RECENT
    served = {row["id"]: _day(tx, row["served_at"]) if recent else "" for row in rows}
    ranked = order(activity.seed, served)
    await tx.run_many(
        DRAW,
        [
            {
                "id": number,
                "rank": rank,
                "state": "in" if rank <= places else "waiting",
                "served": served[number],
                "now": tx.now,
            }
            for rank, number in enumerate(ranked, 1)
        ],
    )
    return min(len(ranked), places), max(len(ranked) - places, 0)


def _day(tx: Transaction, served_at: int | None) -> str:
    return "" if served_at is None else tx.local(served_at).date().isoformat()


RESULTS = """
    SELECT p.id AS signup, p.state, p.turn, p.role_id, p.served, pe.* FROM participations p
    JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.served IS NOT NULL AND p.state <> 'out' AND p.id > :after
    ORDER BY p.id LIMIT :limit
"""
TOTALS = """
    SELECT p.role_id, COUNT(*) AS people, r.places FROM participations p LEFT JOIN activity_roles r ON r.id = p.role_id
    WHERE p.activity_id = :activity AND p.served IS NOT NULL GROUP BY p.role_id, r.places
"""


async def tell_drawn(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those who were drawn what came of it, and why."""
    activity, after = await asking.by_id(tx, item.number), int(item.subject.split(":")[2])
    if not activity.is_open:
        return
    rows = await tx.all(RESULTS, activity=activity.id, after=after, limit=TOLD_AT_ONCE)
    totals = {row["role_id"]: row for row in await tx.all(TOTALS, activity=activity.id)}
    for row in rows:
        total = totals[row["role_id"]]
        screen = _result(activity, row, total["people"], total["places"] or activity.all_places or 0)
        key = f"drawn:{tx.bot}:{row['signup']}"
        await people.tell(tx, people.of_row(row), screen, lane=Lane.REMINDER, key=key, not_after=activity.starts_at)
    if len(rows) == TOLD_AT_ONCE:
        await due.plan(tx, TELL, f"{activity.name}:{rows[-1]['signup']}", tx.now)


def _result(activity: Activity, row: Row, people: int, places: int) -> Card:
    why = say(
        "{rule}: your number {number} was drawn as number {rank} of {people} for {places} places.",
        rule=ruling.mode_words(activity.mode),
        number=row["signup"],
        rank=row["turn"],
        people=people,
        places=places,
    )
    return card(
        _outcome(row["state"] == "in", activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        why,
        *((_served(row["served"]),) if activity.mode is Mode.RECENT else ()),
        rows=(
            (
                Button(say("Open"), press("activities.open", activity.id)),
                Button(say("How places are given"), press("activities.fair", activity.id)),
            ),
        ),
    )


def _outcome(has_place: bool, title: str) -> Said:
    if has_place:
        return say("🎲 <b>You have a place</b> in “{title}”!", title=title)
    return say("🎲 No place in “{title}” this time; you are on the waiting list, in the drawn order.", title=title)


def _served(day: str) -> Said:
    if not day:
        return say("You have not served yet, so you were among the first.")
    return say("You last served on {day}.", day=day)
