"""Withdrawing a call: who has not been sent it never gets it, and it is deleted where it has arrived."""

from bot import due
from bot.cards import press
from bot.config import House
from bot.domain import audit, telling
from bot.domain.calls.counting import is_under_way, recount
from bot.domain.calls.sending import PROGRESS_SECONDS
from bot.domain.calls.things import Call, by_id, managed_by
from bot.domain.people import Person
from bot.domain.telling import LETTERS, SLICE
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

# Telegram lets a bot delete its messages for two days.
DELETABLE_SECONDS = 48 * 3600


async def deletable(tx: Transaction, call: Call) -> int:
    """How many of its messages can still be deleted."""
    return int(
        await tx.value(
            f"SELECT COUNT(*) FROM outbox WHERE letter_id IN {LETTERS} AND state = 'sent' AND done_at > :since",  # noqa: S608
            name=call.name,
            since=tx.now - DELETABLE_SECONDS,
        )
    )


async def withdraw(tx: Transaction, call_id: int, *, by: Person) -> Call:
    """Stop a call and delete it wherever that is possible. Raises Refused where it was withdrawn before."""
    call = await managed_by(tx, call_id, by)
    changed = await tx.run(
        "UPDATE calls SET state = 'withdrawn' WHERE id = :id AND state IN ('sending', 'done')", id=call.id
    )
    if not changed:
        raise Refused(
            say("This call was withdrawn before. Nothing was changed now."),
            WayOut(say("The call"), press("calls.open", call.id)),
        )
    await telling.begin(tx, "calls.erase", call.name)
    await audit.note(tx, "call.withdrawn", call.name, by=by.id)
    return await by_id(tx, call.id)


async def erase(tx: Transaction, item: Due, house: House) -> None:
    """Drop what was not sent and order the deletion of the next slice of what was, until nothing is left of either."""
    call, after = await by_id(tx, item.number), int(item.subject.rpartition(":")[2])
    dropped = await telling.take_back(tx, call.name)
    last = await _delete_sent(tx, call, after)
    if last is not None:
        await due.plan(tx, "calls.erase", f"{call.name}:{last}", tx.now)
    elif dropped or await is_under_way(tx, call):
        # What was on its way when the call was withdrawn arrives all the same, and is deleted then.
        await due.plan(tx, "calls.erase", f"{call.name}:0", tx.now + PROGRESS_SECONDS)
    else:
        await recount(tx, call)


async def _delete_sent(tx: Transaction, call: Call, after: int) -> int | None:
    """Order the next deletions; the outbox row they end with, None when there was none."""
    found = (
        f"FROM outbox WHERE letter_id IN {LETTERS} AND state = 'sent' AND message_id IS NOT NULL "
        "AND done_at > :since AND id > :after"
    )
    values: dict[str, Value] = {"name": call.name, "since": tx.now - DELETABLE_SECONDS, "after": after}
    last: int | None = await tx.value(
        f"SELECT MAX(id) FROM (SELECT id {found} ORDER BY id LIMIT :slice) AS slice",  # noqa: S608
        slice=SLICE,
        **values,
    )
    if last is None:
        return None
    ordered = await tx.run(
        "INSERT INTO outbox (bot, lane, chat_id, method, params, once, key, state, due_at, made_at) "
        "SELECT bot, CAST(:lane AS BIGINT), chat_id, 'deleteMessage', '{\"message_id\":' || message_id || '}', "
        "0, 'erase:' || id, 'new', CAST(:now AS BIGINT), CAST(:now AS BIGINT) "
        f"{found} AND id <= :last AND chat_id IS NOT NULL ON CONFLICT (key) DO NOTHING",
        lane=int(Lane.BROADCAST),
        now=tx.now,
        last=last,
        **values,
    )
    await tx.run("UPDATE calls SET erased = erased + :ordered WHERE id = :id", ordered=ordered, id=call.id)
    tx.wakes("outbox")
    return last
