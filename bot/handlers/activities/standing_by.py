"""Short notice: whether somebody may be asked for places at the last moment, and what suits him."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Onward, card, press
from bot.domain import activities
from bot.domain.activities import PARTS_A_DAY, Wishes
from bot.forms import Form, Question
from bot.handlers.activities.showing import screen
from bot.locales import Moment, Said, Several, say
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

DAYS = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))
PARTS = (say("morning"), say("afternoon"), say("evening"))
LABELS = {"interest": say("Interests"), "area": say("Area"), "skill": say("Skills")}
ASKS = {
    "interest": say("What do you care for? Some words with commas between them, such as: river, reading, old people"),
    "area": say("Where? Some words with commas between them, such as: west bridge, library"),
    "skill": say("What can you do? Some words with commas between them, such as: first aid, driving"),
}


async def standby(tx: Transaction, heard: Heard) -> Answer:
    """Whether I may be asked for places at short notice, and what suits me."""
    return _screen(await activities.wishes(tx, heard.me), heard)


def _screen(found: Wishes, heard: Heard) -> Card:
    a_day = heard.house.settings.waiting.asks_a_day
    return card(
        say("<b>Places at short notice</b>"),
        say("When a place becomes free at the last moment, or people are short, I ask those whom it suits."),
        say("✅ I may ask you, {n} times a day at most.", n=a_day) if found.takes else say("✖️ I do not ask you."),
        *(_words_line(kind, found) for kind in LABELS),
        say("Free: {when}", when=_free_words(found.parts)),
        say("Your groups count by themselves."),
        rows=(
            (_turn(found.takes),),
            tuple(Button(label, press("activities.standby.words", kind)) for kind, label in LABELS.items()),
            (
                Button(say("When I am free"), "activities.standby.parts"),
                Button(say("My watches"), "activities.watches"),
            ),
        ),
        back="people.settings",
    )


def _turn(takes: bool) -> Button:
    if takes:
        return Button(say("Don't ask me any more"), press("activities.standby.turn", 0))
    return Button(say("Ask me"), press("activities.standby.turn", 1), style="primary")


def _words_line(kind: str, found: Wishes) -> Said:
    words = found.words[kind]
    return say("{label}: {words}", label=LABELS[kind], words=Several(tuple(words)) if words else say("nothing set"))


def _free_words(parts: int) -> Said:
    if not parts:
        return say("any time")
    chosen = (_part_words(part) for part in range(len(DAYS) * PARTS_A_DAY) if parts >> part & 1)
    return say("{words}", words=Several(tuple(chosen)))


def _part_words(part: int) -> Said:
    return say("{day} {part}", day=DAYS[part // PARTS_A_DAY], part=PARTS[part % PARTS_A_DAY])


async def turn(tx: Transaction, heard: Heard) -> Answer:
    """Ask me, or do not ask me any more."""
    await activities.set_takes(tx, heard.me, heard.number() == 1)
    return _screen(await activities.wishes(tx, heard.me), heard)


async def parts(tx: Transaction, heard: Heard) -> Answer:
    """Choose the mornings, afternoons and evenings on which I am free."""
    found = await activities.wishes(tx, heard.me)
    return card(
        say("<b>When I am free</b>"),
        say("Tap what suits you; with nothing chosen, any time does."),
        rows=tuple(_day_row(day, found.parts) for day in range(len(DAYS))),
        back="activities.standby",
    )


def _day_row(day: int, chosen: int) -> tuple[Button, ...]:
    return tuple(
        Button(
            say("{mark}{part}", mark="✅ " if chosen >> part & 1 else "", part=_part_words(part)),
            press("activities.standby.part", part),
        )
        for part in range(day * PARTS_A_DAY, (day + 1) * PARTS_A_DAY)
    )


async def part(tx: Transaction, heard: Heard) -> Answer:
    """Free at this part of the week, or not any more."""
    await activities.turn_part(tx, heard.me, heard.number())
    return Onward("activities.standby.parts")


async def words(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the words of one kind."""
    kind = heard.args[0] if heard.args else ""
    if kind not in FORM_OF:
        raise stale()
    return await forms.begin(tx, heard, FORM_OF[kind], {"kind": kind})


async def _words_given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    await activities.set_words(tx, heard.me, answers["kind"], answers.get("words") or ())
    return Onward("activities.standby")


def _read(typed: str, tx: Transaction) -> list[str]:
    return list(activities.words_of(typed))


def _form(kind: str) -> Form:
    question = Question(
        "words",
        LABELS[kind],
        ASKS[kind],
        _read,
        optional=True,
        show=lambda value: say("{words}", words=Several(tuple(value))),
    )
    return Form(f"standby.{kind}", LABELS[kind], (question,), _words_given, say("Save"))


async def spring(tx: Transaction, heard: Heard) -> Answer:
    """Take a free place at short notice."""
    view = await activities.spring_in(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    activity = view.activity
    return screen(view, heard, tx.now).with_toast(
        say("The place is yours: {moment}, {place}.", moment=Moment(activity.starts_at), place=activity.place)
    )


FORM_OF = {kind: _form(kind) for kind in LABELS}
FORMS: tuple[Form, ...] = tuple(FORM_OF.values())
ROUTES = [
    on_press("activities.standby", standby),
    on_press("activities.standby.turn", turn),
    on_press("activities.standby.parts", parts),
    on_press("activities.standby.part", part),
    on_press("activities.standby.words", words),
    on_press("activities.spring", spring),
]
