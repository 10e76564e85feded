"""What both sides of a share are told, with the next step."""

from collections.abc import Sequence

from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import activities, groups, people
from bot.domain.activities import Activity, portions
from bot.domain.partners.finding import by_id, off_together
from bot.domain.partners.things import Share, of_activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

TELL = "partners.tell"
OFF_SHOWN = 6


async def tell_shared(tx: Transaction, share: Share, by: Person) -> None:
    """The partner's leaders hear of it, and can send it on or decline."""
    lines = (
        say_n(
            "🤝 {leader} shares “{title}” with {partner}: {n} place is for your people.",
            "🤝 {leader} shares “{title}” with {partner}: {n} places are for your people.",
            share.places,
            leader=by.nickname,
            title=share.title,
            partner=share.partner,
        ),
        say("🕒 {when}", when=Moment(share.starts_at)),
        *_goes_back(share),
    )
    rows = (
        (Button(say("📣 Send it on"), press("partners.sendon", share.id), style="primary"),),
        (
            Button(say("Open"), press("partners.open", share.id)),
            Button(say("Decline"), press("partners.decline", share.id)),
        ),
    )
    await _tell(tx, share, card(*lines, rows=rows), by)


def _goes_back(share: Share) -> tuple[Said, ...]:
    if share.back_at is None:
        return ()
    return (say("What is unused goes back to everybody {moment}.", moment=Moment(share.back_at)),)


async def tell_resized(tx: Transaction, share: Share, by: Person) -> None:
    """The partner's leaders hear how many places there are now."""
    words = say_n(
        "🤝 {partner} has {n} place in “{title}” now; {free} free.",
        "🤝 {partner} has {n} places in “{title}” now; {free} free.",
        share.quota,
        partner=share.partner,
        title=share.title,
        free=share.free,
    )
    await _tell(tx, share, _with_door(share, words), by)


async def tell_ended(tx: Transaction, item: Due, house: House) -> None:
    """The partner's leaders hear, once it can't be undone any more, that unused places are everybody's."""
    share = await by_id(tx, item.number)
    if share.is_on:
        return
    words = say(
        "🤝 “{title}” is not shared with {partner} any more: unused places are everybody's. Of your people signed up: "
        "{taken}; they keep their places.",
        title=share.title,
        partner=share.partner,
        taken=share.taken,
    )
    await _tell(tx, share, _with_door(share, words), None)


async def tell_called_off(tx: Transaction, item: Due, house: House) -> None:
    """The leaders of all partners hear it, once it can't be undone any more; of what one deed called off, in one message."""
    activity = await activities.by_id(tx, item.number)
    if not activity.is_cancelled:
        return
    for share in await of_activity(tx, activity.id):
        if share.concerns:
            them = await off_together(tx, share)
            screen = _off(share, activity) if len(them) == 1 else _all_off(share, them, activity)
            # Of one activity whoever leads two of its partners hears once.
            what = activity.name if len(them) == 1 else them[0].name
            key = f"{portions.OFF}:{tx.bot}:{what}:{activity.settled_at}"
            await _tell(tx, share, screen, None, key=key)


def _off(share: Share, activity: Activity) -> Card:
    return _with_door(share, say("❌ “{title}” is called off: {reason}", title=share.title, reason=activity.why))


def _all_off(share: Share, them: Sequence[Share], activity: Activity) -> Card:
    more = len(them) - OFF_SHOWN
    return card(
        say_n(
            "❌ {n} activity that is shared with {partner} is called off: {reason}",
            "❌ {n} activities that are shared with {partner} are called off: {reason}",
            len(them),
            partner=share.partner,
            reason=activity.why,
        ),
        *(say("• {title} · {moment}", title=each.title, moment=Moment(each.starts_at)) for each in them[:OFF_SHOWN]),
        *((say_n("… and {n} more", "… and {n} more", more),) if more > 0 else ()),
        rows=((Button(say("🤝 Shared with us"), press("partners.ours", share.partner_id)),),),
    )


async def tell_returned(tx: Transaction, share: Share, activity: Activity) -> None:
    """Both sides hear that unused places went back by themselves; `share` as it was before."""
    words = say_n(
        "🤝 “{title}”: {n} unused place of {partner} is everybody's now, as was settled.",
        "🤝 “{title}”: {n} unused places of {partner} are everybody's now, as was settled.",
        share.free,
        title=share.title,
        partner=share.partner,
    )
    await _tell(tx, share, _with_door(share, words), None)
    await _tell_publisher(tx, activity, _with_door(share, words))


async def tell_closed(tx: Transaction, share: Share, activity: Activity) -> None:
    """Those who answer for the activity hear that the partner is there no more; `share` as it was before."""
    words = say_n(
        "🤝 {partner} was closed: {n} unused place of it in “{title}” is everybody's now. Signed up by its places: {taken}; they "
        "keep them.",
        "🤝 {partner} was closed: {n} unused places of it in “{title}” are everybody's now. Signed up by its places: {taken}; "
        "they keep them.",
        share.free,
        title=share.title,
        partner=share.partner,
        taken=share.taken,
    )
    await _tell_publisher(tx, activity, _with_door(share, words))


async def tell_declined(tx: Transaction, share: Share, activity: Activity, reason: str, by: Person) -> None:
    """Those who answer for the activity read why, and how many places are everybody's again."""
    words = say_n(
        "🤝 {leader} declines “{title}” for {partner}: {reason}. {n} place is everybody's again.",
        "🤝 {leader} declines “{title}” for {partner}: {reason}. {n} places are everybody's again.",
        share.free,
        leader=by.nickname,
        title=share.title,
        partner=share.partner,
        reason=reason,
    )
    await _tell_publisher(tx, activity, _with_door(share, words))


def _with_door(share: Share, words: Said) -> Card:
    return card(words, rows=((Button(say("Open"), press("partners.open", share.id)),),))


async def _tell_publisher(tx: Transaction, activity: Activity, screen: Card) -> None:
    for person in await activities.answerable(tx, activity):
        await people.tell(tx, person, screen, lane=Lane.REMINDER)


async def _tell(tx: Transaction, share: Share, screen: Card, by: Person | None, *, key: str | None = None) -> None:
    """Each leader of the partner, but whoever did it; with a key once."""
    for leader in await groups.leaders_of(tx, share.partner_id):
        if by is None or leader.id != by.id:
            once = f"{key}:{leader.id}" if key else None
            await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=once)
