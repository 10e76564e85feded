"""Writes down a conversation as Markdown while it happens in a town, in Chinese or in English."""

import re
from collections.abc import Awaitable
from dataclasses import dataclass, field

from bot.domain import people
from bot.domain.people import Role
from bot.locales import Reader, say
from bot.sandbox.people import Persona, Screen
from tests.town import SHANGHAI, Town

CAST = {"ming": "小明", "hua": "小花", "lan": "小兰", "dong": "东哥", "wei": "阿伟"}
ROLES = {"dong": Role.ADMIN}
PRESSES = {"zh_CN": "点", "en": "presses"}
IS_TOLD = {"zh_CN": "收到", "en": "is told"}
SPECIAL = re.compile(r"([\\`*_#<>|\[\]])")


@dataclass
class Talk:
    """`language` is what everybody speaks; `lines` is what was said so far."""

    town: Town
    language: str
    lines: list[str] = field(default_factory=list)

    async def gathers(self) -> None:
        """The cast arrives; what was said by then is no part of the conversation."""
        known, before = self.town.people.by_name, self.town["dong"]
        for name, chinese in CAST.items():
            if self.language == "zh_CN" and name == "wei":
                self.town.people.person(chinese, language_code="zh-hans", known_as=name)
            elif self.language == "zh_CN":
                await self.town.newcomer(chinese, language="zh-hans", role=ROLES.get(name, Role.MEMBER))
                known[name] = known.pop(chinese)
        if self.language == "zh_CN":
            await self._is_only_admin(known["dong"], before)
        self.all_read()

    async def _is_only_admin(self, admin: Persona, before: Persona) -> None:
        giver, former = await self.town.person(admin), await self.town.person(before)
        await self.town.does(lambda tx: people.grant(tx, Role.MEMBER, former, by=giver))
        await self.town.settle()

    def all_read(self) -> None:
        for persona in self.town.people.by_name.values():
            persona.forget()

    def words(self, chinese: str, english: str) -> str:
        """What is typed, in the language of this conversation."""
        return chinese if self.language == "zh_CN" else english

    def label(self, english: str, **values: str) -> str:
        """What the button with this English label is called here."""
        return Reader(self.language, SHANGHAI, 0).plain(say(english, **values))

    async def starts(self, who: Persona) -> None:
        await self._follow(who, f"**{_name(who)}** {PRESSES[self.language]} `Start`", who.starts())

    async def says(self, who: Persona, chinese: str, english: str) -> None:
        """Somebody types, and is answered."""
        typed = self.words(chinese, english)
        shown = "  \n".join(_plain(line) for line in typed.split("\n"))
        await self._follow(who, f"**{_name(who)}:** {shown}", who.says(typed))

    async def presses(self, who: Persona, english: str, **values: str) -> None:
        """Somebody presses the button with this label, and is answered."""
        label = self.label(english, **values)
        await self.presses_just(who, label)

    async def presses_just(self, who: Persona, label: str) -> None:
        """Somebody presses a button whose label is nobody's translation, such as a group's name."""
        await self._follow(who, f"**{_name(who)}** {PRESSES[self.language]} `{label}`", who.presses(label))

    def hears(self, who: Persona) -> None:
        """What somebody was told meanwhile without having asked."""
        for screen in who.screens:
            self.lines += [f"**{_name(who)}** {IS_TOLD[self.language]}:", "", *_quoted(screen), ""]
        who.forget()

    async def _follow(self, who: Persona, head: str, deed: Awaitable[object]) -> None:
        who.forget()
        await deed
        self.lines += [head, ""]
        for toast in who.toasts:
            self.lines += [f"> *{_plain(toast.text)}*", ""]
        for screen in who.screens:
            self.lines += [*_quoted(screen), ""]
        who.forget()


def _name(who: Persona) -> str:
    return who.user.first_name


def _plain(text: str) -> str:
    """The text as it is shown, whatever Markdown would make of it."""
    return SPECIAL.sub(r"\\\1", text)


def _quoted(screen: Screen) -> list[str]:
    """A message of the bot with its buttons, a row a line."""
    lines = [f"> {_plain(line)}  " if line else ">" for line in screen.text.split("\n")]
    rows = [f"> {' '.join(f'`{label}`' for label in row)}  " for row in screen.rows]
    return [*lines, *([">", *rows] if rows else [])]
