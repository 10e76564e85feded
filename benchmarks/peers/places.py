"""The 500 places of the rush peers, kept in SQLite as durably as our own bot keeps them."""

import asyncio

import aiosqlite

PLACES = 500
SCHEMA = f"""
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS activity (places INTEGER NOT NULL, taken INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS signup (person INTEGER PRIMARY KEY);
    INSERT INTO activity SELECT {PLACES}, 0 WHERE NOT EXISTS (SELECT 1 FROM activity);
"""


class Places:
    """`take` gives whether the person got a place. The answer is durable when it is given."""

    def __init__(self, path: str, naive: bool) -> None:
        self._path = path
        self._naive = naive
        self._lock = asyncio.Lock()
        self._db: aiosqlite.Connection

    async def open(self) -> None:
        self._db = await aiosqlite.connect(self._path)
        await self._db.executescript(SCHEMA)

    async def close(self) -> None:
        await self._db.close()

    async def take(self, person: int) -> bool:
        return await (self._take_naively(person) if self._naive else self._take(person))

    async def _take(self, person: int) -> bool:
        # Tasks that share a connection would share its transaction, so there is one at a time.
        async with self._lock:
            await self._db.execute("BEGIN IMMEDIATE")
            taken = await self._db.execute("UPDATE activity SET taken = taken + 1 WHERE taken < places")
            if taken.rowcount:
                await self._db.execute("INSERT INTO signup VALUES (?)", (person,))
            await self._db.commit()
            return bool(taken.rowcount)

    async def _take_naively(self, person: int) -> bool:
        """Checks, then inserts: what was free when it looked may be gone when it writes."""
        async with self._db.execute("SELECT count(*) FROM signup") as cursor:
            row = await cursor.fetchone()
        if row is None or row[0] >= PLACES:
            return False
        await self._db.execute("INSERT INTO signup VALUES (?)", (person,))
        await self._db.commit()
        return True
