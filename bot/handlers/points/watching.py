"""Unusual granting: what looks odd in how points are given, by which rule, with its numbers, and what is behind each row."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_counted, press
from bot.config import Granting
from bot.domain import people, points
from bot.domain.points import Odd, OddFinding, oddities
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

FINDINGS_A_PAGE = 5
NAMES = {
    Odd.MUCH: say("Much by one admin"),
    Odd.SAME: say("Often to the same person"),
    Odd.UNDER: say("Just under what one admin gives alone"),
    Odd.NIGHT: say("At night"),
    Odd.PAIR: say("Two who agree with each other"),
    Odd.GENEROUS: say("Gives unusually much"),
}
SENTENCES = {
    Odd.MUCH: say(
        "<b>Much by one admin</b> in the last {days} days, {name}: {n} times, {amount} points by hand; the others give "
        "{compared} on average (from {much} on, {factor} times that)"
    ),
    Odd.SAME: say("<b>Often to the same person</b>, by {name} to {other}: {n} times in {days} days, {amount} points"),
    Odd.UNDER: say(
        "<b>Just under what one admin gives alone</b>, more than {percent} % of it, by {name}: {n} times in {days} days"
    ),
    Odd.NIGHT: say("<b>At night</b>, {night}:00 to {morning}:00, by {name}: {n} times in {days} days, {amount} points"),
    Odd.PAIR: say(
        "<b>Two who agree with each other</b>, {name} and {other}: {n} times in {pairs} days, {amount} points"
    ),
    Odd.GENEROUS: say(
        "<b>Gives unusually much</b>: the activities of {name}, {n} in {days} days, {amount} points on their cards together; "
        "others have {compared} each on average"
    ),
}


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Unusual granting: what seems odd, and by which rule"""
    return await _list(tx, heard, heard.page())


def _rules(heard: Heard) -> Granting:
    return heard.house.settings.granting


async def _list(tx: Transaction, heard: Heard, number: int) -> Card:
    found = await oddities.odd_findings(tx, _rules(heard))
    begin = number * FINDINGS_A_PAGE
    shown = page_counted(found[begin : begin + FINDINGS_A_PAGE], number, len(found), FINDINGS_A_PAGE)
    buttons = [
        Button(say("{place}", place=place), press("points.odd.behind", each.rule, each.who, each.other))
        for place, each in enumerate(shown.items, begin + 1)
    ]
    lines = [
        say("{place}. {finding}", place=place, finding=_words(each, _rules(heard)))
        for place, each in enumerate(shown.items, begin + 1)
    ]
    return card(
        say("🔎 <b>Unusual granting</b>"),
        say("A rule pointing at something is no judgement: a number opens what is behind it.")
        if found
        else say("No rule points at anything. All is well."),
        BLANK,
        *lines,
        rows=(
            tuple(buttons),
            *shown.turner("points.odd"),
            (Button(say("What was looked at"), "points.odd.looked"),),
        ),
        back="points.figures",
    )


def _words(found: OddFinding, rules: Granting) -> Said:
    sentence = SENTENCES[found.rule]
    return Said(
        sentence.text,
        {
            "name": found.nickname,
            "other": found.other_nickname,
            "n": found.n,
            "amount": found.amount,
            "compared": found.compared,
            "days": rules.looked_at_days,
            "pairs": rules.pair_days,
            "much": rules.much_from,
            "factor": rules.much_factor,
            "percent": rules.under_percent,
            "night": rules.night_from_hour,
            "morning": rules.night_to_hour,
        },
    )


def _which(heard: Heard) -> tuple[Odd, int, int]:
    if not heard.args or heard.args[0] not in set(Odd):
        raise stale()
    return Odd(heard.args[0]), heard.number(1), heard.number(2)


async def behind(tx: Transaction, heard: Heard) -> Answer:
    """What is behind one row: grants by hand, or activities."""
    rule, who, other = _which(heard)
    shown = await oddities.odd_behind(tx, rule, who, other, heard.page(3), _rules(heard))
    leads = "activities.open" if rule is Odd.GENEROUS else "points.open"
    rows = [
        (Button(say("{amount}: {name}", amount=points.signed(each.amount), name=each.name), press(leads, each.id)),)
        for each in shown.items
    ]
    if heard.me.is_admin and shown.items and heard.me.id not in (who, other):
        mark = Button(say("I have looked at it"), press("points.odd.see", rule, who, other), style="primary")
        rows.append((mark,))
    return card(
        say("🔎 <b>{rule}</b> · {name}", rule=NAMES[rule], name=(await people.by_id(tx, who)).nickname),
        *(
            say("{amount} {name}, {moment}", amount=points.signed(each.amount), name=each.name, moment=Moment(each.at))
            for each in shown.items
        ),
        *(() if shown.items else (say("There is nothing of this."),)),
        rows=(*rows, *shown.turner("points.odd.behind", rule, who, other)),
        back="points.odd",
    )


async def see(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a word of what was found."""
    rule, who, other = _which(heard)
    return await forms.begin(tx, heard, SEEING, {"rule": rule.value, "who": who, "other": other})


async def _seen(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    rule = Odd(answers["rule"])
    await oddities.see_odd(
        tx, rule, int(answers["who"]), int(answers["other"]), answers["word"], by=heard.me, rules=_rules(heard)
    )
    screen = await _list(tx, heard, 0)
    return screen.with_toast(say("Kept. It comes back when something new is on top of it."))


async def looked(tx: Transaction, heard: Heard) -> Answer:
    """What somebody has looked at, and the word he left."""
    shown = await oddities.odd_seen(tx, heard.page())
    return card(
        say("🔎 <b>What was looked at</b>"),
        *(
            say(
                "<b>{rule}</b>, {name}: “{word}”\n{seer}, {moment}",
                rule=NAMES[each.rule],
                name=each.nickname,
                word=each.word,
                seer=each.seer,
                moment=Moment(each.seen_at),
            )
            for each in shown.items
        ),
        *(() if shown.items else (say("Nobody has looked at anything yet."),)),
        rows=shown.turner("points.odd.looked"),
        back="points.odd",
    )


SEEING = Form(
    "points.odd.see",
    say("Unusual granting"),
    (
        Question(
            "word",
            say("What did you find?"),
            say("What did you find? A word is enough; auditors read it."),
            forms.short_text(oddities.WORD_CHARACTERS_MAX),
        ),
    ),
    _seen,
    say("Keep it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (SEEING,)
ROUTES = [
    on_press("points.odd", listing, Who.READER),
    on_press("points.odd.behind", behind, Who.READER),
    on_press("points.odd.see", see, Who.ADMIN),
    on_press("points.odd.looked", looked, Who.READER),
]
