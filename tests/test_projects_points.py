"""Points of a need's activities: who came is confirmed as ever, and the summary gives what they earned."""

from bot.domain import activities, hours, points, projects
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.needing import claimed, undertaken
from tests.publishing import DAY, fills_in, join
from tests.town import Town


async def test_points_and_hours_wait_for_the_summary(town: Town) -> None:
    """Who came is confirmed as ever, and told that the points come later; the summary gives both, once."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    activity = await undertaken(town, need, group, town.lan)
    await join(town, activity, town.hua)
    await town.days_pass(2)
    await town.lan.says("/me")
    await town.lan.presses_data(f"activities.rest:{activity.id}")
    await town.lan.presses_data(f"activities.settle:{activity.id}")
    assert "The points wait until the need has been summed up." in town.lan.screen.text
    await town.lan.presses_data(f"activities.settled:{activity.id}")
    await town.passes(minutes=1)
    assert "Your 10 points come once it has been summed up" in town.hua.heard[-1]
    assert (await balance(town, town.hua), await minutes(town, town.hua)) == (0, 0)
    await town.lan.presses_data(f"projects.sum:{need.id}")
    await fills_in(town.lan, "One window", "1", "!Skip", "!Skip", "!Sum it up and close it")
    await town.passes(minutes=1)
    await town.passes(minutes=1)
    assert (await balance(town, town.hua), await minutes(town, town.hua)) == (10, 120)
    assert "“River bank” has been summed up: you have got 10 points." in town.hua.heard[-1]
    assert await exact(town)


async def test_a_correction_before_and_after_the_summary_is_exact(town: Town) -> None:
    """While the points wait a correction moves none; afterwards it takes back what the summary gave."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    activity = await undertaken(town, need, group, town.lan)
    first, second = await join(town, activity, town.hua, town.ming)
    assert first.mine and second.mine
    await town.days_pass(2)
    await town.lan.says("/me")
    await town.lan.presses_data(f"activities.rest:{activity.id}")
    await town.lan.presses_data(f"activities.settled:{activity.id}")
    await town.lan.presses_data(f"activities.correct:{first.mine.id}:missed")
    assert await balance(town, town.hua) == 0
    await town.lan.presses_data(f"projects.sum:{need.id}")
    await fills_in(town.lan, "One window", "1", "!Skip", "!Skip", "!Sum it up and close it")
    await town.passes(minutes=1)
    assert (await balance(town, town.hua), await balance(town, town.ming)) == (0, 10)
    await town.lan.presses_data(f"activities.correct:{second.mine.id}:missed")
    await town.lan.presses_data(f"activities.correct:{first.mine.id}:came")
    assert (await balance(town, town.hua), await balance(town, town.ming)) == (10, 0)
    assert await exact(town)


async def test_points_wait_no_longer_when_a_need_is_given_back(town: Town) -> None:
    """Those who came have earned them, whatever becomes of the need; who is confirmed later has them at once."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    activities_ = [await undertaken(town, need, group, town.lan, starts_in=DAY + n * 4 * 3600) for n in range(2)]
    for activity in activities_:
        await join(town, activity, town.hua)
    await town.days_pass(2)
    await town.lan.says("/me")
    confirmed, later = activities_
    await town.lan.presses_data(f"activities.rest:{confirmed.id}")
    await town.lan.presses_data(f"activities.settled:{confirmed.id}")
    await town.lan.presses_data(f"projects.back:{need.id}")
    await fills_in(town.lan, "Our ladder broke", "!Give it back")
    await town.passes(minutes=1)
    assert await balance(town, town.hua) == 10
    await town.lan.presses_data(f"activities.rest:{later.id}")
    await town.lan.presses_data(f"activities.settled:{later.id}")
    assert await balance(town, town.hua) == 20
    assert await exact(town)


async def balance(town: Town, persona: Persona) -> int:
    person = await town.person(persona)
    return await town.does(lambda tx: points.balance(tx, person.id))


async def minutes(town: Town, persona: Persona) -> int:
    person = await town.person(persona)
    return (await town.does(lambda tx: hours.sums(tx, person.id))).total


async def exact(town: Town) -> bool:
    """Do all promises of projects, activities and the ledger hold?"""
    found = [
        each
        for promised in (projects.invariants, activities.invariants, points.invariants)
        for each in await town.does(promised)
    ]
    assert found == []
    return True
