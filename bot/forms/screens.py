"""The screens of a form: a question with its buttons, and the summary before it counts."""

from bot.cards import Button, Card, card, press
from bot.forms.questions import MORE, Form, Open
from bot.locales import BLANK, Said, say

# More choices than these stand two in a row.
ALONE_MAX = 6


def screen(form: Form, opened: Open, complaint: Said | None = None) -> Card:
    """Where somebody is in a form; a `complaint` says first what was wrong, such as the last answer."""
    shown = _summary(form, opened) if opened.step >= len(form.questions) else _question(form, opened)
    if complaint is None:
        return shown
    return Card((complaint, BLANK, *shown.lines), shown.rows, home=False)


def _question(form: Form, opened: Open) -> Card:
    question = form.questions[opened.step]
    offered = [
        Button(label, press("form.choose", opened.id, opened.step, place))
        for place, (_, label) in enumerate(choices(form, opened))
    ]
    beside = 1 if len(offered) <= ALONE_MAX else 2
    rows = (tuple(offered[start : start + beside]) for start in range(0, len(offered), beside))
    skip = (Button(say("Skip"), press("form.skip", opened.id, opened.step)),) if question.optional else ()
    return card(
        _heading(form, opened),
        question.ask,
        rows=(*rows, (*back(form, opened), *skip, cancel(form, opened))),
        home=False,
    )


def choices(form: Form, opened: Open) -> tuple[tuple[str, Said], ...]:
    """What can be pressed instead of typed: what stands for typing it, and its label."""
    question = form.questions[opened.step]
    return (*question.choices, *question.offers(opened.known))


def _heading(form: Form, opened: Open) -> Said:
    """The form's name and, of several questions that are to be asked, which one this is."""
    asked = [i for i, question in enumerate(form.questions) if not question.is_passed_over(opened.answers)]
    if len(asked) == 1:
        return say("<b>{title}</b>", title=form.title)
    step = sum(i <= opened.step for i in asked)
    return say("<b>{title}</b> · {step} of {steps}", title=form.title, step=step, steps=len(asked))


def _summary(form: Form, opened: Open) -> Card:
    lines = [
        say("{label}: {value}", label=question.label, value=question.shown(opened.answers))
        for question in form.questions
        if opened.answers.get(question.name) is not None
    ]
    return card(
        say("<b>{title}</b> · please check", title=form.title),
        *lines,
        *form.effect(opened.known),
        rows=(
            (
                Button(form.confirm, press("form.done", opened.id), style="primary"),
                *((Button(say("More …"), press("form.more", opened.id)),) if has_more(form, opened) else ()),
            ),
            (*back(form, opened), cancel(form, opened)),
        ),
        home=False,
    )


def has_more(form: Form, opened: Open) -> bool:
    """Is everything answered but what is asked only of those who want it?"""
    return opened.step >= len(form.questions) and not opened.answers.get(MORE) and bool(more(form, opened))


def more(form: Form, opened: Open) -> list[str]:
    """What is asked only of those who want it, but for what was said at the beginning."""
    return [each.name for each in form.questions if each.extra and opened.answers.get(each.name) is None]


def back(form: Form, opened: Open) -> tuple[Button, ...]:
    """To the question before, where there is one."""
    first = form.last_step(opened.step, opened.answers) is None
    return () if first else (Button(say("‹ Back"), press("form.back", opened.id)),)


def cancel(form: Form, opened: Open) -> Button:
    """To drop the form."""
    return Button(form.stop, press("form.cancel", opened.id))
