"""“Still coming?”, and places that go from one to another: the answers, the leader's list, the stand-ins."""

from bot.cards import Button, Card, Toast, card, press
from bot.domain import activities
from bot.domain.activities import Activity, AtRisk
from bot.handlers.activities.showing import screen, yours
from bot.locales import Moment, Said, Span, say, say_n
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def coming(tx: Transaction, heard: Heard) -> Answer:
    """I'm coming."""
    activity = await activities.say_coming(tx, heard.number(), by=heard.me)
    return (await _shown(tx, heard, activity.id)).with_toast(
        say("Good, the place stays yours: {moment}, {place}.", moment=Moment(activity.starts_at), place=activity.place)
    )


async def _shown(tx: Transaction, heard: Heard, activity_id: int) -> Card:
    return screen(await activities.view(tx, activity_id, heard.me), heard, tx.now)


async def stand_in(tx: Transaction, heard: Heard) -> Answer:
    """Look for somebody who takes my place over."""
    activity = await activities.look_for_stand_in(tx, heard.number(), by=heard.me)
    return (await _shown(tx, heard, activity.id)).with_toast(
        say("I ask others now. The place is yours until somebody takes it over; then I tell you.")
    )


async def take_over(tx: Transaction, heard: Heard) -> Answer:
    """Take the place of one who looks for a stand-in; in a Telegram group on the spot."""
    activity = await activities.take_over(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    words = await yours(tx, activity, heard.me)
    if not heard.chat.private:
        return Toast(words)
    return (await _shown(tx, heard, activity.id)).with_toast(words)


async def at_risk(tx: Transaction, heard: Heard) -> Answer:
    """Who has not answered, and who was missed lately."""
    return await _risk(tx, heard, heard.number(), heard.page(1))


async def _risk(tx: Transaction, heard: Heard, activity_id: int, number: int) -> Card:
    view = await activities.watched_by(tx, activity_id, heard.me)
    activity = view.activity
    page = await activities.at_risk(tx, activity, number)
    manages = (view.leads or heard.me.is_admin) and activity.takes_sign_ups(tx.now)
    return card(
        say("<b>{title}</b>: who may be missing?", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        *(_line(each) for each in page.items),
        *((page.place(),) if page.items else (_nobody(activity),)),
        *[
            say("🔁 {taker} stands in for {giver}.", taker=each.taker, giver=each.giver)
            for each in await activities.stand_ins(tx, activity)
        ],
        rows=(
            *(
                (Button(say("Offer on: {name}", name=each.nickname), press("activities.offeron", each.id)),)
                for each in page.items
                if manages and each.is_silent and not each.handover
            ),
            *page.turner("activities.risk", activity.id),
        ),
        back=press("activities.open", activity.id),
    )


def _nobody(activity: Activity) -> Said:
    if not activity.taken:
        return say("Nobody has a place yet.")
    return say("Nobody is at risk: nobody was missed lately, and nobody who was asked is silent.")


def _line(each: AtRisk) -> Said:
    if each.handover:
        return say("🔁 {name}: others are asked to take the place", name=each.nickname)
    if each.missed and each.is_silent:
        return say_n(
            "⚠️ {name}: no answer, missed {n} time in 90 days",
            "⚠️ {name}: no answer, missed {n} times in 90 days",
            each.missed,
            name=each.nickname,
        )
    if each.missed:
        return say_n(
            "❔ {name}: missed {n} time in 90 days",
            "❔ {name}: missed {n} times in 90 days",
            each.missed,
            name=each.nickname,
        )
    return say("❔ {name}: no answer", name=each.nickname)


async def offer_on(tx: Transaction, heard: Heard) -> Answer:
    """Let others take the place of one who does not answer."""
    activity = await activities.offer_on(tx, heard.number(), by=heard.me)
    return (await _risk(tx, heard, activity.id, 0)).with_toast(
        say("I ask others now. Whoever answers first has the place.")
    )


ROUTES = [
    on_press("activities.coming", coming),
    on_press("activities.standin", stand_in),
    on_press("activities.takeover", take_over, link=True),
    on_press("activities.risk", at_risk),
    on_press("activities.offeron", offer_on),
]
