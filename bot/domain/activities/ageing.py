"""People under 18 and what is ahead: who turns out to be younger, and what is moved to where they may not be."""

from bot.cards import Button, card, press
from bot.config import Minors
from bot.domain import minors, people, points
from bot.domain.activities import asking, minding, withdrawing
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

AHEAD = """
    SELECT a.id FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE p.person_id = :person AND p.state <> 'out' AND a.state = 'open' AND a.starts_at > :now ORDER BY a.starts_at, a.id
"""
YOUNG = """
    SELECT pe.* FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.state <> 'out' AND pe.age IN ('child', 'youth') ORDER BY pe.id
"""


async def let_wards_go(tx: Transaction, guardian: Person) -> None:
    """Before a guardian's consents end: whoever has no other is out of all that is ahead."""
    for child in await minors.left_alone_by(tx, guardian):
        await withdrawing.let_all_go(tx, child)
        await points.call_gifts_off(tx, child)


async def fit_age(tx: Transaction, person: Person, rules: Minors) -> None:
    """Somebody under 18 is out of what is ahead that he may not take part in, as he would be refused now, and is told.

    Nobody's guardian is under 18, either, nor whoever is there for others of that age.
    """
    await let_wards_go(tx, person)
    await minors.end_as_guardian(tx, person)
    await ask_who_is_there(tx, person)
    out = []
    for row in await tx.all(AHEAD, person=person.id, now=tx.now):
        activity = await asking.locked(tx, row["id"])
        try:
            await minding.check(tx, activity, person, rules)
        except Refused:
            await withdrawing.let_go(tx, activity, person.id)
            out.append(activity)
    if out:
        lines = (say("• {title}: {moment}", title=each.title, moment=Moment(each.starts_at)) for each in out)
        young = Button(say("🧒 For my age"), "activities.young")
        words = say("The rules of your age hold now, so you are out of:")
        await people.tell(tx, person, card(words, *lines, rows=((young,),)))


async def check_young(tx: Transaction, activity: Activity, rules: Minors) -> None:
    """Raises Refused where it lies, as it is now, at an hour or is of a length at which one who is in it may not be there."""
    for row in await tx.all(YOUNG, activity=activity.id):
        person = people.of_row(row)
        if why := await minding.why_never(tx, activity, person, rules):
            raise Refused(
                say(
                    "{name} is signed up, and is {age}. {why} Nothing was changed.",
                    name=person.nickname,
                    age=minding.age_of(person),
                    why=why,
                ),
                WayOut(say("Who is signed up?"), press("activities.roll", activity.id)),
            )


MINDED_BY = """
    SELECT a.* FROM activities a WHERE a.supervisor_id = :person AND a.state = 'open' AND a.starts_at > :now
    AND EXISTS (SELECT 1 FROM participations p JOIN people pe ON pe.id = p.person_id
        WHERE p.activity_id = a.id AND p.state <> 'out' AND pe.age IN ('child', 'youth')) ORDER BY a.starts_at, a.id
"""


async def ask_who_is_there(tx: Transaction, person: Person, *, leaves: bool = False) -> None:
    """Somebody leads no more, turns out to be under 18, or leaves for good: where he was there for people under 18 who are in, others are asked to be."""
    for row in await tx.all(MINDED_BY, person=person.id, now=tx.now):
        activity = Activity.of_row(row)
        if not leaves and await minding.supervisor(tx, activity) is not None:
            continue
        screen = card(
            say(
                "🧒 Whoever was there for people under 18 at “{title}” ({moment}) is there no more. Some are signed up: who is "
                "there for them?",
                title=activity.title,
                moment=Moment(activity.starts_at),
            ),
            rows=((Button(say("I am there for them"), press("minors.mind", activity.id, "me")),), _open(activity)),
        )
        others = [each for each in await asking.answerable(tx, activity) if each.id != person.id]
        for leader in others or await people.with_role(tx, people.Role.ADMIN):
            await people.tell(tx, leader, screen, lane=Lane.REMINDER)


def _open(activity: Activity) -> tuple[Button, ...]:
    return (Button(say("Open"), press("activities.open", activity.id)),)
