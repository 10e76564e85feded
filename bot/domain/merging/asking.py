"""Questions about merges, and about what each of two records has."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Page, page_of, window
from bot.domain import hours, minors, people, points
from bot.domain.merging.things import Merge
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed


@dataclass(frozen=True)
class Having:
    """What one of two records has, shown beside the other."""

    person: Person
    points: int
    minutes: int
    star: int
    groups: int
    sign_ups: int
    reserved: int
    children: int


# Questions

MERGE = """
    SELECT m.id, m.old_id, m.into_id, CASE WHEN m.state = 'done' THEN m.old_name ELSE o.nickname END AS old_name,
        i.nickname AS into_name, m.asked_by, a.nickname AS asker, m.agreed_by, m.state, m.until,
        m.old_yes = 1 AS old_yes, m.into_yes = 1 AS into_yes, o.telegram_id IS NOT NULL AS old_has,
        i.telegram_id IS NOT NULL AS into_has
    FROM merges m JOIN people o ON o.id = m.old_id JOIN people i ON i.id = m.into_id JOIN people a ON a.id = m.asked_by
"""
# Those that are under way.
OPEN_NUMBER = "SELECT COUNT(*) FROM merges WHERE state IN ('waiting', 'asked')"


async def merge(tx: Transaction, merge_id: int, *, hold: bool = False) -> Merge:
    """One of them; with `hold` nobody else's until the commit. Raises Refused where there is none."""
    row = await tx.one(f"{MERGE} WHERE m.id = :id {'/*pg FOR UPDATE OF m*/' if hold else ''}", id=merge_id)
    if row is None:
        raise Refused(say("There is no such merge."), WayOut(say("Merges"), "merging.list"))
    return Merge(**row)


async def open_merges(tx: Transaction, number: int) -> Page:
    """A page of those that are under way, the oldest first."""
    rows = await tx.all(
        f"{MERGE} WHERE m.state IN ('waiting', 'asked') ORDER BY m.id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of((Merge(**row) for row in rows), number)


async def having(tx: Transaction, person_id: int) -> Having:
    """What a record has."""
    person = await people.by_id(tx, person_id)
    return Having(
        person=person,
        points=await points.balance(tx, person_id),
        minutes=(await hours.sums(tx, person_id)).total,
        star=await hours.star_held(tx, person_id),
        groups=await _count(tx, "memberships WHERE state <> 'left' AND", person_id),
        sign_ups=await _count(tx, "participations WHERE state <> 'out' AND", person_id),
        reserved=await _count(tx, "redemptions WHERE state = 'reserved' AND", person_id),
        children=sum(stands for _, stands in await minors.children_of(tx, person)),
    )


async def _count(tx: Transaction, which: str, person_id: int) -> int:
    return int(await tx.value(f"SELECT COUNT(*) FROM {which} person_id = :id", id=person_id))  # noqa: S608 - a text of our own


VOUCHED = """
    SELECT (SELECT COUNT(*) FROM participations WHERE person_id = :one AND confirmed_by = :other)
        + (SELECT COUNT(*) FROM hours_records r WHERE r.person_id = :one AND (r.entered_by = :other OR EXISTS (
            SELECT 1 FROM hours_approvals a WHERE a.record_id = r.id AND a.approver_id = :other)))
        + (SELECT COUNT(*) FROM nominations WHERE person_id = :one AND by_id = :other)
"""


async def vouched(tx: Transaction, one: int, other: int) -> int:
    """How often one of the two confirmed, entered or nominated something of the other: themselves, then."""
    ways = [await tx.value(VOUCHED, one=one, other=other), await tx.value(VOUCHED, one=other, other=one)]
    return sum(int(found) for found in ways)


async def titles(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """From which record points came, by the number of the merge."""
    rows = await tx.all(f"SELECT id, old_id FROM merges WHERE id {AMONG}", ids=listed(ids))  # noqa: S608 - a text of our own
    return {row["id"]: f"#{row['old_id']}" for row in rows}
