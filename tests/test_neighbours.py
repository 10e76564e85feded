"""Neighbours without Telegram, and teams that sign up as one."""

import asyncio

import pytest

from bot.domain import activities, neighbours, people, points, privacy
from bot.domain.activities import Activity, Mode, RoleDraft, Terms
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, broken, fills_in, join, names, now, published
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def registered(town: Town, group: Group, *nicknames: str) -> list[int]:
    """Neighbours whom Lan has registered; their numbers."""
    lan = await town.person(town.lan)

    async def deed(tx: Transaction) -> list[int]:
        made = [await neighbours.register(tx, group.id, name, by=lan) for name in nicknames]
        return [each.person.id for each in made]

    return await town.does(deed)


async def team(town: Town, activity: Activity, *labels: str) -> None:
    """Lan chooses people for a team, by their buttons."""
    await town.lan.presses_data(f"teams.begin:{activity.id}")
    for label in labels:
        await town.lan.presses(label)


async def test_what_a_neighbour_earned_waits_until_he_presses_start(town: Town) -> None:
    """Registered by the leader, signed up, confirmed: the link makes it all his own, without a second account."""
    group = await founded(town, leader=town.lan)
    await town.lan.presses_data(f"groups.lead:{group.id}")
    await town.lan.presses("🏠 Neighbours")
    await town.lan.presses("Register somebody")
    await fills_in(town.lan, "Grandma Li", "!They have agreed: register")
    activity = await published(town, group, starts_in=3600)
    await team(town, activity, "☐ Grandma Li", "Sign 1 up")
    assert await names(town, activity, "in") == ["Grandma Li"]
    await town.passes(hours=4)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=lan, rules=town.settings.hours))
    await team(town, await published(town, group, title="Library"), "☐ Grandma Li", "Sign 1 up")
    await town.lan.presses_data(f"neighbours.list:{group.id}")
    await town.lan.presses("Grandma Li ›")
    assert "10 points" in town.lan.screen.text and "What I lead" in town.lan.screen.labels
    await town.lan.presses("Link to come in")
    link = town.lan.screen.text.rpartition("start=")[2]
    await town.wei.starts(link)
    assert "Are you Grandma Li?" in town.wei.screen.text
    assert "Hours: 2 h" in town.wei.screen.text
    assert "10 points\n• Library: " in town.wei.screen.text
    await town.wei.presses("Yes, that is me")
    assert "Hello Grandma Li" in town.wei.screen.text
    wei = await town.person(town.wei)
    assert await town.does(lambda tx: points.balance(tx, wei.id)) == 10
    assert "Grandma Li, whom you registered, has an account now" in town.lan.screen.text
    assert await town.does(neighbours.invariants) == []


async def test_a_link_works_once_and_for_nobody_who_is_registered(town: Town) -> None:
    """A newer link ends the older one; whoever has an account keeps it as it is."""
    group = await founded(town, leader=town.lan)
    (number,) = await registered(town, group, "Uncle Bo")
    lan = await town.person(town.lan)
    old = await town.does(lambda tx: neighbours.hand_out(tx, number, by=lan))
    new = await town.does(lambda tx: neighbours.hand_out(tx, number, by=lan))
    await town.wei.starts(f"neighbours_come-{old}")
    assert "not valid any more" in told(town.wei)
    await town.ming.presses_data(f"neighbours.mine:{new}:en")
    assert "You are registered already, as Ming" in told(town.ming)
    outcomes = await asyncio.gather(
        *(town.does(lambda tx, n=n: neighbours.come_in(tx, new, n, "en")) for n in (town.wei.id, 4711)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert {type(each) for each in outcomes} == {Person, Refused}, outcomes
    await town.lan.presses_data(f"neighbours.erased:{number}")
    assert "decides that alone" in told(town.lan)


async def test_only_the_leader_of_the_group_sees_its_neighbours(town: Town) -> None:
    """Another group's leader and a member are refused, by whatever button."""
    group = await founded(town, leader=town.lan)
    fei = await town.newcomer("Fei")
    await founded(town, "Chess", leader=fei)
    (number,) = await registered(town, group, "Uncle Bo")
    for data in ("list:{group}", "add:{group}", "open:{number}", "link:{number}", "erased:{number}"):
        for persona in (town.ming, fei):
            persona.forget()
            await persona.presses_data("neighbours." + data.format(group=group.id, number=number))
            assert "Uncle Bo" not in told(persona)
            assert "lead" in told(persona)


async def test_a_team_signs_up_as_one_or_not_at_all(town: Town) -> None:
    """With two places three people stay out together; two get in, each is told, and one may say no."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming)
    await registered(town, group, "Aunt An", "Uncle Bo")
    activity = await published(town, group, places=2)
    await team(town, activity, "☐ Aunt An", "☐ Ming", "☐ Uncle Bo", "Sign 3 up")
    assert "Places free: 2, and 3 people were chosen" in told(town.lan)
    assert await names(town, activity, "in") == []
    assert (await now(town, activity)).waiting == 0
    await team(town, activity, "☑ Uncle Bo", "Sign 2 up")
    assert sorted(await names(town, activity, "in")) == ["Aunt An", "Ming"]
    assert "Lan has signed you up with Dance" in town.ming.screen.text
    await town.ming.presses("I can't come")
    assert await names(town, activity, "in") == ["Aunt An"]
    assert await broken(town) == []


async def join_group(town: Town, group: Group, *members: Persona) -> None:
    for member in members:
        await member.presses_data(f"groups.join:{group.id}")
    all_read(town)


async def test_a_team_says_as_what_it_comes(town: Town) -> None:
    """Where places are by role the leader is asked once for all of the team; the role's own places count."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming, town.hua)
    drafts = (RoleDraft("helper", 2), RoleDraft("driver", 1))
    activity = await published(town, group, places=None, terms=Terms(roles=drafts))
    await team(town, activity, "☐ Ming", "☐ Hua", "Sign 2 up")
    assert "What does the team come as?" in town.lan.screen.text
    await town.lan.presses("driver (1 free)")
    assert "Places free: 1, and 2 people were chosen." in told(town.lan)
    await team(town, activity, "Sign 2 up", "helper (2 free)")
    assert sorted(await names(town, activity, "in")) == ["Hua", "Ming"]
    assert "as helper" in town.ming.screen.text


async def test_each_of_a_team_comes_as_something_of_his_own(town: Town) -> None:
    """The leader taps a name to the next role; all of them are signed up so or nobody, and each reads as what."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming, town.hua)
    drafts = (RoleDraft("helper", 1), RoleDraft("driver", 1))
    activity = await published(town, group, places=None, terms=Terms(roles=drafts))
    await team(town, activity, "☐ Ming", "☐ Hua", "Sign 2 up", "Each as something of their own")
    assert {"Hua · helper", "Ming · helper"} <= set(town.lan.screen.labels)
    await town.lan.presses("Sign 2 up")
    assert "Places free: 1, and 2 people were chosen." in told(town.lan)
    assert await names(town, activity, "in") == []
    await team(town, activity, "Sign 2 up", "Each as something of their own", "Ming · helper")
    assert "helper: 1 of yours, 1 free" in town.lan.screen.text and "driver: 1 of yours, 1 free" in town.lan.screen.text
    await town.lan.presses("Sign 2 up")
    assert sorted(await names(town, activity, "in")) == ["Hua", "Ming"]
    assert "as driver" in town.ming.screen.text and "as helper" in town.hua.screen.text
    await town.lan.presses_data("teams.role:1:1:0")
    assert "This team has signed up already" in told(town.lan)
    assert await broken(town) == []


async def test_a_team_applies_where_places_are_drawn(town: Town) -> None:
    """All of them ask for a place, and are told so; nobody reads that places are missing."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming, town.hua)
    activity = await published(town, group, places=1, terms=Terms(mode=Mode.LOTTERY))
    await team(town, activity, "☐ Ming", "☐ Hua", "Sign 2 up")
    assert "👥 2 people have applied for “River bank”." in town.lan.screen.text
    assert "Lan has applied for you with Dance" in town.ming.screen.text
    assert sorted(await names(town, activity, "applied")) == ["Hua", "Ming"] and await broken(town) == []


async def test_a_neighbour_moves_up_to_one_place_at_a_time(town: Town) -> None:
    """Whoever is elsewhere at that time by now is not moved up: the place goes to the next, and the leader reads why."""
    group = await founded(town, leader=town.lan)
    (number,) = await registered(town, group, "Aunt An")
    full, other = [await published(town, group, places=1, title=title) for title in ("Bank", "Race")]
    an = await town.does(lambda tx: people.by_id(tx, number))
    await join(town, full, town.ming, an, town.hua)
    await join(town, other, an)
    await town.ming.presses_data(f"activities.leave:{full.id}")
    await town.passes(minutes=3)
    assert (await names(town, full, "in"), await names(town, full, "offered")) == ([], ["Hua"])
    assert "Aunt An was next on the waiting list of “Bank”, but is in “Race” at that time" in "".join(town.lan.heard)
    assert await names(town, other, "in") == ["Aunt An"] and await broken(town) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_neighbour_who_could_not_sign_up_now_does_not_move_up(town: Town) -> None:
    """Nobody is there for people under 18, and one of the queue turns out to be: the next has the place, the leader reads why."""
    group = await founded(town, leader=town.lan)
    (number,) = await registered(town, group, "Li Bo")
    activity = await published(town, group, places=1)
    bo = await town.does(lambda tx: people.by_id(tx, number))
    await join(town, activity, town.ming, bo, town.hua)
    await town.does(lambda tx: tx.run("UPDATE people SET age = 'youth' WHERE id = :id", id=number))
    await town.ming.presses_data(f"activities.leave:{activity.id}")
    await town.passes(minutes=3)
    assert (await names(town, activity, "in"), await names(town, activity, "offered")) == ([], ["Hua"])
    assert "Li Bo was next on the waiting list of “River bank”, but could not sign up now" in "".join(town.lan.heard)


async def test_why_one_of_the_team_cannot_come_is_said(town: Town) -> None:
    """Whoever is in already keeps the whole team out, by name; nobody is signed up."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming, town.hua)
    activity = await published(town, group, places=9)
    await team(town, activity, "☐ Ming", "☐ Hua")
    await join(town, activity, town.ming)
    await town.lan.presses("Sign 2 up")
    assert "Ming: You are signed up already" in told(town.lan)
    assert await names(town, activity, "in") == ["Ming"]


async def test_whoever_has_left_the_group_is_out_of_its_team(town: Town) -> None:
    """Between the choice and the sign-up one leaves the group and one for good: neither is signed up."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming, town.hua, town.shen)
    activity = await published(town, group, places=9)
    await team(town, activity, "☐ Hua", "☐ Ming", "☐ Shen")
    hua = await town.person(town.hua)
    await town.ming.presses_data(f"groups.leave:{group.id}")
    await town.does(lambda tx: privacy.forget(tx, hua))
    await town.lan.presses("Sign 3 up")
    assert "👥 1 person is signed up" in town.lan.screen.text
    assert await names(town, activity, "in") == ["Shen"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_team_is_its_leaders_as_long_as_he_leads_the_group(town: Town) -> None:
    """Who was dismissed, and leads another group, neither reads the names of the first one nor chooses among them."""
    group = await founded(town, leader=town.lan)
    await founded(town, "Chess", leader=town.lan)
    await join_group(town, group, town.ming)
    activity = await published(town, group, places=9)
    await town.lan.presses_data(f"teams.of:{activity.id}:{group.id}")
    lan = await town.person(town.lan)
    await town.dong.presses_data(f"admin.taken:{lan.id}:{group.id}")
    await town.lan.says("/me")
    for data in ("teams.page:1:0", "teams.choose:1:1:0", "teams.signup:1", "teams.each:1:0", "teams.role:1:1:0"):
        town.lan.forget()
        await town.lan.presses_data(data)
        assert "Only the leaders of Dance" in told(town.lan), data
        assert not [label for label in town.lan.screen.labels if "Ming" in label]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_signed_up_already_is_not_chosen(town: Town) -> None:
    """A tap on a name that is in already changes nothing, and says so."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming)
    activity = await published(town, group, places=9)
    await join(town, activity, town.ming)
    await team(town, activity, "✅ Ming is in")
    assert "Ming is in already. Nothing was changed." in town.lan.toasts[-1].text
    assert not [label for label in town.lan.screen.labels if label.startswith("Sign")]


async def test_a_forged_team_brings_nobody_in(town: Town) -> None:
    """Another's team, people of other groups, and a team that has signed up are refused."""
    group = await founded(town, leader=town.lan)
    fei = await town.newcomer("Fei")
    await founded(town, "Chess", leader=fei)
    activity = await published(town, group, places=9)
    await team(town, activity)
    stranger = await town.person(fei)
    await town.lan.presses_data(f"teams.choose:1:{stranger.id}:0")
    assert "is not of the group" in told(town.lan)
    await fei.presses_data("teams.signup:1")
    assert "is not yours" in told(fei)
    assert await names(town, activity, "in") == []
