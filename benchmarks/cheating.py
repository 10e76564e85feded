"""Cheating: ten ways to come by hours one has not served, seeded among honest check-ins; what the rules catch and miss."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.county import BOT
from benchmarks.table import shown
from bot.clock import Clock
from bot.config import Hours
from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage
from bot.domain import hours, people
from bot.domain.hours import Grade, Record
from bot.domain.people import Person
from bot.refusal import Refused
from bot.storage import Transaction

HOUR, DAY = 3600, 24 * 3600
# A Monday, 0:00 in Shanghai; everything happens in the four weeks after it.
BEGIN = 1_793_548_800
DAYS = 28
MEMBERS, LEADERS, ROLL = 2_000, 60, 10
SEED = 20261125
RULES = Hours()
HEADS = ("way to cheat", "cases", "refused", "waits", "listed", "caught", "missed")


@dataclass
class Cast:
    """Who is in the county, the clock that everything moves, and what was served honestly."""

    members: list[Person]
    leaders: list[Person]
    admins: list[Person]
    now: float
    served: list[Record]

    def instant(self) -> float:
        return self.now


class Undone(Exception):
    """A case has been judged; nothing of it is kept."""


async def told(
    tx: Transaction, whose: Person, by: Person, begins: int, minutes: int, grade: Grade, cause: str, **more: int | None
) -> Record:
    """Hours as any way of the bot tells them: what was planned is what is told, unless it is given."""
    known: dict[str, int | None] = {"planned_minutes": minutes, "published_at": begins - 3 * DAY, **more}
    ends = begins + max(minutes, known["planned_minutes"] or 0) * 60
    evidence = "seen" if grade is Grade.AFTERWARDS else ""
    presence = hours.Presence(whose.id, grade, minutes, begins, ends, cause, "River bank", evidence=evidence, **known)
    return await hours.credit(tx, presence, by=by, rules=RULES, told_by_caller=True)


# Honest people


async def serve(storage: SqliteStorage, cast: Cast, chance: random.Random, number: int) -> int:
    """`number` presences over four weeks, on different days for each person; how many were refused or have to wait."""
    alarms, turn = 0, 0
    while len(cast.served) < number:
        turn += 1
        day = BEGIN + chance.randrange(DAYS - 1) * DAY
        begins = day + chance.randrange(8, 18) * HOUR
        cast.now = begins + 2 * HOUR + chance.randrange(1, 12) * HOUR
        crowd = chance.sample(cast.members, ROLL)
        alarms += await storage.transact(lambda tx, b=begins, c=crowd, t=turn: _presence(tx, cast, chance, b, c, t))  # type: ignore[misc]
    return alarms


async def _presence(
    tx: Transaction, cast: Cast, chance: random.Random, begins: int, crowd: list[Person], turn: int
) -> int:
    """One activity: six in ten check in and out themselves, the others are on the leader's roll."""
    leader, alarms = chance.choice(cast.leaders), 0
    tx.cause = f"update:{turn}"
    for person in sorted(crowd, key=lambda each: each.id):
        own = chance.random() < 0.6
        minutes = chance.randrange(80, 121) if own else 120
        more = {"planned_minutes": 120}
        try:
            async with tx.savepoint():
                grade, by = (Grade.OWN, person) if own else (Grade.ROLL, leader)
                record = await told(tx, person, by, begins, minutes, grade, f"activity:{turn}", **more)
        except Refused:
            # Two activities at one time of one person, which the draw of a crowd makes: not a presence at all.
            continue
        alarms += not record.stands
        cast.served.append(record)
    return alarms


# Ways to cheat: each returns the records that it made, or is refused.

Way = Callable[[Transaction, Cast, random.Random], Awaitable[list[Record]]]


def _free_day(cast: Cast, chance: random.Random) -> int:
    """Early on the last day, when nothing was served yet."""
    cast.now = BEGIN + DAYS * DAY
    return BEGIN + (DAYS - 1) * DAY + chance.randrange(6) * HOUR


async def absent(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """An admin enters hours for somebody who was not there."""
    begins = _free_day(cast, chance)
    return [
        await told(
            tx, chance.choice(cast.members), cast.admins[0], begins, 300, Grade.AFTERWARDS, "said", planned_minutes=None
        )
    ]


async def alone(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """Whoever entered hours agrees to them as the second person, too."""
    leader = chance.choice(cast.admins)
    begins = _free_day(cast, chance)
    record = await told(tx, chance.choice(cast.members), leader, begins, 120, Grade.AFTERWARDS, "said")
    return [await hours.approve(tx, record.id, by=leader, rules=RULES)]


async def in_turn(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """Two admins agree to each other's hours."""
    one, two = chance.sample(cast.admins, 2)
    begins = _free_day(cast, chance)
    first = await told(tx, one, cast.leaders[0], begins, 120, Grade.AFTERWARDS, "said")
    await hours.approve(tx, first.id, by=two, rules=RULES)
    second = await told(tx, two, cast.leaders[0], begins, 120, Grade.AFTERWARDS, "said")
    return [await hours.approve(tx, second.id, by=one, rules=RULES)]


async def two_places(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """A friend leads another activity at a time at which one was elsewhere."""
    other = chance.choice(cast.served)
    whose = await people.by_id(tx, other.person_id)
    cast.now = other.ends + 3 * HOUR
    begins = other.begins + chance.randrange(-60, other.minutes) * 60
    return [await told(tx, whose, cast.leaders[0], begins, 120, Grade.ROLL, "activity:elsewhere")]


async def long_day(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """More hours in one day than anybody serves."""
    begins = _free_day(cast, chance)
    return [
        await told(
            tx, chance.choice(cast.members), cast.leaders[0], begins, chance.randrange(7, 16) * 60, Grade.ROLL, "x:1"
        )
    ]


async def short_stay(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """In, a photo, and out again."""
    begins, whose = _free_day(cast, chance), chance.choice(cast.members)
    return [await told(tx, whose, whose, begins, chance.randrange(5, 80), Grade.OWN, "activity:x", planned_minutes=120)]


async def late(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """A roll "called" long after the end."""
    begins = BEGIN + chance.randrange(5, 15) * DAY + 2 * HOUR
    cast.now = begins + 2 * HOUR + chance.randrange(24, 10 * 24) * HOUR
    return [await told(tx, chance.choice(cast.members), cast.leaders[0], begins, 120, Grade.ROLL, "activity:x")]


async def hurried(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """Published, "done" and credited within minutes."""
    begins = _free_day(cast, chance)
    published = int(cast.now) - chance.randrange(1, 60) * 60
    whose, leader = chance.choice(cast.members), chance.choice(cast.leaders)
    return [await told(tx, whose, leader, begins, 120, Grade.ROLL, "activity:x", published_at=published)]


async def burst(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """Hours for friends, one after another in a minute."""
    begins, leader = _free_day(cast, chance), chance.choice(cast.leaders)
    records = []
    for number, friend in enumerate(chance.sample(cast.members, chance.randrange(3, 11))):
        tx.cause = f"update:burst:{number}"
        records.append(await told(tx, friend, leader, begins, 120, Grade.ROLL, f"activity:x{number}"))
    return records


async def volume(tx: Transaction, cast: Cast, chance: random.Random) -> list[Record]:
    """One leader hands out far more hours in a month than the others do."""
    begins, leader = _free_day(cast, chance), chance.choice(cast.leaders)
    tx.cause = "update:volume"
    crowd = chance.sample(cast.members, chance.randrange(15, 60))
    return [await told(tx, each, leader, begins, 480, Grade.ROLL, "activity:x") for each in crowd]


WAYS: dict[str, Way] = {
    "absent, entered by an admin": absent,
    "agrees to what he entered": alone,
    "two agree to each other's": in_turn,
    "two places at once": two_places,
    "7 to 15 h in a day": long_day,
    "stays 4 to 66 % of the time": short_stay,
    "roll 1 to 10 days late": late,
    "done within 1 to 59 min": hurried,
    "3 to 10 friends in a minute": burst,
    "15 to 59 people, 8 h each": volume,
}


# Judging


async def judged(storage: SqliteStorage, cast: Cast, way: Way, seed: str) -> str:
    """What became of one case: refused, waits, listed or missed. Nothing of it stays."""
    outcome = "missed"

    async def case(tx: Transaction) -> None:
        nonlocal outcome
        tx.cause = "update:case"
        before = {(each.rule, each.who, each.minute) for each in await hours.findings(tx, RULES)}
        try:
            records = await way(tx, cast, random.Random(seed))
        except Refused:
            outcome = "refused"
            raise Undone from None
        if all(not record.stands for record in records):
            outcome = "waits"
        elif {(each.rule, each.who, each.minute) for each in await hours.findings(tx, RULES)} - before:
            outcome = "listed"
        raise Undone

    try:
        await storage.transact(case)
    except Undone:
        return outcome
    raise AssertionError("a case always ends undone")


async def populate(storage: SqliteStorage, cast: Cast) -> None:
    async def deed(tx: Transaction) -> None:
        known = [await people.register(tx, 1000 + n, f"P{n}", "en") for n in range(MEMBERS + LEADERS + 5)]
        cast.members, cast.leaders, cast.admins = known[:MEMBERS], known[MEMBERS:-5], known[-5:]
        for admin in cast.admins:
            await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=admin.id)
        cast.admins = [await people.by_id(tx, admin.id) for admin in cast.admins]

    await storage.transact(deed)


async def measured(honest: int, cases: int) -> None:
    cast, chance = Cast([], [], [], float(BEGIN), []), random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        storage = SqliteStorage(str(Path(folder) / "cheating.db"), Clock(ZoneInfo("Asia/Shanghai"), cast.instant), BOT)
        await storage.open()
        await migrate(storage)
        await populate(storage, cast)
        waiting = await serve(storage, cast, chance, honest)
        cast.now = BEGIN + DAYS * DAY
        pointed = len(await storage.transact(lambda tx: hours.findings(tx, RULES)))
        rows, sums = [], Counter[str]()
        for name, way in WAYS.items():
            outcomes = Counter([await judged(storage, cast, way, f"{SEED}:{name}:{n}") for n in range(cases)])
            sums += outcomes
            rows.append(_row(name, cases, outcomes))
        rows.append(_row("all", cases * len(WAYS), sums))
        await storage.close()
    title = f"Cheating among {len(cast.served):,} honest presences: {waiting} of them have to wait, {pointed} honest people are listed"
    print(shown(title, HEADS, rows))


def _row(name: str, cases: int, outcomes: Counter[str]) -> list[str]:
    found = [outcomes[each] for each in ("refused", "waits", "listed")]
    return [name, str(cases), *map(str, found), str(sum(found)), str(outcomes["missed"])]


def run(honest: int, cases: int) -> None:
    asyncio.run(measured(honest, cases))
