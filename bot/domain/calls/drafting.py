"""Writing a call: its text, its audience, and what sending it would mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain import days, groups, people
from bot.domain.calls.things import Call, clean_text, decided, draft_of
from bot.domain.people import Person
from bot.domain.telling import LAST_POSSIBLE, REACHABLE, Audience
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

# A group may call the whole county once a week: everybody's attention is one purse.
COUNTY_CALL_DAYS = 7
# The sender sees his own words in the preview.
COUNTY = "FROM people p WHERE p.id <> :sender"
# Down the tree: whoever calls a school calls its classes.
GROUP = f"FROM people p WHERE p.id IN ({groups.BENEATH}) AND p.id <> :sender"
# How many people are looked at where there are more: whom it reaches is known to a percent or two.
SAMPLE = 1_000
NUMBERS = (
    "WITH RECURSIVE n(i) AS "
    "(SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + :step FROM n WHERE i + :step <= CAST(:last AS BIGINT))"
)
ALIKE = f"SELECT p.quiet_from, p.quiet_to, {REACHABLE} AS is_open, COUNT(*) AS n"


@dataclass(frozen=True)
class Reach:
    """What sending would mean now. `seconds` is the time it takes at the set rate, without waiting for quiet hours.

    `is_estimate`: the numbers are those of a sample, for everybody.
    """

    reached: int
    unreachable: int
    quiet: int
    seconds: int
    is_estimate: bool = False


def audience_of(call: Call) -> Audience:
    """Whom it goes to."""
    if call.audience == "group":
        return Audience(GROUP, values={"group_id": call.group_id, "sender": call.sender_id})
    return Audience(COUNTY, values={"sender": call.sender_id})


# Questions


async def reach(tx: Transaction, call: Call, rate: float) -> Reach:
    """Count before anything is sent: who can be reached, who not, who is in quiet hours. `rate` in messages a second.

    Of a large county a sample is looked at: counting everybody takes longer than a screen may.
    """
    everybody = await days.people_here(tx) if call.audience == "county" else 0
    rows = await (_sampled(tx, call) if everybody > SAMPLE else _all(tx, call))
    part = (everybody - 1) / (sum(row["n"] for row in rows) or 1) if everybody > SAMPLE else 1
    reached = _scaled((row for row in rows if row["is_open"]), part)
    unreachable = _scaled((row for row in rows if not row["is_open"]), part)
    quiet = _scaled(
        (
            row
            for row in rows
            if row["is_open"] and people.quiet_end(row["quiet_from"], row["quiet_to"], tx, tx.now) > tx.now
        ),
        part,
    )
    return Reach(reached, unreachable, quiet, -int(-reached // rate), is_estimate=everybody > SAMPLE)


async def _all(tx: Transaction, call: Call) -> Sequence[Row]:
    chosen, values = audience_of(call).part(0, LAST_POSSIBLE)
    return await tx.all(f"{ALIKE} {chosen} GROUP BY 1, 2, 3", bot=tx.bot, **values)


async def _sampled(tx: Transaction, call: Call) -> Sequence[Row]:
    """The same of so many people, evenly among all numbers; others for each call, the same for each look at it."""
    last = int(await tx.value("SELECT MAX(id) FROM people"))
    step = max(last // SAMPLE, 1)
    return await tx.all(
        f"{NUMBERS} {ALIKE} FROM n JOIN people p ON p.id = n.i WHERE p.telegram_id IS NOT NULL AND p.id <> :sender GROUP BY 1, 2, 3",
        bot=tx.bot,
        first=1 + call.id % step,
        step=step,
        last=last,
        sender=call.sender_id,
    )


def _scaled(rows: Iterable[Row], part: float) -> int:
    """How many they stand for; of an estimate two digits are shown, for it knows no more."""
    n: int = round(sum(row["n"] for row in rows) * part)
    return n if part == 1 else round(n, 2 - len(str(n)))


async def check_county_call(tx: Transaction, group_id: int) -> None:
    """Raises Refused when the group called the whole county within the last week, with when it may again."""
    # On PostgreSQL two of its leaders can't both find that it was nobody yet.
    name = await tx.value("SELECT name FROM groups WHERE id = :id /*pg FOR UPDATE*/", id=group_id)
    last = await tx.value(
        "SELECT MAX(sent_at) FROM calls WHERE group_id = :id AND kind = 'recruit' AND audience = 'county'", id=group_id
    )
    again = (last or 0) + COUNTY_CALL_DAYS * 24 * 3600
    if last and again > tx.now:
        raise Refused(
            say(
                "A group can call the whole county once in {days} days. {group} did on {moment}; "
                "the next time is possible {again}. Nothing was sent.",
                days=COUNTY_CALL_DAYS,
                group=name,
                moment=Moment(last),
                again=Moment(again),
            ),
            WayOut(say("Calls"), "calls.list"),
        )


async def check_may_send(tx: Transaction, call: Call, person: Person) -> None:
    """Raises Refused when this person may not send this call to its audience, now."""
    if call.kind == "announce":
        people.only_admins(person)
        return
    assert call.group_id is not None, "a recruiting call names its group with its audience"
    groups.check_open(await groups.led_by(tx, call.group_id, person))
    if call.audience == "county":
        await check_county_call(tx, call.group_id)


# Deeds


async def draft(tx: Transaction, kind: str, text: str, link: str, *, by: Person) -> Call:
    """Keep a call's text. Only admins announce; of which group a leader recruits is checked with its audience."""
    if kind == "announce":
        people.only_admins(by)
    row = await tx.one(
        "INSERT INTO calls (kind, sender_id, text, link, made_at) VALUES (:kind, :by, :text, :link, :now) RETURNING *",
        kind=kind,
        by=by.id,
        text=clean_text(text),
        link=link,
        now=tx.now,
    )
    assert row is not None, "an insert returns its row"
    return Call(**row)


async def address(tx: Transaction, call_id: int, group_id: int | None, *, county: bool, by: Person) -> Call:
    """Choose to whom one's draft goes: a group's members, or the county. Raises Refused where one may not."""
    call = await draft_of(tx, call_id, by)
    if group_id is None and (call.kind == "recruit" or not county):
        raise Refused(say("A recruiting call comes from a group. Nothing was changed."))
    if group_id is not None:
        await groups.by_id(tx, group_id)
    changed = await tx.one(
        "UPDATE calls SET group_id = :group_id, audience = :audience WHERE id = :id AND state = 'draft' RETURNING *",
        group_id=group_id,
        audience="county" if county else "group",
        id=call.id,
    )
    if changed is None:
        raise decided(call)
    addressed = Call(**changed)
    await check_may_send(tx, addressed, by)
    return addressed


async def cancel(tx: Transaction, call_id: int, *, by: Person) -> None:
    """Drop one's draft. Raises Refused when it was sent or cancelled."""
    call = await draft_of(tx, call_id, by)
    if not await tx.run("UPDATE calls SET state = 'cancelled' WHERE id = :id AND state = 'draft'", id=call.id):
        raise decided(call)
