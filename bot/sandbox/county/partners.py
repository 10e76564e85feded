"""Shared activities of the sample county: one that two schools took part in and was confirmed, one that is ahead of them."""

from dataclasses import dataclass

from bot.domain import activities, groups, partners
from bot.domain.activities import Draft, Kind
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.registry import SCHOOLS
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

CLUB, LEADER = "护河队", "lin"
PLACE, HOURS, PLACES = "西桥河滩", 2, 24
QUOTAS = (10, 6)
# So many of each school, and of people beside them, sign up.
FEW = 3


@dataclass(frozen=True)
class Shared:
    """An activity that is shared with both schools; the day is counted from today."""

    title: str
    day: int
    hour: int
    back_hours: int | None = None


PAST = Shared("校地联合巡河", -9, 9)
AHEAD = Shared("校地联合清河", 5, 9, 24)


def diary(story: Story) -> list[Entry]:
    """Each is published and shared some days before, and the past one confirmed when it was over."""
    entries: list[Entry] = []
    for each in (PAST, AHEAD):
        start = story.days.at(each.day, each.hour)
        course = _Course(story, each, start)
        entries.append((story.days.past(min(start - 5 * DAY, story.days.now - 4 * HOUR)), course.share))
        if each is PAST:
            entries.append((start + (HOURS + 1) * HOUR, course.confirm))
    return entries


class _Course:
    """What becomes of one of them. `number` is its activity's, once it was published."""

    def __init__(self, story: Story, shared: Shared, start: int) -> None:
        self._story = story
        self._shared = shared
        self._start = start
        self.number = 0

    async def share(self) -> None:
        await self._story.ground.does(self._share)
        for place, _ in enumerate(SCHOOLS):
            students = self._story.others[place :: 2 * len(SCHOOLS)][:FEW]
            await self._story.for_each(list(students), self._sign_up)
        await self._story.for_each(self._story.some(FEW), self._sign_up)

    async def _share(self, tx: Transaction) -> None:
        lead, shared = await self._story.person(tx, LEADER), self._shared
        end = self._start + HOURS * HOUR
        draft = Draft(
            Kind.TASK,
            (await club(tx, CLUB)).id,
            shared.title,
            "学校和社区一起巡河",
            PLACE,
            self._start,
            end,
            PLACES,
            10,
        )
        self.number = (await activities.publish(tx, draft, by=lead)).id
        for (name, _), places in zip(SCHOOLS, QUOTAS, strict=True):
            school = await groups.called(tx, name)
            assert school is not None, "it was registered at the beginning"
            await partners.share(tx, self.number, school.id, places, by=lead, back_hours=shared.back_hours)

    async def _sign_up(self, tx: Transaction, name: str) -> None:
        await self._story.signs_up(tx, self.number, name)

    async def confirm(self) -> None:
        async def deed(tx: Transaction) -> None:
            lead = await self._story.person(tx, LEADER)
            await activities.mark_rest(tx, self.number, by=lead)
            await activities.confirm(tx, self.number, by=lead, rules=self._story.settings.hours)

        await self._story.ground.does(deed)
