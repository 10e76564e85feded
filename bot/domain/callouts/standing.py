"""How ready somebody is: what he can do, until when he stands by, and whether he wants to be asked by others."""

from bot import dates
from bot.domain import people
from bot.domain.callouts.things import (
    DAY,
    NAME_CHARACTERS_MAX,
    STANDBY_DAYS_MAX,
    WORDS_CHARACTERS_MAX,
    Skill,
    Standing,
    clean_line,
)
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

NEW = "INSERT INTO responders (person_id) VALUES (:person) ON CONFLICT DO NOTHING"


# Questions


async def skills(tx: Transaction) -> list[Skill]:
    """The county's list, in the order in which it was made."""
    return [Skill(**row) for row in await tx.all("SELECT * FROM skills WHERE removed_at IS NULL ORDER BY id")]


async def skill(tx: Transaction, skill_id: int) -> Skill:
    """One skill, removed ones too. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM skills WHERE id = :id", id=skill_id)
    if row is None:
        raise Refused(
            say("There is no such skill. Nothing was changed."), WayOut(say("My readiness"), "callouts.ready")
        )
    return Skill(**row)


async def standing(tx: Transaction, person_id: int) -> Standing:
    """How ready somebody is just now."""
    row = await tx.one("SELECT * FROM responders WHERE person_id = :person", person=person_id)
    rows = await tx.all("SELECT skill_id FROM person_skills WHERE person_id = :person", person=person_id)
    known = frozenset(each["skill_id"] for each in rows)
    if row is None:
        return Standing(skills=known)
    return Standing(row["standby_until"], row["rest_until"], bool(row["willing"]), row["words"], known)


def standby_end(typed: str, tx: Transaction) -> int:
    """Until when somebody stands by, in Unix seconds. Raises Refused for the past and for more than a month."""
    try:
        at = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone).until
    except dates.Unreadable:
        raise Refused(
            say("I could not read that. Please write it such as “tomorrow 8:00” or “Sunday 18:00”.")
        ) from None
    check_standby(tx, at)
    return at


def check_standby(tx: Transaction, at: int) -> None:
    """Raises Refused for the past and for more than a month ahead."""
    if not tx.now < at <= tx.now + STANDBY_DAYS_MAX * DAY:
        raise Refused(
            say("One can stand by until a time that is ahead, at most {n} days. Nothing was saved.", n=STANDBY_DAYS_MAX)
        )


async def skilled_number(tx: Transaction, skill_id: int) -> int:
    """How many have ticked a skill as their own."""
    return int(await tx.value("SELECT COUNT(*) FROM person_skills WHERE skill_id = :id", id=skill_id))


def check_age(person: Person) -> None:
    """Raises Refused for whoever is under 18."""
    if person.is_minor:
        raise Refused(
            say("Nobody under 18 is called out, so there is nothing to stand by for. Nothing was changed."),
            WayOut(say("🧒 For my age"), "activities.young"),
            WayOut(say("How old I am"), "minors.age"),
        )


# Deeds


async def stand_by(tx: Transaction, until: int, *, by: Person) -> None:
    """Stand by until then; 0: not any more. Raises Refused for whoever is under 18."""
    if until:
        check_age(by)
        check_standby(tx, until)
    await tx.run(
        "INSERT INTO responders (person_id, standby_until) VALUES (:me, :until) "
        "ON CONFLICT (person_id) DO UPDATE SET standby_until = excluded.standby_until",
        me=by.id,
        until=until,
    )


async def toggle_willing(tx: Transaction, *, by: Person) -> None:
    """Want to be asked when a brigade that one is not in finds too few; or not any more. Raises Refused under 18."""
    check_age(by)
    await tx.run(NEW, person=by.id)
    await tx.run("UPDATE responders SET willing = 1 - willing WHERE person_id = :me", me=by.id)


async def toggle_skill(tx: Transaction, skill_id: int, *, by: Person) -> None:
    """Tick a skill of one's own, or take the tick away. Raises Refused for one that is not on the list."""
    found = await skill(tx, skill_id)
    if found.removed_at is not None:
        raise Refused(
            say("There is no such skill. Nothing was changed."), WayOut(say("My readiness"), "callouts.ready")
        )
    added = await tx.run(
        "INSERT INTO person_skills (person_id, skill_id) VALUES (:me, :skill) ON CONFLICT DO NOTHING",
        me=by.id,
        skill=skill_id,
    )
    if not added:
        await tx.run("DELETE FROM person_skills WHERE person_id = :me AND skill_id = :skill", me=by.id, skill=skill_id)


async def write_words(tx: Transaction, words: str, *, by: Person) -> None:
    """Say in one's own words what else one can do."""
    await tx.run(NEW, person=by.id)
    await tx.run("UPDATE responders SET words = :words WHERE person_id = :me", words=words, me=by.id)


def name(typed: str, tx: Transaction) -> str:
    """What a brigade, an area, a skill or a piece of kit is called. Raises Refused."""
    return clean_line(typed, NAME_CHARACTERS_MAX)


def words(typed: str, tx: Transaction) -> str:
    """Reads one's own words, one line. Raises Refused."""
    return clean_line(typed, WORDS_CHARACTERS_MAX)


async def add_skill(tx: Transaction, name: str, *, by: Person) -> None:
    """Put a skill on the county's list. Raises Refused for others than admins, and for one that is there."""
    people.only_admins(by)
    added = await tx.run(
        "INSERT INTO skills (name) SELECT :name WHERE NOT EXISTS (SELECT 1 FROM skills WHERE key IS NULL "
        "AND removed_at IS NULL AND folded(name) = folded(:name)) ON CONFLICT DO NOTHING",
        name=name,
    )
    if not added:
        raise Refused(
            say("{name} is on the list already. Nothing was saved.", name=name),
            WayOut(say("Skills"), "callouts.skills"),
        )


async def remove_skill(tx: Transaction, skill_id: int, *, by: Person) -> None:
    """Take a skill off the list: nobody is called for it any more. Raises Refused for others than admins."""
    people.only_admins(by)
    await skill(tx, skill_id)
    await tx.run("UPDATE skills SET removed_at = :now WHERE id = :id AND removed_at IS NULL", now=tx.now, id=skill_id)
    await tx.run("DELETE FROM person_skills WHERE skill_id = :id", id=skill_id)


async def toggle_needed(tx: Transaction, skill_id: int, *, by: Person) -> None:
    """Every area needs somebody with it, or need not. Raises Refused for others than admins."""
    people.only_admins(by)
    await skill(tx, skill_id)
    await tx.run("UPDATE skills SET needed = 1 - needed WHERE id = :id", id=skill_id)
