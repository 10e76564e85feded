"""Answers to pressed buttons."""

from bot.sandbox.answers import Json, bad_request
from bot.sandbox.methods.call import Call

TEXT_MAX = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(call: Call) -> bool:
    """Once, in time, with at most 200 characters. Raises a 400 otherwise."""
    text = call.params.text("text")
    if len(text) > TEXT_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    press = call.bot.presses.get(call.params.text("callback_query_id"))
    if press is None or press.answer is not None or press.at + call.world.answer_seconds < call.world.now():
        raise bad_request(TOO_OLD)
    press.answer = {"text": text, "show_alert": call.params.flag("show_alert"), "url": call.params.text("url")}
    chat = call.world.chat(call.bot, press.message["chat"]["id"])
    told: Json = {"user_id": press.user_id, "press_id": press.id, "message_id": press.message["message_id"]}
    call.world.changed("answered", chat, press.answer | told)
    return True
