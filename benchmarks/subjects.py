"""Who is measured: each subject is a command line, started as a process of its own. Our own bot stands here too."""

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import county

HERE = Path(__file__).parent
OUR_PYTHON = sys.executable
PEERS_PYTHON = os.environ.get("BENCH_PEERS_PYTHON", str(HERE.parent / ".venv-bench" / "bin" / "python"))
AUDIENCE_FIRST = 2_000_000_000
PEOPLE = 60_000
OUR_RATE = float(os.environ.get("BENCH_OUR_RATE", "29"))


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
    """Our bot as it runs, but for the limits of sending: the peers have none."""
    return {
        "BOT_CONFIG": str(place.scratch / "config.toml"),
        "BOT__TELEGRAM__TOKEN": place.token,
        "BOT__TELEGRAM__BASE_URL": place.base_url,
        "BOT__TELEGRAM__BASE_FILE_URL": place.base_url.replace("/bot", "/file/bot"),
        "BOT__STORAGE__URL": f"sqlite:///{place.database}",
        "BOT__SENDING__PER_SECOND": "100000",
        "BOT__SENDING__PER_CHAT_SECOND": "100000",
        "BOT__SENDING__CHAT_BURST": "100000",
    }


def _our_limited_environment(place: Place) -> dict[str, str]:
    """With the limits on: the rate a little below the server's 30, for messages don't arrive as evenly as they go.

    Answers to presses are under no limit; in a rush the cards are edited afterwards, as slowly as Telegram allows.
    """
    return _our_environment(place) | {
        "BOT__SENDING__PER_SECOND": str(OUR_RATE),
        "BOT__SENDING__PER_CHAT_SECOND": "1",
        "BOT__SENDING__CHAT_BURST": "3",
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


def _our_own(name: str = "this bot", **others: Any) -> Subject:
    command = (OUR_PYTHON, "-m", "bot", "run")
    return Subject(name, command, **{"environment": _our_environment, "durable": True, **others})


def _our_tapped(data: str = f"activities.join:{county.TASK}", **others: Any) -> Subject:
    return _our_own(plan={"data": data}, **{"prepare": _with_task, "admitted": _admitted, **others})


def _registered(place: Place) -> None:
    """People who are known: strangers would be welcomed instead of answered."""
    with closing(county.migrated(place.database)) as db, db:
        county.register(db, PEOPLE)


def _with_task(place: Place) -> None:
    with closing(county.migrated(place.database)) as db, db:
        county.register(db, PEOPLE)
        county.make_admin(db)
        county.publish_task(db)


def _with_roles(place: Place) -> None:
    _with_task(place)
    with closing(sqlite3.connect(place.database)) as db, db:
        county.by_role(db)


def _chosen_by(mode: str) -> Callable[[Place], None]:
    def prepare(place: Place) -> None:
        _with_task(place)
        with closing(sqlite3.connect(place.database)) as db, db:
            county.chosen_by(db, mode)

    return prepare


def _with_call(place: Place) -> None:
    """An audience, and an admin who presses Send on a call to all of it. Those who press buttons are not called."""
    with closing(county.migrated(place.database)) as db, db:
        county.register(db, place.audience, AUDIENCE_FIRST)
        county.make_admin(db)
        county.draft_call(db)


def _admitted(place: Place) -> int | None:
    """Those who are in. The others have to wait in the order in which they were handled, or it is no number."""
    with closing(sqlite3.connect(place.database)) as db:
        taken, waiting = db.execute(
            "SELECT taken, waiting + role_waiting FROM activities WHERE id = ?", (county.TASK,)
        ).fetchone()
        rows = db.execute("SELECT state, person_id FROM participations ORDER BY id").fetchall()
    states = [state for state, _ in rows]
    fine = states == ["in"] * taken + ["waiting"] * waiting and len({person for _, person in rows}) == len(rows)
    return int(taken) if fine else None


def _applied(place: Place) -> int | None:
    """Those who ask for a place that is given later, each once."""
    with closing(sqlite3.connect(place.database)) as db:
        applied = db.execute("SELECT applied FROM activities WHERE id = ?", (county.TASK,)).fetchone()[0]
        people = db.execute("SELECT COUNT(DISTINCT person_id) FROM participations WHERE state = 'applied'").fetchone()[
            0
        ]
    return int(applied) if applied == people else None


def _signups(place: Place) -> int | None:
    with sqlite3.connect(place.database) as db:
        return int(db.execute("SELECT count(*) FROM signup").fetchone()[0])


# Our own bot is the first of each list: the ratios of the others are to it.

ECHO = (
    _our_own(prepare=_registered),
    _peer("python-telegram-bot", "ptb_echo.py"),
    _peer("python-telegram-bot, 256 at once", "ptb_echo.py", "--concurrent"),
    _peer("aiogram", "aiogram_echo.py"),
    _peer("telebot", "telebot_echo.py"),
)

RUSH = (
    _our_tapped(environment=_our_limited_environment),
    _our_tapped(name="  and edits the card at once"),
    _our_tapped(
        f"activities.join:{county.TASK}:{county.HELPER}",
        name="  places by role",
        environment=_our_limited_environment,
        prepare=_with_roles,
    ),
    *(
        _our_tapped(
            name=f"  {mode}: all apply",
            environment=_our_limited_environment,
            prepare=_chosen_by(mode),
            admitted=_applied,
        )
        for mode in ("lottery", "review")
    ),
    _peer("python-telegram-bot", "ptb_rush.py", admitted=_signups),
    _peer("python-telegram-bot, 256 at once", "ptb_rush.py", "--concurrent", admitted=_signups),
    _peer("  and edits the card", "ptb_rush.py", "--concurrent", "--edit", admitted=_signups),
    _peer("  check then insert", "ptb_rush.py", "--concurrent", "--naive", admitted=_signups),
    _peer("aiogram", "aiogram_rush.py", admitted=_signups),
    _peer("  and edits the card", "aiogram_rush.py", "--edit", admitted=_signups),
    _peer("  check then insert", "aiogram_rush.py", "--naive", admitted=_signups),
)

BROADCAST = (
    _our_own(
        prepare=_with_call,
        environment=_our_limited_environment,
        plan={"kind": "callback", "data": f"calls.send:{county.CALL}"},
    ),
    _peer("AIORateLimiter, one by one", "ptb_broadcast.py", plan={"text": "/broadcast"}),
    _peer("AIORateLimiter, all at once", "ptb_broadcast.py", "--gather", plan={"text": "/broadcast"}),
)
