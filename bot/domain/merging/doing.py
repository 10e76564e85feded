"""One record becomes the other: what each room does about it, all in one transaction, and who hears of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot import due, outbox
from bot.cards import Button, card
from bot.config import House, Settings
from bot.domain import (
    activities,
    audit,
    callouts,
    calls,
    council,
    feedback,
    groups,
    honours,
    hours,
    minors,
    neighbours,
    partners,
    people,
    points,
    projects,
    rotas,
    series,
    services,
    shop,
)
from bot.domain.activities import ageing
from bot.domain.audit import take_turn
from bot.domain.merging.asking import merge
from bot.domain.merging.things import Merge, summary, to_it
from bot.domain.people import Becoming, Fate, Person
from bot.due import Due
from bot.locales import say
from bot.outbox import Sending
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

SILENCE, REMIND, SWEEP = "merging.silence", "merging.remind", "merging.sweep"
# By then whatever was under way from the old account, at the moment of the merge, is done.
SWEEP_AFTER_SECONDS = 60

# What becomes of what a person has, room by room, in this order: hours are held before points.
ROOMS: dict[str, Callable[[Transaction, Becoming], Awaitable[None]]] = {
    "hours": hours.merged,
    "points": points.merged,
    "activities": activities.merged,
    "groups": groups.merged,
    "projects": projects.merged,
    "partners": partners.merged,
    "series": series.merged,
    "rotas": rotas.merged,
    "feedback": feedback.merged,
    "honours": honours.merged,
    "shop": shop.merged,
    "minors": minors.merged,
    "neighbours": neighbours.merged,
    "council": council.merged,
    "calls": calls.merged,
    "call-outs": callouts.merged,
    "services": services.merged,
}
FATES: tuple[Fate, ...] = (
    *people.MERGED,
    *hours.MERGED,
    *points.MERGED,
    *activities.MERGED,
    *groups.MERGED,
    *projects.MERGED,
    *partners.MERGED,
    *series.MERGED,
    *rotas.MERGED,
    *feedback.MERGED,
    *honours.MERGED,
    *shop.MERGED,
    *minors.MERGED,
    *neighbours.MERGED,
    *council.MERGED,
    *calls.MERGED,
    *callouts.MERGED,
    *services.MERGED,
    *people.stay("merges", "old_id", "into_id", "asked_by", "agreed_by", "settled_by"),
    # The database takes them off with the record itself.
    *people.told("folded_names", "person_id"),
    *people.told("people_to_compare", "person_id"),
    *people.told("likenesses", "one_id", "other_id"),
    *people.stay("likenesses", "denied_by"),
)


async def check_pair(tx: Transaction, old_id: int, into_id: int, by: Person) -> tuple[Person, Person]:
    """Both records, nobody else's until the commit."""
    if old_id == into_id:
        raise Refused(say("That is one record, not two. Nothing was changed."))
    held = {number: await people.held(tx, number) for number in sorted((old_id, into_id))}
    if by.id in held:
        raise Refused(say("This is about your own record: other county admins decide. Nothing was changed."))
    for person in held.values():
        if person.forgotten_at is not None:
            raise Refused(say("Number {number} has left, or was merged before. Nothing was changed.", number=person.id))
    old = held[old_id]
    if old.role is not people.Role.MEMBER:
        raise Refused(
            say(
                "{name} has a role in the county, and no merge carries one over: take it back first. Nothing was changed.",
                name=old.nickname,
            ),
            WayOut(say("Roles"), "admin.roles"),
        )
    if await minors.are_family(tx, old_id, into_id):
        raise Refused(say("One of the two is the other's guardian: they are two people. Nothing was changed."))
    return old, held[into_id]


async def do(tx: Transaction, found: Merge, rules: Settings) -> Merge:
    """All of it in this transaction, or nothing."""
    assert found.agreed_by is not None, "nobody is asked before the second admin has agreed"
    asked_by, agreed_by = await people.by_id(tx, found.asked_by), await people.by_id(tx, found.agreed_by)
    was, into = await check_pair(tx, found.old_id, found.into_id, asked_by)
    number = await audit.note(tx, "merge.done", f"person:{into.id}", by=agreed_by.id, person=was.id)
    old, into, account = await people.become(tx, was, into)
    it = Becoming(found.id, old, into, account, asked_by, agreed_by, number, rules.hours)
    await calls.uncount(tx, it)
    await _let_wards_go(tx, it)
    for merged in ROOMS.values():
        await merged(tx, it)
    await _hold_age(tx, it, rules)
    await tx.run(
        "UPDATE merges SET state = 'done', old_name = :name, settled_by = :by, settled_at = :now WHERE id = :id",
        name=was.nickname,
        by=agreed_by.id,
        now=tx.now,
        id=found.id,
    )
    await due.drop(tx, found.name)
    await due.plan(tx, SWEEP, found.name, tx.now + SWEEP_AFTER_SECONDS)
    await _forget_menu(tx, it)
    await _tell(tx, await merge(tx, found.id), it, was)
    return await merge(tx, found.id)


async def _let_wards_go(tx: Transaction, it: Becoming) -> None:
    """Nobody under 18 is a guardian: whoever loses the only consent by it is out of all that is ahead."""
    if it.into.is_minor:
        await ageing.let_wards_go(tx, it.old)


async def _hold_age(tx: Transaction, it: Becoming, rules: Settings) -> None:
    """The younger of two ages stays: what both records had begun goes on only as far as it could be begun at that age."""
    if it.into.is_minor:
        await ageing.fit_age(tx, it.into, rules.minors)
        await rotas.let_go(tx, it.into)
        await callouts.let_go(tx, it.into)


async def sweep(tx: Transaction, item: Due, house: House) -> None:
    """What the old account had begun at the moment of the merge goes on, too. Points need none of it: they have an heir."""
    await take_turn(tx)
    found = await merge(tx, item.number)
    into = await people.held(tx, (await people.now_of(tx, found.old_id)).id)
    if into.forgotten_at is not None:
        return
    assert found.agreed_by is not None, "it was done"
    asked_by, agreed_by = await people.by_id(tx, found.asked_by), await people.by_id(tx, found.agreed_by)
    number = (await audit.last_of(tx, "merge.done", f"person:{found.into_id}")).number
    old = await people.by_id(tx, found.old_id)
    it = Becoming(found.id, old, into, None, asked_by, agreed_by, number, house.settings.hours)
    await calls.uncount(tx, it)
    for room, merged in ROOMS.items():
        if room != "points":
            await merged(tx, it)


async def _forget_menu(tx: Transaction, it: Becoming) -> None:
    """The account that was left behind has everybody's menu of commands again."""
    had = await tx.run("DELETE FROM menus WHERE bot = :bot AND name = :name", bot=tx.bot, name=f"person:{it.old.id}")
    if had and it.account is not None:
        scope = {"type": "chat", "chat_id": it.account}
        await outbox.put(tx, Sending("deleteMyCommands", {"scope": scope}))


async def _tell(tx: Transaction, done: Merge, it: Becoming, was: Person) -> None:
    """Both chats and both admins hear of it."""
    words = card(
        say("🔗 Your two records are one now: number {number}.", number=it.into.id),
        say("Points, hours, sign-ups and memberships of both are here. Roles and leads were not carried over."),
        rows=((Button(say("Me"), "people.me"), Button(say("My points"), "points.mine")),),
    )
    await people.tell(tx, it.into, words, key=f"merge.done:{done.id}:{it.into.id}")
    if it.account is not None:
        left = replace(was, telegram_id=it.account)
        await people.tell(tx, left, card(people.went_on(it.into.id), home=False), key=f"merge.done:{done.id}:{was.id}")
    for admin in (it.asked_by, it.agreed_by):
        await people.tell(
            tx, admin, card(summary(done), say("✅ Done."), rows=to_it(done)), key=f"merge.done:{done.id}:{admin.id}"
        )
