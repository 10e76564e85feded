"""Reminders of activities: at the right instants, once, and never for what is not to be."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain import activities, people
from bot.domain.activities import Activity, Change, Kind
from bot.sandbox.people import Persona
from tests.databases import Databases
from tests.publishing import DAY, all_read, broken, join, published, reminders_of
from tests.town import Town, TownClock, built

HOUR = 3600


def reminders(persona: Persona) -> list[str]:
    """What he was reminded of since all was read."""
    return [text for text in persona.heard if text.startswith("Reminder")]


async def test_a_task_reminds_a_day_and_two_hours_before(town: Town) -> None:
    """Both with time, place, what to bring and a button for whoever can't come; nothing is said twice."""
    activity = await published(town, None, about="Bring gloves")
    await join(town, activity, town.ming)
    all_read(town)
    await town.passes(seconds=2 * DAY - 1)
    assert reminders(town.ming) == []
    await town.passes(seconds=1)
    assert len(reminders(town.ming)) == 1
    assert "🕒 Tue 24 Nov, 10:00–12:00" in town.ming.heard[-1]
    assert "📍 West bridge" in town.ming.heard[-1]
    assert "Bring gloves" in town.ming.heard[-1]
    assert "I can't come" in town.ming.screen.labels
    await town.passes(seconds=22 * HOUR)
    assert ["⏰ It begins in about 2 hours." in text for text in reminders(town.ming)] == [False, True]
    await town.days_pass(1)
    assert len(reminders(town.ming)) == 2
    assert await broken(town) == []


async def test_an_event_reminds_at_the_lead_that_each_chose(town: Town) -> None:
    """Three hours for who set three, the county's setting for who set none; what counts now is marked."""
    await town.ming.says("/settings")
    await town.ming.presses("Reminder for events")
    assert "✓ 24 hours" in town.ming.screen.labels
    await town.ming.presses("3 hours")
    activity = await published(town, None, kind=Kind.EVENT, points=0)
    await join(town, activity, town.ming, town.hua)
    all_read(town)
    await town.passes(seconds=2 * DAY)
    assert (len(reminders(town.ming)), len(reminders(town.hua))) == (0, 1)
    await town.passes(seconds=21 * HOUR)
    assert (len(reminders(town.ming)), len(reminders(town.hua))) == (1, 1)


async def test_many_who_are_reminded_at_once_each_read_their_own(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two activities at one time, two languages, one who blocked the bot: each hears of his own, once, in his language."""
    monkeypatch.setattr("bot.domain.people.telling.SCREENS", 1)
    first, second = await published(town, None), await published(town, None, title="Park")
    await join(town, first, town.ming, town.lan)
    await join(town, second, town.hua)
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_language(tx, ming, "zh_CN"))
    await town.lan.blocks_bot()
    all_read(town)
    await town.passes(seconds=2 * DAY)
    assert [(text.startswith("提醒"), first.title in text) for text in town.ming.heard] == [(True, True)]
    assert [(text.startswith("Reminder"), "Park" in text) for text in town.hua.heard] == [(True, True)]
    assert town.lan.heard == []
    asked = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM participations WHERE asked_at IS NOT NULL"))
    assert asked == 3


async def test_instants_that_have_passed_are_not_planned(town: Town) -> None:
    """Who signs up three hours before is reminded two hours before, and of nothing else."""
    activity = await published(town, None, starts_in=3 * HOUR)
    await join(town, activity, town.ming)
    assert await reminders_of(town) == 1


async def test_whoever_withdrew_is_not_reminded(town: Town) -> None:
    """The reminders go with the sign-up."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    await town.ming.says(f"/withdraw {activity.id}")
    all_read(town)
    assert await reminders_of(town) == 0
    await town.days_pass(4)
    assert reminders(town.ming) == []


async def test_whoever_waits_is_reminded_only_once_he_has_a_place(town: Town) -> None:
    """Who moves up after the first lead is reminded at the second; who still waits never."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan, town.ming, town.hua)
    await town.passes(seconds=2 * DAY + 60)
    all_read(town)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=lan))
    await town.passes(seconds=60)
    await town.ming.presses("I take it")
    await town.passes(seconds=22 * HOUR)
    assert (len(reminders(town.lan)), len(reminders(town.ming)), len(reminders(town.hua))) == (0, 1, 0)


async def test_cancelled_activities_remind_nobody(town: Town) -> None:
    """Whatever was planned."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Storm", by=dong))
    await town.days_pass(4)
    assert reminders(town.ming) == []


async def test_reminders_move_with_the_activity(town: Town) -> None:
    """A day later: the reminders come a day later, for tasks and for each person's own lead."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_event_lead(tx, ming, 3))
    task = await published(town, None)
    event = await published(town, None, kind=Kind.EVENT, points=0)
    for activity in (task, event):
        await join(town, activity, town.ming)
        await postpone(town, activity, DAY)
    all_read(town)
    assert await reminders_of(town) == 3
    await town.passes(seconds=3 * DAY - 1)
    assert reminders(town.ming) == []
    await town.passes(seconds=1)
    assert len(reminders(town.ming)) == 1
    await town.passes(seconds=21 * HOUR)
    assert len(reminders(town.ming)) == 2
    await town.passes(seconds=HOUR)
    assert len(reminders(town.ming)) == 3
    assert await broken(town) == []


async def postpone(town: Town, activity: Activity, seconds: int) -> None:
    dong = await town.person(town.dong)
    later = Change(starts_at=activity.starts_at + seconds, ends_at=activity.ends_at + seconds)
    await town.does(lambda tx: activities.change(tx, activity.id, later, by=dong, reminders=town.settings.reminders))
    await town.tick()


async def test_quiet_hours_keep_reminders_back_until_they_end(town: Town) -> None:
    """A reminder due at 4 in the morning comes at 7; one that would come too late then comes at once."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_quiet_hours(tx, ming, 22 * 60, 7 * 60))
    activity = await published(town, None, starts_in=DAY - 4 * HOUR)  # Sunday 06:00
    await join(town, activity, town.ming)
    early = await published(town, None, starts_in=2 * DAY - 6 * HOUR)  # Monday 04:00
    await join(town, early, town.ming)
    all_read(town)
    await town.until(2026, 11, 22, 3, 59)
    assert reminders(town.ming) == []
    await town.until(2026, 11, 22, 4, 0)
    assert len(reminders(town.ming)) == 1  # two hours before Sunday 06:00: waiting until 7 would be too late
    await town.until(2026, 11, 22, 6, 59)
    assert len(reminders(town.ming)) == 1
    await town.until(2026, 11, 22, 7, 0)
    assert len(reminders(town.ming)) == 2  # a day before Monday 04:00, kept back from 04:00


async def test_a_reminder_kept_back_by_quiet_hours_is_dropped_with_the_sign_up(town: Town) -> None:
    """Who withdraws before the quiet hours end hears nothing at their end."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_quiet_hours(tx, ming, 22 * 60, 7 * 60))
    activity = await published(town, None, starts_in=2 * DAY - 6 * HOUR)
    await join(town, activity, town.ming)
    await town.until(2026, 11, 22, 5, 0)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=ming))
    all_read(town)
    await town.until(2026, 11, 22, 9, 0)
    assert reminders(town.ming) == []


async def test_after_a_night_without_the_bot_nobody_is_reminded_of_what_has_begun(town: Town) -> None:
    """What is too late is reported to the admins instead."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    all_read(town)
    town.clock.move(4 * DAY)
    await town.tick()
    assert reminders(town.ming) == []
    assert any("Too late" in text and "activities.remind: " in text for text in town.dong.heard)


async def test_midnight_belongs_to_the_day_that_begins(town: Town) -> None:
    """A task at midnight is shown with its own day, and reminded of at the midnight before."""
    activity = await published(town, None, starts_in=14 * HOUR + DAY)  # Monday 00:00
    await join(town, activity, town.ming)
    all_read(town)
    await town.until(2026, 11, 21, 23, 59)
    assert reminders(town.ming) == []
    await town.until(2026, 11, 22, 0, 0)
    assert "🕒 Mon 23 Nov, 00:00–02:00" in reminders(town.ming)[0]


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 8, 15), datetime(2026, 11, 1, 15)], ids=["clocks go forward", "clocks go back"]
)
async def test_hours_before_are_hours_when_the_clocks_change(databases: Databases, kind: str, start: datetime) -> None:
    """24 hours before is 24 hours, though the day has 23 or 25: once, not skipped, not twice."""
    clock = TownClock(ZoneInfo("America/New_York"))
    at = int(start.replace(tzinfo=clock.clock.zone).timestamp())
    clock.instant = at - 2 * DAY
    async with databases.opened(kind, clock) as storage, built(storage, clock) as town:
        await join(town, await published(town, None, starts_in=2 * DAY), town.ming)
        all_read(town)
        await town.passes(seconds=DAY - 1)
        assert reminders(town.ming) == []
        await town.passes(seconds=1)
        assert len(reminders(town.ming)) == 1
        assert "15:00" in town.ming.heard[-1]
        await town.passes(seconds=DAY)
        assert len(reminders(town.ming)) == 2
