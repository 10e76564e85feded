"""Sending a call: slice by slice into the outbox, with its progress in the sender's screen."""

from bot import due, outbox
from bot.cards import Button, Card, card, press, rendered
from bot.config import House
from bot.domain import audit, people
from bot.domain.calls import counting
from bot.domain.calls.counting import LETTERS, Counts
from bot.domain.calls.drafting import REACHABLE, audience_of, check_may_send
from bot.domain.calls.things import Call, by_id, decided, draft_of, group_name, letter
from bot.domain.people import Person
from bot.due import Due
from bot.locales import LANGUAGES, Moment, Said, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction, Value

# Small enough that whoever presses a button meanwhile does not notice; many times what may be sent in a second.
SLICE = 500
PROGRESS_SECONDS = 3
# Who left the group while he slept is taken off just before the quiet hours end.
LOOK_AHEAD_SECONDS = 1
ENLIST = """
    INSERT INTO outbox (bot, lane, chat_id, method, params, letter_id, once, key, state, due_at, made_at)
    SELECT CAST(:bot AS BIGINT), CAST(:lane AS BIGINT), p.telegram_id, 'sendMessage', '{}',
        (SELECT letter_id FROM call_letters WHERE call_id = :call AND language = p.language),
        0, CAST(:prefix AS TEXT) || p.id, CAST(:state AS TEXT), CAST(:due_at AS BIGINT), CAST(:now AS BIGINT)
"""


def screen_name(call_id: int) -> str:
    """The name under which the sender's progress screen is remembered."""
    return f"call:{call_id}"


# The sender's screen


def number_lines(call: Call, counts: Counts) -> tuple[Said, ...]:
    """The numbers of a call, one line each."""
    lines = [
        say_n("✓ {n} of {total} sent", "✓ {n} of {total} sent", counts.sent, total=counts.total),
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
        remember=screen_name(call.id),
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
    await _write_letters(tx, sent)
    await due.plan(tx, "calls.enlist", f"call:{sent.id}:0", tx.now)
    await due.plan(tx, "calls.progress", f"call:{sent.id}", tx.now + PROGRESS_SECONDS)
    await audit.note(tx, "call.sent", f"call:{sent.id}", by=by.id, kind=sent.kind, audience=sent.audience)
    return sent


async def _write_letters(tx: Transaction, call: Call) -> None:
    """One letter a language, shared by all who read it."""
    shown = letter(call, await group_name(tx, call))
    for language in LANGUAGES:
        params = rendered(shown, people.reader(tx, language), private=True)
        await tx.run(
            "INSERT INTO call_letters (call_id, language, letter_id) VALUES (:call, :language, :letter)",
            call=call.id,
            language=language,
            letter=await outbox.letter(tx, "sendMessage", params),
        )


async def enlist(tx: Transaction, item: Due, house: House) -> None:
    """Put the next slice of recipients into the outbox, nobody twice, and plan the slice after it."""
    call, after = await by_id(tx, item.number), int(item.subject.rpartition(":")[2])
    last = await _end_of_slice(tx, call, after) if call.state == "sending" else None
    if last is None:
        await tx.run("UPDATE calls SET enlisted_at = :now WHERE id = :id", now=tx.now, id=call.id)
        return
    await _enlist_slice(tx, call, after, last)
    await due.plan(tx, "calls.enlist", f"call:{call.id}:{last}", tx.now)


async def _end_of_slice(tx: Transaction, call: Call, after: int) -> int | None:
    """The number with which the slice ends; None when nobody is left."""
    source = "SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :slice"
    values: dict[str, Value] = {"after": after, "slice": SLICE}
    if call.audience == "group":
        source = (
            "SELECT id FROM memberships WHERE group_id = :group_id AND state = 'in' AND id > :after "
            "ORDER BY id LIMIT :slice"
        )
        values["group_id"] = call.group_id
    last: int | None = await tx.value(f"SELECT MAX(id) FROM ({source}) AS slice", **values)  # noqa: S608
    return last


async def _enlist_slice(tx: Transaction, call: Call, after: int, last: int) -> None:
    chosen, values = audience_of(call)
    values |= {"after": after, "last": last, "bot": tx.bot}
    rows: dict[str, Value] = {
        **values,
        "call": call.id,
        "prefix": f"call:{call.id}:",
        "lane": int(Lane.BROADCAST),
        "now": tx.now,
    }
    reachable = f"{chosen} AND {REACHABLE}"
    # Those in quiet hours first, at the instant at which these end; then all the others, who are not there yet.
    added = 0
    for start, end, until in await _quiet(tx, reachable, values):
        added += await tx.run(
            f"{ENLIST} {reachable} AND p.quiet_from = :quiet_from AND p.quiet_to = :quiet_to ON CONFLICT (key) DO NOTHING",
            **{**rows, "state": "later", "due_at": until, "quiet_from": start, "quiet_to": end},
        )
    added += await tx.run(
        f"{ENLIST} {reachable} ON CONFLICT (key) DO NOTHING", **{**rows, "state": "new", "due_at": tx.now}
    )
    missed = await tx.value(f"SELECT COUNT(*) {chosen} AND NOT {REACHABLE}", **values)
    await tx.run(
        "UPDATE calls SET enlisted = enlisted + :added, unreachable = unreachable + :missed WHERE id = :call",
        added=added,
        missed=missed,
        call=call.id,
    )
    tx.wakes("outbox")


async def _quiet(tx: Transaction, reachable: str, values: dict[str, Value]) -> list[tuple[int, int, int]]:
    """The different quiet hours that are on now among these people, each with the instant at which they end."""
    rows = await tx.all(
        f"SELECT DISTINCT p.quiet_from, p.quiet_to {reachable} AND p.quiet_from IS NOT NULL",
        **values,
    )
    found = [(row["quiet_from"], row["quiet_to"]) for row in rows]
    ends = [(start, end, people.quiet_end(start, end, tx, tx.now)) for start, end in found]
    return [(start, end, until) for start, end, until in ends if until > tx.now]


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
        "NOT EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = :group_id AND m.state = 'in' "
        "AND m.person_id = CAST(substr(outbox.key, CAST(:start AS INTEGER)) AS BIGINT))"
    )
    await tx.run(
        f"UPDATE outbox SET state = 'dropped', done_at = :now WHERE {waits} AND {gone}",  # noqa: S608
        now=tx.now,
        call=call.id,
        group_id=call.group_id,
        start=len(f"call:{call.id}:") + 1,
    )


async def _show(tx: Transaction, call: Call, counts: Counts, *, finished: bool) -> None:
    """Edit the sender's screen where it has changed; while Telegram is away nothing changes, and nothing piles up."""
    shown = f"{finished}:{counts}"
    if shown == call.shown:
        return
    sender = await people.by_id(tx, call.sender_id)
    screen = progress_card(call, counts, finished=finished)
    params = rendered(screen, people.reader(tx, sender.language), private=True)
    if await outbox.edit_remembered(tx, screen_name(call.id), params):
        await tx.run("UPDATE calls SET shown = :shown WHERE id = :id", shown=shown, id=call.id)
