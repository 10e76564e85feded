"""How a share ends: declined, withdrawn, given back, the partner closed, the activity called off; and whose places are then."""

import pytest

from bot.domain import activities, groups, partners
from bot.domain.activities import Change, Least, Terms, portions
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, fills_in, join, names, now, published
from tests.repeating import ahead, begun, stopped
from tests.test_neighbours import told
from tests.test_partners import belongs, shares, told_of, two_schools
from tests.test_tree import registered
from tests.town import Town


async def test_a_declined_share_returns_its_places_and_the_publisher_reads_why(town: Town) -> None:
    """Whoever is in keeps his place; what is shared again is the same share."""
    activity, _, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    await town.ming.presses_data(f"activities.join:{activity.id}")
    await town.hua.presses("Decline")
    await fills_in(town.hua, "Exams that week", "!Decline it")
    assert (
        "Hua declines “Clean-up” for No. 1 School: Exams that week. 1 place is everybody's again."
        in town.lan.screen.text
    )
    assert await names(town, activity, "in") == ["Ming"]
    await shares(town, activity, "No. 1 School", "2")
    assert "1 of 3 taken" in town.lan.screen.text
    await town.dong.says("/audit")
    assert "Clean-up #1, partner No. 1 School #" in town.dong.screen.text
    assert await broken(town) == []


async def test_a_share_is_withdrawn_and_that_is_undone_while_nobody_is_in(town: Town) -> None:
    """With undo at once; where somebody is in, the question says who keeps what before anything happens."""
    activity, _, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    all_read(town)
    await town.lan.presses("Withdraw it")
    assert (await now(town, activity)).places == 6
    await town.lan.presses("Undo (60 s)")
    assert "0 of 2 taken, 2 free" in town.lan.screen.text
    await town.passes(seconds=90)
    assert town.hua.heard == []
    await town.ming.presses_data(f"activities.join:{activity.id}")
    await town.lan.presses("Withdraw it")
    assert "1 person of No. 1 School is signed up and keeps the place." in town.lan.screen.text
    assert "Free places that go back to everybody: 1." in town.lan.screen.text
    await town.lan.presses("Withdraw the share")
    assert "No. 1 School: 1 signed up, withdrawn" in town.lan.screen.text
    await town.passes(seconds=90)
    assert "Of your people signed up: 1; they keep their places." in town.hua.screen.text
    assert (await broken(town), (await now(town, activity)).taken) == ([], 1)


async def test_who_keeps_a_partners_place_is_stood_in_for_by_its_people(town: Town) -> None:
    """Also after the share has ended: nobody else would be counted with them; whoever may not reads why, a pupil has it."""
    activity, one, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    await town.ming.presses_data(f"activities.join:{activity.id}")
    await town.lan.presses("Withdraw it")
    await town.lan.presses("Withdraw the share")
    await town.ming.presses_data(f"activities.standin:{activity.id}")
    await town.shen.presses_data("activities.takeover:1")
    assert "it is for members of No. 1 School, and you are none" in town.shen.screen.text
    fei = await town.newcomer("Fei")
    await belongs(town, one, fei)
    await fei.presses_data("activities.takeover:1")
    assert await names(town, activity, "in") == ["Fei"] and await broken(town) == []


async def test_a_pupil_who_comes_after_the_share_waits_behind_those_who_waited_before(town: Town) -> None:
    """In everybody's queue, also by an old button; what a pupil leaves goes to the first of it, though signing up has ended."""
    closing = Terms(closes_at=int(town.clock.instant) + 3600)
    activity = await published(town, await founded(town, leader=town.lan), places=2, terms=closing)
    school, dong = await registered(town, "No. 1 School", "school"), await town.person(town.dong)
    await belongs(town, school, town.ming, town.shen)
    share = await town.does(lambda tx: partners.share(tx, activity.id, school.id, 1, by=dong))
    await join(town, activity, town.ming, town.dong)
    await town.lan.presses_data(f"partners.withdraw:{share.id}:1")
    await join(town, activity, town.hua)
    await town.shen.presses_data(f"activities.open:{activity.id}")
    assert [label for label in town.shen.screen.labels if "waiting list" in label] == [
        "Join the waiting list: open to all"
    ]
    role = await town.does(lambda tx: portions.role_for(tx, activity.id, school.id))
    assert role
    await town.shen.presses_data(f"activities.join:{activity.id}:{role.id}")
    await town.shen.says(f"/signup {activity.id}")
    assert "You are number 2 on the waiting list" in town.shen.screen.text
    await town.passes(hours=2)
    await town.ming.says(f"/withdraw {activity.id}")
    await town.passes(seconds=90)
    assert (await names(town, activity, "offered"), await names(town, activity, "waiting")) == (["Hua"], ["Shen"])
    assert await broken(town) == []


async def test_what_would_go_back_at_once_is_not_shared(town: Town) -> None:
    """Two days before it 72 and 48 hours are no choice, by no button of before either, and places stay where they are."""
    school = await registered(town, "No. 1 School", "school")
    activity = await published(town, await founded(town, leader=town.lan), places=6, starts_in=2 * DAY)
    await town.lan.presses_data(f"partners.ask:{activity.id}:{school.id}")
    await town.lan.says("2")
    assert [label for label in town.lan.screen.labels if "h before" in label] == ["24 h before the start"]
    await fills_in(town.lan, "48", "!Share it")
    assert "begins in less than 48 h, so its places would go back at once" in told(town.lan)
    assert (await now(town, activity)).places == 6
    await fills_in(town.lan, "!‹ Back", "!24 h before the start", "!Share it")
    await town.lan.presses_data("partners.returns:1:72")
    await town.passes(seconds=5)
    assert "0 of 2 taken, 2 free" in await told_of(town, activity)


async def test_nothing_is_undone_that_could_not_be_shared_now(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one partner more than there may be, or one that was closed meanwhile, its places would be nobody's."""
    monkeypatch.setattr("bot.domain.partners.sharing.PARTNERS_MAX", 1)
    activity, one, two = await two_schools(town)
    dong = await town.person(town.dong)
    for number, partner in ((1, one), (2, two)):
        await town.does(lambda tx, p=partner: partners.share(tx, activity.id, p.id, 1, by=dong))  # type: ignore[misc]
        if number == 1:
            await town.lan.presses_data("partners.withdraw:1:0")
    await town.lan.presses_data("partners.undo:1")
    assert "at most 1 partners" in told(town.lan)
    await town.lan.presses_data("partners.withdraw:2:0")
    await town.does(lambda tx: groups.close(tx, two.id, concerned=0, by=dong))
    await town.lan.presses_data("partners.undo:2")
    assert "No. 2 School was closed. Nothing was changed." in told(town.lan)
    assert ((await now(town, activity)).places, await broken(town)) == (6, [])


async def test_places_of_a_partner_that_is_closed_are_everybodys(town: Town) -> None:
    """A minute later, unless that was undone; whoever has one keeps it, and those who shared them hear of it."""
    activity, _, two = await two_schools(town)
    await belongs(town, two, town.ming)
    await shares(town, activity, "No. 2 School", "6")
    await join(town, activity, town.ming)
    all_read(town)
    for undone in (True, False):
        await town.dong.presses_data(f"groups.closing:{two.id}")
        assert "1 activity of others is shared with it" in town.dong.screen.text
        await fills_in(town.dong, "!Close it", *(("!Undo",) if undone else ()))
        await town.passes(seconds=90)
        assert ("No. 2 School was closed: 5 unused places of it" in "".join(town.lan.heard)) is not undone
    await join(town, activity, town.shen)
    assert (await names(town, activity, "in"), await broken(town)) == (["Ming", "Shen"], [])


async def test_unused_places_go_back_by_themselves_at_the_hour_that_was_settled(town: Town) -> None:
    """A day before the start, put off or not, it is everybody's, and both sides hear it; what becomes free later is, too."""
    activity, _, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "3", "24 h before the start")
    await town.ming.presses_data(f"activities.join:{activity.id}")
    lan, put_off = await town.person(town.lan), activity.starts_at + DAY
    wanted = Change(starts_at=put_off, ends_at=put_off + 7200)
    await town.does(lambda tx: activities.change(tx, activity.id, wanted, by=lan, reminders=town.settings.reminders))
    await town.passes(seconds=activity.starts_at - 23 * 3600 - town.clock.instant)
    assert "1 of 3" in await told_of(town, activity)
    await town.passes(seconds=DAY)
    assert "2 unused places of No. 1 School are everybody's now, as was settled." in town.hua.screen.text
    assert "2 unused places of No. 1 School are everybody's now, as was settled." in town.lan.screen.text
    await town.ming.says(f"/withdraw {activity.id}")
    await town.ming.presses("Withdraw all the same")
    await town.passes(seconds=90)
    after = await now(town, activity)
    assert (after.places, after.taken) == (6, 0)
    assert await broken(town) == []


async def test_with_a_series_the_hour_for_unused_places_moves(town: Town) -> None:
    """A day before the earlier start they are everybody's; taken back, a day before that of before."""
    activity, school, _ = await two_schools(town)
    group = await town.does(lambda tx: groups.by_id(tx, activity.group_id or 0))
    date, dong = (await ahead(town, await begun(town, group)))[0], await town.person(town.dong)
    await town.does(lambda tx: partners.share(tx, date.id, school.id, 1, by=dong, back_hours=24))
    planned = "SELECT due_at FROM due WHERE deed = 'partners.back' AND state = 'new'"
    for typed, label, earlier in (("17:00-19:00", "!Change it", 9000), ("", "!Undo (60 s)", 0)):
        if typed:
            await town.lan.presses_data(f"series.edit:{date.id}:clock")
        await fills_in(town.lan, *filter(None, (typed, label)))
        await town.passes(seconds=2)
        assert await town.does(lambda tx: tx.value(planned)) == date.starts_at - DAY - earlier


@pytest.mark.parametrize("ended", ["", "declined", "withdrawn"])
async def test_a_partners_leaders_hear_that_it_is_called_off(town: Town, ended: str) -> None:
    """Once, a minute later, unless that was undone; though the share had ended, while somebody of theirs keeps a place."""
    activity, _, two = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    await join(town, activity, town.ming)
    dong, hua = await town.person(town.dong), await town.person(town.hua)
    await town.does(lambda tx: groups.appoint(tx, two, hua, by=dong))
    await town.does(lambda tx: partners.share(tx, activity.id, two.id, 1, by=dong))
    if ended == "declined":
        await town.hua.presses_data("partners.decline:1")
        await fills_in(town.hua, "No teacher", "!Decline it")
    elif ended:
        await town.lan.presses_data("partners.withdraw:1:1")
    for undone in (True, False):
        all_read(town)
        await town.lan.presses_data(f"activities.stop.why:{activity.id}")
        await fills_in(town.lan, "Storm", "!Yes, call it off", *(("!Undo (60 s)",) if undone else ()))
        await town.passes(seconds=90)
        assert "".join(town.hua.heard).count("❌ “Clean-up” is called off: Storm") == int(not undone)


@pytest.mark.parametrize("how", ["lapse", "series", "group"])
async def test_a_partners_leaders_hear_once_however_it_is_called_off(town: Town, how: str) -> None:
    """For want of people, though unused places had gone back, with its series, with its group: one message each, whatever it ends."""
    activity, school, _ = await two_schools(town)
    assert activity.group_id is not None
    group = await town.does(lambda tx: groups.by_id(tx, activity.group_id or 0))
    dates = {
        "lapse": [await published(town, group, least=Least(2, 24, lapses=True), title="Clean-up")],
        "series": (await ahead(town, await begun(town, group, title="Clean-up")))[:2],
        "group": [activity, await published(town, group, title="Library")],
    }[how]
    dong = await town.person(town.dong)

    async def share(tx: Transaction) -> None:
        for each in dates:
            await partners.share(tx, each.id, school.id, 1, by=dong, back_hours=48)

    await town.does(share)
    await join(town, dates[0], town.ming)
    all_read(town)
    if how == "lapse":
        await town.passes(hours=49)
    elif how == "series":
        await stopped(town, dates[0], "Storm")
    else:
        await town.dong.presses_data(f"groups.closing:{group.id}")
        await town.dong.presses("Close it")
    await town.passes(minutes=3)
    expected = {
        "lapse": "❌ “Clean-up” is called off: too few people: 1 of at least 2",
        "series": "❌ 2 activities that are shared with No. 1 School are called off: Storm\n• Clean-up · ",
        "group": "❌ 2 activities that are shared with No. 1 School are called off: its group was closed\n• Clean-up · ",
    }[how]
    assert [expected in text for text in town.hua.heard if "alled off" in text] == [True]
