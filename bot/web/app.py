"""Telegram calls here when the bot runs by webhook; and whoever watches over the bot asks here whether it is well."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain import reports
from bot.storage import Storage, StorageUnavailable

BODY_BYTES_MAX = 1024 * 1024
RETRY_SECONDS = 5
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_log = logging.getLogger(__name__)
Keep = Callable[[list[Any]], Awaitable[None]]


class _TooLarge(Exception):
    """The body is larger than any update."""


def webhook_path(bot: int) -> str:
    """Where Telegram calls the bot with this number."""
    return f"/telegram/{bot}"


def app(storage: Storage, secret: str, keep: Keep) -> Starlette:
    """The web application of one bot. `keep` commits raw updates or raises StorageUnavailable; `secret` is Telegram's."""

    async def intake(request: Request) -> Response:
        """200 only after the commit. 403 wrong secret, 400 no update, 413 too large, 503 it can't be kept just now."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            raw = json.loads(await _body(request))
        except _TooLarge:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return Response(status_code=400)
        return await _kept(keep, raw)

    async def health(request: Request) -> Response:
        """200 when the database answers and the scheduler lives, 503 otherwise; the parts are named."""
        parts = await _parts(storage)
        well = all(part == "ok" for part in parts.values())
        return JSONResponse(parts, status_code=200 if well else 503)

    return Starlette(
        routes=[
            Route(webhook_path(storage.bot), intake, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes:
    """The whole body, read only as far as it is allowed to be long."""
    announced = request.headers.get("Content-Length", "0")
    if announced.isdecimal() and int(announced) > BODY_BYTES_MAX:
        raise _TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise _TooLarge
    return bytes(body)


async def _kept(keep: Keep, raw: dict[str, Any]) -> Response:
    try:
        await keep([raw])
    except StorageUnavailable as error:
        _log.warning("update %s could not be kept, Telegram will bring it again: %s", raw["update_id"], error)
        return Response(status_code=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return Response(status_code=200)


async def _parts(storage: Storage) -> dict[str, str]:
    try:
        beat = await storage.read(reports.pulse)
    except StorageUnavailable as error:
        _log.warning("the database does not answer: %s", error)
        return {"database": "away", "scheduler": "unknown"}
    lives = reports.is_alive(beat, storage.clock.now)
    return {"database": "ok", "scheduler": "ok" if lives else "silent"}
