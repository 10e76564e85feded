"""Topics: proposing, supporting, withdrawing, and telling what became of them."""

from bot import forms
from bot.cards import Button, Card, Onward, card, press
from bot.domain import council, people
from bot.domain.council import Topic
from bot.forms import Form, Question
from bot.handlers.council.sessions import label
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction


async def topic_command(tx: Transaction, heard: Heard) -> Answer:
    """Propose a topic for the youth council"""
    return await (_proposed(tx, heard, heard.words) if heard.words else propose(tx, heard))


async def propose(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a topic."""
    return await forms.begin(tx, heard, TOPIC)


async def _filled_in(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    return await _proposed(tx, heard, answers["topic"])


async def _proposed(tx: Transaction, heard: Heard, text: str) -> Card:
    topic, alike = await council.propose(tx, text, by=heard.me)
    return _alike(topic, alike) if alike else await _thanks(tx, heard, topic)


def _alike(topic: Topic, alike: list[Topic]) -> Card:
    """The similar topics that are open already: one with many supporters weighs more than two with few."""
    return card(
        say("Not proposed yet: “{text}”", text=topic.text),
        BLANK,
        say("Something similar is open already. Support it instead? One topic with many supporters weighs more."),
        *(say("• {text} · {n} 👍", text=other.text, n=other.support) for other in alike),
        rows=(
            *((Button(_support_label(other), press("council.support", other.id)),) for other in alike),
            (Button(say("Mine is different: propose it"), press("council.insist", topic.id)),),
        ),
        back="council.now",
    )


def _support_label(topic: Topic) -> Said:
    return say("👍 {topic}", topic=label(topic))


async def insist(tx: Transaction, heard: Heard) -> Answer:
    """Propose it although there are similar ones."""
    return await _thanks(tx, heard, await council.insist(tx, heard.number(), by=heard.me))


async def _thanks(tx: Transaction, heard: Heard, topic: Topic) -> Card:
    session = await council.current(tx)
    when = say("It counts for the session that collects topics now.")
    if session is None:
        at = council.next_opening(tx, heard.house.settings.council)
        when = say("No session is open now. I keep it for the next one, which opens {moment}.", moment=Moment(at))
    return card(
        say("Your topic is in: <b>{text}</b>", text=topic.text),
        when,
        rows=((Button(say("The topic"), press("council.topic", topic.id)), Button(say("All topics"), "council.now")),),
    )


async def show(tx: Transaction, heard: Heard) -> Answer:
    """One topic."""
    return await _card(tx, heard, await council.by_id(tx, heard.number()))


async def _card(tx: Transaction, heard: Heard, topic: Topic) -> Card:
    outcome = (say("Outcome: {outcome}", outcome=topic.outcome),) if topic.outcome else ()
    return card(
        say("<b>{text}</b>", text=topic.text),
        await _proposer(tx, topic),
        say_n("{n} supporter", "{n} supporters", topic.support),
        await _state(tx, topic),
        *outcome,
        rows=(await _buttons(tx, heard, topic),),
        back=press("council.agenda", topic.session_id) if topic.session_id else "council.now",
    )


async def _proposer(tx: Transaction, topic: Topic) -> Said:
    if topic.proposer_id is None:
        return say("Proposed by somebody who has left, {moment}", moment=Moment(topic.proposed_at))
    proposer = await people.by_id(tx, topic.proposer_id)
    return say("Proposed by {name}, {moment}", name=proposer.nickname, moment=Moment(topic.proposed_at))


async def _state(tx: Transaction, topic: Topic) -> Said:
    if topic.session_id:
        session = await council.session(tx, topic.session_id)
        return say(
            "Number {place} on the agenda of {month}", place=topic.place or 0, month=council.month_words(session.month)
        )
    if topic.state == "withdrawn":
        return say("Withdrawn")
    session_now = await council.current(tx)
    if session_now:
        return say("Open until {moment}", moment=Moment(session_now.closes_at))
    return say("Kept for the next session")


async def _buttons(tx: Transaction, heard: Heard, topic: Topic) -> tuple[Button, ...]:
    if topic.state == "agenda" and await council.may_answer(tx, heard.me):
        return (Button(say("Record the outcome"), press("council.answer", topic.id), style="primary"),)
    if topic.can_be_undone(heard.me, tx.now):
        return (Button(say("Undo ({n} s)", n=council.UNDO_SECONDS), press("council.unanswer", topic.id)),)
    if not topic.is_open:
        return ()
    if topic.proposer_id == heard.me.id:
        return (Button(say("Withdraw my topic"), press("council.withdraw", topic.id)),)
    if await council.supports(tx, topic, heard.me):
        return (Button(say("Take my support back"), press("council.unsupport", topic.id)),)
    return (Button(say("👍 I support this"), press("council.support", topic.id), style="primary"),)


async def support(tx: Transaction, heard: Heard) -> Answer:
    """Become a supporter of a topic."""
    topic = await council.support(tx, heard.number(), by=heard.me)
    return (await _card(tx, heard, topic)).with_toast(say("Thank you, you are counted."))


async def unsupport(tx: Transaction, heard: Heard) -> Answer:
    """Be no supporter any more."""
    topic = await council.unsupport(tx, heard.number(), by=heard.me)
    return (await _card(tx, heard, topic)).with_toast(say("You are no longer counted."))


async def ask_to_withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a topic and its supporters are given up."""
    topic = await council.by_id(tx, heard.number())
    return card(
        say("Withdraw “{text}”? This can't be undone.", text=topic.text),
        say_n("{n} person supports it.", "{n} people support it.", topic.support),
        rows=((Button(say("Yes, withdraw it"), press("council.withdraw.yes", topic.id), style="danger"),),),
        back=press("council.topic", topic.id),
    )


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Take one's own topic back."""
    return await _card(tx, heard, await council.withdraw(tx, heard.number(), by=heard.me))


async def record(tx: Transaction, heard: Heard) -> Answer:
    """Ask what became of a topic."""
    topic = await council.check_answerable(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, OUTCOME, {"topic": topic.id})


async def _recorded(tx: Transaction, heard: Heard, answers: dict[str, str | int]) -> Answer:
    topic = await council.answer(tx, int(answers["topic"]), str(answers["outcome"]), by=heard.me)
    return Onward(press("council.topic", topic.id))


async def unanswer(tx: Transaction, heard: Heard) -> Answer:
    """That was a slip."""
    topic = await council.unanswer(tx, heard.number(), by=heard.me)
    return (await _card(tx, heard, topic)).with_toast(say("Taken back; nobody was told."))


TOPIC = Form(
    "topic",
    say("A topic for the youth council"),
    (
        Question(
            "topic",
            say("Topic"),
            say("What should the council talk about? One sentence, for instance: the lamps in the park are broken"),
            lambda typed, tx: council.clean_topic(typed),
        ),
    ),
    _filled_in,
    say("Propose it"),
)
OUTCOME = Form(
    "outcome",
    say("What became of it"),
    (
        Question(
            "outcome",
            say("Outcome"),
            say("What was decided or done? The proposer and all supporters will read it."),
            lambda typed, tx: council.clean_outcome(typed),
        ),
    ),
    _recorded,
    say("Record and tell them"),
)
FORMS: tuple[Form, ...] = (TOPIC, OUTCOME)
ROUTES = [
    command("topic", topic_command, also=("话题", "我要说事", "提话题")),
    on_press("council.propose", propose),
    on_press("council.insist", insist),
    on_press("council.topic", show, link=True),
    on_press("council.support", support),
    on_press("council.unsupport", unsupport),
    on_press("council.withdraw", ask_to_withdraw),
    on_press("council.withdraw.yes", withdraw),
    on_press("council.answer", record),
    on_press("council.unanswer", unanswer),
]
