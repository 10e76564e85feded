"""Budgets of groups: the county grants points, and leaders reward members out of them, with a reason and a way back."""

import asyncio

import pytest

from bot.domain import groups, points
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.points import Receiver, Round
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, fills_in, join, published
from tests.shopping import has, rich, sound
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def dance(town: Town, amount: int = 50) -> Group:
    """Lan leads the dancers, Ming and Hua are in, and the county has granted points."""
    group = await founded(town, "Dance", leader=town.lan)
    for persona in (town.ming, town.hua):
        await persona.says("/join Dance")
    if amount:
        await granted(town, group, amount)
    await town.settle()
    all_read(town)
    return group


async def granted(town: Town, group: Group, amount: int = 50) -> None:
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.ask_budget(tx, group.id, amount, "A good year", f"form:{amount}", by=dong))


async def rewarded(
    town: Town, group: Group, whom: Persona, amount: int = 10, *, by: Persona | None = None, key: str = "form:1"
) -> Round:
    leader, person = await town.person(by or town.lan), await town.person(whom)
    return await town.does(
        lambda tx: points.reward(tx, group.id, [person.id], amount, "Carried chairs", key, by=leader)
    )


async def left(town: Town, group: Group) -> int:
    return await town.does(lambda tx: points.budget(tx, group.id))


async def why_refused(town: Town, group: Group, whom: Persona, amount: int = 10, by: Persona | None = None) -> str:
    with pytest.raises(Refused) as refused:
        await rewarded(town, group, whom, amount, by=by, key="form:refused")
    return refused.value.reason.text


async def test_from_a_grant_to_a_reward(town: Town) -> None:
    """The admin grants, the leader ticks people on the roll and says why; each is told, and both statements show it."""
    group = await dance(town, 0)
    await town.dong.says("/groups Dance")
    await fills_in(town.dong, "!Dance · 2", "!Budget", "!Grant points", "30", "A good year", "!Grant them")
    assert "✅ Given" in town.dong.screen.text
    await town.dong.presses("Budget")
    assert "a leader rewards a person with 50 points at once at most" in town.dong.screen.text
    assert "The county gave Dance 30 points to reward with" in town.lan.screen.text
    await fills_in(town.lan, "!Budget", "!Whom to reward", "!☐ Ming", "!☐ Hua", "!Reward 2")
    assert [label for label in town.lan.screen.labels if label.isdecimal()] == ["2", "5", "10"]
    await fills_in(town.lan, "10", "Carried chairs")
    assert "For 2 people, each: Ming · Hua" in town.lan.screen.text
    await town.lan.presses("Reward them")
    assert "2 people were rewarded with 10 each" in town.lan.screen.text
    assert "Dance rewards you with 10 points.\nWhy: Carried chairs" in town.ming.screen.text
    assert (await has(town, town.ming), await has(town, town.hua), await left(town, group)) == (10, 10, 10)
    await town.ming.presses("My points")
    assert "+10 reward from a group “Dance · Carried chairs”" in town.ming.screen.text
    await town.lan.presses_data(f"points.budget:{group.id}")
    assert "−10 reward · Ming “Carried chairs”" in town.lan.screen.text
    await town.ming.presses_data(f"points.budget:{group.id}")
    assert "−10 reward “Carried chairs”" in town.ming.screen.text
    assert "Hua" not in town.ming.screen.text
    assert await sound(town) == []


async def test_more_than_one_admin_gives_alone_waits_for_a_second(town: Town) -> None:
    """Also whatever an admin asks for a group of his own; who is in the group can't agree, and it is decided once."""
    group = await dance(town, 60)
    assert await left(town, group) == 0
    qin = await town.newcomer("Qin", role=Role.ADMIN)
    await town.dong.presses_data("points.budget.agree:1")
    assert "You have asked for this yourself" in told(town.dong)
    await qin.says("/join Dance")
    await qin.presses_data("points.budget.agree:1")
    assert "You are in this group yourself" in told(qin)
    person = await town.person(qin)
    await town.does(lambda tx: points.ask_budget(tx, group.id, 5, "For us", "form:own", by=person))
    assert await left(town, group) == 0
    await qin.says("/leave Dance")
    await qin.says("/admin")
    await fills_in(qin, "!Budgets of groups · 2", "!60 for Dance", "!I agree")
    assert await left(town, group) == 60
    await qin.presses_data("points.budget.decline:1")
    assert "This was decided before" in told(qin)
    await town.dong.presses_data("points.budget.takeback:1")
    assert await left(town, group) == 0
    assert await sound(town) == []


async def test_each_limit_says_its_number(town: Town) -> None:
    """Above what goes at once, above what is left, oneself, who is not in, and by whoever leads nothing there."""
    group = await dance(town, 50)
    for amount in (51, 0, -5, 10**9):
        assert "A reward is 1 to {limit} points" in await why_refused(town, group, town.ming, amount)
    await rewarded(town, group, town.ming, 45)
    assert "the budget of {group} has {left}" in await why_refused(town, group, town.hua, 10)
    assert "Nobody rewards himself" in await why_refused(town, group, town.lan, 5)
    assert "not in {group}" in await why_refused(town, group, town.shen, 5)
    assert "Only the leaders" in await why_refused(town, group, town.hua, 5, by=town.ming)
    assert (await left(town, group), await has(town, town.hua)) == (5, 0)
    await town.shen.presses_data(f"points.reward:{group.id}")
    assert "Only the leaders of Dance" in told(town.shen)


async def test_two_leaders_do_not_reward_each_other(town: Town) -> None:
    """In one month: the second is refused, and told who may."""
    group = await dance(town)
    lan, ming = await town.person(town.lan), await town.person(town.ming)
    await town.does(lambda tx: groups.appoint(tx, group, ming, by=lan))
    await rewarded(town, group, town.ming)
    assert "has rewarded you this month" in await why_refused(town, group, town.lan, 10, by=town.ming)
    await town.until(2026, 12, 1, 9)
    await rewarded(town, group, town.lan, by=town.ming, key="form:2")
    assert await has(town, town.lan) == 10


async def test_a_slip_is_taken_back_within_a_minute(town: Town) -> None:
    """By whoever gave it, as a whole; later only an admin corrects an entry, and the points are in the budget again."""
    group = await dance(town)
    made = await rewarded(town, group, town.ming)
    await town.dong.presses_data(f"points.reward.undo:{made.id}")
    assert "Whoever gave a reward can take it back" in told(town.dong)
    await town.lan.presses_data(f"points.reward.undo:{made.id}")
    await town.lan.presses_data(f"points.reward.undo:{made.id}")
    assert "was a slip and is taken back" in town.ming.screen.text
    assert (await has(town, town.ming), await left(town, group)) == (0, 50)
    late = await rewarded(town, group, town.ming, key="form:2")
    await town.passes(seconds=61)
    await town.lan.presses_data(f"points.reward.undo:{late.id}")
    assert "Whoever gave a reward can take it back" in told(town.lan)
    dong = await town.person(town.dong)
    number = "SELECT MAX(id) FROM transfers WHERE reason = 'reward'"
    entry = await town.does(lambda tx: tx.value(number))
    await town.does(lambda tx: points.correct(tx, entry, by=dong))
    assert (await has(town, town.ming), await left(town, group)) == (0, 50)
    assert await sound(town) == []


async def test_all_who_came_are_ticked_at_once(town: Town) -> None:
    """Members who came, without the leader himself and those who are not in the group."""
    group = await dance(town)
    activity = await published(town, group, starts_in=3600, places=9)
    await join(town, activity, town.ming, town.hua, town.lan, town.shen)
    await town.passes(hours=4)

    async def came(tx: Transaction) -> None:
        await tx.run(
            "UPDATE participations SET came = 1 WHERE person_id <> (SELECT id FROM people WHERE nickname = 'Hua')"
        )

    await town.does(came)
    await town.lan.presses_data(f"points.reward:{group.id}")
    await fills_in(town.lan, "!Who came to …", "!River bank")
    assert [label for label in town.lan.screen.labels if label[:1] in "☑☐"] == ["☑ Ming", "☐ Hua"]
    other = await founded(town, "Chess", leader=town.lan)
    await town.lan.presses_data(f"points.reward.from:{other.id}:{activity.id}")
    assert "no activity of Chess" in told(town.lan)


async def test_closing_gives_back_what_is_left(town: Town) -> None:
    """Gifts of members, too, once it can't be undone; the next grant takes from there before anything is issued."""
    group = await dance(town)
    await rich(town, town.ming, 20)
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    await town.does(lambda tx: points.give(tx, Receiver(group_id=group.id), 20, "For all", "gift:1", by=ming))
    await town.passes(hours=25)
    assert "gave 20 points to the budget of Dance" in town.lan.screen.text
    reward = await rewarded(town, group, town.ming)
    issued = (await town.does(points.totals)).issued
    await town.dong.presses_data(f"groups.closing:{group.id}")
    assert "60 points that it has left" in town.dong.screen.text
    await town.dong.presses("Close it")
    await town.passes(seconds=30)
    assert await left(town, group) == 60
    assert "was closed" in await why_refused(town, group, town.hua)
    await town.passes(minutes=3)
    assert await left(town, group) == 0
    await town.dong.presses_data("points.purse:county:0")
    assert "budget “Dance”" in town.dong.screen.text
    entry = await town.does(lambda tx: tx.value("SELECT MAX(id) FROM transfers WHERE reason = 'reward'"))
    assert reward.id == 1
    await town.does(lambda tx: points.correct(tx, entry, by=dong))
    await town.passes(minutes=3)
    assert await left(town, group) == 0
    chess = await founded(town, "Chess")
    await town.does(lambda tx: points.ask_budget(tx, chess.id, 50, "New", "form:chess", by=dong))
    assert (await left(town, chess), (await town.does(points.totals)).issued) == (50, issued)
    assert await sound(town) == []


async def test_a_closing_that_is_undone_keeps_the_budget(town: Town) -> None:
    """Nothing goes back when the group is open again."""
    group = await dance(town)
    await town.dong.presses_data(f"groups.closing:{group.id}")
    await fills_in(town.dong, "!Close it", "!Undo")
    await town.passes(minutes=3)
    assert await left(town, group) == 50


async def test_the_last_points_are_given_once(town: Town) -> None:
    """Five screens for what is enough for two, and one form five times."""
    group = await dance(town, 20)
    await asyncio.gather(*(rewarded(town, group, town.ming, key=f"form:{n}") for n in range(5)), return_exceptions=True)
    assert (await has(town, town.ming), await left(town, group)) == (20, 0)
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.ask_budget(tx, group.id, 20, "More", "form:more", by=dong))
    await asyncio.gather(*(rewarded(town, group, town.hua, key="form:same") for _ in range(5)))
    assert (await has(town, town.hua), await left(town, group)) == (10, 10)
    assert await sound(town) == []


async def test_whoever_leaves_is_ticked_and_named_no_more(town: Town) -> None:
    """/mydata knows of rewards and ticks; after leaving neither tick nor reason is left."""
    group = await dance(town)
    await rewarded(town, group, town.ming)
    ming, lan = await town.person(town.ming), await town.person(town.lan)
    await town.does(lambda tx: points.choose(tx, group.id, [ming.id], by=lan))
    known = (await town.does(lambda tx: points.known_of(tx, ming)))["points"]
    assert (known["rewards"][0]["why"], len(known["ticked to be rewarded"])) == ("Carried chairs", 1)
    await town.does(lambda tx: points.forget(tx, ming))
    assert (await town.does(lambda tx: points.reward_round(tx, 1))).why == "-"
    assert await town.does(lambda tx: points.chosen(tx, group.id, lan)) == []
