"""The parameters of one call: a form's strings and JSON's own values are read alike, as Telegram does."""

from typing import Any

import orjson

from bot.sandbox.answers import Json, Upload, bad_request

TRUE_WORDS = ("true", "yes", "1")


class Params:
    """Reads by type. A value that can't be read is a 400 in Telegram's words."""

    __slots__ = ("files", "given")

    def __init__(self, given: Json, files: dict[str, Upload]) -> None:
        self.given = given
        self.files = files

    def text(self, name: str) -> str:
        """The text, or an empty one. Raises a 400 for half a surrogate pair, which UTF-8 can't say."""
        value = self.given.get(name)
        if value is None:
            return ""
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def number(self, name: str) -> int:
        """The number, or 0, as Telegram takes it for what is missing or no number."""
        value = self.given.get(name)
        try:
            return int(value) if value is not None else 0
        except (TypeError, ValueError):
            return 0

    def real(self, name: str) -> float:
        value = self.given.get(name)
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise bad_request(f"{name} is invalid") from None

    def flag(self, name: str, otherwise: bool = False) -> bool:
        value = self.given.get(name)
        if value is None:
            return otherwise
        return value.lower() in TRUE_WORDS if isinstance(value, str) else bool(value)

    def json(self, name: str) -> Any:
        """An object or a list, given as it is or as JSON in a string; None when it is missing or empty."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def object(self, name: str) -> Json | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def list(self, name: str) -> list[Any] | None:
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
        return value

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None
