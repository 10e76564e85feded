"""Needs in the sample county, one or more in each state: posted, looked at, claimed, undertaken, summed up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.domain import activities, projects
from bot.domain.activities import Kind
from bot.domain.projects import Project, Summary
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

CLAIM_AFTER, PLAN_AFTER = DAY, DAY + 2 * HOUR


@dataclass(frozen=True)
class Need:
    """A need: who posts it, how many days ago, for which group, and within how many days from now it is wanted."""

    title: str
    about: str
    place: str
    giver: str
    posted: float
    wanted: int
    people: int
    group: str = ""
    published: bool = True
    refused: str = ""
    merged_into: int | None = None


@dataclass(frozen=True)
class Taken:
    """A claim: which need (its place in NEEDS), by which group and its leader, and what comes of it after so many days.

    `starts`: the day of its activity, counted from today; `summary` once that is over; `returned`: why it was given back.
    """

    need: int
    club: str
    leader: str
    starts: int | None = None
    people: tuple[str, ...] = ()
    summary: Summary | None = None
    returned: str = ""


NEEDS = (
    Need("给独居老人修窗户", "两扇窗关不严，合页坏了", "西桥新村3号", "ming", 14, 5, 2),
    Need("河堤护栏刷漆", "油漆社区已备好", "东河堤", "fang", 12, 9, 8),
    Need("社区球台要修一修", "台面起皮，网架松了", "城关社区", "hua", 7.6, 12, 3),
    Need("教老人用智能手机", "每次一个小时，慢慢教", "老年大学", "zhou", 5, 20, 6),
    Need("放学路口护送", "下午四点半到五点半", "城关小学门口", "jing", 3, 15, 4, group="支教队"),
    Need("流动图书车缺人手", "搬书、登记、推车", "各村文化站", "ning", 0.4, 25, 5, published=False),
    Need("河堤栏杆掉漆了", "", "东河堤", "ming", 9, 10, 2, published=False, merged_into=1),
    Need("想要一台新电视", "", "北街", "mei", 8, 10, 1, published=False, refused="这里大家出力帮忙，不发东西。"),
    Need("给养老院老人理发", "每月一次", "城关敬老院", "fang", 11, 18, 3),
    Need("给操场画线", "白灰学校有", "南山小学", "hua", 13, 8, 4),
)
CLAIMS = (
    Taken(0, "手工坊", "qin", -9, ("hua", "tom"), Summary("两扇窗换了合页，门缝也堵好了", 1, "隔壁一户的门也要修")),
    Taken(1, "护河队", "lin", 2, ("ming", "jie")),
    Taken(2, "乒乓球队", "he"),
    Taken(8, "茶艺社", "xin", returned="理发的师傅这个月出差了"),
    Taken(9, "足球队", "shan"),
)


def diary(story: Story) -> list[Entry]:
    """What becomes of each need, at its time. A claim with nothing planned lapses by itself, or is about to."""
    return [entry for place in range(len(NEEDS)) for entry in Course(story, place).entries()]


class Course:
    """What becomes of one need. Deeds are done by those who would do them."""

    def __init__(self, story: Story, place: int) -> None:
        self._story = story
        self._need = NEEDS[place]
        self._claim = next((each for each in CLAIMS if each.need == place), None)
        self._number = 0
        self._activity = 0

    def entries(self) -> list[Entry]:
        days, need, claim = self._story.days, self._need, self._claim
        begin = days.past(int(days.now - need.posted * DAY))
        entries: list[Entry] = [(begin, self._post)]
        if need.published or need.refused or need.merged_into is not None:
            entries.append((begin + HOUR, self._review))
        if claim is None:
            return entries
        entries.append((begin + CLAIM_AFTER, self._take))
        if claim.returned:
            entries.append((begin + CLAIM_AFTER + 2 * DAY, self._return))
        if claim.starts is not None:
            entries.append((begin + PLAN_AFTER, self._plan))
        if claim.starts is not None and claim.summary:
            over = days.at(claim.starts, 16)
            entries += [(over + HOUR, self._confirm), (over + 2 * HOUR, self._sum_up), (over + DAY, self._rate)]
        return entries

    async def _does(self, deed: Callable[[Transaction], Awaitable[object]]) -> None:
        await self._story.ground.does(deed)

    async def _post(self) -> None:
        async def deed(tx: Transaction) -> Project:
            need, story = self._need, self._story
            home = (await club(tx, need.group)).id if need.group else None
            wanted = story.days.at(need.wanted, 18)
            draft = projects.Draft(need.title, need.about, need.place, wanted, need.people, home)
            return await projects.post(tx, draft, by=await story.person(tx, need.giver))

        self._number = (await self._story.ground.does(deed)).id

    async def _review(self) -> None:
        async def deed(tx: Transaction) -> None:
            need, admin = self._need, await self._story.admin(tx)
            if need.refused:
                await projects.refuse(tx, self._number, need.refused, by=admin)
            elif need.merged_into is not None:
                title, busy = NEEDS[need.merged_into].title, await projects.listed(tx, "busy", admin, 0)
                same = next(each for each in busy.items if each.title == title)
                await projects.merge(tx, self._number, same.id, by=admin)
            else:
                await projects.publish(tx, self._number, by=admin)

        await self._does(deed)

    async def _take(self) -> None:
        claim = self._taken

        async def deed(tx: Transaction) -> None:
            leader, group = await self._story.person(tx, claim.leader), await club(tx, claim.club)
            rules = self._story.settings.projects
            await projects.claim(tx, self._number, group.id, by=leader, rules=rules)

        await self._does(deed)

    @property
    def _taken(self) -> Taken:
        assert self._claim is not None, "only what was claimed gets here"
        return self._claim

    async def _return(self) -> None:
        await self._does(partial(self._as_leader, projects.give_back, self._taken.returned))

    async def _as_leader(self, deed: Callable[..., Awaitable[object]], given: object, tx: Transaction) -> None:
        await deed(tx, self._number, given, by=await self._story.person(tx, self._taken.leader))

    async def _plan(self) -> None:
        claim, need = self._taken, self._need

        async def deed(tx: Transaction) -> int:
            leader, group = await self._story.person(tx, claim.leader), await club(tx, claim.club)
            start = self._story.days.at(claim.starts or 0, 14)
            draft = activities.Draft(
                Kind.TASK, group.id, need.title, need.about, need.place, start, start + 2 * HOUR, need.people, 10
            )
            activity = await activities.publish(tx, draft, by=leader)
            await projects.undertake(tx, self._number, activity, by=leader)
            for name in claim.people:
                await self._story.signs_up(tx, activity.id, name)
            return activity.id

        self._activity = await self._story.ground.does(deed)

    async def _confirm(self) -> None:
        async def deed(tx: Transaction) -> None:
            leader = await self._story.person(tx, self._taken.leader)
            await activities.mark_rest(tx, self._activity, by=leader)
            await activities.confirm(tx, self._activity, by=leader, rules=self._story.settings.hours)

        await self._does(deed)

    async def _sum_up(self) -> None:
        await self._does(partial(self._as_leader, projects.summarise, self._taken.summary))

    async def _rate(self) -> None:
        async def deed(tx: Transaction) -> None:
            await projects.rate(tx, self._number, 2, 2, 2, by=await self._story.person(tx, self._need.giver))

        await self._does(deed)
