"""Comparing names within a second of what happened: whoever may have two records is kept as a pair, and its leader told."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import orjson

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import groups, people
from bot.domain.merging.likening import CROWD_MAX, Facts, Pair, Sign, accounts_say, pairs_of, tells, weight
from bot.domain.merging.names import folded
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.storage import Transaction

COMPARE = "merging.compare"
# So many people in one transaction.
SLICE = 50

PLAN = """
    INSERT INTO due (bot, deed, subject, due_at, retry_at)
    SELECT CAST(:bot AS BIGINT), :deed, 'names', CAST(:at AS BIGINT), CAST(:at AS BIGINT)
    WHERE EXISTS (SELECT 1 FROM people_to_compare)
        AND NOT EXISTS (SELECT 1 FROM due WHERE bot = :bot AND deed = :deed AND subject = 'names' AND state = 'new')
    ON CONFLICT DO NOTHING
"""
TAKE = """
    DELETE FROM people_to_compare WHERE id IN (
        SELECT id FROM people_to_compare ORDER BY id LIMIT :slice /*pg FOR UPDATE SKIP LOCKED*/) RETURNING person_id
"""
WRITTEN = """
    SELECT p.id, p.nickname, f.name FROM people p LEFT JOIN folded_names f ON f.person_id = p.id
    WHERE p.forgotten_at IS NULL AND p.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))
"""
WRITE = """
    INSERT INTO folded_names (person_id, name) VALUES (:person, :name)
    ON CONFLICT (person_id) DO UPDATE SET name = excluded.name
"""
AGAIN = "INSERT INTO people_to_compare (person_id) VALUES (:person)"
SPARE = """
    DELETE FROM people_to_compare WHERE person_id IN (SELECT person_id FROM folded_names WHERE name = :name)
"""
# In which groups and areas those of one name are; a circle in which many of them are tells nothing, and is left out.
CIRCLES = """
    WITH bearers AS (SELECT person_id FROM folded_names WHERE name = :name),
    belongs AS (
        SELECT b.person_id, m.group_id FROM bearers b JOIN memberships m ON m.person_id = b.person_id AND m.state = 'in'
        UNION SELECT b.person_id, l.group_id FROM bearers b JOIN leaders l ON l.person_id = b.person_id
        UNION SELECT b.person_id, n.group_id FROM bearers b
            JOIN neighbours n ON n.person_id = b.person_id AND n.joined_at IS NULL),
    circles AS (
        SELECT b.person_id, 'group' AS sign, b.group_id AS circle FROM belongs b
            JOIN groups g ON g.id = b.group_id AND g.closed_at IS NULL
        UNION SELECT b.person_id, a.kind, a.id FROM belongs b
            JOIN group_tree t ON t.group_id = b.group_id AND t.ancestor_id <> b.group_id
            JOIN groups a ON a.id = t.ancestor_id AND a.kind IN ('branch', 'school') AND a.closed_at IS NULL
        UNION SELECT b.person_id, 'area', r.area_id FROM bearers b JOIN residents r ON r.person_id = b.person_id
            JOIN areas a ON a.id = r.area_id AND a.removed_at IS NULL)
    SELECT c.sign, c.circle, c.person_id FROM circles c
    JOIN (SELECT sign, circle FROM circles GROUP BY sign, circle HAVING COUNT(*) BETWEEN 2 AND :crowd) few
        ON few.sign = c.sign AND few.circle = c.circle
"""
FACTS = """
    SELECT p.id, p.registered_at, p.telegram_id IS NULL AS waits,
        EXISTS (SELECT 1 FROM chats c WHERE c.bot = :bot AND c.chat_id = p.telegram_id AND c.state = 'blocked') AS blocked,
        CASE WHEN :alone = 1 THEN (SELECT MAX(x.made_at) FROM participations x WHERE x.person_id = p.id) END AS last_at
    FROM people p WHERE p.forgotten_at IS NULL AND p.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))
"""
KNOWN = """
    SELECT l.one_id, l.other_id, l.signs, l.weight, l.denied_at IS NOT NULL AS denied
    FROM folded_names f JOIN likenesses l ON l.one_id = f.person_id WHERE f.name = :name
"""
KEEP = """
    INSERT INTO likenesses (one_id, other_id, signs, weight, found_at) VALUES (:one, :other, :signs, :weight, :now)
    ON CONFLICT (one_id, other_id) DO UPDATE SET signs = excluded.signs, weight = excluded.weight
"""


async def plan_comparing(tx: Transaction) -> None:
    """See to it that whoever is new or has changed is compared; asked at each tick, and free when nobody is."""
    await tx.run(PLAN, bot=tx.bot, deed=COMPARE, at=tx.now)


async def compare(tx: Transaction, item: Due, house: House) -> None:
    """Compare a slice; where more are left, the scheduler goes on. What is done leaves no row."""
    taken = [row["person_id"] for row in await tx.all(TAKE, slice=SLICE)]
    for name in sorted(await _written(tx, taken, many=len(taken) == SLICE)):
        # Others of this name need not be compared once more.
        await tx.run(SPARE, name=name)
        await _compare(tx, name)
    if len(taken) == SLICE:
        await due.plan(tx, COMPARE, f"names:{item.id}", tx.now)
    await tx.run(
        "DELETE FROM due WHERE bot = :bot AND deed = :deed AND state = 'done' AND id < :id",
        bot=tx.bot,
        deed=COMPARE,
        id=item.id,
    )


async def _written(tx: Transaction, ids: Iterable[int], *, many: bool) -> set[str]:
    """Keep these people's names as they are compared; the names that they bear, and those that they bore.

    While `many` wait, whoever is new waits again: once all names are written, each is compared once.
    """
    rows = await tx.all(WRITTEN, ids=_listed(ids))
    anew = [{"person": row["id"], "name": folded(row["nickname"])} for row in rows]
    before = {row["name"] for row in rows if row["name"] is not None}
    await tx.run_many(WRITE, anew)
    new = {row["id"] for row in rows if many and row["name"] is None}
    await tx.run_many(AGAIN, [{"person": number} for number in sorted(new)])
    return before | {str(each["name"]) for each in anew if each["person"] not in new}


def _listed(ids: Iterable[int]) -> str:
    return orjson.dumps(sorted(ids)).decode()


async def _compare(tx: Transaction, name: str) -> None:
    """Keep the pairs of one name as they are now; those that somebody denied stay denied."""
    rows = await tx.all("SELECT person_id FROM folded_names WHERE name = :name", name=name)
    bearers = {row["person_id"] for row in rows}
    known = {(row["one_id"], row["other_id"]): row for row in await tx.all(KNOWN, name=name)}
    if len(bearers) < 2 and not known:
        return
    found = await _pairs(tx, name, bearers)
    for pair in known.keys() - found.keys():
        if not known[pair]["denied"]:
            await tx.run("DELETE FROM likenesses WHERE one_id = :one AND other_id = :other", one=pair[0], other=pair[1])
    for pair, signs in found.items():
        row = known.get(pair)
        kept = (orjson.dumps(signs).decode(), weight(signs, len(bearers)))
        if row is None or not (row["denied"] or (row["signs"], row["weight"]) == kept):
            await tx.run(KEEP, one=pair[0], other=pair[1], signs=kept[0], weight=kept[1], now=tx.now)
        if row is None or not (row["denied"] or {*signs} <= {*signs_of(row["signs"])}):
            await _point_out(tx, pair, signs)


async def _pairs(tx: Transaction, name: str, bearers: Collection[int]) -> dict[Pair, list[Sign]]:
    """Who of one name may be one person, and why."""
    circles: dict[Sign, list[int]] = defaultdict(list)
    for row in await tx.all(CIRCLES, name=name, crowd=CROWD_MAX):
        circles[row["sign"], row["circle"]].append(row["person_id"])
    found = pairs_of(circles)
    if len(bearers) <= CROWD_MAX:
        found = {pair: found.get(pair, []) for pair in pairs_of({("group", 0): bearers})}
    concerned = {number for pair in found for number in pair}
    alone = len(bearers) == 2
    rows = await tx.all(FACTS, bot=tx.bot, ids=_listed(concerned), alone=int(alone)) if concerned else ()
    facts = {row["id"]: Facts(**{**row, "waits": bool(row["waits"]), "blocked": bool(row["blocked"])}) for row in rows}
    for (one, other), signs in found.items():
        signs.extend(accounts_say(facts[one], facts[other], alone=alone))
    return {pair: signs for pair, signs in found.items() if tells(signs, len(bearers))}


# Who is told


async def _point_out(tx: Transaction, pair: Pair, signs: Sequence[Sign]) -> None:
    """Whoever registered a neighbour reads at once that somebody of that name is in the group, too."""
    shared = [circle for sign, circle in signs if sign == "group"]
    if not shared or ("neighbour", 0) not in signs:
        return
    row = await tx.one(
        "SELECT person_id, group_id, made_by FROM neighbours WHERE person_id IN (:one, :other) AND joined_at IS NULL",
        one=pair[0],
        other=pair[1],
    )
    if row is None or row["group_id"] not in shared:
        return
    group, neighbour = await groups.by_id(tx, row["group_id"]), await people.by_id(tx, row["person_id"])
    member = await people.by_id(tx, sum(pair) - neighbour.id)
    screen = card(
        say(
            "👥 <b>{member}</b> #{number} is in {group}, where your neighbour {neighbour} #{waits} has the same name.",
            member=member.nickname,
            number=member.id,
            group=group.name,
            neighbour=neighbour.nickname,
            waits=neighbour.id,
        ),
        say("Is that one person? Then two county admins can make the two records one, and nothing is lost."),
        rows=(
            (Button(say("Yes, one person"), press("merging.same", *pair), style="primary"),),
            (Button(say("No, they are two"), press("merging.apart", *pair)),),
            (Button(say("Open the neighbour"), press("neighbours.open", neighbour.id)),),
        ),
    )
    leaders = await groups.leaders_of(tx, group.id)
    for leader in [each for each in leaders if each.id == row["made_by"]] or leaders:
        key = f"merging.alike:{pair[0]}:{pair[1]}:{leader.id}"
        await people.tell(tx, leader, screen, lane=Lane.URGENT, key=key)


# What was kept


def signs_of(kept: str) -> list[Sign]:
    """The signs of a pair, as they were kept."""
    return [(sign, circle) for sign, circle in json.loads(kept)]
