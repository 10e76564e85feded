"""Mine for yours: an offer that the other accepts or declines."""

from dataclasses import dataclass

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.config import House
from bot.domain import people
from bot.domain.people import Person
from bot.domain.rotas import asking, offering, posting, relieving
from bot.domain.rotas.things import UNDO_SECONDS, Duty, Seat, Shift
from bot.due import Due
from bot.locales import Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

SWAPPED = "rotas.swapped"
OFFERS_MAX = 5
EACH = 5


@dataclass(frozen=True)
class Swap:
    """An offer: one duty for another."""

    id: int
    mine_id: int
    theirs_id: int
    state: str
    made_at: int
    settled_at: int | None


# Questions


async def swap_of(tx: Transaction, swap_id: int) -> Swap:
    """The offer. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM rota_swaps WHERE id = :id", id=swap_id)
    if row is None:
        raise asking.gone()
    return Swap(**row)


async def offers_of(tx: Transaction, duty_id: int) -> list[Swap]:
    """The open offers in which this duty is asked for or offered, the oldest first: as many as one may make."""
    rows = await tx.all(
        "SELECT * FROM rota_swaps WHERE state = 'open' AND (mine_id = :id OR theirs_id = :id) ORDER BY id LIMIT :limit",
        id=duty_id,
        limit=OFFERS_MAX,
    )
    return [Swap(**row) for row in rows]


async def choices(tx: Transaction, mine: Seat, number: int) -> Page:
    """A page of the duties of others at the same post that one could have instead, soonest first."""
    rows = await tx.all(
        "SELECT d.id FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE h.post_id = :post AND d.state = 'on' "
        "AND d.person_id <> :me AND h.starts_at > :now AND h.id <> :shift AND NOT EXISTS (SELECT 1 FROM rota_duties o "
        "WHERE o.shift_id = h.id AND o.person_id = :me AND o.state = 'on') AND NOT EXISTS (SELECT 1 FROM rota_duties o "
        "WHERE o.shift_id = :shift AND o.person_id = d.person_id AND o.state = 'on') "
        "ORDER BY h.starts_at, d.id LIMIT :limit OFFSET :offset",
        post=mine.post.id,
        me=mine.duty.person_id,
        now=tx.now,
        shift=mine.shift.id,
        **window(number, EACH),
    )
    found = [await asking.seat(tx, row["id"]) for row in rows]
    return page_of(found, number, each=EACH)


async def _check(tx: Transaction, mine: Seat, theirs: Seat) -> None:
    """Raises Refused unless both duties are ahead and each could serve in the other's place."""
    if not (mine.duty.is_on and theirs.duty.is_on) or mine.post.id != theirs.post.id:
        raise asking.gone()
    for seat in (mine, theirs):
        if seat.shift.starts_at <= tx.now:
            raise relieving.begun(seat.shift)
    await _check_free(tx, mine.duty, theirs.shift)
    await _check_free(tx, theirs.duty, mine.shift)


async def _check_free(tx: Transaction, duty: Duty, shift: Shift) -> None:
    """Raises Refused where whoever has `duty` has something else at the time of `shift`."""
    if await asking.clash(tx, shift, duty.person_id, but=[duty.id]):
        raise Refused(
            say(
                "{person} has something else at that time: {when}. Nothing was changed.",
                person=duty.nickname,
                when=Span(shift.starts_at, shift.ends_at),
            ),
            WayOut(say("My duties"), "rotas.mine"),
        )


# Deeds


async def offer(tx: Transaction, mine_id: int, theirs_id: int, *, by: Person) -> Swap:
    """Offer a duty of one's own for another's; the other is asked. Raises Refused where one of the two can't."""
    mine, theirs = await asking.my_seat(tx, mine_id, by), await asking.seat(tx, theirs_id)
    if theirs.duty.person_id == by.id:
        raise asking.gone()
    await _check(tx, mine, theirs)
    if len(await offers_of(tx, mine_id)) >= OFFERS_MAX:
        raise Refused(
            say(
                "There are {n} offers open for this duty. Nothing was changed; wait for an answer, or withdraw one.",
                n=OFFERS_MAX,
            ),
            WayOut(say("Open"), press("rotas.duty", mine_id)),
        )
    swap_id = await tx.value(
        "INSERT INTO rota_swaps (mine_id, theirs_id, state, made_at) VALUES (:mine, :theirs, 'open', :now) "
        "ON CONFLICT (mine_id, theirs_id) WHERE state = 'open' DO NOTHING RETURNING id",
        mine=mine_id,
        theirs=theirs_id,
        now=tx.now,
    )
    if swap_id is None:
        raise Refused(
            say("You have offered this already. Nothing was changed; wait for the answer."),
            WayOut(say("Open"), press("rotas.duty", mine_id)),
        )
    await _ask(tx, swap_id, mine, theirs)
    return await swap_of(tx, swap_id)


async def _ask(tx: Transaction, swap_id: int, mine: Seat, theirs: Seat) -> None:
    screen = card(
        say(
            "<b>{person}</b> would like to swap duties at {post} with you.",
            person=mine.duty.nickname,
            post=mine.post.name,
        ),
        say("You would serve: {when}", when=Span(mine.shift.starts_at, mine.shift.ends_at)),
        say("Instead of: {when}", when=Span(theirs.shift.starts_at, theirs.shift.ends_at)),
        rows=(
            (
                Button(say("Swap"), press("rotas.swap.yes", swap_id), style="primary"),
                Button(say("No, thanks"), press("rotas.swap.no", swap_id)),
            ),
        ),
    )
    asked = await people.by_id(tx, theirs.duty.person_id)
    await people.tell(tx, asked, screen, lane=Lane.REMINDER, key=f"rota-swap:{tx.bot}:{swap_id}")


async def withdraw(tx: Transaction, swap_id: int, *, by: Person) -> Swap:
    """Take an offer back, or decline one; whoever offered is told of a no."""
    swap = await swap_of(tx, swap_id)
    mine, theirs = await asking.seat(tx, swap.mine_id), await asking.seat(tx, swap.theirs_id)
    if by.id not in (mine.duty.person_id, theirs.duty.person_id):
        raise asking.gone()
    own = by.id == mine.duty.person_id
    if not await _settle(tx, swap, "withdrawn" if own else "declined"):
        raise asking.gone()
    if not own:
        no = card(
            say(
                "{person} would rather not swap: {when} stays yours.",
                person=by.nickname,
                when=Span(mine.shift.starts_at, mine.shift.ends_at),
            ),
            rows=((Button(say("Open"), press("rotas.duty", mine.duty.id)),),),
        )
        await people.tell(tx, await people.by_id(tx, mine.duty.person_id), no, lane=Lane.REMINDER)
    return await swap_of(tx, swap_id)


async def _settle(tx: Transaction, swap: Swap, state: str) -> bool:
    """One statement decides: of several answers the first one counts."""
    settled = await tx.run(
        "UPDATE rota_swaps SET state = :state, settled_at = :now WHERE id = :id AND state = 'open'",
        id=swap.id,
        state=state,
        now=tx.now,
    )
    return bool(settled)


async def accept(tx: Transaction, swap_id: int, *, by: Person) -> Seat:
    """Swap: both duties change hands at once. Raises Refused when it was answered, or one of the two can't any more."""
    swap = await swap_of(tx, swap_id)
    mine, theirs = await _held(tx, swap)
    if theirs.duty.person_id != by.id:
        raise asking.gone()
    if swap.state != "open":
        raise asking.gone()
    await _check(tx, mine, theirs)
    if not await _settle(tx, swap, "taken"):
        raise asking.gone()
    for seat in (mine, theirs):
        await tx.run(relieving.OFF, id=seat.duty.id, why="swapped", now=tx.now)
        await relieving.end_swaps(tx, seat.duty.id)
        await due.drop(tx, seat.duty.seeking, offering.ASK)
    await relieving.place(tx, theirs.shift.id, mine.duty.person_id, "swapped", theirs.duty.id)
    new = await relieving.place(tx, mine.shift.id, by.id, "swapped", mine.duty.id)
    await due.plan(tx, SWAPPED, f"swap:{swap.id}", tx.now + UNDO_SECONDS)
    return await asking.seat(tx, new)


async def _held(tx: Transaction, swap: Swap) -> tuple[Seat, Seat]:
    """Both duties, with their people and shifts held in the order of their numbers."""
    seats = [await asking.seat(tx, duty) for duty in (swap.mine_id, swap.theirs_id)]
    await relieving.hold_people(tx, *(seat.duty.person_id for seat in seats))
    for shift in sorted(seat.shift.id for seat in seats):
        await asking.held_shift(tx, shift)
    return await asking.seat(tx, swap.mine_id), await asking.seat(tx, swap.theirs_id)


async def undo(tx: Transaction, swap_id: int, *, by: Person) -> Seat:
    """Take the acceptance back within 60 seconds. Raises Refused later, or when one of the two did something since."""
    swap = await swap_of(tx, swap_id)
    mine, theirs = await _held(tx, swap)
    if theirs.duty.person_id != by.id or not await due.drop(tx, f"swap:{swap_id}", SWAPPED):
        raise posting.too_late()
    ended = await tx.run(
        "UPDATE rota_duties SET state = 'off', why = 'undone', seeking_at = NULL, since = :now "
        "WHERE state = 'on' AND how = 'swapped' AND from_id IN (:mine, :theirs)",
        mine=mine.duty.id,
        theirs=theirs.duty.id,
        now=tx.now,
    )
    if ended != 2:
        raise posting.too_late()
    for seat in (mine, theirs):
        await _check_free(tx, seat.duty, seat.shift)
    await tx.run(
        "UPDATE rota_duties SET state = 'on', why = NULL, since = :now WHERE id IN (:mine, :theirs)",
        mine=mine.duty.id,
        theirs=theirs.duty.id,
        now=tx.now,
    )
    await tx.run("UPDATE rota_swaps SET state = 'undone', settled_at = :now WHERE id = :id", id=swap_id, now=tx.now)
    return await asking.seat(tx, theirs.duty.id)


async def swapped(tx: Transaction, item: Due, house: House) -> None:
    """A minute later, when it can't be undone any more: whoever offered, and the leaders, hear of it."""
    swap = await swap_of(tx, item.number)
    mine, theirs = await asking.seat(tx, swap.mine_id), await asking.seat(tx, swap.theirs_id)
    screen = card(
        say(
            "{first} and {second} have swapped duties at {post}.",
            first=mine.duty.nickname,
            second=theirs.duty.nickname,
            post=mine.post.name,
        ),
        say("{person}: {when}", person=mine.duty.nickname, when=Span(theirs.shift.starts_at, theirs.shift.ends_at)),
        say("{person}: {when}", person=theirs.duty.nickname, when=Span(mine.shift.starts_at, mine.shift.ends_at)),
        rows=((Button(say("The rota"), press("rotas.plan", mine.post.id)),),),
    )
    told = {each.id: each for each in await asking.leaders_of(tx, mine.post)}
    told[mine.duty.person_id] = await people.by_id(tx, mine.duty.person_id)
    told.pop(theirs.duty.person_id, None)
    for person in told.values():
        await people.tell(tx, person, screen, lane=Lane.REMINDER, key=f"rota-swapped:{tx.bot}:{swap.id}:{person.id}")
