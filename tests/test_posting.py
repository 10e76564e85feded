"""Transfers of any number of legs, and reservations that end in exactly one way."""

import asyncio

import pytest

from bot.domain import points
from bot.domain.points import LedgerConflict, Leg, Reason
from bot.refusal import Refused
from bot.storage import Storage
from tests.ledger import all_holds, awarded, registered, taken_back

CUPS = "goods:3"


async def moved(storage: Storage, *legs: Leg, cause: str = "redemption:1", key: str | None = None) -> int:
    """A transfer by the bot of itself, in a transaction of its own."""
    return await storage.transact(
        lambda tx: points.transfer(tx, legs, reason=Reason.ADJUST, cause=cause, person_id=None, by=None, key=key)
    )


def given(person_id: int, amount: int, unit: str = "points") -> tuple[Leg, Leg]:
    """From issue to a person."""
    return Leg("issue", 0, -amount, unit), Leg("member", person_id, amount, unit)


async def shelf(storage: Storage, pieces: int) -> None:
    """So many cups are there."""
    await moved(storage, Leg("issue", 0, -pieces, CUPS), Leg("stock", 3, pieces, CUPS), cause="lot:1")


async def reserved(storage: Storage, person_id: int, cost: int, pieces: int = 1, number: int = 1) -> int:
    """A person's points and cups from the shelf are set aside together."""
    legs = (
        Leg("member", person_id, -cost),
        Leg("reserved", number, cost),
        Leg("stock", 3, -pieces, CUPS),
        Leg("reserved", number, pieces, CUPS),
    )
    return await storage.transact(
        lambda tx: points.reserve(tx, legs, cause=f"redemption:{number}", person_id=person_id, by=None)
    )


def handed(cost: int, number: int = 1) -> tuple[Leg, ...]:
    """Everything that was set aside is used up."""
    return (
        Leg("reserved", number, -cost),
        Leg("redeemed", 0, cost),
        Leg("reserved", number, -1, CUPS),
        Leg("redeemed", 0, 1, CUPS),
    )


async def posted(storage: Storage, reservation: int, *legs: Leg) -> int:
    return await storage.transact(lambda tx: points.post(tx, reservation, legs, by=None, cause="redemption:1"))


async def voided(storage: Storage, reservation: int, reason: Reason = Reason.CANCEL) -> int:
    return await storage.transact(lambda tx: points.void(tx, reservation, by=None, cause="redemption:1", reason=reason))


async def held(storage: Storage) -> dict[tuple[str, str], int]:
    """What accounts of each kind and unit hold, those with nothing left out."""
    rows = await storage.read(
        lambda tx: tx.all(
            "SELECT kind, unit, CAST(SUM(balance) AS BIGINT) AS n FROM accounts GROUP BY kind, unit HAVING SUM(balance) <> 0"
        )
    )
    return {(row["kind"], row["unit"]): row["n"] for row in rows}


async def test_points_and_a_piece_move_together_and_are_used_up(storage: Storage) -> None:
    """Two units in one transfer; set aside, then handed out: nothing stays reserved, and every promise holds."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 2)
    reservation = await reserved(storage, person.id, 20)
    assert (await held(storage))["reserved", "points"] == 20
    await posted(storage, reservation, *handed(20))
    assert await held(storage) == {
        ("issue", "points"): -30,
        ("member", "points"): 10,
        ("redeemed", "points"): 20,
        ("issue", CUPS): -2,
        ("stock", CUPS): 1,
        ("redeemed", CUPS): 1,
    }
    assert await all_holds(storage)


async def test_what_is_given_up_goes_back_leg_for_leg(storage: Storage) -> None:
    """A reservation that lapses leaves everything as it was before it."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 2)
    before = await held(storage)
    reservation = await reserved(storage, person.id, 20)
    ended = await voided(storage, reservation, Reason.LAPSE)
    assert await held(storage) == before
    assert await voided(storage, reservation, Reason.LAPSE) == ended
    assert await all_holds(storage)


async def test_part_of_it_is_used_and_the_rest_goes_back(storage: Storage) -> None:
    """Partly fulfilled: all that was set aside is taken out, whatever became of it."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 2)
    reservation = await reserved(storage, person.id, 20, 2)
    legs = (
        Leg("reserved", 1, -20),
        Leg("redeemed", 0, 10),
        Leg("member", person.id, 10),
        Leg("reserved", 1, -2, CUPS),
        Leg("redeemed", 0, 1, CUPS),
        Leg("stock", 3, 1, CUPS),
    )
    await posted(storage, reservation, *legs)
    assert (await held(storage))["member", "points"] == 20
    assert await all_holds(storage)


async def test_it_ends_in_exactly_one_way(storage: Storage) -> None:
    """Handed out and given up at the same moment: one of the two is refused, and says by which entry it was settled."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 1)
    reservation = await reserved(storage, person.id, 20)
    ends = await asyncio.gather(
        posted(storage, reservation, *handed(20)), voided(storage, reservation), return_exceptions=True
    )
    (refused,) = [end for end in ends if isinstance(end, Refused)]
    (settled,) = [end for end in ends if isinstance(end, int)]
    assert refused.reason.values["number"] == settled
    assert await all_holds(storage)


async def test_a_key_told_again_is_the_same_transfer_and_with_other_content_an_error(storage: Storage) -> None:
    """Same key and same content: already done. Same key and other content: loud, and nothing is written."""
    (person,) = await registered(storage, 1)
    first = await moved(storage, *given(person.id, 5), key="tap")
    assert await moved(storage, *given(person.id, 5), key="tap") == first
    for legs, cause in ((given(person.id, 6), "redemption:1"), (given(person.id, 5), "redemption:2")):
        with pytest.raises(LedgerConflict):
            await moved(storage, *legs, cause=cause, key="tap")
    assert (await held(storage))["member", "points"] == 5


async def test_legs_that_are_no_transfer_are_an_error(storage: Storage) -> None:
    """Not balanced in each unit, empty, one leg alone, or the same account twice."""
    (person,) = await registered(storage, 1)
    wrong = (
        (Leg("issue", 0, -5), Leg("member", person.id, 4)),
        (Leg("issue", 0, -5), Leg("member", person.id, 5, "fen")),
        (Leg("issue", 0, 0), Leg("member", person.id, 0)),
        (Leg("issue", 0, -5), Leg("member", person.id, 3), Leg("member", person.id, 2)),
        (),
    )
    for legs in wrong:
        with pytest.raises(ValueError, match="transfer"):
            await moved(storage, *legs)


async def test_a_reservation_is_ended_by_all_that_it_set_aside(storage: Storage) -> None:
    """Less, more, or another reservation's: a mistake in the code, and nothing is written."""
    (person,) = await registered(storage, 1)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 2)
    reservation = await reserved(storage, person.id, 10)
    await reserved(storage, person.id, 10, number=2)
    for legs in (handed(9), handed(10, number=2), handed(10)[:2]):
        with pytest.raises(ValueError, match="is to be ended"):
            await posted(storage, reservation, *legs)
    assert (await held(storage))["reserved", "points"] == 20


async def test_a_reservation_and_its_end_are_not_corrected_by_themselves(storage: Storage) -> None:
    """Taking back one of the two would tear them apart: refused, with what to do instead."""
    person, admin = await registered(storage, 2)
    await awarded(storage, person, 30, 1)
    await shelf(storage, 1)
    reservation = await reserved(storage, person.id, 20)
    for entry in (reservation, await posted(storage, reservation, *handed(20))):
        with pytest.raises(Refused, match="belongs to a reservation"):
            await taken_back(storage, entry, admin)


async def test_fifty_at_once_want_the_last_piece(storage: Storage) -> None:
    """One gets it, nobody pays for nothing, and no stock falls below zero."""
    everyone = await registered(storage, 50)
    for person in everyone:
        await awarded(storage, person, 30, person.id)
    await shelf(storage, 1)
    asked = (reserved(storage, person.id, 20, number=person.id) for person in everyone)
    got = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(one, int) for one in got].count(True) == 1
    assert all(isinstance(one, int | Refused) for one in got)
    assert (await held(storage))["member", "points"] == 50 * 30 - 20
    assert await all_holds(storage)
