"""How many groups somebody leads, when he leaves in the very moment in which a group of his is closed or opened again."""

import asyncio

import pytest

from bot.cli.copying import broken_promises
from bot.domain import groups, privacy
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.refusal import Refused
from bot.storage import Transaction
from tests.databases import Databases
from tests.founding import founded, now
from tests.test_tree import registered
from tests.town import Town, TownClock, built


@pytest.mark.parametrize("is_closed", [False, True])
async def test_a_leader_who_leaves_meanwhile_is_not_counted(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch, is_closed: bool
) -> None:
    """PostgreSQL, where both go on at once: closing or opening ends well, and whoever left leads nothing."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        group = await founded(town, leader=town.lan)
        lan, dong = await town.person(town.lan), await town.person(town.dong)
        if is_closed:
            await town.does(lambda tx: groups.close(tx, group.id, concerned=0, by=dong))

        async def who_then_leaves(tx: Transaction, group_id: int) -> list[Person]:
            found = await groups.leaders_of(tx, group_id)
            await town.does(lambda other: privacy.forget(other, lan))
            return found

        monkeypatch.setattr("bot.domain.groups.leading.leaders_of", who_then_leaves)
        if is_closed:
            await town.does(lambda tx: groups.reopen(tx, group.id, by=dong))
        else:
            await town.does(lambda tx: groups.close(tx, group.id, concerned=0, by=dong))
        assert await town.does(broken_promises) == []


async def test_a_branch_is_not_closed_while_a_team_of_it_is_opened_again(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL: whoever closes it in that very moment waits, and then reads that a team hangs under it."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        branch = await registered(town, "North", "branch")
        team, dong = await registered(town, "Hill team", "team", branch), await town.person(town.dong)
        await town.does(lambda tx: groups.close(tx, team.id, concerned=0, by=dong))
        closing: list[asyncio.Task[Group]] = []

        async def while_the_branch_is_closed(tx: Transaction, group_id: int) -> list[Person]:
            if not closing:
                close = town.does(lambda other: groups.close(other, branch.id, concerned=0, by=dong))
                closing.append(asyncio.create_task(close))
                await asyncio.wait(closing, timeout=0.1)
            return await groups.leaders_of(tx, group_id)

        monkeypatch.setattr("bot.domain.groups.leading.leaders_of", while_the_branch_is_closed)
        await town.does(lambda tx: groups.reopen(tx, team.id, by=dong))
        await asyncio.wait(closing)
        assert await town.does(broken_promises) == []
        assert isinstance(closing[0].exception(), Refused)


async def test_a_group_that_was_wound_up_stays_closed(town: Town) -> None:
    """Its people have been told and let go: not even a clock that was set back brings it back empty."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.close(tx, group.id, concerned=1, by=dong))
    await town.dong.says("/admin")
    await town.passes(seconds=61)
    town.clock.instant -= 30
    await town.dong.presses_data(f"groups.reopen:{group.id}")
    assert not (await now(town, group)).is_open
