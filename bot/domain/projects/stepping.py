"""One step of a project: one conditional statement, one row of its history, and a word to those who have the need."""

from collections.abc import Mapping

from bot import due
from bot.cards import press
from bot.domain import activities, audit, search
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.things import TOLD_LATER, UNDO_SECONDS, UNDOABLE, WAYS, Project, State, Step
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

TELL = "projects.tell"
PAST = "projects.past"
FREE: Mapping[str, Value] = {
    "holder_id": None,
    "holder_group_id": None,
    "held_until": None,
    "waits": 0,
    "merged_into": None,
}


def told_as(project_id: int, number: int) -> str:
    """What a step's telling is planned for."""
    return f"project:{project_id}:{number}"


async def move(
    tx: Transaction,
    project_id: int,
    step: Step,
    *,
    by: int | None,
    reason: str = "",
    values: Mapping[str, Value] | None = None,
) -> Project:
    """Take the step, if the project stands where it leads from. Raises Refused, which says how it stands."""
    sources, target = WAYS[step]
    among = ", ".join(f"'{state}'" for state in sorted(sources))
    number = await _set(tx, project_id, target, f"state IN ({among})", values or {})
    if number is None:
        raise asking.stands(await asking.by_id(tx, project_id))
    return await _write_down(tx, project_id, number, step, target, by=by, reason=reason)


async def _set(
    tx: Transaction, project_id: int, target: State, condition: str, values: Mapping[str, Value]
) -> int | None:
    """Bring the project there with these values, if this is so of it: the step's number, None where it is not so."""
    sets = "".join(f", {name} = :{name}" for name in values)
    number: int | None = await tx.value(
        f"UPDATE projects SET state = :state, step = step + 1, since = :now{sets} "  # noqa: S608 - names of our own
        f"WHERE id = :id AND {condition} RETURNING step",
        state=target,
        now=tx.now,
        id=project_id,
        **values,
    )
    return number


async def _write_down(
    tx: Transaction, project_id: int, number: int, step: Step, target: State, *, by: int | None, reason: str = ""
) -> Project:
    """The row of the history, and what follows on the step."""
    await tx.run(
        "INSERT INTO project_steps (project_id, number, follows, was, state, deed, by_id, reason, at) "
        "SELECT project_id, number + 1, number, state, :state, :deed, :by, :reason, :now FROM project_steps "
        "WHERE project_id = :id AND number = :before",
        state=target,
        deed=step,
        by=by,
        reason=reason,
        now=tx.now,
        id=project_id,
        before=number - 1,
    )
    await audit.note(tx, f"project.{step}", f"project:{project_id}", by=by)
    if step is not Step.UNDO:
        await due.plan(tx, TELL, told_as(project_id, number), tx.now + (UNDO_SECONDS if step in TOLD_LATER else 0))
    project = await _searchable(tx, project_id)
    if target is State.PUBLISHED:
        await due.plan(tx, PAST, f"project:{project_id}", max(project.by_at, tx.now))
    return project


async def _searchable(tx: Transaction, project_id: int) -> Project:
    """The project, found by its words from now on while it is free, and not while it is not."""
    project = await asking.by_id(tx, project_id)
    texts = (project.title, project.place, project.about) if project.state is State.PUBLISHED else ()
    await search.keep(tx, "need", project_id, *texts)
    return project


async def undo(tx: Transaction, project_id: int, number: int, *, by: Person) -> Project:
    """Take one's own newest step back before anybody was told of it. Raises Refused after a minute."""
    last = await asking.entry(tx, project_id, number)
    fresh = last.at > tx.now - UNDO_SECONDS and last.by_id == by.id and last.step in UNDOABLE
    if not fresh or last.was is None:
        raise _too_late(project_id)
    undone = await _set(tx, project_id, last.was, f"step = {last.number}", FREE)
    if undone is None:
        raise _too_late(project_id)
    project = await _write_down(tx, project_id, undone, Step.UNDO, last.was, by=by.id)
    await due.drop(tx, told_as(project_id, number), TELL)
    if last.step is Step.CLAIM:
        await end_claim(tx, project_id, "undone")
    return project


def _too_late(project_id: int) -> Refused:
    return Refused(
        say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
        WayOut(say("Open"), press("projects.open", project_id)),
    )


async def end_claim(tx: Transaction, project_id: int, how: str, *, late: bool = False) -> None:
    """The claim that is live has come to its end: the points of its activities wait no longer."""
    rows = await tx.all(
        "SELECT pa.activity_id FROM project_activities pa JOIN project_claims c ON c.id = pa.claim_id "
        "WHERE c.project_id = :id AND c.ended_at IS NULL ORDER BY 1",
        id=project_id,
    )
    for row in rows:
        await activities.release(tx, row["activity_id"])
    await tx.run(
        "UPDATE project_claims SET ended_at = :now, how = :how, late = :late "
        "WHERE project_id = :id AND ended_at IS NULL",
        now=tx.now,
        how=how,
        late=int(late),
        id=project_id,
    )
