"""python-telegram-bot's way to the model in memory: everything of a call but the wire."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.answers import Answer, Json, Upload
from bot.sandbox.api import call
from bot.sandbox.downloads import download
from bot.sandbox.faults import AnswerLost, Broken, NotConnected
from bot.sandbox.world import World

BASE_URL = "http://sandbox/bot"
BASE_FILE_URL = "http://sandbox/file/bot"
_FILES = "/file/bot"


class MemoryRequest(BaseRequest):
    """The transport for `Bot(request=..., get_updates_request=...)`, with any base_url.

    A refused connection raises NetworkError, a broken one NetworkError and a lost answer TimedOut. Their causes are
    made by `not_sent` and `unanswered`, for a sender who looks at them as the real transport sets them.
    """

    def __init__(
        self,
        world: World,
        *,
        not_sent: Callable[[str], Exception] = ConnectionRefusedError,
        unanswered: Callable[[str], Exception] = TimeoutError,
    ) -> None:
        self._world = world
        self._not_sent = not_sent
        self._unanswered = unanswered
        self._handled: set[asyncio.Task[Answer]] = set()

    @property
    def read_timeout(self) -> float | None:
        return 10

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close; what is still being handled ends with the model."""
        for handling in list(self._handled):
            handling.cancel()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        # A real transport always lets others go on meanwhile.
        await asyncio.sleep(0)
        try:
            answer = await self._answer(url, request_data, read_timeout)
        except Broken as broken:
            failure = self._failure(broken)
        else:
            return answer.status, answer.content
        raise failure

    async def _answer(self, url: str, request_data: RequestData | None, read_timeout: Any) -> Answer:
        if _FILES in url:
            token, _, path = unquote(url).partition(_FILES)[2].partition("/")
            return download(self._world, token, path)
        token, _, name = url.rpartition("/bot")[2].partition("/")
        handling = call(self._world, token, name, *_read(request_data))
        if not self._world.faults.are_on:
            return await handling
        seconds = self.read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        return await self._waited_for(asyncio.create_task(handling), seconds)

    async def _waited_for(self, handling: "asyncio.Task[Answer]", seconds: float | None) -> Answer:
        """The answer, unless the caller's patience ends before: what was asked is done all the same, as at Telegram."""
        self._handled.add(handling)
        handling.add_done_callback(self._forget)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(handling)
        except TimeoutError:
            raise AnswerLost from None

    def _forget(self, handling: "asyncio.Task[Answer]") -> None:
        self._handled.discard(handling)
        if not handling.cancelled():
            # Looked at, for nobody else may wait for it any more.
            handling.exception()

    def _failure(self, broken: Broken) -> NetworkError:
        if isinstance(broken, NotConnected):
            failure, cause = NetworkError("Connection refused"), self._not_sent("Connection refused")
        elif isinstance(broken, AnswerLost):
            failure, cause = TimedOut("Timed out"), self._unanswered("No answer")
        else:
            failure, cause = NetworkError("Connection reset"), self._unanswered("Connection reset")
        failure.__cause__ = cause
        return failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        try:
            parsed: Json = orjson.loads(payload)
        except orjson.JSONDecodeError as error:
            raise NetworkError("The server's answer is not JSON") from error
        return parsed


def _read(request_data: RequestData | None) -> tuple[Json, dict[str, Upload]]:
    """The parameters as they would arrive, so that later changes of the caller's objects change nothing here."""
    if request_data is None:
        return {}, {}
    params = _through_json(request_data)
    if not request_data.contains_files:
        return params, {}
    parts = request_data.multipart_data.items()
    return params, {name: Upload(part[0], _content(part[1]), part[2]) for name, part in parts}


def _through_json(request_data: RequestData) -> Json:
    given = request_data.parameters
    try:
        copied: Json = orjson.loads(orjson.dumps(given, option=orjson.OPT_NON_STR_KEYS))
    except (orjson.JSONEncodeError, orjson.JSONDecodeError):
        # Half a surrogate pair, which the model refuses for itself.
        return dict(given)
    return copied


def _content(content: Any) -> bytes:
    return content if isinstance(content, bytes) else bytes(content.read())
