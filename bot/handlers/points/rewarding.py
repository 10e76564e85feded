"""Rewarding people of a group out of its budget: ticked on the roll, or all who came to one of its activities."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, groups, minors, people, points
from bot.domain.activities import Activity
from bot.domain.groups import Group, Listed
from bot.domain.points import Round
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction

AMOUNTS = (2, 5, 10, 20)


async def roll(tx: Transaction, heard: Heard) -> Answer:
    """The group's members, to be ticked."""
    return await _roll(tx, heard, await groups.led_by(tx, heard.number(), heard.me), heard.page(1))


async def _roll(tx: Transaction, heard: Heard, group: Group, number: int) -> Card:
    page = await groups.roll(tx, group.id, number, but=heard.me.id)
    ticked = {person.id for person in await points.chosen(tx, group.id, heard.me)}
    rows = (
        (Button(_label(each, ticked), press("points.reward.turn", group.id, each.person_id, page.number)),)
        for each in page.items
    )
    deeds = [Button(say("Who came to …"), press("points.reward.past", group.id))]
    if ticked:
        deeds.append(Button(say("Nobody"), press("points.reward.nobody", group.id)))
        deeds.append(Button(say("Reward {n}", n=len(ticked)), press("points.reward.begin", group.id), style="primary"))
    return card(
        say("🎁 <b>{group}</b>: whom to reward?", group=group.name),
        say_n(
            "The budget has {n} point; tick people, or take all who came to an activity.",
            "The budget has {n} points; tick people, or take all who came to an activity.",
            await points.budget(tx, group.id),
        ),
        rows=(
            *rows,
            *page.turner("points.reward", group.id),
            tuple(deeds),
        ),
        back=press("points.budget", group.id),
    )


def _label(each: Listed, ticked: set[int]) -> Said:
    return say("☑ {name}", name=each.nickname) if each.person_id in ticked else say("☐ {name}", name=each.nickname)


async def turn(tx: Transaction, heard: Heard) -> Answer:
    """Tick somebody, or take the tick away."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    person_id = heard.number(1)
    if person_id in {person.id for person in await points.chosen(tx, group.id, heard.me)}:
        await points.unchoose(tx, group.id, by=heard.me, person_id=person_id)
    else:
        await points.choose(tx, group.id, [person_id], by=heard.me)
    return await _roll(tx, heard, group, heard.page(2))


async def nobody(tx: Transaction, heard: Heard) -> Answer:
    """Take all ticks away."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    await points.unchoose(tx, group.id, by=heard.me)
    return await _roll(tx, heard, group, 0)


async def past(tx: Transaction, heard: Heard) -> Answer:
    """The group's last activities."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    found = await activities.lately(tx, group.id)
    return card(
        say("🎁 Those who came to which activity?") if found else say("{group} had no activity yet.", group=group.name),
        rows=tuple(
            (Button(say("{title}", title=each.title), press("points.reward.from", group.id, each.id)),)
            for each in found
        ),
        back=press("points.reward", group.id),
    )


async def came_to(tx: Transaction, heard: Heard) -> Answer:
    """Tick all members of the group who came to one of its activities."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    activity = await activities.by_id(tx, heard.number(1))
    if activity.group_id != group.id:
        raise Refused(
            say("That was no activity of {group}. Nothing was changed.", group=group.name),
            WayOut(say("Whom to reward"), press("points.reward", group.id)),
        )
    ticked = await points.choose(tx, group.id, await _who_came(tx, activity), by=heard.me)
    shown = await _roll(tx, heard, group, 0)
    return shown.with_toast(
        say_n(
            "{n} is ticked: members who came, without yourself.",
            "{n} are ticked: members who came, without yourself.",
            ticked,
        )
    )


async def _who_came(tx: Transaction, activity: Activity) -> list[int]:
    came: list[int] = []
    number, more = 0, True
    while more:
        page = await activities.roll(tx, activity, number)
        came += [each.person_id for each in page.items if each.came]
        number, more = number + 1, page.more
    return came


async def begin(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many, and why, for those who are ticked now."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    ticked = await points.chosen(tx, group.id, heard.me)
    if not ticked:
        raise Refused(
            say("Nobody is ticked. Nothing was changed."),
            WayOut(say("Whom to reward"), press("points.reward", group.id)),
        )
    left = await points.budget(tx, group.id)
    known = {
        "group": group.id,
        "people": [person.id for person in ticked],
        "names": " · ".join(person.nickname for person in ticked),
        "left": left,
        "most": min(left // len(ticked), (await points.rules(tx)).budget_once),
        "key": f"{heard.me.id}:{heard.update_id}",
    }
    return await forms.begin(tx, heard, REWARD, known)


def _amounts(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    """Round numbers that the budget has for each; none in a form that was begun before it knew how many there are."""
    return ((str(n), say("{n}", n=n)) for n in AMOUNTS if n <= known.get("most", 0))


def _effect(known: Mapping[str, Any]) -> Iterable[Said]:
    yield BLANK
    yield say_n("For {n} person: {names}", "For {n} people, each: {names}", len(known["people"]), names=known["names"])
    yield say("The budget has {left}. Each is told at once, with the reason.", left=known["left"])


async def _rewarded(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    made = await points.reward(
        tx, answers["group"], answers["people"], answers["amount"], answers["why"], answers["key"], by=heard.me
    )
    for person_id in answers["people"]:
        child = await people.by_id(tx, person_id)
        words = say_n(
            "👪 {name} was rewarded with {n} point: {why}",
            "👪 {name} was rewarded with {n} points: {why}",
            made.amount,
            name=child.nickname,
            why=made.why,
        )
        await minors.tell_guardian(tx, child, words)
    return await _made(tx, made)


async def _made(tx: Transaction, made: Round) -> Card:
    head = say_n(
        "🎁 {n} person was rewarded with {amount} and told.",
        "🎁 {n} people were rewarded with {amount} each and told.",
        made.people,
        amount=made.amount,
    )
    return card(
        head,
        say("Why: {why}", why=made.why),
        say("The budget has {left} now.", left=await points.budget(tx, made.group_id)),
        say("For {seconds} seconds you can take that back.", seconds=points.UNDO_SECONDS),
        rows=((Button(say("Undo"), press("points.reward.undo", made.id)),),),
        back=press("points.budget", made.group_id),
    )


async def undo(tx: Transaction, heard: Heard) -> Answer:
    """It was a slip."""
    undone = await points.undo_reward(tx, heard.number(), by=heard.me)
    return card(
        say("Taken back: the budget has {left} again.", left=await points.budget(tx, undone.group_id)),
        back=press("points.budget", undone.group_id),
    )


REWARD = Form(
    "points.reward",
    say("Reward"),
    (
        Question(
            "amount",
            say("Points for each"),
            say("How many points for each? A whole number."),
            forms.whole_number(1, points.AMOUNT_MAX),
            offers=_amounts,
        ),
        Question(
            "why",
            say("Why"),
            say("What for? Each of them reads it, and so does whoever reads the budget."),
            forms.short_text(points.WHY_CHARACTERS_MAX),
        ),
    ),
    _rewarded,
    say("Reward them"),
    effect=_effect,
)
FORMS: tuple[Form, ...] = (REWARD,)
ROUTES = [
    on_press("points.reward", roll),
    on_press("points.reward.turn", turn),
    on_press("points.reward.nobody", nobody),
    on_press("points.reward.past", past),
    on_press("points.reward.from", came_to),
    on_press("points.reward.begin", begin),
    on_press("points.reward.undo", undo),
]
