"""The page's own words, in Chinese and English: a small catalogue for each, which the template and the scripts share."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

LANGUAGES = ("zh", "en")
HERE = Path(__file__).parent
Words = dict[str, Any]


@cache
def words(language: str) -> Words:
    """By dotted name, what is said: `bar.time` is words["bar"]["time"]."""
    found: Words = orjson.loads((HERE / "words" / f"{language}.json").read_bytes())
    return found


def chosen(request: Request) -> str:
    """The language asked for, else the one chosen before, else the browser's."""
    asked = request.query_params.get("language") or request.cookies.get("language")
    if asked in LANGUAGES:
        return asked
    wanted = request.headers.get("accept-language", "zh").lower()
    return "zh" if wanted.startswith("zh") else "en"


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)


@cache
def page(language: str) -> str:
    """The whole page, its words at hand for its scripts as data that no browser runs."""
    found = words(language)
    # Within a script element only "</" could end it.
    data = orjson.dumps(found).decode().replace("<", "\\u003c")
    return _templates().get_template("page.html").render(words=found, language=language, data=data)
