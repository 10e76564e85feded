"""Watches: told once when a place opens, or when people are short; watched again, or not any more, with one tap."""

from bot.cards import Button, Card, card, press
from bot.domain import activities
from bot.domain.activities import KIND_LISTS, Watch
from bot.handlers.activities.taking_part import meant
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WHATS = {"open": say("when a place opens"), "short": say("when it is short of people")}


async def by_name(tx: Transaction, heard: Heard) -> Answer:
    """Tell me when a place opens or people are short: /watch 12; alone: what I watch"""
    if not heard.words:
        return await _list(tx, heard, 0)
    found = await meant(tx, heard, "/watch 12", mine=False)
    return found if isinstance(found, Card) else await _choice(tx, heard, found)


async def watching(tx: Transaction, heard: Heard) -> Answer:
    """Choose what I want to hear of this activity."""
    return await _choice(tx, heard, heard.number())


async def _choice(tx: Transaction, heard: Heard, number: int) -> Card:
    activity = (await activities.view(tx, number, heard.me)).activity
    return card(
        say("<b>{title}</b>: what shall I tell you?", title=activity.title),
        say("I say it once, when it comes to it. Then the watch is used up, and can be set again with one tap."),
        rows=(
            *((Button(say("Tell me {what}", what=WHATS[what]), _watch(activity.id, what)),) for what in WHATS),
            (Button(say("My watches"), "activities.watches"),),
        ),
        back=press("activities.open", activity.id),
    )


def _watch(activity_id: int, what: str) -> str:
    return press("activities.watch", activity_id, what)


def _what(heard: Heard) -> str:
    """What a button names. Raises Refused for data that no button of ours carries."""
    what = heard.args[1] if len(heard.args) > 1 else ""
    if what not in WHATS:
        raise stale()
    return what


async def watch(tx: Transaction, heard: Heard) -> Answer:
    """Tell me once."""
    what = _what(heard)
    activity = await activities.watch(tx, heard.number(), what, by=heard.me)
    return (await _list(tx, heard, 0)).with_toast(
        say("I tell you {what}: “{title}”.", what=WHATS[what], title=activity.title)
    )


async def unwatch(tx: Transaction, heard: Heard) -> Answer:
    """Do not tell me any more."""
    await activities.unwatch(tx, heard.number(), _what(heard), by=heard.me)
    return (await _list(tx, heard, 0)).with_toast(say("I do not tell you any more."))


async def watches(tx: Transaction, heard: Heard) -> Answer:
    """What I watch."""
    return await _list(tx, heard, heard.page())


async def _list(tx: Transaction, heard: Heard, number: int) -> Card:
    page = await activities.watches(tx, heard.me, number)
    return card(
        say("<b>My watches</b>"),
        *(_line(each) for each in page.items),
        *(() if page.items else (say("You watch nothing. “Watch” on an activity's card tells you of a free place."),)),
        rows=(
            *(_row(each) for each in page.items),
            *page.turner("activities.watches"),
            *(() if page.items else (LISTS,)),
        ),
        back="activities.mine",
    )


# Where nothing is watched: where something can be.
LISTS = tuple(Button(name, press("activities.list", kind)) for kind, name in KIND_LISTS.items())


def _line(each: Watch) -> Said:
    moment = Moment(each.starts_at)
    if each.armed:
        return say("🔔 <b>{title}</b> · {moment} · {what}", moment=moment, title=each.title, what=WHATS[each.what])
    return say("🔕 <b>{title}</b> · {moment} · {what}: used up", moment=moment, title=each.title, what=WHATS[each.what])


def _row(each: Watch) -> tuple[Button, ...]:
    again = Button(say("Watch again"), _watch(each.activity_id, each.what))
    drop = Button(say("✖️ Don't watch"), press("activities.unwatch", each.activity_id, each.what))
    to_card = Button(say("{title}", title=each.title), press("activities.open", each.activity_id))
    return (to_card, drop) if each.armed else (to_card, again)


ROUTES = [
    command("watch", by_name, also=("关注", "我的关注")),
    on_press("activities.watching", watching),
    on_press("activities.watch", watch),
    on_press("activities.unwatch", unwatch),
    on_press("activities.watches", watches),
]
