"""/give: points for somebody else, or for a group; set aside at once, and final when the rules' hours are over."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import groups, hours, minors, people, points
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.points import Gift, Receiver
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.posters import poster
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, payload
from bot.routing import press as on_press
from bot.storage import Transaction

NUMBER_DIGITS_MAX = 12
ANEW = WayOut(say("Give points away"), "points.gift")
AMOUNTS = (5, 10, 20, 50)
TO_WHOM = (Button(say("By card number"), "points.gift.number"), Button(say("In my groups"), "points.gift.groups"))


async def give(tx: Transaction, heard: Heard) -> Answer:
    """Give points to somebody, or to a group: /give, or /give 12"""
    if heard.words:
        return await _shown(tx, heard, await _numbered(heard.words, tx))
    return await _home(tx, heard)


async def home(tx: Transaction, heard: Heard) -> Answer:
    """How it goes, and to whom."""
    return await _home(tx, heard)


async def _home(tx: Transaction, heard: Heard) -> Card:
    rules, has = await points.rules(tx), await points.balance(tx, heard.me.id)
    gone = await points.given_this_month(tx, heard.me)
    return card(
        say("🎁 <b>Give points away</b>"),
        say_n("You have {n} point.", "You have {n} points.", has),
        *points.rule_words(rules, points.in_section("gifts")),
        say("This month you have given {gone}.", gone=gone),
        say("Your hours and stars stay as they are."),
        *(() if has else (say("There is nothing to give yet: points come with volunteer tasks."),)),
        rows=(
            TO_WHOM if has else (Button(say("Volunteer tasks"), "activities.list:task"),),
            (Button(say("Given and got"), "points.gift.list"), Button(say("My own code"), "points.gift.code")),
        ),
        back="points.mine",
    )


async def code(tx: Transaction, heard: Heard) -> Answer:
    """A code by which others find whoever shows it."""
    return poster(
        say("Whoever scans this or opens the link can give you points. Your number is {number}.", number=heard.me.id),
        heard.house.link(payload(press("points.gift.to", heard.me.id))),
        name=f"gift-{heard.me.id}",
        back="points.gift",
    )


# To whom


async def _numbered(typed: str, tx: Transaction) -> Person:
    """Whoever has the card of this number. Raises Refused."""
    number = typed.strip().removeprefix("#").lstrip("0")
    if not number.isascii() or not number.isdecimal() or len(number) > NUMBER_DIGITS_MAX:
        raise Refused(say("Please send the number on the card, such as 000012. Nothing was set aside."), ANEW)
    return await _here(tx, int(number))


async def _here(tx: Transaction, number: int) -> Person:
    """Whoever has this number. Raises Refused for nobody, and for whoever left."""
    try:
        person = await people.by_id(tx, number)
    except Refused as refused:
        raise Refused(refused.reason, ANEW) from refused
    if person.forgotten_at is not None:
        raise Refused(say("This person has left. Nothing was set aside."), ANEW)
    return person


async def _called(tx: Transaction, heard: Heard, whom: Person) -> str:
    """The name for those who share a group; for others its first character, so that numbers don't tell names."""
    known = heard.me.reads_all or await groups.share_one(tx, heard.me, whom)
    return whom.nickname if known else hours.masked(whom.nickname)


async def number(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the number on the card."""
    return await forms.begin(tx, heard, NUMBER)


async def _found(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _shown(tx, heard, await _here(tx, answers["number"]))


async def to(tx: Transaction, heard: Heard) -> Answer:
    """Somebody who was scanned or tapped."""
    return await _shown(tx, heard, await _here(tx, heard.number()))


async def _shown(tx: Transaction, heard: Heard, whom: Person) -> Card:
    if whom.id == heard.me.id:
        raise Refused(
            say("That is yourself: give points to somebody else. Nothing was set aside."),
            ANEW,
        )
    return card(
        say("🎁 <b>{name}</b> · number {number}", name=await _called(tx, heard, whom), number=whom.id),
        say("Is that the one? Points go to this number."),
        rows=((Button(say("Give points away"), press("points.gift.begin", whom.id), style="primary"),),),
        back="points.gift",
    )


async def my_groups(tx: Transaction, heard: Heard) -> Answer:
    """The groups in which I am."""
    shown = await groups.mine(tx, heard.me, heard.page())
    if not shown.total:
        return card(
            say("You are in no group yet."),
            say("Look through them and join with one tap."),
            rows=((Button(say("All groups"), "groups.list"),),),
            back="points.gift",
        )
    rows = ((Button(say("{group}", group=each.name), press("points.gift.group", each.id)),) for each in shown.items)
    return card(
        say("🎁 In which group is whoever shall get points? Or shall the group itself get them?"),
        rows=(*rows, *shown.turner("points.gift.groups")),
        back="points.gift",
    )


async def in_group(tx: Transaction, heard: Heard) -> Answer:
    """Those who are in a group of mine, and the group itself."""
    group = await groups.by_id(tx, heard.number())
    shown = await groups.fellows(tx, group.id, heard.me, heard.page(1))
    rows = (
        (Button(say("{person} ›", person=each.nickname), press("points.gift.to", each.person_id)),)
        for each in shown.items
    )
    whole = (Button(say("🎁 The group itself"), press("points.gift.togroup", group.id)),)
    return card(
        say("🎁 <b>{group}</b>: to whom?", group=group.name),
        say("Whoever is under 18 stands on no list: ask for the number on the card."),
        rows=(whole, *rows, *shown.turner("points.gift.group", group.id)),
        back="points.gift.groups",
    )


# Giving


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many, for a person."""
    whom = await _here(tx, heard.number())
    await _check_consents(tx, heard, whom)
    return await _ask(tx, heard, {"person": whom.id, "name": await _called(tx, heard, whom)})


async def begin_group(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many, for a group."""
    group: Group = await groups.by_id(tx, heard.number())
    await minors.check_consent(tx, heard.me, heard.house.settings.minors)
    return await _ask(tx, heard, {"group": group.id, "name": group.name})


async def _ask(tx: Transaction, heard: Heard, known: dict[str, Any]) -> Card:
    rules, most = await points.rules(tx), await points.most_to_give(tx, heard.me)
    key = f"{heard.me.id}:{heard.update_id}"
    return await forms.begin(tx, heard, GIVE, {**known, "hours": rules.gift_hours, "most": most, "key": key})


def _amounts(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    """Round numbers that can be given; none in a form that was begun before it knew how many there are."""
    return ((str(n), say("{n}", n=n)) for n in AMOUNTS if n <= known.get("most", 0))


def _effect(known: Mapping[str, Any]) -> Iterable[Said]:
    yield BLANK
    yield say("For: {name}", name=known["name"])
    if known["hours"]:
        yield say_n(
            "The points are set aside at once. For {n} hour you can take them back; then {name} has them and is told.",
            "The points are set aside at once. For {n} hours you can take them back; then {name} has them and is told.",
            known["hours"],
            name=known["name"],
        )
    else:
        yield say("{name} has the points at once: they can't be taken back.", name=known["name"])


async def _check_consents(tx: Transaction, heard: Heard, whom: Person) -> None:
    """Whoever needs a guardian's consent gives and gets no points without it."""
    rules = heard.house.settings.minors
    await minors.check_consent(tx, heard.me, rules)
    if minors.needs_guardian(whom.age, rules) and await minors.guardian_of(tx, whom) is None:
        raise Refused(
            say(
                "Number {number} can't get points from others yet: a consent is missing. Nothing was set aside.",
                number=whom.id,
            ),
            ANEW,
        )


async def _given(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    whom = await people.by_id(tx, answers["person"]) if "person" in answers else None
    if whom is not None:
        await _check_consents(tx, heard, whom)
    else:
        await minors.check_consent(tx, heard.me, heard.house.settings.minors)
    receiver = Receiver(person_id=answers.get("person"), group_id=answers.get("group"))
    made = await points.give(tx, receiver, answers["amount"], answers["words"] or "", answers["key"], by=heard.me)
    await _tell_guardians(tx, heard, whom, made)
    return await _gift(tx, heard, made)


async def _tell_guardians(tx: Transaction, heard: Heard, whom: Person | None, made: Gift) -> None:
    gives = say_n(
        "👪 {name} gives {n} point away.", "👪 {name} gives {n} points away.", made.amount, name=heard.me.nickname
    )
    await minors.tell_guardian(tx, heard.me, gives)
    if whom is not None:
        gets = say_n(
            "👪 Somebody gives {name} {n} point.",
            "👪 Somebody gives {name} {n} points.",
            made.amount,
            name=whom.nickname,
        )
        await minors.tell_guardian(tx, whom, gets)


# What became of it


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One gift, with what can still be done about it."""
    return await _gift(tx, heard, await points.gift_seen_by(tx, heard.number(), heard.me))


async def _gift(tx: Transaction, heard: Heard, found: Gift) -> Card:
    rows: tuple[tuple[Button, ...], ...] = ()
    if found.waits and found.giver_id == heard.me.id:
        rows = ((Button(say("Take it back"), press("points.gift.takeback", found.id)),),)
    if found.state == "given" and found.person_id == heard.me.id:
        rows = ((Button(say("Give them back"), press("points.gift.giveback", found.id)),),)
    if found.state == "given" and heard.me.is_admin and heard.me.id not in (found.giver_id, found.person_id):
        rows = ((Button(say("Take it back for {name}", name=found.giver), press("points.gift.reverse", found.id)),),)
    return card(
        await _line(tx, heard, found),
        *((say("“{words}”", words=found.words),) if found.words else ()),
        points.gift_words(found),
        rows=rows,
        back="points.gift.list",
    )


async def _line(tx: Transaction, heard: Heard, found: Gift) -> Said:
    if found.person_id == heard.me.id:
        return say_n("🎁 {n} point from {name}", "🎁 {n} points from {name}", found.amount, name=found.giver)
    name = found.receiver
    if found.person_id is not None:
        name = await _called(tx, heard, await people.by_id(tx, found.person_id))
    return say_n("🎁 {n} point for {name}", "🎁 {n} points for {name}", found.amount, name=name)


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """What I gave and got."""
    shown = await points.gifts_of(tx, heard.me, heard.page())
    rows = [(Button(await _line(tx, heard, found), press("points.gift.open", found.id)),) for found in shown.items]
    return card(
        say("🎁 <b>Given and got</b>"),
        say("What waits can still be taken back.") if rows else say("Nothing yet: what you give or get stands here."),
        rows=(*rows, *shown.turner("points.gift.list")),
        back="points.gift",
    )


async def take_back(tx: Transaction, heard: Heard) -> Answer:
    """The giver thinks better of it."""
    return await _gift(tx, heard, await points.take_back(tx, heard.number(), by=heard.me))


async def give_back(tx: Transaction, heard: Heard) -> Answer:
    """The receiver does not want it."""
    return await _gift(tx, heard, await points.give_back(tx, heard.number(), by=heard.me))


async def ask_reversal(tx: Transaction, heard: Heard) -> Answer:
    """An admin takes a final gift back: first what that means."""
    people.only_admins(heard.me)
    found = await points.gift_seen_by(tx, heard.number(), heard.me)
    return card(
        await _line(tx, heard, found),
        say_n(
            "{n} point goes from {receiver} back to {giver}; both hear that a county admin did it.",
            "{n} points go from {receiver} back to {giver}; both hear that a county admin did it.",
            found.amount,
            receiver=found.receiver,
            giver=found.giver,
        ),
        rows=((Button(say("Take it back"), press("points.gift.reversed", found.id), style="danger"),),),
        back=press("points.gift.open", found.id),
    )


async def reverse(tx: Transaction, heard: Heard) -> Answer:
    """An admin takes a final gift back for its giver."""
    return await _gift(tx, heard, await points.reverse_gift(tx, heard.number(), by=heard.me))


async def _read_number(typed: str, tx: Transaction) -> int:
    return (await _numbered(typed, tx)).id


NUMBER = Form(
    "points.gift.number",
    say("Give points away"),
    (
        Question(
            "number",
            say("Card number"),
            say("Which number stands on the card? Such as 000012; it is on /card of whoever shall get points."),
            _read_number,
        ),
    ),
    _found,
    say("Go on"),
)
GIVE = Form(
    "points.gift",
    say("Give points away"),
    (
        Question(
            "amount",
            say("Points"),
            say("How many points do you give? A whole number."),
            forms.whole_number(1, points.AMOUNT_MAX),
            offers=_amounts,
        ),
        Question(
            "words",
            say("With it"),
            say("What shall I say with it? At most {limit} characters.", limit=points.GIFT_CHARACTERS_MAX),
            forms.short_text(points.GIFT_CHARACTERS_MAX),
            optional=True,
        ),
    ),
    _given,
    say("Give them away"),
    effect=_effect,
)
FORMS: tuple[Form, ...] = (NUMBER, GIVE)
ROUTES = [
    command("give", give, also=("送积分", "赠送积分")),
    on_press("points.gift", home, link=True),
    on_press("points.gift.code", code),
    on_press("points.gift.number", number),
    on_press("points.gift.to", to, link=True),
    on_press("points.gift.groups", my_groups),
    on_press("points.gift.group", in_group),
    on_press("points.gift.begin", begin),
    on_press("points.gift.togroup", begin_group),
    on_press("points.gift.open", opened),
    on_press("points.gift.list", listing),
    on_press("points.gift.takeback", take_back),
    on_press("points.gift.giveback", give_back),
    on_press("points.gift.reverse", ask_reversal, Who.ADMIN),
    on_press("points.gift.reversed", reverse, Who.ADMIN),
]
