"""Towns with something in them: a small one in English, and the sandbox's sample county."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.activities import Kind
from bot.sandbox.county import NEIGHBOURS, Days, Ground, settle_in
from bot.sandbox.world import World
from bot.storage import Storage
from tests.botapi import check
from tests.founding import founded
from tests.publishing import DAY, fills_in, join, published
from tests.repeating import begun
from tests.town import TOKEN, Town, TownClock

GROUPS = ("舞蹈团", "书法社", "羽毛球队", "合唱团", "摄影社", "读书会", "徒步队", "志愿讲解队")


@asynccontextmanager
async def sample_county(storage: Storage, clock: TownClock, others: int = NEIGHBOURS) -> AsyncIterator[Town]:
    """The sandbox's county, with its whole story up to the town's beginning. Its people are known by their short names."""
    world = World(lambda: clock.instant, check)
    town = Town(storage, clock, world, world.bot("county_bot", token=TOKEN))
    days = Days(clock.clock, town.settings.council)
    clock.instant = days.first
    await town.opens()
    scheduler = town.parts.scheduler
    ground = Ground(
        town.people,
        clock.clock,
        storage.transact,
        town.settle,
        scheduler.plan_timetable,
        scheduler.tick,
        lambda instant: clock.move(instant - clock.instant),
    )
    await settle_in(ground, town.settings, days, others=others)
    for persona in town.people.by_name.values():
        persona.forget()
    yield town
    assert world.violations == []


async def furnished(town: Town) -> None:
    """Fill the town by the bot's own deeds: eight groups, tasks past and coming, an event, topics for the council."""
    first, *others = [
        await founded(
            town, name, about="每周六下午在青年之家", capacity=3 if name == "舞蹈团" else None, leader=town.lan
        )
        for name in GROUPS
    ]
    for persona in (town.ming, town.hua, town.lan, town.shen):
        await persona.says("/join 舞蹈团")
    await town.ming.says(f"/join {others[0].name}")
    coming = await published(town, first, title="河边清洁", about="带上手套", place="西桥", places=2, points=10)
    await join(town, coming, town.ming, town.hua, town.shen)
    await published(
        town, None, title="新春游园会", place="青年之家", places=None, points=0, kind=Kind.EVENT, starts_in=9 * DAY
    )
    over = await published(town, first, title="敬老院探访", place="敬老院", starts_in=DAY, places=5, points=5)
    await join(town, over, town.ming, town.hua)
    await begun(town, first, "每周二19:30", title="排练", place="青年之家", places=9)
    for words in ("templates.keep:1", "series.follow:1"):
        await town.lan.presses_data(words)
    await fills_in(town.lan, "河边清洁", "!Keep it")
    await town.passes(hours=28)
    await town.dong.says("/council open")
    for label in [label for label in town.dong.screen.labels if label in ("Open", "Open it now", "Yes, open it")]:
        await town.dong.presses(label)
    await town.ming.says("/topic 路灯坏了")
    await town.hua.says("/topic Longer opening hours of the library")
    for persona in town.people.by_name.values():
        persona.forget()
