"""The bot killed at the worst moment: in the middle of telling many people something."""

from collections import deque
from collections.abc import Callable

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.people.seeing import is_from
from bot.sandbox.users import Bot
from bot.sandbox.world import World

PEOPLE = 5
WITHIN_SECONDS = 1.0


class Mishap:
    """Strikes once, if armed, when several people were told something at about a time."""

    def __init__(self, world: World, bot: Bot, steady: Callable[[], float], strike: Callable[[], None]) -> None:
        world.on_change.append(self._hear)
        self._bot = bot
        self._steady = steady
        self._strike = strike
        self._told: deque[tuple[float, int]] = deque(maxlen=PEOPLE)
        self.is_armed = False

    def arm(self, is_armed: bool) -> None:
        self._told.clear()
        self.is_armed = is_armed

    def _hear(self, kind: str, chat: Chat, content: Json) -> None:
        if not self.is_armed or kind != "message" or chat.person is None or not is_from(content, self._bot):
            return
        self._told.append((self._steady(), chat.id))
        if len({chat_id for _, chat_id in self._told}) == PEOPLE and self._is_quick():
            self.is_armed = False
            self._strike()

    def _is_quick(self) -> bool:
        return self._told[-1][0] - self._told[0][0] <= WITHIN_SECONDS
