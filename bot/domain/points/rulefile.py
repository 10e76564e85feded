"""The rules of points as a file: an admin gets them as TOML, changes numbers in it and sends it back; all of it counts, or nothing."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain import people
from bot.domain.points.agreeing import WHY_CHARACTERS_MAX
from bot.domain.points.rulebook import BY_NAME, RULES, SECTIONS, Rule, in_section
from bot.domain.points.rules import Rules, check_base, current
from bot.locales import BLANK, Reader, Said, say, say_n
from bot.refusal import Refused
from bot.storage import Transaction

# How many wrong lines a screen names.
WRONG_SHOWN = 20
HEAD = say("Change numbers, write why, and send this file back to me.")
VERSION_MAX = 1_000_000_000
# Far more than any line of the file has; the TOML reader's time grows with the square of a line's length.
LINE_CHARACTERS_MAX = 1000
# What takes the place of bytes that are no UTF-8.
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Change:
    """What a file would make of one rule."""

    rule: Rule
    old: int
    new: int


@dataclass(frozen=True)
class Read:
    """A file without a fault: the version that it was made of, what it changes, and why, which may be missing."""

    base: int
    changes: tuple[Change, ...]
    why: str


@dataclass
class _Reading:
    """What has been read so far: values by their names, and what is wrong by the number of the line."""

    section: str = ""
    values: dict[str, int | str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[int, Said]] = field(default_factory=list)


class _WrongLine(Exception):
    """What is wrong with the line that is being read."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.text)
        self.why = why


# Rules


def written(found: Rules, reader: Reader) -> str:
    """The rules as a file, each with what it is called and its bounds, in the reader's words."""
    lines = [
        f"# {reader.plain(HEAD)}",
        f"version = {found.version}",
        'why = ""',
    ]
    for section, title in SECTIONS.items():
        lines += ["", f"[{section}]  # {reader.plain(title)}"]
        lines += [_line(rule, found.number(rule), reader) for rule in in_section(section)]
    return "\n".join(lines) + "\n"


def _line(rule: Rule, number: int, reader: Reader) -> str:
    return f"{rule.name} = {number}  # {reader.plain(rule.label)} ({rule.low}-{rule.high}): {reader.plain(rule.ask)}"


def _read_lines(text: str) -> _Reading:
    reading = _Reading()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        try:
            _read_line(reading, number, line.strip())
        except _WrongLine as fault:
            reading.wrong.append((number, fault.why))
        except RecursionError:
            reading.wrong.append((number, _not_toml(line)))
    return reading


def _not_toml(line: str) -> Said:
    return say("“{line}” is not TOML such as name = 12", line=line.strip()[:40])


def _read_line(reading: _Reading, number: int, line: str) -> None:
    if len(line) > LINE_CHARACTERS_MAX:
        raise _WrongLine(_not_toml(line))
    try:
        found: dict[str, Any] = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        raise _WrongLine(_not_toml(line)) from None
    for name, value in found.items():
        if isinstance(value, Mapping):
            reading.section = _section(name, value)
            continue
        if name in reading.lines:
            raise _WrongLine(say("{name} is in line {n} already", name=name, n=reading.lines[name]))
        reading.lines[name] = number
        reading.values[name] = _value(reading.section, name, value)


def _section(name: str, inside: Mapping[str, Any]) -> str:
    if name not in SECTIONS or inside:
        raise _WrongLine(say("there is no part called {name}", name=name[:40]))
    return name


def _value(section: str, name: str, value: Any) -> int | str:
    if name == "why" and not section:
        return _why(value)
    if name == "version" and not section:
        return _number(name, value, 1, VERSION_MAX)
    rule = BY_NAME.get(name)
    if rule is None:
        raise _WrongLine(say("there is no rule called {name}", name=name[:40]))
    if rule.section != section:
        raise _WrongLine(say("{name} belongs under [{section}]", name=name, section=str(rule.section)))
    return _number(name, value, rule.low, rule.high)


def _why(value: Any) -> str:
    if not isinstance(value, str) or len(value) > WHY_CHARACTERS_MAX:
        raise _WrongLine(say("why is a text of at most {n} characters", n=WHY_CHARACTERS_MAX))
    return people.visible(value)


def _number(name: str, value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        shown = json.dumps(value, ensure_ascii=False, default=str)[:20]
        raise _WrongLine(
            say("{name}: {given} is no whole number from {low} to {high}", name=name, given=shown, low=low, high=high)
        )
    return value


# Questions


async def read_file(tx: Transaction, text: str) -> Read:
    """What a file would change. Raises Refused with every wrong line, when others have changed the rules, and when nothing would change."""
    if UNREADABLE in text:
        raise Refused(say("This file is not UTF-8. Nothing was changed; please save it as UTF-8 and send it again."))
    reading = _read_lines(text)
    if "version" not in reading.lines:
        reading.wrong.append((1, say("version is missing: the number that the file came with")))
    if reading.wrong:
        raise Refused(_complaint(sorted(reading.wrong, key=lambda wrong: wrong[0])))
    in_force = await current(tx)
    check_base(in_force, int(reading.values["version"]))
    changes = [
        Change(rule, in_force.number(rule), int(reading.values.get(rule.name, in_force.number(rule)))) for rule in RULES
    ]
    changed = tuple(change for change in changes if change.old != change.new)
    if not changed:
        raise Refused(say("That is what the rules say already. Nothing was saved."))
    return Read(in_force.version, changed, str(reading.values.get("why", "")))


def _complaint(wrong: list[tuple[int, Said]]) -> Said:
    listed = BLANK
    for number, why in wrong[:WRONG_SHOWN]:
        listed = say("{before}\nLine {n}: {why}", before=listed, n=number, why=why)
    more = len(wrong) - WRONG_SHOWN
    rest = say("\n… and {n} more", n=more) if more > 0 else BLANK
    return say_n(
        "Nothing was changed; {n} mistake is in the file:{lines}{rest}",
        "Nothing was changed; {n} mistakes are in the file:{lines}{rest}",
        len(wrong),
        lines=listed,
        rest=rest,
    )
