"""What every page and every call of the sandbox shares: for this machine alone, JSON in and out, a sentence for a no."""

from collections.abc import Sequence

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.answers import JSON_TYPE, Json

HOSTS = ["127.0.0.1", "localhost"]
DIGITS_MAX = 18


def guarded(routes: Sequence[BaseRoute]) -> Starlette:
    """The routes, answered under this machine's own names alone; an HTTPException becomes `{"error": ...}`."""
    # A page on the internet could have its own name resolve to this machine; it can't forge the Host header.
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
    return Starlette(routes=list(routes), middleware=[guard], exception_handlers={HTTPException: _refuse})


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
