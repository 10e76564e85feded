"""Who came: a screen of taps for the leader, and the confirmation with its exact numbers."""

from bot.cards import Button, Card, card, press
from bot.domain import activities
from bot.domain.activities import Activity, Partaker, Tally
from bot.locales import Said, Span, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def roll(tx: Transaction, heard: Heard) -> Answer:
    """Who is signed up, and who came."""
    return await _roll(tx, heard, heard.number(), heard.page(1))


async def _roll(tx: Transaction, heard: Heard, activity_id: int, number: int) -> Card:
    view = await activities.watched_by(tx, activity_id, heard.me)
    activity = view.activity
    may_mark = (view.leads or heard.me.is_admin) and activity.has_begun(tx.now) and not activity.is_cancelled
    page = await activities.roll(tx, activity, number)
    if not may_mark:
        names = tuple(say("{mark} {name}", mark=_mark(each), name=each.nickname) for each in page.items)
        return _list(activity, (*names, page.place()), page.turner("activities.roll", activity.id))
    rows = [
        (Button(say("{mark} {name}", mark=_mark(each), name=each.nickname), press("activities.mark", each.id, number)),)
        for each in page.items
    ]
    turner = page.turner("activities.roll", activity.id)
    tally = await activities.tally(tx, activity, heard.me)
    deeds = _deeds(activity, tally) if activity.is_open else ()
    return _list(activity, (*_hints(activity, tally), page.place()), (*rows, (*(turner[0] if turner else ()), *deeds)))


def _list(activity: Activity, lines: tuple[Said, ...], rows: tuple[tuple[Button, ...], ...]) -> Card:
    return card(
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        *lines,
        rows=rows,
        back=press("activities.open", activity.id),
    )


def _mark(person: Partaker) -> str:
    if person.came is None:
        return "▫️"
    return "✅" if person.came else "❌"


def _hints(activity: Activity, tally: Tally) -> tuple[Said, ...]:
    own = (say("You took part yourself: another leader or an admin confirms you."),) if tally.own else ()
    if not activity.is_open:
        return (say("It has been confirmed. A tap on a name corrects it."), *own)
    return (
        say("Tap a name: ✅ came, ❌ missed. It counts once you confirm."),
        say("✅ {came} · ❌ {missed} · ▫️ {unmarked}", came=tally.came, missed=tally.missed, unmarked=tally.unmarked),
        *own,
    )


def _deeds(activity: Activity, tally: Tally) -> tuple[Button, ...]:
    rest = say("The rest came") if tally.came or tally.missed else say("All came")
    return (
        *((Button(rest, press("activities.rest", activity.id)),) if tally.unmarked else ()),
        Button(say("Confirm"), press("activities.settle", activity.id), style="primary"),
    )


async def mark(tx: Transaction, heard: Heard) -> Answer:
    """Turn one mark; after the confirmation ask whether to correct it."""
    person = await activities.partaker(tx, heard.number())
    activity = await activities.open_roll(tx, person.activity_id, by=heard.me)
    if activity.is_confirmed:
        return _ask(activity, person, heard)
    await activities.mark(tx, person.id, by=heard.me)
    return await _roll(tx, heard, activity.id, heard.page(1))


def _ask(activity: Activity, person: Partaker, heard: Heard) -> Card:
    """What a correction would do, in exact numbers."""
    if person.person_id == heard.me.id:
        raise Refused(
            say(
                "Nobody confirms himself: another leader or a county admin has to do this for you. Nothing was changed."
            )
        )
    choices = [came for came in (1, 0) if not person.is_confirmed or person.came != came]
    return card(
        say("<b>{name}</b>, “{title}”", name=person.nickname, title=activity.title),
        *(_effect(activity, person, bool(came)) for came in choices),
        rows=tuple(
            (
                Button(
                    say("✅ Came") if came else say("❌ Missed"),
                    press("activities.correct", person.id, came, heard.page(1)),
                ),
            )
            for came in choices
        ),
        back=press("activities.roll", activity.id, heard.page(1)),
    )


def _effect(activity: Activity, person: Partaker, came: bool) -> Said:
    if came:
        return say_n("✅ Came: {n} point is given.", "✅ Came: {n} points are given.", activity.points)
    taken = activity.points if person.came and person.is_confirmed else 0
    return say_n("❌ Missed: {n} point is taken back.", "❌ Missed: {n} points are taken back.", taken)


async def correct(tx: Transaction, heard: Heard) -> Answer:
    """Correct one who was confirmed, points with it."""
    activity = await activities.correct(
        tx, heard.number(), came=heard.number(1) == 1, by=heard.me, rules=heard.house.settings.hours
    )
    shown = await _roll(tx, heard, activity.id, heard.page(2))
    return shown.with_toast(say("Corrected; the person is told."))


async def rest(tx: Transaction, heard: Heard) -> Answer:
    """Everybody who is not marked came."""
    activity = await activities.mark_rest(tx, heard.number(), by=heard.me)
    return await _roll(tx, heard, activity.id, 0)


async def settle(tx: Transaction, heard: Heard) -> Answer:
    """The exact numbers, before it counts."""
    activity = await activities.open_roll(tx, heard.number(), by=heard.me)
    tally = await activities.tally(tx, activity, heard.me)
    missed = tally.missed + tally.unmarked
    return card(
        say("<b>{title}</b>: please check", title=activity.title),
        say(
            "✅ {came} came, with {points} points each: {total} in all.",
            came=tally.came,
            points=activity.points,
            total=tally.came * activity.points,
        )
        if activity.points
        else say("✅ {came} came.", came=tally.came),
        say("❌ {missed} missed it, {unmarked} of them not marked.", missed=missed, unmarked=tally.unmarked),
        *((say("⌛ The points wait until the need has been summed up."),) if activity.held and activity.points else ()),
        *((say("You took part yourself: another leader or an admin confirms you."),) if tally.own else ()),
        rows=((Button(say("Confirm"), press("activities.settled", activity.id), style="primary"),),),
        back=press("activities.roll", activity.id),
    )


async def settled(tx: Transaction, heard: Heard) -> Answer:
    """Confirm it."""
    activity, tally, finished = await activities.confirm(
        tx, heard.number(), by=heard.me, rules=heard.house.settings.hours
    )
    missed = tally.missed + tally.unmarked
    return card(
        say("<b>{title}</b> is confirmed.", title=activity.title),
        say("{came} came, {missed} missed it; everybody is told.", came=tally.came, missed=missed)
        if finished
        else say(
            "{came} came, {missed} missed it. So many are entered one after another; I tell you when all are.",
            came=tally.came,
            missed=missed,
        ),
        back=press("activities.roll", activity.id),
    )


ROUTES = [
    on_press("activities.roll", roll),
    on_press("activities.mark", mark),
    on_press("activities.correct", correct),
    on_press("activities.rest", rest),
    on_press("activities.settle", settle),
    on_press("activities.settled", settled),
]
