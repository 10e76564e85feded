"""Screens as Telegram takes them: what is too long is shortened by whole lines, counted as Telegram counts."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cards import (
    CAPTION_UNITS_MAX,
    TEXT_UNITS_MAX,
    Button,
    File,
    card,
    last_page,
    method_of,
    page_counted,
    page_of,
    rendered,
    units,
    window,
)
from bot.locales import Moment, Reader, Span, say
from tests.town import BEGIN, SHANGHAI

READER = Reader("en", SHANGHAI, int(BEGIN.timestamp()))
FILE = File("a.txt", b"a")
DAY = 24 * 3600
LONG = ["<" * 4000, "&" * 4096, "字" * 4096, "😀" * 2048, "\u202e" * 4096, "{0}%s" * 700]
LINES = [(say("<b>{text}</b>", text="<&😀" * 40),) * number for number in (1, 10, 60, 200)]


def shown(params: dict[str, Any], name: str = "text") -> str:
    """The text without its markup, as a reader sees it."""
    text = str(params[name])
    for tag in ("<b>", "</b>"):
        text = text.replace(tag, "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_what_fits_is_shown_whole(text: str) -> None:
    """The limit counts what is read, not how it was escaped on the way."""
    assert shown(rendered(card(say("{text}", text=text)), READER, private=True)) == text


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_a_line_that_does_not_fit_is_shown_as_far_as_it_does(text: str) -> None:
    """Twice as much as fits: its beginning, a word that there was more, and never over the limit."""
    said = shown(rendered(card(say("<b>{text}</b>", text=text * 2)), READER, private=True))
    assert TEXT_UNITS_MAX - 4 <= units(said) <= TEXT_UNITS_MAX
    assert said.startswith(text[:1000])
    assert said.endswith("\n… (shortened)")


@pytest.mark.parametrize("lines", LINES, ids=len)
def test_markup_is_never_cut(lines: tuple[Any, ...]) -> None:
    """However many lines there are, each tag that is opened is closed, and no escape is cut in two."""
    for screen, limit in ((card(*lines), TEXT_UNITS_MAX), (card(*lines, file=FILE), CAPTION_UNITS_MAX)):
        params = rendered(screen, READER, private=False)
        text = params["caption" if screen.file else "text"]
        assert text.count("<b>") == text.count("</b>")
        assert text.count("&") == text.count("&lt;") + text.count("&amp;")
        assert units(shown(params, "caption" if screen.file else "text")) <= limit


def test_a_caption_has_less_room() -> None:
    """Under a file 1,024 units fit, and nothing of a text's own settings goes with it."""
    params = rendered(card(say("{text}", text="字" * 2000), file=FILE), READER, private=True)
    assert CAPTION_UNITS_MAX - 4 <= units(params["caption"]) <= CAPTION_UNITS_MAX
    assert "link_preview_options" not in params
    assert "text" not in params


def test_the_method_fits_what_is_sent() -> None:
    """A text, a document, a picture."""
    picture = File("a.png", b"a", picture=True)
    sent = [method_of(screen) for screen in (card(), card(file=FILE), card(file=picture))]
    assert sent == ["sendMessage", "sendDocument", "sendPhoto"]


def test_a_buttons_data_has_64_bytes() -> None:
    """The longest of ours, with the largest numbers there are, fits; a longer one is our mistake, and is not sent."""
    Button(say("x"), f"admin.people.for:leader:{2**63 - 1}:{2**31}")
    with pytest.raises(ValueError, match="over 64 bytes"):
        Button(say("x"), "字" * 22)


def test_a_label_has_at_most_40_characters() -> None:
    """A title may be longer than a button is wide."""
    params = rendered(card(say("x"), rows=((Button(say("{title}", title="字" * 60), "home"),),)), READER, private=False)
    assert params["reply_markup"]["inline_keyboard"][0][0]["text"] == "字" * 40


ROWS = [
    (("Sign up", "Share"), [2]),
    (("When I am away", "＋ New duty post"), [2]),
    (("My duties", "When I am away", "＋ New duty post"), [2, 1]),
    (("办理中", "已完成", "我提的", "我们认领的"), [2, 2]),
    (("河边清洁 · 11月22日 星期日 09:00", "不再关注"), [1, 1]),
    (("1", "2", "3", "4", "5", "6", "7", "8"), [8]),
]


@pytest.mark.parametrize(("labels", "lengths"), ROWS, ids=range(len(ROWS)))
def test_no_label_is_cut(labels: tuple[str, ...], lengths: list[int]) -> None:
    """A row whose labels can't be read whole beside each other on a phone becomes several; their order stays."""
    row = tuple(Button(say("{label}", label=label), "home") for label in labels)
    rows = rendered(card(say("Hello"), rows=(row,)), READER, private=False)["reply_markup"]["inline_keyboard"]
    assert [len(each) for each in rows] == lengths
    assert [button["text"] for each in rows for button in each] == list(labels)


@pytest.mark.parametrize("length", range(8))
@pytest.mark.parametrize("number", range(4))
def test_a_page_that_is_read_ahead_and_one_that_is_counted_agree(length: int, number: int) -> None:
    """Both show the same items and the same «Next»: whether more follow is seen from one row more, or from the sum."""
    rows, seen = list(range(length)), window(number, 3)
    ahead = page_of(rows[seen["offset"] :][: seen["limit"]], number, total=length, each=3)
    assert ahead == page_counted(rows[3 * number :][:3], number, length, 3)
    assert ahead.items == tuple(rows[3 * number : 3 * number + 3])
    assert ahead.more == (length > 3 * (number + 1))


@pytest.mark.parametrize(
    ("number", "total", "last"), [(0, 0, 0), (5, 0, 0), (1, 6, 0), (1, 7, 1), (9, 13, 2), (-1, 9, 0)]
)
def test_a_page_behind_the_last_one_is_the_last_one(number: int, total: int, last: int) -> None:
    """Lists grow shorter under an old button."""
    assert last_page(number, total) == last


@pytest.mark.parametrize(
    ("reader", "moment", "span"),
    [
        (READER, "Sat 21 Nov, 10:00", "Sat 21 Nov, 10:00–11:00"),
        (replace(READER, language="zh_CN"), "11月21日 星期六 10:00", "11月21日 星期六 10:00–11:00"),
        (replace(READER, zone=ZoneInfo("Europe/Berlin")), "Sat 21 Nov, 03:00", "Sat 21 Nov, 03:00–04:00"),
        (replace(READER, now=READER.now + 60 * DAY), "Sat 21 Nov 2026, 10:00", "Sat 21 Nov 2026, 10:00–11:00"),
    ],
)
def test_each_reads_a_moment_in_his_words_zone_and_year(reader: Reader, moment: str, span: str) -> None:
    """What was said to somebody else a moment ago is not said to whoever reads it otherwise."""
    for each in (READER, reader):
        shown = each.plain(say("{moment}", moment=Moment(READER.now)))
        long = each.plain(say("{span}", span=Span(READER.now, READER.now + 3600)))
    assert (shown, long) == (moment, span)
