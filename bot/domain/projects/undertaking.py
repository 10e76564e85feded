"""Undertaking by activities, the summary that closes a project, and what is said of it afterwards."""

from bot.cards import press
from bot.domain import activities
from bot.domain.activities import Activity
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.claiming import watch_from
from bot.domain.projects.stepping import end_claim, move
from bot.domain.projects.things import Linked, Project, State, Step, Summary
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def undertake(tx: Transaction, project_id: int, activity: Activity, *, by: Person) -> Project:
    """Let the activity be one by which the project is undertaken: while it lies ahead, the claim does not lapse, and
    its points wait for the summary.

    Raises Refused for whoever has not claimed it.
    """
    project = await asking.held_by(tx, project_id, by)
    if project.state is State.CLAIMED:
        project = await move(tx, project_id, Step.UNDERTAKE, by=by.id)
    await tx.run(
        "INSERT INTO project_activities (activity_id, project_id, claim_id) "
        "SELECT :activity, project_id, id FROM project_claims WHERE project_id = :id AND ended_at IS NULL",
        activity=activity.id,
        id=project_id,
    )
    await activities.hold(tx, activity.id)
    await watch_from(tx, project, activity.ends_at)
    return project


async def summed_up_by(tx: Transaction, project_id: int, me: Person) -> Project:
    """The project, if `me` can sum it up now. Raises Refused, which says what has to come first."""
    project = await asking.held_by(tx, project_id, me)
    planned = [each for each in await asking.linked(tx, project_id) if each.counts]
    if project.state is not State.UNDERWAY or not planned:
        raise Refused(
            say("Nothing has taken place for it yet: plan an activity first. Nothing was saved."),
            WayOut(say("Open"), press("projects.open", project_id)),
        )
    _check_over(planned, tx.now)
    return project


def _check_over(planned: list[Linked], now: int) -> None:
    for each in planned:
        if each.ends_at > now:
            raise Refused(
                say(
                    "“{title}” is over only {moment}: sum it up then. Nothing was saved.",
                    title=each.title,
                    moment=Moment(each.ends_at),
                ),
                activities.to_card(each.id),
            )
        if each.waits_for_confirmation(now):
            raise Refused(
                say("Please say first who came to “{title}”. Nothing was saved.", title=each.title),
                WayOut(say("Who came?"), press("activities.roll", each.id)),
            )


async def summarise(tx: Transaction, project_id: int, summary: Summary, *, by: Person) -> Project:
    """Sum it up, which closes it: those who had the need are told and asked how it was. Raises Refused."""
    project = await summed_up_by(tx, project_id, by)
    last = max(each.ends_at for each in await asking.linked(tx, project_id) if each.counts)
    project = await move(tx, project_id, Step.SUMMARISE, by=by.id, values=summary.__dict__)
    await end_claim(tx, project_id, "summarised", late=last > project.by_at)
    return project


async def rate(tx: Transaction, project_id: int, met: int, content: int, again: int, *, by: Person) -> Project:
    """Say once how it was: each answer from 0 (no) to 2 (yes). Raises Refused for others than those who had the need."""
    project = await asking.by_id(tx, project_id)
    if project.state is not State.SUMMARISED or by.id not in await asking.givers(tx, project_id):
        raise Refused(say("Only those who had this need are asked, once it is done. Nothing was saved."))
    said = await tx.run(
        "INSERT INTO project_feedback (project_id, person_id, met, content, again, at) "
        "VALUES (:project, :by, :met, :content, :again, :now) ON CONFLICT DO NOTHING",
        project=project_id,
        by=by.id,
        met=min(met, 2),
        content=min(content, 2),
        again=min(again, 2),
        now=tx.now,
    )
    if not said:
        raise Refused(say("You have said it before, and each person is asked once. Nothing was changed."))
    return project
