"""Rewards: a group's leader gives its members points out of its budget, with a reason; one of them or several at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, Card, card, press
from bot.domain import audit, days, groups, people
from bot.domain.audit import take_turn
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.points import rules
from bot.domain.points.budgets import budget
from bot.domain.points.giving import check_open
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, transfer
from bot.domain.points.reversing import reverse
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

UNDO_SECONDS = 60
REWARDED_AT_ONCE_MAX = 30


@dataclass(frozen=True)
class Round:
    """So many points for each of some people of a group, and why."""

    id: int
    group_id: int
    amount: int
    why: str
    given_by: int
    undone_at: int | None
    people: int


# Questions

ROUND = """
    SELECT o.id, o.group_id, o.amount, o.why, o.given_by, o.undone_at,
        (SELECT COUNT(*) FROM rewards w WHERE w.round_id = o.id) AS people
    FROM reward_rounds o
"""


WHYS = "SELECT o.id, g.name, o.why FROM reward_rounds o JOIN groups g ON g.id = o.group_id"


async def reward_round(tx: Transaction, round_id: int) -> Round:
    """One of them. Raises Refused where there is none."""
    row = await tx.one(f"{ROUND} WHERE o.id = :id", id=round_id)
    if row is None:
        raise Refused(say("There is no such reward. Nothing was changed."))
    return Round(**row)


async def reward_whys(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """What rewards were for, by the number of the round: the group, and why."""
    rows = await tx.all(f"{WHYS} WHERE o.id {AMONG}", ids=listed(ids))
    return {row["id"]: f"{row['name']} · {row['why']}" for row in rows}


async def chosen(tx: Transaction, group_id: int, leader: Person) -> list[Person]:
    """Whom this leader has ticked and who is still in the group, by number."""
    rows = await tx.all(
        "SELECT p.* FROM reward_choices c JOIN people p ON p.id = c.person_id "
        "WHERE c.leader_id = :leader AND c.group_id = :group AND EXISTS (SELECT 1 FROM memberships m "
        "WHERE m.group_id = c.group_id AND m.person_id = c.person_id AND m.state = 'in') ORDER BY p.id",
        leader=leader.id,
        group=group_id,
    )
    return [people.of_row(row) for row in rows]


# Deeds


async def choose(tx: Transaction, group_id: int, person_ids: Sequence[int], *, by: Person) -> int:
    """Tick people of a group to be rewarded together, never oneself; how many are ticked then.

    Raises Refused for others than its leaders and admins, and above what goes at once.
    """
    group = await groups.led_by(tx, group_id, by)
    for person_id in person_ids:
        await tx.run(
            "INSERT INTO reward_choices (leader_id, group_id, person_id) "
            "SELECT CAST(:leader AS BIGINT), m.group_id, m.person_id FROM memberships m "
            "WHERE m.group_id = :group AND m.person_id = :person AND m.state = 'in' AND m.person_id <> :leader "
            "ON CONFLICT DO NOTHING",
            leader=by.id,
            group=group.id,
            person=person_id,
        )
    ticked = len(await chosen(tx, group.id, by))
    if ticked > REWARDED_AT_ONCE_MAX:
        raise _too_many(group)
    return ticked


def _too_many(group: Group) -> Refused:
    return Refused(
        say("{limit} people at once, please. Nothing was changed.", limit=REWARDED_AT_ONCE_MAX),
        WayOut(say("Whom to reward"), press("points.reward", group.id)),
    )


async def unchoose(tx: Transaction, group_id: int, *, by: Person, person_id: int | None = None) -> None:
    """Take one tick away, or all."""
    await tx.run(
        "DELETE FROM reward_choices WHERE leader_id = :leader AND group_id = :group "
        "AND (CAST(:person AS BIGINT) IS NULL OR person_id = CAST(:person AS BIGINT))",
        leader=by.id,
        group=group_id,
        person=person_id,
    )


async def reward(
    tx: Transaction, group_id: int, person_ids: Sequence[int], amount: int, why: str, key: str, *, by: Person
) -> Round:
    """Give each of these people points out of the group's budget, all or none; once for each `key`.

    Raises Refused for others than the group's leaders and admins, for oneself, for whoever rewarded `by` this month, for
    somebody who is not in the group, above what the rules allow at once, and above what is left.
    """
    group = await groups.led_by(tx, group_id, by)
    await take_turn(tx)
    if before := await tx.value("SELECT id FROM reward_rounds WHERE key = :key AND given_by = :by", key=key, by=by.id):
        return await reward_round(tx, before)
    await check_open(tx, group.id)
    await _check_amount(tx, group, amount, len(set(person_ids)))
    for person_id in sorted(set(person_ids)):
        await _check_person(tx, group, person_id, by)
    round_id = await tx.value(
        "INSERT INTO reward_rounds (group_id, amount, why, key, given_by, given_at) "
        "VALUES (:group, :amount, :why, :key, :by, :now) RETURNING id",
        group=group.id,
        amount=amount,
        why=why,
        key=key,
        by=by.id,
        now=tx.now,
    )
    await _book(tx, round_id, sorted(set(person_ids)), by)
    await unchoose(tx, group.id, by=by)
    return await reward_round(tx, round_id)


async def _check_amount(tx: Transaction, group: Group, amount: int, number: int) -> None:
    limit, left = (await rules.current(tx)).budget_once, await budget(tx, group.id)
    if not 1 <= number <= REWARDED_AT_ONCE_MAX:
        raise _too_many(group)
    if not 1 <= amount <= limit:
        raise Refused(
            say("A reward is 1 to {limit} points for each. Nothing was given.", limit=limit)
            if limit
            else say("The rules of the county allow no rewards from budgets. Nothing was given."),
            WayOut(say("The rules"), "points.rules"),
        )
    if number * amount > left:
        raise Refused(
            say(
                "That would take {needed} points, and the budget of {group} has {left}. Nothing was given. "
                "A county admin can grant more.",
                needed=number * amount,
                group=group.name,
                left=left,
            ),
            WayOut(say("Budget"), press("points.budget", group.id)),
        )


async def _check_person(tx: Transaction, group: Group, person_id: int, by: Person) -> None:
    again = WayOut(say("Whom to reward"), press("points.reward", group.id))
    if person_id == by.id:
        raise Refused(say("Nobody rewards himself; another leader can. Nothing was given."), again)
    whom = await groups.one_of(tx, group, person_id, by)
    if not await groups.belongs(tx, group.id, whom):
        raise Refused(say("{name} is not in {group}. Nothing was given.", name=whom.nickname, group=group.name), again)
    rewarded_me = await tx.value(
        "SELECT 1 FROM reward_rounds o JOIN rewards w ON w.round_id = o.id WHERE o.given_by = :whom AND w.person_id = :me "
        "AND o.given_at >= :begins AND o.undone_at IS NULL LIMIT 1",
        whom=whom.id,
        me=by.id,
        begins=days.month_begin(tx),
    )
    if rewarded_me:
        raise Refused(
            say(
                "{name} has rewarded you this month, so somebody else has to reward {name}. Nothing was given.",
                name=whom.nickname,
            ),
            again,
        )


async def _book(tx: Transaction, round_id: int, person_ids: Sequence[int], by: Person) -> None:
    found, version = await reward_round(tx, round_id), (await rules.current(tx)).version
    number = await audit.note(
        tx, "points.rewarded", f"group:{found.group_id}", by=by.id, amount=found.amount, people=len(person_ids)
    )
    for person_id in person_ids:
        await tx.run(
            "INSERT INTO rewards (round_id, person_id) VALUES (:round, :person)", round=round_id, person=person_id
        )
        await transfer(
            tx,
            [Leg("group", found.group_id, -found.amount), Leg("member", person_id, found.amount)],
            reason=Reason.REWARD,
            cause=f"reward:{round_id}",
            person_id=person_id,
            by=by.id,
            rule=version,
            audit=number,
        )
        key = f"points.reward:{round_id}:{person_id}"
        await people.tell(tx, await people.by_id(tx, person_id), await _told(tx, found), key=key)


async def _told(tx: Transaction, found: Round) -> Card:
    group = await groups.by_id(tx, found.group_id)
    return card(
        say_n(
            "🎁 <b>{group}</b> rewards you with {n} point.",
            "🎁 <b>{group}</b> rewards you with {n} points.",
            found.amount,
            group=group.name,
        ),
        say("Why: {why}", why=found.why),
        rows=((Button(say("My points"), "points.mine"),),),
    )


async def undo_reward(tx: Transaction, round_id: int, *, by: Person) -> Round:
    """It was a slip: within a minute all of it goes back into the budget, and its people are told.

    Raises Refused for others than whoever gave it, later, and when somebody has spent it.
    """
    await take_turn(tx)
    found = await reward_round(tx, round_id)
    undone = await tx.run(
        "UPDATE reward_rounds SET undone_at = :now WHERE id = :id AND given_by = :by AND undone_at IS NULL "
        "AND given_at >= :oldest",
        now=tx.now,
        id=round_id,
        by=by.id,
        oldest=tx.now - UNDO_SECONDS,
    )
    if not undone:
        raise Refused(
            say(
                "Whoever gave a reward can take it back for {seconds} seconds, once. Nothing was changed. "
                "A county admin can correct an entry later.",
                seconds=UNDO_SECONDS,
            ),
            WayOut(say("Budget"), press("points.budget", found.group_id)),
        )
    group = await groups.by_id(tx, found.group_id)
    words = say("The reward of <b>{group}</b> was a slip and is taken back.", group=group.name)
    for row in await tx.all(REWARDED, round=round_id, cause=f"reward:{round_id}"):
        await reverse(tx, row["id"], by=by.id, cause=f"reward:{round_id}")
        await people.tell(tx, await people.by_id(tx, row["person_id"]), card(words))
    return await reward_round(tx, round_id)


# What an admin has corrected before is left as it is.
REWARDED = """
    SELECT t.id, t.person_id FROM rewards w CROSS JOIN transfers t WHERE w.round_id = :round AND t.cause = :cause
        AND t.reason = 'reward' AND COALESCE(t.person_id, 0) = +w.person_id AND t.reverses IS NULL
        AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.reverses = t.id) ORDER BY t.person_id
"""
