"""Groups as everybody sees them: the list, the search, a group's card, and its link as a picture."""

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import activities, callouts, groups, points, rotas
from bot.domain.groups import Group
from bot.forms import Form
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.posters import poster
from bot.routing import Answer, Heard, command, payload
from bot.routing import press as on_press
from bot.storage import Transaction

NAME_ON_BUTTON_MAX = 24


MARKS = say("✓ you are in · … you wait · the number: members, of how many places")


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Interest groups: all of them, or /groups WORD to search"""
    query = groups.clean_query(heard.words)
    return await (_found(tx, heard, 0, query) if query else _list(tx, heard, 0))


async def page(tx: Transaction, heard: Heard) -> Answer:
    """One page of all groups."""
    return await _list(tx, heard, heard.page())


async def found(tx: Transaction, heard: Heard) -> Answer:
    """One page of what was searched for; the words come last, for they may hold anything."""
    return await _found(tx, heard, heard.page(), groups.clean_query(":".join(heard.args[1:])))


async def _list(tx: Transaction, heard: Heard, number: int) -> Card:
    shown = await groups.of_interest(tx, number)
    if not shown.total:
        return _empty(heard)
    return card(
        say("<b>Interest groups</b> · {place}", place=shown.place()),
        MARKS,
        rows=(
            *(await _of_my_area(tx, heard) if number == 0 else ()),
            *await group_rows(tx, heard, shown),
            *shown.jumps("groups.list"),
            *_common(heard),
        ),
        home=False,
    )


async def _of_my_area(tx: Transaction, heard: Heard) -> tuple[tuple[Button, ...], ...]:
    """The team of the area in which somebody lives."""
    home = await callouts.home_area(tx, heard.me)
    teams = await callouts.teams_of(tx, home.id) if home else ()
    return tuple((Button(say("🏘 {group}", group=each.name), press("groups.open", each.id)),) for each in teams[:1])


def _empty(heard: Heard) -> Card:
    if heard.me.is_admin:
        return card(say("There are no interest groups yet. Make the first one."), rows=((_NEW,),))
    return card(say("There are no interest groups yet. The county's admins make them; please look again in some days."))


_NEW = Button(say("＋ New group"), "groups.new")


def _common(heard: Heard) -> tuple[tuple[Button, ...], ...]:
    search, mine = Button(say("🔍 Search"), "groups.search"), Button(say("My groups"), "groups.mine")
    registry, home = Button(say("Registry"), "groups.registry"), Button(say("⌂ Home"), "home")
    if heard.me.is_admin:
        return (search, mine, home), (registry, _NEW)
    return ((search, mine, registry, home),)


async def found_by(tx: Transaction, heard: Heard, query: str) -> Card:
    """The first page of what was searched for."""
    return await _found(tx, heard, 0, query)


async def _found(tx: Transaction, heard: Heard, number: int, query: str) -> Card:
    shown = await groups.listed(tx, number, query)
    if shown.items:
        return card(
            say("<b>Groups with “{query}”</b> · {place}", query=query, place=shown.place()),
            rows=(*await group_rows(tx, heard, shown), _turner(shown, query)),
            back="groups.list",
        )
    near = await groups.nearest(tx, query)
    return card(
        say("Nothing has “{query}” in its name or description.", query=query),
        say("Perhaps one of these?") if near else say("Try another word, or look through all groups."),
        rows=(
            *((_button(group, {}, press("groups.open", group.id, 0)),) for group in near),
            (Button(say("🔍 Search"), "groups.search"), Button(say("All groups"), "groups.list")),
        ),
        back="groups.list",
    )


def _turner(shown: Page, query: str) -> tuple[Button, ...]:
    """Previous and Next around a new search; the words of this one stand behind the page's number."""
    back = (Button(say("‹ Previous"), press("groups.found", shown.number - 1, query)),) if shown.number else ()
    onward = (Button(say("Next ›"), press("groups.found", shown.number + 1, query)),) if shown.more else ()
    return (*back, Button(say("🔍 Search"), "groups.search"), *onward)


async def group_rows(
    tx: Transaction, heard: Heard, shown: Page, deed: str = "groups.open"
) -> tuple[tuple[Button, ...], ...]:
    """A button for each group of the page, with how many are in and what I am there."""
    mine = await groups.states_of(tx, heard.me)
    return tuple((_button(group, mine, press(deed, group.id, shown.number)),) for group in shown.items)


def _button(group: Group, mine: dict[int, str], data: str) -> Button:
    mark = {"in": "✓ ", "waiting": "… "}.get(mine.get(group.id, ""), "")
    name = group.name if len(group.name) <= NAME_ON_BUTTON_MAX else group.name[: NAME_ON_BUTTON_MAX - 1] + "…"
    label = say("{mark}{group} · {count}", mark=mark, group=name, count=count_of(group))
    return Button(label, data)


def count_of(group: Group) -> Said:
    """Members, and out of how many."""
    if group.capacity is None:
        return say("{members}", members=group.members)
    return say("{members}/{capacity}", members=group.members, capacity=group.capacity)


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask what to search for."""
    return await forms.begin(tx, heard, SEARCH)


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    return await _found(tx, heard, 0, answers["word"])


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """The groups in which I am, wait or lead."""
    shown = await groups.mine(tx, heard.me, heard.page())
    if not shown.total:
        return in_none()
    return card(
        say("<b>My groups</b> · {place}", place=shown.place()),
        MARKS,
        rows=(*await group_rows(tx, heard, shown), *shown.turner("groups.mine")),
        back="groups.list",
    )


def in_none() -> Card:
    """What somebody without groups reads, with the way to them."""
    return card(
        say("You are in no group yet."),
        say("Look through them and join with one tap."),
        rows=((Button(say("All groups"), "groups.list"),),),
    )


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One group's card."""
    group = await groups.by_id(tx, heard.number())
    return await card_of(tx, heard, group, back=_list_of(group, heard.page(1)))


def _list_of(group: Group, number: int) -> str:
    """Where a group stands among its like: an interest group in their list, others under what they hang under."""
    if group.parent_id is not None:
        return press("groups.under", group.parent_id)
    return press("groups.list", number) if group.kind == "interest" else "groups.registry"


async def card_of(tx: Transaction, heard: Heard, group: Group, *first: Said, back: str = "groups.list") -> Card:
    """A group's card as whoever asks sees it, under the lines of what just happened."""
    if not group.is_open:
        return card(*first, say("<b>{group}</b> was closed.", group=group.name), back=back)
    upcoming = await activities.next_of(tx, group.id)
    state = await groups.state_of(tx, group.id, heard.me)
    is_leader = await groups.leads(tx, group.id, heard.me)
    lines = [
        *((*first, BLANK) if first else ()),
        say("<b>{group}</b> · number {number}", group=group.name, number=group.id),
        *await _place_line(tx, group),
        *([say("{about}", about=group.about)] if group.about else []),
        BLANK,
        await _members_line(tx, group),
        await _leaders_line(tx, group),
        say("Next: {title}, {moment}", title=upcoming.title, moment=Moment(upcoming.starts_at))
        if upcoming
        else say("Next: nothing planned yet"),
        *await _my_lines(tx, heard, group, state, is_leader),
    ]
    rows = (
        *_own_rows(group, state),
        *(((Button(say("Next activity"), press("activities.open", upcoming.id)),),) if upcoming else ()),
        _other_row(heard, group, is_leader),
        await _tree_row(tx, heard, group),
        *await _duties_row(tx, heard, group, is_leader, is_leader or state == "in"),
    )
    return card(*lines, rows=rows, back=back)


async def _place_line(tx: Transaction, group: Group) -> tuple[Said, ...]:
    """What it is and where in the tree it stands; nothing of an interest group that hangs under none."""
    path = " › ".join(each.name for each in await groups.above(tx, group.id)) if group.parent_id else ""
    if path:
        return (say("{kind} · {path}", kind=groups.KINDS[group.kind], path=path),)
    return (groups.KINDS[group.kind],) if group.kind != "interest" else ()


async def _tree_row(tx: Transaction, heard: Heard, group: Group) -> tuple[Button, ...]:
    """The way to what hangs under it, and for those above it to naming its first leader."""
    row = []
    if await groups.has_beneath(tx, group.id) or (
        group.kind not in ("interest", "team") and await groups.registers(tx, group, heard.me)
    ):
        row.append(Button(say("What hangs under it"), press("groups.under", group.id)))
    if await groups.names_first(tx, group.id, heard.me):
        row.append(Button(say("Name a leader"), press("groups.leader", group.id)))
    return tuple(row)


async def _members_line(tx: Transaction, group: Group) -> Said:
    waiting = await groups.waiting(tx, group.id)
    if waiting:
        return say("Members: {count}, {waiting} waiting", count=count_of(group), waiting=waiting)
    if group.capacity is None:
        return say("Members: {count}, no limit", count=count_of(group))
    if group.members >= group.capacity:
        return say("Members: {count}, full", count=count_of(group))
    return say_n(
        "Members: {count}, {n} place free",
        "Members: {count}, {n} places free",
        group.capacity - group.members,
        count=count_of(group),
    )


async def _leaders_line(tx: Transaction, group: Group) -> Said:
    leaders = await groups.leaders_of(tx, group.id)
    if not leaders:
        return say("Leaders: none yet")
    return say("Leaders: {names}", names=" · ".join(leader.nickname for leader in leaders))


async def _my_lines(tx: Transaction, heard: Heard, group: Group, state: str | None, is_leader: bool) -> list[Said]:
    lines = [say("You lead this group.")] if is_leader else []
    if state == "in" and not is_leader:
        lines.append(say("You are a member."))
    if state == "waiting":
        place = await groups.place_of(tx, group.id, heard.me)
        lines.append(say("You are number {place} in the queue; I tell you when it is your turn.", place=place))
    if group.chat_id is not None and (state == "in" or is_leader):
        lines.append(say("We talk in the Telegram group {title}.", title=await groups.chat_title(tx, group)))
    return lines


def _own_rows(group: Group, state: str | None) -> tuple[tuple[Button, ...], ...]:
    if state is not None:
        label = say("Leave") if state == "in" else say("Leave the queue")
        return ((Button(label, press("groups.leave", group.id)),),)
    label = say("Join the waiting list") if group.is_full else say("Join")
    return ((Button(label, press("groups.join", group.id), style="primary"),),)


def _other_row(heard: Heard, group: Group, is_leader: bool) -> tuple[Button, ...]:
    row = [Button(say("Share"), press("groups.share", group.id))]
    if is_leader or heard.me.is_admin:
        row.append(Button(say("Lead the group"), press("groups.lead", group.id)))
    elif heard.me.reads_all:
        row.append(Button(say("Roll"), press("groups.roll", group.id)))
    return tuple(row)


async def _duties_row(
    tx: Transaction, heard: Heard, group: Group, is_leader: bool, belongs: bool
) -> tuple[tuple[Button, ...], ...]:
    """Its duty posts and its budget, where it has any; a leader makes the first post here, an admin grants the first points."""
    row = []
    if is_leader or heard.me.is_admin or await rotas.posts_of_group(tx, group.id):
        row.append(Button(say("Duty posts"), press("rotas.group", group.id)))
    if is_leader or heard.me.reads_all or (belongs and await points.has_budget(tx, group.id)):
        row.append(Button(say("Budget"), press("points.budget", group.id)))
    return (tuple(row),) if row else ()


async def share(tx: Transaction, heard: Heard) -> Answer:
    """The group's link, as a picture to print and as text."""
    group = await groups.by_id(tx, heard.number())
    here = press("groups.open", group.id)
    return poster(
        say("<b>{group}</b>: whoever scans this or opens the link joins with one more tap.", group=group.name),
        heard.house.link(payload(here)),
        name=f"group-{group.id}",
        back=here,
    )


SEARCH = forms.search("groups.search", say("Which word shall I look for? For instance: dance"), _searched)
FORMS: tuple[Form, ...] = (SEARCH,)
ROUTES = [
    command("groups", listing, also=("兴趣小组", "小组", "找小组")),
    command("mygroups", mine, also=("我的小组",), menu=False),
    on_press("groups.list", page, link=True),
    on_press("groups.found", found),
    on_press("groups.search", search),
    on_press("groups.mine", mine, link=True),
    on_press("groups.open", opened, link=True),
    on_press("groups.share", share),
]
