"""What an activity or a role asks of people: each condition is a kind and a value, and the rule is a pure function."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.people import AGE_NAMES, Age
from bot.locales import Moment, Said, say, say_n
from bot.refusal import Refused, WayOut

WORD_CHARACTERS_MAX = 40
STARS_MAX = 5


@dataclass(frozen=True)
class Condition:
    """One condition: a star or more, a training, an age, membership of a group, coming for the first time.

    `label` is what a group is called whose number is the value.
    """

    kind: str
    value: int | str
    label: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a person that conditions ask for. `age` None: not said.

    `trainings`: until when each is valid, by its name in small letters. `groups`: those he belongs to, and all above
    them. `came`: how often he came to anything.
    """

    star: int = 0
    age: Age | None = None
    trainings: Mapping[str, int] = field(default_factory=dict)
    groups: frozenset[int] = frozenset()
    came: int = 0


@dataclass(frozen=True)
class No:
    """Why a condition keeps somebody out: the rule with its numbers, and the next step."""

    reason: Said
    onward: WayOut


@dataclass(frozen=True)
class Sort:
    """What goes for one kind of condition. `typed` matches how leaders write it; its group, if any, is the value."""

    words: Callable[[Condition], Said]
    met: Callable[[Condition, Known, int], bool]
    reason: Callable[[Condition, Known], Said]
    onward: WayOut
    typed: str


def _has_training(condition: Condition, known: Known, now: int) -> bool:
    return known.trainings.get(str(condition.value).casefold(), 0) > now


def _no_training(condition: Condition, known: Known) -> Said:
    until = known.trainings.get(str(condition.value).casefold())
    if until is None:
        return say("it needs the training “{training}”, and you have not had it", training=condition.value)
    return say(
        "it needs the training “{training}”, and yours was valid until {moment}",
        training=condition.value,
        moment=Moment(until),
    )


OLD_ENOUGH = {14: (Age.YOUTH, Age.ADULT), 18: (Age.ADULT,)}


def _too_young(condition: Condition, known: Known) -> Said:
    if known.age is None:
        return say("it is for people of {n} and older, and you have not said how old you are", n=condition.value)
    return say("it is for people of {n} and older, and you are {age}", n=condition.value, age=AGE_NAMES[known.age])


# A new kind of condition is a line here, and what it asks for a field of `Known`.
SORTS = {
    "training": Sort(
        lambda condition: say("training “{training}”", training=condition.value),
        _has_training,
        _no_training,
        WayOut(say("What is coming up"), "activities.list:event"),
        r"(?:training|培训)\s*[:：]?\s*(?P<value>.+)",
    ),
    "star": Sort(
        lambda condition: say("{n}-star volunteers and up", n=condition.value),
        lambda condition, known, now: known.star >= int(condition.value),
        lambda condition, known: say(
            "it is for {n}-star volunteers and up, and you have {have}", n=condition.value, have=_stars(known.star)
        ),
        WayOut(say("My hours"), "hours.mine"),
        r"(?:stars?\s*[:：]?\s*(?P<value>\d)|(?P<value2>\d)[\s-]*(?:stars?|星(?:级)?))(?:以上)?",
    ),
    "group": Sort(
        lambda condition: say("members of {group}", group=condition.label or str(condition.value)),
        lambda condition, known, now: int(condition.value) in known.groups,
        lambda condition, known: say(
            "it is for members of {group}, and you are none", group=condition.label or str(condition.value)
        ),
        WayOut(say("Groups"), "groups.list"),
        r"(?:group|小组|members of)\s*[:：]?\s*(?P<value>.+)",
    ),
    "age": Sort(
        lambda condition: say("people of {n} and older", n=condition.value),
        lambda condition, known, now: known.age in OLD_ENOUGH[int(condition.value)],
        _too_young,
        WayOut(say("How old I am"), "minors.age"),
        r"(?:age|年龄)?\s*[:：]?\s*(?P<value>14|18)\s*(?:\+|and older|(?:周)?岁(?:及)?以上)",
    ),
    "new": Sort(
        lambda condition: say("people who come for the first time"),
        lambda condition, known, now: known.came == 0,
        lambda condition, known: say_n(
            "it is for people who come for the first time, and you have come {n} time",
            "it is for people who come for the first time, and you have come {n} times",
            known.came,
        ),
        WayOut(say("What is coming up"), "activities.list:task"),
        r"first[- ]?timers?(?: only)?|新人|首次参加",
    ),
}


def _stars(star: int) -> Said:
    return say_n("{n} star", "{n} stars", star) if star else say("no star yet")


# Rules


def why_not(condition: Condition, known: Known, now: int) -> No | None:
    """Why this condition keeps somebody out of whom this is known; None: it does not."""
    sort = SORTS[condition.kind]
    return None if sort.met(condition, known, now) else No(sort.reason(condition, known), sort.onward)


def first_no(conditions: Iterable[Condition], known: Known, now: int) -> No | None:
    """The first of these conditions that keeps somebody out."""
    return next((no for each in conditions if (no := why_not(each, known, now))), None)


def words(conditions: Iterable[Condition]) -> Said | None:
    """All of these conditions in a line; None where there are none."""
    parts = [SORTS[each.kind].words(each) for each in conditions]
    if not parts:
        return None
    line = parts[0]
    for part in parts[1:]:
        line = say("{first}; {second}", first=line, second=part)
    return line


# Kept and typed


def kept(conditions: Iterable[Condition]) -> str:
    """How conditions stand in a row."""
    return json.dumps([[each.kind, each.value, each.label] for each in conditions], ensure_ascii=False)


def of_text(text: str) -> tuple[Condition, ...]:
    """Conditions as they stand in a row."""
    return tuple(Condition(*each) for each in json.loads(text))


def read(typed: str) -> tuple[Condition, ...]:
    """Conditions as leaders write them, one after another with commas. Raises Refused."""
    return tuple(_read(part.strip()) for part in re.split(r"[,，;；、]", typed) if part.strip())


def _read(typed: str) -> Condition:
    for kind, sort in SORTS.items():
        if found := re.fullmatch(sort.typed, typed, re.IGNORECASE):
            value = next((each for each in found.groups() if each), "")
            return _checked(Condition(kind, value.strip()[:WORD_CHARACTERS_MAX]))
    raise Refused(
        say(
            "I don't know the condition “{typed}”. It can be: training: first aid · 2 stars · 18+ · group: Dance · first-timers.",
            typed=typed[:WORD_CHARACTERS_MAX],
        )
    )


def _checked(condition: Condition) -> Condition:
    if condition.kind == "age":
        return Condition("age", int(condition.value))
    if condition.kind != "star":
        return condition
    if not 1 <= int(condition.value) <= STARS_MAX:
        raise Refused(say("Stars go from 1 to {high}.", high=STARS_MAX))
    return Condition("star", int(condition.value))
