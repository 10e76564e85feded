"""An activity in one message of `key: value` lines, as leaders paste it: from notes, from posters, in a hurry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain import people
from bot.domain.activities import reading, wording
from bot.domain.activities.kinds import RULES, TYPED, Kind
from bot.domain.activities.repeating import days_read
from bot.domain.activities.things import PLACES_MAX
from bot.locales import Said, say
from bot.refusal import Refused
from bot.storage import Transaction

LINE_CHARACTERS_SHOWN = 80
CHINESE = {
    "title": ("标题", "名称", "主题", "活动名称", "任务名称"),
    "when": ("时间", "日期", "活动时间", "集合时间", "开始时间"),
    "length": ("时长", "多久"),
    "place": ("地点", "地址", "活动地点", "集合地点"),
    "places": ("名额", "人数"),
    "points": ("积分", "分数"),
    "least": ("最少人数", "至少人数", "最低人数"),
    "repeat": ("重复", "周期"),
    "mode": ("方式", "报名方式", "名额怎么分"),
    "conditions": ("条件", "报名条件", "仅限"),
    "opens": ("开始报名", "报名开始"),
    "closes": ("截止报名", "报名截止", "截止"),
    "valid": ("有效期",),
    "point": ("集合点", "坐标", "定位"),
    "group": ("小组", "组名"),
    "about": ("说明", "备注", "简介", "内容", "要求"),
    "kind": ("类型",),
}
ENGLISH = {
    "title": ("title", "name"),
    "when": ("when", "time", "date"),
    "length": ("duration", "length"),
    "place": ("place", "where"),
    "places": ("places",),
    "points": ("points",),
    "least": ("at least", "least", "minimum"),
    "repeat": ("repeats", "repeat"),
    "mode": ("who gets a place", "mode"),
    "conditions": ("only for", "condition", "conditions"),
    "opens": ("sign-up opens", "opens"),
    "closes": ("sign-up ends", "closes"),
    "valid": ("valid for", "valid"),
    "point": ("meeting point",),
    "group": ("group",),
    "about": ("about", "notes"),
    "kind": ("kind", "type"),
}
LABELS = {
    "title": say("title"),
    "when": say("when"),
    "length": say("duration"),
    "place": say("place"),
    "places": say("places"),
    "points": say("points"),
    "least": say("at least"),
    "repeat": say("repeats"),
    "mode": say("who gets a place"),
    "conditions": say("only for"),
    "opens": say("sign-up opens"),
    "closes": say("sign-up ends"),
    "valid": say("valid for"),
    "point": say("meeting point"),
    "group": say("group"),
    "about": say("about"),
    "kind": say("kind"),
}
NAMES = {spoken: name for words in (CHINESE, ENGLISH) for name, both in words.items() for spoken in both}
REQUIRED = ("title", "when", "place")
READERS: dict[str, Any] = {
    "title": reading.title,
    "when": reading.when,
    "length": reading.length,
    "place": reading.place,
    "places": wording.places_or_none,
    "mode": wording.mode,
    "conditions": wording.conditions,
    "opens": wording.moment,
    "closes": wording.moment,
    "valid": wording.months,
    "point": reading.point,
    "points": reading.points,
    "least": reading.least,
    "repeat": days_read,
    "group": lambda typed, tx: people.visible(typed),
    "about": reading.about,
    "kind": reading.kind,
}


def _either(words: dict[str, tuple[str, ...]]) -> str:
    return "|".join(sorted((word for both in words.values() for word in both), key=len, reverse=True))


# Before a key may stand what lists and posters have: a bullet, a number, an emoji, a bracket. After a Chinese key a space
# is enough; English lines may begin with such words by chance.
_LINE = re.compile(
    rf"(?:[0-9]{{1,2}}[.、)）])?[^\w\n]*(?:(?P<key>{_either(CHINESE)}|{_either(ENGLISH)})\s*[】\]]?\s*[:：]|"
    rf"(?P<bare>{_either(CHINESE)})[】\]\s])\s*(?P<value>.*)",
    re.IGNORECASE,
)
# "Task: Clean the river" is what it is and what it is called.
_KIND = re.compile(
    rf"[^\w\n]*({'|'.join(sorted(TYPED, key=len, reverse=True))})\s*[】\]]?\s*[:：]\s*(\S.*)", re.IGNORECASE
)
_ON_ONE_LINE = re.compile(rf"[\s，,；;]+(?=(?:{_either(CHINESE)}|{_either(ENGLISH)})\s*[:：])", re.IGNORECASE)


@dataclass(frozen=True)
class Wrong:
    """A line that can't be used, as it was written, or the name of one that is missing; and what is allowed there."""

    line: str | Said
    allowed: Said


@dataclass(frozen=True)
class Line:
    """A line as it was written, what it is about (empty: nobody knows), and what it says of it."""

    written: str
    name: str
    value: str


def is_one(text: str) -> bool:
    """Is this an activity in `key: value` lines, though nobody said so? Two different keys with a colon are no chance."""
    lines = text.splitlines() if "\n" in text.strip() else _ON_ONE_LINE.split(text)
    found = (_LINE.match(line.strip()) for line in lines)
    return len({NAMES[line["key"].lower()] for line in found if line and line["key"]}) > 1


def read(text: str, tx: Transaction) -> tuple[dict[str, Any], list[Wrong]]:
    """The values of a message of `key: value` lines, and everything that is wrong with it: all of it at once."""
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    found = list(_joined(_parted(text)))
    for line in found:
        try:
            value = _value(line, tx)
            if line.name in values:
                raise Refused(say("This key is there twice; one line for each."))
            values[line.name] = value
        except Refused as refused:
            wrong.append(Wrong(line.written[:LINE_CHARACTERS_SHOWN], refused.reason))
    return values, [*wrong, *_missing(values, {line.name for line in found}), *_contradicting(values)]


def _parted(text: str) -> Iterator[Line]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in _ON_ONE_LINE.split(lines[0]) if len(lines) == 1 else lines:
        found = _LINE.match(line)
        if found is None and (named := _KIND.fullmatch(line)):
            yield from (Line(line, "kind", named[1]), Line(line, "title", named[2]))
            continue
        key = (found["key"] or found["bare"]).lower() if found else ""
        yield Line(line, NAMES.get(key, ""), found["value"].strip() if found else line)


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    """What follows an explanation without a key of its own is more of the explanation."""
    last: Line | None = None
    for line in lines:
        if last and last.name == "about" and not line.name:
            last = Line(last.written, "about", f"{last.value}\n{line.value}".strip())
            continue
        if last:
            yield last
        last = line
    if last:
        yield last


def _value(line: Line, tx: Transaction) -> Any:
    if not line.name:
        raise Refused(say("I don't know what this line is about."))
    return READERS[line.name](line.value, tx)


def _missing(values: dict[str, Any], named: set[str]) -> list[Wrong]:
    """Lines that should be there; one that is there and wrong has been named already."""
    missing = [name for name in REQUIRED if name not in named]
    if "when" in values and values["when"]["end"] is None and "length" not in named:
        missing.append("length")
    if RULES[values.get("kind", Kind.TASK)].limited and "places" not in named:
        missing.append("places")
    return [Wrong(LABELS[name], say("This line is missing.")) for name in missing]


def _contradicting(values: dict[str, Any]) -> Iterator[Wrong]:
    """Lines that are right by themselves and don't go with the others."""
    rules = RULES[values.get("kind", Kind.TASK)]
    if "when" in values and values["when"]["end"] is not None and "length" in values:
        yield Wrong(LABELS["length"], say("The time has an end already; leave this line out."))
    if rules.limited and "places" in values and values["places"] is None:
        yield Wrong(LABELS["places"], say("It needs a number of places, from 1 to {high}.", high=PLACES_MAX))
    if not rules.earns and values.get("points"):
        yield Wrong(LABELS["points"], say("Only tasks, duties and visits give points; leave this line out."))
