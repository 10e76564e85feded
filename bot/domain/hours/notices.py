"""What is made public before it counts, so that whoever knows better can object: stars and certificates."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import groups
from bot.domain.hours.things import length, masked, starred
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, filled

ENDING = "hours.notice"
# The morning after the last day of a notice.
ENDS_AT = time(9)
WORDS_CHARACTERS_MAX = 300


@dataclass(frozen=True)
class Notice:
    """A star or a certificate that is public until `until` (Unix seconds)."""

    id: int
    kind: str
    person_id: int
    star: int | None
    needed: int | None
    first_day: str | None
    last_day: str | None
    minutes: int
    opened_at: int
    until: int
    state: str
    settled_at: int | None
    nickname: str

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row)

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def what(self) -> Said:
        """«3-star volunteer», or «a certificate»."""
        return starred(self.star) if self.star else say("a certificate")


@dataclass(frozen=True)
class Objection:
    """What somebody who knows better has written."""

    person_id: int
    words: str
    at: int
    upheld: int | None
    answered_at: int | None
    answered_by: int | None


# Questions

NOTICE = "SELECT n.*, p.nickname FROM hours_notices n JOIN people p ON p.id = n.person_id"


async def notice(tx: Transaction, notice_id: int) -> Notice:
    """Raises Refused where there is none."""
    row = await tx.one(f"{NOTICE} WHERE n.id = :id", id=notice_id)
    if row is None:
        raise Refused(say("There is no such notice."), WayOut(say("Public notices"), "hours.notices"))
    return Notice.of_row(row)


async def open_notice(tx: Transaction, kind: str, person_id: int) -> Notice | None:
    """What of this kind stands on the board about somebody, if anything."""
    row = await tx.one(
        f"{NOTICE} WHERE n.kind = :kind AND n.person_id = :id AND n.state = 'open'", kind=kind, id=person_id
    )
    return Notice.of_row(row) if row else None


async def public_notices(tx: Transaction, number: int) -> Page:
    """A page of what is public just now, what ends first first."""
    total = await tx.value("SELECT COUNT(*) FROM hours_notices WHERE state = 'open'")
    rows = await tx.all(
        f"{NOTICE} WHERE n.state = 'open' ORDER BY n.until, n.id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of(map(Notice.of_row, rows), number, total=total)


async def objections_to(tx: Transaction, notice_id: int) -> list[Objection]:
    """What was said against a notice, the oldest first."""
    rows = await tx.all("SELECT * FROM hours_objections WHERE notice_id = :id ORDER BY at, person_id", id=notice_id)
    return [filled(Objection, row) for row in rows]


def ends_after(tx: Transaction, day: date) -> int:
    """The instant at which a notice is over whose last day is `day`."""
    return int(datetime.combine(day + timedelta(days=1), ENDS_AT, tx.clock.zone).timestamp())


# Deeds


async def publish(
    tx: Transaction,
    kind: str,
    person: Person,
    minutes: int,
    last_day: date,
    *,
    star: int | None = None,
    needed: int | None = None,
    period: tuple[str, str] | None = None,
) -> Notice | None:
    """Make it public until the morning after `last_day`; None while another notice of this kind is open."""
    first, last = period or (None, None)
    notice_id = await tx.value(
        "INSERT INTO hours_notices (kind, person_id, star, needed, first_day, last_day, minutes, opened_at, until) "
        "VALUES (:kind, :person, :star, :needed, :first, :last, :minutes, :now, :until) ON CONFLICT DO NOTHING RETURNING id",
        kind=kind,
        person=person.id,
        star=star,
        needed=needed,
        first=first,
        last=last,
        minutes=minutes,
        now=tx.now,
        until=ends_after(tx, last_day),
    )
    if notice_id is None:
        return None
    made = await notice(tx, notice_id)
    await due.plan(tx, ENDING, f"notice:{made.id}", made.until)
    await _post(tx, made, person)
    return made


def face(shown: Notice) -> Said:
    """A notice in one line; a name is masked except where a star is given."""
    return say(
        "📢 {name}: {what}, with {length}",
        name=shown.nickname if shown.kind == "star" else masked(shown.nickname),
        what=shown.what,
        length=length(shown.minutes),
    )


async def _post(tx: Transaction, made: Notice, person: Person) -> None:
    """Where the person's groups talk, one message each."""
    if made.kind != "star":
        return
    screen = card(
        face(made),
        say("Who knows better can object until {moment}.", moment=Moment(made.until)),
        rows=((Button(say("Look at it"), press("hours.notice", made.id)),),),
        home=False,
    )
    for group_id in await groups.states_of(tx, person):
        group = await groups.by_id(tx, group_id)
        await groups.post(tx, group, screen, lane=Lane.REMINDER, key=f"hours.notice:{tx.bot}:{made.id}:{group_id}")


async def close(tx: Transaction, notice_id: int, state: str) -> bool:
    """Settle an open notice; False where it was settled before."""
    done = await tx.run(
        "UPDATE hours_notices SET state = :state, settled_at = :now WHERE id = :id AND state = 'open'",
        state=state,
        now=tx.now,
        id=notice_id,
    )
    await due.drop(tx, f"notice:{notice_id}", ENDING)
    return bool(done)


async def give_up(tx: Transaction, person_id: int) -> None:
    """What is public of this number comes to nothing."""
    rows = await tx.all("SELECT id FROM hours_notices WHERE person_id = :id AND state = 'open'", id=person_id)
    for row in rows:
        await close(tx, row["id"], "withdrawn")
