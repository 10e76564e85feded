"""Giving points away: to a person or to a group, with limits, time to think it over, and a way back."""

import asyncio

import pytest

from bot.domain import minors, people, points
from bot.domain.people import Age, Person
from bot.domain.points import Gift, Receiver
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, fills_in
from tests.shopping import has, rich, sound
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def offered(town: Town, amount: int = 20, *, to: Persona | None = None, key: str = "form:1") -> Gift:
    """Ming, who has a hundred points, gives some to Hua."""
    ming, hua = await town.person(town.ming), await town.person(to or town.hua)
    if await has(town, town.ming) == 0:
        await rich(town, town.ming, 100)
    return await town.does(lambda tx: points.give(tx, Receiver(person_id=hua.id), amount, "Thanks", key, by=ming))


async def changed(town: Town, **amounts: int) -> None:
    """The county changes its rules."""
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.change_rules(tx, 1, amounts, "A new year", by=dong))
    await town.settle()
    all_read(town)


async def aged(town: Town, persona: Persona, age: Age) -> Person:
    child = await town.person(persona)
    await town.does(lambda tx: people.set_age(tx, child, age))
    return await town.person(persona)


async def test_a_gift_is_set_aside_and_final_after_a_day(town: Town) -> None:
    """By the number on the card; Hua hears of it once it is his, with who gave it and what was said."""
    await town.ming.says("/give")
    assert town.ming.screen.labels[0] == "Volunteer tasks", "there is nothing to give yet"
    await rich(town, town.ming, 30)
    await town.ming.says("/give")
    assert "At once you give 50 points at most" in town.ming.screen.text
    await town.ming.presses("By card number")
    hua = await town.person(town.hua)
    await town.ming.says(f"{hua.id:06}")
    assert f"Card number: {hua.id}" in town.ming.screen.text
    await fills_in(town.ming, "!Go on", "!Give points away", "20", "For the chairs", "!Give them away")
    assert "Hua" not in "".join(town.ming.heard)
    assert "⏳ Set aside" in town.ming.screen.text
    assert (await has(town, town.ming), await has(town, town.hua), town.hua.heard) == (10, 0, [])
    await town.passes(hours=25)
    assert "Ming gave you 20 points.\n“For the chairs”" in town.hua.screen.text
    assert (await has(town, town.ming), await has(town, town.hua)) == (10, 20)
    await town.hua.presses("My points")
    assert "+20 gift “Ming · For the chairs”" in town.hua.screen.text
    assert await sound(town) == []


async def test_what_a_gift_sets_aside_opens_who_gives_it(town: Town) -> None:
    """From the panel's figure on down; its purse has the gift's number below nothing."""
    await offered(town)
    await town.dong.says("/admin")
    for label in ("Points · 100", "Reserved", "Gift 1"):
        await town.dong.presses(label)
    assert town.dong.screen.text.startswith("📊 Reserved · Gift 1\n+20 gift")
    assert town.dong.screen.labels[0] == "Ming #1"


async def test_the_giver_takes_it_back_in_time(town: Town) -> None:
    """Nobody else can, Hua never hears of it, and once it is final it is too late."""
    gift = await offered(town)
    for persona in (town.hua, town.lan, town.dong):
        await persona.presses_data(f"points.gift.takeback:{gift.id}")
        assert "no such gift of yours" in told(persona)
    await town.ming.says("/give")
    await town.ming.presses("Given and got")
    await town.ming.presses("🎁 20 points for H＊＊")
    await town.ming.presses("Take it back")
    assert "Taken back" in town.ming.screen.text
    await town.passes(hours=25)
    assert await has(town, town.ming) == 100
    late = await offered(town, key="form:2")
    await town.passes(hours=25)
    await town.ming.presses_data(f"points.gift.takeback:{late.id}")
    assert "✅ Given on" in told(town.ming)
    assert await has(town, town.ming) == 80
    assert await sound(town) == []


async def test_the_receiver_gives_it_back(town: Town) -> None:
    """Within a week, once, and Ming is told; what was spent meanwhile can't be given back."""
    gift = await offered(town)
    await town.passes(hours=25)
    await town.hua.presses("Give them back")
    await town.hua.presses("Give them back")
    assert "Given back" in town.hua.screen.text
    await town.hua.presses_data(f"points.gift.giveback:{gift.id}")
    await town.passes(hours=1)
    assert "Hua gave 20 points back to you" in "".join(town.ming.heard)
    assert (await has(town, town.ming), await has(town, town.hua)) == (100, 0)
    other = await offered(town, key="form:2")
    await town.days_pass(9)
    await town.hua.presses_data(f"points.gift.giveback:{other.id}")
    assert "It could be given back until" in told(town.hua)
    assert await sound(town) == []


@pytest.mark.parametrize(
    ("amount", "why"),
    [(0, "1 to 50 points"), (51, "1 to 50 points"), (-5, "1 to 50 points"), (40, "you have given 70 this month")],
)
async def test_limits_at_once_and_a_month(town: Town, amount: int, why: str) -> None:
    """The refusal names the rule and the numbers; nothing is set aside."""
    await offered(town, 50)
    await offered(town, 20, key="form:2")
    with pytest.raises(Refused) as refused:
        await offered(town, amount, key="form:3")
    assert why in refused.value.reason.text.format(**refused.value.reason.values)
    assert await has(town, town.ming) == 30


async def test_what_was_taken_back_counts_for_no_month(town: Town) -> None:
    """And with the first of the county's month all may be given again."""
    ming = await town.person(town.ming)
    await rich(town, town.ming, 150)
    first = await offered(town, 50)
    await town.does(lambda tx: points.take_back(tx, first.id, by=ming))
    await offered(town, 50, key="form:2")
    await offered(town, 50, key="form:3")
    assert await town.does(lambda tx: points.given_this_month(tx, ming)) == 100
    await town.until(2026, 12, 1, 0, 1)
    await offered(town, 50, key="form:4")
    assert await has(town, town.ming) == 0


async def test_a_county_may_allow_no_giving(town: Town) -> None:
    """With the rules at nothing every gift is refused; with no hours it is final at once."""
    await changed(town, gift_once=0)
    with pytest.raises(Refused, match="allow no giving"):
        await offered(town)
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.change_rules(tx, 2, {"gift_once": 50, "gift_hours": 0}, "Again", by=dong))
    await offered(town)
    await town.tick()
    assert await has(town, town.hua) == 20


async def test_not_to_oneself_not_more_than_one_has_not_to_who_left(town: Town) -> None:
    """Each refusal says why, and that nothing was set aside."""
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    await rich(town, town.ming, 10)
    await town.ming.says(f"/give {ming.id}")
    assert "That is yourself" in told(town.ming)
    await town.ming.says("/give 999999")
    assert "nobody with the number 999999" in told(town.ming)
    assert "Give points away" in town.ming.screen.labels
    await town.ming.says("/give <b")
    assert "Please send the number on the card" in told(town.ming)
    with pytest.raises(Refused, match="so you can't give"):
        await offered(town, 11)
    await town.does(lambda tx: people.forget(tx, hua))
    await town.ming.says(f"/give {hua.id}")
    assert "This person has left" in told(town.ming)
    with pytest.raises(Refused, match="yourself"):
        await offered(town, 5, to=town.ming)
    assert await has(town, town.ming) == 10


async def test_of_people_of_no_common_group_only_a_letter_is_shown(town: Town) -> None:
    """Numbers tell no names; whoever shares a group is tapped from its list, on which nobody under 18 stands."""
    group = await founded(town, "Dance", leader=town.lan)
    hua = await town.person(town.hua)
    await town.ming.says(f"/give {hua.id}")
    assert "<b>H＊＊</b>" in town.ming.screen.text or "H＊＊" in town.ming.screen.text
    await town.ming.presses_data(f"points.gift.group:{group.id}")
    assert "Only those who are in Dance" in told(town.ming)
    for persona in (town.ming, town.hua, town.shen):
        await persona.says("/join Dance")
    await aged(town, town.shen, Age.YOUTH)
    await rich(town, town.ming, 10)
    await town.ming.says("/give")
    await fills_in(town.ming, "!In my groups", "!Dance")
    assert [label for label in town.ming.screen.labels if "›" in label] == ["Hua ›"]
    await fills_in(town.ming, "!Hua ›", "!Give points away")
    assert [label for label in town.ming.screen.labels if label.isdecimal()] == ["5", "10"]
    await fills_in(town.ming, "!5", "!Skip", "!Give them away")
    assert "5 points for Hua" in town.ming.screen.text


async def test_a_code_of_ones_own_leads_to_giving(town: Town) -> None:
    """Scanned, it shows the number and asks how many."""
    hua = await town.person(town.hua)
    await town.hua.says("/give")
    await town.hua.presses("My own code")
    await town.ming.says(f"/start points_gift_to-{hua.id}")
    assert f"number {hua.id}" in town.ming.screen.text


async def test_children_give_and_get_only_with_a_consent(town: Town) -> None:
    """Refused on both sides while it is missing; with it the guardian hears; taken back, what waits goes back."""
    await aged(town, town.hua, Age.CHILD)
    child = await town.person(town.hua)
    await rich(town, town.ming, 50)
    await rich(town, town.hua, 50)
    await town.ming.presses_data(f"points.gift.begin:{child.id}")
    assert "a consent is missing" in told(town.ming)
    ming = await town.person(town.ming)
    await town.hua.presses_data(f"points.gift.begin:{ming.id}")
    assert "a parent or guardian has to agree first" in told(town.hua)
    lan = await town.person(town.lan)

    async def agree(tx: Transaction) -> None:
        await minors.consent(tx, await minors.make_token(tx, child), by=lan)

    await town.does(agree)
    await town.settle()
    all_read(town)
    await town.ming.presses_data(f"points.gift.begin:{child.id}")
    await fills_in(town.ming, "!10", "!Skip", "!Give them away")
    await town.settle()
    assert "Somebody gives Hua 10 points" in "".join(town.lan.heard)
    await town.lan.presses_data(f"minors.withdraw:{child.id}")
    await town.settle()
    assert "did not come about" in "".join(town.ming.heard)
    assert await has(town, town.ming) == 50
    assert await sound(town) == []


async def test_a_gift_to_somebody_who_leaves_goes_back(town: Town) -> None:
    """Also to a group that is closed; what was said is wiped with the one who leaves."""
    await offered(town)
    hua = await town.person(town.hua)
    await town.does(lambda tx: points.forget(tx, hua))
    assert await has(town, town.ming) == 100
    words = await town.does(lambda tx: tx.value("SELECT words FROM gifts"))
    group, ming = await founded(town, "Dance"), await town.person(town.ming)
    await town.does(lambda tx: points.give(tx, Receiver(group_id=group.id), 10, "", "form:2", by=ming))
    await town.dong.presses_data(f"groups.closing:{group.id}")
    await town.dong.presses("Close it")
    await town.passes(hours=25)
    assert (words, await has(town, town.ming)) == ("", 100)
    assert await sound(town) == []


async def test_a_giver_who_leaves_gives_nothing_any_more(town: Town) -> None:
    """What waits comes back to the number that nobody is behind; the books hold."""
    await offered(town)
    ming = await town.person(town.ming)
    await town.does(lambda tx: points.forget(tx, ming))
    await town.passes(hours=25)
    assert (await has(town, town.hua), await town.does(lambda tx: points.balance(tx, ming.id))) == (0, 100)
    assert await sound(town) == []


async def test_five_taps_and_the_end_at_the_same_moment(town: Town) -> None:
    """The same form told five times is one gift; taken back as it becomes final, it ends once."""
    await rich(town, town.ming, 30)
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    to = Receiver(person_id=hua.id)
    await asyncio.gather(*(town.does(lambda tx: points.give(tx, to, 20, "", "form:1", by=ming)) for _ in range(5)))
    assert await has(town, town.ming) == 10
    screens = [f"form:{n}" for n in range(2, 7)]
    await asyncio.gather(
        *(town.does(lambda tx, key=key: points.give(tx, to, 10, "", key, by=ming)) for key in screens),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert await has(town, town.ming) == 0
    town.clock.move(24 * 3600)
    await asyncio.gather(
        town.parts.scheduler.tick(),
        *(town.does(lambda tx, n=n: points.take_back(tx, n, by=ming)) for n in (1, 1)),  # type: ignore[misc]
        return_exceptions=True,
    )
    await town.passes(hours=1)
    assert await has(town, town.ming) + await has(town, town.hua) == 30
    assert await sound(town) == []


async def test_mydata_tells_of_gifts(town: Town) -> None:
    """Both sides find it in what is kept of them."""
    await offered(town)
    for persona in (town.ming, town.hua):
        person = await town.person(persona)
        known = await town.does(lambda tx, p=person: points.known_of(tx, p))  # type: ignore[misc]
        assert [gift["amount"] for gift in known["points"]["gifts"]] == [20]


async def final(town: Town) -> Gift:
    """Hua has had Ming's twenty points for good."""
    made = await offered(town)
    await town.passes(hours=25)
    all_read(town)
    return made


async def test_an_admin_takes_a_final_gift_back_for_its_giver(town: Town) -> None:
    """From the entry that can't be corrected by itself: once, with both told, and it stays told to whoever looks later."""
    made = await final(town)
    hua = await town.person(town.hua)
    entry = (await town.does(lambda tx: points.entries(tx, hua.id, 0))).items[0]
    await town.dong.presses_data(f"points.correct:{entry.transfer_id}")
    await town.dong.presses("Open the gift")
    await town.dong.presses("Take it back for Ming")
    assert "20 points go from Hua back to Ming; both hear" in town.dong.screen.text
    await town.dong.presses("Take it back")
    assert "↩️ Taken back by a county admin" in town.dong.screen.text
    assert (await has(town, town.ming), await has(town, town.hua)) == (100, 0)
    for persona in (town.ming, town.hua):
        assert "A county admin took back the gift of 20 points from Ming to Hua." in "".join(persona.heard)
    await town.dong.presses_data(f"points.gift.reversed:{made.id}")
    assert (await has(town, town.ming), await has(town, town.hua)) == (100, 0)
    assert await sound(town) == []


async def test_a_gift_is_not_taken_back_by_those_it_is_about_nor_when_it_was_spent(town: Town) -> None:
    """Neither a member, nor an admin who got it, nor more than is left; nothing changes, and each reads why."""
    made = await final(town)
    await town.lan.presses_data(f"points.gift.reversed:{made.id}")
    assert "Only county admins" in told(town.lan)
    hua = await town.person(town.hua)
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=hua.id))
    await town.hua.presses_data(f"points.gift.reversed:{made.id}")
    assert "a gift of their own" in told(town.hua)
    lan = await town.person(town.lan)
    spend = [points.Leg("member", hua.id, -15), points.Leg("member", lan.id, 15)]
    await town.does(
        lambda tx: points.transfer(tx, spend, reason=points.Reason.GIFT, cause="x", person_id=hua.id, by=hua.id)
    )
    await town.dong.presses_data(f"points.gift.reversed:{made.id}")
    assert "only 5 are left with Hua" in told(town.dong)
    assert await has(town, town.hua) == 5
    assert await sound(town) == []


async def test_a_gift_to_a_group_is_taken_back_out_of_its_budget(town: Town) -> None:
    """Its leaders are told; a budget that was rewarded with is not overdrawn."""
    group = await founded(town, "Dancers", leader=town.lan)
    await rich(town, town.ming, 100)
    ming = await town.person(town.ming)
    made = await town.does(lambda tx: points.give(tx, Receiver(group_id=group.id), 20, "", "form:2", by=ming))
    await town.passes(hours=25)
    all_read(town)
    dong = await town.person(town.dong)
    await town.does(lambda tx: points.reverse_gift(tx, made.id, by=dong))
    await town.settle()
    assert (await has(town, town.ming), await town.does(lambda tx: points.budget(tx, group.id))) == (100, 0)
    assert "took back the gift of 20 points from Ming to Dancers" in "".join(town.lan.heard)
    assert await sound(town) == []
