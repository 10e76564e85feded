"""Who hears what of a gift: the receiver once it is final, the giver when it comes back."""

from bot.cards import Button, Card, card, press
from bot.domain import groups, people
from bot.domain.points.gifts import Gift
from bot.domain.points.statement import look_button
from bot.locales import Said, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

MINE = Button(say("My points"), "points.mine")


async def tell_given(tx: Transaction, found: Gift, entry: int) -> None:
    """The receiver hears of it now, when it is his, with a way to its entry; of a gift to a group its leaders do."""
    if found.person_id is not None:
        receiver = await people.by_id(tx, found.person_id)
        await people.tell(tx, receiver, _given(found, entry), lane=Lane.REMINDER, key=f"points.gift.given:{found.id}")
        return
    for leader in await groups.leaders_of(tx, found.group_id or 0):
        key = f"points.gift.given:{found.id}:{leader.id}"
        await people.tell(tx, leader, _to_group(found), lane=Lane.REMINDER, key=key)


def _given(found: Gift, entry: int) -> Card:
    back = Button(say("Give them back"), press("points.gift.open", found.id))
    return card(
        say_n("🎁 {giver} gave you {n} point.", "🎁 {giver} gave you {n} points.", found.amount, giver=found.giver),
        *_said(found),
        rows=((back, MINE), (look_button(entry),)),
    )


def _to_group(found: Gift) -> Card:
    return card(
        say_n(
            "🎁 {giver} gave {n} point to the budget of <b>{group}</b>.",
            "🎁 {giver} gave {n} points to the budget of <b>{group}</b>.",
            found.amount,
            giver=found.giver,
            group=found.receiver,
        ),
        *_said(found),
        rows=((Button(say("Budget"), press("points.budget", found.group_id or 0)),),),
    )


def _said(found: Gift) -> tuple[Said, ...]:
    return (say("“{words}”", words=found.words),) if found.words else ()


async def tell_given_back(tx: Transaction, found: Gift) -> None:
    """The giver hears that the receiver did not keep it."""
    words = say_n(
        "↩️ {name} gave {n} point back to you.",
        "↩️ {name} gave {n} points back to you.",
        found.amount,
        name=found.receiver,
    )
    await _tell_giver(tx, found, words)


async def tell_reversed(tx: Transaction, found: Gift) -> None:
    """Both sides hear that a county admin took it back; of a group's its leaders do."""
    words = say_n(
        "↩️ A county admin took back the gift of {n} point from {giver} to {receiver}.",
        "↩️ A county admin took back the gift of {n} points from {giver} to {receiver}.",
        found.amount,
        giver=found.giver,
        receiver=found.receiver,
    )
    await _tell_giver(tx, found, words)
    if found.person_id is None:
        for leader in await groups.leaders_of(tx, found.group_id or 0):
            await people.tell(tx, leader, card(words), lane=Lane.REMINDER)
        return
    why = say("If you think this is wrong, appeal: an admin who had no hand in it answers.")
    await people.tell(
        tx, await people.now_of(tx, found.person_id), card(words, why, rows=((MINE,),)), lane=Lane.REMINDER
    )


async def tell_off(tx: Transaction, found: Gift) -> None:
    """The giver hears that it could not come about."""
    words = say_n(
        "Your gift of {n} point to {name} did not come about; it is yours again.",
        "Your gift of {n} points to {name} did not come about; they are yours again.",
        found.amount,
        name=found.receiver,
    )
    await _tell_giver(tx, found, words)


async def _tell_giver(tx: Transaction, found: Gift, words: Said) -> None:
    giver = await people.by_id(tx, found.giver_id)
    rows = ((Button(say("Open"), press("points.gift.open", found.id)), MINE),)
    await people.tell(tx, giver, card(words, rows=rows), lane=Lane.REMINDER)
