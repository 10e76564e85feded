"""From a text to its items, left to right, each place read once; what no pattern knows is refused."""

import re

from bot.dates.clock_words import BARE_NUMBER, CLOCK_WORDS
from bot.dates.day_words import DAY_WORDS
from bot.dates.durations import length_at
from bot.dates.items import Item, Misfit, Rule, Until, Why
from bot.dates.plain import TEXT_LENGTH_MAX, plain

ITEMS_MAX = 12
LEAD = re.compile("in ")
TAIL = re.compile("(?:之|以)?后(?![天日])|(?: later| from now)(?![a-z])")
# Words that bear no meaning of their own between the others.
PARTICLES = re.compile(" |(?:on|at|the|from)(?![a-z])|[在于从的吧呢啊呀哦嘛哈]")


def _until(_: re.Match[str]) -> tuple[Item, ...]:
    return (Until(),)


UNTIL: Rule = ("-|到|至| ?(?:to|until|till)(?![a-z])", _until)
GRAMMAR = tuple((re.compile(pattern), meaning) for pattern, meaning in (*DAY_WORDS, *CLOCK_WORDS, UNTIL, BARE_NUMBER))


def items(text: str) -> tuple[Item, ...]:
    """Everything the text says, in its order. Raises `Misfit` for any word it doesn't know."""
    if len(text) > TEXT_LENGTH_MAX:
        raise Misfit(Why.NOT_UNDERSTOOD)
    text = plain(text)
    found: list[Item] = []
    place = 0
    while place < len(text):
        more, place = _next(text, place)
        found.extend(more)
        if len(found) > ITEMS_MAX:
            raise Misfit(Why.NOT_UNDERSTOOD)
    return tuple(found)


def _next(text: str, place: int) -> tuple[tuple[Item, ...], int]:
    if later := _later(text, place):
        return later
    for pattern, meaning in GRAMMAR:
        if match := pattern.match(text, place):
            return meaning(match), match.end()
    if particle := PARTICLES.match(text, place):
        return (), particle.end()
    raise Misfit(Why.NOT_UNDERSTOOD)


def _later(text: str, place: int) -> tuple[tuple[Item, ...], int] | None:
    """In 3 days, 三天后, half an hour from now: a length that is said to begin now."""
    lead = LEAD.match(text, place)
    length = length_at(text, lead.end() if lead else place)
    if not length:
        return None
    tail = TAIL.match(text, length[1])
    if not lead and not tail:
        return None
    return (length[0],), tail.end() if tail else length[1]
