"""“Still coming?”: the answers to the reminders' question, and whose place is at risk."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, Page, page_of, press, window
from bot.domain.activities import asking
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

MISSED_WITHIN_SECONDS = 90 * 24 * 3600
RISK_ROWS = 5
STAND_INS_SHOWN = 5


@dataclass(frozen=True)
class AtRisk:
    """Somebody whose place is perhaps empty in the end. `handover`: his place is being offered on.

    `missed`: how often he was missed without excuse in the last ninety days.
    """

    id: int
    nickname: str
    is_silent: bool
    missed: int
    handover: int | None


@dataclass(frozen=True)
class StandIn:
    """Who took whose place over."""

    giver: str
    taker: str


def coming_buttons(activity_id: int) -> tuple[Button, ...]:
    """The two answers to “still coming?”."""
    return (
        Button(say("I'm coming"), press("activities.coming", activity_id), style="primary"),
        Button(say("I can't come"), press("activities.leave", activity_id)),
    )


# Questions

# Asked whether he comes, and has not answered since.
SILENT = "(p.asked_at IS NOT NULL AND p.asked_at <= :now AND COALESCE(p.coming_at, 0) < p.asked_at)"
AT_RISK = f"""
    FROM (
        SELECT p.id, p.person_id, CASE WHEN {SILENT} THEN 1 ELSE 0 END AS is_silent,
            (SELECT COUNT(*) FROM participations m JOIN activities o ON o.id = m.activity_id
                WHERE m.person_id = p.person_id AND m.state = 'in' AND m.came = 0 AND m.how IS NULL
                AND m.confirmed_at IS NOT NULL AND o.ends_at > :since) AS missed, h.id AS handover
        FROM participations p LEFT JOIN handovers h ON h.giver_id = p.id AND h.state = 'open'
        WHERE p.activity_id = :id AND p.state = 'in') j
    WHERE is_silent = 1 OR missed > 0 OR handover IS NOT NULL
"""  # noqa: S608 - put together from two texts of our own
IN_ORDER = "ORDER BY j.is_silent DESC, j.missed DESC, j.id"
# The names of one page alone are looked up.
AT_RISK_PAGE = f"""
    SELECT j.id, pe.nickname, j.is_silent, j.missed, j.handover, j.total
    FROM (SELECT *, COUNT(*) OVER () AS total {AT_RISK} {IN_ORDER} LIMIT :limit OFFSET :offset) j JOIN people pe ON pe.id = j.person_id {IN_ORDER}
"""  # noqa: S608 - put together from texts of our own


async def at_risk(tx: Transaction, activity: Activity, number: int) -> Page:
    """A page of those who have not answered, were missed lately, or look for a stand-in; the silent ones first."""
    values = {"id": activity.id, "now": tx.now, "since": tx.now - MISSED_WITHIN_SECONDS}
    rows = await tx.all(AT_RISK_PAGE, **values, **window(number, RISK_ROWS))
    found = (AtRisk(row["id"], row["nickname"], bool(row["is_silent"]), row["missed"], row["handover"]) for row in rows)
    return page_of(found, number, total=rows[0]["total"] if rows else 0, each=RISK_ROWS)


async def stand_ins(tx: Transaction, activity: Activity) -> list[StandIn]:
    """Who took whose place over, the last few."""
    rows = await tx.all(
        "SELECT g.nickname AS giver, t.nickname AS taker FROM handovers h "
        "JOIN participations p ON p.id = h.giver_id JOIN people g ON g.id = p.person_id "
        "JOIN people t ON t.id = h.taker_id WHERE h.activity_id = :id AND h.state = 'taken' "
        "ORDER BY h.id DESC LIMIT :limit",
        id=activity.id,
        limit=STAND_INS_SHOWN,
    )
    return [StandIn(**row) for row in rows]


# Deeds


async def asked(tx: Transaction, numbers: Sequence[int]) -> None:
    """Those with these sign-ups are asked now whether they come; what they said before counts no more."""
    await tx.run(
        f"UPDATE participations SET asked_at = :now WHERE id {AMONG}",  # noqa: S608 - a text of our own
        now=tx.now,
        ids=listed(numbers),
    )


COMING = """
    UPDATE participations SET coming_at = :now
    WHERE activity_id = :activity AND person_id = :person AND state = 'in' RETURNING id
"""


async def say_coming(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """He comes: nobody looks for another any more. Raises Refused when he has no place, or it has begun."""
    activity = await asking.locked(tx, activity_id)
    asking.check_ahead(activity, tx.now)
    mine = await tx.value(COMING, activity=activity_id, person=by.id, now=tx.now)
    if mine is None:
        raise Refused(
            say("You have no place in “{title}”. Nothing was changed.", title=activity.title),
            asking.to_card(activity_id),
            WayOut(say("My sign-ups"), "activities.mine"),
        )
    await end_search(tx, mine)
    return activity


async def end_search(tx: Transaction, giver_id: int) -> bool:
    """Nobody looks for another for this sign-up any more. False where nobody did."""
    ended = await tx.run(
        "UPDATE handovers SET state = 'ended', done_at = :now WHERE giver_id = :giver AND state = 'open'",
        giver=giver_id,
        now=tx.now,
    )
    return bool(ended)
