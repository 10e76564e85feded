"""Calls that were sent: the list, the numbers and who they are, withdrawing; and the answers of those who were called."""

from dataclasses import replace

from bot.cards import Button, Card, Onward, Toast, card, page_of, press, window
from bot.domain import activities, calls, groups
from bot.domain.calls import Call, Counts
from bot.forms import Form
from bot.handlers.calls import nodes
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.outbox import KEPT_DAYS
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

CALLS_A_PAGE = 6
NAMES_A_PAGE = 30
LABEL_CHARACTERS_MAX = 18
NUMBERS_A_ROW = 3


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Calls that were sent, and their numbers"""
    number = heard.page()
    found = await calls.past(tx, heard.me, **window(number, CALLS_A_PAGE))
    page = page_of(found, number, each=CALLS_A_PAGE)
    recruit = (Button(say("Recruit"), "calls.recruit"),) if heard.me.leads else ()
    announce = (Button(say("Announce"), "calls.announce"),) if heard.me.is_admin else ()
    return card(
        say("<b>Calls</b>"),
        page.place() if found else say("No call that you may see was sent yet."),
        rows=(
            *((Button(_label(call), press("calls.open", call.id)),) for call in page.items),
            *page.turner("calls.list"),
            (*recruit, *announce),
        ),
    )


def _label(call: Call) -> Said:
    text = " ".join(call.text.split())
    short = text if len(text) <= LABEL_CHARACTERS_MAX else text[: LABEL_CHARACTERS_MAX - 1] + "…"
    return say("📣 {text}", text=short) if call.kind == "recruit" else say("📢 {text}", text=short)


async def show(tx: Transaction, heard: Heard) -> Answer:
    """One call and its numbers; of a call to the county a leader sees those of his own groups."""
    if call := await calls.led_call(tx, heard.number(), heard.me):
        return await nodes.led(tx, heard, call)
    return await _card(tx, heard, await calls.seen_by(tx, heard.number(), heard.me))


async def look(tx: Transaction, heard: Heard) -> Answer:
    """The same in a message of its own: the sender's progress screen goes on being edited."""
    return replace(await _card(tx, heard, await calls.seen_by(tx, heard.number(), heard.me)), fresh=True)


async def _card(tx: Transaction, heard: Heard, call: Call) -> Card:
    counts = await calls.counts(tx, call)
    names = await calls.may_see_names(tx, call, heard.me)
    manage = call.state != "withdrawn" and await calls.may_manage(tx, call, heard.me)
    return card(
        *calls.letter(call, await calls.group_name(tx, call)).lines,
        BLANK,
        say("Sent {moment}", moment=Moment(call.sent_at or 0)),
        *calls.number_lines(call, counts),
        *_withdrawn_lines(call, counts),
        *((calls.OF_BEFORE,) if await calls.is_of_before(tx, call) else ()),
        *(
            (say("Who got it is no longer kept: after {days} days only the numbers stay.", days=KEPT_DAYS),)
            if call.is_tidied
            else ()
        ),
        rows=(
            *(_number_rows(call, counts) if names else ()),
            *(
                ((Button(say("Who comes, group by group"), press("calls.node", call.id, "county")),),)
                if await calls.has_nodes(tx, call)
                else ()
            ),
            (
                Button(say("Refresh"), press("calls.open", call.id)),
                *((Button(say("Delete everywhere"), press("calls.withdraw", call.id)),) if manage else ()),
            ),
        ),
        back="calls.list",
    )


def _withdrawn_lines(call: Call, counts: Counts) -> tuple[Said, ...]:
    if call.state != "withdrawn":
        return ()
    return (
        say("<b>Withdrawn</b>"),
        say_n("{n} message deleted", "{n} messages deleted", call.erased),
        say_n("{n} never sent", "{n} never sent", counts.dropped),
    )


NUMBERS = {
    "coming": say("Coming"),
    "not_now": say("Not now"),
    "sent": say("Sent"),
    "blocked": say("Blocked"),
    "failed": say("Failed"),
    "waiting": say("Still waiting"),
    "unreachable": say("Unreachable"),
}


def _number_rows(call: Call, counts: Counts) -> tuple[tuple[Button, ...], ...]:
    """Every number that is not nought opens the list it is made of, as long as that is kept."""
    buttons = [
        Button(say("{what} {n}", what=NUMBERS[which], n=n), press("calls.names", call.id, place))
        for place, which in enumerate(calls.LISTS)
        if (n := getattr(counts, which)) and (which in calls.ANSWERS or not call.is_tidied)
    ]
    return tuple(tuple(buttons[i : i + NUMBERS_A_ROW]) for i in range(0, len(buttons), NUMBERS_A_ROW))


async def names(tx: Transaction, heard: Heard) -> Answer:
    """Who a number is made of."""
    call, place, number = await calls.seen_by(tx, heard.number(), heard.me), heard.number(1), heard.page(2)
    if place >= len(calls.LISTS):
        raise stale()
    which = calls.LISTS[place]
    found = await calls.names(tx, call, which, heard.me, **window(number, NAMES_A_PAGE))
    page = page_of(found, number, each=NAMES_A_PAGE)
    return card(
        say("<b>{what}</b>", what=NUMBERS[which]),
        await _of_whom(tx, call, heard),
        *(say("• {name}", name=name) for name in page.items),
        rows=page.turner("calls.names", call.id, place),
        back=press("calls.open", call.id),
    )


async def _of_whom(tx: Transaction, call: Call, heard: Heard) -> Said:
    """Whose names a list has: a leader reads no roll of a group beneath his own."""
    beneath = call.group_id is not None and await groups.has_beneath(tx, call.group_id)
    if not beneath or heard.me.reads_all:
        return say("Those who are in the group now:")
    return say("Those who are members of the group itself now; of the groups beneath it there are numbers alone:")


async def ask_to_withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Say in numbers what withdrawing does, and ask."""
    call = await calls.managed_by(tx, heard.number(), heard.me)
    counts, deletable = await calls.counts(tx, call), await calls.deletable(tx, call)
    return card(
        say("<b>Delete this call everywhere?</b> This can't be undone."),
        say_n("{n} message is deleted.", "{n} messages are deleted.", deletable),
        say_n(
            "{n} is older than 48 hours and stays: Telegram allows no more.",
            "{n} are older than 48 hours and stay: Telegram allows no more.",
            counts.sent - deletable,
        ),
        say_n("{n} that still waits is not sent.", "{n} that still wait are not sent.", counts.waiting),
        rows=((Button(say("Yes, delete it"), press("calls.withdraw.yes", call.id), style="danger"),),),
        back=press("calls.open", call.id),
    )


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Delete it everywhere."""
    call = await calls.withdraw(tx, heard.number(), by=heard.me)
    return (await _card(tx, heard, call)).with_toast(say("It is being deleted. Refresh shows how far it is."))


async def coming(tx: Transaction, heard: Heard) -> Answer:
    """I'm in."""
    call = await calls.answer(tx, heard.number(), "coming", by=heard.me)
    if call.onward:
        return Onward(call.onward, fresh=True, toast=await _left_to_do(tx, heard, call.onward))
    return Toast(say("Noted: you're in. “Not now” changes it."))


async def _left_to_do(tx: Transaction, heard: Heard, onward: str) -> Said:
    """An answer alone gives nobody a place: what else it takes stands on the card that comes next."""
    name, number = onward.split(":")
    if name == "groups.open" and not await groups.is_member(tx, int(number), heard.me):
        return say("Noted: you're in. To become a member, tap “Join” on this card.")
    if name == "activities.open":
        view = await activities.view(tx, int(number), heard.me)
        if view.mine is None and view.activity.takes_sign_ups(tx.now):
            return say("Noted: you're in. To get a place, tap “Sign up” on this card.")
    return say("Noted: you're in. “Not now” changes it.")


async def not_now(tx: Transaction, heard: Heard) -> Answer:
    """Not this time."""
    await calls.answer(tx, heard.number(), "not_now", by=heard.me)
    return Toast(say("Noted: not now. “I'm in” changes it."))


FORMS: tuple[Form, ...] = ()
ROUTES = [
    # Whoever sent calls when he was a leader may still open them.
    command("calls", listing, offered=Who.LEADER | Who.READER, also=("召集与通知",)),
    on_press("calls.list", listing),
    on_press("calls.open", show),
    on_press("calls.look", look),
    on_press("calls.names", names),
    on_press("calls.withdraw", ask_to_withdraw),
    on_press("calls.withdraw.yes", withdraw),
    on_press("calls.coming", coming),
    on_press("calls.notnow", not_now),
]
