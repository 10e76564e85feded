"""Thanks from whoever led an activity to those who came: once a person and activity, with a word what for."""

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.config import House
from bot.domain import activities, people
from bot.domain.activities import Activity
from bot.domain.feedback.things import THANKS
from bot.domain.people import Person
from bot.due import Due
from bot.locales import say, say_n
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

THANKING = "feedback.thanking"
# People who are thanked in one transaction, so that it holds nobody up.
THANKED_AT_ONCE = 100
UNTHANKED = """
    FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.state = 'in' AND p.came = 1 AND p.confirmed_at IS NOT NULL
        AND p.person_id <> :by AND pe.forgotten_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM thanks t WHERE t.activity_id = p.activity_id AND t.person_id = p.person_id)
"""
THANK = """
    INSERT INTO thanks (activity_id, person_id, by_id, word, at)
    VALUES (:activity, :person, :by, :word, :now) ON CONFLICT DO NOTHING RETURNING id
"""


# Questions


async def unthanked(tx: Transaction, activity_id: int, me: Person, number: int) -> Page:
    """A page of those who came and whom nobody has thanked yet, in the order in which they signed up."""
    values = {"activity": activity_id, "by": me.id}
    rows = await tx.all(
        f"SELECT pe.* {UNTHANKED} ORDER BY p.id LIMIT :limit OFFSET :offset",
        **window(number),
        **values,
    )
    total = await tx.value(f"SELECT COUNT(*) {UNTHANKED}", **values)
    return page_of((people.of_row(row) for row in rows), number, total=total)


async def thanks_of(tx: Transaction, person: Person) -> dict[str, int]:
    """How often somebody was thanked, and what for."""
    rows = await tx.all("SELECT word, COUNT(*) AS n FROM thanks WHERE person_id = :id GROUP BY word", id=person.id)
    return {row["word"]: row["n"] for row in rows}


async def may_thank(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """The activity, if `by` answers for it and it is confirmed. Raises Refused."""
    activity = await activities.managed_by(tx, activity_id, by)
    if not activity.is_confirmed:
        raise Refused(
            say("First say who came to “{title}”; then you can thank them.", title=activity.title),
            WayOut(say("Who came?"), press("activities.roll", activity_id)),
        )
    return activity


# Deeds


async def thank(tx: Transaction, activity_id: int, person_id: int, word: str, *, by: Person) -> Person:
    """Thank one who came; he hears it at once. Raises Refused when he was thanked before, or did not come."""
    activity = await may_thank(tx, activity_id, by=by)
    row = await tx.one(f"SELECT pe.* {UNTHANKED} AND pe.id = :id", activity=activity_id, by=by.id, id=person_id)
    if row is None or not await _thank(tx, activity, people.of_row(row), word, by):
        raise Refused(
            say("This person has been thanked for it already, or did not come. Nothing was sent."),
            WayOut(say("Thank others"), press("feedback.thanks", activity_id)),
        )
    return people.of_row(row)


async def _thank(tx: Transaction, activity: Activity, person: Person, word: str, by: Person) -> bool:
    thanks_id = await tx.value(THANK, activity=activity.id, person=person.id, by=by.id, word=word, now=tx.now)
    if thanks_id is None:
        return False
    screen = card(
        say("🙏 {name} thanks you for {what}: “{title}”.", name=by.nickname, what=THANKS[word], title=activity.title),
        rows=((Button(say("My thanks"), "feedback.mine"),),),
    )
    await people.tell(tx, person, screen, lane=Lane.REMINDER, key=f"thanks:{tx.bot}:{thanks_id}")
    return True


async def thank_all(tx: Transaction, activity_id: int, word: str, *, by: Person) -> int:
    """Thank everybody who came and was not thanked yet, in slices; how many they are. Raises Refused for none."""
    activity = await may_thank(tx, activity_id, by=by)
    many = int(await tx.value(f"SELECT COUNT(*) {UNTHANKED}", activity=activity_id, by=by.id))
    if not many:
        raise Refused(say("Everybody who came has been thanked. Nothing was sent."))
    await due.plan(tx, THANKING, f"{activity.name}:{by.id}:{word}:0", tx.now)
    return many


async def thank_on(tx: Transaction, item: Due, house: House) -> None:
    """Thank the next slice of those who came; after the last one whoever thanks is told."""
    activity = await activities.by_id(tx, item.number)
    _, _, by_id, word, thanked = item.subject.split(":")
    by = await people.by_id(tx, int(by_id))
    rows = await tx.all(
        f"SELECT pe.* {UNTHANKED} ORDER BY pe.id LIMIT :limit",
        activity=activity.id,
        by=by.id,
        limit=THANKED_AT_ONCE,
    )
    so_far = int(thanked) + sum([await _thank(tx, activity, people.of_row(row), word, by) for row in rows])
    if len(rows) == THANKED_AT_ONCE:
        await due.plan(tx, THANKING, f"{activity.name}:{by.id}:{word}:{so_far}", tx.now)
        return
    done = card(say_n("🙏 {n} person has your thanks.", "🙏 {n} people have your thanks.", so_far))
    await people.tell(tx, by, done, key=f"thanked:{tx.bot}:{item.id}")
