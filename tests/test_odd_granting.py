"""Unusual granting: each rule finds what it is there for and nothing else, and an admin marks it seen with a word."""

from datetime import datetime

import pytest

from bot.config import Granting
from bot.domain import points
from bot.domain.people import Role
from bot.domain.points import Odd, oddities
from bot.sandbox.people import Persona
from tests.publishing import fills_in, published
from tests.test_point_figures import came
from tests.town import SHANGHAI, Town


async def gives(
    town: Town, giver: Persona, whose: Persona, amount: int, key: str, agrees: Persona | None = None
) -> None:
    """Points by hand, and a second admin who agrees where one has to."""
    by, to = await town.person(giver), await town.person(whose)
    found = await town.does(lambda tx: points.ask_grant(tx, to.id, amount, "Carried chairs", key, by=by))
    if agrees is not None:
        second = await town.person(agrees)
        await town.does(lambda tx: points.agree_to_grant(tx, found.id, by=second))
    await town.settle()


async def found(town: Town) -> set[tuple[Odd, str, str]]:
    listed = await town.does(lambda tx: oddities.odd_findings(tx, Granting()))
    return {(each.rule, each.nickname, each.other_nickname) for each in listed}


async def qin(town: Town) -> Persona:
    """Another county admin."""
    return await town.newcomer("Qin", role=Role.ADMIN)


async def test_little_by_day_is_nothing_to_look_at(town: Town) -> None:
    """Ten points each for two people, in the morning: no rule points at it."""
    await gives(town, town.dong, town.ming, 10, "1")
    await gives(town, town.dong, town.hua, 10, "2")
    assert await found(town) == set()
    await town.shen.presses_data("points.odd")
    assert "No rule points at anything" in town.shen.screen.text


@pytest.mark.parametrize(
    ("amounts", "rules"),
    [
        ((10, 10, 10), {Odd.SAME}),
        ((49, 48, 50), {Odd.SAME, Odd.UNDER}),
        ((45, 45, 45), {Odd.SAME}),
    ],
)
async def test_often_and_just_under(town: Town, amounts: tuple[int, ...], rules: set[Odd]) -> None:
    """Three times to the same person; and three times more than nine tenths of what one admin gives alone, which is 50."""
    for number, amount in enumerate(amounts):
        await gives(town, town.dong, town.ming, amount, str(number))
    assert {rule for rule, *_ in await found(town)} == rules


async def test_much_by_one_admin_is_weighed_against_the_others(town: Town) -> None:
    """Two hundred points, three times what the others give; once another gives as much, it is unusual no more."""
    other = await qin(town)
    await gives(town, town.dong, town.ming, 120, "1", other)
    await gives(town, town.dong, town.hua, 120, "2", other)
    assert (Odd.MUCH, "Dong", "") in await found(town)
    await gives(town, other, town.lan, 100, "3", town.dong)
    assert Odd.MUCH not in {rule for rule, *_ in await found(town)}


async def test_at_night(town: Town) -> None:
    """Half past eleven at night is looked at, and six in the morning is not."""
    town.clock.instant = datetime(2026, 11, 22, 6, 0, tzinfo=SHANGHAI).timestamp()
    await gives(town, town.dong, town.ming, 5, "1")
    assert await found(town) == set()
    town.clock.instant = datetime(2026, 11, 22, 23, 30, tzinfo=SHANGHAI).timestamp()
    await gives(town, town.dong, town.hua, 5, "2")
    assert await found(town) == {(Odd.NIGHT, "Dong", "")}


async def test_two_who_agree_with_each_other(town: Town) -> None:
    """Twice each way; one way alone is what a second pair of eyes is for."""
    other = await qin(town)
    for turn, whose in enumerate((town.ming, town.hua)):
        await gives(town, town.dong, whose, 60, f"a{turn}", other)
    assert Odd.PAIR not in {rule for rule, *_ in await found(town)}
    for turn, whose in enumerate((town.lan, town.shen)):
        await gives(town, other, whose, 60, f"b{turn}", town.dong)
    assert (Odd.PAIR, "Dong", "Qin") in await found(town)


async def test_activities_that_give_unusually_much(town: Town) -> None:
    """Three of one's activities with more than twice what the others' give, found after they were confirmed."""
    for number in range(3):
        await came(town, await published(town, None, starts_in=60, points=50, title=f"Much {number}"), town.ming)
    assert Odd.GENEROUS not in {rule for rule, *_ in await found(town)}
    lan = await town.person(town.lan)
    one = await published(town, None, starts_in=60, points=10)
    await town.does(lambda tx: tx.run("UPDATE activities SET made_by = :lan WHERE id = :id", lan=lan.id, id=one.id))
    await came(town, one, town.hua)
    assert (Odd.GENEROUS, "Dong", "") in await found(town)
    await town.shen.presses_data(f"points.odd.behind:generous:{(await town.person(town.dong)).id}:0")
    await town.shen.presses("+50: Much 2")
    assert "Much 2" in town.shen.screen.text


async def test_it_is_marked_seen_with_a_word(town: Town) -> None:
    """Never by the one it is about, nor by an auditor; it is away until something new comes on top, and the word stays."""
    other = await qin(town)
    for number in range(3):
        await gives(town, town.dong, town.ming, 10, str(number))
    await town.dong.says("/admin")
    for label in ("Statistics", "Points", "Unusual granting", "1"):
        await town.dong.presses(label)
    assert "+10: Ming" in town.dong.screen.labels
    assert "I have looked at it" not in town.dong.screen.labels
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    await town.shen.presses_data(f"points.odd.see:same:{dong.id}:{ming.id}")
    assert "Only county admins can do this" in "".join(toast.text for toast in town.shen.toasts)
    await other.presses_data("points.odd")
    assert "Often to the same person, by Dong to Ming: 3 times in 30 days, 30 points" in other.screen.text
    await other.presses("1")
    await other.presses("I have looked at it")
    await fills_in(other, "He carries the chairs each week", "!Keep it")
    assert await found(town) == set()
    await town.shen.presses_data("points.odd.looked")
    assert "Dong: “He carries the chairs each week”\nQin" in town.shen.screen.text
    await gives(town, town.dong, town.ming, 10, "again")
    assert await found(town) == {(Odd.SAME, "Dong", "Ming")}
