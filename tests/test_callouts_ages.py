"""Nobody under 18 is called out: who is taken in, and what becomes of whoever turns out to be that young."""

import pytest

from bot.domain import callouts
from bot.refusal import Refused
from tests.brigading import brigade_of, called, holds, states
from tests.publishing import all_read
from tests.town import Town


async def test_nobody_under_18_is_called_out(town: Town) -> None:
    """A youth can't join a brigade; who says later that he is one is not asked any more."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    for name in ("Hua", "Ming"):
        await town.does(lambda tx: tx.run("UPDATE people SET age = 'youth' WHERE nickname = :name", name=name))  # noqa: B023
    await town.hua.presses_data(f"callouts.join:{brigade.id}")
    assert "takes in adults only" in town.hua.screen.text
    await town.hua.says("/standby")
    assert "there is nothing to stand by for" in town.hua.screen.text
    await town.hua.presses_data("callouts.standby:8")
    assert "there is nothing to stand by for" in town.hua.screen.text
    with pytest.raises(Refused, match="Nobody could be asked"):
        await called(town, brigade, town.lan)


async def test_whoever_turns_out_to_be_under_18_is_off_every_roll(town: Town) -> None:
    """He says so on his way to a mission: his place is another's, he and the leaders read it, and nobody leads who may not."""
    brigade = await brigade_of(town, town.ming, town.hua, leader=town.lan)
    await brigade_of(town, name="Fire", leader=town.ming)
    callout = await called(town, brigade, town.lan, wanted=1)
    for persona in (town.ming, town.hua):
        await persona.presses_data(f"callouts.come:{callout.id}:15")
    all_read(town)
    await town.ming.presses_data("minors.mine.yes:youth")
    assert await states(town, callout) == {"Ming": "declined", "Hua": "coming"}
    ming = await town.person(town.ming)
    assert (await town.does(lambda tx: callouts.known_of(tx, ming)))["brigades"] == []
    assert (await town.does(lambda tx: callouts.standing(tx, ming.id))).standby_until == 0
    assert "not on standby any more, and not in:\n• Fire\n• Flood" in "\n".join(town.ming.heard)
    assert "Ming is under 18, as it turns out, and is not in Flood any more" in "\n".join(town.lan.heard)
    assert "The brigade Fire has no leader any more" in "\n".join(town.dong.heard) and await holds(town)
    await town.ming.presses_data(f"callouts.come:{callout.id}:15")
    assert (
        "Nobody under 18 is called out" in town.ming.screen.text and (await states(town, callout))["Ming"] == "declined"
    )


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whoever_is_under_18_and_out_on_a_mission_is_awaited_until_he_is_back(town: Town) -> None:
    """An admin corrects his age while he is there: he is off the roll, and stays on the mission's."""
    callout = await called(town, await brigade_of(town, town.ming, leader=town.lan), town.lan, wanted=1)
    for tap in ("come:{}:15", "there:{}"):
        await town.ming.presses_data("callouts." + tap.format(callout.id))
    ming = await town.person(town.ming)
    await town.dong.presses_data(f"minors.grown:{ming.id}:youth")
    assert await states(town, callout) == {"Ming": "there"}
    await town.ming.presses_data(f"callouts.back:{callout.id}")
    assert await states(town, callout) == {"Ming": "back"} and await holds(town)
