"""The county's figures of points: each number opens what it is made of, down to the entries."""

from collections.abc import Iterable, Sequence

from bot.cards import Button, Card, card, page_counted, press
from bot.domain import activities, points
from bot.domain.points import FLOW_NAMES, REASON_NAMES, By, Flow, Reason, figures
from bot.domain.points.figures import MOVING, Line, Part, Purse, Standing
from bot.handlers.points.statement import titles_of_events
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

MONTHS_A_PAGE = 6
BYS = {By.KIND: say("By kind"), By.GROUP: say("By group"), By.GRADE: say("By grade")}
GRADES = {
    "A": say("grade A: checked in and out"),
    "B": say("grade B: roll-call"),
    "C": say("grade C: written afterwards"),
    "D": say("grade D: brought along"),
    "": say("no hours"),
}
PURSES = {
    "member": say("With people"),
    "group": say("Budgets of groups"),
    "reserved": say("Reserved"),
    "county": say("With the county"),
    "sponsor": say("With sponsors"),
    "fund": say("In funds"),
    "stock": say("In stock"),
}
# For whoever reserved it, what comes of a hand-out is what was not taken; for the county it is what was.
BOOKED = {**REASON_NAMES, Reason.COLLECT: say("handed out")}
GIFT = "gift"
# No grade, in the data of a button.
NONE = "-"


# Words


def _month(month: int) -> Said:
    return say("{year}-{month}", year=month // 100, month=f"{month % 100:02}") if month else say("all months")


def _kind(kind: str) -> Said:
    if kind in set(activities.Kind):
        return activities.KIND_NAMES[activities.Kind(kind)]
    return REASON_NAMES[Reason(kind)] if kind in set(Reason) else say("{value}", value=kind)


def _group(part: Part) -> Said:
    return say("{name}", name=part.name) if part.group_id else say("no group")


def _named(part: Part, by: By) -> Said:
    """What a figure is called that is told apart by one thing."""
    return {By.GROUP: _group(part), By.KIND: _kind(part.kind), By.GRADE: GRADES.get(part.grade, GRADES[""])}[by]


def _whole(part: Part) -> Said:
    grade = say("grade {grade}", grade=part.grade) if part.grade else GRADES[""]
    return say("{group} · {kind} · {grade}", group=_group(part), kind=_kind(part.kind), grade=grade)


def _sum(name: Said, part: Part) -> Said:
    return say_n(
        "{name}: <b>{amount}</b>, {n} entry",
        "{name}: <b>{amount}</b>, {n} entries",
        part.n,
        name=name,
        amount=part.amount,
    )


def _figures(found: Standing) -> tuple[Said, ...]:
    return tuple(say("{flow}: <b>{amount}</b>", flow=FLOW_NAMES[flow], amount=found.of(flow)) for flow in Flow)


def _flow_buttons(found: Standing, flows: Iterable[Flow]) -> tuple[Button, ...]:
    return tuple(
        Button(FLOW_NAMES[flow], press("points.parts", flow, found.month, By.KIND)) for flow in flows if found.of(flow)
    )


# Screens


async def overview(tx: Transaction, heard: Heard) -> Answer:
    """The figures of points: issued, redeemed, expired, outstanding"""
    found, upto = await figures.standing(tx), await figures.counted(tx)
    if upto is None:
        return card(
            say("📊 <b>Points of the county</b>"),
            say("Nothing was counted yet. Entries are counted within a minute of being written."),
            rows=((Button(say("Who has points"), "points.held"), Button(say("Unusual granting"), "points.odd")),),
            back="admin.stats",
        )
    return card(
        say("📊 <b>Points of the county</b>"),
        *_figures(found),
        BLANK,
        say("Counted up to entry {number}, {moment}.", number=upto.transfer_id, moment=Moment(upto.at)),
        *(
            (
                say_n(
                    "{n} newer entry follows within a minute.", "{n} newer entries follow within a minute.", upto.newer
                ),
            )
            if upto.newer
            else ()
        ),
        rows=(
            _flow_buttons(found, Flow),
            (Button(say("Month by month"), "points.months"), Button(say("Who has points"), "points.held")),
            (Button(say("What the points come to"), "points.forecast"), Button(say("Unusual granting"), "points.odd")),
            (Button(say("As Excel"), "admin.made:xlsx:figures"),),
        ),
        back="admin.stats",
    )


async def months(tx: Transaction, heard: Heard) -> Answer:
    """Month by month, the running one first."""
    number, found = heard.page(), await figures.months(tx)
    shown = found[number * MONTHS_A_PAGE :][:MONTHS_A_PAGE]
    turner = page_counted(shown, number, len(found), MONTHS_A_PAGE)
    buttons = [Button(_month(each.month), press("points.month", each.month)) for each in shown]
    return card(
        say("📊 <b>Points of the county</b> · month by month"),
        *(_month_line(each) for each in shown),
        *(() if shown else (say("Nothing was counted yet. Entries are counted within a minute of being written."),)),
        rows=(tuple(buttons[:3]), tuple(buttons[3:]), *turner.turner("points.months")),
        back="points.figures",
    )


def _month_line(found: Standing) -> Said:
    return say(
        "<b>{month}</b>: issued {issued}, redeemed {redeemed}, expired {expired}; outstanding at its end {outstanding}",
        month=_month(found.month),
        issued=found.issued,
        redeemed=found.redeemed,
        expired=found.expired,
        outstanding=found.outstanding,
    )


async def month(tx: Transaction, heard: Heard) -> Answer:
    """One month."""
    wanted = heard.number()
    found = next((each for each in await figures.months(tx) if each.month == wanted), None)
    if found is None:
        raise stale()
    return card(
        say("📊 <b>Points of the county</b> · {month}", month=_month(found.month)),
        *_figures(found),
        rows=(_flow_buttons(found, MOVING),),
        back="points.months",
    )


def _flow_and_by(heard: Heard, flow_at: int, by_at: int) -> tuple[Flow, By]:
    if len(heard.args) <= max(flow_at, by_at):
        raise stale()
    flow, by = heard.args[flow_at], heard.args[by_at]
    if flow not in set(Flow) or by not in set(By):
        raise stale()
    return Flow(flow), By(by)


async def parts(tx: Transaction, heard: Heard) -> Answer:
    """What one figure is made of: by kind, by group or by grade, the largest first."""
    flow, by = _flow_and_by(heard, 0, 2)
    month = heard.number(1)
    shown = await figures.ranked(tx, flow, month, by, heard.page(3))
    leads = "points.course" if flow is Flow.OUTSTANDING else "points.cells" if month else "points.over"
    rows = tuple((Button(_named(each, by), _onward(leads, flow, month, by, each)),) for each in shown.items)
    others = tuple(Button(BYS[each], press("points.parts", flow, month, each)) for each in By if each is not by)
    return card(
        _title(flow, month),
        *(_sum(_named(each, by), each) for each in shown.items),
        *(() if shown.items else (say("There is nothing of this."),)),
        *_where_from(flow),
        rows=(*rows, *shown.turner("points.parts", flow, month, by), others),
        back=press("points.month", month) if month else "points.figures",
    )


def _where_from(flow: Flow) -> tuple[Said, ...]:
    """Under what those stand that went."""
    if flow is Flow.ISSUED:
        return ()
    return (say("Points stand here under what they had been issued for. What expires first is spent first."),)


def _title(flow: Flow, month: int) -> Said:
    return say("📊 <b>{flow}</b> · {month}", flow=FLOW_NAMES[flow], month=_month(month))


def _key(part: Part, by: By) -> str:
    return {By.GROUP: str(part.group_id), By.KIND: part.kind, By.GRADE: part.grade or NONE}[by]


def _onward(leads: str, flow: Flow, month: int, by: By, part: Part) -> str:
    return press(leads, flow, month, by, _key(part, by))


def _read_key(heard: Heard, by: By) -> str:
    if len(heard.args) < 4:
        raise stale()
    if by is By.GROUP:
        return str(heard.number(3))
    return heard.args[3].removeprefix(NONE)


async def over(tx: Transaction, heard: Heard) -> Answer:
    """One kind, group or grade, month by month."""
    flow, by = _flow_and_by(heard, 0, 2)
    key = _read_key(heard, by)
    shown = await figures.in_time(tx, flow, by, key, heard.page(4))
    if not shown.items:
        raise stale()
    rows = tuple(
        (Button(_month(each.month), _onward("points.cells", flow, each.month, by, each)),) for each in shown.items
    )
    return card(
        _title(flow, 0),
        _named(shown.items[0], by),
        *(_sum(_month(each.month), each) for each in shown.items),
        rows=(*rows, *shown.turner("points.over", flow, 0, by, key or NONE)),
        back=press("points.parts", flow, 0, by),
    )


async def course(tx: Transaction, heard: Heard) -> Answer:
    """What became of what was issued under one kind, group or grade, month by month."""
    flow, by = _flow_and_by(heard, 0, 2)
    key, number = _read_key(heard, by), heard.page(4)
    found, named = await figures.course(tx, by, key), await figures.in_time(tx, Flow.ISSUED, by, key, 0)
    if not named.items:
        raise stale()
    shown = found[number * MONTHS_A_PAGE :][:MONTHS_A_PAGE]
    turner = page_counted(shown, number, len(found), MONTHS_A_PAGE)
    buttons = tuple(
        Button(FLOW_NAMES[each], press("points.over", each, 0, by, key or NONE))
        for each in MOVING
        if any(month.of(each) for month in found)
    )
    return card(
        _title(flow, 0),
        _named(named.items[0], by),
        *(_month_line(each) for each in shown),
        rows=(buttons, *turner.turner("points.course", flow, 0, by, key or NONE)),
        back=press("points.parts", flow, 0, by),
    )


async def cells(tx: Transaction, heard: Heard) -> Answer:
    """One kind, group or grade of a month, told apart by the other two."""
    flow, by = _flow_and_by(heard, 0, 2)
    month, key = heard.number(1), _read_key(heard, by)
    shown = await figures.cells(tx, flow, month, by, key, heard.page(4))
    rows = tuple((Button(_whole(each), _lines_of(flow, each)),) for each in shown.items)
    return card(
        _title(flow, month),
        *(_sum(_whole(each), each) for each in shown.items),
        *(() if shown.items else (say("There is nothing of this."),)),
        rows=(*rows, *shown.turner("points.cells", flow, month, by, key or NONE)),
        back=press("points.parts", flow, month, by),
    )


def _lines_of(flow: Flow, part: Part) -> str:
    return press("points.lines", flow, part.month, part.group_id, part.kind, part.grade or NONE, 0)


async def lines(tx: Transaction, heard: Heard) -> Answer:
    """The entries that one figure is made of, the newest first."""
    if len(heard.args) < 5 or heard.args[0] not in set(Flow):
        raise stale()
    flow, grade = Flow(heard.args[0]), heard.args[4].removeprefix(NONE)
    part = await figures.part(tx, flow, heard.number(1), heard.number(2), heard.args[3], grade)
    shown, more = await figures.lines(tx, flow, part, before := heard.page(5))
    turner = _turner(shown, more, before, press("points.lines", *heard.args[:5]))
    head = (_title(flow, part.month), _sum(_whole(part), part))
    return await _entries(tx, head, shown, turner, press("points.cells", flow, part.month, By.KIND, part.kind))


def _turner(shown: Sequence[Line], more: bool, before: int, data: str) -> tuple[tuple[Button, ...], ...]:
    row = [Button(say("« Newest"), press(data, 0))] if before else []
    row += [Button(say("Older ›"), press(data, shown[-1].transfer_id))] if more else []
    return (tuple(row),) if row else ()


async def _entries(
    tx: Transaction, head: tuple[Said, ...], shown: Sequence[Line], turner: tuple[tuple[Button, ...], ...], back: str
) -> Card:
    titles = await titles_of_events(tx, [each.event for each in shown])
    people = {each.person_id: each.nickname for each in shown if each.person_id is not None}
    rows = tuple((Button(_person(name, number), press("points.page", number, 0)),) for number, name in people.items())
    return card(
        *head,
        *(_line(each, titles) for each in shown),
        *(() if shown else (say("There is nothing of this."),)),
        rows=(*rows, *turner),
        back=back,
    )


def _person(nickname: str, number: int) -> Said:
    return say("{name} #{number}", name=nickname, number=number)


def _line(found: Line, titles: dict[str, str]) -> Said:
    return say(
        "<b>{amount}</b> {what} “{title}” {who}\n{moment} · entry {number}",
        amount=points.signed(found.amount),
        what=BOOKED[Reason(found.reason)],
        title=titles.get(found.event, found.event),
        who=BLANK if found.person_id is None else _person(found.nickname, found.person_id),
        moment=Moment(found.at),
        number=found.transfer_id,
    )


async def held(tx: Transaction, heard: Heard) -> Answer:
    """Who holds what is outstanding just now."""
    found = await figures.held(tx)
    doors = {kind: "admin.points" if kind == "member" else press("points.purses", kind) for kind in found}
    return card(
        say("📊 <b>Outstanding just now</b>: {amount}", amount=sum(found.values())),
        *(say("{who}: <b>{amount}</b>", who=PURSES[kind], amount=amount) for kind, amount in found.items()),
        rows=tuple((Button(PURSES[kind], doors[kind]),) for kind, amount in found.items() if amount),
        back="points.figures",
    )


async def purses(tx: Transaction, heard: Heard) -> Answer:
    """The purses of one kind, the fullest first."""
    kind = heard.args[0] if heard.args else ""
    if kind not in PURSES or kind == "member":
        raise stale()
    shown = await figures.purses(tx, kind, heard.page(1))
    rows = tuple((Button(_purse(each), press("points.purse", *_place(each))),) for each in shown.items)
    return card(
        say("📊 <b>{who}</b>", who=PURSES[kind]),
        *(say("{who}: <b>{amount}</b>", who=_purse(each), amount=each.balance) for each in shown.items),
        *(() if shown.items else (say("There is nothing of this."),)),
        rows=(*rows, *shown.turner("points.purses", kind)),
        back="points.held",
    )


def _purse(found: Purse) -> Said:
    if found.name:
        return say("{name}", name=found.name)
    return _numbered(*_place(found))


def _place(found: Purse) -> tuple[str, int]:
    """What a gift sets aside lies in a purse whose number is the gift's, below nothing."""
    return (GIFT, -found.owner) if found.owner < 0 else (found.kind, found.owner)


def _numbered(kind: str, number: int) -> Said:
    if kind == GIFT:
        return say("Gift {number}", number=number)
    return say("Reservation {number}", number=number) if kind == "reserved" else say("Number {number}", number=number)


async def purse(tx: Transaction, heard: Heard) -> Answer:
    """The entries of one purse, the newest first."""
    called, number, before = heard.args[0] if heard.args else "", heard.number(1), heard.page(2)
    kind, owner = ("reserved", -number) if called == GIFT else (called, number)
    if kind not in PURSES or kind == "member":
        raise stale()
    shown, more = await figures.purse_lines(tx, kind, owner, before)
    turner = _turner(shown, more, before, press("points.purse", called, number))
    head = (say("📊 <b>{who}</b> · {which}", who=PURSES[kind], which=_numbered(called, number)),)
    return await _entries(tx, head, shown, turner, press("points.purses", kind))


ROUTES = [
    on_press("points.figures", overview, Who.READER, also=("积分报表", "figures")),
    on_press("points.months", months, Who.READER),
    on_press("points.month", month, Who.READER),
    on_press("points.parts", parts, Who.READER),
    on_press("points.over", over, Who.READER),
    on_press("points.course", course, Who.READER),
    on_press("points.cells", cells, Who.READER),
    on_press("points.lines", lines, Who.READER),
    on_press("points.held", held, Who.READER),
    on_press("points.purses", purses, Who.READER),
    on_press("points.purse", purse, Who.READER),
]
