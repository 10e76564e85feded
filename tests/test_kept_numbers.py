"""Numbers that are kept beside their rows: each that is off is found."""

import random

import pytest

from bot.cli.copying import broken_promises
from bot.domain import callouts
from tests.brigading import brigade_of, called
from tests.calling import dancers, recruits, sends
from tests.publishing import join, published
from tests.rotating import drawn, post
from tests.sitting import by_hand
from tests.test_hours import credited
from tests.town import Town

# What is off, and the words of the promise that names it.
FAULTS = {
    "UPDATE groups SET members = members + 1": "members",
    "UPDATE people SET groups_led = groups_led + 1": "leads",
    "UPDATE activities SET taken = taken - 1": "places",
    "UPDATE activities SET told = told - 1": "told",
    "UPDATE accounts SET balance = balance + 1 WHERE kind = 'member'": "balance",
    "UPDATE council_topics SET support = support + 1 WHERE state = 'open'": "supporters",
    "UPDATE council_sessions SET topics = topics + 1": "agenda",
    "UPDATE calls SET sent = sent + 1": "numbers of a call",
    "UPDATE calls SET enlisted = enlisted + 1": "numbers of a call",
    "UPDATE hours_accounts SET a = a + 1": "hours",
    "UPDATE rota_shifts SET taken = taken - 1": "on a duty",
    "UPDATE callouts SET accepted = accepted + 1": "places taken",
    "UPDATE kit SET lent = lent + 1": "its people have",
    "UPDATE days SET registered = registered + 1": "figures kept of a day",
    "UPDATE days SET sign_ups = sign_ups + 1": "figures kept of a day",
}


async def lived(town: Town) -> None:
    """A day on which something of everything happened, and the night after it."""
    group = await dancers(town, town.ming, town.hua)
    await join(town, await published(town, group), town.ming)
    await town.passes(seconds=2)
    await town.ming.says("/topic The lamps are broken")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.hua.says("/topic A bench by the river")
    await recruits(town)
    await sends(town, town.lan)
    await credited(town, town.ming, 60)
    await drawn(town, await post(town, group, (3, 9, 3, 1)))
    await out(town)
    await town.does(
        lambda tx: tx.run("INSERT INTO accounts (kind, unit, owner, made_at) VALUES ('member', 'points', 1, 0)")
    )
    await town.until(2026, 11, 22, 1)


async def out(town: Town) -> None:
    """A brigade is called out; nobody has answered yet."""
    brigade, lan = await brigade_of(town, town.hua, leader=town.lan), await town.person(town.lan)
    await town.does(lambda tx: callouts.stock_up(tx, brigade.id, "Jacket", 3, by=lan))
    await called(town, brigade, town.lan)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_kept_number_that_is_off_is_found(town: Town, fault: str) -> None:
    """All is well before; after the fault, backups and the doctor name it."""
    await lived(town)
    assert await town.does(broken_promises) == []
    assert await town.does(lambda tx: tx.run(fault)) > 0
    assert any(FAULTS[fault] in found for found in await town.does(broken_promises))


SAID = (
    "/join Dance",
    "/leave Dance",
    "/signup {n}",
    "/withdraw {n}",
    "/topic Lamp {n}",
    "/need Cat {n}；Bridge；next Sun；2",
)
PRESSED = (
    "activities.join:{n}", "activities.leave.late:{n}", "activities.back:{n}", "activities.mark:{n}:0",
    "activities.rest:{n}", "activities.settled:{n}", "activities.stop.why:{n}", "activities.revive:{n}",
    "groups.remove:1:{n}:rules", "groups.restore:{n}", "groups.dismiss:1:{n}", "groups.appoint:1:{n}",
    "council.support:{n}", "council.unsupport:{n}", "projects.publish:{n}", "projects.claimed:{n}:1", "projects.undo:{n}",
    "hours.dispute:{n}", "hours.approve:{n}", "points.correct:{n}", "form.done:{n}", "form.skip:{n}",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_kept_numbers_survive_a_random_walk(town: Town, seed: int) -> None:
    """Whatever five people say and press in any order, while days pass: each kept number is that of its rows."""
    chance = random.Random(seed)
    group = await dancers(town, town.ming, town.hua)
    for hours in (2, 30, 60, 90):
        await published(town, group, starts_in=hours * 3600, places=2)
    for _ in range(150):
        persona, number = town[chance.choice(("Ming", "Hua", "Lan", "Dong", "Shen"))], chance.randint(1, 4)
        if chance.random() < 0.4:
            await persona.says(chance.choice(SAID).format(n=number))
        else:
            await persona.presses_data(chance.choice(PRESSED).format(n=number))
        if chance.random() < 0.1:
            await town.passes(hours=chance.randint(1, 12))
    assert await town.does(broken_promises) == []
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE error IS NOT NULL")) == 0
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM due WHERE state = 'broken'")) == 0
