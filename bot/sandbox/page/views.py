"""What a person sees, as JSON: the county's people, his chats, a chat with its messages."""

from collections.abc import Iterable, Iterator
from itertools import islice

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.methods.media import close_if_due
from bot.sandbox.page.marks import Marks
from bot.sandbox.people import People, Persona

PAGE = 50
ROLE_BY_COMMAND = (("newgroup", "admin"), ("audit", "auditor"), ("newtask", "leader"))
"""A role is what the bot offers: the first command of these that is in somebody's own menu names it."""


def role(persona: Persona) -> str:
    """Somebody who never pressed Start is a stranger."""
    if persona.bot.id not in persona.user.started:
        return "stranger"
    own = persona.bot.menu.commands.get((("chat", persona.id, 0), ""), [])
    offered = {command["command"] for command in own}
    return next((role for command, role in ROLE_BY_COMMAND if command in offered), "resident")


def person(key: str, persona: Persona, marks: Marks) -> Json:
    user = persona.user
    return {
        "id": persona.id,
        "key": key,
        "name": user.full_name,
        "language": user.language_code[:2],
        "role": role(persona),
        "about": persona.about,
        "unread": marks.unread(persona, persona.chat),
        "is_blocking": persona.bot.id in user.blocked,
    }


def everybody(people: People, marks: Marks) -> list[Json]:
    return [person(key, persona, marks) for key, persona in people.by_name.items()]


def chats(people: People, persona: Persona, marks: Marks) -> list[Json]:
    """The private chat first, then the groups he is in, then those he may join."""
    groups = [chat for chat in people.world.chats.values() if not chat.migrated_to and _is_shown(chat, persona)]
    groups.sort(key=lambda chat: (not chat.member(persona.id).is_present, -_said_at(chat)))
    return [listed(persona, chat, marks) for chat in (persona.chat, *groups)]


def _is_shown(chat: Chat, persona: Persona) -> bool:
    return chat.member(persona.id).status != "kicked"


def _said_at(chat: Chat) -> int:
    last = next(reversed(chat.messages.values()), None)
    return last["date"] if last else 0


def listed(persona: Persona, chat: Chat, marks: Marks) -> Json:
    """A chat as one line of the list."""
    member = chat.member(persona.id)
    is_in = chat.person is not None or member.is_present
    return {
        "id": chat.id,
        "type": chat.type,
        "title": persona.bot.first_name if chat.person is not None else chat.title,
        "is_in": is_in,
        "is_admin": member.is_admin,
        "may_write": is_in and member.can_send and (chat.type != "channel" or member.is_admin),
        "asked": persona.id in chat.requests,
        "by_request": chat.by_request,
        "members": chat.present,
        "has_bot": chat.person is not None or chat.member(persona.bot.id).is_present,
        "topics": [{"id": number, "name": name} for number, name in chat.topics.items()],
        "unread": marks.unread(persona, chat) if is_in else 0,
        "last": next(reversed(chat.messages.values()), None) if is_in else None,
    }


def opened(people: People, persona: Persona, chat: Chat, marks: Marks, topic: int = 0) -> Json:
    """A chat with all that stands around its newest messages, or those of one of its topics."""
    whole = listed(persona, chat, marks)
    if not whole["is_in"]:
        return whole | {"messages": [], "more": False}
    requests = [people.world.brief(user_id) for user_id in chat.requests] if whole["is_admin"] else []
    return (
        whole
        | {
            "keyboard": chat.keyboard,
            "commands": persona.commands(chat=chat) if whole["has_bot"] else [],
            "pinned": [chat.messages[number] for number in chat.pinned if number in chat.messages],
            "requests": requests,
            "banned": _banned(people, chat) if whole["is_admin"] and chat.is_group else [],
            "is_blocking": persona.bot.id in persona.user.blocked,
            "is_started": persona.bot.id in persona.user.started,
            "pressed": pressed(persona, chat),
            "read": marks.place(persona, chat),
        }
        | messages(persona, chat, topic=topic)
    )


def _banned(people: People, chat: Chat) -> list[Json]:
    out = [user_id for user_id, member in chat.members.items() if member.status == "kicked"]
    return [people.world.brief(user_id) for user_id in out if user_id != people.bot.id]


def pressed(persona: Persona, chat: Chat) -> list[Json]:
    """Presses that the bot can still answer, and has not."""
    earliest = persona.world.now() - persona.world.answer_seconds
    return [
        {"press_id": press.id, "message_id": press.message["message_id"], "data": press.data}
        for press in persona.user.presses[-20:]
        if press.answer is None and press.at > earliest and press.message["chat"]["id"] == chat.id
    ]


def messages(
    persona: Persona, chat: Chat, *, before: int = 0, after: int | None = None, around: int = 0, topic: int = 0
) -> Json:
    """A page of messages in the chat's order: the newest, or those before, after or around a number."""
    before = around + PAGE // 2 if around else before
    if after is not None:
        newer = (one for one in _of_topic(chat, topic) if one["message_id"] > after)
        found = list(islice(newer, PAGE + 1))
        return {"messages": _seen(persona, found[:PAGE]), "more": len(found) > PAGE}
    older = (one for one in _of_topic(chat, topic, backwards=True) if not before or one["message_id"] < before)
    found = list(islice(older, PAGE + 1))
    return {"messages": _seen(persona, reversed(found[:PAGE])), "more": len(found) > PAGE}


def _of_topic(chat: Chat, topic: int, *, backwards: bool = False) -> Iterator[Json]:
    """What was said in a topic, 0 being the general one; everything where there are none."""
    said = reversed(chat.messages.values()) if backwards else iter(chat.messages.values())
    return (one for one in said if one.get("message_thread_id", 0) == topic) if chat.topics else said


def _seen(persona: Persona, found: Iterable[Json]) -> list[Json]:
    return [message(persona, one) for one in found]


def message(persona: Persona, said: Json) -> Json:
    """A message as this person sees it: of a poll, what he chose, and no counts while they are hidden."""
    if "poll" not in said:
        return said
    state = persona.world.polls.get(said["poll"]["id"])
    if state is None:
        return said
    close_if_due(persona.world.now(), state)
    chosen = list(state.votes.get(persona.id, ()))
    poll = state.brief | {"chosen": chosen, "hides": state.hides_results and not state.is_closed}
    if poll["hides"] or not (chosen or state.is_closed):
        poll["options"] = [option | {"voter_count": 0} for option in poll["options"]]
    return said | {"poll": poll}


def every_chat(people: People) -> Iterator[Chat]:
    yield from people.world.chats.values()
    yield from (chat for (bot_id, _), chat in people.world.private_chats.items() if bot_id == people.bot.id)
