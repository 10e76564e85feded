"""Call-outs under random deeds: whoever asks, answers, arrives, comes back or closes, in whatever order."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.config import Callouts
from bot.domain import callouts, people
from bot.domain.people import Person
from bot.refusal import Refused
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play

RUNS = {"sqlite": (6, 3), "postgresql": (2, 1)}
RULES = Callouts()
CREW = 3
SOMEBODY = st.integers(0, CREW - 1)
STOCK = 4
DEEDS = (
    *("call out", "rehearse", "next", "next", "next", "next", "next", "next", "decline", "excuse", "correct", "widen"),
    *("close", "close", "stand down", "hand out", "hand out", "hand out", "take back", "take back", "call out"),
)


class CalloutsMachine(RuleBasedStateMachine):
    """Two brigades of the same three people, led by two admins; real call-outs and rehearsals, with four jackets each."""

    office: Office
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(CREW + 2)
        self.missions: list[int] = []
        self.asked: dict[tuple[int, int], int] = {}
        self.brigades, self.kit = self.office.does(self._prepare)

    async def _prepare(self, tx: Transaction) -> tuple[list[int], list[int]]:
        brigades, kit = [], []
        for leader_id in self.ids[CREW:]:
            await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=leader_id)
            leader = await people.by_id(tx, leader_id)
            brigade = await callouts.found(tx, f"Brigade {leader_id}", "", by=leader)
            for person_id in self.ids[:CREW]:
                person = await people.by_id(tx, person_id)
                await callouts.apply(tx, brigade.id, by=person)
                await callouts.decide(tx, brigade.id, person_id, takes=True, by=leader)
            item = await callouts.stock_up(tx, brigade.id, "Jacket", STOCK, by=leader)
            brigades.append(brigade.id)
            kit.append(item.id)
        return brigades, kit

    def _tries(self, deed: Deed[Any]) -> Any:
        try:
            return self.office.does(deed)
        except Refused:
            return None

    async def _leader(self, tx: Transaction, side: int) -> Person:
        return await people.by_id(tx, self.ids[CREW + side])

    @rule(course=st.lists(st.tuples(st.sampled_from(DEEDS), SOMEBODY, st.integers(0, 2)), min_size=25, max_size=45))
    def play(self, course: list[tuple[str, int, int]]) -> None:
        """Many deeds on the newest missions, one after another; all holds after each of them."""
        for what, who, n in course:
            if what in ("call out", "rehearse"):
                self._call_out(n % 2, 1 + who % 3, drill=what == "rehearse")
            elif self.missions:
                mission = self.missions[-1 - n % min(len(self.missions), 2)]
                self._tries(partial(self._deed, what, mission, self.ids[who], n))
            self.everything_holds()

    def _call_out(self, side: int, wanted: int, *, drill: bool) -> None:
        async def deed(tx: Transaction) -> int:
            leader = await self._leader(tx, side)
            draft = await callouts.draft(tx, self.brigades[side], "River", by=leader)
            await callouts.alter(tx, draft.id, "wanted", wanted, by=leader)
            await callouts.alter(tx, draft.id, "drill", int(drill), by=leader)
            return (await callouts.call_out(tx, draft.id, by=leader, rules=RULES)).id

        if made := self._tries(deed):
            self.missions.append(made)

    async def _deed(self, what: str, mission: int, person_id: int, n: int, tx: Transaction) -> None:
        leader = await self._leader(tx, 0)
        match what:
            case "next" | "decline":
                await self._answer(tx, what, mission, await people.by_id(tx, person_id))
            case "excuse":
                await callouts.excuse(tx, mission, person_id, by=leader)
            case "correct":
                await callouts.correct(tx, mission, person_id, by=leader)
            case "widen":
                await callouts.widen_now(tx, mission, by=leader, rules=RULES)
            case "close":
                await callouts.close(tx, mission, by=leader)
            case "stand down":
                await callouts.stand_down(tx, mission, by=leader)
            case "hand out":
                await callouts.hand_out(tx, mission, self.kit[n % 2], person_id, 1 + n, by=leader)
            case _:
                for lent in (await callouts.lent(tx, mission, 0)).items:
                    await callouts.take_kit_back(tx, lent.id, by=leader)
        self.done[what] += 1

    async def _answer(self, tx: Transaction, what: str, mission: int, me: Person) -> None:
        """What comes next for this person on the way there and back, or that he can't."""
        _, own = await callouts.asked(tx, mission, me)
        if what == "decline":
            await callouts.decline(tx, mission, by=me)
        elif own.state == "coming":
            await callouts.arrive(tx, mission, me.id, by=me)
        elif own.state == "there":
            await callouts.go_back(tx, mission, me.id, by=me, rules=RULES)
        else:
            await callouts.come(tx, mission, tx.now + 600, by=me)

    @invariant()
    def everything_holds(self) -> None:
        """Promises; nobody on two missions; no more people than places; no kit below zero; asked once, and for good."""

        async def look(tx: Transaction) -> tuple[Any, ...]:
            twice = await tx.all(
                "SELECT person_id FROM callout_people WHERE state IN ('coming', 'there') GROUP BY person_id HAVING COUNT(*) > 1"
            )
            over = await tx.all("SELECT id FROM callouts WHERE accepted > wanted OR accepted < 0")
            short = await tx.all("SELECT id FROM kit WHERE lent < 0 OR lent > stock")
            open_ended = await tx.all(
                "SELECT c.id FROM callouts c JOIN callout_people a ON a.callout_id = c.id "
                "WHERE c.state = 'closed' AND a.state IN ('coming', 'there', 'reserve')"
            )
            asked = await tx.all("SELECT callout_id, person_id, ring FROM callout_people")
            return await callouts.invariants(tx), twice, over, short, open_ended, asked

        *faults, asked = self.office.does(look)
        assert not any(faults), faults
        now = {(row["callout_id"], row["person_id"]): row["ring"] for row in asked}
        assert self.asked.items() <= now.items()
        self.asked = now


@pytest.mark.parametrize("kind", list(RUNS))
def test_call_outs_hold_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step: nobody at two places, no place given twice, no kit from nowhere, nobody left out there."""
    done = Counter[str]()
    with opened(databases, kind) as office:
        play(CalloutsMachine, RUNS[kind], office=office, done=done)
    assert kind != "sqlite" or {deed for deed in DEEDS if deed not in ("call out", "rehearse", "widen")} <= set(done)
