"""`make words`: collect every text of the code into the catalogues. With feature names, only theirs."""

import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.handlers import everything
from bot.locales import CATALOGUES

PACKAGE = CATALOGUES.parent
KEYWORDS = {"say": None, "say_n": (1, 2)}
TRANSLATED = ("zh_CN",)
MessageId = str | tuple[str, str]


def feature_of(path: Path) -> str:
    """Whose words a file speaks: `handlers/groups.py` and `domain/groups.py` are of groups, the road's are common."""
    parts = path.relative_to(PACKAGE).parts
    return Path(parts[1]).stem if parts[0] in ("handlers", "domain") and len(parts) > 1 else "common"


def texts() -> dict[str, set[MessageId]]:
    """Every text the bot can say, by feature."""
    found: dict[str, set[MessageId]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        for _, message, *_ in extract_from_file("python", path, keywords=KEYWORDS):
            if message:
                found[feature_of(path)].add(message if isinstance(message, str) else (message[0], message[1]))
    for feature, text in _command_lines():
        found[feature].add(text)
    return found


def _command_lines() -> Iterator[tuple[str, str]]:
    for route in everything():
        if route.kind == "command":
            yield feature_of(Path(inspect.getfile(route.handler))), route.help.text


def read_catalogue(language: str, feature: str) -> Catalog:
    path = CATALOGUES / language / f"{feature}.po"
    if not path.exists():
        return Catalog(locale=language, project="county-youth-bot", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, feature: str, wanted: set[MessageId]) -> list[str]:
    """Bring one catalogue in line with the code; what it still can't say."""
    catalogue = read_catalogue(language, feature)
    template = Catalog()
    for text in sorted(wanted, key=str):
        template.add(text)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (CATALOGUES / language / f"{feature}.po").open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, omit_header=True, no_location=True)
    return [str(message.id) for message in catalogue if message.id and not _spoken(message)]


def _spoken(message: Message) -> bool:
    """Is there a translation, and for a plural every form of it?"""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def main(features: list[str]) -> int:
    """Update the catalogues; the number of texts without a translation."""
    missing = 0
    for language in TRANSLATED:
        for feature, wanted in sorted(texts().items()):
            if features and feature not in features:
                continue
            for text in update(language, feature, wanted):
                missing += 1
                print(f"{language} {feature}: {text!r} has no translation")
    return missing


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
