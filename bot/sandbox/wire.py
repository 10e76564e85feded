"""The Bot API over HTTP: from a request's query, form or JSON to a call, and from an answer to a response."""

import asyncio
from collections.abc import Callable
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.sandbox.answers import JSON_TYPE, Answer, Json, Refusal, Upload, bad_request
from bot.sandbox.api import call
from bot.sandbox.downloads import download
from bot.sandbox.faults import Broken
from bot.sandbox.methods.media import UPLOAD_BYTES_MAX
from bot.sandbox.world import World

BODY_BYTES_MAX = UPLOAD_BYTES_MAX + 1024 * 1024
Abort = Callable[[Any], None]
"""Breaks off the connection of a client, given as its host and port."""
Call = tuple[Json, dict[str, Upload]]


class BotApi:
    """Answers `/bot<token>/<method>`. When no answer is to be given, the connection is broken off."""

    def __init__(self, world: World, abort: Abort) -> None:
        self._world = world
        self._abort = abort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        try:
            params, files = await _read(Request(scope, receive))
            answer = await call(self._world, path["token"], path["method"], params, files)
        except Refusal as refusal:
            answer = refusal.answer
        except Broken:
            self._abort(scope["client"])
            # The server hears of the break in its next turn, and then misses no response.
            await asyncio.sleep(0)
            return
        await _response(answer)(scope, receive, send)


class Downloads:
    """Answers `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        answer = download(self._world, path["token"], path["path"])
        kind = "application/octet-stream" if answer.is_ok else JSON_TYPE
        await Response(answer.content, answer.status, media_type=kind)(scope, receive, send)


def _response(answer: Answer) -> Response:
    return Response(answer.content, answer.status, media_type=answer.content_type)


async def _read(request: Request) -> Call:
    """The parameters of a request. Those of the body stand over those of the address."""
    query: bytes = request.scope["query_string"]
    params: Json = dict(parse_qsl(query.decode())) if query else {}
    if request.method == "GET":
        return params, {}
    if int(request.headers.get("content-length", 0)) > BODY_BYTES_MAX:
        raise Refusal(413, "Request Entity Too Large")
    given, files = await _read_body(request)
    return params | given, files


async def _read_body(request: Request) -> Call:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _read_multipart(request)
    body = await request.body()
    if kind == JSON_TYPE:
        return _read_json(body), {}
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)), {}


def _read_json(body: bytes) -> Json:
    try:
        given = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        # The standard library lets halves of surrogate pairs pass, which the model then refuses in Telegram's words.
        given = _read_lenient_json(body)
    if not isinstance(given, dict):
        raise bad_request("can't parse request JSON object")
    return given


def _read_lenient_json(body: bytes) -> object:
    try:
        return loads(body)
    except (JSONDecodeError, UnicodeDecodeError):
        raise bad_request("can't parse request JSON object") from None


async def _read_multipart(request: Request) -> Call:
    params: Json = {}
    files: dict[str, Upload] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or "", await value.read(), kind)
            else:
                params[name] = value
    return params, files
