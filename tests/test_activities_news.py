"""What members hear of a new activity where their group has no Telegram group."""

import pytest

from bot.domain import activities, groups, people, telling
from bot.domain.activities import Activity, Mode, Terms
from bot.domain.groups import Group
from bot.storage import Transaction
from tests.calling import dancers, got, is_quiet, many
from tests.publishing import DAY, bind, fills_in, join, now, published
from tests.town import Town

NEWS = "🆕 River bank"


async def published_by_form(town: Town) -> None:
    """Lan publishes a task for her group, up to the summary."""
    await town.lan.says("/newtask")
    await fills_in(town.lan, "River bank", "!Skip", "tomorrow 3pm to 5pm", "West bridge", "5", "10")


async def test_members_hear_of_it_and_sign_up_by_its_button(town: Town) -> None:
    """The form says whom it tells; each member hears of it once, its leader not, and one tap signs up."""
    await dancers(town, town.ming, town.hua)
    await published_by_form(town)
    assert "📣 It tells 2 members." in town.lan.screen.text
    await town.lan.presses("Publish")
    assert "2 members are told" in town.lan.toasts[-1].text
    await town.passes(seconds=2)
    assert [got(persona, NEWS) for persona in (town.ming, town.hua, town.lan, town.shen)] == [1, 1, 0, 0]
    await town.ming.presses("Sign up")
    assert "You are signed up" in town.ming.screen.text
    await town.lan.starts("activities_open-1")
    assert "📣 2 members were told." in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_news_of_a_lottery_let_apply_and_pass_over_who_has(town: Town) -> None:
    """The button says what it does; whoever found it on his own is not told of it."""
    group = await dancers(town, town.ming, town.hua)
    activity = await published(town, group, terms=Terms(mode=Mode.LOTTERY))
    await join(town, activity, town.hua)
    await town.passes(seconds=2)
    assert town.ming.screen.labels[0] == "Apply"
    assert got(town.hua, NEWS) == 0


async def test_members_do_not_see_how_many_were_told(town: Town) -> None:
    """That is for those who answer for it."""
    await dancers(town, town.ming)
    await published_by_form(town)
    await town.lan.presses("Publish")
    await town.passes(seconds=2)
    await town.ming.presses("Open")
    assert "places free" in town.ming.screen.text and "was told" not in town.ming.screen.text
    await town.lan.starts("activities_open-1")
    assert "📣 1 member was told." in town.lan.screen.text


async def test_where_the_group_talks_the_card_there_is_enough(town: Town) -> None:
    """Nobody is written to one by one, and the form promises nothing of the kind."""
    group = await dancers(town, town.ming)
    await bind(town, group, town.telegram_group("Dancers", town.lan))
    await published_by_form(town)
    assert "It tells" not in town.lan.screen.text
    await town.lan.presses("Publish")
    await town.passes(seconds=2)
    assert got(town.ming, NEWS) == 0


async def test_nobody_is_told_in_quiet_hours(town: Town) -> None:
    """The word waits until they end."""
    group = await dancers(town, town.ming)
    await is_quiet(town, town.ming, 9, 12)
    await published(town, group)
    await town.until(2026, 11, 21, 11, 59)
    assert got(town.ming, NEWS) == 0
    await town.until(2026, 11, 21, 12, 1)
    assert got(town.ming, NEWS) == 1


async def test_what_is_called_off_is_not_announced_any_more(town: Town) -> None:
    """Whoever was not told yet never hears of it; only who was told is counted."""
    group = await dancers(town, town.ming, town.hua)
    await is_quiet(town, town.ming, 9, 12)
    activity = await published(town, group)
    await town.passes(seconds=1)
    assert (await now(town, activity)).told == 2
    await calls_off(town, activity)
    await town.until(2026, 11, 21, 13)
    assert (got(town.ming, NEWS), got(town.hua, NEWS)) == (0, 1)
    assert (await now(town, activity)).told == 1


async def test_what_is_called_off_by_mistake_is_announced_after_all(town: Town) -> None:
    """Undone within the minute: everybody hears of it, and nobody twice."""
    group = await dancers(town, town.ming, town.hua)
    await is_quiet(town, town.ming, 9, 12)
    activity = await published(town, group)
    await town.passes(seconds=1)
    await calls_off(town, activity)
    lan = await town.person(town.lan)
    await town.passes(seconds=30)
    await town.does(lambda tx: activities.undo_cancelling(tx, activity.id, by=lan))
    await town.until(2026, 11, 21, 13)
    assert (got(town.ming, NEWS), got(town.hua, NEWS)) == (1, 1)
    assert (await now(town, activity)).told == 2


@pytest.mark.usefixtures("a_slice_a_tick")
async def test_many_members_are_told_through_a_crash_and_nobody_twice(town: Town) -> None:
    """A slice at a time; the process ends between two of them, and goes on where it was."""
    group = await dancers(town)
    crowd = await many(town, telling.SLICE + 100)
    await fill(town, group)
    activity = await published(town, group)
    town.clock.move(1)
    await town.parts.scheduler.tick()
    assert 0 < (await now(town, activity)).told < telling.SLICE + 100
    await town.opens()
    await town.passes(seconds=3)
    assert {got(persona, NEWS) for persona in crowd} == {1}
    assert (await now(town, activity)).told == telling.SLICE + 100


async def calls_off(town: Town, activity: Activity) -> None:
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Storm", by=lan))


async def fill(town: Town, group: Group) -> None:
    """Everybody of the crowd is a member."""

    async def deed(tx: Transaction) -> None:
        rows = await tx.all("SELECT * FROM people WHERE nickname LIKE 'P%' ORDER BY id")
        for row in rows:
            await groups.join(tx, group.id, by=people.of_row(row))

    await town.does(deed)


async def test_who_is_told_later_is_told_what_it_is_by_then(town: Town) -> None:
    """Changed while the word still waits for the end of quiet hours: the old time reaches nobody any more."""
    group = await dancers(town, town.ming, town.hua)
    await is_quiet(town, town.ming, 9, 12)
    activity = await published(town, group)
    await town.passes(seconds=2)
    await town.lan.starts(f"activities_open-{activity.id}")
    await fills_in(town.lan, "!Change", "!When", "next Sat 3pm to 4pm", "!Change it")
    await fills_in(town.lan, "!Change", "!Place", "East bridge", "!Change it")
    await town.until(2026, 11, 21, 12, 1)
    assert (got(town.hua, "🕒 Tue 24 Nov, 10:00–12:00"), got(town.ming, "🕒 Tue 24 Nov, 10:00–12:00")) == (1, 0)
    assert "🕒 Sat 28 Nov, 15:00–16:00\n📍 East bridge" in town.ming.screen.text


async def test_who_sleeps_until_after_the_new_start_is_told_at_once(town: Town) -> None:
    """It begins earlier than the quiet hours end, by a change: a word that waits for their end would come too late."""
    group = await dancers(town, town.ming)
    await is_quiet(town, town.ming, 9, 12)
    activity = await published(town, group)
    await town.passes(seconds=2)
    await town.lan.starts(f"activities_open-{activity.id}")
    await fills_in(town.lan, "!Change", "!When", "today 11:00 to 12:30", "!Change it")
    await town.passes(seconds=2)
    assert got(town.ming, NEWS) == 1


async def test_a_reminder_that_was_not_sent_yet_goes_when_the_time_changes(town: Town) -> None:
    """Telegram was away when it was due: what comes when it is back is the new time, and the reminder for that."""
    activity = await published(town, await dancers(town), starts_in=2 * DAY)
    await join(town, activity, town.ming)
    person = await town.person(town.dong)
    await town.passes(hours=23, minutes=59)
    town.clock.move(120)
    await town.parts.scheduler.tick()
    moment = activity.starts_at + 3 * DAY
    wanted = activities.Change(starts_at=moment, ends_at=moment + 3600)
    reminders = town.settings.reminders
    await town.does(lambda tx: activities.change(tx, activity.id, wanted, by=person, reminders=reminders))
    await town.tick()
    await town.settle()
    assert (got(town.ming, "Reminder"), got(town.ming, "Time or place have changed")) == (0, 1)
    await town.days_pass(3)
    assert got(town.ming, "Reminder") == 1
