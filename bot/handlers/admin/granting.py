"""/grant: who gets which role, with exact words before it counts."""

from collections.abc import Callable

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import groups, people, reports
from bot.domain.groups import Group
from bot.domain.people import Person, Role
from bot.forms import Form, Question
from bot.handlers.admin.panel import ROLE_NAMES, person_button
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADER = "leader"
GIVERS = Who.LEADER | Who.ADMIN
COUNTY_ROLES = {
    "admin": Role.ADMIN,
    "管理员": Role.ADMIN,
    "县管理员": Role.ADMIN,
    "auditor": Role.AUDITOR,
    "监督员": Role.AUDITOR,
}
LEADER_WORDS = (LEADER, "组长")


# Choosing: role, group, person


async def grant(tx: Transaction, heard: Heard) -> Answer:
    """Give a role: /grant admin #12, /grant leader GROUP NAME"""
    if not heard.words:
        return await _roles(tx, heard)
    role, group, person_words = await read_words(tx, heard, "admin.leader")
    if group:
        await groups.led_by(tx, group.id, heard.me)
    if not person_words:
        return await _people(tx, role, group, 0)
    return await _to_one_of(tx, role, group, await _found(tx, heard, group, person_words), person_words)


async def read_words(tx: Transaction, heard: Heard, onward: str) -> tuple[str, Group | None, str]:
    """The role, the group for leaders, and the words that are left for the person."""
    word, _, rest = heard.words.partition(" ")
    if word.lower() in COUNTY_ROLES:
        people.only_admins(heard.me)
        return str(COUNTY_ROLES[word.lower()]), None, rest.strip()
    if word.lower() not in LEADER_WORDS:
        raise Refused(
            say(
                "I know the roles admin, auditor and leader. For instance: /grant leader GROUP NAME. Nothing was changed."
            ),
            WayOut(say("Choose"), "admin.roles"),
        )
    return await _leader_words(tx, rest.split(), onward)


async def _leader_words(tx: Transaction, words: list[str], onward: str) -> tuple[str, Group, str]:
    """The group may have several words: the longest beginning that is a group's name is taken."""
    if not words:
        raise Refused(
            say("Of which group? For instance: /grant leader GROUP NAME. Nothing was changed."),
            WayOut(say("Choose"), "admin.leader"),
        )
    # A name of forty characters has twenty words at most; a message may have two thousand.
    for end in range(min(len(words), groups.NAME_CHARACTERS_MAX // 2), 1, -1):
        if group := await groups.called(tx, " ".join(words[:end])):
            return LEADER, group, " ".join(words[end:])
    return LEADER, await groups.matching(tx, words[0], onward), " ".join(words[1:])


async def _roles(tx: Transaction, heard: Heard) -> Card:
    """Which role: only those that whoever asks can give."""
    rows: list[tuple[Button, ...]] = []
    if heard.me.is_admin:
        rows += [
            (Button(say("County admin"), press("admin.people.for", Role.ADMIN)),),
            (Button(say("Auditor"), press("admin.people.for", Role.AUDITOR)),),
        ]
    rows += [
        (Button(say("Leader of a group"), "admin.leader"),),
        (Button(say("Take a role back"), "admin.revoke"),),
    ]
    return card(say("<b>Roles</b>"), say("Which role shall somebody get?"), rows=tuple(rows), back=_back(heard))


def _back(heard: Heard) -> str:
    return "admin.panel" if heard.me.reads_all else "home"


async def roles(tx: Transaction, heard: Heard) -> Answer:
    """Choose a role to give."""
    return await _roles(tx, heard)


async def leader(tx: Transaction, heard: Heard) -> Answer:
    """Choose the group that somebody shall lead, or with its number: the person."""
    if heard.args and len(heard.args) == 1:
        group = await groups.led_by(tx, heard.number(), heard.me)
        return await _people(tx, LEADER, group, 0)
    return await _choose_group(tx, heard, 0)


async def leader_page(tx: Transaction, heard: Heard) -> Answer:
    """Another page of groups."""
    return await _choose_group(tx, heard, heard.page())


async def _choose_group(tx: Transaction, heard: Heard, number: int) -> Card:
    if heard.me.is_admin:
        page = await groups.listed(tx, number)
        mine, turner = list(page.items), page.turner("admin.leader.page")
    else:
        mine, turner = await groups.led_groups(tx, heard.me), ()
    if not mine:
        raise Refused(say("There is no group in which you could make somebody leader. Nothing was changed."))
    rows = tuple((Button(say("{value}", value=group.name), press("admin.leader", group.id)),) for group in mine)
    return card(say("Of which group?"), rows=(*rows, *turner), back="admin.roles")


async def candidates(tx: Transaction, heard: Heard) -> Answer:
    """Choose the person: everybody for county roles, the members for leaders."""
    role, group = await _role_and_group(tx, heard)
    return await _people(tx, role, group, heard.page(2))


async def _role_and_group(tx: Transaction, heard: Heard, group_at: int = 1) -> tuple[str, Group | None]:
    """The role that a button names, and the group for leaders; whoever pressed is checked here."""
    role = heard.args[0] if heard.args else ""
    if role == LEADER:
        return role, await groups.led_by(tx, heard.number(group_at), heard.me)
    if role not in list(Role):
        raise stale()
    people.only_admins(heard.me)
    return role, None


async def _people(tx: Transaction, role: str, group: Group | None, number: int) -> Card:
    group_id = group.id if group else 0
    page = await (reports.members_page(tx, group.id, number) if group else reports.people_page(tx, number))
    rows = tuple((person_button(person, press("admin.give", role, person.id, group_id)),) for person in page.items)
    return card(
        say("Who shall become {role}?", role=_role_words(role, group)),
        page.place(),
        rows=(
            *rows,
            *page.turner("admin.people.for", role, group_id),
            (Button(say("🔍 Search"), press("admin.search", role, group_id)),),
        ),
        back="admin.leader" if group else "admin.roles",
    )


def _role_words(role: str, group: Group | None) -> Said:
    if group:
        return say("leader of {group}", group=group.name)
    return ROLE_NAMES[Role(role)]


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a name or number; without a role only to look."""
    if not heard.args:
        people.only_readers(heard.me)
        return await forms.begin(tx, heard, FIND, {"role": "", "group": 0})
    role, group = await _role_and_group(tx, heard)
    return await forms.begin(tx, heard, FIND, {"role": role, "group": group.id if group else 0})


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    """Whoever began this may have lost his role since."""
    if answers["role"] == LEADER:
        group = await groups.led_by(tx, int(answers["group"]), heard.me)
        found = await _found(tx, heard, group, answers["name"])
        return await _to_one_of(tx, LEADER, group, found, answers["name"])
    if not answers["role"]:
        people.only_readers(heard.me)
        found = await reports.found(tx, answers["name"])
        return _choice(found, answers["name"], lambda person: press("admin.person", person.id), "admin.people")
    people.only_admins(heard.me)
    return await _to_one_of(tx, answers["role"], None, await reports.found(tx, answers["name"]), answers["name"])


async def _found(tx: Transaction, heard: Heard, group: Group | None, typed: str) -> list[Person]:
    """Whom these words may mean: an admin looks among everybody, a leader among the people of his group."""
    if not group or heard.me.is_admin:
        return await reports.found(tx, typed)
    found = await reports.found_in(tx, group.id, typed)
    if not found:
        raise Refused(
            say(
                "Nobody in {group} is called {name}, and you look only there. Nothing was changed. "
                "Whoever shall lead it joins it first.",
                group=group.name,
                name=typed,
            ),
            WayOut(say("Open the group"), press("groups.open", group.id)),
        )
    return found


def is_called(person: Person, typed: str) -> bool:
    """Whether this is his number or his whole name."""
    return typed.removeprefix("#") == str(person.id) or person.nickname == typed


def _choice(found: list[Person], typed: str, leads_to: Callable[[Person], str], back: str) -> Card:
    if not found:
        raise Refused(
            say("I know nobody called {name}. Nothing was changed. A number works too: #12.", name=typed),
            WayOut(say("🔍 Search"), back),
        )
    rows = tuple((person_button(person, leads_to(person)),) for person in found)
    return card(say("Whom do you mean?"), rows=rows, back=back)


async def _to_one_of(tx: Transaction, role: str, group: Group | None, found: list[Person], typed: str) -> Card:
    """The confirmation for the one who was found, or a choice among several."""
    group_id = group.id if group else 0
    exact = [person for person in found if is_called(person, typed)]
    if len(exact) == 1:
        return await _ask(tx, role, group, exact[0])
    return _choice(found, typed, lambda person: press("admin.give", role, person.id, group_id), "admin.roles")


WHOM = Question(
    "name",
    say("Name or number"),
    say("Please send the name, part of it, or the number, such as #12."),
    forms.short_text(people.NICKNAME_CHARACTERS_MAX),
)
FIND = Form(
    "find",
    say("Find somebody"),
    (WHOM,),
    _searched,
    say("Search"),
    looks=True,
)


# Giving


async def give(tx: Transaction, heard: Heard) -> Answer:
    """Say exactly what will change, and ask."""
    role, group, person = await _given(tx, heard)
    return await _ask(tx, role, group, person)


async def _given(tx: Transaction, heard: Heard) -> tuple[str, Group | None, Person]:
    role, group = await _role_and_group(tx, heard, group_at=2)
    if group:
        return role, group, await groups.one_of(tx, group, heard.number(1), heard.me)
    return role, group, await people.by_id(tx, heard.number(1))


async def _ask(tx: Transaction, role: str, group: Group | None, person: Person) -> Card:
    """Nobody is asked what can only be refused."""
    if group:
        await groups.check_leads_not(tx, group, person)
    else:
        people.check_change(Role(role), person, await people.admins_held(tx))
    group_id = group.id if group else 0
    return card(
        say("<b>{name}</b> #{number}", name=person.nickname, number=person.id),
        what_changes(role, group, person),
        say("{name} is told at once, and it is written into the audit log.", name=person.nickname),
        rows=(
            (
                Button(say("Yes, do it"), press("admin.given", role, person.id, group_id), style="primary"),
                Button(say("Cancel"), "admin.roles"),
            ),
        ),
        home=False,
    )


def what_changes(role: str, group: Group | None, person: Person) -> Said:
    """What will be different, in exact words."""
    if group:
        return say(
            "Becomes leader of <b>{group}</b>: publishes for it, keeps its roll, confirms who came, calls its members, and "
            "can make others leaders of it.",
            group=group.name,
        )
    before = ROLE_NAMES[person.role]
    match Role(role):
        case Role.ADMIN:
            return say(
                "Is {before} now and becomes <b>county admin</b>: sees everything, can change everything, and gives and "
                "takes every role.",
                before=before,
            )
        case Role.AUDITOR:
            return say(
                "Is {before} now and becomes <b>auditor</b>: sees everything, and changes nothing of the county's.",
                before=before,
            )
        case _:
            return say(
                "Is {before} now and becomes a <b>member</b> like everybody: no longer sees what only admins and auditors "
                "see. Groups that he or she leads stay.",
                before=before,
            )


async def given(tx: Transaction, heard: Heard) -> Answer:
    """Give it."""
    role, group, person = await _given(tx, heard)
    if group:
        await groups.appoint(tx, group, person, by=heard.me)
    else:
        await people.grant(tx, Role(role), person, by=heard.me)
    return card(
        say("Done: {name} is {role} now.", name=person.nickname, role=_role_words(role, group)),
        rows=((Button(say("Roles"), "admin.roles"),),),
    )


FORMS: tuple[Form, ...] = (FIND,)
ROUTES = [
    command("grant", grant, GIVERS, also=("授权",)),
    on_press("admin.roles", roles, GIVERS),
    on_press("admin.leader", leader, GIVERS),
    on_press("admin.leader.page", leader_page, GIVERS),
    on_press("admin.people.for", candidates, GIVERS),
    on_press("admin.search", search, Who.LEADER | Who.READER),
    on_press("admin.give", give, GIVERS),
    on_press("admin.given", given, GIVERS),
]
