"""Signing up, the waiting list, withdrawing, and the reminders that follow."""

import pytest

from bot.domain.activities import Kind
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, join, names, now, published
from tests.town import Town


async def test_from_a_poster_to_signed_up_in_three_taps(town: Town) -> None:
    """Start by the poster's link, “Yes, that is me”, “Sign up”: no typing, and the tap itself says when and where."""
    activity = await published(town, await founded(town))
    await town.wei.starts(f"activities_open-{activity.id}")
    await town.wei.presses("Yes, that is me")
    assert "River bank" in town.wei.screen.text
    await town.wei.presses("Sign up")
    assert town.wei.toasts[-1].text == "You are signed up: Tue 24 Nov, 10:00, West bridge."
    assert "You are signed up." in town.wei.screen.text
    assert await names(town, activity, "in") == ["Wei"]


async def test_a_full_activity_puts_people_on_the_waiting_list_in_order(town: Town) -> None:
    """Whoever comes too late is told his place in the queue."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan)
    for persona in (town.ming, town.hua):
        await persona.says("/tasks")
        await persona.presses("River bank")
        await persona.presses("Join the waiting list")
    assert "You are number 1 on the waiting list" in town.ming.toasts[-1].text
    assert "You are number 2 on the waiting list" in town.hua.toasts[-1].text
    assert "You are number 2 on the waiting list." in town.hua.screen.text
    assert await broken(town) == []


async def test_a_freed_place_goes_to_the_first_in_the_queue_who_is_told_once(town: Town) -> None:
    """The queue moves in the transaction of the withdrawal."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan, town.ming, town.hua)
    all_read(town)
    await town.lan.says(f"/withdraw {activity.id}")
    assert await names(town, activity, "in") == ["Ming"]
    assert await names(town, activity, "waiting") == ["Hua"]
    assert [text for text in town.ming.heard if "You have a place!" in text] == town.ming.heard
    assert town.hua.heard == []
    await town.days_pass(0.1)
    assert len(town.ming.heard) == 1
    assert await broken(town) == []
