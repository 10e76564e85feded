"""A table of seeded faults: each is found by the promise that is there to find it."""

import pytest

from bot.databases.dialect import script_for
from bot.domain import points
from bot.storage import Storage, Transaction
from tests.ledger import all_holds, awarded, registered

# Each row: the promise that must be broken, and how somebody breaks it.

FAULTS = {
    "a leg is missing": ("legs", "DELETE FROM entries WHERE amount < 0"),
    "a leg is missing, and the books with it": ("balanced", "DELETE FROM entries WHERE amount < 0"),
    "a transfer has no entries": (
        "legs",
        "INSERT INTO transfers (reason, cause, bot, came_from, at) VALUES ('task', 'activity:99', 1, 'x', 0)",
    ),
    "a balance was raised": ("kept", "UPDATE accounts SET balance = balance + 1 WHERE kind = 'member'"),
    "a balance was raised, so the books are off": (
        "books",
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'member'",
    ),
    "points were moved between two balances": (
        "kept",
        "UPDATE accounts SET balance = balance + CASE WHEN owner = 1 THEN 3 ELSE -3 END WHERE kind = 'member'",
    ),
    "an entry was raised": ("balanced", "UPDATE entries SET amount = 50 WHERE amount = 5"),
    "an entry was raised behind its balance": ("kept", "UPDATE entries SET amount = 50 WHERE amount = 5"),
    "an entry was moved to another account": (
        "whose",
        "UPDATE entries SET account_id = (SELECT id FROM accounts WHERE kind = 'member' AND owner = 2) WHERE amount = 5 "
        "AND transfer_id = 1",
    ),
    "an entry has no transfer": ("whole", "DELETE FROM transfers WHERE cause = 'activity:2'"),
    "a transfer was written twice": (
        "once",
        "INSERT INTO transfers (reason, cause, person_id, bot, came_from, at) "
        "SELECT reason, cause, person_id, bot, came_from, at FROM transfers WHERE cause = 'activity:1'",
    ),
    "a transfer was taken back twice": (
        "reversed once",
        "INSERT INTO transfers (reason, cause, person_id, bot, came_from, reverses, at) "
        "SELECT reason, cause, person_id, bot, came_from, reverses, at FROM transfers WHERE reason = 'reversal'",
    ),
    "a reversal took back more than was given": (
        "mirrored",
        "UPDATE entries SET amount = amount * 2 WHERE transfer_id = (SELECT id FROM transfers WHERE reason = 'reversal')",
    ),
    "a reversal lost its original": (
        "mirrored",
        "UPDATE transfers SET reverses = NULL WHERE reason = 'reversal'",
    ),
    "points came back to issue without a reversal": (
        "source",
        "UPDATE transfers SET reverses = NULL, reason = 'task' WHERE reason = 'reversal'",
    ),
    "a member is below zero": ("floor", "UPDATE accounts SET balance = -5 WHERE kind = 'member' AND owner = 1"),
    "more was returned than issued": ("floor", "UPDATE accounts SET balance = 5 WHERE kind = 'issue'"),
    "an audit row is named that is not there": ("signed", "UPDATE transfers SET audit_number = 404"),
    "somebody else's audit row is named": (
        "signed",
        "UPDATE transfers SET actor_id = 1 WHERE actor_id = 2",
    ),
    "what somebody did is not in the audit log": ("signed", "UPDATE transfers SET actor_id = 1, audit_number = NULL"),
    "an old transfer was slipped in": ("sealed", "UPDATE seals_head SET newest = 20000"),
    "a merged record has points again": ("heirs", "UPDATE accounts SET heir = 2 WHERE kind = 'member' AND owner = 1"),
    "a reason was made up": ("closed list", "UPDATE transfers SET reason = 'because' WHERE reason = 'task'"),
    "a reservation was ended twice": (
        "ended once",
        "INSERT INTO transfers (reason, cause, bot, came_from, resolves, at) "
        "SELECT 'lapse', cause, bot, came_from, resolves, at FROM transfers WHERE resolves IS NOT NULL",
    ),
    "a reservation was ended by less than it set aside": (
        "ended whole",
        "UPDATE entries SET amount = amount + 1 WHERE amount = -2 AND transfer_id IN "
        "(SELECT id FROM transfers WHERE resolves IS NOT NULL)",
    ),
    "a reservation that ended is open again": ("set aside", "UPDATE transfers SET resolves = NULL"),
    "a key was used twice": ("keyed", "UPDATE transfers SET key = 'a' WHERE reason IN ('redeem', 'task')"),
    "rules are named that there are not": ("ruled", "UPDATE transfers SET rule = 99 WHERE reason = 'task'"),
    "points by hand were called given and never booked": (
        "by hand",
        "INSERT INTO grants_of_points (person_id, amount, why, key, asked_by, asked_at, audit_number, state, settled_at) "
        "SELECT 1, 5, 'x', 'x', 2, 0, MIN(number), 'given', 0 FROM audit",
    ),
    "an appeal was called granted and nothing was given": (
        "appeals",
        "INSERT INTO entry_appeals (transfer_id, person_id, why, opened_at, due_at, outcome, answered_at, answered_by) "
        "VALUES (1, 1, 'x', 0, 0, 'adjusted', 0, 2)",
    ),
    "an activity gave more than the rules allow": (
        "limits",
        "INSERT INTO point_awards (person_id, cause, day, kind, grade, on_card, earned, given, cut_by, rule, transfer_id) "
        "SELECT 1, cause, '2026-11-21', 'task', 'B', 5000, 5000, 5000, '', 1, id FROM transfers WHERE cause = 'activity:1'",
    ),
    "an award says less than its entry": (
        "awards",
        "INSERT INTO point_awards (person_id, cause, day, kind, grade, on_card, earned, given, cut_by, rule, transfer_id) "
        "SELECT 1, cause, '2026-11-21', 'task', 'B', 3, 3, 3, '', 1, id FROM transfers WHERE cause = 'activity:1'",
    ),
    "one admin gave much alone": (
        "approved",
        "UPDATE transfers SET reason = 'grant', rule = 1, actor_id = 2 WHERE cause = 'activity:4'",
    ),
    "whoever asked agreed himself": (
        "approved",
        "UPDATE transfers SET reason = 'grant', rule = 1, actor_id = 2, approver_id = 2 WHERE cause = 'activity:4'",
    ),
    "an update was half done": (
        "done as a whole",
        "UPDATE transfers SET came_from = 'update:9' WHERE cause = 'activity:1'",
    ),
    "a planned deed was half done": (
        "done as a whole",
        "UPDATE transfers SET came_from = 'due:9' WHERE cause = 'activity:1'",
    ),
    "a gift was called given and never booked": (
        "gifts",
        "INSERT INTO gifts (giver_id, person_id, amount, words, key, made_at, final_at, state, settled_at) "
        "VALUES (1, 2, 5, '', 'x', 0, 0, 'given', 0)",
    ),
    "a group was said to have been granted points": (
        "budgets",
        "INSERT INTO budget_grants (group_id, amount, why, key, asked_by, asked_at, audit_number, state, settled_at) "
        "SELECT g.id, 5, 'x', 'x', 2, 0, (SELECT MIN(number) FROM audit), 'given', 0 FROM groups g",
    ),
    "a reward was never booked": (
        "rewards",
        "INSERT INTO rewards (round_id, person_id) SELECT id, 1 FROM reward_rounds",
    ),
    "a guard is gone": ("guarded", "SELECT 1"),
}


# The same tables without a trigger, a key or a check, as somebody at the database could make them.
BARE = {
    "accounts": "id INTEGER PRIMARY KEY, kind TEXT, unit TEXT, owner INTEGER, balance INTEGER, made_at INTEGER, "
    "heir INTEGER",
    "transfers": "id INTEGER PRIMARY KEY, reason TEXT, cause TEXT, person_id INTEGER, actor_id INTEGER, approver_id INTEGER, "
    "bot INTEGER, came_from TEXT, audit_number INTEGER, reverses INTEGER, at INTEGER, rule INTEGER, key TEXT, resolves INTEGER",
    "entries": "transfer_id INTEGER, account_id INTEGER, amount INTEGER",
    "seals": "place INTEGER, transfer_id INTEGER, hash TEXT",
}


async def unguarded(tx: Transaction, kind: str) -> None:
    """Take away everything that would refuse the fault."""
    for table, columns in BARE.items():
        await tx.run(script_for(kind, f"CREATE TABLE bare_{table} ({columns})"))
        await tx.run(f"INSERT INTO bare_{table} SELECT * FROM {table}")
    for table in reversed(BARE):
        await tx.run(f"DROP TABLE {table} /*pg CASCADE*/")
        await tx.run(f"ALTER TABLE bare_{table} RENAME TO {table}")
    if kind == "postgresql":
        await tx.run("ALTER SEQUENCE bare_transfers_id_seq RESTART WITH 1000")


async def _redeemed(tx: Transaction, person_id: int) -> None:
    """Two of somebody's points are set aside, and then spent."""
    aside = [points.Leg("member", person_id, -2), points.Leg("reserved", 1, 2)]
    number = await points.reserve(tx, aside, cause="redemption:1", person_id=person_id, by=None)
    spent = [points.Leg("reserved", 1, -2), points.Leg("redeemed", 0, 2)]
    await points.post(tx, number, spent, by=None, cause="redemption:1")


async def _waiting(tx: Transaction) -> None:
    """An update and a planned deed that are still to be done."""
    await tx.run("INSERT INTO inbox (bot, update_id, line, payload, kept_at) VALUES (:bot, 9, 1, '{}', 0)", bot=tx.bot)
    await tx.run(
        "INSERT INTO due (id, bot, deed, subject, due_at, retry_at) VALUES (9, :bot, 'points.seal', 'chain', 0, 0)",
        bot=tx.bot,
    )


async def _grouped(tx: Transaction) -> None:
    """A group, and a round of rewards in it for nobody."""
    await tx.run("INSERT INTO groups (name, about, made_at, made_by) VALUES ('Dance', '', 0, 2)")
    await tx.run(
        "INSERT INTO reward_rounds (group_id, amount, why, key, given_by, given_at) "
        "SELECT id, 5, 'x', 'x', 2, 0 FROM groups"
    )


async def broken_by(storage: Storage, kind: str, sql: str) -> set[str]:
    """The names of the promises that a statement breaks, on a small ledger without its guards."""
    person, leader = await registered(storage, 2)
    await awarded(storage, person, 5, 1, by=leader.id)
    wrong = await awarded(storage, person, 7, 2)
    await awarded(storage, leader, 9, 3)
    await storage.transact(lambda tx: points.reverse(tx, wrong, by=leader.id, cause="activity:2"))
    await awarded(storage, leader, 900, 4)
    await storage.transact(lambda tx: _redeemed(tx, person.id))
    await storage.transact(_waiting)
    await storage.transact(_grouped)
    assert await all_holds(storage)

    async def deed(tx: Transaction) -> set[str]:
        await unguarded(tx, kind)
        await tx.run(sql)
        return {broken.name for broken in await points.invariants(tx)}

    return await storage.transact(deed)


async def test_without_its_guards_the_ledger_is_whole_but_unguarded(storage: Storage, kind: str) -> None:
    """The control of the table of faults: taking the guards away is all that is found."""
    assert await broken_by(storage, kind, "SELECT 1") == {"guarded"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_found(storage: Storage, kind: str, fault: str) -> None:
    """Each seeded fault breaks the promise that is there to find it."""
    promise, sql = FAULTS[fault]
    assert promise in await broken_by(storage, kind, sql)


def test_every_promise_has_a_fault_that_breaks_it() -> None:
    """No promise is there that nothing in this table could break."""
    assert {promise for promise, _ in FAULTS.values()} | {"guarded"} == {promise.name for promise in points.PROMISES}


async def test_a_missing_trigger_is_found(storage: Storage, kind: str) -> None:
    """Each guard by itself: dropped, and named."""

    async def deed(tx: Transaction) -> None:
        await tx.run("DROP TRIGGER entries_stay" + (" ON entries" if kind == "postgresql" else ""))

    await storage.transact(deed)
    (broken,) = await storage.read(points.invariants)
    assert (broken.name, broken.rows) == ("guarded", ({"missing": "entries_stay"},))
