"""Who asks for a merge, who agrees, and who may say no."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House, Settings
from bot.domain import audit, people
from bot.domain.audit import take_turn
from bot.domain.merging.asking import merge
from bot.domain.merging.doing import REMIND, SILENCE, check_pair, do
from bot.domain.merging.things import Merge, press_to, question, summary, to_it
from bot.domain.people import Person, Role
from bot.due import Due
from bot.locales import Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# How long the person is asked: whoever has both accounts answers sooner.
SILENCE_DAYS = 7
DAY = 24 * 3600


async def propose(tx: Transaction, old_id: int, into_id: int, *, by: Person) -> Merge:
    """Ask for it; a second admin has to agree. Told again it is the same one.

    Raises Refused for everybody but admins, for oneself, and for two records that can't become one.
    """
    people.only_admins(by)
    await take_turn(tx)
    await check_pair(tx, old_id, into_id, by)
    row = await tx.one(
        "SELECT id, old_id, into_id FROM merges WHERE state IN ('waiting', 'asked') "
        "AND (old_id IN (:old, :into) OR into_id IN (:old, :into))",
        old=old_id,
        into=into_id,
    )
    if row is not None:
        return await _the_same(tx, row["id"], old_id, into_id)
    merge_id = await tx.value(
        "INSERT INTO merges (old_id, into_id, old_name, asked_by, asked_at) "
        "SELECT id, CAST(:into AS BIGINT), nickname, CAST(:by AS BIGINT), CAST(:now AS BIGINT) FROM people "
        "WHERE id = :old RETURNING id",
        into=into_id,
        by=by.id,
        now=tx.now,
        old=old_id,
    )
    await audit.note(tx, "merge.asked", f"person:{into_id}", by=by.id, person=old_id)
    found = await merge(tx, merge_id)
    words = card(summary(found), say("A second admin has to agree."), rows=to_it(found))
    await people.tell_admins(tx, words, key=f"merge.asked:{merge_id}", but=by.id)
    return found


async def _the_same(tx: Transaction, merge_id: int, old_id: int, into_id: int) -> Merge:
    found = await merge(tx, merge_id)
    if (found.old_id, found.into_id) != (old_id, into_id):
        raise Refused(
            say("One of the two is being merged already. Nothing was changed."), WayOut(say("Open"), press_to(found))
        )
    return found


async def agree(tx: Transaction, merge_id: int, *, by: Person, rules: Settings) -> Merge:
    """The second pair of eyes: the person is asked now. Raises Refused for whoever asked, the two themselves, and twice."""
    people.only_admins(by)
    await take_turn(tx)
    found = await merge(tx, merge_id, hold=True)
    if found.state != "waiting":
        raise _decided()
    if found.asked_by == by.id:
        raise Refused(say("You have asked for this yourself: another county admin has to agree. Nothing was changed."))
    if lost := await _lost(tx, found):
        raise Refused(say("{why} Nothing was changed.", why=lost), WayOut(say("Open"), press_to(found)))
    await check_pair(tx, found.old_id, found.into_id, by)
    await tx.run(
        "UPDATE merges SET state = 'asked', agreed_by = :by, agreed_at = :now, until = :until WHERE id = :id",
        by=by.id,
        now=tx.now,
        until=tx.now + SILENCE_DAYS * DAY,
        id=found.id,
    )
    await audit.note(tx, "merge.agreed", f"person:{found.into_id}", by=by.id, person=found.old_id)
    found = await merge(tx, found.id)
    if found.is_agreed(tx.now):
        return await do(tx, found, rules)
    await due.plan(tx, SILENCE, found.name, tx.now + SILENCE_DAYS * DAY)
    await due.plan(tx, REMIND, found.name, tx.now + (SILENCE_DAYS - 1) * DAY)
    await _ask(tx, found)
    return found


async def _lost(tx: Transaction, found: Merge) -> Said | None:
    """Why it has no footing any more: whoever asked for it or agreed is no admin now; None while both are."""
    for number in (found.asked_by, found.agreed_by):
        if number is not None and not (admin := await people.by_id(tx, number)).is_admin:
            return say(
                "{name} #{number}, who stood behind this, is no county admin any more, and two have to.",
                name=admin.nickname,
                number=number,
            )
    return None


async def _ask(tx: Transaction, found: Merge) -> None:
    """Both accounts are asked, as far as there are any."""
    for number in (found.old_id, found.into_id):
        await people.tell(tx, await people.by_id(tx, number), question(found, number), lane=Lane.URGENT)


async def confirm(tx: Transaction, merge_id: int, *, by: Person, rules: Settings) -> Merge:
    """ "Both are me", said from one of the two accounts. It is done once enough have said so. Raises Refused for others.

    It ends here where one of the two who stood behind it is no admin any more.
    """
    await take_turn(tx)
    found = await _own(tx, merge_id, by)
    if lost := await _lost(tx, found):
        return await _end(tx, found, None, lost)
    column = "old_yes" if by.id == found.old_id else "into_yes"
    await tx.run(f"UPDATE merges SET {column} = 1 WHERE id = :id", id=found.id)  # noqa: S608 - one of two columns
    found = await merge(tx, found.id)
    return await do(tx, found, rules) if found.is_agreed(tx.now) else found


async def deny(tx: Transaction, merge_id: int, *, by: Person) -> Merge:
    """ "That is not me", said from one of the two accounts: nothing is merged, and both admins are told."""
    await take_turn(tx)
    return await _end(tx, await _own(tx, merge_id, by), by.id)


async def _own(tx: Transaction, merge_id: int, by: Person) -> Merge:
    found = await merge(tx, merge_id, hold=True)
    if by.id not in (found.old_id, found.into_id):
        raise Refused(say("This is not about you. Nothing was changed."))
    if found.state != "asked":
        raise _decided()
    return found


async def decline(tx: Transaction, merge_id: int, *, by: Person) -> Merge:
    """An admin says no, or takes it back."""
    people.only_admins(by)
    await take_turn(tx)
    found = await merge(tx, merge_id, hold=True)
    if by.id in (found.old_id, found.into_id):
        raise Refused(say("This is about your own record: other county admins decide. Nothing was changed."))
    if not found.is_open:
        raise _decided()
    return await _end(tx, found, by.id)


def _decided() -> Refused:
    return Refused(say("This was decided before. Nothing was changed now."), WayOut(say("Me"), "people.me"))


async def _end(tx: Transaction, found: Merge, by: int | None, *why: Said) -> Merge:
    await tx.run(
        "UPDATE merges SET state = 'declined', settled_by = :by, settled_at = :now WHERE id = :id",
        by=by,
        now=tx.now,
        id=found.id,
    )
    await due.drop(tx, found.name)
    await audit.note(tx, "merge.declined", f"person:{found.into_id}", by=by, person=found.old_id)
    ended = await merge(tx, found.id)
    await _tell_admins(tx, ended, by, *why)
    return ended


async def _tell_admins(tx: Transaction, ended: Merge, by: int | None, *why: Said) -> None:
    """Both who stood behind it hear that it has ended, and why; where one is no admin any more, all admins do."""
    both = [await people.by_id(tx, number) for number in (ended.asked_by, ended.agreed_by) if number is not None]
    told = both if all(each.is_admin for each in both) else await people.with_role(tx, Role.ADMIN)
    again = ((Button(say("Ask for it again"), press("merging.new", ended.old_id, ended.into_id)),),) if why else ()
    words = card(summary(ended), say("✖️ Nothing was merged."), *why, rows=(*to_it(ended), *again))
    for admin in told:
        if admin.id != by:
            await people.tell(tx, admin, words, key=f"merge.declined:{ended.id}:{admin.id}")


async def _tell_in_vain(tx: Transaction, ended: Merge) -> None:
    """Whoever had said yes, and waits for it, hears that it came to nothing."""
    words = card(
        say("🔗 Nothing was merged: your two records stay two."),
        say("The county admins know why. Nothing was lost; they can ask you again."),
    )
    for number, said in ((ended.old_id, ended.old_yes), (ended.into_id, ended.into_yes)):
        if said:
            await people.tell(tx, await people.by_id(tx, number), words, key=f"merge.declined:{ended.id}:{number}")


async def remind(tx: Transaction, item: Due, house: House) -> None:
    """A day before the end both accounts that have not answered are asked once more."""
    found = await merge(tx, item.number)
    answered = {found.old_id: found.old_yes, found.into_id: found.into_yes}
    for number in (each for each, said in answered.items() if not said and found.state == "asked"):
        await people.tell(tx, await people.by_id(tx, number), question(found, number), lane=Lane.URGENT)


async def silence(tx: Transaction, item: Due, house: House) -> None:
    """The days are over: it is done if the account that stays said yes and the other one said nothing; else it ends."""
    await take_turn(tx)
    found = await merge(tx, item.number, hold=True)
    if found.state != "asked":
        return
    lost = await _lost(tx, found)
    if lost or not found.is_agreed(tx.now):
        await _tell_in_vain(tx, await _end(tx, found, None, *((lost,) if lost else ())))
        return
    try:
        async with tx.savepoint():
            await do(tx, found, house.settings)
    except Refused as no:
        await _tell_in_vain(tx, await _end(tx, found, None, no.reason))
