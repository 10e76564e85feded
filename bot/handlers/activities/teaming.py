"""A team: a leader taps names of his group and signs all of them up at once."""

from bot.cards import Button, Card, card, press
from bot.domain import activities, groups
from bot.domain.activities import Candidate, Team, View
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
    """Sign all of them up; where places are by role, ask first as what."""
    team = await activities.team_of(tx, heard.number(), by=heard.me)
    view = await activities.view(tx, team.activity_id, heard.me)
    role_id = heard.number(1) if len(heard.args) > 1 else None
    if role_id is None and len(view.roles) > 1:
        return _as_what(team, view)
    settings = heard.house.settings
    activity, many = await activities.sign_up_team(tx, team.id, by=heard.me, rules=settings, role_id=role_id)
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


def _as_what(team: Team, view: View) -> Card:
    """The roles of an activity; a team that comes as several things is signed up once for each."""
    return card(
        say("👥 <b>{title}</b>: What does the team come as?", title=view.activity.title),
        say("All whom you chose come as the same. For another role choose another team afterwards."),
        rows=tuple(
            (
                Button(
                    say("{role} ({free} free)", role=role.label, free=role.free),
                    press("teams.signup", team.id, role.id),
                ),
            )
            for role in view.roles
        ),
        back=press("teams.page", team.id, 0),
    )


ROUTES = [
    on_press("teams.begin", begin, Who.LEADER),
    on_press("teams.of", of_group, Who.LEADER),
    on_press("teams.page", turn, Who.LEADER),
    on_press("teams.choose", choose, Who.LEADER),
    on_press("teams.signup", sign_up, Who.LEADER),
]
