"""What a bot has set about itself: commands by scope and language, descriptions, the menu button."""

from dataclasses import dataclass, field

from bot.sandbox.answers import Json

Scope = tuple[str, int, int]
"""The kind, and chat and user where the kind has them, else 0."""


@dataclass
class Menu:
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    """Name, description and short description, by what they are and the language."""
    buttons: dict[int, Json] = field(default_factory=dict)
    """The menu button by chat; 0 is the one for all."""

    def shown(self, chat_id: int, chat_type: str, user_id: int, is_admin: bool, language: str) -> list[Json]:
        """The commands that a client shows: the narrowest scope that has any, first in the reader's language."""
        for scope in _scopes(chat_id, chat_type, user_id, is_admin):
            for spoken in (language, ""):
                if commands := self.commands.get((scope, spoken)):
                    return commands
        return []


def _scopes(chat_id: int, chat_type: str, user_id: int, is_admin: bool) -> list[Scope]:
    if chat_type == "private":
        return [("chat", chat_id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    admins: list[Scope] = [("chat_administrators", chat_id, 0), ("all_chat_administrators", 0, 0)]
    everybody: list[Scope] = [("chat", chat_id, 0), ("all_group_chats", 0, 0), ("default", 0, 0)]
    if not is_admin:
        return [("chat_member", chat_id, user_id), *everybody]
    own, *wider = everybody
    return [("chat_member", chat_id, user_id), admins[0], own, admins[1], *wider]
