"""The tree of groups: associations, their branches and teams, schools; who registers and who hangs what where (C55)."""

import random
from collections.abc import Iterable

import pytest

from bot.domain import groups
from bot.domain.groups import Group
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import founded, now
from tests.town import Town


async def registered(town: Town, name: str, kind: str, under: Group | None = None) -> Group:
    """A node of the registry, made by the county admin."""
    dong = await town.person(town.dong)
    return await town.does(
        lambda tx: groups.found(tx, name, "", None, by=dong, kind=kind, under=under.id if under else None)
    )


async def hung(town: Town, group: Group, under: Group | None) -> Group:
    dong = await town.person(town.dong)
    return await town.does(lambda tx: groups.hang(tx, group.id, under.id if under else None, by=dong))


async def taps(who: Persona, *labels: str) -> None:
    for label in labels:
        await who.presses(label)


def names(found: Iterable[Group]) -> list[str]:
    return [each.name for each in found]


async def test_a_branch_moves_with_all_that_hangs_under_it(town: Town) -> None:
    """What stands above a team is read from the top; moved to another association, the branch takes its team along."""
    old, new = await registered(town, "Old", "association"), await registered(town, "New", "association")
    branch = await registered(town, "North", "branch", old)
    team = await registered(town, "Team", "team", branch)
    assert names(await town.does(lambda tx: groups.above(tx, team.id))) == ["Old", "North"]
    await hung(town, branch, new)
    assert names(await town.does(lambda tx: groups.above(tx, team.id))) == ["New", "North"]
    assert await town.does(lambda tx: groups.beneath(tx, old.id)) == []
    below = await town.does(lambda tx: groups.beneath(tx, new.id))
    assert [(each.kind, each.groups, each.leaderless) for each in below] == [("branch", 1, 1), ("team", 1, 1)]


@pytest.mark.parametrize("seed", range(3))
async def test_the_tree_holds_whatever_is_hung_where(town: Town, seed: int) -> None:
    """Moves at random: each is done and every promise holds, or it is refused and nothing has changed."""
    dice = random.Random(seed)
    nodes = [await registered(town, f"Node {n}", "branch") for n in range(8)]
    refused = 0
    for _ in range(30):
        node, under = dice.choice(nodes), dice.choice([None, *nodes])
        before = await now(town, node)
        try:
            await hung(town, node, under)
        except Refused:
            refused += 1
            assert await now(town, node) == before
        assert await town.does(groups.invariants) == []
    assert 0 < refused < 30


async def test_a_group_is_closed_when_nothing_hangs_under_it(town: Town) -> None:
    """An association with a branch stays open, and the no leads to what hangs under it."""
    top = await registered(town, "County", "association")
    await registered(town, "North", "branch", top)
    dong = await town.person(town.dong)
    with pytest.raises(Refused) as refusal:
        await town.does(lambda tx: groups.close(tx, top.id, concerned=0, by=dong))
    assert refusal.value.ways_out[0].data == f"groups.under:{top.id}"
    assert (await now(town, top)).is_open


async def test_the_list_of_interest_groups_has_no_teams(town: Town) -> None:
    """Hundreds of teams don't stand among the interest groups; a search finds them."""
    await founded(town, "Dance")
    await registered(town, "Team of the river", "team")
    await town.ming.says("/groups")
    assert "Interest groups · 1 in all" in town.ming.screen.text
    await town.ming.says("/groups river")
    assert town.ming.screen.labels[0] == "Team of the river · 0"


async def test_a_team_is_registered_under_a_branch_by_who_leads_it(town: Town) -> None:
    """An association, its branch, and by the branch's leader three teams in one message: the one that is there is named."""
    await founded(town, "Night walkers")
    await town.dong.says("/org")
    assert "Nothing is registered here yet" in town.dong.screen.text
    await taps(town.dong, "＋ Register", "Association")
    await town.dong.says("County Volunteers")
    await town.dong.presses("Register")
    await taps(town.dong, "⚠ County Volunteers · 0", "What hangs under it", "＋ Register", "Branch")
    await town.dong.says("North")
    await taps(town.dong, "Register", "⚠ North · 0", "Name a leader")
    await town.dong.says("Ming")
    await town.dong.presses("Make leader")
    await town.ming.says("/org north")
    await taps(town.ming, "North · 0", "What hangs under it", "＋ Register teams")
    await town.ming.says("\n".join(f"Team {n}" for n in range(41)))
    assert "These are 41 names, and 40 at once are possible" in town.ming.screen.text
    await town.ming.says("River team\nnight walkers\nRiver team\nHill team")
    await town.ming.presses("Register")
    assert "2 are registered." in town.ming.screen.text
    assert "left out: night walkers" in town.ming.screen.text
    assert "Volunteer team: 2, memberships 0; ⚠ without a leader: 2" in town.ming.screen.text
    await town.ming.presses("⚠ Hill team · 0")
    assert "Volunteer team · County Volunteers › North" in town.ming.screen.text


async def test_back_leads_to_what_a_team_hangs_under(town: Town) -> None:
    """From a team's card back to its branch's teams, from the top of the tree back to the registry."""
    branch = await registered(town, "North", "branch")
    await registered(town, "Hill team", "team", branch)
    await town.ming.says("/org")
    await taps(town.ming, "⚠ North · 0", "What hangs under it", "⚠ Hill team · 0", "‹ Back")
    assert "North · what hangs under it" in town.ming.screen.text
    await taps(town.ming, "‹ Back", "‹ Back")
    assert "Registry\nAssociations, schools and teams, with how many people are in each." in town.ming.screen.text


async def test_a_group_is_opened_again_at_the_top_where_its_branch_was_closed(town: Town) -> None:
    """No open group hangs under a closed one, whatever is undone in which order."""
    branch = await registered(town, "North", "branch")
    team = await registered(town, "Hill team", "team", branch)
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.close(tx, team.id, concerned=0, by=dong))
    await town.does(lambda tx: groups.close(tx, branch.id, concerned=0, by=dong))
    await town.does(lambda tx: groups.reopen(tx, team.id, by=dong))
    assert (await now(town, team)).parent_id is None
    assert await town.does(groups.invariants) == []
