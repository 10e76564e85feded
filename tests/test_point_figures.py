"""The county's figures of points: every number opens what it is made of, and all of them recompute from the entries."""

import re

import pytest

from bot.config import Hours
from bot.domain import activities, points
from bot.domain.activities import Activity, Kind
from bot.domain.points import By, Flow, figures
from bot.domain.points.board import SUMMED
from bot.domain.points.counting import MOVED
from bot.domain.points.figures import Part
from bot.domain.points.tracing import STEPS
from bot.sandbox.people import Persona
from bot.storage import Storage, Transaction
from tests.founding import founded
from tests.publishing import join, published
from tests.shopping import place, reserved, rich, sound, stocked
from tests.town import Town


async def came(town: Town, activity: Activity, *personas: Persona) -> None:
    """The activity is over, and these came."""
    await join(town, activity, *personas)
    town.clock.move(3 * 3600)
    dong = await town.person(town.dong)

    async def deed(tx: Transaction) -> None:
        await activities.mark_rest(tx, activity.id, by=dong)
        await activities.confirm(tx, activity.id, by=dong, rules=Hours())

    await town.does(deed)
    await town.settle()


async def lived(town: Town) -> None:
    """Two groups and two months: 27 points for tasks, 100 for an event, seven of all that taken back, and a cup for 30."""
    dancers, readers = await founded(town, "Dancers", leader=town.lan), await founded(town, "Readers", leader=town.lan)
    await came(town, await published(town, dancers, starts_in=60, points=10), town.ming, town.hua)
    await came(town, await published(town, readers, starts_in=60, points=7, kind=Kind.DUTY), town.ming)
    await town.until(2026, 12, 2, 10)
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    (duty, *_) = (await town.does(lambda tx: points.entries(tx, ming.id, 0))).items
    await town.does(lambda tx: points.correct(tx, duty.transfer_id, by=dong))
    await rich(town, town.hua, 100)
    counter = await place(town)
    cup = await reserved(town, town.hua, await stocked(town, price=30, at=counter))
    await town.dong.presses_data(f"shop.hand:{cup.code}:1")
    await reserved(town, town.hua, await stocked(town, price=20, name="Pen", at=counter), key="2")
    await counted(town)


async def counted(town: Town) -> None:
    """The next ticks of the clock seal what was written, and count it."""
    for _ in range(2):
        await town.passes(minutes=1)


async def test_the_figures_come_to_what_the_entries_say(town: Town) -> None:
    """By month, group, kind and grade; a correction stands under what it corrects; every promise of the ledger holds."""
    await lived(town)
    found = await town.does(figures.standing)
    assert (found.issued, found.redeemed, found.expired, found.outstanding) == (120, 30, 0, 90)
    assert [(each.month, each.issued, each.redeemed, each.outstanding) for each in await town.does(figures.months)] == [
        (202612, 93, 30, 90),
        (202611, 27, 0, 27),
    ]
    by_group = await town.does(lambda tx: figures.ranked(tx, Flow.ISSUED, 0, By.GROUP, 0))
    assert [(each.name, each.n, each.amount) for each in by_group.items] == [
        ("", 1, 100), ("Dancers", 2, 20), ("Readers", 2, 0),
    ]  # fmt: skip
    by_grade = await town.does(lambda tx: figures.ranked(tx, Flow.ISSUED, 202611, By.GRADE, 0))
    assert [(each.grade, each.amount) for each in by_grade.items] == [("B", 27)]
    assert await sound(town) == []


async def test_every_number_opens_down_to_the_entries(town: Town) -> None:
    """From /admin to the entry, and on to whose it is; what is outstanding opens whose it is."""
    await lived(town)
    shen = town.shen
    await shen.says("/admin")
    for label in ("Statistics", "Points", "Issued", "By group"):
        await shen.presses(label)
    assert "Dancers: 20, 2 entries" in shen.screen.text
    for label in ("Dancers", "2026-11", "Dancers · Volunteer task · grade B"):
        await shen.presses(label)
    ming = await town.person(town.ming)
    assert f"+10 task “River bank” Ming #{ming.id}" in shen.screen.text
    await shen.presses(f"Ming #{ming.id}")
    assert f"Ming #{ming.id}: 10 points" in shen.screen.text
    await shen.presses_data("points.parts:issued:0:grade")
    assert "had been issued for" not in shen.screen.text
    await shen.says("/points figures")
    for label in ("Who has points", "Reserved", "Reservation 2"):
        await shen.presses(label)
    assert "+20 reserved “Pen”" in shen.screen.text
    await town.ming.says("/points figures")
    assert "Only county admins and auditors" in town.ming.screen.text


async def test_what_went_and_what_is_left_stand_under_what_had_issued_it(town: Town) -> None:
    """Hua's cup took her ten points of the dancers' task first; what is outstanding opens what became of it, down to the cup."""
    await lived(town)
    redeemed = await town.does(lambda tx: figures.ranked(tx, Flow.REDEEMED, 0, By.GROUP, 0))
    assert [(each.name, each.n, each.amount) for each in redeemed.items] == [("", 1, 20), ("Dancers", 1, 10)]
    left = await town.does(lambda tx: figures.ranked(tx, Flow.OUTSTANDING, 0, By.GRADE, 0))
    assert [(each.grade, each.amount) for each in left.items] == [("", 80), ("B", 10)]
    shen = town.shen
    await shen.says("/points figures")
    for label in ("Outstanding", "By group", "Dancers"):
        await shen.presses(label)
    assert "2026-12: issued 0, redeemed 10, expired 0; outstanding at its end 10" in shen.screen.text
    for label in ("Redeemed", "2026-12", "Dancers · Volunteer task · grade B"):
        await shen.presses(label)
    hua = await town.person(town.hua)
    assert f"+10 handed out “Cup” Hua #{hua.id}" in shen.screen.text


async def test_what_is_owed_is_held_against_the_stock(town: Town) -> None:
    """Ninety points are outstanding, twenty of them reserved; two cups and two pens cost a hundred."""
    await lived(town)
    await town.shen.says("/points figures")
    await town.shen.presses("What the points come to")
    text = town.shen.screen.text
    assert "Outstanding: 90" in text
    assert "Set aside for redemptions and gifts: 20" in text
    assert "31 Dec 2029" in text.replace("December", "Dec")
    assert "All that is in stock costs 100 points" in text
    assert "It covers what is outstanding and not reserved" in text
    assert [label for label in town.shen.screen.labels if label.startswith("⌛")] == ["⌛ 2029: 70"]
    await town.shen.presses("⌛ 2029: 70")
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    assert town.shen.screen.labels[:2] == [f"Hua #{hua.id}: 60", f"Ming #{ming.id}: 10"]
    await town.shen.presses(f"Ming #{ming.id}: 10")
    assert f"Ming #{ming.id}: 10 points" in town.shen.screen.text
    await town.shen.presses_data(f"points.losing:{'9' * 18}")
    assert "There is nothing of this." in town.shen.screen.text


async def test_a_long_list_is_turned_by_its_last_entry(town: Town) -> None:
    """Each page says which entry it ends with, so that the last page costs what the first does; none is left out."""
    persons = [await town.person(town[name]) for name in ("Ming", "Hua")]
    for turn in range(7):
        for person in persons:
            await town.does(
                lambda tx, person=person, turn=turn: points.award(  # type: ignore[misc]
                    tx, person.id, 1, reason="event", cause=f"earned:{turn}", by=None
                )
            )
    await counted(town)
    part = Part(0, "", "event", "", 202611, 0, 0)
    seen: list[int] = []
    more, before = True, 0
    while more:
        shown, more = await town.does(lambda tx, before=before: figures.lines(tx, Flow.ISSUED, part, before))  # type: ignore[misc]
        seen += [each.transfer_id for each in shown]
        before = seen[-1]
    assert len(seen) == 14 == len(set(seen))
    await town.dong.presses_data("points.lines:issued:202611:0:event:-:0")
    await town.dong.presses("Older ›")
    assert re.findall(r"entry (\d+)", town.dong.screen.text) == [str(number) for number in seen[6:12]]


async def test_a_figure_that_is_off_is_found(town: Town) -> None:
    """Whoever changes a sum, a line, or leaves one out is found by a promise."""
    await lived(town)
    for sql, name in (
        ("UPDATE point_figures SET amount = amount + 1 WHERE which = 'cell'", "figures"),
        ("UPDATE point_figures SET n = n + 1 WHERE which = 'group'", "figures agree"),
        ("UPDATE point_lines SET amount = amount + 1", "figures whole"),
        ("DELETE FROM point_lines", "figures whole"),
        ("UPDATE point_figures SET amount = amount + 1 WHERE flow = 'outstanding'", "figures outstanding"),
        ("UPDATE point_lots SET amount = amount + 1", "lots held"),
        ("UPDATE point_lots SET lot = (SELECT MIN(lot) FROM point_lots) WHERE gone_by > 0", "lots agree"),
    ):
        assert name in await town.does(lambda tx, sql=sql: _after(tx, sql))  # type: ignore[misc]
    assert await sound(town) == []


async def _after(tx: Transaction, sql: str) -> list[str]:
    """Which promises are broken by one statement, which is undone."""
    try:
        async with tx.savepoint():
            await tx.run(sql)
            found = [each.name for each in await points.invariants(tx)]
            raise InterruptedError
    except InterruptedError:
        return found


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("sql", [MOVED, STEPS, SUMMED], ids=["figures", "lots", "leaderboard"])
async def test_counting_starts_at_its_slice(storage: Storage, sql: str) -> None:
    """Not at the accounts, with all that was ever written: a slice of a large ledger costs what one of a small ledger does."""
    plan = await storage.transact(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {sql}", after=0, last=500))
    steps = [str(row["detail"]) for row in plan if str(row["detail"]).startswith(("SEARCH", "SCAN"))]
    assert steps[0].startswith("SEARCH s USING INTEGER PRIMARY KEY")
    assert not any("(kind=?" in step for step in steps)
