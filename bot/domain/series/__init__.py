"""What is planned again and again: templates with their usual time, and series by a rule."""

from bot.domain.series.keeping import invariants, known_of
from bot.domain.series.templates import bring_back, delete, keep, own_template, rename, template, templates_of
from bot.domain.series.things import NAME_CHARACTERS_MAX, UNDO_SECONDS, Model, Template, next_dates, usual

__all__ = [
    "NAME_CHARACTERS_MAX",
    "UNDO_SECONDS",
    "Model",
    "Template",
    "bring_back",
    "delete",
    "invariants",
    "keep",
    "known_of",
    "next_dates",
    "own_template",
    "rename",
    "template",
    "templates_of",
    "usual",
]
