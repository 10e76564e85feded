"""The counter: a clerk types or scans a code, and one tap hands out what it stands for."""

from bot.cards import Button, Card, card, press
from bot.domain import shop
from bot.domain.shop import Redemption, pieces_words
from bot.handlers.shop.checking import card_shown
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

CODE_CHARACTERS_MAX = 12


async def clerk(tx: Transaction, heard: Heard) -> Answer:
    """At the counter: hand out what somebody reserved"""
    if not heard.words:
        return await _counter(tx, heard)
    if await shop.invites(tx, heard.words):
        partner = await shop.become(tx, heard.words, by=heard.me)
        return (await _counter(tx, heard)).with_toast(say("You are a clerk of “{name}” now.", name=partner.name))
    if found := shop.card_read(heard.words):
        return await card_shown(tx, heard, *found)
    return _shown(await shop.shown_to(tx, heard.words, heard.me))


def _is_meant(words: str) -> bool:
    """Is this plainly a code, or the number and code of a card?"""
    return shop.is_code(words) or shop.card_read(words) is not None


async def counter(tx: Transaction, heard: Heard) -> Answer:
    """Where I am a clerk."""
    return await _counter(tx, heard)


async def _counter(tx: Transaction, heard: Heard) -> Card:
    await shop.only_clerks(tx, heard.me)
    places = await shop.counters_of(tx, heard.me)
    return card(
        say("🏪 <b>At the counter</b>"),
        *(say("You are a clerk of {name}.", name=each.name) for each in places),
        BLANK,
        say("Type the code that somebody shows you, or scan the picture. One tap hands it out."),
        say("Of a card type the number and the code, such as 12 483920: it says what the card entitles to."),
        rows=tuple(
            (
                Button(say("{name}: months", name=each.name), press("shop.month", each.id, 0)),
                Button(say("Leave {name}", name=each.name), press("shop.leave", each.id)),
            )
            for each in places
        ),
        back="shop.list",
    )


def _code(heard: Heard) -> str:
    """The code in a button or link. Raises Refused for what no link of ours carries."""
    if not heard.args or len(heard.args[0]) > CODE_CHARACTERS_MAX:
        raise stale()
    return heard.args[0]


async def take(tx: Transaction, heard: Heard) -> Answer:
    """What a code stands for."""
    return _shown(await shop.shown_to(tx, _code(heard), heard.me))


def _shown(found: Redemption) -> Card:
    """The entitlement and nothing else: who it is does not stand here."""
    head = say("🎁 {pieces} of <b>{name}</b>", pieces=pieces_words(found.pieces), name=found.name)
    if not found.is_open:
        return card(head, _ended(found), back="shop.counter")
    some = tuple(Button(say("Only {n}", n=n), press("shop.hand", found.code, n)) for n in range(1, found.pieces))
    return card(
        head,
        say("Reserved until {moment}. The points are set aside already.", moment=Moment(found.until)),
        rows=(
            (
                Button(
                    say("Hand out {n}", n=found.pieces), press("shop.hand", found.code, found.pieces), style="primary"
                ),
            ),
            *((some,) if some else ()),
            (
                Button(say("It is damaged"), press("shop.damaged", found.code)),
                Button(say("Can't hand it out"), press("shop.refuse", found.code)),
            ),
        ),
        back="shop.counter",
    )


ENDED = {
    "cancelled": say("✖️ It was cancelled: nothing to hand out."),
    "lapsed": say("⌛ It was not picked up in time: nothing to hand out."),
    "damaged": say("🔧 It was damaged: the points went back, nothing to hand out."),
}


def _ended(found: Redemption) -> Said:
    if found.state == "collected":
        return say(
            "✅ Handed out on {moment}: {pieces}. Nothing more to hand out.",
            moment=Moment(found.settled_at or 0),
            pieces=pieces_words(found.handed),
        )
    return ENDED[found.state]


async def hand(tx: Transaction, heard: Heard) -> Answer:
    """Hand it out."""
    found = await shop.hand_out(tx, _code(heard), heard.number(1), by=heard.me)
    return _shown(found).with_toast(say("Handed out."))


async def damaged(tx: Transaction, heard: Heard) -> Answer:
    """Ask before it is written off."""
    found = await shop.shown_to(tx, _code(heard), heard.me)
    question = say("Is it damaged? {things} would be written off.", things=_things(found))
    return _asked(
        found, question, Button(say("Yes, write it off"), press("shop.damaged.yes", found.code), style="danger")
    )


async def written_off(tx: Transaction, heard: Heard) -> Answer:
    """Write it off: the points go back."""
    found = await shop.find_damaged(tx, _code(heard), by=heard.me)
    return _shown(found).with_toast(say("Written off; the points are back with the person."))


async def refuse(tx: Transaction, heard: Heard) -> Answer:
    """Ask before somebody is turned away."""
    found = await shop.shown_to(tx, _code(heard), heard.me)
    question = say("Not hand it out? {things} would go back on the shelf.", things=_things(found))
    yes = Button(say("Yes, don't hand it out"), press("shop.refuse.yes", found.code), style="danger")
    return _asked(found, question, yes)


async def turned_away(tx: Transaction, heard: Heard) -> Answer:
    """It can't be handed out: everything goes back."""
    found = await shop.turn_away(tx, _code(heard), by=heard.me)
    return _shown(found).with_toast(say("Everything went back; the person is told."))


def _things(found: Redemption) -> Said:
    return say("{pieces} of “{name}”", pieces=pieces_words(found.pieces), name=found.name)


def _asked(found: Redemption, question: Said, yes: Button) -> Card:
    """What a tap would end for good, by the numbers; of what has ended already, how it did."""
    if not found.is_open:
        return _shown(found)
    return card(
        question,
        say("The person gets {points} points back and is told. It can't be undone.", points=found.points),
        rows=((yes,),),
        back=press("shop.take", found.code),
    )


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a clerk leaves."""
    partner = await shop.partner(tx, heard.number())
    if not await shop.may_hand_out(tx, partner.id, heard.me):
        raise Refused(say("This is no clerk of “{name}” any more. Nothing was changed.", name=partner.name))
    return card(
        say("Leave “{name}” as a clerk?", name=partner.name),
        say("Then you hand out nothing there any more. A new code from a county admin brings you back."),
        rows=((Button(say("Yes, leave"), press("shop.leave.yes", partner.id), style="danger"),),),
        back="shop.counter",
    )


async def left(tx: Transaction, heard: Heard) -> Answer:
    """Be a clerk no longer."""
    partner = await shop.leave(tx, heard.number(), heard.me.id, by=heard.me)
    return card(
        say("You are no clerk of “{name}” any more. Thank you for your help!", name=partner.name), back="shop.list"
    )


ROUTES = [
    command("clerk", clerk, menu=False, also=("柜台", "兑换点柜台", "counter"), meant=_is_meant),
    on_press("shop.counter", counter),
    on_press("shop.take", take, link=True),
    on_press("shop.hand", hand),
    on_press("shop.damaged", damaged),
    on_press("shop.damaged.yes", written_off),
    on_press("shop.refuse", refuse),
    on_press("shop.refuse.yes", turned_away),
    on_press("shop.leave", leave),
    on_press("shop.leave.yes", left),
]
