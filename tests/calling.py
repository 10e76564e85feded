"""What tests of calls share: groups with members, calls that are written and sent, and many people at once."""

from bot.domain import calls, chats, groups, people
from bot.domain.calls import Call, Counts
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.town import Town


async def dancers(town: Town, *members: Persona) -> Group:
    """The group that Lan leads, with these members; all of it is read."""
    group = await founded(town, "Dance", leader=town.lan)
    for member in members:
        await joins(town, group, await town.person(member))
    await town.settle()
    for persona in town.people.by_name.values():
        persona.forget()
    return group


async def joins(town: Town, group: Group, person: Person) -> None:
    await town.does(lambda tx: groups.join(tx, group.id, by=person))


async def recruits(town: Town, text: str = "Dance with us on Saturday", *, to: str = "Dance: members") -> None:
    """Lan writes a call without a link, up to its preview."""
    await town.lan.says(f"/recruit {text}")
    await town.lan.presses("Skip")
    await town.lan.presses("Choose who gets it")
    await town.lan.presses(to)


async def announces(town: Town, text: str, *, link: str = "") -> None:
    """Dong writes an announcement to the county, up to its preview."""
    await town.dong.says(f"/announce {text}")
    if link:
        await town.dong.says(link)
    else:
        await town.dong.presses("Skip")
    await town.dong.presses("Choose who gets it")
    await town.dong.presses("The whole county")


async def sends(town: Town, persona: Persona) -> None:
    """Press Send, and let it go out to the last."""
    label = next(label for label in persona.screen.labels if label.startswith("Send to"))
    await persona.presses(label)
    await goes_out(town)


async def goes_out(town: Town, seconds: int = 12) -> None:
    """Let seconds pass one by one."""
    for _ in range(seconds):
        await town.passes(seconds=1)


async def call_now(town: Town) -> tuple[Call, Counts]:
    """The call and its numbers as they are now."""

    async def question(tx: Transaction) -> tuple[Call, Counts]:
        call = await calls.by_id(tx, 1)
        return call, await calls.counts(tx, call)

    return await town.does(question)


def got(persona: Persona, words: str) -> int:
    """How many messages with these words stand in somebody's chat."""
    return sum(words in str(message.get("text", "")) for message in persona.chat.messages.values())


async def many(town: Town, number: int) -> list[Persona]:
    """So many people who pressed Start and registered, made at once."""
    personas = [town.people.person(f"P{i}") for i in range(number)]

    async def deed(tx: Transaction) -> None:
        for persona in personas:
            await chats.note(tx, persona.id, "private", "")
            await people.register(tx, persona.id, persona.user.first_name, "en")

    for persona in personas:
        persona.user.started.add(town.bot.id)
    await town.does(deed)
    return personas


async def is_quiet(town: Town, persona: Persona, start: int, end: int) -> Person:
    """Give somebody quiet hours, in hours of the day."""
    person = await town.person(persona)
    await town.does(lambda tx: people.set_quiet_hours(tx, person, start * 60, end * 60))
    return person
