"""“Why this balance?”: what came, what went, what is set aside and what expires, each number with its entries."""

from collections.abc import Callable, Sequence

from bot.cards import Button, Card, Page, card, press
from bot.domain import points
from bot.domain.people import Person
from bot.domain.points import Ending, Part, Sum
from bot.handlers.points.statement import entry_line, titles_of, whose_is
from bot.locales import BLANK, Said, say, say_n
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

BUTTONS_IN_ROW = 3
# So many of the years with which points expire have a button; what is beyond is far away.
ENDINGS_MAX = 6
# So many of the things for which points are set aside stand on the screen; the button opens all.
ASIDE_MAX = 3


async def why(tx: Transaction, heard: Heard) -> Answer:
    """Why a balance is what it is, in sentences."""
    whose = await whose_is(tx, heard, heard.number()) if heard.args else heard.me
    found = await points.sums(tx, whose.id)
    return await _why(tx, whose, found) if found else _nothing(whose)


def _nothing(whose: Person) -> Card:
    """Before anything has come there is nothing to explain, but a way to begin."""
    return card(
        say("<b>Why this balance?</b>"),
        say("Nothing has come yet, and nothing has gone: 0 points."),
        rows=(
            (Button(say("Volunteer tasks"), "activities.list:task"),),
            (Button(say("How points come and go"), "points.handbook"),),
        ),
        back=press("points.page", whose.id, 0),
    )


async def _why(tx: Transaction, whose: Person, found: Sequence[Sum]) -> Card:
    balance = await points.balance(tx, whose.id)
    endings = (await points.forecast(tx, whose.id))[:ENDINGS_MAX]
    return card(
        say("<b>Why this balance?</b>"),
        *_section(say("<b>What came</b>"), [each for each in found if each.part in points.CAME]),
        *_section(say("<b>What went</b>"), [each for each in found if each.part in points.WENT]),
        *await _aside(tx, whose, [each for each in found if each.part is Part.ASIDE]),
        BLANK,
        say_n("Together that is {n} point: the balance.", "Together that is {n} points: the balance.", balance),
        *(map(points.ending_words, endings) if endings else (say("Nothing of it expires."),) if balance else ()),
        say("Nothing written here is ever changed. A mistake is corrected by another entry that names the wrong one."),
        rows=(*_buttons(whose, found, endings), (Button(say("How points come and go"), "points.handbook"),)),
        back=press("points.page", whose.id, 0),
    )


def _section(title: Said, found: Sequence[Sum]) -> tuple[Said, ...]:
    return (BLANK, title, *map(_sentence, found)) if found else ()


async def _aside(tx: Transaction, whose: Person, found: Sequence[Sum]) -> tuple[Said, ...]:
    """What is set aside, and what for."""
    if not found:
        return ()
    shown = (await points.entries_in(tx, whose.id, Part.ASIDE, 0)).items[:ASIDE_MAX]
    titles = await titles_of(tx, shown)
    lines = (
        say("• {amount} for “{title}”", amount=points.signed(each.amount), title=titles.get(each.event, each.event))
        for each in shown
    )
    return (*_section(say("<b>What is set aside</b>"), found), *lines)


def _buttons(whose: Person, found: Sequence[Sum], endings: Sequence[Ending]) -> tuple[tuple[Button, ...], ...]:
    """Each number opens what it is made of."""
    parts = [
        Button(
            say("{what} {amount}", what=NAMES[each.part], amount=points.signed(each.amount)),
            press("points.part", whose.id, each.part, 0),
        )
        for each in found
    ]
    years = [
        Button(
            say("⌛ {year}: {amount}", year=each.year, amount=each.amount),
            press("points.ending", whose.id, each.year, 0),
        )
        for each in endings
    ]
    return (*_in_rows(parts), *_in_rows(years))


def _in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[at : at + BUTTONS_IN_ROW]) for at in range(0, len(buttons), BUTTONS_IN_ROW)]


async def part(tx: Transaction, heard: Heard) -> Answer:
    """The entries that one number is made of."""
    whose = await whose_is(tx, heard, heard.number())
    if len(heard.args) < 2 or heard.args[1] not in {each.value for each in Part}:
        raise stale()
    chosen = Part(heard.args[1])
    shown = await points.entries_in(tx, whose.id, chosen, heard.page(2))
    sentences = [_sentence(each) for each in await points.sums(tx, whose.id) if each.part is chosen]
    return await _listed(tx, whose, shown, (NAMES[chosen], *sentences), press("points.part", whose.id, chosen))


async def ending(tx: Transaction, heard: Heard) -> Answer:
    """The entries by which that came what expires with one year."""
    whose, year = await whose_is(tx, heard, heard.number()), heard.number(1)
    left = [each for each in await points.forecast(tx, whose.id) if each.year == year]
    if not left:
        raise stale()
    shown = await points.entries_ending(tx, whose.id, year, heard.page(2))
    lines = (*map(points.ending_words, left), say("Of this it is what you have not spent:"))
    return await _listed(tx, whose, shown, lines, press("points.ending", whose.id, year))


async def _listed(tx: Transaction, whose: Person, shown: Page, lines: Sequence[Said], turning: str) -> Card:
    titles = await titles_of(tx, shown.items)
    name, *values = turning.split(":")
    return card(
        *lines,
        BLANK,
        *(entry_line(entry, titles) for entry in shown.items),
        rows=shown.turner(name, *values),
        back=press("points.why", whose.id),
    )


def _by_the_county(n: int, amount: str) -> Said:
    return say_n("{n} entry of the county made {amount}.", "{n} entries of the county made {amount}.", n, amount=amount)


# How many of each part there are, and what they come to.
SENTENCES: dict[Part, Callable[[int, str], Said]] = {
    Part.TASK: lambda n, amount: say_n(
        "{n} confirmed volunteer task brought {amount}.",
        "{n} confirmed volunteer tasks brought {amount}.",
        n,
        amount=amount,
    ),
    Part.EVENT: lambda n, amount: say_n(
        "{n} confirmed event brought {amount}.", "{n} confirmed events brought {amount}.", n, amount=amount
    ),
    Part.GRANT: lambda n, amount: say_n(
        "{n} grant by hand brought {amount}.", "{n} grants by hand brought {amount}.", n, amount=amount
    ),
    Part.REWARD: lambda n, amount: say_n(
        "{n} reward from a group brought {amount}.", "{n} rewards from a group brought {amount}.", n, amount=amount
    ),
    Part.GOT: lambda n, amount: say_n(
        "{n} gift from others brought {amount}.", "{n} gifts from others brought {amount}.", n, amount=amount
    ),
    Part.MERGE: lambda n, amount: say_n(
        "{n} merged record brought {amount}.", "{n} merged records brought {amount}.", n, amount=amount
    ),
    Part.COUNTY: _by_the_county,
    Part.CORRECTION: lambda n, amount: say_n(
        "{n} correction made {amount}.", "{n} corrections made {amount}.", n, amount=amount
    ),
    Part.SHOP: lambda n, amount: say_n(
        "{n} reservation in the shop took {amount}, less what came back.",
        "{n} reservations in the shop took {amount}, less what came back.",
        n,
        amount=amount,
    ),
    Part.GIVEN: lambda n, amount: say_n(
        "{n} gift to others took {amount}, less what came back.",
        "{n} gifts to others took {amount}, less what came back.",
        n,
        amount=amount,
    ),
    Part.EXPIRED: lambda n, amount: say_n("{n} expiry took {amount}.", "{n} expiries took {amount}.", n, amount=amount),
    Part.ASIDE: lambda n, amount: say_n(
        "{n} reservation that is still open has set aside {amount}.",
        "{n} reservations that are still open have set aside {amount}.",
        n,
        amount=amount,
    ),
}
NAMES = {
    Part.TASK: say("Volunteer tasks"),
    Part.EVENT: say("Events"),
    Part.GRANT: say("By hand"),
    Part.REWARD: say("Rewards"),
    Part.GOT: say("Gifts got"),
    Part.MERGE: say("Merged records"),
    Part.COUNTY: say("The county"),
    Part.CORRECTION: say("Corrections"),
    Part.SHOP: say("Shop"),
    Part.GIVEN: say("Gifts given"),
    Part.EXPIRED: say("Expired"),
    Part.ASIDE: say("Reserved points"),
}


def _sentence(part: Sum) -> Said:
    return SENTENCES[part.part](part.n, points.signed(part.amount))


ROUTES = [
    on_press("points.why", why, also=("余额怎么来的", "why this balance")),
    on_press("points.part", part),
    on_press("points.ending", ending),
]
