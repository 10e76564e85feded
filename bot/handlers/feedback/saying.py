"""How it was: two taps, and as many more as one likes; and what all said together."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, feedback
from bot.domain.activities import Activity
from bot.domain.feedback import MOODS, REMARKS, SHOWN_FROM, WORDS_CHARACTERS_MAX, Mine, Summary
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """How was it?"""
    activity = await feedback.of_mine(tx, heard.number(), heard.me)
    said = await feedback.mine(tx, activity.id, heard.me)
    return _more(activity, said) if said else _moods(activity)


async def again(tx: Transaction, heard: Heard) -> Answer:
    """Choose another mood."""
    return _moods(await feedback.of_mine(tx, heard.number(), heard.me))


def _moods(activity: Activity) -> Card:
    faces = tuple(
        Button(say("{value}", value=face), press("feedback.mood", activity.id, mood)) for mood, face in MOODS.items()
    )
    return card(
        say("<b>How was “{title}”?</b>", title=activity.title),
        say(
            "Its leaders see only what all said together, from {n} answers on, and never a name.",
            n=SHOWN_FROM,
        ),
        rows=(faces, (Button(say("I did not feel safe"), press("feedback.unsafe", activity.id)),)),
        back=press("activities.open", activity.id),
    )


async def mood(tx: Transaction, heard: Heard) -> Answer:
    """Say it with one tap."""
    if heard.number(1) not in MOODS:
        raise stale()
    activity = await feedback.say_mood(tx, heard.number(), heard.number(1), by=heard.me)
    said = await feedback.mine(tx, activity.id, heard.me)
    assert said is not None, "it was said just now"
    return _more(activity, said).with_toast(say("Thank you, it is noted."))


def _more(activity: Activity, said: Mine) -> Card:
    """What was said, and what can be ticked beside it."""
    ticks = [
        Button(
            say("{mark} {remark}", mark="☑" if name in said.remarks else "☐", remark=remark),
            press("feedback.tick", activity.id, name),
        )
        for name, remark in REMARKS.items()
    ]
    return card(
        say("<b>“{title}”</b>: {mood}", title=activity.title, mood=feedback.mood_words(said.mood)),
        *((say("“{words}”", words=said.words),) if said.words else ()),
        say("It is noted. Is there something to add? A tap is enough."),
        rows=(
            *((ticks[i], ticks[i + 1]) for i in range(0, len(ticks), 2)),
            (
                Button(say("Write a word"), press("feedback.write", activity.id)),
                Button(say("Another answer"), press("feedback.again", activity.id)),
            ),
            (Button(say("I did not feel safe"), press("feedback.unsafe", activity.id)),),
        ),
        back=press("activities.open", activity.id),
    )


async def tick(tx: Transaction, heard: Heard) -> Answer:
    """Tick a remark, or take the tick away."""
    remark = heard.args[1] if len(heard.args) > 1 else ""
    if remark not in REMARKS:
        raise stale()
    activity = await feedback.tick(tx, heard.number(), remark, by=heard.me)
    said = await feedback.mine(tx, activity.id, heard.me)
    assert said is not None, "remarks stand beside a mood"
    return _more(activity, said)


async def write(tx: Transaction, heard: Heard) -> Answer:
    """Ask for words."""
    activity = await feedback.of_mine(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, WORDS, {"activity": activity.id})


async def _written(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    activity = await feedback.write(tx, int(answers["activity"]), answers["words"], by=heard.me)
    said = await feedback.mine(tx, activity.id, heard.me)
    assert said is not None, "words stand beside a mood"
    return _more(activity, said).with_toast(say("Thank you, it is noted."))


async def summed(tx: Transaction, heard: Heard) -> Answer:
    """What all said of it together, for those who answer for it."""
    view = await activities.watched_by(tx, heard.number(), heard.me)
    activity = view.activity
    found = await feedback.summary(tx, [activity.id])
    back = press("activities.open", activity.id)
    title = say("💬 <b>{title}</b>: what those who came say", title=activity.title)
    if not found.is_shown:
        return card(title, _too_few(found), back=back)
    page = await feedback.words_of(tx, activity.id, heard.page(1))
    return card(
        title,
        say_n("{n} answer", "{n} answers", found.answers),
        *(say("{mood}: {n}", mood=feedback.mood_words(each), n=found.moods[each]) for each in MOODS),
        BLANK,
        *(say("{remark}: {n}", remark=REMARKS[name], n=n) for name, n in _often(found)),
        *(say("“{words}”", words=words) for words in page.items),
        rows=page.turner("feedback.sum", activity.id),
        back=back,
    )


def _too_few(found: Summary) -> Said:
    return say_n(
        "{n} answer so far. From {from_n} on it is shown here, so that nobody is found out.",
        "{n} answers so far. From {from_n} on they are shown here, so that nobody is found out.",
        found.answers,
        from_n=SHOWN_FROM,
    )


def _often(found: Summary) -> list[tuple[str, int]]:
    """Remarks by how often they were ticked."""
    return sorted(((name, n) for name, n in found.remarks.items() if name in REMARKS), key=lambda each: -each[1])


WORDS = Form(
    "feedback.words",
    say("A word about it"),
    (
        Question(
            "words",
            say("Your words"),
            say("What would you like to say? Its leaders read it without your name."),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _written,
    say("Send it"),
)
FORMS: tuple[Form, ...] = (WORDS,)
ROUTES = [
    on_press("feedback.ask", ask, link=True),
    on_press("feedback.again", again),
    on_press("feedback.mood", mood),
    on_press("feedback.tick", tick),
    on_press("feedback.write", write),
    on_press("feedback.sum", summed),
]
