"""The page's addresses: the page itself, what a person sees and does, what is new, files."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import segno
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.answers import JSON_TYPE, Json
from bot.sandbox.chats import Chat
from bot.sandbox.files import DOWNLOAD_BYTES_MAX, File, picture_type
from bot.sandbox.loopback import number
from bot.sandbox.machine import Machine
from bot.sandbox.page import deeds, views
from bot.sandbox.page.guards import Headers, given, refuse, refused
from bot.sandbox.page.marks import Marks
from bot.sandbox.page.stage import stage
from bot.sandbox.page.stream import News
from bot.sandbox.page.words import LANGUAGES, chosen, page
from bot.sandbox.people import Impossible, People, Persona

HERE = Path(__file__).parent
NAME_MAX = 64
PLACES = ("before", "after", "around", "topic")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
ONE_YEAR = 365 * 24 * 3600


@cache
def _static() -> dict[str, tuple[bytes, str]]:
    """Scripts, sheets and pictures by their names, each with its type: so few and small that they stay in memory."""
    folder = HERE / "static"
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), TYPES[path.suffix]) for path in folder.rglob("*.*")
    }


class Page:
    """The page of one world. `news` is where others put what they have to say to open tabs."""

    def __init__(self, people: People, machine: Machine | None = None) -> None:
        self._people = people
        self._machine = machine
        self._marks = Marks()
        self._by_id: dict[int | None, Persona] = {}
        self._was_settling = False
        self.news = News()
        people.world.on_change.append(self._hear)

    @property
    def app(self) -> Starlette:
        routes = [
            Route("/", self._page),
            Route("/page/news", self._news),
            Route("/page/people", self._list),
            Route("/page/people", self._new, methods=["POST"]),
            Route("/page/people/{person}/chats", self._chats),
            Route("/page/people/{person}/chats/{chat}", self._open),
            Route("/page/people/{person}/chats/{chat}/messages", self._messages),
            Route("/page/people/{person}/chats/{chat}/read", self._read, methods=["POST"]),
            Route("/page/people/{person}/deeds/{deed}", self._do, methods=["POST"]),
            Route("/page/files/{file}", self._file),
            Route("/page/stage", self._stage),
            Route("/page/poster/{payload}", self._poster),
            Route("/static/{name:path}", self._static),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Headers)], exception_handlers={HTTPException: refuse})

    def hear_machine(self, state: Json) -> None:
        """A listener of the machine's. What was said while the county settled in counts as read by everybody."""
        is_settling = state["settling"] is not None
        if self._was_settling and not is_settling:
            self._marks.begin(list(views.every_chat(self._people)), anew=True)
            self.news.put("reload", {})
        self._was_settling = is_settling
        self.news.put("machine", state)

    def _hear(self, kind: str, chat: Chat, content: Json) -> None:
        if chat.person is None or chat.bot_id == self._people.bot.id:
            self.news.hear(kind, chat, content)

    # What is seen

    async def _page(self, request: Request) -> Response:
        self._marks.begin(list(views.every_chat(self._people)))
        language = chosen(request)
        response = Response(page(language), media_type="text/html")
        if request.query_params.get("language") in LANGUAGES:
            response.set_cookie("language", language, max_age=ONE_YEAR, httponly=True, samesite="strict")
        return response

    async def _news(self, request: Request) -> Response:
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return self.news.answer(since)

    async def _list(self, request: Request) -> Response:
        return _json(
            {
                "at": self.news.at,
                "bot": self._people.bot.brief,
                "people": views.everybody(self._people, self._marks),
                "file_bytes_max": DOWNLOAD_BYTES_MAX,
            }
        )

    async def _chats(self, request: Request) -> Response:
        persona = self._persona(request)
        return _json({"chats": views.chats(self._people, persona, self._marks)})

    async def _open(self, request: Request) -> Response:
        persona = self._persona(request)
        topic = _numbers(request).get("topic", 0)
        return _json(views.opened(self._people, persona, self._chat(request, persona), self._marks, topic))

    async def _messages(self, request: Request) -> Response:
        persona = self._persona(request)
        chat = self._chat(request, persona)
        if chat.person is None and not chat.member(persona.id).is_present:
            raise refused(403, "not_in")
        return _json(views.messages(persona, chat, **_numbers(request)))

    async def _stage(self, request: Request) -> Response:
        return _json(await self._machine.read(stage) if self._machine else {})

    async def _poster(self, request: Request) -> Response:
        """The code that leads to the bot, as it would hang on a wall."""
        link = f"https://t.me/{self._people.bot.username}?start={request.path_params['payload'][:64]}"
        made = io.BytesIO()
        segno.make(link, error="m", micro=False).save(made, kind="png", scale=4, border=2)
        return Response(made.getvalue(), media_type="image/png")

    async def _static(self, request: Request) -> Response:
        found = _static().get(request.path_params["name"])
        if found is None:
            raise refused(404, "unknown_file")
        content, kind = found
        return Response(content, media_type=kind)

    async def _file(self, request: Request) -> Response:
        kept = self._people.world.files.by_id(request.path_params["file"])
        if kept is None:
            raise refused(404, "unknown_file")
        return _served(kept)

    # What is done

    async def _new(self, request: Request) -> Response:
        asked = await given(request)
        name = str(asked.get("name", "")).strip()[:NAME_MAX]
        if not name:
            raise refused(400, "no_name")
        key, next_one = name.lower(), 2
        while key in self._people.by_name:
            key, next_one = f"{name.lower()}{next_one}", next_one + 1
        language = "en" if asked.get("language") == "en" else "zh-hans"
        persona = self._people.person(name, known_as=key, language_code=language)
        shown = views.person(key, persona, self._marks)
        self.news.put("person", shown)
        return _json(shown)

    async def _read(self, request: Request) -> Response:
        await given(request)
        persona = self._persona(request)
        chat = self._chat(request, persona)
        if self._marks.unread(persona, chat):
            self._marks.read(persona, chat)
            self.news.put("read", {"person": persona.id, "chat": chat.id})
        return _json({})

    async def _do(self, request: Request) -> Response:
        asked = await given(request)
        persona = self._persona(request)
        name = request.path_params["deed"]
        if name not in deeds.DEEDS:
            raise refused(404, "unknown_deed")
        try:
            done = await deeds.do(self._people, persona, self._chat_of(persona, asked.get("chat")), name, asked)
        except Impossible as error:
            raise refused(409, "impossible", str(error)) from error
        except OverflowError as error:
            raise refused(413, "too_large") from error
        except (KeyError, TypeError, ValueError) as error:
            raise refused(400, "wrong", str(error)) from error
        return _json(done)

    def _persona(self, request: Request) -> Persona:
        asked = number(request.path_params["person"])
        if asked not in self._by_id:
            self._by_id = {persona.id: persona for persona in self._people.by_name.values()}
        if asked not in self._by_id:
            raise refused(404, "unknown_person")
        return self._by_id[asked]

    def _chat(self, request: Request, persona: Persona) -> Chat:
        return self._chat_of(persona, number(request.path_params["chat"]) or 0)

    def _chat_of(self, persona: Persona, asked: Any) -> Chat:
        if asked is None or asked == persona.id:
            return persona.chat
        chat = self._people.world.chats.get(asked) if isinstance(asked, int) else None
        if chat is None:
            raise refused(404, "unknown_chat")
        return chat


def _numbers(request: Request) -> dict[str, int]:
    """Those that name a place in a chat; what is no number is passed over."""
    given = request.query_params
    places = {name: number(given.get(name, "")) for name in PLACES}
    return {name: place for name, place in places.items() if place is not None and place >= 0}


def _served(kept: File) -> Response:
    """A picture is shown; anything else is handed over to be saved, so that no file is ever run."""
    shown = picture_type(kept.content)
    headers = {"Cache-Control": "private, max-age=86400"}
    if not shown:
        headers["Content-Disposition"] = "attachment"
    return Response(kept.content, media_type=shown or "application/octet-stream", headers=headers)


def _json(content: object) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(content), media_type=JSON_TYPE, headers=headers)
