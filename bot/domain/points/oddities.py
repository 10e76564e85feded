"""Giving of points that somebody should look at: each finding names its rule and its numbers, and opens what is behind it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.cards import Page, page_of, window
from bot.config import Granting
from bot.domain import audit, people
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

DAY = 24 * 3600
FINDINGS_MAX = 50
WORD_CHARACTERS_MAX = 200


class Odd(StrEnum):
    """Why something is on the list."""

    MUCH = "much"
    SAME = "same"
    UNDER = "under"
    NIGHT = "night"
    PAIR = "pair"
    GENEROUS = "generous"


@dataclass(frozen=True)
class OddFinding:
    """One row: `n` grants (or activities) of `amount` points in all, by `who`.

    `other` is the second person where a rule is about two, 0 elsewhere; `compared` is what the others come to on average, in
    points, or 0. `newest` is the highest number of what is behind it.
    """

    rule: Odd
    who: int
    nickname: str
    other: int
    other_nickname: str
    n: int
    amount: int
    compared: int
    newest: int


@dataclass(frozen=True)
class Behind:
    """One thing behind a finding: a grant by hand, or an activity that was confirmed."""

    id: int
    amount: int
    at: int
    name: str


@dataclass(frozen=True)
class Seen:
    """A finding that somebody has looked at, and what he said of it."""

    rule: Odd
    nickname: str
    word: str
    seer: str
    seen_at: int


GIVEN = "FROM grants_of_points g WHERE g.state <> 'declined' AND g.asked_at >= :since"
ALONE = (
    "EXISTS (SELECT 1 FROM transfers t JOIN point_rules r ON r.version = t.rule WHERE t.cause = 'grant:' || g.id "
    "AND t.reason = 'grant' AND COALESCE(t.person_id, 0) = +g.person_id AND t.reverses IS NULL "
    "AND g.amount <= r.granted_alone AND g.amount * 100 > r.granted_alone * :under_percent)"
)
HOUR = "((g.asked_at + :east) % 86400) / 3600"


@dataclass(frozen=True)
class Search:
    """How a rule finds: the rows, of whom they are and with whom, how many it takes, what the others come to, and which
    of those count. What is given stands in `amount`, who gave it in `giver`.
    """

    rows: str
    having: str
    who: str = "g.asked_by"
    other: str = "0"
    amount: str = "g.amount"
    giver: str = "g.asked_by"
    compared: str = "0"
    which: str = "1 = 1"


CONFIRMED = "FROM activities g WHERE g.state = 'confirmed' AND g.points > 0 AND g.settled_at >= :since"
SEARCHES = {
    Odd.MUCH: Search(
        GIVEN,
        "SUM(amount) >= :much_from",
        compared=f"((SELECT SUM(g.amount) {GIVEN}) - y.amount) / NULLIF((SELECT COUNT(DISTINCT g.asked_by) {GIVEN}) - 1, 0)",
        which="x.amount > :much_factor * x.compared",
    ),
    Odd.SAME: Search(GIVEN, "COUNT(*) >= :same_person_times", other="g.person_id"),
    Odd.UNDER: Search(f"{GIVEN} AND {ALONE}", "COUNT(*) >= :under_times"),
    Odd.NIGHT: Search(f"{GIVEN} AND ({HOUR} >= :night_from_hour OR {HOUR} < :night_to_hour)", "COUNT(*) > 0"),
    Odd.PAIR: Search(
        "FROM grants_of_points g WHERE g.state = 'given' AND g.settled_by <> g.asked_by AND g.asked_at >= :pairs",
        "SUM(CASE WHEN giver = who THEN 1 ELSE 0 END) >= :pair_times_each AND SUM(CASE WHEN giver = who THEN 0 ELSE 1 END) >= :pair_times_each",
        who="CASE WHEN g.asked_by < g.settled_by THEN g.asked_by ELSE g.settled_by END",
        other="CASE WHEN g.asked_by < g.settled_by THEN g.settled_by ELSE g.asked_by END",
    ),
    Odd.GENEROUS: Search(
        CONFIRMED,
        "COUNT(*) >= :generous_activities",
        who="g.made_by",
        amount="g.points",
        giver="g.made_by",
        compared=f"((SELECT SUM(g.points) {CONFIRMED}) - y.amount) / NULLIF((SELECT COUNT(*) {CONFIRMED}) - y.n, 0)",
        which="x.compared > 0 AND x.amount > :generous_factor * x.n * x.compared",
    ),
}
FOUND = """
    SELECT x.who, p.nickname, x.other, COALESCE(o.nickname, '') AS other_nickname, x.n, x.amount, x.compared, x.newest
    FROM (SELECT y.who, y.other, y.n, y.amount, y.newest, CAST(COALESCE({compared}, 0) AS BIGINT) AS compared
        FROM (SELECT who, other, COUNT(*) AS n, CAST(SUM(amount) AS BIGINT) AS amount, MAX(id) AS newest
            FROM (SELECT {who} AS who, {other} AS other, {amount} AS amount, {giver} AS giver, g.id {rows}) r
            GROUP BY who, other HAVING {having}) y) x
    JOIN people p ON p.id = x.who LEFT JOIN people o ON o.id = x.other
    WHERE {which} AND NOT EXISTS (SELECT 1 FROM point_findings_seen s WHERE s.rule = :rule AND s.who = x.who
        AND s.other = x.other AND s.newest = x.newest)
    ORDER BY x.n DESC, x.who LIMIT :limit
"""


def _values(tx: Transaction, rules: Granting) -> dict[str, Value]:
    offset = tx.local(tx.now).utcoffset()
    assert offset is not None, "the county's zone is known"
    return {
        **rules.model_dump(),
        "since": tx.now - rules.looked_at_days * DAY,
        "pairs": tx.now - rules.pair_days * DAY,
        "east": int(offset.total_seconds()),
    }


def _needed(sql: str, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if re.search(rf":{name}\b", sql)}


# Questions


async def odd_findings(tx: Transaction, rules: Granting) -> list[OddFinding]:
    """Everything that a rule points at just now and nobody has looked at."""
    found = []
    for rule, search in SEARCHES.items():
        sql = FOUND.format(**search.__dict__)
        rows = await tx.all(sql, **_needed(sql, _values(tx, rules)), rule=rule, limit=FINDINGS_MAX)
        found += [OddFinding(rule, **row) for row in rows]
    return found


async def odd_behind(tx: Transaction, rule: Odd, who: int, other: int, page: int, rules: Granting) -> Page:
    """A page of what makes one finding, the newest first: grants by hand, or activities; `items` are of Behind."""
    search = SEARCHES[rule]
    at, name = (
        ("g.settled_at", "g.title")
        if rule is Odd.GENEROUS
        else ("g.asked_at", "(SELECT nickname FROM people WHERE id = g.person_id)")
    )
    rows_of = f"{search.rows} AND {search.who} = :who" + (
        f" AND {search.other} = :other" if search.other != "0" else ""
    )
    sql = f"SELECT g.id, {search.amount} AS amount, {at} AS at, {name} AS name {rows_of} ORDER BY g.id DESC LIMIT :limit OFFSET :offset"
    values = _needed(sql, {**_values(tx, rules), "who": who, "other": other})
    rows = await tx.all(sql, **values, **window(page))
    return page_of((Behind(**row) for row in rows), page)


async def odd_seen(tx: Transaction, page: int) -> Page:
    """A page of what was looked at, the newest first; `items` are of Seen."""
    rows = await tx.all(
        "SELECT s.rule, p.nickname, s.word, b.nickname AS seer, s.seen_at FROM point_findings_seen s "
        "JOIN people p ON p.id = s.who JOIN people b ON b.id = s.seen_by ORDER BY s.id DESC LIMIT :limit OFFSET :offset",
        **window(page),
    )
    seen = (Seen(**{**dict(row), "rule": Odd(row["rule"])}) for row in rows)
    return page_of(seen, page)


# Deeds


async def see_odd(tx: Transaction, rule: Odd, who: int, other: int, word: str, *, by: Person, rules: Granting) -> None:
    """Somebody has looked at a finding; it is away until something new comes on top.

    Raises Refused for everybody but admins, for whom it is about, and where it is no longer on the list.
    """
    people.only_admins(by)
    if by.id in (who, other):
        raise Refused(say("This is about yourself: another county admin looks at it. Nothing was saved."))
    listed = await odd_findings(tx, rules)
    found = next((each for each in listed if (each.rule, each.who, each.other) == (rule, who, other)), None)
    if found is None:
        raise Refused(
            say("That is no longer on the list. Nothing was saved."), WayOut(say("Unusual granting"), "points.odd")
        )
    await audit.note(tx, "points.odd.seen", f"person:{who}", by=by.id, rule=rule.value)
    await tx.run(
        "INSERT INTO point_findings_seen (rule, who, other, newest, word, seen_by, seen_at) "
        "VALUES (:rule, :who, :other, :newest, :word, :by, :now) ON CONFLICT DO NOTHING",
        rule=rule,
        who=who,
        other=other,
        newest=found.newest,
        word=word,
        by=by.id,
        now=tx.now,
    )
