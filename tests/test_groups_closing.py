"""A large group is closed: its people are told and let go a slice at a time."""

from bot.domain import groups, people, telling
from bot.domain.groups import Group
from bot.storage import Transaction
from tests.calling import got, many
from tests.founding import founded, insiders, now
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
