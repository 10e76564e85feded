"""Who came: marked in taps, confirmed once, corrected with a trail, points exact all the while."""

from typing import Any

import pytest

from bot.config import Hours
from bot.domain import activities, groups, hours, people, points
from bot.domain.activities import Activity, Attendance
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, join, now, published
from tests.town import Town


async def over(town: Town, *personas: Persona, **given: Any) -> Activity:
    """A task of Lan's group that these signed up for and that is over."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60, **given)
    await join(town, activity, *personas)
    town.clock.move(3 * 3600)
    all_read(town)
    return activity


async def balance(town: Town, persona: Persona) -> int:
    person = await town.person(persona)
    return await town.does(lambda tx: points.balance(tx, person.id))


async def exact(town: Town) -> bool:
    """Do all promises of activities and of the ledger hold?"""
    return await broken(town) == [] and await town.does(points.invariants) == []


async def test_the_leader_confirms_in_taps_and_points_follow(town: Town) -> None:
    """The confirmation shows exact numbers first; those who came get their points, and everybody is told."""
    activity = await over(town, town.ming, town.hua)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who came?")
    await town.lan.presses("▫️ Ming")
    await town.lan.presses("Confirm")
    assert "✅ 1 came, with 10 points each: 10 in all." in town.lan.screen.text
    assert "❌ 1 missed it, 1 of them not marked." in town.lan.screen.text
    assert await balance(town, town.ming) == 0
    await town.lan.presses("Confirm: 1 missed it")
    assert "1 came, 1 missed it; everybody is told." in town.lan.screen.text
    await town.tick()
    assert (await balance(town, town.ming), await balance(town, town.hua)) == (10, 0)
    assert "You have got 10 points." in town.ming.heard[-1]
    assert "⭐ You have 10 points in all now." in town.ming.heard[-1]
    assert "down as not having come" in town.hua.heard[-1]
    assert await exact(town)


async def test_all_came_is_one_tap(town: Town) -> None:
    """And a tap on a name takes one back."""
    activity = await over(town, town.ming, town.hua)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm"):
        await town.lan.presses(label)
    assert "missed it" not in town.lan.screen.text
    for label in ("‹ Back", "✅ Hua", "Confirm", "Confirm"):
        await town.lan.presses(label)
    assert (await balance(town, town.ming), await balance(town, town.hua)) == (10, 0)


async def test_confirming_twice_gives_nothing_twice(town: Town) -> None:
    """The second says so; points and messages stay single."""
    activity = await over(town, town.ming)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    await town.lan.says("/me")
    await town.lan.presses_data(f"activities.settled:{activity.id}")
    await town.lan.presses_data(f"activities.settled:{activity.id}")
    assert "has been confirmed before" in town.lan.screen.text
    await town.tick()
    await town.tick()
    assert await balance(town, town.ming) == 10
    assert len(town.ming.heard) == 1
    assert await exact(town)


async def test_nothing_is_confirmed_before_the_start(town: Town) -> None:
    """The refusal names the start."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan))
    (view,) = await join(town, activity, town.ming)
    assert view.mine is not None
    for data in (
        f"activities.mark:{view.mine.id}:0:came",
        f"activities.settled:{activity.id}",
        f"activities.rest:{activity.id}",
    ):
        await town.lan.says("/me")
        await town.lan.presses_data(data)
        assert "Who came can be said once it has begun, Tue 24 Nov, 10:00" in town.lan.toasts[-1].text
    assert (await now(town, activity)).is_open


async def test_nobody_confirms_himself(town: Town) -> None:
    """A leader who took part is left out of his own confirmation; an admin adds him."""
    activity = await over(town, town.lan, town.ming)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who came?")
    assert "another leader or an admin confirms you" in town.lan.screen.text
    await town.lan.presses("▫️ Lan")
    assert "Nobody confirms himself" in town.lan.toasts[-1].text
    for label in ("All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    assert (await balance(town, town.lan), await balance(town, town.ming)) == (0, 10)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who came?")
    await town.lan.presses("▫️ Lan")
    assert "Nobody confirms himself" in town.lan.toasts[-1].text
    await town.dong.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "▫️ Lan", "✅ Came"):
        await town.dong.presses(label)
    assert await balance(town, town.lan) == 10
    assert "You have got 10 points." in town.lan.heard[-1]
    assert await exact(town)


async def test_somebody_else_is_asked_about_a_leader_who_took_part(town: Town) -> None:
    """At once the other leader, a day later the admins too, until one has said it; and he reads why his waits."""
    activity = await over(town, town.lan, town.ming)
    assert activity.group_id is not None
    hua, dong = await town.person(town.hua), await town.person(town.dong)

    async def lead(tx: Transaction) -> None:
        await groups.appoint(tx, await groups.by_id(tx, activity.group_id or 0), hua, by=dong)

    await town.does(lead)
    all_read(town)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    assert "1 came; everybody is told." in town.lan.screen.text
    assert town.lan.screen.labels[:2] == ["Give thanks", "Once more …"]
    await town.tick()
    assert "River bank: did Lan come?" in town.hua.screen.text and town.dong.heard == []
    await town.lan.starts(f"activities_open-{activity.id}")
    assert "another leader or a county admin is asked whether you came" in town.lan.screen.text
    await town.days_pass(1.1)
    assert "River bank: did Lan come?" in town.dong.screen.text
    await town.hua.presses("✅ Came")
    assert await balance(town, town.lan) == 10
    all_read(town)
    await town.days_pass(4)
    assert not any("did Lan come?" in text for persona in (town.hua, town.dong) for text in persona.heard)
    assert await exact(town)


async def test_corrections_go_to_and_fro_and_count_once(town: Town) -> None:
    """Came, missed, came, missed, came: each asked with its number, told, on record, and never counted twice."""
    activity = await over(town, town.ming)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm", "Confirm", "‹ Back"):
        await town.lan.presses(label)
    for expected, tap, button, asked in (
        (0, "✅ Ming", "❌ Missed", "10 points are taken back"),
        (10, "❌ Ming", "✅ Came", "10 points are given"),
        (0, "✅ Ming", "❌ Missed", "10 points are taken back"),
        (10, "❌ Ming", "✅ Came", "10 points are given"),
    ):
        await town.lan.presses(tap)
        assert asked in town.lan.screen.text
        await town.lan.presses(button)
        assert await balance(town, town.ming) == expected
        assert "who came has been corrected" in town.ming.heard[-1]
        assert await exact(town)


async def test_a_correction_that_is_so_already_changes_nothing(town: Town) -> None:
    """An old button pressed again takes nothing twice."""
    activity = await over(town, town.ming)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=lan, rules=Hours()))
    signup = await town.does(lambda tx: tx.value("SELECT id FROM participations"))
    await town.does(lambda tx: activities.correct(tx, signup, Attendance.MISSED, by=lan, rules=Hours()))
    with pytest.raises(Refused, match="This is so already"):
        await town.does(lambda tx: activities.correct(tx, signup, Attendance.MISSED, by=lan, rules=Hours()))
    assert await balance(town, town.ming) == 0


async def test_an_event_gives_no_points_but_thanks(town: Town) -> None:
    """Nothing is written to the ledger."""
    activity = await over(town, town.ming, points=0)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    await town.tick()
    assert "Thank you for coming to “River bank”!" in town.ming.heard[-1]
    assert await balance(town, town.ming) == 0


async def test_the_leader_is_asked_at_the_end_and_reminded_once(town: Town) -> None:
    """In the moment in which it ends, and a day later; not of what was confirmed, and not when nobody came."""
    group = await founded(town, "Dance", leader=town.lan)
    waiting = await published(town, group, starts_in=60, title="Waiting")
    done = await published(town, group, starts_in=60, title="Done")
    await published(town, group, starts_in=60, title="Empty")
    await join(town, waiting, town.ming)
    await join(town, done, town.hua)
    await town.passes(seconds=7200)
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.confirm(tx, done.id, by=lan, rules=Hours()))
    all_read(town)
    await town.passes(seconds=60)
    assert len(town.lan.heard) == 1
    assert "“Waiting” is over.\n1 person was signed up." in town.lan.heard[0]
    assert town.lan.screen.labels[0] == "Who came?"
    await town.days_pass(3)
    assert len(town.lan.heard) == 2
    assert "nobody has said yet who came" in town.lan.heard[1]
    await town.lan.presses("Who came?")
    assert "▫️ Ming" in town.lan.screen.labels


async def test_the_leader_is_asked_after_quiet_hours(town: Town) -> None:
    """What ends at ten in the evening is asked about in the morning."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=10 * 3600)
    await join(town, activity, town.ming)
    lan = await town.person(town.lan)
    await town.does(lambda tx: people.set_quiet_hours(tx, lan, 21 * 60, 8 * 60))
    all_read(town)
    await town.until(2026, 11, 22, 7, 59)
    assert town.lan.heard == []
    await town.until(2026, 11, 22, 8, 0)
    assert "“River bank” is over." in town.lan.heard[0]


async def test_what_is_put_off_is_asked_about_at_its_new_end(town: Town) -> None:
    """Also when its leader had been asked at the old one."""
    activity = await over(town, town.ming)
    await town.tick()
    lan = await town.person(town.lan)
    later = activities.Change(starts_at=activity.starts_at + DAY, ends_at=activity.ends_at + DAY)
    reminders = town.settings.reminders
    await town.does(lambda tx: activities.change(tx, activity.id, later, by=lan, reminders=reminders))
    await town.tick()
    all_read(town)
    await town.days_pass(1)
    assert len(town.lan.heard) == 1 and "is over" in town.lan.heard[0]


async def test_admins_see_what_nobody_confirmed_for_three_days(town: Town) -> None:
    """In the panel, with the way to it; once it is confirmed it is there no more."""
    activity = await over(town, town.ming)
    await town.days_pass(2)
    await town.dong.says("/admin")
    assert "Not confirmed · 1" not in town.dong.screen.labels
    await town.days_pass(1)
    await town.dong.says("/admin")
    assert town.dong.screen.labels[0] == "Not confirmed · 1", "what waits for an admin comes first"
    assert len(town.dong.screen.rows) <= 9
    await town.dong.presses("Not confirmed · 1")
    assert "❓ River bank · Dance" in town.dong.screen.text
    await town.dong.presses("River bank")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.dong.presses(label)
    await town.dong.presses_data("activities.overdue")
    assert "who came has been confirmed everywhere" in town.dong.screen.text
    assert (await now(town, activity)).is_confirmed


async def test_the_list_of_what_nobody_confirmed_is_for_those_who_read_all(town: Town) -> None:
    """A member's forged press gets nothing."""
    await over(town, town.ming)
    await town.hua.says("/me")
    await town.hua.presses_data("activities.overdue")
    assert "Only county admins and auditors" in town.hua.toasts[-1].text


async def test_who_took_part_sees_that_the_confirmation_is_pending(town: Town) -> None:
    """Under My sign-ups, behind what is still ahead, and on the card; home does not call it next."""
    await over(town, town.ming)
    ahead = await published(town, None, title="Ahead")
    await town.ming.says("/mysignups")
    assert "⌛ River bank · Sat 21 Nov, 10:01 · not confirmed yet who came" in town.ming.screen.text
    await town.ming.presses("River bank")
    assert "has not confirmed yet who came" in town.ming.screen.text
    await town.ming.says("/start")
    assert "Next for you" not in town.ming.screen.text
    await join(town, ahead, town.ming)
    await town.ming.says("/mysignups")
    assert town.ming.screen.labels[:2] == ["Ahead", "River bank"]


async def test_what_nobody_signed_up_for_is_not_left_with_its_leader(town: Town) -> None:
    """There is nobody to confirm, and the roll says so."""
    activity = await over(town)
    await town.lan.presses_data(f"activities.roll:{activity.id}")
    assert "Nobody has a place yet." in town.lan.screen.text
    await town.lan.says("/mysignups")
    await town.lan.presses("What I lead")
    assert "nothing waits to be confirmed" in town.lan.screen.text
    await town.lan.presses("My groups")
    assert any("Dance" in label for label in town.lan.screen.labels)


async def test_a_long_roll_has_pages_and_a_tap_stays_on_its_page(town: Town) -> None:
    """Six names a page."""
    crowd = [await town.newcomer(f"P{number}") for number in range(8)]
    activity = await over(town, *crowd, places=10)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who came?")
    await town.lan.presses("Next ›")
    await town.lan.presses("▫️ P7")
    assert town.lan.screen.labels[:2] == ["▫️ P6", "✅ P7"]


async def test_who_was_forgotten_gets_no_points(town: Town) -> None:
    """His row stays under his number, and nobody is there to be told."""
    activity = await over(town, town.ming, town.hua)
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.forget(tx, ming))
    lan = await town.person(town.lan)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=lan))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=lan, rules=Hours()))
    await town.tick()
    assert await town.does(lambda tx: points.balance(tx, ming.id)) == 0
    assert await balance(town, town.hua) == 10
    assert await exact(town)


async def test_my_data_holds_my_sign_ups_and_what_i_published(town: Town) -> None:
    """For /mydata."""
    activity = await published(town, None, starts_in=DAY)
    await join(town, activity, town.ming)
    known = {}
    for persona in (town.ming, town.dong):
        person = await town.person(persona)
        known[persona.user.first_name] = await town.does(lambda tx, p=person: activities.known_of(tx, p))  # type: ignore[misc]
    assert [row["title"] for row in known["Ming"]["sign-ups"]] == ["River bank"]
    assert [row["title"] for row in known["Dong"]["published"]] == ["River bank"]


async def test_six_states_in_taps_on_one_screen(town: Town) -> None:
    """Tapping on goes came, missed, late, left early, excused; the counts stand above, and each reads as what he is down."""
    activity = await over(town, town.ming, town.hua, town.shen, places=5)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "✅ Hua", "❌ Hua", "✅ Shen", "❌ Shen", "🕘 Shen", "🚪 Shen"):
        await town.lan.presses(label)
    assert town.lan.screen.labels[:3] == ["✅ Ming", "🕘 Hua", "🙏 Shen"]
    assert "✅ 1 · ❌ 0 · 🕘 1 · 🚪 0 · 🙏 1 · ▫️ 0" in town.lan.screen.text
    await town.lan.presses("Confirm")
    assert "✅ 2 came" in town.lan.screen.text and "🙏 1 excused." in town.lan.screen.text
    await town.lan.presses("Confirm")
    await town.tick()
    assert "You are down as excused" in town.shen.heard[-1]
    hua, ming = await town.person(town.hua), await town.person(town.ming)
    assert (await town.does(lambda tx: hours.sums(tx, hua.id))).b == 90
    assert (await town.does(lambda tx: hours.sums(tx, ming.id))).b == 120
    assert (await balance(town, town.hua), await balance(town, town.shen)) == (10, 0)
    assert await exact(town)


async def test_what_was_said_before_a_correction_can_be_read(town: Town) -> None:
    """By whom and when, for its leader and for the one it is about, for nobody else."""
    activity = await over(town, town.ming)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    town.clock.move(3600)
    await town.dong.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "✅ Ming", "🚪 Left early", "🚪 Ming", "🙏 Excused", "🙏 Ming", "How it was noted"):
        await town.dong.presses(label)
    said = [
        "✅ Came · Lan, Sat 21 Nov, 13:00",
        "🚪 Left early · Dong, Sat 21 Nov, 14:00",
        "🙏 Excused · Dong, Sat 21 Nov, 14:00",
    ]
    assert town.dong.screen.text.split("\n")[1:4] == said
    assert await balance(town, town.ming) == 0
    await town.ming.starts(f"activities_open-{activity.id}")
    assert "You are excused." in town.ming.screen.text
    await town.ming.presses("How it was noted")
    assert said[2] in town.ming.screen.text
    await town.hua.says("/me")
    signup = await town.does(lambda tx: tx.value("SELECT id FROM participations"))
    await town.hua.presses_data(f"activities.trail:{signup}")
    assert "Only the leaders of Dance" in town.hua.toasts[-1].text
    assert await exact(town)
