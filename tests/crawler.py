"""A walk through every screen: each button is pressed, each form filled in, left and gone back in, and all of it looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.cards import CAPTION_UNITS_MAX, COLUMNS_BESIDE, TEXT_UNITS_MAX, columns, units
from bot.handlers import FEATURES
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.town import Town

EACH_MAX = 2
"""How many buttons of one route are pressed: the first ones with different numbers."""
PRESSES_MAX = 1500
COLUMNS_MAX = 40
"""Twenty Han characters, of two columns each."""
BUTTONS_A_ROW_MAX = 8
ROWS_MAX = 9
"""Eight of the screen's own, and Back and Home below them."""
DATA_BYTES_MAX = 64
ALERT_CHARACTERS_MAX = 200
# Whoever presses these is gone, speaks another language, or is no stranger any more: tests of their own press them.
LEFT_OUT = ("privacy.forgotten", "people.language", "people.register", "people.rename", "form.")
# A form has Cancel; home itself is known by its last row, and the welcome leads on.
WAYS_ON = {
    "⌂ Home",
    "Cancel",
    "Let it take place",
    "Settings",
    "Yes, that is me",
    "⌂ 主页",
    "取消",
    "不取消活动",
    "设置",
    "是我，开始吧",
}
FILES = {"document", "photo"}
HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]{2,}")
# What is to be typed or opened is the same in every language.
TO_TYPE = re.compile(r"https?://\S+|/[a-z]+(?: [a-z]+)?|@\w+|\b[2-9A-Z]{4}-[2-9A-Z]{4}\b|python -m bot(?: [A-Za-z]+)+")
# What is called so in Chinese too, and each language's own name.
SAID_IN_BOTH = {
    "Telegram",
    "English",
    "Excel",
    "PDF",
    "CSV",
    "csv",
    "xlsx",
    "ics",
    "UTC",
    "GPS",
    "WGS",
    "GCJ",
    "BD",
    "中文",
}
ANSWERS = ("小河", "下周六下午3点", "22:00-7:00", "2小时", "昨天下午2点", "12", "全县", "舞蹈团")
# Who only looks may find nothing by any of these: that is said, and asked for again.
LOOKS = {form.name for feature in FEATURES for form in feature.FORMS if form.looks}


@dataclass
class Walk:
    """What one person saw. `faults` are sentences: none of them may be there at the end."""

    town: Town
    persona: Persona
    typed: str
    """Everything that people wrote: it is shown as it is, in any language."""
    chinese: bool
    waiting: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    # Data that is left alone: who takes his own role back walks on as somebody else.
    shunned: frozenset[str] = frozenset()
    known: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    screens: set[str] = field(default_factory=set)
    pressed: int = 0
    faults: list[str] = field(default_factory=list)

    async def go(self) -> None:
        """Every command of the menu, then every button that comes up."""
        await self.persona.starts()
        self.look("/start")
        for command in self.persona.menu():
            await self.says(f"/{command}")
        while self.waiting and self.pressed < PRESSES_MAX:
            await self.presses(self.waiting.pop(0))
        self.persona.forget()

    async def says(self, text: str) -> None:
        self.persona.forget()
        await self.persona.says(text)
        self.look(text)
        await self.fill_in(text)

    async def presses(self, data: str) -> None:
        self.persona.forget()
        await self.persona.presses_data(data)
        self.pressed += 1
        if self.persona.unanswered:
            self.faults.append(f"{data}: the press was not answered")
        self.look(data)
        await self.fill_in(data)

    # Forms

    async def fill_in(self, came_by: str) -> None:
        """A form that came up for the first time is cancelled, gone back in, and filled in to its end."""
        name = await self.form()
        if name is None or name in self.forms:
            return
        self.forms.add(name)
        if cancel := self.button("form.cancel"):
            await self.presses(cancel)
            await (self.says(came_by) if came_by.startswith("/") else self.presses(came_by))
        await self.answer()
        if back := self.button("form.back"):
            await self.presses(back)
            await self.answer()
        while await self.form() == name and not self.button("form.done"):
            if not await self.answer():
                if name not in LOOKS:
                    self.faults.append(f"{name}: no answer fits {self.persona.screen.text!r}")
                return
        if done := self.button("form.done"):
            await self.presses(done)

    async def answer(self) -> bool:
        """Answer the question by its first button, by typing what fits, by leaving it out, or by a location."""
        step = await self.step()
        if choice := self.button("form.choose"):
            await self.presses(choice)
            return True
        for words in ANSWERS:
            self.persona.forget()
            await self.persona.says(words)
            self.look(f"typed {words}")
            if await self.step() != step:
                return True
        if skip := self.button("form.skip"):
            await self.presses(skip)
            return True
        await self.persona.sends_location(30.25, 120.15)
        self.look("a location")
        return await self.step() != step

    async def form(self) -> str | None:
        """The form that is being filled in."""
        found: str | None = await self._asked("form")
        return found

    async def step(self) -> int | None:
        found: int | None = await self._asked("step")
        return found

    async def _asked(self, column: str) -> Any:
        sql, who = f"SELECT {column} FROM forms WHERE telegram_id = :who", self.persona.id
        return await self.town.does(lambda tx: tx.value(sql, who=who))

    def button(self, route: str) -> str | None:
        """The data of the newest screen's button that leads to this route."""
        newest = next(self.persona._from_bot(self.persona.chat))
        found = (button.get("callback_data", "") for button in _buttons(newest))
        return next((data for data in found if data.startswith(f"{route}:")), None)

    # Looking

    def look(self, came_by: str) -> None:
        """Judge all that was said or changed, and take up its buttons."""
        told = list(self.persona._news(self.persona.chat))
        for message in told:
            self._judge(message, came_by)
            self._take_up(message)
        for toast in self.persona.toasts:
            self._judge_words(toast.text, came_by, ALERT_CHARACTERS_MAX)
        # What somebody else did may be told meanwhile; one of the messages has to lead on.
        labels = {button["text"] for message in told for button in _buttons(message)}
        if told and not labels & WAYS_ON and not all(message.keys() & FILES for message in told):
            self.faults.append(f"{came_by}: no way back from {self.persona.screen.text[:80]!r}")

    def _take_up(self, message: dict[str, Any]) -> None:
        for button in _buttons(message):
            data = button.get("callback_data", "")
            route = data.partition(":")[0]
            if not data or data in self.known | self.shunned or data.startswith(LEFT_OUT):
                continue
            self.known.add(data)
            self.seen[route] = self.seen.get(route, 0) + 1
            if self.seen[route] <= EACH_MAX:
                self.waiting.append(data)

    def _judge(self, message: dict[str, Any], came_by: str) -> None:
        text = message.get("text") or message.get("caption", "")
        self.screens.add(re.sub(r"\d+", "0", text))
        self._judge_words(text, came_by, TEXT_UNITS_MAX if "text" in message else CAPTION_UNITS_MAX)
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        if len(rows) > ROWS_MAX:
            self.faults.append(f"{came_by}: {len(rows)} rows of buttons")
        for row in rows:
            if len(row) > BUTTONS_A_ROW_MAX:
                self.faults.append(f"{came_by}: {len(row)} buttons in a row")
            for button in row:
                self._judge_words(button["text"], came_by, TEXT_UNITS_MAX)
                if columns(button["text"]) > COLUMNS_BESIDE.get(len(row), COLUMNS_MAX):
                    self.faults.append(f"{came_by}: a label too long: {button['text']}")
                if len(button.get("callback_data", "").encode()) > DATA_BYTES_MAX:
                    self.faults.append(f"{came_by}: data too long: {button['callback_data']}")

    def _judge_words(self, text: str, came_by: str, limit: int) -> None:
        if units(text) > limit:
            self.faults.append(f"{came_by}: {units(text)} of {limit} characters")
        foreign = (LATIN if self.chinese else HAN).findall(TO_TYPE.sub("", text))
        wrong = [word for word in foreign if word not in self.typed and word not in SAID_IN_BOTH]
        if wrong:
            self.faults.append(f"{came_by}: {wrong} in {text!r}")


def _buttons(message: dict[str, Any]) -> Iterator[dict[str, str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return (button for row in rows for button in row)


async def typed_words(tx: Transaction) -> str:
    """Everything that people wrote and that is shown as they wrote it."""
    columns_by_table = {
        "groups": ("name", "about"),
        "people": ("nickname",),
        "activities": ("title", "about", "place", "reason"),
        "projects": ("title", "place", "about", "done", "remaining"),
        "project_steps": ("reason",),
        "council_topics": ("text", "outcome"),
        "calls": ("text",),
        "rota_posts": ("name", "place"),
        "rota_duties": ("note",),
        "brigades": ("name", "about"),
        "callouts": ("place",),
        "kit": ("name",),
        "areas": ("name",),
        "offers": ("title", "about"),
        "service_requests": ("words", "outcome"),
        "service_words": ("words",),
        "skills": ("name",),
        "responders": ("words",),
        "chats": ("title",),
        "shop_items": ("name", "about"),
        "shop_partners": ("name", "place", "hours"),
        "shop_lots": ("sponsor",),
        "privileges": ("title",),
        "entry_appeals": ("why", "answer"),
        "grants_of_points": ("why",),
        "gifts": ("words",),
        "budget_grants": ("why",),
        "reward_rounds": ("why",),
        "point_findings_seen": ("word",),
    }
    found: list[str] = list(ANSWERS)
    for table, names in columns_by_table.items():
        rows = await tx.all(f"SELECT {', '.join(names)} FROM {table}")
        found += [str(row[name]) for row in rows for name in names if row[name]]
    return "\n".join(found)
