"""A weekly series in the sample county, somebody who is in all of it, and the template that its leader keeps."""

from datetime import timedelta

from bot.dates import Repeat, Unit
from bot.domain import series
from bot.domain.activities import Kind
from bot.domain.series import Model, Rhythm
from bot.sandbox.county.clubs import CLUBS
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

CLUB = "英语角"
THURSDAY = 3
EVENING = Model(Kind.EVENT, "周四英语角", "随便聊，零基础也欢迎", "青年之家一楼", seconds=2 * HOUR, places=20, points=0)
FOLLOWERS = ("tom", "hua")
LEADER = next(each.leader for each in CLUBS if each.name == CLUB)


def diary(story: Story) -> list[Entry]:
    """Begun nine days ago; a day later two people want to be in all of it."""
    course = _Course(story)
    begun = story.days.past(story.days.at(-9, 12))
    return [(begun, course.begin), (begun + DAY, course.follow)]


class _Course:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._number = 0

    async def begin(self) -> None:
        async def deed(tx: Transaction) -> int:
            leader = await self._story.person(tx, LEADER)
            begun, made = await series.begin(
                tx,
                EVENING,
                Rhythm(Repeat(Unit.WEEK, weekdays=(THURSDAY,)), tx.today + timedelta(days=1), 19 * 60),
                group_id=(await club(tx, CLUB)).id,
                by=leader,
                weeks=self._story.settings.activities.series_weeks,
            )
            await series.keep(tx, made[0].id, CLUB, by=leader)
            return begun.id

        self._number = await self._story.ground.does(deed)

    async def follow(self) -> None:
        await self._story.for_each(FOLLOWERS, self._follow)

    async def _follow(self, tx: Transaction, name: str) -> None:
        await series.follow(tx, self._number, by=await self._story.person(tx, name), rules=self._story.settings)
