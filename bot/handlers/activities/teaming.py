"""A team: a leader taps names of his group and signs all of them up at once."""

from collections import Counter

from bot.cards import Button, Card, card, page_in, press
from bot.domain import activities, groups
from bot.domain.activities import Activity, Candidate, Team, View, teaming
from bot.locales import Said, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

# With the turner and the last button the screen has room for no more.
NAMES_A_PAGE = 5
GROUPS_A_PAGE = 6


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Of which group?"""
    activity = await activities.by_id(tx, heard.number())
    led = await groups.led_groups(tx, heard.me)
    if len(led) == 1:
        return await _team(tx, await activities.begin_team(tx, activity.id, led[0].id, by=heard.me), 0)
    number = heard.page(1)
    page = page_in(led, number, GROUPS_A_PAGE)
    rows = ((Button(say("{group}", group=each.name), press("teams.of", activity.id, each.id)),) for each in page.items)
    return card(
        say("👥 A team of which group?"),
        rows=(*rows, *page.turner("teams.begin", activity.id)),
        back=press("activities.open", activity.id),
    )


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
        return _as_what(team, view, 0)
    settings = heard.house.settings
    return _signed_up(*await activities.sign_up_team(tx, team.id, by=heard.me, rules=settings, role_id=role_id))


def _signed_up(activity: Activity, many: int) -> Card:
    back, told = (
        press("activities.open", activity.id),
        say("Each is told and can say no; the place is free again then."),
    )
    title = {"title": activity.title}
    if activity.chooses:
        applied = say_n(
            "👥 {n} person has applied for “{title}”.", "👥 {n} people have applied for “{title}”.", many, **title
        )
        return card(applied, say("Each is told now, and again when it is decided."), back=back)
    return card(
        say_n("👥 {n} person is signed up for “{title}”.", "👥 {n} people are signed up for “{title}”.", many, **title),
        told,
        back=back,
    )


async def as_what(tx: Transaction, heard: Heard) -> Answer:
    """Another page of roles."""
    team = await activities.team_of(tx, heard.number(), by=heard.me)
    return _as_what(team, await activities.view(tx, team.activity_id, heard.me), heard.page(1))


def _as_what(team: Team, view: View, number: int) -> Card:
    """The roles of an activity: all of the team as one of them, or each as something of their own."""
    page = page_in(view.roles, number)
    return card(
        say("👥 <b>{title}</b>: What does the team come as?", title=view.activity.title),
        say("All whom you chose come as the same, or you say it for each."),
        rows=(
            *(
                (
                    Button(
                        say("{role} ({free} free)", role=role.label, free=role.free),
                        press("teams.signup", team.id, role.id),
                    ),
                )
                for role in page.items
            ),
            *page.turner("teams.as", team.id),
            (Button(say("Each as something of their own"), press("teams.each", team.id, 0)),),
        ),
        back=press("teams.page", team.id, 0),
    )


async def each(tx: Transaction, heard: Heard) -> Answer:
    """As what each of the team comes."""
    return await _each(tx, heard, await activities.team_of(tx, heard.number(), by=heard.me), heard.page(1))


async def _each(tx: Transaction, heard: Heard, team: Team, number: int) -> Card:
    view = await activities.view(tx, team.activity_id, heard.me)
    own = await teaming.own_roles(tx, team)
    who = await activities.chosen(tx, team)
    page = page_in(who, number, NAMES_A_PAGE)
    used = Counter(role.id for role in own.values())
    return card(
        say("👥 <b>{title}</b>: as what does each come?", title=view.activity.title),
        say("A tap on a name goes on to the next role. All are signed up at once, or nobody."),
        *(
            say("{role}: {n} of yours, {free} free", role=role.called, n=used[role.id], free=role.free)
            for role in view.roles
        ),
        rows=(
            *(
                (
                    Button(
                        say("{name} · {role}", name=person.nickname, role=own[person.id].label),
                        press("teams.role", team.id, person.id, number),
                    ),
                )
                for person in page.items
            ),
            *page.turner("teams.each", team.id),
            (
                Button(
                    say_n("Sign {n} up", "Sign {n} up", len(who)), press("teams.signupeach", team.id), style="primary"
                ),
            ),
        ),
        back=press("teams.signup", team.id),
    )


async def role(tx: Transaction, heard: Heard) -> Answer:
    """The next role for one of them."""
    team = await teaming.next_role(tx, heard.number(), heard.number(1), by=heard.me)
    return await _each(tx, heard, team, heard.page(2))


async def sign_up_each(tx: Transaction, heard: Heard) -> Answer:
    """Sign all of them up, each as their own role."""
    settings = heard.house.settings
    return _signed_up(*await activities.sign_up_team(tx, heard.number(), by=heard.me, rules=settings, each=True))


ROUTES = [
    on_press("teams.begin", begin, Who.LEADER),
    on_press("teams.of", of_group, Who.LEADER),
    on_press("teams.page", turn, Who.LEADER),
    on_press("teams.choose", choose, Who.LEADER),
    on_press("teams.signup", sign_up, Who.LEADER),
    on_press("teams.as", as_what, Who.LEADER),
    on_press("teams.each", each, Who.LEADER),
    on_press("teams.role", role, Who.LEADER),
    on_press("teams.signupeach", sign_up_each, Who.LEADER),
]
