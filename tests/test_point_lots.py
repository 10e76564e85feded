"""Lots follow the ledger: which points are left, were redeemed or expired, told by the transfer that had issued them."""

from collections import Counter

import pytest

from bot.domain.points.tracing import HELD, Leg, Lots, Step, Went, follow

MING, HUA, RESERVED = 1, 2, 9
ISSUE, REDEEMED, EXPIRED = 100, 200, 201
KINDS = {RESERVED: "reserved", ISSUE: "issue", REDEEMED: "redeemed", EXPIRED: "expired"}
# Each row: what moves by it, its reason, what it takes back, and when that had brought the points. The first is transfer 1 at
# the instant 10, the second transfer 2 at 20, and so on.
Moved = tuple[dict[int, int], str, int, int | None]


def earned(amount: int, who: int = MING) -> Moved:
    return {ISSUE: -amount, who: amount}, "task", 0, None


def moved(legs: dict[int, int], reason: str = "redeem", undone_at: int | None = None) -> Moved:
    return legs, reason, 0, undone_at


def taken_back(which: int, legs: dict[int, int]) -> Moved:
    return legs, "reversal", which, which * 10


SET_ASIDE = moved({MING: -12, RESERVED: 12})
GIVEN = (moved({MING: -5, RESERVED: 5}, "gift"), moved({RESERVED: -5, HUA: 5}, "gift"))
# What moved, and then: of which lots each has how many, since when; and what went of which.
TABLE: dict[str, tuple[list[Moved], dict[tuple[int, int, int], int], dict[tuple[str, int], int]]] = {
    "what expires first is spent first": (
        [earned(10), earned(10), moved({MING: -12, REDEEMED: 12})],
        {(MING, 2, 20): 8},
        {("redeemed", 1): 10, ("redeemed", 2): 2},
    ),
    "what is not taken is the last that was set aside, as old as it was": (
        [earned(10), earned(10), SET_ASIDE, moved({RESERVED: -12, REDEEMED: 7, MING: 5}, "collect")],
        {(MING, 1, 10): 3, (MING, 2, 20): 10},
        {("redeemed", 1): 7},
    ),
    "a gift is as new for its receiver": ([earned(10), *GIVEN], {(MING, 1, 10): 5, (HUA, 1, 30): 5}, {}),
    "a gift that goes back renews nothing, and leaves what its receiver had": (
        [earned(5), earned(5, HUA), *GIVEN, moved({HUA: -5, MING: 5}, "gift", undone_at=40)],
        {(MING, 1, 10): 5, (HUA, 2, 20): 5},
        {},
    ),
    "an expiry that is taken back gives back what had expired": (
        [earned(4), earned(4), moved({MING: -4, EXPIRED: 4}, "expiry"), taken_back(3, {EXPIRED: -4, MING: 4})],
        {(MING, 1, 10): 4, (MING, 2, 20): 4},
        {},
    ),
    "what is taken back and was spent was spent of another": (
        [earned(10), earned(10), moved({MING: -6, REDEEMED: 6}), taken_back(1, {MING: -10, ISSUE: 10})],
        {(MING, 2, 20): 4},
        {("redeemed", 2): 6},
    ),
    "what is taken back and was given on is another's now": (
        [earned(5), *GIVEN, earned(5), taken_back(1, {MING: -5, ISSUE: 5})],
        {(HUA, 4, 30): 5},
        {},
    ),
    "what is given again is the same lot": (
        [earned(5), taken_back(1, {MING: -5, ISSUE: 5}), taken_back(2, {ISSUE: -5, MING: 5})],
        {(MING, 1, 10): 5},
        {},
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_lots_go_where_their_points_go(name: str) -> None:
    """Whoever holds them, and what they went to: by the transfer that had issued them."""
    rows, held, gone = TABLE[name]
    lots = Lots(ends=lambda since, now: since, flows={REDEEMED: "redeemed", EXPIRED: "expired"})
    went = _went([each for step in _steps(rows) for each in follow(lots, step)])
    left = {
        (place.account_id, *key): piece.amount
        for place, here in lots.places.items()
        for key, piece in here.items()
        if place.gone_by == HELD
    }
    assert (left, went) == (held, gone)


def test_points_that_expire_sooner_are_spent_before_older_ones() -> None:
    """After the rules became stricter, what came last can be what goes first."""
    lots = Lots(ends=lambda since, now: -since)
    *_, spent = [follow(lots, step) for step in _steps([earned(5), earned(5), moved({MING: -5, REDEEMED: 5})])]
    assert spent == [Went("redeemed", 2, 5)]


def _steps(rows: list[Moved]) -> list[Step]:
    steps: list[Step] = []
    roots: dict[int, int] = {}
    for number, (legs, reason, undoes, undone_at) in enumerate(rows, 1):
        roots[number] = roots.get(undoes, number)
        there = tuple(Leg(account, KINDS.get(account, "member"), amount) for account, amount in legs.items())
        root = roots[number]
        steps.append(Step(number, number * 10, reason, undoes, root, root * 10, undone_at, there))
    return steps


def _went(found: list[Went]) -> dict[tuple[str, int], int]:
    sums: Counter[tuple[str, int]] = Counter()
    for each in found:
        sums[each.flow, each.lot] += each.amount
    return {key: amount for key, amount in sums.items() if amount}
