"""The Telegram group of an interest group: binding it, letting it go, and what Telegram tells of it."""

from bot import outbox
from bot.cards import Button, Card, card, press, rendered
from bot.domain import chats, groups, people
from bot.domain.groups import Group
from bot.locales import Several, say
from bot.outbox import Sending
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, command, event, payload
from bot.routing import press as on_press
from bot.storage import Transaction

GONE = ("left", "kicked")
# So many of one's groups are named where one of them has to be chosen.
NAMED = 6


def _in_a_group(heard: Heard) -> None:
    if heard.chat.kind not in ("group", "supergroup"):
        raise Refused(
            say("Send this in the Telegram group of your interest group, where I am a member. Nothing was changed.")
        )


async def bind_by_name(tx: Transaction, heard: Heard) -> Answer:
    """In a Telegram group: bind it to your interest group, /bind NAME"""
    _in_a_group(heard)
    meant = await groups.matching(tx, heard.words, "groups.open") if heard.words else await _only_one(tx, heard)
    return await _bind(tx, heard, meant.id)


async def _only_one(tx: Transaction, heard: Heard) -> Group:
    """The one that can be meant where none is named. Raises Refused where several can."""
    led = await groups.led_groups(tx, heard.me)
    free = [group for group in led if group.chat_id in (None, heard.chat.id)]
    if len(free) == 1:
        return free[0]
    if not free:
        raise Refused(say("Send the interest group's name with it, as in /bind dance. Nothing was changed."))
    raise Refused(
        say(
            "You lead several that have no Telegram group: {groups}. Send the name of one with it, as in /bind {name}. "
            "Nothing was changed.",
            groups=Several(tuple(group.name for group in free[:NAMED])),
            name=free[0].name,
        )
    )


async def bind(tx: Transaction, heard: Heard) -> Answer:
    """What the link on the leader's screen does once I was added; from anywhere else it only shows that screen."""
    if heard.chat.private:
        group = await groups.led_by(tx, heard.number(), heard.me)
        return card(
            say(
                "To bind a Telegram group to <b>{group}</b>, add me to it and send /bind {number} there.",
                group=group.name,
                number=group.id,
            ),
            back=press("groups.lead", group.id),
        )
    _in_a_group(heard)
    return await _bind(tx, heard, heard.number())


async def _bind(tx: Transaction, heard: Heard, group_id: int) -> Card:
    group = await groups.bind(
        tx,
        group_id,
        heard.chat.id,
        heard.chat.title,
        kind=heard.chat.kind,
        standing=str(heard.asked),
        language=heard.house.settings.county.language,
        by=heard.me,
    )
    link = heard.house.link(payload(press("groups.open", group.id)))
    await groups.post(
        tx,
        group,
        card(
            say(
                "This is the Telegram group of <b>{group}</b> now. New tasks and events are posted here.",
                group=group.name,
            ),
            rows=((Button(say("Open the group"), url=link),),),
        ),
    )
    return card(
        say("{title} is the Telegram group of <b>{group}</b> now.", title=heard.chat.title, group=group.name),
        say("I post there. Members who ask to join it are let in, as long as I am an administrator who may invite."),
        rows=((Button(say("Lead the group"), press("groups.lead", group.id)),),),
    )


async def unbind_here(tx: Transaction, heard: Heard) -> Answer:
    """In a Telegram group: let it go from its interest group"""
    _in_a_group(heard)
    group = await groups.bound_to(tx, heard.chat.id)
    if group is None:
        raise Refused(say("This Telegram group belongs to no interest group. Nothing was changed."))
    return await _unbind(tx, heard, group.id)


async def unbind(tx: Transaction, heard: Heard) -> Answer:
    """Let the Telegram group go, from the leader's screen."""
    return await _unbind(tx, heard, heard.number())


async def _unbind(tx: Transaction, heard: Heard, group_id: int) -> Card:
    group = await groups.unbind(tx, group_id, by=heard.me)
    return card(
        say("<b>{group}</b> has no Telegram group any more. I stay in it, but post nothing there.", group=group.name),
        say("To bind it again, send /bind {number} there.", number=group.id),
        rows=((Button(say("Lead the group"), press("groups.lead", group.id)),),),
    )


async def asked_to_join(tx: Transaction, heard: Heard) -> Answer:
    """Somebody asks to be let into a Telegram group: members of its interest group are, others hear how to become one."""
    group, is_ours = await groups.admits(tx, heard.chat.id, heard.person)
    if is_ours:
        await groups.approve(tx, heard.chat.id, heard.sender.id, request=str(heard.update_id))
    elif group is not None and group.is_open:
        await groups.wait_to_be_let_in(tx, heard.chat.id, heard.sender.id, request=str(heard.update_id))
        await _tell_asker(tx, heard, group)
    return None


async def _tell_asker(tx: Transaction, heard: Heard, group: Group) -> None:
    """Telegram lets us write to whoever asked, for as long as the request is open, even before he pressed Start."""
    link = heard.house.link(payload(press("groups.open", group.id)))
    screen = card(
        say("{title} belongs to the interest group <b>{group}</b>.", title=heard.chat.title, group=group.name),
        say(
            "Its admins decide about your request. Members of the interest group are let in at once: join it here, and I let you in."
        ),
        rows=((Button(say("Open the group"), url=link),),),
        home=False,
    )
    language = heard.person.language if heard.person else heard.language
    params = rendered(screen, people.reader(tx, language), private=True)
    await outbox.put(tx, Sending("sendMessage", params, chat_id=heard.event["user_chat_id"]))


async def my_standing(tx: Transaction, heard: Heard) -> Answer:
    """The bot was added, removed, promoted or demoted in a group, or somebody blocked or unblocked it."""
    is_gone = heard.event["new_chat_member"]["status"] in GONE
    if heard.chat.private:
        await chats.note(tx, heard.chat.id, "private", "", "blocked" if is_gone else "open")
        return None
    await chats.note(tx, heard.chat.id, heard.chat.kind, heard.chat.title, "gone" if is_gone else "open")
    if is_gone:
        await groups.lost(tx, heard.chat.id, heard.chat.title)
    return None


async def their_standing(tx: Transaction, heard: Heard) -> Answer:
    """Somebody's standing in a Telegram group changed. Leaving it is not leaving the interest group; a ban is told."""
    member = heard.event["new_chat_member"]
    # Let in or banned by an admin: there is nothing left to answer.
    await groups.answered(tx, heard.chat.id, member["user"]["id"])
    person = await people.by_telegram(tx, member["user"]["id"]) if member["status"] == "kicked" else None
    if person is not None:
        await groups.banned(tx, heard.chat.id, person)
    return None


async def migrated(tx: Transaction, heard: Heard) -> Answer:
    """A group became a supergroup."""
    await groups.moved(tx, heard.chat.id, heard.event["to"])
    return None


ROUTES = [
    command("bind", bind_by_name, Who.LEADER | Who.ADMIN, private_only=False, menu=False, ask="standing"),
    command("unbind", unbind_here, Who.LEADER | Who.ADMIN, private_only=False, menu=False, takes_away=True),
    # Opened by `?startgroup=`, a link asks for a deed: the leader chose the group in Telegram itself, and who he is and
    # how he stands there is checked as for /bind.
    on_press("groups.bind", bind, link=True, ask="standing"),
    on_press("groups.unbind", unbind),
    event("chat_join_request", asked_to_join),
    event("my_chat_member", my_standing),
    event("chat_member", their_standing),
    event("migrated", migrated),
]
