"""Counters that take part: sponsors' gifts, privileges, live cards, months, and a whole catalogue at once."""

from pathlib import Path

import pytest

from bot.cli import stocking
from bot.domain import privacy, shop
from bot.domain.activities import codes
from bot.locales import Reader
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.publishing import all_read, fills_in
from tests.shopping import clerk, has, left, place, reserved, rich, sound, stocked
from tests.test_hours import credited
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def card_of(town: Town, persona: Persona) -> str:
    """The number and the code that somebody's card shows now."""
    person = await town.person(persona)

    async def deed(tx: Transaction) -> str:
        secret = await codes.made_secret(tx, f"card:{person.id}")
        return f"{person.id} {codes.code_at(secret, f'card:{person.id}', codes.step_at(tx.now))}"

    return await town.does(deed)


async def test_a_sponsor_sees_what_became_of_the_gift(town: Town) -> None:
    """Hua gave five cups: every piece is left, reserved, handed out or damaged; nobody else sees it but those who read all."""
    item = await stocked(town, 0)
    await town.dong.presses_data(f"shop.stock:{item.id}")
    await fills_in(town.dong, "5", "Hua", "!Take them in")
    assert "Thank you! 5 pieces of “Cup” have come in" in told(town.hua)
    await rich(town, town.ming, 500)
    one = await reserved(town, town.ming, item, 2, key="1")
    await town.dong.says(one.code)
    await town.dong.presses("Only 1")
    other = await reserved(town, town.ming, item, 1, key="2")
    await town.dong.says(other.code)
    await town.dong.presses("It is damaged")
    await town.dong.presses("Yes, write it off")
    await reserved(town, town.ming, item, 1, key="3")
    await town.hua.says("/shop")
    await town.hua.presses("What I gave")
    await town.hua.presses("Cup: 2 of 5 left")
    for words in ("Handed out: 1", "Reserved: 1", "Left: 2", "Damaged: 1"):
        assert words in town.hua.screen.text
    await town.ming.presses_data(f"shop.open:{item.id}")
    assert "Given by Hua" in town.ming.screen.text
    await town.ming.presses_data("shop.lot:1")
    assert "There is no such gift of yours" in told(town.ming)
    await town.shen.presses_data(f"shop.lots:{item.id}")
    await town.shen.presses("Hua: 2 of 5 left")
    assert await sound(town) == []
    hua = await town.person(town.hua)
    await town.does(lambda tx: privacy.forget(tx, hua))
    kept = "SELECT sponsor AS words FROM shop_lots UNION ALL SELECT details FROM audit WHERE deed = 'shop.stocked'"
    assert not [row["words"] for row in await town.does(lambda tx: tx.all(kept)) if "Hua" in (row["words"] or "")]
    await town.ming.presses_data(f"shop.open:{item.id}")
    assert f"Given by #{hua.id}" in town.ming.screen.text


async def test_pieces_of_several_lots_go_back_where_they_came_from(town: Town) -> None:
    """Three of two lots are reserved, one is handed out: the newer lot has its pieces again."""
    item = await stocked(town, 2)
    dong = await town.person(town.dong)
    await town.does(lambda tx: shop.take_in(tx, item.id, 2, by=dong, sponsor="Book shop"))
    await rich(town, town.ming, 500)
    found = await reserved(town, town.ming, item, 3)
    await town.dong.says(found.code)
    await town.dong.presses("Only 1")
    page = await town.does(lambda tx: shop.lots(tx, item.id, 0))
    assert [(lot.sponsor, lot.left, lot.handed) for lot in page.items] == [("Book shop", 2, 0), (None, 1, 1)]
    assert (await has(town, town.ming), await left(town, item), await sound(town)) == (450, 3, [])


async def test_a_live_card_says_what_it_entitles_to_and_nothing_else(town: Town) -> None:
    """By star: the clerk reads the privilege, not the name; the same code is good once, an old one never."""
    await town.opens(hours={"stars": (1, 2, 3)})
    partner = await place(town, "Book shop")
    await clerk(town, town.lan, partner)
    await town.dong.presses_data(f"shop.privilege.new:{partner}")
    await fills_in(town.dong, "10 % off books", "!1-star volunteer", "!everybody", "!Let it count")
    await town.ming.says("/privileges")
    assert "▫️ 10 % off books · Book shop" in town.ming.screen.text
    first = await card_of(town, town.ming)
    await town.lan.says(first)
    assert "The card is good: no star yet.\nNo privilege of “Book shop” counts for it" in town.lan.screen.text
    await town.lan.says(first)
    assert "This code was used before" in told(town.lan)
    await credited(town, town.ming, 60)
    await town.days_pass(10)
    await town.ming.says("/privileges")
    assert "✅ 10 % off books" in town.ming.screen.text
    await town.lan.says(first)
    assert "the code is wrong or too old" in told(town.lan)
    await town.lan.says(await card_of(town, town.ming))
    assert "10 % off books" in town.lan.screen.text
    assert "Ming" not in town.lan.screen.text
    await town.lan.presses_data(f"shop.month:{partner}:0")
    assert "1 card checked" in town.lan.screen.text


async def test_nobody_guesses_a_card(town: Town) -> None:
    """After five wrong codes a clerk waits; who is no clerk may not even try."""
    await clerk(town, town.lan, await place(town))
    good = await card_of(town, town.ming)
    for wrong in range(5):
        await town.lan.says(f"1 00000{wrong}")
    await town.lan.says(good)
    assert "5 cards were not good within 10 minutes" in told(town.lan)
    await town.hua.says(good)
    assert "This is for clerks" in told(town.hua)


async def test_a_counter_reads_its_month(town: Town) -> None:
    """On the first, each clerk is told what was handed out; admins see it too, and nobody else."""
    item = await stocked(town)
    await clerk(town, town.lan, item.partner_id)
    await rich(town, town.ming, 500)
    found = await reserved(town, town.ming, item, 2)
    await town.lan.says(found.code)
    await town.lan.presses("Hand out 2")
    all_read(town)
    await town.until(2026, 12, 1, 10)
    assert "2026-11\n🎁 1 reservation handed out: 2 pieces, 100 points" in told(town.lan)
    await town.lan.presses("Months")
    await town.lan.presses("Month after ›")
    assert "0 reservations handed out" in town.lan.screen.text
    await town.ming.presses_data(f"shop.month:{item.partner_id}:0")
    assert "This is for clerks of “Youth centre”" in told(town.ming)


LINES = """name; counter; points; pieces; limit
Cup; Youth centre; 50; 20; 1
Umbrella;Youth centre;120;8
"""
WRONG = """Cup; Youth centre; -5; 20
Umbrella; Nowhere; 120; 8
; Youth centre; 10; 1
Pen; Youth centre; 1.5; 1
Pen; Youth centre
Book; Youth centre; 10; 1
Book; Youth centre; 10; 1"""


async def test_a_catalogue_is_taken_in_whole_or_not_at_all(town: Town) -> None:
    """Every wrong line is named by its number with its reason; then nothing is on the list. A good one is shown before."""
    await place(town)
    await town.dong.says(f"/catalogue {WRONG}")
    for words in (
        "Nothing was taken in: 6 lines are wrong.",
        "Line 1: Price: “-5” is no whole number from 1 to 1000000",
        "Line 2: there is no counter called “Nowhere”",
        "Line 3: there is no name",
        "Line 4: Price: “1.5” is no whole number",
        "Line 5: 2 values, but 4 to 7 are needed",
        "Line 7: the same item as in line 6",
    ):
        assert words in town.dong.screen.text
    assert (await town.does(lambda tx: shop.items(tx, 0))).items == ()
    await town.dong.says(f"/catalogue {LINES}")
    assert "• Cup: 50 points, 20 pieces\n• Umbrella: 120 points, 8 pieces" in town.dong.screen.text
    await town.dong.presses("Put them on the list")
    await town.ming.says("/shop")
    assert town.ming.screen.labels[:2] == ["Cup · 50 points · 20 left", "Umbrella · 120 points · 8 left"]
    await town.dong.says(f"/catalogue {LINES}")
    assert "this counter has “Cup” already" in town.dong.screen.text
    assert await sound(town) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_catalogue_file_on_the_machine(town: Town, tmp_path: Path) -> None:
    """The same lines from a file; one that is no text, or has a wrong line, changes nothing."""
    await place(town)
    file = tmp_path / "list.csv"
    file.write_text(LINES.replace(";", "，"), encoding="utf-8-sig")
    said = await town.does(stocking.taking_in(stocking.text_of(file), "en"))
    assert said == "2 items are on the list; /shop shows them to everybody."
    with pytest.raises(Refused, match="wrong"):
        await town.does(stocking.taking_in(WRONG, "en"))
    with pytest.raises(Refused, match="wrong") as refused:
        await town.does(stocking.taking_in('"' + "x" * 200_000, "en"))
    assert "Line 1: a value is too long" in Reader("en", town.clock.clock.zone, 0).plain(refused.value.reason)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match="can't be read as text"):
        stocking.text_of(file)


async def test_a_clerk_of_two_counters_who_left_one(town: Town) -> None:
    """At the other one he still hands out; at the one he left he does not."""
    item = await stocked(town)
    for counter in (item.partner_id, await place(town, "Book shop")):
        await clerk(town, town.lan, counter)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    await town.lan.says("/start")
    await town.lan.presses("At the counter")
    await town.lan.presses("Leave Youth centre")
    await town.lan.presses("Yes, leave")
    await town.lan.presses_data(f"shop.hand:{found.code}:1")
    assert "This code is for another place" in told(town.lan)


async def test_a_counter_that_closes(town: Town) -> None:
    """Not while something waits there; then its items are off the list and no code leads to it, until it takes part again."""
    item = await stocked(town)
    await rich(town, town.ming, 60)
    found = await reserved(town, town.ming, item)
    close = f"shop.place.turn:{item.partner_id}:0"
    await town.dong.presses_data(close)
    assert "1 reservation at “Youth centre” waits to be picked up" in told(town.dong)
    await town.ming.presses_data(f"shop.cancel.yes:{found.id}")
    await town.dong.presses_data(close)
    assert "It takes no part just now" in town.dong.screen.text
    await town.ming.presses_data(f"shop.redeem:{item.id}:1:50:9")
    assert "“Cup” is not offered any more" in told(town.ming)
    await town.dong.presses("Take part again")
    await town.ming.presses_data(f"shop.redeem:{item.id}:1:50:9")
    assert "Reserved" in told(town.ming)


async def test_however_many_clerks_and_privileges_each_can_be_ended(town: Town) -> None:
    """The fifth clerk and the sixth privilege stand on the second page, with their buttons."""
    partner, dong = await place(town), await town.person(town.dong)
    for persona in (town.ming, town.hua, town.lan, town.shen, town.dong):
        await clerk(town, persona, partner)
    for number in range(6):
        title = f"Tea {number}"
        await town.does(lambda tx, t=title: shop.grant_privilege(tx, partner, t, 0, "", by=dong))  # type: ignore[misc]
    await town.dong.presses_data(f"shop.place:{partner}")
    await town.dong.presses("Next ›")
    await town.dong.presses("Remove Shen")
    await town.dong.presses("Yes, remove")
    assert "Clerks: Ming, Hua, Lan, Dong" in town.dong.screen.text
    await town.dong.presses("Privileges")
    await town.dong.presses("Next ›")
    await town.dong.presses("End “Tea 5”")
    assert "Whoever shows a card there has it no longer" in town.dong.screen.text
    await town.dong.presses("Yes, end it")
    assert "Tea 5" not in town.dong.screen.text
