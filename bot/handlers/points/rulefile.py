"""The rules of points as a file: given to an admin, and taken back with what it changes shown before it counts."""

from typing import Any

from bot import forms
from bot.cards import File, card
from bot.domain import people, points
from bot.forms import Form, Question
from bot.handlers.points import ruling
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.routing import READ_BYTES_MAX, Answer, Heard, Who, document
from bot.routing import press as on_press
from bot.storage import Transaction


async def file(tx: Transaction, heard: Heard) -> Answer:
    """The rules in force, to be changed and sent back."""
    found = await points.rules(tx)
    content = points.rules_written(found, people.reader(tx, heard.me.language))
    return card(
        say("📜 <b>The rules of points</b>, version {version}", version=found.version),
        say(
            "Change numbers in the file, write why, and send it back to me here. You see what it changes before it counts."
        ),
        file=File(f"points-rules-{found.version}.toml", content.encode()),
        back="points.rules",
    )


async def sent(tx: Transaction, heard: Heard) -> Answer:
    """What the file would change: nothing counts before it is confirmed."""
    if not heard.asked:
        raise Refused(
            say(
                "I could not read this file: it is empty, larger than {n} KB, or Telegram did not give it to me. Nothing was "
                "changed; please send it again.",
                n=READ_BYTES_MAX // 1024,
            ),
            WayOut(say("The rules"), "points.rules"),
        )
    read = await points.read_rules(tx, heard.asked)
    changes = [[change.rule.name, change.old, change.new] for change in read.changes]
    why = {"why": read.why} if read.why else {}
    return await forms.begin(tx, heard, TAKING, {"base": read.base, "changes": changes}, **why)


def _effect(known: Any) -> list[Said]:
    """Each rule that changes, before and after."""
    return [
        say("• {rule}: {old} → {new}", rule=rule.label, old=rule.show(old), new=rule.show(new))
        for rule, old, new in ((points.rule_of(name), old, new) for name, old, new in known["changes"])
    ]


async def _taken(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    amounts = {name: new for name, _, new in answers["changes"]}
    found = await points.change_rules(tx, answers["base"], amounts, answers["why"], by=heard.me)
    return ruling.in_force(found, heard).with_toast(say("In force; everybody is told."))


TAKING = Form(
    "points.rules.file",
    say("The rules of points"),
    (
        Question(
            "why",
            say("Why"),
            say("Why do they change? Everybody reads it."),
            forms.short_text(points.WHY_CHARACTERS_MAX),
        ),
    ),
    _taken,
    say("Put them into force"),
    Who.ADMIN,
    effect=_effect,
)
FORMS: tuple[Form, ...] = (TAKING,)
ROUTES = [
    on_press("points.rules.file", file, Who.ADMIN),
    document(sent, Who.ADMIN),
]
