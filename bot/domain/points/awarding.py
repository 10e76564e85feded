"""Giving points: once for each event and person, from the issue account to the person's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.points import rules
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

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
# By the whole key, in this order: SQLite takes all that takes nothing back, which is nearly the whole ledger, for two rows.
BOOKED = f"""
    SELECT t.id, t.person_id FROM ({HIS}) h CROSS JOIN transfers t WHERE t.cause = :cause AND t.reason = :reason
        AND COALESCE(t.person_id, 0) = +h.id AND t.reverses IS NULL
    ORDER BY t.person_id = :person_id DESC, t.id DESC LIMIT 1
"""  # noqa: S608 - a text of our own


async def _booked(tx: Transaction, person_id: int, reason: str, cause: str) -> tuple[int, int] | None:
    row = await tx.one(BOOKED, cause=cause, reason=reason, person_id=person_id)
    return None if row is None else (row["id"], row["person_id"])


async def _gained(tx: Transaction, transfer_id: int, person_id: int) -> int:
    gained = await tx.value(
        "SELECT e.amount FROM entries e JOIN accounts a ON a.id = e.account_id "
        "WHERE e.transfer_id = :transfer_id AND a.kind = 'member' AND a.owner = :person_id",
        transfer_id=transfer_id,
        person_id=person_id,
    )
    return int(gained or 0)


# Likewise.
EARNED = f"""
    WITH RECURSIVE chain (cause, id) AS (
        SELECT t.cause, t.id FROM (SELECT value ->> 0 AS cause FROM json_each(:causes)) c
        CROSS JOIN (SELECT '{Reason.TASK}' AS reason UNION ALL SELECT '{Reason.EVENT}') r CROSS JOIN ({HIS}) h
        CROSS JOIN transfers t WHERE t.cause = c.cause AND t.reason = r.reason AND COALESCE(t.person_id, 0) = +h.id
            AND t.reverses IS NULL
        UNION ALL SELECT chain.cause, t.id FROM transfers t JOIN chain ON t.reverses = chain.id)
    SELECT chain.cause, CAST(SUM(e.amount) AS BIGINT) AS amount FROM chain
    JOIN entries e ON e.transfer_id = chain.id
    JOIN accounts a ON a.id = e.account_id AND a.kind = 'member' AND a.unit = 'points' AND a.owner IN ({HIS})
    GROUP BY chain.cause
"""  # noqa: S608 - names of our own


async def earned(tx: Transaction, person_id: int, causes: Sequence[str]) -> dict[str, int]:
    """What each of a page of events has brought this person, less what was taken back; those of nothing are left out."""
    rows = await tx.all(EARNED, person_id=person_id, causes=json.dumps([[cause] for cause in causes]))
    return {row["cause"]: row["amount"] for row in rows if row["amount"]}


# Deeds


async def award(
    tx: Transaction,
    person_id: int,
    amount: int,
    *,
    reason: str,
    cause: str,
    by: int | None,
    audit: int | None = None,
) -> int:
    """Give points from the issue account, once for each (reason, cause, person); the transfer's id.

    `amount` in points, 1 to AMOUNT_MAX. `cause` is such as `activity:12`. `by` is a person's id, None for the bot of
    itself. It names the rules in force. `audit` is the number of the audit row in which `by` did this; without one, a
    row is written for whatever somebody does. The same event told again gives the same id and writes nothing, also when
    it has been reversed since: to give it again, reverse the reversal (`credit_of` names it). Several awards in one
    transaction are best made in the order of people's ids, so that two such lists never wait for each other. Raises
    Refused for an amount that can't be given, LedgerConflict when this event was booked with another amount.
    """
    check_amount(amount)
    return await transfer(
        tx,
        (issued(tx, amount), Leg("member", person_id, amount)),
        reason=Reason(reason),
        cause=cause,
        person_id=person_id,
        by=by,
        rule=(await rules.current(tx)).version,
        audit=audit,
        deed="points.awarded",
    )
