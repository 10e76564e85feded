"""What only some activities need: asked behind More, so that publishing the usual stays as short as it is."""

from bot import forms
from bot.domain.activities import Kind, wording
from bot.domain.activities.ruling import MODES
from bot.domain.activities.wording import NEWCOMERS
from bot.forms import Question
from bot.locales import Said, say

CHOICES = (
    *((mode.value, words) for mode, words in MODES.items()),
    (NEWCOMERS, say("One place in four for first-timers")),
)


def _shown_mode(value: str) -> Said:
    return dict(CHOICES)[value]


def _shown_months(value: int) -> Said:
    return say("{n} months", n=value)


MODE = Question(
    "mode",
    say("Who gets a place"),
    say("Who gets a place if more people want one than there are?"),
    wording.mode,
    show=_shown_mode,
    optional=True,
    choices=CHOICES,
    extra=True,
)
CONDITIONS = Question(
    "conditions",
    say("Only for"),
    say(
        "Is it for some people only? Write it, with commas between: training: first aid · 2 stars · 18+ · group: Dance · "
        "first-timers. Skip it if everybody can come."
    ),
    wording.conditions,
    show=wording.shown_conditions,
    optional=True,
    choices=(("18+", say("18 and older")), ("first-timers", say("people who come for the first time"))),
    extra=True,
)
OPENS = Question(
    "opens",
    say("Sign-up opens"),
    say("When can people begin to sign up? Skip it for at once."),
    wording.moment,
    show=forms.as_moment,
    optional=True,
    extra=True,
)
CLOSES = Question(
    "closes",
    say("Sign-up ends"),
    say(
        "Until when can people sign up? A lottery is drawn then. Skip it for the start, or a day before for a lottery."
    ),
    wording.moment,
    show=forms.as_moment,
    optional=True,
    extra=True,
)
VALID = Question(
    "valid",
    say("Valid for"),
    say("For how long is the training valid, such as “12 months”? Skip it if it does not end."),
    wording.months,
    show=_shown_months,
    optional=True,
    extra=True,
)


def extras(kind: Kind) -> tuple[Question, ...]:
    """The questions behind More."""
    return (MODE, CONDITIONS, OPENS, CLOSES, *((VALID,) if kind is Kind.TRAINING else ()))
