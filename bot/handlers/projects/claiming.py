"""Claiming a need for a time, and giving it back."""

from typing import Any

from bot import forms
from bot.cards import Button, card, page_in, press
from bot.domain import groups, projects
from bot.domain.projects import State, reading
from bot.forms import Form, Question
from bot.handlers.projects.showing import record_words, screen
from bot.locales import BLANK, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

GROUPS_A_PAGE = 5


async def claim(tx: Transaction, heard: Heard) -> Answer:
    """For whom it is claimed, until when, and with which record."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    if project.state is not State.PUBLISHED:
        return await screen(tx, heard, project)
    number = heard.page(1)
    page = page_in(await groups.led_groups(tx, heard.me), number, GROUPS_A_PAGE)
    led = page.items
    records = [(g.name, await projects.record(tx, heard.me.id, g.id)) for g in led]
    rows = [(Button(say("For {group}", group=g.name), press("projects.claimed", project.id, g.id)),) for g in led]
    return card(
        say("Claim “{title}”?", title=project.title),
        say_n(
            "It is yours alone for {n} day. Plan an activity by then, or it is free again.",
            "It is yours alone for {n} days. Plan an activity by then, or it is free again.",
            heard.house.settings.projects.claim_days,
        ),
        BLANK,
        *(say("{group}: {record}", group=name, record=record_words(record)) for name, record in records),
        *(
            (say("⚠️ Where 2 and more have lapsed, no fewer than were summed up, the county confirms the claim first."),)
            if heard.house.settings.projects.confirm_poor_claims and any(record.is_poor for _, record in records)
            else ()
        ),
        rows=(
            *rows,
            *page.turner("projects.claim", project.id),
            (Button(say("For myself"), press("projects.claimed", project.id, 0)),),
        ),
        back=press("projects.open", project.id),
    )


async def claimed(tx: Transaction, heard: Heard) -> Answer:
    """Claim it."""
    group_id = heard.number(1) or None
    rules = heard.house.settings.projects
    project = await projects.claim(tx, heard.number(), group_id, by=heard.me, rules=rules)
    shown = await screen(tx, heard, project, undo=True)
    if project.waits:
        return shown.with_toast(
            say("Claimed. Too many claims have lapsed before, so the county confirms this one first.")
        )
    return shown.with_toast(say("It is yours. Plan an activity for it."))


async def back(tx: Transaction, heard: Heard) -> Answer:
    """Ask why it is given back."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, BACK, {"project": project.id})


async def _given_back(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    project = await projects.give_back(tx, answers["project"], answers["reason"], by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("It is free again for others."))


BACK = Form(
    "projects.back",
    say("Give it back"),
    (Question("reason", say("Reason"), say("Why? It stands in the history, and is no disgrace."), reading.reason),),
    _given_back,
    say("Give it back"),
    Who.LEADER | Who.ADMIN,
)
FORMS: tuple[Form, ...] = (BACK,)
ROUTES = [
    on_press("projects.claim", claim, Who.LEADER),
    on_press("projects.claimed", claimed, Who.LEADER),
    on_press("projects.back", back, Who.LEADER | Who.ADMIN),
]
