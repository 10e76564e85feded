"""Who missed something: a reason in one tap, a pause after three, and an appeal that somebody else answers."""

from bot.domain import activities, groups, points
from bot.domain.activities import Activity, Mode, Terms
from bot.domain.people import Person
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, broken, join, names, published
from tests.rotating import drawn, guides, post, seats
from tests.town import Town


async def missed(town: Town, persona: Persona, *, times: int = 1) -> list[Activity]:
    """Tasks of one group that this one had a place in, and that Lan confirmed without him."""
    group, lan, made = await founded(town, "Dance", leader=town.lan), await town.person(town.lan), []
    rules = town.settings.hours
    for number in range(times):
        activity = await published(town, group, starts_in=60, title=f"Task {number + 1}")
        await join(town, activity, persona)
        town.clock.move(3 * 3600)
        await town.tick()
        await town.does(lambda tx, a=activity: activities.confirm(tx, a.id, by=lan, rules=rules))  # type: ignore[misc]
        made.append(activity)
    all_read(town)
    await town.tick()
    return made


async def lead(tx: Transaction, activity: Activity, person: Person, by: Person) -> None:
    """Let somebody else lead the activity's group as well."""
    assert activity.group_id is not None
    await groups.appoint(tx, await groups.by_id(tx, activity.group_id), person, by=by)


async def signup(town: Town, activity: Activity) -> int:
    return int(
        await town.does(lambda tx: tx.value("SELECT id FROM participations WHERE activity_id = :id", id=activity.id))
    )


async def test_a_reason_takes_one_tap_and_the_leader_excuses_it(town: Town) -> None:
    """Under the word that he missed it, with the rule; excused, it counts no longer."""
    await missed(town, town.ming)
    rule = "Missed without a reason within 90 days: 1. From 3 on signing up pauses for 7 days."
    assert rule in town.ming.screen.text
    await town.ming.presses("Say why, or appeal")
    assert "from 3 missed without a reason within 90 days on, signing up pauses for 7 days" in town.ming.screen.text
    await town.ming.presses("I was ill")
    assert "Reason given: I was ill" in town.ming.screen.text
    assert "Ming missed “Task 1” and says why:" in town.lan.screen.text
    await town.lan.presses("🙏 Excuse it")
    assert "You are down as excused" in town.ming.heard[-1]
    ming = await town.person(town.ming)
    assert await town.does(lambda tx: activities.missed_lately(tx, ming.id, town.settings.absences)) == []


async def test_three_missed_pause_signing_up_for_a_week(town: Town) -> None:
    """Told at once, and at the next sign-up: rule, number and until when; a reason that is excused, or a week, ends it."""
    first, *_ = await missed(town, town.ming, times=3)
    assert sum("pauses until" in text for text in town.ming.heard) == 1
    assert "⏸ You missed 3 activities without a reason within 90 days: signing up pauses" in town.ming.screen.text
    coming = await published(town, None, starts_in=9 * 24 * 3600, title="Ahead")
    await town.ming.says(f"/signup {coming.id}")
    text = town.ming.screen.text
    assert "You missed 3 activities without a reason within 90 days" in text and "until Sat 28 Nov, 19:00" in text
    await town.ming.presses("What I missed")
    assert town.ming.screen.labels[:3] == ["Task 3", "Task 2", "Task 1"]
    await town.ming.presses("Task 1")
    await town.ming.presses("In my own words")
    await town.ming.says("My bicycle broke")
    await town.ming.presses("Send")
    assert "“My bicycle broke”" in town.lan.screen.text
    await town.lan.presses("🙏 Excuse it")
    await town.ming.says(f"/signup {coming.id}")
    assert "You are signed up" in town.ming.screen.text
    assert first.id and await broken(town) == []


async def test_the_pause_ends_by_itself(town: Town) -> None:
    """A week after the third was confirmed."""
    await missed(town, town.ming, times=3)
    coming = await published(town, None, starts_in=9 * 24 * 3600, title="Ahead")
    town.clock.move(7 * 24 * 3600 + 1)
    await town.ming.says(f"/signup {coming.id}")
    assert "You are signed up" in town.ming.screen.text


async def test_a_pause_holds_wherever_a_place_is_taken(town: Town) -> None:
    """An offer, another's place, a place that a leader gives, and an empty duty are all refused, with the rule."""
    coming = await published(town, None, starts_in=3 * 24 * 3600, title="Ahead", places=1)
    chosen = await published(
        town, None, starts_in=4 * 24 * 3600, title="Chosen", places=1, terms=Terms(mode=Mode.REVIEW)
    )
    await join(town, coming, town.hua, town.ming)
    await join(town, chosen, town.ming)
    await missed(town, town.ming, times=3)
    await town.hua.presses_data(f"activities.leave:{coming.id}")
    await town.passes(seconds=62)
    await town.ming.presses("I take it")
    assert "You missed 3 activities without a reason" in town.ming.screen.text
    applied = await town.does(lambda tx: tx.value("SELECT id FROM participations WHERE state = 'applied'"))
    await town.dong.presses_data(f"activities.take.on:{applied}")
    assert "Ming can't have the place: You missed 3" in town.dong.screen.text
    await town.ming.presses_data(f"activities.decline:{coming.id}")
    await join(town, coming, town.hua)
    await town.hua.presses_data(f"activities.standin:{coming.id}")
    await town.ming.presses_data("activities.takeover:1")
    assert "You missed 3 activities without a reason" in town.ming.screen.text
    assert await names(town, coming, "in") == ["Hua"] and await names(town, chosen, "in") == []
    assert await broken(town) == []


async def test_who_is_paused_takes_no_duty(town: Town) -> None:
    """Neither an empty one nor another's; what is one's own stays."""
    await missed(town, town.ming, times=3)
    made = await post(town, await guides(town, town.hua), (3, 9, 3, 2))
    await drawn(town, made)
    await town.ming.says("/join Guides")
    (seat,) = await seats(town, town.hua)
    for data in (f"rotas.take:{seat.shift.id}", f"rotas.seek:{seat.duty.id}", f"rotas.relieve:{seat.duty.id}"):
        who = town.hua if "seek" in data else town.ming
        await who.presses_data(data)
        assert "You missed 3 activities" in town.ming.screen.text
    assert await seats(town, town.ming) == []


async def test_an_appeal_is_answered_by_somebody_else(town: Town) -> None:
    """Not by whoever confirmed it; once; if he came after all, points and hours follow."""
    (activity,) = await missed(town, town.ming)
    await town.ming.presses("Say why, or appeal")
    await town.ming.presses("Appeal")
    assert "❗ Appealed; an answer is due by" in town.ming.screen.text
    assert "Appeal" not in town.ming.screen.labels
    assert town.lan.heard == []
    await town.lan.says("/me")
    await town.lan.presses_data("activities.answered:1:stands")
    assert "somebody else answers" in town.lan.toasts[-1].text
    assert "Ming appeals: “Task 1” is not missed" in town.dong.heard[-1]
    await town.dong.presses("Look at it")
    await town.dong.presses("✅ Came")
    assert "Dong found that it was no absence" in town.dong.screen.text
    assert "Missed, says" not in town.dong.screen.text
    await town.dong.presses_data("activities.answered:1:stands")
    assert "answered before" in town.dong.toasts[-1].text
    ming = await town.person(town.ming)
    assert await town.does(lambda tx: points.balance(tx, ming.id)) == 10
    assert "who came has been corrected" in town.ming.heard[-1]
    assert activity.id and await broken(town) == []


async def test_an_appeal_that_nobody_answers_goes_up_to_the_county(town: Town) -> None:
    """Another leader is asked first; after three days all admins; what stays missed is told with the rule."""
    (activity,) = await missed(town, town.ming)
    hua, dong = await town.person(town.hua), await town.person(town.dong)
    await town.does(lambda tx: lead(tx, activity, hua, dong))
    town.dong.forget()
    await town.ming.presses_data(f"activities.appealed:{await signup(town, activity)}")
    assert "Ming appeals" in town.hua.heard[-1] and town.dong.heard == []
    await town.days_pass(3.1)
    assert "Ming appeals" in "".join(town.dong.heard)
    assert "Nobody has answered your appeal for “Task 1” yet. The county is asked now." in town.ming.heard[-1]
    await town.hua.says("/me")
    await town.hua.presses_data("activities.answered:1:stands")
    assert "“Task 1” stays missed" in town.ming.heard[-1] and "The rule: from 3 missed" in town.ming.heard[-1]
    assert await broken(town) == []
