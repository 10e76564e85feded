"""Duty posts in the sample county: a rota that is under way, with somebody who looks for a stand-in and a note left."""

from datetime import date, timedelta
from functools import partial

from bot.cards import press
from bot.domain import groups, people, rotas
from bot.domain.rotas import Draft, Shift
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

CLUB, LEADER = "志愿讲解队", "peng"
NAME, PLACE = "博物馆讲解岗", "县博物馆一楼"
SERVING = ("ming", "hua", "fang", "jie", "mei")
# Weekday, hour, hours, people.
TIMES = ((2, 14, 3, 1), (5, 9, 3, 2), (6, 14, 3, 1))
WEEKS = 4
NOTE = "扩音器电池快没电了，备用的在服务台抽屉里"


def diary(story: Story) -> list[Entry]:
    """Made and drawn two weeks ago; since then duties were served, one is handed on."""
    return [
        (story.days.at(-15, 19), partial(_make, story)),
        (story.days.at(-15, 20), partial(_draw, story)),
        (story.days.at(-1, 21), partial(_settle, story)),
        (story.days.at(-1, 22), partial(_seek, story)),
    ]


async def _make(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        leader, group = await story.person(tx, LEADER), await club(tx, CLUB)
        for name in SERVING:
            person = await story.person(tx, name)
            if not await groups.is_member(tx, group.id, person):
                await groups.join(tx, group.id, by=person)
        post = await rotas.make(tx, group.id, NAME, PLACE, everybody=False, by=leader)
        for weekday, hour, lasts, many in TIMES:
            await rotas.add_slot(tx, post.id, weekday, hour * 60, lasts * 60, many, by=leader)
        for name in SERVING:
            await rotas.serve(tx, post.id, rotas.EVERY_DAY, by=await story.person(tx, name))

    await story.ground.does(deed)


async def _draw(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        leader, first = await story.person(tx, LEADER), _monday(tx)
        post = (await rotas.posts_of_group(tx, (await club(tx, CLUB)).id))[0]
        inputs, _ = await rotas.draft(tx, post, first, WEEKS)
        seed = f"{story.dice.randrange(10**12):012}"
        drawn = Draft(first, WEEKS, seed, inputs, rotas.compute(inputs, seed))
        drawing = await rotas.preview(tx, post.id, drawn, by=leader)
        await rotas.publish(tx, drawing.id, by=leader, settings=story.settings)

    await story.ground.does(deed)


def _monday(tx: Transaction) -> date:
    return rotas.monday_of(tx.today) + timedelta(days=7)


async def _over_and_ahead(tx: Transaction) -> tuple[list[Shift], list[Shift]]:
    """The duties that are over, and those that have not begun."""
    post = (await rotas.posts_of_group(tx, (await club(tx, CLUB)).id))[0]
    near = await rotas.shifts_between(tx, post, tx.today - timedelta(days=28), tx.today + timedelta(days=28))
    return [each for each in near if each.ends_at <= tx.now], [each for each in near if each.starts_at > tx.now]


async def _settle(story: Story) -> None:
    """The leader says who served on the first duty; after the last one a note is left."""
    over, _ = await story.ground.does(_over_and_ahead)
    leader = story.persona(LEADER)
    for shift in over[:1]:
        await leader.presses_data(press("rotas.rest", shift.id))
        await leader.presses_data(press("rotas.settled", shift.id))

    async def deed(tx: Transaction) -> None:
        for shift in over[-1:]:
            for duty in (await rotas.duties_on(tx, shift.id))[:1]:
                await rotas.leave_note(tx, duty.id, NOTE, by=await people.by_id(tx, duty.person_id))

    await story.ground.does(deed)


async def _seek(story: Story) -> None:
    """Whoever serves next but one looks for somebody."""

    async def deed(tx: Transaction) -> None:
        _, ahead = await _over_and_ahead(tx)
        for shift in ahead[1:2]:
            for duty in (await rotas.duties_on(tx, shift.id))[:1]:
                await rotas.seek(tx, duty.id, by=await people.by_id(tx, duty.person_id))

    await story.ground.does(deed)
