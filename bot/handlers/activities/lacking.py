"""At least so many: asked for beside everything else of an activity, and what to do when there are fewer."""

from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import activities, projects
from bot.domain.activities import UNDO_SECONDS, Least, reading
from bot.forms import Form, Question
from bot.handlers.activities.showing import screen, who_is_told
from bot.locales import Said, say, say_n
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


def shown_least(value: dict[str, Any]) -> Said:
    """The number, and what happens if there are fewer."""
    if value["lapses"]:
        return say("{n}; with fewer it is called off by itself", n=value["people"])
    return say("{n}; with fewer I ask you what to do", n=value["people"])


LEAST = Question(
    "least",
    say("At least"),
    say(
        "How many have to sign up, so that it takes place? Two days before I ask you if there are fewer. "
        "With “6 or call it off” I call it off by myself then."
    ),
    reading.least,
    show=shown_least,
    optional=True,
)


def least_of(value: dict[str, Any] | None, heard: Heard) -> Least | None:
    """What was answered, with the county's number of hours before the start."""
    hours = heard.house.settings.activities.short_hours
    return Least(value["people"], hours, value["lapses"]) if value else None


async def need(tx: Transaction, heard: Heard) -> Answer:
    """How many have to sign up?"""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, NEED, {"activity": activity.id})


async def _needed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    least = least_of(answers["least"], heard)
    activity = await activities.need(tx, answers["activity"], least, by=heard.me)
    return screen(await activities.view(tx, activity.id, heard.me), heard, tx.now).with_toast(say("Changed."))


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask for more people: in the group's chat, and by a call."""
    activity = await activities.lacked(tx, heard.number(), by=heard.me)
    posted = await activities.post_again(tx, activity.id, by=heard.me)
    recruit = Button(say("Recruit"), press("calls.recruit", activity.id))
    return card(
        say("<b>{title}</b>: more people", title=activity.title),
        say("Its card stands at the end of the group's chat now.")
        if posted
        else say("Write to people, or let them scan its link."),
        rows=(((recruit,) if heard.me.leads else ()), (Button(say("Share"), press("activities.share", activity.id)),)),
        back=press("activities.open", activity.id),
    )


async def keep(tx: Transaction, heard: Heard) -> Answer:
    """It takes place with those there are."""
    activity = await activities.lacked(tx, heard.number(), by=heard.me)
    shown = screen(await activities.view(tx, activity.id, heard.me), heard, tx.now)
    return shown.with_toast(say("It takes place. I don't ask again."))


async def stop(tx: Transaction, heard: Heard) -> Answer:
    """Say who would be told before it is called off."""
    activity = await activities.lacked(tx, heard.number(), by=heard.me)
    return card(
        say("Call off <b>{title}</b> for want of people?", title=activity.title),
        who_is_told(activity),
        rows=((Button(say("Call it off"), press("activities.lacking.stopped", activity.id), style="danger"),),),
        back=press("activities.open", activity.id),
    )


async def stopped(tx: Transaction, heard: Heard) -> Answer:
    """Call it off, with that as the reason."""
    activity = await activities.stop_lacking(tx, heard.number(), by=heard.me)
    await projects.look_again(tx, activity.id)
    return card(
        say("<b>{title}</b> is called off.", title=activity.title),
        say_n(
            "{n} person is told in a minute.",
            "{n} people are told in a minute.",
            activity.everybody,
        ),
        rows=((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("activities.revive", activity.id)),),),
        back=press("activities.open", activity.id),
    )


NEED = Form("activities.need", say("Change"), (LEAST,), _needed, say("Change it"))
FORMS = (NEED,)
ROUTES = [
    on_press("activities.need", need),
    on_press("activities.lacking.ask", ask),
    on_press("activities.lacking.keep", keep),
    on_press("activities.lacking.stop", stop),
    on_press("activities.lacking.stopped", stopped),
]
