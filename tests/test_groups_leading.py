"""What leaders and admins do with interest groups, and that nobody else can."""

import pytest

from bot.domain import groups
from bot.domain.groups import Group
from bot.sandbox.people import Persona
from tests.audited import newest_rows
from tests.founding import crowd, founded, insiders, is_exact, now, queue
from tests.town import Town


async def noted(town: Town) -> list[str]:
    """The deeds in the audit log, the newest first."""
    return [entry.deed for entry in await town.does(lambda tx: newest_rows(tx, 50))]


async def rows_of_groups(town: Town) -> list[dict[str, object]]:
    """All rows that a forged press could change."""
    found = []
    for table in ("groups", "memberships", "leaders"):
        rows = await town.does(lambda tx, t=table: tx.all(f"SELECT * FROM {t} ORDER BY 1, 2"))  # type: ignore[misc]
        found += [dict(row) for row in rows]
    return found


async def test_an_admin_makes_a_group_by_a_form(town: Town) -> None:
    """Name, description and capacity are asked, shown, and count once confirmed; the next step is offered."""
    await town.dong.says("/newgroup")
    await town.dong.says("Dance")
    await town.dong.says("Fridays at the square")
    await town.dong.says("30")
    assert "Capacity: 30" in town.dong.screen.text
    await town.dong.presses("Make the group")
    assert "Next: who leads it?" in town.dong.screen.text
    await town.ming.says("/groups")
    assert "Dance · 0/30" in town.ming.screen.labels
    assert "group.made" in await noted(town)


async def test_the_name_may_stand_behind_the_command(town: Town) -> None:
    """/newgroup NAME asks only for the rest; no limit is a button."""
    await town.dong.says("/newgroup 舞蹈团")
    await town.dong.says("Fridays")
    await town.dong.presses("no limit")
    await town.dong.presses("Make the group")
    await town.ming.says("/groups")
    assert "舞蹈团 · 0" in town.ming.screen.labels


async def test_only_admins_make_groups(town: Town) -> None:
    """Members, leaders and auditors are told who can."""
    for persona in (town.ming, town.shen):
        await persona.says("/newgroup Dance")
        assert "Only county admins can do this" in persona.screen.text


async def test_a_name_is_taken_in_any_spelling(town: Town) -> None:
    """A second group of the same name is refused and leads to the first; the form stays open for another name."""
    await founded(town, "Dance")
    await town.dong.says("/newgroup DANCE")
    await town.dong.says("about")
    await town.dong.says("0")
    await town.dong.presses("Make the group")
    assert "There is a group called Dance already" in town.dong.screen.text
    assert "Open that group" in town.dong.screen.labels
    count = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM groups"))
    assert count == 1


@pytest.mark.parametrize(
    ("typed", "complaint"), [("x" * 41, "41 characters, 40 are possible"), ("\u200b", "at least one")]
)
async def test_a_name_that_cannot_be_shown_is_refused(town: Town, typed: str, complaint: str) -> None:
    """Too long, or nothing that can be seen: the question stays open."""
    await town.dong.says("/newgroup")
    await town.dong.says(typed)
    assert complaint in town.dong.screen.text


async def test_a_leader_changes_words_and_size(town: Town) -> None:
    """The description and the capacity are changed by a form each."""
    group = await founded(town, leader=town.lan)
    await town.lan.says("/groups")
    await town.lan.presses("Dance · 0")
    await town.lan.presses("Lead the group")
    await town.lan.presses("Description")
    await town.lan.says("Now on <Mondays>")
    await town.lan.presses("Save")
    await town.lan.presses("Capacity")
    await town.lan.says("12")
    await town.lan.presses("Save")
    changed = await now(town, group)
    assert (changed.about, changed.capacity) == ("Now on <Mondays>", 12)
    assert (await noted(town))[:2] == ["group.capacity.set", "group.described"]


async def test_more_places_let_the_queue_in(town: Town) -> None:
    """The capacity rises by two: the first two of the queue are in and told."""
    group = await founded(town, capacity=1, leader=town.lan)
    for persona in (town.ming, town.hua, town.shen):
        await persona.says("/join Dance")
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.capacity:{group.id}")
    await town.lan.says("3")
    await town.lan.presses("Save")
    assert "2 came in from the queue" in town.lan.screen.text
    assert "you are a member of Dance now" in town.shen.screen.text
    assert await insiders(town, group) == ["Ming", "Hua", "Shen"]
    assert await is_exact(town, group)


async def test_fewer_places_than_members_are_refused(town: Town) -> None:
    """The capacity can't fall below those who are in; the refusal names both numbers."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.capacity:{group.id}")
    await town.lan.says("1")
    await town.lan.presses("Save")
    assert "Dance has 2 members, so its capacity can't be 1" in town.lan.screen.text
    assert (await now(town, group)).capacity is None


async def test_the_roll_has_pages(town: Town) -> None:
    """Six a page, with a button for each page and each person."""
    group = await founded(town, leader=town.lan)
    for person in await crowd(town, 14):
        await town.does(lambda tx, p=person: groups.join(tx, group.id, by=p))  # type: ignore[misc]
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.lead:{group.id}")
    await town.lan.presses("Roll")
    await town.lan.presses("3")
    assert "14 in all, page 3 of 3" in town.lan.screen.text
    assert town.lan.screen.labels[:2] == ["P1012 ›", "P1013 ›"]


async def test_an_auditor_reads_the_roll_and_changes_nothing(town: Town) -> None:
    """The auditor sees who is in, without a button that acts, and a forged one is refused."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.shen.says("/groups")
    await town.shen.presses("Dance · 1")
    await town.shen.presses("Roll")
    assert "1. Ming" in town.shen.screen.text
    assert "Ming ›" not in town.shen.screen.labels
    ming = await town.person(town.ming)
    await town.shen.presses_data(f"groups.remove:{group.id}:{ming.id}:rules")
    assert await insiders(town, group) == ["Ming"]


async def test_removing_asks_tells_why_and_moves_the_queue(town: Town) -> None:
    """The reason is the confirmation; the person hears it, the next in the queue gets in."""
    group = await founded(town, capacity=1, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.roll:{group.id}")
    await town.lan.presses("Ming ›")
    await town.lan.presses("Remove")
    assert await insiders(town, group) == ["Ming"]
    await town.lan.presses("has not taken part for a long time")
    assert "You were removed from Dance. Reason: has not taken part for a long time." in town.ming.screen.text
    assert await insiders(town, group) == ["Hua"]
    assert "group.member.removed" in await noted(town)


async def test_a_removal_is_undone_within_a_minute(town: Town) -> None:
    """Undo brings the person back with the old date, and tells so."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    ming = await town.person(town.ming)
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.remove:{group.id}:{ming.id}:other")
    await town.lan.presses("Undo")
    assert await insiders(town, group) == ["Ming"]
    assert "The removal was taken back" in town.ming.screen.text
    assert await is_exact(town, group)


async def test_a_removed_person_cannot_undo_it(town: Town) -> None:
    """The Undo of leaving does not bring back who was removed."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    ming = await town.person(town.ming)
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.remove:{group.id}:{ming.id}:other")
    await town.ming.presses_data("groups.unleave:1")
    assert await insiders(town, group) == []


LEADERS_BUTTONS = [
    "groups.lead:{group}",
    "groups.roll:{group}",
    "groups.queue:{group}",
    "groups.person:{group}:{person}",
    "groups.removal:{group}:{person}",
    "groups.remove:{group}:{person}:rules",
    "groups.restore:1",
    "groups.appoint:{group}:{person}",
    "groups.appoint:{group}:{me}",
    "groups.dismiss:{group}:{leader}",
    "groups.about:{group}",
    "groups.capacity:{group}",
    "groups.unbind:{group}",
    "groups.bind:{group}",
    "groups.new",
    "groups.closing:{group}",
    "groups.close:{group}:1",
    "groups.reopen:{group}",
]


@pytest.mark.parametrize("data", LEADERS_BUTTONS)
async def test_a_members_press_on_a_leaders_button_changes_nothing(town: Town, data: str) -> None:
    """Callback data is only a hint: whoever forges a leader's press, and leads another group, is refused."""
    group = await founded(town, leader=town.lan)
    await founded(town, "Chess", leader=town.hua)
    await town.ming.says("/join Dance")
    await town.hua.says("/groups")
    before = await rows_of_groups(town)
    town.hua.forget()
    ming, lan, hua = [await town.person(persona) for persona in (town.ming, town.lan, town.hua)]
    await town.hua.presses_data(data.format(group=group.id, person=ming.id, leader=lan.id, me=hua.id))
    said = [toast.text for toast in town.hua.toasts] + town.hua.heard
    assert any("Only" in text or "undone" in text for text in said)
    assert await rows_of_groups(town) == before
    assert town.hua.unanswered == []


async def test_a_leader_learns_nothing_of_people_outside(town: Town) -> None:
    """A forged number of somebody who is not in the group shows no name."""
    group = await founded(town, leader=town.lan)
    ming = await town.person(town.ming)
    await town.lan.says("/groups")
    town.lan.forget()
    await town.lan.presses_data(f"groups.person:{group.id}:{ming.id}")
    await town.lan.presses_data(f"groups.appoint:{group.id}:{ming.id}")
    said = " ".join([toast.text for toast in town.lan.toasts] + town.lan.heard)
    assert "This person is not in Dance" in said
    assert "Ming" not in said


async def test_a_leader_appoints_another(town: Town) -> None:
    """From the roll, with one tap; the new leader is told and can lead."""
    group = await founded(town, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.lan.says("/groups")
    await town.lan.presses_data(f"groups.roll:{group.id}")
    await town.lan.presses("Ming ›")
    await town.lan.presses("Make leader")
    assert "You lead Dance from now on" in town.ming.screen.text
    await town.ming.presses("Lead the group")
    assert "Roll" in town.ming.screen.labels
    assert (await noted(town))[0] == "group.leader.given"


async def closed(town: Town, group: Group, admin: Persona) -> None:
    await admin.says("/groups")
    await admin.presses_data(f"groups.lead:{group.id}")
    await admin.presses("Close the group")
    await admin.presses("Close it")


async def test_closing_shows_exact_numbers_and_tells_everybody(town: Town) -> None:
    """Members and waiting people are counted in the question; a minute later they are told, once, and let go."""
    group = await founded(town, capacity=1, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    town.ming.forget()
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    assert "members: 1, waiting: 1, leaders: 1" in town.dong.screen.text
    await town.dong.presses("Close it")
    assert town.ming.heard == []
    await town.passes(minutes=2)
    for persona in (town.ming, town.hua, town.lan):
        assert "Dance was closed by the county" in persona.screen.text
    assert len(town.ming.heard) == 1
    assert await insiders(town, group) == []
    assert "group.closed" in await noted(town)


async def test_closing_is_undone_before_anybody_was_told(town: Town) -> None:
    """Within 60 seconds the group is back with all its people, who never heard of it."""
    group = await founded(town, capacity=1, leader=town.lan)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    town.ming.forget()
    await closed(town, group, town.dong)
    await town.dong.presses("Undo")
    await town.passes(minutes=5)
    assert town.ming.heard == []
    assert (await insiders(town, group), await queue(town, group)) == (["Ming"], ["Hua"])
    assert (await now(town, group)).is_open


async def test_numbers_that_changed_meanwhile_are_shown_again(town: Town) -> None:
    """Somebody joined between the question and the tap: nothing is closed, and the admin looks again."""
    group = await founded(town)
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    await town.ming.says("/join Dance")
    await town.dong.presses("Close it")
    assert "has changed meanwhile" in town.dong.screen.text
    assert (await now(town, group)).is_open


async def test_a_closed_group_takes_nobody_and_frees_its_name(town: Town) -> None:
    """Joining is refused, the list does not show it, and another group may have the name."""
    group = await founded(town)
    await closed(town, group, town.dong)
    await town.ming.says("/groups")
    assert "no interest groups yet" in town.ming.screen.text
    await town.ming.presses_data(f"groups.join:{group.id}")
    assert "Dance was closed" in town.ming.screen.text
    assert (await founded(town)).id != group.id


async def test_what_groups_know_of_a_person(town: Town) -> None:
    """For /mydata: memberships past and present, and what one leads."""
    group = await founded(town, leader=town.lan)
    await town.lan.says("/join Dance")
    lan = await town.person(town.lan)
    known = await town.does(lambda tx: groups.known_of(tx, lan))
    assert [row["state"] for row in known["memberships"]] == ["in"]
    assert [row["group_id"] for row in known["groups led"]] == [group.id]


async def test_being_forgotten_frees_the_place(town: Town) -> None:
    """Places go to the next in the queue, leads are laid down even as the last one, and admins hear of it."""
    group = await founded(town, capacity=1, leader=town.lan)
    await town.lan.says("/join Dance")
    await town.ming.says("/join Dance")
    lan = await town.person(town.lan)
    await town.does(lambda tx: groups.forget(tx, lan))
    await town.settle()
    assert await insiders(town, group) == ["Ming"]
    assert "you are a member of Dance now" in town.ming.screen.text
    assert "Dance has no leader any more" in town.dong.screen.text
    known = await town.does(lambda tx: groups.known_of(tx, lan))
    assert not any(known.values())
    assert await is_exact(town, group)


async def test_an_empty_queue_is_no_empty_group(town: Town) -> None:
    """Nobody waits: there is nobody to be brought in for that."""
    group = await founded(town, "Dance", leader=town.lan)
    await town.lan.presses_data(f"groups.queue:{group.id}")
    assert "nobody is waiting" in town.lan.screen.text
    assert "Share" not in town.lan.screen.labels
