"""Needs for tests, made by the deeds that the bot itself uses."""

from bot.domain import projects
from bot.domain.activities import Activity
from bot.domain.groups import Group
from bot.domain.projects import Draft, Project
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.publishing import DAY, all_read, published
from tests.town import Town


async def posted(town: Town, by: Persona, title: str = "Mend a window", *, days: int = 20) -> Project:
    """A need that somebody posted; nobody has read anything of it."""
    giver = await town.person(by)

    async def deed(tx: Transaction) -> Project:
        return await projects.post(tx, Draft(title, "", "West bridge 3", tx.now + days * DAY, 2), by=giver)

    project = await town.does(deed)
    await town.settle()
    all_read(town)
    return project


async def open_need(town: Town, by: Persona, title: str = "Mend a window", *, days: int = 20) -> Project:
    """A need that the county has published, which its giver has read."""
    project, dong = await posted(town, by, title, days=days), await town.person(town.dong)
    await town.does(lambda tx: projects.publish(tx, project.id, by=dong))
    await town.passes(minutes=2)
    all_read(town)
    return await now(town, project)


async def claimed(town: Town, by: Persona, group: Group | None, *, giver: Persona, days: int = 20) -> Project:
    """A need that was claimed, of which everybody has read."""
    project, leader = await open_need(town, giver, days=days), await town.person(by)
    rules, home = town.settings.projects, group.id if group else None
    await town.does(lambda tx: projects.claim(tx, project.id, home, by=leader, rules=rules))
    await town.passes(minutes=2)
    all_read(town)
    return await now(town, project)


async def undertaken(town: Town, project: Project, group: Group, by: Persona, *, starts_in: int = DAY) -> Activity:
    """An activity by which a claimed need is undertaken."""
    activity, leader = await published(town, group, starts_in=starts_in), await town.person(by)
    await town.does(lambda tx: projects.undertake(tx, project.id, activity, by=leader))
    await town.passes(minutes=2)
    all_read(town)
    return activity


async def now(town: Town, project: Project) -> Project:
    """The need as it is now."""
    return await town.does(lambda tx: projects.by_id(tx, project.id))


async def broken(town: Town) -> list[str]:
    """The names of the promises that do not hold; none when all is well."""
    return [each.name for each in await town.does(projects.invariants)]
