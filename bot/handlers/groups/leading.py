"""What leaders and admins do with a group: its roll, its words and its size, who leads it, making one."""

from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import groups, partners
from bot.domain.activities import ageing
from bot.domain.groups import REASONS, Group
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.handlers.groups.browsing import card_of, count_of
from bot.locales import Moment, Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, command, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

RIGHTS_WANTED = "invite_users"


async def lead(tx: Transaction, heard: Heard) -> Answer:
    """The leader's screen."""
    return await workplace(tx, heard, await groups.led_by(tx, heard.number(), heard.me))


async def workplace(tx: Transaction, heard: Heard, group: Group, *first: Said) -> Card:
    """The leader's screen of a group, below what was just done."""
    if not group.is_open:
        return await card_of(tx, heard, group)
    waiting = await groups.waiting(tx, group.id)
    title = await groups.chat_title(tx, group)
    lines = [
        *first,
        say("<b>{group}</b> · what leaders do", group=group.name),
        say("Members: {count}, {waiting} waiting", count=count_of(group), waiting=waiting),
        say("Telegram group: {title}", title=title) if group.chat_id is not None else say("Telegram group: none yet"),
    ]
    rows = (
        (Button(say("Roll"), press("groups.roll", group.id)), Button(say("Queue"), press("groups.queue", group.id))),
        (
            Button(say("Description"), press("groups.about", group.id)),
            Button(say("Capacity"), press("groups.capacity", group.id)),
            Button(say("Service point"), press("services.point", group.id)),
        ),
        (_telegram_button(heard, group), Button(say("🏠 Neighbours"), press("neighbours.list", group.id))),
        *await _shared_row(tx, group),
        *await _role_rows(tx, heard, group),
    )
    return card(*lines, rows=rows, back=press("groups.open", group.id))


def _telegram_button(heard: Heard, group: Group) -> Button:
    if group.chat_id is not None:
        return Button(say("Unbind the Telegram group"), press("groups.unbind", group.id))
    start = payload(press("groups.bind", group.id))
    link = f"https://t.me/{heard.house.username}?startgroup={start}&admin={RIGHTS_WANTED}"
    return Button(say("Add me to your Telegram group"), url=link)


async def _shared_row(tx: Transaction, group: Group) -> tuple[tuple[Button, ...], ...]:
    """What others share with the group, where anything ever was."""
    if not await partners.are_shared_with(tx, group.id):
        return ()
    return ((Button(say("🤝 Shared with us"), press("partners.ours", group.id)),),)


async def _role_rows(tx: Transaction, heard: Heard, group: Group) -> tuple[tuple[Button, ...], ...]:
    row = []
    if await groups.leads(tx, group.id, heard.me):
        row.append(Button(say("Step down as leader"), press("groups.dismissal", group.id, heard.me.id)))
    elif heard.me.is_admin:
        row.append(Button(say("Lead it myself"), press("groups.appoint", group.id, heard.me.id)))
    if heard.me.is_admin:
        row.append(Button(say("Place in the tree"), press("groups.place", group.id)))
        row.append(Button(say("Close the group"), press("groups.closing", group.id)))
    return (tuple(row),) if row else ()


async def roll(tx: Transaction, heard: Heard) -> Answer:
    """Who is in."""
    group = await groups.read_by(tx, heard.number(), heard.me)
    shown = await groups.roll(tx, group.id, heard.page(1))
    head = say("<b>{group}</b> · members · {place}", group=group.name, place=shown.place())
    return await _roll(tx, heard, group, shown, head, "groups.roll")


async def queue(tx: Transaction, heard: Heard) -> Answer:
    """Who waits, in the order of the queue."""
    group = await groups.read_by(tx, heard.number(), heard.me)
    shown = await groups.roll(tx, group.id, heard.page(1), state="waiting")
    head = say("<b>{group}</b> · queue · {place}", group=group.name, place=shown.place())
    return await _roll(tx, heard, group, shown, head, "groups.queue")


async def _roll(tx: Transaction, heard: Heard, group: Group, shown: Page, head: Said, name: str) -> Card:
    may_act = heard.me.is_admin or await groups.leads(tx, group.id, heard.me)
    back = press("groups.lead" if may_act else "groups.open", group.id)
    if not shown.items and name == "groups.queue":
        return card(say("<b>{group}</b> · nobody is waiting.", group=group.name), back=back)
    if not shown.items:
        return card(
            say("<b>{group}</b> · nobody here yet. Share the link to bring people in.", group=group.name),
            rows=((Button(say("Share"), press("groups.share", group.id)),),),
            back=back,
        )
    lines = [
        say(
            "{rank}. {person} · number {number} · since {moment}",
            rank=shown.number * shown.each + place,
            person=item.nickname,
            number=item.person_id,
            moment=Moment(item.since),
        )
        for place, item in enumerate(shown.items, 1)
    ]
    buttons = tuple(
        (Button(say("{person} ›", person=item.nickname), press("groups.person", group.id, item.person_id)),)
        for item in shown.items
        if may_act
    )
    return card(head, *lines, rows=(*buttons, *shown.jumps(name, group.id)), back=back)


async def _both(tx: Transaction, heard: Heard) -> tuple[Group, Person]:
    """The group and the person of a leader's button, if whoever pressed may act there."""
    group = await groups.led_by(tx, heard.number(0), heard.me)
    return group, await groups.one_of(tx, group, heard.number(1), heard.me)


async def person(tx: Transaction, heard: Heard) -> Answer:
    """One person of a group, and what a leader can do about him."""
    return await _person(tx, *await _both(tx, heard))


async def _person(tx: Transaction, group: Group, whom: Person, *first: Said) -> Card:
    state = await groups.state_of(tx, group.id, whom)
    is_leader = await groups.leads(tx, group.id, whom)
    if state is None and not is_leader:
        raise Refused(say("This person is not in {group}. Nothing was changed.", group=group.name))
    role = (
        Button(say("Take leadership back"), press("groups.dismissal", group.id, whom.id))
        if is_leader
        else Button(say("Make leader"), press("groups.appoint", group.id, whom.id))
    )
    remove = () if is_leader else (Button(say("Remove"), press("groups.removal", group.id, whom.id)),)
    return card(
        *first,
        say("<b>{person}</b> · number {number} · {group}", person=whom.nickname, number=whom.id, group=group.name),
        STANDINGS["leader" if is_leader else state or ""],
        rows=((role, *remove),),
        back=press("groups.roll", group.id),
    )


STANDINGS = {"leader": say("Leader"), "in": say("Member"), "waiting": say("In the queue")}


async def removal(tx: Transaction, heard: Heard) -> Answer:
    """Ask before somebody is removed: the reason is the answer."""
    group, whom = await _both(tx, heard)
    return card(
        say("Remove <b>{person}</b> from <b>{group}</b>?", person=whom.nickname, group=group.name),
        say("They are told at once, with the reason that you tap here; the next in the queue gets the place."),
        rows=tuple((Button(text, press("groups.remove", group.id, whom.id, why)),) for why, text in REASONS.items()),
        back=press("groups.person", group.id, whom.id),
    )


async def remove(tx: Transaction, heard: Heard) -> Answer:
    """Remove somebody, for the reason that was tapped."""
    group, whom = await _both(tx, heard)
    why = heard.args[2] if len(heard.args) > 2 else ""
    if why not in REASONS:
        raise stale()
    left = await groups.remove(tx, group.id, whom, why, by=heard.me)
    return card(
        say("{person} was removed from {group} and told why.", person=whom.nickname, group=group.name),
        say("For {seconds} seconds you can take that back.", seconds=groups.UNDO_SECONDS),
        rows=((Button(say("Undo"), press("groups.restore", left.membership_id)),),),
        back=press("groups.roll", group.id),
    )


async def restore(tx: Transaction, heard: Heard) -> Answer:
    """Take a removal back."""
    group, whom = await groups.undo_removing(tx, heard.number(), by=heard.me)
    return await _person(tx, group, whom, say("The removal was taken back; {person} was told.", person=whom.nickname))


async def appoint(tx: Transaction, heard: Heard) -> Answer:
    """Make somebody a leader of the group."""
    group, whom = await _both(tx, heard)
    if whom.id != heard.me.id and not await groups.belongs(tx, group.id, whom):
        raise Refused(say("This person is not in {group}. Nothing was changed.", group=group.name))
    await groups.appoint(tx, group, whom, by=heard.me)
    return await workplace(tx, heard, group, say("{person} leads {group} now.", person=whom.nickname, group=group.name))


async def dismissal(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a leader's role is taken back or laid down: what ends with it, and who is left."""
    group, whom = await _both(tx, heard)
    others = await groups.leaders_beside(tx, group, whom, by=heard.me)
    mine = whom.id == heard.me.id
    ask = say("Lay the lead of <b>{group}</b> down?", group=group.name)
    if not mine:
        ask = say("Take the lead of <b>{group}</b> back from {person}?", group=group.name, person=whom.nickname)
    return card(
        ask,
        say("Publishing, confirming, the roll and calls end with it at once; membership and points stay."),
        say_n("{n} other leader stays.", "{n} other leaders stay.", others),
        say("Only a leader of this group or a county admin can give the role again."),
        rows=(
            (
                Button(
                    say("Yes, lay it down") if mine else say("Yes, take it back"),
                    press("groups.dismiss", group.id, whom.id),
                    style="danger",
                ),
            ),
        ),
        back=press("groups.lead", group.id) if mine else press("groups.person", group.id, whom.id),
    )


async def dismiss(tx: Transaction, heard: Heard) -> Answer:
    """Take a leader's role back, or lay down one's own."""
    group, whom = await _both(tx, heard)
    await groups.dismiss(tx, group, whom, by=heard.me)
    await ageing.ask_who_is_there(tx, whom)
    said = say("{person} does not lead {group} any more.", person=whom.nickname, group=group.name)
    if whom.id == heard.me.id and not heard.me.is_admin:
        return await card_of(tx, heard, group, said)
    return await workplace(tx, heard, group, said)


async def about(tx: Transaction, heard: Heard) -> Answer:
    """Ask for another description."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, ABOUT, {"group": group.id})


async def _described(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    group = await groups.describe(tx, answers["group"], answers["about"], by=heard.me)
    return await workplace(tx, heard, group, say("The new description is saved."))


async def capacity(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many may be in."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, CAPACITY, {"group": group.id})


async def _resized(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    group, moved = await groups.set_capacity(tx, answers["group"], answers["capacity"] or None, by=heard.me)
    said = say("The capacity is saved.")
    if moved:
        said = say_n(
            "The capacity is saved; {n} came in from the queue.",
            "The capacity is saved; {n} came in from the queue.",
            moved,
        )
    return await workplace(tx, heard, group, said)


async def new_by_name(tx: Transaction, heard: Heard) -> Answer:
    """Make an interest group: /newgroup NAME"""
    return await _new(tx, heard)


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a new group's name, description and capacity."""
    return await _new(tx, heard)


async def _new(tx: Transaction, heard: Heard) -> Card:
    if heard.words:
        return await forms.begin(tx, heard, NEW, name=groups.clean_name(heard.words))
    return await forms.begin(tx, heard, NEW)


async def _made(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    group = await groups.found(tx, answers["name"], answers["about"] or "", answers["capacity"] or None, by=heard.me)
    said = say("{group} is open for everybody. Next: who leads it?", group=group.name)
    return await workplace(tx, heard, group, said)


_ABOUT = Question(
    "about",
    say("Description"),
    say("What does the group do, where and when? At most {limit} characters.", limit=groups.ABOUT_CHARACTERS_MAX),
    lambda typed, tx: groups.clean_about(typed),
)
_CAPACITY = Question(
    "capacity",
    say("Capacity"),
    say("How many may be in? Whoever comes later waits in a queue. 0 is no limit."),
    forms.whole_number(0, groups.CAPACITY_MAX),
    show=forms.as_limit,
    choices=(("0", say("no limit")),),
)
_NAME = Question(
    "name",
    say("Name"),
    say("What is the new group called? At most {limit} characters.", limit=groups.NAME_CHARACTERS_MAX),
    lambda typed, tx: groups.clean_name(typed),
)
ABOUT = Form("groups.about", say("Description"), (_ABOUT,), _described, say("Save"))
CAPACITY = Form("groups.capacity", say("Capacity"), (_CAPACITY,), _resized, say("Save"))
NEW = Form(
    "groups.new",
    say("New group"),
    (_NAME, replace(_ABOUT, optional=True), _CAPACITY),
    _made,
    say("Make the group"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (ABOUT, CAPACITY, NEW)
ROUTES = [
    command("newgroup", new_by_name, Who.ADMIN, also=("新建小组",)),
    on_press("groups.lead", lead),
    on_press("groups.roll", roll),
    on_press("groups.queue", queue),
    on_press("groups.person", person),
    on_press("groups.removal", removal),
    on_press("groups.remove", remove),
    on_press("groups.restore", restore),
    on_press("groups.appoint", appoint),
    on_press("groups.dismissal", dismissal),
    on_press("groups.dismiss", dismiss),
    on_press("groups.about", about),
    on_press("groups.capacity", capacity),
    on_press("groups.new", new, Who.ADMIN),
]
