"""The live board of a mission: one message each for its caller and the brigade's leader, edited at most every 3 seconds."""

import hashlib
from collections.abc import Sequence

from bot import due, outbox
from bot.cards import HOME, Button, Card, card, press, rendered
from bot.config import House
from bot.domain import people
from bot.domain.callouts import brigades, reading
from bot.domain.callouts.things import RINGS, Answer, Callout
from bot.domain.callouts.wording import facts
from bot.domain.people import Person
from bot.due import Due
from bot.locales import BLANK, Moment, Said, say
from bot.outbox import Lane
from bot.storage import Transaction

SHOWING = "callouts.show"
SHOW_SECONDS = 3
NAMES_SHOWN = 12


def board_name(callout: Callout, person: Person) -> str:
    """Under which name somebody's board is remembered, so that it can be edited."""
    return f"{callout.name}:board:{person.id}"


# Questions


async def board(tx: Transaction, callout: Callout, *, live: bool = False) -> Card:
    """Where everybody is. A live one stays as it is when a button is pressed: the answer is a message of its own."""
    numbers = await reading.counts(tx, callout.id)
    named = await reading.answers(tx, callout.id, "coming", "there", "back", limit=NAMES_SHOWN + 1)
    return card(
        callout.titled(_title(callout)),
        *await facts(tx, callout),
        BLANK,
        *_numbers(callout, numbers),
        *([BLANK] if named else []),
        *_names(named),
        rows=_buttons(callout, live=live),
        back="" if live else "callouts.log:0",
        home=not live,
    )


def _title(callout: Callout) -> Said:
    match callout.state:
        case "open":
            return say("🚨 <b>Mission {number}</b> is running", number=callout.id)
        case "closed":
            return say("✅ <b>Mission {number}</b>: everybody is back", number=callout.id)
        case _:
            return say("⏹ <b>Call-out {number}</b> was stood down", number=callout.id)


def _numbers(callout: Callout, numbers: dict[str, int]) -> tuple[Said, ...]:
    asked = sum(numbers.values())
    return (
        say("📨 {n} asked · ring {ring} of {rings}", n=asked, ring=callout.ring, rings=RINGS),
        say(
            "🚗 {coming} coming · 📍 {there} there · 🏠 {back} back, of {wanted} wanted",
            coming=numbers.get("coming", 0),
            there=numbers.get("there", 0),
            back=numbers.get("back", 0),
            wanted=callout.wanted,
        ),
        say(
            "⏳ {reserve} in reserve · ✋ {declined} can't",
            reserve=numbers.get("reserve", 0),
            declined=numbers.get("declined", 0),
        ),
    )


def line(answer: Answer) -> Said:
    """One person: where he is, and since when."""
    match answer.state:
        case "coming":
            return say("🚗 {name} · {moment}", name=answer.nickname, moment=Moment(answer.eta or answer.asked_at))
        case "there":
            return say(
                "📍 {name} · {moment}", name=answer.nickname, moment=Moment(answer.arrived_at or answer.asked_at)
            )
        case _:
            return say("🏠 {name} · {moment}", name=answer.nickname, moment=Moment(answer.back_at or answer.asked_at))


def named(answer: Answer) -> Said:
    """One person and where he is, as short as a button."""
    mark = {"coming": "🚗", "there": "📍"}.get(answer.state, "🏠")
    return say("{mark} {name}", mark=mark, name=answer.nickname)


def _names(named: Sequence[Answer]) -> tuple[Said, ...]:
    more = (say("… and more in the roll-call"),) if len(named) > NAMES_SHOWN else ()
    return (*map(line, named[:NAMES_SHOWN]), *more)


def _buttons(callout: Callout, *, live: bool) -> tuple[tuple[Button, ...], ...]:
    def to(name: str) -> str:
        return press("callouts.look", callout.id, name) if live else press(f"callouts.{name}", callout.id)

    home = ((Button(say("⌂ Home"), press("callouts.look", callout.id, HOME)),),) if live else ()
    if not callout.is_open:
        return ((Button(say("Who was there"), to("report")),), *home)
    return (
        (Button(say("Roll-call"), to("roll"), style="primary"), Button(say("Kit"), to("kit"))),
        (Button(say("Ask more people"), to("wider")), Button(say("It takes longer"), to("longer"))),
        (Button(say("Everybody is back: close"), to("closing")), Button(say("Stand down"), to("standdown"))),
        *home,
    )


async def watchers(tx: Transaction, callout: Callout) -> list[Person]:
    """Whoever has a live board: the caller, and the brigade's leader."""
    brigade = await brigades.by_id(tx, callout.brigade_id)
    ids = sorted({callout.caller_id, *((brigade.leader_id,) if brigade.leader_id else ())})
    return [await people.by_id(tx, person_id) for person_id in ids]


# Deeds


async def changed(tx: Transaction, callout: Callout) -> None:
    """Something on the board has changed: it is shown within 3 seconds, however much changes in them."""
    await due.plan(tx, SHOWING, callout.name, (tx.now // SHOW_SECONDS + 1) * SHOW_SECONDS)


async def push(tx: Transaction, callout: Callout, *, but: int) -> None:
    """Give every watcher his board but the one who sees it already."""
    for person in await watchers(tx, callout):
        if person.id != but:
            screen = await live_board(tx, callout, person)
            await people.tell(tx, person, screen, lane=Lane.URGENT, key=board_name(callout, person))


async def live_board(tx: Transaction, callout: Callout, person: Person) -> Card:
    """The board as this person's message, which is edited from now on."""
    screen = await board(tx, callout, live=True)
    return Card(screen.lines, screen.rows, home=False, remember=board_name(callout, person))


async def show(tx: Transaction, item: Due, house: House) -> None:
    """Edit the boards; one that is still on its way to Telegram is edited when it has arrived."""
    callout = await reading.locked(tx, item.number)
    screen = await board(tx, callout, live=True)
    # A mark of it, not its words: names stand there, and nobody would take them out when somebody leaves for good.
    shown = hashlib.sha256(repr(screen.lines).encode()).hexdigest()
    if shown == callout.shown:
        return
    waits = False
    for person in await watchers(tx, callout):
        name = board_name(callout, person)
        params = rendered(screen, people.reader(tx, person.language), private=True)
        waits |= not await outbox.edit_remembered(tx, name, params, lane=Lane.URGENT) and await outbox.is_waiting(
            tx, name
        )
    if waits:
        await changed(tx, callout)
    else:
        await tx.run("UPDATE callouts SET shown = :shown WHERE id = :id", shown=shown, id=callout.id)
