"""What is shared with a group: the list, sending it on to one's people, declining."""

from typing import Any

from bot import forms
from bot.cards import Button, Onward, card, press
from bot.domain import activities, calls, groups, partners, people
from bot.domain.partners import REASON_CHARACTERS_MAX, share_words
from bot.forms import Form, Question, short_text
from bot.locales import Moment, Span, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def ours(tx: Transaction, heard: Heard) -> Answer:
    """What is shared with a group, the next first."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    page = await partners.of_partner(tx, group, heard.page(1))
    return card(
        say("🤝 <b>{group}</b> · shared with us", group=group.name),
        *(
            say(
                "· {title}, {moment}: {share}", title=each.title, moment=Moment(each.starts_at), share=share_words(each)
            )
            for each in page.items
        ),
        *((say("Nothing is shared with you just now."),) if not page.items else ()),
        rows=(
            *((Button(say("{title}", title=each.title), press("partners.open", each.id)),) for each in page.items),
            *page.turner("partners.ours", group.id),
        ),
        back=press("groups.lead", group.id),
    )


async def send_on(tx: Transaction, heard: Heard) -> Answer:
    """Write the call to one's people, and show what sending it means."""
    share = await partners.received_by(tx, heard.number(), heard.me)
    activity = await activities.by_id(tx, share.activity_id)
    if not share.free:
        raise Refused(say("All places of {partner} are taken. Nothing was changed.", partner=share.partner))
    words = say_n(
        "“{title}” has {n} free place for people of {partner}.\n🕒 {when}\n📍 {place}",
        "“{title}” has {n} free places for people of {partner}.\n🕒 {when}\n📍 {place}",
        share.free,
        title=activity.title,
        partner=share.partner,
        when=Span(activity.starts_at, activity.ends_at),
        place=activity.place,
    )
    text = people.reader(tx, heard.me.language).plain(words)
    call = await calls.draft(tx, "recruit", text, press("activities.open", activity.id), by=heard.me)
    return Onward(press("calls.to", call.id, share.partner_id, 0))


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason, which the publisher reads."""
    share = await partners.received_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, DECLINE, {"share": share.id})


async def _declined(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await partners.decline(tx, answers["share"], answers["reason"], by=heard.me)
    return card(
        say("You have declined “{title}”; who shared it is told.", title=found.title),
        say_n(
            "{n} of your people is signed up and keeps the place.",
            "{n} of your people are signed up and keep their places.",
            found.taken,
        ),
        back=press("partners.ours", found.partner_id),
    )


DECLINE = Form(
    "partners.decline",
    say("Decline"),
    (Question("reason", say("Reason"), say("Why? Who shared it reads that."), short_text(REASON_CHARACTERS_MAX)),),
    _declined,
    say("Decline it"),
    LEADERS,
)
FORMS: tuple[Form, ...] = (DECLINE,)
ROUTES = [
    on_press("partners.ours", ours, LEADERS),
    on_press("partners.sendon", send_on, LEADERS),
    on_press("partners.decline", decline, LEADERS),
]
