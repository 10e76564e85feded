"""Offers of groups, and meetings that pair them with needs."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import activities, groups, projects
from bot.domain.projects import Offer, Pair, reading
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
GROUPS_A_PAGE = 6
WORD_BYTES_MAX = 18
Rows = tuple[tuple[Button, ...], ...]


async def offers(tx: Transaction, heard: Heard) -> Answer:
    """What groups offer."""
    page = await projects.offers(tx, heard.page())
    rows = [
        (Button(say("{title} · {group}", title=each.title, group=each.group_name), press("projects.offer", each.id)),)
        for each in page.items
    ]
    new = (Button(say("＋ Offer something"), "projects.newoffer"),) if heard.me.leads else ()
    return card(
        say("<b>What groups offer</b>"),
        page.place() if rows else say("Nothing is offered just now. Leaders offer hands, rooms, vans, skills."),
        rows=(*rows, *page.turner("projects.offers"), new),
        back="projects.list:open",
    )


async def offer(tx: Transaction, heard: Heard) -> Answer:
    """One offer."""
    return await _offer(tx, heard, await projects.offer(tx, heard.number()))


async def _offer(tx: Transaction, heard: Heard, found: Offer) -> Card:
    may = heard.me.is_admin or await groups.leads(tx, found.group_id, heard.me)
    label = say("Offer it again") if found.closed_at else say("Take it off the list")
    return card(
        say("🎁 <b>{title}</b>", title=found.title),
        say("{group} offers it.", group=found.group_name),
        *((say("It is off the list."),) if found.closed_at else ()),
        *((BLANK, say("{about}", about=found.about)) if found.about else ()),
        rows=((Button(label, press("projects.closeoffer", found.id, int(found.closed_at is None))),),) if may else (),
        back="projects.offers",
    )


async def close_offer(tx: Transaction, heard: Heard) -> Answer:
    """Take it off the list, or put it back."""
    found = await projects.close_offer(tx, heard.number(), closed=heard.number(1) == 1, by=heard.me)
    return await _offer(tx, heard, found)


async def new_offer(tx: Transaction, heard: Heard) -> Answer:
    """Choose the group that offers something."""
    led, number = await groups.led_groups(tx, heard.me), heard.page()
    if len(led) == 1:
        return await forms.begin(tx, heard, OFFER, {"group": led[0].id})
    page = page_in(led, number, GROUPS_A_PAGE)
    rows = [(Button(say("{group}", group=each.name), press("projects.offerfor", each.id)),) for each in page.items]
    return card(say("Which group offers it?"), rows=(*rows, *page.turner("projects.newoffer")), back="projects.offers")


async def offer_for(tx: Transaction, heard: Heard) -> Answer:
    """Ask what it is."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, OFFER, {"group": group.id})


async def _offered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    about = answers.get("about") or ""
    found = await projects.make_offer(tx, answers["group"], answers["title"], about, by=heard.me)
    return (await _offer(tx, heard, found)).with_toast(say("Offered. Meetings can pair it with a need."))


# Meetings


async def meeting(tx: Transaction, heard: Heard) -> Answer:
    """What a meeting has before it, and what it paired."""
    found = await projects.meeting(tx, heard.number())
    page = await projects.pairs(tx, found.id, heard.page(1))
    needs = await projects.count(tx, "open", heard.me)
    offered = (await projects.offers(tx, 0)).total or 0
    leads = (await activities.view(tx, found.id, heard.me)).leads or heard.me.is_admin
    rows = [
        (Button(say("🔗 {need} – {offer}", need=each.need, offer=each.offered), press("projects.pair", each.id)),)
        for each in page.items
    ]
    pair = (
        ((Button(say("Pair a need with an offer"), press("projects.pairing", found.id), style="primary"),),)
        if leads
        else ()
    )
    return card(
        say("🔗 <b>{title}</b>: needs and offers", title=found.title),
        say("Post what you need and what you offer before it; the meeting pairs them."),
        say_n("{n} need is free", "{n} needs are free", needs),
        say_n("{n} offer", "{n} offers", offered),
        *((BLANK,) if rows else ()),
        *(_line(each) for each in page.items),
        rows=(
            *pair,
            *rows,
            *page.turner("projects.meeting", found.id),
            (Button(say("Needs"), "projects.list:open"), Button(say("Offers"), "projects.offers")),
        ),
        back=press("activities.open", found.id),
    )


def _line(each: Pair) -> Said:
    return say("• {need} – {group}: {state}", need=each.need, group=each.group_name, state=_state(each))


def _state(each: Pair) -> Said:
    if each.is_done:
        return say("done")
    if each.came_apart:
        return say("came apart")
    return {"proposed": say("not answered"), "declined": say("declined"), "taken": say("going on")}[each.state]


async def pairing(tx: Transaction, heard: Heard) -> Answer:
    """Choose the need."""
    return await _needs(tx, heard, heard.number(), "", heard.page(1))


async def needs_found(tx: Transaction, heard: Heard) -> Answer:
    """Choose among the needs that have a word in them."""
    return await _needs(tx, heard, heard.number(), *_word(heard, 1))


def _word(heard: Heard, place: int) -> tuple[str, int]:
    """A word, which may hold a colon, and the page after it."""
    if len(heard.args) < place + 2 or not heard.args[-1].isdecimal():
        raise stale()
    return ":".join(heard.args[place:-1]), heard.page(len(heard.args) - 1)


async def _needs(tx: Transaction, heard: Heard, meeting_id: int, word: str, number: int) -> Card:
    found = await projects.meeting(tx, meeting_id)
    await activities.managed_by(tx, found.id, heard.me)
    page = await projects.listed(tx, "open", heard.me, number, word=word)
    rows = [
        (
            Button(
                say("{title} · {place}", title=each.title, place=each.place),
                press("projects.pairwith", found.id, each.id),
            ),
        )
        for each in page.items
    ]
    turner = page.turner("projects.likeneeds", found.id, word) if word else page.turner("projects.pairing", found.id)
    return card(
        *_head(say("Which need?") if rows else say("No need is free just now."), word),
        rows=(*rows, *_turned(turner, word, found.id)),
        back=press("projects.pairing", found.id) if word else press("projects.meeting", found.id),
    )


def _head(asked: Said, word: str) -> tuple[Said, ...]:
    return (asked, say("With “{word}”", word=word)) if word else (asked,)


def _turned(turner: Rows, word: str, *ids: int) -> Rows:
    """The row that turns pages, with the search beside it; a list that is short has none."""
    if not turner and not word:
        return ()
    return ((*(turner[0] if turner else ()), Button(say("🔍 Search"), press("projects.pairsearch", *ids))),)


async def pair_with(tx: Transaction, heard: Heard) -> Answer:
    """Choose the offer."""
    return await _offers(tx, heard, heard.number(), heard.number(1), "", heard.page(2))


async def offers_found(tx: Transaction, heard: Heard) -> Answer:
    """Choose among the offers that have a word in them."""
    return await _offers(tx, heard, heard.number(), heard.number(1), *_word(heard, 2))


async def _offers(tx: Transaction, heard: Heard, meeting_id: int, need_id: int, word: str, number: int) -> Card:
    found = await projects.meeting(tx, meeting_id)
    await activities.managed_by(tx, found.id, heard.me)
    project = await projects.seen_by(tx, need_id, heard.me)
    page = await projects.offers(tx, number, word=word)
    rows = [
        (
            Button(
                say("{title} · {group}", title=each.title, group=each.group_name),
                press("projects.paired", found.id, project.id, each.id),
            ),
        )
        for each in page.items
    ]
    asked = say("Which offer fits “{title}”?", title=project.title) if rows else say("Nothing is offered just now.")
    ids = (found.id, project.id)
    turner = page.turner("projects.likeoffers", *ids, word) if word else page.turner("projects.pairwith", *ids)
    return card(
        *_head(asked, word),
        rows=(*rows, *_turned(turner, word, *ids)),
        back=press("projects.pairwith", *ids) if word else press("projects.pairing", found.id),
    )


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a word that the need, or the offer, has in it."""
    found = await projects.meeting(tx, heard.number())
    await activities.managed_by(tx, found.id, heard.me)
    return await forms.begin(tx, heard, SEARCH, {"meeting": found.id, "need": heard.number(1) if heard.args[1:] else 0})


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    word = _short(answers["word"])
    if answers["need"]:
        return await _offers(tx, heard, answers["meeting"], answers["need"], word, 0)
    return await _needs(tx, heard, answers["meeting"], word, 0)


def _short(word: str) -> str:
    """What is looked for: so much of it as stands in a button beside two numbers, whole characters."""
    return word.encode()[:WORD_BYTES_MAX].decode(errors="ignore").strip()


async def paired(tx: Transaction, heard: Heard) -> Answer:
    """Pair the two."""
    made = await projects.pair_up(tx, heard.number(), heard.number(1), heard.number(2), by=heard.me)
    return (await _pair(tx, heard, made)).with_toast(say("Paired; the group is asked."))


async def pair(tx: Transaction, heard: Heard) -> Answer:
    """One pair."""
    return await _pair(tx, heard, await projects.pair(tx, heard.number()))


async def _pair(tx: Transaction, heard: Heard, found: Pair) -> Card:
    rows: list[tuple[Button, ...]] = []
    if found.state == "proposed" and await groups.leads(tx, found.group_id, heard.me):
        rows.append(
            (
                Button(say("We take it on"), press("projects.pairanswer", found.id, 1), style="primary"),
                Button(say("We can't"), press("projects.pairanswer", found.id, 0)),
            )
        )
    leads = (await activities.view(tx, found.activity_id, heard.me)).leads or heard.me.is_admin
    if found.state == "proposed" and leads:
        rows.append((Button(say("Undo the pair"), press("projects.part", found.id)),))
    opens = (
        Button(say("The need"), press("projects.open", found.project_id)),
        Button(say("The offer"), press("projects.offer", found.offer_id)),
    )
    return card(
        say("🔗 “{need}” – “{offer}”", need=found.need, offer=found.offered),
        say("{group}: {state}", group=found.group_name, state=_state(found)),
        rows=(*rows, opens),
        back=press("projects.meeting", found.activity_id),
    )


async def answer(tx: Transaction, heard: Heard) -> Answer:
    """Take it on, or decline."""
    rules = heard.house.settings.projects
    found = await projects.answer_pair(tx, heard.number(), takes=heard.number(1) == 1, by=heard.me, rules=rules)
    toast = (
        say("It is yours. Plan an activity for it.")
        if found.state == "taken"
        else say("Declined; the meeting is told.")
    )
    return (await _pair(tx, heard, found)).with_toast(toast)


async def part(tx: Transaction, heard: Heard) -> Answer:
    """Take the pair back."""
    found = await projects.part(tx, heard.number(), by=heard.me)
    return card(
        say("“{need}” and “{offer}” are a pair no more.", need=found.need, offer=found.offered),
        back=press("projects.meeting", found.activity_id),
    )


OFFER = Form(
    "projects.offer",
    say("An offer"),
    (
        Question("title", say("What"), say("What does your group offer? One short line."), reading.title),
        Question(
            "about",
            say("About"),
            say("Is there more to know? No names and telephone numbers, please: everybody reads it."),
            reading.about,
            optional=True,
        ),
    ),
    _offered,
    say("Offer it"),
    LEADERS,
)
SEARCH = forms.search(
    "projects.pairsearch",
    say("Which word? I look in the title, the text, and the place or the group."),
    _searched,
    LEADERS,
)
FORMS: tuple[Form, ...] = (OFFER, SEARCH)
ROUTES = [
    on_press("projects.offers", offers, link=True),
    on_press("projects.offer", offer, link=True),
    on_press("projects.closeoffer", close_offer, LEADERS),
    on_press("projects.newoffer", new_offer, LEADERS),
    on_press("projects.offerfor", offer_for, LEADERS),
    on_press("projects.meeting", meeting, link=True),
    on_press("projects.pairing", pairing, LEADERS),
    on_press("projects.pairwith", pair_with, LEADERS),
    on_press("projects.likeneeds", needs_found, LEADERS),
    on_press("projects.likeoffers", offers_found, LEADERS),
    on_press("projects.pairsearch", search, LEADERS),
    on_press("projects.paired", paired, LEADERS),
    on_press("projects.pair", pair),
    on_press("projects.pairanswer", answer, LEADERS),
    on_press("projects.part", part, LEADERS),
]
