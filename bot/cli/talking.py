"""`talk`: say or press something as one of the sandbox's people, and see what the bot answers."""

from typing import Any

import aiohttp
from rich.console import Console
from rich.markup import escape

from bot.cli.stopping import Stop

PORT = 8081
TIMEOUT = aiohttp.ClientTimeout(total=30)
Json = dict[str, Any]


async def talk(port: int, who: str, deed: str, given: Json, group: str = "") -> Json:
    """Let `who` do something in the sandbox on `port`, in a group or alone with the bot; what he sees of it.

    Raises Stop, naming what is possible.
    """
    base = f"http://127.0.0.1:{port}/sandbox/people"
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            everybody = await _answer(session.get(base))
            name = _name(everybody["people"], who)
            chat = {"chat": _group(everybody["groups"], group)} if group else {}
            if not deed:
                return await _answer(session.get(f"{base}/{name}", params=chat))
            return await _answer(session.post(f"{base}/{name}/{deed}", json=given | chat))
    except (aiohttp.ClientError, TimeoutError):
        raise Stop(f"no sandbox answers on port {port}; start one: python -m bot sandbox") from None


def _name(people: list[Json], who: str) -> str:
    """The sandbox's name for somebody, who may be called by his name in the bot as well."""
    for person in people:
        if who.lower() in (person["name"], person["first_name"].lower()):
            return str(person["name"])
    known = ", ".join(f"{person['name']} ({person['first_name']})" for person in people)
    raise Stop(f"there is no {who} in the sandbox; there are {known}")


def _group(groups: list[Json], named: str) -> int:
    """The number of the group that is called so, or has that number."""
    for group in groups:
        if named.lower() in (group["title"].lower(), str(group["id"])):
            return int(group["id"])
    known = ", ".join(f"{group['title']} ({group['id']})" for group in groups)
    raise Stop(f"there is no group {named} in the sandbox; there are {known or 'none'}")


async def _answer(request: Any) -> Json:
    async with request as response:
        answer: Json = await response.json()
    if "error" in answer:
        raise Stop(answer["error"])
    return answer


def show(out: Console, seen: Json) -> None:
    """Print what a person sees: messages with their buttons, words at a press, files."""
    for message in seen["heard"]:
        out.print(escape(message["text"]), soft_wrap=True)
        for row in message["rows"]:
            out.print("  " + "  ".join(f"[reverse] {escape(label)} [/]" for label in row), soft_wrap=True)
        out.print()
    for toast in seen["toasts"]:
        out.print(f"[italic]({escape(toast['text'])})[/]", soft_wrap=True)
    for file in seen["files"]:
        out.print(f"[italic]{escape(file['name'])}, {file['bytes']} bytes[/]")
    if not (seen["heard"] or seen["toasts"] or seen["files"]):
        out.print("[italic](silence)[/]")
