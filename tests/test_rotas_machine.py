"""Rotas under random deeds: nobody twice, never too many, nobody at two places, one taker, whatever is done in whatever order."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.config import Settings
from bot.domain import people, rotas
from bot.domain.people import Person
from bot.domain.rotas import Draft, Limits
from bot.refusal import Refused
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play

RUNS = {"sqlite": (12, 25), "postgresql": (3, 12)}
SOMEBODY = st.integers(0, 4)
POSTS = st.integers(0, 1)
PLACES = st.integers(0, 99)
# Two posts at the same hours: whoever serves at one of them can't at the other.
TIMES = ((0, 540, 180, 2), (2, 540, 180, 1), (4, 690, 120, 2))
RULES = Settings()
STAND_IN = partial(rotas.stand_in, rules=RULES)
DEEDS = (rotas.seek, rotas.stop, STAND_IN, rotas.give_up, rotas.undo_giving, rotas.undo_taking)
ANSWERS = (rotas.accept, rotas.withdraw, rotas.undo_swap)
OURS = "SELECT id FROM rota_shifts WHERE post_id BETWEEN :first AND :last"
GAPS = f"{OURS} AND taken < people ORDER BY id"
DUTIES = f"SELECT id FROM rota_duties WHERE shift_id IN ({OURS}) ORDER BY id"
LIVE = f"SELECT id FROM rota_duties WHERE state = 'on' AND shift_id IN ({OURS}) ORDER BY id"
OFFERS = (
    f"SELECT id FROM rota_swaps WHERE mine_id IN (SELECT id FROM rota_duties WHERE shift_id IN ({OURS})) ORDER BY id"
)
DRAWINGS = "SELECT id FROM rota_drawings WHERE post_id BETWEEN :first AND :last ORDER BY id"


class RotasMachine(RuleBasedStateMachine):
    """An admin draws for two posts; five people look for one another, take, swap, give up, undo, go away and leave."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(6)
        self.posts: list[int] = self.office.does(self._found)

    async def _found(self, tx: Transaction) -> list[int]:
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=self.ids[5])
        group = await tx.value(
            "INSERT INTO groups (name, about, made_at) VALUES (:name, '', :now) RETURNING id",
            name=f"Guides {self.ids[0]}",
            now=tx.now,
        )
        admin, made = await self._who(tx, 5), []
        for name in ("Desk", "Gate"):
            post = await rotas.make(tx, group, name, "Museum", everybody=False, by=admin)
            await rotas.set_limits(tx, post.id, Limits(3, None, 1), by=admin)
            for weekday, minute, length, many in TIMES:
                await rotas.add_slot(tx, post.id, weekday, minute, length, many, by=admin)
            for place in range(4):
                await rotas.serve(tx, post.id, rotas.EVERY_DAY, by=await self._who(tx, place))
            made.append(post.id)
        return made

    async def _who(self, tx: Transaction, place: int) -> Person:
        return await people.by_id(tx, self.ids[place])

    def _one_of(self, sql: str, place: int) -> int:
        """The number of one of this machine's rows; 0 where there is none."""
        rows = self.office.does(lambda tx: tx.all(sql, first=self.posts[0], last=self.posts[1]))
        return int(rows[place % len(rows)]["id"]) if rows else 0

    def _tries(self, deed: Deed[Any]) -> Any:
        try:
            return self.office.does(deed)
        except Refused:
            return None

    @rule(which=POSTS, weeks=st.integers(1, 2), later=st.integers(0, 1))
    def draws(self, which: int, weeks: int, later: int) -> None:
        async def deed(tx: Transaction) -> None:
            admin, post = await self._who(tx, 5), await rotas.post_of(tx, self.posts[which])
            first = rotas.monday_of(tx.today) + timedelta(days=7 * (later + 1))
            inputs, _ = await rotas.draft(tx, post, first, weeks)
            drawn = Draft(first, weeks, "seed", inputs, rotas.compute(inputs, "seed"))
            drawing = await rotas.preview(tx, post.id, drawn, by=admin)
            await rotas.publish(tx, drawing.id, by=admin, settings=RULES)

        self._tries(deed)

    @rule(place=PLACES, by=SOMEBODY, deed=st.sampled_from(DEEDS))
    def hands_on(self, place: int, by: int, deed: Any) -> None:
        duty = self._one_of(DUTIES, place)

        async def done(tx: Transaction) -> None:
            await deed(tx, duty, by=await self._who(tx, by))

        self._tries(done)

    @rule(place=PLACES, by=SOMEBODY, undo=st.booleans())
    def is_relieved(self, place: int, by: int, undo: bool) -> None:
        """Whoever has it looks for somebody, and somebody takes it, or not after all."""
        duty = self._one_of(LIVE, place)

        async def done(tx: Transaction) -> None:
            found = await rotas.duty_of(tx, duty)
            await rotas.seek(tx, duty, by=await people.by_id(tx, found.person_id))
            taker = await self._who(tx, by)
            seat = await STAND_IN(tx, duty, by=taker)
            if undo:
                await rotas.undo_taking(tx, seat.duty.id, by=taker)

        self._tries(done)

    @rule(place=PLACES, undo=st.booleans())
    def is_given_up(self, place: int, undo: bool) -> None:
        duty = self._one_of(LIVE, place)

        async def done(tx: Transaction) -> None:
            by = await people.by_id(tx, (await rotas.duty_of(tx, duty)).person_id)
            await rotas.give_up(tx, duty, by=by)
            if undo:
                await rotas.undo_giving(tx, duty, by=by)

        self._tries(done)

    @rule(place=PLACES, by=SOMEBODY)
    def takes(self, place: int, by: int) -> None:
        shift = self._one_of(GAPS, place)

        async def done(tx: Transaction) -> None:
            await rotas.take(tx, shift, by=await self._who(tx, by), rules=RULES)

        self._tries(done)

    @rule(one=PLACES, other=PLACES, answer=st.sampled_from(ANSWERS))
    def offers(self, one: int, other: int, answer: Any) -> None:
        mine, theirs = self._one_of(LIVE, one), self._one_of(LIVE, other)

        async def done(tx: Transaction) -> None:
            first, second = await rotas.duty_of(tx, mine), await rotas.duty_of(tx, theirs)
            swap = await rotas.offer(tx, mine, theirs, by=await people.by_id(tx, first.person_id))
            if answer is not rotas.undo_swap:
                await answer(tx, swap.id, by=await people.by_id(tx, second.person_id))

        self._tries(done)

    @rule(place=PLACES, by=SOMEBODY, answer=st.sampled_from(ANSWERS))
    def answers(self, place: int, by: int, answer: Any) -> None:
        offer = self._one_of(OFFERS, place)

        async def done(tx: Transaction) -> None:
            await answer(tx, offer, by=await self._who(tx, by))

        self._tries(done)

    @rule(place=PLACES)
    def undoes(self, place: int) -> None:
        drawing = self._one_of(DRAWINGS, place)

        async def done(tx: Transaction) -> None:
            await rotas.undo(tx, drawing, by=await self._who(tx, 5))

        self._tries(done)

    @rule(by=SOMEBODY, which=POSTS, weekdays=st.integers(0, 127))
    def serves(self, by: int, which: int, weekdays: int) -> None:
        async def done(tx: Transaction) -> None:
            await rotas.serve(tx, self.posts[which], weekdays, by=await self._who(tx, by))

        self._tries(done)

    @rule(by=SOMEBODY)
    def leaves(self, by: int) -> None:
        async def done(tx: Transaction) -> None:
            await rotas.forget(tx, await self._who(tx, by))

        self._tries(done)

    @invariant()
    def all_promises_hold(self) -> None:
        assert self.office.does(rotas.invariants) == []


@pytest.mark.parametrize("kind", list(RUNS))
def test_rotas_hold_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise holds: numbers, places, overlap, takers and swaps."""
    with opened(databases, kind) as office:
        play(RotasMachine, RUNS[kind], office=office)
