"""Short notice: who can be asked for a place shortly before the start, what suits him, and whom a place suits best."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import Waiting
from bot.domain import days, people
from bot.domain.activities import conditions, knowing
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Said, Several, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, containing

WORDS_MAX = 8
WORD_CHARACTERS_MAX = 20
PARTS_A_DAY = 3
PARTS = 7 * PARTS_A_DAY
AFTERNOON, EVENING = 12, 18
KINDS = ("interest", "area", "skill")
# How many of the best are looked at closely, for one who is asked.
CLOSELY = 4


@dataclass(frozen=True)
class Wishes:
    """What somebody has set: whether he may be asked, his words by kind, and when he is free (0: any time)."""

    takes: bool
    parts: int
    words: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Match:
    """Somebody whom a place suits, and why."""

    person: Person
    why: Said


# Rules


def part_of(tx: Transaction, instant: int) -> int:
    """The bit of the weekday's morning, afternoon or evening in which an instant lies."""
    local = tx.local(instant)
    return 1 << (local.weekday() * PARTS_A_DAY + (local.hour >= AFTERNOON) + (local.hour >= EVENING))


def words_of(typed: str) -> tuple[str, ...]:
    """The words somebody typed, parted by commas or lines, each once. Raises Refused."""
    for sign in "，、;；\n":
        typed = typed.replace(sign, ",")
    found = tuple(dict.fromkeys(word for part in typed.split(",") if (word := people.visible(part).lower())))
    if not found or len(found) > WORDS_MAX or any(len(word) > WORD_CHARACTERS_MAX for word in found):
        raise Refused(
            say(
                "I need 1 to {n} words with commas between them, each of at most {limit} characters. Nothing was saved.",
                n=WORDS_MAX,
                limit=WORD_CHARACTERS_MAX,
            )
        )
    return found


# Questions


async def wishes(tx: Transaction, person: Person) -> Wishes:
    """What somebody has set; nothing, where he never did."""
    row = await tx.one("SELECT takes, parts FROM standbys WHERE person_id = :id", id=person.id)
    rows = await tx.all("SELECT kind, word FROM standby_words WHERE person_id = :id ORDER BY word", id=person.id)
    words = {kind: tuple(each["word"] for each in rows if each["kind"] == kind) for kind in KINDS}
    return Wishes(bool(row and row["takes"]), row["parts"] if row else 0, words)


# Whoever has, or had, to do with the activity is not asked; nor who is elsewhere at that time, was asked for the same place,
# or has been asked often enough today.
# It begins with whose words stand in what it is, and with the group's members: all others are never looked at.
CANDIDATES = """
    WITH worded AS MATERIALIZED (
        SELECT person_id, MIN(CASE kind WHEN 'interest' THEN word END) AS interest,
            MIN(CASE kind WHEN 'area' THEN word END) AS area, MIN(CASE kind WHEN 'skill' THEN word END) AS skill
        FROM standby_words WHERE CASE kind WHEN 'area' THEN :place ELSE :text END LIKE pattern ESCAPE '!'
        GROUP BY person_id),
    grouped AS MATERIALIZED (SELECT person_id FROM memberships WHERE group_id = :group AND state = 'in')
    SELECT * FROM (
        SELECT pe.*, s.parts, CASE WHEN g.person_id IS NULL THEN 0 ELSE 1 END AS by_group, w.interest, w.area, w.skill,
            (SELECT COUNT(*) FROM place_asks a WHERE a.person_id = pe.id AND a.at >= :today) AS asked_today,
            (SELECT MAX(a.at) FROM place_asks a WHERE a.person_id = pe.id) AS asked_last
        FROM (SELECT person_id FROM worded UNION SELECT person_id FROM grouped) c
        JOIN standbys s ON s.person_id = c.person_id JOIN people pe ON pe.id = c.person_id
        LEFT JOIN worded w ON w.person_id = c.person_id LEFT JOIN grouped g ON g.person_id = c.person_id
        WHERE s.takes = 1 AND pe.telegram_id IS NOT NULL AND (s.parts = 0 OR s.parts & CAST(:part AS BIGINT) <> 0)
            AND NOT EXISTS (SELECT 1 FROM participations p WHERE p.activity_id = :activity AND p.person_id = pe.id)
            AND NOT EXISTS (SELECT 1 FROM place_asks a
                WHERE a.activity_id = :activity AND a.cause = :cause AND a.person_id = pe.id)
            AND NOT EXISTS (SELECT 1 FROM participations p JOIN activities o ON o.id = p.activity_id
                WHERE p.person_id = pe.id AND p.state IN ('in', 'offered') AND o.state = 'open'
                AND o.starts_at < :ends_at AND o.ends_at > :starts_at)
            AND NOT EXISTS (SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
                WHERE d.person_id = pe.id AND d.state = 'on' AND h.starts_at < :ends_at AND h.ends_at > :starts_at)) found
    WHERE asked_today < :a_day
    ORDER BY 4 * by_group + CASE WHEN interest IS NULL THEN 0 ELSE 3 END + CASE WHEN area IS NULL THEN 0 ELSE 2 END
        + CASE WHEN skill IS NULL THEN 0 ELSE 2 END DESC, COALESCE(asked_last, 0), id
    LIMIT :limit
"""


async def matching(
    tx: Transaction, activity: Activity, group_name: str, *, cause: str, many: int, rules: Waiting
) -> list[Match]:
    """Whom a place suits best, at most so many; nobody in his quiet hours, or who may not come in anyway."""
    rows = await tx.all(
        CANDIDATES,
        group=activity.group_id or 0,
        text=f"{activity.title} {activity.about} {group_name}".lower(),
        place=activity.place.lower(),
        today=days.midnight(tx, tx.now),
        part=part_of(tx, activity.starts_at),
        activity=activity.id,
        cause=cause,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        a_day=rules.asks_a_day,
        limit=many * CLOSELY,
    )
    found = [Match(people.of_row(row), _why(row, group_name)) for row in rows]
    return [each for each in found if await _may_come(tx, activity, each.person)][:many]


async def _may_come(tx: Transaction, activity: Activity, person: Person) -> bool:
    if person.is_minor or people.quiet_until(person, tx, tx.now) > tx.now:
        return False
    if not activity.conditions:
        return True
    known = await knowing.known_about(tx, person)
    return conditions.first_no(activity.conditions, known, tx.now) is None


def _why(row: Row, group_name: str) -> Said:
    """Why somebody is asked, in one line."""
    reasons = [
        say("you are in {group}", group=group_name) if row["by_group"] else None,
        say("you care for “{word}”", word=row["interest"]) if row["interest"] else None,
        say("it is near “{word}”", word=row["area"]) if row["area"] else None,
        say("you can “{word}”", word=row["skill"]) if row["skill"] else None,
    ]
    first = Several(tuple(reason for reason in reasons if reason is not None)[:2])
    return say("I ask you because you take places at short notice, and {reasons}.", reasons=first)


# Deeds

SET = """
    INSERT INTO standbys (person_id, takes, parts) VALUES (:person, :takes, 0)
    ON CONFLICT (person_id) DO UPDATE SET takes = excluded.takes
"""


async def set_takes(tx: Transaction, person: Person, takes: bool) -> None:
    """May somebody be asked for places at short notice? Raises Refused for whoever is under 18."""
    if takes and person.is_minor:
        raise Refused(
            say(
                "Nobody under 18 is asked at short notice. Nothing was changed. “Watch” on a card tells you of a place."
            ),
            WayOut(say("🧒 For my age"), "activities.young"),
        )
    await tx.run(SET, person=person.id, takes=int(takes))


async def turn_part(tx: Transaction, person: Person, part: int) -> None:
    """He is free at this part of the week, or not any more."""
    if not 0 <= part < PARTS:
        raise Refused(say("There is no such part of the week. Nothing was changed."))
    bit = 1 << part
    await _be_known(tx, person)
    await tx.run(
        "UPDATE standbys SET parts = CASE WHEN parts & :bit = 0 THEN parts + :bit ELSE parts - :bit END "
        "WHERE person_id = :person",
        person=person.id,
        bit=bit,
    )


async def _be_known(tx: Transaction, person: Person) -> None:
    await tx.run("INSERT INTO standbys (person_id) VALUES (:person) ON CONFLICT DO NOTHING", person=person.id)


async def set_words(tx: Transaction, person: Person, kind: str, words: Sequence[str]) -> None:
    """What suits him, of one kind, is this from now on; nothing, where there are no words."""
    await _be_known(tx, person)
    await tx.run("DELETE FROM standby_words WHERE person_id = :person AND kind = :kind", person=person.id, kind=kind)
    await tx.run_many(
        "INSERT INTO standby_words (person_id, kind, word, pattern) VALUES (:person, :kind, :word, :pattern)",
        [{"person": person.id, "kind": kind, "word": word, "pattern": containing(word)} for word in words],
    )


async def note_asked(tx: Transaction, activity_id: int, cause: str, asked: Sequence[Person]) -> None:
    """Keep who was asked for a place: nobody is twice for the same."""
    await tx.run_many(
        "INSERT INTO place_asks (activity_id, person_id, cause, at) VALUES (:activity, :person, :cause, :now)",
        [{"activity": activity_id, "person": each.id, "cause": cause, "now": tx.now} for each in asked],
    )


async def forget(tx: Transaction, person: Person) -> None:
    """Nothing of what suits him is kept of one who leaves."""
    await tx.run("DELETE FROM standby_words WHERE person_id = :person", person=person.id)
    await tx.run("DELETE FROM standbys WHERE person_id = :person", person=person.id)
    await tx.run("DELETE FROM watches WHERE person_id = :person", person=person.id)
    await tx.run("DELETE FROM place_asks WHERE person_id = :person", person=person.id)
