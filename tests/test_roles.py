"""Every command and every button × every role: allowed or refused, and never an error."""

import pytest

from bot.handlers import everything
from bot.routing import ANONYMOUS_ADMIN, Route, Who, allowed
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.county import furnished
from tests.founding import founded
from tests.publishing import together
from tests.town import Town

ARGUMENTS = ("", ":1", ":1:1:1", ":task", ":999999", ":-1")
# Who may is asked before an argument is looked at: whoever may not tries one that is there.
ARGUMENT_THERE = (":1",)
LEADS_NOTHING = "This is for leaders, and you lead no group"
REFUSALS = {
    Who.MEMBER: ("Welcome", "You are not registered yet"),
    Who.LEADER: (LEADS_NOTHING,),
    Who.READER: ("Only county admins and auditors can see this",),
    Who.ADMIN: ("Only county admins can do this",),
}
COMMANDS = [route for route in everything() if route.kind == "command"]
BUTTONS = [route for route in everything() if route.kind == "press"]


async def broken(tx: Transaction) -> list[str]:
    rows = await tx.all("SELECT payload, error FROM inbox WHERE error IS NOT NULL")
    return [f"{row['error']}: {row['payload'][-200:]}" for row in rows]


def refusals(who: Who) -> list[str]:
    """What whoever lacks each of these roles may be told."""
    return [words for role in who | Who.MEMBER for words in REFUSALS.get(role, ())]


async def said_to(town: Town, persona: Persona, route: Route, *arguments: str) -> list[str]:
    """What the person was told at a command or at presses of a button, with each of these arguments in one go."""
    persona.forget()
    async with together(town):
        for argument in arguments:
            if route.kind == "command":
                await persona.says(f"/{route.name} {argument.strip(':')}".strip())
            else:
                await persona.presses_data(route.name + argument)
    told = [*persona.heard, *(toast.text for toast in persona.toasts)]
    # A stranger who is shown the welcome that he sees already hears nothing new.
    return told or [persona.screen.text]


def refused(told: list[str], route: Route) -> bool:
    """Was the person told that the role is missing, and nothing else?"""
    return all(any(words in text for words in refusals(route.who)) for text in told)


CAST = ("Wei", "Ming", "Lan", "Fei", "Shen", "Dong")


# Who may does not depend on the database: on the other one an admin tries all of it.
@pytest.mark.parametrize(
    ("kind", "name"),
    [*(("sqlite", name) for name in CAST), ("postgresql", "Dong")],
    indirect=["kind"],
)
async def test_each_way_in_answers_each_role(town: Town, name: str) -> None:
    """With no argument, with likely ones and with forged ones: answered, refused where the role is missing, never broken."""
    await furnished(town)
    # Leads a group of which no argument here knows.
    await founded(town, "Chess", leader=await town.newcomer("Fei"))
    persona = town[name]
    await town.ming.says("/start")
    if name == "Wei":
        await persona.starts()
    tried, let_in, shut_out = 0, [], []
    for route in (*COMMANDS, *BUTTONS):
        if name == "Wei" and route.who is Who.ANYONE:
            continue
        person = None if name == "Wei" else await town.person(persona)
        is_let_in = allowed(route, person)
        arguments = ARGUMENTS if is_let_in else ARGUMENT_THERE
        told = await said_to(town, persona, route, *arguments)
        tried += len(arguments)
        if not is_let_in and not refused(told, route):
            let_in.append(f"{route.kind} {route.name}: {told}")
        if is_let_in and any(LEADS_NOTHING in text for text in told):
            shut_out.append(f"{route.kind} {route.name}")
    print(f"{name}: {tried} ways tried")
    assert (let_in, shut_out) == ([], [])
    assert await town.does(broken) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("route", COMMANDS, ids=lambda route: str(route.name))
async def test_nobody_acts_without_a_face(town: Town, route: Route) -> None:
    """An anonymous admin and a channel are refused every command that changes something: nobody could answer for it."""
    group = town.telegram_group("舞蹈团", town.lan)
    before = await town.does(everything_kept)
    await town.lan.says_as_group(f"/{route.name}@county_bot 1", group)
    channel = town.people.group("Channel", town.lan, kind="channel")
    await town.lan.says_as_channel(f"/{route.name}@county_bot 1", group, channel)
    assert await town.does(broken) == []
    assert await town.does(everything_kept) == before
    assert ANONYMOUS_ADMIN not in await town.does(known_people)


async def known_people(tx: Transaction) -> list[int]:
    return [row["telegram_id"] for row in await tx.all("SELECT telegram_id FROM people")]


async def everything_kept(tx: Transaction) -> list[tuple[str, int]]:
    """How many rows the tables have that only a deed can change."""
    tables = ("people", "groups", "memberships", "leaders", "audit")
    return [(table, int(await tx.value(f"SELECT COUNT(*) FROM {table}"))) for table in tables]
