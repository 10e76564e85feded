"""What tests of call-outs share: a brigade with people in it who stand by, and call-outs that go out."""

from collections.abc import Sequence

from bot.domain import callouts
from bot.domain.callouts import Answer, Brigade, Callout
from bot.domain.people import Person
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.publishing import all_read
from tests.town import Town

FIRST_AID = 1
HOUR = 3600


async def brigade_of(
    town: Town, *members: Persona, name: str = "Flood", leader: Persona | None = None, standby: bool = True
) -> Brigade:
    """A brigade with these people, who stand by for a day and know first aid; Dong made it and leads it, or `leader`."""
    dong = await town.person(town.dong)
    found = await town.does(lambda tx: callouts.found(tx, name, "", by=dong))
    for member in (*members, *((leader,) if leader else ())):
        await enters(town, found, await town.person(member), standby=standby)
    if leader:
        lead = await town.person(leader)
        await town.does(lambda tx: callouts.appoint(tx, found.id, lead.id, by=dong))
    await town.settle()
    all_read(town)
    return await town.does(lambda tx: callouts.brigade(tx, found.id))


async def enters(town: Town, brigade: Brigade, person: Person, *, standby: bool) -> None:
    dong = await town.person(town.dong)

    async def deed(tx: Transaction) -> None:
        await callouts.apply(tx, brigade.id, by=person)
        await callouts.decide(tx, brigade.id, person.id, takes=True, by=dong)
        if FIRST_AID not in (await callouts.standing(tx, person.id)).skills:
            await callouts.toggle_skill(tx, FIRST_AID, by=person)
        if standby:
            await callouts.stand_by(tx, tx.now + 24 * HOUR, by=person)

    await town.does(deed)


async def called(
    town: Town,
    brigade: Brigade,
    by: Persona,
    *,
    place: str = "West bridge",
    wanted: int = 2,
    drill: bool = False,
) -> Callout:
    """A call-out that is on its way; whoever is asked has it."""
    caller = await town.person(by)
    rules = town.settings.callouts

    async def deed(tx: Transaction) -> Callout:
        draft = await callouts.draft(tx, brigade.id, place, by=caller)
        for what, value in (("wanted", wanted), ("skill", FIRST_AID), ("drill", int(drill))):
            await callouts.alter(tx, draft.id, what, value, by=caller)
        return await callouts.call_out(tx, draft.id, by=caller, rules=rules)

    callout = await town.does(deed)
    await town.passes(seconds=1)
    return callout


async def now(town: Town, callout: Callout) -> Callout:
    return await town.does(lambda tx: callouts.by_id(tx, callout.id))


async def states(town: Town, callout: Callout) -> dict[str, str]:
    """Where everybody is who was asked, by nickname."""
    every = ("asked", "declined", "coming", "reserve", "there", "back", "released")
    found: Sequence[Answer] = await town.does(lambda tx: callouts.answers(tx, callout.id, *every, limit=1000))
    return {each.nickname: each.state for each in found}


async def holds(town: Town) -> bool:
    assert await town.does(callouts.invariants) == []
    return True
