"""Projects under any order of deeds, by two claimants at once, and stopped in between: no state is ever skipped."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from bot.domain import activities, projects
from bot.domain.activities import Draft, Kind
from bot.domain.people import Person
from bot.domain.projects import Project, State, Step, Summary
from bot.domain.projects.things import WAYS, Entry
from bot.refusal import Refused
from bot.storage import Storage, Transaction
from tests.founding import founded
from tests.machines import Crash, Crashing
from tests.needing import broken, now, open_need
from tests.publishing import DAY
from tests.town import Town

WALKS = {"sqlite": 40, "postgresql": 12}
STEPS = 40
FORWARD = ["time", "publish", "claim", "undertake", "sum up"]
Deed = Callable[[Transaction], Awaitable[object]]


class Walk:
    """One project, and everybody who may do something with it, in any order."""

    def __init__(self, town: Town, need: Project, cast: dict[str, Person], homes: tuple[int, int]) -> None:
        self.town = town
        self.need = need
        self.cast = cast
        self.homes = homes

    def deeds(self) -> dict[str, Deed]:
        number, cast = self.need.id, self.cast
        rules = self.town.settings.projects
        first, second = self.homes
        return {
            "publish": lambda tx: projects.publish(tx, number, by=cast["dong"]),
            "refuse": lambda tx: projects.refuse(tx, number, "No", by=cast["dong"]),
            "withdraw": lambda tx: projects.withdraw(tx, number, by=cast["ming"]),
            "claim": lambda tx: projects.claim(tx, number, first, by=cast["lan"], rules=rules),
            "claim too": lambda tx: projects.claim(tx, number, second, by=cast["hua"], rules=rules),
            "confirm": lambda tx: projects.confirm_claim(tx, number, by=cast["dong"], rules=rules),
            "decline": lambda tx: projects.decline_claim(tx, number, "No", by=cast["dong"]),
            "give back": lambda tx: projects.give_back(tx, number, "No time", by=cast["lan"]),
            "take": lambda tx: projects.give_back(tx, number, "Nothing came", by=cast["dong"]),
            "undertake": lambda tx: self._undertake(tx, cast["lan"], first),
            "undertake too": lambda tx: self._undertake(tx, cast["hua"], second),
            "sum up": lambda tx: projects.summarise(tx, number, Summary("Done", 3), by=cast["lan"]),
            "sum up too": lambda tx: projects.summarise(tx, number, Summary("Done", 3), by=cast["hua"]),
            "undo": self._undo,
        }

    async def _undertake(self, tx: Transaction, by: Person, home: int) -> None:
        start = tx.now + DAY
        draft = Draft(Kind.TASK, home, "Window", "", "Bridge", start, start + 3600, 2, 5)
        activity = await activities.publish(tx, draft, by=by)
        await projects.undertake(tx, self.need.id, activity, by=by)

    async def _undo(self, tx: Transaction) -> None:
        project = await projects.by_id(tx, self.need.id)
        for person in self.cast.values():
            try:
                await projects.undo(tx, project.id, project.step, by=person)
            except Refused:
                continue
            return

    async def tries(self, deed: Deed) -> bool:
        try:
            await self.town.does(deed)
        except Refused:
            return False
        return True


async def walk(town: Town) -> Walk:
    """A new need, with two groups that could claim it."""
    cast = {name: await town.person(town[name]) for name in ("ming", "hua", "lan", "dong")}
    homes = [await founded(town, f"{name} {town.clock.instant}", leader=town[name]) for name in ("lan", "hua")]
    giver = cast["ming"]
    draft = projects.Draft("Window", "", "Bridge", int(town.clock.instant) + 60 * DAY, 2)
    need = await town.does(lambda tx: projects.post(tx, draft, by=giver))
    cast = {name: await town.person(town[name]) for name in cast}
    return Walk(town, need, cast, (homes[0].id, homes[1].id))


def allowed(was: State | None, state: State, step: Step) -> bool:
    if was is None:
        return (state, step) == (State.POSTED, Step.POST)
    if step is Step.UNDO:
        return (was, state) in {
            (State.PUBLISHED, State.POSTED),
            (State.REFUSED, State.POSTED),
            (State.CLAIMED, State.PUBLISHED),
        }
    sources, target = WAYS[step]
    return was in sources and state is target


async def skipped(town: Town, need: Project) -> list[Entry]:
    """The rows of its history that no way leads along."""
    found: list[Entry] = []
    for number in range(STEPS):
        page = await town.does(lambda tx: projects.history(tx, need.id, number))  # noqa: B023
        found += [each for each in page.items if not allowed(each.was, each.state, each.step)]
        if not page.more:
            return found
    raise AssertionError("the history does not come to an end")


async def test_no_order_of_deeds_skips_a_state(town: Town, kind: str) -> None:
    """Random deeds and pauses, again and again: one claimant at most, no way but those there are, no end without summary."""
    dice = random.Random(51)
    ends: set[State] = set()
    for _ in range(WALKS[kind]):
        town.clock.move(1)
        course = await walk(town)
        deeds = course.deeds()
        for _ in range(STEPS):
            name = dice.choice([*deeds, *FORWARD * 4])
            if name == "time":
                town.clock.move(dice.choice((10, 70, DAY, 3 * DAY)))
                await town.parts.scheduler.tick()
            else:
                await course.tries(deeds[name])
        assert await skipped(town, course.need) == []
        project = await now(town, course.need)
        assert (project.state is State.SUMMARISED) == (project.done is not None)
        ends.add(project.state)
    await town.settle()
    assert await broken(town) == []
    assert await town.does(activities.invariants) == []
    assert State.SUMMARISED in ends and len(ends) > 2


@pytest.mark.parametrize(
    "skipped", ["posted claimed", "published underway", "claimed summarised", "summarised published"]
)
async def test_the_database_itself_refuses_a_skipped_state(town: Town, skipped: str) -> None:
    """Whatever the code did, a history in which a state is skipped is not written."""
    need = await open_need(town, town.ming)
    was, state = skipped.split()
    sql = (
        "INSERT INTO project_steps (project_id, number, follows, was, state, deed, at) "
        "VALUES (:id, 3, 2, :was, :state, 'claim', 0)"
    )
    with pytest.raises(Exception, match=r"(?i)constraint|violates|foreign"):
        await town.does(lambda tx: tx.run(sql, id=need.id, was=was, state=state))
    for change in ("UPDATE project_steps SET at = 1", "DELETE FROM project_steps"):
        with pytest.raises(Exception, match=r"never|refused|change"):
            await town.does(lambda tx: tx.run(change))  # noqa: B023
    with pytest.raises(Exception, match=r"(?i)constraint|violates"):
        await town.does(lambda tx: tx.run("UPDATE projects SET state = 'summarised' WHERE id = :id", id=need.id))


async def test_of_two_who_claim_at_once_one_has_it(town: Town, storage: Storage) -> None:
    """Ten times two leaders in the same moment: one has it, the other reads who."""
    cast = [await town.person(town[name]) for name in ("lan", "hua")]
    homes = [await founded(town, name, leader=town[name]) for name in ("lan", "hua")]
    cast = [await town.person(town[name]) for name in ("lan", "hua")]
    rules = town.settings.projects
    for _ in range(10):
        need = await open_need(town, town.ming)
        answers = await asyncio.gather(
            *(
                storage.transact(lambda tx, p=p, g=g: projects.claim(tx, need.id, g.id, by=p, rules=rules))  # type: ignore[misc]  # noqa: B023
                for p, g in zip(cast, homes, strict=True)
            ),
            return_exceptions=True,
        )
        won = [each for each in answers if isinstance(each, Project)]
        lost = [each for each in answers if isinstance(each, Refused)]
        assert (len(won), len(lost)) == (1, 1)
        assert lost[0].reason.values["holder"] == won[0].holder
    assert await broken(town) == []


async def test_stopped_anywhere_a_step_is_wholly_done_or_not_at_all(town: Town) -> None:
    """The process ends at the n-th statement of each step, for every n: nothing of it is there, and then it succeeds."""
    course = await walk(town)
    deeds = course.deeds()
    for name in ("publish", "claim", "undertake", "sum up"):
        statements = await _stopped_everywhere(town, course, deeds[name])
        assert statements > 3, name
        if name == "undertake":
            await town.days_pass(2)
    assert (await now(town, course.need)).state is State.SUMMARISED
    assert await broken(town) == []


async def _stopped_everywhere(town: Town, course: Walk, deed: Deed) -> int:
    """How many statements the deed has; it was stopped before each of them, and was done in the end."""
    before = await now(town, course.need)
    for statements in range(200):
        try:
            await town.does(lambda tx: deed(Crashing(tx, statements)))  # noqa: B023
        except Crash:
            assert await now(town, course.need) == before
            continue
        return statements
    raise AssertionError("it does not come to an end")
