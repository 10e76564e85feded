"""`talk`: say or press something as one of the sandbox's people, and see what the bot answers."""

from typing import Any

import aiohttp
from rich.console import Console
from rich.markup import escape

from bot.cli.stopping import Stop

PORT = 8081
TIMEOUT = aiohttp.ClientTimeout(total=30)
Json = dict[str, Any]


async def talk(port: int, who: str, deed: str, given: Json) -> Json:
    """Let `who` do something in the sandbox on `port`; what he sees of it. Raises Stop, naming what is possible."""
    base = f"http://127.0.0.1:{port}/sandbox/people"
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            name = await _name(session, base, who)
            if not deed:
                return await _answer(session.get(f"{base}/{name}"))
            return await _answer(session.post(f"{base}/{name}/{deed}", json=given))
    except (aiohttp.ClientError, TimeoutError):
        raise Stop(f"no sandbox answers on port {port}; start one: python -m bot sandbox") from None


async def _name(session: aiohttp.ClientSession, base: str, who: str) -> str:
    """The sandbox's name for somebody, who may be called by his name in the bot as well."""
    people = (await _answer(session.get(base)))["people"]
    for person in people:
        if who.lower() in (person["name"], person["first_name"].lower()):
            return str(person["name"])
    known = ", ".join(f"{person['name']} ({person['first_name']})" for person in people)
    raise Stop(f"there is no {who} in the sandbox; there are {known}")


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
