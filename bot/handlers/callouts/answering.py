"""Answering a call-out: when I am there, that I can't, that I am there, that I am back."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import callouts
from bot.domain.callouts import ETAS_MINUTES, Callout
from bot.domain.callouts import Answer as Mine
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """A call-out for which I was asked, and where I stand."""
    return await _screen(tx, *await callouts.asked(tx, heard.number(), heard.me))


async def _screen(tx: Transaction, callout: Callout, own: Mine) -> Card:
    brigade = await callouts.brigade(tx, callout.brigade_id)
    return card(
        callout.titled(say("🚨 <b>Call-out</b> · {brigade}", brigade=brigade.name)),
        *await callouts.facts(tx, callout),
        BLANK,
        _stands(callout, own),
        *await _kit(tx, own),
        rows=_deeds(callout, own),
        back="callouts.log:0",
    )


def _stands(callout: Callout, own: Mine) -> Said:
    if own.state == "back":
        return say("🏠 You are back since {moment}. Thank you!", moment=Moment(own.back_at or own.asked_at))
    if not callout.is_open:
        return say("It is over: nobody need come any more. Thank you.")
    match own.state:
        case "coming":
            return say("🚗 <b>You are expected by {moment}.</b> Tap when you are there.", moment=Moment(own.eta or 0))
        case "reserve":
            return say(
                "⏳ <b>Enough people are coming: you are in reserve.</b> Stay where you are; I tell you when you are wanted."
            )
        case "there":
            return say(
                "📍 <b>You are there</b>. When you are home safely, tap “I'm back”: until then you are looked for."
            )
        case "declined":
            return say("✋ You can't come. That is fine; should it change, tap a time.")
        case _:
            return say("Can you come? Tap in how many minutes you are there.")


async def _kit(tx: Transaction, own: Mine) -> tuple[Said, ...]:
    """What he has of the kit."""
    things = await callouts.held(tx, own.callout_id, own.person_id)
    words = say("🧰 You have: {things}. Give it back to whoever leads.", things=callouts.pieces(things))
    return (words,) if things else ()


def _deeds(callout: Callout, own: Mine) -> tuple[tuple[Button, ...], ...]:
    number = callout.id
    if not callout.is_open or own.state == "back":
        return ()
    if own.state == "there":
        return ((Button(say("🏠 I'm back"), press("callouts.back", number), style="primary"),),)
    etas = tuple(Button(say("{n} min", n=n), press("callouts.come", number, n)) for n in ETAS_MINUTES)
    other = Button(say("Another time"), press("callouts.eta", number))
    cannot = () if own.state == "declined" else (Button(say("I can't"), press("callouts.cant", number)),)
    there = (Button(say("📍 I'm there"), press("callouts.there", number), style="primary"),)
    return (*((there,) if own.state == "coming" else ()), etas, (other, *cannot))


async def come(tx: Transaction, heard: Heard) -> Answer:
    """I come, in so many minutes."""
    if heard.number(1) not in ETAS_MINUTES:
        raise stale()
    return await _coming(tx, heard, heard.number(), tx.now + heard.number(1) * 60)


async def _coming(tx: Transaction, heard: Heard, callout_id: int, eta: int) -> Card:
    own = await callouts.come(tx, callout_id, eta, by=heard.me)
    shown = await _screen(tx, await callouts.by_id(tx, callout_id), own)
    return shown.with_toast(say("Noted.") if own.state == "coming" else say("You are in reserve."))


async def eta(tx: Transaction, heard: Heard) -> Answer:
    """Ask when I am there."""
    callout, _ = await callouts.asked(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, ETA, {"callout": callout.id})


async def _eta_given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _coming(tx, heard, int(answers["callout"]), int(answers["eta"]))


async def cannot(tx: Transaction, heard: Heard) -> Answer:
    """I can't, or not any more."""
    own = await callouts.decline(tx, heard.number(), by=heard.me)
    return await _screen(tx, await callouts.by_id(tx, own.callout_id), own)


async def there(tx: Transaction, heard: Heard) -> Answer:
    """I'm there."""
    own = await callouts.arrive(tx, heard.number(), heard.me.id, by=heard.me)
    return await _screen(tx, await callouts.by_id(tx, own.callout_id), own)


async def back(tx: Transaction, heard: Heard) -> Answer:
    """I'm back."""
    own, rest = await callouts.go_back(
        tx, heard.number(), heard.me.id, by=heard.me, rules=heard.house.settings.callouts
    )
    shown = await _screen(tx, await callouts.by_id(tx, own.callout_id), own)
    if not rest:
        return shown
    words = say("😴 That was long. Rest now: you are not asked before {moment}.", moment=Moment(rest))
    return card(*shown.lines, words, rows=shown.rows, back=shown.back)


ETA = Form(
    "callouts.eta",
    say("I come"),
    (
        Question(
            "eta",
            say("There by"),
            say("When are you there? For instance 14:30, or 20 minutes."),
            callouts.clock,
            show=forms.as_moment,
        ),
    ),
    _eta_given,
    say("I come"),
)
FORMS: tuple[Form, ...] = (ETA,)
ROUTES = [
    on_press("callouts.mine", mine, link=True),
    on_press("callouts.come", come),
    on_press("callouts.eta", eta),
    on_press("callouts.cant", cannot),
    on_press("callouts.there", there),
    on_press("callouts.back", back),
]
