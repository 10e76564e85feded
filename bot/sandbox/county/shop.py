"""The shop in the sample county: two counters, what they have, who gave it, and what was reserved and picked up."""

from dataclasses import dataclass
from functools import partial

from bot.domain import shop
from bot.domain.shop import Draft, Item
from bot.sandbox.county.days import DAY
from bot.sandbox.county.story import Entry, Story
from bot.storage import Transaction

COUNTERS = (
    ("青年之家服务台", "北街5号一楼", "周二到周日 9:00-20:00", "qin"),
    ("西桥书屋", "西桥路12号", "每天 10:00-21:00", "xin"),
)


@dataclass(frozen=True)
class Good:
    """An item: at which counter, for how many points, how many pieces, and who gave them (empty: the county bought them)."""

    name: str
    about: str
    counter: int
    price: int
    pieces: int
    giver: str = ""
    limit: int = 0
    star: int = 0


GOODS = (
    Good("帆布袋", "印着县里的河", 0, 5, 30),
    Good("热咖啡一杯", "凭取货码到店领取", 1, 8, 20, giver="xin", limit=2),
    Good("折叠雨伞", "", 0, 15, 8, giver="zhou", limit=1),
    Good("保温杯", "304 不锈钢，500 毫升", 0, 40, 5, limit=1),
    Good("县青年话剧票", "每场前一天截止", 0, 60, 0),
    Good("徒步背包", "一星志愿者起兑", 0, 120, 2, limit=1, star=1),
)
PRIVILEGES = ((1, "全场图书九折", 0, ""), (1, "自习区免费两小时", 1, ""), (0, "会议室优先预约", 0, "leader"))
EAGER = ("ming", "hua", "fang", "jie", "tom", "shan", "lin", "mei")


def diary(story: Story) -> list[Entry]:
    """Opened twelve days ago; people redeem what they can yesterday, and some pick it up today."""
    now = story.days.now
    return [
        (story.days.past(now - 12 * DAY), partial(_open, story)),
        (story.days.past(now - DAY), partial(_redeem, story)),
        (now - 3600, partial(_hand_out, story)),
    ]


async def _open(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin = await story.admin(tx)
        numbers = []
        for name, place, hours, clerk in COUNTERS:
            counter = await shop.open_partner(tx, name, place, hours, by=admin)
            code = await shop.make_code(tx, counter.id, by=admin)
            await shop.become(tx, code, by=await story.person(tx, clerk))
            numbers.append(counter.id)
        for good in GOODS:
            await _stock(story, tx, good, numbers[good.counter])
        for at, title, star, role in PRIVILEGES:
            await shop.grant_privilege(tx, numbers[at], title, star, role, by=admin)

    await story.ground.does(deed)


async def _stock(story: Story, tx: Transaction, good: Good, counter: int) -> None:
    admin = await story.admin(tx)
    draft = Draft(good.name, counter, good.price, good.about, limit_pieces=good.limit, star=good.star)
    item = await shop.make(tx, draft, by=admin)
    if good.giver:
        giver = await story.person(tx, good.giver)
        await shop.take_in(tx, item.id, good.pieces, by=admin, sponsor=giver.nickname, sponsor_id=giver.id)
    elif good.pieces:
        await shop.take_in(tx, item.id, good.pieces, by=admin)


async def _redeem(story: Story) -> None:
    """Whoever has the points takes the best that they buy."""

    async def deed(tx: Transaction, name: str) -> None:
        person = await story.person(tx, name)
        offered: list[Item] = [*(await shop.items(tx, 0)).items]
        for item in reversed(offered):
            if await shop.lacks(tx, item, person) is None and await shop.most(tx, item, person):
                await shop.redeem(tx, item.id, 1, item.price, "1", by=person)
                return

    await story.for_each(EAGER, deed)


async def _hand_out(story: Story) -> None:
    """Every other one comes for it."""

    async def deed(tx: Transaction, name: str) -> None:
        admin = await story.admin(tx)
        for found in (await shop.redemptions(tx, await story.person(tx, name), 0)).items:
            await shop.hand_out(tx, found.code, found.pieces, by=admin)

    await story.for_each(EAGER[::2], deed)
