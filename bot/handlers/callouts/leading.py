"""Leading a mission: the board, the roll-call, more people, more time, closing, standing down; and the log."""

from collections.abc import Sequence

from bot.cards import HOME, Button, Card, Onward, card, page_in, press
from bot.domain import callouts, hours
from bot.domain.callouts import WANTED_MAX, Callout
from bot.domain.callouts import Answer as Theirs
from bot.locales import BLANK, Moment, Said, Several, Span, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

FROM_BOARD = ("roll", "kit", "wider", "longer", "closing", "standdown", "report")
HOURS_MORE = (1, 2, 4)
REPORTED_MAX = 30
RUNNING_SHOWN = 2


async def look(tx: Transaction, heard: Heard) -> Answer:
    """From the live board on, in a message of its own: the board stays as it is."""
    where = heard.args[1] if len(heard.args) > 1 else ""
    if where == HOME:
        return Onward(HOME, fresh=True)
    if where not in FROM_BOARD:
        raise stale()
    return Onward(press(f"callouts.{where}", heard.number()), fresh=True)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """The board of one mission."""
    callout = await callouts.seen_by(tx, heard.number(), heard.me)
    shown = await callouts.board(tx, callout)
    if not callout.is_open or await callouts.may_lead(tx, callout, heard.me):
        return shown
    return card(*shown.lines, back=shown.back)


# The roll


async def roll(tx: Transaction, heard: Heard) -> Answer:
    """Everybody with a place: a tap says that he is there, or back."""
    return await _roll(tx, heard, await callouts.run_by(tx, heard.number(), heard.me), heard.page(1))


async def _roll(tx: Transaction, heard: Heard, callout: Callout, number: int = 0) -> Card:
    page = await callouts.mission_roll(tx, callout.id, number)
    begun = (
        (Button(say("Roll called: it begins"), press("callouts.start", callout.id)),)
        if callout.began_at is None
        else ()
    )
    close = (Button(say("Everybody is back: close"), press("callouts.closing", callout.id)),)
    own = await callouts.answer_of(tx, callout.id, heard.me.id)
    along = (
        () if own and own.state != "declined" else (Button(say("🙋 I go too"), press("callouts.along", callout.id)),)
    )
    return card(
        callout.titled(say("📋 <b>Roll-call</b> · {place}", place=callout.place)),
        *((say("Begun {moment}", moment=Moment(callout.began_at)),) if callout.began_at else ()),
        say("Tap whoever is there; later whoever is back. 🚗 on the way · 📍 there · 🏠 back")
        if page.items
        else say("Nobody is coming yet."),
        *map(callouts.line, page.items),
        rows=(
            *(_roll_row(callout, each) for each in page.items),
            *page.turner("callouts.roll", callout.id),
            along,
            (*begun, *close),
        ),
        back=press("callouts.open", callout.id),
    )


def _roll_row(callout: Callout, each: Theirs) -> tuple[Button, ...]:
    def to(deed: str, label: Said) -> Button:
        return Button(label, press("callouts.mark", callout.id, each.person_id, deed))

    name = callouts.named(each)
    match each.state:
        case "coming":
            return (to("there", name), to("excuse", say("Doesn't come")))
        case "there":
            return (to("back", name), to("undo", say("Not there yet")))
        case _:
            return (to("undo", say("{line} · undo", line=name)),)


async def mark(tx: Transaction, heard: Heard) -> Answer:
    """Somebody is there, is back, doesn't come; or the last of these was a slip."""
    number, person_id = heard.number(), heard.number(1)
    rules = heard.house.settings.callouts
    match heard.args[2] if len(heard.args) > 2 else "":
        case "there":
            await callouts.arrive(tx, number, person_id, by=heard.me)
        case "back":
            await callouts.go_back(tx, number, person_id, by=heard.me, rules=rules)
        case "excuse":
            await callouts.excuse(tx, number, person_id, by=heard.me)
        case "undo":
            await callouts.correct(tx, number, person_id, by=heard.me)
        case _:
            raise stale()
    return await _roll(tx, heard, await callouts.run_by(tx, number, heard.me))


async def along(tx: Transaction, heard: Heard) -> Answer:
    """Go there oneself, as whoever leads it."""
    own = await callouts.go_along(tx, heard.number(), by=heard.me)
    shown = await _roll(tx, heard, await callouts.run_by(tx, heard.number(), heard.me))
    if own.state == "reserve":
        return shown.with_toast(say("All places are taken: you are in reserve."))
    return shown.with_toast(say("You are on the roll now, like everybody."))


async def start(tx: Transaction, heard: Heard) -> Answer:
    """The roll was called: the mission begins."""
    callout = await callouts.begin(tx, heard.number(), by=heard.me)
    return (await _roll(tx, heard, callout)).with_toast(say("It has begun."))


# More people, more time, the end


async def wider(tx: Transaction, heard: Heard) -> Answer:
    """Ask before the next ring is asked."""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    left = sum(await callouts.reach(tx, callout))
    if not left:
        raise Refused(
            say("Everybody who could be asked has been asked. Nothing was sent."),
            WayOut(say("Open"), press("callouts.open", callout.id)),
        )
    return card(
        say("Ask the next ring now? Ring {ring} of {rings} was asked last.", ring=callout.ring, rings=callouts.RINGS),
        say_n("{n} more could be asked in all.", "{n} more could be asked in all.", left),
        rows=((Button(say("Yes, ask them"), press("callouts.widen", callout.id), style="primary"),),),
        back=press("callouts.open", callout.id),
    )


async def widen(tx: Transaction, heard: Heard) -> Answer:
    """Ask the next ring."""
    asked = await callouts.widen_now(tx, heard.number(), by=heard.me, rules=heard.house.settings.callouts)
    shown = await callouts.board(tx, await callouts.by_id(tx, heard.number()))
    return shown.with_toast(say_n("{n} more is asked.", "{n} more are asked.", asked))


async def longer(tx: Transaction, heard: Heard) -> Answer:
    """How much longer?"""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    return card(
        say(
            "Planned until {moment}. After that, whoever is not back is looked for.",
            moment=Moment(callout.ends_at or tx.now),
        ),
        rows=(tuple(Button(say("+{n} h", n=n), press("callouts.extend", callout.id, n)) for n in HOURS_MORE),),
        back=press("callouts.open", callout.id),
    )


async def extend(tx: Transaction, heard: Heard) -> Answer:
    """It takes longer."""
    if heard.number(1) not in HOURS_MORE:
        raise stale()
    callout = await callouts.take_longer(tx, heard.number(), heard.number(1), by=heard.me)
    return (await callouts.board(tx, callout)).with_toast(
        say("Planned until {moment}.", moment=Moment(callout.ends_at or tx.now))
    )


async def closing(tx: Transaction, heard: Heard) -> Answer:
    """What closing means: who was there, and which kit is missing."""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    missing, kit = await callouts.missing(tx, callout.id), await callouts.lent(tx, callout.id, 0, missing=True)
    lines = [callout.titled(say("<b>Close the mission</b> · {place}", place=callout.place))]
    first = Button(say("Close the mission now"), press("callouts.close", callout.id), style="primary")
    if missing:
        first = Button(say("Roll-call"), press("callouts.roll", callout.id))
        lines.append(
            say("🆘 Not back: {names}", names=Several(tuple(each.nickname for each in missing[:REPORTED_MAX])))
        )
    elif not await callouts.answers(tx, callout.id, "back", limit=1):
        first = Button(say("Stand down"), press("callouts.standdown", callout.id))
        lines.append(say("Nobody was there, so there is nothing for the log: stand the call-out down instead."))
    else:
        lines.append(say("🏠 Everybody is back."))
    lines += [
        say("🧰 Missing: {n} × {item}, {name} has it", n=each.missing, item=each.item, name=each.nickname)
        for each in kit.items
    ]
    return card(
        *lines,
        rows=((first, Button(say("Kit"), press("callouts.kit", callout.id))),),
        back=press("callouts.open", callout.id),
    )


async def close(tx: Transaction, heard: Heard) -> Answer:
    """Close it: it goes into the log."""
    callout = await callouts.close(tx, heard.number(), by=heard.me)
    shown = await _report(tx, heard, callout)
    return shown.with_toast(say("Closed: everybody is back."))


async def stand_down(tx: Transaction, heard: Heard) -> Answer:
    """Ask before it is stood down."""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    asked = sum((await callouts.counts(tx, callout.id)).values())
    return card(
        say_n(
            "Stand down? {n} person was asked and is told.", "Stand down? {n} people were asked and are told.", asked
        ),
        rows=((Button(say("Yes, stand down"), press("callouts.standdown.yes", callout.id), style="danger"),),),
        back=press("callouts.open", callout.id),
    )


async def stood_down(tx: Transaction, heard: Heard) -> Answer:
    """Nobody need come."""
    callout = await callouts.stand_down(tx, heard.number(), by=heard.me)
    return await callouts.board(tx, callout)


# The log


async def missions(tx: Transaction, heard: Heard) -> Answer:
    """Missions: what runs, what was, and how many"""
    number = heard.page() if heard.kind == "press" else 0
    page = await callouts.logged(tx, number)
    current = [] if number else _first(await _current(tx, heard))
    return card(
        say_n("🗂 <b>{n} mission</b>", "🗂 <b>{n} missions</b>", page.total or 0),
        say("Missions from which everybody came back; rehearsals don't count.")
        if page.items
        else say("There has been none yet from which everybody came back."),
        rows=(*current, *((_logged(each),) for each in page.items), *page.turner("callouts.log")),
        back="callouts.home",
    )


async def _current(tx: Transaction, heard: Heard) -> list[tuple[Button, ...]]:
    """What runs: what I lead, and where I am asked for."""
    led = await callouts.running(tx, heard.me)
    own = await callouts.mine(tx, heard.me)
    return [
        *(
            (Button(say("🚨 {place}", place=each.place), press("callouts.open", each.id), style="danger"),)
            for each in led
        ),
        *(
            (Button(say("🙋 {place}", place=each.place), press("callouts.mine", each.id), style="primary"),)
            for each in own
        ),
    ]


def _first(current: Sequence[tuple[Button, ...]]) -> Sequence[tuple[Button, ...]]:
    """So many as have room above the log: of more the first one, and the way to all of them."""
    if len(current) <= RUNNING_SHOWN:
        return current
    return (*current[: RUNNING_SHOWN - 1], (Button(say("🚨 All that runs: {n}", n=len(current)), "callouts.running"),))


async def running(tx: Transaction, heard: Heard) -> Answer:
    """All that runs: what I lead, and where I am asked for."""
    current, number = await _current(tx, heard), heard.page()
    page = page_in(current, number)
    return card(
        say("🚨 <b>All that runs</b>"),
        *(() if current else (say("Nothing runs just now."),)),
        rows=(*page.items, *page.turner("callouts.running")),
        back="callouts.log:0",
    )


def _logged(each: Callout) -> Button:
    return Button(
        say("{place} · {moment}", place=each.place, moment=Moment(each.called_at or each.made_at)),
        press("callouts.report", each.id),
    )


async def report(tx: Transaction, heard: Heard) -> Answer:
    """One mission of the log."""
    callout = await callouts.by_id(tx, heard.number())
    if callout.state not in ("closed", "stood_down"):
        return Onward(press("callouts.open", callout.id))
    return await _report(tx, heard, callout)


async def _report(tx: Transaction, heard: Heard, callout: Callout) -> Card:
    brigade = await callouts.brigade(tx, callout.brigade_id)
    there = await callouts.answers(tx, callout.id, "back", limit=WANTED_MAX)
    served = sum(each.served for each in there)
    lines = [
        callout.titled(say("🗂 <b>{place}</b> · {brigade}", place=callout.place, brigade=brigade.name)),
        say("{when}", when=Span(callout.called_at or callout.made_at, callout.closed_at or callout.made_at)),
        say_n(
            "{n} person, {length} of service",
            "{n} people, {length} of service",
            callout.accepted,
            length=hours.length(served // 60),
        ),
    ]
    if await callouts.may_see_names(tx, callout, heard.me):
        lines += [
            BLANK,
            *(
                say("• {name}: {length}", name=each.nickname, length=hours.length(each.served // 60))
                for each in there[:REPORTED_MAX]
            ),
        ]
        lines += await _kit(tx, callout)
    return card(*lines, back="callouts.log:0")


async def vouch(tx: Transaction, heard: Heard) -> Answer:
    """Say that whoever closed a mission was there."""
    rules = heard.house.settings.hours
    record = await callouts.vouch(tx, heard.number(), heard.number(1), by=heard.me, rules=rules)
    return card(
        say("Written down: {length}, by your word.", length=hours.length(record.minutes)),
        back=press("callouts.report", heard.number()),
    )


async def _kit(tx: Transaction, callout: Callout) -> list[Said]:
    """What was handed out, and what of it has not come back."""
    return [
        say("🧰 {n} × {item}: all back", n=each.number, item=each.item)
        if not each.missing
        else say(
            "🧰 {n} × {item}: {missing} missing, {name} has it",
            n=each.number,
            item=each.item,
            missing=each.missing,
            name=each.nickname,
        )
        for each in (await callouts.lent(tx, callout.id, 0)).items
    ]


ROUTES = [
    command("missions", missions, also=("任务行动",)),
    on_press("callouts.log", missions),
    on_press("callouts.running", running),
    on_press("callouts.report", report),
    on_press("callouts.vouch", vouch),
    on_press("callouts.look", look),
    on_press("callouts.open", opened),
    on_press("callouts.roll", roll),
    on_press("callouts.mark", mark),
    on_press("callouts.along", along),
    on_press("callouts.start", start),
    on_press("callouts.wider", wider),
    on_press("callouts.widen", widen),
    on_press("callouts.longer", longer),
    on_press("callouts.extend", extend),
    on_press("callouts.closing", closing),
    on_press("callouts.close", close),
    on_press("callouts.standdown", stand_down),
    on_press("callouts.standdown.yes", stood_down),
]
