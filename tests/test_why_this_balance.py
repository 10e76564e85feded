"""“Why this balance?”: every balance in sentences, each number with the entries that it is made of."""

from bot.domain import points, shop
from tests.publishing import all_read
from tests.shopping import reserved, rich, sound, stocked
from tests.town import Town


async def test_a_balance_explains_itself_and_each_number_opens(town: Town) -> None:
    """What came, what went, what is set aside and for what, what expires when; every sum lists its entries, and they add up."""
    await town.ming.says("/me")
    await town.ming.presses("Why this balance?")
    assert "Nothing has come yet" in town.ming.screen.text and "Volunteer tasks" in town.ming.screen.labels
    await rich(town, town.ming, 200)
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    await town.does(lambda tx: points.award(tx, ming.id, 30, reason="task", cause="activity:7", by=None))
    await town.does(lambda tx: points.ask_grant(tx, ming.id, 20, "Carried chairs", "form:1", by=dong))
    wrong = await town.does(lambda tx: points.award(tx, ming.id, 9, reason="task", cause="activity:8", by=None))
    await town.does(lambda tx: points.reverse(tx, wrong, by=dong.id, cause="activity:8"))
    item = await stocked(town, 5)
    gone, back, kept = [await reserved(town, town.ming, item, 1, key) for key in "123"]
    await town.does(lambda tx: shop.hand_out(tx, gone.code, 1, by=dong))
    await town.does(lambda tx: shop.cancel(tx, back.id, by=ming))
    all_read(town)
    await town.ming.says("/me")
    await town.ming.presses("Why this balance?")
    shown = town.ming.screen.text
    for words in (
        "2 confirmed volunteer tasks brought +39.",
        "1 confirmed event brought +200.",
        "1 grant by hand brought +20.",
        "1 correction made −9.",
        "2 reservations in the shop took −50, less what came back.",
        "1 reservation that is still open has set aside −50.",
        "• −50 for “Cup”",
        "Together that is 150 points: the balance.",
        "⌛ 150 points expire on Mon 31 Dec 2029",
    ):
        assert words in shown, words
    for label, listed in {
        "Volunteer tasks +39": ("+30", "+9"),
        "Shop −50": ("−50", "+50", "cancelled"),
        "Reserved points −50": (f"“{kept.name}”",),
        "⌛ 2029: 150": ("+200", "+30", "+20", "+9", "−9"),
    }.items():
        await town.ming.presses(label)
        for words in listed:
            assert words in town.ming.screen.text, (label, words)
        await town.ming.presses("‹ Back")
    found = await town.does(lambda tx: points.sums(tx, ming.id))
    for each in found:
        listed_sum = sum(entry.amount for entry in (await _entries(town, ming.id, each.part)))
        assert listed_sum == each.amount, each
    assert sum(each.amount for each in found) == 150
    assert await sound(town) == []


async def _entries(town: Town, person_id: int, part: points.Part) -> tuple[points.Entry, ...]:
    return (await town.does(lambda tx: points.entries_in(tx, person_id, part, 0))).items


async def test_nobody_opens_somebody_elses_numbers(town: Town) -> None:
    """Forged presses show nothing; an auditor reads them, and a part that there is not is refused."""
    await rich(town, town.ming, 77)
    ming = await town.person(town.ming)
    for data in (f"points.part:{ming.id}:event:0", f"points.ending:{ming.id}:2029:0"):
        await town.hua.presses_data(data)
        assert "77" not in town.hua.screen.text
        await town.shen.presses_data(data)
        assert "+77" in town.shen.screen.text
    await town.shen.presses_data(f"points.part:{ming.id}:nothing:0")
    await town.shen.presses_data(f"points.part:{ming.id}")
