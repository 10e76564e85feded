"""Claiming: one claimant at a time, for a set time; given back, taken back, or lapsed by itself."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House, Projects
from bot.domain import activities, audit, groups, people
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.stepping import FREE, end_claim, move
from bot.domain.projects.telling import tell_holders
from bot.domain.projects.things import (
    DAY,
    SUMMARY_AGAIN_DAYS,
    SUMMARY_OVERDUE_DAYS,
    WARN_SECONDS,
    Project,
    State,
    Step,
)
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

WATCH = "projects.watch"


# Claiming


async def claim(tx: Transaction, project_id: int, group_id: int | None, *, by: Person, rules: Projects) -> Project:
    """Claim it for a group that he leads, or for himself. Two at once: one has it, the other reads who and until when."""
    if group_id is not None:
        groups.check_open(await groups.led_by(tx, group_id, by))
    record = await asking.record(tx, by.id, group_id)
    waits = rules.confirm_poor_claims and record.is_poor
    until = tx.now + rules.claim_days * DAY
    held: dict[str, Value] = {"holder_id": by.id, "holder_group_id": group_id, "held_until": until, "waits": int(waits)}
    project = await move(tx, project_id, Step.CLAIM, by=by.id, values=held)
    await tx.run(
        "INSERT INTO project_claims (project_id, person_id, group_id, at) VALUES (:project, :by, :group_id, :now)",
        project=project_id,
        by=by.id,
        group_id=group_id,
        now=tx.now,
    )
    await watch_from(tx, project, until - WARN_SECONDS)
    if waits:
        await _ask_county(tx, project)
    return project


async def _ask_county(tx: Transaction, project: Project) -> None:
    screen = card(
        say(
            "<b>{holder}</b> would like to claim “{title}”, and has a poor record.",
            holder=project.holder,
            title=project.title,
        ),
        say("Please look at it, and confirm or decline the claim."),
        rows=((Button(say("Open"), press("projects.open", project.id)),),),
    )
    for admin in await people.with_role(tx, people.Role.ADMIN):
        key = f"claim:{tx.bot}:{project.id}:{project.step}:{admin.id}"
        await people.tell(tx, admin, screen, lane=Lane.REMINDER, key=key)


async def _waiting(tx: Transaction, project_id: int, by: Person) -> Project:
    people.only_admins(by)
    project = await asking.locked(tx, project_id)
    if not project.waits:
        raise Refused(
            say("No claim waits for the county here any more. Nothing was changed."),
            WayOut(say("Open"), press("projects.open", project_id)),
        )
    return project


async def confirm_claim(tx: Transaction, project_id: int, *, by: Person, rules: Projects) -> Project:
    """Let the claim stand in spite of the record; its time begins now. Raises Refused."""
    await _waiting(tx, project_id, by)
    until = tx.now + rules.claim_days * DAY
    await tx.run("UPDATE projects SET waits = 0, held_until = :until WHERE id = :id", until=until, id=project_id)
    await audit.note(tx, "project.confirm", f"project:{project_id}", by=by.id)
    project = await asking.by_id(tx, project_id)
    await watch_from(tx, project, until - WARN_SECONDS)
    words = say("The county has confirmed your claim of “{title}”.", title=project.title)
    await tell_holders(tx, project, card(words, rows=_open(project)), key=f"confirmed:{project.step}")
    return project


async def decline_claim(tx: Transaction, project_id: int, reason: str, *, by: Person) -> Project:
    """Don't let the claim stand; the claimant reads why, and it is no stain on his record. Raises Refused."""
    project = await _waiting(tx, project_id, by)
    words = say("The county has not confirmed your claim of “{title}”: {reason}", title=project.title, reason=reason)
    await tell_holders(tx, project, card(words, rows=_open(project)), key=f"declined:{project.step}")
    return await _free(tx, project_id, Step.DECLINE, "declined", by=by.id, reason=reason)


# Giving back


async def give_back(tx: Transaction, project_id: int, reason: str, *, by: Person) -> Project:
    """Give it back, which is no disgrace: it can be claimed anew. Raises Refused while an activity of it lies ahead.

    An admin may take it back from whoever does nothing.
    """
    project = await asking.locked(tx, project_id)
    mine = await asking.holds(tx, project, by)
    if not project.is_held or not (mine or by.is_admin):
        raise asking.stands(project)
    for activity in await asking.linked(tx, project_id):
        if activity.counts and activity.ends_at > tx.now:
            raise Refused(
                say("“{title}” still lies ahead: call it off first. Nothing was changed.", title=activity.title),
                activities.to_card(activity.id),
            )
    if mine:
        return await _free(tx, project_id, Step.RETURN, "returned", by=by.id, reason=reason)
    words = say("The county has taken “{title}” back: {reason}", title=project.title, reason=reason)
    await tell_holders(tx, project, card(words, rows=_open(project)), key=f"taken:{project.step}")
    return await _free(tx, project_id, Step.TAKE, "taken", by=by.id, reason=reason)


async def _free(tx: Transaction, project_id: int, step: Step, how: str, *, by: int | None, reason: str = "") -> Project:
    project = await move(tx, project_id, step, by=by, reason=reason, values=FREE)
    await end_claim(tx, project_id, how)
    return project


def _open(project: Project) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say("Open"), press("projects.open", project.id)),),)


# Its course in time


async def watch_from(tx: Transaction, project: Project, at: int) -> None:
    """Look at `at` how the claim that is live is getting on."""
    number = await tx.value("SELECT id FROM project_claims WHERE project_id = :id AND ended_at IS NULL", id=project.id)
    await due.plan(tx, WATCH, f"project:{project.id}:{number}", max(at, tx.now + 1))


async def look_again(tx: Transaction, activity_id: int) -> None:
    """An activity was moved or called off: if a project depends on it, look at its course anew."""
    project_id = await tx.value("SELECT project_id FROM project_activities WHERE activity_id = :id", id=activity_id)
    if project_id is not None:
        project = await asking.by_id(tx, project_id)
        if project.is_held:
            await watch_from(tx, project, tx.now)


async def watch(tx: Transaction, item: Due, house: House) -> None:
    """Warn of a claim that is about to lapse, let it lapse, or ask for the summary: whatever is due now."""
    project = await asking.locked(tx, item.number)
    number = int(item.subject.split(":")[2])
    live = await tx.value("SELECT id FROM project_claims WHERE project_id = :id AND ended_at IS NULL", id=project.id)
    if live != number:
        return
    activities = [each for each in await asking.linked(tx, project.id) if each.counts]
    if not activities:
        await _run_out(tx, project, item)
        return
    last = max(each.ends_at for each in activities)
    if last > tx.now:
        await watch_from(tx, project, last)
    else:
        await _ask_for_summary(tx, project, last)


async def _run_out(tx: Transaction, project: Project, item: Due) -> None:
    """Nothing has happened, or all that was planned was called off."""
    until = project.held_until
    assert until is not None, "what is claimed is so until an instant"
    if project.state is State.UNDERWAY and until < tx.now + WARN_SECONDS and item.due_at != until:
        # All was called off late: there is a day left to plan anew.
        until = tx.now + WARN_SECONDS
        await tx.run("UPDATE projects SET held_until = :until WHERE id = :id", until=until, id=project.id)
    if tx.now >= until:
        await _lapse(tx, project)
        return
    if tx.now < until - WARN_SECONDS:
        await watch_from(tx, project, until - WARN_SECONDS)
        return
    if not project.waits:
        await _warn(tx, project, until)
    await watch_from(tx, project, until)


async def _warn(tx: Transaction, project: Project, until: int) -> None:
    words = (
        say("⏳ Your claim of “{title}” lapses {moment}.", title=project.title, moment=Moment(until)),
        say("Plan an activity for it, or give it back: that is no disgrace."),
    )
    await tell_holders(tx, project, card(*words, rows=_open(project)), key=f"lapsing:{until}")


async def _lapse(tx: Transaction, project: Project) -> None:
    step, how = (Step.UNANSWERED, "unanswered") if project.waits else (Step.LAPSE, "lapsed")
    words = [say("Your claim of “{title}” has lapsed, and others can claim it now.", title=project.title)]
    words.append(
        say("The county had not answered in time; it does not count against you.")
        if project.waits
        else say("It counts on your record. You can claim it again if it is still free.")
    )
    await tell_holders(tx, project, card(*words, rows=_open(project)), key=f"lapsed:{project.step}")
    await _free(tx, project.id, step, how, by=None)


async def _ask_for_summary(tx: Transaction, project: Project, last: int) -> None:
    """At once, again some days later, and then the admins hear of it; each once."""
    passed = tx.now - last
    words: tuple[Said, ...] = (
        say("“{title}”: everything you planned for it is over.", title=project.title),
        say("Please sum it up: what was done, for how many people, what is left. That closes it."),
    )
    button = Button(say("Sum it up"), press("projects.sum", project.id), style="primary")
    if passed >= SUMMARY_OVERDUE_DAYS * DAY:
        await _tell_county(tx, project, last)
        return
    stage = int(passed >= SUMMARY_AGAIN_DAYS * DAY)
    screen = card(*words, rows=((button,), *_open(project)))
    await tell_holders(tx, project, screen, key=f"summary:{last}:{stage}")
    await watch_from(tx, project, last + (SUMMARY_OVERDUE_DAYS if stage else SUMMARY_AGAIN_DAYS) * DAY)


async def _tell_county(tx: Transaction, project: Project, last: int) -> None:
    screen = card(
        say(
            "“{title}”: {holder} has not summed it up, though all of it was over {moment}.",
            title=project.title,
            holder=project.holder,
            moment=Moment(last),
        ),
        rows=_open(project),
    )
    for admin in await people.with_role(tx, people.Role.ADMIN):
        key = f"silent:{tx.bot}:{project.id}:{last}:{admin.id}"
        await people.tell(tx, admin, screen, lane=Lane.REMINDER, key=key)
