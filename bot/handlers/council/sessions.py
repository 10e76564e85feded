"""What the council is at now, what is on its agendas, and an admin's opening and closing by hand."""

from collections.abc import Awaitable, Callable

from bot.cards import Button, Card, Onward, Page, card, page_counted, page_of, press, window
from bot.domain import council, people
from bot.domain.council import Session, Topic
from bot.handlers.council import members
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

TOPICS_A_PAGE = 4
SESSIONS_A_PAGE = 6
LABEL_CHARACTERS_MAX = 16


def label(topic: Topic, place: int | None = None) -> Said:
    """A topic on a button: its beginning and its supporters."""
    text = topic.text if len(topic.text) <= LABEL_CHARACTERS_MAX else topic.text[: LABEL_CHARACTERS_MAX - 1] + "…"
    if place:
        return say("{place}. {text} · {n} 👍", place=place, text=text, n=topic.support)
    return say("{text} · {n} 👍", text=text, n=topic.support)


async def now(tx: Transaction, heard: Heard) -> Answer:
    """This session, its closing time, and the topics in the order of support."""
    number = heard.page()
    total = await council.open_number(tx)
    topics = await council.open_topics(tx, limit=TOPICS_A_PAGE, offset=number * TOPICS_A_PAGE)
    page = page_counted(topics, number, total, each=TOPICS_A_PAGE)
    return card(
        say("<b>Youth council</b>"),
        await _session_line(tx, heard),
        BLANK,
        say("Topics so far, most supporters first:") if total else say("No topics yet. What moves you?"),
        *((page.place(),) if total else ()),
        rows=(
            *((Button(label(topic), press("council.topic", topic.id)),) for topic in topics),
            *page.turner("council.now"),
            (
                Button(say("Propose a topic"), "council.propose", style="primary"),
                Button(say("Agendas"), "council.agendas"),
            ),
            (Button(say("Council members"), "council.people"), *await _admins_button(tx, heard)),
        ),
    )


async def _session_line(tx: Transaction, heard: Heard) -> Said:
    session = await council.current(tx)
    if session:
        return say("Topics are collected until {moment}.", moment=Moment(session.closes_at))
    at = council.next_opening(tx, heard.house.settings.council)
    return say("The next session opens {moment}; topics are kept for it.", moment=Moment(at))


async def _admins_button(tx: Transaction, heard: Heard) -> tuple[Button, ...]:
    if not heard.me.is_admin:
        return ()
    if await council.current(tx):
        return (Button(say("Close the session now"), "council.close"),)
    return (Button(say("Open a session now"), "council.open"),)


async def by_words(tx: Transaction, heard: Heard) -> Answer:
    """The youth council: topics, agendas, members"""
    word, _, rest = heard.words.partition(" ")
    known: dict[str, Callable[[Transaction, Heard], Awaitable[Answer]]] = {
        "": now,
        "open": ask_to_open,
        "close": ask_to_close,
        "members": members.people_list,
        "agendas": agendas,
    }
    if word in ("add", "remove"):
        return await members.by_name(tx, heard, word, rest.strip())
    if word not in known:
        raise Refused(
            say(
                "I know /council alone, or with: members, agendas, and for admins: add NAME, remove NAME, open, close."
            ),
            WayOut(say("Youth council"), "council.now"),
        )
    return await known[word](tx, heard)


async def ask_to_open(tx: Transaction, heard: Heard) -> Answer:
    """Say who will be asked before a session is opened by hand."""
    people.only_admins(heard.me)
    rule = heard.house.settings.council
    asked = say("everybody who is registered")
    if not rule.ask_everybody:
        number = await council.seats_number(tx)
        asked = say_n("{n} council member", "{n} council members", number)
    return card(
        say("Open a session of the youth council now?"),
        say("I will ask {asked} for topics, until {moment}.", asked=asked, moment=Moment(council.closing(tx, rule))),
        rows=((Button(say("Yes, open it"), "council.open.yes", style="primary"),),),
        back="council.now",
    )


async def open_now(tx: Transaction, heard: Heard) -> Answer:
    """Open a session by hand."""
    await council.open_by_hand(tx, heard.house.settings.council, by=heard.me)
    return Onward("council.now")


async def ask_to_close(tx: Transaction, heard: Heard) -> Answer:
    """Say what goes on the agenda before a session is closed by hand."""
    people.only_admins(heard.me)
    return card(
        say("Close the session now? This can't be undone."),
        say_n("{n} topic goes on the agenda.", "{n} topics go on the agenda.", await council.open_number(tx)),
        rows=((Button(say("Yes, close it"), "council.close.yes", style="danger"),),),
        back="council.now",
    )


async def close_now(tx: Transaction, heard: Heard) -> Answer:
    """Close the open session before its time."""
    closed = await council.close_early(tx, by=heard.me)
    return Onward(press("council.agenda", closed.id))


async def agendas(tx: Transaction, heard: Heard) -> Answer:
    """Past sessions, the newest first."""
    number = heard.page()
    found = await council.held(tx, **window(number, SESSIONS_A_PAGE))
    page = page_of(found, number, each=SESSIONS_A_PAGE)
    return card(
        say("<b>Agendas of the youth council</b>"),
        page.place() if found else say("There is no agenda yet."),
        rows=(
            *((Button(_session_label(session), press("council.agenda", session.id)),) for session in page.items),
            *page.turner("council.agendas"),
        ),
        back="council.now",
    )


def _session_label(session: Session) -> Said:
    return say_n(
        "{month} · {n} topic", "{month} · {n} topics", session.topics, month=council.month_words(session.month)
    )


async def agenda(tx: Transaction, heard: Heard) -> Answer:
    """One agenda: its topics in order, and what came of them."""
    session, number = await council.session(tx, heard.number()), heard.page(1)
    topics = await council.agenda(tx, session.id, limit=TOPICS_A_PAGE, offset=number * TOPICS_A_PAGE)
    return _agenda_card(session, page_counted(topics, number, session.topics, TOPICS_A_PAGE))


def _agenda_card(session: Session, page: Page) -> Card:
    when = say("Closed {moment}", moment=Moment(session.closed_at)) if session.closed_at else say("Still open")
    return card(
        say("<b>Agenda of the youth council</b> · {month}", month=council.month_words(session.month)),
        when,
        page.place() if session.topics else say("No topics were on it."),
        *(line for topic in page.items for line in _agenda_lines(topic)),
        rows=(
            *((Button(label(topic, topic.place), press("council.topic", topic.id)),) for topic in page.items),
            *page.turner("council.agenda", session.id),
        ),
        back="council.agendas",
    )


def _agenda_lines(topic: Topic) -> tuple[Said, ...]:
    first = say("{place}. {text} · {n} 👍", place=topic.place or 0, text=topic.text, n=topic.support)
    return (first, say("→ {outcome}", outcome=topic.outcome)) if topic.outcome else (first,)


ROUTES = [
    command("council", by_words, also=("青年说事", "说事")),
    on_press("council.now", now, link=True),
    on_press("council.open", ask_to_open, Who.ADMIN),
    on_press("council.open.yes", open_now, Who.ADMIN),
    on_press("council.close", ask_to_close, Who.ADMIN),
    on_press("council.close.yes", close_now, Who.ADMIN),
    on_press("council.agendas", agendas),
    on_press("council.agenda", agenda, link=True),
]
