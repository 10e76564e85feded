"""Who leads a group: given by those who hold it, laid down and taken back after a question."""

import pytest

from bot.domain import groups
from bot.domain.people import Person
from bot.refusal import Refused
from tests.founding import founded
from tests.town import Town


async def test_the_last_leader_stays_unless_an_admin_says_so(town: Town) -> None:
    """Laying down the only lead is refused with the way out; an admin can take it."""
    group = await founded(town, leader=town.lan)
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.lead:{group.id}")
    await town.lan.presses("Step down as leader")
    assert "Lan is the only leader of Dance" in town.lan.screen.text
    dong, lan = await town.person(town.dong), await town.person(town.lan)
    await town.does(lambda tx: groups.dismiss(tx, group, lan, by=dong))
    await town.settle()
    assert "You don't lead Dance any more" in town.lan.screen.text


async def test_laying_the_lead_down_is_asked_first(town: Town) -> None:
    """What ends, who is left and who could give it again is read before it counts."""
    group = await founded(town, leader=town.lan)
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    await town.does(lambda tx: groups.appoint(tx, group, ming, by=dong))
    await town.lan.presses_data(f"groups.lead:{group.id}")

    await town.lan.presses("Step down as leader")
    assert "Lay the lead of Dance down?" in town.lan.screen.text
    assert "1 other leader stays." in town.lan.screen.text
    lan = await town.person(town.lan)
    assert await town.does(lambda tx: groups.leads(tx, group.id, lan))
    await town.lan.presses("Yes, lay it down")

    assert "Lan does not lead Dance any more." in town.lan.screen.text
    assert not await town.does(lambda tx: groups.leads(tx, group.id, lan))


async def test_taking_a_lead_back_is_asked_first(town: Town) -> None:
    """An admin reads whose and that nobody would be left."""
    group = await founded(town, leader=town.lan)
    lan = await town.person(town.lan)
    await town.dong.presses_data(f"groups.person:{group.id}:{lan.id}")
    await town.dong.presses("Take leadership back")
    assert "Take the lead of Dance back from Lan?" in town.dong.screen.text
    assert "0 other leaders stay." in town.dong.screen.text
    await town.dong.presses("Yes, take it back")
    assert "You don't lead Dance any more" in town.lan.screen.text


async def test_nobody_grants_what_he_does_not_hold(town: Town) -> None:
    """Appointing needs a leader of this very group, or an admin; an auditor or another group's leader can't."""
    group = await founded(town, leader=town.lan)
    await founded(town, "Chess", leader=town.hua)
    ming = await town.person(town.ming)
    for persona in (town.hua, town.shen, town.ming):
        by: Person = await town.person(persona)
        with pytest.raises(Refused):
            await town.does(lambda tx, by=by: groups.appoint(tx, group, ming, by=by))  # type: ignore[misc]


async def test_a_leader_lays_the_lead_down_before_leaving(town: Town) -> None:
    """A group is not left without its leader by a slip: leaving is refused and leads to the leader's screen."""
    await founded(town, leader=town.lan)
    await town.lan.says("/join Dance")
    await town.lan.presses("Leave")
    assert "lay that down first" in town.lan.screen.text
    await town.lan.presses("Lead the group")
    assert "Step down as leader" in town.lan.screen.labels
