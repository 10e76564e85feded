"""Attacks by people who are in already: a member with a leader's buttons, a leader in another's group, two admins at war."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.domain import groups, people
from bot.domain.people import Role
from bot.sandbox.people import Persona
from bot.storage import Deed, Transaction
from tests.founding import founded
from tests.publishing import together
from tests.town import Town

STRANGER = "Outsider"


def told(persona: Persona) -> str:
    """Everything that somebody sees: what was said, words at presses, and the newest screen with its buttons."""
    screen = [persona.screen.text, *persona.screen.labels]
    return "\n".join([*persona.heard, *(toast.text for toast in persona.toasts), *screen])


async def set_aside(town: Town) -> int:
    return int(await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE state = 'broken'")))


# Whose names one may learn


@pytest.mark.parametrize(
    "data",
    [
        "admin.give:leader:{person}:{group}",
        "admin.given:leader:{person}:{group}",
        "admin.take:{person}:{group}",
        "admin.taken:{person}:{group}",
        "groups.person:{group}:{person}",
        "groups.removal:{group}:{person}",
        "groups.remove:{group}:{person}:rules",
        "groups.appoint:{group}:{person}",
        "groups.dismiss:{group}:{person}",
        "points.page:{person}:0",
        "points.why:{person}",
        "admin.person:{person}",
        "admin.about:{person}",
    ],
)
async def test_a_leader_learns_no_strangers_name(town: Town, data: str) -> None:
    """By no button with a number in it does a leader read the name of somebody who is not in his group."""
    group = await founded(town, leader=town.lan)
    outsider = await town.person(await town.newcomer(STRANGER))
    await town.lan.says("/me")
    town.lan.forget()
    await town.lan.presses_data(data.format(person=outsider.id, group=group.id))
    assert STRANGER not in told(town.lan)
    assert [each.nickname for each in await town.does(lambda tx: groups.leaders_of(tx, group.id))] == ["Lan"]


@pytest.mark.parametrize("words", [STRANGER, "utsid", "#{person}"])
async def test_a_leader_looks_only_among_his_own(town: Town, words: str) -> None:
    """/grant leader with a name, part of one, or a number finds nobody outside the group; nor does the search."""
    await founded(town, "Dance", leader=town.lan)
    outsider = await town.person(await town.newcomer(STRANGER))
    await town.lan.says(f"/grant leader Dance {words.format(person=outsider.id)}")
    said = town.lan.screen
    assert "Nobody in Dance is called" in said.text
    assert not [label for label in said.labels if STRANGER in label]
    await town.lan.presses_data("admin.search:leader:1")
    await town.lan.says(words.format(person=outsider.id))
    assert "Nobody in Dance is called" in told(town.lan)
    assert not [label for label in town.lan.screen.labels if STRANGER in label]


@pytest.mark.parametrize("name", ["Dong", "Shen"])
async def test_a_search_that_was_begun_with_a_role_ends_with_it(town: Town, name: str) -> None:
    """Whoever lost his role in the middle of a search finds nobody any more."""
    persona = town[name]
    await town.newcomer(STRANGER)
    await persona.says("/admin")
    await persona.presses_data("admin.search" if name == "Shen" else "admin.search:admin")
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'member' WHERE telegram_id = :id", id=persona.id))
    persona.forget()
    await persona.says(STRANGER)
    assert "#" not in told(persona)


# Two at once


async def admins(tx: Transaction) -> list[str]:
    return [person.nickname for person in await people.with_role(tx, Role.ADMIN)]


@pytest.fixture
async def two_admins(town: Town) -> Town:
    """Dong and Hua are county admins, and see a screen of the bot."""
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'admin' WHERE telegram_id = :id", id=town.hua.id))
    await town.dong.says("/admin")
    await town.hua.says("/admin")
    return town


@pytest.mark.parametrize("turn", range(3))
async def test_two_admins_who_take_each_others_role(two_admins: Town, turn: int) -> None:
    """In the same moment: one of them stays, and the other hears that he is no admin any more."""
    dong, hua = await two_admins.person(two_admins.dong), await two_admins.person(two_admins.hua)
    async with together(two_admins):
        await two_admins.dong.presses_data(f"admin.taken:{hua.id}:0")
        await two_admins.hua.presses_data(f"admin.taken:{dong.id}:0")
    assert len(await two_admins.does(admins)) == 1


@pytest.mark.parametrize("turn", range(3))
async def test_two_admins_who_leave_at_once(two_admins: Town, turn: int) -> None:
    """The county keeps one of them: the last admin can't leave."""
    async with together(two_admins):
        for persona in (two_admins.dong, two_admins.hua):
            await persona.presses_data(f"privacy.forgotten:{int(two_admins.clock.instant)}")
    assert len(await two_admins.does(admins)) == 1


@pytest.mark.parametrize("turn", range(3))
async def test_two_codes_at_once(town: Town, turn: int) -> None:
    """Printed twice and sent in the same moment by two people, they make one first admin."""
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'member'"))
    codes = [await town.does(people.make_claim_code) for _ in range(2)]
    async with together(town):
        for persona, code in zip((town.ming, town.hua), codes, strict=True):
            await persona.says(f"/claim {code}")
    assert len(await town.does(admins)) == 1


@pytest.mark.parametrize(
    "data", ["admin.given:admin:{person}:0", "groups.appoint:{group}:{person}", "council.add:{person}"]
)
@pytest.mark.parametrize("turn", range(3))
async def test_a_role_for_somebody_who_leaves_at_once(town: Town, turn: int, data: str) -> None:
    """Nobody who was forgotten holds a role; an admin without a face could be the last one of the county."""
    group = await founded(town, leader=town.lan)
    ming = await town.person(town.ming)
    await town.ming.says("/mydata")
    await town.dong.says("/admin")
    async with together(town):
        await town.ming.presses_data(f"privacy.forgotten:{int(town.clock.instant)}")
        await town.dong.presses_data(data.format(person=ming.id, group=group.id))
    assert (await town.does(lambda tx: people.by_id(tx, ming.id))).forgotten_at is not None
    assert await town.does(lambda tx: tx.value(HOLDING, id=ming.id)) == 0


HOLDING = """
    SELECT (SELECT COUNT(*) FROM people WHERE id = :id AND role <> 'member')
        + (SELECT COUNT(*) FROM leaders WHERE person_id = :id)
        + (SELECT COUNT(*) FROM council_members WHERE person_id = :id)
"""


async def test_a_long_list_of_words_costs_no_more_than_a_short_one(town: Town) -> None:
    """/grant leader with two thousand words asks the database as often as with twenty."""
    await founded(town, "Dance", leader=town.lan)
    asked = []
    for number in (20, 2000):
        with statements(town) as counted:
            await town.ming.says("/grant leader " + "a " * number)
        asked.append(len(counted))
    assert asked[0] == asked[1]


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """What every deed asks the database for, while this is open."""
    asked: list[str] = []
    transact = town.storage.transact

    async def counting(deed: Deed[Any]) -> Any:
        async def counted(tx: Transaction) -> Any:
            for name in ("all", "run"):
                setattr(tx, name, noting(getattr(tx, name)))
            return await deed(tx)

        return await transact(counted)

    def noting(call: Any) -> Any:
        async def noted(sql: str, **values: Any) -> Any:
            asked.append(sql)
            return await call(sql, **values)

        return noted

    town.storage.transact = counting  # type: ignore[method-assign]
    yield asked
    town.storage.transact = transact  # type: ignore[method-assign]


async def test_an_export_pressed_fifty_times_is_made_once(town: Town) -> None:
    """The other presses are told that it is there; others are answered all the while, and later it is made again."""
    await town.dong.says("/export")
    screen = town.dong.chat.messages[town.dong.screen.message_id]
    async with together(town):
        for _ in range(50):
            await town.dong.presses_data("admin.made:xlsx:all", screen)
        await town.ming.says("/me")
    assert len(town.dong.files) == 1
    assert town.dong.unanswered == []
    await town.dong.presses_data("admin.made:csv:all", screen)
    assert len(town.dong.files) == 2, "the other form is another file"
    assert sum("This file was made a moment ago" in toast.text for toast in town.dong.toasts) == 49
    assert "Ming · number 1" in town.ming.screen.text
    await town.passes(seconds=11)
    town.dong.forget()
    await town.dong.presses_data("admin.made:xlsx:all", screen)
    await town.dong.presses_data("admin.made:csv:people", screen)
    assert len(town.dong.files) == 2
