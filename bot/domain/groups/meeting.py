"""The Telegram group in which an interest group talks: bound, posted to, followed when it moves, let go when we must."""

from bot import outbox
from bot.cards import Button, Card, card, method_of, press, rendered
from bot.domain import audit, chats, people
from bot.domain.groups.belonging import belongs, leaders_of, led_by
from bot.domain.groups.finding import Group, bound_to, by_id, locked
from bot.domain.people import Person
from bot.locales import say
from bot.outbox import Lane, Sending
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

RUNS_THE_CHAT = ("creator", "administrator")


# Deeds


async def bind(
    tx: Transaction, group_id: int, chat_id: int, title: str, *, kind: str, standing: str, language: str, by: Person
) -> Group:
    """Make a Telegram group the place of an interest group. The bot posts there in `language` from then on.

    `standing` is how `by` stands in the Telegram group, as Telegram just said. Raises Refused for somebody who does not
    lead the interest group or does not run the Telegram group, and when either of them is bound already.
    """
    await led_by(tx, group_id, by)
    group = await locked(tx, group_id)
    if standing not in RUNS_THE_CHAT:
        raise Refused(
            say(
                "Only an administrator of this Telegram group can bind it to {group}. Nothing was changed.",
                group=group.name,
            )
        )
    other = await bound_to(tx, chat_id)
    if other is not None and other.id != group_id:
        raise Refused(
            say(
                "This Telegram group belongs to {group} already. One of its leaders can send /unbind here first. "
                "Nothing was changed.",
                group=other.name,
            )
        )
    await chats.note(tx, chat_id, kind, title)
    await _tie(tx, group, chat_id, language)
    if group.chat_id is None:
        await audit.note(tx, "group.bound", f"group:{group_id}", by=by.id, chat=chat_id)
    return await by_id(tx, group_id)


async def _tie(tx: Transaction, group: Group, chat_id: int, language: str) -> None:
    tied = await tx.run(
        "UPDATE groups SET chat_id = :chat_id, chat_language = :language "
        "WHERE id = :group_id AND (chat_id IS NULL OR chat_id = :chat_id)",
        chat_id=chat_id,
        language=language,
        group_id=group.id,
    )
    if not tied:
        raise Refused(
            say(
                "{group} has a Telegram group already: {title}. Send /unbind there first, or take it off here. "
                "Nothing was changed.",
                group=group.name,
                title=await chat_title(tx, group),
            ),
            WayOut(say("Lead the group"), press("groups.lead", group.id)),
        )


async def unbind(tx: Transaction, group_id: int, *, by: Person) -> Group:
    """Let the Telegram group go; the bot stays in it, but posts nothing there any more. Raises Refused."""
    group = await led_by(tx, group_id, by)
    if not await untie(tx, group):
        raise Refused(say("{group} has no Telegram group. Nothing was changed.", group=group.name))
    await audit.note(tx, "group.unbound", f"group:{group_id}", by=by.id, chat=group.chat_id)
    return await by_id(tx, group_id)


async def untie(tx: Transaction, group: Group) -> bool:
    """Forget which Telegram group is the group's, and who asked to be let into it; False where it had none."""
    await tx.run(
        "DELETE FROM join_requests WHERE bot = :bot AND chat_id = :chat_id", bot=tx.bot, chat_id=group.chat_id or 0
    )
    return bool(
        await tx.run(
            "UPDATE groups SET chat_id = NULL, chat_language = NULL WHERE id = :group_id AND chat_id IS NOT NULL",
            group_id=group.id,
        )
    )


async def chat_title(tx: Transaction, group: Group) -> str:
    """The title of the group's Telegram group; empty where it has none."""
    known = await chats.known(tx, group.chat_id) if group.chat_id is not None else None
    return known.title if known else ""


async def post(tx: Transaction, group: Group, screen: Card, *, lane: Lane = Lane.REPLY, key: str | None = None) -> bool:
    """Post `screen` in the group's Telegram group, in the language of the binding. False where it has none.

    `screen.remember` lets the message be edited later (`outbox.edit_remembered`); buttons of a posted screen should
    lead to routes that a deep link may open, for strangers press them too.
    """
    if group.chat_id is None or group.chat_language is None:
        return False
    params = rendered(screen, people.reader(tx, group.chat_language), private=False)
    sending = Sending(
        method_of(screen),
        params,
        chat_id=group.chat_id,
        lane=lane,
        file=screen.file,
        key=key,
        remember=screen.remember or None,
    )
    return await outbox.put(tx, sending)


async def moved(tx: Transaction, old_id: int, new_id: int) -> None:
    """A Telegram group became a supergroup: its chat, what waits for it and its binding move together.

    Both the group itself and Telegram's answer to a sending tell of it, in any order; the second time changes nothing.
    """
    await chats.moved(tx, old_id, new_id)
    await tx.run(
        "UPDATE groups SET chat_id = :new_id WHERE chat_id = :old_id "
        "AND NOT EXISTS (SELECT 1 FROM groups taken WHERE taken.chat_id = :new_id)",
        new_id=new_id,
        old_id=old_id,
    )
    # Telegram keeps no request on the way: whoever still wants in asks again.
    await tx.run("DELETE FROM join_requests WHERE bot = :bot AND chat_id = :old_id", bot=tx.bot, old_id=old_id)


async def lost(tx: Transaction, chat_id: int, title: str) -> Group | None:
    """The bot was removed from a Telegram group: the binding goes, and the leaders are told. None where none was."""
    group = await bound_to(tx, chat_id)
    if group is None:
        return None
    await untie(tx, group)
    await audit.note(tx, "group.unbound", f"group:{group.id}", by=None, chat=chat_id)
    screen = card(
        say(
            "I was removed from the Telegram group {title}, so it does not belong to <b>{group}</b> any more.",
            title=title,
            group=group.name,
        ),
        say("Add me again and send /bind {number} there if that was a mistake.", number=group.id),
        rows=((Button(say("Lead the group"), press("groups.lead", group.id)),),),
    )
    for leader in await leaders_of(tx, group.id):
        await people.tell(tx, leader, screen)
    return group


async def banned(tx: Transaction, chat_id: int, person: Person) -> bool:
    """Somebody was banned from the group's Telegram group. He stays in the interest group; the leaders are told of it."""
    group = await bound_to(tx, chat_id)
    if group is None or not await belongs(tx, group.id, person):
        return False
    screen = card(
        say(
            "{person} was banned from the Telegram group of <b>{group}</b>, but is still in the interest group.",
            person=person.nickname,
            group=group.name,
        ),
        say("If they should leave that too, remove them there."),
        rows=((Button(say("Open"), press("groups.person", group.id, person.id)),),),
    )
    for leader in await leaders_of(tx, group.id):
        await people.tell(tx, leader, screen)
    return True


async def admits(tx: Transaction, chat_id: int, person: Person | None) -> tuple[Group | None, bool]:
    """For a request to join a Telegram group: the interest group it belongs to, and whether the asker is one of it."""
    group = await bound_to(tx, chat_id)
    if group is None or person is None:
        return group, False
    return group, await belongs(tx, group.id, person)


async def approve(tx: Transaction, chat_id: int, telegram_id: int, *, request: str) -> None:
    """Let somebody into a Telegram group who asked to be let in; `request` names the request, which is answered once."""
    await outbox.put(
        tx,
        Sending(
            "approveChatJoinRequest",
            {"user_id": telegram_id},
            chat_id=chat_id,
            key=f"groups.approve:{tx.bot}:{request}",
        ),
    )


async def wait_to_be_let_in(tx: Transaction, chat_id: int, telegram_id: int, *, request: str) -> None:
    """Keep the request of somebody who is not in the interest group yet; a later one of his takes its place."""
    await tx.run(
        "INSERT INTO join_requests (bot, chat_id, telegram_id, request, asked_at) "
        "VALUES (:bot, :chat_id, :telegram_id, :request, :now) ON CONFLICT (bot, chat_id, telegram_id) "
        "DO UPDATE SET request = excluded.request, asked_at = excluded.asked_at",
        bot=tx.bot,
        chat_id=chat_id,
        telegram_id=telegram_id,
        request=request,
        now=tx.now,
    )


async def let_in(tx: Transaction, group: Group, person: Person) -> None:
    """He is in the interest group now: if he asked to be let into its Telegram group before, he is."""
    if group.chat_id is None or person.telegram_id is None:
        return
    request = await answered(tx, group.chat_id, person.telegram_id)
    if request is not None:
        await approve(tx, group.chat_id, person.telegram_id, request=request)


async def answered(tx: Transaction, chat_id: int, telegram_id: int) -> str | None:
    """Keep his request to be let in no longer; which it was, None where there was none."""
    row = await tx.one(
        "DELETE FROM join_requests WHERE bot = :bot AND chat_id = :chat_id AND telegram_id = :telegram_id "
        "RETURNING request",
        bot=tx.bot,
        chat_id=chat_id,
        telegram_id=telegram_id,
    )
    return str(row["request"]) if row else None
