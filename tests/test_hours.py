"""Hours: what counts at once, what waits for whom, what nobody can do, and how one says that it is wrong."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.domain import activities, hours
from bot.domain.hours import Grade, Record, Sums
from bot.domain.people import Role
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import fills_in, published
from tests.town import SHANGHAI, Town

DAY_BEGINS = int(datetime(2026, 11, 20, 8, 0, tzinfo=SHANGHAI).timestamp())


async def credited(
    town: Town,
    whose: Persona,
    minutes: int,
    grade: Grade = Grade.OWN,
    *,
    by: Persona | None = None,
    starts: int = 0,
    **more: Any,
) -> Record:
    """Hours on one morning, from `starts` minutes after eight on; by the person where nobody else is named."""
    person, teller = await town.person(whose), await town.person(by or whose)
    begins = DAY_BEGINS + starts * 60
    known: dict[str, Any] = {"cause": "activity:1", "title": "River bank", **more}
    told = hours.Presence(person.id, grade, minutes, begins, begins + minutes * 60, **known)
    record = await town.does(lambda tx: hours.credit(tx, told, by=teller, rules=town.settings.hours))
    await town.settle()
    return record


async def sums(town: Town, persona: Persona) -> Sums:
    person = await town.person(persona)
    return await town.does(lambda tx: hours.sums(tx, person.id))


async def all_holds(town: Town) -> bool:
    assert await town.does(hours.invariants) == []
    return True


async def test_the_grades_are_explained_where_they_stand(town: Town) -> None:
    """Whoever reads «2 h A» finds one tap away what A is, and what is better."""
    await credited(town, town.ming, 120)
    await town.ming.says("/hours")
    await town.ming.presses("What A to D mean")
    assert "A: own check-in and check-out" in town.ming.screen.text


async def test_own_check_in_counts_at_once_and_is_told(town: Town) -> None:
    """Grade A stands at once; the person hears of it with a button to say that it is wrong."""
    record = await credited(town, town.ming, 120)
    assert record.stands
    assert await sums(town, town.ming) == Sums(a=120)
    assert "Hours were credited to you" in town.ming.screen.text
    assert "My hours are wrong" in town.ming.screen.labels
    assert await all_holds(town)


async def test_an_admin_cannot_give_hours_to_somebody_who_was_not_there(town: Town) -> None:
    """It stays pending, is C at most, the person is told, and it stands on the supervisor's list the same day."""
    await founded(town, "Dance", leader=town.lan)
    await town.ming.says("/join Dance")
    town.ming.forget()
    await town.dong.says("/enterhours")
    await fills_in(town.dong, "!Ming", "!Something else", "Flood", "yesterday 14:00", "5 hours", "I was told", "!Save")
    assert "They don't count yet" in town.dong.screen.text
    assert await sums(town, town.ming) == Sums()
    assert "They don't count yet" in town.ming.screen.text
    assert "C: written afterwards" in town.ming.screen.text
    await town.shen.says("/oddhours")
    assert "Written afterwards in the last 7 days by Dong: 1 record, 5 h" in town.shen.screen.text
    assert await all_holds(town)


async def test_the_steps_of_entering_are_counted_to_the_end(town: Town) -> None:
    """What is typed is no activity's: four steps, and a way back from each but the first."""
    await founded(town, "Dance", leader=town.lan)
    await town.ming.says("/join Dance")
    await town.lan.says("/enterhours")
    await fills_in(town.lan, "!Ming", "!Something else", "Flood", "yesterday 14:00")
    assert "3 of 4" in town.lan.screen.text
    assert "‹ Back" in town.lan.screen.labels


async def test_hours_for_an_activity_need_two_answers(town: Town) -> None:
    """It names itself and its beginning, and no more than its planned duration can be entered."""
    group = await founded(town, "Dance", leader=town.lan)
    await published(town, group, starts_in=3600)
    await town.ming.says("/join Dance")
    await town.days_pass(1)
    await town.lan.says("/enterhours")
    await fills_in(town.lan, "!Ming", "!River bank")
    assert "1 of 2" in town.lan.screen.text
    await fills_in(town.lan, "90 minutes", "I saw it")
    assert "What for: River bank" in town.lan.screen.text
    await town.lan.presses("Save")
    assert "Planned: 2 h" in town.lan.screen.text
    assert await all_holds(town)


async def test_what_was_too_short_makes_way_and_what_waits_does_not(town: Town) -> None:
    """Less than the share that counts is said so; more is entered in its place, and other hours beside that are refused."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=3600)
    await town.ming.says("/join Dance")
    await town.days_pass(1)
    ming = await town.person(town.ming)
    for minutes in ("60 minutes", "90 minutes", "100 minutes"):
        await town.lan.presses_data(f"hours.entered:{group.id}:{ming.id}:{activity.id}")
        await fills_in(town.lan, minutes, "I saw it", "!Save")
    assert "too little of the planned time to count" in town.lan.toasts[0].text
    assert "It counts once a second person has agreed" in town.lan.toasts[1].text
    assert "Hours of this were entered before: 1 h 30 min. Nothing was saved" in town.lan.screen.text
    rows = await town.does(lambda tx: tx.all("SELECT minutes, state FROM hours_records ORDER BY id"))
    assert [(row["minutes"], row["state"]) for row in rows] == [(60, "refused"), (90, "pending")]
    assert await all_holds(town)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_called_off_gives_no_hours(town: Town) -> None:
    """Neither by a button from before, nor where it was called off while the form was open."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=3600)
    await town.ming.says("/join Dance")
    await town.days_pass(1)
    await town.lan.says("/enterhours")
    await fills_in(town.lan, "!Ming", "!River bank", "90 minutes", "I saw it")
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Rain", by=dong))
    await town.lan.presses("Save")
    assert "“River bank” was cancelled: it gives no hours. Nothing was saved." in town.lan.screen.text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM hours_records")) == 0


async def test_who_entered_it_cannot_agree_to_it(town: Town) -> None:
    """A second person agrees; the one who entered it is refused, and so is the one whose hours they are."""
    group = await founded(town, "Dance", leader=town.lan)
    record = await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan, group_id=group.id, evidence="x")
    assert record.is_pending
    await town.lan.presses_data(f"hours.approve:{record.id}")
    assert "You entered these hours yourself" in town.lan.screen.text
    await town.dong.presses_data(f"hours.approve:{record.id}")
    assert await sums(town, town.ming) == Sums(c=60)
    assert "has agreed" in town.ming.screen.text
    assert await all_holds(town)


async def test_nobody_enters_hours_for_himself(town: Town) -> None:
    """Only one's own check-in is made by oneself."""
    with pytest.raises(Refused):
        await credited(town, town.lan, 60, Grade.ROLL)


async def test_nobody_agrees_in_a_pair(town: Town) -> None:
    """Who agreed to hours of mine this month can't be agreed to by me."""
    hua = await town.newcomer("Second", role=Role.ADMIN)
    first = await credited(town, hua, 60, Grade.AFTERWARDS, by=town.lan)
    await town.dong.presses_data(f"hours.approve:{first.id}")
    second = await credited(town, town.dong, 60, Grade.AFTERWARDS, by=town.lan)
    await hua.presses_data(f"hours.approve:{second.id}")
    assert "this month" in hua.screen.text + "".join(toast.text for toast in hua.toasts)
    assert await sums(town, town.dong) == Sums()
    assert await all_holds(town)


DAYS = [(480, 0, "standing"), (481, 2, "pending"), (720, 2, "pending"), (721, 3, "pending")]


@pytest.mark.parametrize(("minutes", "needs", "state"), DAYS)
async def test_the_day_decides_who_has_to_agree(town: Town, minutes: int, needs: int, state: str) -> None:
    """Up to eight hours stand at once, up to twelve need a county admin, more need two."""
    record = await credited(town, town.ming, minutes)
    assert (record.needs, record.state) == (needs, state)


async def test_more_than_twelve_hours_need_two_admins(town: Town) -> None:
    """One is not enough; the second one lets them count."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    record = await credited(town, town.ming, 800)
    await town.dong.presses_data(f"hours.approve:{record.id}")
    assert await sums(town, town.ming) == Sums()
    await second.presses_data(f"hours.approve:{record.id}")
    assert await sums(town, town.ming) == Sums(a=800)
    assert await all_holds(town)


async def test_nobody_is_at_two_places_at_once(town: Town) -> None:
    """The second presence is refused and names the first one."""
    await credited(town, town.ming, 120)
    with pytest.raises(Refused, match="other hours of the same person"):
        await credited(town, town.ming, 60, starts=60, cause="activity:2")
    assert (await credited(town, town.ming, 60, starts=120, cause="activity:2")).stands


async def test_too_little_of_the_planned_time_does_not_count(town: Town) -> None:
    """Under 60 % nothing is credited; two stays that reach it together count both."""
    first = await credited(town, town.ming, 60, planned_minutes=180)
    assert first.state == "short"
    assert await sums(town, town.ming) == Sums()
    await credited(town, town.ming, 60, starts=90, planned_minutes=180)
    assert await sums(town, town.ming) == Sums(a=120)
    assert await all_holds(town)


async def test_three_pairs_a_day_count(town: Town) -> None:
    """The fourth check-in of a day for one activity is refused."""
    for place in range(3):
        await credited(town, town.ming, 10, starts=20 * place)
    with pytest.raises(Refused, match="check-ins a day"):
        await credited(town, town.ming, 10, starts=60)


async def test_written_afterwards_is_at_most_what_was_planned(town: Town) -> None:
    """More is refused with the planned duration."""
    with pytest.raises(Refused, match="at most what was planned"):
        await credited(town, town.ming, 121, Grade.AFTERWARDS, by=town.lan, planned_minutes=120)


async def test_the_same_presence_counts_once(town: Town) -> None:
    """Told again it is the same record; told with other minutes it is a loud error."""
    first = await credited(town, town.ming, 60)
    assert await credited(town, town.ming, 60) == first
    with pytest.raises(hours.HoursConflict):
        await credited(town, town.ming, 50)
    assert await sums(town, town.ming) == Sums(a=60)


async def test_a_dispute_goes_to_somebody_else_and_takes_the_hours_back(town: Town) -> None:
    """One tap; neither the leader who entered it nor the person answers; both are told with the rule, once and for all."""
    group = await founded(town, "Dance", leader=town.lan)
    record = await credited(town, town.ming, 60, Grade.ROLL, by=town.lan, group_id=group.id)
    assert record.stands
    await town.ming.presses("My hours are wrong")
    assert "Somebody who had no hand in it" in town.ming.screen.text
    await town.ming.says("/hours")
    assert town.ming.screen.labels[0].startswith("❗ 1 h B")
    await town.lan.presses_data("hours.answer:1:1")
    assert await town.does(lambda tx: tx.value("SELECT outcome FROM hours_disputes")) is None
    await town.shen.says("/admin")
    assert "Hours said to be wrong" not in town.shen.screen.text, "an auditor answers none"
    await town.dong.says("/admin")
    await town.dong.presses("Hours said to be wrong · 1")
    assert town.dong.screen.labels[0].startswith("Ming, by")
    await fills_in(town.dong, "!Look at it", "!Take them back")
    assert await sums(town, town.ming) == Sums()
    for persona in (town.ming, town.lan):
        assert "The rule: B: a leader's roll-call" in persona.screen.text
        assert "My hours are wrong" not in persona.screen.labels, "it is answered once"
    assert await all_holds(town)


async def test_a_dispute_that_nobody_answers_goes_up(town: Town) -> None:
    """After three days the county's admins are asked, and again as long as it is open."""
    group = await founded(town, "Dance", leader=town.lan)
    record = await credited(town, town.ming, 60, Grade.ROLL, by=town.lan, group_id=group.id)
    await town.ming.presses_data(f"hours.dispute:{record.id}")
    town.dong.forget()
    await town.days_pass(3.1)
    assert "Somebody says that hours of theirs are wrong" in "".join(town.dong.heard)
    assert "it goes up to the county" not in town.dong.heard[-1]
    late = "Nobody has answered yet that these hours are wrong"
    assert late in town.ming.heard[-1]
    await town.days_pass(3.1)
    assert "".join(town.ming.heard).count(late) == 1


async def test_hours_are_read_in_chinese_and_english(town: Town) -> None:
    """The sum, the mix of grades, and the way to the next star; without any, the way to the first ones."""
    await town.ming.says("/hours")
    await town.ming.presses("Volunteer tasks")
    await credited(town, town.ming, 120)
    await town.ming.says("/hours")
    assert "2 h: 2 h A" in town.ming.screen.text
    assert "98 h to go of 100 h" in town.ming.screen.text
    await town.ming.presses_data("people.language:zh_CN")
    await town.ming.says("我的时长")
    assert "2 小时：A 级 2 小时" in town.ming.screen.text


async def test_a_reversal_by_hand_is_an_entry_of_its_own(town: Town) -> None:
    """An admin takes hours back once; both entries stay."""
    record = await credited(town, town.ming, 60)
    await town.dong.presses_data(f"hours.open:{record.id}")
    await fills_in(town.dong, "!Take these hours back", "!Take these hours back")
    assert await sums(town, town.ming) == Sums()
    await town.dong.presses_data(f"hours.reverse:{record.id}")
    entries = await town.does(lambda tx: tx.all("SELECT minutes FROM hours_entries ORDER BY id"))
    assert [row["minutes"] for row in entries] == [60, -60]
    assert await all_holds(town)


async def test_hours_taken_back_by_hand_leave_no_dispute_open(town: Town) -> None:
    """Whoever said that they are wrong has what he asked for: nobody is asked any more, and nothing is left to answer."""
    record = await credited(town, town.ming, 60, Grade.ROLL, by=town.lan)
    await town.ming.presses_data(f"hours.dispute:{record.id}")
    await town.dong.presses_data(f"hours.reverse:{record.id}")
    await town.dong.presses_data("hours.answer:1:1")
    assert "answered before" in town.dong.toasts[-1].text
    town.dong.forget()
    await town.days_pass(4)
    assert town.dong.heard == []
    assert await all_holds(town)


async def test_two_overlapping_credits_in_the_same_moment(town: Town) -> None:
    """From several processes at once: one presence is credited, the other one is refused."""
    outcomes = await asyncio.gather(
        *(credited(town, town.ming, 60, starts=30 * i, cause=f"activity:{i}") for i in range(2)),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes].count(Refused) == 1
    assert await sums(town, town.ming) == Sums(a=60)
    assert await all_holds(town)


async def test_two_credits_in_the_same_moment_keep_the_limit_of_a_day(town: Town) -> None:
    """Five hours and five: only the first of them counts at once, the second needs a county admin."""
    await asyncio.gather(*(credited(town, town.ming, 300, starts=300 * i, cause=f"activity:{i}") for i in range(2)))
    assert await sums(town, town.ming) == Sums(a=300)
    ming = await town.person(town.ming)
    assert await town.does(lambda tx: hours.pending_minutes(tx, ming.id)) == 300
    assert await all_holds(town)


async def test_two_agree_in_the_same_moment(town: Town) -> None:
    """One agreement is enough, so the other one is refused; the hours count once."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    record = await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan)
    admins = [await town.person(each) for each in (town.dong, second)]
    outcomes = await asyncio.gather(
        *(town.does(lambda tx, a=a: hours.approve(tx, record.id, by=a, rules=town.settings.hours)) for a in admins),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes].count(Refused) == 1
    assert await sums(town, town.ming) == Sums(c=60)
    assert await all_holds(town)


async def test_agreed_to_and_taken_back_in_the_same_moment(town: Town) -> None:
    """Whichever comes first, the hours are gone: what waited a moment ago is not said to count no more."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    record = await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan)
    dong, other = [await town.person(each) for each in (town.dong, second)]
    outcomes = await asyncio.gather(
        town.does(lambda tx: hours.approve(tx, record.id, by=dong, rules=town.settings.hours)),
        town.does(lambda tx: hours.reverse(tx, record.id, by=other, rules=town.settings.hours)),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], hours.Record), outcomes
    assert await sums(town, town.ming) == Sums()
    assert await all_holds(town)


async def test_hours_are_taken_back_once_in_the_same_moment(town: Town) -> None:
    """Two admins press at once: one reversal, the other one is told that they don't count any more."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    record = await credited(town, town.ming, 60)
    admins = [await town.person(each) for each in (town.dong, second)]
    outcomes = await asyncio.gather(
        *(town.does(lambda tx, a=a: hours.reverse(tx, record.id, by=a, rules=town.settings.hours)) for a in admins),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes].count(Refused) == 1
    assert await sums(town, town.ming) == Sums()
    assert await all_holds(town)
