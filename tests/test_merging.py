"""Two records of one person become one: who agrees, what goes on, what stays, and that nothing is lost or doubled."""

import asyncio

import pytest

from bot.cli.copying import broken_promises
from bot.domain import activities, groups, hours, merging, people, points, shop
from bot.domain.hours import Grade
from bot.domain.people import Person, Role
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded, insiders
from tests.publishing import all_read, fills_in, join, names, published
from tests.shopping import has, reserved, rich, stocked
from tests.test_activities_past import confirmed
from tests.test_giving import offered
from tests.test_hours import credited
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def second(town: Town) -> Persona:
    return await town.newcomer("Qin", role=Role.ADMIN)


async def asked(town: Town, old: Persona, into: Persona) -> int:
    """Dong has asked for it, Qin has agreed, and both accounts were asked; the number of the merge."""
    qin = town.people.by_name.get("qin") or await second(town)
    one, other = await town.person(old), await town.person(into)
    dong, by = await town.person(town.dong), await town.person(qin)
    found = await town.does(lambda tx: merging.propose(tx, one.id, other.id, by=dong))
    await town.does(lambda tx: merging.agree(tx, found.id, by=by, rules=town.settings))
    await town.settle()
    return found.id


async def merged(town: Town, old: Persona, into: Persona) -> tuple[Person, Person]:
    """Both said yes: the record that ended, and the one that stays, as they were before."""
    before = await town.person(old), await town.person(into)
    number = await asked(town, old, into)
    for persona in (into, old):
        await persona.presses_data(f"merging.yes:{number}")
    await town.settle()
    return before


async def test_from_the_panel_to_the_merged_record(town: Town) -> None:
    """Dong asks by a form, Qin sees both side by side and agrees, Hua and Ming say yes: all of it is Hua's."""
    qin = await second(town)
    await rich(town, town.ming, 30)
    await rich(town, town.hua, 12)
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    await town.dong.says("/admin")
    await town.dong.presses("Duplicate records")
    await town.dong.presses("Merge two records")
    await fills_in(town.dong, "Ming", f"#{hua.id}", "!Ask for it")
    await town.settle()
    assert "Waits for a second admin" in town.dong.screen.text
    await town.dong.presses_data("merging.agree:1")
    assert "You have asked for this yourself" in told(town.dong)
    await qin.says("/admin")
    await qin.presses("Merges · 1")
    await qin.presses(f"Ming #{ming.id} → Hua #{hua.id}")
    assert "30 points" in qin.screen.text and "12 points" in qin.screen.text and "can't be undone" in qin.screen.text
    await qin.presses("I agree")
    await town.settle()
    assert "this record ends" in town.ming.screen.text
    await town.hua.presses("Yes, both are me")
    assert await has(town, town.hua) == 12
    await town.ming.presses("Yes, both are me")
    await town.settle()
    assert await has(town, town.hua) == 42
    assert "Your two records are one now" in "".join(town.hua.heard)
    assert f"became part of number {hua.id}" in told(town.ming)
    assert "✅ Done" in town.dong.screen.text
    await town.ming.says("/points")
    assert f"became part of number {hua.id}" in told(town.ming)
    await town.ming.says("/start")
    assert f"became part of number {hua.id}" in told(town.ming)
    assert (await town.does(lambda tx: people.by_id(tx, ming.id))).forgotten_at is not None
    assert await town.does(broken_promises) == []


async def test_everything_goes_on_under_the_other_number(town: Town) -> None:
    """Sign-ups and memberships unite, hours count together, roles are not carried, a reservation is picked up or given up."""
    group = await founded(town, leader=town.ming, capacity=2)
    other = await founded(town, "Chess")
    for persona in (town.hua, town.lan):
        person = await town.person(persona)
        await town.does(lambda tx, p=person: groups.join(tx, group.id, by=p))  # type: ignore[misc]
    ming = await town.person(town.ming)
    await town.does(lambda tx: groups.join(tx, other.id, by=ming))
    both, alone = (
        await published(town, None, places=2),
        await published(town, None, title="Alone", starts_in=9 * 24 * 3600),
    )
    await join(town, both, town.ming, town.hua, town.lan)
    await join(town, alone, town.ming)
    await credited(town, town.ming, 120)
    await credited(town, town.hua, 60, starts=180)
    await rich(town, town.ming, 70)
    item = await stocked(town)
    redemption = await reserved(town, town.ming, item)
    old, into = await merged(town, town.ming, town.hua)
    assert await names(town, both, "in") == ["Hua"]
    assert await names(town, alone, "in") == ["Hua"]
    assert "Hua" in await insiders(town, other)
    assert await town.does(lambda tx: groups.leaders_of(tx, group.id)) == []
    assert (await town.does(lambda tx: hours.sums(tx, into.id))).total == 180
    assert (await town.does(lambda tx: hours.sums(tx, old.id))).total == 0
    assert await has(town, town.hua) == 20
    hua = await town.person(town.hua)
    await town.does(lambda tx: shop.cancel(tx, redemption.id, by=hua))
    assert await has(town, town.hua) == 70
    assert await town.does(lambda tx: points.balance(tx, old.id)) == 0
    assert await town.does(broken_promises) == []


async def test_nobody_came_twice(town: Town) -> None:
    """Both records were confirmed at one task: its points and hours count once, with a trail; a later correction, too."""
    task = await published(town, None, starts_in=60, lasts=7200)
    await join(town, task, town.ming, town.hua)
    town.clock.move(4 * 3600)
    await confirmed(town, task, town.ming, town.hua)
    assert await has(town, town.ming) == await has(town, town.hua) == 10
    old, into = await merged(town, town.ming, town.hua)
    assert await has(town, town.hua) == 10
    assert (await town.does(lambda tx: hours.sums(tx, into.id))).total == 120
    assert (await town.does(lambda tx: hours.sums(tx, old.id))).total == 0
    trail = (
        "SELECT COUNT(*) FROM corrections c JOIN participations p ON p.id = c.participation_id WHERE p.person_id = :id"
    )
    assert await town.does(lambda tx: tx.value(trail, id=old.id)) == 1
    assert await town.does(broken_promises) == []


async def test_who_came_under_one_number_came(town: Town) -> None:
    """Both had a place and Ming's record was there: it is Hua who came, once, and a correction takes it back."""
    task = await published(town, None, starts_in=60, lasts=7200)
    await join(town, task, town.ming, town.hua)
    town.clock.move(4 * 3600)
    await confirmed(town, task, town.ming)
    _, into = await merged(town, town.ming, town.hua)
    sql = "SELECT id, came FROM participations WHERE activity_id = :activity AND person_id = :person"
    (own,) = await town.does(lambda tx: tx.all(sql, activity=task.id, person=into.id))
    assert own["came"] == 1
    assert await has(town, town.hua) == 10
    dong, missed = await town.person(town.dong), activities.Attendance.MISSED
    await town.does(lambda tx: activities.correct(tx, own["id"], missed, by=dong, rules=town.settings.hours))
    assert await has(town, town.hua) == 0
    assert (await town.does(lambda tx: hours.sums(tx, into.id))).total == 0
    assert await town.does(broken_promises) == []


async def test_what_was_earned_before_is_corrected_under_the_other_number(town: Town) -> None:
    """Dong finds that Ming had not come: the points come back from where they went, and return when he had."""
    task = await published(town, None, starts_in=60, lasts=7200)
    await join(town, task, town.ming)
    town.clock.move(4 * 3600)
    await confirmed(town, task, town.ming)
    await merged(town, town.ming, town.hua)
    assert await has(town, town.hua) == 10
    dong = await town.person(town.dong)
    signup = await town.does(lambda tx: tx.value("SELECT id FROM participations WHERE activity_id = :id", id=task.id))
    for attendance, left in ((activities.Attendance.MISSED, 0), (activities.Attendance.CAME, 10)):
        await town.does(
            lambda tx, a=attendance: activities.correct(tx, signup, a, by=dong, rules=town.settings.hours)  # type: ignore[misc]
        )
        assert await has(town, town.hua) == left
    assert await town.does(broken_promises) == []


async def test_what_one_said_for_oneself_does_not_count(town: Town) -> None:
    """Hua entered hours for her own other record: they are taken off, and two admins saw that before they agreed."""
    group = await founded(town, leader=town.hua)
    await credited(town, town.ming, 60, Grade.ROLL, by=town.hua, group_id=group.id)
    number = await asked(town, town.ming, town.hua)
    await town.dong.presses_data(f"merging.open:{number}")
    assert "One vouched for the other 1 time" in town.dong.screen.text
    into = await town.person(town.hua)
    for persona in (town.hua, town.ming):
        await persona.presses_data(f"merging.yes:{number}")
    assert (await town.does(lambda tx: hours.sums(tx, into.id))).total == 0
    assert await town.does(broken_promises) == []


@pytest.mark.parametrize("who", ["giver", "receiver", "both"])
@pytest.mark.parametrize("how", ["giveback", "reversed"])
async def test_a_gift_goes_back_to_whoever_its_giver_became(town: Town, who: str, how: str) -> None:
    """As given back by whoever its receiver became, or taken back by an admin; where both are one now it stays as it is."""
    gift = await offered(town)
    await town.passes(hours=25)
    gone = town.ming if who == "giver" else town.hua
    stays = town.ming if who == "both" else town.lan
    await merged(town, gone, stays)
    all_read(town)
    receiver = stays if gone is town.hua else town.hua
    by = receiver if how == "giveback" else town.dong
    await by.presses_data(f"points.gift.{how}:{gift.id}")
    if who == "both":
        assert ("one person now" in told(by), await has(town, town.ming)) == (True, 100)
    else:
        giver = stays if who == "giver" else town.ming
        assert "the points are back with the giver" in told(by)
        assert (await has(town, giver), await has(town, receiver)) == (100, 0)
    await stays.presses_data("points.gift.list:0")
    assert any("20 points" in label for label in stays.screen.labels)
    assert await town.does(broken_promises) == []


async def test_what_can_not_be_merged(town: Town) -> None:
    """Itself, oneself, an admin, somebody who left, somebody who is being merged, and by anybody but admins."""
    ming, hua, dong, lan = [await town.person(each) for each in (town.ming, town.hua, town.dong, town.lan)]
    qin = await town.person(await second(town))

    async def refused(old: Person, into: Person, by: Person) -> str:
        with pytest.raises(Refused) as no:
            await town.does(lambda tx: merging.propose(tx, old.id, into.id, by=by))
        return no.value.reason.text

    assert "one record" in await refused(ming, ming, dong)
    assert "your own record" in await refused(dong, ming, dong)
    assert "has a role" in await refused(qin, ming, dong)
    assert "Only county admins" in await refused(ming, hua, lan)
    await town.does(lambda tx: merging.propose(tx, ming.id, hua.id, by=dong))
    assert "being merged already" in await refused(hua, lan, dong)
    await town.lan.says("/forget")
    await town.lan.presses("Yes, forget me")
    await town.settle()
    assert "has left" in await refused(lan, hua, dong)
    await town.hua.says("/forget")
    await town.hua.presses("Yes, forget me")
    await town.settle()
    assert await town.does(lambda tx: tx.value(merging.OPEN_NUMBER)) == 0


async def test_chains_and_leaving(town: Town) -> None:
    """Ming's record becomes Hua's, and Hua's becomes Lan's: all is Lan's, /mydata has all, and /forget leaves nothing."""
    await rich(town, town.ming, 30)
    await rich(town, town.hua, 12)
    await credited(town, town.ming, 60)
    first, _ = await merged(town, town.ming, town.hua)
    middle, last = await merged(town, town.hua, town.lan)
    assert await has(town, town.lan) == 42
    assert (await town.does(lambda tx: hours.sums(tx, last.id))).total == 60
    transfer = await town.does(lambda tx: tx.value("SELECT id FROM transfers WHERE cause = :c", c=f"earned:{first.id}"))
    await town.does(lambda tx: points.reverse(tx, transfer, by=None, cause="test"))
    assert await has(town, town.lan) == 12
    await town.ming.says("/me")
    assert f"became part of number {last.id}" in told(town.ming)
    await town.lan.says("/mydata")
    (file,) = town.lan.files
    assert f'"record {first.id}"'.encode() in file.content and f'"record {middle.id}"'.encode() in file.content
    await town.lan.says("/forget")
    await town.lan.presses("Yes, forget me")
    await town.settle()
    kept = "SELECT COUNT(*) FROM people WHERE once_telegram_id IS NOT NULL"
    assert await town.does(lambda tx: tx.value(kept)) == 0
    assert await town.does(broken_promises) == []


async def test_a_neighbour_takes_over_the_account(town: Town) -> None:
    """Registered by a leader and by himself: with his yes the neighbour's record has his account and what he earned."""
    from bot.domain import neighbours  # noqa: PLC0415

    group = await founded(town, leader=town.lan)
    lan = await town.person(town.lan)
    made = await town.does(lambda tx: neighbours.register(tx, group.id, "Uncle", by=lan))
    await rich(town, town.ming, 30)
    qin, dong, ming = await town.person(await second(town)), await town.person(town.dong), await town.person(town.ming)
    await town.does(lambda tx: merging.propose(tx, ming.id, made.person.id, by=dong))
    await town.does(lambda tx: merging.agree(tx, 1, by=qin, rules=town.settings))
    await town.settle()
    await town.ming.presses("Yes, both are me")
    await town.settle()
    now = await town.person(town.ming)
    assert (now.id, now.nickname) == (made.person.id, "Uncle")
    assert await has(town, town.ming) == 30
    await town.ming.says("/points")
    assert "30 points" in town.ming.screen.text
    assert await town.does(broken_promises) == []


async def test_what_was_under_way_goes_on_too(town: Town) -> None:
    """The old account's last taps are done after the merge: a minute later they are the other record's."""
    group, task = await founded(town), await published(town, None)
    old, _ = await merged(town, town.ming, town.hua)
    await town.does(lambda tx: groups.join(tx, group.id, by=old))
    await join(town, task, old)
    await rich(town, town.hua, 5)
    await town.passes(minutes=2)
    assert await insiders(town, group) == ["Hua"]
    assert await names(town, task, "in") == ["Hua"]
    assert await has(town, town.hua) == 5
    assert await town.does(broken_promises) == []


async def test_at_the_same_moment(town: Town) -> None:
    """Both confirm twice, the reservation is given up and handed out, and another merge is asked for, all at once: each happens once."""
    await rich(town, town.ming, 70)
    item = await stocked(town)
    redemption = await reserved(town, town.ming, item)
    number = await asked(town, town.ming, town.hua)
    old, into, dong, lan = [await town.person(each) for each in (town.ming, town.hua, town.dong, town.lan)]

    async def yes(tx: Transaction, by: Person) -> None:
        await merging.confirm(tx, number, by=by, rules=town.settings)

    ends = await asyncio.gather(
        *(town.does(lambda tx, p=person: yes(tx, p)) for person in (into, old, into, old)),  # type: ignore[misc]
        town.does(lambda tx: shop.cancel(tx, redemption.id, by=old)),
        town.does(lambda tx: shop.hand_out(tx, redemption.code, 1, by=dong)),
        town.does(lambda tx: merging.propose(tx, into.id, lan.id, by=dong)),
        return_exceptions=True,
    )
    assert all(end is None or isinstance(end, Refused | shop.Redemption | merging.Merge) for end in ends), ends
    assert (await town.does(lambda tx: merging.merge(tx, number))).state == "done"
    assert await has(town, town.hua) in (20, 70)
    assert await town.does(lambda tx: points.balance(tx, old.id)) == 0
    assert await town.does(broken_promises) == []
    all_read(town)
