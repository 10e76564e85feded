"""Drawing places: by a seed whose hash was published before, so that anybody can recompute who got one.

The rule is here in two lines, and in docs/draws.md for everybody who wants to check it without us. Whoever has got a place
in something at the same time by then is passed over, and the drawn list says so.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import people
from bot.domain.activities import asking, clashing, posting, reminding, roles, ruling
from bot.domain.activities.places import DRAWN, Mode, Role
from bot.domain.activities.terming import DRAW as AGAIN
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Said, Span, say, say_n
from bot.outbox import Lane
from bot.storage import Row, Transaction

TELL = "activities.drawn"
TOLD_AT_ONCE = 50


@dataclass(frozen=True)
class Ticket:
    """One who was drawn: the number, as what, the day on which he last served ('' for never), and the rank.

    `passed`: why he was passed over, '' for whoever was not.
    """

    number: int
    role: str
    served: str
    rank: int
    passed: str


@dataclass(frozen=True)
class Outcome:
    """How many got a place, wait, and were passed over."""

    taken: int = 0
    waiting: int = 0
    passed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.taken + other.taken, self.waiting + other.waiting, self.passed + other.passed)


# Rules


def mark(seed: str, number: int) -> str:
    """Where chance puts a number: the SHA-256 of both, as small letters and digits."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def order(seed: str, served: Mapping[int, str]) -> list[int]:
    """The numbers in the order in which they get places: who served longest ago first, then by chance."""
    return sorted(served, key=lambda number: (served[number], mark(seed, number)))


def states(ranked: Sequence[int], busy: Set[int], places: int) -> dict[int, str]:
    """What becomes of the numbers in their drawn order: in, out for whoever is passed over, waiting once all is given."""
    found: dict[int, str] = {}
    for number in ranked:
        if not places:
            found[number] = "waiting"
        elif number in busy:
            found[number] = "out"
        else:
            found[number], places = "in", places - 1
    return found


# Questions

# As in `clashing`: duties of rotas count too.
APPLIED = """
    SELECT p.id, p.person_id, p.role_id, CASE WHEN EXISTS (
            SELECT 1 FROM participations q JOIN activities o ON o.id = q.activity_id
            WHERE q.person_id = p.person_id AND q.state IN ('in', 'offered') AND o.id <> :activity AND o.state = 'open'
                AND o.starts_at < :ends AND o.ends_at > :starts)
        OR EXISTS (SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
            WHERE d.person_id = p.person_id AND d.state = 'on' AND h.starts_at < :ends AND h.ends_at > :starts)
        THEN 1 ELSE 0 END AS busy, (SELECT MAX(a.starts_at) FROM participations q JOIN activities a ON a.id = q.activity_id
        WHERE q.person_id = p.person_id AND q.state = 'in' AND q.came = 1 AND q.confirmed_at IS NOT NULL) AS served_at
    FROM participations p WHERE p.activity_id = :activity AND p.state = 'applied' ORDER BY p.id
"""
TICKETS = """
    SELECT p.id AS number, COALESCE(r.name, '') AS role, p.served, p.turn AS rank,
        CASE WHEN p.was = 'applied' THEN 'elsewhere' ELSE '' END AS passed FROM participations p
    LEFT JOIN activity_roles r ON r.id = p.role_id
    WHERE p.activity_id = :activity AND p.served IS NOT NULL ORDER BY COALESCE(p.role_id, 0), p.turn
"""


async def tickets(tx: Transaction, activity: Activity) -> list[Ticket]:
    """Everybody who was drawn, without a name, in the drawn order of each role."""
    return [Ticket(**row) for row in await tx.all(TICKETS, activity=activity.id)]


# Deeds

# Whoever signs up holds his own row and then the activity's: so does the draw.
HOLD = """
    SELECT pe.id FROM people pe JOIN participations p ON p.person_id = pe.id
    WHERE p.activity_id = :activity AND p.state = 'applied' ORDER BY pe.id /*pg FOR NO KEY UPDATE OF pe*/
"""
DRAW = """
    UPDATE participations SET state = :state, was = :was, turn = :rank, served = :served, since = :now
    WHERE id = :id AND state = 'applied'
"""
COUNT = """
    UPDATE activities SET applied = 0, drawn_at = :now, taken = taken + :taken, waiting = waiting + :waiting
    WHERE id = :id RETURNING *
"""


async def draw(tx: Transaction, item: Due, house: House) -> None:
    """Sign-up has ended: draw all who applied, as many as there are places are in, the rest is the queue in this order."""
    held = {row["id"] for row in await tx.all(HOLD, activity=item.number)}
    activity = await asking.locked(tx, item.number)
    if not activity.is_open or activity.mode not in DRAWN or activity.drawn_at is not None:
        return
    rows = await tx.all(APPLIED, activity=activity.id, starts=activity.starts_at, ends=activity.ends_at)
    if not held.issuperset(row["person_id"] for row in rows):
        # Somebody took back his withdrawal in this very moment.
        await due.plan(tx, AGAIN, activity.name, tx.now + 1)
        return
    outcome = await _draw_all(tx, activity, rows)
    drawn = await asking.by_id(tx, activity.id)
    await due.plan(tx, TELL, f"{activity.name}:0", tx.now)
    await _tell_leaders(tx, drawn, outcome)
    await posting.redraw_soon(tx, drawn)


async def _draw_all(tx: Transaction, activity: Activity, rows: Sequence[Row]) -> Outcome:
    """Draw each role by itself, or all together where there are none, and count what came of it."""
    by_role, outcome = await roles.roles_of(tx, activity), Outcome()
    for role in by_role:
        among = [row for row in rows if row["role_id"] == role.id]
        drawn = await _draw_among(tx, activity, among, role.free)
        await roles.count(tx, activity, role.id, taken=drawn.taken, waiting=drawn.waiting)
        outcome += drawn
    plain = Outcome() if by_role else await _draw_among(tx, activity, rows, activity.free or 0)
    await tx.run(COUNT, id=activity.id, now=tx.now, taken=plain.taken, waiting=plain.waiting)
    return outcome + plain


async def _draw_among(tx: Transaction, activity: Activity, rows: Sequence[Row], places: int) -> Outcome:
    """Draw those who applied for the same places."""
    recent = activity.mode is Mode.RECENT
    served = {row["id"]: _day(tx, row["served_at"]) if recent else "" for row in rows}
    found = states(order(activity.seed, served), {row["id"] for row in rows if row["busy"]}, places)
    await tx.run_many(
        DRAW,
        [
            {
                "id": number,
                "rank": rank,
                "state": state,
                "was": "applied" if state == "out" else None,
                "served": served[number],
                "now": tx.now,
            }
            for rank, (number, state) in enumerate(found.items(), 1)
        ],
    )
    counted = Counter(found.values())
    await _end_reminders(tx, [number for number, state in found.items() if state == "out"])
    return Outcome(counted["in"], counted["waiting"], counted["out"])


async def _end_reminders(tx: Transaction, passed: Sequence[int]) -> None:
    for number in passed:
        await reminding.drop(tx, number)


def _day(tx: Transaction, served_at: int | None) -> str:
    return "" if served_at is None else tx.local(served_at).date().isoformat()


RESULTS = """
    SELECT p.id AS signup, p.state, p.turn, p.role_id, p.served, pe.* FROM participations p
    JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.served IS NOT NULL AND (p.state <> 'out' OR p.was = 'applied')
        AND p.id > :after
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
        screen = await _result(tx, activity, row, total["people"], total["places"] or activity.all_places or 0)
        key = f"drawn:{tx.bot}:{row['signup']}"
        await people.tell(tx, people.of_row(row), screen, lane=Lane.REMINDER, key=key, not_after=activity.starts_at)
    if len(rows) == TOLD_AT_ONCE:
        await due.plan(tx, TELL, f"{activity.name}:{rows[-1]['signup']}", tx.now)


async def _result(tx: Transaction, activity: Activity, row: Row, total: int, places: int) -> Card:
    why = say_n(
        "{rule}: your number {number} was drawn as number {rank} of {people} for {n} place.",
        "{rule}: your number {number} was drawn as number {rank} of {people} for {n} places.",
        places,
        rule=ruling.mode_words(activity.mode),
        number=row["signup"],
        rank=row["turn"],
        people=total,
    )
    return card(
        await _outcome(tx, activity, row),
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


async def _outcome(tx: Transaction, activity: Activity, row: Row) -> Said:
    if row["state"] == "in":
        return say("🎲 <b>You have a place</b> in “{title}”!", title=activity.title)
    if row["state"] == "out":
        return await _passed_over(tx, activity, people.of_row(row))
    return say(
        "🎲 No place in “{title}” this time; you are on the waiting list, in the drawn order.", title=activity.title
    )


async def _passed_over(tx: Transaction, activity: Activity, person: Person) -> Said:
    other = clashing.overlapping(activity, await clashing.engagements(tx, activity, person))
    if other is None:
        return say(
            "🎲 No place in “{title}”: your number was passed over, for you had a place in something else at the same time "
            "when it was drawn.",
            title=activity.title,
        )
    return say(
        "🎲 No place in “{title}”: your number was passed over, for you have a place in “{other}” at the same time ({when}).",
        title=activity.title,
        other=other.title,
        when=Span(other.starts_at, other.ends_at),
    )


def _served(day: str) -> Said:
    if not day:
        return say("You have not served yet, so you were among the first.")
    return say("You last served on {day}.", day=day)


async def _tell_leaders(tx: Transaction, activity: Activity, outcome: Outcome) -> None:
    """Whoever answers for it hears what came of the draw, and what it left, once."""
    free = activity.free or 0
    left = [_left(role) for role in await roles.roles_of(tx, activity) if role.free] if free else []
    screen = card(
        say("🎲 “{title}” has been drawn.", title=activity.title),
        say("{taken} have a place, {waiting} wait.", taken=outcome.taken, waiting=outcome.waiting),
        *((_passed(outcome.passed),) if outcome.passed else ()),
        *((say_n("<b>{n} place is left.</b>", "<b>{n} places are left.</b>", free),) if free else ()),
        *left,
        rows=((Button(say("Open"), press("activities.open", activity.id)), *(_reopen(activity) if free else ())),),
    )
    for leader in await asking.answerable(tx, activity):
        key = f"drawn:{tx.bot}:{activity.id}:leader:{leader.id}"
        await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=key)


def _passed(n: int) -> Said:
    return say_n(
        "{n} was passed over, having a place in something at the same time.",
        "{n} were passed over, having a place in something at the same time.",
        n,
    )


def _left(role: Role) -> Said:
    return say("• {role}: {n}", role=role.called, n=role.free)


def _reopen(activity: Activity) -> tuple[Button, ...]:
    """What is left is filled when people can sign up again, until the hour that the leader says."""
    return (Button(say("Reopen sign-up"), press("activities.retouch", activity.id, "closes")),)
