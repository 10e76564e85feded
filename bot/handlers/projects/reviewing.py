"""The county looks at needs: publishes, merges, says why not; confirms the claims of those with a poor record."""

from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import people, projects
from bot.domain.projects import reading
from bot.forms import Form, Question
from bot.handlers.projects.showing import screen
from bot.locales import say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def publish(tx: Transaction, heard: Heard) -> Answer:
    """Publish a need."""
    project = await projects.publish(tx, heard.number(), by=heard.me)
    shown = await screen(tx, heard, project, undo=True)
    return shown.with_toast(say("Published. Whoever posted it is told in a minute."))


async def refuse(tx: Transaction, heard: Heard) -> Answer:
    """Ask why a need is not published."""
    project = await projects.reviewed_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, REFUSE, {"project": project.id})


async def _refused(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    project = await projects.refuse(tx, answers["project"], answers["reason"], by=heard.me)
    shown = await screen(tx, heard, project, undo=True)
    return shown.with_toast(say("Not published. Whoever posted it reads the reason in a minute."))


async def merge(tx: Transaction, heard: Heard) -> Answer:
    """Choose the need that this one is the same as."""
    project = await projects.reviewed_by(tx, heard.number(), heard.me)
    page = await projects.alike(tx, project, heard.page(1))
    rows = tuple(
        (
            Button(
                say("{title} · {place}", title=other.title, place=other.place),
                press("projects.merged", project.id, other.id),
            ),
        )
        for other in page.items
    )
    words = say(
        "Which need is the same as “{title}”? Those who posted them are told together from then on.",
        title=project.title,
    )
    empty = () if page.items else (say("There is no other one that is going on."),)
    return card(
        words, *empty, rows=(*rows, *page.turner("projects.merge", project.id)), back=press("projects.open", project.id)
    )


async def merged(tx: Transaction, heard: Heard) -> Answer:
    """Merge it into the one that was chosen."""
    project = await projects.merge(tx, heard.number(), heard.number(1), by=heard.me)
    shown = await screen(tx, heard, project, undo=True)
    return shown.with_toast(say("Merged. Whoever posted it is told in a minute."))


async def confirm(tx: Transaction, heard: Heard) -> Answer:
    """Let a claim stand."""
    project = await projects.confirm_claim(tx, heard.number(), by=heard.me, rules=heard.house.settings.projects)
    return (await screen(tx, heard, project)).with_toast(say("Confirmed; the claimant is told."))


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """Ask why a claim does not stand."""
    people.only_admins(heard.me)
    project = await projects.by_id(tx, heard.number())
    return await forms.begin(tx, heard, DECLINE, {"project": project.id})


async def _declined(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    project = await projects.decline_claim(tx, answers["project"], answers["reason"], by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("Declined; the claimant reads the reason."))


REFUSE = Form(
    "projects.refuse",
    say("Don't publish"),
    (Question("reason", say("Reason"), say("Why? Whoever posted it reads this."), reading.reason),),
    _refused,
    say("Don't publish it"),
    Who.ADMIN,
)
DECLINE = Form(
    "projects.decline",
    say("Decline the claim"),
    (Question("reason", say("Reason"), say("Why? The claimant reads this."), reading.reason),),
    _declined,
    say("Decline it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (REFUSE, DECLINE)
ROUTES = [
    on_press("projects.publish", publish, Who.ADMIN),
    on_press("projects.refuse", refuse, Who.ADMIN),
    on_press("projects.merge", merge, Who.ADMIN),
    on_press("projects.merged", merged, Who.ADMIN),
    on_press("projects.confirm", confirm, Who.ADMIN),
    on_press("projects.decline", decline, Who.ADMIN),
]
