"""Objections to a public notice, and its end: the star is awarded, the certificate issued, or an objection was right."""

from bot.cards import Button, card, press
from bot.config import Hours, House
from bot.domain import audit, people
from bot.domain.hours import certificates, entries, notices, stars
from bot.domain.hours.notices import Notice, notice, objections_to
from bot.domain.people import Person, Role
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction


async def ended(tx: Transaction, item: Due, house: House) -> None:
    """A notice's time is over; with an open objection it waits for the answer."""
    await _settle(tx, await notice(tx, item.number), house.settings.hours)


async def _settle(tx: Transaction, over: Notice, rules: Hours) -> None:
    await entries.hold(tx, over.person_id)
    over = await notice(tx, over.id)
    if not over.is_open or tx.now < over.until:
        return
    if any(each.upheld is None for each in await objections_to(tx, over.id)):
        return
    await notices.close(tx, over.id, "done")
    if over.star:
        await stars.award(tx, over)
        await stars.follow(tx, over.person_id, rules)
    else:
        await certificates.issue(tx, over)


async def object_to_notice(tx: Transaction, notice_id: int, words: str, *, by: Person) -> Notice:
    """Object to what is public, in words; county admins are asked. Raises Refused."""
    shown = await notice(tx, notice_id)
    await entries.hold(tx, shown.person_id)
    if shown.person_id == by.id:
        raise Refused(say("That is about you. If hours of yours are wrong, say so at the record. Nothing was saved."))
    added = await tx.run(
        "INSERT INTO hours_objections (notice_id, person_id, words, at) "
        "SELECT id, CAST(:by AS BIGINT), CAST(:words AS TEXT), CAST(:now AS BIGINT) FROM hours_notices "
        "WHERE id = :id AND state = 'open' ON CONFLICT DO NOTHING",
        id=notice_id,
        by=by.id,
        words=words,
        now=tx.now,
    )
    if not added:
        raise Refused(say("You have objected already, or the notice is over. Nothing was saved now."))
    await audit.note(tx, "hours.objected", f"notice:{notice_id}", by=by.id)
    screen = card(
        say("❗ Somebody objects to a public notice:"),
        notices.face(shown),
        say("“{words}”", words=words),
        rows=((Button(say("Look at it"), press("hours.notice", notice_id)),),),
    )
    for admin in await people.with_role(tx, Role.ADMIN):
        if admin.id not in (shown.person_id, by.id):
            key = f"hours.objection:{tx.bot}:{notice_id}:{by.id}:{admin.id}"
            await people.tell(tx, admin, screen, lane=Lane.URGENT, key=key)
    return shown


async def answer_objection(
    tx: Transaction, notice_id: int, objector_id: int, *, upheld: bool, by: Person, rules: Hours
) -> Notice:
    """Say whether an objection is right; if it is, the notice ends in nothing. Both are told. Raises Refused."""
    shown = await notice(tx, notice_id)
    if not by.is_admin or by.id in (shown.person_id, objector_id):
        raise Refused(say("A county admin who is neither of the two answers this. Nothing was changed."))
    await entries.hold(tx, shown.person_id)
    done = await tx.run(
        "UPDATE hours_objections SET upheld = :upheld, answered_at = :now, answered_by = :by "
        "WHERE notice_id = :notice AND person_id = :objector AND upheld IS NULL",
        upheld=int(upheld),
        now=tx.now,
        by=by.id,
        notice=notice_id,
        objector=objector_id,
    )
    if not done:
        raise Refused(say("This has been answered before. Nothing was changed."))
    await audit.note(tx, "hours.objection.answered", f"notice:{notice_id}", by=by.id, upheld=int(upheld))
    if upheld:
        await notices.close(tx, notice_id, "refused")
    await _tell_both(tx, shown, objector_id, upheld=upheld)
    await _settle(tx, shown, rules)
    return await notice(tx, notice_id)


async def _tell_both(tx: Transaction, shown: Notice, objector_id: int, *, upheld: bool) -> None:
    outcome = say("It was right: this does not come.") if upheld else say("It was not right: the notice goes on.")
    for person_id in (shown.person_id, objector_id):
        screen = card(
            say("The objection to a public notice has been answered. {outcome}", outcome=outcome),
            notices.face(shown),
            rows=((Button(say("Public notices"), "hours.notices"),),),
        )
        key = f"hours.objection.answered:{tx.bot}:{shown.id}:{objector_id}:{person_id}"
        await people.tell(tx, await people.by_id(tx, person_id), screen, key=key)
