"""How places are given is settled when an activity is published, with all that has to happen at its time."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from bot import due
from bot.domain import groups
from bot.domain.activities import conditions as asked
from bot.domain.activities import knowing, roles, ruling
from bot.domain.activities.conditions import Condition
from bot.domain.activities.kinds import Kind
from bot.domain.activities.places import DRAWN, FIRST_COME, Mode, Terms
from bot.domain.activities.things import HOUR, PLACES_MAX, Activity, Draft
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

OPEN = "activities.open.window"
DRAW = "activities.draw"
UNDECIDED = "activities.undecided"
ASK = "activities.ask.review"
SHARE = "activities.share.opens"
EXPIRING = "activities.expiring"
SEED_BYTES = 16
# So long before the start it is drawn where nobody says when.
DRAWN_HOURS_BEFORE = 24
ROLES_MAX = 6
SHARE_OF = 4
WARNED_DAYS = 30
DAY = 24 * HOUR


# Rules


def drawn_by(starts_at: int, now: int) -> int:
    """When it is drawn where nobody says when: a day before the start, or half-way to one that is nearer."""
    return max(starts_at - DRAWN_HOURS_BEFORE * HOUR, (now + starts_at) // 2)


def _whole(draft: Draft, terms: Terms, now: int) -> Terms:
    """The terms with what follows from them: when it is drawn, and what a training is called."""
    if terms.mode in DRAWN and terms.closes_at is None:
        terms = replace(terms, closes_at=drawn_by(draft.starts_at, now))
    if draft.kind is Kind.TRAINING and not terms.teaches:
        terms = replace(terms, teaches=draft.title)
    return terms


def _check_window(draft: Draft, terms: Terms, now: int) -> None:
    opens, closes = terms.opens_at, terms.closes_at
    if closes is not None and not now < closes <= draft.starts_at:
        raise Refused(
            say(
                "Signing up has to end between now and the start, {moment}. Nothing was published.",
                moment=Moment(draft.starts_at),
            )
        )
    if opens is not None and opens >= (closes or draft.starts_at):
        raise Refused(say("Signing up has to open before it ends. Nothing was published."))


def _check_places(draft: Draft, terms: Terms) -> None:
    total = sum(role.places for role in terms.roles)
    if len(terms.roles) > ROLES_MAX or total > PLACES_MAX:
        raise Refused(
            say(
                "There can be {roles} roles with {places} places in all. Nothing was published.",
                roles=ROLES_MAX,
                places=PLACES_MAX,
            )
        )
    if len({role.name.casefold() for role in terms.roles}) < len(terms.roles):
        raise Refused(say("Two roles have the same name. Nothing was published; please call one of them otherwise."))
    if terms.mode is not Mode.FIRST and not terms.roles and draft.places is None:
        raise Refused(
            say(
                "Where there are places for all, nobody has to be chosen. Nothing was published; say how many there are."
            )
        )


def is_special(activity: Activity) -> bool:
    """Does more than a free place decide who comes in?"""
    window = activity.opens_at is not None or activity.closes_at is not None
    chosen = activity.mode is not Mode.FIRST or activity.kept > 0
    return bool(window or chosen or activity.conditions or activity.has_roles)


def _on(activity: Activity, terms: Terms, now: int) -> Activity:
    """The activity as the terms make it: places that are kept for first-timers are no longer among those for all."""
    kept = (activity.places or 0) // terms.share if terms.share and not terms.roles else 0
    places = None if terms.roles or activity.places is None else activity.places - kept
    return replace(
        activity,
        mode=terms.mode,
        opens_at=terms.opens_at if terms.opens_at is not None and terms.opens_at > now else None,
        closes_at=terms.closes_at,
        conditions=terms.conditions,
        places=places,
        kept=kept,
        role_places=sum(role.places for role in terms.roles),
        teaches=terms.teaches,
        valid_months=terms.valid_months,
    )


# Questions


async def checked(tx: Transaction, draft: Draft) -> Terms:
    """The whole terms of what is to be published, with the groups found that they name. Raises Refused."""
    terms = _whole(draft, draft.terms, tx.now)
    _check_window(draft, terms, tx.now)
    _check_places(draft, terms)
    with_groups = [replace(role, conditions=await named(tx, role.conditions)) for role in terms.roles]
    return replace(terms, conditions=await named(tx, terms.conditions), roles=tuple(with_groups))


async def named(tx: Transaction, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The same, with groups by their number."""
    return tuple([await _of_group(tx, each) if each.kind == "group" else each for each in conditions])


async def _of_group(tx: Transaction, condition: Condition) -> Condition:
    if isinstance(condition.value, int):
        return condition
    group = await groups.called(tx, condition.value)
    if group is None:
        raise Refused(
            say("There is no group called {name}. Nothing was saved.", name=condition.value),
            WayOut(say("All groups"), "groups.list"),
        )
    return Condition("group", group.id, group.name)


# Deeds

SETTLE = """
    UPDATE activities SET mode = :mode, opens_at = :opens_at, closes_at = :closes_at, conditions = :conditions,
        seed = :seed, places = :places, kept = :kept, role_places = :role_places, special = :special,
        teaches = :teaches, valid_months = :valid_months
    WHERE id = :id RETURNING *
"""
SETTLED = ("id", "mode", "opens_at", "closes_at", "places", "kept", "role_places", "teaches", "valid_months")


async def settle(tx: Transaction, activity: Activity, terms: Terms) -> Activity:
    """Write down how the places of an activity are given that has just been published, and plan what follows."""
    if terms == FIRST_COME:
        return activity
    after = _on(activity, terms, tx.now)
    row = await tx.one(
        SETTLE,
        **{name: getattr(after, name) for name in SETTLED},
        conditions=asked.kept(after.conditions),
        seed=secrets.token_hex(SEED_BYTES),
        special=int(is_special(after)),
    )
    assert row is not None, "it has just been written"
    await roles.found(tx, activity.id, terms.roles)
    settled = Activity.of_row(row)
    await plan(tx, settled)
    return settled


async def plan(tx: Transaction, activity: Activity) -> None:
    """Plan what has to happen at its time; what was planned for another start before is put away."""
    for deed, at in _planned(tx, activity).items():
        await due.drop(tx, _subject(deed, activity), deed)
        if at is not None:
            await due.plan(tx, deed, _subject(deed, activity), max(at, tx.now + 1))


def _planned(tx: Transaction, activity: Activity) -> dict[str, int | None]:
    drawn = activity.mode in DRAWN and activity.drawn_at is None
    ends = knowing.valid_until(tx, activity.ends_at, activity.valid_months)
    return {
        OPEN: activity.opens_at if activity.opens_at is not None and activity.opens_at > tx.now else None,
        DRAW: activity.closes_at if drawn else None,
        ASK: (activity.closes_at or activity.starts_at - 2 * DAY) if activity.mode is Mode.REVIEW else None,
        UNDECIDED: activity.starts_at if activity.mode is Mode.REVIEW else None,
        SHARE: ruling.share_opens_at(activity) if activity.kept else None,
        EXPIRING: ends - WARNED_DAYS * DAY if activity.teaches and activity.valid_months else None,
    }


def _subject(deed: str, activity: Activity) -> str:
    """What is told to many in slices ends with the number of the last who was told."""
    return f"{activity.name}:0" if deed in (OPEN, EXPIRING) else activity.name
