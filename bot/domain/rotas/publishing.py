"""A draw that is looked at first and then counts: duties come and go in one transaction, and everybody is told once."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House, Settings
from bot.domain import audit, telling
from bot.domain.people import Person
from bot.domain.rotas import asking, ending, gathering, offering, posting
from bot.domain.rotas.asking import SERVING
from bot.domain.rotas.gathering import Key, keys_of, task_of
from bot.domain.rotas.things import DAY, HOUR, UNDO_SECONDS, WEEKS_MAX, Drawing, Post, Shift, monday_of
from bot.due import Due
from bot.locales import Day, say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

TELL = "rotas.tell"
REMIND, OVER = "rotas.remind", "rotas.over"
SHARED = "FROM rota_shares s JOIN people p ON p.id = s.person_id WHERE s.drawing_id = :drawing"


@dataclass(frozen=True)
class Draft:
    """What was drawn before anybody holds the database: see `gathering`."""

    first: date
    weeks: int
    seed: str
    inputs: str
    outcome: str


@dataclass(frozen=True)
class Figures:
    """What a draw comes to. `missing` counts places that stay empty, `unpaired` duties of several without an old hand."""

    duties: int
    fewest: int
    most: int
    people: int
    missing: int
    unpaired: int
    gaps: tuple[tuple[int, int], ...]


# Rules


def counts_of(drawing: Draft | Drawing) -> Counter[int]:
    """How many duties each candidate has in these weeks, kept ones counted too."""
    task = task_of(drawing.inputs)
    on = Counter(number for place in json.loads(drawing.outcome) for number in place)
    on.update(number for each in task.occasions for number in each.kept)
    return Counter({each.number: on[each.number] for each in task.candidates})


def figures(drawing: Draft | Drawing) -> Figures:
    """The numbers that are shown before a draw counts."""
    task, outcome, counts = task_of(drawing.inputs), json.loads(drawing.outcome), counts_of(drawing)
    old_hands = {each.number for each in task.candidates if each.served >= task.rules.experienced_after}
    on = [{*each.kept, *drawn} for each, drawn in zip(task.occasions, outcome, strict=True)]
    short = [each.people - len(there) for each, there in zip(task.occasions, on, strict=True)]
    return Figures(
        duties=sum(map(len, on)),
        fewest=min(counts.values(), default=0),
        most=max(counts.values(), default=0),
        people=len(counts),
        missing=sum(many for many in short if many > 0),
        unpaired=sum(each.people > 1 and not there & old_hands for each, there in zip(task.occasions, on, strict=True)),
        gaps=tuple(
            (each.starts_at, each.ends_at) for each, many in zip(task.occasions, short, strict=True) if many > 0
        ),
    )


# Questions


async def first_day(tx: Transaction, post: Post) -> date:
    """The Monday on which the next draw begins: after the last one that was published, or next week."""
    last = await asking.last_drawing(tx, post)
    following = monday_of(date.fromordinal(tx.today.toordinal() + 7))
    return max(following, date.fromordinal(last.last.toordinal() + 1)) if last else following


def check_weeks(tx: Transaction, first: date, weeks: int) -> None:
    """Raises Refused for what nobody draws: a day that is no Monday, long past or far ahead, or too many weeks."""
    if first.weekday() or not 1 <= weeks <= WEEKS_MAX or not -6 <= (first - tx.today).days <= 366:
        raise Refused(say("I draw from 1 to {n} weeks, from a Monday on. Nothing was changed.", n=WEEKS_MAX))


async def draft(tx: Transaction, post: Post, first: date, weeks: int) -> tuple[str, str]:
    """Inputs and seed of a draw; `gathering.compute` makes the outcome of them. Raises Refused where nothing can be drawn."""
    check_weeks(tx, first, weeks)
    inputs = await gathering.gather(tx, post, first, weeks)
    back = WayOut(say("Open the duty post"), press("rotas.post", post.id))
    if not keys_of(inputs):
        raise Refused(say("There is nothing to draw: {post} has no weekly times then.", post=post.name), back)
    if not task_of(inputs).candidates:
        raise Refused(say("There is nobody to draw: nobody serves at {post} yet.", post=post.name), back)
    return inputs, await gathering.seed_for(tx, post, first)


# Deeds


async def preview(tx: Transaction, post_id: int, drawn: Draft, *, by: Person) -> Drawing:
    """Keep what was drawn, so that just this can be published. Raises Refused where somebody draws at the same time."""
    post = await asking.led_post(tx, post_id, by)
    drawing_id = await tx.value(
        "INSERT INTO rota_drawings (post_id, first_day, weeks, seed, inputs, outcome, made_at, made_by) "
        "VALUES (:post, :first, :weeks, :seed, :inputs, :outcome, :now, :by) "
        "ON CONFLICT (post_id, first_day) WHERE published_at IS NULL DO UPDATE SET weeks = excluded.weeks, "
        "inputs = excluded.inputs, outcome = excluded.outcome, made_at = excluded.made_at, made_by = excluded.made_by "
        "WHERE rota_drawings.seed = excluded.seed RETURNING id",
        post=post.id,
        first=drawn.first.isoformat(),
        weeks=drawn.weeks,
        seed=drawn.seed,
        inputs=drawn.inputs,
        outcome=drawn.outcome,
        now=tx.now,
        by=by.id,
    )
    if drawing_id is None:
        raise _changed(post)
    return await asking.drawing_of(tx, drawing_id)


def _changed(post: Post) -> Refused:
    return Refused(
        say(
            "Something has changed since this draw: who serves, who is away, or a duty. Nothing was published; look again."
        ),
        WayOut(say("Draw again"), press("rotas.draw", post.id)),
    )


async def publish(tx: Transaction, drawing_id: int, *, by: Person, settings: Settings) -> Drawing:
    """Let a draw count that was looked at; a minute later everybody who could be drawn is told.

    Raises Refused when what it was drawn from has changed meanwhile.
    """
    drawing = await asking.drawing_of(tx, drawing_id)
    post = await asking.held_post(tx, drawing.post_id, by)
    await _hold(tx, post, drawing)
    if await gathering.gather(tx, post, drawing.first, drawing.weeks) != drawing.inputs:
        raise _changed(post)
    counts = await tx.run(
        "UPDATE rota_drawings SET published_at = :now WHERE id = :id AND published_at IS NULL",
        now=tx.now,
        id=drawing_id,
    )
    if not counts:
        raise Refused(
            say("This draw was published before. Nothing was changed now."),
            WayOut(say("The rota"), press("rotas.plan", post.id)),
        )
    await _write(tx, post, drawing)
    await plan(tx, await asking.shifts_between(tx, post, drawing.first, drawing.last), settings)
    early = timedelta(days=settings.rotas.gap_alarm_days)
    await ending.look_on(tx, post, drawing.last - early, drawing.last)
    await telling.begin(tx, TELL, drawing.name, tx.now + UNDO_SECONDS)
    await audit.note(tx, "rota.published", post.subject, by=by.id, drawing=drawing_id, weeks=drawing.weeks)
    return await asking.drawing_of(tx, drawing_id)


async def _hold(tx: Transaction, post: Post, drawing: Drawing) -> None:
    """Whoever takes or gives up a duty meanwhile waits: first people, then shifts, as in every deed here."""
    await tx.all(
        f"SELECT id FROM people WHERE id IN (SELECT person_id FROM ({SERVING}) serving) ORDER BY id "  # noqa: S608
        "/*pg FOR NO KEY UPDATE*/",
        post=post.id,
    )
    await tx.all(
        "SELECT id FROM rota_shifts WHERE post_id = :post AND day >= :first AND day <= :last ORDER BY id /*pg FOR UPDATE*/",
        post=post.id,
        first=drawing.first_day,
        last=drawing.last.isoformat(),
    )


async def _write(tx: Transaction, post: Post, drawing: Drawing) -> None:
    shifts = await _shifts(tx, post, drawing)
    wanted = {
        (shifts[key].id, number)
        for key, there in zip(keys_of(drawing.inputs), json.loads(drawing.outcome), strict=True)
        for number in there
    }
    new = wanted - await _redraw(tx, post, drawing, wanted)
    await tx.run_many(
        "INSERT INTO rota_duties (shift_id, person_id, state, how, drawing_id, since, made_at) "
        "VALUES (:shift, :person, 'on', 'drawn', :drawing, :now, :now)",
        [{"shift": shift, "person": person, "drawing": drawing.id, "now": tx.now} for shift, person in sorted(new)],
    )
    await _recount(tx, post, drawing)
    counts, candidates = counts_of(drawing), task_of(drawing.inputs).candidates
    await tx.run_many(
        "INSERT INTO rota_shares (drawing_id, person_id, duties, served, last_at) "
        "VALUES (:drawing, :person, :duties, :served, :last_at)",
        [
            {
                "drawing": drawing.id,
                "person": each.number,
                "duties": counts[each.number],
                "served": each.served,
                "last_at": each.last_at,
            }
            for each in candidates
        ],
    )


async def _shifts(tx: Transaction, post: Post, drawing: Drawing) -> dict[Key, Shift]:
    """The shifts of the draw's occasions, made where they are not there yet, and held."""
    known = json.loads(drawing.inputs)["occasions"]
    slots = {slot.id: slot for slot in await asking.slots_of(tx, post.id)}
    await tx.run_many(
        "INSERT INTO rota_shifts (post_id, slot_id, day, starts_at, ends_at, people) "
        "VALUES (:post, :slot, :day, :starts_at, :ends_at, :people) ON CONFLICT (slot_id, day) DO NOTHING",
        [
            {
                "post": post.id,
                "slot": slot,
                "day": day,
                "starts_at": start,
                "ends_at": end,
                "people": slots[slot].people,
            }
            for slot, day, _, start, end, *_ in known
        ],
    )
    shifts = await asking.shifts_between(tx, post, drawing.first, drawing.last)
    return {(shift.slot_id, shift.day): shift for shift in shifts}


async def _redraw(tx: Transaction, post: Post, drawing: Drawing, wanted: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Duties of an earlier draw that are not drawn again end; those that are drawn again, which stay."""
    kept = {
        (key, number)
        for key, each in zip(keys_of(drawing.inputs), task_of(drawing.inputs).occasions, strict=True)
        for number in each.kept
    }
    rows = await tx.all(
        "SELECT d.id, d.shift_id, d.person_id, h.slot_id, h.day FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id "
        "WHERE h.post_id = :post AND h.day >= :first AND h.day <= :last AND d.state = 'on' AND d.how = 'drawn' "
        "AND h.starts_at > :now",
        post=post.id,
        first=drawing.first_day,
        last=drawing.last.isoformat(),
        now=tx.now,
    )
    movable = [row for row in rows if ((row["slot_id"], row["day"]), row["person_id"]) not in kept]
    on = {(row["shift_id"], row["person_id"]): row["id"] for row in movable}
    await tx.run_many(
        "UPDATE rota_duties SET state = 'off', why = 'redrawn', seeking_at = NULL, since = :now WHERE id = :id",
        [{"id": duty, "now": tx.now} for key, duty in on.items() if key not in wanted],
    )
    return wanted & on.keys()


async def _recount(tx: Transaction, post: Post, drawing: Drawing) -> None:
    """The kept number of each shift follows the rows, after many of them changed at once."""
    await tx.run(
        "UPDATE rota_shifts SET taken = (SELECT COUNT(*) FROM rota_duties d "
        "WHERE d.shift_id = rota_shifts.id AND d.state = 'on') "
        "WHERE post_id = :post AND day >= :first AND day <= :last",
        post=post.id,
        first=drawing.first_day,
        last=drawing.last.isoformat(),
    )


async def plan(tx: Transaction, shifts: Sequence[Shift], settings: Settings) -> None:
    """Plan what each shift needs: reminders, a look for gaps some days ahead, and the question who served."""
    early = settings.rotas.gap_alarm_days * DAY
    # Whatever was published is told first.
    soonest = tx.now + UNDO_SECONDS + 1
    rows: list[tuple[str, Shift, int, int | None]] = []
    for shift in (each for each in shifts if each.starts_at > tx.now):
        leads = [shift.starts_at - lead * HOUR for lead in settings.reminders.task_leads_hours]
        rows += [(REMIND, shift, at, shift.starts_at) for at in leads if at > tx.now]
        rows += [
            (offering.ALARM, shift, max(shift.starts_at - early, soonest), None),
            (OVER, shift, shift.ends_at, None),
        ]
    await tx.run_many(
        due.PLAN,
        [
            {"bot": tx.bot, "deed": deed, "subject": shift.subject, "at": at, "until": until}
            for deed, shift, at, until in rows
        ],
    )


async def undo(tx: Transaction, drawing_id: int, *, by: Person) -> Post:
    """Take a publication back within 60 seconds, before anybody is told. Raises Refused later, or once a duty changed."""
    drawing = await asking.drawing_of(tx, drawing_id)
    post = await asking.held_post(tx, drawing.post_id, by)
    await _hold(tx, post, drawing)
    if not await due.drop(tx, f"{drawing.name}:0", TELL):
        raise posting.too_late()
    changed = await tx.value(
        "SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE h.post_id = :post "
        "AND ((d.drawing_id = :drawing AND d.state = 'off') OR (d.how <> 'drawn' AND d.made_at >= :at)) LIMIT 1",
        post=post.id,
        drawing=drawing.id,
        at=drawing.published_at,
    )
    if changed:
        raise _arranged(post)
    await _take_back(tx, post, drawing)
    await audit.note(tx, "rota.undone", post.subject, by=by.id, drawing=drawing_id)
    return post


def _arranged(post: Post) -> Refused:
    return Refused(
        say("Somebody has changed a duty of this rota meanwhile, so it can't be undone. Nothing was changed."),
        WayOut(say("The rota"), press("rotas.plan", post.id)),
    )


async def _take_back(tx: Transaction, post: Post, drawing: Drawing) -> None:
    await tx.run(
        "UPDATE rota_duties SET state = 'off', why = 'undone', seeking_at = NULL, since = :now "
        "WHERE drawing_id = :drawing AND state = 'on'",
        drawing=drawing.id,
        now=tx.now,
    )
    await _restore(tx, post, drawing)
    await _recount(tx, post, drawing)
    await tx.run("UPDATE rota_drawings SET undone_at = :now WHERE id = :drawing", drawing=drawing.id, now=tx.now)
    await tx.run("DELETE FROM rota_shares WHERE drawing_id = :drawing", drawing=drawing.id)


async def _restore(tx: Transaction, post: Post, drawing: Drawing) -> None:
    """What it redrew is as before. Raises Refused where one of these people has something else then by now, or has left."""
    redrawn = await tx.all(
        "SELECT d.id, d.shift_id, d.person_id, p.forgotten_at FROM rota_duties d JOIN people p ON p.id = d.person_id "
        "JOIN rota_shifts h ON h.id = d.shift_id "
        "WHERE h.post_id = :post AND h.day >= :first AND h.day <= :last AND d.why = 'redrawn' AND d.since = :at",
        at=drawing.published_at,
        post=post.id,
        first=drawing.first_day,
        last=drawing.last.isoformat(),
    )
    for row in redrawn:
        has_left = row["forgotten_at"] is not None
        if has_left or await asking.clash(tx, await asking.shift_of(tx, row["shift_id"]), row["person_id"]):
            raise _arranged(post)
    await tx.run_many(
        "UPDATE rota_duties SET state = 'on', why = NULL, since = :now WHERE id = :id",
        [{"id": row["id"], "now": tx.now} for row in redrawn],
    )


async def tell(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those who could be drawn that the rota is there, each once."""
    drawing = await asking.drawing_of(tx, item.number)
    post = await asking.post_of(tx, drawing.post_id)
    if not post.is_open:
        return
    people = telling.Audience(SHARED, values={"drawing": drawing.id})
    await telling.spread(tx, item, drawing.name, people, _news(post, drawing))


def _news(post: Post, drawing: Drawing) -> Card:
    found = figures(drawing)
    return card(
        say(
            "The rota of <b>{post}</b> is there: {first} to {last}.",
            post=post.name,
            first=Day(drawing.first),
            last=Day(drawing.last),
        ),
        say("Each has {fewest} to {most} duties of {n}.", fewest=found.fewest, most=found.most, n=found.duties)
        if found.fewest < found.most
        else say_n("Each has {n}.", "Each has {n}.", found.most),
        say_n("{n} place is still empty.", "{n} places are still empty.", found.missing)
        if found.missing
        else say("Every place is filled."),
        rows=((Button(say("My duties"), "rotas.mine"), Button(say("The rota"), press("rotas.plan", post.id))),),
    )
