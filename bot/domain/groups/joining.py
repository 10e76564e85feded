"""Getting in, waiting, leaving, being removed: places change here and nowhere else.

Everybody enters by the queue, and the queue moves as long as there are places; so nobody passes those who wait, and
while somebody waits the group is full. Each deed begins by keeping the group still (`finding.locked`), and every place
is taken by one conditional statement.
"""

from dataclasses import dataclass

from bot.cards import Button, Card, card, press
from bot.domain import audit, people
from bot.domain.groups.belonging import leads, led_by, place_of
from bot.domain.groups.finding import Group, by_id, locked
from bot.domain.groups.meeting import let_in
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

UNDO_SECONDS = 60
# Why somebody is removed: a closed list, so that nothing is written about a person that he could not be told.
REASONS = {
    "absent": say("has not taken part for a long time"),
    "wish": say("at their own wish"),
    "rules": say("the group's rules were broken"),
    "other": say("another reason; the leaders will tell you"),
}


@dataclass(frozen=True)
class Joined:
    """What became of a wish to join: `place` is 0 for somebody who is in, else his place in the queue."""

    group: Group
    place: int
    is_new: bool


@dataclass(frozen=True)
class Left:
    """Somebody who left or was removed; `membership_id` is what an undo names."""

    group: Group
    membership_id: int
    was_in: bool


# Deeds


async def join(tx: Transaction, group_id: int, *, by: Person) -> Joined:
    """Get in, or into the queue when the group is full. Who is in or waits already stays where he is."""
    await locked(tx, group_id)
    added = await tx.run(
        "INSERT INTO memberships (group_id, person_id, state, since) VALUES (:group_id, :person_id, 'waiting', :now) "
        "ON CONFLICT DO NOTHING",
        group_id=group_id,
        person_id=by.id,
        now=tx.now,
    )
    if added:
        await move_queue(tx, group_id, but=by)
    return Joined(await by_id(tx, group_id), await place_of(tx, group_id, by), bool(added))


async def move_queue(tx: Transaction, group_id: int, *, but: Person | None = None) -> int:
    """Let in those who wait, in their order, as long as there are places; each is told, `but` whoever asks just now."""
    moved = 0
    while await tx.run(
        "UPDATE groups SET members = members + 1 WHERE id = :group_id AND closed_at IS NULL "
        "AND (capacity IS NULL OR members < capacity) "
        "AND EXISTS (SELECT 1 FROM memberships WHERE group_id = :group_id AND state = 'waiting')",
        group_id=group_id,
    ):
        moved += 1
        row = await tx.one(
            "UPDATE memberships SET state = 'in', since = :now WHERE id = ("
            "SELECT MIN(id) FROM memberships WHERE group_id = :group_id AND state = 'waiting') RETURNING person_id",
            group_id=group_id,
            now=tx.now,
        )
        assert row is not None, "the place was taken because somebody waits"
        group, person = await by_id(tx, group_id), await people.by_id(tx, row["person_id"])
        await let_in(tx, group, person)
        if but is None or person.id != but.id:
            await _tell_in(tx, group, person)
    return moved


async def _tell_in(tx: Transaction, group: Group, person: Person) -> None:
    screen = card(
        say("🎉 A place has become free: you are a member of <b>{group}</b> now.", group=group.name),
        say("If you don't want it any more, leave it to the next in the queue."),
        rows=(
            (Button(say("Open the group"), press("groups.open", group.id)),),
            (Button(say("Leave"), press("groups.leave", group.id)),),
        ),
    )
    await people.tell(tx, person, screen)


async def leave(tx: Transaction, group_id: int, *, by: Person) -> Left:
    """Leave the group or its queue; the next in the queue gets the place. Raises Refused for its leaders."""
    group = await locked(tx, group_id)
    if await leads(tx, group_id, by):
        raise Refused(
            say("You lead {group}: lay that down first, then you can leave. Nothing was changed.", group=group.name),
            WayOut(say("Lead the group"), press("groups.lead", group_id)),
        )
    left = await _out(tx, group, by)
    if left is None:
        raise Refused(
            say("You are not in {group}. Nothing was changed.", group=group.name),
            WayOut(say("Open the group"), press("groups.open", group_id)),
        )
    await move_queue(tx, group_id)
    return left


async def _out(
    tx: Transaction, group: Group, person: Person, *, by: Person | None = None, why: str = ""
) -> Left | None:
    """End a membership or a wait; None where there is none. The queue is not moved yet."""
    row = await tx.one(
        "UPDATE memberships SET left_from = state, state = 'left', left_at = :now, removed_by = :by, removed_why = :why "
        "WHERE group_id = :group_id AND person_id = :person_id AND state <> 'left' RETURNING id, left_from",
        group_id=group.id,
        person_id=person.id,
        now=tx.now,
        by=by.id if by else None,
        why=why or None,
    )
    if row is None:
        return None
    if row["left_from"] == "in":
        await tx.run("UPDATE groups SET members = members - 1 WHERE id = :group_id", group_id=group.id)
    return Left(group, row["id"], row["left_from"] == "in")


async def undo_leaving(tx: Transaction, membership_id: int, *, by: Person) -> Joined:
    """Be again what one was before leaving, within 60 seconds. Raises Refused when it is too late or the place is gone."""
    row = await _left(tx, membership_id)
    if row is None or row["person_id"] != by.id or row["removed_by"] is not None:
        raise _too_late(row)
    await _back(tx, row, by)
    await move_queue(tx, row["group_id"], but=by)
    group = await by_id(tx, row["group_id"])
    return Joined(group, await place_of(tx, group.id, by), True)


async def _left(tx: Transaction, membership_id: int) -> Row | None:
    """A membership that has ended, its group kept still."""
    row = await tx.one("SELECT * FROM memberships WHERE id = :id AND state = 'left'", id=membership_id)
    if row is not None:
        await locked(tx, row["group_id"])
    return row


def _too_late(row: Row | None) -> Refused:
    ways_out = [WayOut(say("Open the group"), press("groups.open", row["group_id"]))] if row else []
    return Refused(
        say("That can be undone for {seconds} seconds only. Nothing was changed.", seconds=UNDO_SECONDS), *ways_out
    )


async def _back(tx: Transaction, row: Row, person: Person) -> None:
    """Take the free place and put the old row back, which keeps its rank in the queue. Raises Refused."""
    group_id = row["group_id"]
    if row["left_at"] < tx.now - UNDO_SECONDS:
        raise _too_late(row)
    if row["left_from"] == "in" and not await tx.run(
        "UPDATE groups SET members = members + 1 WHERE id = :group_id AND (capacity IS NULL OR members < capacity)",
        group_id=group_id,
    ):
        raise Refused(
            say("The place has gone to the next in the queue already. Nothing was changed."),
            WayOut(say("Open the group"), press("groups.open", group_id)),
        )
    back = await tx.run(
        "UPDATE memberships SET state = left_from, left_from = NULL, left_at = NULL, removed_by = NULL, "
        "removed_why = NULL WHERE id = :id AND state = 'left' AND NOT EXISTS (SELECT 1 FROM memberships live "
        "WHERE live.group_id = :group_id AND live.person_id = :person_id AND live.state <> 'left')",
        id=row["id"],
        group_id=group_id,
        person_id=person.id,
    )
    if not back:
        raise Refused(
            say(
                "This is done already: {person} is in the group or its queue. Nothing was changed.",
                person=person.nickname,
            ),
            WayOut(say("Open the group"), press("groups.open", group_id)),
        )
    if row["left_from"] == "in":
        await let_in(tx, await by_id(tx, group_id), person)


async def remove(tx: Transaction, group_id: int, person: Person, why: str, *, by: Person) -> Left:
    """Remove somebody from the group or its queue, for one of REASONS; he is told why, the next in the queue gets in.

    Raises Refused for others than its leaders and admins, and for somebody who leads the group.
    """
    await led_by(tx, group_id, by)
    group = await locked(tx, group_id)
    if await leads(tx, group_id, person):
        raise Refused(
            say("{person} leads this group: take that role back first. Nothing was changed.", person=person.nickname),
            WayOut(say("Open"), press("groups.person", group_id, person.id)),
        )
    left = await _out(tx, group, person, by=by, why=why)
    if left is None:
        raise Refused(
            say("{person} is not in {group}. Nothing was changed.", person=person.nickname, group=group.name),
            WayOut(say("Roll"), press("groups.roll", group_id)),
        )
    await audit.note(tx, "group.member.removed", f"group:{group_id}", by=by.id, person=person.id, why=why)
    await people.tell(tx, person, _removed_card(group, REASONS[why]))
    await move_queue(tx, group_id)
    return left


def _removed_card(group: Group, reason: Said) -> Card:
    return card(
        say("You were removed from <b>{group}</b>. Reason: {reason}.", group=group.name, reason=reason),
        say("Your points and sign-ups stay as they are. If you think this is wrong, talk to a leader of the group."),
        rows=((Button(say("Open the group"), press("groups.open", group.id)),),),
    )


async def undo_removing(tx: Transaction, membership_id: int, *, by: Person) -> tuple[Group, Person]:
    """Take somebody back who was removed within the last 60 seconds; he is told. Raises Refused."""
    row = await _left(tx, membership_id)
    if row is None or row["removed_by"] is None:
        raise _too_late(row)
    group = await led_by(tx, row["group_id"], by)
    person = await people.by_id(tx, row["person_id"])
    if person.forgotten_at is not None:
        raise _too_late(row)
    await _back(tx, row, person)
    await move_queue(tx, group.id)
    await audit.note(tx, "group.member.restored", f"group:{group.id}", by=by.id, person=person.id)
    told = card(
        say("The removal was taken back: in <b>{group}</b> all is as it was before.", group=group.name),
        rows=((Button(say("Open the group"), press("groups.open", group.id)),),),
    )
    await people.tell(tx, person, told)
    return group, person
