"""Groups for tests, made by the deeds that the bot itself uses."""

import asyncio
from collections.abc import Sequence

from bot.domain import groups, people
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.town import Town


async def founded(
    town: Town, name: str = "Dance", *, about: str = "", capacity: int | None = None, leader: Persona | None = None
) -> Group:
    """A group made by the county admin; nobody was told anything of it."""
    dong = await town.person(town.dong)
    lead = await town.person(leader) if leader else None

    async def deed(tx: Transaction) -> Group:
        group = await groups.found(tx, name, about, capacity, by=dong)
        if lead:
            await groups.appoint(tx, group, lead, by=dong)
        return group

    group = await town.does(deed)
    await town.settle()
    for persona in town.people.by_name.values():
        persona.forget()
    return group


async def now(town: Town, group: Group) -> Group:
    """The group as it is now."""
    return await town.does(lambda tx: groups.by_id(tx, group.id))


async def insiders(town: Town, group: Group) -> list[str]:
    """The nicknames of those who are in, in the order in which they came."""
    return [person.nickname for person in await town.does(lambda tx: groups.members_of(tx, group.id))]


async def queue(town: Town, group: Group) -> list[str]:
    """The nicknames of those who wait, in their order."""
    page = await town.does(lambda tx: groups.roll(tx, group.id, 0, state="waiting"))
    return [item.nickname for item in page.items]


async def crowd(town: Town, n: int) -> Sequence[Person]:
    """So many people who are registered."""
    return [await _registered(town, 1000 + i) for i in range(n)]


async def _registered(town: Town, telegram_id: int) -> Person:
    return await town.does(lambda tx: people.register(tx, telegram_id, f"P{telegram_id}", "en"))


async def all_at_once(town: Town, group: Group, persons: Sequence[Person]) -> None:
    """Everybody taps Join in the same moment."""
    await asyncio.gather(*(town.does(lambda tx, p=p: groups.join(tx, group.id, by=p)) for p in persons))  # type: ignore[misc]


async def is_exact(town: Town, group: Group) -> bool:
    """Does the kept number agree with the rows, within the capacity, and is nobody waiting beside a free place?"""
    kept = await now(town, group)
    rows = len(await insiders(town, group))
    waiting = await town.does(lambda tx: groups.waiting(tx, group.id))
    fits = kept.capacity is None or kept.members <= kept.capacity
    return kept.members == rows and fits and (not waiting or kept.is_full)
