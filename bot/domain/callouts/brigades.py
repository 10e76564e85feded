"""Brigades: made by admins, led by one, joined by a word from both sides."""

from collections.abc import Sequence

from bot.cards import Button, Card, Page, card, page_of, press, window
from bot.domain import audit, people
from bot.domain.callouts.things import NAME_CHARACTERS_MAX, WORDS_CHARACTERS_MAX, Brigade, clean_line
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Row, Transaction
from bot.storage import listed as numbers

ALL = WayOut(say("Brigades"), "callouts.home")


def _of_row(row: Row) -> Brigade:
    return Brigade(**row)


# Questions


async def by_id(tx: Transaction, brigade_id: int) -> Brigade:
    """The brigade. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM brigades WHERE id = :id", id=brigade_id)
    if row is None:
        raise Refused(say("There is no such brigade. Nothing was changed."), ALL)
    return _of_row(row)


async def open_one(tx: Transaction, brigade_id: int) -> Brigade:
    """The brigade, if it was not disbanded. Raises Refused."""
    brigade = await by_id(tx, brigade_id)
    if brigade.closed_at is not None:
        raise Refused(say("{brigade} was disbanded. Nothing was changed.", brigade=brigade.name), ALL)
    return brigade


async def led_by(tx: Transaction, brigade_id: int, person: Person) -> Brigade:
    """The brigade, if this person leads it or is a county admin. Raises Refused."""
    brigade = await open_one(tx, brigade_id)
    if not brigade.is_led_by(person):
        raise Refused(
            say(
                "Only the leader of {brigade} and county admins can do this. Nothing was changed.", brigade=brigade.name
            ),
            WayOut(say("Open the brigade"), press("callouts.brigade", brigade.id)),
        )
    return brigade


async def led(tx: Transaction, person: Person) -> list[Brigade]:
    """The brigades that this person may call out, by name."""
    rows = await tx.all(
        "SELECT * FROM brigades WHERE closed_at IS NULL AND (leader_id = :me OR :is_admin = 1) ORDER BY name, id",
        me=person.id,
        is_admin=int(person.is_admin),
    )
    return [_of_row(row) for row in rows]


async def listed(tx: Transaction, number: int) -> Page:
    """A page of all brigades, by name."""
    rows = await tx.all(
        "SELECT * FROM brigades WHERE closed_at IS NULL ORDER BY name, id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    found = tuple(_of_row(row) for row in rows)
    total = int(await tx.value("SELECT COUNT(*) FROM brigades WHERE closed_at IS NULL"))
    return page_of(found, number, total=total)


async def state_of(tx: Transaction, brigade_id: int, person_id: int) -> str | None:
    """applied, invited, in; None for whoever is none of it."""
    found: str | None = await tx.value(
        "SELECT state FROM brigade_members WHERE brigade_id = :brigade AND person_id = :person",
        brigade=brigade_id,
        person=person_id,
    )
    return found


async def roll(tx: Transaction, brigade_id: int, number: int) -> Page:
    """A page of its people: first those who wait for an answer, then those who are in."""
    rows = await tx.all(
        "SELECT m.state, p.*, COALESCE(r.standby_until, 0) AS standby_until FROM brigade_members m "
        "JOIN people p ON p.id = m.person_id LEFT JOIN responders r ON r.person_id = p.id "
        "WHERE m.brigade_id = :brigade ORDER BY CASE m.state WHEN 'applied' THEN 0 WHEN 'invited' THEN 1 ELSE 2 END, "
        "p.nickname, p.id LIMIT :limit OFFSET :offset",
        brigade=brigade_id,
        **window(number),
    )
    total = int(await tx.value("SELECT COUNT(*) FROM brigade_members WHERE brigade_id = :brigade", brigade=brigade_id))
    found = tuple((people.of_row(row), str(row["state"]), int(row["standby_until"])) for row in rows)
    return page_of(found, number, total=total)


async def readiness(tx: Transaction, brigade_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By the brigade's number: how many are in, and how many of them stand by now."""
    rows = await tx.all(
        "SELECT m.brigade_id, COUNT(*) AS members, COUNT(*) FILTER (WHERE r.standby_until > :now) AS ready "  # noqa: S608 - a text of our own
        "FROM brigade_members m LEFT JOIN responders r ON r.person_id = m.person_id "
        f"WHERE m.brigade_id {AMONG} AND m.state = 'in' GROUP BY m.brigade_id",
        now=tx.now,
        ids=numbers(brigade_ids),
    )
    return dict.fromkeys(brigade_ids, (0, 0)) | {row["brigade_id"]: (row["members"], row["ready"]) for row in rows}


async def readiness_by_skill(tx: Transaction, brigade_id: int) -> dict[int, tuple[int, int]]:
    """By the skill's number: how many have it, and how many of them stand by now."""
    rows = await tx.all(
        "SELECT s.skill_id, COUNT(*) AS members, COUNT(*) FILTER (WHERE r.standby_until > :now) AS ready "
        "FROM brigade_members m JOIN person_skills s ON s.person_id = m.person_id "
        "LEFT JOIN responders r ON r.person_id = m.person_id "
        "WHERE m.brigade_id = :brigade AND m.state = 'in' GROUP BY s.skill_id",
        now=tx.now,
        brigade=brigade_id,
    )
    return {row["skill_id"]: (int(row["members"]), int(row["ready"])) for row in rows}


# Deeds


async def found(tx: Transaction, name: str, about: str, *, by: Person) -> Brigade:
    """Make a brigade, which its maker leads until somebody else does. Raises Refused for others than admins."""
    people.only_admins(by)
    row = await tx.one(
        "INSERT INTO brigades (name, about, leader_id, made_at, made_by) SELECT :name, :about, :by, :now, :by "
        "WHERE NOT EXISTS (SELECT 1 FROM brigades WHERE closed_at IS NULL AND folded(name) = folded(:name)) "
        "ON CONFLICT DO NOTHING RETURNING *",
        name=clean_line(name, NAME_CHARACTERS_MAX),
        about=people.visible(about)[:WORDS_CHARACTERS_MAX],
        by=by.id,
        now=tx.now,
    )
    if row is None:
        raise Refused(say("There is a brigade called {name} already. Nothing was saved.", name=name), ALL)
    await audit.note(tx, "brigade.made", f"brigade:{row['id']}", by=by.id)
    return _of_row(row)


async def appoint(tx: Transaction, brigade_id: int, person_id: int, *, by: Person) -> Brigade:
    """Let somebody who is in lead it; he is told. Raises Refused for others than admins."""
    people.only_admins(by)
    brigade = await open_one(tx, brigade_id)
    person = await people.held(tx, person_id)
    if await state_of(tx, brigade.id, person.id) != "in":
        raise Refused(
            say("{person} is not in {brigade}. Nothing was changed.", person=person.nickname, brigade=brigade.name)
        )
    await tx.run("UPDATE brigades SET leader_id = :person WHERE id = :id", person=person.id, id=brigade.id)
    await audit.note(tx, "brigade.leader", f"brigade:{brigade.id}", by=by.id, person=person.id)
    if person.id != by.id:
        words = say(
            "You lead <b>{brigade}</b> from now on: you can call it out, and lead its missions.", brigade=brigade.name
        )
        await people.tell(tx, person, card(words, rows=((_open(brigade),),)))
    return await by_id(tx, brigade.id)


async def disband(tx: Transaction, brigade_id: int, *, by: Person) -> Brigade:
    """End a brigade; its log stays, and nobody is in it. Raises Refused for others than admins, and while it is out."""
    people.only_admins(by)
    brigade = await open_one(tx, brigade_id)
    closed = await tx.run(
        "UPDATE brigades SET closed_at = :now WHERE id = :id AND closed_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM callouts WHERE brigade_id = :id AND state = 'open')",
        now=tx.now,
        id=brigade.id,
    )
    if not closed:
        raise Refused(
            say(
                "{brigade} is out on a mission: it can be disbanded when everybody is back. Nothing was changed.",
                brigade=brigade.name,
            ),
            WayOut(say("Missions"), "callouts.log:0"),
        )
    for table in ("area_covers", "brigade_members"):
        await tx.run(f"DELETE FROM {table} WHERE brigade_id = :id", id=brigade.id)  # noqa: S608
    await audit.note(tx, "brigade.disbanded", f"brigade:{brigade.id}", by=by.id)
    return brigade


async def apply(tx: Transaction, brigade_id: int, *, by: Person) -> str:
    """Ask to be taken in, or accept an invitation; applied, or in. Its leader is told of whoever applies."""
    brigade = await open_one(tx, brigade_id)
    _check_age(by, brigade)
    accepted = await tx.run(
        "UPDATE brigade_members SET state = 'in', at = :now WHERE brigade_id = :brigade AND person_id = :me "
        "AND state = 'invited'",
        now=tx.now,
        brigade=brigade.id,
        me=by.id,
    )
    if not accepted and await _add(tx, brigade, by.id, "applied", by):
        words = say("{person} would like to join {brigade}.", person=by.nickname, brigade=brigade.name)
        await tell_leader(tx, brigade, card(words, rows=((_answer(brigade, by.id, 1), _answer(brigade, by.id, 0)),)))
    return str(await state_of(tx, brigade.id, by.id))


def _check_age(person: Person, brigade: Brigade) -> None:
    if person.is_minor:
        raise Refused(
            say(
                "Nobody under 18 is called out, so {brigade} takes in adults only. Nothing was changed.",
                brigade=brigade.name,
            ),
            ALL,
        )


async def _add(tx: Transaction, brigade: Brigade, person_id: int, state: str, by: Person) -> bool:
    added = await tx.run(
        "INSERT INTO brigade_members (brigade_id, person_id, state, at, by_id) "
        "VALUES (:brigade, :person, :state, :now, :by) ON CONFLICT DO NOTHING",
        brigade=brigade.id,
        person=person_id,
        state=state,
        now=tx.now,
        by=by.id,
    )
    return bool(added)


def _answer(brigade: Brigade, person_id: int, takes: int) -> Button:
    label = say("Let in") if takes else say("Decline")
    return Button(label, press("callouts.take", brigade.id, person_id, takes), style="primary" if takes else "")


def _open(brigade: Brigade) -> Button:
    return Button(say("Open the brigade"), press("callouts.brigade", brigade.id))


async def tell_leader(tx: Transaction, brigade: Brigade, screen: Card) -> None:
    """Tell whoever leads the brigade; the admins where nobody does."""
    if brigade.leader_id is None:
        await people.tell_admins(tx, screen)
    else:
        await people.tell(tx, await people.by_id(tx, brigade.leader_id), screen)


async def invite(tx: Transaction, brigade_id: int, person: Person, *, by: Person) -> Brigade:
    """Ask somebody to join: he is in when he taps that he will. Raises Refused for who is asked or in already."""
    brigade = await led_by(tx, brigade_id, by)
    _check_age(person, brigade)
    if not await _add(tx, brigade, person.id, "invited", by):
        raise Refused(
            say(
                "{person} is in {brigade} already, or was asked. Nothing was changed.",
                person=person.nickname,
                brigade=brigade.name,
            ),
            WayOut(say("Roll"), press("callouts.members", brigade.id)),
        )
    join = Button(say("Join"), press("callouts.join", brigade.id), style="primary")
    no = Button(say("No, thank you"), press("callouts.leave", brigade.id))
    screen = card(
        say("{person} asks you to join the brigade <b>{brigade}</b>.", person=by.nickname, brigade=brigade.name),
        AT_ANY_HOUR,
        rows=((join, no),),
    )
    await people.tell(tx, person, screen)
    return brigade


AT_ANY_HOUR = say("Call-outs come at any hour, also in your quiet hours. You say each time whether you come.")


async def decide(tx: Transaction, brigade_id: int, person_id: int, *, takes: bool, by: Person) -> Brigade:
    """Take in whoever applied, or don't; he is told. Raises Refused where nobody waits."""
    brigade = await led_by(tx, brigade_id, by)
    sql = "UPDATE brigade_members SET state = 'in', at = :now" if takes else "DELETE FROM brigade_members"
    known = {"now": tx.now} if takes else {}
    changed = await tx.run(
        f"{sql} WHERE brigade_id = :brigade AND person_id = :person AND state = 'applied'",
        brigade=brigade.id,
        person=person_id,
        **known,
    )
    if not changed:
        raise Refused(
            say("Nobody waits there any more. Nothing was changed."),
            WayOut(say("Roll"), press("callouts.members", brigade.id)),
        )
    words = (
        say("You are in <b>{brigade}</b>. Say when you stand by, and what you can do.", brigade=brigade.name)
        if takes
        else say("{brigade} can't take you in just now.", brigade=brigade.name)
    )
    lines, row = (
        ((words, AT_ANY_HOUR), Button(say("My readiness"), "callouts.ready")) if takes else ((words,), _open(brigade))
    )
    await people.tell(tx, await people.by_id(tx, person_id), card(*lines, rows=((row,),)))
    return brigade


async def leave(tx: Transaction, brigade_id: int, *, by: Person) -> Brigade:
    """Leave, take an application back, or decline an invitation. Raises Refused for whoever is not in."""
    brigade = await open_one(tx, brigade_id)
    await _part(tx, brigade, by.id)
    return brigade


async def remove(tx: Transaction, brigade_id: int, person_id: int, *, by: Person) -> Brigade:
    """Take somebody out; he is told. Raises Refused for whoever is not in."""
    brigade = await led_by(tx, brigade_id, by)
    await _part(tx, brigade, person_id)
    if person_id != by.id:
        words = say(
            "You are not in {brigade} any more; {person} took you out.", brigade=brigade.name, person=by.nickname
        )
        await people.tell(tx, await people.by_id(tx, person_id), card(words, rows=((_open(brigade),),)))
    return brigade


async def _part(tx: Transaction, brigade: Brigade, person_id: int) -> None:
    gone = await tx.run(
        "DELETE FROM brigade_members WHERE brigade_id = :brigade AND person_id = :person",
        brigade=brigade.id,
        person=person_id,
    )
    if not gone:
        raise Refused(say("That person is not in {brigade}. Nothing was changed.", brigade=brigade.name), ALL)
    if brigade.leader_id == person_id:
        await lay_down(tx, brigade)


async def lay_down(tx: Transaction, brigade: Brigade) -> None:
    """The brigade has no leader any more: county admins lead it, and are told."""
    await tx.run("UPDATE brigades SET leader_id = NULL WHERE id = :id", id=brigade.id)
    words = say(
        "The brigade <b>{brigade}</b> has no leader any more. Please let somebody lead it.", brigade=brigade.name
    )
    roll_button = Button(say("Roll"), press("callouts.members", brigade.id))
    await people.tell_admins(tx, card(words, rows=((roll_button,),)))
