"""Does what is due, each deed once, in time or told as too late; APScheduler only ticks."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from itertools import groupby

import orjson
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import due
from bot.cards import card
from bot.config import House
from bot.domain import merging, people, points
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.scheduler.timetable import Daily, Deed, Together
from bot.storage import Storage, StorageUnavailable, Transaction

TICK_SECONDS = 1
# For so much of a tick it goes on with what its deeds have planned for at once, such as their next slice.
GO_ON_SECONDS = 0.5
AT_ONCE = 1000
# Done in one transaction: many enough to share its cost, few enough that a press behind them is soon answered.
SLICE = 25
# The same for what is done together: each of its statements is for all of them.
SLICE_TOGETHER = 50
# So many slices at a time where several connections work: the others are for those who press meanwhile.
SIDE_BY_SIDE = 2
ATTEMPTS_MAX = 5
RETRY_SECONDS = (1, 10, 60, 600)
_log = logging.getLogger(__name__)


class Scheduler:
    """Does what is due. Rows remember what has been done, so that a second tick, or a second process, does nothing."""

    def __init__(self, storage: Storage, house: House, deeds: Mapping[str, Deed], timetable: tuple[Daily, ...]) -> None:
        self._storage = storage
        self._house = house
        self._deeds = deeds
        self._timetable = {entry.deed: entry for entry in timetable}
        self._clock = AsyncIOScheduler(timezone="UTC")
        # What waits since before this process may be what ended the one before.
        self._careful = False

    async def start(self) -> None:
        self._careful = True
        await self.plan_timetable()
        # Coalesced and never "too late": what is late is decided by each row, not by the clock.
        self._clock.add_job(
            self._tick, "interval", seconds=TICK_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        self._clock.start()

    def stop(self) -> None:
        if self._clock.running:
            self._clock.shutdown(wait=False)

    async def plan_timetable(self) -> None:
        """See to it that the next occurrence of everything that repeats is planned; occurrences of old settings go."""

        async def deed(tx: Transaction) -> None:
            planned = await tx.all(
                "SELECT DISTINCT deed FROM due WHERE bot = :bot AND subject = 'timetable' AND state = 'new'", bot=tx.bot
            )
            for row in planned:
                if row["deed"] not in self._timetable:
                    await due.drop(tx, "timetable", row["deed"])
            for entry in self._timetable.values():
                next_at = await self._next(tx, entry, tx.now)
                await tx.run(
                    "DELETE FROM due WHERE bot = :bot AND deed = :deed AND subject = 'timetable' AND state = 'new' "
                    "AND due_at > :now AND due_at <> :next",
                    bot=tx.bot,
                    deed=entry.deed,
                    now=tx.now,
                    next=next_at,
                )
                await self._plan(tx, entry, next_at)

        await self._storage.transact(deed)

    async def _next(self, tx: Transaction, entry: Daily, after: int) -> int:
        """The first occurrence after `after` that has not been done, as it may have been when the clock was set back."""
        at = entry.next_after(after, tx)
        while await tx.value(
            "SELECT 1 FROM due WHERE bot = :bot AND deed = :deed AND subject = 'timetable' AND due_at = :at "
            "AND state <> 'new'",
            bot=tx.bot,
            deed=entry.deed,
            at=at,
        ):
            at = entry.next_after(at, tx)
        return at

    async def _plan(self, tx: Transaction, entry: Daily, at: int) -> None:
        await due.plan(tx, entry.deed, "timetable", at, until=at + entry.grace_hours * 3600)

    async def _plan_following(self, tx: Transaction, item: Due) -> None:
        """What repeats goes on, whatever became of this occurrence."""
        entry = self._timetable.get(item.deed) if item.subject == "timetable" else None
        if entry:
            await self._plan(tx, entry, await self._next(tx, entry, max(item.due_at, tx.now)))

    async def _tick(self) -> None:
        # Anything else is logged by APScheduler, which ticks on.
        try:
            await self.tick()
        except StorageUnavailable as error:
            _log.warning("the scheduler waits for the database: %s", error)
        except asyncio.CancelledError:
            # `stop` ends the tick that it meets; APScheduler would call that a failure. What was begun is done or undone.
            if self._clock.running:
                raise

    async def tick(self) -> int:
        """Do everything whose time has come; how many deeds were done."""
        over_at = self._storage.clock.steady() + GO_ON_SECONDS
        await self._storage.transact(self._release)
        done = 0
        while batch := await self._storage.read(self._waiting):
            now_done = await (self._carefully(batch) if self._careful else self._side_by_side(batch))
            done += now_done
            if len(batch) < AT_ONCE and (not now_done or self._storage.clock.steady() >= over_at):
                break
        self._careful = False
        await self._storage.transact(self._tell_missed)
        return done

    async def _release(self, tx: Transaction) -> None:
        """Sendings whose time has come may go, what is new will be sealed and compared, and the pulse shows that we live."""
        freed = await tx.run(
            "UPDATE outbox SET state = 'new' WHERE bot = :bot AND state = 'later' AND due_at <= :now",
            bot=tx.bot,
            now=tx.now,
        )
        if freed:
            tx.wakes("outbox")
        await tx.run(
            "INSERT INTO pulse (bot, name, at) VALUES (:bot, 'scheduler', :now) "
            "ON CONFLICT (bot, name) DO UPDATE SET at = excluded.at "
            # Less often than it ticks, and also after the clock was set back.
            "WHERE excluded.at >= pulse.at + 10 OR excluded.at < pulse.at",
            bot=tx.bot,
            now=tx.now,
        )
        await points.plan_sealing(tx)
        if merging.COMPARE in self._deeds:
            await merging.plan_comparing(tx)

    async def _waiting(self, tx: Transaction) -> list[Due]:
        rows = await tx.all(
            "SELECT id, deed, subject, due_at, until, attempts FROM due "
            "WHERE bot = :bot AND state = 'new' AND retry_at <= :now ORDER BY retry_at LIMIT :limit",
            bot=tx.bot,
            now=tx.now,
            limit=AT_ONCE,
        )
        return [Due(**row) for row in rows]

    async def _side_by_side(self, batch: list[Due]) -> int:
        slices = self._slices(batch)
        # Where deeds are done in order, slices that are handed over together share a commit.
        turn = asyncio.Semaphore(len(slices) if self._storage.in_order else SIDE_BY_SIDE)

        async def in_turn(items: list[Due]) -> int:
            async with turn:
                return await self._do_all(items)

        return sum(await asyncio.gather(*map(in_turn, slices)))

    async def _carefully(self, batch: list[Due]) -> int:
        """Do what was left behind in turn, each attempt counted before: what ends the process can't do so for ever.

        What was tried before is done alone and last, the most tried after the others, so that it takes nothing with it.
        """
        tried = [[item] for item in sorted(batch, key=lambda item: item.attempts) if item.attempts]
        done = 0
        for items in (*self._slices([item for item in batch if not item.attempts]), *tried):
            begun = await self._storage.transact(partial(self._begin, items=items))
            done += await self._do_all(begun) if begun else 0
        return done

    def _slices(self, items: list[Due]) -> list[list[Due]]:
        """What is done together by itself, in larger slices."""
        together: list[Due] = []
        others: list[Due] = []
        for item in items:
            (together if isinstance(self._deeds.get(item.deed), Together) else others).append(item)
        return [*_cut(others, SLICE), *_cut(together, SLICE_TOGETHER)]

    async def _begin(self, tx: Transaction, items: list[Due]) -> list[Due]:
        """Count an attempt at each before it is made; those that may be tried. The others are set aside."""
        begun = []
        for item in items:
            if item.attempts >= ATTEMPTS_MAX:
                await self._failed(tx, item, "the process ended while it was being done")
            elif await tx.run(COUNT, attempts=item.attempts + 1, id=item.id):
                begun.append(item)
        return begun

    async def _do_all(self, items: list[Due]) -> int:
        """Do a few in one transaction; how many were done. If one of them fails, each is done in one of its own."""
        if len(items) == 1:
            return await self._do(items[0])
        try:
            return await self._storage.transact(lambda tx: self._each(tx, items))
        except StorageUnavailable:
            raise
        except Exception as error:
            _log.info("%d deeds are done one by one, for one of them failed: %s", len(items), error)
            return sum([await self._do(item) for item in items])

    async def _each(self, tx: Transaction, items: list[Due]) -> int:
        done = 0
        for name, same in groupby(items, lambda item: item.deed):
            deed, alike = self._deeds.get(name), list(same)
            if isinstance(deed, Together):
                done += await self._together(tx, deed, alike)
            else:
                done += sum([await self._once(tx, item) for item in alike])
        return done

    async def _together(self, tx: Transaction, deed: Together, items: list[Due]) -> int:
        """Claim all of a kind by one statement, and do them by another few: as each of them would be done alone."""
        tx.cause = f"due:{items[0].id}"
        ids = orjson.dumps([item.id for item in items]).decode()
        rows = await tx.all(CLAIM, now=tx.now, ids=ids)
        claimed = {row["id"] for row in rows if row["state"] == "done"}
        if claimed:
            await deed.deed(tx, [item for item in items if item.id in claimed], self._house)
        return len(claimed)

    async def _do(self, item: Due) -> bool:
        try:
            return await self._storage.transact(lambda tx: self._once(tx, item))
        except StorageUnavailable:
            raise
        except Exception as error:
            _log.error("the deed %s for %s failed", item.deed, item.subject, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
            return await self._storage.transact(lambda tx: self._failed(tx, item, reason))

    async def _once(self, tx: Transaction, item: Due) -> bool:
        tx.cause = f"due:{item.id}"
        late = item.until is not None and tx.now > item.until
        claimed = await tx.run(
            "UPDATE due SET state = :state, done_at = :now WHERE id = :id AND state = 'new'",
            state="missed" if late else "done",
            now=tx.now,
            id=item.id,
        )
        if not claimed:
            return False
        await self._plan_following(tx, item)
        if late:
            return False
        await self._deeds[item.deed](tx, item, self._house)
        return True

    async def _tell_missed(self, tx: Transaction) -> None:
        """Tell the admins in one message what was too late: after a long silence that can be hundreds of reminders."""
        rows = await tx.all(
            "UPDATE due SET state = 'late' WHERE bot = :bot AND state = 'missed' RETURNING id, deed, due_at", bot=tx.bot
        )
        planned: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            planned[row["deed"]].append(row["due_at"])
        if rows:
            lines = [_missed(deed, instants) for deed, instants in sorted(planned.items())]
            words = say("Too late, for I was not running at the time; this was not done:")
            await people.tell_admins(tx, card(words, *lines), key=f"late:{max(row['id'] for row in rows)}")

    async def _failed(self, tx: Transaction, item: Due, reason: str) -> bool:
        attempts = min(item.attempts + 1, ATTEMPTS_MAX)
        broken = attempts >= ATTEMPTS_MAX
        counted = await tx.run(
            "UPDATE due SET attempts = :attempts, error = :reason, retry_at = :retry_at, state = :state "
            "WHERE id = :id AND state = 'new'",
            attempts=attempts,
            reason=reason[:500],
            retry_at=tx.now + RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1],
            state="broken" if broken else "new",
            id=item.id,
        )
        if counted and broken:
            await self._plan_following(tx, item)
            await people.tell_admins(
                tx,
                card(
                    say(
                        "The deed {deed} for {subject} failed {n} times and was set aside: {error}",
                        deed=item.deed,
                        subject=item.subject,
                        n=attempts,
                        error=reason[:200],
                    )
                ),
                key=f"broken-due:{item.id}",
            )
        return False


CLAIM = """
    UPDATE due SET state = CASE WHEN until < :now THEN 'missed' ELSE 'done' END, done_at = :now
    WHERE state = 'new' AND id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids)) RETURNING id, state
"""
COUNT = "UPDATE due SET attempts = :attempts WHERE id = :id AND state = 'new'"


def _cut(items: list[Due], size: int) -> list[list[Due]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _missed(deed: str, instants: list[int]) -> Said:
    first, last = Moment(min(instants)), Moment(max(instants))
    if first == last:
        return say("{deed}: {n}, planned for {first}", deed=deed, n=len(instants), first=first)
    return say("{deed}: {n}, planned from {first} to {last}", deed=deed, n=len(instants), first=first, last=last)
