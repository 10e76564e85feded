"""Joining and leaving: by button, by command, and back again within a minute."""

from bot.cards import Button, Card, Toast, card, press
from bot.domain import groups
from bot.domain.groups import Joined
from bot.handlers.groups.browsing import card_of, group_rows, in_none, listing
from bot.locales import Said, say
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction


async def join_by_name(tx: Transaction, heard: Heard) -> Answer:
    """Join a group: /join NAME or /join NUMBER"""
    if not heard.words:
        return await listing(tx, heard)
    return await _join(tx, heard, (await groups.matching(tx, heard.words, "groups.join")).id)


async def join(tx: Transaction, heard: Heard) -> Answer:
    """Join the group of the button."""
    return await _join(tx, heard, heard.number())


async def _join(tx: Transaction, heard: Heard, group_id: int) -> Answer:
    return await _shown(tx, heard, await groups.join(tx, group_id, by=heard.me))


async def _shown(tx: Transaction, heard: Heard, joined: Joined) -> Card | Toast:
    """What became of a wish to join: a word at the press, and in private the group's card under it."""
    said = _outcome(joined)
    if heard.press_id and not heard.chat.private:
        return Toast(said, alert=True)
    screen = await card_of(tx, heard, joined.group, said)
    return screen.with_toast(said) if heard.press_id else screen


def _outcome(joined: Joined) -> Said:
    group = joined.group.name
    if joined.place and joined.is_new:
        return say(
            "{group} is full: you are number {place} in the queue now. I tell you as soon as you are in.",
            group=group,
            place=joined.place,
        )
    if joined.place:
        return say("You wait for {group} already, as number {place}.", group=group, place=joined.place)
    if joined.is_new:
        return say("Welcome! You are a member of {group} now.", group=group)
    return say("You are a member of {group} already.", group=group)


async def leave_by_name(tx: Transaction, heard: Heard) -> Answer:
    """Leave a group or its queue: /leave NAME or /leave NUMBER"""
    if not heard.words:
        return await which_to_leave(tx, heard)
    return await _leave(tx, heard, (await groups.matching(tx, heard.words, "groups.leave")).id)


async def which_to_leave(tx: Transaction, heard: Heard) -> Answer:
    """The groups in which I am or wait: a tap leaves."""
    shown = await groups.to_leave(tx, heard.me, heard.page())
    if not shown.total:
        return in_none()
    return card(
        say("<b>Which group do you want to leave?</b> {place}", place=shown.place()),
        say("One tap leaves it; for {seconds} seconds you can take that back.", seconds=groups.UNDO_SECONDS),
        rows=(*await group_rows(tx, heard, shown, "groups.leave"), *shown.turner("groups.leaving")),
        back="groups.mine",
    )


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Leave the group of the button."""
    return await _leave(tx, heard, heard.number())


async def _leave(tx: Transaction, heard: Heard, group_id: int) -> Answer:
    left = await groups.leave(tx, group_id, by=heard.me)
    said = (
        say("You have left {group}.", group=left.group.name)
        if left.was_in
        else say("You have left the queue of {group}.", group=left.group.name)
    )
    return card(
        said,
        say("For {seconds} seconds you can take that back.", seconds=groups.UNDO_SECONDS),
        rows=(
            (Button(say("Undo"), press("groups.unleave", left.membership_id)),),
            (Button(say("Open the group"), press("groups.open", group_id)),),
        ),
        back="groups.mine",
        toast=said,
    )


async def undo_leaving(tx: Transaction, heard: Heard) -> Answer:
    """Take the leaving back."""
    joined = await groups.undo_leaving(tx, heard.number(), by=heard.me)
    said = say("You are back in {group}, as if nothing had happened.", group=joined.group.name)
    if joined.place:
        said = say(
            "You are back in the queue of {group}, as number {place}.", group=joined.group.name, place=joined.place
        )
    return await card_of(tx, heard, joined.group, said)


ROUTES = [
    command("join", join_by_name, also=("加入", "加入小组", "我要加入", "我想加入"), runs_on=True),
    command("leave", leave_by_name, also=("退出", "退出小组"), runs_on=True, takes_away=True),
    on_press("groups.join", join),
    on_press("groups.leave", leave),
    on_press("groups.leaving", which_to_leave),
    on_press("groups.unleave", undo_leaving),
]
