"""Calling out: one screen on which everything is set already, and one tap that sends it."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import callouts
from bot.domain.callouts import WANTED_MAX, Callout
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WANTED = (2, 5, 10, 20)
WITHIN_MINUTES = (15, 30, 60, 120)
BRIGADES_SHOWN = 7
SKILLS_SHOWN = 12
RING_WORDS = (
    say("of the brigade, on standby, with the skill"),
    say("everybody else in the brigade"),
    say("of other brigades, on standby, with the skill"),
    say("others with the skill who want to be asked"),
)
RING_WORDS_UNSKILLED = (
    say("of the brigade, on standby"),
    RING_WORDS[1],
    say("of other brigades, on standby"),
    say("others who want to be asked"),
)


async def callout(tx: Transaction, heard: Heard) -> Answer:
    """Call a brigade out: where to, and one tap"""
    return await _begin(tx, heard, heard.words if heard.kind == "command" else "")


async def _begin(tx: Transaction, heard: Heard, words: str) -> Answer:
    led = await callouts.led(tx, heard.me)
    if not led:
        raise Refused(
            say(
                "An urgent call-out goes to a brigade: whoever leads one sends it, or a county admin. None of your groups is a brigade. Nothing was sent."
            ),
            WayOut(say("Brigades"), "callouts.home"),
        )
    if words:
        return await _draft(tx, await callouts.draft(tx, led[0].id, callouts.place(words, tx), by=heard.me))
    if len(led) == 1:
        return await forms.begin(tx, heard, PLACE, {"brigade": led[0].id})
    rows = tuple(
        (Button(say("{brigade}", brigade=each.name), press("callouts.begin", each.id)),)
        for each in led[:BRIGADES_SHOWN]
    )
    return card(say("🚨 <b>Call out</b>: which brigade?"), rows=rows, back="callouts.home")


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Ask where to, for the brigade that was chosen."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, PLACE, {"brigade": brigade.id})


async def _placed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _draft(tx, await callouts.draft(tx, int(answers["brigade"]), answers["place"], by=heard.me))


async def drafted(tx: Transaction, heard: Heard) -> Answer:
    """The draft, as it stands."""
    return await _draft(tx, await callouts.draft_of(tx, heard.number(), heard.me))


async def _draft(tx: Transaction, draft: Callout) -> Card:
    brigade = await callouts.brigade(tx, draft.brigade_id)
    reach = await callouts.reach(tx, draft)
    words = RING_WORDS if draft.skill_id else RING_WORDS_UNSKILLED
    rings = [_ring(ring, n, words[ring - 1]) for ring, n in enumerate(reach, 1)] if any(reach) else []
    return card(
        draft.titled(say("🚨 <b>Call-out</b> · {brigade}", brigade=brigade.name)),
        *await callouts.facts(tx, draft),
        BLANK,
        say("Nothing is sent yet. Whom it reaches, one ring after the other until enough come:"),
        *(rings or (say("Nobody can be asked just now."),)),
        *_too_few(sum(reach), draft.wanted),
        rows=_draft_buttons(draft, callouts.at_once(reach, draft.wanted)),
        home=False,
    )


def _too_few(reached: int, wanted: int) -> tuple[Said, ...]:
    """Whoever wants more than there are reads it while another brigade can still be thought of."""
    if not 0 < reached < wanted:
        return ()
    words = say_n(
        "⚠️ All rings together reach {n} person, and {wanted} are wanted.",
        "⚠️ All rings together reach {n} people, and {wanted} are wanted.",
        reached,
        wanted=wanted,
    )
    return (words,)


def _ring(ring: int, n: int, who: Said) -> Said:
    return say("{ring}. {n} {who}", ring=ring, n=n, who=who) if n else say("{ring}. nobody {who}", ring=ring, who=who)


def _draft_buttons(draft: Callout, asked: int) -> tuple[tuple[Button, ...], ...]:
    def to(what: str, value: int, label: Said) -> Button:
        return Button(label, press("callouts.set", draft.id, what, value))

    send = say_n("🚨 Call out: {n} person at once", "🚨 Call out: {n} people at once", asked)
    return (
        *(((Button(send, press("callouts.send", draft.id), style="danger"),),) if asked else ()),
        tuple(to("wanted", n, say("👥 {n}", n=n)) for n in WANTED),
        tuple(to("within", n, say("⏱ {n} min", n=n)) for n in WITHIN_MINUTES),
        (
            Button(say("🛠 Skill"), press("callouts.which", draft.id)),
            Button(say("Other number"), press("callouts.number", draft.id)),
            Button(say("Other time"), press("callouts.when", draft.id)),
        ),
        (
            to("drill", 1 - draft.drill, say("In earnest") if draft.drill else say("Only a rehearsal")),
            Button(say("Cancel"), press("callouts.discard", draft.id)),
        ),
    )


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Change one thing of the draft by a tap."""
    what = heard.args[1] if len(heard.args) > 1 else ""
    if what not in ("skill", "wanted", "within", "drill"):
        raise stale()
    return await _draft(tx, await callouts.alter(tx, heard.number(), what, heard.number(2), by=heard.me))


async def which(tx: Transaction, heard: Heard) -> Answer:
    """Choose the skill."""
    draft = await callouts.draft_of(tx, heard.number(), heard.me)
    start = heard.page(1) * SKILLS_SHOWN
    known = await callouts.skills(tx)
    buttons = [
        Button(each.label, press("callouts.set", draft.id, "skill", each.id))
        for each in known[start : start + SKILLS_SHOWN]
    ]
    more = (
        (Button(say("Next ›"), press("callouts.which", draft.id, heard.page(1) + 1)),)
        if len(known) > start + SKILLS_SHOWN
        else ()
    )
    return card(
        say("🛠 <b>Whom does it take?</b>"),
        rows=(
            *(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)),
            (Button(say("Whoever can come"), press("callouts.set", draft.id, "skill", 0)), *more),
        ),
        back=press("callouts.draft", draft.id),
    )


async def number(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many."""
    draft = await callouts.draft_of(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, NUMBER, {"callout": draft.id})


async def _numbered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _draft(
        tx, await callouts.alter(tx, int(answers["callout"]), "wanted", int(answers["wanted"]), by=heard.me)
    )


async def when(tx: Transaction, heard: Heard) -> Answer:
    """Ask by when."""
    draft = await callouts.draft_of(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, WHEN, {"callout": draft.id})


async def _timed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _draft(tx, await callouts.alter(tx, int(answers["callout"]), "at", int(answers["at"]), by=heard.me))


async def send(tx: Transaction, heard: Heard) -> Answer:
    """Send it, and show the live board."""
    sent = await callouts.call_out(tx, heard.number(), by=heard.me, rules=heard.house.settings.callouts)
    return await callouts.live_board(tx, sent, heard.me)


async def discard(tx: Transaction, heard: Heard) -> Answer:
    """Send nothing."""
    await callouts.discard(tx, heard.number(), by=heard.me)
    return card(say("Cancelled. Nothing was sent."))


PLACE = Form(
    "callouts.place",
    say("Call out"),
    (
        Question(
            "place",
            say("Where"),
            say("Where to, and what for? One line, such as “West bridge, sandbags, 10 people, in 30 min”."),
            callouts.place,
        ),
    ),
    _placed,
    say("Whom it reaches"),
)
NUMBER = Form(
    "callouts.number",
    say("Call out"),
    (Question("wanted", say("How many"), say("How many people does it take?"), forms.whole_number(1, WANTED_MAX)),),
    _numbered,
    say("Save"),
)
WHEN = Form(
    "callouts.when",
    say("Call out"),
    (
        Question(
            "at",
            say("There by"),
            say("By when do they have to be there? For instance 14:30, or 20 minutes."),
            callouts.clock,
            show=forms.as_moment,
        ),
    ),
    _timed,
    say("Save"),
)
FORMS: tuple[Form, ...] = (PLACE, NUMBER, WHEN)
ROUTES = [
    command("callout", callout, offered=Who.LEADER | Who.ADMIN, also=("紧急召集",)),
    on_press("callouts.new", callout),
    on_press("callouts.begin", begin),
    on_press("callouts.draft", drafted),
    on_press("callouts.set", change),
    on_press("callouts.which", which),
    on_press("callouts.number", number),
    on_press("callouts.when", when),
    on_press("callouts.send", send),
    on_press("callouts.discard", discard),
]
