"""What a supervisor should look at: each row names the rule and the numbers, and opens the records behind it."""

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


# Which records a rule finds, and by whom they are gathered.
RECORDS = {
    Rule.AFTERWARDS: "r.grade IN ('C', 'D') AND r.at >= :fresh",
    Rule.DISPUTED: "EXISTS (SELECT 1 FROM hours_disputes d WHERE d.record_id = r.id AND d.outcome IS NULL)",
    Rule.LATE: "r.grade <> 'D' AND r.at >= :since AND r.at - r.ends > :closing",
    Rule.VOLUME: "r.grade <> 'A' AND r.at >= :month AND r.state <> 'refused'",
    Rule.HURRIED: "r.published_at IS NOT NULL AND r.at >= :since AND r.at - r.published_at < :hurried",
    Rule.MOSTLY_C: "r.grade = 'C' AND r.state = 'standing'",
    Rule.BURST: "r.at >= :since",
}
GATHERED = """
    SELECT r.{by} AS who, p.nickname, COUNT(*) AS n, CAST(SUM(r.minutes) AS BIGINT) AS minutes,
        CAST({compared} AS BIGINT) AS compared, {minute} AS minute
    FROM hours_records r JOIN people p ON p.id = r.{by} {joined}
    WHERE {which} GROUP BY r.{by}, p.nickname{more} HAVING {having}
    ORDER BY n DESC, who LIMIT :limit
"""
# What the others who enter hours come to on average.
OTHERS = """
    (SELECT COALESCE(SUM(o.minutes) / NULLIF(COUNT(DISTINCT o.entered_by), 0), 0) FROM hours_records o
     WHERE o.grade <> 'A' AND o.at >= :month AND o.state <> 'refused' AND o.entered_by <> r.entered_by)
"""
TOTAL = "(k.a + k.b + k.c + k.d)"


def _gathered(rule: Rule) -> str:
    parts = {"by": "entered_by", "compared": "0", "minute": "0", "joined": "", "more": "", "having": "COUNT(*) > 0"}
    match rule:
        case Rule.VOLUME:
            parts |= {
                "compared": OTHERS,
                "having": f"SUM(r.minutes) > :volume AND SUM(r.minutes) > {OTHERS_FACTOR} * {OTHERS}",
            }
        case Rule.MOSTLY_C:
            parts |= {"by": "person_id", "joined": "JOIN hours_accounts k ON k.person_id = r.person_id"}
            parts |= {"compared": TOTAL, "more": ", k.a, k.b, k.c, k.d"}
            parts["having"] = f"{TOTAL} >= :enough AND k.c * 100 > {TOTAL} * :percent"
        case Rule.BURST:
            parts |= {"minute": "r.at / 60", "more": ", r.at / 60", "having": "COUNT(DISTINCT r.came_from) >= :burst"}
        case Rule.DISPUTED:
            parts["by"] = "person_id"
        case _:
            pass
    return GATHERED.format(which=RECORDS[rule], **parts)


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


async def findings(tx: Transaction, rules: Hours) -> list[Finding]:
    """Everything that a rule points at just now."""
    found = []
    for rule in Rule:
        sql = _gathered(rule)
        rows = await tx.all(sql, **_needed(sql, _values(tx, rules)), limit=FINDINGS_MAX)
        found += [Finding(rule, **row) for row in rows]
    return found


async def records_behind(tx: Transaction, rule: Rule, who: int, minute: int, number: int, rules: Hours) -> Page:
    """A page of the records that make one finding."""
    by = "person_id" if rule in (Rule.MOSTLY_C, Rule.DISPUTED) else "entered_by"
    which = f"FROM hours_records r WHERE {RECORDS[rule]} AND r.{by} = :who"
    which += " AND r.at / 60 = :minute" if rule is Rule.BURST else ""
    values = _needed(which, {**_values(tx, rules), "who": who, "minute": minute})
    total = await tx.value(f"SELECT COUNT(*) {which}", **values)
    rows = await tx.all(
        f"SELECT r.* {which} ORDER BY r.id DESC LIMIT :limit OFFSET :offset",
        **values,
        limit=ROWS_PER_PAGE,
        offset=number * ROWS_PER_PAGE,
    )
    return page_counted(map(Record.of_row, rows), number, total)
