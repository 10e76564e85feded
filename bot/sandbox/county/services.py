"""Help in the sample county: a service point, liaisons, what residents asked for, and what the grid workers have to do."""

from dataclasses import dataclass
from functools import partial

from bot.domain import callouts, services
from bot.domain.callouts import Area
from bot.domain.services import Role
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

POINTS = {"急救队": ("health",), "支教队": ("children", "papers"), "护河队": ("patrol", "home")}
WORKERS = ((0, "lan", Role.LIAISON), (0, "ming", Role.GRID), (1, "jing", Role.LIAISON), (1, "hua", Role.PUBLICITY))
LIVE_IN_FIRST = ("ming", "hua", "lan", "ning")
FOUNDED_DAYS_AGO, ASKED_DAYS_AGO = 13, 6


@dataclass(frozen=True)
class Asked:
    """A request: what for, of a group or (empty) of the first area's liaison; answered and done, or waiting still."""

    by: str
    block: str
    words: str
    group: str = ""
    answer: str = ""
    outcome: str = ""


ASKED = (
    Asked("ming", "health", "想给奶奶量量血压，周末在家", "急救队", "周六上午我们上门", "上门量了血压，讲了用药"),
    Asked("tom", "papers", "居留登记的表格看不懂", answer="明天带上护照，我陪你去窗口"),
    Asked("hua", "counselling", "最近总睡不好，想找人聊聊"),
)
DUTIES = ("登记新搬来的住户", "把垃圾分类的通知贴到每个单元")


def diary(story: Story) -> list[Entry]:
    """Named after the areas are on the list; asked some days ago, and today."""
    now = story.days.now
    return [
        (story.days.past(now - FOUNDED_DAYS_AGO * DAY), partial(_begin, story)),
        (story.days.past(now - ASKED_DAYS_AGO * DAY), partial(_ask, story)),
        (story.days.past(now - ASKED_DAYS_AGO * DAY + 2 * HOUR), partial(_answer, story)),
        (story.days.past(now - DAY), partial(_give, story)),
    ]


async def _areas(tx: Transaction) -> tuple[Area, ...]:
    return (await callouts.areas(tx, 0)).items


async def _begin(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin, areas = await story.admin(tx), await _areas(tx)
        for name in LIVE_IN_FIRST:
            await callouts.live_in(tx, areas[0].id, by=await story.person(tx, name))
        for area, name, role in WORKERS:
            await services.appoint(tx, areas[area].id, (await story.person(tx, name)).id, role, by=admin)
        for name, blocks in POINTS.items():
            for block in blocks:
                await services.toggle_block(tx, (await club(tx, name)).id, block, by=admin)

    await story.ground.does(deed)


async def _ask(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        first = (await _areas(tx))[0]
        for each in ASKED:
            whom = {"group_id": (await club(tx, each.group)).id} if each.group else {"area_id": first.id}
            await services.ask(tx, each.block, each.words, by=await story.person(tx, each.by), **whom)

    await story.ground.does(deed)


async def _answer(story: Story) -> None:
    """The leader of the point, or the area's liaison, answers; the first one is done, too."""

    async def deed(tx: Transaction) -> None:
        for number, each in enumerate(ASKED, 1):
            handler = await story.person(tx, "bo" if each.group else "lan")
            if each.answer:
                await services.take(tx, number, by=handler)
                await services.speak(tx, number, each.answer, by=handler)
            if each.outcome:
                await services.finish(tx, number, each.outcome, 60, by=handler)
                await services.rate(tx, number, 2, by=await story.person(tx, each.by))

    await story.ground.does(deed)


async def _give(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin, areas = await story.admin(tx), await _areas(tx)
        await services.give_duty(tx, areas[0].id, Role.GRID, DUTIES[0], tx.now + 3 * DAY, by=admin)
        await services.give_duty(tx, areas[1].id, Role.PUBLICITY, DUTIES[1], tx.now + 5 * DAY, by=admin)

    await story.ground.does(deed)
