"""The sample county has something to show on every screen, made by the bot's own deeds."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from bot.clock import Clock
from bot.config import Council
from bot.domain import activities, points, projects
from bot.sandbox.county import CAST, Days
from bot.sandbox.county.clubs import CLUBS
from bot.sandbox.county.days import DAY
from bot.sandbox.county.plans import PAST
from bot.sandbox.county.registry import ASSOCIATION, ASSOCIATION_LEADER, BRANCHES, LEADERLESS, SCHOOLS
from bot.storage import Storage, Transaction
from tests.county import sample_county
from tests.databases import Databases
from tests.town import SHANGHAI, Town, TownClock

CLUB_NUMBER = 45


@pytest.fixture
async def county(storage: Storage, clock: TownClock) -> AsyncIterator[Town]:
    async with sample_county(storage, clock) as made:
        yield made


async def _rows(town: Town, sql: str) -> list[tuple[Any, ...]]:
    async def question(tx: Transaction) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in row.keys()) for row in await tx.all(sql)]  # noqa: SIM118 - no mapping

    return await town.does(question)


async def test_every_screen_has_something_to_show(county: Town) -> None:
    """Groups with leaders and a queue; activities of every kind of fate; points; a council; calls with answers."""
    (open_groups,), (led,) = await _rows(
        county,
        "SELECT COUNT(*) FROM groups WHERE closed_at IS NULL AND kind = 'interest' UNION ALL "
        "SELECT COUNT(*) FROM groups WHERE kind = 'interest' AND id IN (SELECT group_id FROM leaders)",
    )
    assert open_groups == led == CLUB_NUMBER
    assert await _rows(county, "SELECT name FROM groups WHERE id NOT IN (SELECT group_id FROM leaders)") == [
        (LEADERLESS,)
    ]
    assert await _rows(
        county, "SELECT name FROM groups WHERE id IN (SELECT group_id FROM memberships WHERE state = 'waiting')"
    )
    fates: dict[str, int] = dict(await _rows(county, "SELECT state, COUNT(*) FROM activities GROUP BY state"))
    assert fates.keys() == {"open", "confirmed", "cancelled"}
    now = county.clock.clock.now
    assert await _rows(
        county, f"SELECT 1 FROM activities WHERE state = 'open' AND starts_at <= {now} AND ends_at > {now}"
    )
    assert await _rows(county, f"SELECT 1 FROM activities WHERE state = 'open' AND ends_at < {now}")
    assert await _rows(county, f"SELECT 1 FROM activities WHERE waiting > 0 AND starts_at > {now}")
    assert len(await _rows(county, "SELECT 1 FROM transfers")) > len(CAST)
    assert await _rows(county, "SELECT 1 FROM entry_appeals WHERE outcome IS NULL")
    assert len(await _rows(county, "SELECT DISTINCT state FROM projects")) == 7
    assert await _rows(county, "SELECT 1 FROM project_claims WHERE how = 'lapsed'")
    assert len(await _rows(county, "SELECT 1 FROM council_topics WHERE state = 'open'")) > 4
    assert await _rows(county, "SELECT 1 FROM council_topics WHERE state = 'answered'")
    assert len(await _rows(county, "SELECT DISTINCT call_id FROM call_answers")) == 2
    assert await _rows(county, "SELECT 1 FROM groups WHERE chat_id IS NOT NULL")


async def test_nothing_failed_on_the_way(county: Town) -> None:
    """No update, no deed and no sending failed, nothing was too late, and every promise holds."""
    assert await _rows(county, "SELECT payload, error FROM inbox WHERE state = 'broken' OR error IS NOT NULL") == []
    assert await _rows(county, "SELECT deed, subject, error FROM due WHERE state NOT IN ('new', 'done')") == []
    assert await _rows(county, "SELECT method, params, error FROM outbox WHERE state NOT IN ('sent', 'later')") == []
    assert await county.does(activities.invariants) == []
    assert await county.does(projects.invariants) == []
    assert await county.does(points.invariants) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_reminders_and_the_council_came_by_themselves(county: Town) -> None:
    """The past was lived through: what falls due by the clock was done at its time."""
    done: dict[str, int] = dict(
        await _rows(county, "SELECT deed, COUNT(*) FROM due WHERE state = 'done' GROUP BY deed")
    )
    for deed in (
        "activities.remind",
        "activities.released",
        "projects.watch",
        "council.open",
        "council.close",
        "council.ask",
    ):
        assert done[deed] > 0
    assert await _rows(county, "SELECT 1 FROM council_sessions WHERE opened_by IS NULL AND closed_by IS NULL")


async def test_the_county_is_the_same_each_time(databases: Databases) -> None:
    """One seed: who is where does not change from one making to the next, also where lots are drawn."""
    sql = "SELECT g.name, p.telegram_id, m.state FROM memberships m JOIN groups g ON g.id = m.group_id "
    sql += "JOIN people p ON p.id = m.person_id UNION ALL SELECT s.day, p.telegram_id, d.state FROM rota_duties d "
    sql += "JOIN rota_shifts s ON s.id = d.shift_id JOIN people p ON p.id = d.person_id ORDER BY 1, 2"
    found = []
    for _ in range(2):
        clock = TownClock()
        async with (
            databases.opened("sqlite", clock) as storage,
            sample_county(storage, clock, 8) as town,
        ):
            found.append(await _rows(town, sql))
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_nobody_is_written_to_who_does_not_want_it(county: Town) -> None:
    """The stranger and the child never pressed Start, so the bot knows nothing of them; one has blocked it since."""
    for name in ("wei", "dou"):
        assert not county[name].chat.messages
    assert await _rows(county, f"SELECT 1 FROM people WHERE telegram_id = {county['dou'].id}") == []
    assert await _rows(county, f"SELECT state FROM chats WHERE chat_id = {county['bing'].id}") == [("blocked",)]


def test_leaders_are_described_by_what_they_lead() -> None:
    """What the list of people says of a leader is what the groups say."""
    for name, part in CAST.items():
        led = [club.name for club in CLUBS if club.leader == name]
        assert "、".join(led) in part.about
        assert part.about.startswith("组长") == bool(led)
    for node, leader in (*((each.name, each.leader) for each in BRANCHES), *SCHOOLS, (ASSOCIATION, ASSOCIATION_LEADER)):
        assert node in CAST[leader].about


def test_group_names_are_all_different() -> None:
    """Forty-five, as in the reports, each with a line about it."""
    assert len({club.name for club in CLUBS}) == CLUB_NUMBER
    assert all(club.about for club in CLUBS)


@pytest.mark.parametrize("day", range(1, 32))
def test_on_any_day_the_story_begins_before_all_that_happens_in_it(day: int) -> None:
    """Whatever the date: before each activity, and before a council that is closed by now while one can be under way."""
    now = datetime(2026, 12, day, 7, 30, tzinfo=SHANGHAI).timestamp()
    days = Days(Clock(SHANGHAI, lambda: now), Council())
    assert all(days.first < days.at(plan.day, plan.hour or 0, plan.weekday) for plan in PAST)
    assert days.first < days.opening < days.closing < days.now
    assert days.closing < days.latest <= days.now
    # Whoever goes on to the next council finds it opening.
    opens_next = datetime(2026, 12, 1, 10, tzinfo=SHANGHAI) if day == 1 else datetime(2027, 1, 1, 10, tzinfo=SHANGHAI)
    assert days.is_under_way or days.latest + Council().topics_open_days * DAY < opens_next.timestamp()
    assert days.now - days.first < 45 * 24 * 3600
