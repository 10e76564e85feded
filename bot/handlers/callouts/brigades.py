"""Brigades: the list, one of them, its people, joining and leaving, and making one."""

from collections.abc import Sequence
from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import callouts, groups, people
from bot.domain.callouts import WORDS_CHARACTERS_MAX, Brigade
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

# Of the members of one's own groups so many can be tapped; a nickname with its number fits.
ASKED_MAX = 6

MARKS = {"applied": "❔", "invited": "✉️", "in": "·"}


async def brigades(tx: Transaction, heard: Heard) -> Answer:
    """Brigades that can be called out: join one, stand by"""
    page: Page = await callouts.listed(tx, heard.page() if heard.kind == "press" else 0)
    deeds: list[tuple[Button, ...]] = [
        (
            Button(say("My readiness"), "callouts.ready"),
            Button(say("Areas"), "callouts.areas:0"),
            Button(say("Missions"), "callouts.log:0"),
        )
    ]
    more = [Button(say("🚨 Call out"), "callouts.new")] if await callouts.led(tx, heard.me) else []
    if heard.me.is_admin:
        more.append(Button(say("＋ New brigade"), "callouts.found"))
    return card(
        say("🚨 <b>Brigades</b>"),
        say("People who stand by for what is urgent, hard or risky."),
        page.place() if page.items else say("There is no brigade yet. County admins make the first one."),
        rows=(*await _rows(tx, page.items), *page.turner("callouts.home"), *deeds, tuple(more)),
        back="people.me",
    )


async def _rows(tx: Transaction, brigades: Sequence[Brigade]) -> list[tuple[Button]]:
    known = await callouts.readiness(tx, [each.id for each in brigades])
    return [(_button(each, *known[each.id]),) for each in brigades]


def _button(brigade: Brigade, members: int, ready: int) -> Button:
    label = say("{brigade} · {ready} of {members} ready", brigade=brigade.name, ready=ready, members=members)
    return Button(label, press("callouts.brigade", brigade.id))


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One brigade: how ready it is, and what can be done."""
    return await screen(tx, heard, await callouts.open_one(tx, heard.number()))


async def screen(tx: Transaction, heard: Heard, brigade: Brigade) -> Card:
    """A brigade as this person sees it."""
    members, ready = (await callouts.readiness(tx, [brigade.id]))[brigade.id]
    state = await callouts.state_of(tx, brigade.id, heard.me.id)
    leader = (await people.by_id(tx, brigade.leader_id)).nickname if brigade.leader_id else "–"
    return card(
        say("🚨 <b>{brigade}</b>", brigade=brigade.name),
        *((say("{about}", about=brigade.about),) if brigade.about else ()),
        say("Leader: {name}", name=leader),
        say_n("{n} member, {ready} on standby", "{n} members, {ready} on standby", members, ready=ready),
        *await _by_skill(tx, brigade),
        *_my_state(state),
        rows=_deeds(brigade, state, heard),
        back="callouts.home",
    )


async def _by_skill(tx: Transaction, brigade: Brigade) -> tuple[Said, ...]:
    known = await callouts.readiness_by_skill(tx, brigade.id)
    return tuple(
        say("• {skill}: {n}, {ready} on standby", skill=each.label, n=known[each.id][0], ready=known[each.id][1])
        for each in await callouts.skills(tx)
        if each.id in known
    )


def _my_state(state: str | None) -> tuple[Said, ...]:
    match state:
        case "in":
            return (BLANK, say("You are in."))
        case "applied":
            return (BLANK, say("You have applied; its leader answers you."))
        case "invited":
            return (BLANK, say("You were asked to join."), callouts.AT_ANY_HOUR)
        case _:
            return (BLANK, callouts.AT_ANY_HOUR)


def _deeds(brigade: Brigade, state: str | None, heard: Heard) -> tuple[tuple[Button, ...], ...]:
    number = brigade.id
    join = Button(say("Join"), press("callouts.join", number), style="primary")
    words = {"in": say("Leave"), "applied": say("Take the application back")}.get(state or "", say("No, thank you"))
    leave = Button(words, press("callouts.leave", number))
    rows = [(join,) if state is None else (join, leave) if state == "invited" else (leave,)]
    rows.append((Button(say("My readiness"), "callouts.ready"),))
    if brigade.is_led_by(heard.me):
        rows += [
            (Button(say("🚨 Call out"), press("callouts.begin", number), style="danger"),),
            (
                Button(say("Roll"), press("callouts.members", number)),
                Button(say("Kit"), press("callouts.stock", number)),
            ),
        ]
    elif heard.me.reads_all:
        rows.append((Button(say("Roll"), press("callouts.members", number)),))
    if heard.me.is_admin:
        rows.append((Button(say("Disband"), press("callouts.disband", number)),))
    return tuple(rows)


# Joining and leaving


async def join(tx: Transaction, heard: Heard) -> Answer:
    """Apply, or say yes to whoever asked."""
    state = await callouts.apply(tx, heard.number(), by=heard.me)
    if state == "in":
        return (await _ready_next(tx, heard)).with_toast(say("You are in."))
    shown = await screen(tx, heard, await callouts.brigade(tx, heard.number()))
    return shown.with_toast(say("Its leader has been asked."))


async def _ready_next(tx: Transaction, heard: Heard) -> Card:
    brigade = await callouts.brigade(tx, heard.number())
    return card(
        say("You are in <b>{brigade}</b>. Say when you stand by, and what you can do.", brigade=brigade.name),
        callouts.AT_ANY_HOUR,
        rows=((Button(say("My readiness"), "callouts.ready", style="primary"),),),
        back=press("callouts.brigade", brigade.id),
    )


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Ask before somebody leaves; an invitation is declined at once."""
    brigade = await callouts.open_one(tx, heard.number())
    if await callouts.state_of(tx, brigade.id, heard.me.id) != "in":
        return await left(tx, heard)
    return card(
        say("Leave <b>{brigade}</b>? You won't be called out with it any more.", brigade=brigade.name),
        rows=((Button(say("Yes, leave"), press("callouts.left", brigade.id), style="danger"),),),
        back=press("callouts.brigade", brigade.id),
    )


async def left(tx: Transaction, heard: Heard) -> Answer:
    """Leave, or decline."""
    brigade = await callouts.leave(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Done."))


# For leaders


async def _for_leaders(tx: Transaction, heard: Heard) -> Brigade:
    """The brigade, for those who may read its roll: its leader, county admins, auditors."""
    if heard.me.reads_all:
        return await callouts.open_one(tx, heard.number())
    return await callouts.led_by(tx, heard.number(), heard.me)


async def members(tx: Transaction, heard: Heard) -> Answer:
    """Its people, those who wait for an answer first."""
    brigade = await _for_leaders(tx, heard)
    page = await callouts.roll(tx, brigade.id, heard.page(1))
    rows = [
        (
            Button(
                say("{mark} {name}", mark="🟢" if standby > tx.now else MARKS[state], name=person.nickname),
                press("callouts.member", brigade.id, person.id),
            ),
        )
        for person, state, standby in page.items
    ]
    ask = (
        (
            Button(say("＋ Ask one to join"), press("callouts.invite", brigade.id)),
            Button(say("From my groups ›"), press("callouts.asking", brigade.id)),
        )
        if brigade.is_led_by(heard.me)
        else ()
    )
    return card(
        say("👥 <b>{brigade}</b>", brigade=brigade.name),
        say("🟢 on standby · ❔ has applied · ✉️ was asked"),
        page.place(),
        rows=(*rows, *page.turner("callouts.members", brigade.id), ask),
        back=press("callouts.brigade", brigade.id),
    )


async def member(tx: Transaction, heard: Heard) -> Answer:
    """One of its people: skills, standby, and what the leader can do."""
    brigade = await _for_leaders(tx, heard)
    return await _member(tx, heard, brigade, heard.number(1))


async def _member(tx: Transaction, heard: Heard, brigade: Brigade, person_id: int) -> Card:
    state = await callouts.state_of(tx, brigade.id, person_id)
    back = press("callouts.members", brigade.id)
    if state is None:
        raise Refused(
            say("That person is not in {brigade}. Nothing was changed.", brigade=brigade.name),
            WayOut(say("Roll"), back),
        )
    person, known = await people.by_id(tx, person_id), await callouts.standing(tx, person_id)
    can = [each.label for each in await callouts.skills(tx) if each.id in known.skills]
    lines = [say("<b>{name}</b> · number {number}", name=person.nickname, number=person.id)]
    lines += [say("• {skill}", skill=label) for label in can] or [say("Has ticked no skill yet.")]
    if known.words:
        lines.append(say("“{words}”", words=known.words))
    if known.standby_until > tx.now:
        lines.append(say("🟢 On standby until {moment}", moment=Moment(known.standby_until)))
    if known.rest_until > tx.now:
        lines.append(say("😴 Rests until {moment}", moment=Moment(known.rest_until)))
    return card(*lines, rows=_member_deeds(brigade, person_id, state, heard), back=back)


def _member_deeds(brigade: Brigade, person_id: int, state: str, heard: Heard) -> tuple[tuple[Button, ...], ...]:
    if not brigade.is_led_by(heard.me):
        return ()
    if state == "applied":
        return (
            (
                Button(say("Let in"), press("callouts.take", brigade.id, person_id, 1), style="primary"),
                Button(say("Decline"), press("callouts.take", brigade.id, person_id, 0)),
            ),
        )
    lead = (
        (Button(say("Make leader of it"), press("callouts.appoint", brigade.id, person_id)),)
        if heard.me.is_admin and state == "in"
        else ()
    )
    return ((*lead, Button(say("Take out"), press("callouts.remove", brigade.id, person_id))),)


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Take in whoever applied, or don't."""
    brigade = await callouts.decide(tx, heard.number(), heard.number(1), takes=bool(heard.number(2)), by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Done; the person was told."))


async def appoint(tx: Transaction, heard: Heard) -> Answer:
    """Let somebody lead the brigade."""
    brigade = await callouts.appoint(tx, heard.number(), heard.number(1), by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Done; the person was told."))


async def remove(tx: Transaction, heard: Heard) -> Answer:
    """Ask before somebody is taken out."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    person = await people.by_id(tx, heard.number(1))
    if await callouts.state_of(tx, brigade.id, person.id) is None:
        return await _member(tx, heard, brigade, person.id)
    return card(
        say("Take {name} out of {brigade}?", name=person.nickname, brigade=brigade.name),
        rows=((Button(say("Yes, take out"), press("callouts.removed", brigade.id, person.id), style="danger"),),),
        back=press("callouts.member", brigade.id, person.id),
    )


async def removed(tx: Transaction, heard: Heard) -> Answer:
    """Take somebody out."""
    brigade = await callouts.remove(tx, heard.number(), heard.number(1), by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Done; the person was told."))


async def disband(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a brigade is disbanded."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    members, _ = (await callouts.readiness(tx, [brigade.id]))[brigade.id]
    return card(
        say_n(
            "Disband <b>{brigade}</b> with its {n} member?",
            "Disband <b>{brigade}</b> with its {n} members?",
            members,
            brigade=brigade.name,
        ),
        say("Its missions stay in the log. This can't be undone."),
        rows=((Button(say("Yes, disband it"), press("callouts.disbanded", brigade.id), style="danger"),),),
        back=press("callouts.brigade", brigade.id),
    )


async def disbanded(tx: Transaction, heard: Heard) -> Answer:
    """Disband it."""
    brigade = await callouts.disband(tx, heard.number(), by=heard.me)
    return card(say("{brigade} was disbanded.", brigade=brigade.name), back="callouts.home")


# Forms


async def found(tx: Transaction, heard: Heard) -> Answer:
    """Ask what the new brigade is called."""
    return await forms.begin(tx, heard, FOUND)


async def _founded(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await screen(tx, heard, await callouts.found(tx, answers["name"], answers["about"] or "", by=heard.me))


async def invite(tx: Transaction, heard: Heard) -> Answer:
    """Ask whom to ask."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    offered = [f"{each.nickname} #{each.id}" for each in await groups.newest_of(tx, heard.me, ASKED_MAX)]
    return await forms.begin(tx, heard, INVITE, {"brigade": brigade.id, "people": offered})


async def _invited(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    whom = await people.one_named(tx, answers["who"])
    brigade = await callouts.invite(tx, int(answers["brigade"]), whom, by=heard.me)
    return (await screen(tx, heard, brigade)).with_toast(say("Asked; whoever accepts is in."))


FOUND = Form(
    "callouts.found",
    say("A new brigade"),
    (
        Question("name", say("Name"), say("What is it called?"), callouts.name),
        Question(
            "about",
            say("About"),
            say("What is it for? One line."),
            forms.short_text(WORDS_CHARACTERS_MAX),
            optional=True,
        ),
    ),
    _founded,
    say("Make it"),
    Who.ADMIN,
)
INVITE = Form(
    "callouts.invite",
    say("Ask somebody to join"),
    (
        Question(
            "who",
            say("Whom"),
            say("Whom? Send the nickname, or the number such as #12."),
            forms.one_person,
            offers=lambda known: tuple((who, say("{name}", name=who)) for who in known.get("people", ())),
        ),
    ),
    _invited,
    say("Ask"),
)
FORMS: tuple[Form, ...] = (FOUND, INVITE)
ROUTES = [
    command("brigades", brigades, also=("突击队",)),
    on_press("callouts.home", brigades, link=True),
    on_press("callouts.brigade", opened, link=True),
    on_press("callouts.join", join),
    on_press("callouts.leave", leave),
    on_press("callouts.left", left),
    on_press("callouts.members", members),
    on_press("callouts.member", member),
    on_press("callouts.take", take),
    on_press("callouts.appoint", appoint, Who.ADMIN),
    on_press("callouts.remove", remove),
    on_press("callouts.removed", removed),
    on_press("callouts.disband", disband, Who.ADMIN),
    on_press("callouts.disbanded", disbanded, Who.ADMIN),
    on_press("callouts.found", found, Who.ADMIN),
    on_press("callouts.invite", invite),
]
