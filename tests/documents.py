"""Pages of docs/ that are made from the program: `make docs` writes them, tests/test_documents.py holds them."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage
from bot.handlers import everything
from bot.locales import Reader
from bot.routing import Route, Who
from bot.sandbox.people import Persona
from tests import mutants
from tests.conversations import Talk
from tests.county import furnished
from tests.picture import Bubble, Picture
from tests.publishing import published
from tests.scenes import SCENES
from tests.town import BOT_ID, Town, TownClock, built

DOCS = Path(__file__).parent.parent / "docs"
FEATURES = DOCS / "features"
NUMBER = re.compile(r"\*\*[\d,]+\*\*<!-- (?P<path>[\w.]+) -->")
CONVERSATION = re.compile(r"(<!-- conversation -->).*?(<!-- /conversation -->)", re.DOTALL)
_made: list[bytes] = []
WHO = {
    Who.ANYONE: "everybody",
    Who.MEMBER: "members",
    Who.LEADER: "leaders",
    Who.ADMIN: "admins",
    Who.READER: "admins, auditors",
}


def commands_page() -> str:
    """Every command, who may use it and where, in both languages."""
    rows = "\n".join(_row(route) for route in everything() if route.kind == "command")
    return (
        "# Commands\n\n"
        "Made from the program by `make docs`. Each command takes its argument in the same line; what needs one and gets none "
        "asks for it with buttons. Whose group or task it is, is checked where it is loaded: a leader's commands work for the "
        "groups he leads. In private chats the words of the fourth column do the same, with or without an argument.\n\n"
        "| command | what it does | 说明 | in a word | who | where |\n|---|---|---|---|---|---|\n" + rows + "\n"
    )


def _row(route: Route) -> str:
    zone = ZoneInfo("Asia/Shanghai")
    english, chinese = (Reader(language, zone, 0).plain(route.help) for language in ("en", "zh_CN"))
    where = "private chat" if route.private_only else "private chat, groups"
    who = ", ".join(word for role, word in WHO.items() if role in route.fits)
    return f"| `/{route.name}` | {english} | {chinese} | {' '.join(route.also)} | {who} | {where} |"


async def _chat(town: Town) -> str:
    """From a poster's code to signed up: three taps, no typing."""
    await furnished(town)
    task = await published(
        town, None, title="图书角整理", about="给孩子们的绘本分类上架", place="青年之家二楼", places=12
    )
    wei = town.people.person("小薇", language_code="zh-hans")
    picture = Picture("青年县", "机器人")
    await _step(picture, wei, "开始", lambda: wei.starts(f"activities_open-{task.id}"))
    for label in ("是我，开始吧", "报名"):
        _mark(picture, label)
        await wei.presses(label)
        _show(picture, wei)
    return picture.svg()


async def _step(picture: Picture, persona: Persona, said: str, deed: Callable[[], Awaitable[object]]) -> None:
    picture.bubbles.append(Bubble(said, mine=True))
    await deed()
    _show(picture, persona)


def _mark(picture: Picture, label: str) -> None:
    picture.bubbles[-1].pressed = label


def _show(picture: Picture, persona: Persona) -> None:
    screen = persona.screen
    picture.bubbles.append(Bubble(screen.text, rows=screen.rows))


async def _in_town(scene: Callable[[Town], Awaitable[str]]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        clock = TownClock()
        path = Path(folder) / "town.db"
        path.write_bytes(await _bare())
        async with _opened(path, clock) as storage, built(storage, clock) as town:
            return await scene(town)


async def _bare() -> bytes:
    """A database with all its tables and nobody in it, made once."""
    if not _made:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bare.db"
            async with _opened(path, TownClock()) as storage:
                await migrate(storage)
            _made.append(path.read_bytes())
    return _made[0]


@asynccontextmanager
async def _opened(path: Path, clock: TownClock) -> AsyncIterator[SqliteStorage]:
    storage = SqliteStorage(str(path), clock.clock, BOT_ID)
    await storage.open()
    try:
        yield storage
    finally:
        await storage.close()


def _with_numbers(text: str) -> str:
    """Each `**24**<!-- bot.domain.activities.FREE_TO_LEAVE_HOURS -->` with the number that it is now."""
    return NUMBER.sub(lambda found: f"**{_constant(found['path']):,}**<!-- {found['path']} -->", text)


def _constant(path: str) -> int:
    module, _, name = path.rpartition(".")
    return int(getattr(import_module(module), name))


async def _spoken(town: Town, scene: Callable[[Talk], Awaitable[None]], language: str) -> str:
    talk = Talk(town, language)
    await talk.gathers()
    await scene(talk)
    return "\n".join(talk.lines).rstrip()


def feature_page(name: str) -> str:
    """A feature's page: what is written there, with today's numbers and conversation."""
    text = _with_numbers((FEATURES / f"{name}.md").read_text(encoding="utf-8"))
    chinese, english = (
        asyncio.run(_in_town(partial(_spoken, scene=SCENES[name], language=code))) for code in ("zh_CN", "en")
    )
    said = f"## 对话\n\n{chinese}\n\n## The same in English\n\n{english}"
    return CONVERSATION.sub(lambda found: f"{found[1]}\n\n{said}\n\n{found[2]}", text)


def pages() -> dict[Path, str]:
    """Each page with what it must hold."""
    return {
        DOCS / "commands.md": commands_page(),
        DOCS / "mutants.md": mutants.page(),
        DOCS / "images" / "chat.svg": asyncio.run(_in_town(_chat)),
        **{FEATURES / f"{name}.md": feature_page(name) for name in SCENES},
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
