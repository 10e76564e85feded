"""A brigade's kit: how many there are of each thing, who has them on which mission, and what has not come back."""

from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import audit, people
from bot.domain.callouts import brigades, reading
from bot.domain.callouts.things import STOCK_MAX, Callout, Item, Lent
from bot.domain.people import Person
from bot.locales import Said, Several, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

LENT = (
    "SELECT l.id, l.kit_id, l.callout_id, l.person_id, l.number, l.back, k.name AS item, p.nickname FROM kit_lent l "
    "JOIN kit k ON k.id = l.kit_id JOIN people p ON p.id = l.person_id"
)


# Questions


async def stock(tx: Transaction, brigade_id: int, number: int) -> Page:
    """A page of a brigade's kit, by name."""
    rows = await tx.all(
        "SELECT * FROM kit WHERE brigade_id = :brigade AND removed_at IS NULL ORDER BY name, id LIMIT :limit OFFSET :offset",
        brigade=brigade_id,
        **window(number),
    )
    sql = "SELECT COUNT(*) FROM kit WHERE brigade_id = :brigade AND removed_at IS NULL"
    total = int(await tx.value(sql, brigade=brigade_id))
    return page_of((Item(**row) for row in rows), number, total=total)


async def item(tx: Transaction, kit_id: int) -> Item:
    """One thing. Raises Refused where there is none any more."""
    row = await tx.one("SELECT * FROM kit WHERE id = :id AND removed_at IS NULL", id=kit_id)
    if row is None:
        raise Refused(say("There is no such kit. Nothing was changed."), brigades.ALL)
    return Item(**row)


async def lent(tx: Transaction, callout_id: int, number: int, *, missing: bool = False) -> Page:
    """A page of what was handed out on a mission; with `missing` only what has not come back."""
    only = " AND l.back < l.number" if missing else ""
    rows = await tx.all(
        f"{LENT} WHERE l.callout_id = :callout{only} ORDER BY l.id LIMIT :limit OFFSET :offset",
        callout=callout_id,
        **window(number),
    )
    return page_of((Lent(**row) for row in rows), number)


async def missing_of(tx: Transaction, brigade_id: int, number: int) -> Page:
    """A page of what has not come back of a brigade's kit, from whatever mission."""
    rows = await tx.all(
        f"{LENT} WHERE k.brigade_id = :brigade AND l.back < l.number ORDER BY l.id LIMIT :limit OFFSET :offset",
        brigade=brigade_id,
        **window(number),
    )
    return page_of((Lent(**row) for row in rows), number)


async def held(tx: Transaction, callout_id: int, person_id: int) -> list[Lent]:
    """What somebody has of the kit from a mission and has not given back."""
    rows = await tx.all(
        f"{LENT} WHERE l.callout_id = :callout AND l.person_id = :person AND l.back < l.number ORDER BY l.id",
        callout=callout_id,
        person=person_id,
    )
    return [Lent(**row) for row in rows]


def pieces(things: list[Lent]) -> Several:
    """Each of these things with its number."""
    return Several(tuple(say("{n} × {item}", n=each.missing, item=each.item) for each in things))


# Deeds


async def stock_up(tx: Transaction, brigade_id: int, name: str, number: int, *, by: Person) -> Item:
    """Say how many there are of something, new or known. Raises Refused for fewer than are handed out."""
    brigade = await brigades.led_by(tx, brigade_id, by)
    row = await tx.one(
        "INSERT INTO kit (brigade_id, name, stock) SELECT :brigade, COALESCE((SELECT name FROM kit "
        "WHERE brigade_id = :brigade AND removed_at IS NULL AND folded(name) = folded(:name) LIMIT 1), :name), :number "
        "WHERE TRUE "
        "ON CONFLICT (brigade_id, lower(name)) WHERE removed_at IS NULL DO UPDATE SET stock = excluded.stock "
        "WHERE kit.lent <= excluded.stock RETURNING *",
        brigade=brigade.id,
        name=name,
        number=min(number, STOCK_MAX),
    )
    if row is None:
        raise Refused(
            say("More of that are handed out than {n}. Nothing was saved.", n=number),
            WayOut(say("Kit"), press("callouts.stock", brigade.id)),
        )
    await audit.note(tx, "kit.stocked", f"kit:{row['id']}", by=by.id, stock=row["stock"])
    return Item(**row)


async def discard(tx: Transaction, kit_id: int, *, by: Person) -> Item:
    """Take something off the list. Raises Refused while any of it is handed out."""
    found = await item(tx, kit_id)
    await brigades.led_by(tx, found.brigade_id, by)
    gone = await tx.run(
        "UPDATE kit SET removed_at = :now WHERE id = :id AND removed_at IS NULL AND lent = 0", now=tx.now, id=kit_id
    )
    if not gone:
        raise Refused(
            say("{n} of it are handed out: they have to come back first. Nothing was changed.", n=found.lent),
            WayOut(say("Kit"), press("callouts.stock", found.brigade_id)),
        )
    await audit.note(tx, "kit.removed", f"kit:{kit_id}", by=by.id)
    return found


async def hand_out(tx: Transaction, callout_id: int, kit_id: int, person_id: int, number: int, *, by: Person) -> Item:
    """Give some of it to somebody on the mission. Raises Refused where fewer are left, and for who is not on it."""
    callout = await reading.run_by(tx, callout_id, by)
    found = await item(tx, kit_id)
    own = await reading.answer_of(tx, callout.id, person_id)
    if own is None or not own.on_duty or found.brigade_id != callout.brigade_id or number < 1:
        raise Refused(
            say("Kit of the brigade goes to those who come or are there. Nothing was changed."),
            WayOut(say("Kit"), press("callouts.kit", callout.id)),
        )
    taken = await tx.run("UPDATE kit SET lent = lent + :n WHERE id = :id AND stock - lent >= :n", n=number, id=kit_id)
    if not taken:
        raise Refused(
            say("Only {left} of {item} are left. Nothing was changed.", left=found.left, item=found.name),
            WayOut(say("Kit"), press("callouts.kit", callout.id)),
        )
    await tx.run(
        "INSERT INTO kit_lent (kit_id, callout_id, person_id, number, at, by_id) "
        "VALUES (:kit, :callout, :person, :n, :now, :by) "
        "ON CONFLICT (kit_id, callout_id, person_id) DO UPDATE SET number = kit_lent.number + excluded.number",
        kit=kit_id,
        callout=callout.id,
        person=person_id,
        n=number,
        now=tx.now,
        by=by.id,
    )
    return await item(tx, kit_id)


async def ask_for(tx: Transaction, callout: Callout, *, by: Person) -> None:
    """The mission is over: whoever still has kit reads what, and to whom it goes."""
    rows = await tx.all(
        "SELECT DISTINCT person_id FROM kit_lent WHERE callout_id = :callout AND back < number ORDER BY person_id",
        callout=callout.id,
    )
    for row in rows:
        things = await held(tx, callout.id, row["person_id"])
        words: Said = say(
            "🧰 You still have from “{place}”: {things}. Please give it back to {leader}.",
            place=callout.place,
            things=pieces(things),
            leader=by.nickname,
        )
        screen = card(callout.titled(words), rows=((Button(say("Open"), press("callouts.mine", callout.id)),),))
        await people.tell(tx, await people.by_id(tx, row["person_id"]), screen)


async def take_back(tx: Transaction, lent_id: int, *, by: Person, one_beside: int | None = None) -> Lent:
    """All of it has come back, also after the mission was closed; or one piece more than were back when it was seen.

    Raises Refused where nothing is out, and where it has changed since.
    """
    row = await tx.one(f"{LENT} WHERE l.id = :id", id=lent_id)
    if row is None:
        raise Refused(say("There is no such kit. Nothing was changed."), brigades.ALL)
    found = Lent(**row)
    await reading.seen_by(tx, found.callout_id, by)
    if not await reading.may_lead(tx, await reading.by_id(tx, found.callout_id), by):
        raise Refused(say("Only whoever leads the mission takes kit back. Nothing was changed."))
    many = found.missing if one_beside is None else 1
    # A row that has more on it by now is not taken for what was seen.
    changed = await tx.run(
        "UPDATE kit_lent SET back = back + :n WHERE id = :id AND back = :back AND number = :number AND back < number",
        id=lent_id,
        n=many,
        back=found.back if one_beside is None else one_beside,
        number=found.number,
    )
    if not changed:
        raise Refused(
            say("That has come back already, or has changed. Nothing was changed."),
            WayOut(say("Kit"), press("callouts.kit", found.callout_id)),
        )
    await tx.run("UPDATE kit SET lent = lent - :n WHERE id = :kit", n=many, kit=found.kit_id)
    return found
