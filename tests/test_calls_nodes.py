"""Who comes of the county, node by node: each person once in each node, names for those who may see them."""

import pytest

from bot.cli.copying import broken_promises
from bot.domain import calls, groups
from bot.domain.groups import Group
from bot.sandbox.people import Persona
from tests.calling import announces, goes_out, got, sends
from tests.founding import founded
from tests.publishing import published
from tests.test_merging import merged
from tests.test_neighbours import join_group, told
from tests.test_tree import hung, registered
from tests.town import Town


async def called(town: Town) -> dict[str, Group]:
    """Youth › North › Team A and Team B, an interest group; Lan leads North, Fei Team A. The county is called.

    Ming is in both teams, Hua in Team A and in the dancers, Fei in Team A, Lan in North itself; Shen is in no group.
    """
    fei = await town.newcomer("Fei")
    nodes = {"Youth": await registered(town, "Youth", "association")}
    nodes["North"] = await registered(town, "North", "branch", nodes["Youth"])
    for name in ("Team A", "Team B"):
        nodes[name] = await registered(town, name, "team", nodes["North"])
    nodes["Dance"] = await founded(town)
    await leads(town, nodes["North"], town.lan)
    await leads(town, nodes["Team A"], fei)
    for name, personas in {
        "Team A": (town.ming, town.hua, fei),
        "Team B": (town.ming,),
        "Dance": (town.hua,),
        "North": (town.lan,),
    }.items():
        await join_group(town, nodes[name], *personas)
    activity = await published(town, None)
    await announces(town, "Fair on Saturday", link=f"{activity.id}")
    await sends(town, town.dong)
    for persona in (town.ming, town.hua, town.shen):
        await persona.presses("🙋 I'm in")
    await fei.presses("Not now")
    return nodes


async def leads(town: Town, group: Group, persona: Persona) -> None:
    dong, person = await town.person(town.dong), await town.person(persona)
    await town.does(lambda tx: groups.appoint(tx, group, person, by=dong))


async def test_from_the_county_down_to_the_names(town: Town) -> None:
    """Who is in two teams counts once above them, those of no group are a row of their own, and each number opens."""
    nodes = await called(town)
    await town.dong.says("/calls")
    await town.dong.presses("📢 Fair on Saturday")
    await town.dong.presses("Who comes, group by group")
    assert "Called: 5\n🙋 3 come, 1 not now, 1 have not answered" in town.dong.screen.text
    assert {"2 / 1 / 1 · Youth", "1 / 0 / 0 · Interest groups", "1 / 0 / 0 · In no group"} <= set(
        town.dong.screen.labels
    )
    await town.dong.presses("2 / 1 / 1 · Youth")
    await town.dong.presses("2 / 1 / 1 · North")
    assert "Its own members: 0 / 0 / 1" in town.dong.screen.text
    assert {"2 / 1 / 0 · Team A", "1 / 0 / 0 · Team B"} <= set(town.dong.screen.labels)
    await town.dong.presses("Not answered 1")
    assert "• Lan" in town.dong.screen.text
    await town.dong.presses("‹ Back")
    await town.dong.presses("2 / 1 / 0 · Team A")
    await town.dong.presses("Coming 2")
    assert "• Ming\n• Hua" in town.dong.screen.text
    await town.dong.presses("As a file")
    assert town.dong.files[-1].content.decode("utf-8-sig").split() == ["Nickname", "Ming", "Hua"]
    await town.lan.presses_data(f"calls.nodefile:1:{nodes['Team A'].id}:1:0")
    assert town.lan.files == [] and "Names are seen by" in told(town.lan)


async def test_a_leader_sees_the_names_of_his_own_members_and_numbers_beneath(town: Town) -> None:
    """The call tells leaders alone where; Lan sees who of North itself has answered, of its teams numbers; a member nothing."""
    nodes = await called(town)
    where = "Under /calls you see who comes of the groups that you lead"
    assert [got(persona, where) for persona in (town.lan, town["Fei"], town.ming, town.shen)] == [1, 1, 0, 0]
    await town.lan.says("/calls")
    await town.lan.presses("📢 Fair on Saturday")
    await town.lan.presses("2 / 1 / 1 · North")
    assert "Ming" not in town.lan.screen.text and "Coming 2" not in town.lan.screen.labels
    await town.lan.presses("Its own members")
    await town.lan.presses("Not answered 1")
    assert "• Lan" in town.lan.screen.text
    await town.lan.presses_data(f"calls.node:1:{nodes['North'].id}")
    await town.lan.presses("2 / 1 / 0 · Team A")
    assert not [label for label in town.lan.screen.labels if label.startswith("Coming")]
    for data in (f"calls.nodenames:1:{nodes['Team A'].id}:1:0", f"calls.nodenames:1:{nodes['North'].id}:0:0"):
        await town.lan.presses_data(data)
        assert "Names are seen by" in told(town.lan)
    await town["Fei"].presses_data(f"calls.nodenames:1:{nodes['Team A'].id}:1:0")
    assert "• Ming\n• Hua" in town["Fei"].screen.text
    for persona, node in ((town.lan, "county"), (town["Fei"], nodes["North"].id), (town.hua, nodes["Team A"].id)):
        await persona.presses_data(f"calls.node:1:{node}")
        assert "There is no call" in told(persona)


async def test_whoever_leads_many_groups_turns_to_all_of_them(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each group that somebody leads is on a page of the call to the county, and of those whom he may call himself."""
    monkeypatch.setattr("bot.handlers.calls.nodes.LED_A_PAGE", 1)
    monkeypatch.setattr("bot.handlers.calls.writing.GROUPS_A_PAGE", 1)
    nodes = await called(town)
    await leads(town, nodes["Team B"], town.lan)
    await town.settle()
    await town.lan.presses_data("calls.open:1")
    await town.lan.presses("Next ›")
    assert "1 / 0 / 0 · Team B" in town.lan.screen.labels
    await town.lan.says("/recruit Come")
    for label in ("Skip", "Choose who gets it", "Next ›", "Team B: members"):
        await town.lan.presses(label)
    assert "Preview" in town.lan.screen.text


async def test_of_many_who_are_silent_there_is_a_file_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """To turn to a page of them all people before it would be gone through; who comes is found by an index."""
    monkeypatch.setattr(calls.nodes, "FEW", 1)
    nodes = await called(town)
    await town.dong.presses_data(f"calls.nodenames:1:{nodes['North'].id}:0:2")
    assert "too many to turn page by page" in town.dong.screen.text and "Lan" not in town.dong.screen.text
    await town.dong.presses("As a file")
    assert town.dong.files[-1].content.decode("utf-8-sig").split() == ["Nickname", "Lan"]
    await town.dong.presses_data(f"calls.nodenames:1:{nodes['North'].id}:0:0")
    assert "• Ming\n• Hua" in town.dong.screen.text


async def test_a_call_of_before_nodes_were_kept_says_so(town: Town) -> None:
    """To whoever sees all of it, and to a leader, who reads no noughts for numbers that nobody has counted."""
    nodes = await called(town)
    for table in ("call_node_answers", "call_nodes"):
        await town.does(lambda tx, table=table: tx.run(f"DELETE FROM {table}"))  # type: ignore[misc]
    for persona in (town.dong, town.lan):
        await persona.presses_data("calls.open:1")
        assert "sent before answers were counted node by node" in persona.screen.text
        assert not [label for label in persona.screen.labels if "group by group" in label or "North" in label]
    await town.lan.presses_data(f"calls.node:1:{nodes['North'].id}")
    assert "sent before answers were counted node by node" in told(town.lan)


async def test_numbers_follow_answers_and_not_who_moves(town: Town) -> None:
    """An answer that changes moves; who left since still counts where he was called; who is forgotten counts nowhere."""
    nodes = await called(town)
    await town.ming.presses("Not now")
    await town.hua.presses_data(f"groups.leave:{nodes['Team A'].id}")
    await town.dong.presses_data(f"calls.node:1:{nodes['North'].id}")
    assert {"1 / 2 / 0 · Team A", "0 / 1 / 0 · Team B"} <= set(town.dong.screen.labels)
    assert await town.does(calls.invariants) == []
    await town.hua.says("/forget")
    await town.hua.presses("Yes, forget me")
    await town.settle()
    await town.dong.presses_data(f"calls.node:1:{nodes['North'].id}")
    assert "0 / 2 / 0 · Team A" in town.dong.screen.labels
    await goes_out(town, 2)
    assert await town.does(broken_promises) == []


async def lists(town: Town, *nodes: int | str) -> dict[int | str, list[list[str]]]:
    """Who comes, does not and has not answered in these nodes, as Dong reads it; each is as long as its number says."""
    found: dict[int | str, list[list[str]]] = {}
    for node in nodes:
        for place in range(3):
            await town.dong.presses_data(f"calls.nodenames:1:{node}:0:{place}")
            title, *lines = town.dong.screen.text.splitlines()
            assert title.endswith(f" {len(lines)}"), town.dong.screen.text
            found.setdefault(node, []).append([line.removeprefix("• ") for line in lines])
    return found


async def test_a_group_that_is_hung_elsewhere_counts_where_it_was(town: Town) -> None:
    """By the tree as it was when the call went out: whoever answers or leaves later, no number is other than its list."""
    nodes = await called(town)
    south = await registered(town, "South", "branch", nodes["Youth"])
    await hung(town, nodes["Team A"], south)
    await hung(town, nodes["Dance"], nodes["North"])
    await town.ming.presses("Not now")
    await town.hua.says("/forget")
    await town.hua.presses("Yes, forget me")
    await town.lan.presses("🙋 I'm in")
    ids = [nodes[name].id for name in ("Youth", "North", "Team A")]
    found = await lists(town, *ids, south.id, "interests", "county")
    assert found[ids[0]] == found[ids[1]] == [["Lan"], ["Ming", "Fei"], []]
    assert found[ids[2]] == [[], ["Ming", "Fei"], []]
    assert found[south.id] == found["interests"] == [[], [], []]
    assert await town.does(broken_promises) == []


@pytest.mark.parametrize("stays", ["Hua", "Xin"])
async def test_two_records_that_become_one_were_called_once(town: Town, stays: str) -> None:
    """Wherever one of them was, with one answer, whether both were called or one; who has not answered yet still can."""
    nodes = await called(town)
    stay = await town.newcomer("Xin") if stays == "Xin" else town.hua
    await merged(town, town.ming, stay)
    await town.passes(minutes=2)
    ids = [nodes[name].id for name in ("Youth", "North", "Team A", "Team B")]
    found = await lists(town, *ids, "interests", "none", "county")
    assert sorted(found[ids[1]][0]) == sorted(found[ids[0]][0]) == sorted({stays, "Hua"})
    assert found[ids[3]] == [[stays], [], []] and found["interests"][0] == ["Hua"]
    await stay.presses_data("calls.notnow:1")
    found = await lists(town, *ids)
    assert stays in found[ids[3]][1] and stays in found[ids[2]][1]
    assert await town.does(broken_promises) == []
