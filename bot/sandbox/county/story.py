"""What the chapters of the sample county's story share: the ground, its days, its people and its dice."""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bot.config import Settings
from bot.domain import activities, groups, people
from bot.domain.activities import Wish
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.refusal import Refused
from bot.sandbox.county.cast import ADMIN, CAST
from bot.sandbox.county.days import Days
from bot.sandbox.county.ground import Ground
from bot.sandbox.people import Persona
from bot.storage import Transaction

AT_ONCE = 100
PLAIN = Wish()
Entry = tuple[int, Callable[[], Awaitable[None]]]
"""An instant, and what happens then."""


@dataclass(frozen=True)
class Story:
    """`others` are the names of the residents beside the cast; `dice` fall the same way each time."""

    ground: Ground
    settings: Settings
    days: Days
    others: tuple[str, ...]
    dice: random.Random

    def persona(self, name: str) -> Persona:
        return self.ground.people.by_name[name]

    @property
    def residents(self) -> list[str]:
        """Everybody who has registered."""
        return [name for name, part in CAST.items() if part.is_here] + list(self.others)

    def some(self, number: int) -> list[str]:
        """So many of the others, in the order in which they happen to come."""
        return self.dice.sample(self.others, min(number, len(self.others)))

    async def person(self, tx: Transaction, name: str) -> Person:
        found = await people.by_telegram(tx, self.persona(name).id)
        assert found is not None, f"{name} has registered at the beginning"
        return found

    async def admin(self, tx: Transaction) -> Person:
        return await self.person(tx, ADMIN)

    async def signs_up(self, tx: Transaction, activity_id: int, name: str, wish: Wish = PLAIN) -> None:
        """Whoever is somewhere else at that time, as lots and weekdays would have it, stays there."""
        person = await self.person(tx, name)
        with suppress(Refused):
            async with tx.savepoint():
                await activities.sign_up(tx, activity_id, by=person, rules=self.settings, wish=wish)

    async def for_each(self, names: Sequence[str], deed: Callable[[Transaction, str], Awaitable[object]]) -> None:
        """The deed for each of them, many in one transaction."""
        for begin in range(0, len(names), AT_ONCE):
            await self.ground.does(partial(_in_turn, names[begin : begin + AT_ONCE], deed))


async def _in_turn(
    names: Sequence[str], deed: Callable[[Transaction, str], Awaitable[object]], tx: Transaction
) -> None:
    for name in names:
        await deed(tx, name)


async def club(tx: Transaction, name: str) -> Group:
    """The interest group with this name."""
    found = await groups.called(tx, name)
    assert found is not None, f"{name} was founded at the beginning"
    return found
