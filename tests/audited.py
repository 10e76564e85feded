"""What stands in the audit log."""

from bot.domain.audit import Entry
from bot.storage import Transaction


async def newest_rows(tx: Transaction, limit: int) -> list[Entry]:
    """Its newest rows first."""
    rows = await tx.all("SELECT * FROM audit ORDER BY number DESC LIMIT :limit", limit=limit)
    return [Entry(**row) for row in rows]
