"""How a form is filled in: begun, answered step by step in rows, and brought to its end."""

import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.cards import Card, card
from bot.forms import screens
from bot.forms.questions import MORE, Form, Open, Question
from bot.locales import say
from bot.refusal import Refused, WayOut, check_length, only_text
from bot.routing import Answer, Handler, Heard, Route, Who, admit, command, stale
from bot.routing import location as location_route
from bot.routing import photo as photo_route
from bot.routing import press as press_route
from bot.routing import text as text_route
from bot.storage import Transaction

TYPED_CHARACTERS_MAX = 1000
# Telegram's own limit; what another server lets through is not even looked at.
MESSAGE_CHARACTERS_MAX = 4096
Pressed = Callable[[Transaction, Heard], Awaitable[Answer]]
# What the buttons of every question are called: whoever types that, means the button.
CANCEL_WORDS = ("取消", "算了", "cancel")
BACK_WORDS = ("返回", "上一步", "back")
PUT_AWAY = say("What I was asking you before is closed, and nothing of it was saved.")
SKIP_WORDS = ("跳过", "skip")


async def begin(
    tx: Transaction, heard: Heard, form: Form, known: Mapping[str, Any] | None = None, **answers: Any
) -> Card:
    """Ask the first question that `answers` leaves open.

    An unfinished form of the same person is put away; whoever had answered something of another one is told so.
    """
    step = form.first_open(answers)
    unfinished = await tx.all(
        "DELETE FROM forms WHERE bot = :bot AND chat_id = :sender AND telegram_id = :sender RETURNING form, answers",
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
    loses = any(row["form"] != form.name and row["answers"] != "{}" for row in unfinished)
    return screens.screen(form, Open(form_id, form.name, step, dict(known or {}), answers), PUT_AWAY if loses else None)


class Forms:
    """All forms of the bot, and the routes by which they are answered."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = {form.name: form for form in forms}

    def routes(self, otherwise: Handler, located: Handler) -> list[Route]:
        """The routes of forms; text that answers no form goes `otherwise`, a location to `located`."""

        async def typed(tx: Transaction, heard: Heard) -> Answer:
            open_now = await self._open(tx, heard) if heard.chat.private else None
            return await self._typed(tx, heard, *open_now) if open_now else await otherwise(tx, heard)

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

    async def _typed(self, tx: Transaction, heard: Heard, form: Form, opened: Open) -> Answer:
        if button := self._button(form, opened, heard.words):
            return await button(tx, replace(heard, args=(str(opened.id), str(opened.step))))
        if opened.step >= len(form.questions):
            return screens.screen(form, opened, say("Please use the buttons: nothing counts until you confirm."))
        try:
            value = await _typed_value(form.questions[opened.step], heard.words, tx)
        except Refused as refused:
            return screens.screen(form, opened, refused.reason)
        return await self._answered(tx, heard, form, opened, value)

    async def pictured(self, tx: Transaction, heard: Heard) -> Answer:
        """A photo answers the question that asks for one, and nothing else."""
        if answered := await self._sent(tx, heard):
            return answered
        if opened := await _opened(tx, heard):
            only_words = say("I can only read text here. Nothing was saved; please write it, or tap a button.")
            return screens.screen(self._forms[opened.form], opened, only_words)
        raise only_text()

    async def _sent(self, tx: Transaction, heard: Heard) -> Answer:
        open_now = await self._open(tx, heard)
        if open_now is None:
            return None
        form, opened = open_now
        if opened.step >= len(form.questions) or form.questions[opened.step].sent != heard.kind:
            return None
        return await self._answered(tx, heard, form, opened, heard.event[heard.kind])

    def _button(self, form: Form, opened: Open, words: str) -> Pressed | None:
        """The button whose label was typed instead of pressed."""
        typed = words.strip(" /.!。！").casefold()
        if typed in SKIP_WORDS and opened.step < len(form.questions) and form.questions[opened.step].optional:
            return self.skip
        return self.cancel if typed in CANCEL_WORDS else self.back if typed in BACK_WORDS else None

    async def stop(self, tx: Transaction, heard: Heard) -> Answer:
        """Cancel what I was asking you"""
        open_now = await self._open(tx, heard)
        if open_now is None:
            raise Refused(say("There is nothing to cancel: I was not asking you anything. Nothing was changed."))
        return await self.cancel(tx, replace(heard, args=(str(open_now[1].id),)))

    async def choose(self, tx: Transaction, heard: Heard) -> Answer:
        form, opened = await self._mine(tx, heard)
        if opened.step >= len(form.questions) or heard.number(1) != opened.step:
            raise stale()
        choices, place = screens.choices(form, opened), heard.number(2)
        if place >= len(choices):
            raise stale()
        value = await _read(form.questions[opened.step], choices[place][0], tx)
        return await self._answered(tx, heard, form, opened, value)

    async def skip(self, tx: Transaction, heard: Heard) -> Answer:
        """Leave a question out: the one that the button stands under, for a second tap must not leave out the next one."""
        form, opened = await self._mine(tx, heard)
        if (
            opened.step >= len(form.questions)
            or not form.questions[opened.step].optional
            or heard.number(1) != opened.step
        ):
            raise stale()
        return await self._answered(tx, heard, form, opened, None)

    async def back(self, tx: Transaction, heard: Heard) -> Answer:
        form, opened = await self._mine(tx, heard)
        step = form.last_step(opened.step, opened.answers)
        return screens.screen(form, opened if step is None else await _store(tx, opened, step, opened.answers))

    async def more(self, tx: Transaction, heard: Heard) -> Answer:
        """Ask what is asked only of those who want it."""
        form, opened = await self._mine(tx, heard)
        if not screens.has_more(form, opened):
            raise stale()
        answers = {**opened.answers, MORE: screens.more(form, opened)}
        first = next(i for i, question in enumerate(form.questions) if question.extra)
        return screens.screen(form, await _store(tx, opened, form.next_step(first, answers), answers))

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
        # A question that came with an update since.
        if (step := form.first_open(opened.answers)) < len(form.questions):
            return screens.screen(form, await _store(tx, opened, step, opened.answers))
        try:
            return await self._finished(tx, heard, form, opened)
        except Refused as refused:
            # The refusal undoes the closing, and as a screen of its own it takes the form's buttons away.
            if not refused.ways_out:
                raise
            ways_back = (
                WayOut(each.label, each.data) for each in (*screens.back(form, opened), screens.cancel(form, opened))
            )
            raise Refused(refused.reason, *refused.ways_out, *ways_back) from refused

    async def _finished(self, tx: Transaction, heard: Heard, form: Form, opened: Open) -> Answer:
        admit(form.who, heard.person)
        await tx.run("DELETE FROM forms WHERE id = :id", id=opened.id)
        return await form.finish(tx, replace(heard, args=()), {**opened.known, **opened.answers})

    async def _mine(self, tx: Transaction, heard: Heard) -> tuple[Form, Open]:
        """The form whose button was pressed, if it is still open and belongs to whoever pressed."""
        open_now = await self._open(tx, heard)
        if open_now is None or open_now[1].id != heard.number():
            raise Refused(say("This form is closed: it was finished or cancelled before. Nothing was changed now."))
        return open_now

    async def _open(self, tx: Transaction, heard: Heard) -> tuple[Form, Open] | None:
        """What somebody is filling in; None where that is nothing, or a form that an update has taken away."""
        opened = await _opened(tx, heard)
        form = self._forms.get(opened.form) if opened else None
        return (form, opened) if form and opened else None

    async def _answered(self, tx: Transaction, heard: Heard, form: Form, opened: Open, value: Any) -> Answer:
        answers = {**opened.answers, form.questions[opened.step].name: value}
        step = form.next_step(opened.step + 1, answers)
        # An answer that this one makes needless, given on the way back and forth, must not count.
        for question in form.questions[opened.step + 1 : step]:
            if not question.is_passed_over(opened.answers):
                answers.pop(question.name, None)
        if form.looks and step >= len(form.questions):
            return await self._finished(tx, heard, form, replace(opened, answers=answers))
        return screens.screen(form, await _store(tx, opened, step, answers))


async def _read(question: Question, typed: str, tx: Transaction) -> Any:
    value = question.read(typed, tx)
    return await value if inspect.isawaitable(value) else value


async def _typed_value(question: Question, typed: str, tx: Transaction) -> Any:
    """What the question makes of it; its own limit or rule is said before that of all text. Raises Refused."""
    check_length(typed, MESSAGE_CHARACTERS_MAX)
    value = await _read(question, typed, tx)
    check_length(typed, TYPED_CHARACTERS_MAX)
    return value


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
