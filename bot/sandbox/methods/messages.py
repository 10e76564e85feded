"""Methods that say, edit, delete and pin messages."""

from bot.sandbox import keyboards
from bot.sandbox.answers import Json, bad_request
from bot.sandbox.chats import Chat
from bot.sandbox.methods.call import Call, chat_of, joined_chat, message_of, open_chat
from bot.sandbox.methods.texts import caption, message_text
from bot.sandbox.users import Bot

DELETE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def send(call: Call, chat: Chat, content: Json) -> Json:
    """Say something in a chat that may be written to, with what all sending methods share."""
    markup = call.params.object("reply_markup")
    shown = keyboards.inline(markup)
    content = _thread(call, chat) | _replying(call, chat) | content
    if shown is not None:
        content["reply_markup"] = shown
    if call.params.flag("protect_content"):
        content["has_protected_content"] = True
    keyboard_below = _keyboard_below(markup)
    message = call.world.post(
        chat,
        content,
        by=None if chat.type == "channel" else call.bot.brief,
        sender_chat=chat.brief if chat.type == "channel" else None,
    )
    if keyboard_below is not None:
        chat.keyboard = keyboard_below or None
        call.world.changed("keyboard", chat, keyboard_below)
    return message


def _thread(call: Call, chat: Chat) -> Json:
    """The mark of the topic that a call names. Raises a 400 where there is none, or it is closed to the bot."""
    number = call.params.number("message_thread_id")
    if not number or chat.person is not None:
        return {}
    if number not in chat.topics:
        raise bad_request("message thread not found")
    if number in chat.closed_topics and not chat.member(call.bot.id).may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return chat.thread(number)


def _keyboard_below(markup: Json | None) -> Json | None:
    """What this message makes of the keyboard below the chat: another one, none ({}), or no change (None)."""
    if markup is None or "inline_keyboard" in markup:
        return None
    if "keyboard" in markup:
        return keyboards.reply(markup)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return {} if markup.get("remove_keyboard") else None
    raise bad_request("object expected as reply markup")


def _replying(call: Call, chat: Chat) -> Json:
    asked = call.params.object("reply_parameters")
    if asked is None:
        return {}
    replied = chat.messages.get(int(asked.get("message_id") or 0))
    if replied is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    thread = {name: replied[name] for name in ("message_thread_id", "is_topic_message") if name in replied}
    return {"reply_to_message": quoted(replied)} | thread


def quoted(message: Json) -> Json:
    """A message as it stands inside a reply: without the one that it replies to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def send_message(call: Call) -> Json:
    content = message_text(call.params)
    return send(call, open_chat(call), content)


def copy_message(call: Call) -> Json:
    source = chat_of(call, "from_chat_id")
    chat = open_chat(call)
    original = message_of(call, source, "message to copy not found")
    kept = {name: value for name, value in original.items() if name in COPIED}
    return {"message_id": send(call, chat, kept)["message_id"]}


COPIED = ("text", "entities", "caption", "caption_entities", "photo", "document", "location", "sticker")


def edit_message_text(call: Call) -> Json:
    content = message_text(call.params)
    chat, message = _own(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, message, content, ("text", "entities"))


def edit_message_caption(call: Call) -> Json:
    content = caption(call.params)
    chat, message = _own(call)
    if not any(name in message for name in ("photo", "document")):
        raise bad_request("there is no caption in the message to edit")
    return _edit(call, chat, message, content, ("caption", "caption_entities"))


def edit_message_reply_markup(call: Call) -> Json:
    chat, message = _own(call)
    return _edit(call, chat, message, {}, ())


def _own(call: Call) -> tuple[Chat, Json]:
    chat = joined_chat(call)
    message = message_of(call, chat, "message to edit not found")
    if not is_said_by(call.bot, message):
        raise bad_request("message can't be edited")
    return chat, message


def is_said_by(bot: Bot, message: Json) -> bool:
    """Whether the bot said it, by itself or, in a channel, under the channel's name."""
    if "from" in message:
        return bool(message["from"]["id"] == bot.id)
    return bool(message.get("sender_chat") == message["chat"])


def _edit(call: Call, chat: Chat, message: Json, content: Json, replaced: tuple[str, ...]) -> Json:
    """The new version. Without `reply_markup` the buttons go, as at Telegram."""
    kept = {name: value for name, value in message.items() if name not in (*replaced, "reply_markup", "edit_date")}
    shown = keyboards.inline(call.params.object("reply_markup"))
    edited = kept | content
    if shown is not None:
        edited["reply_markup"] = shown
    if all(edited.get(name) == message.get(name) for name in (*replaced, "reply_markup")):
        raise bad_request(NOT_MODIFIED)
    return call.world.replace(chat, edited)


def delete_message(call: Call) -> bool:
    chat = joined_chat(call)
    message = message_of(call, chat, "message to delete not found")
    _check_deletable(call, chat, message)
    call.world.remove(chat, message["message_id"])
    return True


def delete_messages(call: Call) -> bool:
    """Those that are there and may be deleted; the others are passed over."""
    chat = joined_chat(call)
    for message_id in call.params.list("message_ids") or []:
        message = chat.messages.get(int(message_id))
        if message is not None:
            _check_deletable(call, chat, message)
            call.world.remove(chat, int(message_id))
    return True


def _check_deletable(call: Call, chat: Chat, message: Json) -> None:
    if chat.member(call.bot.id).may("can_delete_messages"):
        return
    if message.get("from", {}).get("id") != call.bot.id and chat.person is None:
        raise bad_request("message can't be deleted")
    if message["date"] + DELETE_SECONDS < call.world.now():
        raise bad_request("message can't be deleted for everyone")


def pin_chat_message(call: Call) -> bool:
    chat = _pinnable(call)
    message = message_of(call, chat, "message to pin not found")
    if message["message_id"] in chat.pinned:
        chat.pinned.remove(message["message_id"])
    chat.pinned.append(message["message_id"])
    # The bot gets its own service message too, as it does at Telegram.
    service = call.world.post(chat, {"pinned_message": quoted(message)}, by=call.bot.brief)
    call.world.tell(chat, "message", service)
    return True


def unpin_chat_message(call: Call) -> bool:
    chat = _pinnable(call)
    message_id = call.params.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    call.world.changed("unpinned", chat, {"message_id": message_id})
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    chat = _pinnable(call)
    chat.pinned.clear()
    call.world.changed("unpinned", chat, {})
    return True


def _pinnable(call: Call) -> Chat:
    chat = joined_chat(call)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.person is None and not chat.member(call.bot.id).may(right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def send_chat_action(call: Call) -> bool:
    action = call.params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(call)
    call.world.changed("action", chat, {"action": action})
    return True


ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)
