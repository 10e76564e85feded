"""Children are picked up by those whom their guardian named, noted by a leader, and told the guardian at once."""

from bot.domain import activities, minors, privacy
from bot.domain.activities import Activity, Kind
from tests.founding import founded
from tests.publishing import all_read, broken, fills_in, join, published
from tests.test_merging import merged
from tests.test_minors import child_of_ming, told
from tests.town import Town


async def in_class(town: Town) -> tuple[Activity, int]:
    """A class of Lan's group that has begun, with Hua in it, for whom Ming has agreed."""
    child = await child_of_ming(town)
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, kind=Kind.CLASS, starts_in=3600, points=0, places=9)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child, town.shen)
    town.clock.move(2 * 3600)
    all_read(town)
    return activity, child.id


async def test_a_child_is_handed_to_those_whom_its_guardian_named(town: Town) -> None:
    """The guardian names Grandma Li; the leader taps the child and her; the guardian reads it in the same moment, once."""
    activity, child = await in_class(town)
    for words in ("checked in to", "checked out of"):
        await town.hua.says((await town.does(lambda tx: activities.code_now(tx, activity.name))).text)
        assert f"👪 Hua has {words} “River bank”, Sat 21 Nov, 12:0" in town.ming.heard[-1]
        town.clock.move(30)
    assert "Nobody has noted yet who picks Hua up" in town.ming.heard[-1] and "Who picks up" in town.ming.screen.labels
    assert "Send the next code, and you are checked in again" in town.hua.screen.text
    await town.ming.presses_data(f"minors.child:{child}")
    await town.ming.presses("Who picks up")
    await town.ming.presses("Name somebody")
    await fills_in(town.ming, "Grandma Li", "!Yes, may pick up")
    assert "✖ Grandma Li" in town.ming.screen.labels
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("👪 Who is picked up")
    assert town.lan.screen.labels[0] == "Hua" and "Shen" not in town.lan.screen.labels
    for label in ("Hua", "Grandma Li"):
        await town.lan.presses(label)
    assert "Hua was picked up from “River bank” Sat 21 Nov, 12:01 by Grandma Li, says Lan." in town.ming.heard[-1]
    await town.lan.presses("Undo (60 s)")
    assert "That was a slip: Hua is still there, says Lan." in town.ming.heard[-1]
    await town.lan.presses_data(f"activities.pickup.by:{activity.id}:{child}:0")
    await town.lan.presses_data(f"activities.pickup.by:{activity.id}:{child}:1")
    assert "has been picked up already" in told(town.lan)
    await town.lan.presses_data(f"activities.pickups:{activity.id}")
    assert "✅ Hua: the guardian, Sat 21 Nov, 12:01" in town.lan.screen.text and await broken(town) == []


async def test_a_child_stays_picked_up_under_another_number(town: Town) -> None:
    """Two records of it become one: nobody waits for it again."""
    activity, child = await in_class(town)
    await town.lan.presses_data(f"activities.pickup.by:{activity.id}:{child}:0")
    await merged(town, town.hua, await town.newcomer("Fei"))
    await town.lan.presses_data(f"activities.pickups:{activity.id}")
    assert "✅ Fei: the guardian" in town.lan.screen.text and await broken(town) == []


async def test_nobody_else_picks_a_child_up(town: Town) -> None:
    """Not whom another guardian named, nor whose name was taken away; the guardian is asked, and others can't look."""
    activity, child = await in_class(town)
    ming = await town.person(town.ming)
    await town.does(lambda tx: minors.name_picker(tx, child, "Uncle Bo", by=ming))
    await town.ming.presses_data("minors.picker.off:1")
    for picker in (1, 99):
        await town.lan.presses_data(f"activities.pickup.by:{activity.id}:{child}:{picker}")
        assert "Only those whom the guardian has named may pick Hua up. Nothing was noted." in told(town.lan)
    await town.lan.presses_data(f"activities.pickup.ask:{activity.id}:{child}")
    assert "Lan asks at “River bank”: who picks Hua up?" in town.ming.heard[-1]
    for data in (f"activities.pickups:{activity.id}", f"minors.pickers:{child}", "minors.picker.off:1"):
        await town.shen.presses_data(data)
        assert "Nothing was changed" in told(town.shen)
    await town.does(lambda tx: privacy.forget(tx, ming))
    sql = "SELECT COUNT(*) FROM pickers WHERE name <> ''"
    assert await town.does(lambda tx: tx.value(sql)) == 0


async def test_a_consent_taken_back_during_a_class_leaves_no_child_there(town: Town) -> None:
    """Who took it back is told when the child leaves and can pick it up, until another guardian agrees and names others."""
    activity, child = await in_class(town)
    ming, shen = await town.person(town.ming), await town.person(town.shen)
    await town.does(lambda tx: minors.name_picker(tx, child, "Uncle Bo", by=ming))
    await town.hua.says((await town.does(lambda tx: activities.code_now(tx, activity.name))).text)
    await town.ming.presses_data(f"minors.withdraw:{child}")
    town.clock.move(30)
    await town.hua.says((await town.does(lambda tx: activities.code_now(tx, activity.name))).text)
    assert "👪 Hua has checked out of “River bank”" in town.ming.heard[-1]
    await town.lan.presses_data(f"activities.pickup.by:{activity.id}:{child}:0")
    assert "Hua was picked up from “River bank” Sat 21 Nov, 12:00 by Ming, says Lan." in town.ming.heard[-1]
    await town.lan.presses("Undo (60 s)")
    hua = await town.person(town.hua)
    token = await town.does(lambda tx: minors.make_token(tx, hua))
    await town.does(lambda tx: minors.consent(tx, token, by=shen))
    await town.lan.presses_data(f"activities.pickup:{activity.id}:{child}")
    assert "Uncle Bo" not in town.lan.screen.labels
    await town.lan.presses("Its guardian")
    assert "by Shen, says Lan." in town.shen.heard[-1]
