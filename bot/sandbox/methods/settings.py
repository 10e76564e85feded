"""Methods by which a bot says what it is: commands, descriptions, the menu button."""

import re

from bot.sandbox.answers import Json, bad_request
from bot.sandbox.menus import Scope
from bot.sandbox.methods.call import Call, chat_of

COMMANDS_MAX = 100
SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)
WORDS_MAX = {"name": 64, "description": 512, "short_description": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")


def get_me(call: Call) -> Json:
    return call.bot.me


def set_my_commands(call: Call) -> bool:
    commands = call.params.list("commands") or []
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = [_command(command) for command in commands]
    scope = _scope(call)
    call.bot.menu.commands[scope, _language(call)] = kept
    if scope[0] == "chat":
        call.world.changed("menu", call.world.chat(call.bot, scope[1]), {})
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.bot.menu.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: Call) -> bool:
    call.bot.menu.commands.pop((_scope(call), _language(call)), None)
    return True


def _command(command: Json) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    words = str(command.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(words) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": words}


def _scope(call: Call) -> Scope:
    given = call.params.object("scope") or {"type": "default"}
    kind = given.get("type")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind not in ("chat", "chat_administrators", "chat_member"):
        return (kind, 0, 0)
    narrowed = Call(call.world, call.bot, type(call.params)(given, {}))
    return (kind, chat_of(narrowed).id, narrowed.params.number("user_id") if kind == "chat_member" else 0)


def _language(call: Call) -> str:
    code = call.params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("BOT_LANGUAGE_CODE_INVALID")
    return code


def set_my_words(call: Call, what: str) -> bool:
    words = call.params.text(what)
    if len(words) > WORDS_MAX[what]:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    call.bot.menu.words[what, _language(call)] = words
    return True


def my_words(call: Call, what: str) -> Json:
    own = call.bot.first_name if what == "name" else ""
    words = call.bot.menu.words
    return {what: words.get((what, _language(call))) or words.get((what, ""), own)}


def set_chat_menu_button(call: Call) -> bool:
    button = call.params.object("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    call.bot.menu.buttons[call.params.number("chat_id")] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    buttons = call.bot.menu.buttons
    return buttons.get(call.params.number("chat_id")) or buttons.get(0) or {"type": "default"}
