"""Merging two records of one person: admins ask and agree, and whoever it is about is asked."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, Onward, card, press
from bot.domain import hours, merging, people
from bot.domain.merging import Having, Merge
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

STATES = {
    "waiting": say("⏳ Waits for a second admin."),
    "asked": say("⏳ The person is being asked."),
    "done": say("✅ Done."),
    "declined": say("✖️ Nothing was merged."),
}


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """What is under way."""
    page = await merging.open_merges(tx, heard.page())
    rows = [
        (
            Button(
                say("{old} #{old_number} → {into} #{into_number}", **_names(each)),
                press("merging.open", each.id),
            ),
        )
        for each in page.items
    ]
    ask = Button(say("Merge two records"), "merging.new")
    new = ((ask, Button(say("Who may be there twice"), "merging.alike")),) if heard.me.is_admin else ()
    return card(
        say("🔗 <b>Two records of one person</b>"),
        say("For somebody who lost an account and registered again. Two admins agree, and the person is asked."),
        *(() if page.items else (say("Nothing is under way."),)),
        rows=(*rows, *page.turner("merging.list"), *new),
        back="admin.panel",
    )


def _names(found: Merge) -> dict[str, Any]:
    return {
        "old": found.old_name,
        "old_number": found.old_id,
        "into": found.into_name,
        "into_number": found.into_id,
    }


async def alike(tx: Transaction, heard: Heard) -> Answer:
    """Records that may be one person's; a tap opens both."""
    page = await merging.alike(tx, heard.page())
    rows = tuple((Button(merging.pair_words(each), press("merging.pair", *each.pair)),) for each in page.items)
    return card(
        say("👥 <b>Who may be there twice</b>"),
        say("Of one name, and with something more in common. Open a pair to see what; ask before you merge.")
        if page.items
        else say("Nobody just now. Whoever registers, joins, moves or is renamed is compared within seconds."),
        rows=(*rows, *page.turner("merging.alike")),
        back="merging.list",
    )


async def pair(tx: Transaction, heard: Heard) -> Answer:
    """Two records that may be one person's: why, and both side by side."""
    found = await merging.likeness(tx, heard.number(), heard.number(1))
    why = [await merging.sign_words(tx, sign) for sign in found.signs]
    ways = (
        (Button(_into(found.one_id, found.other_id), press("merging.new", *found.pair)),),
        (Button(_into(found.other_id, found.one_id), press("merging.new", *reversed(found.pair))),),
        (Button(say("They are two people"), press("merging.apart", *found.pair)),),
    )
    return card(
        say("👥 <b>One person?</b> {pair}", pair=merging.pair_words(found)),
        say("The name is the same, and:"),
        *(say("• {sign}", sign=each) for each in why),
        _has(await merging.having(tx, found.one_id)),
        _has(await merging.having(tx, found.other_id)),
        *((say("It was said that they are two people."),) if found.denied else ()),
        rows=ways,
        back="merging.alike",
    )


def _into(old: int, into: int) -> Said:
    return say("#{old} becomes part of #{into}", old=old, into=into)


async def apart(tx: Transaction, heard: Heard) -> Answer:
    """They are two: remembered for good."""
    await merging.tell_apart(tx, heard.number(), heard.number(1), by=heard.me)
    said = say("Noted: these are two people. They never come up again.")
    return Onward("merging.alike", toast=said) if heard.me.is_admin else card(said)


async def same(tx: Transaction, heard: Heard) -> Answer:
    """A leader says that they are one; admins open the pair themselves."""
    if heard.me.is_admin:
        return await pair(tx, heard)
    found = await merging.say_same(tx, heard.number(), heard.number(1), by=heard.me)
    return card(
        merging.pair_words(found),
        say("The county admins are told. They ask whoever it is about before anything is merged."),
    )


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form, perhaps for one record or both."""
    known: dict[str, Any] = {
        name: str(heard.number(at)) for at, name in enumerate(("old", "into")) if at < len(heard.args)
    }
    return await forms.begin(tx, heard, MERGING, None, **known)


async def _proposed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await merging.propose(tx, int(answers["old"]), int(answers["into"]), by=heard.me)
    return await _screen(tx, found, heard)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One of them: both records side by side."""
    return await _screen(tx, await merging.merge(tx, heard.number()), heard)


async def _screen(tx: Transaction, found: Merge, heard: Heard) -> Card:
    lines = [merging.summary(found), STATES[found.state]]
    if found.is_open:
        old, into = await merging.having(tx, found.old_id), await merging.having(tx, found.into_id)
        lines += [_has(old), _has(into), say("Roles and leads are not carried over. It can't be undone.")]
        lines += _consents(old, into)
        if twice := await merging.vouched(tx, found.old_id, found.into_id):
            lines.append(
                say_n(
                    "⚠️ One vouched for the other {n} time: such hours will not count any more.",
                    "⚠️ They vouched for each other {n} times: such hours will not count any more.",
                    twice,
                )
            )
    return card(*lines, rows=_ways(found, heard), back="merging.list")


def _consents(old: Having, into: Having) -> list[Said]:
    """What becomes of the consents of guardians: they go along, but to nobody under 18."""
    if (old.person.is_minor or into.person.is_minor) and (n := old.children + into.children):
        return [
            say_n(
                "👪 One of them is the guardian of {n} child: the consent ends, for the younger age stays, and it is under 18.",
                "👪 One of them is the guardian of {n} children: the consent ends, for the younger age stays, and it is under 18.",
                n,
            )
        ]
    if not old.children:
        return []
    return [
        say_n(
            "👪 The first is the guardian of {n} child: the consent goes along.",
            "👪 The first is the guardian of {n} children: the consent goes along.",
            old.children,
        )
    ]


def _ways(found: Merge, heard: Heard) -> tuple[tuple[Button, ...], ...]:
    if not found.is_open or not heard.me.is_admin or heard.me.id in (found.old_id, found.into_id):
        return ()
    decline = Button(say("Don't merge"), press("merging.decline", found.id), style="danger")
    agree = Button(say("I agree"), press("merging.agree", found.id), style="primary")
    return ((agree, decline),) if found.state == "waiting" and found.asked_by != heard.me.id else ((decline,),)


def _has(having: Having) -> Said:
    return say(
        "<b>{name} #{number}</b> · since {moment}{account}\n{points} points, {hours}, {star}; {groups} groups, "
        "{sign_ups} sign-ups, {reserved} reservations",
        name=having.person.nickname,
        number=having.person.id,
        moment=Moment(having.person.registered_at),
        account=BLANK if having.person.telegram_id is not None else say(" · no account"),
        points=having.points,
        hours=hours.length(having.minutes),
        star=hours.starred(having.star) if having.star else say("no star yet"),
        groups=having.groups,
        sign_ups=having.sign_ups,
        reserved=having.reserved,
    )


async def agree(tx: Transaction, heard: Heard) -> Answer:
    """The second pair of eyes."""
    found = await merging.agree(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    return await _screen(tx, found, heard)


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """An admin says no."""
    return await _screen(tx, await merging.decline(tx, heard.number(), by=heard.me), heard)


async def yes(tx: Transaction, heard: Heard) -> Answer:
    """Both are me."""
    found = await merging.confirm(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    if found.state == "declined":
        return card(say("Nothing was merged: the county admins who asked for it have to ask you again."))
    if found.state != "done":
        return card(
            say(
                "Thank you. It is done once the other account says yes, too, or is silent until {moment}.",
                moment=Moment(found.until or 0),
            ),
            rows=((Button(say("No, that is not me"), press("merging.no", found.id), style="danger"),),),
        )
    if heard.me.id == found.old_id and heard.me.telegram_id != (await people.by_id(tx, found.into_id)).telegram_id:
        return card(people.went_on(found.into_id), home=False)
    return card(say("🔗 Done: your two records are one now."))


async def no(tx: Transaction, heard: Heard) -> Answer:
    """That is not me."""
    await merging.deny(tx, heard.number(), by=heard.me)
    return card(say("Nothing was merged; the admins are told. Thank you for saying so."))


async def _one(typed: str, tx: Transaction) -> str:
    return str((await people.one_named(tx, typed)).id)


def _number(value: str) -> Said:
    return say("#{number}", number=value)


MERGING = Form(
    "merging.new",
    say("Two records of one person"),
    (
        Question(
            "old", say("Ends"), say("Which record shall end? Its number, such as #12, or its name."), _one, show=_number
        ),
        Question("into", say("Stays"), say("Which record shall stay and take everything over?"), _one, show=_number),
    ),
    _proposed,
    say("Ask for it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (MERGING,)
ROUTES = [
    on_press("merging.list", listing, Who.READER),
    on_press("merging.alike", alike, Who.ADMIN),
    on_press("merging.pair", pair, Who.ADMIN),
    on_press("merging.apart", apart, Who.LEADER | Who.ADMIN),
    on_press("merging.same", same, Who.LEADER | Who.ADMIN),
    on_press("merging.new", new, Who.ADMIN),
    on_press("merging.open", opened, Who.READER),
    on_press("merging.agree", agree, Who.ADMIN),
    on_press("merging.decline", decline, Who.ADMIN),
    on_press("merging.yes", yes),
    on_press("merging.no", no),
]
