"""What activities ask of people: the rule as a table, how it is written, and that it holds at the press."""

import pytest

from bot.config import Hours
from bot.domain import activities, groups
from bot.domain.activities import Activity, Condition, Kind, Known, Terms
from bot.domain.activities.conditions import kept, of_text, read, why_not
from bot.domain.people import Age
from bot.refusal import Refused
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import DAY, broken, join, names, published
from tests.town import Town


async def confirmed(town: Town, activity: Activity) -> None:
    """It is over, and everybody who was signed up came."""
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    lan = await town.person(town.lan)

    async def deed(tx: Transaction) -> None:
        await activities.mark_rest(tx, activity.id, by=lan)
        await activities.confirm(tx, activity.id, by=lan, rules=Hours())

    await town.does(deed)
    await town.settle()


NOW = 1_000_000
TABLE = [
    (Condition("star", 2), Known(star=2), None),
    (Condition("star", 2), Known(star=1), "it is for {n}-star volunteers and up, and you have {have}"),
    (Condition("training", "First aid"), Known(trainings={"first aid": NOW + 1}), None),
    (Condition("training", "First aid"), Known(trainings={"first aid": NOW}), "yours was valid until"),
    (Condition("training", "First aid"), Known(), "you have not had it"),
    (Condition("group", 5, "Dance"), Known(groups=frozenset([5])), None),
    (Condition("group", 5, "Dance"), Known(groups=frozenset([6])), "it is for members of {group}"),
    (Condition("age", 18), Known(age=Age.ADULT), None),
    (Condition("age", 18), Known(age=Age.YOUTH), "people of {n} and older, and you are"),
    (Condition("age", 14), Known(age=Age.YOUTH), None),
    (Condition("age", 14), Known(), "you have not said how old you are"),
    (Condition("new", ""), Known(), None),
    (Condition("new", ""), Known(came=1), "come for the first time, and you have come {n} time"),
]


@pytest.mark.parametrize(("condition", "known", "why"), TABLE)
def test_a_condition_is_met_or_says_why_not(condition: Condition, known: Known, why: str | None) -> None:
    """Each kind at its border; a no names the rule, and has a next step."""
    no = why_not(condition, known, NOW)
    assert (no is None) == (why is None)
    if no and why:
        assert why in no.reason.text
        assert no.onward.data


WRITTEN = {
    "training: first aid": Condition("training", "first aid"),
    "培训：急救": Condition("training", "急救"),
    "2 stars": Condition("star", 2),
    "star: 3": Condition("star", 3),
    "二星": None,
    "2星": Condition("star", 2),
    "3 星级以上": Condition("star", 3),
    "9 stars": None,
    "group: Dance": Condition("group", "Dance"),
    "18+": Condition("age", 18),
    "14岁以上": Condition("age", 14),
    "first-timers": Condition("new", ""),
    "新人": Condition("new", ""),
    "tall people": None,
}


@pytest.mark.parametrize(("typed", "expected"), WRITTEN.items())
def test_conditions_are_read_as_leaders_write_them(typed: str, expected: Condition | None) -> None:
    """In both languages; what is no condition is refused with the list of what can be one."""
    if expected is None:
        with pytest.raises(Refused):
            read(typed)
    else:
        assert read(typed) == (expected,)
        assert of_text(kept([expected])) == (expected,)


async def test_who_lacks_a_training_is_refused_until_he_has_had_it(town: Town) -> None:
    """The rule, that nothing was changed, and why; after the training was confirmed it is one tap."""
    group = await founded(town, leader=town.lan)
    asks = Terms(conditions=(Condition("training", "First aid"),))
    duty = await published(town, group, starts_in=20 * DAY, terms=asks)
    course = await published(town, group, kind=Kind.TRAINING, title="first aid", points=0, terms=Terms(valid_months=12))
    await town.ming.says(f"/signup {duty.id}")
    assert "needs the training “First aid”, and you have not had it. Nothing was changed." in town.ming.screen.text
    await town.ming.presses("Why can't I join?")
    assert "✗ it needs the training “First aid”" in town.ming.screen.text
    assert await names(town, duty, "in") == []
    await join(town, course, town.ming)
    await confirmed(town, course)
    await town.ming.says(f"/signup {duty.id}")
    assert await names(town, duty, "in") == ["Ming"]
    await town.ming.says("/mysignups")
    await town.ming.presses("Past sign-ups")
    await town.ming.presses("My trainings")
    assert "first aid · valid until Wed 24 Nov 2027" in town.ming.screen.text


async def test_whoever_has_a_training_is_warned_thirty_days_before_it_ends(town: Town) -> None:
    """Once; whoever had it again meanwhile is not."""
    group = await founded(town, leader=town.lan)
    terms = Terms(teaches="First aid", valid_months=2)
    course = await published(town, group, kind=Kind.TRAINING, points=0, terms=terms)
    await join(town, course, town.ming, town.hua)
    await confirmed(town, course)
    again = await published(town, group, kind=Kind.TRAINING, points=0, terms=terms)
    await join(town, again, town.hua)
    await confirmed(town, again)
    await town.until(2026, 12, 27, 12)
    warned = "Your training “First aid” is valid until"
    assert [sum(warned in text for text in each.heard) for each in (town.ming, town.hua)] == [1, 0]


async def test_members_of_a_group_alone_where_it_says_so(town: Town) -> None:
    """The name that a leader typed is found when it is published; an unknown one is refused."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, terms=Terms(conditions=(Condition("group", "dance"),)))
    await town.ming.says(f"/signup {activity.id}")
    assert "it is for members of Dance, and you are none" in town.ming.screen.text
    ming = await town.person(town.ming)
    await town.does(lambda tx: groups.join(tx, group.id, by=ming))
    await town.ming.says(f"/signup {activity.id}")
    assert await names(town, activity, "in") == ["Ming"]
    with pytest.raises(Refused):
        await published(town, group, terms=Terms(conditions=(Condition("group", "Chess"),)))


async def test_one_place_in_four_is_kept_for_people_who_come_for_the_first_time(town: Town) -> None:
    """Whoever came before waits while a newcomer walks in; a day before the start the rest is the queue's."""
    group = await founded(town, leader=town.lan)
    before = await published(town, group, places=9, starts_in=3600)
    old = [await town.newcomer(f"Old{n}") for n in range(5)]
    await join(town, before, *old)
    await confirmed(town, before)
    activity = await published(town, group, places=4, starts_in=5 * DAY, terms=Terms(share=2))
    assert (activity.places, activity.kept) == (2, 2)
    await join(town, activity, *old, town.ming)
    assert await names(town, activity, "in") == ["Old0", "Old1", "Ming"]
    assert "1 place is kept for people who come for the first time" in await card_of(town, activity)
    assert await broken(town) == []
    await town.passes(days=4, hours=1)
    assert len(await names(town, activity, "in")) + len(await names(town, activity, "offered")) == 4
    assert "is kept" not in await card_of(town, activity)
    assert await broken(town) == []


async def card_of(town: Town, activity: Activity) -> str:
    await town.hua.starts(f"activities_open-{activity.id}")
    return town.hua.screen.text
