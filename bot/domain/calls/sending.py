"""Sending a call: slice by slice into the outbox, with its progress in the sender's screen."""

from bot import due, outbox
from bot.cards import Button, Card, card, press, rendered
from bot.config import House
from bot.domain import audit, groups, people, telling
from bot.domain.calls import counting, nodes
from bot.domain.calls.counting import Counts
from bot.domain.calls.drafting import audience_of, check_may_send
from bot.domain.calls.things import Call, by_id, decided, draft_of, group_name, leaders_letter, letter
from bot.domain.people import Person
from bot.domain.telling import LETTERS
from bot.due import Due
from bot.locales import Moment, Said, say, say_n
from bot.refusal import Refused
from bot.storage import Transaction

PROGRESS_SECONDS = 3
# Who left the group while he slept is taken off just before the quiet hours end.
LOOK_AHEAD_SECONDS = 1


# The sender's screen


def number_lines(call: Call, counts: Counts) -> tuple[Said, ...]:
    """The numbers of a call, one line each."""
    lines = [
        # Until everybody is written down there is no total to compare with.
        say_n("✓ {n} of {total} sent", "✓ {n} of {total} sent", counts.sent, total=counts.total)
        if call.enlisted_at
        else say_n("✓ {n} sent so far", "✓ {n} sent so far", counts.sent),
        say("✗ {blocked} blocked me, {failed} failed", blocked=counts.blocked, failed=counts.failed),
        say_n("– {n} can't be reached", "– {n} can't be reached", counts.unreachable),
    ]
    if counts.waiting:
        lines.append(say_n("… {n} still waits", "… {n} still wait", counts.waiting))
    if counts.quiet_until:
        lines.append(say("All of them are in quiet hours; it goes on {moment}.", moment=Moment(counts.quiet_until)))
    if call.wants_answers:
        lines.append(say("🙋 {coming} are in, {not_now} not now", coming=counts.coming, not_now=counts.not_now))
    return tuple(lines)


def progress_card(call: Call, counts: Counts, *, finished: bool) -> Card:
    """The sender's screen: edited while the call is under way, so its button answers in a new message until then."""
    title = say("<b>Your call is on its way</b>")
    if finished:
        title = (
            say("<b>Your call has been withdrawn</b>") if call.state == "withdrawn" else say("<b>Your call is out</b>")
        )
    button = Button(say("The call"), press("calls.open" if finished else "calls.look", call.id))
    return card(
        title,
        *number_lines(call, counts),
        rows=((button,),),
        home=finished,
        remember=call.name,
    )


# Deeds


async def send(tx: Transaction, call_id: int, *, by: Person) -> Call:
    """Send one's draft. A second press finds no draft any more. Raises Refused, also when one may not any longer."""
    call = await draft_of(tx, call_id, by)
    if call.audience is None:
        raise Refused(say("Choose first who shall get it. Nothing was sent."))
    await check_may_send(tx, call, by)
    row = await tx.one(
        "UPDATE calls SET state = 'sending', sent_at = :now, counted_to = :now "
        "WHERE id = :id AND state = 'draft' RETURNING *",
        now=tx.now,
        id=call.id,
    )
    if row is None:
        raise decided(call)
    sent = Call(**row)
    await telling.begin(tx, "calls.enlist", sent.name)
    await due.plan(tx, "calls.progress", sent.name, tx.now + PROGRESS_SECONDS)
    await audit.note(tx, "call.sent", sent.name, by=by.id, kind=sent.kind, audience=sent.audience)
    return sent


async def enlist(tx: Transaction, item: Due, house: House) -> None:
    """Put the next slice of recipients into the outbox."""
    call = await by_id(tx, item.number)
    if call.state != "sending":
        await _enlisted(tx, call, 0, 0, finished=True)
        return
    group = await group_name(tx, call)
    screens = letter(call, group), leaders_letter(call, group)
    part = await telling.spread(tx, item, call.name, audience_of(call), screens[0], leaders=screens[1])
    await nodes.tally(tx, call, int(item.subject.rpartition(":")[2]), part.last)
    await _enlisted(tx, call, part.told, part.missed, finished=part.finished)


async def _enlisted(tx: Transaction, call: Call, told: int, missed: int, *, finished: bool) -> None:
    await tx.run(
        "UPDATE calls SET enlisted = enlisted + :told, unreachable = unreachable + :missed, "
        "enlisted_at = CAST(:at AS BIGINT) WHERE id = :id",
        told=told,
        missed=missed,
        at=tx.now if finished else None,
        id=call.id,
    )


async def progress(tx: Transaction, item: Due, house: House) -> None:
    """Show the sender how far it is, and look again in some seconds until nobody waits any more."""
    call = await by_id(tx, item.number)
    await _drop_leavers(tx, call)
    finished = call.enlisted_at is not None and not await counting.is_under_way(tx, call)
    if finished:
        await tx.run("UPDATE calls SET state = 'done' WHERE id = :id AND state = 'sending'", id=call.id)
        await counting.recount(tx, call)
    else:
        await counting.count_on(tx, call)
    call = await by_id(tx, call.id)
    counts = await counting.counts(tx, call)
    await _show(tx, call, counts, finished=finished)
    if not finished:
        await due.plan(tx, "calls.progress", item.subject, _next_look(tx, counts))


def _next_look(tx: Transaction, counts: Counts) -> int:
    soon = tx.now + PROGRESS_SECONDS
    return max(soon, counts.quiet_until - LOOK_AHEAD_SECONDS) if counts.quiet_until else soon


async def _drop_leavers(tx: Transaction, call: Call) -> None:
    """Whoever left the group since the call was sent is not written to any more."""
    if call.audience != "group":
        return
    waits = f"letter_id IN {LETTERS} AND state IN ('later', 'new')"
    gone = (
        f"NOT EXISTS ({groups.BENEATH} AND m.person_id = CAST(substr(outbox.key, CAST(:start AS INTEGER)) AS BIGINT))"
    )
    await tx.run(
        f"UPDATE outbox SET state = 'dropped', done_at = :now WHERE {waits} AND {gone}",  # noqa: S608
        now=tx.now,
        name=call.name,
        group_id=call.group_id,
        start=len(call.name) + 2,
    )


async def _show(tx: Transaction, call: Call, counts: Counts, *, finished: bool) -> None:
    """Edit the sender's screen where it has changed; while Telegram is away nothing changes, and nothing piles up."""
    shown = f"{finished}:{counts}"
    if shown == call.shown:
        return
    sender = await people.by_id(tx, call.sender_id)
    screen = progress_card(call, counts, finished=finished)
    params = rendered(screen, people.reader(tx, sender.language), private=True)
    if await outbox.edit_remembered(tx, call.name, params):
        await tx.run("UPDATE calls SET shown = :shown WHERE id = :id", shown=shown, id=call.id)
