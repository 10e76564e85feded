"""Meetings that pair needs with offers, and what becomes of the pairs."""

import pytest

from bot.domain import projects
from bot.domain.activities import Kind
from tests.founding import founded
from tests.needing import broken, open_need
from tests.publishing import DAY, all_read, fills_in, published
from tests.town import Town


async def test_a_meeting_pairs_a_need_with_an_offer_and_the_pair_is_followed_to_its_end(town: Town) -> None:
    """Posted beforehand, paired at the meeting, claimed by the offer's group with one tap; what comes apart is seen."""
    host = await founded(town, "Youth union", leader=town.hua)
    await founded(town, "Drivers", leader=town.lan)
    meeting = await published(town, host, kind=Kind.MEETING, points=0, places=None)
    for title in ("Move a piano", "Mend a window"):
        await open_need(town, town.ming, title, days=30)
    await town.lan.says("/needs")
    await town.lan.presses("Offers")
    assert "Nothing is offered just now" in town.lan.screen.text
    await town.lan.presses("＋ Offer something")
    await fills_in(town.lan, "A van with a driver <b", "!Skip", "!Offer it")
    await town.hua.presses_data(f"activities.open:{meeting.id}")
    await town.hua.presses("🔗 Needs and offers")
    assert "2 needs are free" in town.hua.screen.text and "1 offer" in town.hua.screen.text
    for need in ("Mend a window", "Move a piano"):
        await town.hua.presses_data(f"projects.pairing:{meeting.id}")
        await town.hua.presses(f"{need} · West bridge 3")
        await town.hua.presses("A van with a driver <b · Drivers")
    await town.hua.presses_data("projects.part:1")
    assert "are a pair no more" in town.hua.screen.text
    assert "was paired with a need: “Move a piano”" in town.lan.heard[-1]
    await town.ming.presses_data("projects.pairanswer:2:1")
    await town.lan.presses("Open")
    await town.lan.presses("We take it on")
    assert "Drivers: going on" in town.lan.screen.text and "Drivers takes on “Move a piano”" in town.hua.heard[-1]
    await town.hua.presses_data("projects.part:2")
    assert "answered already" in town.hua.screen.text
    all_read(town)
    await town.passes(days=3 + 7, hours=3)
    assert any("0 done · 0 going on · 0 not answered · 1 came apart" in each for each in town.hua.heard)
    found = await town.does(lambda tx: projects.pair(tx, 2))
    assert found.came_apart and not found.is_done
    assert await broken(town) == []


async def test_nobody_pairs_at_what_is_no_meeting_or_not_his(town: Town) -> None:
    """Only whoever leads the meeting pairs, only leaders offer for their group, and what is off the list is not paired."""
    host = await founded(town, "Youth union", leader=town.hua)
    other = await founded(town, "Drivers", leader=town.lan)
    meeting = await published(town, host, kind=Kind.MEETING, points=0, places=None, starts_in=DAY)
    task = await published(town, other)
    need, lan = await open_need(town, town.ming), await town.person(town.lan)
    offer = await town.does(lambda tx: projects.make_offer(tx, other.id, "A van", "", by=lan))
    for persona, data in (
        (town.lan, f"paired:{meeting.id}"),
        (town.lan, f"paired:{task.id}"),
        (town.ming, "newoffer:"),
    ):
        await persona.presses_data(f"projects.{data}:{need.id}:{offer.id}")
    await town.hua.presses_data(f"projects.closeoffer:{offer.id}:1")
    assert (await town.does(lambda tx: projects.offer(tx, offer.id))).closed_at is None
    await town.lan.presses_data(f"projects.closeoffer:{offer.id}:1")
    await town.hua.presses_data(f"projects.paired:{meeting.id}:{need.id}:{offer.id}")
    assert "taken off the list" in town.hua.screen.text
    assert (await town.does(lambda tx: projects.pairs(tx, meeting.id, 0))).items == ()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_long_lists_are_searched_by_a_word_for_need_and_offer(town: Town) -> None:
    """Where needs or offers fill more than a page, a typed word finds the one that is meant, and the pair is made."""
    host = await founded(town, "Youth union", leader=town.hua)
    other = await founded(town, "Drivers", leader=town.lan)
    meeting = await published(town, host, kind=Kind.MEETING, points=0, places=None)
    lan = await town.person(town.lan)
    for number in range(7):
        await open_need(town, town.ming, f"Mend window {number}", days=30 + number)
        await town.does(lambda tx, n=number: projects.make_offer(tx, other.id, f"Van {n}", "", by=lan))  # type: ignore[misc]
    await town.hua.presses_data(f"projects.pairing:{meeting.id}")
    assert "Mend window 6 · West bridge 3" not in town.hua.screen.labels
    await town.hua.presses("🔍 Search")
    await town.hua.says("WINDOW 6")
    assert "With “WINDOW 6”" in town.hua.screen.text
    await town.hua.presses("Mend window 6 · West bridge 3")
    await town.hua.presses("🔍 Search")
    await town.hua.says("van 0")
    assert not any("Van 1" in label for label in town.hua.screen.labels)
    await town.hua.presses("Van 0 · Drivers")
    assert "“Mend window 6” – “Van 0”" in town.hua.screen.text
    for data in (f"pairsearch:{meeting.id}", f"likeneeds:{meeting.id}:a:b:0", f"likeoffers:{meeting.id}:7:a:0"):
        await town.lan.presses_data(f"projects.{data}")
        assert "Only the leaders of Youth union" in town.lan.toasts[-1].text
