"""Where I live, and the team of my area."""

from bot.cards import Button, Onward, card, page_in, press
from bot.domain import callouts, groups
from bot.domain.callouts import Area, Brigade
from bot.domain.groups import Group
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
# Of its teams so many can be opened: the area's card keeps to its eight rows.
TEAMS_SHOWN = 3


async def lines(tx: Transaction, area: Area) -> tuple[Said, ...]:
    """The teams of an area."""
    return tuple(say("🏘 Its team: {group}", group=each.name) for each in await callouts.teams_of(tx, area.id))


async def rows(tx: Transaction, heard: Heard, area: Area) -> tuple[tuple[Button, ...], ...]:
    """To its teams, and for whoever leads something: what that is to the area."""
    teams = (await callouts.teams_of(tx, area.id))[:TEAMS_SHOWN]
    leads = heard.me.leads or await callouts.led(tx, heard.me)
    return (
        *((Button(say("🏘 {group}", group=each.name), press("groups.open", each.id)),) for each in teams),
        (Button(say("What I lead"), press("callouts.leading", area.id)),) if leads else (),
    )


async def home(tx: Transaction, heard: Heard, area: Area) -> Button:
    """To live there, or no more."""
    lived_in = await callouts.home_area(tx, heard.me)
    if lived_in and lived_in.id == area.id:
        return Button(say("I don't live here any more"), press("callouts.away", area.id))
    return Button(say("🏠 I live here"), press("callouts.live", area.id))


async def leading(tx: Transaction, heard: Heard) -> Answer:
    """For leaders: their brigades are there this week, their groups are the area's teams."""
    area, number = await callouts.area(tx, heard.number()), heard.page(1)
    bound = {each.id for each in await callouts.teams_of(tx, area.id)}
    led = [*await callouts.led(tx, heard.me), *await groups.led_groups(tx, heard.me)]
    page = page_in(led, number)
    buttons = [
        await _checking(tx, area, each) if isinstance(each, Brigade) else _team_button(area, each, bound)
        for each in page.items
    ]
    return card(
        say("🗺 <b>{area}</b>: what I lead", area=area.name),
        rows=(*((button,) for button in buttons), *page.turner("callouts.leading", area.id)),
        back=press("callouts.area", area.id),
    )


async def _checking(tx: Transaction, area: Area, brigade: Brigade) -> Button:
    """A brigade that one leads checks in, or out again."""
    if await callouts.brigade_there(tx, area.id, brigade.id):
        return Button(
            say("{brigade} is not there", brigade=brigade.name), press("callouts.leavearea", area.id, brigade.id)
        )
    return Button(
        say("{brigade} is there this week", brigade=brigade.name), press("callouts.checkin", area.id, brigade.id)
    )


def _team_button(area: Area, group: Group, bound: set[int]) -> Button:
    if group.id in bound:
        return Button(say("{group}: not its team", group=group.name), press("callouts.noteam", area.id, group.id))
    return Button(say("{group} is its team", group=group.name), press("callouts.team", area.id, group.id))


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
    on_press("callouts.leading", leading),
    on_press("callouts.team", team, LEADERS),
    on_press("callouts.noteam", no_team, LEADERS),
]
