"""A small county to try the bot with: all of it is made by the bot's own deeds, as people press and type, or leaders do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain import activities, groups
from bot.domain import people as persons
from bot.domain.activities import Draft, Kind
from bot.sandbox.people import People
from bot.storage import Deed, Transaction

YES = "是我，开始吧"
ADMIN, AUDITOR = "dong", "shen"
NAMES = {
    "ming": "小明",
    "hua": "小花",
    "lan": "小兰",
    ADMIN: "东哥",
    AUDITOR: "沈姐",
    "wei": "阿伟",
    "yu": "小雨",
    "shan": "大山",
    "yan": "小燕",
    "jie": "阿杰",
    "mei": "小梅",
    "zhou": "老周",
}
Does = Callable[[Deed[Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Club:
    """An interest group: its leader, and those who join it."""

    name: str
    about: str
    leader: str
    members: tuple[str, ...]
    capacity: int | None = None


@dataclass(frozen=True)
class Plan:
    """An activity of next week: a weekday from 0 (Monday), an hour, and those who sign up. `club` empty: the county's."""

    kind: Kind
    club: str
    title: str
    about: str
    place: str
    weekday: int
    hour: int
    hours: int
    places: int | None
    points: int
    people: tuple[str, ...]


CLUBS = (
    Club("舞蹈团", "每周六下午在青年之家排练，零基础也欢迎", "lan", ("lan", "hua", "yan", "mei"), 20),
    Club("书法社", "周三晚上一起练字，笔墨自备", "zhou", ("zhou", "yu"), 15),
    Club("羽毛球队", "周日上午体育馆，有球拍可借", "shan", ("shan", "jie", "wei"), 24),
    Club("合唱团", "春节晚会在排练，缺男声", "mei", ("mei", "hua")),
    Club("读书会", "每月一本书，每周一次聊", "yu", ("yu", "zhou", "yan"), 3),
    Club("徒步队", "周末走山路，沿途捡垃圾", "jie", ("jie", "shan")),
)
PLANS = (
    Plan(Kind.TASK, "徒步队", "河边清洁", "带上手套和水", "西桥头", 5, 9, 2, 6, 10, ("jie", "shan")),
    Plan(Kind.TASK, "", "敬老院探访", "陪老人聊天、读报", "城关敬老院", 2, 14, 2, 2, 15, ("hua", "yan", "mei")),
    Plan(Kind.TASK, "读书会", "图书馆整理", "把还回来的书归位", "县图书馆", 3, 19, 2, 4, 5, ()),
    Plan(Kind.EVENT, "羽毛球队", "周日羽毛球赛", "双打，现场抽签", "体育馆", 6, 9, 3, 16, 0, ("wei",)),
    Plan(Kind.EVENT, "合唱团", "合唱开放排练", "来听，也来唱", "文化馆二楼", 4, 19, 2, None, 0, ()),
)


async def settle_in(people: People, does: Does) -> None:
    """Let the county come to life. `does` runs a deed of the domain, as the command line or a screen would."""
    await _arrive(people, does)
    await does(_found)
    for club in CLUBS:
        for name in club.members:
            await people.by_name[name].says(f"/join {club.name}")
    numbers = await does(_publish)
    for plan, number in zip(PLANS, numbers, strict=True):
        for name in plan.people:
            await people.by_name[name].says(f"/signup {number}")
    for persona in people.by_name.values():
        await persona.says("/start")


async def _arrive(people: People, does: Does) -> None:
    """Everybody presses Start; the first admin has the code from the command line, and names the auditor."""
    for name, first_name in NAMES.items():
        persona = people.person(first_name, language_code="zh-hans")
        people.by_name[name] = people.by_name.pop(first_name)
        await persona.starts()
        await persona.presses(YES)
    admin = people.by_name[ADMIN]
    await admin.says(f"/claim {await does(persons.make_claim_code)}")
    await admin.says(f"/grant auditor {NAMES[AUDITOR]}")
    await admin.presses("确认授予")


async def _person(tx: Transaction, name: str) -> persons.Person:
    (person,) = await persons.named(tx, NAMES[name])
    return person


async def _found(tx: Transaction) -> None:
    admin = await _person(tx, ADMIN)
    for club in CLUBS:
        group = await groups.found(tx, club.name, club.about, club.capacity, by=admin)
        await groups.appoint(tx, group, await _person(tx, club.leader), by=admin)


async def _publish(tx: Transaction) -> list[int]:
    """The numbers of the activities, in the order of PLANS."""
    admin = await _person(tx, ADMIN)
    return [(await activities.publish(tx, await _draft(tx, plan), by=admin)).id for plan in PLANS]


async def _draft(tx: Transaction, plan: Plan) -> Draft:
    monday = tx.local(tx.now) + timedelta(days=7 - tx.today.weekday())
    begins = monday.replace(hour=plan.hour, minute=0, second=0, microsecond=0) + timedelta(days=plan.weekday)
    start = int(begins.timestamp())
    group = await groups.matching(tx, plan.club, "groups.open") if plan.club else None
    return Draft(
        plan.kind, group.id if group else None, plan.title, plan.about, plan.place, start, start + plan.hours * 3600,
        plan.places, plan.points,
    )  # fmt: skip
