"""Numbers that are kept beside their rows: each that is off is found."""

import pytest

from bot.cli.copying import broken_promises
from tests.founding import founded
from tests.test_hours import credited
from tests.town import Town

FAULTS = {
    "members": "UPDATE groups SET members = members + 1",
    "supporters": "UPDATE council_topics SET support = support + 1",
    "hours": "UPDATE hours_accounts SET a = a + 1",
}


@pytest.mark.parametrize("what", FAULTS)
async def test_a_kept_number_that_is_off_is_found(town: Town, what: str) -> None:
    """All is well before; after the fault, backups and the doctor name it."""
    await founded(town, "Dance")
    await town.ming.says("/join Dance")
    await town.ming.says("/topic The lamps are broken")
    await credited(town, town.ming, 60)
    assert await town.does(broken_promises) == []
    await town.does(lambda tx: tx.run(FAULTS[what]))
    (found,) = await town.does(broken_promises)
    assert what in found
