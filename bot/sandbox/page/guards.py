"""What stands before every answer of the page: headers that let nothing foreign run, and a look at what is sent."""

import orjson
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.answers import JSON_TYPE, Json
from bot.sandbox.files import DOWNLOAD_BYTES_MAX

BODY_BYTES_MAX = DOWNLOAD_BYTES_MAX * 4 // 3 + 1024 * 1024
"""A file comes in base64, with a few words around it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Headers:
    """Puts them on each answer. What is not said to be kept is asked for anew each time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, guarded)


async def given(request: Request) -> Json:
    """A JSON object. Its content type is demanded, for no foreign page can send it without being asked for leave."""
    if request.headers.get("content-type", "").partition(";")[0] != JSON_TYPE:
        raise refused(415, "not_json")
    try:
        content = orjson.loads(await _body(request) or b"{}")
    except orjson.JSONDecodeError as error:
        raise refused(400, "not_json", str(error)) from error
    if not isinstance(content, dict):
        raise refused(400, "not_json")
    return content


async def _body(request: Request) -> bytes:
    """The whole body, read only as far as it is allowed to be long."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > BODY_BYTES_MAX:
        raise refused(413, "too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise refused(413, "too_large")
    return bytes(body)


def refused(status: int, why: str, detail: str = "") -> HTTPException:
    """A no that the page says in its reader's words: `why` is a name in its catalogue, under `no`."""
    return HTTPException(status, f"{why}\n{detail}")


async def refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    why, _, detail = str(error.detail).partition("\n")
    return Response(orjson.dumps({"error": why, "detail": detail}), error.status_code, media_type=JSON_TYPE)
