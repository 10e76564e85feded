"""Appeals on points: against each entry of one's own, once, answered by an admin who had no hand in it."""

import asyncio
import json

from bot.domain import points
from bot.domain.people import Role
from bot.domain.points import Appeal, Receiver
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.publishing import all_read, fills_in, join, published
from tests.shopping import has, rich
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def given(town: Town) -> Persona:
    """Dong has given Ming five points by hand, which is entry 1; An is the other admin."""
    other = await town.newcomer("An", role=Role.ADMIN)
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    await town.does(lambda tx: points.ask_grant(tx, ming.id, 5, "Chairs", "form:1", by=dong))
    await town.settle()
    for persona in (town.dong, other, town.shen):
        persona.forget()
    return other


async def appealed(town: Town) -> Persona:
    """Ming has appealed, from the message that told him of the points."""
    other = await given(town)
    await town.ming.presses("⚖ These points")
    assert "Made by Dong." in town.ming.screen.text and "By version 1 of the rules." in town.ming.screen.text
    await town.ming.presses("This is wrong: appeal")
    await fills_in(town.ming, "There were eight chairs", "!Appeal")
    await town.settle()
    return other


def asked(persona: Persona) -> int:
    """How often somebody was asked to answer it."""
    return sum("appeals against entry 1" in text for text in persona.heard)


async def test_an_appeal_is_granted_by_giving_what_is_missing(town: Town) -> None:
    """Who made the entry is not asked and can't answer; the other admin gives three more, Ming reads why, and it was once."""
    other = await appealed(town)
    assert "Appealed on" in town.ming.screen.text
    assert town.dong.heard == []
    await town.dong.presses_data("points.judge.more:1")
    assert "another county admin answers" in told(town.dong)
    await other.presses("Look at it")
    assert "There were eight chairs" in other.screen.text
    await other.presses("Give what is missing")
    await fills_in(other, "3", "Eight indeed", "!Give them")
    # The list that follows begins at its beginning.
    assert "‹ Previous" not in other.screen.labels
    await town.settle()
    assert await has(town, town.ming) == 8
    assert "another entry has given what was missing" in town.ming.screen.text
    assert "Eight indeed" in town.ming.screen.text
    await town.ming.says("/points")
    assert (
        "⚖ appeal granted" in town.ming.screen.text and "settled by the county “Eight indeed”" in town.ming.screen.text
    )
    await town.ming.presses_data("points.appeal:1")
    await fills_in(town.ming, "Nine", "!Appeal")
    assert "it is answered once" in told(town.ming)
    await town.dong.says("/audit")
    assert "answered an appeal on points: entry #1, outcome granted: made up for" in town.dong.screen.text
    assert await town.does(points.invariants) == []


async def test_an_appeal_is_granted_by_taking_the_entry_back_or_refused(town: Town) -> None:
    """Each with its reason, and both entries stay to be read; the correction can be appealed against in its turn."""
    other = await appealed(town)
    await other.presses("Look at it")
    await other.presses("Take the entry back")
    await fills_in(other, "It was for Hua")
    assert "Another entry takes back entry 1, +5; both stay in the statement." in other.screen.text
    await other.presses("Take it back")
    await town.settle()
    assert await has(town, town.ming) == 0
    assert "another entry has taken it back" in town.ming.screen.text
    await town.ming.presses_data("points.appeal:2")
    await fills_in(town.ming, "It was for me", "!Appeal")
    await town.dong.says("/admin")
    await town.dong.presses("Appeals on points · 1")
    await town.dong.presses("Ming: entry 2")
    await town.dong.presses("It stands")
    await fills_in(town.dong, "The list says Hua", "!It stands")
    await town.settle()
    assert "Not granted: the entry stands." in town.ming.screen.text and "The list says Hua" in town.ming.screen.text
    await town.ming.presses("Open that entry")
    assert "The list says Hua" in town.ming.screen.text
    assert await has(town, town.ming) == 0
    assert await town.does(points.invariants) == []


async def test_whoever_answers_is_reminded_and_then_it_goes_up(town: Town) -> None:
    """After half of the days the admin is asked again, after all of them the auditors hear of it and Ming is told, once."""
    other = await appealed(town)
    all_read(town)
    await town.days_pass(3.5)
    assert asked(other) == 1
    assert town.shen.heard == []
    await town.days_pass(3.5)
    assert "appeals against entry 1" in town.shen.screen.text
    assert asked(other) == 2
    assert "Nobody has answered your appeal against entry 1 in time" in town.ming.screen.text
    town.ming.forget()
    await town.days_pass(7)
    assert asked(other) == 3
    assert town.ming.heard == []
    await town.shen.presses("Look at it")
    assert "It stands" not in town.shen.screen.labels
    await town.ming.presses_data("points.entry:1")
    await town.ming.presses("Take the appeal back")
    await town.days_pass(8)
    assert asked(other) == 3
    await other.presses_data("points.judge.stands:1")
    assert "This has been answered before" in told(other)


async def test_where_the_only_admin_had_a_hand_in_it_another_one_is_asked_for(town: Town) -> None:
    """He and the auditors read that nobody may answer; once there is another admin, that one answers."""
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    await town.does(lambda tx: points.ask_grant(tx, ming.id, 5, "Chairs", "form:1", by=dong))
    await town.does(lambda tx: points.appeal_against(tx, 1, "Eight", by=ming))
    await town.settle()
    for persona in (town.dong, town.shen):
        assert "the county needs another one for the answer" in persona.screen.text
    other = await town.newcomer("An", role=Role.ADMIN)
    await town.days_pass(4)
    assert asked(other) == 1
    await other.presses("Look at it")
    assert "It stands" in other.screen.labels


async def test_two_answer_at_once_and_one_counts(town: Town) -> None:
    """One gives five more and one takes it back: exactly one of the two happens."""
    other = await appealed(town)
    third = await town.newcomer("Bo", role=Role.ADMIN)
    an, bo = await town.person(other), await town.person(third)

    async def more() -> Appeal:
        return await town.does(lambda tx: points.make_up(tx, 1, 5, "Yes", by=an))

    async def back() -> Appeal:
        return await town.does(lambda tx: points.grant_appeal(tx, 1, "No", by=bo))

    ends = await asyncio.gather(more(), back(), more(), return_exceptions=True)
    assert [isinstance(end, Refused) for end in ends].count(True) == 2
    assert await has(town, town.ming) in (0, 10)
    assert await town.does(points.invariants) == []


async def test_only_ones_own_entry_and_only_what_one_admin_may_give(town: Town) -> None:
    """Hua can't appeal against Ming's entry or read it; fifty-one points need a second admin."""
    other = await appealed(town)
    for forged in (
        "points.appeal:1",
        "points.entry:1",
        "points.entry:1:1",
        "points.appeal.withdraw:1",
        "points.judge:1",
    ):
        town.hua.forget()
        await town.hua.presses_data(forged)
        await town.hua.says("Mine")
        assert "eight chairs" not in told(town.hua) and "+5" not in told(town.hua)
    await other.presses_data("points.judge.more:1")
    await fills_in(other, "51", "All of it", "!Give them")
    assert "By an appeal one admin gives 1 to 50 points" in told(other)
    assert await has(town, town.ming) == 5
    assert (await town.does(lambda tx: points.appeal(tx, 1))).is_open


async def test_the_message_of_a_confirmed_task_leads_to_its_entry(town: Town) -> None:
    """And an award that a rule has changed says there what it was made of."""
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.change_rules(tx, 1, {"task_tenths": 5}, "Half", by=dong))
    await town.tick()
    activity = await published(town, None, points=10, starts_in=3600, lasts=3600)
    await join(town, activity, town.ming)
    town.clock.move(3 * 3600)
    for deed in ("rest", "settled"):
        await town.dong.presses_data(f"activities.{deed}:{activity.id}")
    await town.tick()
    await town.ming.presses("⚖ These points")
    assert "Of 10 points on the card the rules make 5: Volunteer task counts ×0.5" in town.ming.screen.text
    await town.ming.presses("These rules")
    assert "Volunteer task counts ×0.5" in town.ming.screen.text


async def test_the_message_of_a_gift_leads_to_its_entry(town: Town) -> None:
    """Whoever got it sees how it came about, and can appeal."""
    await rich(town, town.ming, 20)
    hua = await town.person(town.hua)
    ming = await town.person(town.ming)
    await town.does(lambda tx: points.give(tx, Receiver(person_id=hua.id), 5, "", "key", by=ming))
    await town.days_pass(2)
    await town.hua.presses("⚖ These points")
    assert "This is wrong: appeal" in town.hua.screen.labels


async def test_an_appeal_is_ones_own_data_and_leaves_with_one(town: Town) -> None:
    """/mydata has it with the answer; whoever leaves takes his words along, and nobody is asked any more."""
    other = await appealed(town)
    await town.ming.says("/mydata")
    kept = json.loads(town.ming.files[-1].content)["points"]["points"]["appeals"]
    assert [each["why"] for each in kept] == ["There were eight chairs"]
    ming = await town.person(town.ming)
    await town.does(lambda tx: points.forget(tx, ming))
    found = await town.does(lambda tx: points.appeal(tx, 1))
    assert (found.outcome, found.why) == ("withdrawn", "-")
    other.forget()
    await town.days_pass(8)
    assert other.heard == []
