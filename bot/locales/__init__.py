"""What the bot says: English in the code, Chinese in gettext catalogues, rendered for one reader at the very edge.

Whatever a person typed reaches a text only as a value, and values are escaped when they are rendered: a name like
`<b>` cannot break a message, wherever it is shown.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import dates

LANGUAGES = ("zh_CN", "en")
CATALOGUES = Path(__file__).parent


@dataclass(frozen=True)
class Moment:
    """An instant (Unix seconds) inside a text: shown with its weekday, in the reader's words."""

    at: int


@dataclass(frozen=True)
class Span:
    """From one instant to another, shown with weekday and both times."""

    start: int
    end: int


@dataclass(frozen=True)
class Day:
    """A day of the calendar inside a text: shown with its weekday."""

    day: date


@dataclass(frozen=True)
class Month:
    """A month of the calendar inside a text, by any day of it."""

    day: date


@dataclass(frozen=True)
class Several:
    """Names, numbers or texts one after another inside a text, with what stands between them in the reader's language."""

    parts: tuple["Value", ...]


@dataclass(frozen=True)
class Said:
    """A text not yet spoken: the English is the key, `values` fill its {places}."""

    text: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    many: str | None = None
    n: int = 1


Value = str | int | Moment | Span | Day | Month | Several | Said


BLANK = Said("")
"""An empty line."""


def say(text: str, /, **values: Value) -> Said:
    """One text; the catalogue of the reader's language is asked when it is spoken."""
    return Said(text, values)


def say_n(one: str, many: str, n: int, /, **values: Value) -> Said:
    """A text with a number in it, `{n}`."""
    return Said(one, {"n": n, **values}, many, n)


SEPARATOR = say(", ")


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """All words of one language: each feature keeps its own .po file beside the others of that language."""
    paths = sorted((CATALOGUES / language).glob("*.po"))
    if not paths:
        return NullTranslations()
    # One catalogue of all: looked for in one after another, a word of the first feature costs a dozen searches.
    words = Catalog(locale=language)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    words[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of(code: str | None, default: str) -> str:
    """The language to speak with somebody of whom only Telegram's language code is known."""
    if not code:
        return default
    return "zh_CN" if code.lower().startswith("zh") else "en"


@dataclass(frozen=True)
class Reader:
    """Who reads: in which language and zone, and at what moment."""

    language: str
    zone: ZoneInfo
    now: int

    def html(self, said: Said) -> str:
        """The text with every value escaped; the text itself may carry Telegram's HTML."""
        return self._fill(said, escaped=True)

    def plain(self, said: Said) -> str:
        """The text for places that know no markup: button labels, toasts, files."""
        return self._fill(said, escaped=False)

    def _fill(self, said: Said, *, escaped: bool) -> str:
        if not said.text:
            return ""
        words = catalogue(self.language)
        text = words.ngettext(said.text, said.many, said.n) if said.many else words.gettext(said.text)
        if not said.values:
            return text
        return text.format_map({name: self._value(value, escaped) for name, value in said.values.items()})

    def _value(self, value: Value, escaped: bool) -> str:
        match value:
            # Nearly all are these, and each case that doesn't fit them would be asked for nothing.
            case str() | int():
                pass
            case Said():
                return self._fill(value, escaped=escaped)
            case Several(parts):
                return self.plain(SEPARATOR).join(self._value(part, escaped) for part in parts)
            case Moment(at):
                return _moment(at, self.zone, self.language, self._today)
            case Span(start, end):
                return _span(start, end, self.zone, self.language, self._today)
            case Day(day):
                return dates.written_day(day, language=self.language, today=self._today)
            case Month(day):
                return dates.written_month(day, language=self.language)
        return escape(str(value), quote=False) if escaped else str(value)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self.now, self.zone).date()


# Those who press one button all read the same few moments. What is said of one hangs on nothing but what is given here.
@lru_cache(maxsize=1024)
def _moment(at: int, zone: ZoneInfo, language: str, today: date) -> str:
    return dates.written(datetime.fromtimestamp(at, zone), zone=zone, language=language, today=today)


@lru_cache(maxsize=1024)
def _span(start: int, end: int, zone: ZoneInfo, language: str, today: date) -> str:
    opening, closing = (datetime.fromtimestamp(at, zone) for at in (start, end))
    return dates.written_range(opening, closing, zone=zone, language=language, today=today)
