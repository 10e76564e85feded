"""Check-in and check-out: the leader's live code, the member's own, and what becomes of six digits."""

import re
import unicodedata

from bot.cards import HOME, Button, Card, File, Onward, card, press
from bot.config import Hours
from bot.domain import activities
from bot.domain.activities import Activity, Code, Noted, Wrong
from bot.domain.hours import is_short, length
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.posters import picture
from bot.routing import Answer, Heard, Who, command, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

# Whoever checks out so soon may have sent the code twice to be sure.
SLIP_SECONDS = 15 * 60
LEADERS = Who.LEADER | Who.ADMIN
_CODE = re.compile(r"(\d{3}) ?(\d{3})")


def _code(words: str) -> str | None:
    """The six digits, in whatever way they were typed."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", words).strip())
    return found[1] + found[2] if found else None


async def enter(tx: Transaction, heard: Heard) -> Answer:
    """Check in or out with the six digits of your leader's screen: /checkin 123456"""
    code = _code(heard.words)
    if code is None:
        return await _how(tx, heard)
    return _answer(heard, await activities.enter(tx, code, by=heard.me, settings=heard.house.settings))


async def by_link(tx: Transaction, heard: Heard) -> Answer:
    """Whoever scanned the picture at the door checks in or out."""
    number, code = heard.number(), _code(heard.args[1]) if len(heard.args) > 1 else None
    if code is None:
        raise stale()
    settings = heard.house.settings
    return _answer(heard, await activities.enter(tx, code, by=heard.me, settings=settings, activity_id=number))


async def shown(tx: Transaction, heard: Heard) -> Answer:
    """A member showed his own code, and the leader opened it."""
    number, code = heard.number(), _code(heard.args[1]) if len(heard.args) > 1 else None
    if code is None:
        raise stale()
    return _answer(heard, await activities.enter_shown(tx, number, code, by=heard.me, settings=heard.house.settings))


async def how(tx: Transaction, heard: Heard) -> Answer:
    """How to check in."""
    return await _how(tx, heard)


async def _how(tx: Transaction, heard: Heard) -> Card:
    runs = await activities.running(tx, heard.me, heard.house.settings)
    led = await activities.led_now(tx, heard.me, heard.house.settings) if heard.me.leads else []
    return card(
        say("<b>Check-in and check-out</b>"),
        say("Send me the six digits on your leader's screen, or scan its picture: once on coming, once on leaving."),
        say("There is no better proof of your hours. Or show your leader your own code, and it is noted for you."),
        BLANK,
        *(say("Runs now: “{title}”", title=each.title) for each in runs),
        *(() if runs else (say("Nothing that you have a place in runs now."),)),
        rows=(
            *(
                (Button(say("📲 Show the code: {title}", title=each.title), press("activities.door", each.id)),)
                for each in led
            ),
            (Button(say("My own code"), "activities.mycode"), Button(say("My sign-ups"), "activities.mine")),
        ),
    )


def _answer(heard: Heard, became: Noted | Wrong) -> Card:
    if isinstance(became, Wrong):
        return _wrong(became)
    activity, stay = became.activity, became.stay
    own = became.person.id == heard.me.id
    lines = _own(became, heard.house.settings.hours) if own else _of_member(became)
    return card(
        *lines,
        rows=(
            (
                Button(say("Open"), press("activities.open", activity.id)),
                *(() if own else (Button(say("Who came?"), press("activities.roll", activity.id)),)),
                *((Button(say("How it was noted"), press("activities.trail", stay.participation_id)),) if own else ()),
            ),
        ),
    )


def _own(noted: Noted, rules: Hours) -> tuple[Said, ...]:
    stay, title = noted.stay, noted.activity.title
    if stay.ended_at is None:
        return (
            say("✅ You are checked in to “{title}” since {moment}.", title=title, moment=Moment(stay.began_at)),
            say("When you leave, send or scan the code again: that is your check-out."),
            *_location(noted.activity),
        )
    return (
        say("👋 You are checked out of “{title}”.", title=title),
        say("You were here for {length}, since {moment}.", length=_length(noted), moment=Moment(stay.began_at)),
        _what_it_counts(noted, rules),
    )


def _what_it_counts(noted: Noted, rules: Hours) -> Said:
    """Whoever leaves too soon for hours reads it while he can still stay."""
    activity, stay = noted.activity, noted.stay
    ended = stay.ended_at or stay.began_at
    within = max(0, min(ended, activity.ends_at) - max(stay.began_at, activity.starts_at)) // 60
    planned = (activity.ends_at - activity.starts_at) // 60
    if activity.rules.earns and is_short(within, planned, rules):
        return say(
            "⚠️ Hours count from {need} on, all stays together: {percent} % of the planned time. Not leaving yet? Send the next "
            "code, and you are checked in again.",
            need=length(-(-planned * rules.share_percent // 100)),
            percent=rules.share_percent,
        )
    if ended - stay.began_at < SLIP_SECONDS:
        return say("Not leaving yet? Send the next code, and you are checked in again.")
    return say("It counts once a leader has confirmed who came; I tell you then.")


def _location(activity: Activity) -> tuple[Said, ...]:
    """Who is never told that a location may be sent sends none."""
    asked = say("📍 You may send your location, too: I keep how far from the meeting point that is, as a flag only.")
    return (asked,) if activity.point is not None else ()


def _of_member(noted: Noted) -> tuple[Said, ...]:
    values = {"name": noted.person.nickname, "title": noted.activity.title}
    if noted.stay.ended_at is None:
        return (say("✅ {name} is checked in to “{title}”, and is told.", **values),)
    return (say("👋 {name} is checked out of “{title}” after {length}, and is told.", length=_length(noted), **values),)


def _length(noted: Noted) -> Said:
    stay = noted.stay
    return length(((stay.ended_at or stay.began_at) - stay.began_at) // 60)


def _wrong(wrong: Wrong) -> Card:
    reason = (
        say("That code is an old one. Send the one that stands on the screen now; nothing was noted.")
        if wrong.was_until
        else say("That is not the code of what runs now. Nothing was noted; please look again and send it once more.")
    )
    return card(
        reason,
        say_n("You can try {n} more time.", "You can try {n} more times.", wrong.left)
        if wrong.left
        else say("That was the last try for some minutes. Your leader can also mark you in the roll."),
        rows=((Button(say("How to check in"), "activities.how"),),),
    )


# One's own code


async def my_code(tx: Transaction, heard: Heard) -> Answer:
    """My own code, for my leader to check me in or out"""
    me = heard.me
    code = await activities.code_now(tx, f"person:{me.id}")
    return _picture(
        heard,
        code,
        press("activities.shown", me.id, code.text),
        say("🪪 <b>{name}</b>: show this to your leader, who scans it or types the digits.", name=me.nickname),
        Button(say("A new code"), "activities.mycode"),
    )


def _picture(heard: Heard, code: Code, leads_to: str, said: Said, again: Button) -> Card:
    link = heard.house.link(payload(leads_to))
    return card(
        said,
        say("<code>{code}</code>", code=code.text),
        say("Good until {moment}; a new one comes every half minute.", moment=Moment(code.until)),
        rows=((again,),),
        file=File("code.png", picture(link, beneath=f"{code.text[:3]} {code.text[3:]}"), picture=True),
    )


# The leader's screen


async def door(tx: Transaction, heard: Heard) -> Answer:
    """Show the code that changes every half minute."""
    return await activities.open_door(tx, heard.number(), by=heard.me, settings=heard.house.settings)


async def shut(tx: Transaction, heard: Heard) -> Answer:
    """Show it no more."""
    await activities.shut_door(tx, heard.number(), by=heard.me)
    return Onward(HOME if heard.page(1) else press("activities.open", heard.number()))


async def qr(tx: Transaction, heard: Heard) -> Answer:
    """The code of this half minute as a picture to scan."""
    settings = heard.house.settings
    activity, code = await activities.code_of_door(tx, heard.number(), by=heard.me, settings=settings)
    return _picture(
        heard,
        code,
        press("activities.in", activity.id, code.text),
        say("📲 <b>{title}</b>: whoever is here scans this to check in or out.", title=activity.title),
        Button(say("A new picture"), press("activities.qr", activity.id)),
    )


ROUTES = [
    command("checkin", enter, also=("签到", "签退", "打卡"), meant=lambda words: _code(words) is not None),
    command("mycode", my_code, also=("我的码", "签到码")),
    on_press("activities.how", how),
    on_press("activities.in", by_link, link=True),
    on_press("activities.mycode", my_code),
    on_press("activities.shown", shown, LEADERS, link=True),
    on_press("activities.door", door, LEADERS),
    on_press("activities.shut", shut, LEADERS),
    on_press("activities.qr", qr, LEADERS),
]
