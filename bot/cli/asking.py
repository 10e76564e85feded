"""`init`: asks what a bot needs to know and writes config.toml, with the other settings explained beside it."""

import json
import os
import re
import secrets
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.config import WrongSetting, read_settings

NOWHERE = Path(os.devnull)
EXAMPLE = Path(__file__).parent.parent.parent / "config.example.toml"


@dataclass(frozen=True)
class Asked:
    """One setting that is asked for."""

    name: str
    question: str
    secret: bool = False


QUESTIONS = (
    Asked("telegram.token", "The token from @BotFather (empty: the sandbox)", secret=True),
    Asked("county.name", "The county's name"),
    Asked("county.time_zone", "Its time zone"),
    Asked("county.language", "Its language, zh_CN or en"),
    Asked("storage.url", "The database"),
)


def ask(path: Path) -> None:
    """Ask until the answers make settings that work, and write them to `path`, readable by its owner alone."""
    defaults = read_settings(NOWHERE)
    text = EXAMPLE.read_text(encoding="utf-8")
    for asked in QUESTIONS:
        section, name = asked.name.split(".")
        default = getattr(getattr(defaults, section), name)
        text = _answered(text, asked, "" if asked.secret else str(default))
    text = _set(text, "telegram.webhook_secret", secrets.token_urlsafe(32))
    _write(path, text)


def _answered(text: str, asked: Asked, default: str) -> str:
    """`text` with an answer that is a right setting."""
    while True:
        hidden = asked.secret and sys.stdin.isatty()
        given = typer.prompt(asked.question, default=default, show_default=not asked.secret, hide_input=hidden)
        candidate = _set(text, asked.name, given.strip())
        complaint = _complaint(candidate)
        if not complaint:
            return candidate
        typer.echo(complaint)


def _complaint(text: str) -> str:
    try:
        read_settings(NOWHERE, **tomllib.loads(text))
    except WrongSetting as wrong:
        return str(wrong)
    return ""


def _set(text: str, name: str, value: str) -> str:
    """The file's text with another value at `section.name`."""
    section, key = name.split(".")
    # A string of JSON is one of TOML, whatever was typed into it.
    quoted = json.dumps(value, ensure_ascii=False)
    pattern = re.compile(rf'(^\[{section}\]$.*?^{key} = )"[^"\n]*"', re.DOTALL | re.MULTILINE)
    return pattern.sub(lambda match: match[1] + quoted, text, count=1)


def _write(path: Path, text: str) -> None:
    """Written whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_name(f".{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
