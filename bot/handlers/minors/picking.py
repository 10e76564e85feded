"""Who picks a child up: named by the guardian, noted by the leader."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, minors
from bot.domain.activities import UNDO_SECONDS, reading
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
NAME_CHARACTERS_MAX = 30


# The guardian


async def pickers(tx: Transaction, heard: Heard) -> Answer:
    """Who may pick my child up."""
    return await _pickers(tx, await minors.child_of(tx, heard.number(), heard.me))


async def _pickers(tx: Transaction, child: Person) -> Card:
    found = await minors.pickers_of(tx, child)
    return card(
        say("👪 <b>{name}</b>: who picks up", name=child.nickname),
        say(
            "You, and those whom you name. Leaders hand {name} to nobody else, and I tell you each time.",
            name=child.nickname,
        ),
        *(() if found else (say("You have named nobody yet."),)),
        rows=(
            *((Button(say("✖ {name}", name=each.name), press("minors.picker.off", each.id)),) for each in found),
            (Button(say("Name somebody"), press("minors.picker.new", child.id), style="primary"),),
        ),
        back=press("minors.child", child.id),
    )


async def new_picker(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the name."""
    child = await minors.child_of(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, PICKER, {"child": child.id})


async def _named(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _pickers(tx, await minors.name_picker(tx, answers["child"], answers["name"], by=heard.me))


async def picker_off(tx: Transaction, heard: Heard) -> Answer:
    """Not any more."""
    return await _pickers(tx, await minors.unname_picker(tx, heard.number(), by=heard.me))


# The leader


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """Which children wait, and who picked up the others."""
    activity, page = await activities.collected(tx, heard.number(), heard.page(1), by=heard.me)
    waiting = [each for each in page.items if each.by is None]
    return card(
        say("👪 <b>{title}</b>: who is picked up", title=activity.title),
        *(_picked(each) for each in page.items if each.by is not None),
        say("Tap a child whom somebody picks up.") if waiting else say("Nobody waits any more."),
        rows=(
            *(
                (Button(say("{name}", name=each.nickname), press("activities.pickup", activity.id, each.child_id)),)
                for each in waiting
            ),
            *page.turner("activities.pickups", activity.id),
        ),
        back=press("activities.open", activity.id),
    )


def _picked(each: activities.Collected) -> Said:
    by = say("{name}", name=each.by) if each.by else say("the guardian")
    return say("✅ {child}: {name}, {moment}", child=each.nickname, name=by, moment=Moment(each.at or 0))


async def one(tx: Transaction, heard: Heard) -> Answer:
    """By whom a child is picked up."""
    activity, child = await activities.child_there(tx, heard.number(), heard.number(1), by=heard.me)
    named = [
        (0, say("Its guardian")),
        *((each.id, say("{name}", name=each.name)) for each in await minors.pickers_of(tx, child)),
    ]
    return card(
        say("👪 <b>{name}</b>: by whom?", name=child.nickname),
        say("Those whom the guardian named. Please let them say their name first."),
        rows=(
            *(
                (Button(words, press("activities.pickup.by", activity.id, child.id, number)),)
                for number, words in named
            ),
            (Button(say("Somebody else: ask the guardian"), press("activities.pickup.ask", activity.id, child.id)),),
        ),
        back=press("activities.pickups", activity.id),
    )


async def picked_up(tx: Transaction, heard: Heard) -> Answer:
    """Note it."""
    number = await activities.pick_up(tx, heard.number(), heard.number(1), heard.number(2), by=heard.me)
    return card(
        say("Noted, and the guardian is told."),
        rows=((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("activities.pickup.undo", number)),),),
        back=press("activities.pickups", heard.number()),
    )


async def undo(tx: Transaction, heard: Heard) -> Answer:
    """It was a slip."""
    activity_id = await activities.undo_pick_up(tx, heard.number(), by=heard.me)
    return card(say("Taken back, and the guardian is told."), back=press("activities.pickups", activity_id))


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask the guardian."""
    child = await activities.ask_guardian(tx, heard.number(), heard.number(1), by=heard.me)
    return card(
        say("The guardian of {name} is asked. Until there is an answer, {name} stays with you.", name=child.nickname),
        back=press("activities.pickup", heard.number(), child.id),
    )


PICKER = Form(
    "minors.picker",
    say("Who picks up"),
    (
        Question(
            "name",
            say("Name"),
            say("Whom do you name? As the leader will hear it, such as “Grandma Li”."),
            lambda typed, tx: reading.line_of(typed, NAME_CHARACTERS_MAX),
        ),
    ),
    _named,
    say("Yes, may pick up"),
)
FORMS: tuple[Form, ...] = (PICKER,)
ROUTES = [
    on_press("minors.pickers", pickers),
    on_press("minors.picker.new", new_picker),
    on_press("minors.picker.off", picker_off),
    on_press("activities.pickups", listed, LEADERS),
    on_press("activities.pickup", one, LEADERS),
    on_press("activities.pickup.by", picked_up, LEADERS),
    on_press("activities.pickup.undo", undo, LEADERS),
    on_press("activities.pickup.ask", ask, LEADERS),
]
