"""What admins do: open an honour, look at nominations, answer objections."""

from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import honours
from bot.domain.honours import HOUR_MINUTES, TITLE_CHARACTERS_MAX, WORDS_CHARACTERS_MAX
from bot.forms import Form, Question
from bot.handlers.honours.showing import screen
from bot.locales import say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

DAY = 24 * 3600


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form of a new honour."""
    return await forms.begin(tx, heard, OFFERING)


async def _offered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await honours.offer(
        tx,
        answers["title"],
        answers["about"],
        answers["hours"] * HOUR_MINUTES,
        answers["star"],
        tx.now + answers["days"] * DAY,
        by=heard.me,
    )
    return card(
        say("🏅 <b>{title}</b> is open; /honours shows it to everybody.", title=found.title),
        rows=((Button(say("Open"), press("honours.open", found.id)),),),
        back="honours.list",
    )


async def nominated(tx: Transaction, heard: Heard) -> Answer:
    """Everybody who was nominated for one honour."""
    found = await honours.honour(tx, heard.number())
    page = await honours.nominations_for(tx, found.id, heard.page(1))
    rows = tuple((Button(say("{name}", name=each.nickname), press("honours.one", each.id)),) for each in page.items)
    empty = (say("Nobody yet."),) if not page.items else ()
    return card(
        say("🏅 <b>{title}</b>: nominated", title=found.title),
        *empty,
        rows=(*rows, *page.turner("honours.for", found.id)),
        back=press("honours.open", found.id),
    )


async def fits(tx: Transaction, heard: Heard) -> Answer:
    """Make it public."""
    rules = heard.house.settings.hours
    found = await honours.review(tx, heard.number(), fits=True, by=heard.me, rules=rules)
    return (await screen(tx, found, heard)).with_toast(say("Public; both are told."))


async def refuse(tx: Transaction, heard: Heard) -> Answer:
    """Ask why: both read it."""
    found = await honours.seen_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, REFUSING, {"nomination": found.id})


async def _refused(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    rules = heard.house.settings.hours
    number, why = answers["nomination"], answers["reason"]
    found = await honours.review(tx, number, fits=False, by=heard.me, rules=rules, reason=why)
    return (await screen(tx, found, heard)).with_toast(say("Refused; both are told."))


async def answer(tx: Transaction, heard: Heard) -> Answer:
    """Answer an objection."""
    found = await honours.answer(tx, heard.number(), heard.number(1), right=heard.number(2) == 1, by=heard.me)
    return (await screen(tx, found, heard)).with_toast(say("Answered; both sides are told."))


OFFERING = Form(
    "honours.offer",
    say("A new honour"),
    (
        Question("title", say("Title"), say("What is it called?"), forms.short_text(TITLE_CHARACTERS_MAX)),
        Question("about", say("About"), say("What is it given for?"), forms.short_text(WORDS_CHARACTERS_MAX)),
        Question(
            "hours",
            say("Hours"),
            say("How many hours of service does the record have to show? 0 for none."),
            forms.whole_number(0, 10_000),
            choices=tuple((str(n), say("{value}", value=n)) for n in (0, 20, 50, 100)),
        ),
        Question(
            "star",
            say("Star"),
            say("Which star at least? 0 for none."),
            forms.whole_number(0, 5),
            choices=tuple((str(n), say("{value}", value=n)) for n in (0, 1, 2, 3)),
        ),
        Question(
            "days",
            say("Days"),
            say("For how many days can people be nominated?"),
            forms.whole_number(1, 90),
            choices=tuple((str(n), say_n("{n} day", "{n} days", n)) for n in (7, 14, 30)),
        ),
    ),
    _offered,
    say("Let people nominate"),
    Who.ADMIN,
)
REFUSING = Form(
    "honours.refuse",
    say("Refuse it"),
    (
        Question(
            "reason",
            say("Reason"),
            say("Why? Whoever nominated and who is nominated read it."),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _refused,
    say("Refuse it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (OFFERING, REFUSING)
ROUTES = [
    on_press("honours.new", new, Who.ADMIN),
    on_press("honours.for", nominated, Who.READER),
    on_press("honours.fits", fits, Who.ADMIN),
    on_press("honours.refuse", refuse, Who.ADMIN),
    on_press("honours.answer", answer, Who.ADMIN),
]
