"""How far each person has read in each chat."""

from bot.sandbox.chats import Chat
from bot.sandbox.people import Persona

COUNTED_MAX = 100
"""An unread count goes no further: nobody reads the difference."""


class Marks:
    """What was said before the page's first look counts as read."""

    def __init__(self) -> None:
        self._begun = False
        self._base: dict[int, int] = {}
        self._read: dict[tuple[int, int], int] = {}

    def begin(self, chats: list[Chat], *, anew: bool = False) -> None:
        if self._begun and not anew:
            return
        self._begun = True
        self._base = {chat.id: chat.last_id for chat in chats}
        self._read.clear()

    def read(self, persona: Persona, chat: Chat) -> None:
        self._read[persona.id, chat.id] = chat.last_id

    def place(self, persona: Persona, chat: Chat) -> int:
        """The number of the last message that was read."""
        return self._read.get((persona.id, chat.id), self._base.get(chat.id, 0))

    def unread(self, persona: Persona, chat: Chat) -> int:
        place = self.place(persona, chat)
        count = 0
        for message in reversed(chat.messages.values()):
            if message["message_id"] <= place or count == COUNTED_MAX:
                break
            count += message.get("from", {}).get("id") != persona.id
        return count
