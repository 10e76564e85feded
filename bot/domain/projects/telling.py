"""Who hears what: those who have the need of each step, once; those who have claimed it of what concerns them."""

from collections.abc import Sequence

from bot import outbox
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import groups, people
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.things import Entry, Project, State, Step
from bot.due import Due
from bot.locales import Moment, Said, say, say_n
from bot.outbox import Lane, Sending
from bot.storage import Transaction


async def holders(tx: Transaction, project: Project) -> list[Person]:
    """Those who have claimed it: the leaders of the group, or the person."""
    if project.holder_group_id is not None:
        return await groups.leaders_of(tx, project.holder_group_id)
    return [await people.by_id(tx, project.holder_id)] if project.holder_id is not None else []


async def tell_holders(tx: Transaction, project: Project, screen: Card, *, key: str) -> None:
    """Tell those who have claimed it, each once for a key."""
    for holder in await holders(tx, project):
        name = f"project:{tx.bot}:{project.id}:{key}:{holder.id}"
        await people.tell(tx, holder, screen, lane=Lane.REMINDER, key=name)


async def tell(tx: Transaction, item: Due, house: House) -> None:
    """Tell those who have the need what has become of it: each step once, and nobody of his own deed."""
    project = await asking.by_id(tx, item.number)
    last = await asking.entry(tx, project.id, int(item.subject.split(":")[2]))
    dates = [each.starts_at for each in await asking.linked(tx, project.id) if each.counts]
    for giver_id in await asking.givers(tx, project.id):
        if giver_id != last.by_id or last.step is Step.SUMMARISE:
            giver = await people.by_id(tx, giver_id)
            key = f"project:{tx.bot}:{project.id}:step:{last.number}:{giver_id}"
            await people.tell(tx, giver, _news(project, last, dates), lane=Lane.REMINDER, key=key)


def _news(project: Project, last: Entry, dates: Sequence[int]) -> Card:
    if last.step is Step.SUMMARISE:
        return card(
            say("<b>You said, we did</b>"),
            say("<b>{title}</b>", title=project.title),
            *summary_lines(project),
            rows=(
                (Button(say("Say how it was (3 taps)"), press("projects.rate", project.id), style="primary"),),
                (Button(say("Open"), press("projects.open", project.id)),),
            ),
        )
    return card(
        say("Your need: <b>{title}</b>", title=project.title),
        _what_happened(project, last, dates),
        rows=((Button(say("Open"), press("projects.open", project.id)),),),
    )


def _what_happened(project: Project, last: Entry, dates: Sequence[int]) -> Said:
    match last.step:
        case Step.PUBLISH:
            return say("📢 The county has published it. Groups and leaders can claim it now; I tell you when one does.")
        case Step.REFUSE:
            return say("The county does not publish it: {reason}", reason=last.reason)
        case Step.MERGE:
            return say("Somebody else has the same need; the county joined the two. You hear of it as before.")
        case Step.CLAIM if project.waits:
            return say(
                "🙌 {holder} would like to take care of it; the county looks at it first.", holder=project.holder
            )
        case Step.CLAIM if project.held_until is not None:
            return say("🙌 {holder} takes care of it.", holder=project.holder)
        case Step.UNDERTAKE if dates:
            return say("📅 A date is set for it: {moment}.", moment=Moment(max(dates)))
        case Step.UNDERTAKE:
            return say("📅 The date that was set for it was called off.")
        case Step.WITHDRAW:
            return say("It was withdrawn.")
        case Step.CLAIM:
            return say("🙌 It was claimed, and is free again meanwhile.")
        case _:
            return say("It is free again: others can claim it now. I tell you when somebody does.")


async def show_picture(tx: Transaction, project: Project, to: Person) -> bool:
    """Send the picture of the summary to `to`; False where there is none."""
    if project.picture is None or to.telegram_id is None:
        return False
    caption = people.reader(tx, to.language).plain(say("{title}", title=project.title))
    params = {"photo": project.picture, "caption": caption}
    return await outbox.put(tx, Sending("sendPhoto", params, chat_id=to.telegram_id))


def summary_lines(project: Project) -> tuple[Said, ...]:
    """What came of it, as its card and its last message say it."""
    lines = [
        say("✅ {done}", done=project.done or ""),
        say_n("👥 {n} person was helped", "👥 {n} people were helped", project.helped or 0),
    ]
    if project.remaining:
        lines.append(say("↪️ Left: {remaining}", remaining=project.remaining))
    return tuple(lines)


def until_words(project: Project, now: int) -> Said:
    """Until when it is needed; what is free past that day may be needed no more."""
    if project.state is State.PUBLISHED and project.by_at < now:
        return say(
            "⌛ was needed by {moment}; {name} has not said whether it still is",
            moment=Moment(project.by_at),
            name=project.group_name or project.giver_name or say("the county"),
        )
    return say("🗓 needed by {moment}", moment=Moment(project.by_at))
