"""What every page and every call of the sandbox shares: for this machine alone, JSON in and out, a sentence for a no."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.answers import JSON_TYPE, Json

HOSTS = ["127.0.0.1", "localhost"]
FRONT = "/"
FOREIGN = ("cross-site", "same-site")
DIGITS_MAX = 18


class OwnPages:
    """Refuses what a browser sends for the page of another site; only a link to the front page may stand anywhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != FRONT and _is_foreign(Headers(scope=scope)):
            await json({"error": "this is for the sandbox's own page"}, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Browsers say whose page asks; programs, such as the bot, say nothing."""
    origin = headers.get("origin")
    is_elsewhere = origin is not None and urlsplit(origin).netloc != headers.get("host")
    return is_elsewhere or headers.get("sec-fetch-site") in FOREIGN


# A page on the internet could have its own name resolve to this machine; it can't forge the Host header.
GUARDS = (Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS), Middleware(OwnPages))


def refusing(routes: Sequence[BaseRoute]) -> Starlette:
    """The routes, where an HTTPException becomes `{"error": ...}`."""
    return Starlette(routes=list(routes), exception_handlers={HTTPException: _refuse})


async def given(request: Request) -> Json:
    """A JSON object. Its content type is demanded, for no foreign page can send it without being asked for leave."""
    if request.headers.get("content-type", "").partition(";")[0] != JSON_TYPE:
        raise HTTPException(415, f"send {JSON_TYPE}")
    try:
        content = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"this is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise HTTPException(400, "send an object")
    return content


def number(text: str) -> int | None:
    """The number of a chat, a person or a message; None for what can't be one, be it a word or a thousand digits."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS_MAX else None


def json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON_TYPE)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return json({"error": error.detail}, error.status_code)
