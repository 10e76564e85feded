"""Search by any part of a text, in any script, through an index: the pieces of one and two characters of all texts."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.storage import Transaction, Value

# What more than so many have in it is common: in any order some of them are found at once.
COMMON = 1_000
# A long query is narrowed enough by some of its pieces; what is left is looked at anyway.
PIECES_MAX = 8
# Of these the rarest are asked for together: PostgreSQL thinks for 20 ms about how to join seven.
JOINED_MAX = 3
WITH_PIECE = "SELECT a.subject FROM pieces a WHERE a.kind = :kind AND a.piece = CAST(:piece AS TEXT)"
WITH_ANOTHER = (
    "EXISTS (SELECT 1 FROM pieces b WHERE b.kind = :kind AND b.piece = CAST(:piece{place} AS TEXT) "
    "AND b.subject = a.subject)"
)
COUNTED = (
    "SELECT {place} AS place, COUNT(*) AS n FROM (SELECT 1 AS one FROM pieces WHERE kind = :kind "
    "AND piece = CAST(:piece{place} AS TEXT) LIMIT :most) few{place}"
)


# Of each piece so many are looked at where texts that are alike are looked for: what is common tells little.
ALIKE_EACH = 200
ALIKE_PIECES_MAX = 24
SHARES = (
    "SELECT subject FROM (SELECT subject FROM pieces WHERE kind = :kind AND piece = CAST(:piece{place} AS TEXT) "
    "LIMIT :each) shares{place}"
)


@dataclass(frozen=True)
class Narrowed:
    """The few in which something may stand: a SELECT of their ids and its values.

    `is_nowhere`: there are none. `is_common`: they are not few.
    """

    sql: str
    values: dict[str, Value]
    is_nowhere: bool
    is_common: bool

    def among(self, column: str) -> str:
        """The condition that `column` names one of them; none where they are too many to be gone through one by one."""
        return "" if self.is_common else f" AND {column} IN ({self.sql})"

    @property
    def named(self) -> dict[str, Value]:
        """The values of this condition."""
        return {} if self.is_common else self.values


# Rules


def pieces_of(text: str) -> list[str]:
    """All pieces of one and two characters in small letters, each once."""
    small = text.lower()
    return list(dict.fromkeys(small[start : start + size] for size in (1, 2) for start in range(len(small))))


def asked_pieces(typed: str) -> list[str]:
    """The pieces that a text must have to hold what was typed: those of two characters, of one alone where there are none."""
    small = typed.lower()
    pairs = [small[start : start + 2] for start in range(len(small) - 1)]
    return list(dict.fromkeys(pairs or [small]))


def most_alike(text: str, others: Iterable[str], many: int) -> list[str]:
    """Of other texts those that have most of their pieces in common with this one, at most so many."""
    mine = set(pieces_of(text))

    def alikeness(other: str) -> float:
        theirs = pieces_of(other)
        return len(mine.intersection(theirs)) / (len(mine) + len(theirs) or 1)

    return heapq.nlargest(many, others, key=alikeness)


# Questions


async def narrowed(tx: Transaction, kind: str, typed: str) -> Narrowed:
    """Those of a kind that have the rarest pieces of what was typed; whether it stands in them is still to be looked at."""
    counted = await counts(tx, kind, asked_pieces(typed)[:PIECES_MAX])
    rarest, *others = sorted(counted, key=lambda piece: (counted[piece], piece))[:JOINED_MAX]
    values: dict[str, Value] = {"kind": kind, "piece": rarest, **{f"piece{i}": piece for i, piece in enumerate(others)}}
    sql = " AND ".join([WITH_PIECE, *(WITH_ANOTHER.format(place=place) for place in range(len(others)))])
    few = counted[rarest]
    if few == COMMON:
        few = await tx.value(f"SELECT COUNT(*) FROM ({sql} LIMIT :most) few", **values, most=COMMON)  # noqa: S608
    return Narrowed(sql, values, few == 0, few == COMMON)


async def counts(tx: Transaction, kind: str, pieces: Sequence[str]) -> dict[str, int]:
    """How many of a kind have each of these pieces in them, by one question; COMMON stands for that many and more."""
    asked = " UNION ALL ".join(COUNTED.format(place=place) for place in range(len(pieces)))
    typed = {f"piece{place}": piece for place, piece in enumerate(pieces)}
    rows = await tx.all(asked, kind=kind, most=COMMON, **typed)
    return {pieces[row["place"]]: row["n"] for row in rows}


async def alike(tx: Transaction, kind: str, typed: str, many: int) -> list[int]:
    """Those of a kind that have most pieces of what was typed in them, the most first: at most so many."""
    pieces = [piece for piece in pieces_of(typed) if not piece.isspace()][:ALIKE_PIECES_MAX]
    if not pieces:
        return []
    shares = " UNION ALL ".join(SHARES.format(place=place) for place in range(len(pieces)))
    rows = await tx.all(
        f"SELECT subject FROM ({shares}) shared GROUP BY subject ORDER BY COUNT(*) DESC, subject LIMIT :many",  # noqa: S608
        kind=kind,
        each=ALIKE_EACH,
        many=many,
        **{f"piece{place}": piece for place, piece in enumerate(pieces)},
    )
    return [row["subject"] for row in rows]


# Deeds


async def keep(tx: Transaction, kind: str, subject: int, *texts: str) -> None:
    """Let it be found by any part of these texts, and no longer by what they were before."""
    await tx.run("DELETE FROM pieces WHERE kind = :kind AND subject = :subject", kind=kind, subject=subject)
    pieces = sorted({piece for text in texts for piece in pieces_of(text)})
    if not pieces:
        return
    await tx.run_many(
        "INSERT INTO pieces (kind, piece, subject) VALUES (:kind, CAST(:piece AS TEXT), :subject) "
        "ON CONFLICT DO NOTHING",
        [{"kind": kind, "piece": piece, "subject": subject} for piece in pieces],
    )
