"""Lists of activities: what is coming up, what has a word in it, mine, and those I answer for."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import activities, groups, points
from bot.domain.activities import KIND_LISTS, RULES, Activity, Attendance, Kind, View, kind_of
from bot.domain.people import Person
from bot.forms import Form
from bot.locales import Moment, Said, Span, Value, say, say_n
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def tasks(tx: Transaction, heard: Heard) -> Answer:
    """Volunteer tasks that are coming up; with a word: only those"""
    return await _list(tx, heard, Kind.TASK, groups.clean_query(heard.words), 0)


async def events(tx: Transaction, heard: Heard) -> Answer:
    """Events that are coming up; with a word: only those"""
    return await _list(tx, heard, Kind.EVENT, groups.clean_query(heard.words), 0)


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """A page of what is coming up."""
    return await _list(tx, heard, kind_heard(heard), "", heard.page(1))


async def found(tx: Transaction, heard: Heard) -> Answer:
    """A page of what has a word in it; the word may hold a colon."""
    if len(heard.args) < 3 or not heard.args[-1].isdecimal():
        raise stale()
    return await _list(tx, heard, kind_heard(heard), ":".join(heard.args[1:-1]), heard.page(len(heard.args) - 1))


def kind_heard(heard: Heard) -> Kind:
    """The kind in a button's data. Raises Refused for anything else."""
    kind = kind_of(heard.args[0]) if heard.args else None
    if kind is None:
        raise stale()
    return kind


async def _list(tx: Transaction, heard: Heard, kind: Kind, word: str, number: int) -> Card:
    kind = RULES[kind].listed
    page = await activities.ahead(tx, kind, heard.me, number, word=word)
    turner = page.turner("activities.find", kind, word) if word else page.turner("activities.list", kind)
    more = [Button(say("🔍 Search"), press("activities.search", kind))]
    if heard.me.is_minor:
        more.append(Button(say("🧒 For my age"), "activities.young"))
    if heard.me.leads or heard.me.is_admin:
        more.append(Button(say("＋ New"), press("activities.new", kind)))
        more.append(Button(say("⋯ More"), press("activities.more", kind)))
    return card(
        say("<b>{list}</b>", list=KIND_LISTS[kind]),
        *((say("With “{word}”", word=word),) if word else ()),
        *((say("🧒 a leader is there for people under 18"),) if heard.me.is_minor and page.items else ()),
        *(_lines(page, heard.me) or (say("Nothing is planned here just now."),)),
        rows=(*_buttons(page), (*(turner[0] if turner else ()), *more)),
        back=press("activities.list", kind) if word else "",
    )


def _lines(page: Page, me: Person) -> tuple[Said, ...]:
    lines = tuple(_line(view, young=me.is_minor) for view in page.items)
    return (*lines, page.place()) if lines and page.total is not None else lines


def _line(view: View, *, young: bool = False) -> Said:
    activity = view.activity
    shown: dict[str, Value] = {
        "mark": _marks(view, young=young),
        "title": activity.title,
        "moment": Moment(activity.starts_at),
        "places": activities.places_words(activity),
    }
    rules = activity.rules
    if activity.kind is rules.listed:
        return say("{mark}<b>{title}</b> · {moment} · {places}", **shown)
    return say("{mark}{icon} {kind} <b>{title}</b> · {moment} · {places}", icon=rules.icon, kind=rules.name, **shown)


def _marks(view: View, *, young: bool = False) -> str:
    """How I stand to it; for whoever is under 18, whether a leader is there; whether it is of a series."""
    activity = view.activity
    child = "🧒 " if young and activity.takes_young else ""
    return f"{_mark(view)}{child}{'🔁 ' if activity.series_id is not None else ''}"


def _mark(view: View) -> str:
    if view.mine is None:
        return ""
    if view.mine.is_offered:
        return "🔔 "
    if view.mine.is_applied:
        return "📝 "
    return "⏳ " if view.mine.queue else "✅ "


def _buttons(page: Page) -> tuple[tuple[Button, ...], ...]:
    """A button for each."""
    labels = activities.labels(page.items)
    return tuple(
        (Button(label, press("activities.open", view.activity.id)),)
        for label, view in zip(labels, page.items, strict=True)
    )


async def young(tx: Transaction, heard: Heard) -> Answer:
    """What somebody under 18 can sign up for: where a leader is there for him."""
    page = await activities.minded(tx, heard.me, heard.page())
    return card(
        say("<b>🧒 For people under 18</b>"),
        say("A leader has promised to be there for you:")
        if page.items
        else say("Nobody has promised yet to be there for people under 18. Open what you like and ask: one tap."),
        *(_line(view) for view in page.items),
        rows=(*_buttons(page), (*_turn(page, "activities.young"), *_every_kind())),
    )


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a word to look for."""
    return await forms.begin(tx, heard, SEARCH, {"kind": str(kind_heard(heard))})


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _list(tx, heard, Kind(answers["kind"]), answers["word"], 0)


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """What I have signed up for"""
    page = await activities.of_person(tx, heard.me, heard.page())
    led = (Button(say("What I lead"), "activities.led"),) if heard.me.leads or heard.me.is_admin else ()
    return card(
        say("<b>My sign-ups</b>"),
        *(_my_line(view, tx.now) for view in page.items),
        *(() if page.items else (say("You have not signed up for anything that is still ahead."),)),
        rows=(
            *_buttons(page),
            (*_turn(page, "activities.mine"), *_kinds(page)),
            (Button(say("Past sign-ups"), "activities.past"), Button(say("My watches"), "activities.watches"), *led),
        ),
    )


def _my_line(view: View, now: int) -> Said:
    """When and where I am expected; how I stand to it, where I am not expected yet."""
    activity = view.activity
    shown: dict[str, Value] = {"title": activity.title, "moment": Moment(activity.starts_at)}
    if activity.ends_at <= now:
        return say("⌛ <b>{title}</b> · {moment} · not confirmed yet who came", **shown)
    return say("{mark}<b>{title}</b> · {moment} · {how}", mark=_marks(view), how=_standing(view), **shown)


def _standing(view: View) -> Said:
    mine = view.mine
    assert mine is not None, "what somebody has signed up for has his row"
    if mine.until:
        return say("a place is kept for you until {moment}", moment=Moment(mine.until))
    if mine.is_applied:
        return say("applied")
    if mine.queue:
        return say("number {n} on the waiting list", n=mine.queue)
    place = say("{place}", place=view.activity.place)
    if mine.role is not None:
        place = say("{place} · {role}", place=place, role=mine.role)
    return say("{place} · 🔁 looking for a stand-in", place=place) if mine.handover else place


async def past(tx: Transaction, heard: Heard) -> Answer:
    """What I had signed up for and is over, with what it brought."""
    page = await activities.past_of(tx, heard.me, heard.page())
    brought = await points.earned(tx, heard.me.id, [view.activity.name for view in page.items])
    return card(
        say("<b>Past sign-ups</b>"),
        *(_past_line(view, brought.get(view.activity.name, 0)) for view in page.items),
        *(() if page.items else (say("Nothing yet. What you have taken part in will stand here, with its points."),)),
        rows=(
            *_buttons(page),
            (*_turn(page, "activities.past"), Button(say("My trainings"), "activities.trainings"), *_kinds(page)),
        ),
        back="activities.mine",
    )


def _past_line(view: View, brought: int) -> Said:
    mark, outcome = _outcome(view, brought)
    return say(
        "{mark} <b>{title}</b> · {moment} · {outcome}",
        mark=mark,
        title=view.activity.title,
        moment=Moment(view.activity.starts_at),
        outcome=outcome,
    )


def _outcome(view: View, brought: int) -> tuple[str, Said]:
    """How it ended for whoever asks, as a mark and in words."""
    mine = view.mine
    assert mine is not None, "what somebody took part in has his row"
    if view.activity.is_cancelled:
        return "🚫", say("called off")
    if not mine.is_in:
        return "⏳", say("no place became free")
    if mine.confirmed_at is None:
        return "⌛", say("not confirmed yet who came")
    if mine.attendance is Attendance.EXCUSED:
        return "🙏", say("excused")
    if not mine.came:
        return "❌", say("missed")
    return "✅", say_n("came, {n} point", "came, {n} points", brought) if brought else say("came")


def _turn(page: Page, name: str) -> tuple[Button, ...]:
    turner = page.turner(name)
    return turner[0] if turner else ()


def _kinds(page: Page) -> tuple[Button, ...]:
    """Where nothing is signed up for: where to look."""
    return () if page.items else _every_kind()


def _every_kind() -> tuple[Button, ...]:
    return tuple(Button(KIND_LISTS[kind], press("activities.list", kind)) for kind in KIND_LISTS)


async def led(tx: Transaction, heard: Heard) -> Answer:
    """What I answer for: first those over which it is time to say who came."""
    page = await activities.led_by(tx, heard.me, heard.page())
    return card(
        say("<b>What I lead</b>"),
        *(_led_line(view, tx.now) for view in page.items),
        *(() if page.items else (say("Nothing is planned, and nothing waits to be confirmed."),)),
        rows=(
            *_buttons(page),
            (*_turn(page, "activities.led"), *_first_steps(page)),
            (
                Button(say("Once more …"), "activities.ledbefore"),
                Button(say("Appeals"), "activities.appeals"),
                Button(say("My groups"), "groups.mine"),
            ),
        ),
        back="activities.mine",
    )


def _first_steps(page: Page) -> tuple[Button, ...]:
    """Where nothing is led: how something comes about."""
    if page.items:
        return ()
    return (
        Button(say("＋ New"), press("activities.new", Kind.TASK)),
        Button(say("From a template"), "templates.list"),
    )


def _led_line(view: View, now: int) -> Said:
    if view.activity.ends_at <= now:
        return say(
            "❓ <b>{title}</b> · {moment} · who came?",
            title=view.activity.title,
            moment=Moment(view.activity.starts_at),
        )
    return _line(view)


async def led_before(tx: Transaction, heard: Heard) -> Answer:
    """What I have led and is over: a tap holds one of them once more."""
    page = await activities.led_before(tx, heard.me, heard.page())
    return card(
        say("<b>What I have led</b>"),
        say("Tap one to hold it once more.")
        if page.items
        else say("Nothing yet. What you have led stands here once it is over, to be held again on another date."),
        *(_once(view) for view in page.items),
        rows=(
            *((Button(_title(view.activity), press("activities.anew", view.activity.id)),) for view in page.items),
            (*_turn(page, "activities.ledbefore"), *_first_steps(page)),
        ),
        back="activities.led",
    )


def _once(view: View) -> Said:
    return say("<b>{title}</b> · {moment}", title=view.activity.title, moment=Moment(view.activity.starts_at))


def _title(activity: Activity) -> Said:
    return say("{title}", title=activity.title)


async def overdue(tx: Transaction, heard: Heard) -> Answer:
    """What nobody has confirmed for days, for the admins to look after."""
    page = await activities.overdue(tx, heard.me, heard.page())
    return card(
        say("<b>Not confirmed for three days</b>"),
        say("People were signed up, and no leader has said who came: they wait for their points.")
        if page.items
        else say("Nothing: who came has been confirmed everywhere."),
        *(_overdue_line(view) for view in page.items),
        rows=(*_buttons(page), _turn(page, "activities.overdue")),
        back="admin.panel",
    )


def _overdue_line(view: View) -> Said:
    activity = view.activity
    return say_n(
        "❓ <b>{title}</b> · {group} · {when} · {n} signed up",
        "❓ <b>{title}</b> · {group} · {when} · {n} signed up",
        activity.taken,
        title=activity.title,
        group=say("{group}", group=view.group_name) if view.group_name else say("the whole county"),
        when=Span(activity.starts_at, activity.ends_at),
    )


SEARCH = forms.search(
    "activities.search",
    say("Which word shall I look for in titles, places and groups? For instance: library"),
    _searched,
)
FORMS: tuple[Form, ...] = (SEARCH,)
ROUTES = [
    command("tasks", tasks, also=("志愿任务", "任务", "志愿")),
    command("events", events, also=("活动",)),
    command("mysignups", mine, also=("我的报名", "我的活动")),
    on_press("activities.list", listed, link=True),
    on_press("activities.find", found),
    on_press("activities.young", young),
    on_press("activities.search", search),
    on_press("activities.mine", mine),
    on_press("activities.past", past),
    on_press("activities.led", led, Who.LEADER | Who.ADMIN, also=("我负责的", "what i lead")),
    on_press("activities.ledbefore", led_before, Who.LEADER | Who.ADMIN),
    on_press("activities.overdue", overdue, Who.READER),
]
