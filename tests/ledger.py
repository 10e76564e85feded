"""What tests of the ledger share: people, awards, reversals, and a redemption before there are any."""

from bot.domain import people, points
from bot.domain.people import Person
from bot.storage import Storage, Transaction


async def registered(storage: Storage, n: int) -> list[Person]:
    """People with an account on Telegram and no points yet."""

    async def deed(tx: Transaction) -> list[Person]:
        return [await people.register(tx, 5000 + number, f"P{number}", "en") for number in range(n)]

    return await storage.transact(deed)


async def awarded(storage: Storage, person: Person, amount: int, number: int, *, by: int | None = None) -> int:
    """Points for task `number`, in a transaction of their own."""
    return await storage.transact(
        lambda tx: points.award(tx, person.id, amount, reason="task", cause=f"activity:{number}", by=by)
    )


async def taken_back(storage: Storage, transfer_id: int, admin: Person) -> int:
    """The reversal of a transfer, in a transaction of its own."""
    return await storage.transact(lambda tx: points.reverse(tx, transfer_id, by=admin.id, cause="activity:12"))


async def changed(storage: Storage, sql: str) -> int:
    """One statement in a transaction of its own."""
    return await storage.transact(lambda tx: tx.run(sql))


async def all_holds(storage: Storage) -> bool:
    """Every promise of the ledger holds; what does not is shown by the assertion."""
    assert await storage.read(points.invariants) == []
    return True


async def spend(tx: Transaction, person_id: int, amount: int, cause: str) -> int:
    """What a redemption will write one day: from the person's account to what was redeemed; the transfer's id."""
    await tx.run(
        "INSERT INTO accounts (kind, unit, owner, made_at) VALUES ('redeemed', 'points', 0, :now) ON CONFLICT DO NOTHING",
        now=tx.now,
    )
    transfer_id = await tx.value(
        "INSERT INTO transfers (reason, cause, person_id, bot, came_from, at) "
        "VALUES ('event', :cause, :person_id, 1, 'test', :now) RETURNING id",
        cause=cause,
        person_id=person_id,
        now=tx.now,
    )
    for kind, owner, moved in (("member", person_id, -amount), ("redeemed", 0, amount)):
        account = await tx.value(
            "UPDATE accounts SET balance = balance + :moved WHERE kind = :kind AND unit = 'points' AND owner = :owner "
            "RETURNING id",
            moved=moved,
            kind=kind,
            owner=owner,
        )
        await tx.run(
            "INSERT INTO entries (transfer_id, account_id, amount) VALUES (:transfer_id, :account, :moved)",
            transfer_id=transfer_id,
            account=account,
            moved=moved,
        )
    return int(transfer_id)
