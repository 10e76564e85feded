"""Making duty posts, and what is served there each week: deeds of leaders, each in the audit log."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import due
from bot.cards import press
from bot.domain import audit, groups
from bot.domain.people import Person
from bot.domain.rotas import asking, ending
from bot.domain.rotas.things import SLOTS_MAX, UNDO_SECONDS, Post, Slot, overlap
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

CLEAR = "rotas.clear"
WEEK_MAX = 1
EXPERIENCED_AFTER = 3


@dataclass(frozen=True)
class Limits:
    """How often somebody is drawn at most, and from how many duties on he is experienced."""

    week_max: int
    draw_max: int | None
    experienced_after: int


# Questions


async def ahead_number(tx: Transaction, post_id: int, slot_id: int | None = None) -> tuple[int, int]:
    """How many duties lie ahead at a post, or in one of its slots, and how many people have them."""
    row = await tx.one(
        "SELECT COUNT(*) AS duties, COUNT(DISTINCT d.person_id) AS people FROM rota_duties d "
        "JOIN rota_shifts h ON h.id = d.shift_id WHERE h.post_id = :post AND d.state = 'on' AND h.starts_at > :now "
        "AND (CAST(:slot AS BIGINT) IS NULL OR h.slot_id = CAST(:slot AS BIGINT))",
        post=post_id,
        now=tx.now,
        slot=slot_id,
    )
    assert row is not None, "counting gives a row"
    return row["duties"], row["people"]


# Deeds


async def make(tx: Transaction, group_id: int, name: str, place: str, *, everybody: bool, by: Person) -> Post:
    """Make a duty post of a group. Raises Refused for others than its leaders and admins, and for a closed group."""
    group = await groups.led_by(tx, group_id, by)
    groups.check_open(group)
    post_id = await tx.value(
        "INSERT INTO rota_posts (group_id, name, place, everybody, week_max, experienced_after, made_at, made_by) "
        "VALUES (:group, :name, :place, :everybody, :week_max, :experienced, :now, :by) RETURNING id",
        group=group_id,
        name=name,
        place=place,
        everybody=int(everybody),
        week_max=WEEK_MAX,
        experienced=EXPERIENCED_AFTER,
        now=tx.now,
        by=by.id,
    )
    await audit.note(tx, "rota.post.made", f"post:{post_id}", by=by.id, group=group_id)
    return await asking.post_of(tx, post_id)


async def add_slot(
    tx: Transaction, post_id: int, weekday: int, minute: int, length: int, people: int, *, by: Person
) -> Slot:
    """Let something be served each week. Raises Refused where it would overlap another time of the post."""
    post = await asking.held_post(tx, post_id, by)
    slots = await asking.slots_of(tx, post.id)
    new = Slot(0, post.id, weekday, minute, length, people, None)
    _check_slot(post, new, slots)
    slot_id = await tx.value(
        "INSERT INTO rota_slots (post_id, weekday, minute, length, people) "
        "VALUES (:post, :weekday, :minute, :length, :people) RETURNING id",
        post=post.id,
        weekday=weekday,
        minute=minute,
        length=length,
        people=people,
    )
    await ending.look_on(tx, post, tx.today + timedelta(days=1))
    await audit.note(tx, "rota.slot.added", post.subject, by=by.id, slot=slot_id, people=people)
    return replace(new, id=slot_id)


def _check_slot(post: Post, new: Slot, slots: list[Slot]) -> None:
    back = WayOut(say("Weekly times"), press("rotas.slots", post.id))
    if len(slots) >= SLOTS_MAX:
        raise Refused(say("A duty post has at most {n} weekly times. Nothing was saved.", n=SLOTS_MAX), back)
    other = next((slot for slot in slots if overlap(slot, new)), None)
    if other:
        raise Refused(
            say(
                "That overlaps {slot} of the same duty post. Nothing was saved; let more people serve then, or make a "
                "duty post of its own.",
                slot=other.words,
            ),
            back,
        )


async def remove_slot(tx: Transaction, slot_id: int, *, by: Person) -> Post:
    """It is served no more; a minute later, when that can't be undone any more, those who have duties are told."""
    slot = await asking.slot_of(tx, slot_id)
    post = await asking.held_post(tx, slot.post_id, by)
    await tx.run("UPDATE rota_slots SET removed_at = :now WHERE id = :id", now=tx.now, id=slot_id)
    await due.plan(tx, CLEAR, post.subject, tx.now + UNDO_SECONDS)
    await audit.note(tx, "rota.slot.removed", post.subject, by=by.id, slot=slot_id)
    return post


async def restore_slot(tx: Transaction, slot_id: int, *, by: Person) -> Post:
    """Take the removal back within 60 seconds. Raises Refused later."""
    post_id = await tx.value("SELECT post_id FROM rota_slots WHERE id = :id", id=slot_id)
    if post_id is None:
        raise asking.gone()
    post = await asking.held_post(tx, post_id, by)
    back = await tx.run(
        "UPDATE rota_slots SET removed_at = NULL WHERE id = :id AND removed_at > :oldest",
        id=slot_id,
        oldest=tx.now - UNDO_SECONDS,
    )
    if not back:
        raise too_late()
    await audit.note(tx, "rota.slot.restored", post.subject, by=by.id, slot=slot_id)
    return post


def too_late() -> Refused:
    """For what can be undone for UNDO_SECONDS seconds only."""
    return Refused(
        say("That can be undone for {seconds} seconds only. Nothing was changed.", seconds=UNDO_SECONDS),
        WayOut(say("Duty posts"), "rotas.home"),
    )


async def set_limits(tx: Transaction, post_id: int, limits: Limits, *, by: Person) -> Post:
    """Change how people are drawn from now on."""
    post = await asking.held_post(tx, post_id, by)
    await tx.run(
        "UPDATE rota_posts SET week_max = :week_max, draw_max = :draw_max, experienced_after = :experienced_after "
        "WHERE id = :id",
        id=post_id,
        **limits.__dict__,
    )
    await audit.note(tx, "rota.limits.set", post.subject, by=by.id, **limits.__dict__)
    return await asking.post_of(tx, post_id)


async def close(tx: Transaction, post_id: int, *, by: Person) -> Post:
    """Close a post; a minute later those who have duties there are told."""
    post = await asking.held_post(tx, post_id, by)
    await _close(tx, post, by)
    return await asking.post_of(tx, post_id)


async def _close(tx: Transaction, post: Post, by: Person) -> None:
    await tx.run("UPDATE rota_posts SET closed_at = :now WHERE id = :id", now=tx.now, id=post.id)
    await due.plan(tx, CLEAR, post.subject, tx.now + UNDO_SECONDS)
    await audit.note(tx, "rota.post.closed", post.subject, by=by.id)


async def reopen(tx: Transaction, post_id: int, *, by: Person) -> Post:
    """Undo the closing within 60 seconds. Raises Refused later, or for others than its leaders and admins."""
    post = await asking.post_of(tx, post_id)
    await groups.led_by(tx, post.group_id, by)
    if not await _reopen(tx, post, by):
        raise too_late()
    return await asking.post_of(tx, post_id)


async def _reopen(tx: Transaction, post: Post, by: Person) -> bool:
    back = await tx.run(
        "UPDATE rota_posts SET closed_at = NULL WHERE id = :id AND closed_at > :oldest",
        id=post.id,
        oldest=tx.now - UNDO_SECONDS,
    )
    if back:
        await audit.note(tx, "rota.post.reopened", post.subject, by=by.id)
    return bool(back)


async def close_all(tx: Transaction, group_id: int, *, by: Person) -> list[Post]:
    """The group is being closed: its duty posts are closed with it."""
    posts = await asking.posts_of_group(tx, group_id)
    for post in posts:
        await _close(tx, post, by)
    return posts


async def reopen_all(tx: Transaction, group_id: int, *, by: Person) -> None:
    """The group's closing was undone: what was closed with it, or in the minute before, is open again."""
    rows = await tx.all(
        "SELECT * FROM rota_posts WHERE group_id = :group AND closed_at > :oldest ORDER BY id",
        group=group_id,
        oldest=tx.now - UNDO_SECONDS,
    )
    for row in rows:
        await _reopen(tx, Post(**row), by)
