"""Taking back: a correction is another transfer, which names the one it reverses."""

from bot import due
from bot.cards import Button, card, press
from bot.domain import people
from bot.domain.audit import note, take_turn
from bot.domain.people import Person
from bot.domain.points.ledger import Moved, Reason, settle, signed, write
from bot.domain.points.posting import Leg, fetch, pass_on
from bot.domain.points.statement import Entry, entry, held, look_button
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

RETURN = "points.budget.return"
# Longer than a closing can be undone.
RETURN_SECONDS = 61


async def reverse(tx: Transaction, transfer_id: int, *, by: int | None, cause: str) -> int:
    """Take back what a transfer did, by another one that names it; the new transfer's id.

    The same reversal told again (same `cause`) gives the same id. Raises Refused when there is no such transfer, when
    something else took it back before, and when the person has spent the points since: nobody falls below zero.
    """
    await take_turn(tx)
    legs = await _legs(tx, transfer_id)
    if (before := await _reversal(tx, transfer_id)) is not None:
        return _taken_back(before, transfer_id, cause)
    _check_whole(legs, transfer_id)
    for row in _inherited(legs, gained=True):
        await fetch(tx, transfer_id, _leg(row, row["amount"]), row["heir"])
    for row in await _legs(tx, transfer_id):
        _check_left(row, row["balance"], transfer_id)
    person_id = legs[0]["person_id"]
    number = await note(tx, "points.reversed", f"transfer:{transfer_id}", by=by, cause=cause, person=person_id)
    moved = Moved(Reason.REVERSAL, cause, person_id, by, None, number, transfer_id)
    new_id = await write(tx, moved)
    await tx.run(
        "INSERT INTO entries (transfer_id, account_id, amount) "
        "SELECT CAST(:new_id AS BIGINT), account_id, -amount FROM entries WHERE transfer_id = :transfer_id",
        new_id=new_id,
        transfer_id=transfer_id,
    )
    await settle(tx, new_id, len(legs))
    for row in _inherited(legs, gained=False):
        await pass_on(tx, new_id, _leg(row, -row["amount"]), row["heir"])
    return new_id


def _inherited(legs: list[Row], *, gained: bool) -> list[Row]:
    """The legs of records that became another's: those that gained by the transfer, or those that gave."""
    return [row for row in legs if row["heir"] is not None and (row["amount"] > 0) is gained]


def _leg(row: Row, amount: int) -> Leg:
    return Leg(row["kind"], row["owner"], amount, row["unit"])


async def _legs(tx: Transaction, transfer_id: int) -> list[Row]:
    """The transfer's entries with their accounts, locked in the order of ids."""
    rows = await tx.all(
        "SELECT a.id, a.kind, a.unit, a.owner, a.heir, a.balance, e.amount, t.person_id, t.resolves, t.reason, t.cause FROM entries e JOIN accounts a ON a.id = e.account_id "
        "JOIN transfers t ON t.id = e.transfer_id WHERE e.transfer_id = :transfer_id "
        "ORDER BY a.id /*pg FOR NO KEY UPDATE OF a*/",
        transfer_id=transfer_id,
    )
    if not rows:
        raise Refused(say("There is no entry with the number {number}. Nothing was changed.", number=transfer_id))
    return list(rows)


def _taken_back(before: Row, transfer_id: int, cause: str) -> int:
    if before["cause"] == cause:
        return int(before["id"])
    raise Refused(
        say(
            "Entry {number} was taken back before, by entry {other}. Nothing was changed now. "
            "To give the points again, take back entry {other}.",
            number=transfer_id,
            other=before["id"],
        )
    )


async def check_reversible(tx: Transaction, transfer_id: int) -> None:
    """Raises Refused where `reverse` would: for what is part of something else, and for points that are spent."""
    legs = await _legs(tx, transfer_id)
    if (before := await _reversal(tx, transfer_id)) is not None:
        _taken_back(before, transfer_id, "")
    _check_whole(legs, transfer_id)
    for row in legs:
        heirs = row["heir"] is not None and row["amount"] > 0
        has = await held(tx, row["kind"], row["heir"], row["unit"]) if heirs else row["balance"]
        _check_left(row, has, transfer_id)


async def _reversal(tx: Transaction, transfer_id: int) -> Row | None:
    return await tx.one("SELECT id, cause FROM transfers WHERE reverses = :id", id=transfer_id)


def _check_whole(legs: list[Row], transfer_id: int) -> None:
    """A reservation and its end belong together, and two records that became one stay one."""
    if legs[0]["reason"] == Reason.MERGE:
        raise Refused(
            say(
                "Entry {number} carried points on from a record that was merged, and can't be corrected by itself. "
                "Nothing was changed. Correct the entry that earned them.",
                number=transfer_id,
            )
        )
    if legs[0]["reason"] == Reason.GIFT:
        raise Refused(
            say("Entry {number} is a gift. Nothing was changed. Open the gift to take it back.", number=transfer_id),
            WayOut(say("Open the gift"), press("points.gift.open", legs[0]["cause"].rpartition(":")[2])),
        )
    if any(leg["kind"] == "reserved" or leg["resolves"] is not None for leg in legs):
        raise Refused(
            say(
                "Entry {number} belongs to a reservation and can't be corrected by itself. Nothing was changed. "
                "Cancel the reservation, or make up for it by a grant.",
                number=transfer_id,
            )
        )


def _check_left(leg: Row, has: int, transfer_id: int) -> None:
    if leg["kind"] != "issue" and has < leg["amount"]:
        raise Refused(
            say(
                "Entry {number} can't be taken back: it gave {amount} points and only {balance} are left. "
                "Nothing was changed. Take back first what they were spent on.",
                number=transfer_id,
                amount=leg["amount"],
                balance=has,
            )
        )


async def _home_again(tx: Transaction, transfer_id: int) -> None:
    """What came back into the budget of a group that is closed goes on to the county."""
    rows = await tx.all(
        "SELECT g.id FROM entries e JOIN accounts a ON a.id = e.account_id JOIN groups g ON g.id = a.owner "
        "WHERE e.transfer_id = :id AND a.kind = 'group' AND g.closed_at IS NOT NULL",
        id=transfer_id,
    )
    for row in rows:
        await due.plan(tx, RETURN, f"group:{row['id']}", tx.now + RETURN_SECONDS)


async def correct(tx: Transaction, transfer_id: int, *, by: Person) -> Entry:
    """Take back one entry of somebody else's points by hand, and tell that person; what was taken back.

    Raises Refused for everybody but admins, for one's own points, and as `reverse` does.
    """
    people.only_admins(by)
    wrong = await entry(tx, transfer_id)
    if (await people.now_of(tx, wrong.person_id)).id == by.id:
        raise Refused(say("Nobody corrects their own points; please ask another county admin. Nothing was changed."))
    reversal_id = await reverse(tx, transfer_id, by=by.id, cause=f"person:{by.id}")
    await _home_again(tx, transfer_id)
    person = await people.now_of(tx, wrong.person_id)
    told = card(
        say(
            "A county admin has corrected entry {number} of your points: {amount}.",
            number=transfer_id,
            amount=signed(-wrong.amount),
        ),
        say("If you think this is wrong, appeal: an admin who had no hand in it answers."),
        rows=((Button(say("My points"), "points.mine"), look_button(reversal_id)),),
    )
    await people.tell(tx, person, told, key=f"points.corrected:{transfer_id}")
    return wrong
