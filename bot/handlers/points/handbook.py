"""/handbook: every way in which points come and go, from the rules in force, with one's own examples."""

from bot.cards import Button, card, press
from bot.domain import points, shop
from bot.domain.points import Rules, Section
from bot.handlers.points.statement import entry_line, titles_of
from bot.locales import BLANK, Said, say
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

EXAMPLES_MAX = 3
# The ways in which points come, each with the rules that go for it.
COMING = (
    (
        say("• Volunteer tasks, duties and visits: as many as stand on the card, once it is confirmed that you came."),
        (Section.ACTIVITIES, Section.KINDS),
    ),
    (
        say(
            "• How well it is proved that you came decides which part of them; hours from before your time here give none."
        ),
        (Section.EVIDENCE,),
    ),
    (say("• By hand: a county admin gives some with a reason."), (Section.HAND,)),
    (say("• From a group: its leaders reward members out of what the county granted it."), (Section.BUDGETS,)),
    (say("• From others: members give away some of theirs, see /give."), ()),
)
GOING = (
    (say("• In the shop: things are set aside with your points; if you don't come for them, both go back."), ()),
    (say("• You give some away: to somebody, or to what a group rewards with."), (Section.GIFTS,)),
    (
        say("• They expire when you don't use them for long; you are warned twice. What expires first is spent first."),
        (Section.EXPIRY,),
    ),
    (say("• Hours and stars never become fewer by spending points."), ()),
)
WRONG = ((say("• Open the entry from your statement, or from the message that told you of it."), (Section.APPEALS,)),)
Ways = tuple[tuple[Said, tuple[Section, ...]], ...]


async def handbook(tx: Transaction, heard: Heard) -> Answer:
    """How points come and go, by the rules in force, with my own examples"""
    rules = await points.rules(tx)
    return card(
        say("📖 <b>How points come and go</b>"),
        say("<b>They come</b>"),
        *_ways(rules, COMING),
        BLANK,
        say("<b>They go</b>"),
        *_ways(rules, GOING),
        BLANK,
        say("<b>If an entry is wrong</b>"),
        *_ways(rules, WRONG),
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


def _ways(rules: Rules, ways: Ways) -> tuple[Said, ...]:
    lines: list[Said] = []
    for way, sections in ways:
        chosen = [rule for section in sections for rule in points.in_section(section)]
        lines += [way, *points.rule_words(rules, chosen)]
    return tuple(lines)


async def _examples(tx: Transaction, heard: Heard) -> tuple[Said, ...]:
    """What has come to this person lately, and what the next thing in the shop would take."""
    shown = await points.entries(tx, heard.me.id, 0, each=EXAMPLES_MAX)
    month = await _month(tx, heard)
    if not shown.items:
        return (say("Nothing has come to you yet: your first task begins it."), BLANK)
    titles = await titles_of(tx, shown.items)
    cheapest = (await shop.items(tx, 0)).items[:1]
    return (
        say("<b>With you</b>"),
        *(entry_line(entry, titles) for entry in shown.items),
        *month,
        *(
            say("• In the shop from {price} on: “{name}”", name=it.name, price=shop.price_words(it.price))
            for it in cheapest
        ),
        BLANK,
    )


async def _month(tx: Transaction, heard: Heard) -> tuple[Said, ...]:
    """How much of the limits is used up, where there are any."""
    rules = await points.rules(tx)
    of_day, of_month = await points.given_for(tx, heard.me.id, tx.today.isoformat())
    day = say("• Activities of today have given you {n} of at most {limit}.", n=of_day, limit=rules.day_max)
    month = say("• Activities of this month have given you {n} of at most {limit}.", n=of_month, limit=rules.month_max)
    return (*((day,) if rules.day_max else ()), *((month,) if rules.month_max else ()))


ROUTES = [
    command("handbook", handbook, also=("积分手册", "积分规则", "积分管理办法")),
    on_press("points.handbook", handbook, link=True),
]
