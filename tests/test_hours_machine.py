"""Hours under random deeds: sums, stars and promises agree with the entries, whatever is done in whatever order."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.config import Hours
from bot.domain import hours, people
from bot.domain.hours import Grade
from bot.domain.people import Person
from bot.refusal import Refused
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play

RUNS = {"sqlite": (12, 20), "postgresql": (3, 12)}
RULES = Hours(stars=(2, 6, 12))
SOMEBODY = st.integers(0, 4)


class HoursMachine(RuleBasedStateMachine):
    """Two members and three county admins credit, agree, say that it is wrong, answer and take back."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(5)
        self.office.does(self._appoint)
        self.records: list[int] = []

    async def _appoint(self, tx: Transaction) -> None:
        for person_id in self.ids[2:]:
            await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=person_id)

    def _tries(self, deed: Deed[Any]) -> Any:
        try:
            return self.office.does(deed)
        except (Refused, hours.HoursConflict, ValueError):
            return None

    async def _who(self, tx: Transaction, place: int) -> Person:
        return await people.by_id(tx, self.ids[place])

    @rule(
        whose=SOMEBODY, by=SOMEBODY, grade=st.sampled_from(Grade), start=st.integers(0, 20), length=st.integers(1, 14)
    )
    def credit(self, whose: int, by: int, grade: Grade, start: int, length: int) -> None:
        async def deed(tx: Transaction) -> int:
            begins = tx.now - (48 - start) * 3600
            told = hours.Presence(
                self.ids[whose],
                grade,
                length * 60,
                begins,
                begins + length * 3600,
                f"activity:{start}",
                "River",
                planned_minutes=240 if length < 4 else None,
            )
            teller = await self._who(tx, whose if grade is Grade.OWN else by)
            record = await hours.credit(tx, told, by=teller, rules=RULES)
            return record.id

        made = self._tries(deed)
        if made:
            self.records.append(made)

    @rule(
        data=st.data(), by=SOMEBODY, deed=st.sampled_from([hours.approve, hours.refuse, hours.reverse, hours.object_to])
    )
    def decide(self, data: st.DataObject, by: int, deed: Any) -> None:
        if self.records:
            record = data.draw(st.sampled_from(self.records))

            async def done(tx: Transaction) -> None:
                await deed(tx, record, by=await self._who(tx, by), rules=RULES)

            self._tries(done)

    @rule(data=st.data(), by=SOMEBODY, stands=st.booleans())
    def answer(self, data: st.DataObject, by: int, stands: bool) -> None:
        if self.records:
            record = data.draw(st.sampled_from(self.records))

            async def done(tx: Transaction) -> None:
                found = await hours.dispute_of(tx, record)
                if found:
                    await hours.answer(tx, found.id, stands=stands, by=await self._who(tx, by), rules=RULES)

            self._tries(done)

    @invariant()
    def all_promises_hold(self) -> None:
        assert self.office.does(hours.invariants) == []


@pytest.mark.parametrize("kind", list(RUNS))
def test_hours_hold_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise holds: sums, overlap, agreements, pairs, disputes, stars."""
    with opened(databases, kind) as office:
        play(HoursMachine, RUNS[kind], office=office)
