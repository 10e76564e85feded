"""Methods about a group's topics."""

from bot.sandbox import topics
from bot.sandbox.answers import Json, bad_request
from bot.sandbox.chats import Chat
from bot.sandbox.methods.call import Call, group_of

NAME_MAX = 128


def create_forum_topic(call: Call) -> Json:
    chat = _forum(call)
    name = call.params.text("name").strip()
    if not 1 <= len(name) <= NAME_MAX:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    colour = call.params.number("icon_color") or topics.COLOUR
    number = topics.begin(call.world, chat, name, by=call.bot.brief, colour=colour)
    return {"message_thread_id": number, "name": name, "icon_color": colour}


def edit_forum_topic(call: Call) -> bool:
    chat, number = _topic(call)
    name = call.params.text("name").strip() or chat.topics[number]
    if name == chat.topics[number]:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.rename(call.world, chat, number, name, by=call.bot.brief)
    return True


def close_forum_topic(call: Call) -> bool:
    chat, number = _topic(call)
    if number in chat.closed_topics:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.close(call.world, chat, number, by=call.bot.brief)
    return True


def reopen_forum_topic(call: Call) -> bool:
    chat, number = _topic(call)
    if number not in chat.closed_topics:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.reopen(call.world, chat, number, by=call.bot.brief)
    return True


def delete_forum_topic(call: Call) -> bool:
    topics.delete(call.world, *_topic(call))
    return True


def _forum(call: Call) -> Chat:
    chat = group_of(call, "can_manage_topics")
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(call: Call) -> tuple[Chat, int]:
    chat, number = _forum(call), call.params.number("message_thread_id")
    if number not in chat.topics:
        raise bad_request("message thread not found")
    return chat, number
