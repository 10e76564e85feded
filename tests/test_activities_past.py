"""What somebody has taken part in: how it ended, and what it brought."""

import pytest

from bot.config import Hours
from bot.domain import activities, points
from bot.domain.activities import Activity, Attendance, asking, finding
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.plans import steps
from tests.publishing import broken, join, names, published
from tests.town import Town


async def looks_back(persona: Persona) -> str:
    """What stands under What was."""
    await persona.says("/mysignups")
    await persona.presses("Past sign-ups")
    return persona.screen.text


async def confirmed(town: Town, activity: Activity, *came: Persona) -> None:
    """Dong says that these came, and nobody else."""
    dong = await town.person(town.dong)
    for persona in came:
        person = await town.person(persona)
        signup = await town.does(
            lambda tx, p=person: tx.value(  # type: ignore[misc]
                "SELECT id FROM participations WHERE activity_id = :id AND person_id = :person",
                id=activity.id,
                person=p.id,
            )
        )
        await town.does(lambda tx, s=signup: activities.mark(tx, s, Attendance.CAME, by=dong))  # type: ignore[misc]
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=dong, rules=Hours()))
    await town.settle()


async def test_what_was_is_listed_with_how_it_ended(town: Town) -> None:
    """Came with its points, missed, not confirmed yet, called off, no place: the newest first."""
    came = await published(town, None, starts_in=60, lasts=60, title="Came")
    missed = await published(town, None, starts_in=120, lasts=60, title="Missed")
    pending = await published(town, None, starts_in=180, lasts=60, title="Pending")
    off = await published(town, None, starts_in=240, lasts=60, title="Off")
    full = await published(town, None, starts_in=300, lasts=60, title="Full", places=1)
    await join(town, full, town.hua)
    for activity in (came, missed, pending, off, full):
        await join(town, activity, town.ming)
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.cancel(tx, off.id, "Storm", by=dong))
    town.clock.move(3 * 3600)
    await confirmed(town, came, town.ming)
    await confirmed(town, missed)
    lines = (await looks_back(town.ming)).splitlines()[1:]
    shown = [(line.split(" ")[0], line.split(" ")[1], line.split(" · ")[-1]) for line in lines]
    assert shown == [
        ("⏳", "Full", "no place became free"),
        ("🚫", "Off", "called off"),
        ("⌛", "Pending", "not confirmed yet who came"),
        ("❌", "Missed", "missed"),
        ("✅", "Came", "came, 10 points"),
    ]


async def test_points_that_were_taken_back_are_not_shown(town: Town) -> None:
    """Also where an admin took back the entry itself, and where it was given again."""
    activity = await published(town, None, starts_in=60)
    await join(town, activity, town.ming)
    town.clock.move(3 * 3600)
    await confirmed(town, activity, town.ming)
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    credit = await town.does(lambda tx: points.credit_of(tx, ming.id, reason="task", cause=activity.name))
    assert credit is not None
    back = await town.does(lambda tx: points.reverse(tx, credit.last_id, by=dong.id, cause="person:1"))
    assert (await looks_back(town.ming)).endswith("· came")
    await town.does(lambda tx: points.reverse(tx, back, by=dong.id, cause="person:1"))
    assert (await looks_back(town.ming)).endswith("· came, 10 points")


async def test_other_peoples_points_are_not_shown(town: Town) -> None:
    """Of the same task each sees his own."""
    activity = await published(town, None, starts_in=60)
    await join(town, activity, town.ming, town.hua)
    town.clock.move(3 * 3600)
    await confirmed(town, activity, town.ming)
    assert "missed" in await looks_back(town.hua)


async def test_who_has_taken_part_in_nothing_is_shown_where_to_begin(town: Town) -> None:
    """A kind word and the lists; what he withdrew from does not count."""
    activity = await published(town, await founded(town, "Dance"), starts_in=60)
    await join(town, activity, town.ming)
    await town.ming.says(f"/withdraw {activity.id}")
    await town.ming.presses("Withdraw all the same")
    town.clock.move(3 * 3600)
    assert "Nothing yet." in await looks_back(town.ming)
    assert town.ming.screen.labels == ["My trainings", "Volunteer tasks", "Events", "‹ Back", "⌂ Home"]


async def test_a_long_past_has_pages(town: Town) -> None:
    """Six a page, and Back leads to what is ahead."""
    for number in range(8):
        await join(
            town, await published(town, None, starts_in=60 * (number + 1), lasts=60, title=f"T{number}"), town.ming
        )
    town.clock.move(3 * 3600)
    await looks_back(town.ming)
    assert town.ming.screen.labels[0] == "T7"
    await town.ming.presses("Next ›")
    assert town.ming.screen.labels[:2] == ["T1", "T0"]
    await town.ming.presses("‹ Back")
    assert "My sign-ups" in town.ming.screen.text


async def test_a_stale_withdraw_button_after_it_was_confirmed_is_refused(town: Town) -> None:
    """Nothing breaks: who came stays so, and the refusal says that withdrawing ends at the start."""
    activity = await published(town, None, starts_in=60)
    await join(town, activity, town.ming)
    town.clock.move(3 * 3600)
    await town.tick()
    await town.ming.says(f"/withdraw {activity.id}")
    for _ in range(2):
        await town.ming.presses_data(f"activities.absent:{activity.id}")
    assert sum("Ming can't come to “River bank” after all" in text for text in town.dong.heard) == 1
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=dong))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=dong, rules=town.settings.hours))
    await town.ming.says("/me")
    await town.ming.presses_data(f"activities.leave:{activity.id}")
    assert "withdrawing ends at the start" in town.ming.screen.text + "".join(t.text for t in town.ming.toasts)
    assert await names(town, activity, "in") == ["Ming"]
    assert await broken(town) == []


async def test_the_roll_says_who_has_said_that_he_is_not_there(town: Town) -> None:
    """“The rest came” excuses whoever told the leader, and says so before; a tap on the name changes it."""
    activity = await published(town, None, starts_in=60)
    await join(town, activity, town.ming, town.hua)
    town.clock.move(3 * 3600)
    await town.ming.presses_data(f"activities.absent:{activity.id}")
    await town.dong.presses_data(f"activities.roll:{activity.id}")
    assert town.dong.screen.labels[:2] == ["▫️ Ming · can't come", "▫️ Hua"]
    assert "“All came” excuses whoever has said that he can't come" in town.dong.screen.text
    await town.dong.presses("All came")
    assert town.dong.screen.labels[:2] == ["🙏 Ming · can't come", "✅ Hua"]


async def test_a_leader_finds_what_was_led_and_holds_it_again(town: Town) -> None:
    """Over, whether confirmed or not: a tap there leads to another date, or to its card; what others led doesn't stand there."""
    group = await founded(town, leader=town.lan)
    await published(town, group, starts_in=60, lasts=60, title="Library morning")
    await published(town, None, starts_in=60, lasts=60, title="Chess evening")
    town.clock.move(3 * 3600)
    await town.lan.says("/mysignups")
    for label in ("What I lead", "Once more …", "Library morning"):
        assert "Chess evening" not in town.lan.screen.labels
        await town.lan.presses(label)
    await town.lan.presses("Who came, thanks, corrections")
    assert "Who came?" in town.lan.screen.labels
    for label in ("Once more …", "On another date"):
        await town.lan.presses(label)
    assert "When this time?" in town.lan.screen.text


async def test_whoever_leads_finds_the_work_first_on_the_card(town: Town) -> None:
    """A leader's own card begins with the roll, a member's with the way in."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, title="Library morning")
    for persona, first in ((town.lan, "Who is signed up?"), (town.ming, "Sign up")):
        await persona.says(f"/start activities_open-{activity.id}")
        assert persona.screen.labels[0] == first


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_ones_own_past_is_looked_up(town: Town) -> None:
    """Among thousands of activities of others."""
    planned = await town.does(lambda tx: steps(tx, asking.VIEW + finding.PAST, me=1, now=tx.now, limit=8, offset=0))
    assert not any(step.startswith("SCAN a") for step in planned), planned


async def test_an_old_poster_leads_on_to_what_is_coming_up(town: Town) -> None:
    """Whoever comes too late finds the group that held it, and what is ahead; who was there does not need that."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=60)
    await join(town, activity, town.ming)
    town.clock.move(3 * 3600)
    for persona, seen in ((town.hua, True), (town.ming, False)):
        await persona.starts(f"activities_open-{activity.id}")
        assert ("What is coming up" in persona.screen.labels) is seen
    await town.hua.presses("Dance")
    assert "Leaders: Lan" in town.hua.screen.text
