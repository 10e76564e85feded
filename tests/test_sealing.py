"""The ledger's chain: every transfer gets a place in it, and whoever changes one behind the triggers is found out."""

import pytest
from rich.console import Console

from bot.cli.auditing import look_at, progress
from bot.domain import audit, people, points
from bot.storage import Storage, Transaction
from tests.ledger import awarded, registered, taken_back
from tests.test_ledger_faults import unguarded
from tests.town import Town


async def sealed(storage: Storage) -> int:
    """Seal all that there is; how many transfers that were."""
    return await storage.transact(points.seal)


async def filled(storage: Storage) -> list[int]:
    """Four transfers in the chain, one of them a reversal, each with two entries."""
    person, admin = await registered(storage, 2)
    made = [await awarded(storage, person, 5 + number, number, by=admin.id) for number in range(3)]
    made.append(await taken_back(storage, made[1], admin))
    assert await sealed(storage) == 4
    return made


async def test_each_transfer_has_one_place_in_the_chain(storage: Storage) -> None:
    """In the order of their numbers, once, however often it is sealed; and all of it holds."""
    made = await filled(storage)
    await sealed(storage)
    rows = await storage.read(lambda tx: tx.all("SELECT place, transfer_id FROM seals ORDER BY place"))
    assert [(row["place"], row["transfer_id"]) for row in rows] == list(enumerate(made, 1))
    assert await storage.read(points.first_gap) is None


# What somebody with the database's password may do, and what the chain then says: place, transfer, and how.
FORGERIES = {
    "an amount": (
        "UPDATE entries SET amount = amount * 2 WHERE transfer_id = {0}",
        1,
        "was changed after it was sealed",
    ),
    "whose it is": ("UPDATE accounts SET owner = 99 WHERE kind = 'member'", 1, "was changed after it was sealed"),
    "who did it": ("UPDATE transfers SET actor_id = 1 WHERE id = {2}", 3, "was changed after it was sealed"),
    "what it was for": (
        "UPDATE transfers SET cause = 'activity:9' WHERE id = {1}",
        2,
        "was changed after it was sealed",
    ),
    "a transfer, removed": ("DELETE FROM transfers WHERE id = {2}", 3, "is missing"),
    "its entries, removed": ("DELETE FROM entries WHERE transfer_id = {3}", 4, "was changed after it was sealed"),
    "a place, removed": ("DELETE FROM seals WHERE place = 2", 2, "is missing"),
    "the end, removed": ("DELETE FROM seals WHERE place > 2", 3, "is missing at the end"),
    "a hash, written anew": ("UPDATE seals SET hash = 'forged' WHERE place = 4", 4, "was changed after it was sealed"),
    "the head, written anew": ("UPDATE seals_head SET hash = 'forged'", 5, "is missing at the end"),
}


@pytest.mark.parametrize("what", FORGERIES)
async def test_what_was_changed_behind_the_triggers_is_named(storage: Storage, kind: str, what: str) -> None:
    """Each forgery by itself, on tables without guards: the first place that does not hold."""
    made = await filled(storage)
    sql, place, why = FORGERIES[what]

    async def deed(tx: Transaction) -> points.Gap | None:
        await unguarded(tx, kind)
        await tx.run(sql.format(*made))
        return await points.first_gap(tx)

    found = await storage.transact(deed)
    assert found is not None
    assert (found.place, found.why) == (place, why)


async def test_a_place_cut_out_is_named_by_the_one_behind_it(storage: Storage, kind: str) -> None:
    """A transfer that is removed with its place, and those behind it moved up: the next does not follow from the one before."""
    made = await filled(storage)

    async def deed(tx: Transaction) -> points.Gap | None:
        await unguarded(tx, kind)
        for table in ("entries", "seals"):
            await tx.run(f"DELETE FROM {table} WHERE transfer_id = {made[1]}")
        await tx.run("UPDATE seals SET place = place - 1 WHERE place > 2")
        await tx.run(f"DELETE FROM transfers WHERE id = {made[1]}")
        return await points.first_gap(tx)

    found = await storage.transact(deed)
    assert found is not None
    assert (found.place, found.transfer_id) == (2, made[2])


async def test_a_seal_is_never_changed_or_removed(storage: Storage) -> None:
    """The tables refuse it."""
    await filled(storage)
    for sql in ("UPDATE seals SET hash = 'x'", "DELETE FROM seals"):
        with pytest.raises(Exception, match="never"):
            await storage.transact(lambda tx, sql=sql: tx.run(sql))  # type: ignore[misc]


async def test_the_scheduler_seals_within_a_minute(town: Town) -> None:
    """What was written is in the chain a minute later; a quiet county has nothing planned."""
    ming = await town.does(lambda tx: people.register(tx, 5000, "Ming", "en"))
    await town.does(lambda tx: points.award(tx, ming.id, 5, reason="task", cause="activity:1", by=None))
    await town.tick()
    await town.passes(seconds=61)
    assert (await town.does(points.head)).place == 1
    await town.tick()
    waiting = await town.does(
        lambda tx: tx.value("SELECT COUNT(*) FROM due WHERE deed = 'points.seal' AND state = 'new'")
    )
    assert waiting == 0


async def test_an_audit_follows_both_chains_and_knows_the_heads_that_were_kept(storage: Storage) -> None:
    """Everything holds; a head from yesterday is still in the chain, and one that never was is not."""
    await filled(storage)
    number, kept = await storage.read(audit.head)
    head = await storage.read(points.head)
    bar = progress(Console(quiet=True))
    right = await look_at(storage, bar, (f"{number}:{kept}", f"{head.place}:{head.hash[:12]}"))
    assert [each.what for each in right] == ["audit log", "ledger", "audit head", "ledger head", "promises"]
    assert not any(each.fault for each in right)
    wrong = await look_at(storage, bar, ("900:abc", f"{head.place}:beef"))
    assert [each.what for each in wrong if each.fault] == ["audit head", "ledger head"]
