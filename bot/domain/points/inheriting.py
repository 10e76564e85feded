"""Two records of one person become one: the points go on, and so does all that still comes to the old account."""

from bot.domain.people import Becoming, go, move, share, stay, told
from bot.domain.points.board import carry_over
from bot.domain.points.giving import call_gifts_off
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, locked, transfer
from bot.storage import Transaction

MERGED = (
    *told("accounts", "owner", "heir"),
    *stay("transfers", "person_id", "actor_id", "approver_id"),
    *stay("grants_of_points", "asked_by", "settled_by"),
    # What was given is booked under the number to which it was given.
    move("grants_of_points", "person_id", only="state = 'waiting' AND asked_by <> :into"),
    *stay("point_rules", "made_by"),
    *stay("point_awards", "person_id"),
    # An answer to what the old record asked reaches the other one, and so do points that make up for it.
    *stay("entry_appeals", "person_id", "answered_by"),
    *stay("gifts", "giver_id", "person_id", "reversed_by"),
    *stay("point_findings_seen", "who", "seen_by"),
    *stay("budget_grants", "asked_by", "settled_by"),
    *stay("reward_rounds", "given_by"),
    *stay("rewards", "person_id"),
    # Carried over before.
    go("point_earned", "person_id"),
    move("point_names", "person_id", once=(), rest="goes"),
    go("reward_choices", "leader_id"),
    go("reward_choices", "person_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Gifts that wait go back to their givers; then all that the old record has is carried over, in each unit."""
    await call_gifts_off(tx, it.old)
    await locked(tx, [("member", "points", it.old.id)])
    rows = await tx.all(
        "SELECT unit, balance FROM accounts WHERE kind = 'member' AND owner = :old AND balance > 0 ORDER BY unit",
        old=it.old.id,
    )
    for row in rows:
        await transfer(
            tx,
            (
                Leg("member", it.old.id, -row["balance"], row["unit"]),
                Leg("member", it.into.id, row["balance"], row["unit"]),
            ),
            reason=Reason.MERGE,
            cause=f"merge:{it.id}" if row["unit"] == "points" else f"merge:{it.id}:{row['unit']}",
            person_id=it.into.id,
            by=it.asked_by.id,
            approver=it.agreed_by.id,
        )
    await tx.run(
        "UPDATE accounts SET heir = :into WHERE kind = 'member' AND (owner = :old OR heir = :old)",
        into=it.into.id,
        old=it.old.id,
    )
    await carry_over(tx, it.old.id, it.into.id)
    await share(tx, MERGED, it)
    await tx.run(
        "UPDATE grants_of_points SET state = 'declined', settled_at = :now WHERE person_id = :old AND state = 'waiting'",
        old=it.old.id,
        now=tx.now,
    )
