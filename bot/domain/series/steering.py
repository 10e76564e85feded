"""A series is changed from a day on, paused, let go on, ended; a day is left out, or made before its time."""

import json
from dataclasses import dataclass, replace
from datetime import date

from bot.cards import press
from bot.config import Reminders
from bot.dates import Repeat, instant_on
from bot.domain import activities, audit, people, telling
from bot.domain.activities import Activity, Change, Least, Minding
from bot.domain.people import Person
from bot.domain.series import finding, growing, spreading, undoing
from bot.domain.series.rules import Series
from bot.domain.series.things import UNDO_SECONDS, Model
from bot.locales import Day, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# Rules


@dataclass(frozen=True)
class Wanted:
    """What is to be another from a day on; None leaves a thing as it is. `minute`: of the day, by local clocks."""

    title: str | None = None
    place: str | None = None
    minute: int | None = None
    seconds: int | None = None
    places: int | None = None
    unlimited: bool = False
    points: int | None = None
    least: Least | None = None
    whatever: bool = False
    minding: Minding | None = None
    by: int | None = None

    def model(self, before: Model) -> Model:
        """The model with what is wanted in it."""
        given = {name: getattr(self, name) for name in ("title", "place", "seconds", "points", "least")}
        changed = {name: value for name, value in given.items() if value is not None}
        if self.places is not None or self.unlimited:
            changed["places"] = self.places
        if self.whatever:
            changed["least"] = None
        if self.minding is not None:
            changed["adults_only"] = int(self.minding is Minding.ADULTS)
            changed["supervisor_id"] = self.by if self.minding is Minding.ME else None
        return replace(before, **changed)


@dataclass(frozen=True)
class Effect:
    """Whom it concerns: occurrences from a day on, and people in them."""

    series: Series
    day: date
    dates: int
    people: int


# Questions


async def effect(tx: Transaction, activity_id: int, *, by: Person) -> Effect:
    """What a change from this occurrence on would concern. Raises Refused for what is no occurrence, or another's."""
    activity = await activities.managed_by(tx, activity_id, by)
    if activity.series_id is None or activity.series_day is None:
        raise Refused(
            say("“{title}” is not part of a series. Nothing was changed.", title=activity.title),
            activities.to_card(activity_id),
        )
    series = await finding.by_id(tx, activity.series_id)
    await finding.check_led(tx, series, by)
    return await _effect(tx, series, activity.series_day)


async def _effect(tx: Transaction, series: Series, day: str) -> Effect:
    ahead = await finding.ahead(tx, series, day)
    return Effect(series, date.fromisoformat(day), len(ahead), await finding.concerned(tx, series, day))


# Deeds


async def change_from(tx: Transaction, activity_id: int, wanted: Wanted, *, by: Person, reminders: Reminders) -> Effect:
    """Change this occurrence and all after it, those that are made later too. Raises Refused; then nothing is changed.

    Whoever is in any of them hears of another time or place once, a minute later, unless it was taken back.
    """
    wanted = replace(wanted, by=by.id)
    found = await effect(tx, activity_id, by=by)
    series, day = await finding.locked(tx, found.series.id), found.day.isoformat()
    if series.is_ended and not found.dates:
        raise _ended(series)
    after = replace(series, model=wanted.model(series.model), minute=_minute(series, wanted))
    before = await finding.ahead(tx, series, day, held=True)
    for activity in before:
        await activities.change(
            tx, activity.id, _change(tx, activity, wanted, after), by=by, reminders=reminders, tells=False
        )
        if wanted.least or wanted.whatever:
            await activities.need(tx, activity.id, wanted.least, by=by)
        if wanted.minding is not None:
            await activities.mind(tx, activity.id, wanted.minding, by=by)
    await tx.run(
        "UPDATE series SET model = :model, minute = :minute WHERE id = :id",
        model=after.model.kept(),
        minute=after.minute,
        id=series.id,
    )
    number = await audit.note(tx, "series.changed", series.name, by=by.id, day=day)
    subject = f"{series.name}:{found.day.toordinal()}:{number}"
    await undoing.note(tx, series, before, subject)
    if wanted.minute is not None or wanted.place is not None:
        await telling.begin(tx, spreading.CHANGED, subject, tx.now + UNDO_SECONDS)
    return replace(found, series=after)


def _minute(series: Series, wanted: Wanted) -> int:
    return series.minute if wanted.minute is None else wanted.minute


def _change(tx: Transaction, activity: Activity, wanted: Wanted, after: Series) -> Change:
    """The same change for one occurrence; with another time it begins at that time on its own day."""
    given = {name: getattr(wanted, name) for name in ("title", "place", "places", "unlimited", "points")}
    if wanted.minute is None:
        return Change(**given)
    assert activity.series_day is not None, "it is an occurrence"
    start = instant_on(date.fromisoformat(activity.series_day), wanted.minute, tx.clock.zone)
    return Change(**given, starts_at=start, ends_at=start + after.model.seconds)


def _ended(series: Series) -> Refused:
    return Refused(
        say("“{title}” has ended. Nothing was changed.", title=series.model.title),
        WayOut(say("The series"), press("series.open", series.id)),
    )


async def stop_from(tx: Transaction, activity_id: int, reason: str, *, by: Person) -> Effect:
    """Call off this occurrence and all after it, and end the series. Each in them is told once, a minute later."""
    found = await effect(tx, activity_id, by=by)
    series, day = await finding.locked(tx, found.series.id), found.day.isoformat()
    for activity in await finding.ahead(tx, series, day, held=True):
        await activities.call_off(tx, activity, reason, by=by, tells=False)
    await _settle(tx, series, "ended", by)
    number = await audit.note(tx, "series.stopped", series.name, by=by.id, day=day, told=found.people)
    subject = f"{series.name}:{found.day.toordinal()}:{number}"
    await telling.begin(tx, spreading.STOPPED, subject, tx.now + UNDO_SECONDS)
    return found


async def undo_stopping(tx: Transaction, series_id: int, *, by: Person) -> Series:
    """Take a stop back before anybody was told. Raises Refused after a minute."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    if not series.is_ended or series.state_at <= tx.now - UNDO_SECONDS:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            WayOut(say("The series"), press("series.open", series_id)),
        )
    rows = await tx.all(
        "SELECT id FROM activities WHERE series_id = :id AND state = 'cancelled' AND settled_at = :at ORDER BY id",
        id=series_id,
        at=series.state_at,
    )
    for row in rows:
        await activities.undo_cancelling(tx, row["id"], by=by)
    await tx.run(
        "DELETE FROM due WHERE bot = :bot AND deed = :deed AND subject > :after AND subject < :before AND state = 'new'",
        bot=tx.bot,
        deed=spreading.STOPPED,
        # All that begin with the series and a colon, found by the index.
        after=f"{series.name}:",
        before=f"{series.name};",
    )
    return await _settle(tx, series, series.was or "on", by)


async def _settle(tx: Transaction, series: Series, state: str, by: Person) -> Series:
    await tx.run(
        "UPDATE series SET was = state, state = :state, state_at = :now WHERE id = :id",
        state=state,
        now=tx.now,
        id=series.id,
    )
    await audit.note(tx, "series.settled", series.name, by=by.id, state=state)
    return await finding.by_id(tx, series.id)


async def pause(tx: Transaction, series_id: int, *, by: Person) -> Series:
    """Make no more occurrences until it is let go on; those that are there stay. Raises Refused unless it is on."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    if not series.is_on:
        raise Refused(say("“{title}” is not going on just now. Nothing was changed.", title=series.model.title))
    return await _settle(tx, series, "paused", by)


async def go_on(tx: Transaction, series_id: int, *, by: Person, weeks: int) -> tuple[Series, int]:
    """Let a paused series go on: what is missing ahead is made, and how many that are. Raises Refused."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    if series.state != "paused":
        raise Refused(say("“{title}” was not paused. Nothing was changed.", title=series.model.title))
    await activities.may_publish_for(tx, series.group_id, by)
    series = await _settle(tx, series, "on", by)
    made = await growing.grow(tx, series, weeks)
    if made and series.group_id is not None:
        await spreading.tell_in_the_morning(tx, series.group_id)
    return series, len(made)


async def end(tx: Transaction, series_id: int, *, by: Person) -> Series:
    """Make no more occurrences; those that are there take place. Raises Refused where it has ended."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    if series.is_ended:
        raise _ended(series)
    return await _settle(tx, series, "ended", by)


async def leave_out(tx: Transaction, series_id: int, day: date, *, by: Person) -> Series:
    """Make none on this day of the rule; there it is none yet. Raises Refused."""
    series = await _with(tx, series_id, day, by)
    return await _keep(tx, series, replace(series.rule, skips=tuple(sorted({*series.rule.skips, day}))), day, by)


async def put_back(tx: Transaction, series_id: int, day: date, *, by: Person, weeks: int) -> Series:
    """A day that was left out is in it again."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    if day not in series.rule.skips:
        raise Refused(say("{day} is not left out. Nothing was changed.", day=Day(day)))
    skips = tuple(each for each in series.rule.skips if each != day)
    series = await _keep(tx, series, replace(series.rule, skips=skips), day, by)
    if series.is_on:
        await growing.grow(tx, series, weeks)
    return series


async def make_early(tx: Transaction, series_id: int, day: date, *, by: Person) -> Activity:
    """Make the occurrence of a day before its time, as to move it. Raises Refused."""
    series = await _with(tx, series_id, day, by)
    maker = await people.by_id(tx, series.made_by)
    return await growing.make(tx, series, day, instant_on(day, series.minute, tx.clock.zone), maker)


async def _with(tx: Transaction, series_id: int, day: date, by: Person) -> Series:
    """The series with its row held, if this is one of its days ahead for which none was made yet. Raises Refused."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    made = await tx.value(
        "SELECT 1 FROM activities WHERE series_id = :id AND series_day = :day", id=series_id, day=day.isoformat()
    )
    passed = instant_on(day, series.minute, tx.clock.zone) <= tx.now
    if made or passed or series.is_ended or day not in _until(series, day):
        raise Refused(
            say("{day} is no day of this series that is still to be made. Nothing was changed.", day=Day(day)),
            WayOut(say("The series"), press("series.open", series_id)),
        )
    return series


def _until(series: Series, day: date) -> set[date]:
    """All days of the rule up to one."""
    bounded: Repeat = replace(series.rule, until=min(series.rule.until or day, day))
    return set(bounded.from_day(series.first_day))


async def _keep(tx: Transaction, series: Series, rule: Repeat, day: date, by: Person) -> Series:
    await tx.run("UPDATE series SET rule = :rule WHERE id = :id", rule=json.dumps(rule.kept()), id=series.id)
    await audit.note(tx, "series.changed", series.name, by=by.id, day=day.isoformat())
    return await finding.by_id(tx, series.id)
