"""Activities shared with partners: places of their own for the people of a school, a branch, any group (C67)."""

from bot.domain import activities, groups
from bot.domain.activities import Activity, portions
from bot.domain.groups import Group
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, broken, join, names, now, published
from tests.test_tree import registered
from tests.town import Town


async def belongs(town: Town, group: Group, *personas: Persona) -> None:
    """They join the group; nobody was told anything of it."""
    who = [await town.person(persona) for persona in personas]

    async def deed(tx: Transaction) -> None:
        for person in who:
            await groups.join(tx, group.id, by=person)

    await town.does(deed)
    await town.settle()
    all_read(town)


async def apart(town: Town, activity: Activity, partner: Group, places: int) -> Activity:
    """The partner gets so many of the places that are open to all."""

    async def deed(tx: Transaction) -> Activity:
        return await portions.set_apart(tx, await activities.by_id(tx, activity.id), partner, places)

    return await town.does(deed)


async def test_a_school_has_places_of_its_own_which_its_classes_share(town: Town) -> None:
    """Whoever is in a team of the school comes in by its places in one tap; others by those that are open to all."""
    school = await registered(town, "No. 1 School", "school")
    team = await registered(town, "Class 3", "team", school)
    await belongs(town, team, town.ming, town.hua)
    activity = await published(town, await founded(town), places=3)
    await apart(town, activity, school, 1)
    await town.ming.starts(f"activities_open-{activity.id}")
    assert "🤝 No. 1 School: 1 of 1 place free" in town.ming.screen.text
    assert town.ming.screen.labels[:2] == ["Sign up: No. 1 School", "Sign up: open to all"]
    await town.ming.presses("Sign up: No. 1 School")
    assert "You are signed up as No. 1 School." in town.ming.screen.text
    await town.hua.says(f"/signup {activity.id}")
    assert "You are signed up." in town.hua.screen.text
    await town.lan.starts(f"activities_open-{activity.id}")
    assert [label for label in town.lan.screen.labels if "Sign up" in label and "team" not in label] == [
        "Sign up: open to all"
    ]
    assert await broken(town) == []


async def test_who_belongs_to_no_partner_is_told_why_and_what_else_is_free(town: Town) -> None:
    """By a forged press he gets none of the school's places; where all are partners', the refusal names them."""
    school = await registered(town, "No. 1 School", "school")
    activity = await published(town, await founded(town), places=2)
    await apart(town, activity, school, 1)
    role = await town.does(lambda tx: portions.role_for(tx, activity.id, school.id))
    assert role
    await town.lan.presses_data(f"activities.join:{activity.id}:{role.id}")
    assert "it is for members of No. 1 School, and you are none" in town.lan.screen.text
    assert "open to all (1 free)" in town.lan.screen.labels
    await apart(town, activity, school, 1)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Why can't I join?")
    assert "All places of “River bank” are for people of No. 1 School" in town.lan.screen.text
    assert await names(town, activity, "in") == []


async def test_what_a_partner_gives_back_is_everybodys_and_goes_to_the_queue(town: Town) -> None:
    """The first who waits is offered it; when all is given back they are plain places, as if nothing had been."""
    school = await registered(town, "No. 1 School", "school")
    activity = await published(town, await founded(town), places=2)
    before = await now(town, activity)
    await apart(town, activity, school, 1)
    await join(town, activity, town.ming, town.hua)
    assert await names(town, activity, "waiting") == ["Hua"]

    async def deed(tx: Transaction) -> None:
        role = await portions.role_for(tx, activity.id, school.id)
        assert role
        await portions.close(tx, await activities.by_id(tx, activity.id), role)

    await town.does(deed)
    assert await names(town, activity, "offered") == ["Hua"]
    after = await now(town, activity)
    assert (after.places, after.special, after.taken, after.waiting) == (before.places, 0, 2, 0)
    assert await broken(town) == []
