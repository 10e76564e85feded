"""A command of the tests' own: it keeps what it heard, in order, and fails after that when it is told to."""

import asyncio
import json
import os
import signal
from collections import Counter

from bot.cards import Toast, card
from bot.domain import audit
from bot.handlers import everything
from bot.locales import say
from bot.routing import Answer, Heard, Routes, Who, command, press
from bot.storage import Transaction
from tests.town import Town


class Broken(Exception):
    """What a handler with a mistake in it raises."""


class Probe:
    """`/note WORDS` and the press `probe.note:WORDS`: their words go into the audit log, once for each that counts."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        # What ends the whole process in the midst of its deed.
        self.deadly: set[str] = set()
        self.attempts: Counter[str] = Counter()

    async def note(self, tx: Transaction, heard: Heard) -> Answer:
        """Keep what was said"""
        words = heard.words or ":".join(heard.args)
        self.attempts[words] += 1
        await audit.note(tx, "probe", f"telegram:{heard.sender.id}", by=None, words=words)
        if words in self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if words in self.failing:
            raise Broken(words)
        noted = say("Noted: {words}", words=words)
        return Toast(noted) if heard.press_id else card(noted, home=False)

    async def waits(self, tx: Transaction, heard: Heard) -> Answer:
        """Break the rule that a deed awaits nothing but its transaction"""
        await self.note(tx, heard)
        await asyncio.sleep(0.01)
        return None

    def routes(self) -> Routes:
        return Routes(
            [
                *everything(),
                command("note", self.note, Who.ANYONE, private_only=False),
                command("waits", self.waits, Who.ANYONE),
                press("probe.note", self.note, Who.ANYONE),
            ]
        )


async def probed(town: Town) -> Probe:
    """The town with the probe's ways in."""
    probe = Probe()
    town.routes = probe.routes()
    await town.opens()
    return probe


async def noted(town: Town) -> list[str]:
    """The words that count, in the order in which they were handled."""
    rows = await town.does(lambda tx: tx.all("SELECT details FROM audit WHERE deed = 'probe' ORDER BY number"))
    return [json.loads(row["details"])["words"] for row in rows]
