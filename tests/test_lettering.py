"""Names in pictures: whatever characters they are written in, they can be read."""

import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot import pdf
from bot.handlers.hours import paper
from bot.handlers.points.drawing import Paper, Row, statement_pdf
from bot.handlers.shop import drawing
from bot.lettering import STAND_IN, line, shown
from bot.locales import Reader
from tests.scanning import read_aloud, scanned

CARD = drawing.Drawn(
    county="榆次区",
    title="青享卡",
    name="",
    number="编号 110000",
    figures=(("5 ★", "星级"), ("12345.5", "服务时长"), ("1000000", "积分")),
    code="483 920",
    link="https://t.me/county_bot?start=shop_scan-110000-483920",
)
SHEET = paper.Sheet(
    county="榆次区",
    name="",
    hours="12 小时",
    parts=(("12 小时", "有签到"),),
    first="2026-01-01",
    last="2026-06-01",
    number="2026-000001",
    code="ABCD",
    issued="2026-06-02",
    link="https://t.me/county_bot?start=hours_verify-ABCD",
)
READER = Reader("zh_CN", ZoneInfo("Asia/Shanghai"), 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("𠮷", "𠀋"),
        ("محمد", "فاطم"),
        ("김", "박"),
        ("ขวัญ", "สมชย"),
        ("👍", "🎉"),
        ("अमित", "राधा"),
        ("ი", "კ"),
    ],
)
def test_two_names_in_one_script_look_different(one: str, other: str) -> None:
    """Characters that a font lacks would be the same boxes."""
    assert drawing.png(replace(CARD, name=one)) != drawing.png(replace(CARD, name=other))


def test_a_certificate_has_the_name_too() -> None:
    """It is drawn with the same letters, on the picture and on the paper."""
    said = paper.words(READER, SHEET)
    assert paper.png(replace(SHEET, name="김"), said) != paper.png(replace(SHEET, name="박"), said)


def test_a_certificate_can_be_read_aloud() -> None:
    """Its words stand in the PDF as text, whole and in their order, in any script, and it says in which language."""
    made = paper.pdf(replace(SHEET, name=f"𠮷田 {'小红' * 40} محمد"), paper.words(READER, SHEET))
    assert read_aloud(made)[:5] == [
        "志愿服务证书",
        "为他人付出的时间，有据可查",
        f"𠮷田 {'小红' * 40} محمد",
        "自2026-01-01至2026-06-01，志愿服务时长共计",
        "12 小时",
    ]
    assert {"12 小时", "有签到", "编号 2026-000001", "核验码 ABCD"} <= set(read_aloud(made))
    assert b"/Lang (zh-CN)" in made


def test_a_paper_of_many_signs_can_be_read_aloud() -> None:
    """More signs than one font holds: on two pages, each with its own."""
    names = ["".join(map(chr, range(0x4E00 + 40 * at, 0x4E28 + 40 * at))) for at in range(20)]
    rows = tuple(Row(name, "11月2日 周一", "+10", "10") for name in names)
    made = statement_pdf(
        Paper("榆次区", "积分对账单", "编号 3", (("0", "期初"),), rows, "", date(2026, 11, 2), "zh_CN")
    )
    assert [text for text in read_aloud(made) if text in names] == names


def test_a_paper_of_many_pages_holds_no_more_than_two_pictures() -> None:
    """A thousand entries would else take four hundred megabytes."""
    drawn: list[weakref.ref[Image.Image]] = []

    def pages() -> Iterator[pdf.Page]:
        for _ in range(4):
            assert sum(picture() is not None for picture in drawn) <= 1
            image = Image.new("RGB", (9, 9))
            drawn.append(weakref.ref(image))
            yield pdf.Page(image, ())
            del image

    made = pdf.document(pages(), pdf.About("积分对账单", "榆次区", "zh_CN", date(2026, 11, 2), 130))
    assert made.count(b"/Type /Page ") == 4


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("𝓜𝓲𝓷𝓰", "Ming"),
        ("王\u202e明\u200b", "王明"),
        ("王𪚥", f"王{STAND_IN}"),
        ("꧁明꧂", "明"),
        ("王\n明  ❤️", "王 明 ❤"),
        ("Ming👍🏽", "Ming👍🏽"),
        ("བོད", STAND_IN * 2),
    ],
)
def test_what_no_font_has_is_replaced_readably(name: str, drawn: str) -> None:
    """Fancy letters become plain ones, ornaments and hidden marks go, a letter gets the printers' stand-in."""
    assert "".join(shown(name)) == drawn


def test_letters_are_joined_as_their_script_wants() -> None:
    """Two Arabic letters in one word are narrower than two alone, and a family is one picture."""
    assert line("بب", 40).width < 2 * line("ب", 40).width
    assert line("👨‍👩‍👧", 40).width == line("👩", 40).width


def test_words_from_the_right_keep_their_order() -> None:
    """They are one run with the space between them; the space to what is written from the left stays outside."""
    assert [run for run, _ in line("محمد علي 王明", 40).runs] == ["محمد علي", " 王明"]


def test_a_name_is_of_one_kind() -> None:
    """Where the font with serifs lacks a letter, the whole name is without."""
    assert [font.getname()[0] for _, font in line("田", 40, serif=True).runs] == ["Noto Serif SC"]
    assert "Noto Serif SC" not in [font.getname()[0] for _, font in line("𠮷田", 40, serif=True).runs]


def test_a_name_as_long_as_names_can_be_stays_in_its_room() -> None:
    """It is drawn smaller, then cut with an ellipsis; the code on the card can still be scanned."""
    for name in ("明" * 128, "W" * 128, "김" * 128, "👨‍👩‍👧" * 25, ""):
        made = line(name, 56, room=500)
        assert made.width <= 500
        assert scanned(drawing.png(replace(CARD, name=name))) == [CARD.link]
    assert line("明" * 128, 56, room=500).runs[-1][0].endswith("…")
