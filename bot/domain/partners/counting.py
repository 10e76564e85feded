"""Counts by origin: how many places each partner has, who signed up and came, with how many hours; the rest is others'.

An origin is the partner whose place somebody has. Each number is the length, or the sum, of a list that can be opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.cards import Page, page_of, window
from bot.domain import groups
from bot.domain.activities import Activity, asking
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction, Value

OTHERS = 0
LISTS = ("in", "came", "hours")
NAMES_A_PAGE = 20


@dataclass(frozen=True)
class Origin:
    """One origin in numbers; `partner_id` 0: others. `activities`: in how many of those that were shared."""

    partner_id: int
    name: str = ""
    activities: int = 0
    places: int = 0
    signed_up: int = 0
    came: int = 0
    minutes: int = 0

    def plus(self, other: "Origin") -> "Origin":
        """Both together, under the name of the first; of activities, those of the first."""
        return replace(
            self,
            places=self.places + other.places,
            signed_up=self.signed_up + other.signed_up,
            came=self.came + other.came,
            minutes=self.minutes + other.minutes,
        )


@dataclass(frozen=True)
class Somebody:
    """One name of a list, with the minutes that count."""

    person_id: int
    nickname: str
    minutes: int


# What was ever shared, and was not called off; `{which}` says which of these.
SHARED = "a.state <> 'cancelled' AND a.id IN (SELECT activity_id FROM shares) AND {which}"
PLACES = """
    SELECT r.partner_id, g.name, COUNT(*) AS activities, CAST(SUM(r.places) AS BIGINT) AS places
    FROM activities a JOIN activity_roles r ON r.activity_id = a.id JOIN groups g ON g.id = r.partner_id
    WHERE {shared} GROUP BY r.partner_id, g.name
"""
WHOLE = """
    SELECT COUNT(*) AS activities,
        CAST(COALESCE(SUM(COALESCE(NULLIF(a.role_places, 0), a.places + a.kept, 0)), 0) AS BIGINT) AS places
    FROM activities a WHERE {shared}
"""
TURNOUT = """
    SELECT r.partner_id, CAST(SUM(t.signed_up) AS BIGINT) AS signed_up, CAST(SUM(t.came) AS BIGINT) AS came,
        CAST(SUM(t.minutes) AS BIGINT) AS minutes
    FROM activities a JOIN turnouts t ON t.activity_id = a.id LEFT JOIN activity_roles r ON r.id = t.role_id
    WHERE {shared} GROUP BY r.partner_id
"""
ONE = "a.id = :activity"
PERIOD = "a.starts_at >= :start AND a.starts_at < :end"


async def origins_of(tx: Transaction, activity_id: int, me: Person) -> tuple[Activity, tuple[Origin, ...]]:
    """One activity and its origins, others last, for whoever may see who takes part. Raises Refused."""
    activity = (await asking.watched_by(tx, activity_id, me)).activity
    return activity, await _origins(tx, ONE, {"activity": activity_id})


async def origins_between(tx: Transaction, start: int, end: int) -> tuple[Origin, ...]:
    """The origins of all shared activities that began in this time, by name, others last."""
    return await _origins(tx, PERIOD, {"start": start, "end": end})


def total(found: Iterable[Origin]) -> Origin:
    """The sum of all rows."""
    whole = Origin(OTHERS)
    for each in found:
        whole = whole.plus(each)
    return whole


async def _origins(tx: Transaction, which: str, values: dict[str, Value]) -> tuple[Origin, ...]:
    shared = SHARED.format(which=which)
    whole = await tx.one(WHOLE.format(shared=shared), **values)
    assert whole is not None, "counting gives a row"
    found = {row["partner_id"]: Origin(**row) for row in await tx.all(PLACES.format(shared=shared), **values)}
    theirs = sum(each.places for each in found.values())
    found[OTHERS] = Origin(OTHERS, activities=whole["activities"], places=whole["places"] - theirs)
    for row in await tx.all(TURNOUT.format(shared=shared), **values):
        numbers = dict(row)
        origin = numbers.pop("partner_id") or OTHERS
        found[origin] = replace(found[origin], **numbers)
    return tuple(sorted(found.values(), key=lambda each: (each.partner_id == OTHERS, each.name, each.partner_id)))


# The lists behind the numbers

WHO = """
    SELECT c.person_id, w.nickname, c.minutes FROM counted_sign_ups c JOIN people w ON w.id = c.person_id
    LEFT JOIN activity_roles r ON r.id = c.role_id
    WHERE c.activity_id = :activity AND COALESCE(r.partner_id, 0) = :partner
"""
BEHIND = {"in": "", "came": "AND c.came = 1", "hours": "AND c.minutes > 0"}


async def people_of(tx: Transaction, activity_id: int, partner_id: int, which: str, number: int, me: Person) -> Page:
    """A page of those behind a number. Raises Refused for whoever may not see these names."""
    await _may_see(tx, activity_id, partner_id, me)
    rows = await tx.all(
        f"{WHO} {BEHIND[which]} ORDER BY c.id LIMIT :limit OFFSET :offset",
        activity=activity_id,
        partner=partner_id,
        **window(number, NAMES_A_PAGE),
    )
    return page_of((Somebody(**row) for row in rows), number, each=NAMES_A_PAGE)


async def _may_see(tx: Transaction, activity_id: int, partner_id: int, me: Person) -> None:
    if partner_id != OTHERS and await groups.leads(tx, partner_id, me):
        return
    view = await asking.view(tx, activity_id, me)
    if not view.leads and not me.reads_all:
        raise Refused(
            say(
                "Names are for the partner's own leaders, those of the activity, and county admins. Nothing was changed."
            )
        )


async def shared_between(tx: Transaction, start: int, end: int, partner_id: int, number: int) -> Page:
    """A page of (activity's number, title, start) behind a partner's number of activities, or behind the others'."""
    theirs = (
        "EXISTS (SELECT 1 FROM activity_roles r WHERE r.activity_id = a.id AND r.partner_id = :partner)"
        if partner_id != OTHERS
        else "0 = :partner"
    )
    shared = SHARED.format(which=PERIOD)
    rows = await tx.all(
        f"SELECT a.id, a.title, a.starts_at FROM activities a WHERE {shared} AND {theirs} "  # noqa: S608
        "ORDER BY a.starts_at, a.id LIMIT :limit OFFSET :offset",
        start=start,
        end=end,
        partner=partner_id,
        **window(number),
    )
    return page_of(((row["id"], row["title"], row["starts_at"]) for row in rows), number)
