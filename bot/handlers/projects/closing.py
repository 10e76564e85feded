"""The summary that closes a need, what those who had it say, and what is left."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Toast, card, press
from bot.domain import projects
from bot.domain.projects import Summary, reading
from bot.forms import Form, Question
from bot.handlers.projects.showing import screen
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

QUESTIONS = (
    say("Was the need met?"),
    say("Were you content with how it was done?"),
    say("Should they do it again?"),
)
ANSWERS = ((2, say("👍 Yes")), (1, say("🤏 Partly")), (0, say("👎 No")))


async def sum_up(tx: Transaction, heard: Heard) -> Answer:
    """Ask what was done."""
    project = await projects.summed_up_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, SUMMARY, {"project": project.id})


async def _summed_up(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    summary = Summary(answers["done"], answers["helped"], answers.get("remaining") or "", answers.get("picture"))
    project = await projects.summarise(tx, answers["project"], summary, by=heard.me)
    shown = await screen(tx, heard, project)
    return shown.with_toast(say("Thank you! It is closed, and those who had the need are told."))


async def picture(tx: Transaction, heard: Heard) -> Answer:
    """The picture of what was done."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    if not await projects.show_picture(tx, project, heard.me):
        raise Refused(say("There is no picture of this."), WayOut(say("Open"), press("projects.open", project.id)))
    return Toast(say("Here it is."))


async def rate(tx: Transaction, heard: Heard) -> Answer:
    """Three questions, a tap each; they count with the third."""
    project = await projects.seen_by(tx, heard.number(), heard.me)
    given = [min(heard.number(place), 2) for place in range(1, min(len(heard.args), 4))]
    if len(given) == len(QUESTIONS):
        project = await projects.rate(tx, project.id, *given, by=heard.me)
        return (await screen(tx, heard, project)).with_toast(say("Thank you, that helps others to choose."))
    return _question(project, given)


def _question(project: projects.Project, given: list[int]) -> Card:
    row = tuple(Button(label, press("projects.rate", project.id, *given, value)) for value, label in ANSWERS)
    return card(
        say("<b>{title}</b> · {step} of {steps}", title=project.title, step=len(given) + 1, steps=len(QUESTIONS)),
        QUESTIONS[len(given)],
        rows=(row,),
        back=press("projects.open", project.id),
    )


async def rest(tx: Transaction, heard: Heard) -> Answer:
    """Post what is left as a need of its own."""
    project = await projects.post_rest(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, project)).with_toast(say("Posted: the county looks at what is left."))


SUMMARY = Form(
    "projects.sum",
    say("Sum it up"),
    (
        Question("done", say("What was done"), say("What was done? Those who had the need read it."), reading.text),
        Question("helped", say("Helped"), say("How many people did it help?"), reading.helped),
        Question(
            "remaining",
            say("Left"),
            say("Is anything left to do? Skip it if nothing is."),
            reading.text,
            optional=True,
        ),
        Question(
            "picture",
            say("Picture"),
            say("Send a picture of it, if you like. Nobody on it should mind being seen."),
            reading.picture,
            show=lambda value: say("one picture"),
            optional=True,
            sent="photo",
        ),
    ),
    _summed_up,
    say("Sum it up and close it"),
    Who.LEADER | Who.ADMIN,
)
FORMS: tuple[Form, ...] = (SUMMARY,)
ROUTES = [
    on_press("projects.sum", sum_up, Who.LEADER | Who.ADMIN),
    on_press("projects.picture", picture),
    on_press("projects.rate", rate),
    on_press("projects.rest", rest),
]
