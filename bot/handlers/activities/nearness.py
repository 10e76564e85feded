"""Where people meet, as its leader sends it, and a location of somebody who is checked in."""

from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import activities
from bot.domain.activities import reading
from bot.forms import Form, Question
from bot.handlers.activities.showing import screen
from bot.locales import Said, say
from bot.refusal import only_text
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def point(tx: Transaction, heard: Heard) -> Answer:
    """Where people meet, and what it is good for."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    known = activity.point is not None
    return card(
        say("🧭 <b>{title}</b>: the meeting point", title=activity.title),
        say("It is set.") if known else say("It is not set."),
        say(
            "Whoever is checked in can send his location. I keep how far from the meeting point that is, and nothing else; "
            "it is a flag for you, and decides nothing."
        ),
        rows=(
            (
                Button(say("Send a location"), press("activities.point.set", activity.id), style="primary"),
                *((Button(say("Take it away"), press("activities.point.clear", activity.id)),) if known else ()),
            ),
        ),
        back=press("activities.change", activity.id),
    )


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the location."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, POINT, {"activity": activity.id})


async def _met(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    latitude, longitude = answers["point"]
    activity = await activities.meet_at(tx, answers["activity"], (latitude, longitude), by=heard.me)
    shown = screen(await activities.view(tx, activity.id, heard.me), heard, tx.now)
    return shown.with_toast(say("The meeting point is set."))


async def clear(tx: Transaction, heard: Heard) -> Answer:
    """Have no meeting point any more."""
    await activities.meet_at(tx, heard.number(), None, by=heard.me)
    return await point(tx, heard)


async def located(tx: Transaction, heard: Heard) -> Answer:
    """A location that no question asked for: of somebody who is checked in."""
    if heard.person is None:
        raise only_text()
    activity, near = await activities.come_near(tx, heard.event["location"], by=heard.me)
    return card(
        say("📍 “{title}”: {distance} from the meeting point.", title=activity.title, distance=near.words),
        say(
            "I keep that distance for the leader as a flag, and forget where you are. It changes nothing of your hours."
        ),
        rows=((Button(say("Open"), press("activities.open", activity.id)),),),
    )


def _shown(value: Any) -> Said:
    latitude, longitude = (f"{each / 1_000_000:.5f}" for each in value)
    return say("{latitude}, {longitude} (latitude, longitude)", latitude=latitude, longitude=longitude)


WHERE = Question(
    "point",
    say("Meeting point"),
    say(
        "Where do people meet? Tap 📎, then Location, and move the map to the place; or write its coordinates as GPS has "
        "them (WGS 84). Those that a map app in China shows (GCJ-02, BD-09) lie hundreds of metres off."
    ),
    reading.point,
    show=_shown,
    sent="location",
)
POINT = Form(
    "activities.point",
    say("The meeting point"),
    (WHERE,),
    _met,
    say("Set it"),
    LEADERS,
)
FORMS: tuple[Form, ...] = (POINT,)
ROUTES = [
    on_press("activities.point", point, LEADERS),
    on_press("activities.point.set", ask, LEADERS),
    on_press("activities.point.clear", clear, LEADERS),
]
