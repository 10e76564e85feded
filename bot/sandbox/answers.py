"""What a call to the Bot API carries and what comes back."""

from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and what stands in the body: an object, or a gateway's page in bytes."""

    status: int
    body: Json | bytes

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)

    @property
    def content_type(self) -> str:
        return "text/html" if isinstance(self.body, bytes) else JSON_TYPE

    @property
    def is_ok(self) -> bool:
        return self.status == 200


class Refusal(Exception):
    """Telegram says no, in its own words: the code, the description and what a client needs to go on."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def answer(self) -> Answer:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Answer(self.code, body)


def ok(result: object) -> Answer:
    return Answer(200, {"ok": True, "result": result})


def bad_request(words: str) -> Refusal:
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    return Refusal(409, f"Conflict: {words}")


def too_many(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
