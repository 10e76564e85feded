"""Posting a need, by one line or question by question; withdrawing it; undoing the newest step."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import groups, minors, projects
from bot.domain.projects import Draft, reading
from bot.forms import Form, Question
from bot.handlers.projects.showing import screen
from bot.locales import say
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

GROUPS_A_PAGE = 5


async def need(tx: Transaction, heard: Heard) -> Answer:
    """Post a need: what, where, by when, how many people"""
    if heard.words:
        return await _begin(tx, heard, None, **reading.line(heard.words, tx))
    return await new(tx, heard)


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form; a leader says first whether it is for his group."""
    led, number = await groups.led_groups(tx, heard.me), heard.page() if heard.kind == "press" else 0
    if not led:
        return await _begin(tx, heard, None)
    page = page_in(led, number, GROUPS_A_PAGE)
    rows = [(Button(say("{group}", group=g.name), press("projects.newfor", g.id)),) for g in page.items]
    return card(
        say("<b>A need</b>: for whom?"),
        say("You can also send it on one line: /need what; where; by when; how many people"),
        rows=((Button(say("For myself"), press("projects.newfor", 0)),), *rows, *page.turner("projects.new")),
        back="projects.list:open",
    )


async def new_for(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form for the group that was chosen, or for oneself."""
    group = await groups.led_by(tx, heard.number(), heard.me) if heard.number() else None
    return await _begin(tx, heard, group)


async def _begin(tx: Transaction, heard: Heard, group: groups.Group | None, **answers: Any) -> Card:
    await minors.check_consent(tx, heard.me, heard.house.settings.minors)
    return await forms.begin(tx, heard, NEED, {"group": group.id if group else None}, **answers)


async def _posted(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    draft = Draft(
        answers["title"],
        answers.get("about") or "",
        answers["place"],
        answers["by_at"],
        answers["people"],
        answers["group"],
    )
    await minors.check_consent(tx, heard.me, heard.house.settings.minors)
    project = await projects.post(tx, draft, by=heard.me)
    shown = await screen(tx, heard, project)
    return shown.with_toast(say("Posted. The county looks at it; I tell you what becomes of it."))


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Ask before one's own need is taken back."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    return card(
        say("Withdraw “{title}”? This can't be undone.", title=project.title),
        rows=((Button(say("Yes, withdraw it"), press("projects.withdraw.yes", project.id), style="danger"),),),
        back=press("projects.open", project.id),
    )


async def withdrawn(tx: Transaction, heard: Heard) -> Answer:
    """Take one's own need back."""
    project = await projects.withdraw(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("Withdrawn."))


async def later(tx: Transaction, heard: Heard) -> Answer:
    """Ask by when else it is needed."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, LATER, {"project": project.id})


async def _postponed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    project = await projects.postpone(tx, answers["project"], answers["by_at"], by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("Saved."))


async def undo(tx: Transaction, heard: Heard) -> Answer:
    """Take the newest step back while nobody has been told."""
    project = await projects.undo(tx, heard.number(), heard.number(1), by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("Undone; nobody was told."))


BY_WHEN = Question(
    "by_at",
    say("By when"),
    say("By when? Write a day, such as “next Sat” or “30 November”."),
    reading.by_day,
    show=forms.as_moment,
)
LATER = Form("projects.later", say("Another day"), (BY_WHEN,), _postponed, say("Save"))
NEED = Form(
    "projects.need",
    say("A need"),
    (
        Question("title", say("What"), say("What is needed? One short line."), reading.title),
        Question("place", say("Where"), say("Where is it?"), reading.place),
        BY_WHEN,
        Question(
            "people",
            say("How many"),
            say("How many people does it take? A guess will do."),
            reading.people,
            choices=tuple((str(n), say("{value}", value=n)) for n in (1, 2, 5, 10)),
        ),
        Question(
            "about",
            say("About"),
            say("Is there more to know? No names and telephone numbers, please: everybody reads it."),
            reading.about,
            optional=True,
        ),
    ),
    _posted,
    say("Post it"),
)
FORMS: tuple[Form, ...] = (NEED, LATER)
ROUTES = [
    command("need", need, also=("提需求", "发需求", "我需要")),
    on_press("projects.new", new),
    on_press("projects.newfor", new_for),
    on_press("projects.later", later),
    on_press("projects.withdraw", withdraw),
    on_press("projects.withdraw.yes", withdrawn),
    on_press("projects.undo", undo),
]
