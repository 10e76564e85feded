"""Points as people see them in the chat."""

import pytest

from bot.domain import people, points
from bot.refusal import Refused
from bot.storage import Transaction
from tests.ledger import all_holds, awarded
from tests.publishing import published
from tests.town import Town


@pytest.mark.parametrize(("language", "words"), [("en", "No points yet"), ("zh_CN", "积分靠行动得来")])
async def test_who_has_no_points_reads_how_to_get_some(town: Town, language: str, words: str) -> None:
    """The empty statement says how points are earned and leads to the tasks."""
    newcomer = await town.newcomer("Xin", language=language)
    await newcomer.says("/points")
    assert words in newcomer.screen.text
    assert newcomer.screen.labels[0] in ("Volunteer tasks", "志愿任务")


async def test_points_show_the_balance_and_what_it_is_for(town: Town) -> None:
    """The balance first, then each entry with amount, reason, activity, time and number."""
    ming = await town.person(town.ming)
    await awarded(town.storage, ming, 5, 12)
    await town.ming.says("/points")
    assert "5 points" in town.ming.screen.text
    assert "+5 task “activity:12”\nSat 21 Nov, 10:00 · entry 1" in town.ming.screen.text


async def test_an_entry_names_its_activity(town: Town) -> None:
    """The title of the task, however it is spelt, also on each entry by which it goes to and fro."""
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    task = await published(town, None, title="<b>River & bank")
    given = await awarded(town.storage, ming, 5, task.id)
    for number in range(given, given + 3):
        await town.does(lambda tx, n=number: points.reverse(tx, n, by=dong.id, cause=f"person:{dong.id}"))  # type: ignore[misc]
    await town.ming.says("/points")
    assert "−5 correction “<b>River & bank” (takes back entry 3)" in town.ming.screen.text
    assert "+5 correction “<b>River & bank” (taken back by entry 4)" in town.ming.screen.text
    assert "+5 task “<b>River & bank” (taken back by entry 2)" in town.ming.screen.text
    assert "−5 correction “<b>River & bank” (taken back by entry 3)" in town.ming.screen.text


async def test_long_statements_come_in_pages(town: Town) -> None:
    """Six entries a page, the newest first."""
    ming = await town.person(town.ming)
    for number in range(1, 9):
        await awarded(town.storage, ming, number, number)
    await town.ming.says("/points")
    assert "“activity:8”" in town.ming.screen.text
    assert "8 in all, page 1 of 2" in town.ming.screen.text
    await town.ming.presses("Next ›")
    assert "“activity:1”" in town.ming.screen.text
    assert "“activity:8”" not in town.ming.screen.text


async def test_why_this_balance_is_told_in_sentences(town: Town) -> None:
    """Each reason with its count and its sum, and together they are the balance."""
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    for number, amount in ((1, 5), (2, 7)):
        await awarded(town.storage, ming, amount, number)
    await town.does(lambda tx: points.reverse(tx, 1, by=dong.id, cause="activity:1"))
    await town.ming.says("/points")
    await town.ming.presses("Why this balance?")
    assert "2 confirmed volunteer tasks brought +12." in town.ming.screen.text
    assert "1 correction made −5." in town.ming.screen.text
    assert "Together that is 7 points" in town.ming.screen.text


@pytest.mark.parametrize("name", ["Dong", "Shen"])
async def test_admins_and_auditors_see_a_statement_by_its_number(town: Town, name: str) -> None:
    """`/points #1` shows whose it is and what is in it."""
    ming = await town.person(town.ming)
    await awarded(town.storage, ming, 5, 12)
    await town[name].says(f"/points #{ming.id}")
    assert f"Ming #{ming.id}: 5 points" in town[name].screen.text
    await town[name].presses("Why this balance?")
    assert "1 confirmed volunteer task brought +5." in town[name].screen.text


@pytest.mark.parametrize("typed", ["#1", "1", "Ming", "#404", "nobody"])
async def test_members_see_nobody_elses_points(town: Town, typed: str) -> None:
    """The same refusal whether or not there is such a person."""
    await town.hua.says(f"/points {typed}")
    assert "your own points only" in town.hua.screen.text


async def test_forged_buttons_show_nobody_elses_points(town: Town) -> None:
    """Callback data is a hint: whoever presses is checked at the press."""
    ming = await town.person(town.ming)
    await awarded(town.storage, ming, 5, 12)
    await town.hua.says("/points")
    for data in (f"points.page:{ming.id}:0", f"points.why:{ming.id}", f"points.wrong:{ming.id}:0", "points.correct:1"):
        await town.hua.presses_data(data)
        assert "5" not in town.hua.screen.text
    assert await town.does(lambda tx: points.balance(tx, ming.id)) == 5


async def test_an_admin_corrects_an_entry_and_the_person_is_told(town: Town) -> None:
    """The entry is chosen, the numbers are shown, and both entries stay visible."""
    ming = await town.person(town.ming)
    await awarded(town.storage, ming, 5, 12)
    await town.dong.says(f"/points #{ming.id}")
    await town.dong.presses("Correct an entry")
    await town.dong.presses("Entry 1: +5")
    assert "The balance goes from 5 to 0." in town.dong.screen.text
    await town.dong.presses("Take it back")
    assert "(taken back by entry 2)" in town.dong.screen.text
    assert "corrected entry 1 of your points: −5" in town.ming.heard[-1]
    assert await town.does(lambda tx: points.balance(tx, ming.id)) == 0


async def test_nobody_corrects_their_own_points(town: Town) -> None:
    """Two pairs of eyes: an admin's own entry is another admin's to correct."""
    dong = await town.person(town.dong)
    await awarded(town.storage, dong, 5, 12)
    with pytest.raises(Refused, match="their own points"):
        await town.does(lambda tx: points.correct(tx, 1, by=dong))


async def test_forgetting_keeps_the_books_whole(town: Town) -> None:
    """The name goes, the number's entries stay, and every promise holds."""
    ming = await town.person(town.ming)
    await awarded(town.storage, ming, 5, 12)
    known = await town.does(lambda tx: points.known_of(tx, ming))
    assert known["points"]["balance"] == 5

    async def forget(tx: Transaction) -> None:
        await points.forget(tx, ming)
        await people.forget(tx, ming)

    await town.does(forget)
    assert await town.does(lambda tx: points.balance(tx, ming.id)) == 5
    assert await all_holds(town.storage)
