"""What stands where: all posts, my duties, one duty, one post."""

from bot.cards import Button, Card, Page, card, page_in, press
from bot.domain import groups, rotas
from bot.domain.rotas import UNDO_SECONDS, Duty, Post, Seat, Swap
from bot.locales import BLANK, Moment, Said, Span, say, say_n
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

SOON_MAX = 3
WEEK_SECONDS = 7 * 24 * 3600


async def rota(tx: Transaction, heard: Heard) -> Answer:
    """My duties, the duty posts of my groups, and when I am away"""
    return await home(tx, heard)


async def home(tx: Transaction, heard: Heard) -> Card:
    """What I serve next, and the posts."""
    page = await rotas.posts_for(tx, heard.me, heard.page())
    mine = await rotas.ahead_of(tx, heard.me, 0, each=SOON_MAX)
    new = (Button(say("＋ New duty post"), "rotas.new"),) if heard.me.leads or heard.me.is_admin else ()
    return card(
        say("<b>Duties</b>"),
        *(line(seat) for seat in mine.items),
        *(() if mine.items else (say("You have no duty ahead."),)),
        BLANK,
        say("<b>Duty posts</b>"),
        *(() if page.items else (say("There are none yet in your groups. Leaders make them."),)),
        rows=(
            *((Button(say("{post}", post=post.name), press("rotas.post", post.id)),) for post in page.items),
            *page.turner("rotas.home"),
            (Button(say("My duties"), "rotas.mine"), Button(say("When I am away"), "rotas.away"), *new),
        ),
    )


def line(seat: Seat) -> Said:
    """One duty on one line."""
    mark = "🔎 " if seat.duty.seeking_at else ""
    when = Span(seat.shift.starts_at, seat.shift.ends_at)
    return say("{mark}<b>{post}</b> · {when}", mark=mark, post=seat.post.name, when=when)


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """The duties that I still have to serve."""
    page = await rotas.ahead_of(tx, heard.me, heard.page())
    calendar = (Button(say("Calendar"), "rotas.calendar"),) if page.items else ()
    return card(
        say("<b>My duties</b>"),
        *(line(seat) for seat in page.items),
        *((page.place(),) if page.items else (say("You have no duty ahead."),)),
        rows=(*_buttons(page), *page.turner("rotas.mine"), (*calendar, Button(say("Past duties"), "rotas.past"))),
        back="rotas.home",
    )


def _buttons(page: Page) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(say("{moment}", moment=Moment(seat.shift.starts_at)), press("rotas.duty", seat.duty.id)),)
        for seat in page.items
    )


async def past(tx: Transaction, heard: Heard) -> Answer:
    """The duties of mine that are over."""
    page = await rotas.past_of(tx, heard.me, heard.page())
    return card(
        say("<b>Past duties</b>"),
        *(say("{mark} {line}", mark=_outcome(seat.duty), line=line(seat)) for seat in page.items),
        *(() if page.items else (say("Nothing yet. Duties that you have served will stand here."),)),
        rows=(*_buttons(page), *page.turner("rotas.past")),
        back="rotas.mine",
    )


def _outcome(duty: Duty) -> str:
    return {None: "⌛", 0: "❌", 1: "✅"}[duty.came]


# One duty


async def duty(tx: Transaction, heard: Heard) -> Answer:
    """One duty of mine."""
    return await duty_card(tx, heard, heard.number())


async def duty_card(tx: Transaction, heard: Heard, duty_id: int, *undo: Button) -> Card:
    """The card of a duty of one's own, with what can be done about it."""
    seat = await rotas.my_seat(tx, duty_id, heard.me)
    others = [each.nickname for each in await rotas.duties_on(tx, seat.shift.id) if each.id != duty_id]
    note = await rotas.note_before(tx, seat.shift)
    swaps = await rotas.offers_of(tx, duty_id) if seat.shift.starts_at > tx.now else []
    return card(
        *rotas.what(seat.post, seat.shift),
        say("👥 With {names}", names=" · ".join(others)) if others else say("👥 Alone"),
        *await _why(tx, seat),
        *((BLANK, rotas.handed_over(note)) if note else ()),
        *((BLANK, say("🔎 I am looking for somebody. Until then it stays yours.")) if seat.duty.seeking_at else ()),
        *((say("📝 Your note: {note}", note=seat.duty.note),) if seat.duty.note else ()),
        rows=tuple(row for row in (undo, *_deeds(seat, tx.now), *_swap_rows(swaps)) if row),
        back="rotas.mine",
    )


async def _why(tx: Transaction, seat: Seat) -> tuple[Said, ...]:
    """Why it is his: what the draw went by, or how it came to him."""
    if seat.duty.how != "drawn":
        words = {
            "taken": say("⚖️ You took an empty place."),
            "stood": say("⚖️ You took it over."),
            "swapped": say("⚖️ You swapped for it."),
        }
        return (words[seat.duty.how],)
    share = await rotas.share_of(tx, seat.duty)
    if share is None:
        return ()
    last = share["last_at"]
    weeks = max(1, (seat.shift.starts_at - last) // WEEK_SECONDS) if last else 0
    since = (
        say_n("last served {n} week before", "last served {n} weeks before", weeks)
        if last
        else say("not served here yet")
    )
    many = (
        say_n("{n} duty, as everybody", "{n} duties, as everybody", share["duties"])
        if share["fewest"] == share["most"]
        else say_n(
            "{n} duty of {fewest} to {most} each",
            "{n} duties of {fewest} to {most} each",
            share["duties"],
            fewest=share["fewest"],
            most=share["most"],
        )
    )
    return (say("⚖️ Why you: {since}; {many}.", since=since, many=many),)


def _deeds(seat: Seat, now: int) -> tuple[tuple[Button, ...], ...]:
    number = seat.duty.id
    note = Button(say("Leave a note"), press("rotas.note", number))
    if seat.shift.starts_at <= now:
        return ((note,),) if rotas.may_note(seat, now) else ()
    seek = (
        Button(say("Stop looking"), press("rotas.stop", number))
        if seat.duty.seeking_at
        else Button(say("🔎 Find somebody for me"), press("rotas.seek", number))
    )
    return (
        (seek,),
        (
            Button(say("⇄ Swap"), press("rotas.swap", number)),
            Button(say("I can't come"), press("rotas.giveup", number)),
        ),
        (Button(say("The rota"), press("rotas.plan", seat.post.id)),),
    )


def _swap_rows(swaps: list[Swap]) -> tuple[tuple[Button, ...], ...]:
    """Offers that are open: mine can be withdrawn, others' answered."""
    buttons = [Button(say("Swap offer {n}", n=swap.id), press("rotas.offer", swap.id)) for swap in swaps]
    return tuple(tuple(buttons[place : place + 3]) for place in range(0, len(buttons), 3))


# One post


async def post(tx: Transaction, heard: Heard) -> Answer:
    """One duty post."""
    return await post_card(tx, heard, await rotas.post_of(tx, heard.number()))


async def post_card(tx: Transaction, heard: Heard, post: Post, *first: Said) -> Card:
    """The card of a post as whoever asks sees it."""
    if not post.is_open:
        return card(*first, say("The duty post <b>{post}</b> was closed.", post=post.name), back="rotas.home")
    group = await groups.by_id(tx, post.group_id)
    slots = await rotas.slots_of(tx, post.id)
    mine = await rotas.weekdays_of(tx, post, heard.me)
    return card(
        *((*first, BLANK) if first else ()),
        say("<b>{post}</b> · number {number}", post=post.name, number=post.id),
        say("📍 {place}", place=post.place),
        say("{group}: all members serve, {n} just now.", group=group.name, n=await rotas.serving_number(tx, post))
        if post.everybody
        else say(
            "{group}: whoever likes serves, {n} just now.", group=group.name, n=await rotas.serving_number(tx, post)
        ),
        BLANK,
        *(say_n("• {slot}, {n} person", "• {slot}, {n} people", slot.people, slot=slot.words) for slot in slots),
        *(() if slots else (say("No weekly times yet."),)),
        *await _gap_line(tx, post),
        *((say("You serve here: {days}.", days=days_words(mine)),) if mine else ()),
        rows=await _post_rows(tx, heard, post, mine),
        back="rotas.home",
    )


async def _gap_line(tx: Transaction, post: Post) -> tuple[Said, ...]:
    missing = await rotas.missing_ahead(tx, post, within=2 * WEEK_SECONDS)
    if not missing:
        return ()
    return (say_n("⚠️ {n} place is empty in two weeks.", "⚠️ {n} places are empty in two weeks.", missing),)


def days_words(weekdays: int) -> Said:
    """The weekdays in words, side by side."""
    if weekdays == rotas.EVERY_DAY:
        return say("every day")
    found = [name for day, name in enumerate(rotas.WEEKDAYS) if weekdays & rotas.bit(day)]
    joined = found[0]
    for name in found[1:]:
        joined = say("{first} {second}", first=joined, second=name)
    return joined


async def _post_rows(tx: Transaction, heard: Heard, post: Post, mine: int) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if await rotas.may_look(tx, post, heard.me):
        rows.append((Button(say("The rota"), press("rotas.plan", post.id)),))
    label = say("When I can serve") if mine else say("✋ I serve here")
    if not post.everybody or await groups.is_member(tx, post.group_id, heard.me):
        rows.append((Button(label, press("rotas.serve", post.id)),))
    if await rotas.leads(tx, post, heard.me):
        rows += [
            (
                Button(say("Draw"), press("rotas.draw", post.id)),
                Button(say("Weekly times"), press("rotas.slots", post.id)),
            ),
            (
                Button(say("Limits"), press("rotas.limits", post.id)),
                Button(say("Close the duty post"), press("rotas.closing", post.id)),
            ),
        ]
    return (*rows, (Button(say("Open the group"), press("groups.open", post.group_id)),))


def undo_button(name: str, number: int) -> Button:
    return Button(say("Undo ({n} s)", n=UNDO_SECONDS), press(name, number))


async def of_group(tx: Transaction, heard: Heard) -> Answer:
    """The duty posts of one group."""
    group = await groups.by_id(tx, heard.number())
    number = heard.page(1)
    page = page_in(await rotas.posts_of_group(tx, group.id), number)
    return card(
        say("<b>{group}</b>: duty posts", group=group.name),
        *(() if page.items else (say("There are none yet. Its leaders make them."),)),
        rows=(
            *((Button(say("{post}", post=post.name), press("rotas.post", post.id)),) for post in page.items),
            *page.turner("rotas.group", group.id),
            *(
                ((Button(say("＋ New duty post"), press("rotas.newfor", group.id)),),)
                if heard.me.is_admin or await groups.leads(tx, group.id, heard.me)
                else ()
            ),
        ),
        back=press("groups.open", group.id),
    )


ROUTES = [
    command("rota", rota, also=("轮值", "轮值表", "值班", "值班表", "我的值班", "服务岗")),
    on_press("rotas.home", home),
    on_press("rotas.mine", mine, link=True),
    on_press("rotas.past", past),
    on_press("rotas.duty", duty),
    on_press("rotas.post", post, link=True),
    on_press("rotas.group", of_group),
]
