"""The shape of the house: sizes, names, words and who may import whom, as docs/architecture.md has them."""

import ast
import re
import string
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from babel.messages.catalog import Catalog

import bot
from bot import domain, handlers
from bot.cli import promises
from bot.domain import merging, people, privacy, reports
from bot.handlers import everything, helping
from bot.locales import LANGUAGES
from bot.locales.__main__ import TRANSLATED, MessageId, read_catalogue, texts
from bot.routing import Route

ROOT = Path(__file__).parent.parent
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
# Twins that there need not be, each with its reason.
ONLY_HANDLERS = {
    "helping": "it lists what there is, and decides nothing",
    "admin": "the panel shows what reports counts, and its deeds are those of people",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# In a Chinese text these are no English sentence: names, commands, units, what a person is to type.
ENGLISH = re.compile(r"(?<![/@\w<{.:-])[A-Za-z]{2,}(?:[ ,']+[A-Za-z]+){3,}")
TAG = re.compile(r"</?[a-z-]+")
CODE = re.compile(
    r"^#\s*(?:(?:async )?def \w+\(|class \w+[:(]|import \w+|from [\w.]+ import|return\b.*[()]|\w+ = \S+\(|await |if .*:$|for .* in .*:$)"
)


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders or ("bot", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def none_of(found: list[str]) -> None:
    """Fails with one line for each finding."""
    assert not found, "\n" + "\n".join(found)


def test_files_are_short() -> None:
    """No file is longer than 400 lines: it becomes a folder of the same name."""
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    none_of([f"{name}: {lines} lines" for name, lines in lengths.items() if lines > FILE_LINES_MAX])


def test_functions_are_short() -> None:
    """No function is longer than 50 lines."""
    none_of(
        [
            f"{name_of(path)}:{node.lineno} {node.name}: {lines} lines"
            for path in sources()
            for node in functions(path)
            if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
        ]
    )


def test_no_name_of_a_module_is_given_twice() -> None:
    """What is assigned a second time at a module's top was lost before, as when two changes meet in one line."""
    none_of(
        [
            f"{name_of(path)}: {name} is given {times} times"
            for path in sources()
            for name, times in Counter(_given(path)).items()
            if times > 1 and name != "_"
        ]
    )


def _given(path: Path) -> Iterator[str]:
    """The names that are assigned at the top of a module."""
    for node in tree(path).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_each_module_says_what_it_is_for() -> None:
    """A module begins with a docstring; a package that only marks a folder may be empty."""
    none_of(
        [
            name_of(path)
            for path in sources()
            if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
        ]
    )


def test_each_test_says_what_it_promises() -> None:
    """A test's docstring is the sentence that it holds."""
    none_of(
        [
            f"{name_of(path)}:{node.lineno} {node.name}"
            for path in sources("tests")
            for node in functions(path)
            if path.stem.startswith("test_") and node.name.startswith("test_") and not ast.get_docstring(node)
        ]
    )


def test_no_code_is_commented_out() -> None:
    """What is not needed is not there; git remembers it."""
    found = []
    for path in sources():
        with path.open("rb") as file:
            found += [
                f"{name_of(path)}:{token.start[0]} {token.string}"
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.COMMENT and CODE.match(token.string)
            ]
    none_of(found)


def test_nothing_is_left_to_do() -> None:
    """A thing to do is an issue, not a word in the code."""
    mark = re.compile("TO" + "DO|FIX" + "ME|XX" + "X\\b")
    none_of([name_of(path) for path in sources() if mark.search(path.read_text(encoding="utf-8"))])


def routes(kind: str) -> list[Route]:
    return [route for route in everything() if route.kind == kind]


def test_commands_and_buttons_have_one_meaning() -> None:
    """Each name belongs to one route, is written in small letters, and fits into a deep link."""
    for kind in ("command", "press"):
        names = Counter(route.name for route in routes(kind))
        assert [name for name, number in names.items() if number > 1] == []
    none_of([route.name for route in routes("press") if not re.fullmatch(r"[a-z]+(\.[a-z]+)*", route.name)])
    none_of([route.name for route in routes("command") if not re.fullmatch(r"[a-z]{1,32}", route.name)])


def test_each_command_is_explained_in_both_languages() -> None:
    """The first line of its docstring stands in /help, in English and in Chinese."""
    known = translations("zh_CN")
    none_of(
        [
            f"/{route.name}: {route.help.text!r}"
            for route in routes("command")
            if not route.help.text or not CHINESE.search(known.get(route.help.text, ""))
        ]
    )


def test_each_command_stands_under_a_topic() -> None:
    """/help fails for everybody where a feature has none."""
    named = {feature for topic in helping.TOPICS for feature in topic.features}
    listed = [route for route in everything().commands_for(helping.EVERYBODY, private=True) if route.name != "help"]
    none_of([f"/{route.name}" for route in listed if helping.feature_of(route) not in named])


def test_each_handler_has_its_twin() -> None:
    """How it is said stands under the same name as what is so."""
    twins = {path.stem for path in (ROOT / "bot/domain").iterdir() if not path.name.startswith("_")}
    handlers = {path.stem for path in (ROOT / "bot/handlers").iterdir() if not path.name.startswith("_")}
    none_of(sorted(handlers - twins - ONLY_HANDLERS.keys()))
    none_of(sorted(ONLY_HANDLERS.keys() - handlers))


# What a room says of itself, and where all rooms are asked for it; those over the rooms have none of their own.
OVER_THE_ROOMS = {"privacy", "merging", "reports"}
GATHERED: dict[str, set[object]] = {
    "known_of": set(privacy.FEATURES.values()),
    "forget": {*privacy.LEAVING, people.forget},
    "merged": set(merging.ROOMS.values()),
    "invariants": {*(part.invariants for part in promises.PARTS), reports.invariants},
}


@pytest.mark.parametrize("word", GATHERED)
def test_no_room_is_forgotten(word: str) -> None:
    """Whatever keeps something of people is asked for it by /mydata, /forget, merges and the audit."""
    names = [each.name for each in iter_modules(domain.__path__) if each.name not in OVER_THE_ROOMS]
    said = {name: getattr(import_module(f"bot.domain.{name}"), word, None) for name in names}
    none_of([f"{name}.{word}" for name, deed in said.items() if deed is not None and deed not in GATHERED[word]])
    assert len([deed for deed in said.values() if deed]) >= 16


@cache
def said_by_feature() -> dict[str, set[MessageId]]:
    """Every text the bot can say, by feature."""
    return texts()


@cache
def catalogues(language: str) -> dict[str, Catalog]:
    return {path.stem: read_catalogue(language, path.stem) for path in (ROOT / "bot/locales" / language).glob("*.po")}


@cache
def translations(language: str) -> dict[str, str]:
    """By English text (the singular, where there are two) what is said instead."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: _said(message.string)
        for catalogue in catalogues(language).values()
        for message in catalogue
        if message.id
    }


def _said(text: str | tuple[str, ...] | list[str] | None) -> str:
    return text if isinstance(text, str) else " ".join(text or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_text_is_translated(language: str) -> None:
    """Every text of the code has a translation in the catalogue of its feature."""
    missing = []
    for feature, wanted in sorted(said_by_feature().items()):
        catalogue = catalogues(language).get(feature, Catalog())
        for text in sorted(wanted, key=str):
            message = catalogue.get(text if isinstance(text, str) else text[0])
            if message is None or not _said(message.string).strip():
                missing.append(f"{feature}: {text!r}")
    none_of(missing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_text_of_several_features_is_translated_alike(language: str) -> None:
    """All catalogues are asked for a text, so of two translations one would be shown where the other was meant."""
    said: dict[str, set[str]] = {}
    for catalogue in catalogues(language).values():
        for message in catalogue:
            said.setdefault(str(message.id), set()).add(_said(message.string))
    none_of(sorted(text for text, translated in said.items() if text and len(translated) > 1))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    """What the code no longer says is not in the catalogues either."""
    wanted = {text if isinstance(text, str) else text[0] for own in said_by_feature().values() for text in own}
    none_of(
        [
            f"{feature}: {message.id!r}"
            for feature, catalogue in catalogues(language).items()
            for message in catalogue
            if message.id and (message.id if isinstance(message.id, str) else message.id[0]) not in wanted
        ]
    )


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_same_places_and_tags(language: str) -> None:
    """A {place} that is missing or misspelt, or a tag that is not closed, would fail only for those who read it."""
    wrong = []
    for feature, catalogue in catalogues(language).items():
        for message in catalogue:
            if not message.id or not message.string:
                continue
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            wanted = set().union(*(places(text) for text in ids))
            wrong += [
                f"{feature}: {text!r}" for text in strings if places(text) - wanted or wanted - places(text) - {"n"}
            ]
            wrong += [
                f"{feature}: {text!r}" for text in strings if sorted(TAG.findall(text)) != sorted(TAG.findall(ids[-1]))
            ]
    none_of(wrong)


def test_chinese_texts_are_chinese() -> None:
    """No English sentence among them, nor one that was copied instead of translated."""
    none_of([text for text in translations("zh_CN").values() if ENGLISH.search(text)])
    assert set(TRANSLATED) == set(LANGUAGES) - {"en"}


def test_tags_are_those_that_telegram_knows() -> None:
    """Any other would be refused with the whole message."""
    known = {"<b", "</b", "<i", "</i", "<code", "</code", "<pre", "</pre", "<a", "</a", "<blockquote", "</blockquote"}
    everything_said = [*translations("zh_CN"), *translations("zh_CN").values()]
    none_of([text for text in everything_said if set(TAG.findall(text)) - known])


def test_imports_follow_the_plan() -> None:
    """The contracts of pyproject.toml: layers, neighbours, and who may know Telegram and databases."""
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_each_room_has_its_place_in_the_plan() -> None:
    """One that no contract names might import whom it likes, and be imported by anybody."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = {name for each in contracts for layer in each.get("layers", []) for name in layer.split(" | ")}
    placed |= {name for each in contracts for name in each.get("modules", [])}
    rooms = {
        f"{package.__name__}.{each.name}"
        for package in (bot, domain, handlers)
        for each in iter_modules(package.__path__)
    }
    none_of(sorted(rooms - placed))


def test_migrations_are_numbered_without_gaps() -> None:
    """Each number once, from 0001 on."""
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "bot/schema").glob("*.sql"))
    assert numbers == list(range(1, len(numbers) + 1))
