"""Buttons that nobody was shown: every press of hours, needs, gifts and the shop, with others' numbers, as everybody who has no right to it."""

from itertools import product
from typing import Any

import pytest

from bot.domain.hours import Grade
from bot.handlers import everything
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.needing import claimed, posted
from tests.shopping import reserved, rich, stocked
from tests.test_budgets import granted
from tests.test_giving import offered
from tests.test_hours import credited
from tests.test_hours_public import certified
from tests.town import Town

NUMBERS = ("1", "2", "-1", "9" * 18, "<b", "１")
ROUTES = [
    route.name
    for route in everything()
    if route.kind == "press"
    and route.name.startswith(("hours.", "projects.", "shop.", "points.gift", "points.budget", "points.reward"))
]
SECRET = "Feed my cat"
KEPT = (
    "hours_",
    "project",
    "redemptions",
    "privileges",
    "shop_items",
    "shop_lots",
    "shop_clerk",
    "shop_partners",
    "gifts",
)


async def furnished(town: Town) -> None:
    """Ming has hours that stand, wait and are certified, one need that nobody but the county knows, one in work, and a gift that waits; his group has a budget."""
    group = await founded(town, "Dance", leader=town.lan)
    await founded(town, "Chess", leader=await town.newcomer("Fei"))
    await credited(town, town.ming, 60, Grade.AFTERWARDS, by=town.lan, cause="activity:2", starts=600)
    await certified(town)
    await posted(town, town.ming, SECRET)
    await claimed(town, town.lan, group, giver=town.ming)
    item = await stocked(town)
    await rich(town, town.ming, 60)
    await reserved(town, town.ming, item)
    await offered(town, 5, to=town.lan)
    await granted(town, group)
    await town.passes(minutes=3)
    for persona in town.people.by_name.values():
        persona.forget()


async def kept(town: Town) -> dict[str, Any]:
    """Every row of hours, of needs, and of the shop but for what anybody may wish."""
    tables = [name for name in await town.storage.tables() if name.startswith(KEPT)]

    async def rows(tx: Transaction) -> dict[str, Any]:
        found = {name: await tx.all(f"SELECT * FROM {name}") for name in tables}
        return {name: sorted(str(dict(row)) for row in each) for name, each in found.items()}

    return await town.does(rows)


async def pressed(town: Town, persona: Persona) -> str:
    """All that somebody is told who presses everything with every number, and two."""
    told: list[str] = []
    arguments = [
        "",
        *(f":{number}" for number in NUMBERS),
        *(f":{a}:{b}" for a, b in product(("1", "2"), ("1", "2", "x"))),
    ]
    for data in (f"{name}{argument}" for name in ROUTES for argument in arguments):
        await persona.presses_data(data[:64])
        told += [*persona.heard, *(toast.text for toast in persona.toasts)]
        assert persona.unanswered == [], data
        persona.forget()
    return "\n".join(told)


# Who may does not depend on the database.
@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("name", ["Hua", "Fei", "Shen"])
async def test_no_forged_press_changes_anything_of_others(town: Town, name: str) -> None:
    """A member, a leader of another group, an auditor: answered each time, and hours, needs, gifts and the shop stay as they were."""
    await furnished(town)
    before, persona = await kept(town), town[name]
    await persona.starts()
    told = await pressed(town, persona)
    after = await kept(town)
    assert {table for table in after if after[table] != before[table]} == set()
    assert (SECRET in told) is (name == "Shen")
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE error IS NOT NULL")) == 0
