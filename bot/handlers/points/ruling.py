"""The rules of points: read by everybody, version by version; changed by admins, one rule at a time."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import points
from bot.domain.points import Rule, Rules
from bot.forms import Finish, Form, Question
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def rules(tx: Transaction, heard: Heard) -> Answer:
    """The rules that are in force."""
    return in_force(await points.rules(tx), heard)


def in_force(found: Rules, heard: Heard) -> Card:
    """The screen of the rules that are in force."""
    change = (Button(say("Change them"), "points.rules.change"),) if heard.me.is_admin else ()
    return card(
        say("📜 <b>The rules of points</b>, version {version}", version=found.version),
        *_sections(found),
        *((say("In force since {moment}.", moment=Moment(found.made_at)),) if found.made_by else ()),
        rows=((Button(say("Older versions"), "points.rules.old"), *change),),
        back="points.handbook",
    )


def _sections(found: Rules) -> list[Said]:
    """All sentences, under what they are about."""
    lines: list[Said] = []
    for section, title in points.SECTIONS.items():
        said = points.rule_words(found, points.in_section(section))
        lines += [say("<b>{title}</b>", title=title), *said] if said else []
    return lines


async def old(tx: Transaction, heard: Heard) -> Answer:
    """All versions and what each has changed, the newest first."""
    page = await points.rule_versions(tx, heard.page())
    lines: list[Said] = []
    for each in page.items:
        lines += [say("<b>Version {version}</b>", version=each.rules.version), *points.version_words(each)]
    numbers = [each.rules.version for each in page.items]
    whole = tuple(Button(say("№ {n}", n=number), press("points.rules.whole", number)) for number in numbers)
    return card(
        say("📜 <b>All versions of the rules</b>, and what each has changed"),
        *lines,
        rows=(whole[:3], whole[3:], *page.turner("points.rules.old")),
        back="points.rules",
    )


async def whole(tx: Transaction, heard: Heard) -> Answer:
    """All that one version says."""
    found = (await points.rule_version(tx, heard.number())).rules
    return card(
        say("📜 <b>The rules of points</b>, version {version}", version=found.version),
        *_sections(found),
        *((say("Why it changed: {why}", why=found.why), BLANK) if found.why else ()),
        back="points.rules.old",
    )


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Choose what it is about."""
    buttons = [Button(title, press("points.rules.about", section)) for section, title in points.SECTIONS.items()]
    return card(
        say("What do you want to change? It is in force at once, and everybody is told."),
        rows=(
            *(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)),
            (Button(say("Several at once: as a file"), "points.rules.file"),),
        ),
        back="points.rules",
    )


async def about(tx: Transaction, heard: Heard) -> Answer:
    """Choose the rule."""
    found = points.in_section(heard.args[0] if heard.args else "")
    if not found:
        raise Refused(say("There is no such rule. Nothing was changed."), WayOut(say("The rules"), "points.rules"))
    now = await points.rules(tx)
    rows = ((Button(_labelled(rule, now.number(rule)), press("points.rules.pick", rule.name)),) for rule in found)
    return card(
        say("Which rule? The number in force stands behind it."),
        *points.rule_words(now, found),
        rows=tuple(rows),
        back="points.rules.change",
    )


def _labelled(rule: Rule, number: int) -> Said:
    return say("{label} · {number}", label=rule.label, number=rule.show(number))


async def pick(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the new number, and why."""
    rule = points.rule_of(heard.args[0] if heard.args else "")
    return await forms.begin(tx, heard, CHANGES[rule.name], {"base": (await points.rules(tx)).version})


def _changed(rule: Rule) -> Finish:
    async def finish(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
        amounts = {rule.name: int(answers["number"])}
        found = await points.change_rules(tx, answers["base"], amounts, answers["why"], by=heard.me)
        return in_force(found, heard).with_toast(say("In force; everybody is told."))

    return finish


def _form(rule: Rule) -> Form:
    return Form(
        f"points.rules.{rule.name}",
        say("The rules of points"),
        (
            Question(
                "number",
                rule.label,
                rule.ask,
                forms.whole_number(rule.low, rule.high),
                show=rule.show,
                choices=tuple((str(number), rule.show(number)) for number in rule.choices),
            ),
            Question(
                "why",
                say("Why"),
                say("Why do they change? Everybody reads it."),
                forms.short_text(points.WHY_CHARACTERS_MAX),
            ),
        ),
        _changed(rule),
        say("Put them into force"),
        Who.ADMIN,
    )


CHANGES = {rule.name: _form(rule) for rule in points.RULES}
FORMS: tuple[Form, ...] = tuple(CHANGES.values())
ROUTES = [
    on_press("points.rules", rules),
    on_press("points.rules.old", old),
    on_press("points.rules.whole", whole),
    on_press("points.rules.change", change, Who.ADMIN),
    on_press("points.rules.about", about, Who.ADMIN),
    on_press("points.rules.pick", pick, Who.ADMIN),
]
