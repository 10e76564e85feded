"""No secret reaches a log, whichever library writes it and wherever in the record it stands."""

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
from telegram import Bot

from bot.redaction import Redaction
from tests.wire import CANARY, CANARY_SECRET, fine, serving

PASSWORD = "pa$$word.of (postgres)"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the root handler wrote, at the lowest level, with the filter on that handler."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Redaction([PASSWORD, ""]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


PLACES = {
    "message": lambda log, secret: log.info(f"polling with {secret} now"),
    "argument": lambda log, secret: log.info("polling with %s now", secret),
    "named argument": lambda log, secret: log.info("polling with %(token)s now", {"token": secret}),
    "inside an argument": lambda log, secret: log.info("request %r", {"url": f"https://host/bot{secret}/getMe"}),
    "arguments that don't fit": lambda log, secret: log.info("polling", secret),  # noqa: PLE1205
    "stack": lambda log, secret: log.info("stack", stack_info=bool(secret)),
}


@pytest.mark.parametrize("name", ["bot.gateway", "telegram.Bot", "httpx", "aiohttp.client", "asyncio"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", [CANARY, CANARY.replace(":", "%3A"), PASSWORD], ids=["token", "quoted", "password"])
def test_a_secret_is_hidden_wherever_it_stands_in_a_record(
    log: io.StringIO, name: str, place: str, secret: str
) -> None:
    """A token and a configured secret are hidden in message, arguments and stack, from every library."""
    PLACES[place](logging.getLogger(name), secret)

    assert log.getvalue()
    assert CANARY_SECRET not in log.getvalue()
    assert PASSWORD not in log.getvalue()


def test_an_exception_is_shown_without_the_secrets_in_it(log: io.StringIO) -> None:
    """The text of an exception, and of what caused it, is hidden; its kind and its place stay."""
    try:
        try:
            raise ValueError(f"no host in https:///bot{CANARY}/getMe")
        except ValueError as error:
            raise RuntimeError(f"password was {PASSWORD}") from error
    except RuntimeError:
        logging.getLogger("bot.gateway").exception("polling failed")

    assert "RuntimeError: password was [hidden]" in log.getvalue()
    assert "test_redaction.py" in log.getvalue()
    assert CANARY_SECRET not in log.getvalue()


def test_a_second_handler_doesnt_see_more_than_the_first(log: io.StringIO) -> None:
    """The record itself is changed, so that a handler without the filter can't format the exception anew."""
    second = io.StringIO()
    handler = logging.StreamHandler(second)
    logging.getLogger().addHandler(handler)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("bot.gateway").exception("polling with %s failed", CANARY)
    logging.getLogger().removeHandler(handler)

    assert "8123456789:[hidden]" in second.getvalue()
    assert CANARY_SECRET not in second.getvalue()


async def test_httpx_and_telegram_write_requests_without_the_token(log: io.StringIO) -> None:
    """httpx logs addresses at INFO and telegram.Bot its calls and itself at DEBUG: the token is in neither."""
    async with serving(fine) as url, httpx.AsyncClient() as client:
        await client.post(url, json={})
    logging.getLogger("telegram.Bot").debug("Calling Bot API endpoint `getMe` of %r", Bot(CANARY))

    assert "/bot8123456789:[hidden]/getMe" in log.getvalue()
    assert CANARY_SECRET not in log.getvalue()


def test_a_harmless_record_keeps_its_arguments(log: io.StringIO) -> None:
    """Formatters that look at single arguments still find them."""
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "%s %d", ("/health at 12:30:45", 200), None)

    assert Redaction([PASSWORD]).filter(record)
    assert record.args == ("/health at 12:30:45", 200)
