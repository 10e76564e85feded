"""The rules of points as a file: read whole or not at all, shown before it counts, announced like any change."""

import pytest

from bot.domain import points
from tests.publishing import fills_in
from tests.town import Town


async def the_file(town: Town) -> str:
    """Dong gets the rules as a file."""
    await town.dong.says("/handbook")
    for label in ("The rules", "Change them", "Several at once: as a file"):
        await town.dong.presses(label)
    return town.dong.files[-1].content.decode()


async def sends(town: Town, content: str, name: str = "rules.toml") -> None:
    await town.dong.sends_document(name, content.encode())


async def test_a_file_is_got_changed_and_sent_back(town: Town) -> None:
    """Dong sees what it changes, says why, and confirms; everybody is told, and nothing is changed before."""
    text = await the_file(town)
    assert "activity_max = 1000  # An activity at most (0-1000)" in text
    text = text.replace("activity_max = 1000", "activity_max = 20").replace("visit_tenths = 10", "visit_tenths = 15")
    await sends(town, text)
    await fills_in(town.dong, "Fairer for all")
    for words in ("An activity at most: 1000 → 20", "Visit: ×1 → ×1.5", "Fairer for all"):
        assert words in town.dong.screen.text
    assert (await town.does(points.rules)).version == 1
    await town.dong.presses("Put them into force")
    await town.tick()
    now = await town.does(points.rules)
    assert (now.version, now.activity_max, now.visit_tenths, now.why) == (2, 20, 15, "Fairer for all")
    assert "gives a person 20 points at most" in town.hua.screen.text and "Visit counts ×1.5" in town.hua.screen.text


async def test_every_wrong_line_is_named_and_nothing_is_changed(town: Town) -> None:
    """Numbers out of bounds, words, fractions, names that there are not, the wrong part, twice, and what is no TOML."""
    await sends(
        town,
        "activity_max = 5\n[activities]\nactivity_max = -1\nday_max = 1.5\nmonth_max = 'many'\nday_max = 3\nfish = 3\n"
        "[fish]\nrubbish\n[hand]\ngranted_alone = true\ngranted_month = 12\nwhy = 3\n",
    )
    told = town.dong.screen.text
    for words in (
        "11 mistakes are in the file",
        "Line 1: version is missing",
        "Line 1: activity_max belongs under [activities]",
        "Line 3: activity_max is in line 1 already",
        "Line 4: day_max: 1.5 is no whole number from 0 to 1000000",
        'Line 5: month_max: "many" is no whole number',
        "Line 6: day_max is in line 4 already",
        "Line 7: there is no rule called fish",
        "Line 8: there is no part called fish",
        "Line 9: “rubbish” is not TOML",
        "Line 11: granted_alone: true is no whole number",
        "Line 13: there is no rule called why",
    ):
        assert words in told
    assert (await town.does(points.rules)).version == 1


async def test_what_is_no_change_or_came_too_late_is_refused(town: Town) -> None:
    """The same numbers; a file of an older version; an empty one; one of 70 KB; and one from somebody who is no admin."""
    text = await the_file(town)
    await sends(town, text)
    assert "That is what the rules say already" in town.dong.screen.text
    await sends(town, text.replace("version = 1", "version = 2"))
    assert "The rules were changed meanwhile" in town.dong.screen.text
    for content in (" ", "#" * 70_000):
        await sends(town, content)
        assert "version is missing" in town.dong.screen.text or "I could not read this file" in town.dong.screen.text
    await town.ming.sends_document("rules.toml", text.replace("1000", "5").encode())
    assert "Only county admins can do this" in town.ming.screen.text
    assert (await town.does(points.rules)).version == 1


# Nobody reads a file differently on another database.
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_file_that_would_burst_its_reader_is_refused(town: Town) -> None:
    """Lists in lists, tables in tables, five thousand digits, twenty thousand dots: a line that is no rule, and no failure."""
    for bomb in (
        "[" * 5000,
        "[" * 490 + "]" * 490,
        "{a=" * 300 + "1" + "}" * 300,
        "9" * 5000,
        "1\n" + "a." * 20_000 + "a = 1",
    ):
        await sends(town, f"version = 1\n[activities]\nactivity_max = {bomb}")
        assert "Nothing was changed; 1 mistake is in the file:" in town.dong.screen.text
        assert "is not TOML such as name = 12" in town.dong.screen.text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE error IS NOT NULL")) == 0


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
async def test_a_file_in_another_encoding_is_refused(town: Town, encoding: str) -> None:
    """As an old editor saves it: a why of question marks would be announced to everybody, and never be taken back."""
    text = (await the_file(town)).replace('why = ""', 'why = "公平"').replace("= 1000", "= 5")
    await town.dong.sends_document("rules.toml", text.encode(encoding))
    assert "This file is not UTF-8" in town.dong.screen.text
