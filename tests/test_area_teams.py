"""A team belongs to an area, and those who live there see it as theirs."""

from bot.domain import callouts, privacy
from tests.founding import founded
from tests.publishing import fills_in
from tests.town import Town


async def test_residents_see_the_team_of_their_area(town: Town) -> None:
    """A leader binds the team, somebody says that he lives there, and the team is the first of his list; elsewhere no more."""
    await founded(town, "Dance")
    await founded(town, "Old town team", leader=town.lan)
    for name in ("Old town", "River side"):
        await town.dong.presses_data("callouts.newarea")
        await fills_in(town.dong, name, "!Save")
    await town.lan.presses_data("callouts.area:1")
    await town.lan.presses("What I lead")
    await town.lan.presses("Old town team is its team")
    assert "🏘 Its team: Old town team" in town.lan.screen.text
    await town.ming.presses_data("callouts.area:1")
    assert "🏘 Its team: Old town team" in town.ming.screen.text
    await town.ming.presses("🏠 I live here")
    assert "I don't live here any more" in town.ming.screen.labels
    await town.ming.says("/groups")
    assert town.ming.screen.labels[0] == "🏘 Old town team"
    await town.ming.presses("🏘 Old town team")
    assert "Old town team" in town.ming.screen.text
    for data in ("callouts.team:2:2", "callouts.noteam:1:2"):
        await town.hua.presses_data(data)
        assert "leaders" in town.hua.screen.text
    await town.lan.presses_data("callouts.team:2:2")
    await town.ming.says("/groups")
    assert "🏘 Old town team" not in town.ming.screen.labels
    ming = await town.person(town.ming)
    home = await town.does(lambda tx: callouts.home_area(tx, ming))
    assert home is not None and home.name == "Old town"
    await town.does(lambda tx: privacy.forget(tx, ming))
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM residents")) == 0


async def test_whoever_leads_much_can_bind_each_of_it(town: Town) -> None:
    """The seventh group of a leader is on the second page; of four teams each can be let go."""
    for number in range(1, 8):
        await founded(town, f"Team {number}", leader=town.lan)
    await town.dong.presses_data("callouts.newarea")
    await fills_in(town.dong, "Old town", "!Save")
    for number in (1, 2, 3, 7):
        await town.lan.presses_data(f"callouts.leading:1:{number // 7}")
        await town.lan.presses(f"Team {number} is its team")
    await town.lan.presses_data("callouts.leading:1")
    await town.lan.presses("Next ›")
    await town.lan.presses("Team 7: not its team")
    assert "Team 7" not in town.lan.screen.text and town.lan.screen.text.count("🏘 Its team") == 3
