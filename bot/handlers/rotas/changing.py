"""A duty goes to somebody else: looked for, taken, given up, swapped."""

from bot.cards import Button, Card, card, press
from bot.domain import rotas
from bot.domain.rotas import Seat
from bot.handlers.rotas.planning import shift_card
from bot.handlers.rotas.showing import duty_card, undo_button
from bot.locales import Moment, Span, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def seek(tx: Transaction, heard: Heard) -> Answer:
    """Look for somebody who takes it over."""
    seat = await rotas.seek(tx, heard.number(), by=heard.me)
    shown = await duty_card(tx, heard, seat.duty.id)
    return shown.with_toast(
        say("I ask those who serve there and are free then. The first who taps has it; I tell you.")
    )


async def stop(tx: Transaction, heard: Heard) -> Answer:
    """Serve myself after all."""
    seat = await rotas.stop(tx, heard.number(), by=heard.me)
    return (await duty_card(tx, heard, seat.duty.id)).with_toast(say("It is yours; nobody else can take it."))


async def relieve(tx: Transaction, heard: Heard) -> Answer:
    """Take over from somebody."""
    return await _mine_now(tx, heard, await rotas.stand_in(tx, heard.number(), by=heard.me, rules=heard.house.settings))


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Take an empty place."""
    return await _mine_now(tx, heard, await rotas.take(tx, heard.number(), by=heard.me, rules=heard.house.settings))


async def _mine_now(tx: Transaction, heard: Heard, seat: Seat) -> Card:
    shown = await duty_card(tx, heard, seat.duty.id, undo_button("rotas.untake", seat.duty.id))
    return shown.with_toast(say("It is yours: {moment}. Thank you!", moment=Moment(seat.shift.starts_at)))


async def untake(tx: Transaction, heard: Heard) -> Answer:
    """Not, after all."""
    seat = await rotas.my_seat(tx, heard.number(), heard.me)
    await rotas.undo_taking(tx, seat.duty.id, by=heard.me)
    return (await shift_card(tx, heard, seat.shift.id)).with_toast(say("Undone; others can take it again."))


async def give_up(tx: Transaction, heard: Heard) -> Answer:
    """Say what follows before a place becomes empty."""
    seat = await rotas.my_seat(tx, heard.number(), heard.me)
    return card(
        *rotas.what(seat.post, seat.shift),
        say("Give this duty up? The place is empty then: the leader is told, and others are asked."),
        say("While I look for somebody it stays yours; that is kinder to the others."),
        rows=(
            (Button(say("🔎 Find somebody for me"), press("rotas.seek", seat.duty.id)),),
            (Button(say("Yes, give it up"), press("rotas.giveup.yes", seat.duty.id), style="danger"),),
        ),
        back=press("rotas.duty", seat.duty.id),
    )


async def given_up(tx: Transaction, heard: Heard) -> Answer:
    """Give it up."""
    seat = await rotas.give_up(tx, heard.number(), by=heard.me)
    return card(
        *rotas.what(seat.post, seat.shift),
        say("You don't serve then. The leader is told in a minute, and others are asked."),
        rows=((undo_button("rotas.giveup.undo", seat.duty.id),), (Button(say("My duties"), "rotas.mine"),)),
        back="rotas.mine",
    )


async def not_given_up(tx: Transaction, heard: Heard) -> Answer:
    """Serve after all."""
    seat = await rotas.undo_giving(tx, heard.number(), by=heard.me)
    return (await duty_card(tx, heard, seat.duty.id)).with_toast(say("It is yours again; nobody was told."))


# Swaps


async def swap(tx: Transaction, heard: Heard) -> Answer:
    """Choose what I would rather have."""
    mine = await rotas.my_seat(tx, heard.number(), heard.me)
    page = await rotas.choices(tx, mine, heard.page(1))
    return card(
        *rotas.what(mine.post, mine.shift),
        say("For which one would you swap it? I ask whoever has it.")
        if page.items
        else say("There is no duty of somebody else that you could have instead."),
        rows=(
            *((_choice(mine, theirs),) for theirs in page.items),
            *page.turner("rotas.swap", mine.duty.id),
        ),
        back=press("rotas.duty", mine.duty.id),
    )


def _choice(mine: Seat, theirs: Seat) -> Button:
    label = say("{moment} {person}", moment=Moment(theirs.shift.starts_at), person=theirs.duty.nickname[:8])
    return Button(label, press("rotas.swap.ask", mine.duty.id, theirs.duty.id))


async def offered(tx: Transaction, heard: Heard) -> Answer:
    """Offer it."""
    swap = await rotas.offer(tx, heard.number(), heard.number(1), by=heard.me)
    return (await duty_card(tx, heard, swap.mine_id)).with_toast(say("Asked. I tell you the answer."))


async def offer(tx: Transaction, heard: Heard) -> Answer:
    """One offer, as the two whom it concerns see it."""
    swap = await rotas.swap_of(tx, heard.number())
    mine, theirs = await rotas.seat(tx, swap.mine_id), await rotas.seat(tx, swap.theirs_id)
    own = heard.me.id == mine.duty.person_id
    if not own and heard.me.id != theirs.duty.person_id:
        raise Refused(
            say("This offer is between two others. Nothing was changed."), WayOut(say("My duties"), "rotas.mine")
        )
    return card(
        say("<b>Swap</b> · {post}", post=mine.post.name),
        say("{person}: {when}", person=mine.duty.nickname, when=Span(mine.shift.starts_at, mine.shift.ends_at)),
        say("{person}: {when}", person=theirs.duty.nickname, when=Span(theirs.shift.starts_at, theirs.shift.ends_at)),
        rows=(
            (
                (Button(say("Withdraw the offer"), press("rotas.swap.no", swap.id)),)
                if own
                else (
                    Button(say("Swap"), press("rotas.swap.yes", swap.id), style="primary"),
                    Button(say("No, thanks"), press("rotas.swap.no", swap.id)),
                )
            ),
        ),
        back="rotas.mine",
    )


async def accepted(tx: Transaction, heard: Heard) -> Answer:
    """Swap."""
    seat = await rotas.accept(tx, heard.number(), by=heard.me)
    shown = await duty_card(tx, heard, seat.duty.id, undo_button("rotas.swap.undo", heard.number()))
    return shown.with_toast(say("Swapped. The other one and the leader are told in a minute."))


async def unswapped(tx: Transaction, heard: Heard) -> Answer:
    """Each serves as before."""
    seat = await rotas.undo_swap(tx, heard.number(), by=heard.me)
    return (await duty_card(tx, heard, seat.duty.id)).with_toast(say("Undone; nobody was told."))


async def declined(tx: Transaction, heard: Heard) -> Answer:
    """No, or not any more."""
    swap = await rotas.withdraw(tx, heard.number(), by=heard.me)
    words = say("Withdrawn.") if swap.state == "withdrawn" else say("All right; I tell the other one.")
    mine = swap.mine_id if swap.state == "withdrawn" else swap.theirs_id
    return (await duty_card(tx, heard, mine)).with_toast(words)


ROUTES = [
    on_press("rotas.seek", seek),
    on_press("rotas.stop", stop),
    on_press("rotas.relieve", relieve),
    on_press("rotas.take", take),
    on_press("rotas.untake", untake),
    on_press("rotas.giveup", give_up),
    on_press("rotas.giveup.yes", given_up),
    on_press("rotas.giveup.undo", not_given_up),
    on_press("rotas.swap", swap),
    on_press("rotas.swap.ask", offered),
    on_press("rotas.swap.yes", accepted),
    on_press("rotas.swap.no", declined),
    on_press("rotas.swap.undo", unswapped),
    on_press("rotas.offer", offer),
]
