"""What rotas keep of one person, how they forget him, and what must hold of all rows."""

from typing import Any

from bot import due
from bot.cards import Button, card
from bot.domain import people
from bot.domain.people import Becoming, Person, go, move, rows_of, share, stay
from bot.domain.promises import Broken, Promise, broken
from bot.domain.rotas import asking, offering, relieving
from bot.locales import say
from bot.storage import Transaction

KNOWN = {
    "duties": "SELECT d.*, h.starts_at, h.ends_at, o.name AS post FROM rota_duties d JOIN rota_shifts h "
    "ON h.id = d.shift_id JOIN rota_posts o ON o.id = h.post_id WHERE d.person_id = :id ORDER BY d.id",
    "serves at": "SELECT s.*, o.name AS post FROM rota_servers s JOIN rota_posts o ON o.id = s.post_id "
    "WHERE s.person_id = :id ORDER BY s.post_id",
    "away": "SELECT * FROM rota_away WHERE person_id = :id ORDER BY id",
    "draws": "SELECT s.*, w.first_day, w.weeks FROM rota_shares s JOIN rota_drawings w ON w.id = s.drawing_id "
    "WHERE s.person_id = :id ORDER BY s.drawing_id",
    "swaps": "SELECT w.* FROM rota_swaps w JOIN rota_duties m ON m.id = w.mine_id JOIN rota_duties t ON t.id = w.theirs_id "
    "WHERE m.person_id = :id OR t.person_id = :id ORDER BY w.id",
    "asked": "SELECT subject, at FROM rota_asked WHERE person_id = :id ORDER BY at, subject",
    "posts made": "SELECT id, name, place, made_at FROM rota_posts WHERE made_by = :id ORDER BY id",
    "draws made": "SELECT id, post_id, first_day, weeks, seed, made_at, published_at FROM rota_drawings "
    "WHERE made_by = :id ORDER BY id",
    "shifts settled": "SELECT id, post_id, day, settled_at FROM rota_shifts WHERE settled_by = :id ORDER BY id",
}

PROMISES = (
    Promise(
        "rota taken",
        "As many are on a duty as are kept with it.",
        "SELECT h.id, h.taken FROM rota_shifts h WHERE h.taken <> "
        "(SELECT COUNT(*) FROM rota_duties d WHERE d.shift_id = h.id AND d.state = 'on')",
    ),
    Promise(
        "rota places",
        "Never are more on a duty than it needs.",
        "SELECT id, taken, people FROM rota_shifts WHERE taken > people",
    ),
    Promise(
        "rota once",
        "Nobody is twice on one duty.",
        "SELECT shift_id, person_id FROM rota_duties WHERE state = 'on' GROUP BY shift_id, person_id HAVING COUNT(*) > 1",
    ),
    Promise(
        "rota overlap",
        "Nobody has two duties at the same time.",
        "SELECT a.id, b.id AS other FROM rota_duties a JOIN rota_shifts h ON h.id = a.shift_id "
        "JOIN rota_duties b ON b.person_id = a.person_id AND b.id > a.id AND b.state = 'on' "
        "JOIN rota_shifts o ON o.id = b.shift_id "
        "WHERE a.state = 'on' AND h.starts_at < o.ends_at AND o.starts_at < h.ends_at",
    ),
    Promise(
        "rota taker",
        "Whoever looked for somebody was relieved by one.",
        "SELECT from_id FROM rota_duties WHERE how = 'stood' AND (why IS NULL OR why <> 'undone') "
        "GROUP BY from_id HAVING COUNT(*) > 1",
    ),
    Promise(
        "rota relieved",
        "Nobody serves for somebody who still serves himself.",
        "SELECT n.id FROM rota_duties n JOIN rota_duties o ON o.id = n.from_id WHERE n.state = 'on' AND o.state = 'on'",
    ),
    Promise(
        "rota swapped",
        "A swap that was made changed both duties.",
        "SELECT w.id FROM rota_swaps w WHERE w.state = 'taken' AND 2 <> (SELECT COUNT(*) FROM rota_duties d "
        "WHERE d.how = 'swapped' AND d.from_id IN (w.mine_id, w.theirs_id) AND COALESCE(d.why, '') <> 'undone')",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads whole tables."""
    return await broken(tx, PROMISES)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of rotas about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


FORGET = (
    "UPDATE rota_duties SET note = '' WHERE person_id = :id AND note <> ''",
    "DELETE FROM rota_servers WHERE person_id = :id",
    "DELETE FROM rota_away WHERE person_id = :id",
    "DELETE FROM rota_asked WHERE person_id = :id",
)


async def forget(tx: Transaction, person: Person) -> None:
    """Duties that are ahead become gaps, which others are asked to fill; what was stays under the number."""
    await _leave_duties(tx, person)
    for sql in FORGET:
        await tx.run(sql, id=person.id)


async def let_go(tx: Transaction, person: Person) -> None:
    """Somebody turns out to be under 18: he serves nowhere any more, others are asked for his duties, and he is told."""
    duties = await ahead_number(tx, person)
    await _leave_duties(tx, person)
    posts = await tx.run("DELETE FROM rota_servers WHERE person_id = :id", id=person.id)
    if duties or posts:
        words = say("At duty posts people of 18 and older serve: you serve at none any more, and have no duty ahead.")
        tasks = Button(say("Volunteer tasks"), "activities.list:task")
        await people.tell(tx, person, card(words, rows=((tasks,),)))


async def _leave_duties(tx: Transaction, person: Person) -> None:
    rows = await tx.all(
        "SELECT d.id, h.id AS shift FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id "
        "WHERE d.person_id = :id AND d.state = 'on' AND h.starts_at > :now ORDER BY h.id",
        id=person.id,
        now=tx.now,
    )
    for row in rows:
        await asking.held_shift(tx, row["shift"])
        found = await asking.seat(tx, row["id"])
        if found.duty.is_on:
            await relieving.let_go(tx, found, "gone")
            await due.plan(tx, offering.GAP, (await asking.shift_of(tx, row["shift"])).gap, tx.now)


async def ahead_number(tx: Transaction, person: Person) -> int:
    """How many duties lie ahead of somebody."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id "
            "WHERE d.person_id = :id AND d.state = 'on' AND h.starts_at > :now",
            id=person.id,
            now=tx.now,
        )
    )


MERGED = (
    *stay("rota_posts", "made_by"),
    move("rota_servers", "person_id", once=("post_id",), rest="goes"),
    move("rota_away", "person_id"),
    *stay("rota_drawings", "made_by"),
    *stay("rota_shares", "person_id"),
    *stay("rota_shifts", "settled_by"),
    # Nobody has two duties at the same time.
    move(
        "rota_duties",
        "person_id",
        only="(state = 'off' OR NOT EXISTS (SELECT 1 FROM rota_shifts mine JOIN rota_shifts o ON o.starts_at < mine.ends_at "
        "AND mine.starts_at < o.ends_at JOIN rota_duties d ON d.shift_id = o.id AND d.state = 'on' AND d.person_id = :into "
        "WHERE mine.id = rota_duties.shift_id))",
    ),
    go("rota_asked", "person_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Duties go on under the other number; of two at the same time the old record's becomes a gap, while it is ahead."""
    await share(tx, MERGED, it)
    await _leave_duties(tx, it.old)
