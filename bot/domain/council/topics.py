"""Topics: proposed by anybody, ordered by support, put on an agenda, and answered in the end."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import audit, people, telling
from bot.domain.council import members
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut, check_length
from bot.storage import Transaction

TOPIC_CHARACTERS_MAX = 200
OUTCOME_CHARACTERS_MAX = 500
OPEN_TOPICS_PER_PERSON_MAX = 5
UNDO_SECONDS = 60
TELL_OUTCOME = "council.tell.outcome"
SIMILAR_SHARE = 0.5
SIMILAR_SHOWN_MAX = 3
COMPARED_MAX = 1000
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Topic:
    """One topic. `session_id` and `place` are set once it is on an agenda, `outcome` once it was answered."""

    id: int
    text: str
    proposer_id: int | None
    state: str
    support: int
    session_id: int | None
    place: int | None
    outcome: str | None
    answered_by: int | None
    answered_at: int | None
    proposed_at: int

    @property
    def subject(self) -> str:
        """How due rows and the audit log name it."""
        return f"topic:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def can_be_undone(self, by: Person, now: int) -> bool:
        """Has he recorded its outcome within the last minute?"""
        return self.answered_by == by.id and (self.answered_at or 0) > now - UNDO_SECONDS


# Rules


def clean_topic(typed: str) -> str:
    """A topic as it will be shown: one line. Raises Refused when it is empty or too long."""
    return _one_line(typed, TOPIC_CHARACTERS_MAX)


def clean_outcome(typed: str) -> str:
    """An outcome as it will be told: one line. Raises Refused when it is empty or too long."""
    return _one_line(typed, OUTCOME_CHARACTERS_MAX)


def _one_line(typed: str, limit: int) -> str:
    words = people.visible(typed)
    if not _WORDS.search(words):
        raise Refused(say("I need at least one word. Nothing was saved; please send it again."))
    check_length(words, limit)
    return words


def tokens(text: str) -> frozenset[str]:
    """What two topics are compared by: pairs of neighbouring Han characters, and the words of other scripts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    pairs = {run[i : i + 2] for run in _HAN.findall(plain) for i in range(max(1, len(run) - 1))}
    return frozenset(pairs | set(_WORDS.findall(_HAN.sub(" ", plain))))


def is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Do the two share half of the words of the shorter one?"""
    fewest = min(len(one), len(other))
    return fewest > 0 and len(one & other) >= SIMILAR_SHARE * fewest


# Questions


async def by_id(tx: Transaction, topic_id: int) -> Topic:
    """The topic. Raises Refused where there is none that others may see."""
    row = await tx.one("SELECT * FROM council_topics WHERE id = :id AND state <> 'draft'", id=topic_id)
    if row is None:
        raise Refused(
            say("There is no topic with the number {number}.", number=topic_id),
            WayOut(say("Youth council"), "council.now"),
        )
    return Topic(**row)


async def open_topics(tx: Transaction, *, limit: int, offset: int = 0) -> list[Topic]:
    """What waits for the next agenda, in its order: most supporters first, then the earlier one."""
    rows = await tx.all(
        "SELECT * FROM council_topics WHERE state = 'open' ORDER BY support DESC, id LIMIT :limit OFFSET :offset",
        limit=limit,
        offset=offset,
    )
    return [Topic(**row) for row in rows]


async def open_number(tx: Transaction) -> int:
    """How many topics wait for an agenda."""
    return int(await tx.value("SELECT COUNT(*) FROM council_topics WHERE state = 'open'"))


async def agenda(tx: Transaction, session_id: int, *, limit: int, offset: int = 0) -> list[Topic]:
    """The topics of a closed session, in the order of its agenda."""
    rows = await tx.all(
        "SELECT * FROM council_topics WHERE session_id = :session_id ORDER BY place LIMIT :limit OFFSET :offset",
        session_id=session_id,
        limit=limit,
        offset=offset,
    )
    return [Topic(**row) for row in rows]


async def supports(tx: Transaction, topic: Topic, person: Person) -> bool:
    """Does this person support the topic?"""
    found = await tx.value(
        "SELECT 1 FROM council_support WHERE topic_id = :topic AND person_id = :person",
        topic=topic.id,
        person=person.id,
    )
    return found is not None


async def similar(tx: Transaction, text: str) -> list[Topic]:
    """Open topics that say nearly the same, the most alike first."""
    wanted = tokens(text)
    rows = await tx.all(
        "SELECT * FROM council_topics WHERE state = 'open' ORDER BY id DESC LIMIT :limit", limit=COMPARED_MAX
    )
    alike = [(len(wanted & found), Topic(**row)) for row in rows if is_similar(wanted, found := tokens(row["text"]))]
    alike.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [topic for _, topic in alike[:SIMILAR_SHOWN_MAX]]


async def may_answer(tx: Transaction, person: Person) -> bool:
    """May this person record what became of a topic?"""
    return person.is_admin or await members.sits(tx, person)


# Deeds


async def propose(tx: Transaction, text: str, *, by: Person) -> tuple[Topic, list[Topic]]:
    """Propose a topic; with it the similar ones there are. Where there are some it is only a draft until `insist`.

    Raises Refused for an empty or too long text, and when the person has too many open topics.
    """
    words = clean_topic(text)
    await tx.run("DELETE FROM council_topics WHERE proposer_id = :by AND state = 'draft'", by=by.id)
    await _check_number(tx, by)
    alike = await similar(tx, words)
    row = await tx.one(
        "INSERT INTO council_topics (text, proposer_id, state, proposed_at) VALUES (:text, :by, :state, :now) RETURNING *",
        text=words,
        by=by.id,
        state="draft" if alike else "open",
        now=tx.now,
    )
    assert row is not None, "an insert returns its row"
    return Topic(**row), alike


async def _check_number(tx: Transaction, person: Person) -> None:
    # Two topics of one person at once, from two processes: the second is counted when the first is there.
    await people.held(tx, person.id)
    number = await tx.value(
        "SELECT COUNT(*) FROM council_topics WHERE proposer_id = :person AND state = 'open'", person=person.id
    )
    if number >= OPEN_TOPICS_PER_PERSON_MAX:
        raise Refused(
            say(
                "You have {n} open topics, and no more are possible. Nothing was saved. Withdraw one, or support others.",
                n=number,
            ),
            WayOut(say("Youth council"), "council.now"),
        )


async def insist(tx: Transaction, topic_id: int, *, by: Person) -> Topic:
    """Propose one's draft although there are similar topics. Raises Refused when it is no draft of one's own."""
    await _check_number(tx, by)
    row = await tx.one(
        "UPDATE council_topics SET state = 'open', proposed_at = :now "
        "WHERE id = :id AND proposer_id = :by AND state = 'draft' RETURNING *",
        now=tx.now,
        id=topic_id,
        by=by.id,
    )
    if row is None:
        raise Refused(
            say("This topic was proposed or dropped before. Nothing was changed now."),
            WayOut(say("Youth council"), "council.now"),
        )
    return Topic(**row)


async def support(tx: Transaction, topic_id: int, *, by: Person) -> Topic:
    """Add oneself as a supporter. Raises Refused for one's own topic, a second time, and when it is not open."""
    topic = await by_id(tx, topic_id)
    if topic.proposer_id == by.id:
        raise Refused(say("It is your own topic; supporters are the others. Nothing was changed."))
    if not await _count(tx, topic, 1):
        raise _not_open(topic)
    added = await tx.run(
        "INSERT INTO council_support (topic_id, person_id, at) VALUES (:topic, :by, :now) ON CONFLICT DO NOTHING",
        topic=topic.id,
        by=by.id,
        now=tx.now,
    )
    if not added:
        raise Refused(say("You support this topic already, and each person counts once. Nothing was changed."))
    return await by_id(tx, topic_id)


async def unsupport(tx: Transaction, topic_id: int, *, by: Person) -> Topic:
    """Take one's support back. Raises Refused when there was none, and when the topic is not open."""
    topic = await by_id(tx, topic_id)
    if not topic.is_open:
        raise _not_open(topic)
    removed = await tx.run(
        "DELETE FROM council_support WHERE topic_id = :topic AND person_id = :by", topic=topic.id, by=by.id
    )
    if not removed:
        raise Refused(say("You don't support this topic. Nothing was changed."))
    if not await _count(tx, topic, -1):
        raise _not_open(topic)
    return await by_id(tx, topic_id)


async def _count(tx: Transaction, topic: Topic, change: int) -> int:
    return await tx.run(
        "UPDATE council_topics SET support = support + :change WHERE id = :id AND state = 'open'",
        change=change,
        id=topic.id,
    )


def _not_open(topic: Topic) -> Refused:
    reason: Said = say("This topic is no longer open: it is on an agenda. Nothing was changed.")
    if topic.state == "withdrawn":
        reason = say("This topic was withdrawn. Nothing was changed.")
    return Refused(reason, WayOut(say("Youth council"), "council.now"))


async def withdraw(tx: Transaction, topic_id: int, *, by: Person) -> Topic:
    """Take one's own topic back while it is open. Raises Refused for anybody else's and once it is on an agenda."""
    topic = await by_id(tx, topic_id)
    if topic.proposer_id != by.id:
        raise Refused(say("Only whoever proposed a topic can withdraw it. Nothing was changed."))
    if not await tx.run("UPDATE council_topics SET state = 'withdrawn' WHERE id = :id AND state = 'open'", id=topic.id):
        raise _not_open(topic)
    return await by_id(tx, topic_id)


async def answer(tx: Transaction, topic_id: int, outcome: str, *, by: Person) -> Topic:
    """Record what became of a topic on an agenda; a minute later its proposer and supporters are told. Once a topic.

    Raises Refused for whoever is neither admin nor in the council, and when the topic waits for no outcome.
    """
    words = clean_outcome(outcome)
    await check_answerable(tx, topic_id, by)
    changed = await tx.run(
        "UPDATE council_topics SET state = 'answered', outcome = :outcome, answered_by = :by, answered_at = :now "
        "WHERE id = :id AND state = 'agenda'",
        outcome=words,
        by=by.id,
        now=tx.now,
        id=topic_id,
    )
    topic = await by_id(tx, topic_id)
    if not changed:
        raise _not_answerable(topic)
    await audit.note(tx, "council.answered", topic.subject, by=by.id)
    await telling.begin(tx, TELL_OUTCOME, topic.subject, tx.now + UNDO_SECONDS)
    return topic


async def unanswer(tx: Transaction, topic_id: int, *, by: Person) -> Topic:
    """Take back within a minute what one has recorded; nobody was told of it. Raises Refused."""
    changed = await tx.run(
        "UPDATE council_topics SET state = 'agenda', outcome = NULL, answered_by = NULL, answered_at = NULL "
        "WHERE id = :id AND state = 'answered' AND answered_by = :by AND answered_at > :earliest",
        id=topic_id,
        by=by.id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if not changed:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            WayOut(say("The topic"), press("council.topic", topic_id)),
        )
    topic = await by_id(tx, topic_id)
    await due.drop(tx, f"{topic.subject}:0", TELL_OUTCOME)
    await audit.note(tx, "council.unanswered", topic.subject, by=by.id)
    return topic


async def check_answerable(tx: Transaction, topic_id: int, person: Person) -> Topic:
    """The topic, if this person may record its outcome now. Raises Refused otherwise."""
    topic = await by_id(tx, topic_id)
    if not await may_answer(tx, person):
        raise Refused(say("Only council members and county admins can record an outcome. Nothing was changed."))
    if topic.state != "agenda":
        raise _not_answerable(topic)
    return topic


def _not_answerable(topic: Topic) -> Refused:
    reason = say("An outcome is recorded once the topic was on an agenda. Nothing was changed.")
    if topic.state == "answered":
        reason = say("The outcome of this topic is recorded already: {outcome}", outcome=topic.outcome or "")
    return Refused(reason, WayOut(say("The topic"), press("council.topic", topic.id)))


CONCERNED = """
    FROM people p WHERE p.id IN (SELECT proposer_id FROM council_topics WHERE id = :topic
        UNION SELECT person_id FROM council_support WHERE topic_id = :topic)
"""


async def tell_outcome(tx: Transaction, item: Due, house: House) -> None:
    """Tell the proposer and the supporters of an answered topic: you said, we did."""
    topic = await by_id(tx, item.number)
    screen = card(
        say("<b>You said, we did</b>"),
        say("Topic: {text}", text=topic.text),
        say("Outcome: {outcome}", outcome=topic.outcome or ""),
        rows=((Button(say("The topic"), press("council.topic", topic.id)),),),
    )
    audience = Audience(CONCERNED, values={"topic": topic.id})
    await telling.spread(tx, item, f"outcome:{topic.id}", audience, screen, lane=Lane.REMINDER)


def texts(topics: Sequence[Topic]) -> tuple[Said, ...]:
    """Topics as numbered lines, in the order of an agenda."""
    return tuple(
        say("{place}. {text} · {n} 👍", place=topic.place or place, text=topic.text, n=topic.support)
        for place, topic in enumerate(topics, 1)
    )
