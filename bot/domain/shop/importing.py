"""A catalogue as lines: read as a whole, every wrong line named; all of it is taken, or nothing."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot import dates
from bot.domain import people
from bot.domain.people import Person
from bot.domain.shop import asking, stocking
from bot.domain.shop.things import ABOUT_CHARACTERS_MAX, NAME_CHARACTERS_MAX, PIECES_MAX, PRICE_MAX, STAR_MAX, Partner
from bot.locales import BLANK, Said, say, say_n
from bot.refusal import Refused
from bot.storage import Transaction

LINES_MAX = 500
# How many wrong lines a screen names.
WRONG_SHOWN = 20
HEADS = ("name", "counter", "points", "pieces", "limit", "star", "about")
NEEDED = 4
LIMIT_MAX = 100
_SEPARATOR = re.compile(r"[;；,，\t|]")
_HEADING = re.compile(r"^(name|名称|物品|兑换品)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line that can be taken in: an item, and how many pieces came."""

    number: int
    draft: stocking.Draft
    pieces: int


@dataclass(frozen=True)
class Wrong:
    """A line that can't, and why."""

    number: int
    why: Said


class WrongLine(Exception):
    """What is wrong with the line that is being read."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.text)
        self.why = why


# Rules


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a file or message with their numbers, without empty ones and a heading."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip() and not (number == 1 and _HEADING.match(line.strip())):
            yield number, line


def _cells(line: str) -> list[str]:
    """The values of a line, separated by ; , tab or |."""
    found = _SEPARATOR.search(line)
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=found[0] if found else ";"), [])
    except csv.Error:
        raise WrongLine(say("a value is too long")) from None
    return [cell.strip() for cell in cells]


def _number(cell: str, low: int, high: int, what: Said) -> int:
    count = dates.read_count(cell)
    if count is None or not low <= count <= high:
        raise WrongLine(
            say(
                "{what}: “{given}” is no whole number from {low} to {high}",
                what=what,
                given=cell[:20],
                low=low,
                high=high,
            )
        )
    return count


def _words(cell: str, limit: int, what: Said) -> str:
    shown = people.visible(cell)
    if len(shown) > limit:
        raise WrongLine(say("{what}: longer than {n} characters", what=what, n=limit))
    return shown


def _read(number: int, cells: list[str], counters: dict[str, Partner]) -> Line:
    if not NEEDED <= len(cells) <= len(HEADS):
        raise WrongLine(
            say("{n} values, but {least} to {most} are needed", n=len(cells), least=NEEDED, most=len(HEADS))
        )
    row = dict(zip(HEADS, [*cells, *[""] * (len(HEADS) - len(cells))], strict=True))
    name = _words(row["name"], NAME_CHARACTERS_MAX, say("Name"))
    if not name:
        raise WrongLine(say("there is no name"))
    counter = counters.get(people.visible(row["counter"]))
    if counter is None:
        raise WrongLine(say("there is no counter called “{given}”", given=row["counter"][:40]))
    draft = stocking.Draft(
        name,
        counter.id,
        _number(row["points"], 1, PRICE_MAX, say("Price")),
        about=_words(row["about"], ABOUT_CHARACTERS_MAX, say("About")),
        limit_pieces=_number(row["limit"] or "0", 0, LIMIT_MAX, say("At most")),
        star=_number(row["star"] or "0", 0, STAR_MAX, say("From which star on")),
    )
    return Line(number, draft, _number(row["pieces"], 0, PIECES_MAX, say("Pieces")))


# Questions


async def read(tx: Transaction, text: str) -> tuple[list[Line], list[Wrong]]:
    """The lines that can be taken in, and every one that can't with its reason. Nothing is changed."""
    counters = {each.name: each for each in (await asking.partners(tx, each=LINES_MAX)).items}
    good: list[Line] = []
    wrong: list[Wrong] = []
    seen: dict[tuple[int, str], int] = {}
    for number, typed in lines_of(text):
        try:
            line = _read(number, _cells(typed), counters)
            await _check_new(tx, line, seen)
        except WrongLine as fault:
            wrong.append(Wrong(number, fault.why))
        else:
            good.append(line)
    return good, wrong


async def _check_new(tx: Transaction, line: Line, seen: dict[tuple[int, str], int]) -> None:
    key = (line.draft.partner_id, line.draft.name)
    if key in seen:
        raise WrongLine(say("the same item as in line {n}", n=seen[key]))
    seen[key] = line.number
    sql = "SELECT 1 FROM shop_items WHERE partner_id = :partner AND name = :name"
    if await tx.value(sql, partner=line.draft.partner_id, name=line.draft.name):
        raise WrongLine(say("this counter has “{name}” already", name=line.draft.name))


# Deeds


async def take_all(tx: Transaction, text: str, *, by: Person) -> list[Line]:
    """Put all items of the text on the list, with their pieces. Raises Refused with every wrong line, and then takes none."""
    people.only_admins(by)
    good, wrong = await read(tx, text)
    if wrong:
        raise Refused(complaint(wrong))
    if not 1 <= len(good) <= LINES_MAX:
        raise Refused(say("I need 1 to {n} lines. Nothing was taken in.", n=LINES_MAX))
    for line in good:
        item = await stocking.make(tx, line.draft, by=by)
        if line.pieces:
            await stocking.take_in(tx, item.id, line.pieces, by=by)
    return good


def complaint(wrong: list[Wrong]) -> Said:
    """Every wrong line with its reason; of very many the first ones and how many more."""
    listed = BLANK
    for each in wrong[:WRONG_SHOWN]:
        listed = say("{before}\nLine {n}: {why}", before=listed, n=each.number, why=each.why)
    more = len(wrong) - WRONG_SHOWN
    rest = say("\n… and {n} more", n=more) if more > 0 else BLANK
    return say_n(
        "Nothing was taken in: {n} line is wrong.{lines}{rest}",
        "Nothing was taken in: {n} lines are wrong.{lines}{rest}",
        len(wrong),
        lines=listed,
        rest=rest,
    )
