"""What else can be planned: the rarer kinds of activities."""

from bot.cards import Button, card, press
from bot.domain.activities import KIND_LISTS, RULES, Kind
from bot.handlers.activities.finding import kind_heard
from bot.handlers.activities.publishing import PUBLISHERS
from bot.locales import say
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def more(tx: Transaction, heard: Heard) -> Answer:
    """What else than the usual can be planned from this list."""
    listed = RULES[kind_heard(heard)].listed
    kinds = tuple(
        Button(say("{icon} {kind}", icon=RULES[kind].icon, kind=RULES[kind].name), press("activities.new", kind))
        for kind in Kind
        if kind not in KIND_LISTS
    )
    return card(
        say("<b>What shall it be?</b>"),
        say("Duties and visits earn points and hours like volunteer tasks; trainings and classes don't."),
        rows=(
            kinds[:2],
            kinds[2:],
            (Button(say("From a template"), "templates.list"), Button(say("Series"), "series.list")),
        ),
        back=press("activities.list", listed),
    )


ROUTES = [on_press("activities.more", more, PUBLISHERS)]
