"""How places are given, as it stands on the card: when to sign up, for whom it is, and who gets a place of many."""

from collections.abc import Collection

from bot.domain.activities import conditions as asked
from bot.domain.activities import roles
from bot.domain.activities.places import Mode, Role, free_words
from bot.domain.activities.things import HOUR, Activity
from bot.locales import Moment, Said, say, say_n

SEAL_CHARACTERS_SHOWN = 16
# From then on the places that are kept for first-timers are everybody's.
SHARE_OPENS_HOURS = 24
PARTNERS_NAMED_MAX = 4


def share_opens_at(activity: Activity) -> int:
    """When what is still kept for first-timers opens to all."""
    return activity.starts_at - SHARE_OPENS_HOURS * HOUR


def lines(activity: Activity, by_role: tuple[Role, ...], nodes: Collection[int] = ()) -> tuple[Said, ...]:
    """The lines of a card about how places are given; none where whoever comes first has one.

    `nodes` are the groups to which whoever reads belongs: of many partners his own are named, the others counted together.
    """
    found = _role_lines(by_role, nodes)
    if wanted := asked.words(activity.conditions):
        found.append(say("🔑 For: {conditions}", conditions=wanted))
    if activity.kept:
        found.append(
            say_n(
                "🌱 {n} place is kept for people who come for the first time, until {moment}",
                "🌱 {n} places are kept for people who come for the first time, until {moment}",
                activity.kept,
                moment=Moment(share_opens_at(activity)),
            )
        )
    return (*found, *_window(activity), *_mode(activity), *_training(activity))


def _role_lines(by_role: tuple[Role, ...], nodes: Collection[int]) -> list[Said]:
    partners = [role for role in by_role if role.partner_id is not None]
    mine = [role for role in partners if role.partner_id in nodes][:PARTNERS_NAMED_MAX]
    others = [role for role in partners if role not in mine] if len(partners) > PARTNERS_NAMED_MAX else []
    found = [say("· {role}", role=roles.role_words(role)) for role in by_role if role not in others]
    if others:
        places, free, waiting = (sum(getattr(role, of) for role in others) for of in ("places", "free", "waiting"))
        counts = free_words(places, free, waiting)
        found.append(
            say_n("· 🤝 {n} other partner: {places}", "· 🤝 {n} other partners: {places}", len(others), places=counts)
        )
    return found


def _window(activity: Activity) -> list[Said]:
    opens, closes = activity.opens_at, activity.closes_at
    if opens is not None and closes is not None:
        return [say("⏱ Sign up from {opens} until {closes}", opens=Moment(opens), closes=Moment(closes))]
    if opens is not None:
        return [say("⏱ Sign up from {opens}", opens=Moment(opens))]
    return [say("⏱ Sign up until {closes}", closes=Moment(closes))] if closes is not None else []


def _mode(activity: Activity) -> list[Said]:
    if activity.mode is Mode.FIRST:
        return []
    if activity.mode is Mode.REVIEW:
        return [say("🗳 Its leaders decide who comes, each with a reason")]
    rule = mode_words(activity.mode)
    if activity.drawn_at is not None:
        return [say("🎲 {rule}: drawn {moment}", rule=rule, moment=Moment(activity.drawn_at))]
    return [say("🎲 {rule} · seal <code>{seal}</code>", rule=rule, seal=activity.seal[:SEAL_CHARACTERS_SHOWN])]


def mode_words(mode: Mode) -> Said:
    """The rule by which places are given, in a few words."""
    return MODES[mode]


def _training(activity: Activity) -> list[Said]:
    if not activity.teaches:
        return []
    if activity.valid_months is None:
        return [say("🎓 Whoever comes has the training “{training}”", training=activity.teaches)]
    return [
        say_n(
            "🎓 Whoever comes has the training “{training}” for {n} month",
            "🎓 Whoever comes has the training “{training}” for {n} months",
            activity.valid_months,
            training=activity.teaches,
        )
    ]


MODES = {
    Mode.FIRST: say("First come, first served"),
    Mode.LOTTERY: say("Lottery"),
    Mode.RECENT: say("Who served longest ago comes first"),
    Mode.REVIEW: say("The leaders decide"),
}
