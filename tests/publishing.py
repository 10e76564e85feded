"""Activities for tests, made by the deeds that the bot itself uses."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.domain import activities, groups, people
from bot.domain.activities import Activity, Draft, Kind, View
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.sandbox.chats import Chat
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.town import Town

DAY = 24 * 3600
PLAIN: dict[str, Any] = {"title": "River bank", "about": "", "place": "West bridge", "places": 2, "points": 10}


async def published(
    town: Town,
    group: Group | None,
    *,
    starts_in: int = 3 * DAY,
    lasts: int = 7200,
    kind: Kind = Kind.TASK,
    **given: Any,
) -> Activity:
    """An activity of the group (None: of the county), published by Dong; nobody was told anything of it."""
    dong = await town.person(town.dong)

    async def deed(tx: Transaction) -> Activity:
        start = tx.now + starts_in
        values = {**PLAIN, "starts_at": start, "ends_at": start + lasts, **given}
        return await activities.publish(tx, Draft(kind, group.id if group else None, **values), by=dong)

    activity = await town.does(deed)
    await town.settle()
    all_read(town)
    return activity


def all_read(town: Town) -> None:
    for persona in town.people.by_name.values():
        persona.forget()


async def now(town: Town, activity: Activity) -> Activity:
    """The activity as it is now."""
    return await town.does(lambda tx: activities.by_id(tx, activity.id))


async def join(town: Town, activity: Activity, *personas: Persona | Person) -> list[View]:
    """Everybody signs up, one after another."""
    return [await _join(town, activity, await _known(town, each)) for each in personas]


async def _known(town: Town, each: Persona | Person) -> Person:
    return each if isinstance(each, Person) else await town.person(each)


async def _join(town: Town, activity: Activity, person: Person) -> View:
    view = await town.does(lambda tx: activities.sign_up(tx, activity.id, by=person, rules=town.settings))
    await town.settle()
    return view


async def names(town: Town, activity: Activity, state: str) -> Sequence[str]:
    """The nicknames of those in this state, in the order of their sign-ups."""

    async def question(tx: Transaction) -> list[str]:
        rows = await tx.all(
            "SELECT pe.nickname FROM participations p JOIN people pe ON pe.id = p.person_id "
            "WHERE p.activity_id = :id AND p.state = :state ORDER BY p.id",
            id=activity.id,
            state=state,
        )
        return [row["nickname"] for row in rows]

    return await town.does(question)


async def broken(town: Town) -> list[str]:
    """The names of the promises that do not hold; none when all is well."""
    return [each.name for each in await town.does(activities.invariants)]


async def register(town: Town, *crowd: Persona) -> None:
    """Take people in without a word."""

    async def deed(tx: Transaction) -> None:
        for each in crowd:
            await people.register(tx, each.id, each.user.first_name, "en")

    await town.does(deed)


async def reminders_of(town: Town) -> int:
    """How many reminders are planned and not done."""
    sql = "SELECT COUNT(*) FROM due WHERE deed = 'activities.remind' AND state = 'new'"
    return int(await town.does(lambda tx: tx.value(sql)))


async def bind(town: Town, group: Group, chat: Chat) -> None:
    """Make the Telegram group the group's own."""
    dong = await town.person(town.dong)
    how: dict[str, Any] = {"kind": "supergroup", "standing": "creator", "language": "en", "by": dong}
    await town.does(lambda tx: groups.bind(tx, group.id, chat.id, chat.title, **how))
    await town.settle()
    all_read(town)


@asynccontextmanager
async def together(town: Town) -> AsyncIterator[None]:
    """Everything that is done inside reaches the bot in one go."""

    async def later() -> None:
        """The bot hears of it at the end."""

    town.people.settle = later
    yield
    town.people.settle = town.settle
    await town.settle()


async def fills_in(persona: Persona, *answers: str) -> None:
    """Answer one question after another: `!label` presses a button, anything else is typed."""
    for answer in answers:
        await (persona.presses(answer[1:]) if answer.startswith("!") else persona.says(answer))
