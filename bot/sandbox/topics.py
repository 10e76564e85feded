"""Topics of a group: each bears the number of the service message with which it was opened."""

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.world import World

COLOUR = 0x6FB9F0


def begin(world: World, chat: Chat, name: str, *, by: Json, colour: int = COLOUR) -> int:
    """Open a topic; its number. The group is told, and its bots with it."""
    number = chat.last_id + 1
    chat.topics[number] = name
    say(world, chat, number, {"forum_topic_created": {"name": name, "icon_color": colour}}, by=by)
    return number


def rename(world: World, chat: Chat, number: int, name: str, *, by: Json) -> None:
    chat.topics[number] = name
    say(world, chat, number, {"forum_topic_edited": {"name": name}}, by=by)


def close(world: World, chat: Chat, number: int, *, by: Json) -> None:
    """Nobody but admins may write there from now on."""
    chat.closed_topics.add(number)
    say(world, chat, number, {"forum_topic_closed": {}}, by=by)


def reopen(world: World, chat: Chat, number: int, *, by: Json) -> None:
    chat.closed_topics.discard(number)
    say(world, chat, number, {"forum_topic_reopened": {}}, by=by)


def delete(world: World, chat: Chat, number: int) -> None:
    """Remove a topic with all that was said in it."""
    for message in [one for one in chat.messages.values() if one.get("message_thread_id") == number]:
        world.remove(chat, message["message_id"])
    chat.closed_topics.discard(number)
    del chat.topics[number]


def say(world: World, chat: Chat, number: int, content: Json, *, by: Json) -> None:
    world.tell(chat, "message", world.post(chat, chat.thread(number) | content, by=by))
