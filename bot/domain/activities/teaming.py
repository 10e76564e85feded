"""Teams: a leader chooses people of a group by name and signs all of them up as one, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards import Button, Page, card, page_of, press, window
from bot.config import Settings
from bot.domain import audit, groups, people
from bot.domain.activities import asking, roles, signing
from bot.domain.activities.entering import Wish
from bot.domain.activities.kinds import KIND_NAMES
from bot.domain.activities.places import Role
from bot.domain.activities.things import Activity
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.locales import Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, filled

TEAM_MAX = 50


@dataclass(frozen=True)
class Team:
    """People of one group who are signed up together."""

    id: int
    activity_id: int
    group_id: int


@dataclass(frozen=True)
class Candidate:
    """Somebody of the group, and whether he is chosen, or in it already."""

    id: int
    nickname: str
    chosen: bool
    is_in: bool


# Members of the group, and its neighbours who have no account.
CANDIDATES = """
    FROM people p WHERE p.forgotten_at IS NULL AND p.id IN (
        SELECT person_id FROM memberships WHERE group_id = :group AND state = 'in'
        UNION ALL SELECT person_id FROM neighbours WHERE group_id = :group AND joined_at IS NULL)
"""
MARKED = """
    SELECT p.id, p.nickname,
        EXISTS (SELECT 1 FROM team_members t WHERE t.team_id = :team AND t.person_id = p.id) AS chosen,
        EXISTS (SELECT 1 FROM participations s
            WHERE s.activity_id = :activity AND s.person_id = p.id AND s.state <> 'out') AS is_in
"""

HAS_SIGNED_UP = f"""
    SELECT p.nickname {CANDIDATES} AND p.id = :person AND EXISTS
        (SELECT 1 FROM participations s WHERE s.activity_id = :activity AND s.person_id = p.id AND s.state <> 'out')
"""  # noqa: S608


# Questions


async def candidates(tx: Transaction, team: Team, number: int) -> Page:
    """A page of those whom the leader may choose, by name."""
    total = int(await tx.value(f"SELECT COUNT(*) {CANDIDATES}", group=team.group_id))
    rows = await tx.all(
        f"{MARKED} {CANDIDATES} ORDER BY p.nickname, p.id LIMIT :limit OFFSET :offset",
        team=team.id,
        activity=team.activity_id,
        group=team.group_id,
        **window(number),
    )
    found = tuple(Candidate(row["id"], row["nickname"], bool(row["chosen"]), bool(row["is_in"])) for row in rows)
    return page_of(found, number, total=total)


async def team_of(tx: Transaction, team_id: int, *, by: Person) -> Team:
    """A team that `by` is choosing. Raises Refused for others', once it has signed up, and who does not lead its group any more."""
    row = await tx.one("SELECT * FROM teams WHERE id = :id AND made_by = :by /*pg FOR UPDATE*/", id=team_id, by=by.id)
    if row is None or row["signed_up_at"] is not None:
        raise Refused(say("This team has signed up already, or is not yours. Nothing was changed."))
    await groups.led_by(tx, row["group_id"], by)
    return filled(Team, row)


async def chosen(tx: Transaction, team: Team) -> list[Person]:
    """Who is in the team and of the group still, by number: two teams that meet never wait for each other."""
    rows = await tx.all(
        f"SELECT p.* {CANDIDATES} AND EXISTS (SELECT 1 FROM team_members t WHERE t.team_id = :team AND t.person_id = p.id) "  # noqa: S608
        "ORDER BY p.id",
        team=team.id,
        group=team.group_id,
    )
    return [people.of_row(row) for row in rows]


async def own_roles(tx: Transaction, team: Team) -> dict[int, Role]:
    """As what each of the team comes, by number: as the leader said, or else as the first role there is. Raises Refused."""
    known = {role.id: role for role in await roles.roles_of(tx, await asking.by_id(tx, team.activity_id))}
    if not known:
        raise Refused(say("Its places are not by role any more. Nothing was changed; please open it again."))
    rows = await tx.all("SELECT person_id, role_id FROM team_members WHERE team_id = :id", id=team.id)
    said, first = {row["person_id"]: row["role_id"] for row in rows}, next(iter(known.values()))
    return {person.id: known.get(said[person.id], first) for person in await chosen(tx, team)}


# Deeds


async def next_role(tx: Transaction, team_id: int, person_id: int, *, by: Person) -> Team:
    """Let one of the team come as the role after his. Raises Refused for whoever is not in it."""
    team = await team_of(tx, team_id, by=by)
    own = await own_roles(tx, team)
    if person_id not in own:
        raise Refused(say("This person is not in the team any more. Nothing was changed."))
    known = [role.id for role in await roles.roles_of(tx, await asking.by_id(tx, team.activity_id))]
    following = known[(known.index(own[person_id].id) + 1) % len(known)]
    await tx.run(
        "UPDATE team_members SET role_id = :role WHERE team_id = :team AND person_id = :person",
        role=following,
        team=team.id,
        person=person_id,
    )
    return team


async def begin_team(tx: Transaction, activity_id: int, group_id: int, *, by: Person) -> Team:
    """The choice that `by` has begun for this group, or a new one. Raises Refused for whoever does not lead it."""
    await groups.led_by(tx, group_id, by)
    activity = await asking.by_id(tx, activity_id)
    if not activity.takes_sign_ups(tx.now):
        raise signing.closed(await asking.view(tx, activity_id, by), tx.now)
    values = {"activity": activity_id, "group": group_id, "by": by.id}
    await tx.run(
        "INSERT INTO teams (activity_id, group_id, made_by, made_at) VALUES (:activity, :group, :by, :now) "
        "ON CONFLICT DO NOTHING",
        now=tx.now,
        **values,
    )
    row = await tx.one(
        "SELECT * FROM teams WHERE activity_id = :activity AND group_id = :group AND made_by = :by "
        "AND signed_up_at IS NULL",
        **values,
    )
    assert row is not None, "it was there or was inserted"
    return filled(Team, row)


async def choose(tx: Transaction, team_id: int, person_id: int, *, by: Person) -> Team:
    """Take somebody into the team, or out of it again. Raises Refused for whoever is not of the group."""
    team = await team_of(tx, team_id, by=by)
    taken_out = await tx.run(
        "DELETE FROM team_members WHERE team_id = :team AND person_id = :person", team=team.id, person=person_id
    )
    if taken_out:
        return team
    name = await tx.value(HAS_SIGNED_UP, activity=team.activity_id, person=person_id, group=team.group_id)
    if name is not None:
        raise Refused(say("{name} is in already. Nothing was changed.", name=name))
    if len(await chosen(tx, team)) >= TEAM_MAX:
        raise Refused(say("A team has at most {n} people. Nothing was changed.", n=TEAM_MAX))
    added = await tx.run(
        f"INSERT INTO team_members (team_id, person_id) SELECT CAST(:team AS BIGINT), p.id {CANDIDATES} AND p.id = :person "
        "ON CONFLICT DO NOTHING",
        team=team.id,
        group=team.group_id,
        person=person_id,
    )
    if not added:
        raise Refused(say("This person is not of the group any more. Nothing was changed."))
    return team


async def sign_up_team(
    tx: Transaction, team_id: int, *, by: Person, rules: Settings, role_id: int | None = None, each: bool = False
) -> tuple[Activity, int]:
    """Sign all of them up, as one role or `each` as their own, or nobody; each is told by whom. Who has left the group is out.

    Raises Refused when not all of them find a place, and where there are several roles and none is said.
    """
    team = await team_of(tx, team_id, by=by)
    group = await groups.by_id(tx, team.group_id)
    for person in await chosen(tx, team):
        await people.held(tx, person.id)
    who = await chosen(tx, team)
    if not who:
        raise Refused(say("Nobody is chosen yet. Nothing was changed."))
    activity = await asking.locked(tx, team.activity_id)
    as_what: Mapping[int, Role | None] = await own_roles(tx, team) if each else {}
    if not each:
        as_what = dict.fromkeys((person.id for person in who), await roles.chosen(tx, activity, role_id))
    for person in who:
        alike = [role for role in as_what.values() if role == as_what[person.id]]
        await _one(tx, activity, person, len(alike), rules, as_what[person.id])
    await tx.run("UPDATE teams SET signed_up_at = :now WHERE id = :id", now=tx.now, id=team.id)
    await audit.note(tx, "team.signed_up", activity.name, by=by.id, group=group.id, people=len(who))
    for person in who:
        if person.id != by.id:
            await _tell(tx, activity, group, person, by, as_what[person.id])
    return activity, len(who)


async def _one(
    tx: Transaction, activity: Activity, person: Person, many: int, rules: Settings, role: Role | None
) -> None:
    """One of the team. Raises Refused, which undoes the others, too, and says whose place it was."""
    try:
        wish = Wish(role.id if role else None)
        view = await signing.sign_up(tx, activity.id, by=person, rules=rules, wish=wish)
    except Refused as refused:
        raise Refused(
            say("{name}: {why} Nobody of the team was signed up.", name=person.nickname, why=refused.reason),
            _choose_again(activity),
        ) from refused
    if view.mine and not (view.mine.is_in or view.mine.is_applied):
        raise Refused(
            say(
                "Places free: {free}, and {n} people were chosen. Nobody of the team was signed up: choose fewer people.",
                n=many,
                free=(role or activity).free or 0,
            ),
            _choose_again(activity),
        )


def _choose_again(activity: Activity) -> WayOut:
    return WayOut(say("Choose again"), press("teams.begin", activity.id))


async def _tell(
    tx: Transaction, activity: Activity, group: Group, person: Person, by: Person, role: Role | None
) -> None:
    screen = card(
        say("👥 {leader} has applied for you with {group}:", leader=by.nickname, group=group.name)
        if activity.chooses
        else say("👥 {leader} has signed you up with {group}:", leader=by.nickname, group=group.name),
        say("{kind} <b>{title}</b>", kind=KIND_NAMES[activity.kind], title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        *((say("👤 You come as {role}.", role=role.called),) if role else ()),
        rows=(
            (
                Button(say("Open"), press("activities.open", activity.id)),
                Button(say("I can't come"), press("activities.leave", activity.id)),
            ),
        ),
    )
    await people.tell(tx, person, screen, lane=Lane.REMINDER)
