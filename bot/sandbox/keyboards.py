"""Keyboards as Telegram takes them: what it refuses, and what it keeps."""

from typing import Any

from bot.sandbox.answers import Json, Refusal, bad_request

BUTTONS_MAX = 100
ROW_MAX = 8
DATA_BYTES_MAX = 64
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
ADDRESSES = ("http://", "https://", "tg://")


def inline(markup: Json | None) -> Json | None:
    """The inline keyboard to keep, or None where there is none. Raises Telegram's 400 for a wrong one."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = _rows(markup["inline_keyboard"], "inline")
    kept = [[_inline_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def reply(markup: Json) -> Json:
    """A reply keyboard with every button as an object. Raises Telegram's 400 for a wrong one."""
    rows = _rows(markup["keyboard"], "reply")
    return markup | {"keyboard": [[_reply_button(button) for button in row] for row in rows if row]}


def _rows(rows: Any, kind: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f"can't parse {kind} keyboard markup JSON object")
    if any(not isinstance(row, list) for row in rows):
        raise bad_request(f'field "{"keyboard" if kind == "reply" else "inline_keyboard"}" must be an Array of Arrays')
    if sum(map(len, rows)) > BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    if any(len(row) > ROW_MAX for row in rows):
        raise bad_request("REPLY_MARKUP_INVALID")
    return rows


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _cannot("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _cannot('can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise _cannot("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    _check_action(button, actions[0])
    return button


def _check_action(button: Json, action: str) -> None:
    given = button[action]
    if action == "callback_data":
        if not isinstance(given, str) or not 1 <= len(given.encode(errors="replace")) <= DATA_BYTES_MAX:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url" and not (isinstance(given, str) and given.startswith(ADDRESSES)):
        raise bad_request(f"inline keyboard button URL '{given}' is invalid: Wrong HTTP URL")
    elif action == "copy_text":
        text = given.get("text", "") if isinstance(given, dict) else ""
        if not 1 <= len(text) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    return button


def _cannot(words: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {words}")


def labels(markup: Json | None) -> tuple[tuple[str, ...], ...]:
    """The rows of labels that a person sees."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return tuple(tuple(button["text"] for button in row) for row in rows)
