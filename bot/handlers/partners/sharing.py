"""Sharing an activity: with whom, how many places, and what becomes of those that nobody uses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import activities, groups, partners
from bot.domain.activities import reading
from bot.domain.activities.places import short
from bot.domain.activities.portions import sources, to_spare
from bot.domain.groups import KINDS
from bot.domain.partners import BACK_HOURS, HOUR, UNDO_SECONDS, Share, share_words
from bot.forms import Form, Question
from bot.locales import Moment, Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN
SHARES_A_PAGE = 5


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """With whom an activity is shared, and how many places each has left."""
    view = await activities.watched_by(tx, heard.number(), heard.me)
    activity, number = view.activity, heard.page(1)
    found = await partners.of_activity(tx, activity.id)
    page = page_in(found, number, SHARES_A_PAGE)
    may_share = activity.takes_sign_ups(tx.now) and (view.leads or heard.me.is_admin)
    share = (Button(say("＋ Share"), press("partners.choose", activity.id)),) if may_share else ()
    counts = (Button(say("📊 Counts by origin"), press("partners.origins", activity.id)),) if found else ()
    return card(
        say("🤝 <b>{title}</b>: partners", title=activity.title),
        *(say("· {share}", share=share_words(each)) for each in found),
        *((say("Shared with nobody yet."),) if not found else ()),
        say_n("{n} place is free to give.", "{n} places are free to give.", await _spare(tx, activity)),
        rows=(
            *(
                (Button(say("{value}", value=short(each.partner)), press("partners.open", each.id)),)
                for each in page.items
            ),
            *page.turner("partners.of", activity.id),
            (*share, *counts),
        ),
        back=press("activities.open", activity.id),
    )


async def _spare(tx: Transaction, activity: activities.Activity) -> int:
    known = await sources(tx, activity)
    return (
        sum([await to_spare(tx, activity, None if role.is_open else role.id) for role in known])
        if known
        else (await to_spare(tx, activity, None))
    )


# Whom to share with


async def choose(tx: Transaction, heard: Heard) -> Answer:
    """Choose a partner: by kind, page by page, or by a typed name."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    kind = heard.args[1] if len(heard.args) > 1 else "school"
    if kind not in KINDS:
        raise stale()
    page = await partners.nodes(tx, activity.id, kind, heard.page(2))
    kinds = [_kind(activity.id, each, kind) for each in ("school", "branch", "team", "association", "interest")]
    search = Button(say("🔍 Search"), press("partners.search", activity.id))
    return card(
        say("🤝 <b>{title}</b>: with whom?", title=activity.title),
        say("Everybody in it and in the groups beneath it has these places."),
        *((say("None of this kind is left."),) if not page.items else ()),
        rows=(
            tuple(kinds[:3]),
            (*kinds[3:], search),
            *((_node(activity.id, each),) for each in page.items),
            *page.turner("partners.choose", activity.id, kind),
        ),
        back=press("partners.of", activity.id),
    )


def _kind(activity_id: int, kind: str, chosen: str) -> Button:
    label = say("• {kind}", kind=KINDS[kind]) if kind == chosen else KINDS[kind]
    return Button(label, press("partners.choose", activity_id, kind, 0))


def _node(activity_id: int, group: groups.Group) -> Button:
    return Button(say("{value}", value=short(group.name)), press("partners.ask", activity_id, group.id))


async def search(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a part of the name."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, SEARCH, {"activity": activity.id})


async def _searched(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    activity = await activities.managed_by(tx, answers["activity"], heard.me)
    query = answers["word"]
    found = (await groups.listed(tx, 0, query)).items or tuple(await groups.nearest(tx, query))
    return card(
        say("Groups with “{query}”", query=query)
        if found
        else say("No group is called anything like “{query}”.", query=query),
        rows=(
            *((_node(activity.id, each),) for each in found),
            (Button(say("🔍 Search"), press("partners.search", activity.id)),),
        ),
        back=press("partners.choose", activity.id),
    )


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many places, and whether unused ones go back by themselves."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    partner = await groups.by_id(tx, heard.number(1))
    known = [[role.id, role.name, role.free] for role in await sources(tx, activity) if not role.is_open]
    given = {"activity": activity.id, "title": activity.title, "partner": partner.id, "name": partner.name}
    ahead = {"free": await to_spare(tx, activity, None), "hours": _ahead(activity.starts_at, tx.now)}
    return await forms.begin(tx, heard, SHARE, {**given, "roles": known, **ahead}, roles=known)


def _ahead(starts_at: int, now: int) -> list[int]:
    """So many hours before the start are ahead still; 0: not by themselves."""
    return [hours for hours in BACK_WORDS if not hours or starts_at - hours * HOUR > now]


def _effect(known: Mapping[str, Any]) -> Iterator[Said]:
    yield say("“{title}” is shared with {partner}.", title=known["title"], partner=known["name"])
    if known.get("roles") == []:
        yield say_n("{n} place is free to give.", "{n} places are free to give.", known["free"])


async def _shared(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await partners.share(
        tx,
        answers["activity"],
        answers["partner"],
        answers["places"],
        back_hours=int(answers["back"]) or None,
        out_of=int(answers["out_of"][0]) if answers.get("out_of") else None,
        by=heard.me,
    )
    return (await screen(tx, heard, found)).with_toast(say("Shared; the partner's leaders are told."))


def _out_of(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    for number, name, free in known["roles"]:
        yield f"{number}:{name}", say("{role} ({free} free)", role=name, free=free)


def _read_role(typed: str, tx: Transaction) -> list[str]:
    """The role's number and its name, as its button has them."""
    number, _, name = typed.partition(":")
    if not number.isascii() or not number.isdecimal() or not name:
        raise _tap_one()
    return [number, name]


def _tap_one() -> Refused:
    return Refused(say("Please tap one of the buttons. Nothing was saved."))


def _read_hours(typed: str, tx: Transaction) -> str:
    if typed not in {"0", *map(str, BACK_HOURS)}:
        raise _tap_one()
    return typed


BACK_WORDS = {
    **{hours: say("{n} h before the start", n=hours) for hours in BACK_HOURS},
    0: say("Not by themselves"),
}
PLACES = Question("places", say("Places"), say("How many places does it have?"), reading.places)
SHARE = Form(
    "partners.share",
    say("Share with a partner"),
    (
        Question(
            "out_of",
            say("Out of"),
            say("Out of which places? Tap them."),
            _read_role,
            show=lambda value: say("{value}", value=value[1]),
            offers=_out_of,
            settled=lambda answers: not answers.get("roles"),
        ),
        PLACES,
        Question(
            "back",
            say("Unused places go back"),
            say("When shall unused places go back to everybody by themselves? Tap one."),
            _read_hours,
            show=lambda value: BACK_WORDS[int(value)],
            offers=lambda known: ((str(hours), BACK_WORDS[hours]) for hours in known.get("hours", BACK_WORDS)),
        ),
    ),
    _shared,
    say("Share it"),
    LEADERS,
    _effect,
)
SEARCH = forms.search("partners.search", say("Send a part of the name."), _searched, LEADERS)


# One share


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One share, as its two sides see it."""
    return await screen(tx, heard, await partners.seen_by(tx, heard.number(), heard.me))


async def screen(tx: Transaction, heard: Heard, share: Share, *, undo: bool = False) -> Card:
    """One share: its numbers, and what each side can do."""
    ahead = share.starts_at > tx.now
    manages = await partners.manages(tx, share, heard.me)
    receives = await groups.leads(tx, share.partner_id, heard.me)
    rows: list[tuple[Button, ...]] = []
    if undo:
        rows.append((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("partners.undo", share.id)),))
    if ahead and receives and share.is_on:
        rows.append(
            (
                Button(say("📣 Send it on"), press("partners.sendon", share.id), style="primary"),
                Button(say("Decline"), press("partners.decline", share.id)),
            )
        )
    if ahead and manages:
        rows += _managing(share)
    names = Button(
        say("Who? {n}", n=share.taken), press("partners.people", share.activity_id, share.partner_id, "in", 0)
    )
    rows.append(
        (*((names,) if share.taken else ()), Button(say("The activity"), press("activities.open", share.activity_id)))
    )
    back = press("partners.of", share.activity_id) if manages else press("partners.ours", share.partner_id)
    return card(*_lines(share), rows=tuple(rows), back=back)


def _lines(share: Share) -> Iterator[Said]:
    yield say("🤝 <b>{title}</b>", title=share.title)
    yield say("🕒 {when}", when=Moment(share.starts_at))
    yield share_words(share)
    if share.waiting:
        yield say_n("{n} waits for one of its places.", "{n} wait for one of its places.", share.waiting)
    if share.reason:
        yield say("Why: {reason}", reason=share.reason)
    if share.is_on and share.back_at is not None:
        yield say("What is unused goes back to everybody {moment}.", moment=Moment(share.back_at))


def _managing(share: Share) -> list[tuple[Button, ...]]:
    if not share.is_on:
        again = Button(say("Share again"), press("partners.ask", share.activity_id, share.partner_id))
        return [(again,)]
    back = Button(say_n("Give {n} back", "Give {n} back", share.free), press("partners.giveback", share.id))
    return [
        (
            Button(say("Places"), press("partners.resize", share.id)),
            Button(say("Go back when?"), press("partners.when", share.id)),
        ),
        (*((back,) if share.free else ()), Button(say("Withdraw it"), press("partners.withdraw", share.id, 0))),
    ]


async def resize(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many places it shall have."""
    share = await partners.managed_by(tx, heard.number(), heard.me)
    known = {"share": share.id, "title": share.title, "name": share.partner}
    return await forms.begin(tx, heard, RESIZE, known)


async def _resized(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await partners.resize(tx, answers["share"], answers["places"], by=heard.me)
    return (await screen(tx, heard, found)).with_toast(say("Changed; the partner's leaders are told."))


RESIZE = Form("partners.resize", say("Places"), (PLACES,), _resized, say("Change it"), LEADERS, _effect)


async def when(tx: Transaction, heard: Heard) -> Answer:
    """Choose when unused places go back by themselves."""
    share = await partners.managed_by(tx, heard.number(), heard.me)
    return card(
        say("When shall unused places of {partner} go back to everybody?", partner=share.partner),
        rows=tuple(
            (Button(BACK_WORDS[hours], press("partners.returns", share.id, hours)),)
            for hours in _ahead(share.starts_at, tx.now)
        ),
        back=press("partners.open", share.id),
    )


async def returns(tx: Transaction, heard: Heard) -> Answer:
    """So many hours before the start, or never."""
    hours = heard.number(1)
    if hours not in BACK_WORDS:
        raise stale()
    found = await partners.return_at(tx, heard.number(), hours or None, by=heard.me)
    return (await screen(tx, heard, found)).with_toast(say("Changed."))


async def give_back(tx: Transaction, heard: Heard) -> Answer:
    """Unused places are everybody's, in one tap."""
    found, many = await partners.give_back(tx, heard.number(), by=heard.me)
    words = say_n("{n} place is everybody's now.", "{n} places are everybody's now.", many)
    return (await screen(tx, heard, found, undo=True)).with_toast(words)


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Share it no more; where somebody has signed up, the domain asks first."""
    found = await partners.withdraw(tx, heard.number(), by=heard.me, sure=bool(heard.number(1)))
    return (await screen(tx, heard, found, undo=True)).with_toast(say("Withdrawn; its places are everybody's."))


async def undo(tx: Transaction, heard: Heard) -> Answer:
    """Share it as before."""
    found = await partners.undo(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, found)).with_toast(say("It is shared as before."))


FORMS: tuple[Form, ...] = (SHARE, SEARCH, RESIZE)
ROUTES = [
    on_press("partners.of", listing),
    on_press("partners.choose", choose, LEADERS),
    on_press("partners.search", search, LEADERS),
    on_press("partners.ask", ask, LEADERS),
    on_press("partners.open", opened),
    on_press("partners.resize", resize, LEADERS),
    on_press("partners.when", when, LEADERS),
    on_press("partners.returns", returns, LEADERS),
    on_press("partners.giveback", give_back, LEADERS),
    on_press("partners.withdraw", withdraw, LEADERS),
    on_press("partners.undo", undo, LEADERS),
]
