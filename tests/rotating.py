"""Duty posts for tests, made by the deeds that the bot itself uses."""

from datetime import date

from bot.domain import groups, rotas
from bot.domain.groups import Group
from bot.domain.rotas import Draft, Drawing, Post, Seat
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read
from tests.town import Town

# The Monday after the town's beginning, which is a Saturday.
MONDAY = date(2026, 11, 23)


async def guides(town: Town, *members: Persona) -> Group:
    """A group that Lan leads, with these members."""
    group = await founded(town, "Guides", leader=town.lan)
    for persona in members:
        person = await town.person(persona)
        await town.does(lambda tx, p=person: groups.join(tx, group.id, by=p))  # type: ignore[misc]
    await town.settle()
    all_read(town)
    return group


async def post(
    town: Town,
    group: Group,
    *slots: tuple[int, int, int, int],
    everybody: bool = True,
    name: str = "Museum",
) -> Post:
    """A duty post of a group: its slots are (weekday, hour, hours, people)."""
    lan = await town.person(town.lan)

    async def deed(tx: Transaction) -> Post:
        made = await rotas.make(tx, group.id, name, "Old town hall", everybody=everybody, by=lan)
        for weekday, hour, lasts, people in slots:
            await rotas.add_slot(tx, made.id, weekday, hour * 60, lasts * 60, people, by=lan)
        return made

    return await town.does(deed)


async def drawn(town: Town, made: Post, weeks: int = 1, *, first: date = MONDAY, told: bool = True) -> Drawing:
    """A rota that was published; with `told` the minute is over, and everybody has read it."""
    lan = await town.person(town.lan)

    async def deed(tx: Transaction) -> Drawing:
        inputs, seed = await rotas.draft(tx, await rotas.post_of(tx, made.id), first, weeks)
        kept = Draft(first, weeks, seed, inputs, rotas.compute(inputs, seed))
        preview = await rotas.preview(tx, made.id, kept, by=lan)
        return await rotas.publish(tx, preview.id, by=lan, settings=town.settings)

    drawing = await town.does(deed)
    if told:
        await town.passes(seconds=61)
        all_read(town)
    return drawing


async def seats(town: Town, persona: Persona) -> list[Seat]:
    """The duties that somebody has ahead, soonest first."""
    person = await town.person(persona)
    page = await town.does(lambda tx: rotas.ahead_of(tx, person, 0, each=200))
    return list(page.items)


async def on(town: Town, made: Post, first: date = MONDAY) -> dict[str, list[str]]:
    """Who is on in the week from `first`, by day."""

    async def question(tx: Transaction) -> dict[str, list[str]]:
        shifts = await rotas.week_of(tx, made, first)
        return {each.day: [duty.nickname for duty in await rotas.duties_on(tx, each.id)] for each in shifts}

    return await town.does(question)


async def holds(town: Town) -> bool:
    """Does every promise hold?"""
    assert await town.does(rotas.invariants) == []
    return True


async def taps(persona: Persona, *labels: str) -> None:
    """One button after another."""
    for label in labels:
        await persona.presses(label)


async def minute(town: Town) -> None:
    """So long that nothing can be undone any more, with all that follows on it."""
    await town.passes(seconds=61)
    await town.tick()
    await town.tick()
