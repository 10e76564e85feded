"""Signing up and withdrawing: each tap is answered at once, in its own words."""

import re

from bot.cards import Button, Card, Toast, card, page_in, press
from bot.domain import activities, groups
from bot.domain.activities import DRAWN, PLAIN, UNDO_SECONDS, Activity, Mine, View, Wish
from bot.handlers.activities.showing import screen, yours
from bot.locales import Moment, Said, Span, say
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

TITLE_ON_BUTTON_MAX = 18
# 12, #12, 12号, 第12号, １２, no. 12
_NUMBER = re.compile(r"\s*(?:第|no\.?|number)?\s*[#＃]?\s*(\d{1,18})\s*号?\s*", re.IGNORECASE)


async def join(tx: Transaction, heard: Heard) -> Answer:
    """Sign up, or stand in the queue; where there are roles, as one of them."""
    return await _sign_up(tx, heard, heard.number(), _wish(heard))


async def sure(tx: Transaction, heard: Heard) -> Answer:
    """Sign up, though the way from something else is tight."""
    return await _sign_up(tx, heard, heard.number(), _wish(heard, sure=True))


def _wish(heard: Heard, *, sure: bool = False) -> Wish:
    return Wish(role_id=heard.number(1) if len(heard.args) > 1 else None, sure=sure)


async def join_by_number(tx: Transaction, heard: Heard) -> Answer:
    """Sign up by number or title: /signup 12"""
    found = await meant(tx, heard, "/signup 12", mine=False)
    return found if isinstance(found, Card) else await _sign_up(tx, heard, found)


async def here(tx: Transaction, heard: Heard) -> Answer:
    """The button under a card in a group: it signs up on the spot; by a deep link it shows the card."""
    if heard.chat.private:
        return screen(await activities.view(tx, heard.number(), heard.me), heard, tx.now)
    return Toast(_joined(await _view(tx, heard, heard.number(), _wish(heard))))


async def _sign_up(tx: Transaction, heard: Heard, number: int, wish: Wish = PLAIN) -> Card:
    view = await _view(tx, heard, number, wish)
    return screen(view, heard, tx.now).with_toast(_joined(view))


async def _view(tx: Transaction, heard: Heard, number: int, wish: Wish) -> View:
    """The activity with the place in it that was just taken."""
    return await activities.sign_up(tx, number, by=heard.me, rules=heard.house.settings, wish=wish)


def _joined(view: View) -> Said:
    activity = view.activity
    if view.mine and view.mine.is_applied:
        return _applied(view.activity, view.mine)
    if view.mine and view.mine.queue:
        return say(
            "It is full. You are number {n} on the waiting list; I tell you when a place is yours.", n=view.mine.queue
        )
    return say("You are signed up: {moment}, {place}.", moment=Moment(activity.starts_at), place=activity.place)


def _applied(activity: Activity, mine: Mine) -> Said:
    """What becomes of a wish for a place that is given later."""
    if activity.closes_at is not None and activity.mode in DRAWN:
        return say(
            "You have applied, with number {n}. It is drawn {moment}; I tell you then.",
            n=mine.id,
            moment=Moment(activity.closes_at),
        )
    return say("You have applied. Its leaders decide who comes; I tell you what they say.")


async def wake(tx: Transaction, heard: Heard) -> Answer:
    """Hear of it when signing up opens."""
    activity = await activities.wake(tx, heard.number(), by=heard.me)
    assert activity.opens_at is not None, "what opens has an hour"
    shown = screen(await activities.view(tx, activity.id, heard.me), heard, tx.now)
    return shown.with_toast(say("I tell you {moment}.", moment=Moment(activity.opens_at)))


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw; less than a day before the start, ask first."""
    return await _leave(tx, heard, heard.number())


async def leave_by_number(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw by number or title: /withdraw 12"""
    found = await meant(tx, heard, "/withdraw 12", mine=True)
    return found if isinstance(found, Card) else await _leave(tx, heard, found)


async def _leave(tx: Transaction, heard: Heard, number: int) -> Answer:
    view = await activities.view(tx, number, heard.me)
    if view.mine and view.mine.is_offered:
        return await _decline(tx, heard, number)
    late = view.activity.is_late_to_leave(tx.now) and view.activity.takes_sign_ups(tx.now)
    if view.mine and view.mine.is_in and late:
        return _ask(view)
    return await _withdraw(tx, heard, number)


def _ask(view: View) -> Card:
    activity = view.activity
    return card(
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say(
            "It begins in less than {n} hours. You can still withdraw, but then I tell the leader.",
            n=activities.FREE_TO_LEAVE_HOURS,
        ),
        rows=((Button(say("Withdraw all the same"), press("activities.leave.late", activity.id), style="danger"),),),
        back=press("activities.open", activity.id),
    )


async def leave_late(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw, knowing that the leader is told."""
    return await _withdraw(tx, heard, heard.number())


async def _withdraw(tx: Transaction, heard: Heard, number: int) -> Card:
    left = await activities.withdraw(tx, number, by=heard.me)
    undo = Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("activities.back", number))
    shown = screen(await activities.view(tx, number, heard.me), heard, tx.now, undo=undo)
    if left.late:
        return shown.with_toast(say("You have withdrawn, and the leader is told."))
    if left.had_applied:
        return shown.with_toast(say("You have taken your application back."))
    if not left.was_in:
        return shown.with_toast(say("You have left the waiting list."))
    if left.activity.waiting:
        words = say("You have withdrawn. In {n} seconds the place is offered to the next who waits.", n=UNDO_SECONDS)
        return shown.with_toast(words)
    return shown.with_toast(say("You have withdrawn; the place is free for others."))


async def absent(tx: Transaction, heard: Heard) -> Answer:
    """Tell the leaders that I don't come, once it has begun."""
    activity = await activities.say_absent(tx, heard.number(), by=heard.me)
    return card(
        say("Whoever leads “{title}” knows now that you don't come.", title=activity.title),
        say("Who is marked as excused has not missed it; you can give a reason afterwards, too."),
        back=press("activities.open", activity.id),
    )


async def another_role(tx: Transaction, heard: Heard) -> Answer:
    """Whoever waits for a place may wait, or come, as something else: what it costs, and the other roles."""
    view = await activities.view(tx, heard.number(), heard.me)
    if not view.mine or not view.mine.queue:
        return screen(view, heard, tx.now)
    return card(
        say("<b>{title}</b>", title=view.activity.title),
        say(
            "You are number {n} on the waiting list. As what else would you come? You give up that number.",
            n=view.mine.queue,
        ),
        rows=_roles_page(view, heard.page(1), "activities.switch", "activities.role", but=view.mine.role or ""),
        back=press("activities.open", view.activity.id),
    )


async def as_what(tx: Transaction, heard: Heard) -> Answer:
    """Choose as what to come, where there are more roles than a card has room for."""
    view = await activities.view(tx, heard.number(), heard.me)
    if view.mine or not view.activity.takes_sign_ups(tx.now):
        return screen(view, heard, tx.now)
    return card(
        say("<b>{title}</b>", title=view.activity.title),
        say("As what would you like to come?"),
        rows=_roles_page(view, heard.page(1), "activities.join", "activities.as"),
        back=press("activities.open", view.activity.id),
    )


def _roles_page(
    view: View, number: int, leads: str, turns: str, *, but: str | None = None
) -> tuple[tuple[Button, ...], ...]:
    """A page of the roles in which somebody could come, each with what it `leads` to."""
    roles = [each for each in view.roles_for_me if each.name != but]
    page = page_in(roles, number)
    rows = (
        (Button(say("{role} ({free} free)", role=each.label, free=each.free), press(leads, view.activity.id, each.id)),)
        for each in page.items
    )
    return (*rows, *page.turner(turns, view.activity.id))


async def switch(tx: Transaction, heard: Heard) -> Answer:
    """Leave one queue for another role; where that is refused, nothing was left."""
    number = heard.number()
    view = await activities.view(tx, number, heard.me)
    if not view.mine or not view.mine.queue:
        return screen(view, heard, tx.now)
    await activities.withdraw(tx, number, by=heard.me)
    return await _sign_up(tx, heard, number, Wish(role_id=heard.number(1), sure=True))


async def back(tx: Transaction, heard: Heard) -> Answer:
    """Take a withdrawal back."""
    view = await activities.undo_withdrawal(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    return screen(view, heard, tx.now).with_toast(_joined(view))


async def accept(tx: Transaction, heard: Heard) -> Answer:
    """Take the place that was offered."""
    activity = await activities.accept(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    shown = screen(await activities.view(tx, activity.id, heard.me), heard, tx.now)
    return shown.with_toast(await yours(tx, activity, heard.me))


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """Let the place that was offered go to the next."""
    return await _decline(tx, heard, heard.number())


async def _decline(tx: Transaction, heard: Heard, number: int) -> Card:
    await activities.decline(tx, number, by=heard.me)
    shown = screen(await activities.view(tx, number, heard.me), heard, tx.now)
    return shown.with_toast(say("Thank you for saying so: others can have the place."))


async def meant(tx: Transaction, heard: Heard, example: str, *, mine: bool) -> int | Card:
    """The number of the activity that was typed, by number or whole title; else a card to choose from."""
    number = _NUMBER.fullmatch(heard.words)
    if number:
        return int(number[1])
    word = groups.clean_query(heard.words)
    near = await activities.titled(tx, word, heard.me, mine=mine)
    if mine and not near:
        # One that he is not in is refused as such, not as one that there is not.
        just = _just(word, await activities.titled(tx, word, heard.me, mine=False))
    else:
        just = _just(word, near)
    if len(just) == 1:
        return just[0].activity.id
    return _choice(
        near or await activities.titled(tx, "", heard.me, mine=mine), word if not near else "", example, mine=mine
    )


def _just(word: str, views: list[View]) -> list[View]:
    return [view for view in views if view.activity.title.casefold() == word.casefold()]


def _none(mine: bool) -> Said:
    if mine:
        return say("You have not signed up for anything that is still ahead. Nothing was changed.")
    return say("There is nothing ahead to choose from. Nothing was changed.")


def _choice(near: list[View], unknown: str, example: str, *, mine: bool) -> Card:
    return card(
        *((say("Nothing ahead is called “{word}”.", word=unknown),) if unknown else ()),
        say("Which one? Tap it, or send its number, such as {example}. Nothing was changed.", example=example)
        if near
        else _none(mine),
        rows=(
            *((Button(_label(view), press("activities.open", view.activity.id)),) for view in near),
            (
                Button(say("Volunteer tasks"), "activities.list:task"),
                Button(say("Events"), "activities.list:event"),
                Button(say("My sign-ups"), "activities.mine"),
            ),
        ),
    )


def _label(view: View) -> Said:
    title = view.activity.title
    short = title if len(title) <= TITLE_ON_BUTTON_MAX else title[: TITLE_ON_BUTTON_MAX - 1] + "…"
    return say("{title} · {moment}", title=short, moment=Moment(view.activity.starts_at))


ROUTES = [
    command("signup", join_by_number, also=("报名", "我要报名", "我想报名", "sign up"), runs_on=True),
    command("withdraw", leave_by_number, also=("取消报名", "退出报名"), runs_on=True, takes_away=True),
    on_press("activities.join", join),
    on_press("activities.sure", sure),
    on_press("activities.wake", wake),
    on_press("activities.here", here, link=True),
    on_press("activities.leave", leave),
    on_press("activities.leave.late", leave_late),
    on_press("activities.absent", absent),
    on_press("activities.role", another_role),
    on_press("activities.as", as_what),
    on_press("activities.switch", switch),
    on_press("activities.back", back),
    on_press("activities.accept", accept),
    on_press("activities.decline", decline),
]
