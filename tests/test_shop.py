"""The shop: from the catalogue to the counter, with points and pieces set aside together."""

import pytest

from bot.domain import shop
from bot.domain.shop import shown_code
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import all_read, fills_in
from tests.shopping import clerk, has, left, place, reserved, rich, sound, stocked
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


def code_of(persona: Persona) -> str:
    """The pick-up code on somebody's screen."""
    return persona.screen.text.split("Pick-up code: ")[1].split()[0]


async def test_from_an_empty_list_to_the_counter(town: Town) -> None:
    """An admin takes in a place and an item, a member reserves it in three taps, and the clerk's one tap hands it out."""
    await rich(town, town.ming, 120)
    await town.dong.says("/admin")
    await town.dong.presses("Items to redeem")
    await town.dong.presses("New item")
    await town.dong.presses("New counter")
    await fills_in(town.dong, "Youth centre", "North street 5", "Mon to Fri 9:00-17:00", "!Take it in")
    await town.dong.presses("Code for a new clerk")
    code = town.dong.screen.text.split("\n")[1]
    await town.lan.says(code)
    assert "You are a clerk of Youth centre" in town.lan.screen.text
    await town.dong.presses_data("shop.new")
    await fills_in(town.dong, "Cup", "!Youth centre", "50", "3", "!No limit", "!Put it on the list")
    await town.ming.says("/shop")
    await town.ming.presses("Cup · 50 points · 3 left")
    await town.ming.presses("Redeem")
    assert "Costs 50 points. You have 120 points.\nThen you have 70 points." in town.ming.screen.text
    await town.ming.presses("2 pieces")
    await town.ming.presses("Yes, reserve")
    assert (await has(town, town.ming), await sound(town)) == (20, [])
    await town.lan.says(code_of(town.ming).lower())
    assert "Ming" not in town.lan.screen.text
    await town.lan.presses("Hand out 2")
    assert "Handed out" in town.lan.screen.text
    assert "Handed out: 2 pieces of “Cup”" in town.ming.screens[-1].text
    await town.ming.says("/points")
    assert "20 points" in town.ming.screen.text
    await town.ming.presses("Why this balance?")
    assert await sound(town) == []


async def test_a_reservation_that_nobody_picks_up_lapses(town: Town) -> None:
    """A day before there is a word; then the points are back, and so is the piece: both or neither; its code is over."""
    item = await stocked(town, 1)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    assert (await has(town, town.ming), await left(town, item)) == (10, 0)
    await town.days_pass(6.1)
    assert "is kept for you until" in told(town.ming)
    await town.days_pass(1)
    assert "was not picked up in time: your 50 points are back" in told(town.ming)
    await town.dong.says(shown_code(found.code))
    assert "not picked up in time: nothing to hand out" in told(town.dong)
    await town.dong.presses_data(f"shop.hand:{found.code}:1")
    assert "Nothing was changed now" in told(town.dong)
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (60, 1, [])
    await town.dong.says("/audit")
    assert f", item {item.name} #{item.id}, " in town.dong.screen.text


async def test_cancelling_asks_and_gives_both_back(town: Town) -> None:
    """The exact number is named before; a second press finds it cancelled."""
    item = await stocked(town, 1)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.ming.says("/shop")
    await town.ming.presses("My reservations")
    await town.ming.presses("⏳ Cup · 1 piece")
    await town.ming.presses("Cancel the reservation")
    assert "Your 50 points come back" in town.ming.screen.text
    await town.ming.presses("Yes, cancel it")
    await town.ming.presses_data(f"shop.cancel.yes:{found.id}")
    assert "Cancelled on" in told(town.ming)
    assert "Nothing was changed now" in told(town.ming)
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (60, 1, [])


async def test_the_picture_of_a_code_leads_the_clerk_there(town: Town) -> None:
    """The QR code is a link; whoever is no clerk learns nothing by it."""
    partner = await place(town)
    item = await stocked(town, at=partner)
    await clerk(town, town.lan, partner)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.ming.presses_data(f"shop.qr:{found.id}")
    assert town.ming.files[-1].name == f"code-{found.id}.png"
    await town.hua.starts(f"shop_take-{found.code}")
    assert "This is for clerks" in told(town.hua)
    await town.lan.starts(f"shop_take-{found.code}")
    assert "1 piece of Cup" in town.lan.screen.text
    await town.hua.presses_data(f"shop.mine.open:{found.id}")
    assert "no such reservation" in told(town.hua)


async def test_codes_that_are_not_good(town: Town) -> None:
    """One of another place, one that never was, one used before: each is refused with its reason, nothing is handed out."""
    item = await stocked(town)
    other = await place(town, "Bookshop")
    await clerk(town, town.lan, other)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.lan.says(shown_code(found.code))
    assert "This code is for another place" in told(town.lan)
    await town.lan.says("/clerk AAAA-2222")
    assert "There is no such code" in told(town.lan)
    await town.dong.says(shown_code(found.code))
    await town.dong.presses("Hand out 1")
    await town.dong.presses_data(f"shop.hand:{found.code}:1")
    assert "Handed out on" in told(town.dong)
    assert "Nothing was changed now" in told(town.dong)
    assert await sound(town) == []


async def test_a_part_is_handed_out_and_the_rest_goes_back(town: Town) -> None:
    """Two of three: one piece is on the shelf again, and its points are back."""
    partner = await place(town)
    item = await stocked(town, 3, at=partner)
    await clerk(town, town.lan, partner)
    await rich(town, town.ming, 150)
    found = await reserved(town, town.ming, item, 3)
    await town.lan.says(found.code)
    await town.lan.presses("Only 2")
    assert "Handed out: 2 pieces of “Cup”. Enjoy!\n50 points are back with you." in town.ming.screen.text
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (50, 1, [])
    await town.ming.presses_data("shop.mine")
    await town.ming.presses("✅ Cup · 2 pieces")
    assert "2 pieces of Cup\n100 points\n✅ Handed out" in town.ming.screen.text


async def test_damaged_goods_are_written_off(town: Town) -> None:
    """What was kept for somebody costs him nothing; what lies on the shelf is written off with its reason."""
    item = await stocked(town, 3)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.dong.says(found.code)
    await town.dong.presses("It is damaged")
    assert "gets 50 points back" in town.dong.screen.text
    assert (await has(town, town.ming), await left(town, item)) == (10, 2)
    await town.dong.presses("Yes, write it off")
    assert "is damaged.\n50 points are back with you." in town.ming.screen.text
    assert (await has(town, town.ming), await left(town, item)) == (60, 2)
    await town.dong.presses_data(f"shop.off:{item.id}")
    await fills_in(town.dong, "5", "Fell down", "!Write them off")
    assert "5 pieces can't be written off" in told(town.dong)
    await town.dong.presses_data(f"shop.off:{item.id}")
    await fills_in(town.dong, "1", "Fell down", "!Write them off")
    assert (await left(town, item), await sound(town)) == (1, [])


async def test_what_cannot_be_handed_out_goes_back(town: Town) -> None:
    """The clerk says so: points and piece go back, and nobody hands out to himself."""
    item = await stocked(town, 1)
    await rich(town, town.dong, 60)
    found = await reserved(town, town.dong, item)
    await town.dong.presses_data(f"shop.hand:{found.code}:1")
    assert "Nobody hands out to himself" in told(town.dong)
    await clerk(town, town.lan, item.partner_id)
    await town.lan.says(found.code)
    await town.lan.presses("Can't hand it out")
    assert await left(town, item) == 0
    await town.lan.presses("Yes, don't hand it out")
    assert "“Cup” can't be handed out." in town.dong.screen.text
    assert (await has(town, town.dong), await left(town, item), await sound(town)) == (60, 1, [])


async def test_limits_conditions_and_times(town: Town) -> None:
    """Each rule refuses with its numbers, and nothing is reserved."""
    group = await founded(town, "Dance", leader=town.lan)
    item = await stocked(town, limit_pieces=1, limit_days=30)
    await rich(town, town.ming, 500)
    await reserved(town, town.ming, item)
    ask = f"shop.redeem:{item.id}:1:50"
    await town.ming.presses_data(f"{ask}:7")
    assert "“Cup”: 1 piece a person in 30 days. You have had 1 piece. Nothing was reserved" in told(town.ming)
    for persona, words in ((town.ming, "You have had 1 piece."), (town.hua, "50 points more, and you can redeem one.")):
        await persona.presses_data(f"shop.open:{item.id}")
        assert words in persona.screen.text and "Redeem" not in persona.screen.labels
        assert "Volunteer tasks" in persona.screen.labels
    for what, to, words in (
        ("From which star on", "2", "is for 2-star volunteer and up; you have no star yet"),
        ("For which group", "Dance", "is for members of Dance"),
        ("From when on", "tomorrow 9:00", "can be redeemed from"),
        ("Until when", "today", "That costs 50 points, and you have 0 points."),
        ("Price", "60", "The price has changed: 60 points a piece now"),
    ):
        await town.dong.presses_data(f"shop.change:{item.id}")
        await fills_in(town.dong, f"!{what}", to, "!Change it")
        await town.hua.presses_data(f"{ask}:8")
        assert words in told(town.hua)
        if what != "Price":
            await town.dong.presses_data(f"shop.change:{item.id}")
            await fills_in(town.dong, f"!{what}", "0", "!Change it")
    assert await left(town, item) == 2
    await town.days_pass(31)
    assert group.id
    assert await sound(town) == []


async def test_whoever_waits_is_told_once_when_it_is_back(town: Town) -> None:
    """A piece that comes in, or that somebody gave back, is told to all who wait: once."""
    item = await stocked(town, 1)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.hua.says("/shop")
    await town.hua.presses("Cup · 50 points · gone")
    await town.hua.presses("🔔 Tell me when it is back")
    await town.ming.presses_data(f"shop.cancel.yes:{found.id}")
    await town.passes(minutes=1)
    assert "“Cup” is back: 1 piece for 50 points each" in told(town.hua)
    all_read(town)
    dong = await town.person(town.dong)
    await town.does(lambda tx: shop.take_in(tx, item.id, 1, by=dong))
    await town.passes(minutes=1)
    assert town.hua.heard == []


async def test_pictures_of_items(town: Town) -> None:
    """An admin sends one with the item; whoever looks gets it as a message of its own."""
    await place(town)
    await town.dong.presses_data("shop.new")
    await fills_in(town.dong, "Cup", "!Youth centre", "50", "0", "!No limit", "!More …", "With our name on it")
    await town.dong.sends_photo(b"picture")
    await town.dong.presses("Put it on the list")
    await town.ming.says("/shop")
    await town.ming.presses("Cup · 50 points · gone")
    await town.ming.presses("🖼 Picture")
    assert "With our name on it" in told(town.ming)
    assert "comes as a message of its own" in town.ming.toasts[-1].text
    await town.shen.presses_data("shop.picture:99")
    assert "There is no such item" in told(town.shen)


@pytest.mark.parametrize("pieces", ["-1", "0", "1.5", "100001", "all", "9" * 40])
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_amounts_that_are_none(town: Town, pieces: str) -> None:
    """Negative, zero, fractional and huge numbers are refused, and nothing comes in."""
    item = await stocked(town, 1)
    await town.dong.presses_data(f"shop.stock:{item.id}")
    await town.dong.says(pieces)
    assert "I need a whole number from 1 to 100000" in told(town.dong)
    await town.ming.presses_data(f"shop.redeem:{item.id}:{pieces[:18]}:50:1")
    assert await left(town, item) == 1


async def test_a_clerk_who_left_is_refused(town: Town) -> None:
    """His code worked once; from the moment he is removed, what he has on his screen does nothing any more."""
    item = await stocked(town)
    await town.dong.presses_data(f"shop.clerk.code:{item.partner_id}")
    code = town.dong.screen.text.split("\n")[1]
    await town.lan.says(f"/clerk {code}")
    await town.hua.says(f"/clerk {code}")
    assert "This code does not work: it was used" in told(town.hua)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.lan.says(found.code)
    await town.dong.presses_data(f"shop.place:{item.partner_id}")
    await town.dong.presses("Remove Lan")
    await town.dong.presses("Yes, remove")
    assert "You are no clerk of “Youth centre” any more" in told(town.lan)
    await town.lan.presses_data(f"shop.hand:{found.code}:1")
    assert "This is for clerks" in told(town.lan)
    await town.dong.presses("Code for a new clerk")
    old = town.dong.screen.text.split("\n")[1]
    await town.days_pass(1.1)
    await town.lan.says(old)
    assert "This code does not work" in told(town.lan)
    assert await sound(town) == []


async def test_whoever_is_forgotten_leaves_no_reservation(town: Town) -> None:
    """What he reserved goes back to the shelf, and he hands out nothing any more."""
    item = await stocked(town, 1)
    await clerk(town, town.ming, item.partner_id)
    await rich(town, town.ming, 60)
    await reserved(town, town.ming, item)
    await town.ming.says("/forget")
    await town.ming.presses("Yes, forget me")
    assert (await left(town, item), await sound(town)) == (1, [])
    await town.dong.presses_data(f"shop.place:{item.partner_id}")
    assert "No clerk yet" in town.dong.screen.text
