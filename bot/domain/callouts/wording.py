"""How a call-out reads to those who are asked, and in one line to everybody else."""

from bot.cards import Button, Card, card, press
from bot.domain.callouts import brigades, standing
from bot.domain.callouts.things import Callout
from bot.locales import BLANK, Moment, Said, say
from bot.storage import Transaction

ETAS_MINUTES = (15, 30, 60)


async def letter(tx: Transaction, callout: Callout) -> Card:
    """The call-out as those who are asked see it."""
    brigade = await brigades.by_id(tx, callout.brigade_id)
    etas = tuple(
        Button(say("{n} min", n=minutes), press("callouts.come", callout.id, minutes), style="primary")
        for minutes in ETAS_MINUTES
    )
    other = Button(say("Another time"), press("callouts.eta", callout.id))
    no = Button(say("I can't"), press("callouts.cant", callout.id))
    return card(
        callout.titled(say("🚨 <b>Call-out</b> · {brigade}", brigade=brigade.name)),
        BLANK,
        *await facts(tx, callout),
        BLANK,
        say("Can you come? Tap in how many minutes you are there."),
        rows=(etas, (other, no)),
    )


async def facts(tx: Transaction, callout: Callout) -> tuple[Said, ...]:
    """Where, what for, how many, by when."""
    wanted = (await standing.skill(tx, callout.skill_id)).label if callout.skill_id else say("whoever can come")
    return (
        say("📍 {place}", place=callout.place),
        say("🛠 {skill} · {n} wanted", skill=wanted, n=callout.wanted),
        _by_when(callout, tx.now),
    )


def _by_when(callout: Callout, now: int) -> Said:
    """Until when people are wanted: once it was sent that stays, also when it has passed."""
    wanted_at = callout.needed(now) if callout.state == "draft" else callout.needed_at or now
    if callout.is_open and wanted_at < now:
        return say("⏱ as soon as possible, wanted by {moment}", moment=Moment(wanted_at))
    return say("⏱ by {moment}", moment=Moment(wanted_at))
