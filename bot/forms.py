"""Questions asked one after another, kept in rows: a restart in the middle harms nothing.

A form ends with a summary, and counts only when that is confirmed. Back, Skip and Cancel are on every question.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot import dates
from bot.cards import Button, Card, card, press
from bot.locales import BLANK, Said, say
from bot.refusal import Refused, WayOut, check_length, check_number
from bot.routing import Answer, Handler, Heard, Route, Who, admit, command, stale
from bot.routing import location as location_route
from bot.routing import photo as photo_route
from bot.routing import press as press_route
from bot.routing import text as text_route
from bot.storage import Transaction

TYPED_CHARACTERS_MAX = 1000
# A value, or a coroutine for one where the database has to be asked.
Read = Callable[[str, Transaction], Any]
Show = Callable[[Any, Mapping[str, Any]], Said]
Pressed = Callable[[Transaction, Heard], Awaitable[Answer]]
# What the buttons of every question are called: whoever types that, means the button.
CANCEL_WORDS = ("取消", "算了", "cancel")
BACK_WORDS = ("返回", "上一步", "back")
SKIP_WORDS = ("跳过", "skip")
CANCEL = say("Cancel")
# The answer that says whether the rest is asked, too.
MORE = "more"
Finish = Callable[[Transaction, Heard, dict[str, Any]], Awaitable[Answer]]


def as_typed(value: Any, answers: Mapping[str, Any]) -> Said:
    """Show an answer as it was given."""
    return say("{value}", value=str(value))


def _nothing(known: Mapping[str, Any]) -> tuple[()]:
    return ()


def _never(answers: Mapping[str, Any]) -> bool:
    return False


def short_text(limit: int) -> Read:
    """Reads one line of at most `limit` characters."""

    def read(typed: str, tx: Transaction) -> str:
        words = " ".join(typed.split())
        check_length(words, limit)
        return words

    return read


def whole_number(low: int, high: int) -> Read:
    """Reads a whole number from `low` to `high` as people write it: 20, ２０, 二十人."""

    def read(typed: str, tx: Transaction) -> int:
        return check_number(dates.read_count(typed), low, high)

    return read


@dataclass(frozen=True)
class Question:
    """One question. `read` makes a JSON value of what was typed or raises Refused; `choices` are offered as buttons.

    `settled` says of the answers so far that this one need not be asked: what was known at the beginning stays.
    """

    name: str
    label: Said
    ask: Said
    read: Read
    show: Show = as_typed
    optional: bool = False
    choices: tuple[tuple[str, Said], ...] = ()
    settled: Callable[[Mapping[str, Any]], bool] = _never
    # Choices that depend on what was known at the beginning; they come after the others.
    offers: Callable[[Mapping[str, Any]], Iterable[tuple[str, Said]]] = _nothing
    # Answered with a "photo", of which Telegram's number is the value, or with a "location".
    sent: str = ""
    # Asked only of whoever presses More at the end.
    extra: bool = False

    def is_passed_over(self, answers: Mapping[str, Any]) -> bool:
        """Need it not be asked?"""
        return self.settled(answers) or (self.extra and not answers.get(MORE))


@dataclass(frozen=True)
class Form:
    """Questions, and what is done with the answers once the summary was confirmed."""

    name: str
    title: Said
    questions: tuple[Question, ...]
    finish: Finish
    confirm: Said
    who: Who = Who.MEMBER
    # What confirming does beside what was asked, from what was known at the beginning.
    effect: Callable[[Mapping[str, Any]], Iterable[Said]] = _nothing
    # The button that drops the form, where «cancel» could be taken for the deed itself.
    stop: Said = CANCEL

    def next_step(self, step: int, answers: Mapping[str, Any]) -> int:
        """The first question from `step` on that is to be asked; past the last one comes the summary."""
        rest = range(step, len(self.questions))
        return next((i for i in rest if not self.questions[i].is_passed_over(answers)), len(self.questions))

    def last_step(self, step: int, answers: Mapping[str, Any]) -> int | None:
        """The question asked before `step`, if any."""
        return next((i for i in reversed(range(step)) if not self.questions[i].is_passed_over(answers)), None)


@dataclass(frozen=True)
class Open:
    """A form that somebody is filling in. `step` is the question's place; past the last one comes the summary."""

    id: int
    form: str
    step: int
    known: dict[str, Any]
    answers: dict[str, Any]


async def begin(
    tx: Transaction, heard: Heard, form: Form, known: Mapping[str, Any] | None = None, **answers: Any
) -> Card:
    """Ask the first question that `answers` leaves open. An unfinished form of the same person is put away."""
    missing = (i for i, q in enumerate(form.questions) if q.name not in answers and not q.is_passed_over(answers))
    step = next(missing, len(form.questions))
    await tx.run(
        "DELETE FROM forms WHERE bot = :bot AND chat_id = :sender AND telegram_id = :sender",
        bot=tx.bot,
        sender=heard.sender.id,
    )
    form_id = await tx.value(
        "INSERT INTO forms (bot, chat_id, telegram_id, form, step, known, answers, changed_at) "
        "VALUES (:bot, :sender, :sender, :form, :step, :known, :answers, :now) RETURNING id",
        bot=tx.bot,
        sender=heard.sender.id,
        form=form.name,
        step=step,
        known=json.dumps(dict(known or {}), ensure_ascii=False),
        answers=json.dumps(answers, ensure_ascii=False),
        now=tx.now,
    )
    return _screen(form, Open(form_id, form.name, step, dict(known or {}), answers))


class Forms:
    """All forms of the bot, and the routes by which they are answered."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = {form.name: form for form in forms}

    def routes(self, otherwise: Handler, located: Handler) -> list[Route]:
        """The routes of forms; text that answers no form goes `otherwise`, a location to `located`."""

        async def typed(tx: Transaction, heard: Heard) -> Answer:
            opened = await _opened(tx, heard) if heard.chat.private else None
            return await self._typed(tx, heard, opened) if opened else await otherwise(tx, heard)

        async def sent(tx: Transaction, heard: Heard) -> Answer:
            return await self._sent(tx, heard) or await located(tx, heard)

        return [
            text_route(typed),
            command("cancel", self.stop, Who.ANYONE | Who.MEMBER, menu=False, also=("取消",)),
            photo_route(self.pictured),
            location_route(sent),
            press_route("form.choose", self.choose, Who.ANYONE),
            press_route("form.skip", self.skip, Who.ANYONE),
            press_route("form.back", self.back, Who.ANYONE),
            press_route("form.more", self.more, Who.ANYONE),
            press_route("form.cancel", self.cancel, Who.ANYONE),
            press_route("form.done", self.done, Who.ANYONE),
        ]

    async def _typed(self, tx: Transaction, heard: Heard, opened: Open) -> Answer:
        form = self._forms[opened.form]
        if button := self._button(form, opened, heard.words):
            return await button(tx, replace(heard, args=(str(opened.id),)))
        if opened.step >= len(form.questions):
            return _screen(form, opened, say("Please use the buttons: nothing counts until you confirm."))
        try:
            check_length(heard.words, TYPED_CHARACTERS_MAX)
            value = await _read(form.questions[opened.step], heard.words, tx)
        except Refused as refused:
            return _screen(form, opened, refused.reason)
        return await self._answered(tx, form, opened, value)

    async def pictured(self, tx: Transaction, heard: Heard) -> Answer:
        """A photo answers the question that asks for one, and nothing else."""
        if answered := await self._sent(tx, heard):
            return answered
        raise Refused(say("I can only read text here. Nothing was saved. /help shows what I can do."))

    async def _sent(self, tx: Transaction, heard: Heard) -> Card | None:
        opened = await _opened(tx, heard)
        form = self._forms[opened.form] if opened else None
        if opened and form and opened.step < len(form.questions) and form.questions[opened.step].sent == heard.kind:
            return await self._answered(tx, form, opened, heard.event[heard.kind])
        return None

    def _button(self, form: Form, opened: Open, words: str) -> Pressed | None:
        """The button whose label was typed instead of pressed."""
        typed = words.strip(" /.!。！").casefold()
        if typed in SKIP_WORDS and opened.step < len(form.questions) and form.questions[opened.step].optional:
            return self.skip
        return self.cancel if typed in CANCEL_WORDS else self.back if typed in BACK_WORDS else None

    async def stop(self, tx: Transaction, heard: Heard) -> Answer:
        """Cancel what I was asking you"""
        opened = await _opened(tx, heard)
        if opened is None:
            raise Refused(say("There is nothing to cancel: I was not asking you anything. Nothing was changed."))
        return await self.cancel(tx, replace(heard, args=(str(opened.id),)))

    async def choose(self, tx: Transaction, heard: Heard) -> Answer:
        form, opened = await self._mine(tx, heard)
        if opened.step >= len(form.questions) or heard.number(1) != opened.step:
            raise stale()
        choices, place = _choices(form, opened), heard.number(2)
        if place >= len(choices):
            raise stale()
        value = await _read(form.questions[opened.step], choices[place][0], tx)
        return await self._answered(tx, form, opened, value)

    async def skip(self, tx: Transaction, heard: Heard) -> Answer:
        form, opened = await self._mine(tx, heard)
        if opened.step >= len(form.questions) or not form.questions[opened.step].optional:
            raise stale()
        return await self._answered(tx, form, opened, None)

    async def back(self, tx: Transaction, heard: Heard) -> Answer:
        form, opened = await self._mine(tx, heard)
        step = form.last_step(opened.step, opened.answers)
        return _screen(form, opened if step is None else await _store(tx, opened, step, opened.answers))

    async def more(self, tx: Transaction, heard: Heard) -> Answer:
        """Ask what is asked only of those who want it."""
        form, opened = await self._mine(tx, heard)
        if not _has_more(form, opened):
            raise stale()
        answers = {**opened.answers, MORE: True}
        first = next(i for i, question in enumerate(form.questions) if question.extra)
        return _screen(form, await _store(tx, opened, form.next_step(first, answers), answers))

    async def cancel(self, tx: Transaction, heard: Heard) -> Answer:
        _, opened = await self._mine(tx, heard)
        await tx.run("DELETE FROM forms WHERE id = :id", id=opened.id)
        return card(say("Cancelled. Nothing was saved."))

    async def done(self, tx: Transaction, heard: Heard) -> Answer:
        """Confirmed: the form is closed and its deed done in the same transaction, so a second tap finds nothing.

        The end hears no arguments: the button's is the form's number, and a list shown there would take it for its page.
        """
        form, opened = await self._mine(tx, heard)
        if opened.step < len(form.questions):
            raise stale()
        admit(form.who, heard.person)
        await tx.run("DELETE FROM forms WHERE id = :id", id=opened.id)
        try:
            return await form.finish(tx, replace(heard, args=()), {**opened.known, **opened.answers})
        except Refused as refused:
            # The refusal undoes the closing, and as a screen of its own it takes the form's buttons away.
            if not refused.ways_out:
                raise
            ways_back = (WayOut(each.label, each.data) for each in (*_back(form, opened), _cancel(form, opened)))
            raise Refused(refused.reason, *refused.ways_out, *ways_back) from refused

    async def _mine(self, tx: Transaction, heard: Heard) -> tuple[Form, Open]:
        """The form whose button was pressed, if it is still open and belongs to whoever pressed."""
        opened = await _opened(tx, heard)
        if opened is None or opened.id != heard.number():
            raise Refused(say("This form is closed: it was finished or cancelled before. Nothing was changed now."))
        return self._forms[opened.form], opened

    async def _answered(self, tx: Transaction, form: Form, opened: Open, value: Any) -> Card:
        answers = {**opened.answers, form.questions[opened.step].name: value}
        step = form.next_step(opened.step + 1, answers)
        # An answer that this one makes needless, given on the way back and forth, must not count.
        for question in form.questions[opened.step + 1 : step]:
            if not question.is_passed_over(opened.answers):
                answers.pop(question.name, None)
        return _screen(form, await _store(tx, opened, step, answers))


async def _read(question: Question, typed: str, tx: Transaction) -> Any:
    value = question.read(typed, tx)
    return await value if inspect.isawaitable(value) else value


async def _opened(tx: Transaction, heard: Heard) -> Open | None:
    row = await tx.one(
        "SELECT id, form, step, known, answers FROM forms WHERE bot = :bot AND chat_id = :chat AND telegram_id = :sender",
        bot=tx.bot,
        chat=heard.sender.id,
        sender=heard.sender.id,
    )
    if row is None:
        return None
    return Open(row["id"], row["form"], row["step"], json.loads(row["known"]), json.loads(row["answers"]))


async def _store(tx: Transaction, opened: Open, step: int, answers: dict[str, Any]) -> Open:
    await tx.run(
        "UPDATE forms SET step = :step, answers = :answers, changed_at = :now WHERE id = :id",
        step=step,
        answers=json.dumps(answers, ensure_ascii=False),
        now=tx.now,
        id=opened.id,
    )
    return Open(opened.id, opened.form, step, opened.known, answers)


def _screen(form: Form, opened: Open, complaint: Said | None = None) -> Card:
    shown = _summary(form, opened) if opened.step >= len(form.questions) else _question(form, opened)
    if complaint is None:
        return shown
    return Card((complaint, BLANK, *shown.lines), shown.rows, home=False)


def _question(form: Form, opened: Open) -> Card:
    question = form.questions[opened.step]
    rows = [
        (Button(label, press("form.choose", opened.id, opened.step, place)),)
        for place, (_, label) in enumerate(_choices(form, opened))
    ]
    skip = (Button(say("Skip"), press("form.skip", opened.id)),) if question.optional else ()
    return card(
        _heading(form, opened),
        question.ask,
        rows=(*rows, (*_back(form, opened), *skip, _cancel(form, opened))),
        home=False,
    )


def _choices(form: Form, opened: Open) -> tuple[tuple[str, Said], ...]:
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
        say("{label}: {value}", label=question.label, value=question.show(value, opened.answers))
        for question in form.questions
        if (value := opened.answers.get(question.name)) is not None
    ]
    return card(
        say("<b>{title}</b> · please check", title=form.title),
        *lines,
        *form.effect(opened.known),
        rows=(
            (
                Button(form.confirm, press("form.done", opened.id), style="primary"),
                *((Button(say("More …"), press("form.more", opened.id)),) if _has_more(form, opened) else ()),
            ),
            (*_back(form, opened), _cancel(form, opened)),
        ),
        home=False,
    )


def _has_more(form: Form, opened: Open) -> bool:
    """Is everything answered but what is asked only of those who want it?"""
    more = any(question.extra for question in form.questions) and not opened.answers.get(MORE)
    return more and opened.step >= len(form.questions)


def _back(form: Form, opened: Open) -> tuple[Button, ...]:
    first = form.last_step(opened.step, opened.answers) is None
    return () if first else (Button(say("‹ Back"), press("form.back", opened.id)),)


def _cancel(form: Form, opened: Open) -> Button:
    return Button(form.stop, press("form.cancel", opened.id))
