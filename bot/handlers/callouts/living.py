"""Where I live, and the team of my area."""

from bot.cards import Button, Onward, press
from bot.domain import callouts, groups
from bot.domain.callouts import Area
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
GROUPS_SHOWN = 3


async def lines(tx: Transaction, area: Area) -> tuple[Said, ...]:
    """The teams of an area."""
    return tuple(say("🏘 Its team: {group}", group=each.name) for each in await callouts.teams_of(tx, area.id))


async def rows(tx: Transaction, heard: Heard, area: Area) -> tuple[tuple[Button, ...], ...]:
    """To its teams, to live there, and for leaders: to be its team."""
    teams = await callouts.teams_of(tx, area.id)
    home = await callouts.home_area(tx, heard.me)
    lives = (
        Button(say("I don't live here any more"), press("callouts.away", area.id))
        if home and home.id == area.id
        else Button(say("🏠 I live here"), press("callouts.live", area.id))
    )
    bound = {each.id for each in teams}
    led = (await groups.led_groups(tx, heard.me))[:GROUPS_SHOWN] if heard.me.leads else []
    return (
        *((Button(say("🏘 {group}", group=each.name), press("groups.open", each.id)),) for each in teams),
        (lives,),
        *(
            (Button(say("{group}: not its team", group=each.name), press("callouts.noteam", area.id, each.id)),)
            if each.id in bound
            else (Button(say("{group} is its team", group=each.name), press("callouts.team", area.id, each.id)),)
            for each in led
        ),
    )


async def live(tx: Transaction, heard: Heard) -> Answer:
    """Live there."""
    area = await callouts.live_in(tx, heard.number(), by=heard.me)
    return Onward(
        press("callouts.area", area.id), toast=say("Noted. “Interest groups” shows the team of your area first.")
    )


async def away(tx: Transaction, heard: Heard) -> Answer:
    """Not live there any more."""
    return Onward(press("callouts.area", (await callouts.move_away(tx, heard.number(), by=heard.me)).id))


async def team(tx: Transaction, heard: Heard) -> Answer:
    """Be the team of an area."""
    area = await callouts.bind_team(tx, heard.number(), heard.number(1), by=heard.me)
    return Onward(press("callouts.area", area.id))


async def no_team(tx: Transaction, heard: Heard) -> Answer:
    """Not be its team any more."""
    area = await callouts.unbind_team(tx, heard.number(), heard.number(1), by=heard.me)
    return Onward(press("callouts.area", area.id))


ROUTES = [
    on_press("callouts.live", live),
    on_press("callouts.away", away),
    on_press("callouts.team", team, LEADERS),
    on_press("callouts.noteam", no_team, LEADERS),
]
