"""Who comes of the county: node by node of the tree of groups, down to the names."""

from bot.cards import Button, Card, File, card, page_in, page_of, press, window
from bot.domain import audit, calls, groups, people, reports
from bot.domain.calls import COUNTY, INTERESTS, NOBODYS, Call, Node
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

NAMES_A_PAGE = 30
LED_A_PAGE = 5
# Nodes that are no groups, as buttons call them.
PLACES = {"county": COUNTY, "none": NOBODYS, "interests": INTERESTS}
NAMES = {
    COUNTY: say("The whole county"),
    NOBODYS: say("In no group"),
    INTERESTS: say("Interest groups"),
}
TOO_MANY = say(
    "These are too many to turn page by page. The file has all of them; what is beneath has lists of its own, where it is small enough."
)
WHICH = {"coming": say("Coming"), "not_now": say("Not now"), calls.SILENT: say("Not answered")}


async def node(tx: Transaction, heard: Heard) -> Answer:
    """Part of the county: its numbers, and those of what is under it."""
    node_id = _node_id(heard)
    call = await calls.call_of_node(tx, heard.number(), node_id, heard.me)
    found = await calls.node(tx, call, node_id)
    page = await calls.nodes_under(tx, call, node_id, heard.page(2)) if node_id != NOBODYS else page_of((), 0)
    own = await calls.node(tx, call, node_id, own=True) if node_id > 0 and page.items else None
    whole = own is None
    return card(
        say("🙋 <b>{node}</b> · who comes", node=_name(found)),
        _numbers(found),
        *((say("Its own members: {numbers}", numbers=_brief(own)),) if own else ()),
        BLANK,
        *(
            (
                say(
                    "Below: come / not now / not answered. Whoever is in several groups counts once here and in each of them."
                ),
            )
            if page.items
            else ()
        ),
        say("By the groups in which people were when the call went out."),
        rows=(
            *await _names_row(tx, heard, call, found, own=False, leaf=whole),
            *(((Button(say("Its own members"), press("calls.own", call.id, node_id)),),) if own else ()),
            *((Button(_label(each), press("calls.node", call.id, _word(each.id))),) for each in page.items),
            *page.turner("calls.node", call.id, _word(node_id)),
        ),
        back=await _above(tx, heard, call, node_id),
    )


async def own(tx: Transaction, heard: Heard) -> Answer:
    """The members of a node's own group alone."""
    node_id = _node_id(heard)
    call = await calls.call_of_node(tx, heard.number(), node_id, heard.me)
    found = await calls.node(tx, call, node_id, own=True)
    return card(
        say("🙋 <b>{node}</b> · its own members", node=_name(found)),
        _numbers(found),
        rows=await _names_row(tx, heard, call, found, own=True, leaf=True),
        back=press("calls.node", call.id, _word(node_id)),
    )


def _node_id(heard: Heard) -> int:
    word = heard.args[1] if len(heard.args) > 1 else ""
    return PLACES[word] if word in PLACES else heard.number(1)


def _word(node_id: int) -> str:
    return next((word for word, place in PLACES.items() if place == node_id), str(node_id))


def _name(found: Node) -> Said:
    return NAMES[found.id] if found.id in NAMES else say("{value}", value=found.name)


def _brief(found: Node) -> Said:
    return say("{coming} / {not_now} / {silent}", coming=found.coming, not_now=found.not_now, silent=found.silent)


def _label(found: Node) -> Said:
    return say("{numbers} · {node}", numbers=_brief(found), node=_name(found))


def _numbers(found: Node) -> Said:
    return say(
        "Called: {called}\n🙋 {coming} come, {not_now} not now, {silent} have not answered",
        called=found.called,
        coming=found.coming,
        not_now=found.not_now,
        silent=found.silent,
    )


async def _names_row(
    tx: Transaction, heard: Heard, call: Call, found: Node, *, own: bool, leaf: bool
) -> tuple[tuple[Button, ...], ...]:
    """Buttons that open who the numbers are, for whoever may see that; of a node without others its leaders, too."""
    alone = own or (leaf and found.id > 0)
    if not await calls.may_see_node_names(tx, found.id, heard.me, own=alone):
        return ()
    row = tuple(
        Button(
            say("{what} {n}", what=said, n=n),
            press("calls.nodenames", call.id, _word(found.id), int(alone), place),
        )
        for place, (which, said) in enumerate(WHICH.items())
        if (n := getattr(found, which)) and not (which == calls.SILENT and call.is_tidied)
    )
    return (row,) if row else ()


async def _above(tx: Transaction, heard: Heard, call: Call, node_id: int) -> str:
    """Where Back leads: one node up as far as one may look, then the call."""
    if node_id == COUNTY:
        return press("calls.open", call.id)
    chain = await groups.above(tx, node_id) if node_id > 0 else []
    up = chain[-1].id if chain else COUNTY
    if not chain and node_id > 0 and (await groups.by_id(tx, node_id)).kind == "interest":
        up = INTERESTS
    try:
        await calls.call_of_node(tx, call.id, up, heard.me)
    except Refused:
        return press("calls.open", call.id)
    return press("calls.node", call.id, _word(up))


def _which(heard: Heard) -> str:
    place = heard.number(3)
    if place >= len(WHICH):
        raise stale()
    return list(WHICH)[place]


async def names(tx: Transaction, heard: Heard) -> Answer:
    """Who one of a node's numbers is."""
    node_id, own, which, number = _node_id(heard), bool(heard.number(2)), _which(heard), heard.page(4)
    call = await calls.call_of_node(tx, heard.number(), node_id, heard.me)
    found = await calls.node(tx, call, node_id, own=own)
    paged = calls.is_paged(call, found, which)
    shown = window(number, NAMES_A_PAGE) if paged else {"limit": 0}
    who = await calls.node_names(tx, call, node_id, which, heard.me, own=own, **shown)
    page = page_of(who, number, each=NAMES_A_PAGE)
    return card(
        say("<b>{node}</b> · {what} {n}", node=_name(found), what=WHICH[which], n=getattr(found, which)),
        *(say("• {name}", name=each) for each in page.items),
        *(() if paged else (TOO_MANY,)),
        rows=(
            *page.turner("calls.nodenames", *heard.args[:4]),
            (Button(say("As a file"), press("calls.nodefile", *heard.args[:4])),),
        ),
        back=press("calls.node", call.id, _word(node_id)),
    )


async def build(tx: Transaction, heard: Heard) -> bytes:
    """The list as a file, read beside everything else."""
    node_id = _node_id(heard)
    call = await calls.call_of_node(tx, heard.number(), node_id, heard.me)
    who = await calls.node_names(
        tx, call, node_id, _which(heard), heard.me, own=bool(heard.number(2)), limit=reports.ROWS_MAX
    )
    return await reports.names_file(tx, who, people.reader(tx, heard.me.language))


async def file(tx: Transaction, heard: Heard) -> Answer:
    """The same list as a file; taking it is on record."""
    content: bytes = heard.report
    which = _which(heard)
    await audit.note(tx, "export.made", f"call:{heard.number()}", by=heard.me.id, form="csv", group_id=_node_id(heard))
    name = f"{which}-{_word(_node_id(heard))}-{tx.today.isoformat()}.csv"
    return card(WHICH[which], file=File(name, content), back=press("calls.nodenames", *heard.args[:4]))


async def led(tx: Transaction, heard: Heard, call: Call) -> Card:
    """A call to the county, as a leader sees it who did not send it: his own groups, where they were counted."""
    before = await calls.is_of_before(tx, call)
    number, mine = heard.page(1), [] if before else await groups.led_groups(tx, heard.me)
    page = page_in(mine, number, LED_A_PAGE)
    found = [await calls.node(tx, call, each.id) for each in page.items]
    return card(
        *calls.letter(call, await calls.group_name(tx, call)).lines,
        BLANK,
        say("Sent {moment}", moment=Moment(call.sent_at or 0)),
        calls.OF_BEFORE if before else say("Who comes of the groups that you lead: come / not now / not answered."),
        rows=(
            *((Button(_label(each), press("calls.node", call.id, each.id)),) for each in found),
            *page.turner("calls.open", call.id),
        ),
        back="calls.list",
    )


ROUTES = [
    on_press("calls.node", node),
    on_press("calls.own", own),
    on_press("calls.nodenames", names),
    on_press("calls.nodefile", file, read=build),
]
