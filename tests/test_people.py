"""Arriving, being known, and settings."""

import pytest

from tests.founding import founded
from tests.publishing import published
from tests.shopping import clerk, place
from tests.town import Town


async def test_a_stranger_is_registered_in_two_taps(town: Town) -> None:
    """Start, then “Yes, that is me”: the home screen with my name."""
    await town.wei.starts()
    assert "Welcome" in town.wei.screen.text
    await town.wei.presses("Yes, that is me")
    assert "Hello Wei" in town.wei.screen.text
    assert town.wei.unanswered == []
    assert (await town.person(town.wei)).nickname == "Wei"


async def test_the_language_is_chosen_before_registering(town: Town) -> None:
    """The welcome speaks the other language at a tap, and so does everything after it."""
    await town.wei.starts()
    await town.wei.presses("中文")
    assert "欢迎来到" in town.wei.screen.text
    await town.wei.presses("是我，开始吧")
    assert "你好" in town.wei.screen.text


async def test_another_name_is_asked_for(town: Town) -> None:
    """Whoever wants another name types it, sees it, and it counts once it is saved."""
    await town.wei.starts()
    await town.wei.presses("Another name")
    await town.wei.says("  Little\u202e Wei \n")
    assert "Little Wei" in town.wei.screen.text
    await town.wei.presses("Save")
    assert "Hello Little Wei" in town.wei.screen.text


@pytest.mark.parametrize("name", ["<b", "<script>alert(1)</script>"[:32], "&amp;", "a" * 32, "{name}", "%s", "张三😀"])
async def test_any_name_is_shown_as_it_was_typed(town: Town, name: str) -> None:
    """Markup, placeholders and emoji in a name are only letters."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says(name)
    await town.ming.presses("Save")
    assert f"Hello {name}," in town.ming.screen.text


async def test_home_keeps_to_eight_rows_for_whoever_is_everything(town: Town) -> None:
    """An admin who leads, hands out at a counter and has signed up for something reads every door without a wide row."""
    group = await founded(town, "Dance", leader=town.dong)
    activity = await published(town, group)
    await town.dong.presses_data(f"activities.join:{activity.id}")
    await clerk(town, town.dong, await place(town))
    await town.dong.says("/start")
    assert "River bank" in town.dong.screen.text
    assert {"What I lead", "At the counter", "Administration", "Youth council"} <= set(town.dong.screen.labels)
    assert len(town.dong.screen.rows) == 8
    beside_two = [label for row in town.dong.screen.rows if len(row) > 2 for label in row]
    assert max(map(len, beside_two)) <= 12, "more breaks in two on a phone"


async def test_a_name_too_long_is_refused_with_its_length(town: Town) -> None:
    """The refusal names the number, the limit, and that nothing was saved."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says("x" * 40)
    assert "40 characters, 32 are possible" in town.ming.screen.text
    assert "Nothing was saved" in town.ming.screen.text
    assert (await town.person(town.ming)).nickname == "Ming"


async def test_quiet_hours_are_set_by_a_tap_or_typed(town: Town) -> None:
    """A preset needs one tap; other hours are typed as people write them."""
    await town.ming.says("/settings")
    await town.ming.presses("Quiet hours")
    await town.ming.presses("22:00 to 07:00")
    assert "Quiet hours: 22:00 to 07:00" in town.ming.screen.text
    await town.ming.presses("Quiet hours")
    await town.ming.presses("Other hours")
    await town.ming.says("21:30到6点")
    await town.ming.presses("Save")
    assert "Quiet hours: 21:30 to 06:00" in town.ming.screen.text


HOURS = [
    ("２２：３０～７：００", "22:30 to 07:00"),
    ("22点-7点", "22:00 to 07:00"),
    ("晚上10点到早上7点", "22:00 to 07:00"),
    ("中午12点到下午2点", "12:00 to 14:00"),
    ("10pm to 7am", "22:00 to 07:00"),
]


@pytest.mark.parametrize(("typed", "shown"), HOURS)
async def test_quiet_hours_are_read_as_people_say_them(town: Town, typed: str, shown: str) -> None:
    """Wide digits, words for the part of the day, either language."""
    await town.ming.says("/settings")
    await town.ming.presses("Quiet hours")
    await town.ming.presses("Other hours")
    await town.ming.says(typed)
    assert f"Quiet hours: {shown}" in town.ming.screen.text


@pytest.mark.parametrize("typed", ["tomorrow", "at night", "25:00-7:00", "22:00-22:00", "22:00", "🙂"])
async def test_what_are_no_two_times_is_asked_again(town: Town, typed: str) -> None:
    """With an example, and nothing is saved."""
    await town.ming.says("/settings")
    await town.ming.presses("Quiet hours")
    await town.ming.presses("Other hours")
    await town.ming.says(typed)
    assert "such as 22:00-7:00" in town.ming.screen.text
    assert town.ming.screen.labels == ["Cancel"]


async def test_an_unknown_command_names_the_nearest(town: Town) -> None:
    """A slip of the finger is answered with what was probably meant; never is what takes something away but a guess."""
    for typed, meant in (
        ("/setings", "/settings"),
        ("/SIGNUPS", "/signup"),
        ("/forgot", "/forget"),
        ("/leaves", "/leave"),
    ):
        await town.ming.says(typed)
        assert f"Did you mean {meant}?" in town.ming.screen.text
    for typed in ("/budget", "/gorge", "/live"):
        await town.ming.says(typed)
        assert "/forget" not in town.ming.screen.text and "/leave?" not in town.ming.screen.text


async def test_a_form_survives_a_restart(town: Town) -> None:
    """The bot is restarted between question and answer, and the answer still counts."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.opens()
    await town.ming.says("Ming the Second")
    await town.ming.presses("Save")
    assert (await town.person(town.ming)).nickname == "Ming the Second"


async def test_the_save_button_counts_once(town: Town) -> None:
    """A second tap on a finished form changes nothing and says so."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says("Once")
    await town.ming.presses("Save")
    await town.ming.presses_data("form.done:1", None)
    assert "This form is closed" in town.ming.toasts[-1].text
    assert town.ming.toasts[-1].is_alert


async def test_a_silence_longer_than_telegram_remembers_is_reported(town: Town) -> None:
    """Down for 25 hours: the admins hear from when to when something may be lost. After 23 hours there is nothing to say."""
    town.clock.move(23 * 3600)
    await town.settle()
    assert town.dong.heard == []
    town.clock.move(25 * 3600)
    await town.settle()
    assert "I heard nothing from Telegram from" in town.dong.heard[0]
