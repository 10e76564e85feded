"""The cast: persons by their names, and groups made ready for them."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.chats import CHANNEL_ADMIN, GROUP_ADMIN, Chat, Member
from bot.sandbox.membership import MEMBER
from bot.sandbox.people.persona import Persona
from bot.sandbox.people.speaking import Settle
from bot.sandbox.users import Bot
from bot.sandbox.world import World


async def _at_once() -> None:
    """Nothing to wait for."""


class People:
    """Persons who use one bot. `settle` is awaited after each of their deeds."""

    def __init__(self, world: World, bot: Bot, settle: Settle = _at_once) -> None:
        self.world = world
        self.bot = bot
        self.settle = settle
        self.by_name: dict[str, Persona] = {}

    def person(self, name: str, *, known_as: str = "", about: Mapping[str, str] | None = None, **known: Any) -> Persona:
        """A new person, who has not pressed Start yet, found again in `by_name` under `known_as`, else the name.

        Both in small letters; `about` says who it is, by language; `known` are user_id, last_name, username and
        language_code.
        """
        persona = Persona(self.world, self.bot, self.world.person(name, **known), self._settle)
        persona.about = dict(about or {})
        self.by_name[(known_as or name).lower()] = persona
        return persona

    def group(
        self,
        title: str,
        owner: Persona,
        *members: Persona,
        kind: str = "supergroup",
        bot: str = "administrator",
        **known: Any,
    ) -> Chat:
        """A group as it stands, of which nobody was told: `bot` is the bot's status, or "" to leave it out."""
        group = self.world.group(title, kind, **known)
        self.world.place(group, owner.id, Member("creator"))
        for member in members:
            self.world.place(group, member.id, MEMBER)
        rights = CHANNEL_ADMIN if kind == "channel" else GROUP_ADMIN
        if bot:
            self.world.place(group, self.bot.id, Member(bot, rights if bot == "administrator" else frozenset()))
        return group

    async def _settle(self) -> None:
        # Looked up at each deed, so that a town can set it after its people were made.
        await self.settle()
