"""python-telegram-bot's way to the Bot API, over aiohttp: httpx is thirty times slower at a real round trip."""

import asyncio
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# Not public, but the signature that BaseRequest prescribes is written in them.
from telegram._utils.defaultvalue import DefaultValue  # isort: skip
from telegram._utils.types import ODVInput  # isort: skip

from bot.redaction import TOKEN

# Else each RetryAfter warns of its own deprecation while it is made. Its `retry_after` is a timedelta by this.
os.environ.setdefault("PTB_TIMEDELTA", "1")

KEEPALIVE_SECONDS = 30
ERROR_BYTES_MAX = 300


class NotSent(ConnectionError):
    """Nothing was written to a connection: Telegram can't have heard of it."""


class Unanswered(ConnectionError):
    """Something may have been written and no answer was read: Telegram may have done it or not."""


def certainly_not_sent(error: BaseException) -> bool:
    """Whether a request failed before any of it was written, so that repeating it can double nothing.

    True for refused connections, names that don't resolve, failed TLS handshakes, time-outs while connecting and an
    exhausted pool. False for all that is ambiguous, and for answers such as 400 or 429.
    """
    return any(isinstance(cause, NotSent) for cause in _chain(error))


class _PoolExhausted(TimeoutError):
    """All slots are taken, and none came free in time."""


class _Closed(ConnectionError):
    """Used before `initialize` or after `shutdown`."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait when a call doesn't say; None waits for ever.

    `upload` takes the place of `write` in requests with files, and bounds the whole upload. Requests without files fit
    into the socket's buffer, so that `write` has nothing to bound in them.
    """

    pool: float | None = 5
    connect: float | None = 5
    read: float | None = 10
    upload: float | None = 60


class AiohttpRequest(BaseRequest):
    """The transport for `Bot(request=..., get_updates_request=...)`.

    `connections_max` is the number of requests in flight at once; one more waits for `pool` seconds at most.
    Proxies named in the environment are not used. Redirects are not followed: they would carry the token elsewhere.
    """

    __slots__ = ("_connections_max", "_patience", "_session", "_slots")

    def __init__(self, connections_max: int = 256, patience: Patience = Patience()) -> None:
        self._connections_max = connections_max
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(connections_max)

    @property
    def read_timeout(self) -> float | None:
        return self._patience.read

    async def initialize(self) -> None:
        if self._session is None:
            self._open()

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def fresh(self) -> None:
        """Throws every connection away and begins anew. What is in flight fails as ambiguous."""
        stale = self._session
        self._open()
        if stale is not None:
            await stale.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The HTTP status and the body.

        Raises TimedOut or NetworkError, caused by NotSent or Unanswered. Neither their texts nor anything they are
        chained to holds the address, for the token is part of it.
        """
        patience = Patience(
            pool=_chosen(pool_timeout, self._patience.pool),
            connect=_chosen(connect_timeout, self._patience.connect),
            read=_chosen(read_timeout, self._patience.read),
            upload=_chosen(write_timeout, self._patience.upload),
        )
        slots = self._slots
        try:
            await _acquire(slots, patience.pool)
            try:
                return await self._exchange(url, method, request_data, patience)
            finally:
                slots.release()
        except (aiohttp.ClientError, OSError) as error:
            failure = _failure(error)
        # Outside of the except clause, so that the exception which names the address isn't its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dictionary. Raises NetworkError for what isn't one, without quoting it."""
        try:
            answer = orjson.loads(payload)
        except orjson.JSONDecodeError:
            answer = _parsed_leniently(payload)
        if not isinstance(answer, dict):
            raise NetworkError("The server's answer is not one of the Bot API")
        return answer

    def _open(self) -> None:
        self._slots = asyncio.Semaphore(self._connections_max)
        self._session = aiohttp.ClientSession(
            # The number is bounded by the slots: aiohttp's own limit has no time-out apart from connecting.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEPALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, patience: Patience
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise _Closed
        body, headers = _body(request_data)
        has_files = isinstance(body, aiohttp.FormData)
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=_timeout(patience, has_files), allow_redirects=False
        ) as answer:
            content = await answer.read()
        return answer.status, content if answer.status < 300 else _presentable(content)


def _chosen(given: ODVInput[float], otherwise: float | None) -> float | None:
    return otherwise if isinstance(given, DefaultValue) else given


async def _acquire(slots: asyncio.Semaphore, seconds: float | None) -> None:
    if not slots.locked():
        await slots.acquire()
        return
    try:
        async with asyncio.timeout(seconds):
            await slots.acquire()
    except TimeoutError:
        raise _PoolExhausted from None


@lru_cache(maxsize=64)
def _timeout(patience: Patience, has_files: bool) -> aiohttp.ClientTimeout:
    parts = (patience.connect, patience.upload, patience.read)
    bounded = has_files and None not in parts
    return aiohttp.ClientTimeout(
        # aiohttp has no time-out for writing, so the whole exchange of a file is bounded.
        total=sum(part or 0 for part in parts) if bounded else None,
        connect=patience.connect,
        sock_connect=patience.connect,
        sock_read=patience.read,
    )


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    if request_data is None:
        return None, {}
    if request_data.contains_files:
        return _form(request_data), {}
    return _json(request_data), {"Content-Type": "application/json"}


def _json(request_data: RequestData) -> bytes:
    try:
        return orjson.dumps(request_data.parameters, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        # Half a surrogate pair, which the standard library escapes and Telegram refuses with a clear answer.
        return request_data.json_payload


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Unquoted, so that Telegram shows a file's Chinese name as it is.
    form = aiohttp.FormData(quote_fields=False)
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (file_name, content, content_type) in request_data.multipart_data.items():
        # As a stream, for aiohttp writes bytes of more than a megabyte in one piece and warns of it.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=file_name, content_type=content_type)
    return form


def _parsed_leniently(payload: bytes) -> object:
    """orjson refuses broken UTF-8 and halves of surrogate pairs, which one person's text must not do to the rest."""
    try:
        return json.loads(payload.decode(errors="replace"))
    except ValueError as error:
        raise NetworkError("The server's answer is not JSON") from error


def _presentable(content: bytes) -> bytes:
    """An error's body as python-telegram-bot may quote it: proxies write the address, and so the token, into theirs."""
    shown = content if content.startswith(b"{") else content[:ERROR_BYTES_MAX]
    return TOKEN.sub("[hidden]", shown.decode(errors="replace")).encode()


_BEFORE_WRITING = (
    _PoolExhausted,
    _Closed,
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


def _failure(error: Exception) -> NetworkError:
    told = _told(error)
    failure = TimedOut(told) if isinstance(error, TimeoutError) else NetworkError(told)
    failure.__cause__ = NotSent(told) if isinstance(error, _BEFORE_WRITING) else Unanswered(told)
    return failure


def _told(error: Exception) -> str:
    """What went wrong, from the parts of an exception that can't hold the address."""
    if isinstance(error, _PoolExhausted):
        return "All connections are in use"
    if isinstance(error, _Closed):
        return "The transport is not open"
    if isinstance(error, aiohttp.ClientConnectorError):
        return str(error)
    number = getattr(error, "errno", None)
    return f"{type(error).__name__}: {os.strerror(number)}" if number else type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__
