"""Who is measured: each subject is a command line, started as a process of its own. Our own bot stands here too."""

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUR_PYTHON = sys.executable
PEERS_PYTHON = os.environ.get("BENCH_PEERS_PYTHON", str(HERE.parent / ".venv-bench" / "bin" / "python"))
AUDIENCE_FIRST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """What a subject is told of the place where it runs. `scratch` is an empty folder that is removed afterwards."""

    base_url: str
    token: str
    scratch: Path
    audience: int = 0

    @property
    def database(self) -> Path:
        return self.scratch / "bot.db"


def _peers_environment(place: Place) -> dict[str, str]:
    return {
        "BENCH_BASE_URL": place.base_url,
        "BENCH_TOKEN": place.token,
        "BENCH_DATABASE": str(place.database),
        "BENCH_AUDIENCE": f"{AUDIENCE_FIRST}+{place.audience}",
    }


def _our_environment(place: Place) -> dict[str, str]:
    return {
        "BOT__TELEGRAM__TOKEN": place.token,
        "BOT__TELEGRAM__BASE_URL": place.base_url,
        "BOT__TELEGRAM__BASE_FILE_URL": place.base_url.replace("/bot", "/file/bot"),
        "BOT__STORAGE__URL": f"sqlite:///{place.database}",
    }


def _nothing(_: Place) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """`plan` holds what its load has otherwise than the others', by the fields of `Plan`.

    `prepare` fills the database before the start. `admitted` counts the places taken after a rush. A `durable` one is
    also killed in the middle of its broadcast.
    """

    name: str
    command: tuple[str, ...]
    environment: Callable[[Place], dict[str, str]] = _peers_environment
    plan: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Place], None] = _nothing
    admitted: Callable[[Place], int | None] = _nothing
    durable: bool = False


def _peer(name: str, script: str, *options: str, **others: Any) -> Subject:
    return Subject(name, (PEERS_PYTHON, str(HERE / "peers" / script), *options), **others)


def _our_own(**others: Any) -> Subject:
    command = (OUR_PYTHON, "-m", "bot", "run")
    return Subject("this bot", command, environment=_our_environment, durable=True, **others)


def _signups(place: Place) -> int | None:
    with sqlite3.connect(place.database) as db:
        return int(db.execute("SELECT count(*) FROM signup").fetchone()[0])


# Our own bot is the first of a list, where it takes part: `_our_own(plan={"text": "/ping"})`.

ECHO = (
    _peer("python-telegram-bot", "ptb_echo.py"),
    _peer("python-telegram-bot, 256 at once", "ptb_echo.py", "--concurrent"),
    _peer("aiogram", "aiogram_echo.py"),
    _peer("telebot", "telebot_echo.py"),
)

RUSH = (
    _peer("python-telegram-bot", "ptb_rush.py", admitted=_signups),
    _peer("python-telegram-bot, 256 at once", "ptb_rush.py", "--concurrent", admitted=_signups),
    _peer("  and edits the card", "ptb_rush.py", "--concurrent", "--edit", admitted=_signups),
    _peer("  check then insert", "ptb_rush.py", "--concurrent", "--naive", admitted=_signups),
    _peer("aiogram", "aiogram_rush.py", admitted=_signups),
    _peer("  and edits the card", "aiogram_rush.py", "--edit", admitted=_signups),
    _peer("  check then insert", "aiogram_rush.py", "--naive", admitted=_signups),
)

BROADCAST = (
    _peer("AIORateLimiter, one by one", "ptb_broadcast.py", plan={"text": "/broadcast"}),
    _peer("AIORateLimiter, all at once", "ptb_broadcast.py", "--gather", plan={"text": "/broadcast"}),
)
