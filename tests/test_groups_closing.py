"""A large group is closed: its people are told and let go a slice at a time."""

import pytest

from bot.domain import activities, groups, people, telling
from bot.domain.groups import Group
from bot.storage import Transaction
from tests.calling import got, many
from tests.founding import founded, insiders, now
from tests.publishing import join, published
from tests.publishing import now as activity_now
from tests.town import Town

CROWD = telling.SLICE + 100
FAREWELL = "Dance was closed by the county. Your points"


async def crowded(town: Town) -> Group:
    """Lan's group with more members than a slice has."""
    group = await founded(town, "Dance", leader=town.lan)
    crowd = await many(town, CROWD)

    async def deed(tx: Transaction) -> None:
        for persona in crowd:
            person = await people.by_telegram(tx, persona.id)
            assert person is not None, "everybody of the crowd is registered"
            await groups.join(tx, group.id, by=person)

    await town.does(deed)
    return group


async def closes(town: Town, group: Group) -> None:
    """Dong closes it, and the minute in which that can be undone is over."""
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    await town.dong.presses("Close it")
    town.dong.forget()
    town.clock.move(61)


@pytest.mark.usefixtures("a_slice_a_tick")
async def test_a_large_group_is_let_go_in_slices_and_the_admin_is_told_at_the_end(town: Town) -> None:
    """After each slice the kept number of members is right; each hears of it once, its leader too."""
    group = await crowded(town)
    await closes(town, group)
    seen = []
    for _ in range(3):
        await town.parts.scheduler.tick()
        kept = (await now(town, group)).members
        assert kept == len(await insiders(town, group))
        seen.append(kept)
    assert seen == [CROWD - telling.SLICE, 0, 0]
    await town.settle()
    crowd = [persona for name, persona in town.people.by_name.items() if name.startswith("p")]
    assert {got(persona, FAREWELL) for persona in [*crowd, town.lan]} == {1}
    assert "everybody who was in it has been told and let go" in town.dong.heard[-1]


async def test_a_crash_between_two_slices_forgets_nobody(town: Town) -> None:
    """What comes next is another process; slices done twice tell nobody twice."""
    group = await crowded(town)
    await closes(town, group)
    for _ in range(4):
        await town.parts.scheduler.tick()
        await town.opens()
    await town.does(lambda tx: tx.run("UPDATE due SET state = 'new' WHERE deed = 'groups.let_go'"))
    for _ in range(3):
        await town.tick()
    crowd = [persona for name, persona in town.people.by_name.items() if name.startswith("p")]
    assert {got(persona, FAREWELL) for persona in [*crowd, town.lan]} == {1}
    assert (await now(town, group)).members == 0


async def test_closing_says_what_becomes_of_the_groups_activities(town: Town) -> None:
    """How many are ahead and how many are in them; a minute later these are told, in their own words, why."""
    group = await founded(town, "Dance", leader=town.lan)
    ahead = await published(town, group)
    over = await published(town, group, starts_in=60, title="Over")
    await join(town, ahead, town.ming)
    await join(town, over, town.hua)
    town.clock.move(3 * 3600)
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    assert "1 activity is still ahead. It is called off, and 1 person in it" in town.dong.screen.text
    assert "Of 1 activity nobody has said yet who came" in town.dong.screen.text
    await town.dong.presses("Close it")
    assert "1 activity is called off." in town.dong.screen.text
    await town.passes(minutes=2)
    assert got(town.ming, "Cancelled: its group was closed") == 1
    assert not (await activity_now(town, over)).is_cancelled


async def test_undoing_the_closing_brings_its_activities_back(town: Town) -> None:
    """Nobody heard of it; what a leader had called off himself stays so."""
    group = await founded(town, "Dance", leader=town.lan)
    ahead, off = await published(town, group), await published(town, group, title="Off")
    await join(town, ahead, town.ming)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.cancel(tx, off.id, "Storm", by=lan))
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    await town.dong.presses("Close it")
    await town.dong.presses("Undo")
    await town.passes(minutes=2)
    assert got(town.ming, "Cancelled") == 0
    assert (await activity_now(town, ahead)).is_open
    assert (await activity_now(town, off)).is_cancelled


async def test_an_activity_published_meanwhile_is_not_called_off_unseen(town: Town) -> None:
    """The question is asked anew, with its number."""
    group = await founded(town, "Dance", leader=town.lan)
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    ahead = await published(town, group)
    await town.dong.presses_data(f"groups.close:{group.id}:0:0")
    assert "The number of activities has changed meanwhile" in town.dong.screen.text
    assert (await activity_now(town, ahead)).is_open
