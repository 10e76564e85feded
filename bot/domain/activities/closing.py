"""What becomes of a group's activities when the group is closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.activities.publishing import cancel, undo_cancelling
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.storage import Transaction

# No reason is typed for these: `Activity.why` says it in each reader's words.
GROUP_CLOSED = ""


@dataclass(frozen=True)
class Left:
    """What a group leaves behind: activities still ahead with all who are in them or wait, and those to be confirmed."""

    ahead: int
    people: int
    unconfirmed: int


async def left_by(tx: Transaction, group_id: int) -> Left:
    """What a group leaves that closes: activities ahead, the people in or waiting for them, and what is unconfirmed."""
    row = await tx.one(
        "SELECT COUNT(*) FILTER (WHERE starts_at > :now) AS ahead, "
        "CAST(COALESCE(SUM(taken + waiting + role_waiting + applied) FILTER (WHERE starts_at > :now), 0) AS BIGINT) AS people, "
        "COUNT(*) FILTER (WHERE starts_at <= :now AND taken > 0) AS unconfirmed "
        "FROM activities WHERE group_id = :group_id AND state = 'open'",
        group_id=group_id,
        now=tx.now,
    )
    assert row is not None, "counting gives a row"
    return Left(**row)


async def call_off_all(tx: Transaction, group_id: int, *, by: Person) -> Sequence[Activity]:
    """Cancel everything of the group that is still ahead; who is in it is told a minute later. What was cancelled."""
    rows = await tx.all(
        "SELECT id FROM activities WHERE group_id = :group_id AND state = 'open' AND starts_at > :now ORDER BY id",
        group_id=group_id,
        now=tx.now,
    )
    return [await cancel(tx, row["id"], GROUP_CLOSED, by=by) for row in rows]


async def revive_all(tx: Transaction, group_id: int, *, by: Person) -> Sequence[Activity]:
    """The group is open again: what was cancelled with it takes place after all. Raises Refused after a minute."""
    rows = await tx.all(
        "SELECT id FROM activities WHERE group_id = :group_id AND state = 'cancelled' AND reason = '' AND lacked IS NULL ORDER BY id",
        group_id=group_id,
    )
    return [await undo_cancelling(tx, row["id"], by=by) for row in rows]
