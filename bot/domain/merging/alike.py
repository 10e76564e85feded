"""Pairs of records that may be one person's: who sees them, that they are two, and who of a group bears a name."""

from dataclasses import dataclass

from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import audit, groups, people
from bot.domain.merging.comparing import signs_of
from bot.domain.merging.likening import Pair, Sign
from bot.domain.merging.names import folded
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

NAMESAKES_SHOWN = 4


@dataclass(frozen=True)
class Likeness:
    """Two records that may be one person's, the older first, and why."""

    one_id: int
    other_id: int
    one_name: str
    other_name: str
    signs: tuple[Sign, ...]
    denied: bool

    @property
    def pair(self) -> Pair:
        return self.one_id, self.other_id


@dataclass(frozen=True)
class Namesake:
    """Somebody of a group who bears a name; `waits`: a neighbour of it, without an account."""

    id: int
    nickname: str
    waits: bool


# Questions

LIKENESS = """
    SELECT l.one_id, l.other_id, l.signs, l.denied_at IS NOT NULL AS denied, a.nickname AS one_name, b.nickname AS other_name
    FROM likenesses l JOIN people a ON a.id = l.one_id JOIN people b ON b.id = l.other_id
"""
# Whoever was asked about once is not shown again.
OPEN = """
    l.denied_at IS NULL AND NOT EXISTS (SELECT 1 FROM merges x WHERE x.old_id = l.one_id AND x.into_id = l.other_id)
    AND NOT EXISTS (SELECT 1 FROM merges x WHERE x.old_id = l.other_id AND x.into_id = l.one_id)
"""


def _of_row(row: Row) -> Likeness:
    return Likeness(**{**row, "signs": tuple(signs_of(row["signs"])), "denied": bool(row["denied"])})


async def alike(tx: Transaction, number: int) -> Page:
    """A page of pairs that may be one person, those first for whom most speaks; never those who were asked or are two."""
    rows = await tx.all(
        f"{LIKENESS} WHERE {OPEN} ORDER BY l.weight DESC, l.other_id DESC, l.one_id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of(map(_of_row, rows), number)


async def likeness(tx: Transaction, one: int, other: int) -> Likeness:
    """The pair of these two. Raises Refused where nothing makes them one any more."""
    row = await tx.one(f"{LIKENESS} WHERE l.one_id = :one AND l.other_id = :other", one=one, other=other)
    if row is None:
        raise Refused(
            say("Nothing tells any more that #{one} and #{other} are one person.", one=one, other=other),
            WayOut(say("Who may be there twice"), "merging.alike"),
        )
    return _of_row(row)


BORNE = """
    SELECT p.id, p.nickname, n.person_id IS NOT NULL AS waits FROM folded_names f
    JOIN people p ON p.id = f.person_id AND p.forgotten_at IS NULL
    LEFT JOIN neighbours n ON n.person_id = p.id AND n.group_id = :group AND n.joined_at IS NULL
    WHERE f.name = :name AND (n.person_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = :group AND m.person_id = p.id AND m.state <> 'left')
        OR EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = :group AND l.person_id = p.id))
    ORDER BY p.id LIMIT :limit
"""


async def namesakes(tx: Transaction, group_id: int, name: str) -> list[Namesake]:
    """Who of a group bears this name, however it is written: members, those who wait, leaders, neighbours; a few of them."""
    rows = await tx.all(BORNE, group=group_id, name=folded(name), limit=NAMESAKES_SHOWN)
    return [Namesake(row["id"], row["nickname"], bool(row["waits"])) for row in rows]


# Deeds

THEIRS = """
    SELECT group_id FROM memberships WHERE person_id = :{who} AND state = 'in'
    UNION SELECT group_id FROM neighbours WHERE person_id = :{who} AND joined_at IS NULL
    UNION SELECT group_id FROM leaders WHERE person_id = :{who}
"""
LEADS_BOTH = f"""
    SELECT 1 FROM leaders l WHERE l.person_id = :me AND l.group_id IN ({THEIRS.format(who="one")})
    AND l.group_id IN ({THEIRS.format(who="other")}) LIMIT 1
"""  # noqa: S608 - texts of our own


async def _may_say(tx: Transaction, pair: Pair, by: Person) -> None:
    """Admins say of any two who they are, a leader of two in a group of his; nobody of himself. Raises Refused."""
    if pair[0] == pair[1]:
        raise Refused(say("That is one record, not two. Nothing was changed."))
    if by.id in pair:
        raise Refused(say("This is about your own record: other county admins decide. Nothing was changed."))
    if not by.is_admin and await tx.value(LEADS_BOTH, me=by.id, one=pair[0], other=pair[1]) is None:
        people.only_admins(by)


async def tell_apart(tx: Transaction, one: int, other: int, *, by: Person) -> None:
    """They are two, and that is kept: the pair never comes up again. Raises Refused."""
    pair = (min(one, other), max(one, other))
    await _may_say(tx, pair, by)
    for number in pair:
        await people.by_id(tx, number)
    await tx.run(
        "INSERT INTO likenesses (one_id, other_id, signs, weight, found_at, denied_by, denied_at) "
        "VALUES (:one, :other, '[]', 0, :now, :by, :now) ON CONFLICT (one_id, other_id) "
        "DO UPDATE SET denied_by = excluded.denied_by, denied_at = excluded.denied_at",
        one=pair[0],
        other=pair[1],
        by=by.id,
        now=tx.now,
    )
    await audit.note(tx, "merge.apart", f"person:{pair[1]}", by=by.id, person=pair[0])


async def say_same(tx: Transaction, one: int, other: int, *, by: Person) -> Likeness:
    """A leader thinks that they are one: the county's admins are told, who ask both. Raises Refused."""
    # First of all: who bears one name with whom is for nobody else to find out.
    await _may_say(tx, (one, other), by)
    found = await likeness(tx, one, other)
    if found.denied:
        raise Refused(say("It was said before that these are two people. Nothing was changed."))
    screen = card(
        say("👥 {leader} thinks that these two are one person:", leader=by.nickname),
        pair_words(found),
        rows=((Button(say("Open"), press("merging.pair", *found.pair)),),),
    )
    await people.tell_admins(tx, screen, key=f"merging.same:{found.one_id}:{found.other_id}", but=by.id)
    return found


# Words


def pair_words(found: Likeness) -> Said:
    """Two records that may be one person's, by names and numbers."""
    return say(
        "{one} #{one_number} · {other} #{other_number}",
        one=found.one_name,
        one_number=found.one_id,
        other=found.other_name,
        other_number=found.other_id,
    )


ALONE = {
    "neighbour": say("one was registered by a leader and has no account, the other one has"),
    "blocked": say("the older account has blocked the bot or is gone"),
    "silent": say("the older one had taken part in nothing for a month when the younger one registered"),
}


async def sign_words(tx: Transaction, sign: Sign) -> Said:
    """Why two are thought to be one."""
    kind, circle = sign
    if kind in ALONE:
        return ALONE[kind]
    if kind == "area":
        return say("both live in {area}", area=await tx.value("SELECT name FROM areas WHERE id = :id", id=circle))
    group = (await groups.by_id(tx, circle)).name
    if kind == "group":
        return say("both are in {group}", group=group)
    return say("both are in groups of {group}", group=group)
