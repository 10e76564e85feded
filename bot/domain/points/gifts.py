"""Gifts of points as they are found. Questions only: nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Page, page_of, press, window
from bot.domain import days
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed


@dataclass(frozen=True)
class Gift:
    """Points from somebody for a person or for a group's budget; `receiver` is the name of the one or the other.

    `state`: waiting until `final_at`, given, taken_back by the giver, given_back by the receiver (or for him, by the
    county admin `reversed_by`), or off where it could not come about.
    """

    id: int
    giver_id: int
    giver: str
    person_id: int | None
    group_id: int | None
    receiver: str
    amount: int
    words: str
    made_at: int
    final_at: int
    reservation_id: int | None
    state: str
    settled_at: int | None
    reversed_by: int | None

    @property
    def waits(self) -> bool:
        return self.state == "waiting"


# Giver and receiver are those as whom their numbers go on, should one of them have been merged since.
GIFT = """
    SELECT f.id, a.id AS giver_id, a.nickname AS giver, p.id AS person_id, f.group_id,
        COALESCE(p.nickname, g.name) AS receiver, f.amount, f.words, f.made_at, f.final_at, f.reservation_id, f.state,
        f.settled_at, f.reversed_by
    FROM gifts f JOIN people ga ON ga.id = f.giver_id JOIN people a ON a.id = COALESCE(ga.merged_into, ga.id)
    LEFT JOIN people gp ON gp.id = f.person_id LEFT JOIN people p ON p.id = COALESCE(gp.merged_into, gp.id)
    LEFT JOIN groups g ON g.id = f.group_id
"""
_MINE = "(SELECT id FROM people WHERE id = :id OR merged_into = :id)"


def settled_before(found: Gift) -> Refused:
    """For whoever comes to a gift that has come to its end."""
    return Refused(say("{state} Nothing was changed now.", state=gift_words(found)), _to(found))


def _to(found: Gift) -> WayOut:
    return WayOut(say("Open"), press("points.gift.open", found.id))


def gift_words(found: Gift) -> Said:
    """How it stands with a gift."""
    when = Moment(found.settled_at or 0)
    match found.state:
        case "waiting":
            return say("⏳ Set aside; it is final on {moment}.", moment=Moment(found.final_at))
        case "given":
            return say("✅ Given on {moment}.", moment=when)
        case "taken_back":
            return say("✖️ Taken back on {moment}; the points are back with the giver.", moment=when)
        case "given_back" if found.reversed_by is not None:
            return say("↩️ Taken back by a county admin; the points are back with the giver.")
        case "given_back":
            return say("↩️ Given back by the receiver; the points are back with the giver.")
        case _:
            return say("✖️ It did not come about; the points are back with the giver.")


async def gift(tx: Transaction, gift_id: int, *, hold: bool = False) -> Gift:
    """One gift; with `hold` nobody else's until the commit. Raises Refused where there is none."""
    row = await tx.one(f"{GIFT} WHERE f.id = :id {'/*pg FOR UPDATE OF f*/' if hold else ''}", id=gift_id)
    if row is None:
        raise _none()
    return Gift(**row)


def _none() -> Refused:
    return Refused(say("There is no such gift of yours."), WayOut(say("Give points away"), "points.gift"))


async def given_by(tx: Transaction, gift_id: int, giver: Person) -> Gift:
    """A gift of this person's own, which he can still take back. Raises Refused."""
    found = await gift(tx, gift_id, hold=True)
    if found.giver_id != giver.id:
        raise _none()
    if not found.waits:
        raise settled_before(found)
    return found


async def given_to(tx: Transaction, gift_id: int, receiver: Person) -> Gift:
    """A gift that this person has. Raises Refused; of what only waits he knows nothing yet."""
    found = await gift(tx, gift_id, hold=True)
    if found.person_id != receiver.id or found.state in ("waiting", "taken_back", "off"):
        raise _none()
    if found.state != "given":
        raise settled_before(found)
    return found


async def seen_by(tx: Transaction, gift_id: int, reader: Person) -> Gift:
    """A gift, for its giver, for its receiver once he has had it, and for those who read all. Raises Refused."""
    found = await gift(tx, gift_id)
    has_had = found.person_id == reader.id and found.state in ("given", "given_back")
    if found.giver_id != reader.id and not has_had and not reader.reads_all:
        raise _none()
    return found


async def is_lost(tx: Transaction, found: Gift) -> bool:
    """Has whoever it was meant for left, or was the group closed?"""
    here = await tx.value(
        "SELECT 1 FROM gifts f LEFT JOIN people p ON p.id = f.person_id LEFT JOIN groups g ON g.id = f.group_id "
        "WHERE f.id = :id AND p.forgotten_at IS NULL AND g.closed_at IS NULL",
        id=found.id,
    )
    return here is None


async def given_this_month(tx: Transaction, giver: Person) -> int:
    """What somebody has given away, or set aside to give, since the first of the county's month; by a record of before, too."""
    return int(
        await tx.value(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM gifts "  # noqa: S608 - a text of our own
            f"WHERE giver_id IN {_MINE} AND COALESCE(person_id, 0) NOT IN {_MINE} AND state IN ('waiting', 'given') AND made_at >= :begins",
            id=giver.id,
            begins=days.month_begin(tx),
        )
    )


async def gifts_of(tx: Transaction, person: Person, number: int) -> Page:
    """A page of what somebody gave and got, the newest first."""
    rows = await tx.all(
        f"{GIFT} WHERE f.giver_id IN {_MINE} OR (f.person_id IN {_MINE} AND f.state IN ('given', 'given_back')) "
        "ORDER BY f.id DESC LIMIT :limit OFFSET :offset",
        id=person.id,
        **window(number),
    )
    return page_of((Gift(**row) for row in rows), number)


async def gift_titles(tx: Transaction, ids: Sequence[int], person_id: int) -> dict[int, str]:
    """What gifts were, as one of the two sees it: the other's name, and what was said with it; by the gift's number."""
    rows = await tx.all(f"{GIFT} WHERE f.id {AMONG}", ids=listed(ids)) if ids else ()
    person_id = await tx.value("SELECT COALESCE(merged_into, id) FROM people WHERE id = :id", id=person_id) or 0
    return {found.id: _title(found, person_id) for found in (Gift(**row) for row in rows)}


def _title(found: Gift, person_id: int) -> str:
    other = found.receiver if found.giver_id == person_id else found.giver
    return f"{other} · {found.words}" if found.words else other


async def gift_said(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """What was said with gifts, by the gift's number."""
    rows = await tx.all(f"SELECT id, words FROM gifts WHERE id {AMONG}", ids=listed(ids))  # noqa: S608 - a text of our own
    return {row["id"]: row["words"] for row in rows}
