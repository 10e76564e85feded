"""What there is to be nominated for, nominating somebody, declining, objecting."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import groups, honours, people
from bot.domain.honours import WORDS_CHARACTERS_MAX, Honour, asks_for
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.handlers.honours.showing import screen, state_words
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

# Of the members of one's own groups so many can be tapped; a nickname with its number fits.
TAPPED_MAX, NAMED_CHARACTERS_MAX = 6, 60


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Honours: nominate somebody, see who has one"""
    page = await honours.open_honours(tx, heard.page())
    rows = [(Button(say("🏅 {title}", title=each.title), press("honours.open", each.id)),) for each in page.items]
    last = [
        Button(say("Public now"), press("honours.which", "public")),
        Button(say("Awarded"), press("honours.which", "awarded")),
    ]
    if heard.me.is_admin:
        last.append(Button(say("New honour"), "honours.new"))
    return card(
        say("🏅 <b>Honours</b>"),
        say("Whom would you thank before everybody? Open one to nominate somebody.")
        if page.items
        else say("Nobody can be nominated just now. County admins open honours from time to time."),
        rows=(*rows, *page.turner("honours.list"), tuple(last)),
        back="people.me",
    )


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One honour."""
    return _honour(await honours.honour(tx, heard.number()), heard, tx.now)


def _honour(found: Honour, heard: Heard, now: int) -> Card:
    rows: list[tuple[Button, ...]] = []
    if found.is_open(now):
        rows.append((Button(say("Nominate somebody"), press("honours.nominate", found.id), style="primary"),))
        rows.append((Button(say("Somebody of my groups ›"), press("honours.groups", found.id)),))
    if heard.me.reads_all:
        rows.append((Button(say("Nominated so far"), press("honours.for", found.id)),))
    return card(
        say("🏅 <b>{title}</b>", title=found.title),
        say("{about}", about=found.about),
        say("The record has to show: {what}.", what=asks_for(found)),
        say("Nominations until {moment}.", moment=Moment(found.until)),
        rows=tuple(rows),
        back="honours.list",
    )


async def which(tx: Transaction, heard: Heard) -> Answer:
    """Who is public just now, or has one; and for admins, who waits."""
    name = heard.args[0] if heard.args else ""
    if name not in honours.LISTS or (name in ("waiting", "objected") and not heard.me.reads_all):
        raise stale()
    page = await honours.nominations(tx, name, heard.page(1))
    rows = [
        (Button(say("{name}: {title}", name=each.nickname, title=each.title), press("honours.one", each.id)),)
        for each in page.items
    ]
    heads = {
        "waiting": say("🏅 <b>Nominations that wait</b>"),
        "objected": say("❗ <b>Objections without an answer</b>"),
        "public": say("📢 <b>Public before they are awarded</b>"),
        "awarded": say("🏅 <b>Awarded</b>"),
    }
    empty = (say("Nobody yet."),) if not page.items else ()
    return card(heads[name], *empty, rows=(*rows, *page.turner("honours.which", name)), back="honours.list")


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One nomination."""
    return await screen(tx, await honours.seen_by(tx, heard.number(), heard.me), heard)


async def nominate(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the name."""
    found = await honours.honour(tx, heard.number())
    known = [f"{each.nickname} #{each.id}" for each in await groups.newest_of(tx, heard.me, TAPPED_MAX)]
    return await forms.begin(tx, heard, WHO, {"honour": found.id, "people": known})


async def in_groups(tx: Transaction, heard: Heard) -> Answer:
    """My groups, to tap somebody of one of them."""
    found, shown = await honours.honour(tx, heard.number()), await groups.mine(tx, heard.me, heard.page(1))
    rows = (
        (Button(say("{group}", group=each.name), press("honours.fellows", found.id, each.id)),) for each in shown.items
    )
    home = press("honours.open", found.id)
    if not shown.total:
        words, look = say("You are in no group yet: type the name instead."), Button(say("All groups"), "groups.list")
        return card(say("🏅 <b>{title}</b>", title=found.title), words, rows=((look,),), back=home)
    return card(
        say("🏅 <b>{title}</b>", title=found.title),
        say("In which group is whoever you would nominate?"),
        rows=(*rows, *shown.turner("honours.groups", found.id)),
        back=home,
    )


async def in_group(tx: Transaction, heard: Heard) -> Answer:
    """Those who are in one of my groups."""
    found, group = await honours.honour(tx, heard.number()), await groups.by_id(tx, heard.number(1))
    shown = await groups.fellows(tx, group.id, heard.me, heard.page(2))
    rows = (
        (Button(say("{person} ›", person=each.nickname), press("honours.person", found.id, each.person_id)),)
        for each in shown.items
    )
    return card(
        say("🏅 <b>{title}</b>", title=found.title),
        say("Whom of {group}? Whoever is under 18 stands on no list: type the name instead.", group=group.name),
        rows=(*rows, *shown.turner("honours.fellows", found.id, group.id)),
        back=press("honours.groups", found.id, 0),
    )


async def _named(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    """One of that name: ask why; several: choose."""
    found = await people.named(tx, answers["who"])
    if len(found) == 1:
        return await _ask_why(tx, heard, answers["honour"], found[0])
    if not found:
        raise Refused(
            say(
                "Nobody here is called “{name}”. Nothing was saved; names and numbers have to be exact.",
                name=answers["who"],
            ),
            WayOut(say("Another name"), press("honours.nominate", answers["honour"])),
        )
    return people.which_of(
        found,
        lambda number: press("honours.person", answers["honour"], number),
        back=press("honours.open", answers["honour"]),
    )


async def person(tx: Transaction, heard: Heard) -> Answer:
    """Ask why this one."""
    return await _ask_why(tx, heard, heard.number(), await people.by_id(tx, heard.number(1)))


async def _ask_why(tx: Transaction, heard: Heard, honour_id: int, whom: Person) -> Card:
    """Nobody writes a reason for whom the record does not bear out."""
    await honours.fitting(tx, await honours.honour(tx, honour_id), whom, by=heard.me)
    return await forms.begin(tx, heard, WHY, {"honour": honour_id, "person": whom.id})


async def _nominated(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await honours.nominate(tx, answers["honour"], answers["person"], answers["why"], by=heard.me)
    return (await screen(tx, found, heard)).with_toast(say("Nominated; they are told."))


async def ask_to_decline(tx: Transaction, heard: Heard) -> Answer:
    """Ask first: whoever declines can't be nominated for it again."""
    found = await honours.seen_by(tx, heard.number(), heard.me)
    return card(
        say("Decline “{title}”? It ends here; nobody can nominate you for it once more.", title=found.title),
        rows=((Button(say("Yes, decline"), press("honours.decline.yes", found.id), style="danger"),),),
        back=press("honours.one", found.id),
    )


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """Decline."""
    found = await honours.decline(tx, heard.number(), by=heard.me)
    return card(say("🏅 <b>{title}</b>", title=found.title), state_words(found), back="honours.list")


async def object_to(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason."""
    found = await honours.seen_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, OBJECTING, {"nomination": found.id})


async def _objected(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await honours.object_to(tx, answers["nomination"], answers["words"], by=heard.me)
    shown = await screen(tx, found, heard)
    return shown.with_toast(say("Thank you. A county admin answers; until then it is not awarded."))


WHO = Form(
    "honours.who",
    say("Nominate somebody"),
    (
        Question(
            "who",
            say("Who"),
            say("Whom? Send the nickname exactly, or the number such as #12 (it stands under /me)."),
            forms.short_text(NAMED_CHARACTERS_MAX),
            offers=lambda known: tuple((who, say("{name}", name=who)) for who in known.get("people", ())),
        ),
    ),
    _named,
    say("Go on"),
)
WHY = Form(
    "honours.why",
    say("Nominate somebody"),
    (
        Question(
            "why",
            say("Why"),
            say("What did they do? One or two sentences; everybody can read them later."),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _nominated,
    say("Nominate"),
)
OBJECTING = Form(
    "honours.object",
    say("Object"),
    (
        Question(
            "words",
            say("Reason"),
            say("What do you know? County admins read it; the person does not see your name."),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _objected,
    say("Object"),
)
FORMS: tuple[Form, ...] = (WHO, WHY, OBJECTING)
ROUTES = [
    command("honours", listing, also=("荣誉", "评优")),
    on_press("honours.list", listing),
    on_press("honours.open", opened, link=True),
    on_press("honours.which", which),
    on_press("honours.one", one),
    on_press("honours.nominate", nominate),
    on_press("honours.groups", in_groups),
    on_press("honours.fellows", in_group),
    on_press("honours.person", person),
    on_press("honours.decline", ask_to_decline),
    on_press("honours.decline.yes", decline),
    on_press("honours.object", object_to),
]
