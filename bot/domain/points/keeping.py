"""What the ledger keeps of one person, and how it forgets him."""

from typing import Any

from bot.domain.people import Person, rows_of
from bot.domain.points import appealing
from bot.domain.points.giving import forget_gifts
from bot.domain.points.statement import ALL, balance
from bot.storage import Transaction

KNOWN = {
    "by_hand": "SELECT id, amount, why, asked_by, asked_at, state FROM grants_of_points WHERE person_id = :id ORDER BY id",
    "awards": "SELECT * FROM point_awards WHERE person_id = :id ORDER BY day, cause",
    "appeals": "SELECT * FROM entry_appeals WHERE person_id = :id ORDER BY id",
    "looked_at": "SELECT rule, word, seen_by, seen_at FROM point_findings_seen "
    "WHERE who = :id OR other = :id OR seen_by = :id ORDER BY id",
    "gifts": "SELECT id, giver_id, person_id, group_id, amount, words, made_at, final_at, state, settled_at FROM gifts "
    "WHERE giver_id = :id OR person_id = :id ORDER BY id",
    "rewards": "SELECT o.id, o.group_id, o.amount, o.why, o.given_at, o.undone_at FROM reward_rounds o "
    "JOIN rewards w ON w.round_id = o.id WHERE w.person_id = :id ORDER BY o.id",
    "rewards given": "SELECT id, group_id, amount, why, given_at, undone_at FROM reward_rounds WHERE given_by = :id ORDER BY id",
    "ticked to be rewarded": "SELECT group_id FROM reward_choices WHERE person_id = :id ORDER BY group_id",
    "earned": "SELECT period, amount FROM point_earned WHERE person_id = :id ORDER BY period",
    "named on the leaderboard": "SELECT person_id FROM point_names WHERE person_id = :id",
    "budgets asked for": "SELECT id, group_id, amount, why, asked_at, state FROM budget_grants WHERE asked_by = :id ORDER BY id",
}
# The reason stays where it is others' reason, too.
WIPE_REWARDS = """
    UPDATE reward_rounds SET why = '-' WHERE EXISTS (SELECT 1 FROM rewards w WHERE w.round_id = reward_rounds.id AND w.person_id = :id)
        AND NOT EXISTS (SELECT 1 FROM rewards w JOIN people p ON p.id = w.person_id
            WHERE w.round_id = reward_rounds.id AND w.person_id <> :id AND p.forgotten_at IS NULL)
"""


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """All that the ledger keeps of somebody, for /mydata."""
    rows = await tx.all(ALL, person_id=person.id)
    beside = await rows_of(tx, KNOWN, person)
    held = await balance(tx, person.id)
    return {"points": {"balance": held, "entries": [dict(row) for row in rows], **beside}}


async def forget(tx: Transaction, person: Person) -> None:
    """The ledger knows a person by number alone, and keeps it so that its books stay whole.

    Once `people.forget` has cut the number from the name, the entries belong to nobody that can be found. What was
    written of why points were given by hand, with a gift, in an appeal or of what somebody looked at, is wiped, and
    what still waits is not given.
    """
    await forget_gifts(tx, person)
    about = "who = :id OR other = :id OR seen_by = :id"
    await tx.run(f"UPDATE point_findings_seen SET word = '-' WHERE {about}", id=person.id)  # noqa: S608 - a text of our own
    await tx.run("DELETE FROM point_names WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM reward_choices WHERE person_id = :id OR leader_id = :id", id=person.id)
    await tx.run(WIPE_REWARDS, id=person.id)
    await tx.run("UPDATE grants_of_points SET why = '-' WHERE person_id = :id", id=person.id)
    await tx.run(
        "UPDATE grants_of_points SET state = 'declined', settled_at = :now WHERE person_id = :id AND state = 'waiting'",
        id=person.id,
        now=tx.now,
    )
    await appealing.forget(tx, person)
