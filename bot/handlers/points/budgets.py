"""A group's budget: what it has to reward with and what became of it; and what the county grants it."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import groups, points
from bot.domain.groups import Group
from bot.domain.points import BudgetLine, Reason, Request
from bot.forms import Form
from bot.handlers.points import agreeing
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

SCREENS = agreeing.Screens(
    desk=points.BUDGETS,
    route="points.budget",
    words=points.budget_words,
    waiting_title=say("💰 <b>Budgets of groups that wait</b>"),
    nothing_waits=say("Nothing waits. Points are granted to a group from its own card: Budget."),
    owner=lambda found: Button(say("Budget"), press("points.budget", found.owner_id)),
)
WHAT = {
    Reason.BUDGET: say("from the county"),
    Reason.GIFT: say("gift"),
    Reason.REWARD: say("reward"),
    Reason.REVERSAL: say("correction"),
}


async def shown(tx: Transaction, heard: Heard) -> Answer:
    """What a group has left, and what came and went; names for those who read its roll."""
    group = await points.budget_read_by(tx, heard.number(), heard.me)
    leads = await groups.leads(tx, group.id, heard.me)
    lines = await points.budget_lines(tx, group.id, heard.page(1))
    titles = await _titles(tx, lines)
    rules = await points.rules(tx)
    return card(
        say_n(
            "💰 <b>{group}</b> has {n} point to reward with",
            "💰 <b>{group}</b> has {n} points to reward with",
            await points.budget(tx, group.id),
            group=group.name,
        ),
        *points.rule_words(rules, points.in_section("budgets")),
        BLANK,
        *(_line(line, titles, named=leads or heard.me.reads_all) for line in lines.items),
        *(
            ()
            if lines.items
            else (say("Nothing came yet. A county admin grants points, and everybody can give some: /give."),)
        ),
        rows=(*lines.turner("points.budget", group.id), *_deeds(heard, group, leads)),
        back=press("groups.open", group.id),
    )


def _deeds(heard: Heard, group: Group, leads: bool) -> tuple[tuple[Button, ...], ...]:
    if not group.is_open:
        return ()
    row = [Button(say("Whom to reward"), press("points.reward", group.id))] if leads or heard.me.is_admin else []
    if heard.me.is_admin:
        row.append(Button(say("Grant points"), press("points.budget.ask", group.id)))
    return (tuple(row), (Button(say("Give points away"), press("points.gift.togroup", group.id)),))


async def _titles(tx: Transaction, lines: Page) -> dict[str, str]:
    """Why each was granted or given, by its cause."""
    ids: dict[str, list[int]] = {"budget": [], "reward": [], "gift": []}
    for kind, _, number in (line.event.partition(":") for line in lines.items):
        if kind in ids:
            ids[kind].append(int(number))
    found = {f"budget:{number}": why for number, why in (await points.BUDGETS.whys(tx, ids["budget"])).items()}
    found |= {f"gift:{number}": words for number, words in (await points.gift_said(tx, ids["gift"])).items()}
    whys = await points.reward_whys(tx, ids["reward"])
    return found | {f"reward:{number}": why.partition(" · ")[2] for number, why in whys.items()}


def _line(line: BudgetLine, titles: dict[str, str], *, named: bool) -> Said:
    back = line.reason is Reason.BUDGET and line.amount < 0
    title = titles.get(line.event, "")
    return say(
        "<b>{amount}</b> {what}{name}{title}{state}\n{moment} · entry {number}",
        amount=points.signed(line.amount),
        what=say("back to the county") if back else WHAT[line.reason],
        name=say(" · {name}", name=line.name) if named and line.name else BLANK,
        title=say(" “{title}”", title=title) if title else BLANK,
        state=say(" (taken back by entry {number})", number=line.reversed_by) if line.reversed_by else BLANK,
        moment=Moment(line.at),
        number=line.transfer_id,
    )


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form for one group."""
    group = await groups.admin_of(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, GRANT, {"group": group.id, "key": f"{heard.me.id}:{heard.update_id}"})


async def _asked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await points.ask_budget(
        tx, answers["group"], answers["amount"], answers["why"], answers["key"], by=heard.me
    )
    return _screen(found, heard)


def _screen(found: Request, heard: Heard) -> Card:
    if found.state != "given" or not heard.me.is_admin:
        return SCREENS.one(found, heard)
    back = Button(say("Take it back"), press("points.budget.takeback", found.id), style="danger")
    return SCREENS.one(found, heard, back)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One grant, with what to do about it."""
    return _screen(await points.BUDGETS.one(tx, heard.number()), heard)


async def agree(tx: Transaction, heard: Heard) -> Answer:
    """The second pair of eyes."""
    return _screen(await points.agree_budget(tx, heard.number(), by=heard.me), heard)


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """It is not granted."""
    return _screen(await points.decline_budget(tx, heard.number(), by=heard.me), heard)


async def take_back(tx: Transaction, heard: Heard) -> Answer:
    """It was a mistake."""
    return _screen(await points.take_back_budget(tx, heard.number(), by=heard.me), heard)


GRANT = agreeing.form(
    "points.budget",
    say("Grant points"),
    (20, 50, 100, 200),
    say("Why? The group reads it, and it stays on record."),
    _asked,
    say("Grant them"),
)
FORMS: tuple[Form, ...] = (GRANT,)
ROUTES = [
    on_press("points.budget", shown),
    on_press("points.budget.ask", ask, Who.ADMIN),
    on_press("points.budget.open", opened, Who.READER),
    on_press("points.budget.waiting", SCREENS.waiting, Who.READER),
    on_press("points.budget.agree", agree, Who.ADMIN),
    on_press("points.budget.decline", decline, Who.ADMIN),
    on_press("points.budget.takeback", take_back, Who.ADMIN),
]
