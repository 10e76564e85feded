"""One's own settings: language, quiet hours, how early events remind."""

import re

from bot import dates, forms
from bot.cards import Button, Card, Onward, card, press
from bot.domain import people
from bot.forms import Form, Question
from bot.locales import LANGUAGES, Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADS_HOURS = (1, 3, 12, 24, 48, 72)
PRESETS = ((22 * 60, 7 * 60), (21 * 60, 8 * 60), (12 * 60, 14 * 60))
_HOURS = re.compile(r"\s*(\d{1,2})[:：点]?(\d{2})?\s*(?:-|–|~|～|to|到|至)\s*(\d{1,2})[:：点]?(\d{2})?\s*")


async def settings(tx: Transaction, heard: Heard) -> Answer:
    """Language, quiet hours, reminders"""
    return _screen(heard)


def _screen(heard: Heard) -> Card:
    me = heard.me
    language = say("中文") if me.language == "zh_CN" else say("English")
    lead = me.event_lead_hours or heard.house.settings.reminders.event_lead_hours
    return card(
        say("<b>Settings</b>"),
        say("Language: {language}", language=language),
        say("Quiet hours: {hours}", hours=quiet_words(me.quiet_from, me.quiet_to)),
        say("Reminder for events: {lead} before", lead=_hours(lead)),
        rows=(
            (
                Button(say("中文"), press("people.language", "zh_CN")),
                Button(say("English"), press("people.language", "en")),
            ),
            (Button(say("Quiet hours"), "people.quiet"), Button(say("Reminder for events"), "people.leads")),
            (Button(say("Short notice"), "activities.standby"),),
            (Button(say("My data"), "privacy.data"), Button(say("Leave and be forgotten"), "privacy.forget")),
        ),
    )


def quiet_words(start: int | None, end: int | None) -> Said:
    """Quiet hours as they are shown."""
    if start is None or end is None:
        return say("none")
    return say("{start} to {end}", start=dates.written_clock(start), end=dates.written_clock(end))


async def language(tx: Transaction, heard: Heard) -> Answer:
    """Speak another language from now on."""
    if not heard.args or heard.args[0] not in LANGUAGES:
        raise stale()
    await people.set_language(tx, heard.me, heard.args[0])
    return Onward("people.settings")


async def quiet(tx: Transaction, heard: Heard) -> Answer:
    """Choose when reminders and calls are kept back."""
    presets = tuple((Button(quiet_words(start, end), press("people.hush", start, end)),) for start, end in PRESETS)
    return card(
        say(
            "In quiet hours I keep reminders and calls back until they end. Answers to you and emergencies come at once."
        ),
        rows=(*presets, (Button(say("Other hours"), "people.hours"), Button(say("No quiet hours"), "people.unhush"))),
        back="people.settings",
    )


async def hush(tx: Transaction, heard: Heard) -> Answer:
    """Quiet hours as chosen by a button."""
    start, end = heard.number(0), heard.number(1)
    if max(start, end) >= 1440:
        raise stale()
    await people.set_quiet_hours(tx, heard.me, start, end)
    return Onward("people.settings")


async def unhush(tx: Transaction, heard: Heard) -> Answer:
    """No quiet hours."""
    await people.set_quiet_hours(tx, heard.me, None, None)
    return Onward("people.settings")


async def hours(tx: Transaction, heard: Heard) -> Answer:
    """Ask for other quiet hours."""
    return await forms.begin(tx, heard, QUIET)


def _read_hours(typed: str, tx: Transaction) -> list[int]:
    match = _HOURS.fullmatch(typed)
    numbers = [int(part or 0) for part in match.groups()] if match else _spoken_hours(typed, tx)
    if numbers[0] > 23 or numbers[2] > 23 or numbers[1] > 59 or numbers[3] > 59:
        raise Refused(say("I could not read that. Please write two times, such as 22:00-7:00."))
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if start == end:
        raise Refused(say("These two times are the same. Please write two different ones, such as 22:00-7:00."))
    return [start, end]


def _spoken_hours(typed: str, tx: Transaction) -> list[int]:
    """Hours and minutes as words have them: 晚上10点到早上7点, 10pm to 7am; impossible ones where there are none."""
    try:
        found = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone)
    except dates.Unreadable:
        return [24, 0, 24, 0]
    if found.day_only or found.end is None:
        return [24, 0, 24, 0]
    return [found.start.hour, found.start.minute, found.end.hour, found.end.minute]


async def _hours_given(tx: Transaction, heard: Heard, answers: dict[str, list[int]]) -> Answer:
    await people.set_quiet_hours(tx, heard.me, *answers["hours"])
    return Onward("people.settings")


QUIET = Form(
    "quiet",
    say("Quiet hours"),
    (
        Question(
            "hours",
            say("Quiet hours"),
            say("From when to when shall I be quiet? For instance 22:00-7:00"),
            _read_hours,
            show=lambda value: quiet_words(*value),
        ),
    ),
    _hours_given,
    say("Save"),
)


async def leads(tx: Transaction, heard: Heard) -> Answer:
    """Choose how early events remind."""
    now = heard.me.event_lead_hours or heard.house.settings.reminders.event_lead_hours
    buttons = [
        Button(say("✓ {lead}", lead=_hours(n)) if n == now else _hours(n), press("people.lead", n)) for n in LEADS_HOURS
    ]
    return card(
        say("How long before an event shall I remind you? It counts for events you sign up for from now on."),
        rows=(tuple(buttons[:3]), tuple(buttons[3:])),
        back="people.settings",
    )


def _hours(number: int) -> Said:
    return say_n("{n} hour", "{n} hours", number)


async def lead(tx: Transaction, heard: Heard) -> Answer:
    """Remind of events this many hours before."""
    if heard.number() not in LEADS_HOURS:
        raise stale()
    await people.set_event_lead(tx, heard.me, heard.number())
    return Onward("people.settings")


FORMS: tuple[Form, ...] = (QUIET,)
ROUTES = [
    command("settings", settings, also=("设置",)),
    on_press("people.settings", settings),
    on_press("people.language", language),
    on_press("people.quiet", quiet, also=("免打扰", "quiet hours")),
    on_press("people.hush", hush),
    on_press("people.unhush", unhush),
    on_press("people.hours", hours),
    on_press("people.leads", leads),
    on_press("people.lead", lead),
]
