"""The registry of the sample county: one association, its four branches with two teams each, and two schools."""

from dataclasses import dataclass

from bot.domain import groups
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.sandbox.county.story import Story
from bot.storage import Transaction

ASSOCIATION = "县青年志愿者协会"
ASSOCIATION_LEADER = "peng"
LEADERLESS = "南山护林志愿服务队"


@dataclass(frozen=True)
class Branch:
    """A branch of the association, who of the cast leads it, and the names of its teams."""

    name: str
    leader: str
    teams: tuple[str, ...]


BRANCHES = (
    Branch("助学分会", "jing", ("城关陪读志愿服务队", "乡村图书志愿服务队")),
    Branch("环保分会", "lin", ("西桥护河志愿服务队", LEADERLESS)),
    Branch("关爱分会", "mei", ("敬老志愿服务队", "残障伙伴志愿服务队")),
    Branch("应急分会", "he", ("防汛志愿服务队", "急救宣讲志愿服务队")),
)
SCHOOLS = (("县一中", "yan"), ("县职业教育中心", "lei"))
TEAMS = sum(len(branch.teams) for branch in BRANCHES)


async def register(story: Story) -> None:
    """The admin registers the association, its branches and the schools; teams and students come from all residents."""

    async def deed(tx: Transaction) -> None:
        top = await _found(tx, story, ASSOCIATION, "association", None, ASSOCIATION_LEADER)
        number = 0
        for branch in BRANCHES:
            node = await _found(tx, story, branch.name, "branch", top, branch.leader)
            for name in branch.teams:
                people = [await story.person(tx, each) for each in story.others[number::TEAMS]]
                await _team(tx, name, node, people, await story.admin(tx))
                number += 1
        for place, (name, leader) in enumerate(SCHOOLS):
            school = await _found(tx, story, name, "school", None, leader)
            for each in story.others[place :: 2 * len(SCHOOLS)]:
                await groups.join(tx, school.id, by=await story.person(tx, each))

    await story.ground.does(deed)


async def _found(tx: Transaction, story: Story, name: str, kind: str, under: Group | None, leader: str) -> Group:
    admin, lead = await story.admin(tx), await story.person(tx, leader)
    group = await groups.found(tx, name, "", None, by=admin, kind=kind, under=under.id if under else None)
    await groups.appoint(tx, group, lead, by=admin)
    await groups.join(tx, group.id, by=lead)
    return group


async def _team(tx: Transaction, name: str, branch: Group, people: list[Person], admin: Person) -> None:
    team = await groups.found(tx, name, "", None, by=admin, kind="team", under=branch.id)
    for person in people:
        await groups.join(tx, team.id, by=person)
    if people and name != LEADERLESS:
        await groups.appoint(tx, team, people[0], by=admin)
