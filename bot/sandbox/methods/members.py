"""Methods about chats, their members, invite links and join requests."""

from typing import Any

from bot.sandbox.answers import Json, bad_request, forbidden
from bot.sandbox.chats import AWAY, RIGHTS, Chat, InviteLink, Member
from bot.sandbox.membership import MEMBER, change
from bot.sandbox.methods.call import Call, chat_of, group_of, joined_chat, user_of

TAG_MAX = 16


def get_chat(call: Call) -> Json:
    chat = chat_of(call) if call.params.number("chat_id") > 0 else joined_chat(call)
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    full = chat.brief | {"accent_color_id": chat.id % 7, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if chat.by_request:
        full["join_by_request"] = True
    primary = next((link for link in chat.links.values() if link.is_primary and not link.is_revoked), None)
    if primary is not None and chat.member(call.bot.id).may("can_invite_users"):
        full["invite_link"] = primary.address
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]]
    return full


def get_chat_member(call: Call) -> Json:
    chat = joined_chat(call)
    user_id = call.params.number("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if not call.world.knows(user_id):
        raise bad_request("member not found")
    if chat.person is not None:
        return chat.standing(call.world.brief(user_id), MEMBER)
    return chat.standing(call.world.brief(user_id), chat.member(user_id))


def get_chat_member_count(call: Call) -> int:
    chat = joined_chat(call)
    return 2 if chat.person is not None else chat.present


def get_chat_administrators(call: Call) -> list[Json]:
    """All but other bots, as Telegram lists them."""
    chat = group_of_any(call)
    shown = [user_id for user_id in chat.admins if user_id not in call.world.bots or user_id == call.bot.id]
    return [chat.standing(call.world.brief(user_id), chat.member(user_id)) for user_id in shown]


def group_of_any(call: Call) -> Chat:
    chat = joined_chat(call)
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    return chat


def ban_chat_member(call: Call) -> bool:
    chat, user_id = _restrictable(call)
    change(call.world, chat, user_id, Member("kicked"), by=call.bot.id)
    return True


def unban_chat_member(call: Call) -> bool:
    """Lets a banned one come back, and without `only_if_banned` also removes a member, as Telegram does."""
    chat, user_id = _restrictable(call)
    if chat.member(user_id).status == "kicked" or not call.params.flag("only_if_banned"):
        change(call.world, chat, user_id, AWAY, by=call.bot.id)
    return True


def _restrictable(call: Call) -> tuple[Chat, int]:
    chat = group_of(call, "can_restrict_members")
    user_id = user_of(call)
    if chat.member(user_id).status == "creator":
        raise bad_request("can't remove chat owner")
    if user_id == call.bot.id:
        raise bad_request("can't restrict self")
    if chat.member(user_id).is_admin:
        raise bad_request("user is an administrator of the chat")
    return chat, user_id


def promote_chat_member(call: Call) -> bool:
    """Gives the rights that are named; none takes them all away."""
    chat = group_of(call, "can_promote_members")
    user_id = user_of(call)
    if not chat.member(user_id).is_present:
        raise bad_request("USER_NOT_PARTICIPANT")
    rights = frozenset(name for name in RIGHTS if call.params.flag(name))
    change(call.world, chat, user_id, Member("administrator", rights) if rights else MEMBER, by=call.bot.id)
    return True


def set_chat_member_tag(call: Call) -> bool:
    chat = group_of(call, "can_manage_tags")
    user_id = user_of(call)
    tag = call.params.text("tag")
    if len(tag) > TAG_MAX:
        raise bad_request("TAG_TOO_LONG")
    before = chat.member(user_id)
    if before.status != "member":
        raise bad_request("the user isn't a regular member of the chat")
    change(call.world, chat, user_id, Member(before.status, tag=tag), by=call.bot.id)
    return True


def leave_chat(call: Call) -> bool:
    chat = group_of(call)
    change(call.world, chat, call.bot.id, AWAY, by=call.bot.id)
    return True


def create_chat_invite_link(call: Call) -> Json:
    params = call.params
    if params.flag("creates_join_request") and params.number("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    chat = group_of(call, "can_invite_users")
    link = _new_link(call, chat)
    link.by_request = params.flag("creates_join_request")
    link.name = params.text("name")
    link.expires_at = params.number("expire_date")
    link.members_max = params.number("member_limit")
    return link.brief


def export_chat_invite_link(call: Call) -> str:
    """A new primary link; the former one is worth nothing any more."""
    chat = group_of(call, "can_invite_users")
    for link in chat.links.values():
        if link.is_primary:
            link.is_primary, link.is_revoked = False, True
    link = _new_link(call, chat)
    link.is_primary = True
    return link.address


def revoke_chat_invite_link(call: Call) -> Json:
    chat = group_of(call, "can_invite_users")
    link = chat.links.get(call.params.text("invite_link"))
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    link.is_revoked = True
    return link.brief


def _new_link(call: Call, chat: Chat) -> InviteLink:
    link = InviteLink(f"https://t.me/+sandbox{call.world.new_id()}", call.bot.brief)
    chat.links[link.address] = link
    return link


def approve_chat_join_request(call: Call) -> bool:
    chat, user_id, link = _asked(call)
    change(call.world, chat, user_id, MEMBER, by=call.bot.id, link=link, asked=True)
    if link is not None:
        link.joined += 1
    return True


def decline_chat_join_request(call: Call) -> bool:
    chat, user_id, _ = _asked(call)
    call.world.changed("declined", chat, {"user_id": user_id})
    return True


def _asked(call: Call) -> tuple[Chat, int, InviteLink | None]:
    chat = group_of(call)
    user_id = user_of(call)
    if not chat.member(call.bot.id).may("can_invite_users"):
        raise bad_request("not enough rights")
    if chat.member(user_id).is_present:
        raise bad_request("USER_ALREADY_PARTICIPANT")
    if user_id not in chat.requests:
        raise bad_request("HIDE_REQUESTER_MISSING")
    return chat, user_id, chat.requests.pop(user_id)


def restrict_chat_member(call: Call) -> bool:
    chat, user_id = _restrictable(call)
    allowed: Any = call.params.object("permissions") or {}
    may_write = bool(allowed.get("can_send_messages"))
    change(call.world, chat, user_id, MEMBER if may_write else Member("restricted", can_send=False), by=call.bot.id)
    return True


def set_chat_title(call: Call) -> bool:
    chat = group_of(call)
    if not chat.member(call.bot.id).may("can_change_info"):
        raise forbidden("not enough rights to change chat title")
    chat.title = call.params.text("title")
    call.world.tell(chat, "message", call.world.post(chat, {"new_chat_title": chat.title}, by=call.bot.brief))
    return True
