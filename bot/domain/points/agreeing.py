"""What one admin asks for and a second one agrees to: points for a person, a budget for a group. FEATURES row 78.

`Desk` is where the requests of one kind lie; who may ask, who may agree and what follows is said by the kind itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, Card, Page, card, page_of, press, window
from bot.domain import audit, people
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

WHY_CHARACTERS_MAX = 200


@dataclass(frozen=True)
class Request:
    """So many points for `owner_id`, a person or a group called `name`, and why.

    `state`: waiting for a second admin, given, declined, or, of a budget, taken_back.
    """

    id: int
    owner_id: int
    name: str
    amount: int
    why: str
    asked_by: int
    asker: str
    asked_at: int
    audit_number: int
    state: str
    settled_by: int | None

    @property
    def waits(self) -> bool:
        return self.state == "waiting"


@dataclass(frozen=True)
class Desk:
    """Where the requests of one kind lie: their table, whose points they are about (a column, and where its name stands),
    what their audit entries and messages begin with, the subject of those entries, and their screens.
    """

    table: str
    owner: str
    named: str
    deed: str
    subject: str
    opens: str
    lists: WayOut

    @property
    def _rows(self) -> str:
        return (
            f"SELECT r.id, r.{self.owner} AS owner_id, {self.named} AS name, r.amount, r.why, r.asked_by, "  # noqa: S608 - names of our own
            f"a.nickname AS asker, r.asked_at, r.audit_number, r.state, r.settled_by FROM {self.table} r "
            f"JOIN people a ON a.id = r.asked_by"
        )

    # Questions

    async def one(self, tx: Transaction, number: int, *, hold: bool = False) -> Request:
        """One of them; with `hold` nobody else's until the commit. Raises Refused where there is none."""
        row = await tx.one(f"{self._rows} WHERE r.id = :id {'/*pg FOR UPDATE OF r*/' if hold else ''}", id=number)
        if row is None:
            raise Refused(say("There is no such grant."), self.lists)
        return Request(**row)

    async def waiting(self, tx: Transaction, number: int) -> Page:
        """A page of those that wait for a second admin, the oldest first; `items` are of Request."""
        rows = await tx.all(
            f"{self._rows} WHERE r.state = 'waiting' ORDER BY r.id LIMIT :limit OFFSET :offset",
            **window(number),
        )
        return page_of((Request(**row) for row in rows), number)

    @property
    def waiting_number(self) -> str:
        """The question how many wait."""
        return f"SELECT COUNT(*) FROM {self.table} WHERE state = 'waiting'"  # noqa: S608 - likewise

    async def whys(self, tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
        """The reasons, by the numbers of the requests."""
        rows = await tx.all(f"SELECT id, why FROM {self.table} WHERE id {AMONG}", ids=listed(ids))  # noqa: S608 - likewise
        return {row["id"]: row["why"] for row in rows}

    async def made_with(self, tx: Transaction, key: str) -> Request | None:
        """The request that this form has made before."""
        number = await tx.value(f"SELECT id FROM {self.table} WHERE key = :key", key=key)  # noqa: S608 - likewise
        return None if number is None else await self.one(tx, number)

    # Deeds

    async def enter(self, tx: Transaction, owner_id: int, amount: int, why: str, key: str, *, by: Person) -> Request:
        """Write down what is asked for; nothing is given yet."""
        noted = await audit.note(tx, f"{self.deed}.asked", f"{self.subject}:{owner_id}", by=by.id, amount=amount)
        number = await tx.value(
            f"INSERT INTO {self.table} ({self.owner}, amount, why, key, asked_by, asked_at, audit_number) "  # noqa: S608 - likewise
            "VALUES (:owner, :amount, :why, :key, :by, :now, :noted) RETURNING id",
            owner=owner_id,
            amount=amount,
            why=why,
            key=key,
            by=by.id,
            now=tx.now,
            noted=noted,
        )
        return await self.one(tx, number)

    async def ask_others(self, tx: Transaction, found: Request, words: Said) -> None:
        """Ask the other admins to agree."""
        asking = card(words, say("A second admin has to agree."), rows=self._to(found))
        await people.tell_admins(tx, asking, key=f"{self.deed}:{found.id}", but=found.asked_by)

    async def take_up(self, tx: Transaction, number: int, *, by: Person) -> Request:
        """One that waits, for an admin to decide on. Raises Refused for everybody else, and once it is decided."""
        people.only_admins(by)
        await take_turn(tx)
        found = await self.one(tx, number, hold=True)
        if not found.waits:
            raise Refused(say("This was decided before. Nothing was changed now."), self.way_to(found))
        return found

    async def agreed(self, tx: Transaction, found: Request, *, by: Person) -> None:
        """The second pair of eyes. Raises Refused for whoever asked."""
        if found.asked_by == by.id:
            raise Refused(
                say("You have asked for this yourself: another county admin has to agree. Nothing was changed.")
            )
        await self.note(tx, "agreed", found, by=by)

    async def declined(self, tx: Transaction, found: Request, *, by: Person) -> Request:
        """It is not given; whoever asked is told, unless he takes it back himself."""
        await self.note(tx, "declined", found, by=by)
        if found.asked_by != by.id:
            asker = await people.by_id(tx, found.asked_by)
            await people.tell(tx, asker, self._not_given(found), key=f"{self.deed}.declined:{found.id}")
        return await self.settle(tx, found, "declined", by.id)

    async def note(self, tx: Transaction, what: str, found: Request, *, by: Person) -> None:
        """What was decided, in the audit log."""
        about = f"{self.subject}:{found.owner_id}"
        await audit.note(tx, f"{self.deed}.{what}", about, by=by.id, amount=found.amount)

    async def settle(self, tx: Transaction, found: Request, state: str, by: int) -> Request:
        """How it ended, and by whom."""
        await tx.run(
            f"UPDATE {self.table} SET state = :state, settled_by = :by, settled_at = :now WHERE id = :id",  # noqa: S608 - likewise
            state=state,
            by=by,
            now=tx.now,
            id=found.id,
        )
        return await self.one(tx, found.id)

    # Words

    def way_to(self, found: Request) -> WayOut:
        return WayOut(say("Open"), press(self.opens, found.id))

    def _to(self, found: Request) -> tuple[tuple[Button, ...], ...]:
        return ((Button(say("Open"), press(self.opens, found.id)),),)

    def _not_given(self, found: Request) -> Card:
        words = say("{amount} points for {name} were not agreed to.", amount=found.amount, name=found.name)
        return card(words, rows=self._to(found))
