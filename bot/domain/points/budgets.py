"""Budgets of groups: what the county grants to reward with, and what goes back when a group is closed."""

from collections.abc import Sequence

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import groups, people
from bot.domain.audit import take_turn
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.points import rules
from bot.domain.points.agreeing import Desk, Request
from bot.domain.points.awarding import check_amount
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.domain.points.reversing import RETURN, RETURN_SECONDS, reverse
from bot.domain.points.statement import held
from bot.due import Due
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, listed

BUDGETS = Desk(
    table="budget_grants",
    owner="group_id",
    named="(SELECT name FROM groups WHERE id = r.group_id)",
    deed="points.budget",
    subject="group",
    opens="points.budget.open",
    lists=WayOut(say("Budgets of groups"), "points.budget.waiting"),
)

# Questions


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


async def returned_from(tx: Transaction, numbers: Sequence[int]) -> dict[int, str]:
    """The group that was closed, by the number under which what it had left went back."""
    rows = await tx.all(
        "SELECT t.cause, g.name FROM transfers t JOIN entries e ON e.transfer_id = t.id JOIN accounts a ON a.id = e.account_id "
        "JOIN groups g ON g.id = a.owner WHERE t.cause IN "
        "(SELECT 'return:' || CAST(CAST(value AS BIGINT) AS TEXT) FROM json_each(:ids)) "
        "AND t.reason = 'budget' AND a.kind = 'group'",
        ids=listed(numbers),
    )
    return {int(row["cause"].partition(":")[2]): row["name"] for row in rows}


# Deeds


async def ask_budget(tx: Transaction, group_id: int, amount: int, why: str, key: str, *, by: Person) -> Request:
    """Grant a group points, or ask a second admin to agree; once for each `key`.

    A second one has to above what an admin gives alone, and whenever the first belongs to the group. Raises Refused for
    everybody but admins, for a group that is closed, and for what is no amount.
    """
    people.only_admins(by)
    check_amount(amount)
    await take_turn(tx)
    if (before := await BUDGETS.made_with(tx, key)) is not None:
        return before
    group = await groups.admin_of(tx, group_id, by)
    found = await BUDGETS.enter(tx, group.id, amount, why, key, by=by)
    if amount <= (await rules.current(tx)).granted_alone and not await groups.belongs(tx, group.id, by):
        return await _give(tx, found, None)
    await BUDGETS.ask_others(tx, found, budget_words(found))
    return found


async def agree_budget(tx: Transaction, grant_id: int, *, by: Person) -> Request:
    """The second pair of eyes: the group has the points. Raises Refused for whoever asked, its own people, and twice."""
    found = await BUDGETS.take_up(tx, grant_id, by=by)
    if found.asked_by != by.id and await groups.belongs(tx, found.owner_id, by):
        raise Refused(say("You are in this group yourself: another county admin has to agree. Nothing was changed."))
    await groups.admin_of(tx, found.owner_id, by)
    await BUDGETS.agreed(tx, found, by=by)
    return await _give(tx, found, by.id)


async def decline_budget(tx: Transaction, grant_id: int, *, by: Person) -> Request:
    """It is not granted; whoever asked is told. He may take it back himself, too."""
    return await BUDGETS.declined(tx, await BUDGETS.take_up(tx, grant_id, by=by), by=by)


async def take_back_budget(tx: Transaction, grant_id: int, *, by: Person) -> Request:
    """It was a mistake: the points are taken out of the budget again. Raises Refused where they are spent, or by its own people."""
    people.only_admins(by)
    await take_turn(tx)
    found = await BUDGETS.one(tx, grant_id, hold=True)
    if found.state != "given" or await groups.belongs(tx, found.owner_id, by):
        raise Refused(
            say("Only what was granted can be taken back, by an admin who is not in the group. Nothing was changed."),
            BUDGETS.way_to(found),
        )
    transfer_id = await tx.value(
        "SELECT id FROM transfers WHERE cause = :cause AND reason = 'budget' AND COALESCE(person_id, 0) = 0 "
        "AND reverses IS NULL",
        cause=f"budget:{found.id}",
    )
    await reverse(tx, transfer_id, by=by.id, cause=f"person:{by.id}")
    await BUDGETS.note(tx, "taken_back", found, by=by)
    return await BUDGETS.settle(tx, found, "taken_back", by.id)


async def _give(tx: Transaction, found: Request, approver: int | None) -> Request:
    await transfer(
        tx,
        [*await _source(tx, found.amount), Leg("group", found.owner_id, found.amount)],
        reason=Reason.BUDGET,
        cause=f"budget:{found.id}",
        person_id=None,
        by=found.asked_by,
        approver=approver,
        rule=(await rules.current(tx)).version,
        audit=found.audit_number,
    )
    given = await BUDGETS.settle(tx, found, "given", approver or found.asked_by)
    for leader in await groups.leaders_of(tx, found.owner_id):
        if leader.id != found.asked_by:
            await people.tell(tx, leader, _given(found), key=f"points.budget.given:{found.id}:{leader.id}")
    return given


async def _source(tx: Transaction, amount: int) -> list[Leg]:
    """What came back from other groups is granted first; the rest is issued."""
    back = min(amount, await held(tx, "county", 0))
    legs = [Leg("county", 0, -back)] if back else []
    return [*legs, issued(tx, amount - back)] if amount > back else legs


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


def _given(found: Request) -> Card:
    return card(
        say_n(
            "💰 The county gave <b>{group}</b> {n} point to reward with.",
            "💰 The county gave <b>{group}</b> {n} points to reward with.",
            found.amount,
            group=found.name,
        ),
        say("Why: {why}", why=found.why),
        rows=((Button(say("Budget"), press("points.budget", found.owner_id)),),),
    )


def budget_words(found: Request) -> Said:
    """Which group would get how much, why, and who asks."""
    return say(
        "💰 {amount} points for the group {name}\nWhy: {why}\nAsked for by {asker}",
        amount=found.amount,
        name=found.name,
        why=found.why,
        asker=found.asker,
    )
