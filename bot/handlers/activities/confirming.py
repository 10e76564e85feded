"""Who came: a screen of taps for the leader, and the confirmation with its exact numbers."""

from bot.cards import Button, Card, Page, card, press
from bot.domain import activities
from bot.domain.activities import Activity, Attendance, Nearness, Partaker, Stay, Tally
from bot.locales import Moment, Said, Span, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, stale
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
        names = tuple(say("{mark} {name}", mark=_expected(each), name=each.name) for each in page.items)
        looking = (say("🔁 looks for a stand-in"),) if any(each.looks for each in page.items) else ()
        turner = page.turner("activities.roll", activity.id)
        return _list(activity, (*names, *looking, _count(page)), (*turner, *await _who_waits(tx, activity)))
    rows = [
        (
            Button(
                _label(each),
                press("activities.mark", each.id, number, each.attendance.following),
            ),
        )
        for each in page.items
    ]
    turner = page.turner("activities.roll", activity.id)
    tally = await activities.tally(tx, activity, heard.me)
    deeds = _deeds(activity, tally) if activity.is_open else ()
    far = await activities.far_off(tx, activity, heard.house.settings.presence.far_metres)
    return _list(
        activity,
        (*_hints(activity, tally), *_absent(activity, page, tally), *_far(far), _count(page)),
        (*rows, (*(turner[0] if turner else ()), *deeds)),
    )


async def _who_waits(tx: Transaction, activity: Activity) -> tuple[tuple[Button, ...], ...]:
    waiting = 0 if activity.is_cancelled else await activities.waiting_number(tx, activity.id)
    return ((Button(say("⏳ Who waits: {n}", n=waiting), press("activities.queue", activity.id)),),) if waiting else ()


WAITING_MARKS = {"offered": "🔔", "waiting": "⏳", "applied": "📝"}


async def queue(tx: Transaction, heard: Heard) -> Answer:
    """Who would like a place, for those who answer for it."""
    activity = (await activities.watched_by(tx, heard.number(), heard.me)).activity
    page = await activities.waiting_list(tx, activity.id, heard.page(1))
    names = (say("{mark} {name}", mark=WAITING_MARKS[each.state], name=each.name) for each in page.items)
    return _list(
        activity,
        (say("🔔 a place is kept · ⏳ waits, in this order · 📝 has applied"), *names, _count(page)),
        page.turner("activities.queue", activity.id),
        back="activities.roll",
    )


def _count(page: Page) -> Said:
    return page.place() if page.total else say("Nobody has a place yet.")


def _list(
    activity: Activity, lines: tuple[Said, ...], rows: tuple[tuple[Button, ...], ...], back: str = "activities.open"
) -> Card:
    return card(
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        *lines,
        rows=rows,
        back=press(back, activity.id),
    )


MARKS = {
    Attendance.SIGNED: "▫️",
    Attendance.CAME: "✅",
    Attendance.LATE: "🕘",
    Attendance.LEFT: "🚪",
    Attendance.MISSED: "❌",
    Attendance.EXCUSED: "🙏",
}
STATES = {
    Attendance.CAME: say("✅ Came"),
    Attendance.LATE: say("🕘 Came late"),
    Attendance.LEFT: say("🚪 Left early"),
    Attendance.MISSED: say("❌ Missed"),
    Attendance.EXCUSED: say("🙏 Excused"),
}


def _mark(person: Partaker) -> str:
    return MARKS[person.attendance]


def _label(person: Partaker) -> Said:
    if person.is_absent:
        return say("{mark} {name} · can't come", mark=_mark(person), name=person.name)
    return say("{mark} {name}", mark=_mark(person), name=person.name)


def _expected(person: Partaker) -> str:
    """Before anybody can have come: who looks for a stand-in."""
    return "🔁" if person.looks else _mark(person)


def _hints(activity: Activity, tally: Tally) -> tuple[Said, ...]:
    own = (say("You took part yourself: another leader or an admin confirms you."),) if tally.own else ()
    if not activity.is_open:
        return (say("It has been confirmed. A tap on a name corrects it."), *own)
    return (
        say("Tap a name, and again for the next: ✅ came, ❌ missed, 🕘 late, 🚪 left early, 🙏 excused."),
        say("It counts once you confirm."),
        _counts(tally),
        *own,
    )


def _absent(activity: Activity, page: Page, tally: Tally) -> tuple[Said, ...]:
    """What becomes of those on the page who have told the leader."""
    if not (activity.is_open and tally.unmarked and any(each.is_absent for each in page.items)):
        return ()
    return (
        say("“{label}” excuses whoever has said that he can't come; a tap on a name changes it.", label=_rest(tally)),
    )


def _far(far: list[Nearness]) -> tuple[Said, ...]:
    """The flag of those whose phones say that they were elsewhere."""
    if not far:
        return ()
    return (
        say("📍 Far from the meeting point, by their phones. Phones err; you decide:"),
        *(say("{name}: {distance}", name=each.nickname, distance=each.words) for each in far),
    )


def _counts(tally: Tally) -> Said:
    return say(
        "✅ {came} · ❌ {missed} · 🕘 {late} · 🚪 {early} · 🙏 {excused} · ▫️ {unmarked}",
        came=tally.came - tally.late - tally.early,
        missed=tally.missed,
        late=tally.late,
        early=tally.early,
        excused=tally.excused,
        unmarked=tally.unmarked,
    )


def _rest(tally: Tally) -> Said:
    return say("The rest came") if tally.came or tally.missed or tally.excused else say("All came")


def _deeds(activity: Activity, tally: Tally) -> tuple[Button, ...]:
    return (
        *((Button(_rest(tally), press("activities.rest", activity.id)),) if tally.unmarked else ()),
        Button(say("Confirm"), press("activities.settle", activity.id), style="primary"),
    )


async def mark(tx: Transaction, heard: Heard) -> Answer:
    """Turn one mark; after the confirmation ask whether to correct it."""
    person = await activities.partaker(tx, heard.number())
    activity = await activities.open_roll(tx, person.activity_id, by=heard.me)
    if activity.is_confirmed:
        return await _ask(tx, activity, person, heard)
    await activities.mark(tx, person.id, _state(heard, 2), by=heard.me)
    return await _roll(tx, heard, activity.id, heard.page(1))


def _state(heard: Heard, place: int) -> Attendance:
    """The state that a button names. Raises Refused for data that no button of ours carries."""
    if place >= len(heard.args) or heard.args[place] not in set(STATES):
        raise stale()
    return Attendance(heard.args[place])


async def _ask(tx: Transaction, activity: Activity, person: Partaker, heard: Heard) -> Card:
    """What a correction would do, in exact numbers."""
    if person.person_id == heard.me.id:
        raise Refused(
            say(
                "Nobody confirms himself: another leader or a county admin has to do this for you. Nothing was changed."
            )
        )
    choices = [each for each in STATES if not person.is_confirmed or person.attendance is not each]
    moves = await activities.moves(tx, activity, person.person_id, heard.house.settings.hours)
    buttons = [Button(STATES[each], press("activities.correct", person.id, each, heard.page(1))) for each in choices]
    history = Button(say("How it was noted"), press("activities.trail", person.id))
    return card(
        say("<b>{name}</b>, “{title}”", name=person.nickname, title=activity.title),
        *(_effect(moves, person, each) for each in choices),
        rows=(*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), (history,)),
        back=press("activities.roll", activity.id, heard.page(1)),
    )


def _effect(moves: int, person: Partaker, attendance: Attendance) -> Said:
    """What this correction would do to his points; hours follow as well."""
    before, state = person.is_confirmed and person.attendance.came, STATES[attendance]
    if attendance.came == before:
        return say("{state}: points stay as they are.", state=state)
    if attendance.came:
        return say_n("{state}: {n} point is given.", "{state}: {n} points are given.", moves, state=state)
    return say_n("{state}: {n} point is taken back.", "{state}: {n} points are taken back.", moves, state=state)


async def correct(tx: Transaction, heard: Heard) -> Answer:
    """Correct one who was confirmed, points and hours with it."""
    settings = heard.house.settings
    activity = await activities.correct(
        tx, heard.number(), _state(heard, 1), by=heard.me, rules=settings.hours, absences=settings.absences
    )
    shown = await _roll(tx, heard, activity.id, heard.page(2))
    return shown.with_toast(say("Corrected; the person is told."))


async def trail(tx: Transaction, heard: Heard) -> Answer:
    """Who said what of one person's attendance, and when."""
    person, activity, told = await activities.trail(tx, heard.number(), by=heard.me)
    own, stays = person.person_id == heard.me.id, await activities.stays_of(tx, person.id)
    near = await activities.nearness_of(tx, person.id)
    return card(
        say("<b>{name}</b>, “{title}”", name=person.nickname, title=activity.title),
        *(
            say("{state} · {name}, {moment}", state=STATES[each.attendance], name=each.name, moment=Moment(each.at))
            for each in told
        ),
        *(() if told else (say("Nothing has been confirmed yet."),)),
        *map(_was_there, stays),
        *(
            say("📍 {moment}: {distance} from the meeting point", moment=Moment(each.at), distance=each.words)
            for each in near.values()
        ),
        back=press("activities.open" if own else "activities.roll", activity.id),
    )


WAYS = {
    "code": say("by the code at the door"),
    "shown": say("by showing one's own code"),
    "roll": say("by the roll"),
}


def _was_there(stay: Stay) -> Said:
    start, way = Moment(stay.began_at), WAYS[stay.in_way]
    if stay.ended_at is None or stay.out_way is None:
        return say("📲 in {start} {way}", start=start, way=way)
    return say(
        "📲 in {start} {way}, out {end} {out_way}",
        start=start,
        way=way,
        end=Moment(stay.ended_at),
        out_way=WAYS[stay.out_way],
    )


async def rest(tx: Transaction, heard: Heard) -> Answer:
    """Everybody who is not marked came."""
    activity = await activities.mark_rest(tx, heard.number(), by=heard.me)
    return await _roll(tx, heard, activity.id, 0)


async def settle(tx: Transaction, heard: Heard) -> Answer:
    """The exact numbers, before it counts."""
    activity = await activities.open_roll(tx, heard.number(), by=heard.me)
    tally = await activities.tally(tx, activity, heard.me)
    worth, why = await activities.roll_worth(tx, activity, heard.house.settings.hours)
    return card(
        say("<b>{title}</b>: please check", title=activity.title),
        say(
            "✅ {came} came, with {points} points each: {total} in all.",
            came=tally.came,
            points=worth,
            total=tally.came * worth,
        )
        if activity.points
        else say("✅ {came} came.", came=tally.came),
        *(why if activity.points else ()),
        *_missed(tally),
        *((say("🙏 {n} excused.", n=tally.excused),) if tally.excused else ()),
        *((_BY_PART,) if tally.late or tally.early else ()),
        *((say("⌛ The points wait until the need has been summed up."),) if activity.held and activity.points else ()),
        *((say("You took part yourself: another leader or an admin confirms you."),) if tally.own else ()),
        rows=(_last_word(activity, tally),),
        back=press("activities.roll", activity.id),
    )


def _missed(tally: Tally) -> tuple[Said, ...]:
    """Whoever is not marked counts as missing: that is said before it is so."""
    missed = tally.missed + tally.unmarked
    if tally.unmarked:
        return (say("❌ {missed} missed it, {unmarked} of them not marked.", missed=missed, unmarked=tally.unmarked),)
    return (say("❌ {missed} missed it.", missed=missed),) if missed else ()


def _last_word(activity: Activity, tally: Tally) -> tuple[Button, ...]:
    sure = press("activities.settled", activity.id)
    if not tally.unmarked:
        return (Button(say("Confirm"), sure, style="primary"),)
    return (
        Button(say("The rest came"), press("activities.rest", activity.id)),
        Button(say("Confirm: {n} missed it", n=tally.missed + tally.unmarked), sure, style="danger"),
    )


_BY_PART = say("Whoever came late or left early has a part of the hours, and all of the points.")


def _what_came_of_it(tally: Tally, finished: bool) -> Said:
    came, missed = tally.came, tally.missed + tally.unmarked
    if not finished:
        return say(
            "{came} came, {missed} missed it. So many are entered one after another; I tell you when all are.",
            came=came,
            missed=missed,
        )
    if not missed:
        return say("{came} came; everybody is told.", came=came)
    return say("{came} came, {missed} missed it; everybody is told.", came=came, missed=missed)


async def settled(tx: Transaction, heard: Heard) -> Answer:
    """Confirm it."""
    settings = heard.house.settings
    activity, tally, finished = await activities.confirm(
        tx, heard.number(), by=heard.me, rules=settings.hours, absences=settings.absences
    )
    return card(
        say("<b>{title}</b> is confirmed.", title=activity.title),
        _what_came_of_it(tally, finished),
        rows=(
            (
                *(
                    (Button(say("Give thanks"), press("feedback.thanks", activity.id)),)
                    if tally.came and finished
                    else ()
                ),
                Button(say("Once more …"), press("activities.anew", activity.id)),
            ),
        ),
        back=press("activities.roll", activity.id),
    )


ROUTES = [
    on_press("activities.roll", roll),
    on_press("activities.queue", queue),
    on_press("activities.mark", mark),
    on_press("activities.correct", correct),
    on_press("activities.trail", trail),
    on_press("activities.rest", rest),
    on_press("activities.settle", settle),
    on_press("activities.settled", settled),
]
