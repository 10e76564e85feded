"""A guardian's word: how it ends, what it is good for, and what a guardian is told."""

import asyncio

import pytest

from bot.domain import activities, groups, minors, people, privacy
from bot.domain.activities import RoleDraft, Terms
from bot.domain.people import Age, Person
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests import repeating
from tests.founding import founded
from tests.publishing import all_read, fills_in, join, names, published
from tests.test_minors import child_of_ming, told
from tests.town import Town


async def test_a_guardian_who_leaves_ends_the_consent(town: Town) -> None:
    """The child is out of what was ahead and is told, leaders of what is near, too; whoever has another stays in."""
    child, fei = await child_of_ming(town), await town.newcomer("Fei")
    ming, other, lan = await town.person(town.ming), await town.person(fei), await town.person(town.lan)
    activity = await published(town, await founded(town, leader=town.lan), starts_in=300)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")

    async def deed(tx: Transaction) -> None:
        await people.set_age(tx, other, Age.YOUTH)
        for guardian in (ming, lan):
            await minors.consent(tx, await minors.make_token(tx, other), by=guardian)

    await town.does(deed)
    await join(town, activity, child, other)
    await town.does(lambda tx: privacy.forget(tx, ming))
    await town.settle()
    assert "the consent has ended: you are withdrawn from what was ahead" in told(town["Hua"])
    assert "the consent has ended" not in told(fei)
    assert await names(town, activity, "in") == ["Fei"]
    assert "Hua is out of “River bank”" in told(town.lan)
    await town.does(lambda tx: privacy.forget(tx, other))
    await town.settle()
    assert "Somebody who leaves for good was signed up for “River bank”" in told(town.lan)


# On the other database one thing is done after the other.
@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_consent_is_taken_back_in_the_moment_of_a_sign_up(town: Town) -> None:
    """Whichever is first: the child is not in."""
    child = await child_of_ming(town)
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await town.ming.presses_data(f"minors.child:{child.id}")
    done, go_on = asyncio.Event(), asyncio.Event()

    async def signing_up(tx: Transaction) -> None:
        await activities.sign_up(tx, activity.id, by=child, rules=town.settings)
        done.set()
        await go_on.wait()

    first = asyncio.create_task(town.does(signing_up))
    await done.wait()
    second = asyncio.create_task(town.ming.presses_data(f"minors.withdraw:{child.id}"))
    await asyncio.wait([second], timeout=0.3)
    go_on.set()
    await asyncio.gather(first, second)
    assert "Taken back; Hua is told." in town.ming.toasts[-1].text
    assert await names(town, activity, "in") == []


async def test_an_offer_needs_the_consent_that_a_sign_up_needs(town: Town) -> None:
    """Whose guardian has left meanwhile can't take the place that was kept; it goes on to others."""
    await child_of_ming(town)
    hua, ming = town["Hua"], await town.person(town.ming)
    activity = await published(town, await founded(town, leader=town.lan), places=1)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, town.shen, hua)
    await town.does(lambda tx: minors.forget(tx, ming))
    await town.shen.presses_data(f"activities.leave:{activity.id}")
    await town.passes(seconds=62)
    await hua.presses("I take it")
    assert "a parent or guardian has to agree first" in told(hua)
    await hua.presses_data(f"activities.decline:{activity.id}")
    assert await names(town, activity, "in") == []


async def test_a_guardian_signs_a_child_up(town: Town) -> None:
    """From the child's screen, for what somebody is there for; nobody else's child can be signed up by a forged button."""
    child = await child_of_ming(town)
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await town.ming.presses_data(f"minors.find:{child.id}")
    assert "Nothing is ahead just now" in town.ming.screen.text
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await town.ming.presses_data(f"minors.child:{child.id}")
    await town.ming.presses("Sign Hua up")
    await town.ming.presses(town.ming.screen.labels[0])
    assert await names(town, activity, "in") == ["Hua"]
    assert "Ming has signed you up for “River bank”" in town["Hua"].heard[-1]
    stranger = await town.newcomer("Fei")
    await stranger.presses_data(f"minors.enrol:{activity.id}:{child.id}")
    assert "You are not this person's guardian" in told(stranger)


async def test_a_guardian_says_as_what_a_child_comes(town: Town) -> None:
    """Where places are by role he is asked, and the child has the place; a no never leads to a place of his own."""
    child = await child_of_ming(town)
    roles = (RoleDraft("helper", 2), RoleDraft("driver", 1))
    activity = await published(town, await founded(town, leader=town.lan), places=None, terms=Terms(roles=roles))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await town.ming.presses_data(f"minors.enrol:{activity.id}:{child.id}")
    await town.ming.presses("helper (2 free)")
    assert await names(town, activity, "in") == ["Hua"]
    await town.ming.presses_data(f"minors.enrol:{activity.id}:{child.id}:1")
    assert "Hua: You are signed up already" in told(town.ming)
    assert town.ming.screen.labels[0] == "What Hua does" and "Withdraw" not in town.ming.screen.labels
    assert await names(town, activity, "in") == ["Hua"]


async def test_a_guardian_hears_of_another_time_and_of_a_call_off(town: Town) -> None:
    """In the moment in which the child does, and once."""
    child = await child_of_ming(town)
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child, town.shen)
    all_read(town)
    await town.lan.presses_data(f"activities.edit:{activity.id}:when")
    await fills_in(town.lan, "tomorrow 15:00 to 16:30", "!Change it")
    await town.passes(seconds=1)
    assert len(town.ming.heard) == 1
    assert "👪 Hua is signed up for this:" in town.ming.heard[-1] and "Sun 22 Nov, 15:00–16:30" in town.ming.heard[-1]
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Rain", by=lan))
    await town.passes(seconds=61)
    assert len(town.ming.heard) == 2 and "❌ Cancelled: Rain" in town.ming.heard[-1]


async def test_a_guardian_hears_of_another_place_of_a_series(town: Town) -> None:
    """Once for all dates, as those do who are in them."""
    child = await child_of_ming(town)
    found = await repeating.begun(town, await founded(town, leader=town.lan), "every Tue 15:00", seconds=3600)
    first = (await repeating.ahead(town, found))[0]
    await town.lan.presses_data(f"minors.mind:{first.id}:me")
    await join(town, first, child)
    all_read(town)
    await town.lan.presses_data(f"series.edit:{first.id}:place")
    await fills_in(town.lan, "Old mill", "!Change it")
    await town.passes(seconds=62)
    assert len(town.ming.heard) == 1 and "📍 Old mill" in town.ming.heard[0]


async def test_whoever_leads_no_more_is_there_for_nobody(town: Town) -> None:
    """Once a leader was dismissed who had said to be there, no child is signed up before another says so."""
    child = await child_of_ming(town)
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    lan = await town.person(town.lan)
    await town.dong.presses_data(f"admin.taken:{lan.id}:{group.id}")
    await town.ming.presses_data(f"minors.find:{child.id}")
    assert "Nothing is ahead just now" in town.ming.screen.text
    await town["Hua"].presses_data(f"activities.join:{activity.id}")
    assert "where a leader has said that he is there for them" in told(town["Hua"])
    await town["Hua"].presses("Ask the leader")
    await town.dong.presses("I am there for them")
    await town["Hua"].presses_data(f"activities.join:{activity.id}")
    assert await names(town, activity, "in") == ["Hua"]


async def test_another_is_asked_to_be_there_for_those_who_are_signed_up(town: Town) -> None:
    """Where who was there for people under 18 is dismissed, or leaves for good, whoever else answers for it hears so at once."""
    child = await child_of_ming(town)
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    lan, shen = await town.person(town.lan), await town.person(town.shen)
    await town.does(lambda tx: groups.appoint(tx, group, shen, by=lan))
    await town.dong.presses_data(f"admin.taken:{lan.id}:{group.id}")
    assert (
        "🧒 Whoever was there for people under 18 at “River bank” (Tue 24 Nov, 10:00) is there no more."
        in town.shen.heard[-1]
    )
    await town.shen.presses("I am there for them")
    await town.does(lambda tx: privacy.forget(tx, shen))
    await town.settle()
    assert "is there no more. Some are signed up" in town.dong.heard[-1]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whoever_is_under_18_is_there_for_nobody(town: Town) -> None:
    """A leader who turns out to be that young: the list for children leaves it out, others are asked, and he can't say so again."""
    child = await child_of_ming(town)
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    await town.lan.presses_data("minors.mine.yes:youth")
    assert "is there no more. Some are signed up: who is there for them?" in town.dong.heard[-1]
    await town.ming.presses_data(f"minors.find:{child.id}")
    assert "Nothing is ahead just now" in town.ming.screen.text
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    assert "Whoever is there for people under 18 is 18 or older" in told(town.lan)


GUARDIANS = ("child", "find", "pickers", "picker.new", "withdraw", "again", "erase", "erased")


async def test_a_guardian_whose_place_another_has_taken_has_no_say(town: Town) -> None:
    """Who took his consent back names nobody who picks the child up, and erases nothing, once somebody else has agreed."""
    child = await child_of_ming(town)
    await town.ming.presses_data(f"minors.withdraw:{child.id}")
    assert "Agree again" in town.ming.screen.labels
    shen = await town.person(town.shen)
    token = await town.does(lambda tx: minors.make_token(tx, child))
    await town.does(lambda tx: minors.consent(tx, token, by=shen))
    await town.settle()
    await refused_as_guardian(town.ming, child)
    await town.shen.presses_data(f"minors.child:{child.id}")
    assert "✅ Your consent stands." in town.shen.screen.text


async def refused_as_guardian(persona: Persona, child: Person) -> None:
    """Every button of a guardian says that he is none, and the child is not in his list."""
    for name in GUARDIANS:
        persona.forget()
        await persona.presses_data(f"minors.{name}:{child.id}")
        assert "You are not this person's guardian here" in told(persona), name
    await persona.presses_data("minors.children")
    assert "Nobody yet" in persona.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nobody_is_guardian_of_somebody_grown_up(town: Town) -> None:
    """Once an admin has seen that somebody is 18, who agreed for the child sees and erases nothing of his."""
    child = await child_of_ming(town)
    await town.ming.presses_data(f"minors.child:{child.id}")
    await town.dong.presses_data(f"minors.grown:{child.id}:adult")
    await refused_as_guardian(town.ming, child)
