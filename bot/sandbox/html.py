"""Telegram's HTML: from marked-up text to plain text and entities, or the 400 that Telegram gives."""

import re
from dataclasses import dataclass
from html import unescape

from bot.sandbox.answers import Json, Refusal, bad_request
from bot.sandbox.entities import units

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_PIECE = re.compile(r"[^<&]+|&|<")
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    at: int
    """Where the tag's text begins, in UTF-16 units."""


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.place < len(self.source):
            self._piece()
        if self.open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.text), self.entities

    def _piece(self) -> None:
        piece = _PIECE.match(self.source, self.place)
        assert piece is not None
        if piece.group() == "<":
            self._tag()
        elif piece.group() == "&" and (entity := _ENTITY.match(self.source, self.place)):
            self._add(unescape(entity.group()))
            self.place = entity.end()
        else:
            self._add(piece.group())
            self.place = piece.end()

    def _add(self, text: str) -> None:
        self.text.append(text)
        self.length += units(text)

    def _tag(self) -> None:
        tag = _TAG.match(self.source, self.place)
        if tag is None:
            raise self._no_tag()
        closing, name, rest = tag.group(1), tag.group(2).lower(), tag.group(3)
        if closing:
            self._close(name)
        elif name == "br" or name not in KINDS or (name == "span" and "tg-spoiler" not in rest):
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {self._bytes()}')
        else:
            self.open.append(_Open(name, _attributes(rest), self.length))
        self.place = tag.end()

    def _no_tag(self) -> Refusal:
        name = re.match(r"</?([^\s>/]*)", self.source[self.place :])
        assert name is not None
        if ">" in self.source[self.place :]:
            return _cannot(f'Unsupported start tag "{name.group(1).lower()}" at byte offset {self._bytes()}')
        return _cannot(f"Unclosed start tag at byte offset {self._bytes()}")

    def _close(self, name: str) -> None:
        if not self.open:
            raise _cannot(f"Unexpected end tag at byte offset {self._bytes()}")
        begun = self.open.pop()
        if begun.tag != name:
            where = f'at byte offset {self._bytes()}, expected "</{begun.tag}>", found "</{name}>"'
            raise _cannot(f"Unmatched end tag {where}")
        if self.length > begun.at:
            self._entity(begun)

    def _entity(self, begun: _Open) -> None:
        entity: Json = {"type": KINDS[begun.tag], "offset": begun.at, "length": self.length - begun.at}
        details = _details(begun)
        if details is None:
            return
        language = self._language(begun)
        if language is not None:
            self.open[-1].attributes["language"] = language
            return
        self.entities.append(entity | details)

    def _language(self, begun: _Open) -> str | None:
        """`<pre><code class="language-x">` is one block with a language."""
        marked = begun.attributes.get("class", "")
        in_pre = bool(self.open) and self.open[-1].tag == "pre" and self.open[-1].at == begun.at
        return marked[9:] if begun.tag == "code" and in_pre and marked.startswith("language-") else None

    def _bytes(self) -> int:
        return len(self.source[: self.place].encode())


def _details(begun: _Open) -> Json | None:
    """What an entity holds beside its place; None when the tag marks nothing, as a link without an address."""
    given = begun.attributes
    if begun.tag == "a":
        return {"url": given["href"]} if given.get("href") else None
    if begun.tag == "pre":
        return {"language": given["language"]} if "language" in given else {}
    if begun.tag == "blockquote":
        return {"type": "expandable_blockquote"} if "expandable" in given else {}
    if begun.tag == "tg-emoji":
        return {"custom_emoji_id": given.get("emoji-id", "")}
    if begun.tag == "tg-time":
        if not given.get("unix", "").isdigit():
            raise _cannot("Invalid date-time specified")
        shape = {"date_time_format": given["format"]} if given.get("format") else {}
        return {"unix_time": int(given["unix"])} | shape
    return {}


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(rest)
    return {name.lower(): unescape(value.strip("\"'")) for name, value in found}


def _cannot(words: str) -> Refusal:
    return bad_request(f"can't parse entities: {words}")


def parse(source: str) -> tuple[str, list[Json]]:
    """Plain text and its entities. Raises the 400 "can't parse entities" for what Telegram doesn't accept."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Reader(source).read()
