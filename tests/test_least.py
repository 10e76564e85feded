"""How many people an activity needs: on its card, asked about once when they are short, and called off where that was chosen."""

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, Least, reading
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import DAY, bind, fills_in, join, now, published
from tests.test_activities import last
from tests.town import Town

HOUR = 3600
SHORT = "River bank is short of people"


@pytest.mark.parametrize(
    ("typed", "people", "lapses"),
    [
        ("6", 6, False),
        ("六个人", 6, False),
        ("6人，不足取消", 6, True),
        ("６ 不够就自动取消", 6, True),
        ("6 or call it off", 6, True),
        ("6 people or cancel", 6, True),
    ],
)
async def test_a_least_number_is_read_as_people_write_it(town: Town, typed: str, people: int, lapses: bool) -> None:
    """With or without the word that fewer call it off."""

    async def read(tx: Transaction) -> dict[str, int | bool]:
        return reading.least(typed, tx)

    assert await town.does(read) == {"people": people, "lapses": lapses}


async def _alarms(town: Town) -> int:
    return sum(SHORT in text for text in town.lan.heard)


async def test_its_leader_is_asked_once_two_days_before(town: Town) -> None:
    """Chosen in the lines that are pasted, shown on the card, asked at 48 hours, and not again after it was moved."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(
        "/publish\ntitle: River bank\nwhen: next Sat 15:00 to 17:00\nplace: West bridge\nplaces: 9\nat least: 3"
    )
    assert "At least: 3; with fewer I ask you what to do" in town.lan.screen.text
    await town.lan.presses("Publish")
    activity = await last(town)
    await join(town, activity, town.ming)
    await town.ming.says(f"/signup {activity.id}")
    await town.ming.presses("Open")
    assert "⚠️ 1 of at least 3" in town.ming.screen.text
    await town.until(2026, 11, 26, 14, 30)
    assert await _alarms(town) == 0
    await town.until(2026, 11, 26, 15, 30)
    assert await _alarms(town) == 1
    assert "1 of at least 3 have signed up" in town.lan.screen.text
    await town.lan.presses("Let it take place")
    await town.lan.presses_data(f"activities.edit:{activity.id}:when")
    await fills_in(town.lan, "tomorrow 18:00 to 20:00", "!Change it")
    await town.days_pass(2)
    # The one that there was shows the activity since the tap.
    assert await _alarms(town) == 0
    assert (await now(town, activity)).is_open


async def test_it_is_called_off_by_a_tap_with_that_as_the_reason(town: Town) -> None:
    """Everybody in it reads how many there were and how many it needed; a tap of the last minute is taken back."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, least=Least(3))
    await join(town, activity, town.ming)
    await town.passes(hours=25)
    await town.lan.presses("Call it off")
    assert "1 person is told: 1 signed up, 0 waiting" in town.lan.screen.text
    await town.lan.presses("Call it off")
    await town.lan.presses("Undo (60 s)")
    assert (await now(town, activity)).is_open
    await town.lan.presses_data(f"activities.lacking.stopped:{activity.id}")
    await town.passes(minutes=2)
    assert any("Cancelled: too few people: 1 of at least 3" in text for text in town.ming.heard)


async def test_it_is_called_off_by_itself_where_that_was_chosen(town: Town) -> None:
    """Without anybody's tap, at its hour, once; with enough people nothing happens."""
    group = await founded(town, "Dance", leader=town.lan)
    lacking = await published(town, group, least=Least(2, 24, lapses=True))
    enough = await published(
        town, group, title="Library", starts_in=3 * DAY + 5 * HOUR, least=Least(2, 24, lapses=True)
    )
    await join(town, lacking, town.ming)
    await join(town, enough, town.ming, town.hua)
    await town.passes(hours=54)
    assert await _alarms(town) == 1
    assert "So it was called off, as you wanted; 1 person is told" in town.lan.heard[-1]
    assert ((await now(town, lacking)).state, (await now(town, enough)).state) == ("cancelled", "open")
    assert sum("too few people: 1 of at least 2" in text for text in town.ming.heard) == 1
    assert not any("too few" in text for text in town.hua.heard)


async def test_more_people_are_asked_for_in_the_groups_chat(town: Town) -> None:
    """Its card is posted anew, so that it stands at the end; with enough people it can't be called off for want of them."""
    group = await founded(town, "Dance", leader=town.lan)
    chat = town.telegram_group("Dance", town.lan, town.ming)
    await bind(town, group, chat)
    activity = await published(town, group, least=Least(1))
    posted = len(chat.messages)
    await town.passes(hours=25)
    await town.lan.presses("Ask for more people")
    assert len(chat.messages) == posted + 1
    await town.lan.presses_data(f"activities.lacking.stop:{activity.id}")
    await join(town, activity, town.ming)
    await town.lan.presses("Call it off")
    assert "There are enough people by now: 1" in town.lan.screen.text


async def test_the_number_is_changed_by_whoever_answers_for_it(town: Town) -> None:
    """By a typed number, and taken away by skipping; by nobody else, and not once it has begun."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group)
    await town.ming.presses_data(f"activities.need:{activity.id}")
    assert "Only the leaders of Dance" in town.ming.toasts[-1].text
    await town.lan.presses_data(f"activities.change:{activity.id}")
    await town.lan.presses("At least …")
    await fills_in(town.lan, "5 or call it off", "!Change it")
    assert await _needs(town, activity) == (5, 1)
    await town.lan.presses_data(f"activities.need:{activity.id}")
    await fills_in(town.lan, "!Skip", "!Change it")
    assert await _needs(town, activity) == (None, 0)
    planned = "SELECT COUNT(*) FROM due WHERE deed = 'activities.lacking' AND state = 'new'"
    assert await town.does(lambda tx: tx.value(planned)) == 0
    await town.passes(seconds=3 * DAY + HOUR)
    await town.dong.presses_data(f"activities.need:{activity.id}")
    await fills_in(town.dong, "5", "!Change it")
    assert "has begun or was called off" in town.dong.screen.text


async def _needs(town: Town, activity: Activity) -> tuple[int | None, int]:
    found = await town.does(lambda tx: activities.by_id(tx, activity.id))
    return found.least, found.lapses
