"""When people can sign up, and what they have at the same time."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.domain import activities
from bot.domain.activities import Terms
from bot.refusal import Refused
from tests.databases import Databases
from tests.founding import founded
from tests.publishing import DAY, broken, join, names, published
from tests.town import Town, TownClock, built

HOUR = 3600


async def test_before_it_opens_nobody_gets_in_and_whoever_asks_is_told_in_time(town: Town) -> None:
    """The refusal says when, and one tap is enough to hear of it; then it is one tap more."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, terms=Terms(opens_at=int(town.clock.instant) + DAY))
    await town.ming.says(f"/signup {activity.id}")
    assert "opens Sun 22 Nov, 10:00. Nothing was changed" in town.ming.screen.text
    await town.ming.presses("Tell me when it opens")
    assert town.ming.toasts[-1].text == "I tell you Sun 22 Nov, 10:00."
    town.ming.forget()
    await town.passes(hours=25)
    assert sum("You can sign up for “River bank” now." in text for text in town.ming.heard) == 1
    await town.ming.presses("Sign up")
    assert await names(town, activity, "in") == ["Ming"]
    await town.hua.presses_data(f"activities.wake:{activity.id}")
    assert "Nothing has to be waited for here" in town.hua.screen.text


async def test_after_it_has_closed_nobody_gets_in(town: Town) -> None:
    """The refusal says when that was; the card has no button for it."""
    activity = await published(town, None, terms=Terms(closes_at=int(town.clock.instant) + HOUR))
    await join(town, activity, town.ming)
    await town.passes(hours=2)
    await town.hua.says(f"/signup {activity.id}")
    assert "ended Sat 21 Nov, 11:00. Nothing was changed." in town.hua.screen.text
    await town.hua.starts(f"activities_open-{activity.id}")
    assert "Sign up" not in town.hua.screen.labels
    assert await names(town, activity, "in") == ["Ming"]
    with pytest.raises(Refused, match="Signing up has to end"):
        await published(town, None, terms=Terms(closes_at=int(town.clock.instant) + 9 * DAY))
    with pytest.raises(Refused, match="has to open before"):
        await published(town, None, terms=Terms(opens_at=int(town.clock.instant) + 9 * DAY))


async def test_two_things_at_once_are_refused_with_the_other_one_named(town: Town) -> None:
    """The other's card and its way out are a tap away; after withdrawing there it works here."""
    first = await published(town, None, title="Choir")
    second = await published(town, None, starts_in=3 * DAY + HOUR)
    await join(town, first, town.ming)
    await town.ming.says(f"/signup {second.id}")
    assert "“River bank” is at the same time as “Choir” (Tue 24 Nov, 10:00–12:00)" in town.ming.screen.text
    assert "Open the other one" in town.ming.screen.labels
    assert await names(town, second, "in") == []
    await town.ming.presses("Withdraw from it")
    await town.ming.says(f"/signup {second.id}")
    assert await names(town, second, "in") == ["Ming"]
    assert await broken(town) == []


async def test_a_tight_way_is_asked_about_and_the_same_place_is_not(town: Town) -> None:
    """Less than half an hour to another place: one tap more; at the same place nobody has to travel.

    A stand-in has the place by his tap, and reads of it with the place.
    """
    first = await published(town, None, title="Choir")
    later: dict[str, Any] = {"starts_in": 3 * DAY + 2 * HOUR + 29 * 60}
    here = await published(town, None, title="Tidying up", lasts=60 * 20, **later)
    there = await published(town, None, title="Fair", place="Town hall", **later)
    await join(town, first, town.ming, town.hua)
    await town.ming.says(f"/signup {there.id}")
    assert "Only 29 min lie between “Fair” and “Choir”" in town.ming.screen.text
    assert await names(town, there, "in") == []
    await town.ming.presses("Yes, sign up")
    await town.hua.says(f"/signup {here.id}")
    assert (await names(town, there, "in"), await names(town, here, "in")) == (["Ming"], ["Hua"])
    await town.hua.presses_data(f"activities.leave:{here.id}")
    await town.ming.presses_data(f"activities.standin:{there.id}")
    handover = await town.does(lambda tx: tx.value("SELECT id FROM handovers ORDER BY id DESC LIMIT 1"))
    await town.hua.presses_data(f"activities.takeover:{handover}")
    assert "⚠️ Only 29 min lie between this and “Choir”" in town.hua.toasts[-1].text


async def test_of_two_sign_ups_in_one_moment_one_is_refused(databases: Databases, clock: TownClock) -> None:
    """PostgreSQL, where both go on at once: a tap in the group and one in private, or a guardian's and the child's."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        ming = await town.person(town.ming)
        for day in range(3, 9):
            both = [await published(town, None, title=title, starts_in=day * DAY) for title in ("Choir", "Fair")]
            taps = [partial(activities.sign_up, activity_id=each.id, by=ming, rules=town.settings) for each in both]
            answers = await asyncio.gather(*map(town.does, taps), return_exceptions=True)
            assert [type(answer) for answer in answers].count(Refused) == 1
            assert sum([len(await names(town, each, "in")) for each in both]) == 1


async def test_what_was_given_up_is_not_taken_back_beside_something_else(town: Town) -> None:
    """Within the minute, too: two things at the same time stay refused, and nothing is changed."""
    first, second = [await published(town, None, title=title) for title in ("Choir", "Fair")]
    await join(town, first, town.ming)
    await town.ming.presses_data(f"activities.leave:{first.id}")
    await town.ming.says(f"/signup {second.id}")
    await town.ming.presses_data(f"activities.back:{first.id}")
    assert "“Choir” is at the same time as “Fair”" in town.ming.screen.text
    assert await names(town, first, "in") == [] and await broken(town) == []
