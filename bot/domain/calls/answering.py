"""Answering a call: in, or not now; once a person, and changeable."""

from bot.domain.calls.nodes import place
from bot.domain.calls.things import Call, by_id, no_such
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


async def answer(tx: Transaction, call_id: int, said: str, *, by: Person) -> Call:
    """Keep the person's answer, `coming` or `not_now`; the last one counts.

    Raises Refused for whoever was not called, once the call was withdrawn, and when it is long over.
    """
    call = await by_id(tx, call_id)
    if call.is_tidied:
        raise Refused(say("This call is over. Your answer was not saved."))
    called = await tx.value("SELECT 1 FROM outbox WHERE key = :key", key=f"call:{call_id}:{by.id}")
    if called is None or not call.wants_answers:
        raise no_such(call_id)
    if call.state == "withdrawn":
        raise Refused(say("This call was withdrawn. Your answer was not saved."))
    await tx.run(
        "INSERT INTO call_answers (call_id, person_id, answer, at) VALUES (:call, :by, :said, :now) "
        "ON CONFLICT (call_id, person_id) DO UPDATE SET answer = excluded.answer, at = excluded.at",
        call=call.id,
        by=by.id,
        said=said,
        now=tx.now,
    )
    await place(tx, call, said, by)
    return call
