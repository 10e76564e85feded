"""What the ledger promises, on both databases."""

import asyncio
import re

import pytest

from bot.databases.dialect import for_postgres
from bot.domain import points
from bot.domain.points import awarding, board, counting, oddities, rewarding, tracing
from bot.domain.points.invariants import PROMISES
from bot.refusal import Refused
from bot.storage import Storage, Transaction
from tests.ledger import all_holds, awarded, changed, registered, spend, taken_back
from tests.plans import asked_for_each_row, steps

# How each database says that a trigger stopped a statement.
REFUSED = "never"


async def test_an_award_is_in_the_balance_and_in_the_statement(storage: Storage) -> None:
    """Five points for a task: the balance, the entry, the county's total, and every promise of the ledger."""
    (person,) = await registered(storage, 1)
    transfer_id = await awarded(storage, person, 5, 12)
    statement = await storage.read(lambda tx: points.entries(tx, person.id, 0))
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 5
    assert [(entry.transfer_id, entry.amount, entry.event) for entry in statement.items] == [
        (transfer_id, 5, "activity:12")
    ]
    assert (await storage.read(points.totals)).outstanding == 5
    assert await all_holds(storage)


async def test_the_same_event_told_again_is_the_same_transfer(storage: Storage) -> None:
    """Told twice, written once: the second answer is the first one's number."""
    (person,) = await registered(storage, 1)
    assert await awarded(storage, person, 5, 12) == await awarded(storage, person, 5, 12)
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 5


async def test_the_same_event_with_another_amount_is_a_loud_error(storage: Storage) -> None:
    """One of the two amounts is a mistake, and the ledger does not choose."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 5, 12)
    with pytest.raises(points.LedgerConflict, match=r"moved .*: 5}; now task for activity:12 was to move .*: 6}"):
        await awarded(storage, person, 6, 12)
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 5
    assert await all_holds(storage)


@pytest.mark.parametrize("by_somebody", [False, True])
async def test_fifty_awards_of_one_event_at_once_are_one_transfer(storage: Storage, by_somebody: bool) -> None:
    """However many tell it in the same moment: one transfer, one audit row, one number for all."""
    person, leader = await registered(storage, 2)
    by = leader.id if by_somebody else None
    told = await asyncio.gather(*(awarded(storage, person, 5, 12, by=by) for _ in range(50)))
    assert len(set(told)) == 1
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 5
    assert await storage.read(lambda tx: tx.value("SELECT COUNT(*) FROM audit")) == int(by_somebody)
    assert await all_holds(storage)


LISTS = {
    "leaders, in opposite orders": (True, True),
    "the bot of itself, in the order of people's numbers": (False, False),
}


@pytest.mark.parametrize("lists", LISTS)
async def test_lists_confirmed_at_once_all_arrive(storage: Storage, lists: str) -> None:
    """Six lists of the same eight people in the same moment: nobody waits in a circle, every award is written once."""
    by_leaders, opposite = LISTS[lists]
    crowd = await registered(storage, 8)

    async def award_all(number: int) -> None:
        async def deed(tx: Transaction) -> None:
            tx.cause = f"update:{number}"
            for person in crowd[::-1] if opposite and number % 2 else crowd:
                by = crowd[0].id if by_leaders else None
                await points.award(tx, person.id, 1, reason="task", cause=f"activity:{number}", by=by)

        await storage.transact(deed)

    await asyncio.gather(*(award_all(number) for number in range(6)))
    rows = await storage.read(lambda tx: tx.all("SELECT balance FROM accounts WHERE kind = 'member'"))
    assert [row["balance"] for row in rows] == [6] * len(crowd)
    assert await all_holds(storage)


@pytest.mark.parametrize("amount", [0, -5, 1_000_001, 10**30])
async def test_impossible_amounts_are_refused_with_the_limit(storage: Storage, amount: int) -> None:
    """Nothing, less than nothing and more than any rule gives: refused, and nothing written."""
    (person,) = await registered(storage, 1)
    with pytest.raises(Refused, match="whole number from 1"):
        await awarded(storage, person, amount, 12)
    assert await storage.read(lambda tx: tx.value("SELECT COUNT(*) FROM transfers")) == 0


async def test_an_unknown_reason_is_an_error(storage: Storage) -> None:
    """The list of reasons is closed."""
    (person,) = await registered(storage, 1)
    with pytest.raises(ValueError, match="because"):
        await storage.transact(
            lambda tx: points.award(tx, person.id, 5, reason="because", cause="activity:12", by=None)
        )


async def test_what_somebody_does_is_in_the_audit_log(storage: Storage) -> None:
    """An award by a person without an audit row gets one; one with a row names that row; the bot's own has none."""
    person, leader = await registered(storage, 2)
    await awarded(storage, person, 5, 1, by=leader.id)
    await awarded(storage, person, 5, 2)
    rows = await storage.read(lambda tx: tx.all("SELECT actor_id, audit_number FROM transfers ORDER BY id"))
    assert [(row["actor_id"], row["audit_number"]) for row in rows] == [(leader.id, 1), (None, None)]
    note = await storage.read(lambda tx: tx.one("SELECT deed, subject, actor_id FROM audit"))
    assert note is not None
    assert tuple(dict(note).values()) == ("points.awarded", f"person:{person.id}", leader.id)


async def test_a_reversal_names_what_it_takes_back(storage: Storage) -> None:
    """Both entries stay; the second names the first; the balance is what it was before."""
    person, admin = await registered(storage, 2)
    first = await awarded(storage, person, 5, 12)
    second = await storage.transact(lambda tx: points.reverse(tx, first, by=admin.id, cause="activity:12"))
    newest, oldest = (await storage.read(lambda tx: points.entries(tx, person.id, 0))).items
    assert (newest.transfer_id, newest.amount, newest.reverses) == (second, -5, first)
    assert (oldest.transfer_id, oldest.amount, oldest.reversed_by) == (first, 5, second)
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 0
    assert await all_holds(storage)


async def test_nothing_is_taken_back_twice(storage: Storage) -> None:
    """The same reversal told again is the same transfer; another one is refused and named the first."""
    person, admin = await registered(storage, 2)
    first = await awarded(storage, person, 5, 12)
    told = await asyncio.gather(
        *(storage.transact(lambda tx: points.reverse(tx, first, by=admin.id, cause="activity:12")) for _ in range(10))
    )
    assert len(set(told)) == 1
    with pytest.raises(Refused, match="was taken back before"):
        await storage.transact(lambda tx: points.reverse(tx, first, by=admin.id, cause="person:2"))
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 0
    assert await all_holds(storage)


async def test_a_credit_can_be_taken_back_and_given_again(storage: Storage) -> None:
    """Award, reversal, reversal of the reversal: `credit_of` tells at each step whether the credit stands."""
    person, admin = await registered(storage, 2)
    await awarded(storage, person, 5, 12)
    seen = []
    for _ in range(3):
        credit = await storage.read(lambda tx: points.credit_of(tx, person.id, reason="task", cause="activity:12"))
        assert credit is not None
        balance = await storage.read(lambda tx: points.balance(tx, person.id))
        seen.append((credit.stands, credit.amount, balance))
        await taken_back(storage, credit.last_id, admin)
    assert seen == [(True, 5, 5), (False, 5, 0), (True, 5, 5)]
    assert await awarded(storage, person, 5, 12) == 1, "the event itself stays one transfer"
    assert await all_holds(storage)


async def test_a_reversal_below_zero_is_refused(storage: Storage) -> None:
    """Once the points are spent, taking back their award names the numbers and changes nothing."""
    person, admin = await registered(storage, 2)
    first = await awarded(storage, person, 5, 12)
    await storage.transact(lambda tx: spend(tx, person.id, 3, "goods:1"))
    with pytest.raises(Refused) as refused:
        await storage.transact(lambda tx: points.reverse(tx, first, by=admin.id, cause="activity:12"))
    assert dict(refused.value.reason.values) == {"number": first, "amount": 5, "balance": 2}
    assert await storage.read(lambda tx: points.balance(tx, person.id)) == 2
    assert await storage.read(lambda tx: tx.value("SELECT COUNT(*) FROM audit")) == 0
    assert await all_holds(storage)


async def test_there_is_no_entry_to_take_back(storage: Storage) -> None:
    """A number that no entry has is refused with that number."""
    with pytest.raises(Refused, match="There is no entry"):
        await storage.transact(lambda tx: points.reverse(tx, 404, by=None, cause="activity:12"))


# Rows that nobody changes

FORBIDDEN = (
    "UPDATE entries SET amount = 6 WHERE amount = 5",
    "DELETE FROM entries",
    "UPDATE transfers SET cause = 'activity:13'",
    "DELETE FROM transfers",
    "UPDATE accounts SET owner = 99 WHERE kind = 'member'",
    "UPDATE accounts SET kind = 'group' WHERE kind = 'member'",
    "DELETE FROM accounts",
)
AROUND = {
    "sqlite": (
        "INSERT OR REPLACE INTO entries SELECT transfer_id, account_id, 500 FROM entries WHERE amount = 5",
        "INSERT OR REPLACE INTO transfers (id, reason, cause, bot, came_from, at) VALUES (1, 'event', 'activity:13', 1, 'x', 0)",
    ),
    "postgresql": ("TRUNCATE entries", "TRUNCATE transfers CASCADE", "TRUNCATE accounts CASCADE"),
}


async def test_what_is_written_stays(storage: Storage, kind: str) -> None:
    """Triggers refuse change, removal, and the statements that would go around them."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 5, 12)
    for sql in (*FORBIDDEN, *AROUND[kind]):
        with pytest.raises(Exception, match=REFUSED):
            await changed(storage, sql)
    assert await all_holds(storage)


IMPOSSIBLE = (
    "INSERT INTO transfers (reason, cause, bot, came_from, at) VALUES ('because', 'a:1', 1, 'x', 0)",
    "INSERT INTO transfers (reason, cause, bot, came_from, at) VALUES ('task', '', 1, 'x', 0)",
    "INSERT INTO transfers (reason, cause, bot, came_from, at) VALUES ('reversal', 'a:1', 1, 'x', 0)",
    "INSERT INTO transfers (reason, cause, person_id, bot, came_from, at) VALUES ('task', 'activity:12', 1, 1, 'x', 0)",
    "INSERT INTO transfers (reason, cause, actor_id, bot, came_from, at) VALUES ('task', 'a:1', 1, 1, 'x', 0)",
    "INSERT INTO accounts (kind, unit, made_at) VALUES ('pocket', 'points', 0)",
    "INSERT INTO accounts (kind, unit, made_at) VALUES ('county', 'dollars', 0)",
    "INSERT INTO entries (transfer_id, account_id, amount) VALUES (1, 1, 0)",
    "INSERT INTO entries (transfer_id, account_id, amount) VALUES (1, 404, 1)",
    "UPDATE accounts SET balance = -1 WHERE kind = 'member'",
    "UPDATE accounts SET balance = 1 WHERE kind = 'issue'",
)


@pytest.mark.parametrize("sql", IMPOSSIBLE)
async def test_the_tables_refuse_what_makes_no_sense(storage: Storage, sql: str) -> None:
    """Reasons, kinds and units are closed lists; keys are unique; nobody is below zero; deeds of people are audited."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 5, 12)
    with pytest.raises(Exception, match=r"(?i)constraint|violates"):
        await storage.transact(lambda tx: tx.run(sql))
    assert await all_holds(storage)


# Speed: what a screen asks is answered from indexes, however large the ledger has grown.

SCREENS = {
    "balance": "SELECT balance FROM accounts WHERE kind = 'member' AND unit = 'points' AND owner = 7",
    "page": points.PAGE.replace(":person_id", "7").replace(":limit", "7").replace(":offset", "0"),
    "booked": "SELECT id FROM transfers WHERE cause = 'activity:1' AND reason = 'task' AND COALESCE(person_id, 0) = 7 "
    "AND reverses IS NULL",
}


@pytest.mark.parametrize("screen", SCREENS)
async def test_screens_never_read_the_whole_ledger(storage: Storage, kind: str, screen: str) -> None:
    """No query of a screen has to scan a table."""

    async def plan(tx: Transaction) -> str:
        if kind == "sqlite":
            return "\n".join(row["detail"] for row in await tx.all(f"EXPLAIN QUERY PLAN {SCREENS[screen]}"))
        # On a small ledger PostgreSQL rightly prefers to scan, as long as it may.
        await tx.run("SET LOCAL enable_seqscan = off")
        return "\n".join(row["QUERY PLAN"] for row in await tx.all(f"EXPLAIN {SCREENS[screen]}"))

    planned = await storage.transact(plan)
    # `m` is the page itself, cut from the index, and `up` what a correction undoes, step by step: a few rows.
    assert not re.search(r"SCAN (?!(m|up|CONSTANT ROW)\b)|Seq Scan", planned), planned


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_no_promise_goes_through_the_ledger_for_each_row(storage: Storage) -> None:
    """The audit of a ledger twice as large takes twice as long, not four times."""
    for promise in (*PROMISES, *counting.PROMISES, *tracing.PROMISES, *board.PROMISES):
        repeated = await storage.transact(lambda tx, sql=promise.sql: asked_for_each_row(tx, sql))  # type: ignore[misc]
        assert not repeated, promise.name


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "sql",
    [awarding.EARNED, awarding.BOOKED, rewarding.REWARDED, f"SELECT 1 FROM grants_of_points g WHERE {oddities.ALONE}"],
    ids=["what events brought", "what one gave", "a round of rewards", "what was granted"],
)
async def test_an_event_is_looked_up_however_large_the_ledger_is(storage: Storage, sql: str) -> None:
    """By its key, and not among all that takes nothing back, which is nearly everything."""
    values = dict.fromkeys(for_postgres(sql)[1], 0)
    planned = await storage.transact(lambda tx: steps(tx, sql, **values))
    assert any("transfers_once (cause=? AND reason=? AND <expr>=?)" in step for step in planned), planned
    assert not any("accounts_1 (kind=?)" in step for step in planned), planned


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("sql", [board.PROMISES[0].sql, board.SUMMED], ids=["promise", "slice"])
async def test_the_beginning_of_reversals_is_found_for_all_at_once(storage: Storage, sql: str) -> None:
    """Row by row it looks so dear that PostgreSQL joined the ledger in any order: a minute for fifty thousand entries."""
    plan = await storage.transact(
        lambda tx: tx.all(f"EXPLAIN {sql}", **({"after": 0, "last": 9} if ":last" in sql else {}))
    )
    assert not any("SubPlan" in row["QUERY PLAN"] for row in plan)
