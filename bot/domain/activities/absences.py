"""Who missed something: his reason in one tap, a pause after several without one, and an appeal to somebody else."""

from dataclasses import dataclass

from bot import due
from bot.cards import Button, Card, Page, card, page_of, press, window
from bot.config import Absences, House, Settings
from bot.domain import audit, groups, people
from bot.domain.activities import asking, correcting
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.missing import DAY, missed_lately, paused_until, rule
from bot.domain.activities.things import Activity, Partaker
from bot.domain.people import Person, Role
from bot.due import Due
from bot.locales import Moment, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, filled

OVERDUE = "activities.appeal"
# For how long after the confirmation a reason can be given, and an appeal made.
OPEN_DAYS = 14
REASONS = {
    "ill": say("I was ill"),
    "family": say("Family"),
    "transport": say("Transport"),
    "other": say("In my own words"),
}


@dataclass(frozen=True)
class Appeal:
    """«I was there», or «I had a reason», against what `against_id` confirmed; `outcome` None until it is answered."""

    id: int
    participation_id: int
    person_id: int
    against_id: int
    opened_at: int
    due_at: int
    raised_at: int | None
    outcome: str | None
    answered_at: int | None
    answered_by: int | None


@dataclass(frozen=True)
class Absence:
    """What somebody missed: his row, its activity, the reason he gave and his newest appeal, if any."""

    person: Partaker
    activity: Activity
    reason: str | None
    words: str
    appeal: Appeal | None


# Questions


async def check(tx: Transaction, person: Person, rules: Absences) -> None:
    """Raises Refused for whoever is paused, with the rule, his number, until when, and what he can do."""
    until = await paused_until(tx, person.id, rules)
    if until is not None:
        raise Refused(
            say(
                "You missed {n} activities without a reason within {days} days; from {limit} on signing up pauses for "
                "{pause} days: until {moment}. Nothing was changed. You can still say why, or appeal.",
                n=len(await missed_lately(tx, person.id, rules)),
                days=rules.days,
                limit=rules.pause_from,
                pause=rules.pause_days,
                moment=Moment(until),
            ),
            WayOut(say("What I missed"), "activities.absences"),
        )


async def absence(tx: Transaction, participation_id: int) -> Absence:
    """What became of one sign-up that was missed. Raises Refused where there is none."""
    person = await asking.partaker(tx, participation_id)
    excuse = await tx.one("SELECT reason, words FROM excuses WHERE participation_id = :id", id=participation_id)
    made = await tx.one(
        "SELECT * FROM appeals WHERE participation_id = :id ORDER BY id DESC LIMIT 1", id=participation_id
    )
    return Absence(
        person,
        await asking.by_id(tx, person.activity_id),
        excuse["reason"] if excuse else None,
        excuse["words"] if excuse else "",
        filled(Appeal, made) if made else None,
    )


async def own(tx: Transaction, participation_id: int, me: Person) -> Absence:
    """The same for the one who missed it. Raises Refused for everybody else."""
    found = await absence(tx, participation_id)
    if found.person.person_id != me.id:
        raise Refused(say("Only the person it is about can do this. Nothing was changed."))
    return found


# Those that `me` may answer: of what he leads, as an admin all; never what he confirmed, or his own.
MINE = """
    FROM appeals e JOIN participations p ON p.id = e.participation_id JOIN activities a ON a.id = p.activity_id
    WHERE e.outcome IS NULL AND e.person_id <> :me AND e.against_id <> :me
        AND (:admin = 1 OR a.group_id IN (SELECT group_id FROM leaders WHERE person_id = :me))
"""


APPEALED_NUMBER = f"SELECT COUNT(*) {MINE}"


async def appeals_for(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the open appeals that `me` may answer, with whose they are, the oldest first."""
    total = await tx.value(APPEALED_NUMBER, me=me.id, admin=int(me.is_admin))
    rows = await tx.all(
        f"SELECT e.* {MINE} ORDER BY e.id LIMIT :limit OFFSET :offset",
        me=me.id,
        admin=int(me.is_admin),
        **window(number),
    )
    return page_of((filled(Appeal, row) for row in rows), number, total=total)


async def appeal(tx: Transaction, appeal_id: int, *, by: Person) -> Appeal:
    """The appeal, for whoever may answer it. Raises Refused."""
    row = await tx.one("SELECT * FROM appeals WHERE id = :id", id=appeal_id)
    if row is None:
        raise Refused(
            say("There is no such appeal. Nothing was changed."), WayOut(say("Appeals"), "activities.appeals")
        )
    found = filled(Appeal, row)
    if by.id in (found.person_id, found.against_id):
        raise Refused(say("You confirmed this, or it is about you: somebody else answers. Nothing was changed."))
    activity = await asking.by_id(tx, (await asking.partaker(tx, found.participation_id)).activity_id)
    await asking.managed_by(tx, activity.id, by)
    return found


# Deeds


async def forget(tx: Transaction, person: Person) -> None:
    """What he said of his reasons goes, and what he appealed against is answered no more."""
    await tx.run("DELETE FROM excuses WHERE person_id = :id", id=person.id)
    for row in await tx.all(
        "UPDATE appeals SET outcome = 'withdrawn', answered_at = :now WHERE person_id = :id AND outcome IS NULL "
        "RETURNING id",
        id=person.id,
        now=tx.now,
    ):
        await due.drop(tx, f"appeal:{row['id']}", OVERDUE)


async def excuse(tx: Transaction, participation_id: int, reason: str, words: str, *, by: Person) -> Absence:
    """Say why one missed it; whoever confirmed it is told, and may excuse him. Raises Refused."""
    found = await own(tx, participation_id, by)
    _check_open(found, tx.now)
    await tx.run(
        "INSERT INTO excuses (participation_id, person_id, reason, words, at) VALUES (:id, :by, :reason, :words, :now) "
        "ON CONFLICT (participation_id) DO UPDATE SET reason = excluded.reason, words = excluded.words, at = excluded.at",
        id=participation_id,
        by=by.id,
        reason=reason,
        words=words,
        now=tx.now,
    )
    assert found.person.confirmed_by is not None, "what is missed was confirmed by somebody"
    leader = await people.by_id(tx, found.person.confirmed_by)
    key = f"excuse:{tx.bot}:{participation_id}:{tx.now}"
    await people.tell(tx, leader, _asks(found, by, reason, words), lane=Lane.REMINDER, key=key)
    return await absence(tx, participation_id)


def _asks(found: Absence, by: Person, reason: str, words: str) -> Card:
    return card(
        say("{name} missed “{title}” and says why:", name=by.nickname, title=found.activity.title),
        say("“{words}”", words=words) if words else REASONS[reason],
        say("If you excuse it, it no longer counts as missed."),
        rows=(
            (
                Button(say("🙏 Excuse it"), press("activities.correct", found.person.id, Attendance.EXCUSED, 0)),
                Button(say("Who came?"), press("activities.roll", found.activity.id)),
            ),
        ),
    )


def _check_open(found: Absence, now: int) -> None:
    """Raises Refused for what does not count as missed (any more), or was confirmed too long ago."""
    if not found.person.is_confirmed or found.person.attendance is not Attendance.MISSED:
        raise Refused(say("This does not count as missed. Nothing was changed."))
    if (found.person.confirmed_at or 0) + OPEN_DAYS * DAY < now:
        raise Refused(
            say(
                "That was confirmed more than {n} days ago; please talk to your leader. Nothing was changed.",
                n=OPEN_DAYS,
            )
        )


async def appeal_against(tx: Transaction, participation_id: int, *, by: Person, rules: Absences) -> Appeal:
    """Have somebody else look at it; nobody who confirmed it answers. Raises Refused."""
    found = await own(tx, participation_id, by)
    _check_open(found, tx.now)
    row = await tx.one(
        "INSERT INTO appeals (participation_id, person_id, against_id, opened_at, due_at) "
        "VALUES (:id, :by, :against, :now, :due) ON CONFLICT DO NOTHING RETURNING *",
        id=participation_id,
        by=by.id,
        against=found.person.confirmed_by,
        now=tx.now,
        due=tx.now + rules.appeal_days * DAY,
    )
    if row is None:
        raise Refused(
            say("You have appealed already; it is answered once. Nothing was changed now."),
            WayOut(say("What I missed"), "activities.absences"),
        )
    made = filled(Appeal, row)
    await audit.note(tx, "absence.appealed", found.activity.name, by=by.id, person=by.id)
    await due.plan(tx, OVERDUE, f"appeal:{made.id}", made.due_at)
    await _ask(tx, made, found, await _judges(tx, made, found.activity, admins=False))
    return made


async def _judges(tx: Transaction, made: Appeal, activity: Activity, *, admins: bool) -> list[Person]:
    """Other leaders of its group, else (or) county admins: never who confirmed it, nor whom it is about."""
    led = [] if admins or activity.group_id is None else await groups.leaders_of(tx, activity.group_id)
    hands = {made.person_id, made.against_id}
    others = [each for each in led if each.id not in hands and each.forgotten_at is None]
    return others or [each for each in await people.with_role(tx, Role.ADMIN) if each.id not in hands]


async def _ask(tx: Transaction, made: Appeal, found: Absence, judges: list[Person], *, again: int = 0) -> None:
    screen = card(
        say(
            "❗ {name} appeals: “{title}” is not missed, or not without a reason.",
            name=found.person.nickname,
            title=found.activity.title,
        ),
        say("You are asked because you did not confirm it. Please answer by {moment}.", moment=Moment(made.due_at)),
        rows=((Button(say("Look at it"), press("activities.appeal", made.id)),),),
    )
    for judge in judges:
        await people.tell(tx, judge, screen, lane=Lane.URGENT, key=f"appeal:{tx.bot}:{made.id}:{judge.id}:{again}")


async def answer(tx: Transaction, appeal_id: int, outcome: str, *, by: Person, settings: Settings) -> Absence:
    """Answer an appeal: he came, he is excused, or it stands. He is told with the rule. Raises Refused."""
    asked = await appeal(tx, appeal_id, by=by)
    done = await tx.run(
        "UPDATE appeals SET outcome = :outcome, answered_at = :now, answered_by = :by WHERE id = :id AND outcome IS NULL",
        outcome=outcome,
        now=tx.now,
        by=by.id,
        id=appeal_id,
    )
    if not done:
        raise Refused(say("This has been answered before. Nothing was changed."))
    await due.drop(tx, f"appeal:{appeal_id}", OVERDUE)
    found = await absence(tx, asked.participation_id)
    await audit.note(tx, "absence.answered", found.activity.name, by=by.id, person=asked.person_id, why=outcome)
    if outcome == "stands":
        await _tell_stands(tx, found, by, settings.absences)
    else:
        await correcting.correct(
            tx,
            asked.participation_id,
            Attendance(outcome),
            by=by,
            rules=settings.hours,
            absences=settings.absences,
            second=True,
        )
    return await absence(tx, asked.participation_id)


async def _tell_stands(tx: Transaction, found: Absence, by: Person, rules: Absences) -> None:
    person = await people.by_id(tx, found.person.person_id)
    screen = card(
        say("{name} has looked at your appeal: “{title}” stays missed.", name=by.nickname, title=found.activity.title),
        rule(rules),
        rows=((Button(say("What I missed"), "activities.absences"),),),
    )
    assert found.appeal is not None, "it was answered just now"
    await people.tell(tx, person, screen, key=f"appeal.answered:{tx.bot}:{found.appeal.id}")


async def tell_paused(tx: Transaction, item: Due, house: House) -> None:
    """Whoever has missed too much hears of the pause when it begins, not when he next wants to sign up."""
    person, rules = await people.by_id(tx, item.number), house.settings.absences
    until = await paused_until(tx, person.id, rules)
    if until is None or person.forgotten_at is not None:
        return
    screen = card(
        say(
            "⏸ You missed {n} activities without a reason within {days} days: signing up pauses until {moment}. "
            "No points are lost. For each of them you can say why, or appeal: somebody else looks at it.",
            n=len(await missed_lately(tx, person.id, rules)),
            days=rules.days,
            moment=Moment(until),
        ),
        rows=((Button(say("What I missed"), "activities.absences"),),),
    )
    await people.tell(tx, person, screen, lane=Lane.REMINDER, key=f"paused:{tx.bot}:{person.id}:{until}")


async def overdue(tx: Transaction, item: Due, house: House) -> None:
    """Nobody has answered in time: it goes up to the county, and is asked for again as long as it is open."""
    again = tx.now + house.settings.absences.appeal_days * DAY
    row = await tx.one(
        "UPDATE appeals SET raised_at = COALESCE(raised_at, :now), due_at = :again WHERE id = :id AND outcome IS NULL "
        "RETURNING *",
        now=tx.now,
        again=again,
        id=item.number,
    )
    if row is None:
        return
    made = filled(Appeal, row)
    found = await absence(tx, made.participation_id)
    await _ask(tx, made, found, await _judges(tx, made, found.activity, admins=True), again=item.due_at)
    if made.raised_at == tx.now:
        await _tell_late(tx, made, found)
    await due.plan(tx, OVERDUE, item.subject, again)


async def _tell_late(tx: Transaction, made: Appeal, found: Absence) -> None:
    """Whoever appealed hears why there is no answer yet: once, and by when it comes."""
    screen = card(
        say("Nobody has answered your appeal for “{title}” yet. The county is asked now.", title=found.activity.title),
        say("An answer is due by {moment}.", moment=Moment(made.due_at)),
        rows=((Button(say("Open"), press("activities.absence", made.participation_id)),),),
    )
    await people.tell(tx, await people.by_id(tx, made.person_id), screen, lane=Lane.REMINDER)
