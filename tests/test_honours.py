"""Honours: nominated by others, borne out by the record, looked at, public, awarded."""

import asyncio
from typing import Any

import pytest

from bot.cards import Card
from bot.config import House
from bot.domain import groups, honours, people
from bot.domain.honours import Honour
from bot.domain.people import Role
from bot.due import Due
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.databases import Databases
from tests.founding import founded
from tests.publishing import all_read, fills_in
from tests.test_hours import credited
from tests.town import Town, TownClock, built

DAY = 24 * 3600


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def offered(town: Town, *, minutes: int = 0) -> Honour:
    dong = await town.person(town.dong)

    async def deed(tx: Transaction) -> Honour:
        return await honours.offer(tx, "Good neighbour", "For those who help", minutes, 0, tx.now + 9 * DAY, by=dong)

    return await town.does(deed)


async def nominated(town: Town) -> int:
    """Ming is nominated by Lan; the nomination's number."""
    honour = await offered(town)
    ming, lan = await town.person(town.ming), await town.person(town.lan)
    found = await town.does(lambda tx: honours.nominate(tx, honour.id, ming.id, "Carried water", by=lan))
    await town.settle()
    all_read(town)
    return found.id


async def test_from_the_offer_to_the_profile(town: Town) -> None:
    """An admin opens it, a member nominates, another admin makes it public, and after the days it is on the profile."""
    await credited(town, town.ming, 300)
    await town.dong.says("/honours")
    await town.dong.presses("New honour")
    await fills_in(town.dong, "Good neighbour", "For those who help", "5", "!0", "!7 days", "!Let people nominate")
    await town.lan.says("/honours")
    await town.lan.presses("🏅 Good neighbour")
    assert "5 h of service" in town.lan.screen.text
    group, ming = await founded(town, leader=town.lan), await town.person(town.ming)
    await town.does(lambda tx: groups.join(tx, group.id, by=ming))
    hua, lan = await town.person(town.hua), await town.person(town.lan)
    await town.does(lambda tx: groups.join(tx, group.id, by=hua))
    for many, newest in ((1, [hua.id]), (2, [hua.id, ming.id])):
        found = await town.does(lambda tx, many=many: groups.newest_of(tx, lan, many))  # type: ignore[misc]
        assert [each.id for each in found] == newest
    all_read(town)
    await town.lan.says("/honours")
    await town.lan.presses("🏅 Good neighbour")
    await town.lan.presses("Nominate somebody")
    await fills_in(town.lan, f"!Ming #{ming.id}", "!Go on", "Carried water for a week", "!Nominate")
    assert "Lan has nominated you for “Good neighbour”" in town.ming.screen.text
    await town.dong.presses("Open")
    await town.dong.presses("It fits: make it public")
    assert "Public until" in town.dong.screen.text
    await town.hua.says("/honours")
    await town.hua.presses("Public now")
    assert "Ming: Good neighbour" in town.hua.screen.labels
    await town.days_pass(9)
    assert "“Good neighbour” is awarded to Ming" in town.ming.screen.text
    await town.ming.says("/me")
    assert "🏅 Good neighbour" in town.ming.screen.text
    assert await town.does(honours.invariants) == []


async def test_whoever_leads_nothing_taps_somebody_of_his_groups(town: Town) -> None:
    """No name is typed: the honour, my group, its people in pages. Nobody else's group opens."""
    group, other = await founded(town, leader=town.lan), await founded(town, "Choir")
    for persona in (town.ming, town.hua):
        person = await town.person(persona)
        await town.does(lambda tx, person=person: groups.join(tx, group.id, by=person))  # type: ignore[misc]
    honour = await offered(town)
    await town.hua.says("/honours")
    for label in ("🏅 Good neighbour", "Somebody of my groups ›", group.name, "Ming ›"):
        await town.hua.presses(label)
    await fills_in(town.hua, "Carried water for a week", "!Nominate")
    assert "Hua has nominated you for “Good neighbour”" in town.ming.screen.text
    await town.hua.presses_data(f"honours.fellows:{honour.id}:{other.id}")
    assert "Only those who are in Choir see who else is" in told(town.hua)


async def test_the_record_has_to_bear_it_out(town: Town) -> None:
    """Two hours are not five: the refusal names both numbers, before anybody has to write a reason."""
    await credited(town, town.ming, 120)
    honour = await offered(town, minutes=300)
    await town.lan.presses_data(f"honours.nominate:{honour.id}")
    await fills_in(town.lan, "Ming", "!Go on")
    assert "it takes 5 h of service, there are 2 h" in told(town.lan)


async def test_a_refusal_says_why(town: Town) -> None:
    """Both read the reason of whoever looked at it."""
    number = await nominated(town)
    await town.dong.presses_data(f"honours.one:{number}")
    await fills_in(town.dong, "!Refuse it", "Not this year", "!Refuse it")
    for persona in (town.ming, town.lan):
        assert "for Ming was not taken up: Not this year" in persona.screen.text


async def test_nobody_nominates_himself_or_twice(town: Town) -> None:
    """Others do, and once is enough."""
    number = await nominated(town)
    await town.ming.presses_data("honours.nominate:1")
    await fills_in(town.ming, "Ming", "!Go on")
    assert "Nobody nominates himself" in told(town.ming)
    await town.hua.presses_data("honours.nominate:1")
    await fills_in(town.hua, "Ming", "!Go on", "Kind", "!Nominate")
    assert "has been nominated for it already" in told(town.hua)
    await town.hua.presses_data(f"honours.one:{number}")
    assert "There is no such nomination" in told(town.hua)


async def test_an_objection_is_answered_before_it_is_awarded(town: Town) -> None:
    """While it waits nothing is awarded; one that is right ends it, and the objector's name stays with the admins."""
    number = await nominated(town)
    await town.dong.presses_data(f"honours.fits:{number}")
    await town.hua.presses_data(f"honours.object:{number}")
    await fills_in(town.hua, "It was somebody else", "!Object")
    assert "You have objected." in town.hua.screen.text and "Object" not in town.hua.screen.labels
    all_read(town)
    await town.days_pass(10)
    asked = [text for text in town.dong.heard if "an objection has no answer yet" in text]
    assert len(asked) == 2, "when the days are over, and again three days later"
    await town.ming.presses_data(f"honours.one:{number}")
    assert "Hua" not in town.ming.screen.text
    assert "❗ Somebody objects" in town.ming.screen.text
    await town.dong.says("/admin")
    await fills_in(town.dong, "!Objections to honours · 1", "!Ming: Good neighbour")
    await town.dong.presses("Hua is right")
    assert "it was right" in town.hua.screen.text
    assert "is not awarded" in told(town.ming)
    assert await town.does(honours.invariants) == []


async def test_an_objection_that_is_not_right_only_delays_it(town: Town) -> None:
    """The days have passed meanwhile: it is awarded with the answer."""
    number = await nominated(town)
    await town.dong.presses_data(f"honours.fits:{number}")
    await town.hua.presses_data(f"honours.object:{number}")
    await fills_in(town.hua, "It was somebody else", "!Object")
    await town.days_pass(10)
    hua = await town.person(town.hua)
    await town.dong.presses_data(f"honours.answer:{number}:{hua.id}:0")
    await town.passes(minutes=1)
    assert "is awarded to Ming" in town.ming.screen.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_whoever_has_a_hand_in_it_does_not_judge(town: Town) -> None:
    """An admin who is nominated or has nominated, and members with forged buttons."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    honour = await offered(town)
    person, dong = await town.person(second), await town.person(town.dong)
    found = await town.does(lambda tx: honours.nominate(tx, honour.id, person.id, "Kind", by=dong))
    for persona in (second, town.dong):
        await persona.presses_data(f"honours.fits:{found.id}")
        assert "another admin has to look at it" in told(persona)
    await town.lan.presses_data(f"honours.fits:{found.id}")
    assert "Only county admins" in told(town.lan)
    await town.dong.presses_data(f"honours.one:{found.id}")
    assert "another county admin looks at it" in town.dong.screen.text
    await second.presses_data(f"honours.decline:{found.id}")
    await second.presses("Yes, decline")
    assert "Declined" in second.screen.text


async def test_an_objection_in_the_last_moment_still_counts(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, where both go on at once: what is objected to as the notice ends waits for the answer."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        number, dong, hua = await nominated(town), await town.person(town.dong), await town.person(town.hua)
        await town.does(lambda tx: honours.review(tx, number, fits=True, by=dong, rules=town.settings.hours))
        item, house = Due(1, honours.ENDING, f"nomination:{number}", 0, None, 0), House(town.settings)
        ending: list[asyncio.Task[None]] = []

        async def while_the_notice_ends(tx: Transaction, screen: Card, **more: Any) -> None:
            if not ending:
                ending.append(asyncio.create_task(town.does(lambda other: honours.end_notice(other, item, house))))
                await asyncio.wait(ending, timeout=0.1)

        monkeypatch.setattr(people, "tell_admins", while_the_notice_ends)
        await town.does(lambda tx: honours.object_to(tx, number, "It was somebody else", by=hua))
        await asyncio.gather(*ending)
        assert await town.does(honours.invariants) == []
