"""How leaders write whom they want and how places are given: roles, conditions, ways to choose, times to sign up.

What is read can be kept as JSON among the answers of a form, and `terms` makes of all of them what is published.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from bot import dates
from bot.domain.activities import conditions as asked
from bot.domain.activities import reading
from bot.domain.activities.conditions import Condition
from bot.domain.activities.places import Mode, RoleDraft, Terms
from bot.domain.activities.terming import SHARE_OF
from bot.domain.activities.things import PLACES_MAX
from bot.locales import Said, say
from bot.refusal import Refused, check_length
from bot.storage import Transaction

ROLE_CHARACTERS_MAX, ROLES_CHARACTERS_MAX = 20, 1000
MONTHS_MAX = 120
NEWCOMERS = "newcomers"
# Commas outside of parentheses part roles; inside they part conditions.
_PARTS = re.compile(r"[,，、;；+]\s*(?![^(（]*[)）])|\s+(?:and|和)\s+(?![^(（]*[)）])")
DIGITS_MAX = 6
_ROLE = re.compile(
    r"(?:(?P<first>\d+)\s*[x×个名位]?\s*)?(?P<name>[^\d(（][^(（]*?)\s*[:：]?\s*(?P<last>\d+)?\s*[人名个位]?\s*"
    r"(?:[(（](?P<asks>[^)）]*)[)）])?"
)
MODE_WORDS = {
    **dict.fromkeys(("first", "first come", "first come, first served", "先到先得", "先报先得"), Mode.FIRST.value),
    **dict.fromkeys(("lottery", "draw", "抽签", "摇号"), Mode.LOTTERY.value),
    **dict.fromkeys(("recent", "least recent", "least recent first", "最久没参加的优先", "轮流"), Mode.RECENT.value),
    **dict.fromkeys(("review", "leaders decide", "审核", "组长审核"), Mode.REVIEW.value),
    **dict.fromkeys(("newcomers", "first-timers", "one in four for first-timers", "新人优先"), NEWCOMERS),
}


def places(typed: str, tx: Transaction) -> int | list[Any]:
    """A number of places, or roles: 6 helpers, 1 first-aider (training: first aid), 2 drivers. Raises Refused."""
    if dates.read_count(typed) is not None:
        return reading.places(typed, tx)
    check_length(typed, ROLES_CHARACTERS_MAX)
    words = unicodedata.normalize("NFKC", typed)
    parts = [part.strip() for part in _PARTS.split(words) if part and part.strip()]
    return [_role(part) for part in parts or [""]]


def places_or_none(typed: str, tx: Transaction) -> int | list[Any] | None:
    """The same, or None for as many as like."""
    return None if typed.strip().lower() in reading.NO_LIMIT else places(typed, tx)


def _role(typed: str) -> list[Any]:
    found = _ROLE.fullmatch(typed)
    count = (found["first"] or found["last"] or "") if found else ""
    many = int(count) if 0 < len(count) <= DIGITS_MAX else 0
    named = found is not None and any(character.isalpha() for character in found["name"])
    if not found or not named or not 1 <= many <= PLACES_MAX:
        raise Refused(
            say(
                "I need a whole number from 1 to {high}, or what people come as with a number each, such as {example}.",
                high=PLACES_MAX,
                example=say("“6 helpers, 1 first-aider (training: first aid), 2 drivers”"),
            )
        )
    name = reading.line_of(found["name"], ROLE_CHARACTERS_MAX)
    return [name, many, _as_json(asked.read(found["asks"] or ""))]


def conditions(typed: str, tx: Transaction) -> list[Any]:
    """What everybody has to bring with him, as JSON. Raises Refused."""
    return _as_json(asked.read(unicodedata.normalize("NFKC", typed)))


def _as_json(found: tuple[Condition, ...]) -> list[Any]:
    return [[each.kind, each.value] for each in found]


def conditions_of(found: list[Any] | None) -> tuple[Condition, ...]:
    """Conditions of the JSON in which an answer keeps them."""
    return tuple(Condition(kind, value) for kind, value in found or ())


def mode(typed: str, tx: Transaction) -> str:
    """Who gets a place. Raises Refused."""
    found = MODE_WORDS.get(unicodedata.normalize("NFKC", typed).strip().casefold())
    if found is None:
        raise Refused(say("It can be: first come, lottery, least recent first, review, first-timers."))
    return found


def moment(typed: str, tx: Transaction) -> int:
    """An instant that is still ahead. Raises Refused."""
    start = reading.when(typed, tx)["start"]
    assert start is not None, "nothing is read without a start"
    return start


def months(typed: str, tx: Transaction) -> int:
    """For how many months something is valid; years are twelve of them. Raises Refused."""
    found = re.fullmatch(
        r"\s*(\d{1,3})\s*(?:(?P<years>years?|年)|months?|个?月)?\s*",
        unicodedata.normalize("NFKC", typed),
        re.IGNORECASE,
    )
    count = int(found[1]) * (12 if found["years"] else 1) if found else 0
    if not 1 <= count <= MONTHS_MAX:
        raise Refused(say("I need a number of months from 1 to {high}, such as “12 months”.", high=MONTHS_MAX))
    return count


def terms(answers: Mapping[str, Any]) -> Terms:
    """How places are given, of all that was answered."""
    how = answers.get("mode") or Mode.FIRST.value
    roles = answers.get("places")
    return Terms(
        mode=Mode.FIRST if how == NEWCOMERS else Mode(how),
        opens_at=answers.get("opens"),
        closes_at=answers.get("closes"),
        conditions=conditions_of(answers.get("conditions")),
        roles=_roles(roles) if isinstance(roles, list) else (),
        share=SHARE_OF if how == NEWCOMERS else 0,
        valid_months=answers.get("valid"),
    )


def plain_places(answers: Mapping[str, Any]) -> int | None:
    """The number of places where there are no roles."""
    found = answers.get("places")
    return found if isinstance(found, int) else None


def _roles(found: list[Any]) -> tuple[RoleDraft, ...]:
    return tuple(RoleDraft(name, count, conditions_of(asks)) for name, count, asks in found)


def shown_places(value: int | list[Any]) -> Said:
    """Places as they were understood."""
    if isinstance(value, int):
        return say("{value}", value=value)
    return _joined([_shown_role(role) for role in _roles(value)])


def _shown_role(role: RoleDraft) -> Said:
    wanted = asked.words(role.conditions)
    if wanted is None:
        return say("{n} × {role}", n=role.places, role=role.name)
    return say("{n} × {role} ({conditions})", n=role.places, role=role.name, conditions=wanted)


def _joined(parts: list[Said]) -> Said:
    line = parts[0]
    for part in parts[1:]:
        line = say("{first}; {second}", first=line, second=part)
    return line


def shown_conditions(value: list[Any]) -> Said:
    """Conditions as they were understood."""
    return asked.words(conditions_of(value)) or say("none")
