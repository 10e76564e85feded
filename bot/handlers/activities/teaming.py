"""A team: a leader taps names of his group and signs all of them up at once."""

from bot.cards import Button, Card, card, press
from bot.domain import activities, groups
from bot.domain.activities import Candidate, Team
from bot.locales import Said, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Of which group?"""
    activity = await activities.by_id(tx, heard.number())
    led = await groups.led_groups(tx, heard.me)
    if len(led) == 1:
        return await _team(tx, await activities.begin_team(tx, activity.id, led[0].id, by=heard.me), 0)
    rows = tuple(
        (Button(say("{group}", group=group.name), press("teams.of", activity.id, group.id)),) for group in led[:8]
    )
    return card(say("👥 A team of which group?"), rows=rows, back=press("activities.open", activity.id))


async def of_group(tx: Transaction, heard: Heard) -> Answer:
    """Of this group."""
    return await _team(tx, await activities.begin_team(tx, heard.number(), heard.number(1), by=heard.me), 0)


async def turn(tx: Transaction, heard: Heard) -> Answer:
    """Another page of names."""
    return await _team(tx, await activities.team_of(tx, heard.number(), by=heard.me), heard.page(1))


async def _team(tx: Transaction, team: Team, number: int) -> Card:
    page = await activities.candidates(tx, team, number)
    chosen = len(await activities.chosen(tx, team))
    activity = await activities.by_id(tx, team.activity_id)
    rows = [(Button(_label(each), press("teams.choose", team.id, each.id, number)),) for each in page.items]
    done = Button(say_n("Sign {n} up", "Sign {n} up", chosen), press("teams.signup", team.id), style="primary")
    turner = page.turner("teams.page", team.id)
    last = (*(turner[0] if turner else ()), *((done,) if chosen else ()))
    return card(
        say("👥 <b>{title}</b>: sign up a team", title=activity.title),
        say("Tap names. All of them are signed up at once, or nobody; each is told and can say no."),
        page.place(),
        rows=(*rows, *((last,) if last else ())),
        back=press("activities.open", team.activity_id),
    )


def _label(each: Candidate) -> Said:
    if each.is_in:
        return say("✅ {name} is in", name=each.nickname)
    return say("{mark} {name}", mark="☑" if each.chosen else "☐", name=each.nickname)


async def choose(tx: Transaction, heard: Heard) -> Answer:
    """Take somebody in, or out again."""
    team = await activities.choose(tx, heard.number(), heard.number(1), by=heard.me)
    return await _team(tx, team, heard.page(2))


async def sign_up(tx: Transaction, heard: Heard) -> Answer:
    """Sign all of them up."""
    activity, many = await activities.sign_up_team(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    return card(
        say_n(
            "👥 {n} person is signed up for “{title}”.",
            "👥 {n} people are signed up for “{title}”.",
            many,
            title=activity.title,
        ),
        say("Each is told and can say no; the place is free again then."),
        back=press("activities.open", activity.id),
    )


ROUTES = [
    on_press("teams.begin", begin, Who.LEADER),
    on_press("teams.of", of_group, Who.LEADER),
    on_press("teams.page", turn, Who.LEADER),
    on_press("teams.choose", choose, Who.LEADER),
    on_press("teams.signup", sign_up, Who.LEADER),
]
