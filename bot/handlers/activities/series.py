"""One series: its rule, its dates, to be in all of them; and what its leaders do with days still to be made."""

from collections.abc import Sequence
from datetime import date

from bot.cards import Button, Card, Toast, card, press
from bot.domain import activities, groups, series
from bot.domain.activities import RULES, Activity, View
from bot.domain.series import Followed, Series
from bot.handlers.activities.publishing import PUBLISHERS
from bot.locales import BLANK, Day, Said, Span, say, say_n
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

DATES_SHOWN = 6
DAYS_SHOWN = 6
REFUSED_SHOWN = 3


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """The card of a series."""
    return await screen(tx, heard, await series.by_id(tx, heard.number()))


async def screen(tx: Transaction, heard: Heard, found: Series, *more: Said, undo: Button | None = None) -> Card:
    """The card as whoever asks sees it, with the deeds that are open to him."""
    model = found.model
    ahead = await series.ahead(tx, found)
    views = [await activities.view(tx, each.id, heard.me) for each in ahead[:DATES_SHOWN]]
    group = say("{group}", group=(await groups.by_id(tx, found.group_id)).name) if found.group_id else None
    return card(
        say("🔁 <b>{title}</b>", title=model.title),
        say("{kind} of {group}", kind=RULES[model.kind].name, group=group or say("the whole county")),
        say("🗓 {rule}", rule=found.words()),
        say("📍 {place}", place=model.place),
        *STATES.get(found.state, ()),
        *((BLANK, say("{about}", about=model.about)) if model.about else ()),
        BLANK,
        *(_date(view) for view in views),
        *(() if views else (say("Just now no date is ahead."),)),
        *more,
        rows=(
            *(((undo,),) if undo else ()),
            *await _taking_part(tx, heard, found),
            *_dates(tx, views),
            *await _leading(tx, heard, found, ahead),
        ),
        back=press("activities.list", RULES[model.kind].listed),
    )


STATES: dict[str, tuple[Said, ...]] = {
    "paused": (say("⏸ It pauses: no further dates are made."),),
    "ended": (say("⏹ It has ended: no further dates are made."),),
}


def _date(view: View) -> Said:
    activity = view.activity
    mark = "" if view.mine is None else "✅ " if view.mine.is_in else "⏳ "
    return say(
        "{mark}{when} · {places}",
        mark=mark,
        when=Span(activity.starts_at, activity.ends_at),
        places=activities.places_words(activity),
    )


def _dates(tx: Transaction, views: list[View]) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(_day(tx, view.activity), press("activities.open", view.activity.id)) for view in views]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _day(tx: Transaction, activity: Activity) -> Said:
    """The day on which it is, which of one that was moved isn't the day of the rule."""
    return say("{day}", day=Day(tx.local(activity.starts_at).date()))


async def _taking_part(tx: Transaction, heard: Heard, found: Series) -> tuple[tuple[Button, ...], ...]:
    if await series.follows(tx, found.id, heard.me):
        return ((Button(say("Not in all of them any more"), press("series.unfollow", found.id)),),)
    if found.is_ended:
        return ()
    return ((Button(say("Sign me up for all"), press("series.follow", found.id), style="primary"),),)


async def _leading(
    tx: Transaction, heard: Heard, found: Series, ahead: Sequence[Activity]
) -> tuple[tuple[Button, ...], ...]:
    """What its leaders can do; each is checked again when it is pressed."""
    if not await series.leads(tx, found, heard.me):
        return ()
    changing = (
        (
            Button(say("Change all ahead"), press("series.change", ahead[0].id)),
            Button(say("Call off all ahead"), press("series.stop", ahead[0].id)),
        )
        if ahead
        else ()
    )
    if found.is_ended:
        return (changing,) if changing else ()
    going = (
        Button(say("Pause"), press("series.pause", found.id))
        if found.is_on
        else Button(say("Let it go on"), press("series.on", found.id))
    )
    later = Button(say("Later dates"), press("series.later", found.id))
    return (changing, (later, going, Button(say("End it"), press("series.end", found.id))))


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """The series that I answer for."""
    page = await series.all_led_by(tx, heard.me, heard.page())
    rows = tuple(
        (Button(say("{title}", title=each.model.title), press("series.open", each.id)),) for each in page.items
    )
    return card(
        say("<b>Series</b>"),
        *(say("🔁 <b>{title}</b> · {rule}", title=each.model.title, rule=each.words()) for each in page.items),
        page.place()
        if page.items
        else say("There is none yet. Open an activity that was published, and repeat it with “Once more …”."),
        rows=(*rows, *page.turner("series.list")),
        back="activities.list:task",
    )


# To be in all of it


async def follow(tx: Transaction, heard: Heard) -> Answer:
    """Sign up for all of it."""
    done = await series.follow(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    refused = [
        say("✗ {day}: {why}", day=_day(tx, activity), why=reason) for activity, reason in done.refused[:REFUSED_SHOWN]
    ]
    shown = await screen(tx, heard, done.series, *((BLANK, *refused) if refused else ()))
    return shown.with_toast(_followed(done))


async def here(tx: Transaction, heard: Heard) -> Answer:
    """The button under the news in a group: it signs up on the spot; by a deep link it shows the series."""
    if heard.chat.private:
        return await opened(tx, heard)
    return Toast(_followed(await series.follow(tx, heard.number(), by=heard.me, rules=heard.house.settings)))


def _followed(done: Followed) -> Said:
    if done.refused and not done.places and not done.queued:
        return say("None of these dates would have you; their card says why. I try again with later dates.")
    return say(
        "You are in all of it: {places} places, {queued} times on the waiting list, {refused} refused. "
        "I sign you up for later dates too.",
        places=done.places,
        queued=done.queued,
        refused=len(done.refused),
    )


async def unfollow(tx: Transaction, heard: Heard) -> Answer:
    """Be signed up for no more; ask what becomes of the dates that are ahead."""
    found = await series.unfollow(tx, heard.number(), by=heard.me)
    mine = await series.mine_ahead(tx, found, heard.me)
    if not mine:
        return (await screen(tx, heard, found)).with_toast(say("I don't sign you up any more."))
    return card(
        say("🔁 <b>{title}</b>: I don't sign you up for later dates any more.", title=found.model.title),
        say_n("You are still in {n} date ahead.", "You are still in {n} dates ahead.", len(mine)),
        rows=(
            (Button(say("Keep them"), press("series.open", found.id), style="primary"),),
            (Button(say("Withdraw from all of them"), press("series.leave", found.id), style="danger"),),
        ),
        back=press("series.open", found.id),
    )


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw from all that is ahead."""
    number = await series.leave_all(tx, heard.number(), by=heard.me)
    shown = await opened(tx, heard)
    assert isinstance(shown, Card), "it is the card of the series"
    return shown.with_toast(say_n("You have withdrawn from {n} date.", "You have withdrawn from {n} dates.", number))


# Days that are still to be made


async def later(tx: Transaction, heard: Heard) -> Answer:
    """Days of the rule for which no date was made yet, and those that are left out."""
    found = await series.series_led_by(tx, heard.number(), heard.me)
    made = {each.series_day for each in await series.ahead(tx, found)}
    days = []
    for day, _ in found.dates(tx):
        if day.isoformat() not in made:
            days.append(day)
        if len(days) == DAYS_SHOWN:
            break
    skipped = [day for day in found.rule.skips if day >= tx.today][:DAYS_SHOWN]
    buttons = [Button(say("{day}", day=Day(day)), press("series.day", found.id, day.toordinal())) for day in days]
    back = [Button(say("＋ {day}", day=Day(day)), press("series.put", found.id, day.toordinal())) for day in skipped]
    return card(
        say("🔁 <b>{title}</b>: later dates", title=found.model.title),
        say("Tap one to leave it out, or to publish it now, as to move it.")
        if days
        else say("The rule has no later date."),
        *((say("Left out; a tap puts it back: ＋"),) if skipped else ()),
        rows=tuple(tuple(both[start : start + 2]) for both in (buttons, back) for start in range(0, len(both), 2)),
        back=press("series.open", found.id),
    )


def _day_heard(heard: Heard) -> date:
    ordinal = heard.number(1)
    if not 1 <= ordinal <= date.max.toordinal():
        raise stale()
    return date.fromordinal(ordinal)


async def day(tx: Transaction, heard: Heard) -> Answer:
    """One day that is still to be made."""
    wanted = _day_heard(heard)
    found = await series.series_led_by(tx, heard.number(), heard.me)
    return card(
        say("🔁 <b>{title}</b> · {day}", title=found.model.title, day=Day(wanted)),
        say("It is made {n} weeks ahead.", n=heard.house.settings.activities.series_weeks),
        rows=(
            (Button(say("Leave this day out"), press("series.skip", found.id, wanted.toordinal())),),
            (Button(say("Publish it now"), press("series.early", found.id, wanted.toordinal())),),
        ),
        back=press("series.later", found.id),
    )


async def skip(tx: Transaction, heard: Heard) -> Answer:
    """Leave a day out."""
    await series.leave_out(tx, heard.number(), _day_heard(heard), by=heard.me)
    return _toasted(await later(tx, heard), say("It is left out; nobody need be told."))


async def put(tx: Transaction, heard: Heard) -> Answer:
    """Put a day back that was left out."""
    weeks = heard.house.settings.activities.series_weeks
    await series.put_back(tx, heard.number(), _day_heard(heard), by=heard.me, weeks=weeks)
    return _toasted(await later(tx, heard), say("It is in it again."))


async def early(tx: Transaction, heard: Heard) -> Answer:
    """Make the date of a day now."""
    made = await series.make_early(tx, heard.number(), _day_heard(heard), by=heard.me)
    return card(
        say("<b>{title}</b> is published: {when}.", title=made.title, when=Span(made.starts_at, made.ends_at)),
        say("Its day can be changed like that of any other activity; it stays part of the series."),
        rows=((Button(say("Change"), press("activities.change", made.id)),),),
        back=press("activities.open", made.id),
    )


def _toasted(shown: Answer, toast: Said) -> Card:
    assert isinstance(shown, Card), "it is a screen"
    return shown.with_toast(toast)


# Pause and end


async def pause(tx: Transaction, heard: Heard) -> Answer:
    """Make no further dates for a while."""
    found = await series.pause(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, found)).with_toast(say("It pauses. The dates that are there take place."))


async def go_on(tx: Transaction, heard: Heard) -> Answer:
    """Let it go on."""
    weeks = heard.house.settings.activities.series_weeks
    found, made = await series.go_on(tx, heard.number(), by=heard.me, weeks=weeks)
    return (await screen(tx, heard, found)).with_toast(
        say_n("It goes on; {n} date was made.", "It goes on; {n} dates were made.", made)
    )


async def end(tx: Transaction, heard: Heard) -> Answer:
    """What ending it means."""
    found = await series.series_led_by(tx, heard.number(), heard.me)
    ahead = await series.ahead(tx, found)
    off = ((Button(say("Call off all ahead"), press("series.stop", ahead[0].id), style="danger"),),) if ahead else ()
    return card(
        say("End <b>{title}</b>?", title=found.model.title),
        say_n(
            "No further dates are made; {n} that is there takes place.",
            "No further dates are made; {n} that are there take place.",
            len(ahead),
        ),
        rows=((Button(say("End it"), press("series.ended", found.id), style="primary"),), *off),
        back=press("series.open", found.id),
    )


async def ended(tx: Transaction, heard: Heard) -> Answer:
    """End it."""
    found = await series.end(tx, heard.number(), by=heard.me)
    return await screen(tx, heard, found)


ROUTES = [
    on_press("series.list", listed, PUBLISHERS),
    on_press("series.open", opened, link=True),
    on_press("series.here", here, link=True),
    on_press("series.follow", follow),
    on_press("series.unfollow", unfollow),
    on_press("series.leave", leave),
    on_press("series.later", later),
    on_press("series.day", day),
    on_press("series.skip", skip),
    on_press("series.put", put),
    on_press("series.early", early),
    on_press("series.pause", pause),
    on_press("series.on", go_on),
    on_press("series.end", end),
    on_press("series.ended", ended),
]
