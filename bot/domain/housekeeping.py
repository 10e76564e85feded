"""What is thrown away, and when: contents after their use, rows after the time in which they could come again."""

from bot.config import House
from bot.due import Due
from bot.storage import Transaction

DAY = 24 * 3600
# Telegram repeats an update for 24 hours at most, and a month of messages is enough to look into a complaint.
CONTENT_KEPT_DAYS = 30
NUMBER_KEPT_DAYS = 90
FORM_KEPT_DAYS = 14

RULES = (
    (
        "UPDATE inbox SET payload = NULL WHERE state <> 'new' AND done_at < :before AND payload IS NOT NULL",
        CONTENT_KEPT_DAYS,
    ),
    ("DELETE FROM inbox WHERE state <> 'new' AND done_at < :before", NUMBER_KEPT_DAYS),
    ("DELETE FROM outbox WHERE done_at < :before AND letter_id IS NULL", CONTENT_KEPT_DAYS),
    (
        "DELETE FROM files WHERE made_at < :before AND NOT EXISTS (SELECT 1 FROM outbox WHERE file_id = files.id)",
        CONTENT_KEPT_DAYS,
    ),
    ("DELETE FROM due WHERE state <> 'new' AND due_at < :before", NUMBER_KEPT_DAYS),
    ("DELETE FROM forms WHERE changed_at < :before", FORM_KEPT_DAYS),
)


async def tidy(tx: Transaction, due: Due, house: House) -> None:
    """Apply every rule of RULES."""
    for sql, days in RULES:
        await tx.run(sql, before=tx.now - days * DAY)
