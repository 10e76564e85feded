"""Questions about feedback: mine, everybody's together, and what waits for an admin."""

from collections.abc import Iterable

from bot.cards import Page, page_of, window
from bot.domain import activities
from bot.domain.activities import Activity
from bot.domain.feedback.things import MOODS, OPEN_DAYS, Mine, Summary, Worry
from bot.domain.people import Person
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, filled

DAY = 24 * 3600
CONFIRMED_AT = """
    SELECT confirmed_at FROM participations
    WHERE activity_id = :activity AND person_id = :person AND state = 'in' AND came = 1 AND confirmed_at IS NOT NULL
"""


async def of_mine(tx: Transaction, activity_id: int, me: Person) -> Activity:
    """The activity, if `me` may say how it was. Raises Refused."""
    activity = await activities.by_id(tx, activity_id)
    confirmed_at = await tx.value(CONFIRMED_AT, activity=activity_id, person=me.id)
    if confirmed_at is None:
        raise Refused(
            say("Whoever came to “{title}” can say how it was, once that is confirmed.", title=activity.title),
            WayOut(say("My sign-ups"), "activities.mine"),
        )
    if confirmed_at + OPEN_DAYS * DAY <= tx.now:
        raise Refused(
            say(
                "That could be said until {moment}: {days} days long. Nothing was changed.",
                moment=Moment(confirmed_at + OPEN_DAYS * DAY),
                days=OPEN_DAYS,
            ),
            WayOut(say("My sign-ups"), "activities.mine"),
        )
    return activity


async def mine(tx: Transaction, activity_id: int, me: Person) -> Mine | None:
    """What `me` said, if anything."""
    row = await tx.one(
        "SELECT mood, words FROM feedback WHERE activity_id = :activity AND person_id = :person",
        activity=activity_id,
        person=me.id,
    )
    if row is None:
        return None
    ticked = await tx.all(
        "SELECT remark FROM feedback_remarks WHERE activity_id = :activity AND person_id = :person",
        activity=activity_id,
        person=me.id,
    )
    return Mine(row["mood"], row["words"], frozenset(each["remark"] for each in ticked))


async def summary(tx: Transaction, activity_ids: Iterable[int]) -> Summary:
    """What all said of these activities together; a handful of them, such as those of one project."""
    moods, remarks = dict.fromkeys(MOODS, 0), dict[str, int]()
    for activity_id in sorted(set(activity_ids)):
        for row in await tx.all(
            "SELECT mood, COUNT(*) AS n FROM feedback WHERE activity_id = :id GROUP BY mood", id=activity_id
        ):
            moods[row["mood"]] += row["n"]
        for row in await tx.all(
            "SELECT remark, COUNT(*) AS n FROM feedback_remarks WHERE activity_id = :id GROUP BY remark", id=activity_id
        ):
            remarks[row["remark"]] = remarks.get(row["remark"], 0) + row["n"]
    return Summary(moods, remarks)


async def words_of(tx: Transaction, activity_id: int, number: int) -> Page:
    """A page of what was written, without names and in the order of the letters: no order tells who wrote when."""
    rows = await tx.all(
        "SELECT words FROM feedback WHERE activity_id = :id AND words <> '' ORDER BY words LIMIT :limit OFFSET :offset",
        id=activity_id,
        **window(number),
    )
    found = tuple(row["words"] for row in rows)
    return page_of(found, number)


WORRIES_NUMBER = "SELECT COUNT(*) FROM feedback_worries WHERE settled_at IS NULL"


async def worries(tx: Transaction, number: int) -> Page:
    """A page of worries that nobody has settled, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM feedback_worries WHERE settled_at IS NULL ORDER BY id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of((filled(Worry, row) for row in rows), number, total=int(await tx.value(WORRIES_NUMBER)))


async def worry(tx: Transaction, worry_id: int) -> Worry:
    """One worry. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM feedback_worries WHERE id = :id", id=worry_id)
    if row is None:
        raise Refused(say("There is no such report."), WayOut(say("Reports"), "feedback.worries"))
    return filled(Worry, row)
