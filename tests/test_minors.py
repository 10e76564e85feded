"""People under 18: an age band, a guardian's own account, and what they may take part in."""

import re
from datetime import datetime

import pytest

from bot.config import Minors
from bot.domain import activities, minors, people, privacy, rotas
from bot.domain.activities import Minding
from bot.domain.minors import Outing, why_not
from bot.domain.people import Age, Person, Role
from bot.locales import Reader
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests import rotating
from tests.founding import founded
from tests.publishing import DAY, all_read, fills_in, join, names, now, published
from tests.town import SHANGHAI, Town


def somebody(age: Age | None) -> Person:
    return Person(1, 1, "Wei", "en", Role.MEMBER, None, None, None, 0, None, 0, age)


def outing(begins: str, ends: str, planned: int = 0, *, adults: bool = False, supervised: bool = True) -> Outing:
    return Outing(datetime.fromisoformat(begins), datetime.fromisoformat(ends), adults, supervised, planned)


RULE = [
    (Age.ADULT, outing("2026-11-24T22:00", "2026-11-25T06:00", adults=True, supervised=False), None),
    (None, outing("2026-11-24T22:00", "2026-11-25T06:00", supervised=False), None),
    (Age.YOUTH, outing("2026-11-24T09:00", "2026-11-24T13:00"), None),
    (Age.YOUTH, outing("2026-11-24T09:00", "2026-11-24T13:01"), "at 14 to 17 it may be 4 hours a day"),
    (Age.YOUTH, outing("2026-11-24T09:00", "2026-11-24T11:00", 121), "at 14 to 17 it may be 4 hours a day"),
    (Age.CHILD, outing("2026-11-24T09:00", "2026-11-24T11:00"), None),
    (Age.CHILD, outing("2026-11-24T09:00", "2026-11-24T11:30"), "at under 14 it may be 2 hours a day"),
    (Age.YOUTH, outing("2026-11-24T19:00", "2026-11-24T21:00"), None),
    (Age.YOUTH, outing("2026-11-24T20:00", "2026-11-24T21:30"), "between 21:00 and 7:00"),
    (Age.YOUTH, outing("2026-11-24T06:30", "2026-11-24T08:00"), "between 21:00 and 7:00"),
    (Age.YOUTH, outing("2026-11-24T09:00", "2026-11-24T10:00", supervised=False), "he is there for them"),
    (Age.YOUTH, outing("2026-11-24T22:00", "2026-11-24T23:00", supervised=False), "between 21:00 and 7:00"),
    (Age.YOUTH, outing("2026-11-24T09:00", "2026-11-24T10:00", adults=True), "18 and older"),
]


@pytest.mark.parametrize(("age", "what", "refusal"), RULE)
def test_what_each_age_may_take_part_in(age: Age | None, what: Outing, refusal: str | None) -> None:
    """Adults everything; others by supervision, the night, and hours of the day, each with its number."""
    why = why_not(somebody(age), what, Minors())
    said = Reader("en", SHANGHAI, 0).plain(why).lower() if why else None
    assert said is None if refusal is None else said is not None and refusal.lower() in said


async def kept(tx: Transaction) -> list[int]:
    return [row["telegram_id"] for row in await tx.all("SELECT telegram_id FROM people")]


def told(persona: Persona) -> str:
    """What stands on the screen, and what the last press was answered."""
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


def token_of(persona: Persona) -> str:
    found = re.search(r"start=(\S+)", persona.screen.text)
    assert found, persona.screen.text
    return found[1]


async def test_nothing_is_kept_of_a_child_before_a_guardian_has_agreed(town: Town) -> None:
    """The guardian agrees on a phone of his own; only then is the child taken in, where its poster led; the guardian hears of it."""
    activity = await published(town, None, title="River bank")
    await town.wei.starts(f"activities_open-{activity.id}")
    await town.wei.presses("I am under 18")
    await town.wei.presses("under 14")
    assert "A parent or guardian has to agree first" in told(town.wei)
    link = token_of(town.wei)
    await town.wei.presses("They have agreed")
    assert "has not agreed yet" in told(town.wei)
    assert town.wei.id not in await town.does(kept)
    await town.ming.starts(link)
    assert "No birthday, no address" in town.ming.screen.text
    await town.ming.presses("I am the guardian, I agree")
    await town.ming.presses("My children")
    await town.wei.presses_data(f"minors.agreed:{link.split('-')[1]}:en:child")
    assert "River bank" in told(town.wei)
    assert (await town.person(town.wei)).age is Age.CHILD
    assert "Wei is here now" in town.ming.screen.text
    thief = town.people.person("Thief", language_code="en")
    await thief.starts(link)
    assert "Your child asks you to agree: the next tap says to what." in thief.screen.text
    await thief.presses_data(f"minors.agreed:{link.split('-')[1]}:en:child")
    assert "Somebody has come in with this link already" in told(thief)
    assert thief.id not in await town.does(kept)


async def child_of_ming(town: Town, age: Age = Age.CHILD) -> Person:
    """Hua is a child, for whom Ming has agreed."""
    hua, ming = await town.newcomer("Hua"), await town.person(town.ming)
    child = await town.person(hua)

    async def deed(tx: Transaction) -> None:
        await people.set_age(tx, child, age)
        token = await minors.make_token(tx, child)
        await minors.consent(tx, token, by=ming)

    await town.does(deed)
    all_read(town)
    return await town.person(hua)


async def test_a_guardian_hears_of_each_sign_up_and_can_say_not_this_one(town: Town) -> None:
    """Nobody was there for people under 18 at first: the child asks, the leader says yes, the guardian says no."""
    child = await child_of_ming(town)
    hua = town["Hua"]
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await hua.presses_data(f"activities.join:{activity.id}")
    assert "where a leader has said that he is there for them" in told(hua)
    await hua.presses("🧒 For my age")
    assert "Open what you like and ask" in hua.screen.text
    await hua.presses("Volunteer tasks")
    await hua.presses("River bank")
    assert "Sign up" not in hua.screen.labels
    await hua.presses("Ask the leader")
    mine = "I am there for them"
    await town.lan.presses("No, nobody is there for them")
    assert "says that nobody is there for people under 18" in hua.screen.text
    for label in (mine, "18 and older only", "Nobody is there for them", mine):
        await town.lan.presses(label)
        assert label not in town.lan.screen.labels
    assert "Lan is there for people under 18" in told(town.lan)
    await town.tick()
    assert "You can sign up for “River bank” now" in hua.screen.text
    await hua.says("/tasks")
    assert "🧒 River bank" in hua.screen.text
    await hua.presses("🧒 For my age")
    await hua.presses("River bank")
    assert "A leader is there for people under 18" in hua.screen.text
    await hua.presses("Sign up")
    assert await names(town, activity, "in") == ["Hua"]
    await town.lan.presses_data(f"minors.mind:{activity.id}:nobody")
    assert "1 person under 18 is signed up already" in told(town.lan)
    assert "Hua has signed up for “River bank”" in town.ming.screen.text
    await town.ming.presses("Not this one")
    assert await names(town, activity, "in") == []
    assert "Ming has withdrawn you from “River bank”" in told(hua)
    for data in ("join", "back"):
        await hua.presses_data(f"activities.{data}:{activity.id}")
        assert "Your guardian has said that “River bank” is not for you" in told(hua)
    await town.ming.presses_data(f"minors.enrol:{activity.id}:{child.id}")
    assert await names(town, activity, "in") == ["Hua"]
    stranger = await town.newcomer("Fei")
    await stranger.presses_data(f"minors.notthis:{activity.id}:{child.id}")
    assert "You are not this person's guardian" in told(stranger)


async def test_no_leader_is_asked_for_what_no_leader_can_allow(town: Town) -> None:
    """At night, and over the hours of a day, the rule is said at once, without a question that would lead nowhere."""
    await child_of_ming(town, Age.YOUTH)
    hua = town["Hua"]
    activity = await published(town, await founded(town, leader=town.lan), title="Night walk", starts_in=36 * 3600)
    for _ in range(2):
        await hua.presses_data(f"activities.open:{activity.id}")
        assert "🧒 People under 18 are not asked to be out between 21:00 and 7:00." in hua.screen.text
        assert not {"Ask the leader", "Sign up"} & set(hua.screen.labels) and "🧒 For my age" in hua.screen.labels
        await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await town.lan.presses_data(f"minors.mind:{activity.id}:nobody")
    town.lan.forget()
    await hua.presses_data(f"activities.join:{activity.id}")
    assert "between 21:00 and 7:00" in told(hua)
    assert "Ask the leader" not in hua.screen.labels
    await hua.presses_data(f"minors.plead:{activity.id}")
    assert "between 21:00 and 7:00" in told(hua)
    assert "would like to come" not in "".join(town.lan.heard)


async def test_a_consent_is_taken_back_in_one_tap(town: Town) -> None:
    """The child is out of what was ahead and can sign up for nothing, until the guardian agrees again."""
    child = await child_of_ming(town)
    hua = town["Hua"]
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await hua.presses_data(f"activities.join:{activity.id}")
    await town.ming.says("/me")
    await town.ming.presses("My children")
    await town.ming.presses("Hua")
    await town.ming.presses("Take the consent back")
    assert await names(town, activity, "in") == []
    await hua.presses_data(f"activities.join:{activity.id}")
    assert "a parent or guardian has to agree first" in told(hua)
    await town.ming.presses("Agree again")
    await hua.presses_data(f"activities.join:{activity.id}")
    assert await names(town, activity, "in") == ["Hua"]
    await town.ming.presses_data(f"minors.erase:{child.id}")
    assert "1 sign-up ahead is given up" in town.ming.screen.text
    await town.ming.presses("Yes, forget Hua")
    assert hua.id not in await town.does(kept)


async def test_a_child_without_a_consent_posts_no_need(town: Town) -> None:
    """Neither by /need nor with a form that was open when the consent was taken back."""
    child = await child_of_ming(town)
    await town.hua.says("/need")
    await fills_in(town.hua, "Mend my bike", "West bridge", "next Sat", "1", "!Skip")
    await town.ming.presses_data(f"minors.withdraw:{child.id}")
    all_read(town)
    await town.hua.presses("Post it")
    await town.hua.says("/need Mend my bike")
    assert "a parent or guardian has to agree first" in told(town.hua)
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM projects")) == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_to_be_younger_is_asked_once_more(town: Town) -> None:
    """One slip of the thumb makes nobody a child: only an admin could change it back."""
    await town.ming.says("/me")
    await town.ming.presses("How old I am")
    await town.ming.presses("under 14")
    assert "Only a county admin can change it back" in town.ming.screen.text
    assert (await town.person(town.ming)).age is Age.ADULT
    await town.ming.presses("Yes: under 14")
    assert (await town.person(town.ming)).age is Age.CHILD
    assert "Ask my guardian" in town.ming.screen.labels


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_only_the_newest_links_of_somebody_are_kept(town: Town) -> None:
    """However often a guardian is asked, three links work and no more rows are there."""
    await town.ming.says("/me")
    for _ in range(9):
        await town.ming.presses_data("minors.ask")
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM guardianships")) == 3


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_stranger_has_one_link_a_day_until_it_is_used(town: Town) -> None:
    """Pressing again shows the same link; others who come in by it use it up, and after three the no names the number."""
    await town.wei.starts()
    links = set()
    for _ in range(4):
        await town.wei.presses_data("minors.little:en")
        links.add(token_of(town.wei))
    assert len(links) == await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM guardianships")) == 1
    ming = await town.person(town.ming)
    for number in range(3):
        await town.wei.presses_data("minors.little:en")
        token = token_of(town.wei).split("-")[1]
        await town.does(lambda tx, token=token: minors.consent(tx, token, by=ming))  # type: ignore[misc]
        await town.wei.presses_data("minors.little:en")
        assert token in token_of(town.wei)
        await town.does(lambda tx, t=token, n=number: minors.come_in(tx, t, 9_000 + n, f"T{n}", "en", age=Age.CHILD))  # type: ignore[misc]
    await town.wei.presses_data("minors.little:en")
    assert "3 links of yours have been used today" in town.wei.toasts[-1].text + town.wei.screen.text
    await town.days_pass(1)
    await town.wei.presses_data("minors.little:en")
    assert token_of(town.wei) not in links
    await town.days_pass(9)
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM guardianships WHERE guardian_id IS NULL")) == 0


async def test_nobody_makes_himself_older(town: Town) -> None:
    """To be younger is said by oneself, to be older by an admin who has seen it; both stand in the log."""
    await child_of_ming(town, Age.YOUTH)
    hua = town["Hua"]
    await hua.presses_data("minors.mine:adult")
    assert "please ask a county admin" in told(hua)
    child = await town.person(hua)
    await town.lan.presses_data(f"minors.grown:{child.id}:adult")
    assert (await town.person(hua)).age is Age.YOUTH
    await town.dong.presses_data(f"admin.person:{child.id}")
    await town.dong.presses("How old")
    await town.dong.presses("18 or older")
    assert (await town.person(hua)).age is Age.ADULT
    await town.does(lambda tx: privacy.forget(tx, child))
    await town.dong.presses_data(f"minors.grown:{child.id}:youth")
    assert f"Number {child.id} has left for good" in told(town.dong)
    assert (await town.does(lambda tx: people.by_id(tx, child.id))).age is None


async def test_a_minor_agrees_for_nobody_and_nobody_for_himself(town: Town) -> None:
    """A guardian is 18 or older, and somebody else."""
    await child_of_ming(town)
    hua = town["Hua"]
    await hua.presses_data("minors.ask")
    link = token_of(hua)
    await hua.starts(link)
    await hua.presses("I am the guardian, I agree")
    assert "18 or older" in told(hua)


async def test_whoever_turns_out_to_be_younger_is_out_of_what_is_not_for_his_age(town: Town) -> None:
    """He stays where a leader is there for him, and neither in anything else nor on duty, whoever says his age."""
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    made = await rotating.post(town, await rotating.guides(town, town.ming), (2, 9, 2, 1))
    await town.does(lambda tx: rotas.serve(tx, made.id, 4, by=ming))
    await rotating.drawn(town, made)
    fine, other = [
        await published(town, None, title=title, starts_in=days * DAY) for title, days in (("Bank", 5), ("Race", 6))
    ]
    await town.does(lambda tx: activities.mind(tx, fine.id, Minding.ME, by=dong))
    await join(town, fine, town.ming)
    await join(town, other, town.ming)
    all_read(town)
    await town.ming.presses_data("minors.mine.yes:youth")
    said = "\n".join(town.ming.heard)
    assert "you are out of:\n• Race" in said and "Bank" not in said and "you serve at none any more" in said
    assert (await names(town, fine, "in"), await names(town, other, "in")) == (["Ming"], [])
    assert await rotating.seats(town, town.ming) == [] and await rotating.holds(town)
    await town.dong.presses_data(f"minors.grown:{ming.id}:child")
    assert await names(town, fine, "in") == []


async def test_nothing_is_moved_to_where_its_children_may_not_be(town: Town) -> None:
    """Neither into the night nor over the hours of a day while somebody under 18 is in it; adults are moved."""
    child = await child_of_ming(town)
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    for when, why in (
        ("tomorrow 20:00 to 21:30", "between 21:00 and 7:00"),
        ("tomorrow 14:00 to 17:00", "2 hours a day"),
    ):
        await town.lan.presses_data(f"activities.edit:{activity.id}:when")
        await fills_in(town.lan, when, "!Change it")
        assert "Hua is signed up, and is under 14." in told(town.lan) and why in told(town.lan)
        assert (await now(town, activity)).starts_at == activity.starts_at
    await town["Hua"].presses_data(f"activities.leave:{activity.id}")
    await town.lan.presses_data(f"activities.edit:{activity.id}:when")
    await fills_in(town.lan, "tomorrow 20:00 to 21:30", "!Change it")
    assert (await now(town, activity)).starts_at != activity.starts_at


async def test_adults_only_is_not_said_over_the_heads_of_those_who_are_in(town: Town) -> None:
    """While somebody under 18 is signed up it stays open to them; otherwise the card says 18 and older."""
    await child_of_ming(town, Age.YOUTH)
    hua = town["Hua"]
    group = await founded(town, leader=town.lan)
    activity = await published(town, group)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await hua.presses_data(f"activities.join:{activity.id}")
    await town.lan.presses_data(f"minors.mind:{activity.id}:adults")
    assert "1 person under 18 is signed up already" in told(town.lan)
    await hua.presses_data(f"activities.leave:{activity.id}")
    await town.lan.presses_data(f"minors.mind:{activity.id}:adults")
    await fills_in(hua, f"/signup {activity.id}")
    assert "This is for people of 18 and older" in told(hua)
