"""Neighbours, as their leader sees them; and the link by which one of them comes in himself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, Card, Onward, card, press
from bot.domain import activities, chats, groups, hours, merging, neighbours, people, points, privacy
from bot.domain.activities import View
from bot.domain.groups import Group
from bot.domain.hours import length
from bot.domain.merging import Namesake
from bot.forms import Form, Question
from bot.locales import LANGUAGES, Moment, Said, say, say_n
from bot.posters import poster
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """The group's neighbours who have no account yet."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    page = await neighbours.of_group(tx, group.id, heard.page(1))
    add = Button(say("Register somebody"), press("neighbours.add", group.id), style="primary")
    head = say("🏠 <b>{group}</b> · neighbours without Telegram", group=group.name)
    back = press("groups.lead", group.id)
    if not page.items:
        return card(
            head,
            say(
                "Nobody yet. Whoever has no Telegram can take part all the same: you register them, and hours and points wait."
            ),
            rows=((add,),),
            back=back,
        )
    rows = tuple(
        (Button(say("{name} ›", name=each.person.nickname), press("neighbours.open", each.person.id)),)
        for each in page.items
    )
    return card(head, page.place(), rows=(*rows, *page.turner("neighbours.list", group.id), (add,)), back=back)


async def add(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the name."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, REGISTERING, {"group": group.id})


async def _registered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    """Register them, once whoever bears the name in the group already was asked about; they are known to be others then."""
    group = await groups.led_by(tx, int(answers["group"]), heard.me)
    alike = await merging.namesakes(tx, group.id, answers["name"])
    if [each.id for each in alike] != answers.get("alike", []):
        return await _is_it_one_of(tx, heard, group, answers["name"], alike)
    neighbour = await neighbours.register(tx, group.id, answers["name"], by=heard.me)
    for each in alike:
        if each.id != heard.me.id:
            await merging.tell_apart(tx, each.id, neighbour.person.id, by=heard.me)
    return await _one(tx, heard, neighbour.person.id)


async def _is_it_one_of(tx: Transaction, heard: Heard, group: Group, name: str, alike: Sequence[Namesake]) -> Card:
    """Nothing is saved yet: somebody in the group bears this name already."""
    known = {"group": group.id, "in": group.name, "alike": [each.id for each in alike]}
    asked = await forms.begin(tx, heard, ANOTHER, known, name=name)
    rows = tuple((Button(_namesake(each), _opens(group, each)),) for each in alike)
    return replace(asked, rows=(*rows, *asked.rows))


def _namesake(each: Namesake) -> Said:
    if each.waits:
        return say("It is {name} #{number}, without Telegram", name=each.nickname, number=each.id)
    return say("It is {name} #{number}", name=each.nickname, number=each.id)


def _opens(group: Group, each: Namesake) -> str:
    return press("neighbours.open", each.id) if each.waits else press("groups.person", group.id, each.id)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One neighbour: what waits, the link, and leaving."""
    return await _one(tx, heard, heard.number())


async def _one(tx: Transaction, heard: Heard, person_id: int) -> Card:
    found = await neighbours.led_by(tx, person_id, heard.me)
    person = found.person
    ahead = (await activities.of_person(tx, person, 0)).items
    return card(
        say("🏠 <b>{name}</b> · number {number}", name=person.nickname, number=person.id),
        say("Hours: {hours}", hours=length((await hours.sums(tx, person.id)).total)),
        say_n("{n} point", "{n} points", await points.balance(tx, person.id)),
        *_ahead(ahead),
        say("Sign {name} up by “Sign up a team” on an activity's card.", name=person.nickname),
        rows=(
            *(
                (
                    Button(
                        say("Not “{title}”", title=view.activity.title),
                        press("neighbours.out", view.activity.id, person.id),
                    ),
                )
                for view in ahead
                if view.activity.takes_sign_ups(tx.now)
            ),
            (
                Button(say("Link to come in"), press("neighbours.link", person.id), style="primary"),
                Button(say("What I lead"), "activities.led"),
            ),
            (Button(say("Delete the record"), press("neighbours.erase", person.id)),),
        ),
        back=press("neighbours.list", found.group_id),
    )


def _ahead(ahead: Sequence[View]) -> tuple[Said, ...]:
    return tuple(
        say("• {title}: {moment}", title=view.activity.title, moment=Moment(view.activity.starts_at)) for view in ahead
    )


async def out(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw a neighbour, who can't do so himself."""
    found = await neighbours.led_by(tx, heard.number(1), heard.me)
    if found.joined_at is not None:
        raise Refused(
            say("{name} has an account and decides that alone. Nothing was changed.", name=found.person.nickname)
        )
    await activities.withdraw(tx, heard.number(), by=found.person)
    return (await _one(tx, heard, found.person.id)).with_toast(say("{name} is withdrawn.", name=found.person.nickname))


async def link(tx: Transaction, heard: Heard) -> Answer:
    """A link and its picture, to be handed to the neighbour."""
    code = await neighbours.hand_out(tx, heard.number(), by=heard.me)
    person = (await neighbours.led_by(tx, heard.number(), heard.me)).person
    words = say(
        "For {name} alone: whoever opens this link on their phone takes over what waits. It works once; a new link ends it.",
        name=person.nickname,
    )
    target = heard.house.link(payload(press("neighbours.come", code)))
    return poster(words, target, name=f"neighbour-{person.id}", back=press("neighbours.open", person.id))


async def erase(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a neighbour is forgotten."""
    person = (await neighbours.led_by(tx, heard.number(), heard.me)).person
    found = await privacy.leaving(tx, person)
    return card(
        say("<b>Have {name} forgotten?</b>", name=person.nickname),
        say_n("{n} point goes with them.", "{n} points go with them.", found.points),
        say_n("{n} sign-up ahead is given up.", "{n} sign-ups ahead are given up.", found.sign_ups),
        rows=(
            (
                Button(
                    say("Yes, forget {name}", name=person.nickname),
                    press("neighbours.erased", person.id),
                    style="danger",
                ),
            ),
        ),
        back=press("neighbours.open", person.id),
    )


async def erased(tx: Transaction, heard: Heard) -> Answer:
    """Forget a neighbour who has no account."""
    found = await neighbours.led_by(tx, heard.number(), heard.me)
    if found.joined_at is not None:
        raise Refused(
            say("{name} has an account and decides that alone. Nothing was changed.", name=found.person.nickname)
        )
    await privacy.forget(tx, found.person)
    return card(
        say("Done. {name} is forgotten here.", name=found.person.nickname),
        back=press("neighbours.list", found.group_id),
    )


async def come(tx: Transaction, heard: Heard) -> Answer:
    """What waits for whoever opens the link."""
    code = heard.args[0] if heard.args else ""
    found = await neighbours.by_code(tx, code)
    language = heard.person.language if heard.person else heard.language
    total = (await hours.sums(tx, found.person.id)).total
    leader = await people.by_id(tx, found.made_by)
    screen = card(
        say("👋 <b>Are you {name}?</b>", name=found.person.nickname),
        say("{leader} has registered you. What waits for you:", leader=leader.nickname),
        say("Hours: {hours}", hours=length(total)),
        say_n("{n} point", "{n} points", await points.balance(tx, found.person.id)),
        *_ahead((await activities.of_person(tx, found.person, 0)).items),
        say("If you are somebody else, please leave it: it works once."),
        rows=(
            (Button(say("Yes, that is me"), press("neighbours.mine", code, language), style="primary"),),
            (Button(say("No"), press("people.welcome", language)),),
        ),
        home=False,
    )
    return replace(screen, language=language)


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """Come in as whom the leader registered."""
    code, language = (*heard.args, "", "")[:2]
    if language not in LANGUAGES:
        raise stale()
    await neighbours.come_in(tx, code, heard.sender.id, language)
    await chats.note(tx, heard.sender.id, "private", "")
    await chats.want(tx, heard.sender.id, None)
    return Onward("home")


def _not_saved(known: Mapping[str, Any]) -> tuple[Said, ...]:
    return (
        say("{group} has somebody of this name already. Is it this one? Nothing was saved yet.", group=known["in"]),
        say("For somebody else of the same name a word more helps, such as the street."),
    )


NAME = Question(
    "name",
    say("Nickname"),
    say(
        "What are they called? A nickname is fine; please not the full legal name. They have to be 18 or older, and "
        "to have agreed that you register them."
    ),
    lambda typed, tx: people.clean_name(typed),
)
REGISTERING = Form("neighbours.name", say("A neighbour"), (NAME,), _registered, say("They have agreed: register"))
ANOTHER = Form(
    "neighbours.another",
    say("A neighbour"),
    (NAME,),
    _registered,
    say("No, somebody else: register"),
    effect=_not_saved,
)
FORMS: tuple[Form, ...] = (REGISTERING, ANOTHER)
ROUTES = [
    on_press("neighbours.list", listing, LEADERS),
    on_press("neighbours.add", add, LEADERS),
    on_press("neighbours.open", opened, LEADERS),
    on_press("neighbours.out", out, LEADERS),
    on_press("neighbours.link", link, LEADERS),
    on_press("neighbours.erase", erase, LEADERS),
    on_press("neighbours.erased", erased, LEADERS),
    on_press("neighbours.come", come, Who.ANYONE, link=True),
    on_press("neighbours.mine", mine, Who.ANYONE),
]
