"""Volunteering in the sample county: published, signed up for, confirmed or cancelled, each at its time."""

from functools import partial

from bot.domain import activities
from bot.domain.activities import Attendance, Draft, Minding, Partaker, Wish
from bot.sandbox.county.cast import ADMIN, CAST
from bot.sandbox.county.clubs import CLUBS
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.plans import CANCELLED_FOR, COMING, NOW, PAST, Fate, Plan
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

PUBLISHED_DAYS_BEFORE = 6
CONFIRMED_HOURS_AFTER = 1
FEW = 36
STANDBYS = {"zhou": ("河", "图书馆"), "fang": ("敬老院", "电影"), "jie": ("急救", "徒步")}
FOR_THE_YOUNG = {"图书馆整理", "陪读辅导", "英语之夜"}
WATCHER, WATCHED = "ning", "敬老院探访"
LEADERS = {each.name: each.leader for each in CLUBS}


def diary(story: Story) -> list[Entry]:
    """Everything that becomes of all plans."""
    courses = [entry for plan in (*PAST, NOW, *COMING) for entry in Course(story, plan).entries()]
    return [*courses, (story.days.at(-1, 21), partial(_short_notice, story))]


async def _short_notice(story: Story) -> None:
    """Some can be asked for places at the last moment, and one watches what she would like to help with."""

    async def deed(tx: Transaction) -> None:
        for name, words in STANDBYS.items():
            person = await story.person(tx, name)
            await activities.set_takes(tx, person, True)
            await activities.set_words(tx, person, "interest", words)
        for view in await activities.titled(tx, WATCHED, await story.person(tx, WATCHER), mine=False):
            await activities.watch(tx, view.activity.id, "short", by=await story.person(tx, WATCHER))

    await story.ground.does(deed)


class Course:
    """What becomes of one plan. `number` is its activity's, once it was published."""

    def __init__(self, story: Story, plan: Plan) -> None:
        self._story = story
        self._plan = plan
        self._leader = LEADERS[plan.club] if plan.club else ADMIN
        days = story.days
        self.start = days.at(plan.day, plan.hour, plan.weekday) if plan.hour is not None else days.full_hour - HOUR
        self.number = 0

    def entries(self) -> list[Entry]:
        days, plan = self._story.days, self._plan
        published = days.past(min(self.start - PUBLISHED_DAYS_BEFORE * DAY, days.at(-2, 12)))
        entries: list[Entry] = [(published, self._publish), (published + HOUR, self._sign_up)]
        if plan.fate is Fate.CONFIRMED:
            entries.append((self.start + (plan.hours + CONFIRMED_HOURS_AFTER) * HOUR, self._confirm))
        if plan.fate is Fate.CANCELLED:
            entries.append((days.at(-1, 20), self._cancel))
        return entries

    async def _publish(self) -> None:
        plan, end = self._plan, self.start + self._plan.hours * HOUR

        async def deed(tx: Transaction) -> int:
            group = (await club(tx, plan.club)).id if plan.club else None
            draft = Draft(
                plan.kind,
                group,
                plan.title,
                plan.about,
                plan.place,
                self.start,
                end,
                plan.places,
                plan.points,
                terms=plan.terms,
            )
            leader = await self._story.person(tx, self._leader)
            number = (await activities.publish(tx, draft, by=leader)).id
            if plan.title in FOR_THE_YOUNG:
                await activities.mind(tx, number, Minding.ME, by=leader)
            return number

        self.number = await self._story.ground.does(deed)

    async def _sign_up(self) -> None:
        """The cast says it, in the plan's order; the others tap."""
        async with self._story.ground.together():
            for name in self._plan.people:
                words = "/signup" if CAST[name].language == "en" else "报名"
                await self._story.persona(name).says(f"{words} {self.number}")
        share = len(self._story.others) // FEW if self._plan.places is None else 1
        await self._story.for_each(self._story.some(self._plan.others * max(share, 1)), self._tap)

    async def _tap(self, tx: Transaction, name: str) -> None:
        roles = (await activities.view(tx, self.number, await self._story.person(tx, name))).roles
        await self._story.signs_up(tx, self.number, name, Wish(role_id=roles[0].id if roles else None))

    async def _confirm(self) -> None:
        async def deed(tx: Transaction) -> None:
            leader = await self._story.person(tx, self._leader)
            activity = await activities.mark_rest(tx, self.number, by=leader)
            away = {(await self._story.person(tx, name)).id for name in self._plan.absent}
            first: tuple[Partaker, ...] = (await activities.roll(tx, activity, 0)).items
            for partaker in (each for each in first if each.person_id in away):
                await activities.mark(tx, partaker.id, Attendance.MISSED, by=leader)
            await activities.confirm(tx, self.number, by=leader, rules=self._story.settings.hours)

        await self._story.ground.does(deed)

    async def _cancel(self) -> None:
        async def deed(tx: Transaction) -> None:
            leader = await self._story.person(tx, self._leader)
            await activities.cancel(tx, self.number, CANCELLED_FOR, by=leader)

        await self._story.ground.does(deed)
