"""Needs: posted by anybody, withdrawn by whoever posted them, looked through by the county's admins."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import audit, groups, people
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.stepping import PAST, move
from bot.domain.projects.things import DAY, LEFT_OVER_DAYS, LIVE, Draft, Project, State, Step
from bot.due import Due
from bot.locales import Moment, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

POSTED_PER_PERSON_MAX = 5


async def post(tx: Transaction, draft: Draft, *, by: Person) -> Project:
    """Post a need; the admins are told. Raises Refused for a group that he does not lead, and for too many at once."""
    if draft.group_id is not None:
        await groups.led_by(tx, draft.group_id, by)
    if draft.by_at <= tx.now:
        raise Refused(say("That day has passed in the meantime. Nothing was saved; please give another one."))
    await _check_number(tx, by)
    return await _insert(tx, draft, by=by, giver=by.id, left_of=None)


async def _check_number(tx: Transaction, by: Person) -> None:
    # Two at once, from two processes: the second is counted when the first is there.
    await people.held(tx, by.id)
    number = await tx.value("SELECT COUNT(*) FROM projects WHERE giver_id = :by AND state = 'posted'", by=by.id)
    if number >= POSTED_PER_PERSON_MAX and not by.is_admin:
        raise Refused(
            say(
                "{n} of your needs wait for the county, and no more can. Nothing was saved. Withdraw one, or wait a little.",
                n=number,
            ),
            WayOut(say("My needs"), "projects.list:mine"),
        )


async def _insert(tx: Transaction, draft: Draft, *, by: Person, giver: int | None, left_of: int | None) -> Project:
    project_id = await tx.value(
        "INSERT INTO projects (title, about, place, by_at, people, group_id, giver_id, left_of, since, made_at) "
        "VALUES (:title, :about, :place, :by_at, :people, :group_id, :giver, :left_of, :now, :now) "
        "ON CONFLICT DO NOTHING RETURNING id",
        **draft.__dict__,
        giver=giver,
        left_of=left_of,
        now=tx.now,
    )
    if project_id is None:
        raise Refused(say("What is left of this has been posted as a need before. Nothing was posted twice."))
    await tx.run(
        "INSERT INTO project_steps (project_id, number, state, deed, by_id, at) VALUES (:id, 1, 'posted', :deed, :by, :now)",
        id=project_id,
        deed=Step.POST,
        by=by.id,
        now=tx.now,
    )
    project = await asking.by_id(tx, project_id)
    await _tell_county(tx, project)
    return project


async def _tell_county(tx: Transaction, project: Project) -> None:
    screen = card(
        say("📮 <b>A need was posted</b>: {title}", title=project.title),
        say("📍 {place}", place=project.place),
        say("Please look at it: publish it, merge it with another one, or say why not."),
        rows=((Button(say("Open"), press("projects.open", project.id)),),),
    )
    for admin in await people.with_role(tx, people.Role.ADMIN):
        key = f"need:{tx.bot}:{project.id}:{admin.id}"
        await people.tell(tx, admin, screen, lane=Lane.REMINDER, key=key)


async def post_rest(tx: Transaction, project_id: int, *, by: Person) -> Project:
    """Post what a project left over as a need of its own, once. Raises Refused for others than those concerned."""
    project = await asking.by_id(tx, project_id)
    if project.state is not State.SUMMARISED or not project.remaining:
        raise Refused(say("Nothing was left of this. Nothing was posted."))
    if not await asking.holds(tx, project, by) and project.giver_id != by.id and not by.is_admin:
        raise Refused(say("Only those who had this need or worked on it can do this. Nothing was posted."))
    about = project.remaining
    draft = Draft(project.title, about, project.place, tx.now + LEFT_OVER_DAYS * DAY, project.people, project.group_id)
    return await _insert(tx, draft, by=by, giver=project.giver_id, left_of=project.id)


async def withdraw(tx: Transaction, project_id: int, *, by: Person) -> Project:
    """Take one's own need back while nobody has claimed it. Raises Refused."""
    project = await asking.by_id(tx, project_id)
    if project.giver_id != by.id:
        raise Refused(say("Only whoever posted a need can withdraw it. Nothing was changed."))
    return await move(tx, project_id, Step.WITHDRAW, by=by.id)


async def postpone(tx: Transaction, project_id: int, by_at: int, *, by: Person) -> Project:
    """Say of one's own need by when else it is needed, while nobody has claimed it. Raises Refused."""
    project = await asking.locked(tx, project_id)
    if project.giver_id != by.id:
        raise Refused(say("Only whoever posted a need can give it another day. Nothing was changed."))
    if project.state not in (State.POSTED, State.PUBLISHED):
        raise asking.stands(project)
    if by_at <= tx.now:
        raise Refused(say("That day has passed in the meantime. Nothing was saved; please give another one."))
    await tx.run("UPDATE projects SET by_at = :by_at WHERE id = :id", by_at=by_at, id=project_id)
    await audit.note(tx, "project.postpone", f"project:{project_id}", by=by.id)
    if project.state is State.PUBLISHED:
        await due.plan(tx, PAST, f"project:{project_id}", by_at)
    return await asking.by_id(tx, project_id)


async def ask_giver(tx: Transaction, item: Due, house: House) -> None:
    """The day of a need that nobody has claimed has passed: whoever posted it is asked once whether it still stands."""
    project = await asking.by_id(tx, item.number)
    if project.state is not State.PUBLISHED or project.by_at > tx.now or project.giver_id is None:
        return
    screen = card(
        say("⌛ “{title}” was needed by {moment}. Is it still?", title=project.title, moment=Moment(project.by_at)),
        say("Nobody has claimed it. With another day it stands as before; else please withdraw it."),
        rows=(
            (Button(say("Yes: another day"), press("projects.later", project.id), style="primary"),),
            (Button(say("Withdraw it"), press("projects.withdraw", project.id)),),
        ),
    )
    key = f"past:{tx.bot}:{project.id}:{project.by_at}"
    await people.tell(tx, await people.by_id(tx, project.giver_id), screen, lane=Lane.REMINDER, key=key)


async def reviewed_by(tx: Transaction, project_id: int, me: Person) -> Project:
    """A need that waits for the county, for admins. Raises Refused otherwise."""
    people.only_admins(me)
    project = await asking.by_id(tx, project_id)
    if project.state is not State.POSTED:
        raise Refused(
            say("Somebody has looked at this need before. Nothing was changed."),
            WayOut(say("Open"), press("projects.open", project_id)),
            WayOut(say("New needs"), "projects.list:posted"),
        )
    return project


async def publish(tx: Transaction, project_id: int, *, by: Person) -> Project:
    """Publish a need: from now on it can be claimed. Raises Refused when another admin was quicker."""
    await reviewed_by(tx, project_id, by)
    return await move(tx, project_id, Step.PUBLISH, by=by.id)


async def refuse(tx: Transaction, project_id: int, reason: str, *, by: Person) -> Project:
    """Don't publish a need; whoever posted it reads the reason. Raises Refused."""
    await reviewed_by(tx, project_id, by)
    return await move(tx, project_id, Step.REFUSE, by=by.id, reason=reason)


async def merge(tx: Transaction, project_id: int, into: int, *, by: Person) -> Project:
    """Merge a duplicate into a need that is still going somewhere. Raises Refused."""
    await reviewed_by(tx, project_id, by)
    for number in sorted((project_id, into)):
        await asking.locked(tx, number)
    target = await asking.by_id(tx, into)
    if target.state not in LIVE or into == project_id:
        raise Refused(
            say("“{title}” is not going on any more. Nothing was merged; choose another one.", title=target.title),
            WayOut(say("Choose another one"), press("projects.merge", project_id)),
        )
    return await move(tx, project_id, Step.MERGE, by=by.id, values={"merged_into": into})
