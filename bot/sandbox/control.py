"""For people at the machine: what the sandbox's persons see, and what they are to say and press. JSON over loopback."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox import loopback
from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.methods.messages import is_said_by
from bot.sandbox.people import Impossible, People, Persona, Screen

WAIT_SECONDS = 5.0
QUIET_SECONDS = 0.3
"""After the bot's first word, for how long it must be silent to have finished."""
Deed = Callable[[Persona, Json, Chat], Awaitable[None]]


class Control:
    """`GET people`, `GET people/<name>`, `POST people`, `POST groups` and `POST people/<name>/<deed>` with a JSON object.

    A new group is a basic one, as Telegram makes them, without the bot: `title`, `owner`, and perhaps `by_request`. A
    deed is answered with what the person heard of it, once the bot has been silent for a moment, or after `wait` seconds.
    Every deed takes `chat`, the number of a group, and else happens in the private chat with the bot; one that concerns
    somebody takes `whom`, his name. Of a group he is shown what was said there and, after it, to him alone.
    """

    def __init__(self, people: People) -> None:
        self._people = people

    @property
    def routes(self) -> list[BaseRoute]:
        """To be guarded by whoever serves them."""
        return [
            Route("/people", self._list),
            Route("/people", self._new, methods=["POST"]),
            Route("/groups", self._found, methods=["POST"]),
            Route("/people/{name}", self._look),
            Route("/people/{name}/{deed}", self._do, methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        living = [chat for chat in self._people.world.chats.values() if not chat.migrated_to]
        groups = [chat.brief | {"members": chat.present} for chat in living]
        everybody = [_shown(name, persona) for name, persona in self._people.by_name.items()]
        return loopback.json({"bot": self._people.bot.brief, "people": everybody, "groups": groups})

    async def _new(self, request: Request) -> Response:
        given = await loopback.given(request)
        name = given.get("name")
        if not isinstance(name, str) or not name.strip():
            raise HTTPException(400, "a person needs a name")
        if name.lower() in self._people.by_name:
            raise HTTPException(409, f"{name} is there already")
        known: Json = {key: str(given[key]) for key in ("last_name", "username", "language_code") if key in given}
        return loopback.json(_shown(name.lower(), self._people.person(name, **known)))

    async def _found(self, request: Request) -> Response:
        given = await loopback.given(request)
        title, owner = str(given.get("title", "")).strip(), self._named(given.get("owner"))
        if not title:
            raise HTTPException(400, "a group needs a title")
        by_request = given.get("by_request") is True
        group = self._people.group(title, owner, kind="group", bot="", by_request=by_request)
        return loopback.json(group.brief)

    async def _look(self, request: Request) -> Response:
        persona = self._persona(request)
        chat = self._chat(persona, request.query_params.get("chat"))
        return loopback.json(_shown(request.path_params["name"].lower(), persona) | _seen(persona, chat))

    async def _do(self, request: Request) -> Response:
        persona, given = self._persona(request), await loopback.given(request)
        deed = DEEDS.get(request.path_params["deed"])
        if deed is None:
            raise HTTPException(404, f"the deeds are {', '.join(DEEDS)}")
        chat = self._chat(persona, given.get("chat"))
        # What a group was told before he looked at it is no answer to this.
        persona.heard_in(chat)
        persona.forget()
        if "whom" in given:
            given["whom"] = self._named(given["whom"])
        try:
            async with _Answering(persona, chat, float(given.get("wait", WAIT_SECONDS))):
                await deed(persona, given, chat)
        except Impossible as error:
            raise HTTPException(409, str(error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise HTTPException(400, f"wrong or missing: {error}") from error
        seen = _seen(persona, chat)
        if chat is not persona.chat:
            # Whoever speaks in a group is answered privately.
            seen["heard"] += [_screen(screen) for screen in persona.screens]
        return loopback.json(seen)

    def _persona(self, request: Request) -> Persona:
        return self._named(request.path_params["name"])

    def _named(self, name: Any) -> Persona:
        persona = self._people.by_name.get(str(name).lower())
        if persona is None:
            raise HTTPException(404, f"there is no {name}; there are {', '.join(self._people.by_name)}")
        return persona

    def _chat(self, persona: Persona, named: Any) -> Chat:
        if named is None:
            return persona.chat
        chat = self._people.world.chats.get(loopback.number(str(named)) or 0)
        if chat is None:
            raise HTTPException(404, f"there is no chat {named}")
        return chat


class _Answering:
    """Waits at its end until the bot has said something to the person and then been silent for a moment."""

    def __init__(self, persona: Persona, chat: Chat, seconds: float) -> None:
        self._persona = persona
        self._chat = chat
        self._seconds = seconds
        self._news = asyncio.Event()

    async def __aenter__(self) -> None:
        self._persona.world.on_change.append(self._listen)

    async def __aexit__(self, kind: type[BaseException] | None, *others: object) -> None:
        try:
            if kind is None:
                await self._silence(self._seconds)
        finally:
            self._persona.world.on_change.remove(self._listen)

    async def _silence(self, seconds: float) -> None:
        try:
            while True:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
                self._news.clear()
                seconds = min(seconds, QUIET_SECONDS)
        except TimeoutError:
            return

    def _listen(self, kind: str, chat: Chat, content: Json) -> None:
        is_answer = kind == "answered" and content["user_id"] == self._persona.id
        is_said = kind in ("message", "edited") and chat in (self._chat, self._persona.chat)
        if is_answer or (is_said and is_said_by(self._persona.bot, content)):
            self._news.set()


async def _says(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.says(str(given["text"]), chat)


async def _presses(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.presses(str(given["label"]), chat)


async def _starts(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.starts(str(given.get("payload", "")))


async def _joins(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.joins(chat)


async def _leaves(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.leaves(chat)


async def _sends(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.sends_document(str(given["name"]), str(given["content"]).encode(), chat=chat)


async def _locates(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.sends_location(float(given["latitude"]), float(given["longitude"]), chat)


async def _blocks(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.blocks_bot()


async def _unblocks(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.unblocks_bot()


async def _adds(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.takes_in(chat, payload=str(given.get("payload", "")))


async def _removes(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.removes_bot(chat)


async def _upgrades(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.upgrades(chat)


async def _approves(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.approves(given["whom"], chat)


async def _declines(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.declines(given["whom"], chat)


async def _bans(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.kicks(given["whom"], chat)


async def _unbans(persona: Persona, given: Json, chat: Chat) -> None:
    await persona.unbans(given["whom"], chat)


DEEDS: dict[str, Deed] = {
    "says": _says,
    "presses": _presses,
    "starts": _starts,
    "joins": _joins,
    "leaves": _leaves,
    "sends": _sends,
    "locates": _locates,
    "blocks": _blocks,
    "unblocks": _unblocks,
    "adds": _adds,
    "removes": _removes,
    "upgrades": _upgrades,
    "approves": _approves,
    "declines": _declines,
    "bans": _bans,
    "unbans": _unbans,
}


def _shown(name: str, persona: Persona) -> Json:
    return {
        "name": name,
        "id": persona.id,
        "first_name": persona.user.full_name,
        "language": persona.user.language_code,
        "about": persona.about,
    }


def _seen(persona: Persona, chat: Chat) -> Json:
    toasts = [{"text": toast.text, "is_alert": toast.is_alert} for toast in persona.toasts]
    files = [{"name": file.name, "bytes": len(file.content)} for file in persona.files]
    heard = [_screen(screen) for screen in persona.screens_in(chat)]
    return {"heard": heard, "toasts": toasts, "files": files, "keyboard": persona.keyboard, "menu": persona.menu()}


def _screen(screen: Screen) -> Json:
    return {"message_id": screen.message_id, "text": screen.text, "rows": screen.rows}
