"""An activity without its date: what templates keep and series repeat."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from bot.dates import instant_on, next_local
from bot.domain.activities import Activity, Draft, Kind, Least, conditions
from bot.domain.activities.places import FIRST_COME, Mode, Role, RoleDraft, Terms
from bot.domain.activities.roles import roles_of
from bot.domain.activities.terming import SHARE_OF
from bot.storage import Row, Transaction, filled

NAME_CHARACTERS_MAX = 40
UNDO_SECONDS = 60


@dataclass(frozen=True)
class Model:
    """What everybody is told of an activity but its date. `seconds`: how long it lasts.

    `terms` are as JSON knows them; what they say of instants is kept as seconds before the start.
    """

    kind: Kind
    title: str
    about: str
    place: str
    seconds: int
    places: int | None
    points: int
    least: Least | None = None
    terms: Mapping[str, Any] | None = None
    adults_only: int = 0
    supervisor_id: int | None = None
    latitude: int | None = None
    longitude: int | None = None

    @classmethod
    def of_kept(cls, kept: str) -> Self:
        """The model again, from its JSON."""
        values: dict[str, Any] = json.loads(kept)
        least = Least(**values["least"]) if values["least"] else None
        return cls(**{**values, "kind": Kind(values["kind"]), "least": least})

    def kept(self) -> str:
        """The model as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def draft(self, group_id: int | None, start: int, end: int | None = None) -> Draft:
        """What is published of it for a group and a time."""
        values = {name: value for name, value in self.__dict__.items() if name not in ("seconds", "terms")}
        terms = _terms(self.terms, start) if self.terms else Terms()
        return Draft(group_id=group_id, starts_at=start, ends_at=end or start + self.seconds, terms=terms, **values)


async def model_of(tx: Transaction, activity: Activity) -> Model:
    """The model after which an activity was made, with the places that were kept for first-timers among the others."""
    least = Least(activity.least, activity.least_hours, bool(activity.lapses)) if activity.least else None
    roles = await roles_of(tx, activity)
    return Model(
        activity.kind,
        activity.title,
        activity.about,
        activity.place,
        activity.ends_at - activity.starts_at,
        _plain_places(activity, roles),
        activity.points,
        least,
        _kept_terms(_terms_of(activity, roles), activity.starts_at),
        activity.adults_only,
        activity.supervisor_id,
        activity.latitude,
        activity.longitude,
    )


def model_from(draft: Draft) -> Model:
    """The model of what is about to be published."""
    values = {name: value for name, value in draft.__dict__.items() if name in Model.__match_args__ and name != "terms"}
    return Model(**values, seconds=draft.ends_at - draft.starts_at, terms=_kept_terms(draft.terms, draft.starts_at))


def _terms_of(activity: Activity, roles: Sequence[Role]) -> Terms:
    return Terms(
        mode=activity.mode,
        opens_at=activity.opens_at,
        closes_at=activity.closes_at,
        conditions=activity.conditions,
        roles=_unshared(roles),
        share=SHARE_OF if activity.kept else 0,
        teaches=activity.teaches,
        valid_months=activity.valid_months,
    )


def _plain_places(activity: Activity, roles: Sequence[Role]) -> int | None:
    """All places where they are alike, or would be if none were a partner's."""
    if roles and not _unshared(roles):
        return activity.role_places
    return None if activity.places is None else activity.places + activity.kept


def _unshared(roles: Sequence[Role]) -> tuple[RoleDraft, ...]:
    """The roles with what partners have of each: with whom the next one is shared, its leader says."""
    lent = Counter({role.id: 0 for role in roles})
    for role in roles:
        if role.out_of is not None:
            lent[role.out_of] += role.places
    return tuple(
        RoleDraft(role.name, role.places + lent[role.id], role.conditions)
        for role in roles
        if role.partner_id is None and not role.is_open
    )


def _kept_terms(terms: Terms, start: int) -> dict[str, Any] | None:
    if terms == FIRST_COME:
        return None
    return {
        "mode": str(terms.mode),
        "opens_at": None if terms.opens_at is None else start - terms.opens_at,
        "closes_at": None if terms.closes_at is None else start - terms.closes_at,
        "conditions": conditions.kept(terms.conditions),
        "roles": [[role.name, role.places, conditions.kept(role.conditions)] for role in terms.roles],
        "share": terms.share,
        "teaches": terms.teaches,
        "valid_months": terms.valid_months,
    }


def _terms(kept: Mapping[str, Any], start: int) -> Terms:
    before = {name: kept[name] for name in ("opens_at", "closes_at")}
    given = {name: None if seconds is None else start - seconds for name, seconds in before.items()}
    return Terms(
        share=kept["share"],
        teaches=kept["teaches"],
        valid_months=kept["valid_months"],
        opens_at=given["opens_at"],
        closes_at=given["closes_at"],
        mode=Mode(kept["mode"]),
        conditions=conditions.of_text(kept["conditions"]),
        roles=tuple(RoleDraft(name, places, conditions.of_text(text)) for name, places, text in kept["roles"]),
    )


@dataclass(frozen=True)
class Template:
    """A model under a name, with its usual weekday (0 is Monday) and local time. `group_id` None: the county's."""

    id: int
    group_id: int | None
    name: str
    model: Model
    weekday: int
    minute: int
    made_by: int

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row, model=Model.of_kept(row["model"]))


def usual(instant: int, tx: Transaction) -> tuple[int, int]:
    """The weekday and the minute of the day of an instant, by the clocks of the county."""
    local = tx.local(instant)
    return local.weekday(), local.hour * 60 + local.minute


def next_dates(weekday: int, minute: int, tx: Transaction, many: int) -> list[datetime]:
    """The next instants, by local clocks, at which this weekday and time come."""
    hour, rest = divmod(minute, 60)
    found = [next_local(tx.local(tx.now), zone=tx.clock.zone, hour=hour, minute=rest, weekday=weekday)]
    while len(found) < many:
        found.append(_week_later(found[-1], minute, tx))
    return found


def _week_later(local: datetime, minute: int, tx: Transaction) -> datetime:
    return tx.local(instant_on(local.date() + timedelta(days=7), minute, tx.clock.zone))
