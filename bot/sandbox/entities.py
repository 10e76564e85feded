"""Text as Telegram keeps it: measured in UTF-16 units, trimmed, with what it finds by itself marked."""

import re

from bot.sandbox.answers import Json

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w/])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})(?!\w)"
    r"|(?<![\w/])(?P<hashtag>#\w*[^\W\d]\w*)"
)


def units(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def found(text: str) -> list[Json]:
    """The commands, mentions, hashtags and addresses that Telegram marks by itself."""
    if not any(sign in text for sign in "/@#"):
        return []
    return [
        {"type": hit.lastgroup, "offset": units(text[: hit.start()]), "length": units(hit.group())}
        for hit in _FOUND.finditer(text)
    ]


def slice_units(text: str, offset: int, length: int) -> str:
    """A piece of a text, its place given in UTF-16 units."""
    if units(text) == len(text):
        return text[offset : offset + length]
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at both ends, as Telegram keeps a text; entities move along, and empty ones go."""
    bare = text.strip()
    if bare == text:
        return text, entities
    lost = units(text[: len(text) - len(text.lstrip())])
    length = units(bare)
    moved = [_moved(entity, lost, length) for entity in entities]
    return bare, [entity for entity in moved if entity["length"] > 0]


def _moved(entity: Json, lost: int, length: int) -> Json:
    start = max(0, entity["offset"] - lost)
    end = min(length, entity["offset"] - lost + entity["length"])
    return entity | {"offset": start, "length": end - start}


def merged(given: list[Json], by_itself: list[Json]) -> list[Json]:
    """Entities in order; what Telegram finds by itself yields to code and links that cover it."""
    fixed = [(entity["offset"], entity["offset"] + entity["length"]) for entity in given if entity["type"] in _OPAQUE]
    free = [entity for entity in by_itself if not any(start <= entity["offset"] < end for start, end in fixed)]
    return sorted(given + free, key=lambda entity: (entity["offset"], -entity["length"])) if free else given


_OPAQUE = ("code", "pre", "text_link", "url", "mention", "bot_command", "text_mention")
