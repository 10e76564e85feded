"""Where the leaders decide: who applied, with what is known of each; accepted or declined, each told why."""

from dataclasses import dataclass

from bot import due
from bot.cards import Button, Card, Page, card, page_of, press, window
from bot.config import House, Settings
from bot.domain import audit, people
from bot.domain.activities import asking, posting, reminding, roles, taking
from bot.domain.activities.terming import UNDECIDED
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Said, Span, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction

LAPSED_AT_ONCE = 50


@dataclass(frozen=True)
class Applicant:
    """One who asks for a place, and how often he came to anything or missed it."""

    id: int
    activity_id: int
    person_id: int
    nickname: str
    role_id: int | None
    role: str
    came: int
    missed: int


# Questions

APPLICANTS = """
    SELECT p.id, p.activity_id, p.person_id, pe.nickname, p.role_id, COALESCE(r.name, '') AS role,
        (SELECT COUNT(*) FROM participations q WHERE q.person_id = p.person_id AND q.state = 'in' AND q.came = 1
            AND q.confirmed_at IS NOT NULL) AS came,
        (SELECT COUNT(*) FROM participations q WHERE q.person_id = p.person_id AND q.state = 'in' AND q.came = 0
            AND q.confirmed_at IS NOT NULL) AS missed
    FROM participations p JOIN people pe ON pe.id = p.person_id LEFT JOIN activity_roles r ON r.id = p.role_id
"""


async def applicants(tx: Transaction, activity: Activity, number: int) -> Page:
    """A page of those who ask for a place, in the order in which they asked."""
    rows = await tx.all(
        APPLICANTS + "WHERE p.activity_id = :id AND p.state = 'applied' ORDER BY p.id LIMIT :limit OFFSET :offset",
        id=activity.id,
        **window(number),
    )
    return page_of((Applicant(**row) for row in rows), number, total=activity.applied)


async def applicant(tx: Transaction, participation_id: int, *, by: Person) -> tuple[Applicant, Activity]:
    """Somebody who asks for a place, and of what, if `by` decides there. Raises Refused, also for oneself."""
    row = await tx.one(APPLICANTS + "WHERE p.id = :id AND p.state = 'applied'", id=participation_id)
    if row is None:
        raise Refused(say("This has been decided already, or taken back. Nothing was changed; open the list again."))
    found = Applicant(**row)
    activity = await asking.managed_by(tx, found.activity_id, by)
    if found.person_id == by.id:
        raise Refused(
            say("Nobody decides on himself: another leader or a county admin has to do this. Nothing was changed.")
        )
    return found, activity


# Deeds

DECIDE = """
    UPDATE participations SET state = :state, was = :was, since = :now WHERE id = :id AND state = 'applied'
"""
ACCEPT = """
    UPDATE activities SET applied = applied - 1, taken = taken + 1
    WHERE id = :id AND (places IS NULL OR taken < places) RETURNING *
"""


async def accept(tx: Transaction, participation_id: int, *, by: Person, rules: Settings) -> Activity:
    """Give somebody the place that he asks for; he is told.

    Raises Refused where none is free any more, and where he could not sign up now.
    """
    found, _ = await applicant(tx, participation_id, by=by)
    person = await people.held(tx, found.person_id)
    found, activity = await _held(tx, participation_id, by)
    await _check(tx, activity, found.role_id, person, rules)
    await _decide(tx, found, "in")
    if found.role_id is None:
        row = await tx.one(ACCEPT, id=activity.id)
        if row is None:
            raise _full(activity, activity.all_places or 0)
    else:
        await _accept_as(tx, activity, found.role_id)
    await audit.note(tx, "activity.accepted", activity.name, by=by.id, person=found.person_id)
    await _tell(tx, found, activity, say("✅ <b>You have a place</b> in “{title}”.", title=activity.title))
    return await _after(tx, activity)


async def _check(tx: Transaction, activity: Activity, role_id: int | None, person: Person, rules: Settings) -> None:
    try:
        await taking.check(tx, activity, role_id, person, rules)
    except Refused as no:
        raise Refused(
            say("{name} can't have the place: {why}", name=person.nickname, why=no.reason),
            asking.to_card(activity.id),
        ) from no


async def _accept_as(tx: Transaction, activity: Activity, role_id: int) -> None:
    role = next(role for role in await roles.roles_of(tx, activity) if role.id == role_id)
    if not role.free:
        raise _full(activity, role.places)
    await roles.count(tx, activity, role_id, taken=1)
    await _uncount(tx, activity)


def _full(activity: Activity, places: int) -> Refused:
    return Refused(
        say_n(
            "The one place is taken. Nothing was changed; give more places, or decline.",
            "All {n} places are taken. Nothing was changed; give more places, or decline.",
            places,
        ),
        asking.to_card(activity.id),
    )


async def decline(tx: Transaction, participation_id: int, reason: str, *, by: Person) -> Activity:
    """Say no to somebody who asks for a place; he is told the reason. Raises Refused."""
    found, activity = await _held(tx, participation_id, by)
    await _decide(tx, found, "out")
    await _uncount(tx, activity)
    await reminding.drop(tx, found.id)
    await audit.note(tx, "activity.declined", activity.name, by=by.id, person=found.person_id)
    words = say("No place in “{title}” this time. Its leaders say: {reason}", title=activity.title, reason=reason)
    await _tell(tx, found, activity, words)
    return await _after(tx, activity)


async def _held(tx: Transaction, participation_id: int, by: Person) -> tuple[Applicant, Activity]:
    found, before = await applicant(tx, participation_id, by=by)
    activity = await asking.locked(tx, before.id)
    if not activity.takes_sign_ups(tx.now):
        raise Refused(
            say("“{title}” has begun or was called off: nobody is chosen any more.", title=activity.title),
            asking.to_card(activity.id),
        )
    return found, activity


async def _decide(tx: Transaction, found: Applicant, state: str) -> None:
    was = "applied" if state == "out" else None
    if not await tx.run(DECIDE, id=found.id, state=state, was=was, now=tx.now):
        raise Refused(say("This has been decided already, or taken back. Nothing was changed; open the list again."))


async def _uncount(tx: Transaction, activity: Activity, many: int = 1) -> None:
    await tx.run("UPDATE activities SET applied = applied - :many WHERE id = :id", id=activity.id, many=many)


async def _after(tx: Transaction, activity: Activity) -> Activity:
    await posting.redraw_soon(tx, activity)
    return await asking.by_id(tx, activity.id)


async def _tell(tx: Transaction, found: Applicant, activity: Activity, words: Said) -> None:
    person = await people.by_id(tx, found.person_id)
    await people.tell(tx, person, _card(activity, words), lane=Lane.REMINDER, not_after=activity.starts_at)


def _card(activity: Activity, words: Said) -> Card:
    return card(
        words,
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        rows=((Button(say("Open"), press("activities.open", activity.id)),),),
    )


LAPSED = """
    UPDATE participations SET state = 'out', was = 'applied', since = :now WHERE id IN (SELECT id FROM participations
        WHERE activity_id = :activity AND state = 'applied' ORDER BY id LIMIT :limit) RETURNING id, person_id
"""


async def lapse(tx: Transaction, item: Due, house: House) -> None:
    """It has begun: whoever was not decided about is told so, a slice at a time."""
    activity = await asking.locked(tx, item.number)
    if not activity.is_open or not activity.has_begun(tx.now):
        return
    rows = await tx.all(LAPSED, activity=activity.id, now=tx.now, limit=LAPSED_AT_ONCE)
    await _uncount(tx, activity, len(rows))
    words = say("“{title}” has begun, and nobody decided about your application. It has lapsed.", title=activity.title)
    for row in sorted(rows, key=lambda row: row["person_id"]):
        await reminding.drop(tx, row["id"])
        await people.tell(tx, await people.by_id(tx, row["person_id"]), _card(activity, words), lane=Lane.REMINDER)
    if len(rows) == LAPSED_AT_ONCE:
        await due.plan(tx, UNDECIDED, activity.name, tx.now + 1)


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """The start is near: let the leaders know that people wait for their word."""
    activity = await asking.by_id(tx, item.number)
    if not activity.takes_sign_ups(tx.now) or not activity.applied:
        return
    words = say_n(
        "📝 {n} person waits for your word about “{title}”. What is not decided lapses at the start.",
        "📝 {n} people wait for your word about “{title}”. What is not decided lapses at the start.",
        activity.applied,
        title=activity.title,
    )
    button = Button(say("Applications"), press("activities.applicants", activity.id))
    for leader in await asking.answerable(tx, activity):
        await people.tell(tx, leader, card(words, rows=((button,),)), lane=Lane.REMINDER)
