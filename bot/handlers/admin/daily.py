"""A day of the figures: each number opens what it is made of."""

from bot import locales
from bot.cards import Button, card, press
from bot.domain import points, reports
from bot.domain.reports import Figure, Figures, Made
from bot.locales import Said, Several, say
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

NAMES = {
    Figure.REGISTERED: say("New people"),
    Figure.SIGN_UPS: say("New sign-ups"),
    Figure.CONFIRMED: say("Confirmed as there"),
    Figure.POINTS: say("Points"),
}
DAYS_A_ROW = 7


def day_rows(found: list[reports.Day]) -> tuple[tuple[Button, ...], ...]:
    """A button for each day of a month on which something happened."""
    buttons = [
        Button(say("{value}", value=int(day.name[-2:])), press("admin.day", day.name.replace("-", ""))) for day in found
    ]
    return tuple(tuple(buttons[at : at + DAYS_A_ROW]) for at in range(0, len(buttons), DAYS_A_ROW))


def figures_line(name: str | locales.Day, found: Figures) -> Said:
    """The figures of a month or a day in one line; what did not happen is left out, so that a month fits on a phone."""
    counted = (
        (found.registered, say("registered {n}", n=found.registered)),
        (found.sign_ups, say("signed up {n}", n=found.sign_ups)),
        (found.confirmed, say("confirmed {n}", n=found.confirmed)),
        (found.points, say("points {n}", n=found.points)),
    )
    parts = tuple(words for number, words in counted if number) or (say("nothing"),)
    return say("<b>{month}</b>: {figures}", month=name, figures=Several(parts))


async def day(tx: Transaction, heard: Heard) -> Answer:
    """The figures of a day, each a button to what it is made of."""
    number, found = heard.number(), await reports.of_day(tx, wanted := reports.day_numbered(heard.number()))
    buttons = [
        Button(say("{what}: {number}", what=name, number=value), press("admin.entries", number, figure))
        for figure, name in NAMES.items()
        if (value := getattr(found, figure))
    ]
    return card(
        say("<b>Statistics</b>"),
        figures_line(locales.Day(wanted), found),
        rows=(tuple(buttons[:2]), tuple(buttons[2:])),
        back=press("admin.month", number // 100),
    )


async def entries(tx: Transaction, heard: Heard) -> Answer:
    """Who registered or signed up, who was confirmed, or by which entries points came on one day."""
    if len(heard.args) < 2 or heard.args[1] not in set(Figure):
        raise stale()
    wanted, figure = reports.day_numbered(heard.number()), Figure(heard.args[1])
    page = await reports.entries(tx, figure, wanted, heard.page(2))
    return card(
        say("<b>{what}</b> · {day}", what=NAMES[figure], day=locales.Day(wanted)),
        *(_without_button(each) for each in page.items if each.person_id is None),
        *(() if page.items else (say("Nothing happened then."),)),
        rows=(
            *((_button(each),) for each in page.items if each.person_id is not None),
            *page.turner("admin.entries", heard.number(), figure),
        ),
        back=press("admin.day", heard.number()),
    )


def _without_button(each: Made) -> Said:
    """Points that went to no person, such as a group's budget."""
    return say("{amount}: {reason}", amount=points.signed(each.amount), reason=_reason(each))


def _button(each: Made) -> Button:
    """One of them, and where it leads: to the person, the activity or the entry."""
    name = each.nickname or ""
    if each.transfer_id is not None:
        label = say("{name} {amount}: {reason}", name=name, amount=points.signed(each.amount), reason=_reason(each))
        return Button(label, press("points.entry", each.transfer_id, each.person_id or 0))
    if each.activity_id is not None:
        return Button(
            say("{name} · {title}", name=name, title=each.title or ""), press("activities.open", each.activity_id)
        )
    return Button(
        say("{name} #{number}", name=name, number=each.person_id or 0), press("admin.person", each.person_id or 0)
    )


def _reason(each: Made) -> Said:
    assert each.reason is not None, "points are issued for a reason"
    return points.REASON_NAMES[each.reason]


ROUTES = [
    on_press("admin.day", day, Who.READER),
    on_press("admin.entries", entries, Who.READER),
]
