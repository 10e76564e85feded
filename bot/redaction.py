"""Keeps secrets out of logs: bot tokens by their shape, configured secrets by their text."""

import logging
import re
import traceback
from collections.abc import Iterable

TOKEN = re.compile(r"(\d{6,})(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
HIDDEN = "[hidden]"


class Redaction(logging.Filter):
    """A filter for the root logger's handlers, so that records of every library pass it.

    On a handler and not on a logger: a logger's filter doesn't see what its children hand up. The record itself is
    changed, so handlers that come after see no more than the first.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        longest_first = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def redacted(self, text: str) -> str:
        """The text with the bot's id left in the place of its token, and nothing in the place of other secrets."""
        hidden = TOKEN.sub(rf"\1:{HIDDEN}", text)
        return self._secrets.sub(HIDDEN, hidden) if self._secrets else hidden

    def filter(self, record: logging.LogRecord) -> bool:
        self._redact_message(record)
        self._redact_exception(record)
        if record.stack_info:
            record.stack_info = self.redacted(record.stack_info)
        return True

    def _redact_message(self, record: logging.LogRecord) -> None:
        message = _message(record)
        redacted = self.redacted(message)
        # A harmless record keeps its arguments: some formatters, such as uvicorn's, look at them one by one.
        if redacted != message:
            record.msg, record.args = redacted, ()

    def _redact_exception(self, record: logging.LogRecord) -> None:
        if record.exc_text:
            record.exc_text = self.redacted(record.exc_text)
        if not record.exc_info or record.exc_info[0] is None:
            return
        text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        redacted = self.redacted(text)
        # A formatter shows exc_text as it stands. The exception goes, lest another handler formats it anew.
        if redacted != text:
            record.exc_text, record.exc_info = redacted, None


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # Arguments that don't fit their message: logging would print both unfiltered on standard error.
        record.msg, record.args = f"{record.msg!r} with {record.args!r}", ()
        return record.getMessage()
