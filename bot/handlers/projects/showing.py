"""One need: its card, with the deeds that are open to whoever looks at it."""

from bot.cards import Button, Card, card, press
from bot.domain import points, projects
from bot.domain.hours import Grade
from bot.domain.projects import STATE_NAMES, UNDO_SECONDS, Project, Record, State
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Heard
from bot.storage import Transaction

ACTIVITIES_SHOWN = 3


async def screen(tx: Transaction, heard: Heard, project: Project, *, undo: bool = False) -> Card:
    """The card as whoever asks sees it; `undo`: he has just taken a step that costs nobody anything yet."""
    activities = [each for each in await projects.linked(tx, project.id) if each.counts]
    mine = project.is_held and await projects.holds(tx, project, heard.me)
    rows: list[tuple[Button, ...]] = []
    if undo:
        rows.append((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("projects.undo", project.id, project.step)),))
    rows += _county(project, heard, mine)
    rows += _claimant(project, heard, mine, [each for each in activities if each.ends_at > tx.now])
    rows += await _giver(tx, project, heard)
    rows += [
        (Button(say("📅 {title}", title=each.title), press("activities.open", each.id)),)
        for each in activities[-ACTIVITIES_SHOWN:]
    ]
    if project.picture:
        rows.append((Button(say("🖼 Picture"), press("projects.picture", project.id)),))
    rows.append((Button(say("History"), press("projects.history", project.id)),))
    return card(
        *await _face(tx, project),
        *await _course(tx, project, heard),
        *await _activities(tx, activities),
        rows=tuple(row for row in rows if row),
        back="projects.list:open",
    )


async def _face(tx: Transaction, project: Project) -> list[Said]:
    lines = [
        say("<b>{title}</b>", title=project.title),
        say("Need {number} · {state}", number=project.id, state=STATE_NAMES[project.state]),
        BLANK,
        say("📍 {place}", place=project.place),
        projects.until_words(project, tx.now),
        say_n("👥 {n} person is needed", "👥 {n} people are needed", project.people),
    ]
    if project.giver_name:
        name = project.group_name or project.giver_name
        lines.append(say("📮 {name}, {moment}", name=name, moment=Moment(project.made_at)))
    if project.about:
        lines += [BLANK, say("{about}", about=project.about)]
    return lines


async def _course(tx: Transaction, project: Project, heard: Heard) -> list[Said]:
    """Who has it, and what came of it."""
    lines: list[Said] = [BLANK]
    if project.state is State.CLAIMED and project.held_until is not None:
        lines.append(
            say("🙌 {holder} has claimed it, until {moment}", holder=project.holder, moment=Moment(project.held_until))
        )
        if project.waits:
            lines.append(say("⌛ The county still has to confirm this claim."))
    elif project.holder:
        lines.append(say("🙌 {holder}", holder=project.holder))
    if project.state is State.SUMMARISED:
        lines += projects.summary_lines(project)
    if project.state is State.PUBLISHED and not heard.me.leads:
        lines.append(say("Leaders claim it for their groups. You would like to help? Tell the leader of yours."))
    if project.is_held and heard.me.reads_all and project.holder_id is not None:
        record = await projects.record(tx, project.holder_id, project.holder_group_id)
        lines.append(record_words(record))
    if reason := await projects.reason_of(tx, project):
        lines.append(say("💬 {reason}", reason=reason))
    return lines if len(lines) > 1 else []


async def _activities(tx: Transaction, found: list[projects.Linked]) -> list[Said]:
    """Each with what it brings whoever is on the roll, by the rules in force."""
    ruled = await points.rules(tx)
    return [_activity(each, points.worth(ruled, each.kind, Grade.ROLL, each.points)) for each in found]


def _activity(activity: projects.Linked, worth: int) -> Said:
    when = Moment(activity.starts_at)
    if not worth:
        return say("📅 {title} · {moment}", title=activity.title, moment=when)
    return say("📅 {title} · {moment} · ⭐ {points}", title=activity.title, moment=when, points=worth)


def record_words(record: Record) -> Said:
    """What a claimant made of what was claimed so far."""
    if not record.claimed:
        return say("📒 Record: nothing claimed yet")
    return say(
        "📒 Record: {claimed} claimed · {on_time} on time · {late} late · {returned} given back · {lapsed} lapsed{content}",
        claimed=record.claimed,
        on_time=record.on_time,
        late=record.late,
        returned=record.returned,
        lapsed=record.lapsed,
        content="" if record.content is None else say(" · {n} % content", n=record.content),
    )


def _county(project: Project, heard: Heard, mine: bool) -> list[tuple[Button, ...]]:
    """The buttons of admins; each is checked again when it is pressed."""
    if not heard.me.is_admin:
        return []
    if project.state is State.POSTED:
        return [
            (Button(say("Publish"), press("projects.publish", project.id), style="primary"),),
            (
                Button(say("Merge"), press("projects.merge", project.id)),
                Button(say("Don't publish"), press("projects.refuse", project.id)),
            ),
        ]
    if project.waits:
        return [
            (
                Button(say("Confirm the claim"), press("projects.confirm", project.id), style="primary"),
                Button(say("Decline it"), press("projects.decline", project.id)),
            )
        ]
    if project.is_held and not mine:
        return [(Button(say("Take it back"), press("projects.back", project.id)),)]
    return []


def _claimant(project: Project, heard: Heard, mine: bool, ahead: list[projects.Linked]) -> list[tuple[Button, ...]]:
    """The buttons of those who could claim it, or have."""
    if project.state is State.PUBLISHED and heard.me.leads:
        return [(Button(say("🙌 Claim it"), press("projects.claim", project.id), style="primary"),)]
    if project.state is State.PUBLISHED:
        return [(Button(say("My groups"), "groups.mine"),)]
    if not mine:
        return []
    back = Button(say("Give it back"), press("projects.back", project.id))
    if project.waits:
        return [(back,)]
    plan = Button(say("Plan an activity"), press("activities.undertake", project.id))
    rows: list[tuple[Button, ...]] = [(plan, back)] if not ahead else [(plan,)]
    if project.state is State.UNDERWAY and not ahead:
        rows.insert(0, (Button(say("Sum it up"), press("projects.sum", project.id), style="primary"),))
    return rows


async def _giver(tx: Transaction, project: Project, heard: Heard) -> list[tuple[Button, ...]]:
    """The buttons of those who have the need, and what is left for anybody concerned."""
    rows: list[tuple[Button, ...]] = []
    own = project.giver_id == heard.me.id
    if own and project.state in (State.POSTED, State.PUBLISHED):
        later = Button(say("Another day"), press("projects.later", project.id))
        rows.append((later, Button(say("Withdraw it"), press("projects.withdraw", project.id))))
    if await projects.may_rate(tx, project, heard.me):
        rows.append((Button(say("Say how it was (3 taps)"), press("projects.rate", project.id)),))
    if project.merged_into is not None:
        rows.append((Button(say("The one it was merged with"), press("projects.open", project.merged_into)),))
    if project.state is State.SUMMARISED and project.remaining:
        following = await projects.next_of_left(tx, project.id)
        if following is not None:
            rows.append((Button(say("What became of the rest"), press("projects.open", following)),))
        elif own or heard.me.is_admin or await projects.holds(tx, project, heard.me):
            rows.append((Button(say("Post what is left"), press("projects.rest", project.id)),))
    return rows
