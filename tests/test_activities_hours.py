"""Whoever came to a volunteer task has hours with the points, once, and with a trail."""

import pytest

from bot.config import Hours
from bot.domain import activities, groups, hours, people
from bot.domain.activities import Activity, Change
from bot.domain.hours import Grade, Record
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import DAY, all_read, fills_in, join, published
from tests.test_activities_confirming import balance, over
from tests.test_neighbours import registered as neighbours_of
from tests.test_neighbours import told
from tests.test_partners import shares, two_schools
from tests.test_tree import registered
from tests.town import Town


async def records(town: Town, persona: Persona) -> list[Record]:
    person = await town.person(persona)
    seen = await town.does(lambda tx: hours.records_of(tx, person.id, 0))
    return list(seen.items)


async def confirm(town: Town, number: int) -> None:
    await town.lan.starts(f"activities_open-{number}")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    await town.tick()


async def correct(town: Town, name: str, number: int, label: str) -> None:
    await town.lan.starts(f"activities_open-{number}")
    for each in ("Who came?", name, label):
        await town.lan.presses(each)
    await town.tick()


async def test_points_and_hours_come_in_one_message(town: Town) -> None:
    """Grade B with the planned time, standing at once, and one word of both."""
    activity = await over(town, town.ming)
    all_read(town)
    await confirm(town, activity.id)
    (record,) = await records(town, town.ming)
    assert (record.state, record.grade, record.minutes) == (
        "standing",
        "B",
        (activity.ends_at - activity.starts_at) // 60,
    )
    assert (record.cause, record.published_at) == (activity.name, activity.made_at)
    assert len(town.ming.heard) == 1
    assert "You have got 10 points." in town.ming.heard[0] and "⏱" in town.ming.heard[0]
    assert "My hours are wrong" in town.ming.screen.labels


async def test_a_late_roll_call_is_written_afterwards(town: Town) -> None:
    """It waits for a second person."""
    activity = await over(town, town.ming)
    town.clock.move(3 * DAY)
    await confirm(town, activity.id)
    (record,) = await records(town, town.ming)
    assert (record.state, record.grade) == ("pending", "C")


async def test_corrections_leave_a_trail(town: Town) -> None:
    """Taken back, then credited anew."""
    activity = await over(town, town.ming)
    await confirm(town, activity.id)
    await correct(town, "✅ Ming", activity.id, "❌ Missed")
    await correct(town, "❌ Ming", activity.id, "✅ Came")
    assert sorted(each.state for each in await records(town, town.ming)) == ["reversed", "standing"]
    assert await town.does(hours.invariants) == []


async def moved(town: Town, activity: Activity, starts_at: int) -> None:
    """Nobody can sign up for two things at once, but a leader can move one onto the other."""
    dong, wanted = await town.person(town.dong), Change(starts_at=starts_at, ends_at=starts_at + 7200)
    reminders = town.settings.reminders
    await town.does(lambda tx: activities.change(tx, activity.id, wanted, by=dong, reminders=reminders))


async def test_who_was_elsewhere_gets_no_hours_and_stops_nobody(town: Town) -> None:
    """Both read why, the leader in one list; the others' hours and all points stand."""
    group = await founded(town, "Chess", leader=town.hua)
    other = await published(town, group, starts_in=9 * 3600, title="Chess day")
    await join(town, other, town.ming)
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60)
    await join(town, activity, town.ming, town.hua)
    await moved(town, other, activity.starts_at)
    town.clock.move(3 * 3600)
    hua = await town.person(town.hua)
    await town.does(lambda tx: activities.mark_rest(tx, other.id, by=hua))
    await town.does(lambda tx: activities.confirm(tx, other.id, by=hua, rules=Hours()))
    all_read(town)
    await confirm(town, activity.id)
    assert [each.title for each in await records(town, town.ming)] == ["Chess day"]
    assert [each.title for each in await records(town, town.hua)] == ["River bank"]
    assert "No hours were credited to you:" in town.ming.heard[-1] and "“Chess day”" in town.ming.heard[-1]
    (told,) = [text for text in town.lan.heard if "these came and got no hours" in text]
    assert "Ming: At that time there are other hours of the same person" in told and "Hua" not in told
    assert await balance(town, town.ming) == 20
    for _ in range(2):
        await town.ming.presses("My hours are wrong")
    asked = [text for text in town.lan.heard if "Ming came to “River bank” and has no hours of it" in text]
    assert len(asked) == 1, "no member of the group, but in its activity: its leader is asked, once"
    await town.hua.presses_data(f"activities.nohours:{activity.id}")
    assert "No hours of “River bank” are missing" in town.hua.screen.text


async def test_a_leader_enters_hours_for_somebody_from_outside_who_was_in_it(town: Town) -> None:
    """Found under those from outside; a second person agrees; for nothing else, for nobody who wasn't in it, nor by others."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60)
    await join(town, activity, town.ming)
    town.clock.move(3 * 3600)
    await town.lan.says("/enterhours")
    await fills_in(town.lan, "!From outside the group", "!Ming · River bank")
    assert town.lan.screen.labels[:2] == ["2 h", "1 hour"], "what was planned, and nothing longer"
    await fills_in(town.lan, "4 hours", "Hua saw it", "!Save")
    assert "at most what was planned: 2 h" in told(town.lan), "not that it is still to come"
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    await town.lan.presses_data(f"hours.entered:{activity.group_id}:{ming.id}:{activity.id}")
    await fills_in(town.lan, "90 minutes", "Hua saw it", "!Save")
    assert "They don't count yet" in town.lan.screen.text
    (record,) = await records(town, town.ming)
    assert (record.grade, record.state, record.minutes) == (Grade.AFTERWARDS, "pending", 90)
    await town.lan.presses_data(f"hours.outsiders:{activity.group_id}")
    assert "There is nobody." in town.lan.screen.text, "whose hours are written is not asked for again"
    await town.lan.presses_data(f"hours.approve:{record.id}")
    assert "You entered these hours yourself" in town.lan.screen.text
    for person, of in ((ming, 0), (hua, activity.id)):
        await town.lan.presses_data(f"hours.entered:{activity.group_id}:{person.id}:{of}")
        assert "This person is not in Dance" in told(town.lan)
    await town.hua.presses_data(f"hours.outsiders:{activity.group_id}")
    assert "Ming" not in town.hua.screen.text


async def test_a_partners_leader_enters_hours_for_those_who_came_by_its_places(town: Town) -> None:
    """A pupil and a neighbour of a class; a second person agrees, and they count by origin; for nobody else, nor by another's leader."""
    activity, one, two = await two_schools(town)
    team, fei = await registered(town, "Class 4", "team", one), await town.newcomer("Fei")
    dong, ming, shen = [await town.person(each) for each in (town.dong, town.ming, town.shen)]
    for group, persona in ((team, town.lan), (two, fei)):
        leader = await town.person(persona)
        await town.does(lambda tx, g=group, p=leader: groups.appoint(tx, g, p, by=dong))  # type: ignore[misc]
    (number,) = await neighbours_of(town, team, "Grandpa")
    await shares(town, activity, "No. 1 School", "2")
    await join(town, activity, town.ming, await town.does(lambda tx: people.by_id(tx, number)), town.shen)
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    await town.hua.says("/enterhours")
    await town.hua.presses("By our shared places")
    assert town.hua.screen.labels[:2] == ["Ming · Clean-up", "Grandpa · Clean-up"]
    await fills_in(town.hua, "!Ming · Clean-up", "90 minutes", "Lan saw it", "!Save")
    (record,) = await records(town, town.ming)
    assert (record.grade, record.state, record.group_id) == (Grade.AFTERWARDS, "pending", one.id)
    await town.hua.presses_data(f"hours.approve:{record.id}")
    assert "You entered these hours yourself" in town.hua.screen.text
    await town.dong.presses_data(f"hours.approve:{record.id}")
    assert [each.state for each in await records(town, town.ming)] == ["standing"]
    for persona, group, person in ((town.hua, one, shen), (fei, two, ming), (fei, one, ming)):
        await persona.presses_data(f"hours.entered:{group.id}:{person.id}:{activity.id}")
        assert "is not in No." in told(persona) or "Only the leaders of No. 1 School" in told(persona)
    await town.hua.presses_data(f"hours.shared:{one.id}")
    assert "Ming · Clean-up" not in town.hua.screen.labels and "Shen · Clean-up" not in town.hua.screen.labels
    missed = "UPDATE participations SET came = 0, confirmed_at = 1, confirmed_by = 1 WHERE person_id = :id"
    await town.does(lambda tx: tx.run(missed, id=number))
    await town.hua.presses_data(f"hours.entered:{one.id}:{number}:{activity.id}")
    await fills_in(town.hua, "90 minutes", "Lan saw it", "!Save")
    assert "whoever leads it can correct that first" in told(town.hua) and "Who came?" not in town.hua.screen.labels


async def test_nobody_has_hours_entered_for_what_he_missed(town: Town) -> None:
    """Neither a member nor somebody from outside, once the roll is confirmed: first it is corrected."""
    activity = await published(town, await founded(town, leader=town.lan), starts_in=3600)
    await town.ming.says("/join Dance")
    await join(town, activity, town.ming, town.hua)
    await town.days_pass(1)
    await confirm(town, activity.id)
    for persona in (town.ming, town.hua):
        person = await town.person(persona)
        await correct(town, f"✅ {person.nickname}", activity.id, "❌ Missed")
        await town.lan.presses_data(f"hours.entered:{activity.group_id}:{person.id}:{activity.id}")
        await fills_in(town.lan, "90 minutes", "Shen saw it", "!Save")
        assert "The roll of “River bank” says that this person was not there. Nothing was saved" in town.lan.screen.text
    await town.lan.presses_data(f"hours.outsiders:{activity.group_id}")
    assert "There is nobody." in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_hours_that_were_entered_before_go_where_the_roll_says_missed(town: Town) -> None:
    """Those that wait for a second person, and those that count already."""
    activity = await published(town, await founded(town, leader=town.lan), starts_in=3600)
    await town.ming.says("/join Dance")
    await join(town, activity, town.ming, town.hua)
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    for persona in (town.ming, town.hua):
        person = await town.person(persona)
        await town.lan.presses_data(f"hours.entered:{activity.group_id}:{person.id}:{activity.id}")
        await fills_in(town.lan, "90 minutes", "Shen saw it", "!Save")
    (record,) = await records(town, town.hua)
    await town.dong.presses_data(f"hours.approve:{record.id}")
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "Confirm", "Confirm: 2 missed it"):
        await town.lan.presses(label)
    await town.tick()
    states = {each.state for persona in (town.ming, town.hua) for each in await records(town, persona)}
    assert states == {"refused", "reversed"} and await town.does(hours.invariants) == []


async def test_what_is_confirmed_before_its_end_counts_until_then(town: Town) -> None:
    """Of two hours one has passed: that is less than the share which counts. Both sides read the rule and its numbers."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=60)
    await join(town, activity, town.ming)
    town.clock.move(60 + 3600)
    await confirm(town, activity.id)
    (record,) = await records(town, town.ming)
    assert (record.state, record.minutes, record.planned_minutes) == ("short", 60, 120)
    rule = "1 h of the planned 2 h; hours count from 60 % of it on."
    assert f"These hours don't count: {rule}" in town.ming.screen.text
    assert any(f"Ming: {rule}" in text for text in town.lan.heard)
    await town.passes(hours=1)
    await town.ming.presses("My hours are wrong")
    await town.dong.presses("Look at it")
    await town.dong.presses("Was there longer: enter it")
    assert "It was longer: a leader enters it afterwards" in town.ming.screen.text
    await town.dong.presses("Enter hours afterwards")
    await fills_in(town.dong, "2 hours", "The whole team saw him", "!Save")
    assert [each.state for each in await records(town, town.ming)] == ["pending", "refused"]
    assert await town.does(hours.invariants) == []
