"""The sample county's story: who arrives, what is founded, and what happens on each day until now."""

import random
from collections.abc import Callable
from functools import partial

from bot.config import Settings
from bot.domain import chats, groups, merging, people
from bot.sandbox.county import (
    activities,
    bank,
    budgets,
    callouts,
    calls,
    council,
    pairs,
    partners,
    projects,
    registry,
    rotas,
    series,
    services,
    shop,
)
from bot.sandbox.county.cast import ADMIN, AUDITOR, BLOCKER, CAST, RESIDENT, passer_by
from bot.sandbox.county.clubs import CLUBS, Club
from bot.sandbox.county.days import Days
from bot.sandbox.county.ground import Ground
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

NEIGHBOURS = 36
SEED = 45
CLUBS_EACH = (2, 5)
FULL = CLUBS[0]
Progress = Callable[[int, int], None]


def unheard(done: int, of: int) -> None:
    """Nobody wants to know how far it is."""


async def settle_in(
    ground: Ground, settings: Settings, days: Days, *, others: int = NEIGHBOURS, progress: Progress = unheard
) -> None:
    """Let the county come to life from the first of `days` to the last; `others` is how many live there beside the cast.

    `progress` is told how many steps are done, and of how many.
    """
    names = tuple(f"n{number}" for number in range(1, others + 1))
    story = Story(ground, settings, days, names, random.Random(SEED))  # noqa: S311
    ground.move(days.first)
    await ground.plan()
    diary = sorted(_diary(story), key=lambda entry: entry[0])
    for done, (at, deed) in enumerate(diary):
        progress(done, len(diary))
        await ground.until(at)
        await deed()
        await ground.settle()
    await ground.until(days.now)
    await _come_home(story)
    progress(len(diary), len(diary))


def _diary(story: Story) -> list[Entry]:
    first = story.days.first
    beginning = [_arrive, _neighbours_arrive, _found, _join, registry.register, _talk_in_telegram]
    return [
        *((first + step * 60, partial(deed, story)) for step, deed in enumerate(beginning)),
        *activities.diary(story),
        *projects.diary(story),
        *series.diary(story),
        *rotas.diary(story),
        *council.diary(story),
        *calls.diary(story),
        *shop.diary(story),
        *bank.diary(story),
        *budgets.diary(story),
        *callouts.diary(story),
        *services.diary(story),
        *pairs.diary(story),
        *partners.diary(story),
        (story.days.at(-3, 21), partial(_block, story)),
        (story.days.now - 7200, partial(_two_records, story)),
    ]


async def _arrive(story: Story) -> None:
    """The cast presses Start; the first admin has the code from the command line, and names the auditor."""
    ground, here = story.ground, [name for name, part in CAST.items() if part.is_here]
    for name, part in CAST.items():
        about = {"zh": part.about, "en": part.about_en}
        ground.people.person(part.name, known_as=name, about=about, language_code=part.language)
    async with ground.together():
        for name in here:
            await story.persona(name).starts()
    async with ground.together():
        for name in here:
            await story.persona(name).presses("Yes, that is me" if CAST[name].language == "en" else "是我，开始吧")
    admin = story.persona(ADMIN)
    await admin.says(f"/claim {await ground.does(people.make_claim_code)}")
    await admin.says(f"/grant auditor {CAST[AUDITOR].name}")
    await admin.presses("确认授予")
    async with ground.together():
        for part in CAST.values():
            if part.sits:
                await admin.says(f"/council add {part.name}")
    await story.for_each([name for name in here if CAST[name].quiet], partial(_keep_quiet, story))


async def _keep_quiet(story: Story, tx: Transaction, name: str) -> None:
    hours = CAST[name].quiet
    assert hours is not None, "only those who have quiet hours are asked"
    await people.set_quiet_hours(tx, await story.person(tx, name), hours[0] * 60, hours[1] * 60)


async def _neighbours_arrive(story: Story) -> None:
    town = story.ground.people
    for number, name in enumerate(story.others):
        persona = town.person(passer_by(number), known_as=name, about=RESIDENT, language_code="zh-hans")
        persona.user.started.add(town.bot.id)
    await story.for_each(list(story.others), partial(_register, story))


async def _register(story: Story, tx: Transaction, name: str) -> None:
    user = story.persona(name).user
    await chats.note(tx, user.id, "private", "")
    await people.register(tx, user.id, user.first_name, "zh_CN")


async def _found(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin = await story.admin(tx)
        for new in CLUBS:
            group = await groups.found(tx, new.name, new.about, new.capacity, by=admin)
            leader = await story.person(tx, new.leader)
            await groups.appoint(tx, group, leader, by=admin)
            await groups.join(tx, group.id, by=leader)

    await story.ground.does(deed)


async def _join(story: Story) -> None:
    """Some say it themselves; the others come as they like, and more want to dance than there is room for."""
    async with story.ground.together():
        for name, wanted in (("ming", "羽毛球队"), ("hua", "舞蹈团"), ("tom", "英语角"), ("ning", "急救队")):
            await story.persona(name).says(f"/join {wanted}")
    crowd = story.some(FULL.capacity or 0)
    await story.for_each(crowd, partial(_join_these, story, {name: [FULL] for name in crowd}))
    wishes = {name: story.dice.sample(CLUBS, story.dice.randint(*CLUBS_EACH)) for name in story.residents}
    await story.for_each(list(wishes), partial(_join_these, story, wishes))
    await story.persona("ming").says("/join 舞蹈团")


async def _join_these(story: Story, wishes: dict[str, list[Club]], tx: Transaction, name: str) -> None:
    person = await story.person(tx, name)
    for wanted in wishes[name]:
        await groups.join(tx, (await club(tx, wanted.name)).id, by=person)


async def _talk_in_telegram(story: Story) -> None:
    """Some groups have a Telegram group, which their leaders bind."""
    for each in (each for each in CLUBS if each.chat):
        leader = story.persona(each.leader)
        members = [story.persona(name) for name in ("ming", "hua", "fang", *story.others[:5])]
        chat = story.ground.people.group(each.chat, leader, *members)
        await leader.says(f"/bind {each.name}", chat)
        async with story.ground.together():
            await leader.says("大家好，以后排练和活动都发在这里。", chat)
            await members[0].says("收到！", chat)
            for topic in each.topics:
                number = await leader.opens_topic(topic, chat)
                await leader.says(f"“{topic}”在这里说。", chat, topic=number)


async def _block(story: Story) -> None:
    await story.persona(BLOCKER).blocks_bot()


async def _come_home(story: Story) -> None:
    """Whoever opens a chat finds the home screen in it."""
    async with story.ground.together():
        for name in (name for name, part in CAST.items() if part.is_here and name != BLOCKER):
            await story.persona(name).starts()


async def _two_records(story: Story) -> None:
    """Somebody registered twice; a second admin has not agreed yet."""

    async def deed(tx: Transaction) -> None:
        old, into = [await story.person(tx, name) for name in story.others[-2:]]
        await merging.propose(tx, old.id, into.id, by=await story.admin(tx))

    if len(story.others) >= 2:
        await story.ground.does(deed)
