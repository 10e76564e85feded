"""Counts by origin: of one activity, and of the county by month; each number opens its list."""

from bot.cards import Button, card, page_in, press
from bot.domain import activities, groups, partners
from bot.domain.activities.places import short
from bot.domain.hours import length
from bot.domain.partners import LISTS, OTHERS, Origin
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

ORIGINS_A_PAGE = 6
# Its three numbers may take two rows.
LISTS_A_PAGE = 3
YEARS = (2000, 2999)


async def of_activity(tx: Transaction, heard: Heard) -> Answer:
    """One activity by origin."""
    activity, found = await partners.origins_of(tx, heard.number(), heard.me)
    counted = [each for each in found if each.signed_up]
    page = page_in(counted, heard.page(1), LISTS_A_PAGE)
    return card(
        say("📊 <b>{title}</b>: by origin", title=activity.title),
        *(_line(each) for each in found),
        BLANK,
        _sum(found),
        rows=(
            *(_lists(activity.id, each) for each in page.items),
            *page.turner("partners.origins", activity.id),
        ),
        back=press("partners.of", activity.id),
    )


def _name(origin: Origin) -> Said:
    return say("{value}", value=origin.name) if origin.partner_id != OTHERS else say("others")


def _label(origin: Origin) -> Said:
    return say("{value}", value=short(origin.name)) if origin.partner_id != OTHERS else say("others")


def _line(origin: Origin) -> Said:
    return say("· {origin}: {numbers}", origin=_name(origin), numbers=_numbers(origin))


def _numbers(origin: Origin) -> Said:
    return say(
        "places {places}, signed up {signed_up}, came {came}, {hours}",
        places=origin.places,
        signed_up=origin.signed_up,
        came=origin.came,
        hours=length(origin.minutes),
    )


def _sum(found: tuple[Origin, ...]) -> Said:
    return say("<b>In all</b>: {numbers}", numbers=_numbers(partners.total(found)))


def _lists(activity_id: int, origin: Origin) -> tuple[Button, ...]:
    shown = _label(origin)
    counted = (
        (say("{origin} · {n}", origin=shown, n=origin.signed_up), "in", origin.signed_up),
        (say("came {n}", n=origin.came), "came", origin.came),
        (length(origin.minutes), "hours", origin.minutes),
    )
    return tuple(
        Button(label, press("partners.people", activity_id, origin.partner_id, which, 0))
        for label, which, number in counted
        if number
    )


WHICH = {"in": say("signed up"), "came": say("came"), "hours": say("hours that count")}


async def names(tx: Transaction, heard: Heard) -> Answer:
    """The list that a number is made of."""
    which = heard.args[2] if len(heard.args) > 2 else ""
    if which not in LISTS:
        raise stale()
    activity_id, partner_id, number = heard.number(0), heard.number(1), heard.page(3)
    page = await partners.people_of(tx, activity_id, partner_id, which, number, heard.me)
    activity = await activities.by_id(tx, activity_id)
    origin = say("{value}", value=(await groups.by_id(tx, partner_id)).name) if partner_id else say("others")
    return card(
        say("<b>{title}</b> · {origin} · {which}", title=activity.title, origin=origin, which=WHICH[which]),
        page.place(),
        *(
            say(
                "{person} · number {number} · {hours}",
                person=each.nickname,
                number=each.person_id,
                hours=length(each.minutes),
            )
            if which == "hours"
            else say("{person} · number {number}", person=each.nickname, number=each.person_id)
            for each in page.items
        ),
        rows=page.turner("partners.people", activity_id, partner_id, which),
        back=await _back(tx, activity_id, partner_id),
    )


async def _back(tx: Transaction, activity_id: int, partner_id: int) -> str:
    """To the share whose people they are, which both sides see; from others to all origins."""
    found = [each for each in await partners.of_activity(tx, activity_id) if each.partner_id == partner_id]
    return press("partners.open", found[0].id) if found else press("partners.origins", activity_id)


# The county


async def of_county(tx: Transaction, heard: Heard) -> Answer:
    """The county by origin, in a month: all activities that were shared."""
    month = heard.number() if heard.args else _month_of(tx, tx.now)
    found = await partners.origins_between(tx, *_bounds(tx, month))
    page = page_in(found, heard.page(1), ORIGINS_A_PAGE)
    return card(
        say("📊 <b>Shared activities by origin</b> · {month}", month=f"{month // 100}-{month % 100:02}"),
        say_n("{n} activity was shared.", "{n} activities were shared.", found[-1].activities),
        *(_line(each) for each in page.items),
        BLANK,
        _sum(found),
        rows=(
            *((_door(month, each),) for each in page.items if each.activities),
            *page.turner("partners.county", month),
            _months(month, tx),
        ),
        back="admin.stats",
    )


def _door(month: int, origin: Origin) -> Button:
    return Button(
        say_n("{origin}: {n} activity", "{origin}: {n} activities", origin.activities, origin=_label(origin)),
        press("partners.month", month, origin.partner_id, 0),
    )


def _months(month: int, tx: Transaction) -> tuple[Button, ...]:
    before, after = _beside(month, -1), _beside(month, 1)
    onward = (Button(say("Month after ›"), press("partners.county", after)),) if after <= _month_of(tx, tx.now) else ()
    return (Button(say("‹ Month before"), press("partners.county", before)), *onward)


async def in_month(tx: Transaction, heard: Heard) -> Answer:
    """The activities behind an origin's number, each with its own counts."""
    month, partner_id = heard.number(), heard.number(1)
    start, end = _bounds(tx, month)
    page = await partners.shared_between(tx, start, end, partner_id, heard.page(2))
    origin = say("{value}", value=(await groups.by_id(tx, partner_id)).name) if partner_id else say("others")
    return card(
        say("📊 <b>{origin}</b> · {month}", origin=origin, month=f"{month // 100}-{month % 100:02}"),
        page.place(),
        rows=(
            *(
                (
                    Button(
                        say("{title} · {moment}", title=title, moment=Moment(starts_at)),
                        press("partners.origins", number),
                    ),
                )
                for number, title, starts_at in page.items
            ),
            *page.turner("partners.month", month, partner_id),
        ),
        back=press("partners.county", month),
    )


def _month_of(tx: Transaction, instant: int) -> int:
    local = tx.local(instant)
    return local.year * 100 + local.month


def _beside(month: int, step: int) -> int:
    year, number = divmod(month // 100 * 12 + month % 100 - 1 + step, 12)
    return year * 100 + number + 1


def _bounds(tx: Transaction, month: int) -> tuple[int, int]:
    """The instants with which a month such as 202611 begins and ends in the county."""
    if not (YEARS[0] <= month // 100 <= YEARS[1] and 1 <= month % 100 <= 12):
        raise stale()
    return _first(tx, month), _first(tx, _beside(month, 1))


def _first(tx: Transaction, month: int) -> int:
    day = tx.local(tx.now).replace(
        year=month // 100, month=month % 100, day=1, hour=0, minute=0, second=0, microsecond=0, fold=0
    )
    return int(day.timestamp())


ROUTES = [
    on_press("partners.origins", of_activity),
    on_press("partners.people", names),
    on_press("partners.county", of_county, Who.READER),
    on_press("partners.month", in_month, Who.READER),
]
