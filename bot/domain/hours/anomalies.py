"""What a supervisor should look at: each row names the rule and the numbers, and opens the records behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.cards import ROWS_PER_PAGE, Page, page_counted
from bot.config import Hours
from bot.domain import days
from bot.domain.hours.things import HOUR_MINUTES, Record
from bot.storage import Transaction, Value

DAY = 24 * 3600
LOOKED_AT_DAYS = 30
FRESH_DAYS = 7
MOSTLY_C_FROM_HOURS = 10
FINDINGS_MAX = 50
OTHERS_FACTOR = 3


class Rule(StrEnum):
    """Why something is on the list."""

    AFTERWARDS = "afterwards"
    DISPUTED = "disputed"
    LATE = "late"
    VOLUME = "volume"
    HURRIED = "hurried"
    MOSTLY_C = "mostly"
    BURST = "burst"


@dataclass(frozen=True)
class Finding:
    """One row: `n` records of `minutes` in all, of (or entered by) the person `who`; `compared` is what a rule weighs
    it against, in minutes; `minute` is the one of a burst (Unix seconds / 60).
    """

    rule: Rule
    who: int
    nickname: str
    n: int
    minutes: int
    compared: int
    minute: int


# Which records a rule finds. Nobody enters what somebody's own check-in proves; and each has its index, whose condition
# stands in it word for word.
RECORDS = {
    Rule.AFTERWARDS: "r.grade <> 'A' AND r.grade <> 'B' AND r.at >= :fresh",
    Rule.DISPUTED: "r.id IN (SELECT record_id FROM hours_disputes WHERE outcome IS NULL)",
    Rule.LATE: "r.grade <> 'A' AND r.grade <> 'D' AND r.at - r.ends > 3600 AND r.at >= :since "
    "AND r.at - r.ends > :closing",
    Rule.VOLUME: "r.grade <> 'A' AND r.at >= :month AND r.state <> 'refused'",
    Rule.HURRIED: "r.at - r.published_at < 86400 AND r.at >= :since AND r.at - r.published_at < :hurried",
    Rule.MOSTLY_C: "r.grade = 'C' AND r.state = 'standing'",
    Rule.BURST: "r.grade <> 'A' AND r.at >= :since AND r.state <> 'refused'",
}
OF_PERSON = (Rule.DISPUTED, Rule.MOSTLY_C)
GATHERED = """
    SELECT r.{by} AS who, COUNT(*) AS n, CAST(SUM(r.minutes) AS BIGINT) AS minutes, CAST(0 AS BIGINT) AS compared, 0 AS minute
    FROM hours_records r WHERE {which} GROUP BY r.{by} ORDER BY n DESC, who LIMIT :limit
"""
# Beside what the others who enter hours come to on average.
VOLUME = f"""
    WITH told AS (SELECT entered_by AS who, CAST(SUM(records) AS BIGINT) AS n, CAST(SUM(minutes) AS BIGINT) AS minutes
        FROM hours_told WHERE minute >= :month / 60 GROUP BY entered_by HAVING SUM(records) > 0),
    together AS (SELECT COUNT(*) AS people, CAST(SUM(minutes) AS BIGINT) AS minutes FROM told),
    compared AS (SELECT t.*, COALESCE((s.minutes - t.minutes) / NULLIF(s.people - 1, 0), 0) AS compared
        FROM told t CROSS JOIN together s)
    SELECT who, n, minutes, compared, 0 AS minute FROM compared
    WHERE minutes > :volume AND minutes > {OTHERS_FACTOR} * compared ORDER BY n DESC, who LIMIT :limit
"""  # noqa: S608 - a number of our own
BURST = """
    SELECT entered_by AS who, records AS n, minutes, CAST(0 AS BIGINT) AS compared, minute FROM hours_told
    WHERE steps > 1 AND steps >= :burst AND minute > :since / 60 AND records > 0 ORDER BY n DESC, who LIMIT :limit
"""
MOSTLY_C = """
    WITH most AS (SELECT person_id, a + b + c + d AS total FROM hours_accounts
        WHERE c > 0 AND a + b + c + d >= :enough AND c * 100 > (a + b + c + d) * :percent)
    SELECT r.person_id AS who, COUNT(*) AS n, CAST(SUM(r.minutes) AS BIGINT) AS minutes, m.total AS compared, 0 AS minute
    FROM most m CROSS JOIN hours_records r
    WHERE r.person_id = m.person_id AND {which} GROUP BY r.person_id, m.total ORDER BY n DESC, who LIMIT :limit
"""
FOUND = {Rule.VOLUME: VOLUME, Rule.MOSTLY_C: MOSTLY_C, Rule.BURST: BURST}
# The names of those who are on the list are looked up, and no others.
NAMED = """
    SELECT f.who, p.nickname, f.n, f.minutes, f.compared, f.minute FROM ({found}) f JOIN people p ON p.id = f.who
    ORDER BY f.n DESC, f.who
"""


def _gathered(rule: Rule) -> str:
    return NAMED.format(found=FOUND.get(rule, GATHERED).format(which=RECORDS[rule], by=_by(rule)))


def _by(rule: Rule) -> str:
    return "person_id" if rule in OF_PERSON else "entered_by"


def _values(tx: Transaction, rules: Hours) -> dict[str, Value]:
    return {
        "fresh": tx.now - FRESH_DAYS * DAY,
        "since": tx.now - LOOKED_AT_DAYS * DAY,
        "closing": rules.closing_hours * 3600,
        "month": days.month_begin(tx),
        "volume": rules.leader_hours_a_month * HOUR_MINUTES,
        "hurried": rules.hurried_minutes * 60,
        "enough": MOSTLY_C_FROM_HOURS * HOUR_MINUTES,
        "percent": rules.mostly_c_percent,
        "burst": rules.records_a_minute,
    }


def _needed(sql: str, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if f":{name}" in sql}


# Questions


async def findings(tx: Transaction, rules: Hours, which: Iterable[Rule] = Rule) -> list[Finding]:
    """Everything that these rules point at just now."""
    found = []
    for rule in which:
        sql = _gathered(rule)
        rows = await tx.all(sql, **_needed(sql, _values(tx, rules)), limit=FINDINGS_MAX)
        found += [Finding(rule, **row) for row in rows]
    return found


async def records_behind(tx: Transaction, rule: Rule, who: int, minute: int, number: int, rules: Hours) -> Page:
    """A page of the records that make one finding."""
    which = f"FROM hours_records r WHERE {RECORDS[rule]} AND r.{_by(rule)} = :who"
    which += " AND r.at / 60 = :minute" if rule is Rule.BURST else ""
    values = _needed(which, {**_values(tx, rules), "who": who, "minute": minute})
    total = await tx.value(f"SELECT COUNT(*) {which}", **values)
    rows = await tx.all(
        f"SELECT r.* {which} ORDER BY r.at DESC, r.id DESC LIMIT :limit OFFSET :offset",
        **values,
        limit=ROWS_PER_PAGE,
        offset=number * ROWS_PER_PAGE,
    )
    return page_counted(map(Record.of_row, rows), number, total)
