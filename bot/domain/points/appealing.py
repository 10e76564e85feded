"""«This entry is wrong»: said once by the one whose entry it is, and answered by an admin who had no hand in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.config import House
from bot.domain import audit, people
from bot.domain.audit import take_turn
from bot.domain.people import Person, Role
from bot.domain.points import rules
from bot.domain.points.ledger import Reason, signed
from bot.domain.points.posting import Leg, issued, transfer
from bot.domain.points.reversing import reverse
from bot.domain.points.statement import Entry, entry_of
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Row, Transaction, listed

REMINDED, OVERDUE = "points.appeal.remind", "points.appeal.overdue"
DAY = 24 * 3600


@dataclass(frozen=True)
class Appeal:
    """Against one entry of one person. `outcome` None until it is answered; `raised_at` once that was not in time."""

    id: int
    transfer_id: int
    person_id: int
    name: str
    why: str
    opened_at: int
    due_at: int
    raised_at: int | None
    outcome: str | None
    answer: str
    answered_at: int | None
    answered_by: int | None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def subject(self) -> str:
        """By which it is planned; an absence's appeal has another name."""
        return f"entry_appeal:{self.id}"


def _appeal(row: Row) -> Appeal:
    return Appeal(**row)


# Questions

APPEAL = """
    SELECT e.id, e.transfer_id, e.person_id, p.nickname AS name, e.why, e.opened_at, e.due_at, e.raised_at, e.outcome,
        e.answer, e.answered_at, e.answered_by
    FROM entry_appeals e JOIN people p ON p.id = e.person_id
"""
# Those that wait for an answer.
OPEN_APPEALS_NUMBER = "SELECT COUNT(*) FROM entry_appeals WHERE outcome IS NULL"


async def appeal(tx: Transaction, appeal_id: int, *, hold: bool = False) -> Appeal:
    """One of them; with `hold` nobody else's until the commit. Raises Refused where there is none."""
    row = await tx.one(f"{APPEAL} WHERE e.id = :id {'/*pg FOR UPDATE OF e*/' if hold else ''}", id=appeal_id)
    if row is None:
        raise Refused(say("There is no such appeal. Nothing was changed."), WayOut(say("My points"), "points.mine"))
    return _appeal(row)


async def appeal_on(tx: Transaction, found: Entry) -> Appeal | None:
    """The appeal of the one whose entry it is, if there is one."""
    row = await tx.one(
        f"{APPEAL} WHERE e.transfer_id = :transfer AND e.person_id = :person",
        transfer=found.transfer_id,
        person=found.person_id,
    )
    return None if row is None else _appeal(row)


async def open_appeals(tx: Transaction, number: int) -> Page:
    """A page of those that wait for an answer, the oldest first."""
    rows = await tx.all(
        f"{APPEAL} WHERE e.outcome IS NULL ORDER BY e.id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of(map(_appeal, rows), number)


async def appeal_answers(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """Why appeals were granted or not, by their numbers."""
    rows = await tx.all(f"SELECT id, answer FROM entry_appeals WHERE id {AMONG}", ids=listed(ids))  # noqa: S608 - a text of our own
    return {row["id"]: row["answer"] for row in rows}


def had_a_hand(found: Entry, person: Person) -> bool:
    """Is it this person's entry, or was it made or agreed to by this person?"""
    return person.id in (found.person_id, found.actor_id, found.approver_id)


async def _judges(tx: Transaction, found: Entry) -> list[Person]:
    return [each for each in await people.with_role(tx, Role.ADMIN) if not had_a_hand(found, each)]


# Deeds


async def appeal_against(tx: Transaction, transfer_id: int, why: str, *, by: Person) -> Appeal:
    """Have somebody else look at an entry of one's own. Raises Refused for others' entries, and the second time."""
    found = await entry_of(tx, transfer_id, by.id)
    await take_turn(tx)
    days = (await rules.current(tx)).appeal_days
    made = await tx.value(
        "INSERT INTO entry_appeals (transfer_id, person_id, why, opened_at, due_at) "
        "VALUES (:transfer, :by, :why, :now, :due) ON CONFLICT DO NOTHING RETURNING id",
        transfer=transfer_id,
        by=by.id,
        why=why,
        now=tx.now,
        due=tx.now + days * DAY,
    )
    if made is None:
        raise Refused(
            say("You have appealed against this entry before; it is answered once. Nothing was changed now."),
            WayOut(say("Open that entry"), press("points.entry", transfer_id)),
        )
    opened = await appeal(tx, made)
    await audit.note(tx, "points.appeal.made", f"transfer:{transfer_id}", by=by.id, person=by.id)
    await due.plan(tx, REMINDED, opened.subject, tx.now + days * DAY // 2)
    await due.plan(tx, OVERDUE, opened.subject, opened.due_at)
    await _ask(tx, opened, found, await _judges(tx, found), key="opened")
    return opened


async def _ask(tx: Transaction, opened: Appeal, found: Entry, whom: list[Person], *, key: str) -> None:
    """Ask those who may answer; where all admins had a hand in it, all who read everything are told that one is missing."""
    may = bool(whom)
    if not may:
        whom = [*await people.with_role(tx, Role.ADMIN), *await people.with_role(tx, Role.AUDITOR)]
    screen = card(
        *appeal_words(opened, found),
        say("An admin who had no hand in it answers by {moment}.", moment=Moment(opened.due_at)),
        *(() if may else (say("All admins had a hand in it: the county needs another one for the answer. /grant"),)),
        rows=((Button(say("Look at it"), press("points.judge", opened.id)),),),
    )
    for each in whom:
        await people.tell(tx, each, screen, lane=Lane.URGENT, key=f"points.appeal:{tx.bot}:{opened.id}:{each.id}:{key}")


async def withdraw(tx: Transaction, appeal_id: int, *, by: Person) -> Appeal:
    """Take one's own appeal back before it is answered. Raises Refused."""
    await take_turn(tx)
    done = await tx.value(
        "UPDATE entry_appeals SET outcome = 'withdrawn', answered_at = :now "
        "WHERE id = :id AND person_id = :by AND outcome IS NULL RETURNING transfer_id",
        now=tx.now,
        id=appeal_id,
        by=by.id,
    )
    if done is None:
        raise Refused(say("This has been answered before. Nothing was changed."))
    await audit.note(tx, "points.appeal.withdrawn", f"transfer:{done}", by=by.id, person=by.id)
    found = await appeal(tx, appeal_id)
    await due.drop(tx, found.subject)
    return found


async def judged_by(tx: Transaction, appeal_id: int, by: Person, *, hold: bool = False) -> tuple[Appeal, Entry]:
    """An appeal and its entry, for whoever may answer it. Raises Refused for whoever had a hand in it, and once answered."""
    people.only_admins(by)
    if hold:
        await take_turn(tx)
    asked = await appeal(tx, appeal_id, hold=hold)
    found = await entry_of(tx, asked.transfer_id, asked.person_id)
    if had_a_hand(found, by) or (await people.now_of(tx, asked.person_id)).id == by.id:
        raise Refused(
            say(
                "You made this entry or agreed to it, or it is yours: another county admin answers. Nothing was changed."
            ),
            WayOut(say("Appeals on points"), "points.appeals"),
        )
    if not asked.is_open:
        raise Refused(
            say("This has been answered before. Nothing was changed."),
            WayOut(say("Appeals on points"), "points.appeals"),
        )
    return asked, found


async def refuse(tx: Transaction, appeal_id: int, words: str, *, by: Person) -> Appeal:
    """The entry stands, and why; whoever appealed is told. Raises Refused."""
    asked, found = await judged_by(tx, appeal_id, by, hold=True)
    await _note(tx, asked, "refused", by)
    return await _answered(tx, asked, found, "refused", words, by)


async def take_back(tx: Transaction, appeal_id: int, words: str, *, by: Person) -> Appeal:
    """The entry was wrong: another one takes it back. Raises Refused, as `reverse` does too."""
    asked, found = await judged_by(tx, appeal_id, by, hold=True)
    await _note(tx, asked, "reversed", by)
    await reverse(tx, found.transfer_id, by=by.id, cause=f"appeal:{asked.id}")
    return await _answered(tx, asked, found, "reversed", words, by)


async def make_up(tx: Transaction, appeal_id: int, amount: int, words: str, *, by: Person) -> Appeal:
    """Points were missing: an entry that adjusts it gives them. Raises Refused for more than one admin may give alone."""
    asked, found = await judged_by(tx, appeal_id, by, hold=True)
    in_force = await rules.current(tx)
    if not 1 <= amount <= in_force.granted_alone:
        raise Refused(
            say(
                "By an appeal one admin gives 1 to {limit} points. Nothing was changed; more is given by hand, where a second "
                "admin agrees.",
                limit=in_force.granted_alone,
            ),
            WayOut(say("Look at it"), press("points.judge", asked.id)),
        )
    number = await _note(tx, asked, "adjusted", by)
    await transfer(
        tx,
        (issued(tx, amount), Leg("member", asked.person_id, amount)),
        reason=Reason.ADJUST,
        cause=f"appeal:{asked.id}",
        person_id=asked.person_id,
        by=by.id,
        rule=in_force.version,
        audit=number,
    )
    return await _answered(tx, asked, found, "adjusted", words, by)


async def _note(tx: Transaction, asked: Appeal, outcome: str, by: Person) -> int:
    subject = f"transfer:{asked.transfer_id}"
    return await audit.note(tx, "points.appeal.answered", subject, by=by.id, person=asked.person_id, outcome=outcome)


async def _answered(tx: Transaction, asked: Appeal, found: Entry, outcome: str, words: str, by: Person) -> Appeal:
    await tx.run(
        "UPDATE entry_appeals SET outcome = :outcome, answer = :words, answered_at = :now, answered_by = :by WHERE id = :id",
        outcome=outcome,
        words=words,
        now=tx.now,
        by=by.id,
        id=asked.id,
    )
    await due.drop(tx, asked.subject)
    answered = await appeal(tx, asked.id)
    person = await people.now_of(tx, asked.person_id)
    told = card(
        say("⚖ {name} has answered your appeal against entry {number}.", name=by.nickname, number=found.transfer_id),
        OUTCOMES[outcome],
        say("Why: {why}", why=words),
        rows=((Button(say("Open that entry"), press("points.entry", found.transfer_id)),),),
    )
    await people.tell(tx, person, told, key=f"points.appeal.answered:{tx.bot}:{asked.id}")
    return answered


async def remind(tx: Transaction, item: Due, house: House) -> None:
    """Half of the time is over: whoever may answer is asked again."""
    asked = await appeal(tx, item.number)
    if asked.is_open:
        found = await entry_of(tx, asked.transfer_id, asked.person_id)
        await _ask(tx, asked, found, await _judges(tx, found), key="reminded")


async def overdue(tx: Transaction, item: Due, house: House) -> None:
    """Nobody has answered in time: auditors hear of it too, and all are asked again as long as it is open."""
    days = (await rules.current(tx)).appeal_days
    row = await tx.one(
        "UPDATE entry_appeals SET raised_at = COALESCE(raised_at, :now), due_at = :again WHERE id = :id AND outcome IS NULL "
        "RETURNING id",
        now=tx.now,
        again=tx.now + days * DAY,
        id=item.number,
    )
    if row is None:
        return
    asked = await appeal(tx, item.number)
    found = await entry_of(tx, asked.transfer_id, asked.person_id)
    judges = await _judges(tx, found)
    whom = [*judges, *await people.with_role(tx, Role.AUDITOR)] if judges else []
    await _ask(tx, asked, found, whom, key=str(item.due_at))
    await _tell_late(tx, asked, found)
    await due.plan(tx, OVERDUE, asked.subject, asked.due_at)


async def _tell_late(tx: Transaction, asked: Appeal, found: Entry) -> None:
    """Whoever appealed hears once why there is no answer yet, and by when it comes."""
    screen = card(
        say("⚖ Nobody has answered your appeal against entry {number} in time.", number=found.transfer_id),
        say("The county's auditors know of it now. An answer is due by {moment}.", moment=Moment(asked.due_at)),
        rows=((Button(say("Open that entry"), press("points.entry", found.transfer_id)),),),
    )
    key = f"points.appeal.late:{tx.bot}:{asked.id}"
    await people.tell(tx, await people.now_of(tx, asked.person_id), screen, lane=Lane.REMINDER, key=key)


async def forget(tx: Transaction, person: Person) -> None:
    """What somebody wrote goes, and what was answered to it; what is open is answered no more."""
    rows = await tx.all(
        "UPDATE entry_appeals SET outcome = 'withdrawn', answered_at = :now WHERE person_id = :id AND outcome IS NULL "
        "RETURNING id",
        id=person.id,
        now=tx.now,
    )
    for row in rows:
        await due.drop(tx, f"entry_appeal:{row['id']}")
    await tx.run("UPDATE entry_appeals SET why = '-', answer = '-' WHERE person_id = :id", id=person.id)


# Words

OUTCOMES = {
    "reversed": say("✅ Granted: another entry has taken it back."),
    "adjusted": say("✅ Granted: another entry has given what was missing."),
    "refused": say("✖️ Not granted: the entry stands."),
    "withdrawn": say("↩️ Taken back by whoever appealed."),
}


def appeal_words(opened: Appeal, found: Entry) -> tuple[Said, ...]:
    """Who appeals against what, and why."""
    head = say(
        "⚖ {name} appeals against entry {number}: {amount}.",
        name=opened.name,
        number=found.transfer_id,
        amount=signed(found.amount),
    )
    return (head, say("“{why}”", why=opened.why))


def state_words(found: Appeal) -> tuple[Said, ...]:
    """What became of an appeal."""
    if found.outcome is None:
        waits = say("⏳ Appealed on {moment}; somebody else answers it.", moment=Moment(found.opened_at))
        return (waits, say("An answer is due by {moment}.", moment=Moment(found.due_at)))
    said = say("Appealed on {moment}: {outcome}", moment=Moment(found.opened_at), outcome=OUTCOMES[found.outcome])
    return (said, say("Why: {why}", why=found.answer)) if found.answer else (said,)
