"""What hours keep of one person, and how they forget him."""

from typing import Any

from bot.domain.hours import disputing, notices
from bot.domain.people import Person, rows_of
from bot.storage import Transaction

KNOWN = {
    "sums": "SELECT a, b, c, d FROM hours_accounts WHERE person_id = :id",
    "records": "SELECT * FROM hours_records WHERE person_id = :id ORDER BY id",
    "records entered for others": "SELECT id, grade, minutes, title, evidence, at, state FROM hours_records "
    "WHERE entered_by = :id AND entered_by <> person_id ORDER BY id",
    "entries": "SELECT * FROM hours_entries WHERE person_id = :id ORDER BY id",
    "approvals given": "SELECT record_id, kind, at FROM hours_approvals WHERE approver_id = :id ORDER BY at, record_id",
    "disputes": "SELECT * FROM hours_disputes WHERE person_id = :id ORDER BY id",
    "objections made": "SELECT * FROM hours_objections WHERE person_id = :id ORDER BY at",
    "notices": "SELECT * FROM hours_notices WHERE person_id = :id ORDER BY id",
    "stars": "SELECT * FROM hours_stars WHERE person_id = :id ORDER BY id",
    "certificates": "SELECT * FROM hours_certificates WHERE person_id = :id ORDER BY id",
}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of hours about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


# What he wrote and what was written of him in words goes; what waits is given up; numbers stay with the number.
FORGET = (
    "UPDATE hours_records SET evidence = '' WHERE person_id = :id AND evidence <> ''",
    "UPDATE hours_records SET state = 'refused', settled_at = :now WHERE person_id = :id AND state = 'pending'",
    "UPDATE hours_disputes SET words = '' WHERE person_id = :id",
    "UPDATE hours_objections SET words = '' WHERE person_id = :id",
    "UPDATE hours_certificates SET name = '', words = NULL, revoked_at = COALESCE(revoked_at, :now), why = COALESCE(why, 'forgotten') "
    "WHERE person_id = :id",
)


async def forget(tx: Transaction, person: Person) -> None:
    """The entries stay under the number, so that sums and audit stay whole; certificates are revoked and nameless."""
    await disputing.give_up(tx, person.id)
    await notices.give_up(tx, person.id)
    for sql in FORGET:
        await tx.run(sql, **({"id": person.id, "now": tx.now} if ":now" in sql else {"id": person.id}))
