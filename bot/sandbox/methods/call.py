"""One call of one bot, and the chat, person or message that it names."""

from dataclasses import dataclass

from bot.sandbox.answers import Json, Refusal, bad_request, forbidden
from bot.sandbox.chats import Chat
from bot.sandbox.params import Params
from bot.sandbox.users import Bot, User
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    world: World
    bot: Bot
    params: Params


def chat_of(call: Call, name: str = "chat_id") -> Chat:
    """The chat that a call names, by id or @username. Raises a 400 when there is none, or it has a new id."""
    chat_id = _chat_id(call, name)
    if chat_id > 0:
        return _private(call, chat_id)
    chat = call.world.chats.get(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, words, migrate_to_chat_id=chat.migrated_to)
    return chat


def _chat_id(call: Call, name: str) -> int:
    given = call.params.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    if given.startswith("@"):
        known = call.world.ids_by_username.get(given[1:].lower(), 0)
        if known >= 0:
            raise bad_request("chat not found")
        return known
    return call.params.number(name)


def _private(call: Call, user_id: int) -> Chat:
    user = call.world.people.get(user_id)
    if user is None:
        if user_id in call.world.bots:
            raise forbidden("bot can't send messages to bots")
        raise bad_request("chat not found")
    return call.world.private(call.bot, user)


def joined_chat(call: Call) -> Chat:
    """A chat that the bot is in, or anybody's private chat. Raises the 403 of who was removed."""
    chat = chat_of(call)
    if chat.person is None:
        status = chat.member(call.bot.id).status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind}")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind}")
    return chat


def open_chat(call: Call) -> Chat:
    """A chat that the bot may write to. Raises 400 or 403 otherwise, as Telegram does."""
    chat = joined_chat(call)
    if chat.person is not None:
        _check_reachable(call, chat.person)
    elif chat.type == "channel" and not chat.member(call.bot.id).may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    elif not chat.member(call.bot.id).can_send:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _check_reachable(call: Call, user: User) -> None:
    bot_id = call.bot.id
    if user.is_deleted:
        raise forbidden("user is deactivated")
    if bot_id in user.blocked:
        raise forbidden("bot was blocked by the user")
    if bot_id not in user.started and user.asked_until.get(bot_id, 0) < call.world.now():
        raise forbidden("bot can't initiate conversation with a user")


def group_of(call: Call, right: str = "") -> Chat:
    """A group or channel that the bot is in, with a right that the call needs there."""
    chat = joined_chat(call)
    if chat.person is not None:
        raise bad_request("method is available only for supergroups and channels")
    if right and not chat.member(call.bot.id).may(right):
        raise bad_request(MISSING.get(right, "not enough rights"))
    return chat


MISSING = {
    "can_restrict_members": "not enough rights to restrict/unrestrict chat member",
    "can_pin_messages": "not enough rights to manage pinned messages in the chat",
    "can_manage_topics": "not enough rights to manage topics",
    "can_invite_users": "not enough rights to manage chat invite link",
}


def user_of(call: Call) -> int:
    """The id of a person or bot that is known. Raises a 400 otherwise."""
    user_id = call.params.number("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if not call.world.knows(user_id):
        raise bad_request("PARTICIPANT_ID_INVALID")
    return user_id


def message_of(call: Call, chat: Chat, missing: str) -> Json:
    """The message that a call names. Raises a 400 with the words `missing` when it isn't there."""
    message_id = call.params.number("message_id")
    if not message_id and "inline_message_id" not in call.params:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(missing)
    return message
