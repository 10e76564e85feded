"""What a form is made of: questions, how each is read and shown, and what is done at the end."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import dates
from bot.domain import groups, people
from bot.locales import Moment, Said, say
from bot.refusal import check_length, check_number
from bot.routing import Answer, Heard, Who
from bot.storage import Transaction

# A value, or a coroutine for one where the database has to be asked.
Read = Callable[[str, Transaction], Any]
Show = Callable[[Any], Said]
CANCEL = say("Cancel")
# The answer that says whether the rest is asked, too.
MORE = "more"
Finish = Callable[[Transaction, Heard, dict[str, Any]], Awaitable[Answer]]


def as_typed(value: Any) -> Said:
    """Show an answer as it was given."""
    return say("{value}", value=str(value))


def as_moment(value: int) -> Said:
    """Show an answer that is an instant in Unix seconds."""
    return say("{moment}", moment=Moment(value))


def as_limit(value: int | None) -> Said:
    """Show an answer that is the most there may be; 0 and None are no limit."""
    return say("{value}", value=value) if value else say("no limit")


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


async def one_person(typed: str, tx: Transaction) -> str:
    """Reads a nickname or a number; the answer has both: Ming #12."""
    person = await people.one_named(tx, typed)
    return f"{person.nickname} #{person.id}"


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
    # Shows it instead where other answers say what it means, such as the end of what a beginning was said of.
    show_among: Callable[[Any, Mapping[str, Any]], Said] | None = None
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
        return self.settled(answers) or (self.extra and self.name not in (answers.get(MORE) or ()))

    def shown(self, answers: Mapping[str, Any]) -> Said:
        """Its answer, in words."""
        value = answers[self.name]
        return self.show(value) if self.show_among is None else self.show_among(value, answers)


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
    # It changes nothing: the last answer is enough, and there is nothing to confirm.
    looks: bool = False

    def first_open(self, answers: Mapping[str, Any]) -> int:
        """The first question that is to be asked and has no answer; past the last one where all have."""
        unanswered = (
            i for i, q in enumerate(self.questions) if q.name not in answers and not q.is_passed_over(answers)
        )
        return next(unanswered, len(self.questions))

    def next_step(self, step: int, answers: Mapping[str, Any]) -> int:
        """The first question from `step` on that is to be asked; past the last one comes the summary."""
        rest = range(step, len(self.questions))
        return next((i for i in rest if not self.questions[i].is_passed_over(answers)), len(self.questions))

    def last_step(self, step: int, answers: Mapping[str, Any]) -> int | None:
        """The question asked before `step`, if any."""
        return next((i for i in reversed(range(step)) if not self.questions[i].is_passed_over(answers)), None)


def search(name: str, ask: Said, finish: Finish, who: Who = Who.MEMBER) -> Form:
    """A form that asks for a `word` to look for, and shows at once what has it."""
    word = Question("word", say("Search for"), ask, lambda typed, tx: groups.clean_query(typed))
    return Form(name, say("Search"), (word,), finish, say("Search"), who, looks=True)


@dataclass(frozen=True)
class Open:
    """A form that somebody is filling in. `step` is the question's place; past the last one comes the summary."""

    id: int
    form: str
    step: int
    known: dict[str, Any]
    answers: dict[str, Any]
