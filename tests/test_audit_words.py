"""Every deed of the audit log has its words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.domain.points import BUDGETS, GRANTS
from bot.domain.projects.things import Step
from bot.domain.reports.finding import NAMES
from bot.handlers.admin.deeds import DEEDS, DETAILS, SUBJECTS
from tests.publishing import join, published
from tests.town import Town

PACKAGE = Path(__file__).parent.parent / "bot"
# Deeds whose names are put together, and under no beginning those that are handed on as a value.
PARTS = {
    "": [
        "points.awarded",
        "points.moved",
        *(f"{desk.deed}.{what}" for desk in (GRANTS, BUDGETS) for what in ("asked", "agreed", "declined")),
        f"{BUDGETS.deed}.taken_back",
    ],
    "project.": [str(step) for step in Step if step is not Step.POST],
    "hours.": ["refused", "reversed"],
    "share.": ["declined", "given_back", "withdrawn"],
}


def _notes() -> Iterator[ast.Call]:
    """Every call of `note` that writes into the audit log."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and (
                called == "audit.note" or (called == "note" and "audit import note" in text)
            ):
                yield node


def _beginning(text: ast.expr) -> str:
    """A literal, or what stands before the first value of one that is put together."""
    first = text.values[0] if isinstance(text, ast.JoinedStr) else text
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_every_deed_is_called_something() -> None:
    """No deed is noted that only programmers can read, and no words are kept for one that nobody notes."""
    said = {_beginning(note.args[1]) for note in _notes()}
    deeds = {deed for deed in said if deed not in PARTS} | {f"{p}{each}" for p, each in _put_together()}
    assert deeds == set(DEEDS)


def _put_together() -> Iterator[tuple[str, str]]:
    return ((beginning, each) for beginning, endings in PARTS.items() for each in endings)


def test_every_detail_and_subject_is_called_something() -> None:
    """What is written beside a deed, and what it was done to."""
    details = {word.arg for note in _notes() for word in note.keywords if word.arg} - {"by"}
    subjects = {_beginning(note.args[2]).partition(":")[0] for note in _notes()} - {""}
    assert details <= set(DETAILS)
    assert subjects <= set(SUBJECTS) | set(NAMES)


async def test_a_correction_of_points_is_read_in_words(town: Town) -> None:
    """Which entry, why and whose, by their names."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    await town.days_pass(4)
    await town.dong.presses_data(f"activities.rest:{activity.id}")
    await town.dong.presses_data(f"activities.settled:{activity.id}")
    await town.dong.presses_data("points.correct:1")
    await town.dong.says("/audit")
    assert "took points back: entry #1, because of Dong #4, person Ming #1" in town.dong.screen.text
