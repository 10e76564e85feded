"""People under 18 and what is ahead: who turns out to be younger, and what is moved to where they may not be."""

from bot.cards import Button, card, press
from bot.config import Minors
from bot.domain import people
from bot.domain.activities import asking, minding, withdrawing
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, say
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


async def fit_age(tx: Transaction, person: Person, rules: Minors) -> None:
    """Somebody under 18 is out of what is ahead that he may not take part in, as he would be refused now, and is told."""
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
