"""A group that helped is closed: whoever waits for its people hears so, and asks somebody else."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import groups, people
from bot.domain.services import asking, telling
from bot.domain.services.things import LATE_STEPS, Request
from bot.due import Due
from bot.locales import say
from bot.storage import Transaction

CLOSED = "services.closed"


async def waiting_at(tx: Transaction, group_id: int) -> int:
    """How many requests wait for the people of a group, or are being seen to."""
    sql = f"SELECT COUNT(*) FROM service_requests q WHERE q.group_id = :group AND {asking.LIVE}"  # noqa: S608 - a text of our own
    return int(await tx.value(sql, group=group_id))


async def plan_closing(tx: Transaction, group_id: int) -> None:
    """Let those who wait for a group that is closed hear so, once the closing can't be undone any more."""
    await groups.plan_after_closing(tx, CLOSED, group_id)


async def end_of_closed(tx: Transaction, item: Due, house: House) -> None:
    """Nobody is left who could see to what was asked of the group."""
    if not await groups.is_closed_for_good(tx, item.number):
        return
    rows = await tx.all(
        f"UPDATE service_requests AS q SET state = 'withdrawn' WHERE q.group_id = :group AND {asking.LIVE} RETURNING id",  # noqa: S608
        group=item.number,
    )
    for number in sorted(row["id"] for row in rows):
        request = await asking.by_id(tx, number)
        for step in LATE_STEPS:
            await due.drop(tx, f"{request.name}:{step}", telling.LATE)
        await telling.tell_withdrawn(tx, request)
        await _tell(tx, request)


async def _tell(tx: Transaction, request: Request) -> None:
    if request.asker_id is None:
        return
    words = say(
        "{where} was closed: {title} can't be seen to there.", where=request.where, title=telling.title(request)
    )
    elsewhere = Button(say("Ask somebody else"), press("services.kind", request.block))
    await people.tell(tx, await people.by_id(tx, request.asker_id), card(words, rows=((elsewhere,),)))
