"""What is done and old is thrown away, a slice at a time, and what was counted of it stays right."""

from functools import partial

import pytest

from bot import due
from bot.config import County, House, Settings
from bot.domain import audit, calls, housekeeping
from bot.domain.calls import Counts
from bot.domain.housekeeping import CONTENT_KEPT_DAYS, DAY
from bot.due import Due
from bot.scheduler import timetable
from bot.storage import Transaction
from tests.calling import call_now, dancers, got, is_quiet, recruits, sends
from tests.publishing import published
from tests.town import Town


async def night_falls(town: Town, days: int = CONTENT_KEPT_DAYS + 2) -> None:
    """So many days later the bot tidies, for as long as there is anything to tidy."""
    town.clock.move(days * DAY)
    await town.does(lambda tx: due.plan(tx, "housekeeping.tidy", "timetable", tx.now))
    for _ in range(10):
        await town.parts.scheduler.tick()


async def number(town: Town, table: str, rest: str = "") -> int:
    return int(await town.does(lambda tx: tx.value(f"SELECT COUNT(*) FROM {table} {rest}")))


async def called(town: Town) -> Counts:
    """A call that reached Ming and Hua, which Ming answered; its numbers."""
    await dancers(town, town.ming, town.hua)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    return (await call_now(town))[1]


async def opens_the_call(town: Town) -> None:
    await town.lan.says("/calls")
    await town.lan.presses("📣 Dance with us on …")


async def test_an_old_calls_rows_go_and_its_numbers_stay(town: Town) -> None:
    """Letters and sendings are gone; what is shown of the call is as before, and says that names are not kept."""
    before = await called(town)
    await night_falls(town)
    assert await number(town, "outbox", "WHERE letter_id IS NOT NULL") == 0
    assert await number(town, "letters") == 0
    assert (await call_now(town))[1] == before
    await opens_the_call(town)
    assert "✓ 2 of 2 sent" in town.lan.screen.text
    assert "after 30 days only the numbers stay" in town.lan.screen.text
    assert "Coming 1" in town.lan.screen.labels and "Sent 2" not in town.lan.screen.labels
    await town.lan.presses("Coming 1")
    assert town.lan.screen.text.endswith("• Ming")


async def test_old_buttons_of_a_tidied_call_say_why(town: Town) -> None:
    """A list of names, and an answer, are refused in plain words."""
    await called(town)
    await night_falls(town)
    await town.lan.says("/calls")
    await town.lan.presses_data("calls.names:1:2")
    assert "who got it is no longer kept" in town.lan.toasts[-1].text
    await town.hua.presses("🙋 I'm in")
    assert "This call is over. Your answer was not saved." in town.hua.toasts[-1].text


async def test_a_young_call_keeps_its_names(town: Town) -> None:
    """A day before its time nothing of it has gone."""
    await called(town)
    await night_falls(town, CONTENT_KEPT_DAYS - 1)
    await opens_the_call(town)
    await town.lan.presses("Sent 2")
    assert "• Ming" in town.lan.screen.text


async def test_withdrawing_a_tidied_call_leaves_its_numbers(town: Town) -> None:
    """Nothing can be deleted any more, and nothing is counted from what is not there."""
    before = await called(town)
    await night_falls(town)
    lan = await town.person(town.lan)
    await town.does(lambda tx: calls.withdraw(tx, 1, by=lan))
    for _ in range(3):
        await town.passes(seconds=4)
    assert (await call_now(town))[1].sent == before.sent


async def test_other_tellings_are_tidied_too_and_told_nobody_twice(town: Town) -> None:
    """The word of a new activity goes; nobody hears of it anew."""
    group = await dancers(town, town.ming)
    await published(town, group)
    await town.passes(seconds=2)
    await night_falls(town)
    assert (await number(town, "letters"), await number(town, "outbox", "WHERE letter_id IS NOT NULL")) == (0, 0)
    assert got(town.ming, "🆕 River bank") == 1


async def test_what_has_not_been_sent_stays(town: Town) -> None:
    """However old its letter is: its rows wait."""
    group = await dancers(town, town.ming)
    await is_quiet(town, town.ming, 9, 12)
    await published(town, group, starts_in=60 * DAY)
    await town.parts.scheduler.tick()
    await town.does(lambda tx: tx.run("UPDATE outbox SET due_at = due_at + 5000000 WHERE state = 'later'"))
    await night_falls(town)
    assert await number(town, "outbox", "WHERE state = 'later'") == 1
    assert await number(town, "letters") == 2


async def test_files_go_with_their_sendings(town: Town) -> None:
    """A picture that was sent a month ago is not kept."""
    await dancers(town, town.ming)
    await town.ming.says("/groups")
    await town.ming.presses("✓ Dance · 1")
    await town.ming.presses("Share")
    assert await number(town, "files") > 0
    await night_falls(town)
    assert await number(town, "files") == 0


@pytest.mark.usefixtures("a_slice_a_tick")
async def test_a_night_of_much_to_tidy_is_done_in_slices(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No transaction changes more rows than a slice; a crash between two of them loses nothing."""
    monkeypatch.setattr(housekeeping, "SLICE", 7)
    await called(town)
    old = await number(town, "inbox", "WHERE payload IS NOT NULL")
    town.clock.move((CONTENT_KEPT_DAYS + 2) * DAY)
    await town.does(lambda tx: due.plan(tx, "housekeeping.tidy", "timetable", tx.now))
    await town.parts.scheduler.tick()
    assert await number(town, "inbox", "WHERE payload IS NOT NULL") == old - 7
    for _ in range(40):
        await town.opens()
        await town.parts.scheduler.tick()
    assert await number(town, "inbox", "WHERE payload IS NOT NULL") == 0
    assert (await number(town, "letters"), await number(town, "outbox", "WHERE letter_id IS NOT NULL")) == (0, 0)


LARGE = ("UPDATE inbox", "DELETE FROM inbox", "DELETE FROM outbox", "DELETE FROM due")
INDEXES = ("inbox_full", "inbox_emptied", "outbox_finished", "due_finished")


async def test_tidying_does_not_go_through_what_it_dealt_with_before(town: Town) -> None:
    """The large tables are looked at through an index of what is old; one database's plan is enough."""
    if town.storage.dialect != "sqlite":
        pytest.skip("one database's plan is enough")

    async def plan(tx: Transaction, sql: str) -> str:
        rows = await tx.all(f"EXPLAIN QUERY PLAN {sql}", before=1, slice=1)
        return " ".join(row["detail"] for row in rows)

    large = [sql for sql, _ in housekeeping.RULES if sql.startswith(LARGE)]
    plans = [await town.does(partial(plan, sql=sql)) for sql in large]
    assert [next(name for name in INDEXES if name in each) for each in plans] == list(INDEXES)


async def test_the_heads_of_both_chains_go_to_the_admins_chat_each_day(town: Town) -> None:
    """Where a chat is named, and once a day; where none is, nothing is planned."""
    settings = Settings(county=County(admin_chat=-77))
    item = Due(1, housekeeping.HEADS, "timetable", 3600, None, 0)
    for _ in range(2):
        await town.does(lambda tx: housekeeping.tell_heads(tx, item, House(settings, "county_bot")))
    rows = await town.does(lambda tx: tx.all("SELECT params FROM outbox WHERE chat_id = -77"))
    number, kept = await town.does(audit.head)
    assert [f"{number}:{kept}" in row["params"] for row in rows] == [True]
    assert [housekeeping.HEADS in {entry.deed for entry in timetable(each)} for each in (settings, Settings())] == [
        True,
        False,
    ]
