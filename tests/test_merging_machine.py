"""Merges in any order among other deeds, with crashes: points, hours and places are all there after each."""

import itertools
import random
from collections.abc import Awaitable, Callable

from bot.cli.promises import all_broken
from bot.domain import activities, groups, hours, merging, people, points, shop
from bot.domain.activities import Activity
from bot.domain.groups import Group
from bot.domain.hours import Grade
from bot.domain.people import Person
from bot.domain.shop import Item
from bot.refusal import Refused
from bot.storage import Transaction
from tests.founding import crowd, founded
from tests.machines import Crash, Crashing
from tests.publishing import published
from tests.shopping import rich, stocked
from tests.test_merging import asked, second
from tests.town import Town

STEPS = {"sqlite": 120, "postgresql": 40}
CRASHES = (None, None, None, 2, 9, 20, 40, 70)
Deed = Callable[[Transaction], Awaitable[object]]
HOUR = 3600


class Walk:
    """Some people with points and hours, an activity, a group and an item; two admins who merge whoever they can."""

    def __init__(self, town: Town, cast: list[Person], admins: list[Person]) -> None:
        self.town = town
        self.dice = random.Random(15)
        self.cast = cast
        self.admins = admins
        self.numbers = itertools.count(1)
        self.issued = self.minutes = 0
        self.activity: Activity
        self.group: Group
        self.item: Item

    def deed(self) -> Deed:
        dice, person = self.dice, self.dice.choice(self.cast)
        return dice.choice(
            (
                lambda tx: self.earns(tx, person),
                lambda tx: self.serves(tx, person),
                lambda tx: shop.redeem(tx, self.item.id, 1, 5, str(next(self.numbers)), by=person),
                lambda tx: shop.cancel(tx, dice.randrange(1, 20), by=person),
                lambda tx: activities.sign_up(tx, self.activity.id, by=person, rules=self.town.settings),
                lambda tx: activities.withdraw(tx, self.activity.id, by=person),
                lambda tx: groups.join(tx, self.group.id, by=person),
                lambda tx: self.merges(tx, person, dice.choice(self.cast)),
            )
        )

    async def earns(self, tx: Transaction, person: Person) -> None:
        cause = f"earned:{next(self.numbers)}"
        await points.award(tx, person.id, 20, reason="event", cause=cause, by=None)

    async def serves(self, tx: Transaction, person: Person) -> None:
        """An hour that nobody else has."""
        if (await people.by_id(tx, person.id)).forgotten_at is not None:
            return
        begins = tx.now - next(self.numbers) * HOUR
        told = hours.Presence(person.id, Grade.OWN, 60, begins, begins + HOUR, "activity:1", "River bank")
        await hours.credit(tx, told, by=person, rules=self.town.settings.hours)

    async def merges(self, tx: Transaction, old: Person, into: Person) -> None:
        """All of it in one transaction, so that a crash can fall anywhere."""
        one, other = self.admins
        rules = self.town.settings
        found = await merging.propose(tx, old.id, into.id, by=one)
        await merging.agree(tx, found.id, by=other, rules=rules)
        for by in (into, old):
            await merging.confirm(tx, found.id, by=by, rules=rules)

    async def step(self) -> None:
        deed, crash_after = self.deed(), self.dice.choice(CRASHES)
        before = await self.had()

        async def stopped(tx: Transaction) -> object:
            return await deed(tx if crash_after is None else Crashing(tx, crash_after))

        try:
            await self.town.does(stopped)
        except (Refused, Crash):
            assert await self.had() == before

    async def had(self) -> tuple[int, int]:
        """All points that were issued and all hours of everybody, wherever they are."""
        held = "SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM accounts WHERE unit = 'points' AND kind IN ('member', 'reserved')"
        served = "SELECT CAST(COALESCE(SUM(a + b + c + d), 0) AS BIGINT) FROM hours_accounts"
        found = await self.town.does(lambda tx: tx.value(held)), await self.town.does(lambda tx: tx.value(served))
        assert found[0] == (await self.town.does(points.totals)).issued
        told = "SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM hours_records WHERE state = 'standing'"
        assert found[1] == await self.town.does(lambda tx: tx.value(told))
        return found


MERGED = "SELECT COUNT(*) FROM people WHERE merged_into IS NOT NULL"


async def test_no_order_of_deeds_loses_or_doubles_anything(town: Town, kind: str) -> None:
    """A merge moves all and makes nothing; whatever is stopped on the way has not happened; every promise holds."""
    admins = [await town.person(town.dong), await town.person(await second(town))]
    walk = Walk(town, list(await crowd(town, 7)), admins)
    walk.activity, walk.group = await published(town, None, places=3), await founded(town, capacity=3)
    walk.item = await stocked(town, 9, price=5)
    for _ in range(STEPS[kind]):
        await walk.step()
        assert await town.does(all_broken) == []
    assert await town.does(lambda tx: tx.value(MERGED)) >= 1


async def test_a_crash_anywhere_leaves_both_as_they_were(town: Town) -> None:
    """Killed after so many statements of the last yes, for every seventh: nothing has happened, and the next yes does it all."""
    await rich(town, town.ming, 30)
    number = await asked(town, town.ming, town.hua)
    old, into = await town.person(town.ming), await town.person(town.hua)
    rules = town.settings
    await town.does(lambda tx: merging.confirm(tx, number, by=into, rules=rules))
    for statements in itertools.count(1, 7):
        try:
            await town.does(
                lambda tx, n=statements: merging.confirm(Crashing(tx, n), number, by=old, rules=rules)  # type: ignore[misc]
            )
        except Crash:
            assert await town.does(lambda tx: points.balance(tx, old.id)) == 30
            assert await town.person(town.ming) == old
        else:
            break
    print(f"killed after up to {statements} statements")
    assert await town.does(lambda tx: points.balance(tx, into.id)) == 30
    assert await town.does(all_broken) == []
