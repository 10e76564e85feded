"""The trainings I have, and until when."""

from bot.cards import card
from bot.domain import activities
from bot.domain.activities import FOREVER
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """What I was trained in, and until when it is valid."""
    found = await activities.trainings_of(tx, heard.me)
    return card(
        say("<b>My trainings</b>"),
        *(_line(name, until, tx.now) for name, until in sorted(found.items())),
        *(() if found else (say("None yet. Whoever is confirmed at a training has it here, with its end."),)),
        back="activities.past",
    )


def _line(name: str, until: int, now: int) -> Said:
    if until == FOREVER:
        return say("🎓 {training}", training=name)
    if until <= now:
        return say("✗ {training} · was valid until {moment}", training=name, moment=Moment(until))
    return say("🎓 {training} · valid until {moment}", training=name, moment=Moment(until))


ROUTES = [on_press("activities.trainings", mine)]
