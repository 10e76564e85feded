"""Our own poll loop: raw updates are kept and committed before Telegram hears that we have them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import telegram
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import inbox
from bot.botapi import call, seconds_of
from bot.cards import card
from bot.domain import people
from bot.gateway import parsing, replies
from bot.inbox import Kept
from bot.locales import Moment, say
from bot.storage import Storage, StorageUnavailable, Transaction

PAUSES_SECONDS = (0.2, 0.5, 1, 2, 5, 10)
BATCH = 100
SILENCE_POLLS_MAX = 3
PULSE_SECONDS = 10
KEPT_BY_TELEGRAM_SECONDS = 24 * 3600
_log = logging.getLogger(__name__)
Hand = Callable[[Sequence[Kept]], bool]


def _nobody(fresh: Sequence[Kept]) -> bool:
    return False


async def keep(storage: Storage, raws: Sequence[Any], hand: Hand = _nobody) -> None:
    """Keep raw updates in one transaction; one that can't be read is set aside, and the others are kept all the same.

    They are handed to whoever handles them at once; who can't take them all finds them in the inbox.
    """
    kept, odd = [], []
    for raw in raws:
        try:
            kept.append(parsing.to_keep(raw))
        except parsing.Unreadable as error:
            odd.append((*parsing.set_aside_as(raw), str(error)))

    in_hand = False

    async def deed(tx: Transaction) -> None:
        await inbox.keep(tx, kept, wake=not in_hand)
        for number, payload, error in odd:
            if await inbox.set_aside(tx, number, payload, error):
                await replies.tell_set_aside(tx, number, error)

    keeping = asyncio.ensure_future(storage.transact(deed))
    in_hand = hand(kept)
    await keeping


async def _note_pulse(tx: Transaction) -> None:
    before = await tx.value("SELECT at FROM pulse WHERE bot = :bot AND name = 'polling'", bot=tx.bot)
    await tx.run(
        "INSERT INTO pulse (bot, name, at) VALUES (:bot, 'polling', :now) "
        "ON CONFLICT (bot, name) DO UPDATE SET at = excluded.at",
        bot=tx.bot,
        now=tx.now,
    )
    if before is not None and tx.now - before > KEPT_BY_TELEGRAM_SECONDS:
        gap = say(
            "I heard nothing from Telegram from {start} to {end}. Telegram keeps messages for 24 hours: what was sent to "
            "me before that may be lost. Everything I had heard is safe.",
            start=Moment(before),
            end=Moment(tx.now),
        )
        await people.tell_admins(tx, card(gap), key=f"gap:{tx.bot}:{before}")


class Poller:
    """Asks Telegram for updates. The offset moves only past what has been committed."""

    def __init__(
        self,
        bot: telegram.Bot,
        storage: Storage,
        *,
        seconds: int,
        renew: Callable[[], Awaitable[None]],
        hand: Hand = _nobody,
    ) -> None:
        self._bot = bot
        self._storage = storage
        self._seconds = seconds
        self._renew = renew
        self._hand = hand
        self._offset = 0
        self._failures = 0
        self._noted_at = 0

    async def run(self) -> None:
        """Poll for ever. Telegram away, another poller, a database that can't be written: wait and try again."""
        while True:
            try:
                await self.poll(self._seconds)
                self._failures = 0
            except (TelegramError, StorageUnavailable) as error:
                await self._recover(error)
            except Exception as error:
                # One update's misfortune must not take the whole bot down; Telegram keeps it meanwhile.
                _log.exception("what Telegram handed us can't be kept, for an unforeseen reason")
                await self._recover(error)

    async def poll(self, seconds: int = 0) -> int:
        """Ask once, waiting up to `seconds` for something new; how many updates were kept."""
        raws = await call(
            self._bot,
            "getUpdates",
            {"offset": self._offset, "limit": BATCH, "timeout": seconds, "allowed_updates": parsing.ALLOWED_UPDATES},
            read_timeout=seconds + 5,
        )
        if not isinstance(raws, list):
            raise NetworkError("an answer to getUpdates that is no list")
        if raws:
            await keep(self._storage, raws, self._hand)
            self._move_past(raws)
        await self._note_success()
        return len(raws)

    def _move_past(self, raws: list[Any]) -> None:
        """All of them are committed. One without a number takes up at least one number all the same."""
        numbers = [raw["update_id"] for raw in raws if parsing.is_numbered(raw)]
        self._offset = max(numbers) + 1 if numbers else self._offset + len(raws)

    async def _note_success(self) -> None:
        """Leave a sign of life; after a silence longer than Telegram keeps messages, tell the admins of the gap."""
        # Also after the clock was set back.
        if 0 <= self._storage.clock.now - self._noted_at < PULSE_SECONDS:
            return
        self._noted_at = self._storage.clock.now
        await self._storage.transact(_note_pulse)

    async def _recover(self, error: Exception) -> None:
        self._failures += 1
        if isinstance(error, InvalidToken):
            _log.critical("Telegram does not accept the token: check [telegram] token")
        elif isinstance(error, Conflict):
            _log.error("somebody else polls with this token, or a webhook is set: waiting for them to stop")
        else:
            _log.warning("polling failed (%d in a row): %s", self._failures, error)
        if type(error) in (NetworkError, TimedOut) and self._failures % SILENCE_POLLS_MAX == 0:
            # A connection pool can leak its places and then fail for ever; a new one costs nothing.
            await self._renew()
        pause = PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS)) - 1]
        if isinstance(error, RetryAfter):
            pause = seconds_of(error)
        await asyncio.sleep(pause)
