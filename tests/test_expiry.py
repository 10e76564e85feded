"""Points expire with the end of a year: what is foretold, two warnings, and the night in which they go."""

import asyncio
import re
from datetime import datetime

import pytest

from bot.domain import points, shop
from bot.domain.points import expiring, lots
from bot.domain.shop import Redemption
from bot.due import Due
from bot.sandbox.people import Persona
from bot.storage import Storage, Transaction, Value
from tests.plans import asked_for_each_row
from tests.publishing import all_read
from tests.shopping import has, reserved, rich, sound, stocked
from tests.test_merging import merged
from tests.town import SHANGHAI, Town


async def earned(town: Town, persona: Persona, amount: int, *when: int) -> int:
    """Somebody got so many points at a local time long ago; the number of the entry."""
    person, now = await town.person(persona), town.clock.instant
    town.clock.instant = datetime(*when, tzinfo=SHANGHAI).timestamp()  # type: ignore[arg-type,misc]
    cause = f"earned:{'-'.join(map(str, when))}"
    made = await town.does(lambda tx: points.award(tx, person.id, amount, reason="event", cause=cause, by=None))
    town.clock.instant = now
    return made


async def foretold(town: Town, persona: Persona) -> dict[int, int]:
    """How many of somebody's points expire with which year."""
    person = await town.person(persona)
    return {ending.year: ending.amount for ending in await town.does(lambda tx: points.forecast(tx, person.id))}


async def night(town: Town) -> None:
    """Some seconds in which one slice after another is done."""
    for _ in range(5):
        town.clock.move(20)
        await town.tick()


async def silver_night(town: Town) -> None:
    """It is the first morning of 2027, and everything that was to be done in the night is done."""
    await town.until(2026, 12, 31, 23)
    all_read(town)
    await town.until(2027, 1, 1, 0, 6)
    await night(town)
    await town.until(2027, 1, 1, 10)


async def test_points_expire_with_their_year_and_two_warnings(town: Town) -> None:
    """Warned thirty days and a week before, in the morning; in the night they go, and in the morning one message says so."""
    await earned(town, town.ming, 120, 2023, 5, 1)
    await earned(town, town.ming, 30, 2024, 5, 1)
    await earned(town, town.hua, 10, 2024, 1, 1)
    assert await foretold(town, town.ming) == {2026: 120, 2027: 30}
    for command in ("/points", "/me", "/card"):
        await town.ming.says(command)
        assert "⌛ 120 points expire on Thu 31 Dec" in town.ming.screen.text
    for day in (1, 24):
        await town.until(2026, 12, day, 9, 30)
        all_read(town)
        await town.until(2026, 12, day, 11)
        await town.tick()
        assert "120 of your points expire at the end of Thu 31 Dec" in town.ming.screen.text
        assert "Redeem points" in town.ming.screen.labels
        assert not town.hua.heard
    await silver_night(town)
    (told,) = town.ming.heard
    assert "120 of your points have expired with the year 2026" in told
    assert not town.hua.heard
    assert (await has(town, town.ming), await has(town, town.hua)) == (30, 10)
    assert await foretold(town, town.ming) == {2027: 30}
    await town.ming.says("/points")
    assert "−120 expired “2026”" in town.ming.screen.text
    assert await sound(town) == []


async def test_a_slice_that_breaks_off_is_done_again_and_nobody_loses_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends within the second of three slices; afterwards all have lost theirs once, however often it is asked."""
    monkeypatch.setattr(expiring, "SLICE", 2)
    crowd = [town.ming, town.hua, town.lan, town.dong, town.shen]
    for persona in crowd:
        await earned(town, persona, 10, 2023, 5, 1)
    town.clock.instant = datetime(2027, 1, 1, 0, 4, tzinfo=SHANGHAI).timestamp()
    lan = await town.person(town.lan)

    async def ends(tx: Transaction, person_id: int, amount: int, year: int) -> None:
        if person_id == lan.id:
            raise MemoryError
        await expire(tx, person_id, amount, year)

    expire = expiring._expire
    monkeypatch.setattr(expiring, "_expire", ends)
    await night(town)
    assert [await has(town, persona) for persona in crowd] == [0, 0, 10, 10, 10]
    monkeypatch.setattr(expiring, "_expire", expire)
    await town.opens()
    await night(town)
    assert [await has(town, persona) for persona in crowd] == [0] * 5
    again = Due(1, points.YEAR_OVER, "timetable", int(town.clock.instant), None, 0)
    await town.does(lambda tx: expiring.year_over(tx, again, town.parts.house))
    await night(town)
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM transfers WHERE reason = 'expiry'")) == 5
    assert await sound(town) == []


async def test_who_spends_in_the_same_moment_spends_or_loses_a_point_never_both(town: Town) -> None:
    """Six reservations and the night at once: whatever their order, nothing is lost that was spent, nothing is left over."""
    await earned(town, town.ming, 50, 2023, 5, 1)
    await earned(town, town.ming, 20, 2024, 5, 1)
    item = await stocked(town, 6, price=10)
    town.clock.instant = datetime(2027, 1, 1, 0, 4, tzinfo=SHANGHAI).timestamp()
    ming = await town.person(town.ming)
    night = Due(1, points.EXPIRE, "2026:0", int(town.clock.instant), None, 0)

    async def tap(key: str) -> Redemption:
        return await town.does(lambda tx: shop.redeem(tx, item.id, 1, 10, key, by=ming))

    taps = [tap(key) for key in "123456"]
    deed = town.does(lambda tx: expiring.expire_slice(tx, night, town.parts.house))
    ends = await asyncio.gather(*taps[:3], deed, *taps[3:], return_exceptions=True)
    taken = 10 * sum(isinstance(end, Redemption) for end in ends)
    gone = await town.does(
        lambda tx: tx.value("SELECT COALESCE(SUM(balance), 0) FROM accounts WHERE kind = 'expired' AND unit = 'points'")
    )
    assert await has(town, town.ming) == 70 - taken - gone
    assert gone <= 50
    assert await foretold(town, town.ming) == ({2027: 70 - taken - gone} if taken + gone < 70 else {})
    assert await sound(town) == []


async def test_what_comes_back_after_its_year_lives_until_the_end_of_the_next(town: Town) -> None:
    """Set aside over New Year's Eve: it does not expire, and once it is back it goes with the year that has begun."""
    await earned(town, town.ming, 60, 2023, 5, 1)
    item = await stocked(town, 1)
    await town.until(2026, 12, 31, 20)
    found = await reserved(town, town.ming, item)
    await silver_night(town)
    assert await has(town, town.ming) == 0
    ming = await town.person(town.ming)
    await town.does(lambda tx: shop.cancel(tx, found.id, by=ming))
    assert (await has(town, town.ming), await foretold(town, town.ming)) == (50, {2027: 50})


async def test_expiry_is_switched_off_and_on_again(town: Town) -> None:
    """Off: what is there never expires, also when it is on again; what comes then does. Nobody is warned of nothing."""
    await earned(town, town.ming, 120, 2023, 5, 1)
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.change_rules(tx, 1, {"expiry_years": 0}, "Why", by=dong))
    assert await foretold(town, town.ming) == {}
    town.clock.move(60)
    await town.does(lambda tx: points.change_rules(tx, 2, {"expiry_years": 1}, "Why", by=dong))
    town.clock.move(60)
    await rich(town, town.ming, 7)
    assert await foretold(town, town.ming) == {2027: 7}
    await town.until(2026, 12, 1, 9)
    all_read(town)
    await silver_night(town)
    assert await has(town, town.ming) == 127
    assert not any("expire" in words for words in town.ming.heard)
    await town.ming.says("/handbook")
    assert "Points expire on 31 December, 1 year after" in town.ming.screen.text


async def passed(town: Town, giver: Persona, receiver: Persona, key: str) -> int:
    """Fifty points are given away, and final; the number of the gift."""
    one, other = await town.person(giver), await town.person(receiver)
    to = points.Receiver(person_id=other.id)
    made = await town.does(lambda tx: points.give(tx, to, 50, "", key, by=one))
    await town.passes(hours=25)
    return made.id


@pytest.mark.parametrize("admin", [False, True])
async def test_a_gift_that_goes_back_has_the_end_that_it_had(town: Town, admin: bool) -> None:
    """Given back by the receiver, or taken back by an admin: nobody's points live any longer for that."""
    await earned(town, town.ming, 50, 2023, 5, 1)
    await earned(town, town.hua, 7, 2024, 5, 1)
    gift = await passed(town, town.ming, town.hua, "one")
    hua, dong = await town.person(town.hua), await town.person(town.dong)
    if admin:
        await town.does(lambda tx: points.reverse_gift(tx, gift, by=dong))
    else:
        await town.does(lambda tx: points.give_back(tx, gift, by=hua))
    assert (await foretold(town, town.ming), await foretold(town, town.hua)) == ({2026: 50}, {2027: 7})
    whole = await town.does(points.county_forecast)
    assert {each.year: each.amount for each in whole} == {2026: 50, 2027: 7}


async def test_two_records_that_become_one_expire_as_if_there_had_been_one(town: Town) -> None:
    """What the old one had keeps its end, and what one had given the other was never given."""
    await earned(town, town.ming, 70, 2023, 5, 1)
    await earned(town, town.hua, 7, 2024, 5, 1)
    await passed(town, town.ming, town.hua, "one")
    await merged(town, town.ming, town.hua)
    assert await foretold(town, town.hua) == {2026: 70, 2027: 7}
    whole = await town.does(points.county_forecast)
    assert {each.year: each.amount for each in whole} == {2026: 70, 2027: 7}
    await silver_night(town)
    assert (await has(town, town.hua), await foretold(town, town.hua)) == (7, {2027: 7})
    assert await sound(town) == []


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("whose", [lots.MINE, "a.id IN (21, 22)", lots.EVERYBODY], ids=["mine", "slice", "county"])
async def test_what_is_left_is_read_from_the_entries_it_is_about(storage: Storage, whose: str) -> None:
    """Neither for one person nor for a slice of the night are everybody's accounts gone through, and never for each entry."""

    async def steps(tx: Transaction) -> list[str]:
        sql = lots.LEFT.format(roots=lots.roots_of(whose), ends=await lots.ends_of(tx, 2026), credits=lots.CREDITS)
        mine: dict[str, Value] = {"person_id": 7} if whose == lots.MINE else {}
        again = await asked_for_each_row(tx, f"{sql} SELECT * FROM remaining", **mine)
        plan = await tx.all(f"EXPLAIN QUERY PLAN {sql} SELECT * FROM remaining", **mine)
        return again + [
            row["detail"] for row in plan if re.search(r"SEARCH [hc] .*\(kind=|\(reverses=\?\)", row["detail"])
        ]

    assert await storage.transact(steps) == []


async def test_no_year_but_one_with_which_something_expires_is_shown(town: Town) -> None:
    """A number that no button carries is an old button, whatever it is, and no error."""
    await town.ming.says("/points")
    for year in ("2000", "9" * 18):
        await town.ming.presses_data(f"points.ending:{(await town.person(town.ming)).id}:{year}:0")
        assert "out of date" in town.ming.toasts[-1].text
