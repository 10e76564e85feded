"""Closing a group: asked with exact numbers, and taken back within a minute."""

from bot.cards import Button, card, press
from bot.domain import activities, groups, partners, points, projects, rotas, services
from bot.domain.activities import Left
from bot.forms import Form
from bot.handlers.groups.leading import workplace
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def closing(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a group is closed, with exact numbers."""
    group = await groups.admin_of(tx, heard.number(), heard.me)
    waiting, leaders = await groups.waiting(tx, group.id), len(await groups.leaders_of(tx, group.id))
    left, concerned = await activities.left_by(tx, group.id), group.members + waiting
    posts = len(await rotas.posts_of_group(tx, group.id))
    shared = len(await partners.ahead_of(tx, group.id))
    return card(
        say("Close <b>{group}</b>?", group=group.name),
        say(
            "It concerns members: {members}, waiting: {waiting}, leaders: {leaders}. "
            "They are told a minute later; until then you can take it back.",
            members=group.members,
            waiting=waiting,
            leaders=leaders,
        ),
        *_left_lines(left),
        *((say_n("{n} duty post is closed.", "{n} duty posts are closed.", posts),) if posts else ()),
        *_shared_line(shared),
        *_asked_line(await services.waiting_at(tx, group.id)),
        *_budget_line(await points.budget(tx, group.id)),
        say("Points and past activities stay. The Telegram group, if any, stays but is let go."),
        rows=((Button(say("Close it"), press("groups.close", group.id, concerned, left.ahead), style="danger"),),),
        back=press("groups.lead", group.id),
    )


def _budget_line(left: int) -> tuple[Said, ...]:
    words = say_n(
        "{n} point that it has left to reward with goes back to the county.",
        "{n} points that it has left to reward with go back to the county.",
        left,
    )
    return (words,) if left else ()


def _shared_line(shared: int) -> tuple[Said, ...]:
    words = say_n(
        "{n} activity of others is shared with it: its unused places there go back to everybody.",
        "{n} activities of others are shared with it: its unused places there go back to everybody.",
        shared,
    )
    return (words,) if shared else ()


def _asked_line(waiting: int) -> tuple[Said, ...]:
    words = say_n(
        "{n} request for help waits there: whoever asked reads that somebody else has to be asked.",
        "{n} requests for help wait there: whoever asked reads that somebody else has to be asked.",
        waiting,
    )
    return (words,) if waiting else ()


def _left_lines(left: Left) -> tuple[Said, ...]:
    """How many activities it has, and what becomes of them."""
    lines = []
    if left.ahead:
        lines.append(
            say_n(
                "{n} activity is still ahead. It is called off, and {people} in it or waiting are told a minute later.",
                "{n} activities are still ahead. They are called off, and {people} in them or waiting are told a minute later.",
                left.ahead,
                people=say_n("{n} person", "{n} people", left.people),
            )
        )
    if left.unconfirmed:
        lines.append(
            say_n(
                "Of {n} activity nobody has said yet who came: county admins have to do that then.",
                "Of {n} activities nobody has said yet who came: county admins have to do that then.",
                left.unconfirmed,
            )
        )
    return tuple(lines)


async def close(tx: Transaction, heard: Heard) -> Answer:
    """Close the group whose numbers were shown, and call off what it had planned."""
    if (await activities.left_by(tx, heard.number())).ahead != heard.number(2):
        raise Refused(
            say("The number of activities has changed meanwhile. Nothing was closed; please look again."),
            WayOut(say("Close the group"), press("groups.closing", heard.number())),
        )
    called_off = await activities.call_off_all(tx, heard.number(), by=heard.me)
    for activity in called_off:
        await projects.look_again(tx, activity.id)
    group = await groups.close(tx, heard.number(), concerned=heard.number(1), by=heard.me)
    await rotas.close_all(tx, group.id, by=heard.me)
    await points.plan_return(tx, group.id)
    await partners.plan_closing(tx, group.id)
    await services.plan_closing(tx, group.id)
    return card(
        say("<b>{group}</b> is closed.", group=group.name),
        *(
            (say_n("{n} activity is called off.", "{n} activities are called off.", len(called_off)),)
            if called_off
            else ()
        ),
        say("For {seconds} seconds you can take that back.", seconds=groups.UNDO_SECONDS),
        rows=((Button(say("Undo"), press("groups.reopen", group.id)),),),
        back="groups.list",
    )


async def reopen(tx: Transaction, heard: Heard) -> Answer:
    """Take the closing back; what was called off with it takes place after all."""
    group = await groups.reopen(tx, heard.number(), by=heard.me)
    for activity in await activities.revive_all(tx, group.id, by=heard.me):
        await projects.look_again(tx, activity.id)
    await rotas.reopen_all(tx, group.id, by=heard.me)
    return await workplace(tx, heard, group, say("{group} is open again; nobody was told anything.", group=group.name))


FORMS: tuple[Form, ...] = ()
ROUTES = [
    on_press("groups.closing", closing, Who.ADMIN),
    on_press("groups.close", close, Who.ADMIN),
    on_press("groups.reopen", reopen, Who.ADMIN),
]
