"""Asking somebody of one's groups to join a brigade: the group, its people in pages, a tap."""

from bot.cards import Button, card, press
from bot.domain import callouts, groups, people
from bot.handlers.callouts.brigades import screen
from bot.locales import say
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def in_groups(tx: Transaction, heard: Heard) -> Answer:
    """My groups, to tap somebody of one of them."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    shown = await groups.mine(tx, heard.me, heard.page(1))
    rows = (
        (Button(say("{group}", group=each.name), press("callouts.askin", brigade.id, each.id)),) for each in shown.items
    )
    return card(
        say("<b>{brigade}</b>: ask somebody of which group?", brigade=brigade.name)
        if shown.total
        else say("You are in no group yet: type the name instead."),
        rows=(*rows, *shown.turner("callouts.asking", brigade.id)),
        back=press("callouts.members", brigade.id),
    )


async def in_group(tx: Transaction, heard: Heard) -> Answer:
    """Those who are in one of my groups."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    group = await groups.by_id(tx, heard.number(1))
    shown = await groups.fellows(tx, group.id, heard.me, heard.page(2))
    rows = (
        (Button(say("{person}", person=each.nickname), press("callouts.asks", brigade.id, each.person_id)),)
        for each in shown.items
    )
    return card(
        say("<b>{brigade}</b>: whom of {group} shall I ask? A tap asks.", brigade=brigade.name, group=group.name),
        rows=(*rows, *shown.turner("callouts.askin", brigade.id, group.id)),
        back=press("callouts.asking", brigade.id),
    )


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask this one."""
    person = await people.by_id(tx, heard.number(1))
    brigade = await callouts.invite(tx, heard.number(), person, by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Asked; whoever accepts is in."))


ROUTES = [
    on_press("callouts.asking", in_groups),
    on_press("callouts.askin", in_group),
    on_press("callouts.asks", ask),
]
