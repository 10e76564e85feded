"""A live card at the counter: is it good, and what does it entitle to; nothing else is shown."""

from bot.cards import Button, Card, card, press
from bot.domain import hours, people, shop
from bot.domain.activities import codes
from bot.domain.people import Person
from bot.domain.shop import Partner
from bot.locales import say
from bot.refusal import Refused
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def card_shown(tx: Transaction, heard: Heard, number: int, code: str) -> Card:
    """Check a card that was typed: at the clerk's counter, or first ask at which one."""
    await shop.only_clerks(tx, heard.me)
    places = await shop.counters_of(tx, heard.me)
    if len(places) == 1:
        return await _checked(tx, heard, places[0], number, code)
    if not places:
        raise Refused(say("You are a clerk of no counter, so the card can't be counted. Nothing was changed."))
    rows = tuple(
        (Button(say("🏪 {name}", name=each.name), press("shop.card", each.id, number, code)),) for each in places
    )
    return card(say("At which counter are you?"), rows=rows, back="shop.counter")


async def checked(tx: Transaction, heard: Heard) -> Answer:
    """Check a card at the counter that was chosen."""
    partner = await shop.partner(tx, heard.number())
    if partner.id not in [each.id for each in await shop.counters_of(tx, heard.me)] or len(heard.args) < 3:
        raise stale()
    return await _checked(tx, heard, partner, heard.number(1), heard.args[2])


async def _checked(tx: Transaction, heard: Heard, partner: Partner, number: int, code: str) -> Card:
    await shop.check_tries(tx, heard.me)
    step = await _step(tx, number, code)
    if step is None:
        await shop.miss(tx, heard.me)
        return card(
            say("✖️ This card is not good: the code is wrong or too old."),
            say(
                "It changes every half minute; please type the number and the code that stand there now. Nothing was counted."
            ),
            back="shop.counter",
        )
    whose = await people.by_id(tx, number)
    await shop.visit(tx, whose.id, step, partner, by=heard.me)
    return await _good(tx, whose, partner)


async def _step(tx: Transaction, number: int, code: str) -> int | None:
    """The half minute of this card's code; None for a code that no card shows now."""
    secret = await codes.secret_of(tx, f"card:{number}")
    return codes.step_of(secret, f"card:{number}", code, tx.now) if secret else None


async def _good(tx: Transaction, whose: Person, partner: Partner) -> Card:
    """Star and privileges: who it is does not stand here."""
    star, found = await hours.star_held(tx, whose.id), await shop.at_counter(tx, partner.id, whose)
    entitled = [each for each in found if each.holds]
    return card(
        say("✅ The card is good: {star}.", star=hours.starred(star) if star else say("no star yet")),
        *(say("• {title}", title=each.title) for each in entitled),
        *(() if entitled else (say("No privilege of “{name}” counts for it.", name=partner.name),)),
        say("Counted at “{name}”.", name=partner.name),
        back="shop.counter",
    )


async def month(tx: Transaction, heard: Heard) -> Answer:
    """What a counter did in a month."""
    partner, found = await shop.month_seen_by(tx, heard.number(), heard.page(1), heard.me)
    back = heard.page(1)
    turning = [Button(say("‹ Month before"), press("shop.month", partner.id, back + 1))]
    if back:
        turning.append(Button(say("Month after ›"), press("shop.month", partner.id, back - 1)))
    return card(
        say("🏪 <b>{name}</b>", name=partner.name),
        *shop.month_words(found),
        rows=(tuple(turning),),
        back=press("shop.place", partner.id) if heard.me.reads_all else "shop.counter",
    )


ROUTES = [
    on_press("shop.card", checked),
    on_press("shop.month", month),
]
