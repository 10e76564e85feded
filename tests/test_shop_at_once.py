"""The shop when many press at once: pieces and points are set aside together, once, and nobody is passed over."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bot.domain import shop
from bot.domain.shop import Item, Redemption, asking
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.publishing import register, together
from tests.shopping import has, left, reserved, rich, sound, stocked
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def test_five_taps_reserve_once(town: Town) -> None:
    """Five taps on one confirmation, with points for all five, are one reservation, and each is answered with it."""
    item = await stocked(town, 9)
    await rich(town, town.ming, 500)
    async with together(town):
        for _ in range(5):
            await town.ming.presses_data(f"shop.redeem:{item.id}:1:50:7")
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE attempts > 0")) == 0
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (450, 8, [])


async def test_five_screens_spend_points_once(town: Town) -> None:
    """With points for one of five: one is reserved, four are refused, and nothing is below zero."""
    item = await stocked(town, 9)
    await rich(town, town.ming, 50)
    async with together(town):
        for key in range(5):
            await town.ming.presses_data(f"shop.redeem:{item.id}:1:50:{key}")
    assert "That costs 50 points, and you have 0 points. Nothing was reserved" in told(town.ming)
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (0, 8, [])


async def test_fifty_at_once_on_the_last_item(town: Town) -> None:
    """One has it; each of the others is told at the press that it is gone, and has all his points."""
    item = await stocked(town, 1)
    crowd = [town.people.person(f"P{number}", language_code="en") for number in range(50)]
    await register(town, *crowd)
    for each in crowd:
        await rich(town, each, 50)
    async with together(town):
        for each in crowd:
            await each.starts(f"shop_open-{item.id}")
    async with together(town):
        for each in crowd:
            await each.presses_data(f"shop.redeem:{item.id}:1:50:1")
    assert all(each.unanswered == [] for each in crowd)
    assert sum("Reserved. Show the code" in told(each) for each in crowd) == 1
    assert sum("“Cup” is gone just now. Nothing was reserved" in told(each) for each in crowd) == 49
    assert sum([await has(town, each) for each in crowd]) == 49 * 50
    assert (await left(town, item), await sound(town)) == (0, [])


async def test_an_opening_is_exact(town: Town) -> None:
    """Forty for seven pieces the moment it opens: seven have one, whoever was early or late has a reason, nothing is below zero."""
    item = await stocked(town, 7, opens_at=int(town.clock.instant) + 60, limit_pieces=1)
    crowd = [town.people.person(f"P{number}", language_code="en") for number in range(40)]
    await register(town, *crowd)
    for number, each in enumerate(crowd):
        await rich(town, each, 50 if number % 4 else 49)
    async with together(town):
        for each in crowd:
            await each.starts(f"shop_open-{item.id}")
    await crowd[0].presses_data(f"shop.redeem:{item.id}:1:50:1")
    assert "can be redeemed from" in told(crowd[0])
    await town.passes(seconds=60)
    async with together(town):
        for each in crowd:
            await each.presses_data(f"shop.redeem:{item.id}:1:50:2")
            await each.presses_data(f"shop.redeem:{item.id}:1:50:3")
    reserved_now = [each for each in crowd if await has(town, each) == 0]
    assert (len(reserved_now), await left(town, item), await sound(town)) == (7, 0, [])


async def test_all_of_it_in_the_same_moment(town: Town) -> None:
    """Reserving, giving up, handing out twice, lapsing and taking in at once: each piece is somewhere, and only once."""
    item = await stocked(town, 4)
    crowd = [town.people.person(f"P{number}", language_code="en") for number in range(12)]
    await register(town, *crowd)
    for each in crowd:
        await rich(town, each, 50)
    people_there, dong = [await town.person(each) for each in crowd], await town.person(town.dong)
    first = [await reserved(town, each, item) for each in crowd[:4]]
    deeds: list[Callable[[Transaction], Awaitable[object]]] = [
        *(partial(shop.redeem, item_id=item.id, pieces=1, price=50, key="2", by=each) for each in people_there[4:]),
        *(partial(shop.hand_out, code=first[0].code, pieces=1, by=dong) for _ in range(2)),
        *(partial(shop.cancel, redemption_id=first[1].id, by=people_there[1]) for _ in range(2)),
        partial(shop.cancel, redemption_id=first[2].id, by=people_there[2]),
        partial(shop.hand_out, code=first[2].code, pieces=1, by=dong),
        partial(shop.take_in, item_id=item.id, pieces=2, by=dong),
        partial(shop.write_off, item_id=item.id, pieces=1, why="Broken", by=dong),
    ]
    answers = await asyncio.gather(*(town.does(deed) for deed in deeds), return_exceptions=True)
    assert [each for each in answers if isinstance(each, BaseException) and not isinstance(each, Refused)] == []
    lots = (await town.does(lambda tx: shop.lots(tx, item.id, 0))).items
    assert [lot for lot in lots if lot.pieces != lot.left + lot.reserved + lot.handed + lot.damaged] == []
    assert sum(lot.handed for lot in lots) in (1, 2)
    assert await sound(town) == []


# Clerks, and whoever leaves


async def set_aside(town: Town) -> tuple[Item, Redemption]:
    """The last piece, which is reserved for Ming."""
    item = await stocked(town, 1)
    await rich(town, town.ming, 60)
    return item, await reserved(town, town.ming, item)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_whoever_waits_from_the_very_moment_on_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both go on at once: a piece comes back while somebody says that he waits for it."""
    item, found = await set_aside(town)
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    cancelling: list[asyncio.Task[Redemption]] = []

    async def then_it_is_cancelled(tx: Transaction, item_id: int, *, hold: bool = False) -> Item:
        seen = await item_of(tx, item_id, hold=hold)
        if hold and not cancelling:
            cancel = town.does(lambda other: shop.cancel(other, found.id, by=ming))
            cancelling.append(asyncio.create_task(cancel))
            await asyncio.wait(cancelling, timeout=0.1)
        return seen

    item_of = asking.item
    monkeypatch.setattr(asking, "item", then_it_is_cancelled)
    await town.does(lambda tx: shop.wish(tx, item.id, by=hua))
    await asyncio.gather(*cancelling)
    await town.passes(minutes=1)
    assert "“Cup” is back" in told(town.hua)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_whoever_leaves_as_it_is_handed_out_leaves(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both go on at once: what has come to its end meanwhile is nothing to give back."""
    _, found = await set_aside(town)
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    handed: list[Redemption] = []

    async def when_it_is_handed_out(tx: Transaction, number: int, *, hold: bool = False) -> Redemption:
        if not handed:
            handed.append(found)
            await town.does(lambda other: shop.hand_out(other, found.code, 1, by=dong))
        return await redemption_of(tx, number, hold=hold)

    redemption_of = asking.redemption
    monkeypatch.setattr(asking, "redemption", when_it_is_handed_out)
    await town.does(lambda tx: shop.forget(tx, ming))
    assert await sound(town) == []
