"""Privileges: what there is and what it takes, and what admins do with them."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import hours, shop
from bot.domain.shop import Privilege
from bot.domain.shop.entitling import TITLE_CHARACTERS_MAX
from bot.forms import Form, Question
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

ENDINGS_A_PAGE = 5


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Privileges: where my card counts, by star and role"""
    page = await shop.privileges(tx, heard.me, heard.page())
    return card(
        say("🌟 <b>Privileges</b>"),
        *(_line(each) for each in page.items),
        *(() if page.items else (say("None yet. County admins agree on them with shops and sights."),)),
        *((say("✅ counts for you: show your card at the counter."),) if page.items else ()),
        rows=page.turner("shop.privileges"),
        back="shop.list",
    )


def _line(each: Privilege) -> Said:
    return say(
        "{mark} {title} · {partner}, {place}\n{who}",
        mark="✅" if each.holds else "▫️",
        title=each.title,
        partner=each.partner,
        place=each.place,
        who=shop.for_whom(each),
    )


async def at_counter(tx: Transaction, heard: Heard) -> Answer:
    """The privileges of one counter."""
    return await _of(tx, heard.number(), heard, heard.page(1))


async def _of(tx: Transaction, partner_id: int, heard: Heard, number: int = 0) -> Card:
    partner = await shop.partner(tx, partner_id)
    found = await shop.at_counter(tx, partner.id, heard.me)
    page = page_in(found, number, ENDINGS_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    if heard.me.is_admin:
        rows = [
            (Button(say("End “{title}”", title=each.title), press("shop.privilege.end", each.id)),)
            for each in page.items
        ]
        rows += page.turner("shop.privilege.list", partner.id)
        rows.append((Button(say("New privilege"), press("shop.privilege.new", partner.id)),))
    return card(
        say("🌟 <b>{name}</b>", name=partner.name),
        *(say("• {title} · {who}", title=each.title, who=shop.for_whom(each)) for each in found),
        *(() if found else (say("No privilege counts here yet."),)),
        rows=tuple(rows),
        back=press("shop.place", partner.id),
    )


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form of a new privilege."""
    partner = await shop.partner(tx, heard.number())
    return await forms.begin(tx, heard, NEW, {"partner": partner.id})


async def _given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await shop.grant_privilege(
        tx,
        answers["partner"],
        answers["title"],
        answers["star"],
        "" if answers["role"] == "all" else answers["role"],
        by=heard.me,
    )
    return (await _of(tx, answers["partner"], heard)).with_toast(say("From now on it counts."))


async def end(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a privilege ends: whoever shows a card there is told no from then on."""
    found = await shop.privilege(tx, heard.number(), heard.me)
    return card(
        say("<b>End “{title}” at {partner}?</b>", title=found.title, partner=found.partner),
        say("Whoever shows a card there has it no longer, from now on."),
        rows=((Button(say("Yes, end it"), press("shop.privilege.ended", found.id), style="danger"),),),
        back=press("shop.privilege.list", found.partner_id),
    )


async def ended(tx: Transaction, heard: Heard) -> Answer:
    """It counts no longer."""
    partner_id = await shop.end_privilege(tx, heard.number(), by=heard.me)
    return (await _of(tx, partner_id, heard)).with_toast(say("It counts no longer."))


def _role(typed: str, tx: Transaction) -> str:
    if typed not in ("all", "leader", "admin"):
        raise stale()
    return typed


NEW = Form(
    "shop.privilege",
    say("A new privilege"),
    (
        Question(
            "title",
            say("What"),
            say("What does one get? For instance: 10 % off coffee"),
            forms.short_text(TITLE_CHARACTERS_MAX),
        ),
        Question(
            "star",
            say("From which star on"),
            say("From which star on? 0: everybody."),
            forms.whole_number(0, shop.STAR_MAX),
            choices=(("0", say("everybody")), *((str(n), hours.starred(n)) for n in (1, 2, 3))),
        ),
        Question(
            "role",
            say("For whom"),
            say("For whom is it?"),
            _role,
            show=lambda value: shop.ROLES["" if value == "all" else value],
            choices=(("all", shop.ROLES[""]), ("leader", shop.ROLES["leader"]), ("admin", shop.ROLES["admin"])),
        ),
    ),
    _given,
    say("Let it count"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (NEW,)
ROUTES = [
    command("privileges", listing, also=("礼遇", "青年礼遇")),
    on_press("shop.privileges", listing, link=True),
    on_press("shop.privilege.list", at_counter, Who.READER),
    on_press("shop.privilege.new", new, Who.ADMIN),
    on_press("shop.privilege.end", end, Who.ADMIN),
    on_press("shop.privilege.ended", ended, Who.ADMIN),
]
