"""Who may be there twice: found by name and one thing more, pointed out to leaders, listed for admins."""

import pytest

from bot.domain import callouts, neighbours, people
from bot.domain.groups import Group
from bot.domain.merging.names import folded
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import fills_in
from tests.test_neighbours import join_group, registered, told
from tests.test_tree import registered as made
from tests.town import Town


@pytest.mark.parametrize(
    ("typed", "other", "same"),
    [
        ("王小明", "王 小明", True),
        ("Ming Wang", "ＭＩＮＧ·wang", True),
        ("張偉", "张伟", True),
        ("José", "jose\u0301", True),
        ("小明1", "小明2", False),
        ("🐢", "🐇", False),
    ],
)
def test_names_are_compared_as_they_are_meant(typed: str, other: str, same: bool) -> None:
    """Case, width, spaces, signs and traditional characters make no other name; letters and numbers do."""
    assert (folded(typed) == folded(other)) is same


async def namesake(town: Town, first_name: str, name: str) -> Persona:
    """Somebody new who takes this name."""
    persona = await town.newcomer(first_name)
    person = await town.person(persona)
    await town.does(lambda tx: people.rename(tx, person, name))
    return persona


async def compared(town: Town) -> None:
    await town.passes(seconds=2)


async def lives(town: Town, area: str, *personas: Persona) -> None:
    dong = await town.person(town.dong)
    await town.does(lambda tx: callouts.add_area(tx, area, by=dong))
    made = await town.does(lambda tx: tx.value("SELECT MAX(id) FROM areas"))
    for persona in personas:
        person = await town.person(persona)
        await town.does(lambda tx, p=person: callouts.live_in(tx, made, by=p))  # type: ignore[misc]


async def listed(town: Town) -> list[str]:
    """The pairs on the admin's screen."""
    await town.dong.says("/admin")
    await town.dong.presses("Duplicate records")
    await town.dong.presses("Who may be there twice")
    return [label for label in town.dong.screen.labels if " · #" in label or " · " in label]


async def pair_of(town: Town, one: Persona, other: Persona) -> str:
    first, second = await town.person(one), await town.person(other)
    return f"{first.nickname} #{first.id} · {second.nickname} #{second.id}"


async def test_a_shared_group_a_home_and_a_lost_account_tell(town: Town) -> None:
    """Of one name alone nobody is listed; with one thing more they are, most reasons first, and each says why."""
    again = await namesake(town, "Fei", "ming")
    hua = await namesake(town, "Nan", "HUA")
    lan = await namesake(town, "Old", "Lan")
    await compared(town)
    assert await listed(town) == []
    group = await founded(town)
    await join_group(town, group, town.ming, again)
    await lives(town, "North bank", town.hua, hua, town.ming, again)
    await town.lan.blocks_bot()
    await compared(town)
    pairs = [await pair_of(town, *pair) for pair in ((town.ming, again), (town.lan, lan), (town.hua, hua))]
    assert await listed(town) == pairs
    for pair, why in (((town.ming, again), "both are in Dance"), ((town.hua, hua), "both live in North bank")):
        await listed(town)
        await town.dong.presses(await pair_of(town, *pair))
        assert why in town.dong.screen.text
    await listed(town)
    await town.dong.presses(await pair_of(town, town.lan, lan))
    assert "has blocked the bot" in town.dong.screen.text
    await again.presses_data(f"groups.leave:{group.id}")
    await compared(town)
    assert await listed(town) == [*pairs[1:], pairs[0]]


async def test_one_branch_is_something_in_common(town: Town) -> None:
    """Two teams under one branch, however deep; what is in common of a whole association tells nothing."""
    association = await made(town, "Youth", "association")
    north, south = [await made(town, name, "branch", association) for name in ("North", "South")]
    teams = [await made(town, name, "team", under) for name, under in (("A", north), ("B", north), ("C", south))]
    twins = [town.ming, await namesake(town, "Fei", "Ming"), await namesake(town, "Nan", "Ming")]
    for team, persona in zip(teams, twins, strict=True):
        await join_group(town, team, persona)
    await compared(town)
    assert await listed(town) == [await pair_of(town, *twins[:2])]
    await town.dong.presses(await pair_of(town, *twins[:2]))
    assert "both are in groups of North" in town.dong.screen.text


async def test_two_people_are_remembered_as_two(town: Town) -> None:
    """Told apart, they never come up again, whatever they do together; merging begins from the same screen."""
    again, third = await namesake(town, "Fei", "Ming"), await namesake(town, "Nan", "Ming")
    group = await founded(town)
    await join_group(town, group, town.ming, again, third)
    await compared(town)
    await listed(town)
    await town.dong.presses(await pair_of(town, town.ming, again))
    await town.dong.presses("They are two people")
    await lives(town, "North bank", town.ming, again)
    await compared(town)
    pairs = await listed(town)
    assert pairs == [await pair_of(town, town.ming, third), await pair_of(town, again, third)]
    await town.dong.presses(pairs[1])
    one, two = await town.person(again), await town.person(third)
    await town.dong.presses(f"#{two.id} becomes part of #{one.id}")
    await town.dong.presses("Ask for it")
    assert await listed(town) == pairs[:1]
    await town.ming.says("/forget")
    await town.ming.presses("Yes, forget me")
    assert await listed(town) == []
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM likenesses")) == 1


async def test_a_name_that_many_bear_tells_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six of one name in one group are no pairs; two of them who live in one area still are, however many wait."""
    monkeypatch.setattr("bot.domain.merging.comparing.SLICE", 2)
    group = await founded(town)
    crowd = [await namesake(town, f"F{n}", "Ming") for n in range(5)]
    await join_group(town, group, town.ming, *crowd)
    await lives(town, "North bank", *crowd[:2])
    await compared(town)
    assert await listed(town) == [await pair_of(town, *crowd[:2])]


async def test_a_neighbour_of_a_known_name_is_asked_about_before_it_is_saved(town: Town) -> None:
    """The leader reads who bears the name in the group, opens them in one tap, or registers somebody else for good."""
    group = await founded(town, leader=town.lan)
    await join_group(town, group, town.ming)
    (bo,) = await registered(town, group, "Uncle Bo")
    await compared(town)
    for typed, known in (("ming", "It is Ming #1"), ("uncle  bo", f"It is Uncle Bo #{bo}, without Telegram")):
        await town.lan.presses_data(f"neighbours.add:{group.id}")
        await fills_in(town.lan, typed, "!They have agreed: register")
        assert "Dance has somebody of this name already" in town.lan.screen.text
        await town.lan.presses(known)
        assert known.removeprefix("It is ").split(" #")[0] in town.lan.screen.text
    assert await waiting(town, group) == ["Uncle Bo"]
    await town.lan.presses_data(f"neighbours.add:{group.id}")
    await fills_in(town.lan, "Ming", "!They have agreed: register", "!No, somebody else: register")
    assert await waiting(town, group) == ["Ming", "Uncle Bo"]
    town.lan.forget()
    await compared(town)
    assert (town.lan.heard, await listed(town)) == ([], [])


async def waiting(town: Town, group: Group) -> list[str]:
    page = await town.does(lambda tx: neighbours.of_group(tx, group.id, 0))
    return [each.person.nickname for each in page.items]


async def test_a_member_of_a_neighbours_name_is_pointed_out_to_the_leader(town: Town) -> None:
    """Within seconds, once; the leader passes it on to the admins, and nobody else may say who they are."""
    group = await founded(town, leader=town.lan)
    (bo,) = await registered(town, group, "Ming")
    await compared(town)
    assert town.lan.heard == []
    await join_group(town, group, town.ming)
    await compared(town)
    ming = await town.person(town.ming)
    assert f"Ming #{ming.id} is in Dance, where your neighbour Ming #{bo} has the same name" in town.lan.screen.text
    for persona in (town.hua, town.ming):
        await persona.presses_data(f"merging.apart:{ming.id}:{bo}")
        assert "Noted" not in told(persona)
    await town.lan.presses("Yes, one person")
    assert "The county admins are told" in town.lan.screen.text
    await town.dong.presses("Open")
    assert "was registered by a leader" in town.dong.screen.text
    await town.ming.presses_data(f"groups.leave:{group.id}")
    await town.ming.presses_data(f"groups.join:{group.id}")
    town.lan.forget()
    await compared(town)
    assert town.lan.heard == []


async def test_other_peoples_pairs_are_nobodys_business(town: Town) -> None:
    """A leader says nothing of two who are in none of his groups, sees no list, and finds out of no two whether they are a pair."""
    await founded(town, leader=town.lan)
    again = await namesake(town, "Fei", "Ming")
    one, two, other = [await town.person(each) for each in (town.ming, again, town.hua)]
    pair, no_pair = f"{one.id}:{two.id}", f"{one.id}:{other.id}"
    for data in ("alike", f"pair:{pair}", f"apart:{pair}", f"same:{pair}", f"same:{no_pair}"):
        town.lan.forget()
        await town.lan.presses_data(f"merging.{data}")
        assert "Only county admins" in told(town.lan)
    assert await town.does(_denied) == 0


async def _denied(tx: Transaction) -> int:
    return int(await tx.value("SELECT COUNT(*) FROM likenesses WHERE denied_at IS NOT NULL"))
