"""What every transfer has in common: why it may be, how it is written, and how the kept balances follow it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


class Reason(StrEnum):
    """Why something was moved; the table `reasons` has the same list."""

    TASK = "task"
    EVENT = "event"
    GRANT = "grant"
    GIFT = "gift"
    BUDGET = "budget"
    REWARD = "reward"
    REDEEM = "redeem"
    COLLECT = "collect"
    LAPSE = "lapse"
    CANCEL = "cancel"
    STOCK = "stock"
    DONATION = "donation"
    DAMAGE = "damage"
    EXPIRY = "expiry"
    MERGE = "merge"
    ADJUST = "adjust"
    REVERSAL = "reversal"


class LedgerConflict(Exception):
    """The same event was booked before with another amount. One of the two is a mistake: nothing was written now."""


@dataclass(frozen=True)
class Moved:
    """What is written of a transfer beside its entries."""

    reason: str
    cause: str
    person_id: int | None
    by: int | None
    approver: int | None
    audit_number: int | None
    reverses: int | None
    rule: int | None = None
    key: str | None = None
    resolves: int | None = None

    def noted(self, audit_number: int) -> "Moved":
        """The same, with its row in the audit log."""
        return replace(self, audit_number=audit_number)


# Rules


def signed(amount: int) -> str:
    """An amount with its sign, as statements show it: `+5`, `−5`."""
    return f"+{amount}" if amount >= 0 else f"−{-amount}"


# Deeds


async def write(tx: Transaction, moved: Moved) -> int:
    """Write a transfer without its entries; its number. The database refuses a key or a cause that has had one."""
    return int(
        await tx.value(
            "INSERT INTO transfers "
            "(reason, cause, person_id, actor_id, approver_id, bot, came_from, audit_number, reverses, rule, key, resolves, at) "
            "VALUES (:reason, :cause, :person_id, :by, :approver, :bot, :came_from, :audit_number, :reverses, :rule, :key, "
            ":resolves, :now) "
            "RETURNING id",
            **moved.__dict__,
            bot=tx.bot,
            came_from=tx.cause,
            now=tx.now,
        )
    )


# The balances move by what was written, not by what the code thinks it wrote; nobody falls below zero.
SETTLE = """
    UPDATE accounts SET balance = balance + (
        SELECT amount FROM entries WHERE transfer_id = :transfer_id AND account_id = accounts.id
    )
    WHERE id IN (SELECT account_id FROM entries WHERE transfer_id = :transfer_id)
        AND (kind = 'issue' OR balance + (
            SELECT amount FROM entries WHERE transfer_id = :transfer_id AND account_id = accounts.id
        ) >= 0)
"""


async def settle(tx: Transaction, transfer_id: int, legs: int) -> None:
    """Move the kept balances of a transfer's accounts. Raises Refused when one of them can't give so much."""
    if await tx.run(SETTLE, transfer_id=transfer_id) != legs:
        raise Refused(say("Not enough points are left for this. Nothing was changed. /points shows the balance."))
