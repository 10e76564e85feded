"""Feedback, both ways and once: how it was, thanks, and not having felt safe."""

from bot.domain import activities, feedback
from bot.domain.activities import Activity
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import all_read, fills_in, join, published
from tests.town import Town


async def over(town: Town, *came: Persona) -> Activity:
    """A confirmed activity of Lan's to which these came."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, starts_in=3600, places=9)
    await join(town, activity, *came)
    await town.passes(hours=4)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=lan, rules=town.settings.hours))
    await town.settle()
    return activity


async def test_how_it_was_takes_two_taps_and_is_summed_without_names(town: Town) -> None:
    """From three answers on the leader sees what all said together; nobody's answer alone, and no name."""
    hua, fei = await town.newcomer("Hua"), await town.newcomer("Fei")
    activity = await over(town, town.ming, hua, fei)
    for persona in (town.ming, hua):
        await persona.presses("How was it?")
        await persona.presses("😀")
        assert "It is noted" in persona.screen.text
    await town.ming.presses("☐ Well organised")
    await town.ming.presses("Write a word")
    await fills_in(town.ming, "Gloves next time", "!Send it")
    await town.lan.presses_data(f"feedback.sum:{activity.id}")
    assert "2 answers so far" in town.lan.screen.text
    await fei.presses("How was it?")
    await fei.presses("😐")
    await town.lan.presses_data(f"feedback.sum:{activity.id}")
    assert "😀 Very good: 2" in town.lan.screen.text
    assert "Well organised: 1" in town.lan.screen.text
    assert "Gloves next time" in town.lan.screen.text
    assert "Ming" not in town.lan.screen.text


async def test_said_again_it_is_changed_and_counts_once(town: Town) -> None:
    """Another mood takes the place of the first; a remark ticked twice is not ticked."""
    activity = await over(town, town.ming)
    for face in (4, 4, 1):
        await town.ming.presses_data(f"feedback.mood:{activity.id}:{face}")
    for _ in range(2):
        await town.ming.presses_data(f"feedback.tick:{activity.id}:long")
    found = await town.does(lambda tx: feedback.summary(tx, [activity.id]))
    assert (found.moods, found.remarks) == ({4: 0, 3: 0, 2: 0, 1: 1}, {})


async def test_only_whoever_came_can_say_it_and_for_two_weeks(town: Town) -> None:
    """Others are told who can, and later until when it could be said; forged answers are none."""
    activity = await over(town, town.ming)
    hua = await town.newcomer("Hua")
    await hua.presses_data(f"feedback.mood:{activity.id}:4")
    assert "Whoever came to “River bank” can say how it was" in hua.screen.text
    await town.ming.presses_data(f"feedback.mood:{activity.id}:9")
    await town.ming.presses_data(f"feedback.tick:{activity.id}:nonsense")
    await town.days_pass(15)
    await town.ming.presses_data(f"feedback.mood:{activity.id}:4")
    assert "14 days long" in town.ming.screen.text
    assert (await town.does(lambda tx: feedback.summary(tx, [activity.id]))).answers == 0


async def test_thanks_reach_one_person_once(town: Town) -> None:
    """Three taps: the person hears what for, and nobody can thank him for it again."""
    activity = await over(town, town.ming)
    await town.lan.presses_data(f"activities.open:{activity.id}")
    await town.lan.presses("Give thanks")
    await town.lan.presses("Ming")
    await town.lan.presses("lending a hand")
    assert "🙏 Lan thanks you for lending a hand: “River bank”." in town.ming.screen.text
    assert "Everybody who came has been thanked" in town.lan.screen.text
    await town.ming.presses("My thanks")
    assert "1 × lending a hand" in town.ming.screen.text
    person = await town.person(town.ming)
    await town.lan.presses_data(f"feedback.thanked:{activity.id}:{person.id}:led")
    assert "has been thanked for it already" in town.lan.screen.text
    assert await town.does(feedback.invariants) == []


async def test_everybody_is_thanked_at_once_but_whoever_was_before(town: Town) -> None:
    """One tap for all; each has it once, and whoever thanks learns how many."""
    hua = await town.newcomer("Hua")
    activity = await over(town, town.ming, hua)
    ming = await town.person(town.ming)
    await town.lan.presses_data(f"feedback.thanked:{activity.id}:{ming.id}:led")
    all_read(town)
    for _ in range(2):
        await town.lan.presses_data(f"feedback.thanked:{activity.id}:0:steady")
    await town.passes(minutes=1)
    assert "staying to the end" in hua.screen.text
    assert town.ming.heard == []
    assert "🙏 1 person has your thanks." in town.lan.heard


async def test_not_having_felt_safe_reaches_the_admins_alone(town: Town) -> None:
    """They hear it at once, one takes care of it and the person hears who; the leader hears nothing."""
    activity = await over(town, town.ming)
    all_read(town)
    await town.ming.presses_data(f"feedback.unsafe:{activity.id}")
    assert "with your name" in town.ming.screen.text
    await fills_in(town.ming, "Somebody pushed me", "!Tell the county")
    assert "Somebody did not feel safe" in town.dong.screen.text
    assert town.lan.heard == []
    await town.dong.presses("Open")
    assert "Somebody pushed me" in town.dong.screen.text
    await town.dong.presses("I take care of it")
    assert "Dong, a county admin, takes care of what you told" in town.ming.screen.text
    await town.dong.presses("It has been taken care of")
    assert "✅ Dong took care of it" in town.dong.screen.text
    await town.lan.presses_data("feedback.worry:1")
    assert "Only county admins can do this" in town.lan.toasts[-1].text
