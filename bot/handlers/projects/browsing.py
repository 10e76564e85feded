"""Lists of needs: free to claim, being worked on, done, mine; one need, and its history."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import groups, people, projects
from bot.domain.projects import COUNTY_LISTS, LISTS, STEP_NAMES, Project, State
from bot.forms import Form
from bot.handlers.projects.showing import screen
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

TITLES = {
    "open": say("Needs that can be claimed"),
    "busy": say("Needs being taken care of"),
    "done": say("Needs that were met"),
    "mine": say("My needs"),
    "held": say("What we claimed"),
    "posted": say("New needs"),
    "waiting": say("Claims to confirm"),
    "lapsing": say("Claims about to lapse"),
    "silent": say("Not summed up"),
}
EMPTY = {
    "open": say("Nothing waits to be claimed just now. Do you need something? Post it."),
    "mine": say("You have posted nothing yet. What is needed where you live?"),
    "held": say("You have claimed nothing. Look what is needed."),
}
NOTHING = say("There is nothing here just now.")


async def needs(tx: Transaction, heard: Heard) -> Answer:
    """What is needed in the county, to claim; with a word: only those"""
    return await _list(tx, heard, "open", groups.clean_query(heard.words), 0)


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """A page of one of the lists."""
    which = heard.args[0] if heard.args else ""
    if which not in LISTS:
        raise stale()
    if which in COUNTY_LISTS:
        people.only_readers(heard.me)
    return await _list(tx, heard, which, "", heard.page(1))


async def found(tx: Transaction, heard: Heard) -> Answer:
    """A page of what has a word in it; the word may hold a colon."""
    if len(heard.args) < 2 or not heard.args[-1].isdecimal():
        raise stale()
    return await _list(tx, heard, "open", ":".join(heard.args[:-1]), heard.page(len(heard.args) - 1))


async def _list(tx: Transaction, heard: Heard, which: str, word: str, number: int) -> Card:
    page = await projects.listed(tx, which, heard.me, number, word=word)
    turner = page.turner("projects.find", word) if word else page.turner("projects.list", which)
    deeds = (Button(say("🔍 Search"), "projects.search"), Button(say("＋ Post a need"), "projects.new"))
    return card(
        say("<b>{list}</b>", list=TITLES[which]),
        *((say("With “{word}”", word=word),) if word else ()),
        *(_lines(page, tx.now) or (EMPTY.get(which, NOTHING),)),
        rows=(*_buttons(page), (*(turner[0] if turner else ()), *deeds), _others(which, heard)),
        back=_back(which, word),
    )


def _back(which: str, word: str) -> str:
    if which in COUNTY_LISTS:
        return "admin.panel"
    return "projects.list:open" if word or which != "open" else ""


def _others(which: str, heard: Heard) -> tuple[Button, ...]:
    shown = ["open", "busy", "done", "mine", *(["held"] if heard.me.leads else [])]
    short = {
        "open": say("Free"),
        "busy": say("Under way"),
        "done": say("Done"),
        "mine": say("Mine"),
        "held": say("Claimed by us"),
    }
    lists = tuple(Button(short[each], press("projects.list", each)) for each in shown if each != which)
    return (*lists, Button(say("Offers"), "projects.offers"))


def _lines(page: Page, now: int) -> tuple[Said, ...]:
    lines = tuple(_line(project, now) for project in page.items)
    return (*lines, page.place()) if lines else ()


def _line(project: Project, now: int) -> Said:
    if project.state is State.PUBLISHED:
        head = say("<b>{title}</b> · {place}", title=project.title, place=project.place)
        moment = Moment(project.by_at)
        if project.by_at < now:
            return say("• {need} · ⌛ was needed by {moment}", need=head, moment=moment)
        return say("• {need} · by {moment}", need=head, moment=moment)
    state = projects.STATE_NAMES[project.state]
    if not project.holder:
        return say("• <b>{title}</b> · {state}", title=project.title, state=state)
    return say("• <b>{title}</b> · {state} · {holder}", title=project.title, state=state, holder=project.holder)


def _buttons(page: Page) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(say("{title}", title=project.title), press("projects.open", project.id)),) for project in page.items
    )


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a word to look for."""
    return await forms.begin(tx, heard, SEARCH)


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _list(tx, heard, "open", answers["word"], 0)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """The card of a need."""
    return await screen(tx, heard, await projects.seen_by(tx, heard.number(), heard.me))


async def history(tx: Transaction, heard: Heard) -> Answer:
    """All that happened to a need: who, when, why."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    page = await projects.history(tx, project.id, heard.page(1))
    return card(
        say("<b>{title}</b>: history", title=project.title),
        *(_entry(each) for each in page.items),
        rows=page.turner("projects.history", project.id),
        back=press("projects.open", project.id),
    )


def _entry(each: Any) -> Said:
    who = each.by_name or say("the bot of itself")
    line = say("{moment} · {step} · {who}", moment=Moment(each.at), step=STEP_NAMES[each.step], who=who)
    return say("{line}\n  💬 {reason}", line=line, reason=each.reason) if each.reason else line


SEARCH = forms.search("projects.search", say("Which word? I look in title, place and text."), _searched)
FORMS: tuple[Form, ...] = (SEARCH,)
ROUTES = [
    command("needs", needs, also=("需求", "需求列表", "认领")),
    on_press("projects.list", listed, link=True),
    on_press("projects.find", found),
    on_press("projects.search", search),
    on_press("projects.open", opened, link=True),
    on_press("projects.history", history),
]
