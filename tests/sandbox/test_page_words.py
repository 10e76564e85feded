"""The page's own words: complete in both languages, and each of them used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.page.words import HERE, LANGUAGES, Words, words
from tests.test_shape import none_of

SCRIPTS = sorted((HERE / "static/js").glob("*.js"))
SHEETS = sorted((HERE / "static/css").glob("*.css"))
MACHINE = HERE.parent / "machine.py"
FILE_LINES_MAX = 400
PLACE = re.compile(r"\{(\w+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Groups whose names are put together: t(`roles.${role}`).
PUT_TOGETHER = re.compile(r"[t(]`?([a-z_.]+)\.\$\{")


def flat(part: Words, before: str = "") -> Iterator[tuple[str, str]]:
    """Dotted names and what is said."""
    for name, value in part.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def test_both_languages_say_the_same_things() -> None:
    """The same names, with the same places to be filled in; none empty, and Chinese in Chinese."""
    chinese, english = (dict(flat(words(language))) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    none_of([name for name in chinese if sorted(PLACE.findall(chinese[name])) != sorted(PLACE.findall(english[name]))])
    none_of([name for name, said in [*chinese.items(), *english.items()] if not said.strip()])
    # What stands on a button of a Chinese speaker's is quoted as it is.
    none_of([f"{name}: {said}" for name, said in english.items() if CHINESE.search(re.sub("“.*?”", "", said))])


def sources() -> str:
    texts = [path.read_text(encoding="utf-8") for path in (*SCRIPTS, *(HERE / "templates").glob("*.html"))]
    return "\n".join((*texts, (HERE / "app.py").read_text(), (HERE / "guards.py").read_text(), MACHINE.read_text()))


def test_each_word_is_used() -> None:
    """A word that no script and no template names is left over."""
    text = sources()
    groups = {f"{name}." for name in PUT_TOGETHER.findall(text)}
    refusals = set(re.findall(r'(?:refused\(\d+, |CannotNow\()"(\w+)"', text))
    left = []
    for name, _ in flat(words("zh")):
        group, _, last = name.rpartition(".")
        is_named = any(f"{sign}{name}" in text for sign in ('"', "words.")) or f"{group.split('.')[-1]}.{last}" in text
        is_refusal = group == "no" and last in refusals
        if not (is_named or is_refusal or name.startswith(tuple(groups | {"faults."}))):
            left.append(name)
    none_of(left)
    none_of(sorted(refusals - words("zh")["no"].keys()))


def test_each_word_that_is_named_is_there() -> None:
    """A name that the catalogue doesn't have would be shown as it is."""
    known = {name for name, _ in flat(words("zh"))}
    named = re.findall(r"""\bt\(["']([a-z0-9_.]+)["']""", sources())
    none_of(sorted(set(named) - known))


@pytest.mark.parametrize("path", [*SCRIPTS, *SHEETS], ids=lambda path: path.name)
def test_files_are_short_and_say_what_they_are_for(path: Path) -> None:
    """As everywhere in the house: at most 400 lines, and a first line that says what the file is for."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= FILE_LINES_MAX
    assert lines[0].startswith(("// ", "/* ")) and len(lines[0]) > 20


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_nodes_of_text(path: Path) -> None:
    """What somebody typed is never read as markup."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function", text)
