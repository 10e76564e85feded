"""Moves points between people at random in a process of its own, until it is killed."""

import asyncio
import logging
import random

from bot.clock import Clock
from bot.config import Database
from bot.databases import open_storage
from bot.domain import points
from bot.domain.points import Leg, Reason
from bot.refusal import Refused
from bot.storage import Deed, Storage, StorageUnavailable, Transaction
from tests.town import SHANGHAI

CALLERS = 3
GIVEN = 100
STARTED = "at work"


def gift(giver: int, taker: int, amount: int, cause: str) -> Deed[int]:
    """So many points from one person to another."""

    async def deed(tx: Transaction) -> int:
        legs = (Leg("member", giver, -amount), Leg("member", taker, amount))
        return await points.transfer(tx, legs, reason=Reason.GIFT, cause=cause, person_id=giver, by=None)

    return deed


async def _opened(storage: Storage) -> None:
    """A server that is just being restarted is waited for."""
    while True:
        try:
            return await storage.open()
        except StorageUnavailable:
            await asyncio.sleep(0.1)


async def main(url: str, seed: int, people: list[int]) -> None:
    storage = open_storage(Database(url=url, connections=CALLERS + 1), Clock(SHANGHAI), 1, guest=True)
    await _opened(storage)
    chance, turns = random.Random(seed), iter(range(10**9))

    async def caller() -> None:
        for turn in turns:
            giver, taker = chance.sample(people, 2)
            try:
                await storage.transact(gift(giver, taker, chance.randint(1, GIVEN), f"bank:{seed}-{turn}"))
            except Refused:
                await asyncio.sleep(0)
            except StorageUnavailable:
                await asyncio.sleep(0.1)

    logging.getLogger(__name__).info(STARTED)
    await asyncio.gather(*(caller() for _ in range(CALLERS)))


def until_killed(url: str, seed: int, people: list[int]) -> None:
    """Move points between these people; `seed` is another one in each process."""
    asyncio.run(main(url, seed, people))
