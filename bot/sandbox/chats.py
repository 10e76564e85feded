"""Where people talk: private chats, groups, supergroups and channels, with their members and messages."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.answers import Json
from bot.sandbox.users import User

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
ADMINS = frozenset({"creator", "administrator"})
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_tags",
    "can_post_messages",
    "can_edit_messages",
    "can_manage_topics",
)
GROUP_ADMIN = frozenset(RIGHTS) - {"can_promote_members", "can_post_messages", "can_edit_messages", "can_manage_topics"}
CHANNEL_ADMIN = frozenset(RIGHTS) - {"can_promote_members", "can_pin_messages", "can_manage_topics", "can_manage_tags"}
_ONLY_IN = {"can_post_messages": "channel", "can_edit_messages": "channel", "can_pin_messages": "group"}
_ONLY_IN |= {"can_manage_topics": "group", "can_manage_tags": "group"}


@dataclass(frozen=True, slots=True)
class Member:
    """Where somebody stands in a chat. `rights` are an administrator's; a creator has all."""

    status: str
    rights: frozenset[str] = frozenset()
    is_anonymous: bool = False
    tag: str = ""
    can_send: bool = True
    """False for a restricted member who may not write."""

    @property
    def is_present(self) -> bool:
        return self.status in PRESENT

    @property
    def is_admin(self) -> bool:
        return self.status in ADMINS

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


AWAY = Member("left")


@dataclass(slots=True)
class InviteLink:
    address: str
    creator: Json
    by_request: bool = False
    is_primary: bool = False
    is_revoked: bool = False
    name: str = ""
    expires_at: int = 0
    members_max: int = 0
    joined: int = 0

    @property
    def brief(self) -> Json:
        link: Json = {
            "invite_link": self.address,
            "creator": self.creator,
            "creates_join_request": self.by_request,
            "is_primary": self.is_primary,
            "is_revoked": self.is_revoked,
        }
        optional: list[tuple[str, Any]] = [
            ("name", self.name),
            ("expire_date", self.expires_at),
            ("member_limit", self.members_max),
        ]
        return link | {name: value for name, value in optional if value}


@dataclass(slots=True)
class Chat:
    """Messages are never changed, only replaced, so that what waits in a queue stays as it was said."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    person: User | None = None
    """The other one, in a private chat."""
    bot_id: int = 0
    """The bot's side of a private chat."""
    by_request: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    admins: dict[int, None] = field(default_factory=dict)
    bots: dict[int, None] = field(default_factory=dict)
    present: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    last_id: int = 0
    changes: list[int] = field(default_factory=list)
    """Numbers of messages in the order in which they were said or edited."""
    pinned: list[int] = field(default_factory=list)
    links: dict[str, InviteLink] = field(default_factory=dict)
    requests: dict[int, InviteLink | None] = field(default_factory=dict)
    """By person, the link through which he asks to join."""
    keyboard: Json | None = None
    """The reply keyboard that stands below the chat."""
    migrated_to: int = 0
    is_forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    """Names by message_thread_id, where the group has topics."""
    closed_topics: set[int] = field(default_factory=set)

    @property
    def is_group(self) -> bool:
        return self.type in ("group", "supergroup")

    @property
    def brief(self) -> Json:
        if self.person is not None:
            person = self.person.brief
            named = {name: person[name] for name in ("first_name", "last_name", "username") if name in person}
            return {"id": self.id, "type": "private"} | named
        brief: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.is_forum:
            brief["is_forum"] = True
        return brief | {"username": self.username} if self.username else brief

    @property
    def kind(self) -> str:
        """How Telegram's refusals call it."""
        return "chat" if self.type == "private" else f"{self.type} chat"

    def thread(self, topic: int) -> Json:
        """What marks a message of one of the group's topics."""
        return {"message_thread_id": topic, "is_topic_message": True} if topic in self.topics else {}

    def member(self, user_id: int) -> Member:
        return self.members.get(user_id, AWAY)

    def place(self, user_id: int, member: Member, is_bot: bool) -> None:
        """Set where somebody stands; the numbers and lists kept for speed follow."""
        self.present += member.is_present - self.member(user_id).is_present
        self.members[user_id] = member
        _follow(self.admins, user_id, member.is_admin)
        if is_bot:
            _follow(self.bots, user_id, member.is_present)

    def standing(self, user: Json, member: Member) -> Json:
        """A ChatMember as Telegram gives it."""
        stands: Json = {"status": member.status, "user": user}
        if member.status == "creator":
            return stands | {"is_anonymous": member.is_anonymous}
        if member.status == "administrator":
            kind = "channel" if self.type == "channel" else "group"
            rights = {name: name in member.rights for name in RIGHTS if _ONLY_IN.get(name, kind) == kind}
            return stands | {"can_be_edited": False, "is_anonymous": member.is_anonymous} | rights
        if member.status == "kicked":
            return stands | {"until_date": 0}
        if member.status == "restricted":
            stands |= {"is_member": True, "until_date": 0} | dict.fromkeys(RESTRICTIONS, member.can_send)
        return stands | {"tag": member.tag} if member.tag and member.is_present else stands


RESTRICTIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def _follow(kept: dict[int, None], user_id: int, belongs: bool) -> None:
    if belongs:
        kept[user_id] = None
    else:
        kept.pop(user_id, None)
