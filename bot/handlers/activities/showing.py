"""One activity: its card, its place in a calendar, its link."""

from bot.cards import Button, Card, File, card, press
from bot.domain import activities, feedback, minors
from bot.domain.activities import DRAWN, Activity, Attendance, Kind, Mine, Mode, View
from bot.domain.people import Person
from bot.handlers.activities.calendar import ics
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.posters import poster
from bot.routing import Answer, Heard, payload
from bot.routing import press as on_press
from bot.storage import Transaction

DAY = 24 * 3600
# Of more roles than these there is one button, to a screen of their own: a card has eight rows, and leaders' work takes some.
ROLES_ON_CARD, ROLES_ON_CARD_OF_LEADERS = 4, 2


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """The card of an activity."""
    return screen(await activities.view(tx, heard.number(), heard.me), heard, tx.now)


def screen(view: View, heard: Heard, now: int, *, undo: Button | None = None) -> Card:
    """The card as whoever asks sees it, with the deeds that are open to him."""
    activity = view.activity
    mine = _mine(view, now)
    rows: list[tuple[Button, ...]] = [(undo,)] if undo else []
    rows += _deeds(view, heard, now)
    more = _more(view, heard, now)
    rows += [more[start : start + 2] for start in range(0, len(more), 2)]
    return card(
        *activities.face(activity, view.group_name, now, view.roles, view.nodes),
        *view.weighed,
        *_for_the_young(view, heard, now),
        *((BLANK, mine) if mine else ()),
        *_for_leaders(view, heard),
        rows=tuple(row for row in rows if row),
        back=press("activities.list", activity.rules.listed),
    )


def who_is_told(activity: Activity) -> Said:
    """How many hear of it when it is called off."""
    return say_n(
        "{n} person is told: {taken} signed up, {waiting} waiting.",
        "{n} people are told: {taken} signed up, {waiting} waiting.",
        activity.everybody,
        taken=activity.taken,
        waiting=activity.queued + activity.applied,
    )


def _deeds(view: View, heard: Heard, now: int) -> list[tuple[Button, ...]]:
    """What one may do about it: while it runs the code first; then whoever leads it his work, everybody else the way in."""
    partaking = [*_taking_part(view, heard, now), *_around(view, now)]
    work = [*_leading(view, heard, now), *_afterwards(view, now)]
    is_asked = view.mine is not None and view.mine.is_offered
    checking = _checking(view, heard, now)
    return [checking, *work, *partaking] if view.leads and not is_asked else [checking, *partaking, *work]


def _around(view: View, now: int) -> list[tuple[Button, ...]]:
    """What belongs to it for everybody: calendar, link, watch."""
    activity = view.activity
    if not activity.takes_sign_ups(now):
        return []
    return [
        (
            Button(say("Calendar"), press("activities.calendar", activity.id)),
            _share(activity.id),
            Button(say("Watch"), press("activities.watching", activity.id)),
        )
    ]


def _more(view: View, heard: Heard, now: int) -> tuple[Button, ...]:
    """What some need at times, two in a row: its series, what meets there, teams, the same once more."""
    activity = view.activity
    buttons = []
    if activity.series_id is not None:
        buttons.append(Button(say("🔁 The series"), press("series.open", activity.series_id)))
    if activity.kind is Kind.MEETING:
        buttons.append(Button(say("🔗 Needs and offers"), press("projects.meeting", activity.id)))
    if view.led_partner is not None:
        buttons.append(Button(say("🤝 Shared with us"), press("partners.ours", view.led_partner)))
    if heard.me.leads and activity.takes_sign_ups(now):
        buttons.append(Button(say("👥 Sign up a team"), press("teams.begin", activity.id)))
    if view.leads or heard.me.is_admin:
        buttons.append(Button(say("Once more …"), press("activities.anew", activity.id)))
    return tuple(buttons)


def _checking(view: View, heard: Heard, now: int) -> tuple[Button, ...]:
    """While it runs: the code for whoever leads it, and the way in for whoever has a place."""
    if not activities.is_running(view.activity, now, heard.house.settings):
        return ()
    if view.leads or heard.me.is_admin:
        return (Button(say("📲 Show the code"), press("activities.door", view.activity.id), style="primary"),)
    way = Button(say("📲 Check in or out"), "activities.how", style="primary")
    return (way,) if view.mine and view.mine.is_in else ()


def _for_leaders(view: View, heard: Heard) -> tuple[Said, ...]:
    """For those who answer for it: places that look taken and have nobody yet, and how far the word has gone."""
    if not (view.leads or heard.me.reads_all):
        return ()
    kept = say_n(
        "🔔 {n} place is kept for who waits, until there is an answer.",
        "🔔 {n} places are kept for who waits, until there is an answer.",
        view.offered,
    )
    told = say_n("📣 {n} member was told.", "📣 {n} members were told.", view.activity.told)
    return (*((kept,) if view.offered else ()), *((told,) if view.activity.told else ()))


def _share(activity_id: int) -> Button:
    return Button(say("Share"), press("activities.share", activity_id))


def _mine(view: View, now: int) -> Said | None:
    """How whoever asks stands to it."""
    mine, is_over = view.mine, view.activity.ends_at <= now
    if mine is None:
        return None
    if mine.until:
        return say("🔔 <b>A place is kept for you</b> until {moment}.", moment=Moment(mine.until))
    if mine.is_applied:
        return say("📝 You had applied, and nobody decided.") if is_over else _asked(view, mine)
    if mine.queue:
        return say("⏳ You were on the waiting list.") if is_over else _queued(mine.queue)
    if mine.handover and not is_over:
        return say("🔁 <b>I am looking for a stand-in for you.</b> The place is yours until somebody takes it over.")
    if mine.confirmed_at is None and view.activity.is_confirmed and view.leads:
        return OTHERS_SAY
    if mine.confirmed_at is None:
        return PENDING if is_over else _signed_up(mine)
    return STOOD[mine.attendance]


STOOD = {
    Attendance.CAME: say("You came."),
    Attendance.LATE: say("You came late."),
    Attendance.LEFT: say("You came, and left early."),
    Attendance.MISSED: say("You are down as not having come. If that is wrong, tell the leader."),
    Attendance.EXCUSED: say("You are excused."),
}
PENDING = say("⌛ You were signed up. Its leader has not confirmed yet who came; I tell you then.")


OTHERS_SAY = say(
    "⌛ The others are confirmed. Nobody confirms himself: another leader or a county admin is asked whether you came."
)


def _queued(place: int) -> Said:
    return say("⏳ You are number {n} on the waiting list.", n=place)


def _signed_up(mine: Mine) -> Said:
    if mine.role is None:
        return say("✅ <b>You are signed up.</b>")
    return say("✅ <b>You are signed up</b> as {role}.", role=mine.role)


def _asked(view: View, mine: Mine) -> Said:
    if view.activity.mode in DRAWN:
        return say("📝 You have applied; your number in the draw is {n}.", n=mine.id)
    return say("📝 You have applied; its leaders decide.")


def _for_the_young(view: View, heard: Heard, now: int) -> tuple[Said, ...]:
    """Somebody under 18 reads here, and not at a no, whether it is for him; its leaders read what they have promised."""
    activity = view.activity
    if activity.adults_only or not activity.takes_sign_ups(now) or not (heard.me.is_minor or view.leads):
        return ()
    if never := _never(view, heard):
        return (say("🧒 {why}", why=never),)
    if activity.takes_young:
        return (say("🧒 A leader is there for people under 18."),)
    if not heard.me.is_minor:
        return ()
    return (say("🧒 Under 18 you can sign up once a leader has promised to be there. Ask: one tap."),)


def _never(view: View, heard: Heard) -> Said | None:
    """Why somebody under 18 could not come even where a leader is there: then there is nothing to ask for."""
    return minors.why_not(heard.me, view.outing, heard.house.settings.minors) if view.outing else None


def _taking_part(view: View, heard: Heard, now: int) -> list[tuple[Button, ...]]:
    activity = view.activity
    if not activity.takes_sign_ups(now):
        return [] if view.mine or view.leads else [_instead(view)]
    if view.mine and view.mine.is_offered:
        return [activities.answers(activity.id)]
    rule = ((Button(say("How places are given"), press("activities.fair", activity.id)),),) if activity.special else ()
    if view.mine:
        applied = rule if view.mine.is_applied else ()
        return [(*_way_out(activity.id, view.mine), *_other_role(view), *_standing_in(view)), *applied]
    never = _never(view, heard)
    if heard.me.is_minor and (never or not activity.takes_young):
        return [_way_of_the_young(activity, asks=never is None)]
    return [*_taking_over(view), *_ways_in(view, now), *rule]


def _instead(view: View) -> tuple[Button, ...]:
    """For whoever comes too late, by an old poster: what is coming up, and the group that held it."""
    activity = view.activity
    ahead = Button(say("What is coming up"), press("activities.list", activity.rules.listed))
    if activity.group_id is None or view.group_name is None:
        return (ahead,)
    return (ahead, Button(say("{value}", value=view.group_name), press("groups.open", activity.group_id)))


def _way_of_the_young(activity: Activity, *, asks: bool) -> tuple[Button, ...]:
    """Where nobody is there for people under 18: to ask for it, where that can help, or to look where somebody is."""
    elsewhere = Button(say("🧒 For my age"), "activities.young")
    if not asks:
        return (elsewhere,)
    return (Button(say("Ask the leader"), press("minors.plead", activity.id), style="primary"), elsewhere)


def _taking_over(view: View) -> list[tuple[Button, ...]]:
    """For whoever has no place where all are taken: the place of one who looks for a stand-in."""
    if view.handover is None:
        return []
    return [(Button(say("🔁 Stand in"), press("activities.takeover", view.handover), style="primary"),)]


def _other_role(view: View) -> tuple[Button, ...]:
    """For whoever waits in one role where there are others."""
    if view.mine is None or not view.mine.queue or len(view.own_roles) < 2:
        return ()
    return (Button(say("Another role"), press("activities.role", view.activity.id)),)


def _way_out(activity_id: int, mine: Mine) -> tuple[Button, ...]:
    label = say("Withdraw") if mine.is_in else say("Leave the waiting list")
    if mine.is_applied:
        label = say("Take the application back")
    return (Button(label, press("activities.leave", activity_id)),)


def _ways_in(view: View, now: int) -> list[tuple[Button, ...]]:
    activity = view.activity
    if activity.is_after_window(now):
        return []
    if activity.is_before_window(now):
        return [(Button(say("Tell me when it opens"), press("activities.wake", activity.id)),)]
    label = activities.sign_up_words(activity)
    if not view.roles:
        return [(Button(label, press("activities.join", activity.id), style="primary"),)]
    if not view.own_roles:
        return [(Button(say("Why can't I join?"), press("activities.join", activity.id)),)]
    if len(view.own_roles) > (ROLES_ON_CARD_OF_LEADERS if view.leads else ROLES_ON_CARD):
        return [(Button(say("{deed} …", deed=label), press("activities.as", activity.id), style="primary"),)]
    buttons = tuple(
        Button(say("{deed}: {role}", deed=label, role=role.label), press("activities.join", activity.id, role.id))
        for role in view.roles_for_me
    )
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def _standing_in(view: View) -> tuple[Button, ...]:
    """For whoever has a place: to look for a stand-in, or to say that none is needed any more."""
    if view.mine is None or not view.mine.is_in:
        return ()
    if view.mine.handover:
        return (Button(say("I'm coming"), press("activities.coming", view.activity.id), style="primary"),)
    return (Button(say("Find a stand-in"), press("activities.standin", view.activity.id)),)


def _leading(view: View, heard: Heard, now: int) -> list[tuple[Button, ...]]:
    """The buttons of those who answer for it; each is checked again when it is pressed."""
    activity, manages = view.activity, view.leads or heard.me.is_admin
    if not manages and not heard.me.reads_all:
        return []
    label = say("Who came?") if activity.has_begun(now) and manages else say("Who is signed up?")
    first: tuple[Button, ...] = (Button(label, press("activities.roll", activity.id)),)
    if manages and activity.has_begun(now) and activity.supervisor_id is not None and not activity.is_cancelled:
        first = (*first, Button(say("👪 Who is picked up"), press("activities.pickups", activity.id)))
    if not manages or not activity.is_open:
        return [first]
    if activity.applied and activity.mode is Mode.REVIEW:
        first = (*first, Button(say("Applications"), press("activities.applicants", activity.id)))
    if view.leads and activity.takes_sign_ups(now):
        risk = Button(say("Who may be missing?"), press("activities.risk", activity.id))
        first = (*first, risk, Button(say("Recruit"), press("calls.recruit", activity.id)))
    return [
        first,
        (
            Button(say("Change"), press("activities.change", activity.id)),
            Button(say("Call it off"), press("activities.stop", activity.id)),
            Button(say("🤝 Partners"), press("partners.of", activity.id)),
        ),
    ]


def _afterwards(view: View, now: int) -> list[tuple[Button, ...]]:
    """What is left once it is confirmed who came: to say how it was, to read that, to give thanks."""
    activity, mine = view.activity, view.mine
    if not activity.is_confirmed:
        return []
    rows: list[tuple[Button, ...]] = []
    if mine and mine.came and mine.confirmed_at and mine.confirmed_at + feedback.OPEN_DAYS * DAY > now:
        rows.append((Button(say("How was it?"), press("feedback.ask", activity.id)),))
    if mine and mine.confirmed_at:
        why = (Button(say("Say why, or appeal"), press("activities.absence", mine.id)),)
        missed = mine.attendance is Attendance.MISSED
        rows.append((*(why if missed else ()), Button(say("How it was noted"), press("activities.trail", mine.id))))
    if view.leads:
        rows.append(
            (
                Button(say("What they say"), press("feedback.sum", activity.id)),
                Button(say("Give thanks"), press("feedback.thanks", activity.id)),
            )
        )
    return rows


async def calendar(tx: Transaction, heard: Heard) -> Answer:
    """The activity as a file for calendars."""
    view = await activities.view(tx, heard.number(), heard.me)
    activity = view.activity
    return card(
        say("“{title}”: open the file to put it into your calendar.", title=activity.title),
        back=press("activities.open", activity.id),
        file=File(f"{activity.kind}-{activity.id}.ics", ics(activity, heard.house, tx.now)),
    )


async def share(tx: Transaction, heard: Heard) -> Answer:
    """The activity's link, as a picture to print and as text."""
    view = await activities.view(tx, heard.number(), heard.me)
    here = press("activities.open", view.activity.id)
    return poster(
        say(
            "<b>{title}</b>: whoever scans this or opens the link signs up with one more tap.",
            title=view.activity.title,
        ),
        heard.house.link(payload(here)),
        name=f"{view.activity.kind}-{view.activity.id}",
        back=here,
    )


async def yours(tx: Transaction, activity: Activity, me: Person) -> Said:
    """Whoever took a place in one tap reads where and when, and of what lies close to it."""
    words = say("The place is yours: {moment}, {place}.", moment=Moment(activity.starts_at), place=activity.place)
    near = await activities.tight_words(tx, activity, me)
    return say("{words}\n{near}", words=words, near=near) if near else words


ROUTES = [
    on_press("activities.open", opened, link=True),
    on_press("activities.calendar", calendar),
    on_press("activities.share", share),
]
