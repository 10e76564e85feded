"""Topics of the council: proposing, support, similar ones, the agenda, and what came of them."""

import asyncio

import pytest

from bot.domain import council
from bot.domain.council import is_similar, tokens
from bot.refusal import Refused
from tests.founding import crowd
from tests.publishing import fills_in
from tests.sitting import by_hand, seat, to_december, told, until
from tests.town import Town

# Topics


async def test_a_topic_on_the_same_line_is_proposed_at_once(town: Town) -> None:
    """Between sessions it is kept for the next one, and that is said with its day."""
    await town.ming.says("/topic The lamps in the park are broken")
    assert "Your topic is in: The lamps in the park are broken" in town.ming.screen.text
    assert "No session is open now" in town.ming.screen.text
    assert "1 December" in town.ming.screen.text or "1 Dec" in town.ming.screen.text


async def test_a_topic_is_proposed_by_a_form(town: Town) -> None:
    """The button in the question leads to a form; while a session is open the topic counts for it."""
    await to_december(town, "Ming")
    await town.ming.presses("Propose a topic")
    await town.ming.says("More benches")
    await town.ming.presses("Propose it")
    assert "It counts for the session" in town.ming.screen.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("x" * 201, "201 characters, 200 are possible"), ("…!?", "at least one word")],
)
async def test_a_topic_that_can_not_be_one_is_refused(town: Town, typed: str, answer: str) -> None:
    """Too long, or without a word: the refusal says so, and nothing is kept."""
    await town.ming.says(f"/topic {typed}")
    assert answer in town.ming.screen.text
    assert await town.does(council.open_number) == 0


async def test_markup_in_a_topic_is_shown_as_it_was_typed(town: Town) -> None:
    """Somebody's `<b>` breaks no screen and no agenda."""
    await town.ming.says("/topic <b>{n} & lamps</i>")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.tick()
    assert told(town, "ming", "1. <b>{n} & lamps</i> · 0 👍") == 1


async def test_a_sixth_open_topic_is_refused(town: Town) -> None:
    """Five open topics a person; the refusal names the number."""
    for topic in ("lamps", "benches", "trees", "music", "chess", "bridges"):
        await town.ming.says(f"/topic {topic}")
    assert "You have 5 open topics" in town.ming.screen.text
    assert await town.does(council.open_number) == 5


async def test_topics_proposed_at_once_are_no_more_than_five(town: Town) -> None:
    """Whatever comes from several processes in the same moment: the sixth is refused."""
    (ming,) = await crowd(town, 1)
    deeds = (town.does(lambda tx, text=text: council.propose(tx, text, by=ming)) for text in SIX)  # type: ignore[misc]
    outcomes = await asyncio.gather(*deeds, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(Refused) == 1
    assert await town.does(council.open_number) == 5


SIX = ("Lamps", "Benches", "Buses", "Books", "Bicycles", "Music")


async def test_supporters_count_once_each(town: Town) -> None:
    """A second press from an old screen is refused, and taking it back makes it nought again."""
    await town.ming.says("/topic Lamps")
    await town.hua.says("/council")
    await town.hua.presses("Lamps · 0 👍")
    await town.hua.presses("👍 I support this")
    assert "1 supporter" in town.hua.screen.text
    await town.hua.presses_data("council.support:1")
    assert "each person counts once" in town.hua.toasts[-1].text
    await town.hua.presses("Take my support back")
    assert "0 supporters" in town.hua.screen.text


async def test_supporters_who_tap_at_once_are_all_counted(town: Town) -> None:
    """Forty in the same moment, each twice: forty supporters, and the number agrees with the rows."""
    await town.ming.says("/topic Lamps")
    persons = [*await crowd(town, 40)] * 2
    outcomes = await asyncio.gather(
        *(town.does(lambda tx, p=p: council.support(tx, 1, by=p)) for p in persons),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 40
    topic = await town.does(lambda tx: council.by_id(tx, 1))
    assert topic.support == 40 == await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM council_support"))


async def test_nobody_supports_himself(town: Town) -> None:
    """One's own topic has supporters, not oneself."""
    await town.ming.says("/topic Lamps")
    await town.ming.presses_data("council.support:1")
    assert "It is your own topic" in town.ming.toasts[-1].text


async def test_ones_own_topic_can_be_withdrawn_while_it_is_open(town: Town) -> None:
    """Asked first; then it is on no list any more."""
    await town.ming.says("/topic Lamps")
    await town.ming.presses("The topic")
    await town.ming.presses("Withdraw my topic")
    await town.ming.presses("Yes, withdraw it")
    assert "Withdrawn" in town.ming.screen.text
    assert await town.does(council.open_number) == 0


async def test_nobody_withdraws_anothers_topic(town: Town) -> None:
    """A forged press is refused."""
    await town.ming.says("/topic Lamps")
    await town.hua.says("/council")
    await town.hua.presses_data("council.withdraw.yes:1")
    assert "Only whoever proposed a topic" in town.hua.toasts[-1].text
    assert await town.does(council.open_number) == 1


async def test_topics_are_listed_by_support_in_pages(town: Town) -> None:
    """Most supporters first, then the earlier one; four a page."""
    for name, topics in (("Ming", ("aa", "bb", "cc")), ("Hua", ("dd", "ee"))):
        for topic in topics:
            await town[name].says(f"/topic {topic}")
    await town.lan.says("/council")
    await town.lan.presses_data("council.support:4")
    await town.lan.says("/council")
    assert [row[0] for row in town.lan.screen.rows[:4]] == ["dd · 1 👍", "aa · 0 👍", "bb · 0 👍", "cc · 0 👍"]
    await town.lan.presses("Next ›")
    assert town.lan.screen.rows[0][0] == "ee · 0 👍"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("路灯坏了", "路灯又坏了", True),
        ("路灯", "公园的路灯", True),
        ("路灯坏了", "想要一个篮球场", False),
        ("Fix the lamps", "the LAMPS please", True),
        ("Fix the lamps", "A skate park", False),
        ("修路灯", "Ｗｉｆｉ", False),
    ],
)
def test_topics_are_similar_when_they_share_half_of_their_words(one: str, other: str, *, alike: bool) -> None:
    """Pairs of Han characters and whole words are compared, whatever their case and width."""
    assert is_similar(tokens(one), tokens(other)) is alike


async def test_a_similar_topic_is_shown_before_proposing(town: Town) -> None:
    """Supporting it instead is one tap, and mine is not proposed."""
    await town.ming.says("/topic 路灯坏了")
    await town.hua.says("/topic 路灯又坏了")
    assert "Not proposed yet" in town.hua.screen.text
    await town.hua.presses("👍 路灯坏了 · 0 👍")
    assert "1 supporter" in town.hua.screen.text
    assert await town.does(council.open_number) == 1


async def test_one_may_insist_on_a_similar_topic_once(town: Town) -> None:
    """“Mine is different” proposes it; the same button again says that it was."""
    await town.ming.says("/topic 路灯坏了")
    await town.hua.says("/topic 路灯又坏了")
    await town.hua.presses("Mine is different: propose it")
    assert "Your topic is in" in town.hua.screen.text
    await town.hua.presses_data("council.insist:2")
    assert "was proposed or dropped before" in town.hua.screen.text
    assert await town.does(council.open_number) == 2


async def test_nobody_proposes_anothers_draft(town: Town) -> None:
    """A draft is its author's alone: neither proposed nor seen by others."""
    await town.ming.says("/topic 路灯坏了")
    await town.hua.says("/topic 路灯又坏了")
    await town.lan.says("/council")
    await town.lan.presses_data("council.insist:2")
    assert await town.does(council.open_number) == 1
    await town.lan.presses_data("council.topic:2")
    assert "no topic with the number 2" in town.lan.screen.text


async def test_an_auditor_proposes_as_a_member_and_records_nothing(town: Town) -> None:
    """He keeps what every member may do; what is the county's he reads only."""
    await to_december(town, "Ming")
    await town.shen.says("/topic Open the books")
    assert "Your topic is in: Open the books" in town.shen.screen.text
    await town.hua.presses_data("council.support:1")
    await until(town, 2026, 12, 8, 10)
    await town.shen.presses_data("council.answer:1")
    refused = [*(toast.text for toast in town.shen.toasts), town.shen.screen.text]
    assert any("Nothing was" in words for words in refused)
    assert await town.does(lambda tx: tx.value("SELECT outcome FROM council_topics WHERE id = 1")) is None


# The agenda, and what came of it


async def test_the_agenda_goes_out_in_the_order_of_support(town: Town) -> None:
    """At the closing hour, to the council's members and the proposers; ties stand in the order of proposing."""
    await to_december(town, "Lan")
    for name, topic in (("Ming", "aa"), ("Ming", "bb"), ("Hua", "cc")):
        await town[name].says(f"/topic {topic}")
    await town.shen.says("/council")
    await town.shen.presses_data("council.support:3")
    await until(town, 2026, 12, 8, 9)
    assert told(town, "lan", "Agenda") == 0
    await until(town, 2026, 12, 8, 10)
    agenda = "Agenda of the youth council · December 2026\n\n1. cc · 1 👍\n2. aa · 0 👍\n3. bb · 0 👍"
    assert [told(town, name, agenda) for name in ("lan", "ming", "hua", "shen")] == [1, 1, 1, 0]


async def test_topics_between_sessions_are_carried_to_the_next(town: Town) -> None:
    """Kept in November, on the agenda of December."""
    await seat(town, "Lan")
    await town.ming.says("/topic Lamps")
    await until(town, 2026, 12, 8, 10)
    assert told(town, "lan", "1. Lamps · 0 👍") == 1


async def test_topics_of_a_month_slept_through_carry_over(town: Town) -> None:
    """December was missed; January's agenda has its topic."""
    await seat(town, "Lan")
    await town.ming.says("/topic Lamps")
    town.clock.move(20 * 24 * 3600)
    await town.opens()
    await town.tick()
    await until(town, 2027, 1, 8, 10)
    assert told(town, "lan", "Agenda of the youth council · January 2027\n\n1. Lamps") == 1


async def test_on_an_agenda_nothing_changes_any_more(town: Town) -> None:
    """Support and withdrawal come too late, and are told so."""
    await town.ming.says("/topic Lamps")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.hua.says("/council")
    await town.hua.presses_data("council.support:1")
    assert "no longer open" in town.hua.screen.text
    await town.ming.presses_data("council.withdraw.yes:1")
    assert "no longer open" in town.ming.screen.text


async def test_the_outcome_reaches_proposer_and_supporters(town: Town) -> None:
    """You said, we did: recorded by a council member, told once to those concerned."""
    await seat(town, "Lan")
    await town.ming.says("/topic Lamps")
    await town.hua.says("/council")
    await town.hua.presses_data("council.support:1")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.tick()
    await town.lan.presses("Open the agenda")
    await town.lan.presses("1. Lamps · 1 👍")
    await town.lan.presses("Record the outcome")
    await fills_in(town.lan, "Twelve lanps", "!Record and tell them")
    await town.passes(seconds=30)
    await fills_in(
        town.lan, "!Undo (60 s)", "!Record the outcome", "Twelve lamps were repaired", "!Record and tell them"
    )
    await town.passes(seconds=61)
    await town.lan.presses_data("council.topic:1")
    assert "Undo (60 s)" not in town.lan.screen.labels and not any("lanps" in text for text in town.ming.heard)
    did = "You said, we did\nTopic: Lamps\nOutcome: Twelve lamps were repaired"
    assert [told(town, name, did) for name in ("ming", "hua", "lan", "shen")] == [1, 1, 0, 0]


async def test_an_outcome_is_recorded_once_and_by_the_council_alone(town: Town) -> None:
    """Others are refused; a second outcome is refused with the first."""
    await town.ming.says("/topic Lamps")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.ming.says("/council agendas")
    await town.ming.presses_data("council.answer:1")
    assert "Only council members and county admins" in town.ming.toasts[-1].text
    dong = await town.person(town.dong)
    await town.does(lambda tx: council.answer(tx, 1, "Done", by=dong))
    await town.ming.presses_data("council.unanswer:1")
    assert "There is nothing to undo" in town.ming.screen.text
    await town.dong.presses_data("council.answer:1")
    assert "recorded already: Done" in town.dong.screen.text


async def test_a_forgotten_persons_topic_stays_without_a_name(town: Town) -> None:
    """The topic is the county's; the name, the seat and the support for open topics go."""
    await seat(town, "Ming")
    await town.ming.says("/topic Lamps")
    await town.hua.says("/topic Trees")
    await town.ming.presses_data("council.support:2")
    ming = await town.person(town.ming)
    assert len((await town.does(lambda tx: council.known_of(tx, ming)))["topics supported"]) == 1
    await town.does(lambda tx: council.forget(tx, ming))
    known = await town.does(lambda tx: council.known_of(tx, ming))
    assert all(rows == [] for rows in known.values())
    await town.hua.says("/council")
    assert {row[0] for row in town.hua.screen.rows[:2]} == {"Lamps · 0 👍", "Trees · 0 👍"}
    await town.hua.presses("Lamps · 0 👍")
    assert "Proposed by somebody who has left" in town.hua.screen.text
