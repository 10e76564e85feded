"""Every button of every screen, pressed as every role in both languages: no error, no unanswered press, no dead end."""

from dataclasses import dataclass, field

import pytest

from bot.cards import TEXT_UNITS_MAX, units
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.county import furnished
from tests.town import Town

PRESSES_MAX = 400
ROLES = ("Ming", "Lan", "Dong", "Shen")
# A form or a question in the middle has Back or Cancel instead of Home.
# Whoever presses it is gone, and the walk would be over: tests/test_privacy.py presses it.
FAREWELL = "privacy.forgotten"
WAYS_BACK = {"⌂ Home", "Cancel", "‹ Back", "⌂ 主页", "取消", "‹ 返回"}


@dataclass
class Walk:
    """What one person saw: each button's data is pressed once, numbers in it left aside beyond the first two."""

    persona: Persona
    waiting: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pressed: int = 0
    dead_ends: list[str] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)

    def look(self, came_by: str) -> None:
        """Take up the newest screen's buttons."""
        screen = self.persona.screen
        data = [button for row in self._keyboard() for button in row]
        for button in data:
            if (pressed := button.get("callback_data", FAREWELL)).startswith(FAREWELL):
                continue
            if pressed not in self.seen:
                self.seen.add(pressed)
                self.waiting.append(pressed)
        if not set(screen.labels) & WAYS_BACK and came_by not in ("/start", "home", "form.cancel"):
            self.dead_ends.append(f"{came_by}: {screen.text[:60]!r} {screen.labels}")
        if units(screen.text) > TEXT_UNITS_MAX:
            self.too_long.append(came_by)

    def _keyboard(self) -> list[list[dict[str, str]]]:
        newest = next(self.persona._from_bot(self.persona.chat))
        return list((newest.get("reply_markup") or {}).get("inline_keyboard", []))

    async def go(self) -> None:
        await self.persona.starts()
        self.look("/start")
        while self.waiting and self.pressed < PRESSES_MAX:
            data = self.waiting.pop(0)
            self.pressed += 1
            await self.persona.presses_data(data)
            self.look(data.split(":")[0])


async def _broken(tx: Transaction) -> list[str]:
    rows = await tx.all("SELECT payload, error FROM inbox WHERE state = 'broken' OR error IS NOT NULL")
    return [f"{row['error']}: {row['payload'][-300:]}" for row in rows]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ROLES)
async def test_every_button_leads_somewhere(town: Town, name: str, language: str) -> None:
    """Each press is answered, nothing breaks, every screen has a way back, and none is too long for Telegram."""
    await furnished(town)
    persona = town[name]
    if language == "zh":
        await persona.presses_data("people.language:zh_CN")
    persona.forget()
    walk = Walk(persona)
    await walk.go()
    print(f"{name} in {language}: {walk.pressed} buttons pressed")
    assert await town.does(_broken) == []
    assert persona.unanswered == []
    assert walk.dead_ends == []
    assert walk.too_long == []
    assert walk.pressed > 20
