"""The shop under any order of deeds, with crashes and time that passes: points and pieces are all there after each."""

import random
from collections.abc import Awaitable, Callable

from bot.domain import points, shop
from bot.domain.people import Person, Role
from bot.domain.shop import Item, Lot
from bot.refusal import Refused
from bot.storage import Storage, Transaction
from tests.machines import Crash, Crashing
from tests.shopping import place, rich, sound, stocked
from tests.town import Town

DAY = 24 * 3600
STEPS = {"sqlite": 250, "postgresql": 60}
# After how many statements a deed is stopped, if it is.
CRASHES = (None, None, None, 3, 8, 15, 25)
Deed = Callable[[Transaction], Awaitable[object]]


class Walk:
    """Two members, a clerk who is admin, and one item; each deed is as a handler would do it."""

    def __init__(self, town: Town, dice: random.Random, cast: list[Person], item: Item) -> None:
        self.town = town
        self.dice = dice
        self.members = cast[:2]
        self.clerks = cast[2:]
        self.item = item
        self.codes: list[str] = []

    def deed(self) -> Deed:
        dice, number = self.dice, self.item.id
        member, clerk = dice.choice(self.members), dice.choice(self.clerks)
        pieces, key = dice.choice((1, 1, 2, 3, 6)), str(dice.randrange(40))
        code = dice.choice(self.codes or ["AAAA2222"])
        return dice.choice(
            (
                lambda tx: shop.redeem(tx, number, pieces, self.item.price, key, by=member),
                lambda tx: shop.redeem(tx, number, pieces, self.item.price, key, by=member),
                lambda tx: shop.hand_out(tx, code, pieces, by=clerk),
                lambda tx: shop.find_damaged(tx, code, by=clerk),
                lambda tx: shop.turn_away(tx, code, by=clerk),
                lambda tx: shop.cancel(tx, dice.randrange(1, 20), by=member),
                lambda tx: shop.wish(tx, number, by=member),
                lambda tx: shop.take_in(tx, number, pieces, by=clerk, sponsor=dice.choice((None, "Book shop"))),
                lambda tx: shop.write_off(tx, number, pieces, "Broken", by=clerk),
            )
        )

    async def step(self) -> None:
        """A deed, perhaps stopped on the way, or some time passes."""
        if self.dice.random() < 0.1:
            await self.town.passes(seconds=self.dice.choice((3600, DAY, 8 * DAY)))
        else:
            await self._tries(self.deed(), self.dice.choice(CRASHES))
        self.codes = await self.town.does(_codes)

    async def _tries(self, deed: Deed, crash_after: int | None) -> None:
        async def stopped(tx: Transaction) -> object:
            return await deed(tx if crash_after is None else Crashing(tx, crash_after))

        try:
            await self.town.does(stopped)
        except (Refused, Crash):
            return


async def _codes(tx: Transaction) -> list[str]:
    return [row["code"] for row in await tx.all("SELECT code FROM redemptions ORDER BY id")]


async def _lots_add_up(storage: Storage, item: Item) -> bool:
    """Left, reserved, handed out and damaged pieces of each lot are what came in, and what is left of all is the stock."""

    async def question(tx: Transaction) -> bool:
        found: list[Lot] = []
        number = 0
        while (page := await shop.lots(tx, item.id, number)).items:
            found += page.items
            number += 1
        whole = all(lot.pieces == lot.left + lot.reserved + lot.handed + lot.damaged for lot in found)
        real = all(min(lot.left, lot.reserved, lot.handed, lot.damaged) >= 0 for lot in found)
        return whole and real and sum(lot.left for lot in found) == (await shop.item(tx, item.id)).left

    return await storage.transact(question)


async def test_no_order_of_deeds_loses_a_point_or_a_piece(town: Town, kind: str) -> None:
    """After each deed, stopped or not, every promise of the shop and of the ledger holds, and each lot adds up."""
    partner = await place(town)
    item = await stocked(town, 6, at=partner, price=7)
    second = await town.newcomer("Second", role=Role.ADMIN)
    for persona in (town.ming, town.hua):
        await rich(town, persona, 150)
    cast = [await town.person(each) for each in (town.ming, town.hua, town.dong, second)]
    walk = Walk(town, random.Random(77), cast, item)
    for _ in range(STEPS[kind]):
        await walk.step()
        assert await sound(town) == []
        assert await _lots_add_up(town.storage, item)
    rows = await town.does(lambda tx: tx.all("SELECT DISTINCT state FROM redemptions"))
    ends = {row["state"] for row in rows}
    totals = await town.does(points.totals)
    assert totals.issued == 300
    assert ends >= {"collected", "cancelled", "lapsed", "damaged"} or kind == "postgresql"
