"""The registry: the county's associations, branches, schools and teams as one tree (C55)."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import groups, people
from bot.domain.groups import KINDS, Beneath, Group
from bot.forms import Form, Question
from bot.handlers.groups.browsing import card_of, count_of, found_by
from bot.handlers.groups.leading import workplace
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

NAME_ON_BUTTON_MAX = 22


async def registry(tx: Transaction, heard: Heard) -> Answer:
    """The county's associations, schools and teams, or /org WORD to search"""
    query = groups.clean_query(heard.words)
    return await (found_by(tx, heard, query) if query else _top(tx, heard, 0))


async def top(tx: Transaction, heard: Heard) -> Answer:
    """One page of what stands at the top of the tree."""
    return await _top(tx, heard, heard.page())


async def _top(tx: Transaction, heard: Heard, number: int, *first: Said) -> Card:
    shown = await groups.under(tx, None, number)
    lines = [*first, say("<b>Registry</b>")]
    if not shown.items:
        lines.append(say("Nothing is registered here yet: no association, no school, no volunteer team."))
    else:
        lines.append(say("Associations, schools and teams, with how many people are in each. ⚠ has no leader yet."))
    rows = (
        *await _rows(tx, shown),
        *shown.turner("groups.registry"),
        (*_register(await groups.registers(tx, None, heard.me), 0), Button(say("🔍 Search"), "groups.search")),
    )
    return card(*lines, rows=rows, back="groups.list")


async def _rows(tx: Transaction, shown: Page) -> tuple[tuple[Button, ...], ...]:
    """A button for each group of the page; those without a leader are marked."""
    led = await groups.led_among(tx, [each.id for each in shown.items])
    return tuple((_button(each, "" if each.id in led else "⚠ "),) for each in shown.items)


def _button(group: Group, mark: str) -> Button:
    name = group.name if len(group.name) <= NAME_ON_BUTTON_MAX else group.name[: NAME_ON_BUTTON_MAX - 1] + "…"
    label = say("{mark}{group} · {count}", mark=mark, group=name, count=count_of(group))
    return Button(label, press("groups.open", group.id))


def _register(kinds: tuple[str, ...], group_id: int) -> tuple[Button, ...]:
    if not kinds:
        return ()
    label = say("＋ Register teams") if kinds == ("team",) else say("＋ Register")
    return (Button(label, press("groups.register", group_id)),)


async def under(tx: Transaction, heard: Heard) -> Answer:
    """What hangs right under a group, page by page, and how much hangs under it altogether."""
    return await _under(tx, heard, await groups.by_id(tx, heard.number()), heard.page(1))


async def _under(tx: Transaction, heard: Heard, group: Group, number: int, *first: Said) -> Card:
    shown = await groups.under(tx, group.id, number)
    lines = [
        *first,
        say("<b>{group}</b> · what hangs under it", group=group.name),
        *[_beneath(each) for each in await groups.beneath(tx, group.id)],
    ]
    if not shown.items:
        lines.append(say("Nothing hangs under it yet."))
    rows = (
        *await _rows(tx, shown),
        *shown.turner("groups.under", group.id),
        _register(await groups.registers(tx, group, heard.me), group.id),
    )
    return card(*lines, rows=rows, back=press("groups.open", group.id))


def _beneath(found: Beneath) -> Said:
    """How many of one kind; people in two of them count twice, so it says places of members."""
    line = say(
        "{kind}: {n}, memberships {members}",
        kind=KINDS[found.kind],
        n=found.groups,
        members=found.members,
    )
    if not found.leaderless:
        return line
    return say("{line}; ⚠ without a leader: {n}", line=line, n=found.leaderless)


# Registering


async def register(tx: Transaction, heard: Heard) -> Answer:
    """Ask what is to be registered under a group (0: at the top), and once the kind is known, the names."""
    parent = await groups.by_id(tx, heard.number()) if heard.number() else None
    kinds = await groups.registers(tx, parent, heard.me)
    if not kinds:
        raise Refused(
            say("Only its leaders, those above it and county admins register something here. Nothing was changed."),
            WayOut(say("Registry"), "groups.registry"),
        )
    chosen = heard.args[1] if len(heard.args) > 1 else kinds[0] if len(kinds) == 1 else ""
    if chosen in kinds:
        return await forms.begin(tx, heard, REGISTER, {"under": parent.id if parent else 0, "kind": chosen})
    return card(
        say("What is to be registered under <b>{group}</b>?", group=parent.name)
        if parent
        else say("What is to be registered at the top?"),
        rows=tuple((Button(KINDS[kind], press("groups.register", heard.number(), kind)),) for kind in kinds),
        back=press("groups.under", parent.id) if parent else "groups.registry",
    )


async def _registered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    parent = await groups.by_id(tx, answers["under"]) if answers["under"] else None
    made, taken = await groups.found_all(
        tx, answers["names"].split("\n"), answers["kind"], parent.id if parent else None, by=heard.me
    )
    said = [say_n("{n} is registered.", "{n} are registered.", len(made))]
    if taken:
        said.append(say("There is one of this name already, so it was left out: {names}.", names=" · ".join(taken)))
    if parent is None:
        return await _top(tx, heard, 0, *said)
    return await _under(tx, heard, parent, 0, *said)


# Who leads it


async def leader_wanted(tx: Transaction, heard: Heard) -> Answer:
    """Ask who shall lead a group that has no leader."""
    group = await groups.to_be_led(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, LEADER, {"group": group.id})


async def _appointed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    group = await groups.to_be_led(tx, answers["group"], heard.me)
    whom = await people.one_named(tx, answers["leader"])
    await groups.appoint_first(tx, group, whom, by=heard.me)
    return await card_of(tx, heard, group, say("{person} leads {group} now.", person=whom.nickname, group=group.name))


# Its place in the tree


async def place(tx: Transaction, heard: Heard) -> Answer:
    """Ask under what a group shall hang."""
    group = await groups.admin_of(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, PLACE, {"group": group.id})


async def _hung(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    parent = await groups.matching(tx, answers["under"], "groups.open") if answers["under"] else None
    group = await groups.hang(tx, answers["group"], parent.id if parent else None, by=heard.me)
    said = say("{group} hangs under {parent} now.", group=group.name, parent=parent.name) if parent else None
    return await workplace(tx, heard, group, said or say("{group} stands at the top now.", group=group.name))


async def _read_place(typed: str, tx: Transaction) -> str:
    return (await groups.matching(tx, typed, "groups.open")).name


_NAMES = Question(
    "names",
    say("Names"),
    say("What are they called? One name a line, at most {limit} lines.", limit=groups.REGISTERED_AT_ONCE_MAX),
    lambda typed, tx: "\n".join(groups.clean_names(typed)),
)
_LEADER = Question(
    "leader",
    say("Leader"),
    say("Who shall lead it? Send a nickname or a number such as #12; the person has to be registered with me."),
    forms.one_person,
)
_PLACE = Question(
    "under",
    say("Hangs under"),
    say("Under which group? Send its name or number. “Skip”: under none."),
    _read_place,
    optional=True,
)
REGISTER = Form("groups.register", say("Register"), (_NAMES,), _registered, say("Register"))
LEADER = Form("groups.leader", say("Name a leader"), (_LEADER,), _appointed, say("Make leader"))
PLACE = Form("groups.place", say("Place in the tree"), (_PLACE,), _hung, say("Save"), Who.ADMIN)
FORMS: tuple[Form, ...] = (REGISTER, LEADER, PLACE)
ROUTES = [
    command("org", registry, also=("组织", "组织架构", "志愿服务队")),
    on_press("groups.registry", top, link=True),
    on_press("groups.under", under, link=True),
    on_press("groups.register", register),
    on_press("groups.leader", leader_wanted),
    on_press("groups.place", place, Who.ADMIN),
]
