"""Questions asked one after another, kept in rows: a restart in the middle harms nothing.

A form ends with a summary, and counts only when that is confirmed; one that only looks answers at once. Back, Skip and
Cancel are on every question.
"""

from bot.forms.filling import Forms, begin
from bot.forms.questions import (
    Finish,
    Form,
    Question,
    as_limit,
    as_moment,
    one_person,
    search,
    short_text,
    whole_number,
)

__all__ = [
    "Finish",
    "Form",
    "Forms",
    "Question",
    "as_limit",
    "as_moment",
    "begin",
    "one_person",
    "search",
    "short_text",
    "whole_number",
]
