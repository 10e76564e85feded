"""Points of two records that became one: what was booked under the old number is read, corrected and counted."""

from bot.domain import points
from tests.shopping import has, rich
from tests.test_giving import offered
from tests.test_merging import merged, told
from tests.test_point_appeals import appealed
from tests.town import Town


async def test_an_entry_of_before_is_read_and_corrected_from_the_record_that_stays(town: Town) -> None:
    """What was booked under the old number opens from the new one's statement; its correction is exact, and the heir's."""
    await rich(town, town.ming, 30)
    old, hua = await merged(town, town.ming, town.hua)
    await town.hua.says("/points")
    await town.hua.presses(f"Before: record #{old.id}")
    assert "+30 " in town.hua.screen.text
    await town.dong.says(f"/points #{hua.id}")
    for label in (f"Before: record #{old.id}", "Correct an entry", "Entry 1: +30"):
        await town.dong.presses(label)
    assert "The balance goes from 30 to 0." in town.dong.screen.text
    await town.dong.presses("Take it back")
    assert await has(town, town.hua) == 0
    await town.dong.presses_data("points.check:1")
    assert "was taken back before" in told(town.dong)
    await town.lan.presses_data(f"points.page:{old.id}:0")
    assert "You can see your own points only" in told(town.lan)


async def test_whoever_waits_for_an_answer_is_told_under_the_record_that_stays(town: Town) -> None:
    """What was appealed against under the old number is late: the new one hears of it."""
    await appealed(town)
    await merged(town, town.ming, town.hua)
    await town.days_pass(8)
    assert any("Nobody has answered your appeal against entry 1 in time" in text for text in town.hua.heard)


async def test_what_was_given_under_the_old_number_counts_for_its_month(town: Town) -> None:
    """Whoever has given this month under one number has given it under the other one as well."""
    await offered(town, 30, to=town.lan)
    await town.days_pass(2)
    _, hua = await merged(town, town.ming, town.hua)
    assert await town.does(lambda tx: points.given_this_month(tx, hua)) == 30
