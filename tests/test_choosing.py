"""More people than places: drawn by a seed that anybody can check, by who served longest ago, or chosen by leaders."""

import codecs
import csv
import hashlib
import io
import re

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, Condition, Mode, RoleDraft, Terms
from bot.domain.activities.drawing import order
from bot.refusal import Refused
from tests.documents import DOCS
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, join, names, now, published
from tests.test_conditions import confirmed
from tests.town import Town

SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_order_is_by_last_service_then_by_chance() -> None:
    """Who never served is first; among equals the seed decides, and always in the same way."""
    served = {1: "2026-05-01", 2: "", 3: "2026-05-01", 4: "2025-12-24"}
    drawn = order("seed", served)
    assert drawn[:2] == [2, 4]
    assert drawn[2:] == sorted([1, 3], key=lambda n: hashlib.sha256(f"seed:{n}".encode()).hexdigest())
    assert order("seed", served) == drawn


async def test_a_lottery_is_drawn_at_its_end_and_each_is_told_why(town: Town) -> None:
    """Until then all have applied; places by the drawn order, the rest is the queue; seal, seed and list agree."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, places=2, starts_in=5 * DAY, terms=Terms(mode=Mode.LOTTERY))
    crowd = [town.ming, town.hua, town.dong, town.shen]
    await join(town, activity, *crowd)
    assert (await names(town, activity, "applied"), (await now(town, activity)).taken) == (
        ["Ming", "Hua", "Dong", "Shen"],
        0,
    )
    await town.ming.starts(f"activities_open-{activity.id}")
    assert f"Lottery · seal {activity.seal[:16]}" in town.ming.screen.text
    assert "2 places, 4 applied" in town.ming.screen.text
    await town.ming.presses("How places are given")
    assert "has a number. At the end the seed is opened that this seal locks" in town.ming.screen.text
    assert activity.seed not in town.ming.screen.text
    all_read(town)
    await town.passes(days=4, hours=1)
    expected = [each.number for each in await town.does(lambda tx: activities.tickets(tx, activity))]
    assert expected == order(activity.seed, dict.fromkeys(expected, ""))
    told = "\n".join(text for each in crowd for text in each.heard)
    assert [f"was drawn as number {rank} of 4 for 2 places" in told for rank in (1, 2, 3, 4)] == [True] * 4
    assert len(await names(town, activity, "in")) == 2
    assert await broken(town) == []
    winner = town[(await names(town, activity, "in"))[0]]
    await winner.presses("How places are given")
    assert activity.seed in winner.screen.text


async def test_who_gives_a_drawn_place_back_frees_it_for_the_next_in_the_drawn_order(town: Town) -> None:
    """The queue is the draw's, not that of the applications."""
    activity = await published(town, None, places=1, starts_in=5 * DAY, terms=Terms(mode=Mode.LOTTERY))
    await join(town, activity, town.ming, town.hua, town.lan, town.shen)
    await town.passes(days=4, hours=1)
    ranks = await town.does(lambda tx: activities.tickets(tx, activity))
    people = {row["id"]: row["nickname"] for row in await town.does(lambda tx: tx.all(WHO, id=activity.id))}
    winner, second = (people[each.number] for each in ranks[:2])
    await town[winner].says(f"/withdraw {activity.id}")
    for label in [label for label in town[winner].screen.labels if label == "Withdraw all the same"]:
        await town[winner].presses(label)
    await town.passes(minutes=3)
    assert await names(town, activity, "offered") == [second]
    assert await broken(town) == []


WHO = "SELECT p.id, pe.nickname FROM participations p JOIN people pe ON pe.id = p.person_id WHERE p.activity_id = :id"


async def test_anybody_can_recompute_a_draw_with_the_five_lines_of_the_page(town: Town) -> None:
    """docs/draws.md, run on the file and the seed that the bot gives, finds the order that the bot drew."""
    roles = (RoleDraft("helper", 1), RoleDraft("driver", 1))
    terms = Terms(mode=Mode.RECENT, roles=roles)
    activity = await published(town, None, places=None, starts_in=5 * DAY, terms=terms)
    helper, driver = (role.id for role in await roles_of(town, activity))
    for persona, role in ((town.ming, helper), (town.hua, helper), (town.lan, driver), (town.shen, driver)):
        await persona.presses_data(f"activities.join:{activity.id}:{role}")
    await town.passes(days=4, hours=1)
    await town.ming.presses_data(f"activities.drawn:{activity.id}")
    content = town.ming.files[-1].content.decode("utf-8-sig")
    assert town.ming.files[-1].content.startswith(codecs.BOM_UTF8), (
        "or a spreadsheet garbles the Chinese names of roles"
    )
    found: dict[str, object] = {"seed": activity.seed, "file": io.StringIO(content)}
    page = (DOCS / "draws.md").read_text(encoding="utf-8")
    snippet = SNIPPET.search(page)
    assert snippet is not None
    exec(snippet[1], found)
    rows = list(csv.DictReader(io.StringIO(content)))
    assert found["drawn"] == [row["number"] for row in sorted(rows, key=lambda row: (row["role"], int(row["rank"])))]
    assert found["seal"] == activity.seal
    assert await broken(town) == []


async def test_two_draws_of_one_hour_give_nobody_two_places_at_once(town: Town) -> None:
    """Whoever got a place elsewhere meanwhile is passed over with a reason that is published; leaders hear what is left."""
    group = await founded(town, leader=town.lan)
    terms = Terms(mode=Mode.LOTTERY)
    first, second = [
        await published(town, group, places=2, starts_in=5 * DAY, terms=terms, title=title)
        for title in ("Dyke watch", "Tree planting")
    ]
    for activity in (first, second):
        await join(town, activity, town.ming, town.hua)
    all_read(town)
    await town.passes(days=4, hours=1)
    places = {each: await names(town, each, "in") for each in (first, second)}
    assert sorted(len(given) for given in places.values()) == [0, 2]
    passed = next(each for each, given in places.items() if not given)
    told = next(text for text in town.ming.heard if passed.title in text and "No place" in text)
    assert "was passed over, for you have a place in" in told and (await now(town, passed)).applied == 0
    left = next(text for text in town.lan.heard if passed.title in text)
    assert "2 places are left." in left and "2 were passed over" in left
    await town.ming.presses_data(f"activities.drawn:{passed.id}")
    rows = list(csv.DictReader(io.StringIO(town.ming.files[-1].content.decode("utf-8-sig"))))
    assert [(row["role"], row["passed"]) for row in rows] == [("", "elsewhere"), ("", "elsewhere")]
    assert await broken(town) == []


async def roles_of(town: Town, activity: Activity) -> tuple[activities.Role, ...]:
    ming = await town.person(town.ming)
    return (await town.does(lambda tx: activities.view(tx, activity.id, ming))).roles


async def test_who_served_longest_ago_comes_first(town: Town) -> None:
    """Somebody who never came is before somebody who did, whatever the seed is."""
    group = await founded(town, leader=town.lan)
    before = await published(town, group, starts_in=3600)
    await join(town, before, town.ming)
    await confirmed(town, before)
    activity = await published(town, group, places=1, starts_in=5 * DAY, terms=Terms(mode=Mode.RECENT))
    await join(town, activity, town.ming, town.hua)
    all_read(town)
    await town.passes(days=4, hours=1)
    assert (await names(town, activity, "in"), await names(town, activity, "waiting")) == (["Hua"], ["Ming"])
    assert "You have not served yet, so you were among the first." in town.hua.heard[-1]
    assert "You last served on 2026-11-21." in town.ming.heard[-1]
    assert await broken(town) == []


async def test_leaders_choose_with_a_reason_and_what_they_leave_lapses(town: Town) -> None:
    """Accepted and declined are told why; more than places is refused; nobody decides on himself."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, places=1, starts_in=5 * DAY, terms=Terms(mode=Mode.REVIEW))
    await join(town, activity, town.ming, town.hua, town.shen, town.lan)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Applications")
    await town.lan.presses("Ming")
    assert "Came 0 times so far, missed 0." in town.lan.screen.text
    await town.lan.presses("Accept")
    assert "You have a place in “River bank”." in town.ming.heard[-1]
    await town.lan.presses("Shen")
    await town.lan.presses("Accept")
    assert "The one place is taken. Nothing was changed" in town.lan.screen.text
    await town.lan.presses("Open")
    await town.lan.presses_data(f"activities.applicants:{activity.id}")
    await town.lan.presses("Hua")
    await town.lan.presses("Decline")
    await town.lan.says("We need somebody taller")
    await town.lan.presses("Decline")
    assert "Its leaders say: We need somebody taller" in town.hua.heard[-1]
    await town.lan.presses("Lan")
    assert "Nobody decides on himself" in town.lan.toasts[-1].text
    assert await broken(town) == []
    await town.passes(days=3, hours=1)
    assert sum("2 people wait for your word" in text for text in town.lan.heard) == 1
    await town.passes(days=2)
    assert "nobody decided about your application. It has lapsed." in town.shen.heard[-1]
    assert (await names(town, activity, "in"), await names(town, activity, "applied")) == (["Ming"], [])
    assert await broken(town) == []


async def test_an_application_is_taken_back_and_a_second_one_changes_nothing(town: Town) -> None:
    """Undo brings it back, but not once it has been drawn."""
    activity = await published(town, None, places=1, starts_in=5 * DAY, terms=Terms(mode=Mode.LOTTERY))
    await join(town, activity, town.ming)
    await town.ming.says(f"/signup {activity.id}")
    assert "You have applied already. Nothing was changed" in town.ming.screen.text
    await town.ming.says(f"/withdraw {activity.id}")
    assert "You have taken your application back." in town.ming.screen.text
    assert await names(town, activity, "applied") == []
    await town.ming.presses("Undo (60 s)")
    assert await names(town, activity, "applied") == ["Ming"]
    assert await broken(town) == []
    with pytest.raises(Refused, match="nobody has to be chosen"):
        await published(town, None, places=None, terms=Terms(mode=Mode.LOTTERY))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_how_places_are_given_says_what_is_so_for_whoever_asks(town: Town) -> None:
    """A condition of one role keeps nobody out of the others; whoever applied, or comes too late, reads nothing of it."""
    roles = (RoleDraft("helper", 2), RoleDraft("driver", 1, (Condition("training", "Driving"),)))
    terms = Terms(mode=Mode.LOTTERY, roles=roles)
    activity = await published(town, None, places=None, starts_in=5 * DAY, terms=terms)
    await town.ming.says("/me")
    await town.ming.presses_data(f"activities.fair:{activity.id}")
    assert "✗ marks what you can't come as yet; the rest is open to you." in town.ming.screen.text
    await town.ming.presses_data(f"activities.open:{activity.id}")
    await town.ming.presses("Apply: helper")
    await town.passes(days=4, hours=1)
    for persona in (town.ming, town.hua):
        await persona.says("/me")
        await persona.presses_data(f"activities.fair:{activity.id}")
        assert "sorts the list by the SHA-256 of “seed:number”." in persona.screen.text
        assert "marks what" not in persona.screen.text and "Nothing that I know" not in persona.screen.text
