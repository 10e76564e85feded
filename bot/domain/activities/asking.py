"""Questions about one activity: how somebody stands to it, who takes part, and who may do what with it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.cards import ROWS_PER_PAGE, Page, page_of, press, window
from bot.domain import groups, people, points
from bot.domain.activities import places, roles
from bot.domain.activities.outings import outing
from bot.domain.activities.things import Activity, Mine, Partaker, Tally, View
from bot.domain.groups import Group
from bot.domain.hours import Grade
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

ROLL_ROWS = 6

# An activity, its group's name, and how :me stands to it.
VIEW = """
    SELECT a.*, g.name AS group_name, CASE WHEN l.person_id IS NULL THEN 0 ELSE 1 END AS leads,
        p.id AS my_id, p.state AS my_state, p.came AS my_came, p.how AS my_how,
        p.confirmed_at AS my_confirmed_at, p.until AS my_until, NULLIF(r.name, '') AS my_role, p.turn AS my_turn,
        (SELECT h.id FROM handovers h WHERE h.giver_id = p.id AND h.state = 'open') AS my_handover,
        CASE WHEN p.state = 'waiting' THEN (SELECT COUNT(*) FROM participations w
            WHERE w.activity_id = a.id AND w.state = 'waiting' AND w.role_id IS NOT DISTINCT FROM p.role_id
            AND (w.turn < p.turn OR (w.turn = p.turn AND w.id <= p.id))) ELSE 0 END AS my_queue
    FROM activities a
    LEFT JOIN groups g ON g.id = a.group_id
    LEFT JOIN leaders l ON l.group_id = a.group_id AND l.person_id = :me
    LEFT JOIN participations p ON p.activity_id = a.id AND p.person_id = :me AND p.state <> 'out'
    LEFT JOIN activity_roles r ON r.id = p.role_id
"""


def unknown(activity_id: int) -> Refused:
    """For a number that no activity has."""
    return Refused(
        say("There is no activity with the number {number}.", number=activity_id),
        WayOut(say("Volunteer tasks"), "activities.list:task"),
        WayOut(say("Events"), "activities.list:event"),
    )


def to_card(activity_id: int) -> WayOut:
    """The way to an activity's card."""
    return WayOut(say("Open"), press("activities.open", activity_id))


def check_ahead(activity: Activity, now: int) -> None:
    """Raises Refused for an activity that has begun, is over or was called off."""
    if not activity.takes_sign_ups(now):
        raise Refused(
            say("“{title}” has begun or was called off. Nothing was changed.", title=activity.title),
            to_card(activity.id),
        )


async def by_id(tx: Transaction, activity_id: int) -> Activity:
    """The activity. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM activities WHERE id = :id", id=activity_id)
    if row is None:
        raise unknown(activity_id)
    return Activity.of_row(row)


async def each(tx: Transaction, ids: Sequence[int]) -> list[Activity]:
    """These activities, in no particular order; unknown numbers are left out."""
    rows = await tx.all(
        f"SELECT * FROM activities WHERE id {AMONG}",  # noqa: S608 - a text of our own
        ids=listed(ids),
    )
    return [Activity.of_row(row) for row in rows]


async def locked(tx: Transaction, activity_id: int) -> Activity:
    """The activity, with its row held: whoever moves places begins here, so that all wait for one another in one order."""
    row = await tx.one("SELECT * FROM activities WHERE id = :id /*pg FOR UPDATE*/", id=activity_id)
    if row is None:
        raise unknown(activity_id)
    return Activity.of_row(row)


TO_TAKE_OVER = "SELECT MIN(id) FROM handovers WHERE activity_id = :activity AND state = 'open'"


async def view(tx: Transaction, activity_id: int, me: Person) -> View:
    """The activity as `me` sees it. Raises Refused where there is none."""
    row = await tx.one(VIEW + "WHERE a.id = :id", id=activity_id, me=me.id)
    if row is None:
        raise unknown(activity_id)
    found = View.of_row(row)
    if found.activity.has_roles:
        found = replace(found, roles=await roles.roles_of(tx, found.activity))
        if roles.is_shared(found.roles):
            led = await _led_partner(tx, found.roles, me) if me.leads else None
            found = replace(found, nodes=await groups.nodes_of(tx, me), led_partner=led)
    if found.activity.is_full and (found.leads or me.reads_all):
        found = replace(found, offered=int(await tx.value(OFFERED, id=activity_id)))
    if me.is_minor and found.mine is None and found.activity.takes_sign_ups(tx.now):
        found = replace(found, outing=await outing(tx, found.activity, me, supervised=True))
    if found.activity.points and found.activity.is_open:
        found = replace(found, weighed=await weighed(tx, found.activity))
    if found.mine is None and found.activity.is_full and not found.activity.waiting:
        return replace(found, handover=await tx.value(TO_TAKE_OVER, activity=activity_id))
    return found


async def _led_partner(tx: Transaction, by_role: tuple[places.Role, ...], me: Person) -> int | None:
    led = {group.id for group in await groups.led_groups(tx, me)}
    return next((role.partner_id for role in by_role if role.partner_id in led), None)


OFFERED = "SELECT COUNT(*) FROM participations WHERE activity_id = :id AND state = 'offered'"


async def weighed(tx: Transaction, activity: Activity) -> tuple[Said, ...]:
    """What the rules make of the points on the card for somebody who is there when the roll is called."""
    return points.worth_words(await points.rules(tx), activity.kind, Grade.ROLL, activity.points)


STANDING = """
    SELECT g.name, CASE WHEN l.person_id IS NULL THEN 0 ELSE 1 END AS leads
    FROM groups g LEFT JOIN leaders l ON l.group_id = g.id AND l.person_id = :me WHERE g.id = :group
"""


async def seen(
    tx: Transaction, activity: Activity, me: Person, mine: Mine, by_role: tuple[places.Role, ...] = ()
) -> View:
    """The same for whoever just got his place: in a rush, what is at hand is not asked for again."""
    row = await tx.one(STANDING, group=activity.group_id, me=me.id) if activity.group_id else None
    name, leads = (row["name"], bool(row["leads"])) if row else (None, False)
    return View(activity, name, leads, mine, by_role)


async def managed_by(tx: Transaction, activity_id: int, me: Person) -> Activity:
    """The activity, if `me` leads its group or is a county admin. Raises Refused otherwise."""
    found = await view(tx, activity_id, me)
    if not me.is_admin and not found.leads:
        raise _not_yours(found)
    return found.activity


async def watched_by(tx: Transaction, activity_id: int, me: Person) -> View:
    """The activity for whoever may see who takes part: its leaders, admins and auditors. Raises Refused otherwise."""
    found = await view(tx, activity_id, me)
    if not me.reads_all and not found.leads:
        raise _not_yours(found)
    return found


def _not_yours(found: View) -> Refused:
    if found.group_name is None:
        return Refused(say("This is the whole county's: only county admins can do this. Nothing was changed."))
    return Refused(
        say("Only the leaders of {group} and county admins can do this. Nothing was changed.", group=found.group_name)
    )


ROLL = """
    SELECT p.id, p.activity_id, p.person_id, pe.nickname, p.came, p.how, p.confirmed_at, p.confirmed_by,
        pe.forgotten_at, COALESCE(r.name, '') AS role, p.state,
        EXISTS (SELECT 1 FROM handovers h WHERE h.giver_id = p.id AND h.state = 'open') AS looks,
        p.absent_at IS NOT NULL AS is_absent
    FROM participations p JOIN people pe ON pe.id = p.person_id LEFT JOIN activity_roles r ON r.id = p.role_id
"""


async def roll(tx: Transaction, activity: Activity, number: int) -> Page:
    """A page of those who have a place, in the order in which they signed up."""
    rows = await tx.all(
        ROLL + "WHERE p.activity_id = :id AND p.state = 'in' ORDER BY p.id LIMIT :limit OFFSET :offset",
        id=activity.id,
        **window(number, ROLL_ROWS),
    )
    # Not the places that are taken: one that is kept for somebody has nobody yet.
    total = await tx.value(
        "SELECT COUNT(*) FROM participations WHERE activity_id = :id AND state = 'in'", id=activity.id
    )
    return page_of((Partaker(**row) for row in rows), number, total=total, each=ROLL_ROWS)


# Of one activity, without their names, so that a page of thousands is found before anybody is looked up.
WAITING = "FROM participations WHERE activity_id = :id AND state IN ('offered', 'waiting', 'applied')"
IN_TURN = "CASE {of}state WHEN 'offered' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, {of}turn, {of}id"


async def waiting_number(tx: Transaction, activity_id: int) -> int:
    """How many have no place and would like one."""
    return int(await tx.value(f"SELECT COUNT(*) {WAITING}", id=activity_id))


async def waiting_list(tx: Transaction, activity_id: int, number: int) -> Page:
    """A page of those who would like a place: whoever is offered one first, then in the order in which they get one."""
    chosen = f"SELECT id {WAITING} ORDER BY {IN_TURN.format(of='')} LIMIT :limit OFFSET :offset"
    rows = await tx.all(
        f"{ROLL} WHERE p.id IN ({chosen}) ORDER BY {IN_TURN.format(of='p.')}",
        id=activity_id,
        **window(number, ROLL_ROWS),
    )
    total = await waiting_number(tx, activity_id)
    return page_of((Partaker(**row) for row in rows), number, total=total, each=ROLL_ROWS)


async def partaker(tx: Transaction, participation_id: int) -> Partaker:
    """One who has a place. Raises Refused where there is none."""
    row = await tx.one(ROLL + "WHERE p.id = :id AND p.state = 'in'", id=participation_id)
    if row is None:
        raise Refused(say("This person has no place here any more. Nothing was changed; open the list again."))
    return Partaker(**row)


async def tally(tx: Transaction, activity: Activity, me: Person) -> Tally:
    """What `me` would confirm now; his own row is another's to confirm."""
    row = await tx.one(
        "SELECT COUNT(*) FILTER (WHERE came = 1 AND person_id <> :me) AS came, "
        "COUNT(*) FILTER (WHERE how = 'late' AND person_id <> :me) AS late, "
        "COUNT(*) FILTER (WHERE how = 'left' AND person_id <> :me) AS early, "
        "COUNT(*) FILTER (WHERE came = 0 AND how IS NULL AND person_id <> :me) AS missed, "
        "COUNT(*) FILTER (WHERE how = 'excused' AND person_id <> :me) AS excused, "
        "COUNT(*) FILTER (WHERE came IS NULL AND person_id <> :me) AS unmarked, "
        "COUNT(*) FILTER (WHERE person_id = :me) AS own "
        "FROM participations WHERE activity_id = :id AND state = 'in'",
        id=activity.id,
        me=me.id,
    )
    assert row is not None, "counting gives a row"
    return Tally(**row)


async def homes(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the groups for which `me` may publish, by name: those he leads; all of them for an admin."""
    rows = await tx.all(
        "SELECT g.* FROM groups g WHERE g.closed_at IS NULL AND (:admin = 1 OR EXISTS "
        "(SELECT 1 FROM leaders l WHERE l.group_id = g.id AND l.person_id = :me)) "
        "ORDER BY g.name LIMIT :limit OFFSET :offset",
        me=me.id,
        admin=int(me.is_admin),
        **window(number),
    )
    return page_of((Group(**row) for row in rows), number)


async def group_name(tx: Transaction, activity: Activity) -> str:
    """The name of its group, empty for the whole county."""
    return (await groups.by_id(tx, activity.group_id)).name if activity.group_id else ""


async def answerable(tx: Transaction, activity: Activity) -> list[Person]:
    """Who answers for an activity: the leaders of its group, or else whoever published it."""
    leaders = await groups.leaders_of(tx, activity.group_id) if activity.group_id else []
    return leaders or [await people.by_id(tx, activity.made_by)]


async def next_of(tx: Transaction, group_id: int) -> Activity | None:
    """The group's next activity, or None where nothing is planned."""
    row = await tx.one(
        "SELECT * FROM activities WHERE group_id = :group_id AND state = 'open' AND starts_at > :now "
        "ORDER BY starts_at, id LIMIT 1",
        group_id=group_id,
        now=tx.now,
    )
    return Activity.of_row(row) if row else None


async def duties_of(tx: Transaction, group_id: int, many: int) -> list[Activity]:
    """The group's next duties, those that have begun among them."""
    sql = (
        "SELECT * FROM activities WHERE group_id = :group AND state = 'open' AND kind = 'duty' AND ends_at > :now "
        "ORDER BY starts_at, id LIMIT :many"
    )
    return [Activity.of_row(row) for row in await tx.all(sql, group=group_id, now=tx.now, many=many)]


async def titles(tx: Transaction, ids: Iterable[int]) -> dict[int, str]:
    """The titles of these activities, for pages of a few rows; unknown numbers are left out."""
    rows = await tx.all(f"SELECT id, title FROM activities WHERE id {AMONG}", ids=listed(ids))  # noqa: S608 - a text of our own
    return {row["id"]: row["title"] for row in rows}


async def lately(tx: Transaction, group_id: int, *, limit: int = ROWS_PER_PAGE) -> list[Activity]:
    """What the group's last activities were that are over, the newest first."""
    rows = await tx.all(
        "SELECT * FROM activities WHERE group_id = :group AND ends_at <= :now AND state <> 'cancelled' "
        "ORDER BY starts_at DESC, id DESC LIMIT :limit",
        group=group_id,
        now=tx.now,
        limit=limit,
    )
    return [Activity.of_row(row) for row in rows]


async def spans_of(tx: Transaction, person_id: int, begins: int, ends: int) -> list[tuple[int, int]]:
    """When somebody has a place in an activity between two instants: beginnings and ends, for what must not overlap."""
    rows = await tx.all(
        "SELECT a.starts_at, a.ends_at FROM participations p JOIN activities a ON a.id = p.activity_id "
        "WHERE p.person_id = :person AND p.state IN ('in', 'offered') AND a.state = 'open' "
        "AND a.starts_at < :ends AND a.ends_at > :begins ORDER BY a.starts_at, a.id",
        person=person_id,
        begins=begins,
        ends=ends,
    )
    return [(row["starts_at"], row["ends_at"]) for row in rows]
