"""What became of a call: its numbers, and the people they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import groups
from bot.domain.calls.things import Call, tidied
from bot.domain.people import Person
from bot.domain.telling import LETTERS
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

STATES = {
    "sent": ("sent",),
    "blocked": ("blocked",),
    "failed": ("failed", "unsure"),
    "waiting": ("new", "taken", "sending", "later"),
    "dropped": ("dropped",),
}
KEPT = ("sent", "blocked", "failed", "dropped")
# What is marked in this moment, by a transaction that began a moment ago, is counted the next time.
MARKING_SECONDS = 1
# What a list of names may be asked for, in the order of the numbers in buttons.
ANSWERS = ("coming", "not_now")
LISTS = (*ANSWERS, "sent", "blocked", "failed", "waiting", "unreachable")

# Leading above gives no right to the roll of a group beneath.
OWN = "SELECT person_id FROM memberships WHERE group_id = :group_id AND state = 'in'"


@dataclass(frozen=True)
class Counts:
    """A call in numbers. `waiting` holds those in quiet hours too; `quiet_until` is set when nobody else waits."""

    sent: int = 0
    blocked: int = 0
    failed: int = 0
    waiting: int = 0
    dropped: int = 0
    unreachable: int = 0
    coming: int = 0
    not_now: int = 0
    quiet_until: int | None = None

    @property
    def total(self) -> int:
        """Everybody it was meant for and who was written to."""
        return self.sent + self.blocked + self.failed + self.waiting


async def counts(tx: Transaction, call: Call) -> Counts:
    """The numbers as they were counted last, and the answers as they are now."""
    answers = await tx.one(
        "SELECT coming, not_now FROM call_nodes WHERE call_id = :call AND group_id = 0 AND own = 0", call=call.id
    )
    waiting = call.enlisted - call.sent - call.blocked - call.failed - call.dropped
    return Counts(
        **{name: getattr(call, name) for name in (*KEPT, "unreachable")},
        **dict(answers or {}),
        waiting=waiting,
        quiet_until=await _quiet_until(tx, call, waiting) if waiting else None,
    )


async def is_under_way(tx: Transaction, call: Call, states: str = "'new', 'taken', 'sending', 'later'") -> bool:
    """Does anybody still wait for it?"""
    found = await tx.value(
        f"SELECT 1 FROM outbox WHERE letter_id IN {LETTERS} AND state IN ({states}) LIMIT 1",  # noqa: S608
        name=call.name,
    )
    return found is not None


async def _quiet_until(tx: Transaction, call: Call, waiting: int) -> int | None:
    """When it goes on, if all who wait are in quiet hours. None, too, while some who have got it are not counted yet."""
    if await is_under_way(tx, call, "'new', 'taken', 'sending'"):
        return None
    later = await tx.one(
        f"SELECT MIN(due_at) AS first, COUNT(*) AS n FROM outbox WHERE letter_id IN {LETTERS} AND state = 'later'",  # noqa: S608
        name=call.name,
    )
    return later["first"] if later and later["n"] == waiting else None


async def may_see_names(tx: Transaction, call: Call, person: Person) -> bool:
    """Names are shown of a group's members only, to its leaders and to those who read everything."""
    if call.audience != "group" or call.group_id is None:
        return False
    return person.reads_all or await groups.leads(tx, call.group_id, person)


async def names(
    tx: Transaction, call: Call, which: str, person: Person, *, limit: int, offset: int = 0
) -> Sequence[str]:
    """The nicknames behind a number, of those who are in the group now: for whoever reads everything those of the groups
    beneath it as well. Raises Refused where one may not see them."""
    if not await may_see_names(tx, call, person):
        raise Refused(say("Who got a call to the county is counted and not named. Nothing was changed."))
    if call.is_tidied and which not in ANSWERS:
        raise tidied()
    rows = await tx.all(
        f"SELECT p.nickname FROM people p WHERE p.id IN ({groups.BENEATH if person.reads_all else OWN}) "  # noqa: S608
        f"AND {_condition(which)} "
        "ORDER BY p.nickname, p.id LIMIT :limit OFFSET :offset",
        group_id=call.group_id,
        limit=limit,
        offset=offset,
        **_values(tx, call, which),
    )
    return [row["nickname"] for row in rows]


def _condition(which: str) -> str:
    if which in ANSWERS:
        return "p.id IN (SELECT person_id FROM call_answers WHERE call_id = :call AND answer = :which)"
    if which == "unreachable":
        return (
            f"p.id IN ({groups.BENEATH} AND m.since <= :sent_at) AND p.id <> :sender "  # noqa: S608
            "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:prefix AS TEXT) || p.id)"
        )
    states = ", ".join(f"'{state}'" for state in STATES[which])
    return f"EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:prefix AS TEXT) || p.id AND o.state IN ({states}))"  # noqa: S608


def _values(tx: Transaction, call: Call, which: str) -> dict[str, int | str | None]:
    if which in ANSWERS:
        return {"call": call.id, "which": which}
    prefix: dict[str, int | str | None] = {"prefix": f"{call.name}:"}
    return prefix | {"sent_at": call.sent_at, "sender": call.sender_id} if which == "unreachable" else prefix


# Deeds


async def count_on(tx: Transaction, call: Call) -> None:
    """Add what was marked since the last time."""
    until = tx.now - MARKING_SECONDS
    # The plus sign keeps SQLite from going through all rows of the letter instead of those marked lately.
    rows = await tx.all(
        f"SELECT state, COUNT(*) AS n FROM outbox WHERE +letter_id IN {LETTERS} "  # noqa: S608
        "AND done_at >= :since AND done_at < :until GROUP BY state",
        name=call.name,
        since=call.counted_to,
        until=until,
    )
    added = _by_name({row["state"]: row["n"] for row in rows})
    await tx.run(
        "UPDATE calls SET sent = sent + :sent, blocked = blocked + :blocked, failed = failed + :failed, "
        "dropped = dropped + :dropped, counted_to = :until WHERE id = :id",
        until=max(until, call.counted_to),
        id=call.id,
        **added,
    )


async def recount(tx: Transaction, call: Call) -> None:
    """Count every row, once nothing changes any more; but not those of which some are no longer kept."""
    rows = await tx.all(
        f"SELECT state, COUNT(*) AS n FROM outbox WHERE letter_id IN {LETTERS} GROUP BY state",  # noqa: S608
        name=call.name,
    )
    await tx.run(
        "UPDATE calls SET sent = :sent, blocked = :blocked, failed = :failed, dropped = :dropped "
        "WHERE id = :id AND tidied_at IS NULL",
        id=call.id,
        **_by_name({row["state"]: row["n"] for row in rows}),
    )


def _by_name(by_state: dict[str, int]) -> dict[str, int]:
    return {name: sum(by_state.get(state, 0) for state in STATES[name]) for name in KEPT}
