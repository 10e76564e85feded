"""The menu of commands beside the input line: by role and chat, in the reader's words; sent only when it changed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot import outbox
from bot.config import House
from bot.domain import people
from bot.due import Due
from bot.handlers import everything
from bot.locales import LANGUAGES
from bot.outbox import Sending
from bot.routing import Route, Who, roles_of
from bot.storage import Transaction

# What Telegram calls the languages we speak.
CODES: Mapping[str, str] = {"zh_CN": "zh", "en": "en"}
DESCRIPTION_CHARACTERS_MAX = 256


async def publish(tx: Transaction, house: House) -> None:
    """The menus for everybody: private chats and groups, in each language and, for all other languages, the county's."""
    routes = everything()
    for scope, private in (("default", True), ("all_group_chats", False)):
        # Who registers is offered the same as who has.
        shown = routes.commands_for(Who.ANYONE | Who.MEMBER, private=private)
        for language in LANGUAGES:
            await _set(tx, f"{scope}:{language}", {"type": scope}, shown, language, CODES[language])
        county = house.settings.county.language
        await _set(tx, f"{scope}:any", {"type": scope}, shown, county, "")


async def fit(tx: Transaction, due: Due, house: House) -> None:
    """Make one person's menu fit what he may do, in his own language."""
    person = await people.by_id(tx, due.number)
    if person.telegram_id is None:
        return
    scope = {"type": "chat", "chat_id": person.telegram_id}
    shown = everything().commands_for(roles_of(person), private=True)
    await _set(tx, f"person:{person.id}", scope, shown, person.language, "")


async def _set(
    tx: Transaction, name: str, scope: dict[str, Any], routes: Iterable[Route], language: str, code: str
) -> None:
    """Send the menu called `name`, unless the last one sent under that name was the same."""
    reader = people.reader(tx, language)
    commands = [
        {"command": route.name, "description": reader.plain(route.help)[:DESCRIPTION_CHARACTERS_MAX]}
        for route in routes
    ]
    params: dict[str, Any] = {"commands": commands, "scope": scope}
    if code:
        params["language_code"] = code
    digest = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
    changed = await tx.run(
        "INSERT INTO menus (bot, name, digest) VALUES (:bot, :name, :digest) "
        "ON CONFLICT (bot, name) DO UPDATE SET digest = excluded.digest WHERE menus.digest <> excluded.digest",
        bot=tx.bot,
        name=name,
        digest=digest,
    )
    if changed:
        await outbox.put(tx, Sending("setMyCommands", params))
