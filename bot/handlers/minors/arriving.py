"""Coming in under 18: how old, and the link that a guardian opens on a phone of his own."""

from dataclasses import replace

from bot.cards import Button, Card, Onward, card, press
from bot.domain import chats, minors, people
from bot.domain.minors import TOKEN_DAYS, needs_guardian
from bot.domain.people import AGE_NAMES, Age
from bot.locales import LANGUAGES, Said, say
from bot.posters import poster
from bot.routing import Answer, Heard, Who, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

MINE = {Age.CHILD: "minors.little", Age.YOUTH: "minors.youth"}


def _language(heard: Heard) -> str:
    if not heard.args or heard.args[0] not in LANGUAGES:
        raise stale()
    return heard.args[0]


async def young(tx: Transaction, heard: Heard) -> Answer:
    """How old?"""
    if heard.person:
        return Onward("minors.age")
    language = _language(heard)
    rows = tuple(
        (Button(AGE_NAMES[age], press(MINE[age], language, *heard.args[1:])),) for age in (Age.YOUTH, Age.CHILD)
    )
    return card(
        say("<b>How old are you?</b>"),
        say(
            "I keep only which of the two it is, never a birthday. Some things are not for your age yet, and I say why."
        ),
        rows=rows,
        back=press("people.welcome", language, *heard.args[1:]),
        home=False,
        language=language,
    )


async def youth(tx: Transaction, heard: Heard) -> Answer:
    """Take somebody from 14 to 17 in; where the county asks for a guardian's consent, that comes first."""
    language = _language(heard)
    if needs_guardian(Age.YOUTH, heard.house.settings.minors):
        return await _ask(tx, heard, language, Age.YOUTH)
    await chats.note(tx, heard.sender.id, "private", "")
    await chats.want(tx, heard.sender.id, None)
    await people.register(tx, heard.sender.id, heard.sender.nickname, language, age=Age.YOUTH)
    return Onward(":".join(heard.args[1:]) or "home")


async def child(tx: Transaction, heard: Heard) -> Answer:
    """Somebody under 14: nothing is kept before a guardian has agreed."""
    return await _ask(tx, heard, _language(heard), Age.CHILD)


async def _ask(tx: Transaction, heard: Heard, language: str, age: Age) -> Card:
    key = heard.house.settings.telegram.token.get_secret_value()
    token = await minors.strangers_token(tx, heard.sender.id, key)
    agreed = Button(say("They have agreed"), press("minors.agreed", token, language, age), style="primary")
    return _link(heard, token, (agreed,), language, home=False)


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """A link for the guardian of somebody who is here already."""
    token = await minors.make_token(tx, heard.me)
    return _link(heard, token, (), heard.me.language, home=True)


def _link(heard: Heard, token: str, row: tuple[Button, ...], language: str, *, home: bool) -> Card:
    """The link as a picture, which a phone beside this one can read, and as text."""
    link = heard.house.link(payload(press("minors.guard", token)))
    shown = poster(_words(), link, name="guardian", back="")
    return replace(shown, rows=(*((row,) if row else ()), *shown.rows), language=language, home=home)


def _words() -> Said:
    return say(
        "<b>A parent or guardian has to agree first.</b> Let them open this link on their own phone, or scan the picture. "
        "It works for {days} days. Until they agree I keep nothing about you but this link.",
        days=TOKEN_DAYS,
    )


async def agreed(tx: Transaction, heard: Heard) -> Answer:
    """Come in, once the guardian has agreed, and go on to where the poster led."""
    token, language, age = (*heard.args, "", "", "")[:3]
    if language not in LANGUAGES or age not in (Age.CHILD, Age.YOUTH):
        raise stale()
    await minors.come_in(tx, token, heard.sender.id, heard.sender.nickname, language, age=Age(age))
    chat = await chats.known(tx, heard.sender.id)
    await chats.note(tx, heard.sender.id, "private", "")
    await chats.want(tx, heard.sender.id, None)
    return Onward((chat.wanted if chat else None) or "home", fresh=True)


ROUTES = [
    on_press("minors.young", young, Who.ANYONE),
    on_press("minors.youth", youth, Who.ANYONE),
    on_press("minors.little", child, Who.ANYONE),
    on_press("minors.agreed", agreed, Who.ANYONE),
    on_press("minors.ask", ask),
]
