"""Where a link leads that somebody taps: to the bot, into a group, or out of the sandbox."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.chats import Chat, InviteLink
from bot.sandbox.people import People

TELEGRAM = ("t.me", "telegram.me", "www.t.me")


@dataclass(frozen=True)
class Leads:
    """What a link does. `kind` is start, add (the bot to a group), join, chat, share or outside."""

    kind: str
    payload: str = ""
    chat: Chat | None = None
    link: InviteLink | None = None


def followed(people: People, url: str) -> Leads:
    """Raises ValueError for an address that no browser understands."""
    address = urlsplit(url if "//" in url else f"https://{url}")
    given = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    if address.scheme == "tg":
        return _by_app(people, address.hostname or "", given)
    if address.hostname not in TELEGRAM:
        return Leads("outside", url)
    path = address.path.strip("/")
    if path in ("share/url", "share"):
        return Leads("share", f"{given.get('text', '')}\n{given.get('url', '')}".strip())
    if path.startswith(("+", "joinchat/")):
        return _invited(people, f"https://t.me/{path}")
    return _named(people, path.partition("/")[0], given)


def _by_app(people: People, deed: str, given: dict[str, str]) -> Leads:
    if deed == "resolve":
        return _named(people, given.get("domain", ""), given)
    return Leads("outside", deed)


def _named(people: People, username: str, given: dict[str, str]) -> Leads:
    if username.lower() == people.bot.username.lower():
        if "startgroup" in given:
            return Leads("add", given["startgroup"])
        return Leads("start" if "start" in given else "chat", given.get("start", ""))
    chat = people.world.chats.get(people.world.ids_by_username.get(username.lower(), 0))
    return Leads("join", chat=chat) if chat is not None else Leads("outside", f"https://t.me/{username}")


def _invited(people: People, address: str) -> Leads:
    for chat in people.world.chats.values():
        if link := chat.links.get(address):
            return Leads("join", chat=chat, link=link)
    return Leads("outside", address)
