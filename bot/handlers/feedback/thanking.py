"""Thanks: a leader taps a person and a word; the person sees what he was thanked for."""

from bot.cards import Button, Card, card, press
from bot.domain import feedback, people
from bot.domain.feedback import THANKS
from bot.locales import say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def thanks(tx: Transaction, heard: Heard) -> Answer:
    """Those who came and can be thanked."""
    return await _unthanked(tx, heard, heard.number(), heard.page(1))


async def _unthanked(tx: Transaction, heard: Heard, activity_id: int, number: int) -> Card:
    activity = await feedback.may_thank(tx, activity_id, by=heard.me)
    page = await feedback.unthanked(tx, activity.id, heard.me, number)
    back = press("activities.open", activity.id)
    title = say("🙏 <b>{title}</b>", title=activity.title)
    if not page.total:
        return card(title, say("Everybody who came has been thanked."), back=back)
    rows = [
        (Button(say("{name}", name=each.nickname), press("feedback.thank", activity.id, each.id)),)
        for each in page.items
    ]
    everybody = Button(say("Thank everybody"), press("feedback.thank", activity.id, 0), style="primary")
    return card(
        title,
        say("Whom do you want to thank? Each hears it once, with what for."),
        page.place(),
        rows=(*rows, (*(page.turner("feedback.thanks", activity.id) or ((),))[0], everybody)),
        back=back,
    )


async def choose(tx: Transaction, heard: Heard) -> Answer:
    """What for?"""
    activity = await feedback.may_thank(tx, heard.number(), by=heard.me)
    person_id = heard.number(1)
    whom = say("everybody")
    if person_id:
        whom = say("{name}", name=(await people.by_id(tx, person_id)).nickname)
    return card(
        say("🙏 Thank {whom} for …", whom=whom),
        rows=tuple(
            (Button(what, press("feedback.thanked", activity.id, person_id, word)),) for word, what in THANKS.items()
        ),
        back=press("feedback.thanks", activity.id),
    )


async def thanked(tx: Transaction, heard: Heard) -> Answer:
    """Thank one, or everybody."""
    word = heard.args[2] if len(heard.args) > 2 else ""
    if word not in THANKS:
        raise stale()
    activity_id, person_id = heard.number(), heard.number(1)
    if not person_id:
        many = await feedback.thank_all(tx, activity_id, word, by=heard.me)
        return card(
            say_n("🙏 {n} person hears it now.", "🙏 {n} people hear it now.", many),
            back=press("activities.open", activity_id),
        )
    person = await feedback.thank(tx, activity_id, person_id, word, by=heard.me)
    shown = await _unthanked(tx, heard, activity_id, 0)
    return shown.with_toast(say("{name} has your thanks.", name=person.nickname))


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """How often I was thanked, and what for."""
    found = await feedback.thanks_of(tx, heard.me)
    if not found:
        return card(
            say("🙏 <b>My thanks</b>"),
            say("Nobody has thanked you here yet. Leaders can do so once it is confirmed who came."),
            back="people.me",
        )
    return card(
        say("🙏 <b>My thanks</b>"),
        say_n("You were thanked {n} time:", "You were thanked {n} times:", sum(found.values())),
        *(say("{n} × {what}", n=found[word], what=what) for word, what in THANKS.items() if word in found),
        back="people.me",
    )


ROUTES = [
    on_press("feedback.thanks", thanks, LEADERS),
    on_press("feedback.thank", choose, LEADERS),
    on_press("feedback.thanked", thanked, LEADERS),
    on_press("feedback.mine", mine),
]
