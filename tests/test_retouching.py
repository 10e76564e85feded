"""Signing up is changed after publishing: whoever is in keeps his place and is told, and the mode stays once somebody is in."""

from bot.domain import activities
from bot.domain.activities import RoleDraft, Terms
from tests.founding import founded
from tests.publishing import DAY, broken, fills_in, join, names, now, published
from tests.town import Town


async def test_conditions_and_times_are_changed_and_nobody_loses_his_place(town: Town) -> None:
    """Ming has a place and keeps it, told once each; Hua reads what is asked now, and all of it can be taken away again."""
    activity = await published(town, await founded(town, leader=town.lan))
    await join(town, activity, town.ming)
    await town.lan.presses_data(f"activities.change:{activity.id}")
    await town.lan.presses("🎟 Signing up")
    assert "Who gets a place stays" in town.lan.screen.text and "Who gets a place" not in town.lan.screen.labels
    await town.lan.presses("Only for")
    await town.lan.says("training: first aid, group: Nowhere")
    await town.lan.presses("Change it")
    assert "There is no group called Nowhere. Nothing was saved." in town.lan.screen.text
    await fills_in(town.lan, "!‹ Back", "training: first aid")
    assert "1 person in it is told of it" in town.lan.screen.text
    await town.lan.presses("Change it")
    await town.tick()
    assert "Your place, or your number in the queue, stays yours" in town.ming.screen.text
    await town.hua.says(f"/signup {activity.id}")
    assert "it needs the training" in town.hua.screen.text
    await town.lan.presses_data(f"activities.retouch:{activity.id}:opens")
    await fills_in(town.lan, "tomorrow 10:00", "!Change it")
    await town.hua.says(f"/signup {activity.id}")
    assert "opens Sun 22 Nov, 10:00" in town.hua.screen.text
    for field in ("conditions", "opens"):
        await town.lan.presses_data(f"activities.retouch:{activity.id}:{field}")
        await fills_in(town.lan, "!Skip", "!Change it")
    assert not (await now(town, activity)).special
    await town.hua.says(f"/signup {activity.id}")
    assert await names(town, activity, "in") == ["Ming", "Hua"] and await broken(town) == []


async def test_a_window_is_refused_that_would_end_before_it_opens_or_after_the_start(town: Town) -> None:
    """Each with its reason; nothing is changed."""
    activity = await published(town, await founded(town, leader=town.lan))
    for field, typed, why in (
        ("closes", "30 Nov 10:00", "has to end between now and the start"),
        ("opens", "30 Nov 10:00", "has to open after now, and before it ends"),
    ):
        await town.lan.presses_data(f"activities.retouch:{activity.id}:{field}")
        await fills_in(town.lan, typed, "!Change it")
        assert why in town.lan.screen.text + town.lan.toasts[-1].text
    assert await now(town, activity) == activity


async def test_the_mode_is_another_while_nobody_has_signed_up(town: Town) -> None:
    """A lottery, with a seal and an hour of its own; once somebody has applied it stays, and is drawn."""
    activity = await published(town, await founded(town, leader=town.lan), places=2, terms=Terms(share=2))
    await town.lan.presses_data(f"activities.terms:{activity.id}")
    await fills_in(town.lan, "!Who gets a place", "!Lottery", "!Change it")
    assert "🎲 Lottery · seal" in town.lan.screen.text
    changed = await now(town, activity)
    assert (changed.closes_at, changed.places, changed.kept) == (activity.starts_at - DAY, 2, 0)
    await join(town, activity, town.ming, town.hua, town.shen)
    await town.lan.presses_data(f"activities.retouch:{activity.id}:mode")
    await fills_in(town.lan, "!The leaders decide", "!Change it")
    assert "3 people have signed up by the rule that stands on the card" in town.lan.screen.text
    await town.days_pass(2.1)
    assert [len(await names(town, activity, state)) for state in ("in", "waiting")] == [2, 1]
    assert await broken(town) == []


async def test_a_role_is_called_otherwise(town: Town) -> None:
    """Its people and conditions stay; no two roles of an activity have one name."""
    roles = (RoleDraft("helper", 2), RoleDraft("driver", 1))
    activity = await published(town, await founded(town, leader=town.lan), places=None, terms=Terms(roles=roles))
    ming = await town.person(town.ming)
    role = (await town.does(lambda tx: activities.view(tx, activity.id, ming))).roles[0]
    await town.ming.presses_data(f"activities.join:{activity.id}:{role.id}")
    await town.lan.presses_data(f"activities.terms:{activity.id}")
    await town.lan.presses("Places by role")
    await town.lan.presses("✎ Rename")
    await fills_in(town.lan, "Driver", "!Change it")
    assert "Two roles have the same name. Nothing was changed" in town.lan.screen.text + town.lan.toasts[-1].text
    await town.lan.presses_data(f"activities.role.name:{role.id}")
    await fills_in(town.lan, "Litter picker", "!Change it")
    await town.ming.starts(f"activities_open-{activity.id}")
    assert "You are signed up as Litter picker" in town.ming.screen.text
    await town.hua.presses_data(f"activities.role.name:{role.id}")
    assert "leaders" in town.hua.screen.text
    assert await broken(town) == []
