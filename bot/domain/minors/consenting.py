"""A guardian agrees from an account of his own, sees what the child does, and takes his word back in one tap."""

import hashlib
import hmac
import secrets

from bot.cards import Button, Card, card, press
from bot.domain import audit, people
from bot.domain.minors import asking
from bot.domain.minors.things import TOKEN_DAYS, Guardianship
from bot.domain.people import AGE_NAMES, Age, Person
from bot.locales import Said, say
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction

DAY = 24 * 3600
LINKS_MAX = 3
TOKEN_CHARACTERS = 20
NEW_LINK = """
    INSERT INTO guardianships (token_hash, made_at, person_id) VALUES (:hash, :now, :child)
    ON CONFLICT (token_hash) DO NOTHING
"""
FREE = "SELECT 1 FROM guardianships WHERE token_hash = :hash AND person_id IS NULL AND withdrawn_at IS NULL"
# How often somebody asks must not fill the house: the newest links work, older ones nobody opened don't.
OLDER_LINKS = """
    DELETE FROM guardianships WHERE person_id = :child AND guardian_id IS NULL AND id NOT IN
        (SELECT id FROM guardianships WHERE person_id = :child AND guardian_id IS NULL ORDER BY id DESC LIMIT :others)
"""
# Where somebody's consent stands, those alone pick the child up whom he has named, or another whose consent stands.
NOT_THEIRS = """
    UPDATE pickers SET gone_at = :now WHERE child_id = :child AND gone_at IS NULL
    AND EXISTS (SELECT 1 FROM guardianships g WHERE g.person_id = :child AND g.guardian_id IS NOT NULL AND g.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM guardianships g
        WHERE g.person_id = :child AND g.guardian_id = pickers.named_by AND g.withdrawn_at IS NULL)
"""


def _oldest(tx: Transaction) -> int:
    return tx.now - TOKEN_DAYS * DAY


async def make_token(tx: Transaction, child: Person) -> str:
    """A token for the link of a guardian of somebody who is here already."""
    token = secrets.token_hex(TOKEN_CHARACTERS // 2)
    await tx.run(OLDER_LINKS, child=child.id, others=LINKS_MAX - 1)
    await tx.run(NEW_LINK, hash=asking.digest(token), now=tx.now, child=child.id)
    return token


async def strangers_token(tx: Transaction, telegram_id: int, key: str) -> str:
    """A token for the link of a guardian of one of whom nothing is kept: the same all day, until somebody comes in by it.

    It is computed with a `key` that no row holds, so that pressing again fills nothing and no row tells who pressed.
    Raises Refused when the links of today have been used up.
    """
    for number in range(LINKS_MAX):
        token = _computed(key, f"{tx.bot}:{telegram_id}:{tx.today}:{number}")
        await tx.run(NEW_LINK, hash=asking.digest(token), now=tx.now, child=None)
        if await tx.value(FREE, hash=asking.digest(token)) is not None:
            return token
    raise Refused(
        say(
            "{n} links of yours have been used today, and there are no more than that a day. Nothing was saved. "
            "Tomorrow there is a new one.",
            n=LINKS_MAX,
        )
    )


def _computed(key: str, subject: str) -> str:
    return hmac.new(key.encode(), subject.encode(), hashlib.sha256).hexdigest()[:TOKEN_CHARACTERS]


async def asked_by(tx: Transaction, token: str) -> Guardianship:
    """What a guardian is asked. Raises Refused for a link that is not valid."""
    return await asking.by_token(tx, token, _oldest(tx))


async def consent(tx: Transaction, token: str, *, by: Person) -> Guardianship:
    """Agree for the child that holds the token. Raises Refused for minors, for oneself, and when somebody did before."""
    found = await asking.by_token(tx, token, _oldest(tx))
    by = await people.held(tx, by.id)
    if by.is_minor:
        raise Refused(say("A parent or guardian is 18 or older. Nothing was saved."))
    if found.person_id == by.id:
        raise Refused(
            say("Nobody agrees for himself: please open the link on your guardian's phone. Nothing was saved.")
        )
    agreed = await tx.run(
        "UPDATE guardianships SET guardian_id = :by, consented_at = :now WHERE id = :id AND guardian_id IS NULL",
        by=by.id,
        now=tx.now,
        id=found.id,
    )
    if not agreed and found.guardian_id != by.id:
        raise Refused(say("Another guardian has agreed already. Nothing was changed."))
    if agreed:
        await audit.note(tx, "guardian.agreed", f"guardianship:{found.id}", by=by.id)
    if found.person_id is not None:
        child = await people.by_id(tx, found.person_id)
        await tx.run(NOT_THEIRS, child=child.id, now=tx.now)
        await people.tell(tx, child, card(say("✅ {name} has agreed. You can take part now.", name=by.nickname)))
    return await asking.by_token(tx, token, _oldest(tx))


async def come_in(tx: Transaction, token: str, telegram_id: int, nickname: str, language: str, *, age: Age) -> Person:
    """Take the child in whose guardian has agreed. Raises Refused before that, and for the guardian's own account."""
    found = await asking.by_token(tx, token, _oldest(tx))
    if not found.stands:
        raise Refused(say("Your guardian has not agreed yet: please show them the link. Nothing was saved."))
    known = await people.by_telegram(tx, telegram_id)
    if known is not None and known.id == found.guardian_id:
        raise Refused(
            say("This is your guardian's own account. Please press the button on your phone. Nothing was saved.")
        )
    child = await people.register(tx, telegram_id, nickname, language, age=age)
    mine = await tx.run(
        "UPDATE guardianships SET person_id = :child WHERE id = :id AND (person_id IS NULL OR person_id = :child)",
        child=child.id,
        id=found.id,
    )
    if not mine:
        raise Refused(say("Somebody has come in with this link already. Nothing was saved."))
    assert found.guardian_id is not None, "what stands was agreed to by somebody"
    await people.tell(tx, await people.by_id(tx, found.guardian_id), _here(child))
    return child


def _here(child: Person) -> Card:
    return card(
        say("👪 {name} is here now. I tell you whatever {name} signs up for.", name=child.nickname),
        rows=((Button(say("What {name} does", name=child.nickname), press("minors.child", child.id)),),),
    )


async def withdraw(tx: Transaction, child_id: int, *, by: Person) -> Person:
    """Take the consent back; the child can take part in nothing from now on, and is told. Raises Refused."""
    child = await asking.child_of(tx, child_id, by)
    # Whoever signs the child up in this moment does so before, and it is undone, or after, and is refused.
    await people.held(tx, child.id)
    withdrawn = await tx.run(
        "UPDATE guardianships SET withdrawn_at = :now "
        "WHERE person_id = :child AND guardian_id = :by AND withdrawn_at IS NULL",
        now=tx.now,
        child=child.id,
        by=by.id,
    )
    if not withdrawn:
        raise Refused(say("Your consent was taken back before. Nothing was changed."))
    await tx.run(NOT_THEIRS, child=child.id, now=tx.now)
    await audit.note(tx, "guardian.withdrew", f"person:{child.id}", by=by.id)
    await people.tell(
        tx,
        child,
        card(
            say("{name} has taken the consent back: you are withdrawn from what was ahead.", name=by.nickname),
            say("Your points and hours stay. With a new consent you can take part again."),
            rows=((Button(say("Ask my guardian"), "minors.ask"),),),
        ),
    )
    return child


async def agree_again(tx: Transaction, child_id: int, *, by: Person) -> Person:
    """Give back a consent that was taken back. Raises Refused when it stands, or another guardian's does."""
    child = await asking.child_of(tx, child_id, by)
    if await asking.guardian_of(tx, child) is not None:
        raise Refused(say("A consent stands already. Nothing was changed."))
    await consent(tx, await make_token(tx, child), by=by)
    return child


async def tell_guardian(tx: Transaction, child: Person, words: Said, *buttons: Button) -> None:
    """Let the guardian of a child know, if it has one."""
    if child.is_minor:
        await _tell(tx, await asking.guardian_of(tx, child), child, words, *buttons)


async def tell_keeper(tx: Transaction, child: Person, words: Said, *buttons: Button) -> None:
    """Let whoever picks a child up know, also where the consent was taken back while it was there."""
    if child.is_minor:
        await _tell(tx, await asking.keeper_of(tx, child), child, words, *buttons)


async def _tell(tx: Transaction, to: Person | None, child: Person, words: Said, *buttons: Button) -> None:
    child_button = Button(say("What {name} does", name=child.nickname), press("minors.child", child.id))
    if to is not None:
        await people.tell(tx, to, card(words, rows=((*buttons, child_button),)), lane=Lane.REMINDER)


async def set_age(tx: Transaction, person: Person, age: Age) -> None:
    """Say how old one is. Raises Refused for whoever says to be older than before: somebody else has to see that."""
    if person.age is not None and list(Age).index(age) > list(Age).index(person.age):
        raise Refused(
            say(
                "You said {age} before. When you are older now, please ask a county admin to change it. Nothing was changed.",
                age=AGE_NAMES[person.age],
            )
        )
    await people.set_age(tx, person, age)


async def grow_up(tx: Transaction, person_id: int, age: Age, *, by: Person) -> Person:
    """Set somebody's age band, as an admin who has seen it. Raises Refused."""
    people.only_admins(by)
    person = await people.held(tx, person_id)
    if person.forgotten_at is not None:
        raise Refused(say("Number {number} has left for good. Nothing was saved.", number=person.id))
    if person.id == by.id:
        raise Refused(say("Another admin has to do this for you. Nothing was changed."))
    await people.set_age(tx, person, age)
    await audit.note(tx, "age.set", f"person:{person.id}", by=by.id, age=age)
    return await people.by_id(tx, person_id)
