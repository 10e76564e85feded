"""Questions about duty posts: which there are, who serves at them, who is on when, and who may do what."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.cards import ROWS_PER_PAGE, Page, page_of, press, window
from bot.domain import activities, groups, people
from bot.domain.people import Person
from bot.domain.rotas.things import WEEKS_MAX, Drawing, Duty, Post, Seat, Shift, Slot, bit, end_of
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Row, Transaction, listed

# Who may be drawn for a post, and on which weekdays he can: nobody under 18, for no leader is there for them.
SERVING = """
    SELECT m.person_id, COALESCE(s.weekdays, 127) AS weekdays FROM rota_posts o
    JOIN memberships m ON m.group_id = o.group_id AND m.state = 'in'
    JOIN people p ON p.id = m.person_id AND COALESCE(p.age, 'adult') = 'adult'
    LEFT JOIN rota_servers s ON s.post_id = o.id AND s.person_id = m.person_id
    WHERE o.id = :post AND o.everybody = 1 AND COALESCE(s.weekdays, 127) > 0
    UNION ALL
    SELECT s.person_id, s.weekdays FROM rota_posts o JOIN rota_servers s ON s.post_id = o.id
    JOIN people p ON p.id = s.person_id AND COALESCE(p.age, 'adult') = 'adult'
    WHERE o.id = :post AND o.everybody = 0 AND s.weekdays > 0
"""
# A duty that was served, as far as is known: its leader did not say that somebody missed it.
SERVED = "d.state = 'on' AND COALESCE(d.came, 1) = 1 AND h.ends_at <= :now"
DUTY = "SELECT d.*, p.nickname FROM rota_duties d JOIN people p ON p.id = d.person_id"


def gone() -> Refused:
    """For a duty that became another's, or has ended, since it was shown."""
    return Refused(
        say("This duty has changed meanwhile. Nothing was changed now; please look again."),
        WayOut(say("My duties"), "rotas.mine"),
        WayOut(say("Duty posts"), "rotas.home"),
    )


# Posts


async def post_of(tx: Transaction, post_id: int) -> Post:
    """The post, closed ones too. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM rota_posts WHERE id = :id", id=post_id)
    if row is None:
        raise Refused(
            say("There is no duty post with the number {number}.", number=post_id),
            WayOut(say("Duty posts"), "rotas.home"),
        )
    return Post(**row)


async def open_post(tx: Transaction, post_id: int) -> Post:
    """The post, if it is open. Raises Refused."""
    post = await post_of(tx, post_id)
    if not post.is_open:
        raise Refused(
            say("The duty post {post} was closed. Nothing was changed.", post=post.name),
            WayOut(say("Duty posts"), "rotas.home"),
        )
    return post


async def led_post(tx: Transaction, post_id: int, me: Person) -> Post:
    """The open post, if `me` leads its group or is a county admin. Raises Refused."""
    post = await open_post(tx, post_id)
    await groups.led_by(tx, post.group_id, me)
    return post


async def held_post(tx: Transaction, post_id: int, me: Person) -> Post:
    """The same with its row held: whoever changes its slots or its rota does it one after another."""
    await tx.one("SELECT id FROM rota_posts WHERE id = :id /*pg FOR NO KEY UPDATE*/", id=post_id)
    return await led_post(tx, post_id, me)


async def leads(tx: Transaction, post: Post, me: Person) -> bool:
    """Does this person answer for the post: as a leader of its group, or a county admin?"""
    return me.is_admin or await groups.leads(tx, post.group_id, me)


async def may_look(tx: Transaction, post: Post, me: Person) -> bool:
    """May `me` see who serves when? Its people, its leaders, and those who read all."""
    return me.reads_all or await groups.belongs(tx, post.group_id, me) or await weekdays_of(tx, post, me) > 0


async def seen_post(tx: Transaction, post_id: int, me: Person) -> Post:
    """The post for whoever may see who serves there. Raises Refused."""
    post = await post_of(tx, post_id)
    if not await may_look(tx, post, me):
        raise Refused(
            say("Who serves when is seen by those who serve at {post}. Nothing was changed.", post=post.name),
            WayOut(say("Open the duty post"), press("rotas.post", post.id)),
        )
    return post


LISTED = """
    FROM rota_posts o WHERE o.closed_at IS NULL AND (o.everybody = 0 OR :all = 1
        OR EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = o.group_id AND m.person_id = :me AND m.state = 'in')
        OR EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = o.group_id AND l.person_id = :me))
"""


async def posts_for(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the posts of `me`'s groups, and of those that anybody may serve at; readers see all."""
    values = {"me": me.id, "all": int(me.reads_all)}
    total = await tx.value(f"SELECT COUNT(*) {LISTED}", **values)
    rows = await tx.all(
        f"SELECT o.* {LISTED} ORDER BY o.name, o.id LIMIT :limit OFFSET :offset",
        **values,
        **window(number),
    )
    return page_of([Post(**row) for row in rows], number, total=total)


async def posts_of_group(tx: Transaction, group_id: int) -> list[Post]:
    """The open posts of a group, by name."""
    rows = await tx.all(
        "SELECT * FROM rota_posts WHERE group_id = :id AND closed_at IS NULL ORDER BY name, id", id=group_id
    )
    return [Post(**row) for row in rows]


async def slots_of(tx: Transaction, post_id: int) -> list[Slot]:
    """What is served each week, in the order of the week."""
    rows = await tx.all(
        "SELECT * FROM rota_slots WHERE post_id = :post AND removed_at IS NULL ORDER BY weekday, minute, id",
        post=post_id,
    )
    return [Slot(**row) for row in rows]


async def slot_of(tx: Transaction, slot_id: int) -> Slot:
    """A slot that was not removed. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM rota_slots WHERE id = :id AND removed_at IS NULL", id=slot_id)
    if row is None:
        raise Refused(say("This time was removed. Nothing was changed now."), WayOut(say("Duty posts"), "rotas.home"))
    return Slot(**row)


# Who serves


async def weekdays_of(tx: Transaction, post: Post, me: Person) -> int:
    """On which weekdays `me` serves at the post; 0 where he does not."""
    found = await tx.value(
        f"SELECT weekdays FROM ({SERVING}) serving WHERE person_id = :me",  # noqa: S608 - a text of our own
        post=post.id,
        me=me.id,
    )
    return int(found or 0)


async def serving_number(tx: Transaction, post: Post) -> int:
    """How many serve at a post."""
    return int(await tx.value(f"SELECT COUNT(*) FROM ({SERVING}) serving", post=post.id))  # noqa: S608 - a text of our own


async def away_of(tx: Transaction, me: Person) -> list[Row]:
    """When `me` is away, what is over left out, soonest first."""
    rows = await tx.all(
        "SELECT * FROM rota_away WHERE person_id = :me AND last_day >= :today ORDER BY first_day, id LIMIT :limit",
        me=me.id,
        today=tx.today.isoformat(),
        limit=ROWS_PER_PAGE,
    )
    return list(rows)


FREE = f"""
    SELECT c.person_id, COALESCE((SELECT MAX(h.starts_at) FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
        WHERE d.person_id = c.person_id AND h.post_id = :post AND {SERVED}), 0) AS last_at
    FROM ({SERVING}) c
    WHERE (c.weekdays & CAST(:bit AS BIGINT)) > 0
    AND NOT EXISTS (SELECT 1 FROM rota_away a WHERE a.person_id = c.person_id AND a.first_day <= :day AND a.last_day >= :day)
    AND NOT EXISTS (SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE d.person_id = c.person_id
        AND d.state = 'on' AND h.starts_at < :ends_at AND h.ends_at > :starts_at)
    AND NOT EXISTS (SELECT 1 FROM rota_duties g WHERE g.shift_id = :shift AND g.person_id = c.person_id
        AND g.why IN ('given', 'relieved'))
    AND NOT EXISTS (SELECT 1 FROM rota_asked q WHERE q.person_id = c.person_id AND q.subject = :subject)
    ORDER BY 2, 1
"""  # noqa: S608 - put together from texts of our own


async def free_for(tx: Transaction, shift: Shift, subject: str, most: int) -> list[int]:
    """Who serves at the post, is free then and was not asked about `subject` yet: whoever served longest ago first.

    Whoever has said that he can't come then isn't asked to.
    """
    rows = await tx.all(
        FREE,
        shift=shift.id,
        post=shift.post_id,
        now=tx.now,
        bit=bit(date.fromisoformat(shift.day).weekday()),
        day=shift.day,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        subject=subject,
    )
    found: list[int] = []
    for row in rows:
        if len(found) == most:
            break
        if not await activities.spans_of(tx, row["person_id"], shift.starts_at, shift.ends_at):
            found.append(row["person_id"])
    return found


async def clash(tx: Transaction, shift: Shift, person_id: int, *, but: Iterable[int] = ()) -> bool:
    """Has this person another duty or a place in an activity at that time? Duties `but` are left out."""
    rows = await tx.all(
        "SELECT d.id FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE d.person_id = :person "
        "AND d.state = 'on' AND h.starts_at < :ends_at AND h.ends_at > :starts_at",
        person=person_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )
    if {row["id"] for row in rows} - set(but):
        return True
    return bool(await activities.spans_of(tx, person_id, shift.starts_at, shift.ends_at))


# Shifts and duties


async def shift_of(tx: Transaction, shift_id: int) -> Shift:
    """The shift. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM rota_shifts WHERE id = :id", id=shift_id)
    if row is None:
        raise gone()
    return Shift(**row)


async def held_shift(tx: Transaction, shift_id: int) -> Shift:
    """The shift with its row held: whoever lets somebody on or off begins here."""
    await tx.one("SELECT id FROM rota_shifts WHERE id = :id /*pg FOR UPDATE*/", id=shift_id)
    return await shift_of(tx, shift_id)


async def duty_of(tx: Transaction, duty_id: int) -> Duty:
    """The duty, as it stands. Raises Refused where there is none."""
    row = await tx.one(f"{DUTY} WHERE d.id = :id", id=duty_id)
    if row is None:
        raise gone()
    return Duty.of_row(row)


async def seat(tx: Transaction, duty_id: int) -> Seat:
    """The duty with its shift and post. Raises Refused."""
    duty = await duty_of(tx, duty_id)
    shift = await shift_of(tx, duty.shift_id)
    return Seat(duty, shift, await post_of(tx, shift.post_id))


async def my_seat(tx: Transaction, duty_id: int, me: Person) -> Seat:
    """A duty of `me` that he still has. Raises Refused."""
    found = await seat(tx, duty_id)
    if found.duty.person_id != me.id or not found.duty.is_on:
        raise gone()
    return found


async def duties_on(tx: Transaction, shift_id: int) -> list[Duty]:
    """Who is on a shift, in the order in which they came to it."""
    return (await duties_on_each(tx, [shift_id]))[shift_id]


async def duties_on_each(tx: Transaction, shift_ids: Sequence[int]) -> dict[int, list[Duty]]:
    """The same for many shifts, by one question."""
    rows = await tx.all(
        f"{DUTY} WHERE d.shift_id {AMONG} AND d.state = 'on' ORDER BY d.id",
        ids=listed(shift_ids),
    )
    found: dict[int, list[Duty]] = {shift_id: [] for shift_id in shift_ids}
    for row in rows:
        found[row["shift_id"]].append(Duty.of_row(row))
    return found


MINE = "FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id WHERE d.person_id = :me AND d.state = 'on'"


async def ahead_of(tx: Transaction, me: Person, number: int, *, each: int = ROWS_PER_PAGE) -> Page:
    """A page of the duties that `me` still has to serve, soonest first."""
    total = await tx.value(f"SELECT COUNT(*) {MINE} AND h.ends_at > :now", me=me.id, now=tx.now)
    rows = await tx.all(
        f"SELECT d.id {MINE} AND h.ends_at > :now ORDER BY h.starts_at, d.id LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number, each),
    )
    found = [await seat(tx, row["id"]) for row in rows]
    return page_of(found, number, total=total, each=each)


async def past_of(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the duties of `me` that are over, the newest first."""
    rows = await tx.all(
        f"SELECT d.id {MINE} AND h.ends_at <= :now ORDER BY h.starts_at DESC, d.id DESC LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number),
    )
    return page_of([await seat(tx, row["id"]) for row in rows], number)


async def week_of(tx: Transaction, post: Post, monday: date) -> list[Shift]:
    """The shifts of a post in one week, in order."""
    return await shifts_between(tx, post, monday, monday + timedelta(days=6))


async def shifts_between(tx: Transaction, post: Post, first: date, last: date) -> list[Shift]:
    """The shifts of a post on these days, both included; those of removed slots are left out when nobody is on them."""
    rows = await tx.all(
        "SELECT h.* FROM rota_shifts h JOIN rota_slots s ON s.id = h.slot_id WHERE h.post_id = :post "
        "AND h.day >= :first AND h.day <= :last AND (s.removed_at IS NULL OR h.taken > 0) ORDER BY h.starts_at, h.id",
        post=post.id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return [Shift(**row) for row in rows]


async def missing_ahead(tx: Transaction, post: Post, *, within: int) -> int:
    """How many people are missing on what begins within so many seconds."""
    return int(
        await tx.value(
            "SELECT COALESCE(SUM(h.people - h.taken), 0) FROM rota_shifts h JOIN rota_slots s ON s.id = h.slot_id "
            "WHERE h.post_id = :post AND s.removed_at IS NULL AND h.starts_at > :now AND h.starts_at < :until",
            post=post.id,
            now=tx.now,
            until=tx.now + within,
        )
    )


async def drawing_of(tx: Transaction, drawing_id: int) -> Drawing:
    """The draw. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM rota_drawings WHERE id = :id", id=drawing_id)
    if row is None:
        raise Refused(
            say("This draw is not there any more. Nothing was changed; please look again."),
            WayOut(say("Duty posts"), "rotas.home"),
        )
    return Drawing(**row)


async def last_drawing(tx: Transaction, post: Post) -> Drawing | None:
    """The published draw that reaches furthest."""
    rows = await tx.all(
        "SELECT id, first_day, weeks FROM rota_drawings WHERE post_id = :post AND published_at IS NOT NULL "
        "AND undone_at IS NULL ORDER BY first_day DESC, id DESC LIMIT :limit",
        post=post.id,
        # What began longer ago than a draw can last doesn't reach further.
        limit=WEEKS_MAX,
    )
    furthest = max(rows, key=lambda row: (end_of(row["first_day"], row["weeks"]), row["id"]), default=None)
    return await drawing_of(tx, furthest["id"]) if furthest else None


async def share_of(tx: Transaction, duty: Duty) -> Row | None:
    """What the draw by which this duty came meant for its person: duties, served, last_at; and others' fewest and most."""
    return await tx.one(
        "SELECT s.duties, s.served, s.last_at, (SELECT MIN(o.duties) FROM rota_shares o WHERE o.drawing_id = s.drawing_id) "
        "AS fewest, (SELECT MAX(o.duties) FROM rota_shares o WHERE o.drawing_id = s.drawing_id) AS most "
        "FROM rota_shares s WHERE s.drawing_id = :drawing AND s.person_id = :person",
        drawing=duty.drawing_id,
        person=duty.person_id,
    )


async def note_before(tx: Transaction, shift: Shift) -> Duty | None:
    """The newest note that somebody left at the post after an earlier duty."""
    row = await tx.one(
        f"{DUTY} JOIN rota_shifts h ON h.id = d.shift_id WHERE h.post_id = :post AND h.starts_at < :starts_at "
        "AND d.note <> '' ORDER BY h.starts_at DESC, d.noted_at DESC LIMIT 1",
        post=shift.post_id,
        starts_at=shift.starts_at,
    )
    return Duty.of_row(row) if row else None


async def leaders_of(tx: Transaction, post: Post) -> list[Person]:
    """Who answers for the post: its group's leaders, or else the county's admins."""
    return await groups.leaders_of(tx, post.group_id) or await people.with_role(tx, people.Role.ADMIN)
