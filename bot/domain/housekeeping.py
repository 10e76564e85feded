"""What is thrown away, and when: contents after their use, rows after the time in which they could come again."""

from bot.cards import card
from bot.config import House
from bot.domain import audit, people
from bot.due import Due
from bot.locales import Moment, say
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


async def restored(tx: Transaction, made_at: int | None) -> None:
    """A backup was put back: write it down, tell the admins what is missing, and repeat nothing that may not be.

    `made_at` is the backup's instant, None where it does not say.
    """
    await tx.run(
        "UPDATE outbox SET state = 'unsure', done_at = :now, error = 'a backup was put back' "
        "WHERE once = 1 AND (state IN ('new', 'taken', 'sending') OR (state = 'later' AND due_at <= :now))",
        now=tx.now,
    )
    await audit.note(tx, "database.restored", "database", by=None, made_at=made_at)
    since = say("{moment}", moment=Moment(made_at)) if made_at is not None else say("an unknown time")
    told = card(
        say("The database was put back from a backup of {since}.", since=since),
        say(
            "Everything after it is missing: registrations, sign-ups, points and roles of that time must be made again."
        ),
    )
    await people.tell_admins(tx, told, key=f"restored:{tx.now}")
