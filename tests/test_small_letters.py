"""Names that members type are one name in large and small letters of every script, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain import activities, callouts, minors, series
from bot.domain.activities import Kind, Terms
from bot.domain.people import Person
from bot.refusal import Refused
from bot.storage import Transaction
from tests.brigading import brigade_of
from tests.founding import founded
from tests.publishing import join, published
from tests.test_conditions import confirmed
from tests.test_minors import child_of_ming
from tests.town import Town

Naming = Callable[[Transaction, str, Person], Awaitable[Any]]
COUNTY_LISTS: dict[str, Naming] = {
    "brigade": lambda tx, name, by: callouts.found(tx, name, "", by=by),
    "skill": lambda tx, name, by: callouts.add_skill(tx, name, by=by),
    "area": lambda tx, name, by: callouts.add_area(tx, name, by=by),
}


@pytest.mark.parametrize("what", COUNTY_LISTS)
async def test_the_countys_lists_have_each_name_once(town: Town, what: str) -> None:
    """École stands there: éCOLE is refused, and Жар beside it is not."""
    dong = await town.person(town.dong)
    name = COUNTY_LISTS[what]
    await town.does(lambda tx: name(tx, "École", dong))
    with pytest.raises(Refused, match="already"):
        await town.does(lambda tx: name(tx, "éCOLE", dong))
    await town.does(lambda tx: name(tx, "Жар", dong))


async def test_kit_is_counted_under_one_name(town: Town) -> None:
    """Stocking up ЛОДКА says how many there are of Лодка."""
    brigade = await brigade_of(town, leader=town.lan)
    lan = await town.person(town.lan)
    for name, number in (("Лодка", 2), ("ЛОДКА", 5)):
        await town.does(lambda tx, name=name, number=number: callouts.stock_up(tx, brigade.id, name, number, by=lan))  # type: ignore[misc]
    page = await town.does(lambda tx: callouts.stock(tx, brigade.id, 0))
    assert [(item.name, item.stock) for item in page.items] == [("Лодка", 5)]


async def test_a_group_has_one_template_of_a_name(town: Town) -> None:
    """ÉTÉ is été: neither kept, nor renamed to, nor brought back beside it."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    lan = await town.person(town.lan)
    summer = await town.does(lambda tx: series.keep(tx, activity.id, "Été", by=lan))
    with pytest.raises(Refused, match="already"):
        await town.does(lambda tx: series.keep(tx, activity.id, "ÉTÉ", by=lan))
    winter = await town.does(lambda tx: series.keep(tx, activity.id, "Hiver", by=lan))
    with pytest.raises(Refused, match="already"):
        await town.does(lambda tx: series.rename(tx, winter.id, "éTÉ", by=lan))
    await town.does(lambda tx: series.delete(tx, summer.id, by=lan))
    await town.does(lambda tx: series.rename(tx, winter.id, "ÉTÉ", by=lan))
    with pytest.raises(Refused):
        await town.does(lambda tx: series.bring_back(tx, summer.id, by=lan))


async def test_a_child_has_one_picker_of_a_name(town: Town) -> None:
    """Zoé is named once, whichever letters are large."""
    child = await child_of_ming(town)
    ming = await town.person(town.ming)
    await town.does(lambda tx: minors.name_picker(tx, child.id, "Zoé", by=ming))
    with pytest.raises(Refused, match="different names"):
        await town.does(lambda tx: minors.name_picker(tx, child.id, "ZOÉ", by=ming))


async def test_a_training_taken_anew_in_other_letters_is_not_warned_of(town: Town) -> None:
    """Whoever had Первая помощь and later ПЕРВАЯ ПОМОЩЬ hears nothing when the first one ends."""
    group = await founded(town, leader=town.lan)
    for name in ("Первая помощь", "ПЕРВАЯ ПОМОЩЬ"):
        terms = Terms(teaches=name, valid_months=2)
        course = await published(town, group, kind=Kind.TRAINING, points=0, terms=terms)
        await join(town, course, town.ming)
        await confirmed(town, course)
    await town.until(2026, 12, 27, 12)
    assert not [text for text in town.ming.heard if "is valid until" in text]
    assert (await town.does(lambda tx: activities.by_id(tx, course.id))).is_confirmed
