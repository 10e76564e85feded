"""Giving points: once for each event and person, from the issue account to the person's."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.points import rules
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction, Value

AMOUNT_MAX = 1_000_000


@dataclass(frozen=True)
class Credit:
    """What one event gave somebody. `last_id` is the event's newest transfer: the award, or a reversal of what stood.

    `stands` is False once the award has been taken back.
    """

    last_id: int
    amount: int
    stands: bool


# Rules


def check_amount(amount: int) -> None:
    """Raises Refused for what can't be awarded: nothing, less than nothing, or more than any rule gives."""
    if not 1 <= amount <= AMOUNT_MAX:
        raise Refused(
            say(
                "{amount} points can't be given: it must be a whole number from 1 to {limit}. Nothing was saved.",
                amount=amount,
                limit=AMOUNT_MAX,
            )
        )


# Questions


async def credit_of(tx: Transaction, person_id: int, *, reason: str, cause: str) -> Credit | None:
    """What this event gave this person, and whether it still stands; None where it was never awarded."""
    booked = await _booked(tx, person_id, reason, cause)
    if booked is None:
        return None
    award_id, owner = booked
    chain = await tx.all(
        "WITH RECURSIVE chain (id, depth) AS (SELECT CAST(:id AS BIGINT), 0 UNION ALL "
        "SELECT t.id, chain.depth + 1 FROM transfers t JOIN chain ON t.reverses = chain.id) "
        "SELECT id FROM chain ORDER BY depth",
        id=award_id,
    )
    amount = await _gained(tx, award_id, owner)
    return Credit(chain[-1]["id"], amount, len(chain) % 2 == 1)


# Himself, and the records that became his.
HIS = "SELECT id FROM people WHERE id = :person_id OR merged_into = :person_id"
BOOKED = """
    SELECT id, person_id FROM transfers WHERE cause = :cause AND reason = :reason AND reverses IS NULL
        AND COALESCE(person_id, 0) IN ({his})
    ORDER BY person_id = :person_id DESC, id DESC LIMIT 1
"""


async def _booked(tx: Transaction, person_id: int, reason: str, cause: str) -> tuple[int, int] | None:
    row = await tx.one(BOOKED.format(his=HIS), cause=cause, reason=reason, person_id=person_id)
    return None if row is None else (row["id"], row["person_id"])


async def _gained(tx: Transaction, transfer_id: int, person_id: int) -> int:
    gained = await tx.value(
        "SELECT e.amount FROM entries e JOIN accounts a ON a.id = e.account_id "
        "WHERE e.transfer_id = :transfer_id AND a.kind = 'member' AND a.owner = :person_id",
        transfer_id=transfer_id,
        person_id=person_id,
    )
    return int(gained or 0)


AWARDS = ", ".join(f"'{reason}'" for reason in (Reason.TASK, Reason.EVENT))
EARNED = """
    WITH RECURSIVE chain (cause, id) AS (
        SELECT t.cause, t.id FROM transfers t
        WHERE t.cause IN ({causes}) AND t.reason IN ({reasons}) AND COALESCE(t.person_id, 0) IN ({his}) AND t.reverses IS NULL
        UNION ALL SELECT chain.cause, t.id FROM transfers t JOIN chain ON t.reverses = chain.id)
    SELECT chain.cause, CAST(SUM(e.amount) AS BIGINT) AS amount FROM chain
    JOIN entries e ON e.transfer_id = chain.id
    JOIN accounts a ON a.id = e.account_id AND a.kind = 'member' AND a.owner IN ({his})
    GROUP BY chain.cause
"""


async def earned(tx: Transaction, person_id: int, causes: Sequence[str]) -> dict[str, int]:
    """What each of a page of events has brought this person, less what was taken back; those of nothing are left out."""
    if not causes:
        return {}
    named: dict[str, Value] = {f"cause{chr(ord('a') + i)}": cause for i, cause in enumerate(causes)}
    sql = EARNED.format(his=HIS, causes=", ".join(f":{name}" for name in named), reasons=AWARDS)
    return {row["cause"]: row["amount"] for row in await tx.all(sql, person_id=person_id, **named) if row["amount"]}


# Deeds


async def award(
    tx: Transaction,
    person_id: int,
    amount: int,
    *,
    reason: str,
    cause: str,
    by: int | None,
    approver: int | None = None,
    audit: int | None = None,
) -> int:
    """Give points from the issue account, once for each (reason, cause, person); the transfer's id.

    `amount` in points, 1 to AMOUNT_MAX. `cause` is such as `activity:12`. `by` and `approver` are people's ids, None
    for the bot of itself. It names the rules in force. `audit` is the number of the audit row in which `by` did this; without one, a row
    is written for whatever somebody does. The same event told again gives the same id and writes nothing, also
    when it has been reversed since: to give it again, reverse the reversal (`credit_of` names it). Several awards in
    one transaction are best made in the order of people's ids, so that two such lists never wait for each other.
    Raises Refused for an amount that can't be given, LedgerConflict when this event was booked with another amount.
    """
    check_amount(amount)
    return await transfer(
        tx,
        (issued(tx, amount), Leg("member", person_id, amount)),
        reason=Reason(reason),
        cause=cause,
        person_id=person_id,
        by=by,
        approver=approver,
        rule=(await rules.current(tx)).version,
        audit=audit,
        deed="points.awarded",
    )
