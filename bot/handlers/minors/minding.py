"""How old I am; how old somebody is, as an admin has seen it; and who is there for those under 18."""

from bot.cards import Button, Card, card, press
from bot.domain import activities, callouts, minors, people, rotas
from bot.domain.activities import Activity, Minding, ageing
from bot.domain.people import AGE_NAMES, Age, Person
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def age(tx: Transaction, heard: Heard) -> Answer:
    """How old I am, as far as it matters here."""
    me = heard.me
    younger = [each for each in Age if me.age is None or list(Age).index(each) < list(Age).index(me.age)]
    return card(
        say("<b>How old I am</b>: {age}", age=AGE_NAMES[me.age] if me.age else say("not said")),
        say("I keep only the band, never a birthday. Who says to be younger has the rules of that age from now on."),
        *((say("When you are older now, a county admin can change it."),) if me.is_minor else ()),
        rows=(
            *((Button(AGE_NAMES[each], press("minors.mine", each)),) for each in younger),
            *(((Button(say("Ask my guardian"), "minors.ask"),),) if me.age is Age.CHILD else ()),
        ),
        back="people.me",
    )


def _age(heard: Heard, place: int) -> Age:
    text = heard.args[place] if place < len(heard.args) else ""
    if text not in set(Age):
        raise stale()
    return Age(text)


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """Say how old I am; to be younger than before is asked once more, for only an admin can change it back."""
    said = _age(heard, 0)
    if said is Age.ADULT:
        return await _say_age(tx, heard, said)
    return card(
        say("<b>{age}</b>: is that right?", age=AGE_NAMES[said]),
        say("The rules of that age hold from now on. Only a county admin can change it back. Nothing is saved yet."),
        rows=((Button(say("Yes: {age}", age=AGE_NAMES[said]), press("minors.mine.yes", said), style="danger"),),),
        back="minors.age",
    )


async def mine_surely(tx: Transaction, heard: Heard) -> Answer:
    """Say how old I am, and mean it."""
    return await _say_age(tx, heard, _age(heard, 0))


async def _say_age(tx: Transaction, heard: Heard, said: Age) -> Card:
    await minors.set_age(tx, heard.me, said)
    await _hold_rules(tx, heard, await people.by_id(tx, heard.me.id))
    needs = minors.needs_guardian(said, heard.house.settings.minors)
    return card(
        say("Noted: {age}.", age=AGE_NAMES[said]),
        rows=((Button(say("Ask my guardian"), "minors.ask"),),) if needs else (),
        back="people.me",
    )


async def _hold_rules(tx: Transaction, heard: Heard, person: Person) -> None:
    """What somebody of another age has begun goes on only as far as he could begin it now."""
    if person.is_minor:
        await ageing.fit_age(tx, await people.held(tx, person.id), heard.house.settings.minors)
        await rotas.let_go(tx, person)
        await callouts.let_go(tx, person)


async def older(tx: Transaction, heard: Heard) -> Answer:
    """Somebody's age band, for an admin who has seen it."""
    person = await people.by_id(tx, heard.number())
    return card(
        say("<b>{name}</b>: {age}", name=person.nickname, age=AGE_NAMES[person.age] if person.age else say("not said")),
        say("Change it when you have seen that it is otherwise; it stands in the audit log. No birthday is kept."),
        rows=tuple(
            (Button(AGE_NAMES[each], press("minors.grown", person.id, each)),) for each in Age if each is not person.age
        ),
        back=press("admin.person", person.id),
    )


async def grown(tx: Transaction, heard: Heard) -> Answer:
    """Set it."""
    person = await minors.grow_up(tx, heard.number(), _age(heard, 1), by=heard.me)
    await _hold_rules(tx, heard, person)
    words = say("Noted: {name} is {age}.", name=person.nickname, age=AGE_NAMES[_age(heard, 1)])
    return card(words, back=press("admin.person", person.id))


async def minding(tx: Transaction, heard: Heard) -> Answer:
    """Who may take part under 18 in one activity, for those who answer for it."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await _minding(tx, activity, heard.me)


CHOICES = {
    Minding.ME: say("I am there for them"),
    Minding.NOBODY: say("Nobody is there for them"),
    Minding.ADULTS: say("18 and older only"),
}


def _others(activity: Activity, me: Person) -> list[tuple[Minding, Said]]:
    """What it could be instead of what it is."""
    stands = Minding.ME if activity.supervisor_id == me.id else None
    if activity.supervisor_id is None:
        stands = Minding.ADULTS if activity.adults_only else Minding.NOBODY
    return [(how, label) for how, label in CHOICES.items() if how is not stands]


async def _minding(tx: Transaction, activity: Activity, me: Person) -> Card:
    return card(
        say("🧒 <b>{title}</b>: people under 18", title=activity.title),
        await activities.minding_words(tx, activity),
        say(
            "They take part only where somebody who leads is there for them. At night, and for long days, I refuse them."
        ),
        rows=tuple((Button(label, press("minors.mind", activity.id, how)),) for how, label in _others(activity, me)),
        back=press("activities.change", activity.id),
    )


async def mind(tx: Transaction, heard: Heard) -> Answer:
    """Say so."""
    how = heard.args[1] if len(heard.args) > 1 else ""
    if how not in set(Minding):
        raise stale()
    activity = await activities.mind(tx, heard.number(), Minding(how), by=heard.me)
    await activities.answer_hopes(tx, activity)
    return (await _minding(tx, activity, heard.me)).with_toast(say("Saved."))


async def plead(tx: Transaction, heard: Heard) -> Answer:
    """Ask the leaders to be there for those under 18."""
    activity = await activities.plead(tx, heard.number(), by=heard.me, rules=heard.house.settings.minors)
    await activities.hope(tx, activity, by=heard.me)
    return card(
        say(
            "The leaders of “{title}” are asked. As soon as one says yes, you can sign up, and I tell you.",
            title=activity.title,
        ),
        back=press("activities.open", activity.id),
    )


LEADERS = Who.LEADER | Who.ADMIN
ROUTES = [
    on_press("minors.age", age),
    on_press("minors.mine", mine),
    on_press("minors.mine.yes", mine_surely),
    on_press("minors.older", older, Who.ADMIN),
    on_press("minors.grown", grown, Who.ADMIN),
    on_press("minors.plead", plead),
    on_press("minors.minding", minding, LEADERS),
    on_press("minors.mind", mind, LEADERS),
]
