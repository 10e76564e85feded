"""All that the bot does of itself, on one page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot import dates, menus
from bot.config import House, Settings
from bot.domain import (
    activities,
    callouts,
    calls,
    council,
    feedback,
    groups,
    honours,
    hours,
    housekeeping,
    merging,
    partners,
    people,
    points,
    privacy,
    projects,
    reports,
    rotas,
    series,
    services,
    shop,
)
from bot.due import Due
from bot.storage import Transaction

NEVER_LATE_HOURS = 100 * 366 * 24
# Called alike, whether or not a deed reads the county's settings: the scheduler need not know which do.
Deed = Callable[[Transaction, Due, House], Awaitable[None]]


@dataclass(frozen=True)
class Together:
    """A deed that does many of its kind at once, by a handful of statements. Doing one of them leaves the others planned."""

    deed: Callable[[Transaction, Sequence[Due], House], Awaitable[None]]

    async def __call__(self, tx: Transaction, item: Due, house: House) -> None:
        await self.deed(tx, [item], house)


@dataclass(frozen=True)
class Daily:
    """Something repeated at a local wall time: each day, each month on a day (31 is the last one), or once a year."""

    deed: str
    hour: int
    minute: int = 0
    month_day: int | None = None
    month: int | None = None
    weekday: int | None = None
    # How late it may still be done after the bot was down; later than that it is reported.
    grace_hours: int = 24

    def next_after(self, instant: int, tx: Transaction) -> int:
        when = dates.next_local(
            tx.local(instant),
            zone=tx.clock.zone,
            hour=self.hour,
            minute=self.minute,
            weekday=self.weekday,
            month_day=self.month_day,
            month=self.month,
        )
        return int(when.timestamp())


DEEDS: Mapping[str, Deed] = {
    **housekeeping.DEEDS,
    people.MENU: menus.fit,
    **points.DEEDS,
    privacy.ERASING: privacy.erase,
    **merging.DEEDS,
    groups.WINDING_UP: groups.wind_up,
    groups.LETTING_GO: groups.let_go,
    activities.REMIND: Together(activities.remind),
    "activities.over": activities.over,
    "activities.unconfirmed": activities.unconfirmed,
    "activities.redraw": activities.redraw,
    "activities.offer": activities.tell_offers,
    "activities.lapse": activities.lapse,
    activities.SHORTEN: activities.shorten_offers,
    "activities.handover": activities.ask_on,
    "activities.vacant": activities.vacant,
    "activities.watched": activities.tell_watchers,
    "activities.published": activities.tell_published,
    "activities.unsaid": activities.take_back,
    "activities.moved": activities.tell_moved,
    "activities.retouched": activities.tell_terms,
    "activities.cancelled": activities.tell_cancelled,
    "activities.confirmed": activities.confirm_on,
    "activities.released": activities.give_released,
    activities.LACKING: activities.look_at_least,
    activities.OPEN: activities.tell_open,
    activities.SHARE: activities.open_share,
    activities.DRAW: activities.draw,
    activities.DRAWN_TELL: activities.tell_drawn,
    activities.ASK: activities.ask_review,
    activities.UNDECIDED: activities.lapse_applications,
    activities.EXPIRING: activities.warn_expiring,
    activities.VOUCH: activities.ask_to_vouch,
    **series.DEEDS,
    "activities.door": activities.turn,
    activities.APPEAL_OVERDUE: activities.appeal_overdue,
    activities.MISSED: activities.tell_paused,
    "projects.tell": projects.tell,
    "projects.watch": projects.watch,
    "projects.past": projects.ask_giver,
    projects.FOLLOW: projects.follow,
    **partners.DEEDS,
    **rotas.DEEDS,
    **council.DEEDS,
    feedback.THANKING: feedback.thank_on,
    honours.ENDING: honours.end_notice,
    **shop.DEEDS,
    hours.OVERDUE: hours.overdue,
    hours.ENDING: hours.ended,
    "calls.enlist": calls.enlist,
    "calls.progress": calls.progress,
    "calls.erase": calls.erase,
    **callouts.DEEDS,
    **services.DEEDS,
    reports.KEEP: reports.keep,
}


def timetable(settings: Settings) -> tuple[Daily, ...]:
    """All that is repeated, in the county's time."""
    rule = settings.council
    return (
        Daily("housekeeping.tidy", hour=4),
        *((Daily(housekeeping.HEADS, hour=8),) if settings.county.admin_chat else ()),
        # What was not kept one night is kept the next.
        Daily(reports.KEEP, hour=0, minute=10),
        # Mondays: which areas nobody covers this week.
        Daily(callouts.WEEKLY, hour=9, weekday=0),
        Daily(series.NIGHTLY, hour=0, minute=20),
        Daily(shop.MONTHLY, hour=9, month_day=1),
        # Thirty days and a week before points expire; when they do, it is the year itself that has ended, however late.
        Daily(points.WARN_EARLY, hour=10, month_day=1, month=12, grace_hours=14 * 24),
        Daily(points.WARN_LATE, hour=10, month_day=24, month=12, grace_hours=6 * 24),
        Daily(points.YEAR_OVER, hour=0, minute=5, month_day=1, month=1, grace_hours=NEVER_LATE_HOURS),
        # However late, it is the council itself that opens its session or flags the month.
        Daily("council.open", hour=rule.hour, month_day=rule.day, grace_hours=NEVER_LATE_HOURS),
    )
