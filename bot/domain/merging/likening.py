"""What tells that two records of one name may be one person, from what is known anyway; rules alone."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# A sign and the number of the group or area that it is about; 0 where it is about none.
Sign = tuple[str, int]
Pair = tuple[int, int]

# How much each sign tells. In one group people know each other; whoever has taken part in nothing since may be away.
STRENGTHS = {
    "group": 4,
    "school": 3,
    "area": 3,
    "neighbour": 3,
    "blocked": 3,
    "branch": 2,
    "silent": 1,
}
# Where more than so many of one group, branch, school or area bear a name, it tells nothing of two of them.
CROWD_MAX = 5
# A name that more than so many bear in the county needs more than one sign, or a group that both are in.
COMMON = 50
RARER = 1000
# So long before the younger record was made the older one had taken part in something for the last time.
SILENT_DAYS = 30


@dataclass(frozen=True)
class Facts:
    """What is known of one record. `waits`: a neighbour without an account, registered by a leader."""

    id: int
    registered_at: int
    waits: bool
    blocked: bool
    last_at: int | None


def pairs_of(circles: Mapping[Sign, Iterable[int]]) -> dict[Pair, list[Sign]]:
    """Every two people who are together in a circle, with all the circles they share; the older number first."""
    found: dict[Pair, list[Sign]] = defaultdict(list)
    for circle in sorted(circles, key=lambda each: (-STRENGTHS[each[0]], each[1])):
        for pair in itertools.combinations(sorted(circles[circle]), 2):
            found[pair].append(circle)
    return dict(found)


def accounts_say(one: Facts, other: Facts, *, alone: bool) -> list[Sign]:
    """What the accounts of two records say; `alone`: nobody else in the county bears the name."""
    if one.waits != other.waits:
        return [("neighbour", 0)]
    older, younger = sorted((one, other), key=lambda each: (each.registered_at, each.id))
    if older.blocked and not younger.waits:
        return [("blocked", 0)]
    long_before = younger.registered_at - SILENT_DAYS * 24 * 3600
    if alone and older.last_at is not None and older.last_at < long_before:
        return [("silent", 0)]
    return []


def tells(signs: Iterable[Sign], bearers: int) -> bool:
    """Do these signs tell anything, of a name that so many bear?"""
    named = [sign for sign, _ in signs]
    return bool(named) and (bearers <= COMMON or "group" in named or len(set(named)) > 1)


def weight(signs: Iterable[Sign], bearers: int) -> int:
    """What is listed first: whom most speaks for, and of those the rarest name."""
    kinds = {sign for sign, _ in signs}
    return sum(STRENGTHS[kind] for kind in kinds) * RARER - min(bearers, RARER - 1)
