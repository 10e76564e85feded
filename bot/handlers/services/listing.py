"""Lists of requests, what was said about one, and how it goes in the county."""

from bot.cards import Button, card, press
from bot.domain import people, services
from bot.domain.services import COUNTY_LISTS, KINDS, LISTS, Figures, Request
from bot.handlers.services.showing import screen, spoken, took
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WORDS_IN_LISTS = 40
TITLES = {
    "mine": say("My requests"),
    "todo": say("To do"),
    "ours": say("Others have it"),
    "done": say("What was done"),
    "late": say("Waiting for a first word"),
    "duties": say("Duties in the areas"),
}
EMPTY = {
    "mine": say("You have asked for nothing yet."),
    "todo": say("Nothing waits for you. Well done."),
}
FOR_HANDLERS = ("todo", "ours", "done")


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """A page of one of the lists; of what is sensitive neither words nor names."""
    which = heard.args[0] if heard.args else ""
    if which not in LISTS:
        raise stale()
    if which in COUNTY_LISTS:
        people.only_readers(heard.me)
    page = await services.listed(tx, which, heard.me, heard.page(1))
    rows = [(Button(_label(each), press("services.one", each.id)),) for each in page.items]
    others = [each for each in FOR_HANDLERS if each != which] if which in FOR_HANDLERS else []
    return card(
        say("<b>{list}</b>", list=TITLES[which]),
        page.place() if page.items else EMPTY.get(which, say("There is nothing here just now.")),
        *(_line(each, own=which == "mine") for each in page.items),
        rows=(
            *rows,
            *page.turner("services.list", which),
            tuple(Button(TITLES[each], press("services.list", each)) for each in others),
        ),
        back="services.figures" if which in COUNTY_LISTS else "services.home",
    )


def _label(request: Request) -> Said:
    return say("{icon} {block} {number}", icon=request.kind.icon, block=request.kind.name, number=request.id)


def _line(request: Request, *, own: bool) -> Said:
    state = services.STATE_NAMES[request.state]
    if request.kind.sensitive and not own:
        return say("• 🔒 {title} · {state}", title=services.title(request), state=state)
    short = request.words[:WORDS_IN_LISTS]
    return say("• {title} · {state} · {words}", title=services.title(request), state=state, words=short)


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One request."""
    return await screen(tx, heard, (await services.view(tx, heard.number(), heard.me)).request)


async def said(tx: Transaction, heard: Heard) -> Answer:
    """All that was said about it, for those who may read it."""
    view = await services.view(tx, heard.number(), heard.me)
    if not view.reads:
        return await screen(tx, heard, view.request)
    page = await services.said(tx, view.request, heard.me, heard.page(1))
    return card(
        say("<b>{title}</b>", title=services.title(view.request)),
        *(spoken(each) for each in page.items),
        rows=page.turner("services.words", view.request.id),
        back=press("services.one", view.request.id),
    )


async def figures(tx: Transaction, heard: Heard) -> Answer:
    """What becomes of each kind of help: asked, done, how soon, and how content people are."""
    found = await services.figures(tx)
    late = await services.count(tx, "late", heard.me)
    duties = await services.count(tx, "duties", heard.me)
    return card(
        say("<b>Help where people live</b>: how it goes"),
        *(_figures(each) for each in found),
        *(() if found else (say("Nobody has asked for anything yet."),)),
        rows=(
            (
                Button(say("No word yet · {number}", number=late), press("services.list", "late")),
                Button(say("Duties · {number}", number=duties), press("services.list", "duties")),
            ),
            (Button(say("Areas and who works there"), "callouts.areas:0"),),
        ),
        back="services.home",
    )


def _figures(each: Figures) -> Said:
    kind = KINDS[each.block]
    return say(
        "{icon} {block}: {asked} asked · {done} done · {waiting} going on{reply}{content}",
        icon=kind.icon,
        block=kind.name,
        asked=each.asked,
        done=each.done,
        waiting=each.waiting,
        reply="" if each.reply is None else say(" · answered after {time}", time=took(each.reply)),
        content="" if each.content is None else say(" · {n} % content", n=each.content),
    )


ROUTES = [
    on_press("services.list", listed, link=True),
    on_press("services.one", one, link=True),
    on_press("services.words", said),
    on_press("services.figures", figures, Who.READER),
]
