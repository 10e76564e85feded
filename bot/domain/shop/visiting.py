"""A card that is checked at a counter, and what a counter has done in a month."""

import re
from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.config import House
from bot.domain import days, people
from bot.domain.people import Person
from bot.domain.shop import asking, clerking
from bot.domain.shop.things import Partner
from bot.due import Due
from bot.locales import Day, Said, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

MONTHLY = "shop.monthly"
MISSES_MAX, MISSES_SECONDS = 5, 600
_CARD = re.compile(r"#?(?P<number>\d{1,12})[\s\-·:]+(?P<code>\d{6})")


@dataclass(frozen=True)
class Month:
    """What a counter did in one month, which begins on `day`."""

    day: Day
    redemptions: int
    pieces: int
    points: int
    visits: int


# Rules


def card_read(typed: str) -> tuple[int, str] | None:
    """The number and the code of a card as its holder shows them: `12 483920`."""
    match = _CARD.fullmatch(typed.strip())
    return (int(match["number"]), match["code"]) if match else None


def month_words(month: Month) -> tuple[Said, ...]:
    """A month in lines."""
    return (
        say("<b>{year}-{month}</b>", year=month.day.day.year, month=f"{month.day.day.month:02}"),
        say_n("🎁 {n} reservation handed out: {pieces} pieces, {points} points", "🎁 {n} reservations handed out: {pieces} pieces, {points} points", month.redemptions, pieces=month.pieces, points=month.points),
        say_n("🪪 {n} card checked", "🪪 {n} cards checked", month.visits),
    )  # fmt: skip


# Questions


async def month(tx: Transaction, partner_id: int, back: int) -> Month:
    """What this counter did in the month that is `back` months ago."""
    begin, end = days.month_begin(tx, back), days.month_begin(tx, back - 1)
    span = {"partner": partner_id, "begin": begin, "end": end}
    row = await tx.one(
        "SELECT COUNT(*) AS redemptions, CAST(COALESCE(SUM(r.handed), 0) AS BIGINT) AS pieces, "
        "CAST(COALESCE(SUM(r.points / r.pieces * r.handed), 0) AS BIGINT) AS points "
        "FROM shop_items i JOIN redemptions r ON r.item_id = i.id AND r.state = 'collected' "
        "WHERE i.partner_id = :partner AND r.settled_at >= :begin AND r.settled_at < :end",
        **span,
    )
    assert row is not None, "counting gives a row"
    visits = await tx.value(
        "SELECT COUNT(*) FROM shop_visits WHERE partner_id = :partner AND at >= :begin AND at < :end", **span
    )
    return Month(Day(tx.local(begin).date()), row["redemptions"], row["pieces"], row["points"], int(visits))


async def month_seen_by(tx: Transaction, partner_id: int, back: int, me: Person) -> tuple[Partner, Month]:
    """The same for a clerk of the counter, or for those who read all. Raises Refused."""
    partner = await asking.partner(tx, partner_id)
    if not me.reads_all and not await clerking.may_hand_out(tx, partner_id, me):
        raise Refused(
            say("This is for clerks of “{name}”.", name=partner.name), WayOut(say("Redeem points"), "shop.list")
        )
    return partner, await month(tx, partner_id, min(back, 120))


# Deeds


async def check_tries(tx: Transaction, clerk: Person) -> None:
    """Raises Refused for a clerk who has shown too many cards that were not good: somebody may be guessing."""
    misses = await tx.value(
        "SELECT COUNT(*) FROM shop_misses WHERE clerk_id = :id AND at > :since",
        id=clerk.id,
        since=tx.now - MISSES_SECONDS,
    )
    if misses >= MISSES_MAX:
        raise Refused(
            say("{n} cards were not good within {minutes} minutes. Please wait a little; nothing was counted.", n=MISSES_MAX, minutes=MISSES_SECONDS // 60),
            WayOut(say("At the counter"), "shop.counter"),
        )  # fmt: skip


async def miss(tx: Transaction, clerk: Person) -> None:
    """A card was not good; what is long past counts no more."""
    await tx.run("DELETE FROM shop_misses WHERE at <= :since", since=tx.now - MISSES_SECONDS)
    await tx.run("INSERT INTO shop_misses (clerk_id, at) VALUES (:id, :now)", id=clerk.id, now=tx.now)


async def visit(tx: Transaction, person_id: int, step: int, partner: Partner, *, by: Person) -> None:
    """A card was good: it is counted, and its code is used up. Raises Refused for a code that was used before."""
    counted = await tx.run(
        "INSERT INTO shop_visits (person_id, step, partner_id, clerk_id, at) VALUES (:person, :step, :partner, :by, :now) "
        "ON CONFLICT DO NOTHING",
        person=person_id,
        step=step,
        partner=partner.id,
        by=by.id,
        now=tx.now,
    )
    if not counted:
        raise Refused(
            say("This code was used before. Nothing was counted; the card shows another one in half a minute."),
            WayOut(say("At the counter"), "shop.counter"),
        )


async def tell_month(tx: Transaction, item: Due, house: House) -> None:
    """On the first of a month each clerk reads what the counter did in the last one."""
    rows = await tx.all(
        "SELECT c.partner_id, c.person_id FROM shop_clerks c JOIN shop_partners p ON p.id = c.partner_id "
        "WHERE c.left_at IS NULL AND p.closed_at IS NULL ORDER BY c.partner_id, c.person_id"
    )
    for row in rows:
        partner = await asking.partner(tx, row["partner_id"])
        lines = month_words(await month(tx, partner.id, 1))
        screen = card(
            say("🏪 <b>{name}</b>", name=partner.name),
            *lines,
            rows=((Button(say("Months"), press("shop.month", partner.id, 1)),),),
        )
        clerk = await people.by_id(tx, row["person_id"])
        await people.tell(tx, clerk, screen, lane=Lane.REMINDER, key=f"{item.deed}:{item.id}:{partner.id}:{clerk.id}")
