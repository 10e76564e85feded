"""What of signing up can be another after publishing: conditions, the window, names of roles, the mode while nobody is in.

Whoever is in it, or waits, keeps what he has, and is told.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from bot.domain import audit, telling
from bot.domain.activities import asking, news, posting, terming
from bot.domain.activities import conditions as asked
from bot.domain.activities.conditions import Condition
from bot.domain.activities.places import DRAWN, Mode
from bot.domain.activities.resizing import role_of
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, say
from bot.refusal import Refused
from bot.storage import Transaction

# Rules


def _check_window(activity: Activity, now: int) -> None:
    opens, closes = activity.opens_at, activity.closes_at
    if closes is not None and not now < closes <= activity.starts_at:
        raise Refused(
            say(
                "Signing up has to end between now and the start, {moment}. Nothing was changed.",
                moment=Moment(activity.starts_at),
            )
        )
    if opens is not None and not now < opens < (closes or activity.starts_at):
        raise Refused(say("Signing up has to open after now, and before it ends. Nothing was changed."))


def _check_mode(activity: Activity, mode: Mode) -> None:
    if activity.everybody:
        raise Refused(
            say(
                "{n} people have signed up by the rule that stands on the card, so it stays. Nothing was changed.",
                n=activity.everybody,
            ),
            asking.to_card(activity.id),
        )
    if mode is not Mode.FIRST and activity.all_places is None:
        raise Refused(
            say("Where there are places for all, nobody has to be chosen. Nothing was changed; say how many there are.")
        )


# Deeds


async def ask_for(tx: Transaction, activity_id: int, conditions: Iterable[Condition], *, by: Person) -> Activity:
    """Ask other things of those who sign up from now on. Raises Refused."""
    activity = await _held(tx, activity_id, by)
    return await _store(tx, replace(activity, conditions=await terming.named(tx, conditions)), by)


async def open_at(tx: Transaction, activity_id: int, opens_at: int | None, *, by: Person) -> Activity:
    """Let people sign up from another instant on; None: from now on. Raises Refused."""
    after = replace(await _held(tx, activity_id, by), opens_at=opens_at)
    _check_window(after, tx.now)
    return await _store(tx, after, by)


async def close_at(
    tx: Transaction, activity_id: int, closes_at: int | None, *, by: Person, tells: bool = True
) -> Activity:
    """Let people sign up until another instant; None: until the start, or the usual hour of a draw. Raises Refused."""
    before = await _held(tx, activity_id, by)
    if closes_at is None and before.mode in DRAWN and before.drawn_at is None:
        closes_at = terming.drawn_by(before.starts_at, tx.now)
    opens_at = before.opens_at if before.is_before_window(tx.now) else None
    after = replace(before, closes_at=closes_at, opens_at=opens_at)
    _check_window(after, tx.now)
    return await _store(tx, after, by, tells=tells)


async def choose_by(tx: Transaction, activity_id: int, mode: Mode, *, by: Person) -> Activity:
    """Give places by another rule, while nobody is in it; what was kept for first-timers is everybody's then."""
    before = await _held(tx, activity_id, by)
    _check_mode(before, mode)
    closes_at = before.closes_at
    if mode in DRAWN and closes_at is None:
        closes_at = terming.drawn_by(before.starts_at, tx.now)
    places = None if before.places is None else before.places + before.kept
    after = replace(before, mode=mode, closes_at=closes_at, places=places, kept=0)
    return await _store(tx, replace(after, seed=secrets.token_hex(terming.SEED_BYTES)), by)


async def call_role(tx: Transaction, role_id: int, name: str, *, by: Person) -> Activity:
    """Call a role otherwise. Raises Refused where another one is called so."""
    found, _ = await role_of(tx, role_id, by=by)
    if found.partner_id is not None or found.is_open:
        raise Refused(say("These places are called after those who may have them. Nothing was changed."))
    activity = await _held(tx, found.activity_id, by)
    renamed = await tx.run(
        "UPDATE activity_roles SET name = :name WHERE id = :id AND NOT EXISTS (SELECT 1 FROM activity_roles o "
        "WHERE o.activity_id = :activity AND o.id <> :id AND folded(o.name) = folded(:name))",
        name=name,
        id=role_id,
        activity=activity.id,
    )
    if not renamed:
        raise Refused(say("Two roles have the same name. Nothing was changed; please call one of them otherwise."))
    return await _told(tx, activity, by)


async def _held(tx: Transaction, activity_id: int, by: Person) -> Activity:
    await asking.managed_by(tx, activity_id, by)
    activity = await asking.locked(tx, activity_id)
    asking.check_ahead(activity, tx.now)
    return activity


STORE = """
    UPDATE activities SET mode = :mode, opens_at = :opens_at, closes_at = :closes_at, conditions = :conditions,
        seed = :seed, places = :places, kept = :kept, special = :special WHERE id = :id RETURNING *
"""


async def _store(tx: Transaction, after: Activity, by: Person, *, tells: bool = True) -> Activity:
    values = {name: getattr(after, name) for name in ("mode", "opens_at", "closes_at", "seed", "places", "kept", "id")}
    row = await tx.one(STORE, **values, conditions=asked.kept(after.conditions), special=int(terming.is_special(after)))
    assert row is not None, "the row is held"
    stored = Activity.of_row(row)
    await terming.plan(tx, stored)
    return await _told(tx, stored, by, tells=tells)


async def _told(tx: Transaction, activity: Activity, by: Person, *, tells: bool = True) -> Activity:
    number = await audit.note(tx, "activity.changed", activity.name, by=by.id)
    if tells and activity.everybody:
        await telling.begin(tx, news.TERMS, f"{activity.name}:{number}")
    await posting.redraw_soon(tx, activity)
    return activity
