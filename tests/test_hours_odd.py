"""The supervisor's list: each rule finds what it is there for, leaves the rest alone, and opens the records behind it."""

from typing import Any

import pytest

from bot.config import Hours
from bot.domain import hours
from bot.domain.hours import Grade, anomalies
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.plans import steps
from tests.publishing import fills_in
from tests.test_hours import DAY_BEGINS, credited
from tests.town import Town

HOUR = 60


async def listed(town: Town) -> str:
    """What an auditor reads."""
    await town.shen.says("/oddhours")
    return str(town.shen.screen.text)


async def rolled(town: Town, *whose: Persona, minutes: int = HOUR, **more: Any) -> None:
    """Lan enters hours for these, one by one."""
    for each in whose:
        await credited(town, each, minutes, Grade.ROLL, by=town.lan, **more)


async def test_honest_hours_are_not_on_the_list(town: Town) -> None:
    """A check-in of one's own and a roll-call in time: no rule points at anything."""
    await town.opens(hours={"closing_hours": 720})
    await credited(town, town.ming, HOUR)
    await rolled(town, town.hua)
    assert "No rule points at anything" in await listed(town)


async def test_hours_entered_after_closing(town: Town) -> None:
    """More than two days after the end, by whom, how many and how long."""
    await town.until(2026, 11, 24, 10)
    await rolled(town, town.ming, town.hua)
    assert "Entered after closing, more than 48 h after the end, by Lan: 2 records, 2 h" in await listed(town)


async def test_an_unusual_volume_of_one_leader(town: Town) -> None:
    """More than the limit of a month, and three times what the others enter."""
    await town.opens(hours={"leader_hours_a_month": 6})
    await credited(town, town.hua, HOUR, Grade.ROLL, by=town.dong)
    await rolled(town, town.ming, minutes=6 * HOUR)
    assert "Unusual volume" not in await listed(town)
    await rolled(town, town.ming, starts=6 * HOUR, cause="activity:2")
    assert "Unusual volume this month by Lan: 2 records, 7 h; the others enter 1 h on average" in await listed(town)


async def test_a_volume_that_all_have_is_not_unusual(town: Town) -> None:
    """Over the limit, yet not three times what the others enter."""
    await town.opens(hours={"leader_hours_a_month": 6})
    await credited(town, town.hua, 3 * HOUR, Grade.ROLL, by=town.dong)
    await rolled(town, town.ming, minutes=8 * HOUR)
    assert "Unusual volume" not in await listed(town)


async def test_a_record_made_minutes_after_publication(town: Town) -> None:
    """What was published half an hour ago can hardly have been done since; an hour ago it is no more than quick."""
    now = int(town.clock.instant)
    await rolled(town, town.ming, published_at=now - 29 * 60)
    await rolled(town, town.hua, published_at=now - 60 * 60)
    assert "Minutes after publication, less than 30 min, by Lan: 1 record, 1 h" in await listed(town)


async def test_mostly_grade_c(town: Town) -> None:
    """More than half of somebody's ten hours or more were written afterwards."""
    await credited(town, town.ming, 4 * HOUR)
    for day in range(2):
        begins = DAY_BEGINS - (day + 1) * 24 * 3600
        starts = (begins - DAY_BEGINS) // 60
        record = await credited(
            town, town.ming, 3 * HOUR, Grade.AFTERWARDS, by=town.lan, starts=starts, cause=f"activity:{day + 2}"
        )
        assert "Mostly grade C" not in await listed(town)
        await town.dong.presses_data(f"hours.approve:{record.id}")
    assert "Mostly grade C, more than 50 %, of Ming: 6 h of 10 h" in await listed(town)


async def test_many_records_in_one_minute(town: Town) -> None:
    """Five entered one by one in a minute are listed."""
    await founded(town, "Dance", leader=town.lan)
    await town.ming.says("/join Dance")
    for hour in range(10, 15):
        await town.lan.says("/enterhours")
        await fills_in(
            town.lan, "!Ming", "!Something else", "River", f"yesterday {hour}:00", "30 minutes", "Seen", "!Save"
        )
    assert "Many in one minute" in await listed(town)
    assert "one by one, by Lan: 5 records, 2 h 30 min" in await listed(town)


async def test_a_roll_call_of_many_is_one_deed(town: Town) -> None:
    """Five names in one press are what a roll-call is: nothing to look at."""
    crowd = [await town.person(await town.newcomer(f"P{place}")) for place in range(5)]
    lan = await town.person(town.lan)

    async def called(tx: Transaction) -> None:
        for each in crowd:
            told = hours.Presence(each.id, Grade.ROLL, HOUR, DAY_BEGINS, DAY_BEGINS + 3600, "activity:1", "River")
            await hours.credit(tx, told, by=lan, rules=town.settings.hours)

    await town.does(called)
    assert "Many in one minute" not in await listed(town)


async def test_a_dispute_is_on_the_list_until_it_is_answered(town: Town) -> None:
    """Said to be wrong, and not answered yet."""
    await rolled(town, town.ming)
    await town.ming.presses("My hours are wrong")
    assert "Said to be wrong by Ming, not answered yet: 1 record, 1 h" in await listed(town)
    await town.dong.presses_data("hours.answer:1:1")
    assert "Said to be wrong" not in await listed(town)


async def test_the_list_opens_the_records_behind_a_row(town: Town) -> None:
    """From the panel to the list, to the rule's records, to what one record is made of."""
    await credited(town, town.ming, HOUR, Grade.AFTERWARDS, by=town.lan, evidence="A photo of the bank")
    await town.shen.says("/admin")
    await town.shen.presses("Hours to look at")
    await town.shen.presses("1")
    assert "Written afterwards in the last 7 days by Lan: 1 record, 1 h\n1 in all" in town.shen.screen.text
    await town.shen.presses("Ming: ⏳ 1 h C · River bank")
    assert "Proof: “A photo of the bank”" in town.shen.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("rule", hours.Rule)
async def test_no_rule_goes_through_all_records(town: Town, rule: hours.Rule) -> None:
    """Of hundreds of thousands, those of a month that somebody entered for others are looked at, and once."""
    sql = anomalies._gathered(rule)
    planned = await town.does(
        lambda tx: steps(tx, sql, **anomalies._needed(sql, anomalies._values(tx, Hours())), limit=1)
    )
    assert not any("SCAN r" in step or "CORRELATED" in step for step in planned), planned
