"""The supervisor's list: what looks odd, by which rule, with its numbers, and the records behind each row."""

from bot.cards import Button, card, page_counted, press
from bot.domain import hours, people
from bot.domain.hours import Finding, Rule, length
from bot.handlers.hours import showing
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

FINDINGS_A_PAGE = 5


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Hours to look at: what seems odd, and by which rule"""
    number = 0 if heard.kind == "command" else heard.page()
    found = await hours.findings(tx, heard.house.settings.hours)
    begin = number * FINDINGS_A_PAGE
    shown = page_counted(found[begin : begin + FINDINGS_A_PAGE], number, len(found), FINDINGS_A_PAGE)
    if not found:
        return card(say("<b>Hours to look at</b>"), say("No rule points at anything. All is well."), back="hours.desk")
    lines = [
        say("{place}. {finding}", place=begin + i, finding=_words(each, heard)) for i, each in enumerate(shown.items, 1)
    ]
    buttons = [
        Button(say("{place}", place=begin + i), press("hours.behind", each.rule.value, each.who, each.minute))
        for i, each in enumerate(shown.items, 1)
    ]
    return card(
        say("<b>Hours to look at</b>"),
        say("A rule pointing at something is no judgement: a number opens the records behind it."),
        BLANK,
        *lines,
        rows=(tuple(buttons), *shown.turner("hours.odd")),
        back="hours.desk",
    )


def _words(found: Finding, heard: Heard) -> Said:
    rules = heard.house.settings.hours
    sentence = _SENTENCES[found.rule]
    return Said(
        sentence.text,
        {
            "name": found.nickname,
            "records": say_n("{n} record", "{n} records", found.n),
            "length": length(found.minutes),
            "compared": length(found.compared),
            "moment": Moment(found.minute * 60),
            "closing": rules.closing_hours,
            "limit": rules.leader_hours_a_month,
            "hurried": rules.hurried_minutes,
            "percent": rules.mostly_c_percent,
        },
    )


_SENTENCES = {
    Rule.AFTERWARDS: say("<b>Written afterwards</b> in the last 7 days by {name}: {records}, {length}"),
    Rule.DISPUTED: say("<b>Said to be wrong</b> by {name}, not answered yet: {records}, {length}"),
    Rule.LATE: say("<b>Entered after closing</b>, more than {closing} h after the end, by {name}: {records}, {length}"),
    Rule.VOLUME: say(
        "<b>Unusual volume</b> this month by {name}: {records}, {length}; the others enter {compared} on average (from "
        "{limit} h on, three times that)"
    ),
    Rule.HURRIED: say("<b>Minutes after publication</b>, less than {hurried} min, by {name}: {records}, {length}"),
    Rule.MOSTLY_C: say("<b>Mostly grade C</b>, more than {percent} %, of {name}: {length} of {compared}"),
    Rule.BURST: say("<b>Many in one minute</b>, {moment}, one by one, by {name}: {records}, {length}"),
}


async def behind(tx: Transaction, heard: Heard) -> Answer:
    """The records behind one row."""
    if not heard.args or heard.args[0] not in set(Rule):
        raise stale()
    rule, who, minute = Rule(heard.args[0]), heard.number(1), heard.page(2)
    rules = heard.house.settings.hours
    shown = await hours.records_behind(tx, rule, who, minute, heard.page(3), rules)
    name = (await people.by_id(tx, who)).nickname
    known = await hours.findings(tx, rules, (rule,))
    return card(
        say("<b>Hours to look at</b> · {name}", name=name),
        *(_words(each, heard) for each in known if (each.who, each.minute) == (who, minute)),
        shown.place(),
        rows=(*await showing.named_buttons(tx, shown), *shown.turner("hours.behind", rule.value, who, minute)),
        back="hours.odd",
    )


ROUTES = [
    command("oddhours", listing, Who.READER, also=("时长检查",)),
    on_press("hours.odd", listing, Who.READER),
    on_press("hours.behind", behind, Who.READER),
]
