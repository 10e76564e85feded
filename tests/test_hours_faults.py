"""A table of seeded faults in the hours: each is found by the promise that is there to find it."""

import pytest

from bot.domain import hours
from bot.domain.hours import Grade, Sums
from bot.storage import Transaction
from tests.test_hours import all_holds, credited, sums
from tests.test_hours_public import QUICK, certified
from tests.town import Town

# Each row: the promise that must be broken, and how somebody breaks it.
FAULTS = {
    "a sum was raised": ("hours kept", "UPDATE hours_accounts SET a = a + 60"),
    "an entry was raised behind its sum": (
        "hours kept",
        "UPDATE hours_entries SET minutes = minutes + 1 WHERE minutes > 0",
    ),
    "minutes were moved to a better grade": (
        "hours kept",
        "UPDATE hours_accounts SET a = a + 60, c = c - 60 WHERE c >= 60",
    ),
    "an account is missing": ("hours booked", "DELETE FROM hours_accounts"),
    "a record says that it waits, and counts": (
        "hours stand",
        "UPDATE hours_records SET state = 'pending' WHERE state = 'standing'",
    ),
    "a record says that it counts, and has no entry": (
        "hours stand",
        "UPDATE hours_records SET state = 'standing' WHERE state = 'refused'",
    ),
    "a reversal was lost": ("hours stand", "DELETE FROM hours_entries WHERE reverses IS NOT NULL"),
    "what somebody entered was made little": ("hours told", "UPDATE hours_told SET minutes = 1"),
    "what somebody entered is told nowhere": ("hours told", "DELETE FROM hours_told"),
    "many records look like one": ("hours told", "UPDATE hours_told SET steps = steps + 1"),
    "an entry says a better grade than its record": (
        "hours mirrored",
        "UPDATE hours_entries SET grade = 'A' WHERE grade = 'C'",
    ),
    "a reversal took back less than was given": (
        "hours mirrored",
        "UPDATE hours_entries SET minutes = minutes + 1 WHERE reverses IS NOT NULL",
    ),
    "somebody is at two places": ("hours apart", "UPDATE hours_records SET state = 'pending' WHERE state = 'refused'"),
    "an agreement is missing": ("hours agreed", "DELETE FROM hours_approvals WHERE kind = 'approval'"),
    "a roll-call stands for a county admin's look": (
        "hours agreed",
        "UPDATE hours_records SET needs = 2 WHERE grade = 'B'",
    ),
    "who entered it agreed to it": (
        "hours not one's own",
        "UPDATE hours_records SET entered_by = (SELECT approver_id FROM hours_approvals WHERE record_id = hours_records.id) "
        "WHERE grade = 'C' AND state = 'standing'",
    ),
    "two agreed to each other's": (
        "hours no pairs",
        "INSERT INTO hours_approvals (record_id, approver_id, person_id, kind, as_admin, month, came_from, audit_number, at) "
        "SELECT record_id, person_id, approver_id, kind, as_admin, month, came_from, audit_number, at FROM hours_approvals",
    ),
    "somebody else's audit row is named": (
        "hours signed",
        "UPDATE hours_entries SET approver_id = NULL WHERE approver_id IS NOT NULL",
    ),
    "who entered it judged it": (
        "hours disputed",
        "UPDATE hours_disputes SET answered_by = (SELECT entered_by FROM hours_records r WHERE r.id = record_id)",
    ),
    "a dispute was right, and the hours stand": ("hours disputed", "UPDATE hours_disputes SET outcome = 'reversed'"),
    "a star takes more than there is": ("stars earned", "UPDATE hours_stars SET needed = 6000"),
    "a certificate says more than there is": ("certificates true", "UPDATE hours_certificates SET a = a + 60"),
}
GUARDED = ("hours_entries", "hours_records", "hours_approvals")
WRONG = {
    "an entry changed": "UPDATE hours_entries SET minutes = minutes + 60",
    "an entry removed": "DELETE FROM hours_entries",
    "a record's minutes changed": "UPDATE hours_records SET minutes = 1",
    "a record's grade changed": "UPDATE hours_records SET grade = 'A' WHERE grade = 'C'",
    "a proof changed": "UPDATE hours_records SET evidence = 'another'",
    "a record removed": "DELETE FROM hours_records WHERE state = 'refused'",
    "an agreement changed": "UPDATE hours_approvals SET as_admin = 1",
    "an agreement removed": "DELETE FROM hours_approvals",
}


async def lived(town: Town) -> None:
    """Hours of every kind: own ones with a star and a certificate, agreed to, disputed, refused and taken back."""
    await town.opens(hours=QUICK)
    await certified(town)
    roll = await credited(town, town.hua, 60, Grade.ROLL, by=town.lan)
    await town.hua.presses_data(f"hours.dispute:{roll.id}")
    await town.dong.presses_data("hours.answer:1:1")
    afterwards = await credited(town, town.hua, 60, Grade.AFTERWARDS, by=town.lan, starts=60, cause="activity:2")
    await town.dong.presses_data(f"hours.approve:{afterwards.id}")
    refused = await credited(town, town.hua, 60, Grade.AFTERWARDS, by=town.lan, starts=120, cause="activity:3")
    await town.dong.presses_data(f"hours.refuse:{refused.id}")
    back = await credited(town, town.hua, 90, starts=120, cause="activity:4")
    await town.dong.presses_data(f"hours.reverse:{back.id}")
    await credited(town, town.hua, 90, starts=120, cause="activity:5")
    assert await all_holds(town)


async def triggers(tx: Transaction, kind: str) -> list[tuple[str, str]]:
    """Each guard of the hours with its table."""
    sql = {
        "sqlite": "SELECT name, tbl_name AS of FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname AS name, CAST(CAST(tgrelid AS regclass) AS text) AS of FROM pg_trigger "
        "WHERE NOT tgisinternal ORDER BY tgname",
    }[kind]
    rows = [row for row in await tx.all(sql) if row["of"] in GUARDED]
    return [(row["name"], row["of"]) for row in rows if row["name"].startswith(row["of"])]


async def dropped(tx: Transaction, kind: str, name: str, table: str) -> None:
    await tx.run(f"DROP TRIGGER {name}" + (f" ON {table}" if kind == "postgresql" else ""))


class Undone(Exception):
    """Takes a fault back when it was looked at."""


async def undone(town: Town, kind: str, sql: str) -> set[str]:
    """What a fault breaks; the hours are as they were afterwards."""
    found: set[str] = set()

    async def deed(tx: Transaction) -> None:
        for name, table in await triggers(tx, kind):
            await dropped(tx, kind, name, table)
        await tx.run(sql)
        found.update(broken.name for broken in await hours.invariants(tx))
        raise Undone

    with pytest.raises(Undone):
        await town.does(deed)
    return found


async def test_every_fault_is_found(town: Town, kind: str) -> None:
    """Each seeded fault breaks the promise that is there to find it; without one only the missing guards are found."""
    await lived(town)
    missed = {}
    for fault, (promise, sql) in {"none": ("hours guarded", "SELECT 1"), **FAULTS}.items():
        found = await undone(town, kind, sql)
        if promise not in found or (fault == "none" and found != {promise}):
            missed[fault] = found
    assert missed == {}


def test_every_promise_has_a_fault_that_breaks_it() -> None:
    """No promise is there that nothing in this table could break."""
    assert {promise for promise, _ in FAULTS.values()} | {"hours guarded"} == {each.name for each in hours.PROMISES}


async def test_each_missing_guard_is_found(town: Town, kind: str) -> None:
    """Each by itself: dropped, and named."""
    guards = await town.does(lambda tx: triggers(tx, kind))
    assert len(guards) == 10

    async def named(tx: Transaction) -> list[str]:
        for name, table in guards:
            await dropped(tx, kind, name, table)
            (found,) = await hours.invariants(tx)
            assert found.name == "hours guarded"
        return [name for name, _ in guards]

    assert await town.does(named) == sorted(name for name, _ in guards)


@pytest.mark.parametrize("wrong", WRONG)
async def test_nothing_written_is_changed_or_removed(town: Town, wrong: str) -> None:
    """The database itself refuses it, whoever asks."""
    record = await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan, evidence="Seen")
    await town.dong.presses_data(f"hours.approve:{record.id}")
    refused = await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan, starts=60, cause="activity:2")
    await town.dong.presses_data(f"hours.refuse:{refused.id}")
    with pytest.raises(Exception, match="never"):
        await town.does(lambda tx: tx.run(WRONG[wrong]))
    assert await sums(town, town.ming) == Sums(c=60)
