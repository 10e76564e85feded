"""What the county owes: when the points expire that are outstanding, and what the shop's stock covers of them."""

from bot.cards import Button, Page, card, press
from bot.domain import points, shop
from bot.domain.points import expiring, figures
from bot.domain.points.expiring import Ending, Losing
from bot.locales import BLANK, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

YEARS_A_ROW, YEARS_MAX = 3, 9


async def read(tx: Transaction, heard: Heard) -> tuple[Ending, ...]:
    """Read before the transaction: it takes the whole ledger."""
    return await points.county_forecast(tx)


async def show(tx: Transaction, heard: Heard) -> Answer:
    """Outstanding points by the day on which they expire, against what is in stock."""
    endings: tuple[Ending, ...] = heard.report
    held, worth = await figures.held(tx), await shop.stock_worth(tx)
    outstanding, reserved = sum(held.values()), held.get("reserved", 0)
    never = held["member"] - sum(each.amount for each in endings)
    return card(
        say("📊 <b>What the points come to</b>"),
        say("Outstanding: <b>{amount}</b>", amount=outstanding),
        *(
            say("Expire with {day}, if nobody spends them: <b>{amount}</b>", day=each.day, amount=each.amount)
            for each in endings
        ),
        say("People's points that never expire: <b>{amount}</b>", amount=never),
        say("Set aside for redemptions and gifts: <b>{amount}</b>", amount=reserved),
        BLANK,
        say("All that is in stock costs <b>{amount}</b> points.", amount=worth),
        say("It covers what is outstanding and not reserved.")
        if worth >= outstanding - reserved
        else say(
            "To cover what is outstanding, goods for {amount} points are lacking.",
            amount=outstanding - reserved - worth,
        ),
        rows=(
            *(tuple(map(_opens, endings[at : at + YEARS_A_ROW])) for at in range(0, YEARS_MAX, YEARS_A_ROW)),
            (Button(say("Who has points"), "points.held"), Button(say("Items to redeem"), "shop.items")),
            (Button(say("Reserved"), press("points.purses", "reserved")),),
        ),
        back="points.figures",
    )


def _opens(ending: Ending) -> Button:
    return Button(
        say("⌛ {year}: {amount}", year=ending.year, amount=ending.amount), press("points.losing", ending.year)
    )


async def read_losing(tx: Transaction, heard: Heard) -> Page:
    """Read beside the writer, as the forecast is."""
    return await expiring.county_ending(tx, heard.number(), heard.page(1))


async def losing(tx: Transaction, heard: Heard) -> Answer:
    """Whose points expire with one year, whoever loses most first."""
    year, shown = heard.number(), heard.report
    return card(
        say("⌛ <b>Points that expire with {year}</b>, if nobody spends them", year=year),
        *(() if shown.items else (say("There is nothing of this."),)),
        rows=(*map(_whose, shown.items), *shown.turner("points.losing", year)),
        back="points.forecast",
    )


def _whose(each: Losing) -> tuple[Button, ...]:
    label = say("{name} #{number}: {amount}", name=each.nickname, number=each.person_id, amount=each.amount)
    return (Button(label, press("points.page", each.person_id, 0)),)


ROUTES = [
    on_press("points.forecast", show, Who.READER, read=read),
    on_press("points.losing", losing, Who.READER, read=read_losing),
]
