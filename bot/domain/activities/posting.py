"""The live card of an activity: what stands on it, and how it is kept up to date in a Telegram group."""

from collections.abc import Collection

from bot import due, outbox
from bot.cards import Button, Card, card, press, rendered
from bot.config import House
from bot.domain import groups, people
from bot.domain.activities import asking, roles, ruling
from bot.domain.activities.places import Role
from bot.domain.activities.things import Activity, least_words, places_words
from bot.due import Due
from bot.locales import BLANK, Said, Span, say, say_n
from bot.storage import Transaction

REDRAW = "activities.redraw"
REDRAW_SECONDS = 3


def face(
    activity: Activity,
    group_name: str | None,
    now: int,
    by_role: tuple[Role, ...] = (),
    nodes: Collection[int] = (),
) -> tuple[Said, ...]:
    """The lines of an activity's card that are the same for everybody; of many partners those to which one belongs are named."""
    where = say("{group}", group=group_name) if group_name else say("the whole county")
    lines = [
        say("<b>{title}</b>", title=activity.title),
        say("{kind} {number} · {group}", kind=activity.rules.name, number=activity.id, group=where),
        BLANK,
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say("👥 {places}", places=places_words(activity)),
        *ruling.lines(activity, by_role, nodes),
    ]
    if needed := least_words(activity):
        lines.append(needed)
    if activity.points:
        lines.append(
            say_n("⭐ {n} point for everybody who comes", "⭐ {n} points for everybody who comes", activity.points)
        )
    if activity.adults_only:
        lines.append(say("🔞 18 and older"))
    if activity.about:
        lines += [BLANK, say("{about}", about=activity.about)]
    state = _state(activity, now)
    return (*lines, BLANK, state) if state else tuple(lines)


def _state(activity: Activity, now: int) -> Said | None:
    if activity.is_cancelled:
        return say("❌ <b>Cancelled</b>: {reason}", reason=activity.why)
    if activity.is_confirmed:
        return say("✅ Over; who came has been confirmed.")
    if activity.ends_at <= now:
        return say("It is over.")
    return say("It has begun.") if activity.has_begun(now) else None


def group_card(activity: Activity, group: groups.Group, now: int, by_role: tuple[Role, ...] = ()) -> Card:
    """The card in the group's Telegram group; its buttons work there, for strangers too."""
    rows: tuple[tuple[Button, ...], ...] = ()
    if activity.takes_sign_ups(now) and not activity.is_after_window(now):
        rows = _sign_ups(activity, by_role)
    return card(*face(activity, group.name, now, by_role), rows=rows, home=False, remember=activity.name)


def _sign_ups(activity: Activity, by_role: tuple[Role, ...]) -> tuple[tuple[Button, ...], ...]:
    if roles.is_shared(by_role):
        # Whose places are his is looked up at the press, so that no school's people press another's button.
        return ((Button(sign_up_words(activity), press("activities.here", activity.id), style="primary"),),)
    if by_role:
        return tuple(
            (Button(say("Sign up: {role}", role=role.called), press("activities.here", activity.id, role.id)),)
            for role in by_role
        )
    return ((Button(sign_up_words(activity), press("activities.here", activity.id), style="primary"),),)


def sign_up_words(activity: Activity) -> Said:
    """What the button is called with which somebody comes in."""
    if activity.chooses:
        return say("Apply")
    return say("Join the waiting list") if activity.is_full else say("Sign up")


async def post(tx: Transaction, activity: Activity) -> bool:
    """Post the card where the group talks; False for a group without a Telegram group, and for the whole county."""
    if activity.group_id is None:
        return False
    group = await groups.by_id(tx, activity.group_id)
    if not await groups.post(tx, group, group_card(activity, group, tx.now, await roles.roles_of(tx, activity))):
        return False
    await tx.run("UPDATE activities SET posted = 1 WHERE id = :id", id=activity.id)
    return True


async def redraw_soon(tx: Transaction, activity: Activity) -> None:
    """Have the posted card drawn anew: at most once in each three seconds, however many tap."""
    if activity.posted:
        slot = tx.now - tx.now % REDRAW_SECONDS + REDRAW_SECONDS
        await due.plan(tx, REDRAW, activity.name, slot)


async def redraw(tx: Transaction, item: Due, house: House) -> None:
    """Edit the posted card to what is so now; while an edit before still waits to be sent, a little later."""
    activity = await asking.by_id(tx, item.number)
    if activity.group_id is None:
        return
    if await outbox.is_waiting(tx, activity.name):
        await redraw_soon(tx, activity)
        return
    group = await groups.by_id(tx, activity.group_id)
    reader = people.reader(tx, group.chat_language or house.settings.county.language)
    await outbox.edit_remembered(
        tx,
        activity.name,
        rendered(group_card(activity, group, tx.now, await roles.roles_of(tx, activity)), reader, private=False),
    )
