"""/points: the balance, and the entries behind it in words."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from bot.cards import Button, Card, Onward, card, press
from bot.domain import activities, merging, people, points, shop
from bot.domain.people import Person
from bot.domain.points import REASON_NAMES, Entry
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

# So many of the years with which points expire stand above the entries; the others are under “Why this balance?”.
ENDINGS_MAX = 2


# What readers of everything write behind /points for the county's figures.
FIGURES = ("figures", "报表")


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """My points: the balance, and where they came from"""
    if heard.words.lower() in FIGURES:
        return Onward("points.figures")
    if heard.words and heard.words.removeprefix("#") != str(heard.me.id):
        return await _looked_up(tx, heard)
    return await _statement(tx, heard, heard.me, 0)


async def home(tx: Transaction, heard: Heard) -> Answer:
    """My own statement from its beginning."""
    return await _statement(tx, heard, heard.me, 0)


async def page(tx: Transaction, heard: Heard) -> Answer:
    """One page of somebody's statement."""
    return await _statement(tx, heard, await whose_is(tx, heard, heard.number()), heard.page(1))


async def _looked_up(tx: Transaction, heard: Heard) -> Card:
    _check_reads_all(heard)
    found = await people.named(tx, heard.words)
    if not found:
        raise Refused(say("I know nobody called {name}. Try the number, such as /points #12.", name=heard.words[:40]))
    if len(found) == 1:
        return await _statement(tx, heard, found[0], 0)
    return people.which_of(found, lambda number: press("points.page", number, 0))


async def whose_is(tx: Transaction, heard: Heard, person_id: int) -> Person:
    """Oneself, by a record of before too; or anybody, for those who read all. Raises Refused."""
    if person_id == heard.me.id:
        return heard.me
    if (await people.now_of(tx, person_id)).id == heard.me.id:
        return await people.by_id(tx, person_id)
    _check_reads_all(heard)
    return await people.by_id(tx, person_id)


def _check_reads_all(heard: Heard) -> None:
    if not heard.me.reads_all:
        raise Refused(
            say("You can see your own points only; other people's are for county admins and auditors."),
            WayOut(say("My points"), "points.mine"),
        )


def _name(person: Person) -> Said:
    if person.nickname == f"#{person.id}":
        return say("{name}", name=person.nickname)
    return say("{name} #{number}", name=person.nickname, number=person.id)


async def _statement(tx: Transaction, heard: Heard, whose: Person, number: int) -> Card:
    balance = await points.balance(tx, whose.id)
    shown = await points.entries(tx, whose.id, number)
    head = say_n("<b>{n} point</b>", "<b>{n} points</b>", balance)
    if whose.id != heard.me.id:
        head = say("{whose}: {points}", whose=_name(whose), points=head)
    heir, before = await people.now_of(tx, whose.id), await _before(tx, whose)
    giving = _giving(heard, whose) if heir.id == whose.id else ()
    if not shown.total:
        return _nothing_yet(head, (*before, *giving))
    titles = await titles_of(tx, shown.items)
    last = [
        Button(say("Why this balance?"), press("points.why", whose.id)),
        Button(say("Look into an entry"), press("points.entries", whose.id, number)),
    ]
    if whose.id == heard.me.id:
        last += [Button(say("Redeem"), "shop.list"), Button(say("Give points away"), "points.gift")]
    endings = await points.forecast(tx, whose.id) if number == 0 else ()
    return card(
        head,
        *map(points.ending_words, endings[:ENDINGS_MAX]),
        *(entry_line(entry, titles) for entry in shown.items),
        shown.place(),
        rows=(
            *shown.turner("points.page", whose.id),
            (*last, *_correcting(heard, heir, whose, number), *giving),
            before,
            (Button(say("📄 Statement"), press("points.papers", whose.id)), *_looking(heard, whose)),
        ),
    )


async def _before(tx: Transaction, whose: Person) -> tuple[Button, ...]:
    """To what was booked under the records that became this one."""
    old = await people.merged_into(tx, whose.id)
    return tuple(
        Button(say("Before: record {name}", name=each.nickname), press("points.page", each.id, 0)) for each in old
    )


def _looking(heard: Heard, whose: Person) -> tuple[Button, ...]:
    """One's own month as a picture, and the leaderboard where the county has one."""
    own = (Button(say("🌟 My month"), "points.look:month"),) if whose.id == heard.me.id else ()
    return (*own, Button(say("🏅 Leaderboard"), "points.board")) if heard.house.settings.county.leaderboard else own


def _nothing_yet(head: Said, giving: tuple[Button, ...]) -> Card:
    return card(
        head,
        say(
            "No points yet. They come by taking part: sign up for a volunteer task, and once its leader has confirmed that you came, its points are yours."
        ),
        rows=((Button(say("Volunteer tasks"), "activities.list:task"), *giving),),
    )


def _correcting(heard: Heard, heir: Person, whose: Person, number: int) -> tuple[Button, ...]:
    return (Button(say("Correct an entry"), press("points.wrong", whose.id, number)),) if _may(heard, heir) else ()


def _giving(heard: Heard, whose: Person) -> tuple[Button, ...]:
    return (Button(say("Give points"), press("points.give", whose.id)),) if _may(heard, whose) else ()


def _may(heard: Heard, whose: Person) -> bool:
    """Admins change others' points, never their own."""
    return heard.me.is_admin and whose.id != heard.me.id


async def titles_of(tx: Transaction, shown: Sequence[Entry]) -> dict[str, str]:
    """What the entries of a page are for, by cause."""
    return await titles_of_events(tx, [entry.event for entry in shown], shown[0].person_id if shown else 0)


async def titles_of_events(tx: Transaction, events: Sequence[str], whose: int = 0) -> dict[str, str]:
    """Titles of activities and items, why something was given, by whom, by what an entry names as its event."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, _, number in (event.partition(":") for event in events):
        if kind in TITLES:
            ids[kind].append(int(number))
    # What expired went with a year, which says enough.
    found = {event: event.removeprefix("year:") for event in events if event.startswith("year:")}
    for kind, numbers in ids.items():
        titles = await TITLES[kind](tx, numbers, whose)
        found |= {f"{kind}:{number}": title for number, title in titles.items()}
    return found


Titles = Callable[[Transaction, Sequence[int]], Awaitable[dict[int, str]]]


def _whoever(titles: Titles) -> Callable[[Transaction, Sequence[int], int], Awaitable[dict[int, str]]]:
    """What is called the same whoever asks."""
    return lambda tx, ids, whose: titles(tx, ids)


# What an entry may name as its event, and where it is called by a name.
TITLES = {
    "activity": _whoever(activities.titles),
    "redemption": _whoever(shop.names),
    "grant": _whoever(points.GRANTS.whys),
    "gift": points.gift_titles,
    "giftback": points.gift_titles,
    "appeal": _whoever(points.appeal_answers),
    "merge": _whoever(merging.titles),
    "reward": _whoever(points.reward_whys),
    "budget": _whoever(points.BUDGETS.whys),
    "return": _whoever(points.returned_from),
}


def entry_line(entry: Entry, titles: dict[str, str]) -> Said:
    """An entry as statements show it."""
    return say(
        "<b>{amount}</b> {what} “{title}”{state}\n{moment} · entry {number}",
        amount=points.signed(entry.amount),
        what=REASON_NAMES[entry.reason],
        title=titles.get(entry.event, entry.event),
        state=_state(entry),
        moment=Moment(entry.at),
        number=entry.transfer_id,
    )


def _state(entry: Entry) -> Said:
    state = _came_of(entry)
    return say("{state} {appeal}", state=state, appeal=APPEALED[entry.appealed]) if entry.appealed else state


# What became of the appeal against an entry.
APPEALED = {
    "open": say("⏳ appealed"),
    "reversed": say("⚖ appeal granted"),
    "adjusted": say("⚖ appeal granted"),
    "refused": say("⚖ appeal not granted"),
    "withdrawn": BLANK,
}


def _came_of(entry: Entry) -> Said:
    if entry.reversed_by is not None:
        return say(" (taken back by entry {number})", number=entry.reversed_by)
    if entry.reverses is not None:
        return say(" (takes back entry {number})", number=entry.reverses)
    if entry.cut_by:
        return say(" (of {n}: {limit})", n=entry.earned or 0, limit=points.rule_of(entry.cut_by).label)
    if entry.on_card is not None and entry.on_card != entry.amount:
        return say(" (by the rules, of {n} on the card)", n=entry.on_card)
    return BLANK


async def wrong(tx: Transaction, heard: Heard) -> Answer:
    """Choose the entry that is wrong."""
    whose = await whose_is(tx, heard, heard.number())
    shown = await points.entries(tx, whose.id, heard.page(1))
    open_ones = [entry for entry in shown.items if entry.reversed_by is None]
    return card(
        say("Which entry of {whose} is wrong?", whose=_name(whose)),
        say("Entries that were taken back already are left out."),
        rows=(
            *((Button(_label(entry), press("points.check", entry.transfer_id)),) for entry in open_ones),
            *shown.turner("points.wrong", whose.id),
        ),
        back=press("points.page", whose.id, heard.page(1)),
    )


def _label(entry: Entry) -> Said:
    return say("Entry {number}: {amount}", number=entry.transfer_id, amount=points.signed(entry.amount))


async def check(tx: Transaction, heard: Heard) -> Answer:
    """What taking this entry back would do, in exact numbers."""
    entry = await points.entry(tx, heard.number())
    whose = await whose_is(tx, heard, entry.person_id)
    await points.check_reversible(tx, entry.transfer_id)
    balance = await points.balance(tx, (await people.now_of(tx, whose.id)).id)
    return card(
        say("Take back entry {number} of {whose}?", number=entry.transfer_id, whose=_name(whose)),
        say(
            "It made {amount}. The balance goes from {before} to {after}.",
            amount=points.signed(entry.amount),
            before=balance,
            after=balance - entry.amount,
        ),
        say(
            "Both entries stay visible, and {name} is told. The correction can itself be taken back.",
            name=whose.nickname,
        ),
        rows=((Button(say("Take it back"), press("points.correct", entry.transfer_id), style="danger"),),),
        back=press("points.wrong", whose.id, 0),
    )


async def correct(tx: Transaction, heard: Heard) -> Answer:
    """Take an entry back."""
    entry = await points.correct(tx, heard.number(), by=heard.me)
    screen = await _statement(tx, heard, await people.by_id(tx, entry.person_id), 0)
    return screen.with_toast(say("Entry {number} has been taken back.", number=entry.transfer_id))


ROUTES = [
    command("points", mine, private_only=False, also=("积分", "我的积分")),
    on_press("points.mine", home, link=True),
    on_press("points.page", page),
    on_press("points.wrong", wrong, Who.ADMIN),
    on_press("points.check", check, Who.ADMIN),
    on_press("points.correct", correct, Who.ADMIN),
]
