"""Coming, going and standing in a chat: what changes, and who is told."""

from bot.sandbox.answers import Json
from bot.sandbox.chats import AWAY, Chat, InviteLink, Member
from bot.sandbox.world import World

MEMBER = Member("member")
ASKED_SECONDS = 300
"""For how long a bot may write to somebody who asked to join."""


def change(
    world: World,
    chat: Chat,
    user_id: int,
    member: Member,
    *,
    by: int,
    link: InviteLink | None = None,
    asked: bool = False,
) -> None:
    """Set where somebody stands, and tell whom it concerns: the chat by a service message, bots by an update."""
    before = chat.member(user_id)
    if before == member:
        return
    if member.is_present:
        chat.requests.pop(user_id, None)
    world.place(chat, user_id, member)
    _tell_bots(world, chat, user_id, _update(world, chat, user_id, before, by, link, asked))
    # Of somebody whose request was approved the chat is told as if he had come by himself.
    _say(world, chat, user_id, before, user_id if asked else by)
    world.changed("member", chat, {"user": world.brief(user_id), "status": member.status})


def _update(
    world: World, chat: Chat, user_id: int, before: Member, by: int, link: InviteLink | None, asked: bool
) -> Json:
    user = world.brief(user_id)
    update: Json = {
        "chat": chat.brief,
        "from": world.brief(by),
        "date": int(world.now()),
        "old_chat_member": chat.standing(user, before),
        "new_chat_member": chat.standing(user, chat.member(user_id)),
    }
    if link is not None:
        update["invite_link"] = link.brief
    return update | {"via_join_request": True} if asked else update


def _tell_bots(world: World, chat: Chat, user_id: int, update: Json) -> None:
    if user_id in world.bots:
        world.bots[user_id].updates.put("my_chat_member", update, chat.id)
    for bot_id in chat.bots:
        if bot_id != user_id and chat.member(bot_id).is_admin:
            world.bots[bot_id].updates.put("chat_member", update, chat.id)


def _say(world: World, chat: Chat, user_id: int, before: Member, by: int) -> None:
    is_present = chat.member(user_id).is_present
    if not chat.is_group or before.is_present == is_present:
        return
    user = world.brief(user_id)
    content: Json = {"new_chat_members": [user]} if is_present else {"left_chat_member": user}
    world.tell(chat, "message", world.post(chat, content, by=world.brief(by)))


def ask(world: World, chat: Chat, user_id: int, link: InviteLink | None) -> None:
    """Ask to join: the bots that may invite get a chat_join_request, and may write to who asked for five minutes."""
    chat.requests[user_id] = link
    update: Json = {
        "chat": chat.brief,
        "from": world.brief(user_id),
        "user_chat_id": user_id,
        "date": int(world.now()),
    }
    if link is not None:
        update["invite_link"] = link.brief
    for bot_id in chat.bots:
        if chat.member(bot_id).may("can_invite_users"):
            world.people[user_id].asked_until[bot_id] = world.now() + ASKED_SECONDS
            world.bots[bot_id].updates.put("chat_join_request", update, chat.id)
    world.changed("join_request", chat, update)


def migrate(world: World, chat: Chat, by: int) -> Chat:
    """Make a group a supergroup, under a new id. Both say so, and the bots learn that they are in the new one."""
    above = world.group(chat.title, by_request=chat.by_request)
    for user_id, member in chat.members.items():
        world.place(above, user_id, member)
    chat.migrated_to = above.id
    actor = world.brief(by)
    world.tell(chat, "message", world.post(chat, {"migrate_to_chat_id": above.id}, by=actor))
    world.tell(above, "message", world.post(above, {"migrate_from_chat_id": chat.id}, by=actor))
    for bot_id in list(chat.bots):
        before = chat.member(bot_id)
        world.place(chat, bot_id, AWAY)
        _tell_bots(world, chat, bot_id, _update(world, chat, bot_id, before, by, None, False))
        _tell_bots(world, above, bot_id, _update(world, above, bot_id, AWAY, by, None, False))
    world.changed("migrated", chat, {"migrate_to_chat_id": above.id})
    return above
