"""Handles what was kept: in order per line, each update in one transaction with everything it says."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from bot import inbox
from bot.cards import HOME, Card, Onward
from bot.config import House
from bot.domain import people
from bot.gateway import application, parsing, replies
from bot.gateway.application import Frame
from bot.inbox import Kept
from bot.locales import Said, say
from bot.refusal import Refused, only_text
from bot.routing import Answer, Heard, Reading, Route, Routes, Who, check, stale
from bot.storage import Storage, StorageUnavailable, Transaction

BATCH = 256
AT_HAND_MAX = 1024
ROUND_SECONDS = 0.05
IDLE_SECONDS = 0.25
AWAY_SECONDS = 1.0
_log = logging.getLogger(__name__)
Handle = Callable[[Kept], Awaitable[bool]]
Ask = Callable[[str, Heard], Awaitable[object]]


class Worker:
    """Takes updates from the inbox and lets the Application answer them."""

    def __init__(self, storage: Storage, frame: Frame, routes: Routes, house: House, ask: Ask) -> None:
        self._storage = storage
        self._frame = frame
        self._routes = routes
        self._house = house
        self._ask = ask
        # The lines of which updates are being handled.
        self._busy: dict[int, asyncio.Task[int]] = {}
        self._at_work = False
        # What waits since before this process may be what ended the one before.
        self._careful = False
        # Something waits in the inbox because its line was busy: it is looked for as soon as a line is free.
        self._left_behind = False

    async def run(self) -> None:
        """Handle what waits, for ever. What was begun when it is cancelled is finished or undone as a whole."""
        self._careful = True
        try:
            while True:
                await self._round()
        finally:
            self._at_work = False
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _round(self) -> None:
        try:
            handled = await (self._one_by_one() if self._careful else self.work(ROUND_SECONDS))
        except StorageUnavailable as error:
            _log.warning("the database can't be used just now: %s", error)
            await asyncio.sleep(AWAY_SECONDS)
        except Exception:
            # One line's misfortune must not take the whole bot down; it is tried again.
            _log.exception("a batch of updates failed in an unforeseen way")
            await asyncio.sleep(AWAY_SECONDS)
        else:
            if not handled:
                await self._storage.bell.wait("inbox", IDLE_SECONDS)

    async def _one_by_one(self) -> int:
        """Handle what was left behind, each alone and counted before: one that ends the process can't do so for ever."""
        after, last = -1, await self._storage.read(inbox.newest)
        waiting_lines: set[int] = set()
        handled = 0
        while after < last and (batch := await self._storage.read(partial(inbox.waiting, after=after, limit=BATCH))):
            for kept in batch:
                if kept.line in waiting_lines:
                    continue
                done = await self._within(ROUND_SECONDS, self._start(kept.line, [kept], self._alone))
                handled += done
                if not done:
                    waiting_lines.add(kept.line)
            after = batch[-1].update_id
        self._careful, self._at_work = False, self._storage.in_order
        return handled

    async def _within(self, seconds: float | None, *tasks: asyncio.Task[int]) -> int:
        """How many updates were handled in time; a line that takes longer goes on by itself."""
        done, slow = await asyncio.wait(tasks, timeout=seconds) if tasks else ((), ())
        for task in slow:
            task.add_done_callback(lambda ended: self._storage.bell.ring(("inbox",)))
        return sum(task.result() for task in done)

    async def _alone(self, kept: Kept) -> bool:
        """As `_handle`, with the attempt counted in a commit of its own before it is made."""
        begun = await self._storage.transact(lambda tx: self._begin(tx, kept))
        return await self._handle(kept) if begun else True

    async def _begin(self, tx: Transaction, kept: Kept) -> bool:
        if kept.attempts < inbox.ATTEMPTS_MAX:
            return await inbox.begin(tx, kept)
        # Whatever else fails for the last time is set aside as it fails.
        if await inbox.failed(tx, kept, "the process ended while it was being handled", hopeless=True):
            await replies.regret(tx, kept.line)
            await replies.tell_set_aside(tx, kept.update_id, say("the bot's process ended each time"))
        return False

    async def work(self, seconds: float | None = None) -> int:
        """Handle one batch; how many updates were handled. Lines go side by side, each in its order.

        A line that takes longer than `seconds` goes on by itself, and the next batch leaves it out.
        """
        rows = await self._free()
        lines: dict[int, list[Kept]] = defaultdict(list)
        for kept in rows:
            lines[kept.line].append(kept)
        return await self._within(seconds, *[self._start(line, updates) for line, updates in lines.items()])

    def hand(self, fresh: Sequence[Kept]) -> bool:
        """Begin with what is being kept just now; False when somebody has to look into the inbox for some of it.

        Keeping was asked for before, and deeds are done in order: should it fail, there is nothing to claim.
        """
        if not self._at_work or len(self._busy) + len(fresh) > AT_HAND_MAX:
            return False
        lines: dict[int, list[Kept]] = defaultdict(list)
        for kept in fresh:
            lines[kept.line].append(kept)
        free = [line for line in lines if line not in self._busy]
        for line in free:
            self._start(line, lines[line])
        self._left_behind = self._left_behind or len(free) < len(lines)
        return len(free) == len(lines)

    async def _free(self) -> list[Kept]:
        """The oldest updates of lines that nobody here is busy with."""
        after = -1
        while True:
            batch = await self._storage.read(partial(inbox.waiting, after=after, limit=BATCH))
            free = [kept for kept in batch if kept.line not in self._busy]
            if free or len(batch) < BATCH:
                return free
            after = batch[-1].update_id

    def _start(self, line: int, updates: list[Kept], handle: Handle | None = None) -> asyncio.Task[int]:
        task = self._busy[line] = asyncio.create_task(self._in_order(updates, handle or self._handle))
        task.add_done_callback(lambda ended: self._end(line, ended))
        return task

    def _end(self, line: int, task: asyncio.Task[int]) -> None:
        del self._busy[line]
        if self._left_behind:
            self._left_behind = False
            self._storage.bell.ring(("inbox",))
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, StorageUnavailable):
            _log.error("a line of updates has to wait", exc_info=error)

    async def _in_order(self, line: list[Kept], handle: Handle) -> int:
        handled = 0
        for kept in line:
            if not await handle(kept):
                break
            handled += 1
        return handled

    async def _handle(self, kept: Kept) -> bool:
        """True when the update is done or set aside, False when it will be tried again and its line must wait."""
        heard: Heard | None = None
        try:
            heard = self._resolved(parsing.parse(kept.payload, self._house))
            if heard:
                heard = await self._asked(heard)
            return await self._storage.transact(lambda tx: self._deed(tx, kept, heard))
        except StorageUnavailable:
            raise
        except Exception as error:
            return await self._failed(kept, heard, error)

    def _resolved(self, heard: Heard | None) -> Heard | None:
        """A deep link to a screen is as good as a press on the button that leads there."""
        if heard and heard.kind == "command" and heard.name == "start" and heard.words:
            linked = self._routes.linked(heard.words)
            if linked:
                return replace(heard, kind="press", name=linked[0].name, args=linked[1], message_id=None)
        return heard

    async def _asked(self, heard: Heard) -> Heard:
        """What a route must know from Telegram, and what takes long to read, is asked before its transaction begins.

        Also for a command without its slash, though the words may turn out to be the answer to a question.
        """
        route, meant = self._routes.meant(heard) or (self._routes.find(heard), heard)
        if route and route.ask:
            heard = replace(heard, asked=await self._ask(route.ask, meant))
        if route and route.read:
            heard = replace(heard, read=await self._read(route, route.read, meant))
        return heard

    async def _read(self, route: Route, read: Reading, heard: Heard) -> object:
        """What the route reads, for whoever may use it; else the refusal. Who may is asked again in the transaction."""

        async def question(tx: Transaction) -> object:
            known = await self._known(tx, heard)
            check(route, known)
            return await read(tx, known)

        try:
            return await self._storage.report(question)
        except Refused as refused:
            return refused

    async def _known(self, tx: Transaction, heard: Heard) -> Heard:
        """With whoever spoke, as he stands now."""
        person = None if heard.sender.faceless else await people.by_telegram(tx, heard.sender.id)
        return replace(heard, person=person)

    async def _deed(self, tx: Transaction, kept: Kept, heard: Heard | None) -> bool:
        tx.cause = f"update:{kept.update_id}"
        if not await inbox.claim(tx, kept):
            return False
        if heard:
            await self._respond(tx, await self._known(tx, heard))
        if heard and heard.kind == "location":
            await inbox.empty(tx, kept)
        return True

    async def _respond(self, tx: Transaction, heard: Heard, toast: Said | None = None) -> None:
        if self._is_stranger(heard) and not await people.went_to(tx, heard.sender.id):
            await self._welcome(tx, heard)
            return
        try:
            async with tx.savepoint():
                answer = await self._answer(tx, heard)
        except Refused as refused:
            await replies.refuse(tx, heard, refused)
        else:
            if isinstance(answer, Onward):
                await self._go_on(tx, heard, answer)
            else:
                if toast and isinstance(answer, Card) and answer.toast is None:
                    answer = answer.with_toast(toast)
                await replies.reply(tx, heard, answer)

    async def _go_on(self, tx: Transaction, heard: Heard, onward: Onward) -> None:
        """Answer with another route's screen; the person is read anew, for the deed before may have changed him."""
        name, *args = onward.data.split(":")
        person = await people.by_telegram(tx, heard.sender.id)
        message_id = None if onward.fresh else heard.message_id
        ahead = replace(heard, kind="press", name=name, args=tuple(args), person=person, message_id=message_id)
        route = self._routes.find(ahead)
        if route and route.read:
            # What it shows was not read before: the way there was made up by whoever pressed.
            ahead = replace(ahead, name=HOME, args=())
        await self._respond(tx, ahead, onward.toast)

    def _is_stranger(self, heard: Heard) -> bool:
        route = self._routes.find(heard)
        return heard.person is None and not heard.sender.faceless and route is not None and Who.ANYONE not in route.who

    async def _welcome(self, tx: Transaction, heard: Heard) -> None:
        """Strangers are registered first, and then land where they wanted to go."""
        route = self._routes.find(heard)
        if not heard.chat.private and heard.press_id:
            link_to = heard if route and route.link else replace(heard, name="home", args=())
            await replies.open_private_chat(tx, link_to)
            return
        wanted = ":".join((heard.name, *heard.args)) if route and route.link else ""
        await self._respond(tx, replace(heard, kind="command", name="start", words="", args=(wanted,)))

    async def _answer(self, tx: Transaction, heard: Heard) -> Answer:
        if heard.person is None and heard.kind != "event" and (went := await people.went_to(tx, heard.sender.id)):
            raise Refused(people.went_on(went.id))
        if self._routes.find(heard) is None:
            return self._unknown(heard)
        return await application.answer(self._frame, tx, heard)

    def _unknown(self, heard: Heard) -> Answer:
        if heard.kind == "press":
            raise stale()
        if heard.kind == "event" or not (heard.chat.private or heard.event.get("addressed")):
            return None
        if heard.kind == "command":
            raise self._routes.unknown(heard.name, heard)
        raise only_text()

    async def _failed(self, kept: Kept, heard: Heard | None, error: Exception) -> bool:
        """Count the attempt; after the last one tell the person and the admins, and let those behind go on."""
        _log.error("update %s could not be handled", kept.update_id, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        hopeless = isinstance(error, parsing.Unreadable)

        async def deed(tx: Transaction) -> bool:
            broken = await inbox.failed(tx, kept, reason, hopeless=hopeless)
            if broken:
                await self._apologize(tx, heard)
                await replies.tell_set_aside(tx, kept.update_id, type(error).__name__)
            return broken

        return await self._storage.transact(deed)

    async def _apologize(self, tx: Transaction, heard: Heard | None) -> None:
        if heard is None or heard.sender.faceless or heard.kind == "event":
            return
        person = await people.by_telegram(tx, heard.sender.id)
        await replies.refuse(tx, replace(heard, person=person), Refused(replies.SORRY))
