"""Text and buttons of a screen: one screen is one message, with Back and Home."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape, unescape
from typing import Any, TypeVar

from bot.locales import Reader, Said, say, say_n

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024
TOAST_CHARACTERS_MAX = 200
LABEL_CHARACTERS_MAX = 40
DATA_BYTES_MAX = 64
# How many columns a label may have beside how many others, to be read whole on a phone of 390 pixels.
COLUMNS_BESIDE = {2: 21, 3: 14, 4: 9}
ROWS_PER_PAGE = 6
PAGE_BUTTONS_MAX = 8
HOME = "home"
_TAG = re.compile(r"<[^>]*>")

Item = TypeVar("Item")


@dataclass(frozen=True)
class Button:
    """A button: pressed (`data`: a route's name and its arguments), opened (`url`) or copied (`copy`)."""

    label: Said
    data: str = ""
    url: str = ""
    copy: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        if len(self.data.encode()) > DATA_BYTES_MAX:
            raise ValueError(f"callback data over {DATA_BYTES_MAX} bytes: {self.data}")


@dataclass(frozen=True)
class File:
    """A document or picture that goes with a card; `picture` shows it in the chat."""

    name: str
    content: bytes
    picture: bool = False


@dataclass(frozen=True)
class Card:
    """A screen: lines of text, rows of buttons. `back` is where Back leads; `fresh` never edits an older message."""

    lines: tuple[Said, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    back: str = ""
    home: bool = True
    fresh: bool = False
    file: File | None = None
    toast: Said | None = None
    remember: str = ""
    # Speak this language instead of the reader's: for the welcome, before anybody's language is known.
    language: str = ""

    def with_toast(self, toast: Said) -> "Card":
        """The same screen, and a short word at the press itself."""
        return replace(self, toast=toast)


@dataclass(frozen=True)
class Toast:
    """Only a word at the press; the screen stays as it is. An alert must be tapped away."""

    text: Said
    alert: bool = False


@dataclass(frozen=True)
class Onward:
    """Not a screen of its own: go on to where the button with this data would lead.

    `fresh` shows that screen as a new message, for a press on a message that has to stay as it is. `toast` is the short
    word at the press, unless that screen has one of its own.
    """

    data: str
    fresh: bool = False
    toast: Said | None = None


def press(name: str, *args: int | str) -> str:
    """Callback data for the route `name`: `groups.join:12`."""
    return ":".join((name, *(str(arg) for arg in args)))


def card(*lines: Said, rows: tuple[tuple[Button, ...], ...] = (), **more: Any) -> Card:
    """A Card without the parentheses around its lines."""
    return Card(tuple(lines), rows, **more)


@dataclass(frozen=True)
class Page:
    """One page of a long list: its items, its number from 0, and whether more follow."""

    items: tuple[Any, ...]
    number: int
    more: bool
    total: int | None = None
    each: int = field(default=ROWS_PER_PAGE, kw_only=True)

    def turner(self, name: str, *args: int | str) -> tuple[tuple[Button, ...], ...]:
        """The row of buttons that turns pages: none where there is only one page. The page's number comes last."""
        row = []
        if self.number > 0:
            row.append(Button(say("‹ Previous"), press(name, *args, self.number - 1)))
        if self.more:
            row.append(Button(say("Next ›"), press(name, *args, self.number + 1)))
        return (tuple(row),) if row else ()

    def jumps(self, name: str, *args: int | str) -> tuple[tuple[Button, ...], ...]:
        """A row with a button for each page of a list whose length is known; of many pages those around this one, and its ends."""
        pages = -(-(self.total or 0) // self.each)
        if pages < 2:
            return ()
        first = max(0, min(self.number - PAGE_BUTTONS_MAX // 2, pages - PAGE_BUTTONS_MAX))
        numbers = list(range(first, min(pages, first + PAGE_BUTTONS_MAX)))
        numbers[0], numbers[-1] = 0, pages - 1
        return (tuple(Button(self._label(number), press(name, *args, number)) for number in numbers),)

    def _label(self, number: int) -> Said:
        if number == self.number:
            return say("·{number}·", number=number + 1)
        return say("{number}", number=number + 1)

    def place(self) -> Said:
        """«Page 2 of 7», or just the count on a single page."""
        if self.total is None and self.number == 0 and not self.more:
            return say_n("{n} in all", "{n} in all", len(self.items))
        if self.total is None:
            return say("Page {number}", number=self.number + 1)
        if self.total <= self.each:
            return say_n("{n} in all", "{n} in all", self.total)
        pages = -(-self.total // self.each)
        return say("{total} in all, page {number} of {pages}", total=self.total, number=self.number + 1, pages=pages)


# A database counts no further; a forged page lies behind the last one all the same.
OFFSET_MAX = 2**63 - 1


def window(number: int, each: int = ROWS_PER_PAGE) -> dict[str, int]:
    """`limit` and `offset` of the rows of a page, and of one more: whether that is there is how `page_of` knows of more."""
    return {"limit": each + 1, "offset": min(number * each, OFFSET_MAX)}


def last_page(number: int, total: int, each: int = ROWS_PER_PAGE) -> int:
    """The page asked for, or the last one there is: lists grow shorter under an old button."""
    return max(0, min(number, -(-total // each) - 1))


def page_of(found: Iterable[Any], number: int, *, total: int | None = None, each: int = ROWS_PER_PAGE) -> Page:
    """A page of what a `window` let through."""
    items = tuple(found)
    return Page(items[:each], number, len(items) > each, total, each=each)


def page_in(found: Sequence[Any], number: int, each: int = ROWS_PER_PAGE) -> Page:
    """A page of a list that is all at hand."""
    return Page(tuple(found[number * each :][:each]), number, (number + 1) * each < len(found), len(found), each=each)


def page_counted(items: Iterable[Any], number: int, total: int, each: int = ROWS_PER_PAGE) -> Page:
    """A page of a list whose length is known: `items` are this page's alone."""
    return Page(tuple(items), number, (number + 1) * each < total, total, each=each)


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def rendered(screen: Card, reader: Reader, *, private: bool) -> dict[str, Any]:
    """The parameters of the `method_of` a screen, or of editMessageText, in the reader's words.

    Back and Home only in private chats.
    """
    reader = replace(reader, language=screen.language) if screen.language else reader
    text = "\n".join(reader.html(line) for line in screen.lines)
    limit = CAPTION_UNITS_MAX if screen.file else TEXT_UNITS_MAX
    if units(text) > limit and units(_shown(text)) > limit:
        text = _shortened(screen, reader, limit)
    params: dict[str, Any] = {"caption" if screen.file else "text": text, "parse_mode": "HTML"}
    if not screen.file:
        params["link_preview_options"] = {"is_disabled": True}
    rows = [*screen.rows, *([_ways_back(screen)] if private else [])]
    buttons = [fitting for row in rows if row for fitting in _fitting([_button(button, reader) for button in row])]
    if buttons:
        params["reply_markup"] = {"inline_keyboard": buttons}
    return params


def method_of(screen: Card) -> str:
    """How a screen is sent: its file with the text below, or the text alone."""
    if screen.file is None:
        return "sendMessage"
    return "sendPhoto" if screen.file.picture else "sendDocument"


def _shown(markup: str) -> str:
    """The text as Telegram counts it: without tags, and what was escaped as it was typed."""
    return unescape(_TAG.sub("", markup))


def _ways_back(screen: Card) -> tuple[Button, ...]:
    back = (Button(say("‹ Back"), screen.back),) if screen.back else ()
    home = (Button(say("⌂ Home"), HOME),) if screen.home else ()
    return (*back, *home)


def _shortened(screen: Card, reader: Reader, limit: int) -> str:
    """Whole lines as long as they fit, then a word that something was left out: markup is never cut in the middle."""
    left_out = reader.html(say("… (shortened)"))
    kept: list[str] = []
    room = limit - units(left_out) - 1
    for line in screen.lines:
        text = reader.html(line)
        length = units(_shown(text)) + 1
        if length > room:
            # The beginning of what does not fit, without its markup, is more than nothing.
            kept.append(escape(_cut(_shown(text), room - 1), quote=False))
            break
        room -= length
        kept.append(text)
    return "\n".join([*kept, left_out])


def _cut(text: str, length: int) -> str:
    """At most `length` UTF-16 units of it, no character cut in two."""
    return text.encode("utf-16-le")[: 2 * max(0, length)].decode("utf-16-le", "ignore")


# The same few labels stand on nearly every screen.
@lru_cache(maxsize=1024)
def columns(text: str) -> int:
    """How wide a label is shown: a Han character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _fitting(row: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The row as it is, or in halves where a label would be cut."""
    room = COLUMNS_BESIDE.get(len(row))
    if room is None or all(columns(button["text"]) <= room for button in row):
        yield row
        return
    half = -(-len(row) // 2)
    yield from _fitting(row[:half])
    yield from _fitting(row[half:])


def _button(button: Button, reader: Reader) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": reader.plain(button.label)[:LABEL_CHARACTERS_MAX]}
    if button.url:
        shown["url"] = button.url
    elif button.copy:
        shown["copy_text"] = {"text": button.copy}
    else:
        shown["callback_data"] = button.data
    if button.style:
        shown["style"] = button.style
    return shown
