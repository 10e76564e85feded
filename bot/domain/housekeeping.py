"""What is thrown away, and when: contents after their use, rows after the time in which they could come again."""

from bot import due, outbox
from bot.cards import card, rendered
from bot.config import House
from bot.domain import audit, people, points
from bot.due import Due
from bot.locales import Moment, say
from bot.outbox import KEPT_DAYS, Lane, Sending
from bot.storage import Transaction

DAY = 24 * 3600
# Telegram repeats an update for 24 hours at most, and a month of messages is enough to look into a complaint.
CONTENT_KEPT_DAYS = KEPT_DAYS
NUMBER_KEPT_DAYS = 90
FORM_KEPT_DAYS = 14
# Whoever asked to be let into a Telegram group, and has not joined its interest group for so long, asks again.
REQUEST_KEPT_DAYS = 30
# A guardian's link works for a week.
TOKEN_KEPT_DAYS = 7
TIDYING = "housekeeping.go_on"
HEADS = "housekeeping.heads"
# So few rows in one transaction that whoever presses a button meanwhile does not notice.
SLICE = 1_000

# The letters of calls whose account is still made up from their rows.
NEEDED = """
    SELECT l.id FROM letters l JOIN calls c ON l.subject = 'call:' || CAST(c.id AS TEXT)
    WHERE c.sent_at IS NOT NULL AND c.tidied_at IS NULL
"""
# Each rule with the days after which it applies; the order counts: rows go before what they name.
RULES = (
    (
        "UPDATE inbox SET payload = NULL WHERE (bot, update_id) IN (SELECT bot, update_id FROM inbox "
        "WHERE state <> 'new' AND done_at < :before AND payload IS NOT NULL LIMIT :slice)",
        CONTENT_KEPT_DAYS,
    ),
    (
        "DELETE FROM inbox WHERE (bot, update_id) IN (SELECT bot, update_id FROM inbox "
        "WHERE state <> 'new' AND payload IS NULL AND done_at < :before LIMIT :slice)",
        NUMBER_KEPT_DAYS,
    ),
    (
        "UPDATE calls SET tidied_at = :now WHERE id IN (SELECT id FROM calls "
        "WHERE state IN ('done', 'withdrawn') AND sent_at < :before AND tidied_at IS NULL LIMIT :slice)",
        CONTENT_KEPT_DAYS,
    ),
    (
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < :before "  # noqa: S608 - a text of our own
        f"AND (letter_id IS NULL OR letter_id NOT IN ({NEEDED})) LIMIT :slice)",
        CONTENT_KEPT_DAYS,
    ),
    (
        "DELETE FROM letters WHERE id IN (SELECT id FROM letters l WHERE l.made_at < :before "  # noqa: S608 - likewise
        f"AND l.id NOT IN ({NEEDED}) AND NOT EXISTS (SELECT 1 FROM letters s JOIN outbox o ON o.letter_id = s.id "
        "WHERE s.id = l.id OR s.subject = l.subject) LIMIT :slice)",
        CONTENT_KEPT_DAYS,
    ),
    (
        "DELETE FROM files WHERE id IN (SELECT id FROM files f WHERE f.made_at < :before "
        "AND NOT EXISTS (SELECT 1 FROM outbox WHERE file_id = f.id) LIMIT :slice)",
        CONTENT_KEPT_DAYS,
    ),
    (
        "DELETE FROM due WHERE id IN (SELECT id FROM due WHERE state <> 'new' AND due_at < :before LIMIT :slice)",
        NUMBER_KEPT_DAYS,
    ),
    (
        "DELETE FROM guardianships WHERE id IN (SELECT id FROM guardianships "
        "WHERE consented_at IS NULL AND made_at < :before LIMIT :slice)",
        TOKEN_KEPT_DAYS,
    ),
    (
        "DELETE FROM join_requests WHERE (bot, chat_id, telegram_id) IN (SELECT bot, chat_id, telegram_id "
        "FROM join_requests WHERE asked_at < :before LIMIT :slice)",
        REQUEST_KEPT_DAYS,
    ),
    (
        "DELETE FROM forms WHERE id IN (SELECT id FROM forms WHERE changed_at < :before LIMIT :slice)",
        FORM_KEPT_DAYS,
    ),
)


async def tidy(tx: Transaction, item: Due, house: House) -> None:
    """Begin with the first rule of RULES."""
    await _apply(tx, 0, 0)


async def tidy_on(tx: Transaction, item: Due, house: House) -> None:
    """Go on with the rule at which the slice before ended."""
    _, rule, slices = item.subject.split(":")
    await _apply(tx, int(rule), int(slices))


async def _apply(tx: Transaction, first: int, slices: int) -> None:
    """Apply the rules from the first on, up to a slice of rows in all; where more are left, the scheduler goes on."""
    left = SLICE
    for number, (sql, days) in enumerate(RULES[first:], first):
        known = {"now": tx.now} if ":now" in sql else {}
        left -= await tx.run(sql, before=tx.now - days * DAY, slice=left, **known)
        if left <= 0:
            await due.plan(tx, TIDYING, f"tidy:{number}:{slices + 1}", tx.now)
            return


async def tell_heads(tx: Transaction, item: Due, house: House) -> None:
    """Send the heads of both chains to the admins' chat, where whoever can write the database can't write."""
    county = house.settings.county
    number, log = await audit.head(tx)
    ledger = await points.head(tx)
    screen = card(
        say("🔗 The heads of the chains"),
        say("Audit log: {number}:{hash}", number=number, hash=log),
        say("Points: {number}:{hash}", number=ledger.place, hash=ledger.hash),
        say("Keep this message: an audit is held against it."),
    )
    params = rendered(screen, people.reader(tx, county.language), private=False)
    key = f"{HEADS}:{item.due_at}"
    await outbox.put(tx, Sending("sendMessage", params, chat_id=county.admin_chat, lane=Lane.REMINDER, key=key))


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


DEEDS = {"housekeeping.tidy": tidy, TIDYING: tidy_on, HEADS: tell_heads}
