"""The youth council of the sample county: one that is over, with outcomes, and one that is under way."""

from functools import partial

from bot.domain import council
from bot.sandbox.county.cast import ADMIN
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.plans import OPEN_MATTERS, TALKED_ABOUT, Matter
from bot.sandbox.county.story import Entry, Story
from bot.storage import Transaction

TOPICS_MAX = 50


def diary(story: Story) -> list[Entry]:
    """The timetable opens and closes; people propose and support, and an admin tells what came of it."""
    days = story.days
    by_hand: list[Entry] = [] if days.is_under_way else [(days.latest, partial(_open, story))]
    return [
        (days.opening + 2 * HOUR, partial(_propose, story, TALKED_ABOUT)),
        (days.opening + DAY, partial(_support, story, TALKED_ABOUT)),
        (min(days.closing + 2 * DAY, days.now - HOUR), partial(_tell_outcomes, story)),
        *by_hand,
        (min(days.latest + 2 * HOUR, days.now), partial(_propose, story, OPEN_MATTERS)),
        (min(days.latest + 5 * HOUR, days.now), partial(_support, story, OPEN_MATTERS)),
    ]


async def _open(story: Story) -> None:
    admin = story.persona(ADMIN)
    await admin.says("/council open")
    await admin.presses("确认开启")


async def _propose(story: Story, matters: tuple[Matter, ...]) -> None:
    async with story.ground.together():
        for matter in matters:
            await story.persona(matter.proposer).says(f"/topic {matter.text}")


async def _support(story: Story, matters: tuple[Matter, ...]) -> None:
    topics = {topic.text: topic for topic in await story.ground.does(_open_topics)}
    for matter in matters:
        number = topics[matter.text].id

        async def deed(tx: Transaction, name: str, number: int = number) -> None:
            await council.support(tx, number, by=await story.person(tx, name))

        await story.for_each(story.some(matter.supporters), deed)


async def _open_topics(tx: Transaction) -> list[council.Topic]:
    return await council.open_topics(tx, limit=TOPICS_MAX)


async def _tell_outcomes(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin = await story.admin(tx)
        outcomes = {matter.text: matter.outcome for matter in TALKED_ABOUT if matter.outcome}
        (session,) = await council.held(tx, limit=1)
        for topic in await council.agenda(tx, session.id, limit=TOPICS_MAX):
            if topic.text in outcomes:
                await council.answer(tx, topic.id, outcomes[topic.text], by=admin)

    await story.ground.does(deed)
