"""What one can ask for, who is there for it where one lives, and asking."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import callouts, groups, services
from bot.domain.callouts import Area
from bot.domain.services import BLOCKS, WORDS_CHARACTERS_MAX, Block, Role
from bot.forms import Form, Question
from bot.handlers.services.showing import screen, took
from bot.locales import Said, say, say_n
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction


def words(typed: str, tx: Transaction) -> str:
    """Some words on one line."""
    return callouts.clean_line(typed, WORDS_CHARACTERS_MAX)


async def home(tx: Transaction, heard: Heard) -> Answer:
    """Ask for help where you live: at home, health, counselling, legal aid"""
    buttons = [
        Button(say("{icon} {block}", icon=each.icon, block=each.name), press("services.kind", each.key))
        for each in BLOCKS.values()
    ]
    own = [Button(say("My requests"), press("services.list", "mine"))]
    if heard.me.leads or await services.works_anywhere(tx, heard.me):
        todo = await services.count(tx, "todo", heard.me)
        own.append(Button(say("To do · {number}", number=todo), press("services.list", "todo")))
    if heard.me.reads_all:
        own.append(Button(say("How it goes"), "services.figures"))
    return card(
        say("<b>Help where you live</b>"),
        say("What is it about? Your area's liaison or a service point answers you here."),
        say("🔒 Counselling, legal aid, disputes and children: only whoever helps you reads it."),
        rows=(*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), tuple(own)),
    )


async def kind(tx: Transaction, heard: Heard) -> Answer:
    """Who is there for one kind of help: in one's own area, or in another one."""
    block = _block(heard)
    area = await _area(tx, heard, heard.page(1))
    page = await services.points(tx, block.key, area, heard.page(2))
    liaisons = await services.working(tx, area.id, Role.LIAISON) if area else []
    rows: list[tuple[Button, ...]] = []
    if area and liaisons:
        label = say("📮 Ask the liaison of {area}", area=area.name)
        rows.append((Button(label, press("services.ask", block.key, "area", area.id), style="primary"),))
    rows += [
        (Button(say("🤝 {group}", group=each.name), press("services.ask", block.key, "group", each.id)),)
        for each in page.items
    ]
    if not page.total and not block.sensitive:
        rows.append((Button(say("＋ Post a need"), "projects.new"),))
    last = [Button(say("Another area") if area else say("Where do you live?"), press("services.where", block.key, 0))]
    if area and heard.page(1) and area != await callouts.home_area(tx, heard.me):
        last.append(Button(say("🏠 I live here"), press("callouts.live", area.id)))
    return card(
        say("{icon} <b>{block}</b>", icon=block.icon, block=block.name),
        *_liaisons(area, [each.nickname for each in liaisons]),
        *await _reply(tx, area if liaisons else None),
        *_points(block, page.total or 0),
        rows=(*rows, *page.turner("services.kind", block.key, area.id if area else 0), tuple(last)),
        back="services.home",
    )


def _block(heard: Heard) -> Block:
    found = BLOCKS.get(heard.args[0]) if heard.args else None
    if found is None:
        raise stale()
    return found


async def _area(tx: Transaction, heard: Heard, area_id: int) -> Area | None:
    return await callouts.area(tx, area_id) if area_id else await callouts.home_area(tx, heard.me)


def _liaisons(area: Area | None, names: list[str]) -> list[Said]:
    if area is None:
        return [say("Say where you live, and I know your liaison.")]
    if not names:
        return [say("{area} has no liaison yet.", area=area.name)]
    return [say("📮 Liaison of {area}: {names}", area=area.name, names=" · ".join(names))]


async def _reply(tx: Transaction, area: Area | None) -> list[Said]:
    seconds = await services.reply_seconds(tx, area.id) if area else None
    return [] if seconds is None else [say("The first answer takes {time} on average.", time=took(seconds))]


def _points(block: Block, number: int) -> list[Said]:
    """Who helps; a need stands open to the county, so nobody is sent there with what is sensitive."""
    if not number and block.sensitive:
        return [say("No service point helps in this yet. Please don't post it as a need: everybody reads those.")]
    if not number:
        return [say("No service point helps in this yet. Perhaps somebody in the county can: post it as a need.")]
    return [say_n("{n} service point helps in this:", "{n} service points help in this:", number)]


async def where(tx: Transaction, heard: Heard) -> Answer:
    """The areas, to look who is there."""
    block, page = _block(heard), await callouts.areas(tx, heard.page(1))
    rows = [
        (Button(say("🗺 {area}", area=each.name), press("services.kind", block.key, each.id)),) for each in page.items
    ]
    return card(
        say("{icon} <b>{block}</b>: where?", icon=block.icon, block=block.name),
        say("Where do you live, or where is help needed?")
        if page.items
        else say("No area is on the list yet. County admins put them there."),
        rows=(*rows, *page.turner("services.where", block.key)),
        back=press("services.kind", block.key),
    )


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask what it is about."""
    block, number = _block(heard), heard.number(2)
    of_area = heard.args[1] == "area"
    place: Area | groups.Group = await (callouts.area(tx, number) if of_area else groups.by_id(tx, number))
    known = {"block": block.key, "whom": heard.args[1], "number": number, "name": place.name}
    return await forms.begin(tx, heard, ASK, known)


async def _asked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    whom: dict[str, int] = {"area_id" if answers["whom"] == "area" else "group_id": answers["number"]}
    request = await services.ask(tx, answers["block"], answers["words"], by=heard.me, **whom)
    shown: Card = await screen(tx, heard, request)
    return shown.with_toast(say("Sent. I tell you when somebody answers."))


ASK = Form(
    "services.ask",
    say("Ask for help"),
    (
        Question(
            "words",
            say("About"),
            say("What do you need, and when does it suit you? A sentence or two is enough."),
            words,
        ),
    ),
    _asked,
    say("Send it"),
    effect=lambda known: (say("To: {name}", name=known["name"]),),
)
FORMS: tuple[Form, ...] = (ASK,)
ROUTES = [
    command("service", home, also=("求助", "社区服务", "找帮助", "help me")),
    on_press("services.home", home, link=True),
    on_press("services.kind", kind, link=True),
    on_press("services.where", where),
    on_press("services.ask", ask),
]
