"""What somebody missed without a reason, how many times lately, and the rule by which signing up pauses."""

from bot.config import Absences
from bot.locales import Said, say, say_n
from bot.storage import Row, Transaction

DAY = 24 * 3600
MISSED = """
    FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE p.person_id = :id AND p.state = 'in' AND p.came = 0 AND p.how IS NULL AND p.confirmed_at IS NOT NULL
        AND a.ends_at > :since
"""


async def missed_lately(tx: Transaction, person_id: int, rules: Absences) -> list[Row]:
    """What somebody missed without being excused, within the days of the rule, the newest confirmation first."""
    return list(
        await tx.all(
            f"SELECT p.id, p.confirmed_at, a.title {MISSED} ORDER BY p.confirmed_at DESC, p.id DESC",
            id=person_id,
            since=tx.now - rules.days * DAY,
        )
    )


async def paused_until(tx: Transaction, person_id: int, rules: Absences) -> int | None:
    """Until when somebody can sign up for nothing; None for whoever can."""
    missed = await missed_lately(tx, person_id, rules)
    if len(missed) < rules.pause_from:
        return None
    until = int(missed[0]["confirmed_at"]) + rules.pause_days * DAY
    return until if until > tx.now else None


def rule(rules: Absences) -> Said:
    """The rule, in words."""
    return say_n(
        "The rule: from {limit} missed without a reason within {days} days on, signing up pauses for {n} day. No points are "
        "taken.",
        "The rule: from {limit} missed without a reason within {days} days on, signing up pauses for {n} days. No points are "
        "taken.",
        rules.pause_days,
        limit=rules.pause_from,
        days=rules.days,
    )


async def so_far(tx: Transaction, person_id: int, rules: Absences) -> Said:
    """How many somebody has missed by now, and what follows from how many."""
    return say(
        "Missed without a reason within {days} days: {n}. From {limit} on signing up pauses for {pause} days. A reason takes one tap.",
        n=len(await missed_lately(tx, person_id, rules)),
        days=rules.days,
        limit=rules.pause_from,
        pause=rules.pause_days,
    )
