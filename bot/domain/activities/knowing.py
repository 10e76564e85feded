"""What is known of a person that conditions ask for, read together when somebody wants to come in."""

import calendar
from datetime import datetime

from bot.domain import groups, hours
from bot.domain.activities.conditions import Known
from bot.domain.people import Person
from bot.storage import Transaction

# A training without an end is valid until then.
FOREVER = 2**53
TAUGHT = """
    SELECT a.teaches, a.ends_at, a.valid_months FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE p.person_id = :person AND p.state = 'in' AND p.came = 1 AND p.confirmed_at IS NOT NULL AND a.teaches <> ''
"""
CAME = """
    SELECT COUNT(*) FROM participations WHERE person_id = :person AND state = 'in' AND came = 1 AND confirmed_at IS NOT NULL
"""


def months_later(local: datetime, months: int) -> datetime:
    """The same day and hour so many months later, or the last day of that month."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def valid_until(tx: Transaction, ends_at: int, months: int | None) -> int:
    """Until when a training is valid that ended at `ends_at`."""
    return FOREVER if months is None else int(months_later(tx.local(ends_at), months).timestamp())


async def trainings_of(tx: Transaction, person: Person) -> dict[str, int]:
    """Until when each training of this person is valid, by its name as it was written last.

    They are what was confirmed: a correction of who came is one of the training, too.
    """
    found: dict[str, tuple[str, int]] = {}
    for row in await tx.all(TAUGHT, person=person.id):
        name, until = row["teaches"], valid_until(tx, row["ends_at"], row["valid_months"])
        if until > found.get(name.casefold(), ("", 0))[1]:
            found[name.casefold()] = (name, until)
    return dict(found.values())


async def times_came(tx: Transaction, person: Person) -> int:
    """How often this person was confirmed to have come to anything."""
    return int(await tx.value(CAME, person=person.id))


async def known_about(tx: Transaction, person: Person) -> Known:
    """All that conditions can ask for."""
    trainings = await trainings_of(tx, person)
    return Known(
        star=await hours.star_held(tx, person.id),
        age=person.age,
        trainings={name.casefold(): until for name, until in trainings.items()},
        groups=await groups.nodes_of(tx, person),
        came=await times_came(tx, person),
    )


async def came_number(tx: Transaction, person_id: int, start: int, end: int) -> int:
    """To how many activities somebody came that began in this time, and were confirmed."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM participations p JOIN activities a ON a.id = p.activity_id WHERE p.person_id = :person "
            "AND p.state = 'in' AND p.came = 1 AND p.confirmed_at IS NOT NULL AND a.starts_at >= :start AND a.starts_at < :end",
            person=person_id,
            start=start,
            end=end,
        )
    )
