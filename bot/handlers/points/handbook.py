"""/handbook: every way in which points come and go, from the rules in force, with one's own examples; and the rules."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import points, shop
from bot.domain.points import ACTIVITY_MAX, GRANTED_MAX, Rules
from bot.forms import Form, Question
from bot.handlers.points.statement import entry_line, titles_of
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

EXAMPLES_MAX = 3


async def handbook(tx: Transaction, heard: Heard) -> Answer:
    """How points come and go, by the rules in force, with my own examples"""
    rules = await points.rules(tx)
    return card(
        say("📖 <b>How points come and go</b>"),
        say("<b>They come</b>"),
        say(
            "• Volunteer tasks and events: as many as stand on the card, at most {n}, once it is confirmed that you came.",
            n=rules.activity_max,
        ),
        say("• By hand: a county admin gives some with a reason, at most {n} a month.", n=rules.granted_month),
        BLANK,
        say("<b>They go</b>"),
        say("• In the shop: things are set aside with your points; if you don't come for them, both go back."),
        say("• Hours and stars never become fewer by spending points."),
        BLANK,
        *await _examples(tx, heard),
        say(
            "What is given to you is written down with the version of these rules; now it is version {version}.",
            version=rules.version,
        ),
        rows=(
            (
                Button(say("My points"), "points.mine"),
                Button(say("Why this balance?"), press("points.why", heard.me.id)),
            ),
            (Button(say("Redeem points"), "shop.list"), Button(say("The rules"), "points.rules")),
        ),
    )


async def _examples(tx: Transaction, heard: Heard) -> tuple[Said, ...]:
    """What has come to this person lately, and what the next thing in the shop would take."""
    shown = await points.entries(tx, heard.me.id, 0, each=EXAMPLES_MAX)
    if not shown.items:
        return (say("Nothing has come to you yet: your first task begins it."), BLANK)
    titles = await titles_of(tx, shown)
    cheapest = (await shop.items(tx, 0)).items[:1]
    return (
        say("<b>With you</b>"),
        *(entry_line(entry, titles) for entry in shown.items),
        *(
            say("• In the shop from {price} on: “{name}”", name=it.name, price=shop.price_words(it.price))
            for it in cheapest
        ),
        BLANK,
    )


async def rules(tx: Transaction, heard: Heard) -> Answer:
    """The rules that are in force."""
    return _rules(await points.rules(tx), heard)


def _rules(found: Rules, heard: Heard) -> Card:
    change = (Button(say("Change them"), "points.rules.change"),) if heard.me.is_admin else ()
    return card(
        say("📜 <b>The rules of points</b>, version {version}", version=found.version),
        *points.rules_words(found),
        *((say("In force since {moment}.", moment=Moment(found.made_at)),) if found.made_by else ()),
        rows=((Button(say("Older versions"), "points.rules.old"), *change),),
        back="points.handbook",
    )


async def old(tx: Transaction, heard: Heard) -> Answer:
    """All versions, the newest first."""
    page = await points.rule_versions(tx, heard.page())
    lines: list[Said] = []
    for each in page.items:
        lines += [say("<b>Version {version}</b>", version=each.version), *points.rules_words(each)]
    return card(
        say("📜 <b>All versions of the rules</b>"), *lines, rows=page.turner("points.rules.old"), back="points.rules"
    )


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form."""
    return await forms.begin(tx, heard, CHANGE, {"base": (await points.rules(tx)).version})


async def _changed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    amounts = (answers["activity_max"], answers["granted_alone"], answers["granted_month"])
    found = await points.change_rules(tx, answers["base"], *amounts, answers["why"], by=heard.me)
    return _rules(found, heard).with_toast(say("In force; everybody is told."))


CHANGE = Form(
    "points.rules",
    say("The rules of points"),
    (
        Question(
            "activity_max",
            say("An activity at most"),
            say("How many points may one activity give a person at most?"),
            forms.whole_number(0, ACTIVITY_MAX),
        ),
        Question(
            "granted_alone",
            say("By hand alone"),
            say("How many points may an admin give by hand without a second one?"),
            forms.whole_number(0, GRANTED_MAX),
        ),
        Question(
            "granted_month",
            say("By hand a month"),
            say("How many points may a person get by hand in a month?"),
            forms.whole_number(0, GRANTED_MAX),
        ),
        Question(
            "why",
            say("Why"),
            say("Why do they change? Everybody reads it."),
            forms.short_text(points.WHY_CHARACTERS_MAX),
        ),
    ),
    _changed,
    say("Put them into force"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (CHANGE,)
ROUTES = [
    command("handbook", handbook, also=("积分手册",)),
    on_press("points.handbook", handbook, link=True),
    on_press("points.rules", rules),
    on_press("points.rules.old", old),
    on_press("points.rules.change", change, Who.ADMIN),
]
