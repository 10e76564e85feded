"""Budgets of groups: what the county grants to reward with, and what goes back when a group is closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import due
from bot.cards import ROWS_PER_PAGE, Button, Card, Page, card, press
from bot.config import House
from bot.domain import audit, groups, people
from bot.domain.audit import take_turn
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.points import rules
from bot.domain.points.awarding import check_amount
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.domain.points.reversing import RETURN, RETURN_SECONDS, reverse
from bot.domain.points.statement import held
from bot.due import Due
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class BudgetGrant:
    """So many points for a group's budget, and why. `state`: waiting for a second admin, given, declined, or taken_back."""

    id: int
    group_id: int
    group: str
    amount: int
    why: str
    asked_by: int
    asker: str
    asked_at: int
    audit_number: int
    state: str
    settled_by: int | None

    @property
    def waits(self) -> bool:
        return self.state == "waiting"


# Questions

GRANT = """
    SELECT b.id, b.group_id, g.name AS "group", b.amount, b.why, b.asked_by, a.nickname AS asker, b.asked_at,
        b.audit_number, b.state, b.settled_by
    FROM budget_grants b JOIN groups g ON g.id = b.group_id JOIN people a ON a.id = b.asked_by
"""


async def budget(tx: Transaction, group_id: int) -> int:
    """What a group has left to reward with."""
    return await held(tx, "group", group_id)


async def has_budget(tx: Transaction, group_id: int) -> bool:
    """Has this group ever had points to reward with?"""
    found = await tx.value(
        "SELECT 1 FROM accounts WHERE kind = 'group' AND unit = 'points' AND owner = :owner", owner=group_id
    )
    return found is not None


async def budget_read_by(tx: Transaction, group_id: int, reader: Person) -> Group:
    """The group, for those who may read its budget: its members and leaders, admins and auditors. Raises Refused."""
    group = await groups.by_id(tx, group_id)
    if not reader.reads_all and not await groups.belongs(tx, group.id, reader):
        raise Refused(
            say("Only those who are in {group} can see what it rewards with. Nothing was changed.", group=group.name),
            WayOut(say("Open the group"), press("groups.open", group.id)),
        )
    return group


async def budget_grant(tx: Transaction, grant_id: int, *, hold: bool = False) -> BudgetGrant:
    """One of them; with `hold` nobody else's until the commit. Raises Refused where there is none."""
    row = await tx.one(f"{GRANT} WHERE b.id = :id {'/*pg FOR UPDATE OF b*/' if hold else ''}", id=grant_id)
    if row is None:
        raise Refused(say("There is no such grant."), WayOut(say("Budgets of groups"), "points.budget.waiting"))
    return BudgetGrant(**row)


async def waiting_budgets(tx: Transaction, number: int) -> Page:
    """A page of those that wait for a second admin, the oldest first."""
    rows = await tx.all(
        f"{GRANT} WHERE b.state = 'waiting' ORDER BY b.id LIMIT :limit OFFSET :offset",
        limit=ROWS_PER_PAGE + 1,
        offset=number * ROWS_PER_PAGE,
    )
    return Page(tuple(BudgetGrant(**row) for row in rows[:ROWS_PER_PAGE]), number, len(rows) > ROWS_PER_PAGE)


async def waiting_budgets_number(tx: Transaction) -> int:
    """How many wait."""
    return int(await tx.value("SELECT COUNT(*) FROM budget_grants WHERE state = 'waiting'"))


async def budget_whys(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """Why budgets were granted, by the number of the grant."""
    named = ", ".join(str(int(number)) for number in ids) or "NULL"
    rows = await tx.all(f"SELECT id, why FROM budget_grants WHERE id IN ({named})")  # noqa: S608 - numbers alone
    return {row["id"]: row["why"] for row in rows}


# Deeds


async def ask_budget(tx: Transaction, group_id: int, amount: int, why: str, key: str, *, by: Person) -> BudgetGrant:
    """Grant a group points, or ask a second admin to agree; once for each `key`.

    A second one has to above what an admin gives alone, and whenever the first belongs to the group. Raises Refused for
    everybody but admins, for a group that is closed, and for what is no amount.
    """
    people.only_admins(by)
    check_amount(amount)
    await take_turn(tx)
    before = await tx.value("SELECT id FROM budget_grants WHERE key = :key", key=key)
    if before is not None:
        return await budget_grant(tx, before)
    group = await groups.admin_of(tx, group_id, by)
    number = await audit.note(tx, "points.budget.asked", f"group:{group.id}", by=by.id, amount=amount)
    grant_id = await tx.value(
        "INSERT INTO budget_grants (group_id, amount, why, key, asked_by, asked_at, audit_number) "
        "VALUES (:group, :amount, :why, :key, :by, :now, :number) RETURNING id",
        group=group.id,
        amount=amount,
        why=why,
        key=key,
        by=by.id,
        now=tx.now,
        number=number,
    )
    found = await budget_grant(tx, grant_id)
    if amount <= (await rules.current(tx)).granted_alone and not await groups.belongs(tx, group.id, by):
        return await _give(tx, found, None)
    await people.tell_admins(tx, _asking(found), key=f"points.budget:{grant_id}", but=by.id)
    return found


async def agree_budget(tx: Transaction, grant_id: int, *, by: Person) -> BudgetGrant:
    """The second pair of eyes: the group has the points. Raises Refused for whoever asked, its own people, and twice."""
    found = await _open(tx, grant_id, by)
    if found.asked_by == by.id:
        raise Refused(say("You have asked for this yourself: another county admin has to agree. Nothing was changed."))
    if await groups.belongs(tx, found.group_id, by):
        raise Refused(say("You are in this group yourself: another county admin has to agree. Nothing was changed."))
    await groups.admin_of(tx, found.group_id, by)
    await audit.note(tx, "points.budget.agreed", f"group:{found.group_id}", by=by.id, amount=found.amount)
    return await _give(tx, found, by.id)


async def decline_budget(tx: Transaction, grant_id: int, *, by: Person) -> BudgetGrant:
    """It is not granted; whoever asked is told. He may take it back himself, too."""
    found = await _open(tx, grant_id, by)
    await audit.note(tx, "points.budget.declined", f"group:{found.group_id}", by=by.id, amount=found.amount)
    declined = await _settled(tx, found, "declined", by.id)
    if found.asked_by != by.id:
        words = say("{amount} points for {name} were not agreed to.", amount=found.amount, name=found.group)
        asker = await people.by_id(tx, found.asked_by)
        await people.tell(tx, asker, card(words, rows=_to(found)), key=f"points.budget.declined:{found.id}")
    return declined


async def take_back_budget(tx: Transaction, grant_id: int, *, by: Person) -> BudgetGrant:
    """It was a mistake: the points are taken out of the budget again. Raises Refused where they are spent, or by its own people."""
    people.only_admins(by)
    await take_turn(tx)
    found = await budget_grant(tx, grant_id, hold=True)
    if found.state != "given" or await groups.belongs(tx, found.group_id, by):
        raise Refused(
            say("Only what was granted can be taken back, by an admin who is not in the group. Nothing was changed."),
            WayOut(say("Open"), press("points.budget.open", found.id)),
        )
    transfer_id = await tx.value(
        "SELECT id FROM transfers WHERE reason = 'budget' AND cause = :cause", cause=f"budget:{found.id}"
    )
    await reverse(tx, transfer_id, by=by.id, cause=f"person:{by.id}")
    await audit.note(tx, "points.budget.taken_back", f"group:{found.group_id}", by=by.id, amount=found.amount)
    return await _settled(tx, found, "taken_back", by.id)


async def _open(tx: Transaction, grant_id: int, by: Person) -> BudgetGrant:
    people.only_admins(by)
    await take_turn(tx)
    found = await budget_grant(tx, grant_id, hold=True)
    if not found.waits:
        raise Refused(
            say("This was decided before. Nothing was changed now."),
            WayOut(say("Open"), press("points.budget.open", found.id)),
        )
    return found


async def _give(tx: Transaction, found: BudgetGrant, approver: int | None) -> BudgetGrant:
    await transfer(
        tx,
        [*await _source(tx, found.amount), Leg("group", found.group_id, found.amount)],
        reason=Reason.BUDGET,
        cause=f"budget:{found.id}",
        person_id=None,
        by=found.asked_by,
        approver=approver,
        rule=(await rules.current(tx)).version,
        audit=found.audit_number,
    )
    given = await _settled(tx, found, "given", approver or found.asked_by)
    for leader in await groups.leaders_of(tx, found.group_id):
        if leader.id != found.asked_by:
            await people.tell(tx, leader, _given(found), key=f"points.budget.given:{found.id}:{leader.id}")
    return given


async def _source(tx: Transaction, amount: int) -> list[Leg]:
    """What came back from other groups is granted first; the rest is issued."""
    back = min(amount, await held(tx, "county", 0))
    legs = [Leg("county", 0, -back)] if back else []
    return [*legs, issued(tx, amount - back)] if amount > back else legs


async def _settled(tx: Transaction, found: BudgetGrant, state: str, by: int) -> BudgetGrant:
    await tx.run(
        "UPDATE budget_grants SET state = :state, settled_by = :by, settled_at = :now WHERE id = :id",
        state=state,
        by=by,
        now=tx.now,
        id=found.id,
    )
    return await budget_grant(tx, found.id)


async def plan_return(tx: Transaction, group_id: int) -> None:
    """Let what a group that is closed has left go back to the county, once the closing can't be undone any more."""
    await due.plan(tx, RETURN, f"group:{group_id}", tx.now + RETURN_SECONDS)


async def return_budget(tx: Transaction, item: Due, house: House) -> None:
    """What is left goes back to the county; a group that was opened again keeps it."""
    group = await groups.by_id(tx, item.number)
    left = await budget(tx, group.id)
    if group.is_open or not left:
        return
    legs = [Leg("group", group.id, -left), Leg("county", 0, left)]
    await transfer(tx, legs, reason=Reason.BUDGET, cause=f"return:{item.id}", person_id=None, by=None)
    words = say_n(
        "<b>{group}</b> was closed: {n} point that it had left is with the county again.",
        "<b>{group}</b> was closed: {n} points that it had left are with the county again.",
        left,
        group=group.name,
    )
    await people.tell_admins(tx, card(words), key=f"points.budget.return:{item.id}")


# Words


def _to(found: BudgetGrant) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say("Open"), press("points.budget.open", found.id)),),)


def _asking(found: BudgetGrant) -> Card:
    return card(budget_words(found), say("A second admin has to agree."), rows=_to(found))


def _given(found: BudgetGrant) -> Card:
    return card(
        say_n(
            "💰 The county gave <b>{group}</b> {n} point to reward with.",
            "💰 The county gave <b>{group}</b> {n} points to reward with.",
            found.amount,
            group=found.group,
        ),
        say("Why: {why}", why=found.why),
        rows=((Button(say("Budget"), press("points.budget", found.group_id)),),),
    )


def budget_words(found: BudgetGrant) -> Said:
    """Which group would get how much, why, and who asks."""
    return say(
        "💰 {amount} points for the group {name}\nWhy: {why}\nAsked for by {asker}",
        amount=found.amount,
        name=found.group,
        why=found.why,
        asker=found.asker,
    )
