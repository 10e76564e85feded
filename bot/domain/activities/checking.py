"""Codes that people send: of the door where they take part, or of a member whom they lead; what is wrong is counted."""

from dataclasses import dataclass

from bot.config import Settings
from bot.domain import groups
from bot.domain.activities import asking, codes, staying
from bot.domain.activities.staying import Noted
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

SHOWN_MAX = 2000


@dataclass(frozen=True)
class Wrong:
    """A code was none, or an old one (`was_until`); `left` more may be tried."""

    left: int
    was_until: int | None


# Questions

IN_TIME = "a.state = 'open' AND a.starts_at <= :early AND a.ends_at >= :late"
RUNNING = f"""
    SELECT a.*, p.id AS signup, p.person_id FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE p.person_id = :person AND p.state = 'in' AND {IN_TIME} ORDER BY a.starts_at, a.id
"""  # noqa: S608 - nothing typed
LED = f"""
    SELECT a.*, p.id AS signup, p.person_id, s.secret FROM activities a
    JOIN participations p ON p.activity_id = a.id AND p.state = 'in' AND p.person_id <> :me
    JOIN secrets s ON s.subject = 'person:' || CAST(p.person_id AS TEXT)
    WHERE {IN_TIME} AND (:admin = 1 OR a.group_id IN (SELECT group_id FROM leaders WHERE person_id = :me))
    ORDER BY a.starts_at, a.id, p.id LIMIT :limit
"""  # noqa: S608 - nothing typed


def _window(tx: Transaction, settings: Settings) -> dict[str, int]:
    rules = settings.presence
    return {"early": tx.now + rules.early_minutes * 60, "late": tx.now - rules.after_minutes * 60}


async def running(tx: Transaction, me: Person, settings: Settings) -> list[Activity]:
    """What `me` has a place in and can check in to or out of just now."""
    rows = await tx.all(RUNNING, person=me.id, **_window(tx, settings))
    return [Activity.of_row(row) for row in rows]


LED_NOW = f"""
    SELECT a.* FROM activities a WHERE {IN_TIME} AND a.group_id IN (SELECT group_id FROM leaders WHERE person_id = :me)
    ORDER BY a.starts_at, a.id LIMIT 3
"""  # noqa: S608 - nothing typed


async def led_now(tx: Transaction, me: Person, settings: Settings) -> list[Activity]:
    """The first of what `me` leads for which a code can be shown just now."""
    rows = await tx.all(LED_NOW, me=me.id, **_window(tx, settings))
    return [Activity.of_row(row) for row in rows]


# Deeds


async def enter(
    tx: Transaction, code: str, *, by: Person, settings: Settings, activity_id: int | None = None
) -> Noted | Wrong:
    """Take a code that `by` sends: of the door where he takes part, or of a member whom he leads.

    What was wrong is an answer and no refusal, so that it is counted. Raises Refused with the reason for everything else.
    """
    await _check_tries(tx, by, settings)
    own = await tx.all(RUNNING, person=by.id, **_window(tx, settings))
    mine = [row for row in own if activity_id in (None, row["id"])]
    if activity_id is not None and not mine:
        raise await _why_not(tx, activity_id, by, settings)
    for row in mine:
        secret = await codes.secret_of(tx, f"activity:{row['id']}")
        step = codes.step_of(secret, f"activity:{row['id']}", code, tx.now) if secret else None
        if step is not None:
            await _check_not_leading(tx, Activity.of_row(row), by)
            return await staying.note(tx, row, "code", step, by=by, settings=settings)
    led = await _led(tx, by, settings) if activity_id is None else []
    if found := _whose(led, code, tx.now):
        row, step = found
        return await staying.note(tx, row, "shown", step, by=by, settings=settings)
    if not mine and not led:
        raise _nothing_runs()
    return await _wrong(tx, [f"activity:{row['id']}" for row in mine], code, by, settings)


async def enter_shown(tx: Transaction, person_id: int, code: str, *, by: Person, settings: Settings) -> Noted | Wrong:
    """Take the code that a member showed to `by`, who leads what he takes part in. Raises Refused."""
    await _check_tries(tx, by, settings)
    led = [row for row in await _led(tx, by, settings) if row["person_id"] == person_id]
    if not led:
        raise Refused(
            say("This member takes part in nothing that you lead and that runs now. Nothing was noted."),
            WayOut(say("What I lead"), "activities.led"),
        )
    found = _whose(led, code, tx.now)
    if found is None:
        return await _wrong(tx, [f"person:{person_id}"], code, by, settings)
    return await staying.note(tx, found[0], "shown", found[1], by=by, settings=settings)


async def _led(tx: Transaction, by: Person, settings: Settings) -> list[Row]:
    if not by.leads and not by.is_admin:
        return []
    return list(await tx.all(LED, me=by.id, admin=int(by.is_admin), limit=SHOWN_MAX, **_window(tx, settings)))


def _whose(led: list[Row], code: str, now: int) -> tuple[Row, int] | None:
    """The one whose own code this is; None for nobody's, and for that of two people at once."""
    found: dict[int, tuple[Row, int]] = {}
    for row in led:
        step = codes.step_of(row["secret"], f"person:{row['person_id']}", code, now)
        if step is not None:
            found.setdefault(row["person_id"], (row, step))
    return next(iter(found.values())) if len(found) == 1 else None


# Why not


async def _check_tries(tx: Transaction, by: Person, settings: Settings) -> None:
    rules = settings.presence
    rows = await tx.all(
        "SELECT at FROM wrong_codes WHERE person_id = :id AND at > :since ORDER BY at DESC LIMIT :limit",
        id=by.id,
        since=tx.now - rules.wrong_minutes * 60,
        limit=rules.wrong_codes,
    )
    if len(rows) == rules.wrong_codes:
        raise Refused(
            say(
                "{n} wrong codes within {minutes} minutes: please wait until {moment}. Nothing was noted. Your leader can "
                "also mark you in the roll.",
                n=rules.wrong_codes,
                minutes=rules.wrong_minutes,
                moment=Moment(rows[-1]["at"] + rules.wrong_minutes * 60),
            )
        )


async def _wrong(tx: Transaction, subjects: list[str], code: str, by: Person, settings: Settings) -> Wrong:
    """Count a code that is none; an old one is recognised, so that its reason can be said."""
    rules, was_until = settings.presence, None
    await tx.run("INSERT INTO wrong_codes (person_id, at) VALUES (:id, :now)", id=by.id, now=tx.now)
    for subject in subjects:
        secret = await codes.secret_of(tx, subject)
        step = codes.step_of(secret, subject, code, tx.now, back=codes.RECOGNISED_BACK) if secret else None
        was_until = codes.ends_at(step) if step is not None else was_until
    tried = await tx.value(
        "SELECT COUNT(*) FROM wrong_codes WHERE person_id = :id AND at > :since",
        id=by.id,
        since=tx.now - rules.wrong_minutes * 60,
    )
    return Wrong(max(0, rules.wrong_codes - tried), was_until)


async def _check_not_leading(tx: Transaction, activity: Activity, by: Person) -> None:
    """Whoever can open the screen with the code proves nothing by knowing it."""
    leads = activity.group_id is not None and await groups.leads(tx, activity.group_id, by)
    if leads or by.is_admin:
        raise Refused(
            say(
                "You can open this code yourself, so it proves nothing: another leader or a county admin marks you in the "
                "roll. Nothing was noted."
            )
        )


def _nothing_runs() -> Refused:
    return Refused(
        say(
            "This looks like the code of a check-in, but nothing that you have a place in runs now. Nothing was noted."
        ),
        WayOut(say("My sign-ups"), "activities.mine"),
    )


async def _why_not(tx: Transaction, activity_id: int, by: Person, settings: Settings) -> Refused:
    """Why nobody can check in to this one, or why not `by`, now."""
    view = await asking.view(tx, activity_id, by)
    activity, rules = view.activity, settings.presence
    way = asking.to_card(activity_id)
    if view.mine is None or not view.mine.is_in:
        return Refused(
            say("You have no place in “{title}”. Nothing was noted; please tell its leader.", title=activity.title), way
        )
    if activity.is_open and activity.starts_at > tx.now:
        first = Moment(activity.starts_at - rules.early_minutes * 60)
        return Refused(
            say("Checking in to “{title}” begins {moment}. Nothing was noted.", title=activity.title, moment=first), way
        )
    if activity.is_open:
        return staying.ended(activity)
    return Refused(say("“{title}” is not running any more. Nothing was noted.", title=activity.title), way)
