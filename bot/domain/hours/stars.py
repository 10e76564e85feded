"""Stars by hours: made public first, awarded then, and open again only when hours are taken back."""

from dataclasses import dataclass

from bot import outbox
from bot.cards import Button, Card, card
from bot.config import Hours
from bot.domain import groups, people
from bot.domain.hours import notices
from bot.domain.hours.finding import sums
from bot.domain.hours.notices import Notice
from bot.domain.hours.things import HOUR_MINUTES, length, star_of, starred, working_days_after
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.outbox import Lane, Sending
from bot.storage import Transaction

TAG_CHARACTERS_MAX = 16


@dataclass(frozen=True)
class Standing:
    """How many stars somebody has, and what the next one takes; `missing` None: there is no next one."""

    star: int
    total: int
    following: int | None
    missing: int | None


# Questions


async def star_held(tx: Transaction, person_id: int) -> int:
    """The highest star that stands; 0 for none."""
    found = await tx.value(
        "SELECT MAX(star) FROM hours_stars WHERE person_id = :id AND reopened_at IS NULL", id=person_id
    )
    return int(found or 0)


async def standing(tx: Transaction, person_id: int, rules: Hours) -> Standing:
    """How far it is to the next star."""
    total = (await sums(tx, person_id)).total
    following = next((hours * HOUR_MINUTES for hours in rules.stars if hours * HOUR_MINUTES > total), None)
    missing = None if following is None else following - total
    return Standing(await star_held(tx, person_id), total, following, missing)


# Deeds


async def follow(tx: Transaction, person_id: int, rules: Hours) -> None:
    """Hours have changed: make a star public that is reached, and open again what is not reached any more."""
    person = await people.by_id(tx, person_id)
    total = (await sums(tx, person_id)).total
    await _reopen(tx, person, total)
    public = await notices.open_notice(tx, "star", person_id)
    if public and public.needed is not None and public.needed > total:
        await notices.close(tx, public.id, "withdrawn")
        await _tell(
            tx, person, say("The public notice is over: what is left is not enough for {what}.", what=public.what)
        )
        public = None
    reached = star_of(total, rules)
    if person.forgotten_at is None and public is None and reached > await star_held(tx, person_id):
        await _publish(tx, person, reached, total, rules)


async def _publish(tx: Transaction, person: Person, star: int, total: int, rules: Hours) -> None:
    last_day = working_days_after(tx.today, rules.star_notice_working_days)
    needed = rules.stars[star - 1] * HOUR_MINUTES
    made = await notices.publish(tx, "star", person, total, last_day, star=star, needed=needed)
    if made:
        line = say(
            "🌟 {length}: that is enough for {what}! It is public until {moment}; then it is yours.",
            length=length(total),
            what=made.what,
            moment=Moment(made.until),
        )
        await _tell(tx, person, line)


async def _reopen(tx: Transaction, person: Person, total: int) -> None:
    rows = await tx.all(
        "UPDATE hours_stars SET reopened_at = :now WHERE person_id = :id AND reopened_at IS NULL AND needed > :total "
        "RETURNING star, needed",
        now=tx.now,
        id=person.id,
        total=total,
    )
    for row in sorted(rows, key=lambda row: row["star"]):
        line = say(
            "Hours were taken back: {length} are left, and {what} takes {needed}. The star is open again; once you reach "
            "it, its notice begins anew.",
            length=length(total),
            what=starred(row["star"]),
            needed=length(row["needed"]),
        )
        await _tell(tx, person, line)
    if rows:
        await tag(tx, person, await star_held(tx, person.id))


async def award(tx: Transaction, done: Notice) -> None:
    """The notice is over and nobody was right to object: the star is the person's."""
    assert done.star is not None and done.needed is not None, "a notice of a star names it"
    person = await people.by_id(tx, done.person_id)
    await tx.run(
        "INSERT INTO hours_stars (person_id, star, needed, notice_id, awarded_at) "
        "VALUES (:person, :star, :needed, :notice, :now)",
        person=person.id,
        star=done.star,
        needed=done.needed,
        notice=done.id,
        now=tx.now,
    )
    await _tell(tx, person, say("🌟 You are a {what} now. Thank you for your time!", what=done.what))
    await tag(tx, person, await star_held(tx, person.id))
    words = card(say("🌟 {name} is a {what} now. Thank you!", name=person.nickname, what=done.what), home=False)
    for group_id in await groups.states_of(tx, person):
        group = await groups.by_id(tx, group_id)
        await groups.post(tx, group, words, lane=Lane.REMINDER, key=f"hours.star:{tx.bot}:{done.id}:{group_id}")


async def tag(tx: Transaction, person: Person, star: int) -> None:
    """The star beside the name wherever the person's groups talk.

    Telegram refuses it where the bot may not set tags, and for administrators; the words posted at the award stand then.
    """
    if person.telegram_id is None:
        return
    for group_id in await groups.states_of(tx, person):
        group = await groups.by_id(tx, group_id)
        if group.chat_id is not None and group.chat_language is not None:
            words = people.reader(tx, group.chat_language).plain(starred(star)) if star else ""
            params = {"user_id": person.telegram_id, "tag": words[:TAG_CHARACTERS_MAX]}
            await outbox.put(tx, Sending("setChatMemberTag", params, chat_id=group.chat_id, lane=Lane.REMINDER))


async def _tell(tx: Transaction, person: Person, line: Said) -> None:
    screen: Card = card(
        line, rows=((Button(say("My hours"), "hours.mine"), Button(say("Public notices"), "hours.notices")),)
    )
    await people.tell(tx, person, screen)
