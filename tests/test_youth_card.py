"""The youth card: as text, as a picture that a counter scans, and a code that is good for half a minute."""

from bot.handlers.shop import drawing
from tests.scanning import scanned
from tests.shopping import clerk, place, rich
from tests.town import Town


async def test_the_card_says_who_i_am_and_what_i_have(town: Town) -> None:
    """Number, star, hours, points and the code of this half minute, which changes with the next."""
    await rich(town, town.ming, 30)
    await town.ming.says("/card")
    first = town.ming.screen.text
    for words in ("youth card", "Ming · number 00000", "No star yet", "💰 30 points", "At the counter:"):
        assert words in first
    town.clock.move(31)
    await town.ming.presses("A new code")
    assert town.ming.screen.text != first
    await town.ming.presses("A new code")
    assert town.ming.toasts[-1].text == "This is the code that counts now."


async def test_a_clerk_scans_the_picture_and_the_card_is_good_once(town: Town) -> None:
    """The code on it leads to the counter: one tap, nothing typed; the second time it was used before."""
    await clerk(town, town.lan, await place(town, "Book shop"))
    await town.ming.says("/card")
    await town.ming.presses("As a picture")
    (link,) = scanned(town.ming.files[-1].content)
    start = f"/start {link.partition('start=')[2]}"
    await town.lan.says(start)
    assert "The card is good" in town.lan.screen.text
    assert "Ming" not in town.lan.screen.text
    await town.lan.says(start)
    assert "This code was used before" in town.lan.screen.text + "".join(toast.text for toast in town.lan.toasts)


async def test_who_is_no_clerk_learns_nothing_of_a_card(town: Town) -> None:
    """A card that a friend has photographed serves him to give points, and tells no name."""
    await town.ming.says("/card")
    await town.ming.presses("As a picture")
    (link,) = scanned(town.ming.files[-1].content)
    await town.hua.says(f"/start {link.partition('start=')[2]}")
    assert "Points go to this number" in town.hua.screen.text
    assert "Ming" not in town.hua.screen.text


def test_long_names_and_large_numbers_stay_on_the_card() -> None:
    """Whatever stands on it, the picture can be drawn and its code read."""
    drawn = drawing.Drawn(
        county="榆次区青年志愿者协会与社会服务中心联合会",
        title="青享卡",
        name="一位名字特别特别长的志愿者小伙伴",
        number="编号 110000",
        figures=(("5 ★", "星级"), ("12345.5", "服务时长"), ("1000000", "积分")),
        code="483 920",
        link="https://t.me/county_bot?start=shop_scan-110000-483920",
    )
    assert scanned(drawing.png(drawn)) == [drawn.link]
