"""Serving at a post: on which weekdays somebody can, and when he is away."""

from datetime import date

from bot.cards import press
from bot.domain import groups
from bot.domain.people import Person
from bot.domain.rotas import asking
from bot.domain.rotas.things import EVERY_DAY, Post, Seat, bit
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

AWAYS_MAX = 6


async def serve(tx: Transaction, post_id: int, weekdays: int, *, by: Person) -> Post:
    """Serve at a post on these weekdays (0: not at all). Duties that one has already stay.

    Raises Refused for a closed post, and where only the group's members serve and `by` is none.
    """
    post = await asking.open_post(tx, post_id)
    if by.is_minor:
        raise Refused(
            say("At duty posts people of 18 and older serve. Nothing was changed; tasks and events are open to you."),
            WayOut(say("Volunteer tasks"), "activities.list:task"),
        )
    if post.everybody and not await groups.is_member(tx, post.group_id, by):
        raise Refused(
            say("At {post} the members of its group serve. Nothing was changed; join the group first.", post=post.name),
            WayOut(say("Open the group"), press("groups.open", post.group_id)),
        )
    await tx.run(
        "INSERT INTO rota_servers (post_id, person_id, weekdays, since) VALUES (:post, :me, :weekdays, :now) "
        "ON CONFLICT (post_id, person_id) DO UPDATE SET weekdays = excluded.weekdays",
        post=post.id,
        me=by.id,
        weekdays=weekdays,
        now=tx.now,
    )
    return post


async def turn(tx: Transaction, post_id: int, weekday: int, *, by: Person) -> Post:
    """Turn one weekday on or off."""
    post = await asking.open_post(tx, post_id)
    mine = await asking.weekdays_of(tx, post, by)
    return await serve(tx, post_id, (mine ^ bit(weekday)) & EVERY_DAY, by=by)


async def go_away(tx: Transaction, first_day: str, last_day: str, *, by: Person) -> list[Seat]:
    """Be away from one day to another: nothing is drawn then. The duties that lie in it already, which stay.

    Raises Refused where the days are the wrong way round, and for more than a handful of absences.
    """
    if last_day < first_day:
        raise Refused(say("The last day is before the first one. Nothing was saved; please write both again."))
    known = await tx.value(
        "SELECT COUNT(*) FROM rota_away WHERE person_id = :me AND last_day >= :today",
        me=by.id,
        today=tx.today.isoformat(),
    )
    if known >= AWAYS_MAX:
        raise Refused(
            say("You have {n} absences ahead; remove one first. Nothing was saved.", n=known),
            WayOut(say("When I am away"), "rotas.away"),
        )
    await tx.run(
        "INSERT INTO rota_away (person_id, first_day, last_day, made_at) VALUES (:me, :first, :last, :now)",
        me=by.id,
        first=first_day,
        last=last_day,
        now=tx.now,
    )
    return await _meanwhile(tx, by, date.fromisoformat(first_day), date.fromisoformat(last_day))


async def _meanwhile(tx: Transaction, me: Person, first: date, last: date) -> list[Seat]:
    rows = await tx.all(
        "SELECT d.id FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE d.person_id = :me "
        "AND d.state = 'on' AND h.starts_at > :now AND h.day >= :first AND h.day <= :last ORDER BY h.starts_at LIMIT 6",
        me=me.id,
        now=tx.now,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return [await asking.seat(tx, row["id"]) for row in rows]


async def come_back(tx: Transaction, away_id: int, *, by: Person) -> None:
    """Take an absence of one's own back."""
    if not await tx.run("DELETE FROM rota_away WHERE id = :id AND person_id = :me", id=away_id, me=by.id):
        raise Refused(
            say("This absence is not there any more. Nothing was changed."), WayOut(say("When I am away"), "rotas.away")
        )
