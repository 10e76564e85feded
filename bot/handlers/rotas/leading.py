"""Making a duty post, its weekly times and its limits: for leaders of its group and county admins."""

from typing import Any

from bot import dates, forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import activities, groups, rotas
from bot.domain.rotas import Limits, Post, reading
from bot.forms import Form, Question
from bot.handlers.rotas.showing import post_card, undo_button
from bot.locales import Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

SLOTS_A_PAGE = 8
MINUTES_CHOICES = (60, 120, 180, 240)


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Choose the group whose leaders answer for it."""
    page = await activities.homes(tx, heard.me, heard.page())
    return card(
        say("<b>New duty post</b>: of which group? Its leaders answer for it."),
        *(() if page.items else (say("You lead no group."),)),
        rows=(
            *((Button(say("{group}", group=group.name), press("rotas.newfor", group.id)),) for group in page.items),
            *page.turner("rotas.new"),
        ),
        back="rotas.home",
    )


async def new_for(tx: Transaction, heard: Heard) -> Answer:
    """Ask what it is called, where it is, and who serves."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, NEW, {"group": group.id})


async def _made(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    everybody = answers["who"] == "members"
    post = await rotas.make(tx, answers["group"], answers["name"], answers["place"], everybody=everybody, by=heard.me)
    return await _slots(tx, post, say("{post} is there. Next: when is it served?", post=post.name))


# Weekly times


async def slots(tx: Transaction, heard: Heard) -> Answer:
    """The weekly times of a post."""
    return await _slots(tx, await rotas.led_post(tx, heard.number(), heard.me), number=heard.page(1))


async def _slots(tx: Transaction, post: Post, *first: Said, undo: Button | None = None, number: int = 0) -> Card:
    found = await rotas.slots_of(tx, post.id)
    page = page_in(found, number, SLOTS_A_PAGE)
    pairs = [page.items[place : place + 2] for place in range(0, len(page.items), 2)]
    return card(
        *first,
        say("<b>{post}</b>: weekly times", post=post.name),
        *(say_n("• {slot}, {n} person", "• {slot}, {n} people", slot.people, slot=slot.words) for slot in found),
        *(() if found else (say("No weekly times yet."),)),
        say("Times are the county's wall clock. A tap on one removes it."),
        rows=(
            *(((undo,),) if undo else ()),
            *(
                tuple(Button(say("✕ {slot}", slot=slot.words), press("rotas.slot.removal", slot.id)) for slot in pair)
                for pair in pairs
            ),
            *page.turner("rotas.slots", post.id),
            (
                Button(say("＋ Add a time"), press("rotas.slot.new", post.id)),
                *((Button(say("Draw"), press("rotas.draw", post.id)),) if found else ()),
            ),
        ),
        back=press("rotas.post", post.id),
    )


async def new_slot(tx: Transaction, heard: Heard) -> Answer:
    """Ask for weekday, time, length and how many people."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, SLOT, {"post": post.id})


async def _added(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    when, people = (answers["minute"], answers["length"]), answers["people"]
    for weekday in WORKDAYS if answers["weekday"] == MON_TO_FRI else (answers["weekday"],):
        await rotas.add_slot(tx, answers["post"], weekday, *when, people, by=heard.me)
    shown = await _slots(tx, await rotas.post_of(tx, answers["post"]))
    return shown.with_toast(say("Added. The next draw goes by it."))


async def removal(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a time is removed, with exact numbers."""
    slot = await rotas.slot_of(tx, heard.number())
    post = await rotas.led_post(tx, slot.post_id, heard.me)
    duties, people = await rotas.ahead_at(tx, post.id, slot.id)
    return card(
        say("Remove <b>{slot}</b> of {post}?", slot=slot.words, post=post.name),
        _void(duties, people),
        rows=((Button(say("Remove it"), press("rotas.slot.remove", slot.id), style="danger"),),),
        back=press("rotas.slots", post.id),
    )


def _void(duties: int, people: int) -> Said:
    return say_n(
        "{n} duty ahead ends with it; {people} are told a minute later.",
        "{n} duties ahead end with it; {people} are told a minute later.",
        duties,
        people=say_n("{n} person", "{n} people", people),
    )


async def remove(tx: Transaction, heard: Heard) -> Answer:
    """Remove it."""
    post = await rotas.remove_slot(tx, heard.number(), by=heard.me)
    return await _slots(tx, post, say("Removed."), undo=undo_button("rotas.slot.restore", heard.number()))


async def restore(tx: Transaction, heard: Heard) -> Answer:
    """It is served after all."""
    post = await rotas.restore_slot(tx, heard.number(), by=heard.me)
    return (await _slots(tx, post)).with_toast(say("Undone; nobody was told."))


# Limits


async def limits(tx: Transaction, heard: Heard) -> Answer:
    """How often somebody is drawn at most."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    return card(
        say("<b>{post}</b>: limits", post=post.name),
        say("In a week one person serves at most: {n}", n=post.week_max),
        say("In a whole draw at most: {n}", n=post.draw_max) if post.draw_max else say("In a whole draw: no limit"),
        say_n(
            "Experienced is who has served {n} time: he is put beside new ones.",
            "Experienced is who has served {n} times: he is put beside new ones.",
            post.experienced_after,
        ),
        rows=((Button(say("Change"), press("rotas.limits.set", post.id)),),),
        back=press("rotas.post", post.id),
    )


async def set_limits(tx: Transaction, heard: Heard) -> Answer:
    """Ask for other limits."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, LIMITS, {"post": post.id})


async def _limited(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    wanted = Limits(answers["week"], answers["draw"] or None, answers["experienced"])
    post = await rotas.set_limits(tx, answers["post"], wanted, by=heard.me)
    return (await post_card(tx, heard, post)).with_toast(say("Saved. The next draw goes by it."))


# Closing


async def closing(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a post is closed, with exact numbers."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    duties, people = await rotas.ahead_at(tx, post.id)
    return card(
        say("Close the duty post <b>{post}</b>?", post=post.name),
        _void(duties, people),
        rows=((Button(say("Close it"), press("rotas.close", post.id), style="danger"),),),
        back=press("rotas.post", post.id),
    )


async def close(tx: Transaction, heard: Heard) -> Answer:
    """Close it."""
    post = await rotas.close(tx, heard.number(), by=heard.me)
    return card(
        say("The duty post <b>{post}</b> is closed.", post=post.name),
        say("For {seconds} seconds you can take that back.", seconds=rotas.UNDO_SECONDS),
        rows=((Button(say("Undo"), press("rotas.reopen", post.id)),),),
        back="rotas.home",
    )


async def reopen(tx: Transaction, heard: Heard) -> Answer:
    """It is open after all."""
    post = await rotas.reopen(tx, heard.number(), by=heard.me)
    return (await post_card(tx, heard, post)).with_toast(say("Undone; nobody was told."))


WHO = (("members", say("All members of the group")), ("volunteers", say("Whoever says so")))


def _who(typed: str, tx: Transaction) -> str:
    if typed not in dict(WHO):
        raise Refused(say("Please use the buttons: nothing counts until you confirm."))
    return typed


def _shown_who(value: str) -> Said:
    return dict(WHO)[value]


MON_TO_FRI, WORKDAYS = "workdays", range(5)
EACH_WORKDAY = say("Mon to Fri, each day")
WEEKDAY_NUMBERS = {str(day) for day in range(len(rotas.WEEKDAYS))}


def _weekday(typed: str, tx: Transaction) -> int | str:
    if typed == MON_TO_FRI:
        return typed
    if typed not in WEEKDAY_NUMBERS:
        raise Refused(say("Please tap the weekday."))
    return int(typed)


def _shown_weekday(value: int | str) -> Said:
    return rotas.WEEKDAYS[value] if isinstance(value, int) else EACH_WORKDAY


def _shown_minute(value: int) -> Said:
    return say("{value}", value=dates.written_clock(value))


def minutes_words(minutes: int) -> Said:
    """A length in hours, or in minutes where it is no whole number of them."""
    if minutes % 60:
        return say_n("{n} minute", "{n} minutes", minutes)
    return say_n("{n} hour", "{n} hours", minutes // 60)


def _numbers(*numbers: int) -> tuple[tuple[str, Said], ...]:
    return tuple((str(n), say("{value}", value=n)) for n in numbers)


NEW = Form(
    "rotas.new",
    say("New duty post"),
    (
        Question(
            "name",
            say("Name"),
            say("What is it called? For instance: museum guides, or reading-room desk"),
            reading.name,
        ),
        Question("place", say("Where"), say("Where is it served?"), reading.place),
        Question("who", say("Who serves"), say("Who serves there?"), _who, show=_shown_who, choices=WHO),
    ),
    _made,
    say("Make the duty post"),
    Who.LEADER | Who.ADMIN,
)
SLOT = Form(
    "rotas.slot",
    say("A weekly time"),
    (
        Question(
            "weekday",
            say("Weekday"),
            say("On which weekday?"),
            _weekday,
            show=_shown_weekday,
            choices=(*((str(day), name) for day, name in enumerate(rotas.WEEKDAYS)), (MON_TO_FRI, EACH_WORKDAY)),
        ),
        Question(
            "minute",
            say("Begins"),
            say("At what time does it begin? For instance 9:00"),
            reading.minute,
            show=_shown_minute,
        ),
        Question(
            "length",
            say("How long"),
            say("How long is one duty?"),
            reading.length,
            show=minutes_words,
            choices=tuple((f"{minutes // 60}h", minutes_words(minutes)) for minutes in MINUTES_CHOICES),
        ),
        Question(
            "people",
            say("How many"),
            say("How many people serve together?"),
            forms.whole_number(1, rotas.PEOPLE_MAX),
            choices=_numbers(1, 2, 3, 4),
        ),
    ),
    _added,
    say("Add it"),
    Who.LEADER | Who.ADMIN,
)
LIMITS = Form(
    "rotas.limits",
    say("Limits"),
    (
        Question(
            "week",
            say("In a week"),
            say("How often does one person serve in a week at most?"),
            forms.whole_number(1, 7),
            choices=_numbers(1, 2),
        ),
        Question(
            "draw",
            say("In a whole draw"),
            say("And in all weeks of a draw together? 0 is no limit."),
            forms.whole_number(0, 200),
            show=forms.as_limit,
            choices=(("0", say("no limit")),),
        ),
        Question(
            "experienced",
            say("Experienced after"),
            say("After how many duties is somebody experienced? He is put beside new ones."),
            forms.whole_number(0, 50),
            choices=_numbers(1, 3, 5),
        ),
    ),
    _limited,
    say("Save"),
    Who.LEADER | Who.ADMIN,
)
FORMS: tuple[Form, ...] = (NEW, SLOT, LIMITS)
ROUTES = [
    on_press("rotas.new", new, Who.LEADER | Who.ADMIN),
    on_press("rotas.newfor", new_for),
    on_press("rotas.slots", slots),
    on_press("rotas.slot.new", new_slot),
    on_press("rotas.slot.removal", removal),
    on_press("rotas.slot.remove", remove),
    on_press("rotas.slot.restore", restore),
    on_press("rotas.limits", limits),
    on_press("rotas.limits.set", set_limits),
    on_press("rotas.closing", closing),
    on_press("rotas.close", close),
    on_press("rotas.reopen", reopen),
]
