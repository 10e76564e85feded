"""The n-th database call fails, for every n, in every deed: wholly undone, the person told, and the retry succeeds.

A feature takes part with one line in CONVERSATIONS.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.domain import people
from bot.domain.hours import Grade
from bot.sandbox.people import Persona
from tests.brigading import brigade_of, called
from tests.failing import Fault, contents
from tests.founding import founded
from tests.needing import open_need
from tests.publishing import fills_in, published
from tests.rotating import drawn, guides, post
from tests.shopping import rich, stocked
from tests.test_hours import credited
from tests.test_merging import asked
from tests.town import Town

Step = Callable[[Town], Awaitable[object]]
SORRY = "Something went wrong on our side"
CALLS_MAX = 200
# The second attempt comes after a second, the third after five more.
RETRIES_SECONDS = (1, 7)
ATTEMPTS = len(RETRIES_SECONDS) + 1


@dataclass(frozen=True)
class Conversation:
    """What leads up to a deed, the one update that asks for it, and what the person sees when it is done."""

    name: str
    who: str
    before: Step
    deed: Step
    then: str
    # Of a deed with very many calls each so many-th fails; in its own room's test each does.
    each: int = 1


def says(who: str, *texts: str) -> Step:
    async def step(town: Town) -> None:
        for text in texts:
            await town[who].says(text)

    return step


def presses(who: str, *labels: str) -> Step:
    async def step(town: Town) -> None:
        for label in labels:
            await town[who].presses(label)

    return step


def taps(who: str, data: str) -> Step:
    """A button on a screen that may be an old one."""

    async def step(town: Town) -> None:
        await town[who].presses_data(data)

    return step


def all_of(*steps: Step) -> Step:
    async def step(town: Town) -> None:
        for each in steps:
            await each(town)

    return step


async def starts(town: Town) -> None:
    await town.wei.starts()


async def a_group(town: Town) -> None:
    await founded(town, "Dance", leader=town.lan)


async def a_full_group(town: Town) -> None:
    await founded(town, "Dance", leader=town.lan, capacity=1)


async def a_task(town: Town) -> None:
    await published(town, None)


async def a_need(town: Town) -> None:
    await open_need(town, town.ming)
    await founded(town, "Dance", leader=town.lan)


async def no_admin(town: Town) -> None:
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'member' WHERE role = 'admin'"))


async def hours_that_wait(town: Town) -> None:
    """Lan wrote an hour of Ming's down afterwards."""
    await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan)


async def hours_that_count(town: Town) -> None:
    await credited(town, town.ming, 60)


async def hours_to_save(town: Town) -> None:
    """Lan has filled in everything but the last button."""
    await a_group(town)
    await town.ming.says("/join Dance")
    await town.lan.says("/enterhours")
    await fills_in(town.lan, "!Ming", "!Something else", "Flood", "yesterday 14:00", "2 hours", "I saw it")


async def a_duty_to_take_over(town: Town) -> None:
    """Ming has one and looks for somebody; Hua serves there too."""
    await drawn(town, await post(town, await guides(town, town.ming), (3, 9, 3, 1)))
    await town.hua.says("/join Guides")
    await town.ming.presses_data("rotas.seek:1")
    await town.passes(minutes=2)


async def claims(town: Town) -> None:
    """The same code in each attempt: it was made before."""
    await town.does(lambda tx: tx.run("DELETE FROM claim_codes"))
    code = await town.does(people.make_claim_code)
    await town.ming.says(f"/claim {code}")


async def a_brigade(town: Town) -> None:
    await brigade_of(town, town.ming, leader=town.lan)


async def called_out(town: Town) -> None:
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await called(town, brigade, town.lan)


async def a_cup_to_redeem(town: Town) -> None:
    await stocked(town)
    await rich(town, town.ming, 60)


async def a_cup_to_hand_out(town: Town) -> None:
    """The same code in each attempt."""
    await a_cup_to_redeem(town)
    await town.ming.presses_data("shop.redeem:1:1:50:1")
    await town.does(lambda tx: tx.run("UPDATE redemptions SET code = 'AAAA2222'"))


async def two_records(town: Town) -> None:
    """Two admins have agreed, and Ming has said that both are his."""
    await rich(town, town.ming, 60)
    await asked(town, town.ming, town.hua)
    await town.ming.presses_data("merging.yes:1")


CONVERSATIONS = (
    Conversation("redeem", "Ming", a_cup_to_redeem, taps("Ming", "shop.redeem:1:1:50:1"), "Pick-up code"),
    Conversation("hand out", "Dong", a_cup_to_hand_out, taps("Dong", "shop.hand:AAAA2222:1"), "Handed out"),
    Conversation("give a reservation up", "Ming", a_cup_to_hand_out, taps("Ming", "shop.cancel.yes:1"), "Cancelled"),
    Conversation(
        "call out",
        "Lan",
        all_of(a_brigade, says("Lan", "/callout West bridge")),
        presses("Lan", "🚨 Call out: 1 person at once"),
        "Mission 1 is running",
    ),
    Conversation("come", "Ming", called_out, taps("Ming", "callouts.come:1:15"), "You are expected by"),
    Conversation("merge", "Hua", two_records, taps("Hua", "merging.yes:1"), "Your two records are one now", each=13),
    Conversation("register", "Wei", starts, presses("Wei", "Yes, that is me"), "Hello Wei"),
    Conversation(
        "begin a form", "Ming", says("Ming", "/me"), presses("Ming", "Change my name"), "What shall I call you"
    ),
    Conversation(
        "rename",
        "Ming",
        all_of(says("Ming", "/me"), presses("Ming", "Change my name"), says("Ming", "Mingming")),
        presses("Ming", "Save"),
        "Hello Mingming",
    ),
    Conversation(
        "quiet hours",
        "Ming",
        all_of(says("Ming", "/settings"), presses("Ming", "Quiet hours")),
        presses("Ming", "22:00 to 07:00"),
        "Quiet hours: 22:00 to 07:00",
    ),
    Conversation("language", "Ming", says("Ming", "/settings"), presses("Ming", "中文"), "设置"),
    Conversation("join", "Ming", a_group, says("Ming", "/join Dance"), "Dance"),
    Conversation("queue", "Ming", a_full_group, says("Ming", "/join Dance"), "Dance"),
    Conversation("leave", "Ming", all_of(a_group, says("Ming", "/join Dance")), says("Ming", "/leave Dance"), "Dance"),
    Conversation(
        "claim",
        "Lan",
        all_of(a_need, says("Lan", "/needs"), presses("Lan", "Mend a window", "🙌 Claim it")),
        presses("Lan", "For Dance"),
        "Dance has claimed it",
    ),
    Conversation("sign up", "Ming", a_task, says("Ming", "/signup 1"), "River bank"),
    Conversation(
        "withdraw", "Ming", all_of(a_task, says("Ming", "/signup 1")), says("Ming", "/withdraw 1"), "River bank"
    ),
    Conversation("take over", "Hua", a_duty_to_take_over, taps("Hua", "rotas.relieve:1"), "You took it over"),
    Conversation("enter hours", "Lan", hours_to_save, presses("Lan", "Save"), "They don't count yet"),
    Conversation("agree to hours", "Dong", hours_that_wait, taps("Dong", "hours.approve:1"), "These hours count"),
    Conversation("refuse hours", "Dong", hours_that_wait, taps("Dong", "hours.refuse:1"), "Nobody agreed"),
    Conversation("dispute hours", "Ming", hours_that_wait, taps("Ming", "hours.dispute:1"), "had no hand in it"),
    Conversation(
        "answer a dispute",
        "Dong",
        all_of(hours_that_wait, taps("Ming", "hours.dispute:1")),
        taps("Dong", "hours.answer:1:0"),
        "took it back",
    ),
    Conversation("take hours back", "Dong", hours_that_count, taps("Dong", "hours.reverse:1"), "were taken back"),
    Conversation("ask for a certificate", "Ming", hours_that_count, taps("Ming", "hours.askfor:year"), "Asked for"),
)


def last_word(person: Persona) -> str:
    """What somebody heard last: at the press, or on the newest screen."""
    return person.toasts[-1].text if person.toasts else person.heard[-1] if person.heard else ""


async def retries(town: Town) -> None:
    for seconds in RETRIES_SECONDS:
        await town.passes(seconds=seconds)


async def fails(town: Town, talk: Conversation, fault: Fault, before: dict[str, list[str]]) -> bool:
    """Whether each attempt at the deed failed; none of those that did has left anything."""
    await talk.deed(town)
    for attempt, seconds in enumerate((*RETRIES_SECONDS, 0), 1):
        if fault.hits < attempt:
            return False
        assert await contents(town.storage) == before, f"before call {fault.at}"
        await town.passes(seconds=seconds)
    fault.off()
    return True


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.name)
async def test_a_call_that_fails_undoes_the_deed(town: Town, talk: Conversation) -> None:
    """Three attempts, each failing at a later call, until all have failed: nothing is there, and the person knows; then it succeeds."""
    await talk.before(town)
    # What falls due after it, such as a menu or the seals of its entries, is done before anything fails.
    await town.passes(minutes=1)
    await town.passes(minutes=1)
    fault = Fault(town.storage)
    person, before = town[talk.who], await contents(town.storage)
    for call in range(1, CALLS_MAX, ATTEMPTS * talk.each):
        person.forget()
        fault.on(call, further=talk.each)
        if not await fails(town, talk, fault, before):
            break
        assert SORRY in last_word(person), f"call {call}"
        assert person.unanswered == []
    assert talk.then in person.screen.text
    assert await contents(town.storage) != before


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.name)
async def test_a_call_that_fails_once_is_made_up_for(town: Town, talk: Conversation) -> None:
    """One attempt fails, at whichever call: the next one does it wholly, once, and no failure is told."""
    await talk.before(town)
    fault = Fault(town.storage)
    fault.on(3, times=1)
    town[talk.who].forget()
    await talk.deed(town)
    await retries(town)
    assert fault.hits == 1
    assert talk.then in town[talk.who].screen.text
    assert SORRY not in last_word(town[talk.who])
