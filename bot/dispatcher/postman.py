"""One sending: the call that is made of a row, and what follows from the answer or from the lack of one."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import telegram
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.botapi import call, seconds_of
from bot.dispatcher.books import Outcome
from bot.lanes import Waiting
from bot.pace import Pace
from bot.storage import Storage, Transaction
from bot.transport import certainly_not_sent

AWAY_PAUSES_SECONDS = (0.5, 1, 2, 5, 10, 30)
# Before what may have been sent is sent again: only its own chat waits meanwhile.
AGAIN_PAUSES_SECONDS = (1, 5, 30, 120)
LETTERS_IN_MEMORY_MAX = 32
NO_REQUEST = ("user_already_participant", "hide_requester_missing")
UNEDITABLE = ("message to edit not found", "can't be edited", "no text in the message to edit")
_log = logging.getLogger(__name__)
Migrate = Callable[[Transaction, int, int], Awaitable[None]]


class Postman:
    """Makes one attempt at a time for each row it is given, and remembers whether Telegram can be reached at all."""

    def __init__(self, bot: telegram.Bot, storage: Storage, pace: Pace, *, attempts: int, migrate: Migrate) -> None:
        self._bot = bot
        self._storage = storage
        self._pace = pace
        self._attempts_max = attempts
        self._migrate = migrate
        self._letters: dict[int, tuple[str, dict[str, Any]]] = {}
        self._failures = 0

    @property
    def is_cut_off(self) -> bool:
        """Nothing has been answered since a call failed to reach Telegram, or its answer to reach us."""
        return self._failures > 0

    async def knock(self) -> None:
        """Find out whether Telegram is back, by a question that may be repeated as often as one likes."""
        try:
            await call(self._bot, "getMe", {})
        except RetryAfter as error:
            self._failures = 0
            self._pace.told_to_wait(None, seconds_of(error), self._now())
        except TelegramError as error:
            self._note_away(error)
        else:
            self._failures = 0

    async def attempt(self, row: Waiting) -> Outcome | None:
        """One try. None when it is to be tried again. Raises StorageUnavailable before anything was sent."""
        method, params = await self._call_of(row)
        if row.once:
            await self._mark_sending(row)
        row.attempts += 1
        try:
            result = await call(self._bot, method, params)
        except TelegramError as error:
            return await self._after(error, row)
        self._failures = 0
        return Outcome(row, "sent", result.get("message_id") if isinstance(result, dict) else None)

    async def _call_of(self, row: Waiting) -> tuple[str, dict[str, Any]]:
        method, params = row.method, orjson.loads(row.params)
        if row.letter_id:
            method, shared = await self._letter(row.letter_id)
            params = {**shared, **params}
        if row.chat_id is not None:
            params["chat_id"] = row.chat_id
        if row.file_id:
            field = {"sendPhoto": "photo"}.get(method, "document")
            params[field] = await self._storage.read(lambda tx: _file(tx, row.file_id))
        return method, params

    async def _letter(self, letter_id: int) -> tuple[str, dict[str, Any]]:
        if letter_id not in self._letters:
            letter = await self._storage.read(lambda tx: _letter(tx, letter_id))
            while len(self._letters) >= LETTERS_IN_MEMORY_MAX:
                del self._letters[next(iter(self._letters))]
            self._letters[letter_id] = letter
        return self._letters[letter_id]

    async def _mark_sending(self, row: Waiting) -> None:
        async def deed(tx: Transaction) -> None:
            await tx.run("UPDATE outbox SET state = 'sending' WHERE id = :id", id=row.id)

        await self._storage.transact(deed)

    async def _after(self, error: TelegramError, row: Waiting) -> Outcome | None:
        """What follows from an error: done, given up, or None to try again."""
        match error:
            case RetryAfter():
                self._pace.told_to_wait(row.chat_id, seconds_of(error), self._now())
                row.attempts -= 1
                return None
            case ChatMigrated():
                await self._move(row, error.new_chat_id)
                row.attempts -= 1
                return None
            case Forbidden():
                return Outcome(row, "blocked", error=error.message)
            case InvalidToken():
                # Or a method that this server does not know: then it answers when we knock, and this row alone fails.
                self._note_away(error)
                return self._given_up(error, row)
            case BadRequest():
                return self._refused(error, row)
            case NetworkError():
                return self._not_reached(error, row)
        return Outcome(row, "failed", error=error.message)

    def _refused(self, error: BadRequest, row: Waiting) -> Outcome | None:
        said = error.message.lower()
        if "not modified" in said:
            return Outcome(row, "sent")
        if row.method == "answerCallbackQuery":
            return Outcome(row, "dropped", error=error.message)
        if row.method == "setChatMemberTag":
            # We may not set tags there, or the member is an administrator: the words in the chat have to do.
            return Outcome(row, "dropped", error=error.message)
        if row.method == "approveChatJoinRequest" and any(reason in said for reason in NO_REQUEST):
            # He was let in by an admin, or took his request back.
            return Outcome(row, "dropped", error=error.message)
        if row.method == "deleteMessage" and "not found" in said:
            # Whoever got it has deleted it himself: it is gone, which is what was wanted.
            return Outcome(row, "sent")
        if row.method == "editMessageText" and any(reason in said for reason in UNEDITABLE):
            # The screen was deleted under our hands, or is a picture: show it anew rather than not at all.
            params = orjson.loads(row.params)
            params.pop("message_id", None)
            row.method, row.params = "sendMessage", orjson.dumps(params).decode()
            return None
        _log.error("Telegram refuses sending %s (%s): %s", row.id, row.method, error.message)
        return Outcome(row, "failed", error=error.message)

    def _not_reached(self, error: NetworkError, row: Waiting) -> Outcome | None:
        self._note_away(error)
        if certainly_not_sent(error):
            row.attempts -= 1
            return None
        if row.once:
            return Outcome(row, "unsure", error=error.message)
        if row.chat_id is not None:
            pause = AGAIN_PAUSES_SECONDS[min(row.attempts, len(AGAIN_PAUSES_SECONDS)) - 1]
            self._pace.rest(row.chat_id, pause, self._now())
        return self._given_up(error, row)

    def _given_up(self, error: TelegramError, row: Waiting) -> Outcome | None:
        if row.attempts < self._attempts_max:
            return None
        _log.error("sending %s (%s) failed %d times: %s", row.id, row.method, row.attempts, error.message)
        return Outcome(row, "failed", error=error.message)

    def _note_away(self, error: TelegramError) -> None:
        """Hold everything back for a while. What fails together counts as one failure, however many were on their way."""
        now = self._now()
        if self._pace.reachable_at() > now:
            return
        self._failures += 1
        pause = AWAY_PAUSES_SECONDS[min(self._failures, len(AWAY_PAUSES_SECONDS)) - 1]
        self._pace.hold_all(pause, now)
        if isinstance(error, InvalidToken):
            _log.critical("Telegram does not accept the token: check [telegram] token")
        else:
            _log.warning("Telegram can't be reached, again in %s s: %s", pause, error.message)

    async def _move(self, row: Waiting, new_chat_id: int) -> None:
        old_chat_id = row.chat_id
        assert old_chat_id is not None, "only a chat can become another chat"
        await self._storage.transact(lambda tx: self._migrate(tx, old_chat_id, new_chat_id))
        row.chat_id = new_chat_id

    def _now(self) -> float:
        return self._storage.clock.steady()


async def _letter(tx: Transaction, letter_id: int) -> tuple[str, dict[str, Any]]:
    row = await tx.one("SELECT method, params FROM letters WHERE id = :id", id=letter_id)
    assert row is not None, "letters outlive the outbox rows that name them"
    return row["method"], orjson.loads(row["params"])


async def _file(tx: Transaction, file_id: int | None) -> InputFile:
    row = await tx.one("SELECT name, content FROM files WHERE id = :id", id=file_id)
    assert row is not None, "files outlive the outbox rows that name them"
    return InputFile(row["content"], filename=row["name"])
