"""What people are told of their hours, at once and with a button to say that it is wrong."""

from bot.cards import Button, Card, card, press
from bot.domain import people
from bot.domain.hours.things import Grade, Record, length
from bot.domain.people import Person
from bot.locales import Said, say
from bot.outbox import Lane
from bot.storage import Transaction

GRADES = {
    Grade.OWN: say("A: own check-in and check-out"),
    Grade.ROLL: say("B: a leader's roll-call on the spot"),
    Grade.AFTERWARDS: say("C: written afterwards, with proof and a second approver"),
    Grade.CARRIED: say("D: carried over from elsewhere"),
}
NEEDED = {
    0: say("nobody"),
    1: say("a second person: another leader of the group, or a county admin"),
    2: say("a county admin who did not enter it"),
    3: say("two county admins who did not enter it"),
}


def ways(record: Record) -> tuple[tuple[Button, ...], ...]:
    """The buttons under every word about one's own hours."""
    wrong = (Button(say("My hours are wrong"), press("hours.dispute", record.id), style="danger"),)
    return (
        *((wrong,) if record.is_disputable else ()),
        why(record),
    )


def why(record: Record) -> tuple[Button, ...]:
    """The row that leads to the record, and to one's own hours."""
    return (Button(say("Why?"), press("hours.open", record.id)), Button(say("My hours"), "hours.mine"))


def what(record: Record) -> Said:
    """What was done, when, how long and how it is proved, in a line."""
    return say(
        "“{title}”, {when}: {length} ({grade})",
        title=record.title,
        when=record.when,
        length=length(record.minutes),
        grade=record.grade.value,
    )


def too_short(record: Record, share_percent: int) -> Said:
    """The rule by which it does not count, with its numbers."""
    return say(
        "{length} of the planned {planned}; hours count from {percent} % of it on.",
        length=length(record.minutes),
        planned=length(record.planned_minutes or 0),
        percent=share_percent,
    )


def _short(record: Record, share_percent: int) -> Said:
    return say(
        "⏱ These hours don't count: {reason} If you were there longer, a leader can enter it afterwards with a proof.",
        reason=too_short(record, share_percent),
    )


async def credited(tx: Transaction, record: Record, by: Person, share_percent: int) -> None:
    """Whose hours they are hears of every record in the moment it is made, also of one that does not count yet."""
    person = await people.by_id(tx, record.person_id)
    heads = {
        "standing": say("⏱ Hours were credited to you."),
        "pending": say("⏳ Hours were entered for you. They don't count yet."),
        "short": _short(record, share_percent),
    }
    lines = [heads[record.state], what(record), GRADES[record.grade]]
    if by.id != person.id:
        lines.append(say("Entered by {name}.", name=by.nickname))
    if record.is_pending:
        lines.append(say("Still to agree: {who}.", who=NEEDED[record.needs]))
    if record.is_live and not record.grade.earns_points:
        lines.append(say("Hours of this grade bring no points."))
    if record.is_live:
        lines.append(say("If you were not there, or it is not right, one tap is enough; somebody else looks at it."))
    await tell(tx, person, record, *lines, key=f"hours.credited:{record.id}:{record.state}")


def brief(record: Record, share_percent: int) -> tuple[Said, ...]:
    """What became of it, for a message that tells of more than hours."""
    if record.state == "short":
        return (_short(record, share_percent),)
    given = say("⏱ {length} ({grade})", length=length(record.minutes), grade=GRADES[record.grade])
    if not record.is_pending:
        return (given,)
    return (given, say("They don't count yet. Still to agree: {who}.", who=NEEDED[record.needs]))


async def tell(tx: Transaction, person: Person, record: Record, *lines: Said, key: str) -> None:
    """Tell whose hours they are, once a `key`, with the ways to go on from there."""
    await people.tell(tx, person, card(*lines, rows=ways(record)), key=f"{key}:{tx.bot}")


async def ask(tx: Transaction, approvers: list[Person]) -> None:
    """Those who may agree are told once a day that something waits for them."""
    screen: Card = card(
        say("⏳ Hours wait for your agreement."),
        say("You see who entered them, for whom and with what proof, before you decide."),
        rows=((Button(say("Hours that wait"), "hours.waiting"),),),
    )
    for each in approvers:
        key = f"hours.waiting:{tx.bot}:{each.id}:{tx.today.isoformat()}"
        await people.tell(tx, each, screen, lane=Lane.REMINDER, key=key)
