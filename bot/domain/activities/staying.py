"""Stays: who is there since when, and who left when, once a person, and never at two places."""

from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.config import Settings
from bot.domain import days, people
from bot.domain.activities import asking, codes, minding
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, say, say_n
from bot.refusal import Refused
from bot.storage import Row, Transaction, filled

LATE_MINUTES = 15


@dataclass(frozen=True)
class Stay:
    """From when until when somebody was there; `ended_at` None while he is. `in_way`, `out_way`: code, shown or roll."""

    id: int
    participation_id: int
    person_id: int
    activity_id: int
    state: str
    began_at: int
    ended_at: int | None
    in_way: str
    out_way: str | None

    @property
    def is_own(self) -> bool:
        """Did he himself check in and out?"""
        return self.in_way == self.out_way == "code"


@dataclass(frozen=True)
class Noted:
    """A code was right: `person` is there since `stay.began_at`, or left at `stay.ended_at`."""

    activity: Activity
    person: Person
    stay: Stay


# Questions


def is_running(activity: Activity, now: int, settings: Settings) -> bool:
    """Can somebody check in to it, or out of it, just now?"""
    rules = settings.presence
    first, last = activity.starts_at - rules.early_minutes * 60, activity.ends_at + rules.after_minutes * 60
    return activity.is_open and first <= now <= last


async def stays_of(tx: Transaction, participation_id: int) -> list[Stay]:
    """When one who has a place was there, the first stay first."""
    rows = await tx.all("SELECT * FROM stays WHERE participation_id = :id ORDER BY id", id=participation_id)
    return [filled(Stay, row) for row in rows]


async def ended_stays(tx: Transaction, activity_id: int, person_id: int) -> list[Stay]:
    """The stays of which it is known when they ended."""
    rows = await tx.all(
        "SELECT s.* FROM participations p JOIN stays s ON s.participation_id = p.id "
        "WHERE p.person_id = :person AND p.activity_id = :activity AND s.state = 'done' ORDER BY s.id",
        person=person_id,
        activity=activity_id,
    )
    return [filled(Stay, row) for row in rows]


async def present(tx: Transaction, activity: Activity) -> tuple[int, int]:
    """How many are there just now, and how many have been there at all."""
    row = await tx.one(
        "SELECT COUNT(*) FILTER (WHERE state = 'open') AS here, COUNT(DISTINCT person_id) AS seen "
        "FROM stays WHERE activity_id = :id",
        id=activity.id,
    )
    assert row is not None, "counting gives a row"
    return row["here"], row["seen"]


# Deeds


async def forget(tx: Transaction, person: Person) -> None:
    """When he was where stays under his number, with the hours that rest on it; what he tried and showed goes."""
    await tx.run("UPDATE stays SET state = 'lapsed' WHERE person_id = :id AND state = 'open'", id=person.id)
    await tx.run("DELETE FROM stay_distances WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM wrong_codes WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM doors WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM secrets WHERE subject = :subject", subject=f"person:{person.id}")


async def note(tx: Transaction, row: Row, way: str, step: int, *, by: Person, settings: Settings) -> Noted:
    """In for whoever is not there, out for whoever is."""
    activity = await asking.locked(tx, row["id"])
    if not activity.is_open:
        raise Refused(say("Who came to “{title}” has been confirmed. Nothing was noted.", title=activity.title))
    await _check_fresh(tx, row["signup"], step)
    here = await tx.one("SELECT * FROM stays WHERE person_id = :person AND state = 'open'", person=row["person_id"])
    if here is not None and here["participation_id"] == row["signup"]:
        stay = await _leave(tx, here["id"], way, step, by)
    else:
        if here is not None:
            await _lapse(tx, filled(Stay, here), settings)
        stay = await _arrive(tx, activity, row, way, step, by, settings)
    noted = Noted(activity, await people.by_id(tx, row["person_id"]), stay)
    if way == "shown":
        await _tell(tx, noted, by)
    await minding.tell_presence(tx, activity, noted.person, left=stay.ended_at is not None)
    return noted


async def _tell(tx: Transaction, noted: Noted, by: Person) -> None:
    """Whose code the leader opened reads what became of it."""
    values: dict[str, str] = {"name": by.nickname, "title": noted.activity.title}
    said = (
        say("{name} has checked you in to “{title}”.", **values)
        if noted.stay.ended_at is None
        else say("{name} has checked you out of “{title}”.", **values)
    )
    await people.tell(
        tx, noted.person, card(said, rows=((Button(say("Open"), press("activities.open", noted.activity.id)),),))
    )


async def _leave(tx: Transaction, stay_id: int, way: str, step: int, by: Person) -> Stay:
    row = await tx.one(
        "UPDATE stays SET state = 'done', ended_at = :now, out_way = :way, out_step = :step, out_actor = :by, "
        "out_from = :came_from WHERE id = :id AND state = 'open' RETURNING *",
        id=stay_id,
        way=way,
        step=step,
        by=by.id,
        now=tx.now,
        came_from=tx.cause,
    )
    assert row is not None, "the activity's row is held, and the stay was open"
    return filled(Stay, row)


ARRIVE = """
    INSERT INTO stays (participation_id, person_id, activity_id, state, began_at, in_way, in_actor, in_step, in_from)
    VALUES (:signup, :person, :activity, 'open', :now, :way, :by, :step, :came_from)
    ON CONFLICT DO NOTHING RETURNING *
"""
# The roll is filled in as people come; the leader has the last word.
MARK = "UPDATE participations SET came = 1, how = :how WHERE id = :id AND came IS NULL AND confirmed_at IS NULL"


async def _arrive(
    tx: Transaction, activity: Activity, row: Row, way: str, step: int, by: Person, settings: Settings
) -> Stay:
    if activity.ends_at <= tx.now:
        raise ended(activity)
    await _check_pairs(tx, row["signup"], settings.hours.pairs_a_day)
    made = await tx.one(
        ARRIVE,
        signup=row["signup"],
        person=row["person_id"],
        activity=activity.id,
        way=way,
        step=step,
        by=by.id,
        now=tx.now,
        came_from=tx.cause,
    )
    if made is None:
        raise Refused(say("That was noted already, in this moment. Nothing was noted twice."))
    late = tx.now > activity.starts_at + LATE_MINUTES * 60
    await tx.run(MARK, id=row["signup"], how="late" if late else None)
    return filled(Stay, made)


async def _lapse(tx: Transaction, stay: Stay, settings: Settings) -> None:
    """Whoever forgot to check out elsewhere long ago may check in here. Raises Refused while that still runs."""
    other = await asking.by_id(tx, stay.activity_id)
    has_place = await tx.value("SELECT 1 FROM participations WHERE id = :id AND state = 'in'", id=stay.participation_id)
    if has_place and other.is_open and other.ends_at + settings.presence.after_minutes * 60 >= tx.now:
        raise Refused(
            say(
                "Still checked in to “{title}” since {moment}: check out there first. Nobody is at two places at once, "
                "and nothing was noted.",
                title=other.title,
                moment=Moment(stay.began_at),
            ),
            asking.to_card(other.id),
        )
    await tx.run("UPDATE stays SET state = 'lapsed' WHERE id = :id AND state = 'open'", id=stay.id)


async def close_all(tx: Transaction, activity: Activity, person_ids: list[int], *, by: Person, at: int) -> None:
    """The roll is confirmed: whoever of these is still checked in left at the end of it, by the leader's word."""
    for person_id in person_ids:
        await tx.run(
            "UPDATE stays SET state = 'done', out_way = 'roll', out_actor = :by, out_from = :came_from, "
            "ended_at = CASE WHEN began_at > :at THEN began_at ELSE CAST(:at AS BIGINT) END "
            "WHERE activity_id = :activity AND person_id = :person AND state = 'open'",
            activity=activity.id,
            person=person_id,
            by=by.id,
            at=min(activity.ends_at, at),
            came_from=tx.cause,
        )


# Why not


async def _check_fresh(tx: Transaction, participation_id: int, step: int) -> None:
    used = await tx.value(
        "SELECT 1 FROM stays WHERE participation_id = :id AND (in_step >= :step OR out_step >= :step) LIMIT 1",
        id=participation_id,
        step=step,
    )
    if used is not None:
        raise Refused(
            say(
                "This code was used for you already; the next one comes within {n} seconds. Nothing was noted twice.",
                n=codes.WINDOW_SECONDS,
            )
        )


async def _check_pairs(tx: Transaction, participation_id: int, limit: int) -> None:
    pairs = await tx.value(
        "SELECT COUNT(*) FROM stays WHERE participation_id = :id AND began_at >= :since",
        id=participation_id,
        since=days.midnight(tx, tx.now),
    )
    if pairs >= limit:
        raise Refused(
            say_n(
                "More than {n} check-in a day to one activity doesn't count. Nothing was noted; the leader marks you in the "
                "roll.",
                "More than {n} check-ins a day to one activity don't count. Nothing was noted; the leader marks you in the "
                "roll.",
                limit,
            )
        )


def ended(activity: Activity) -> Refused:
    """Nobody checks in to what is over."""
    return Refused(
        say(
            "“{title}” ended {moment}: checking in ends with it. Nothing was noted.",
            title=activity.title,
            moment=Moment(activity.ends_at),
        ),
        asking.to_card(activity.id),
    )
