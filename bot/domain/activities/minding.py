"""People under 18 in an activity: whether they may sign up, and who is there for them."""

from dataclasses import replace
from enum import StrEnum

from bot.cards import Button, card, press
from bot.config import Minors
from bot.domain import audit, groups, minors, people
from bot.domain.activities import asking
from bot.domain.activities.outings import outing
from bot.domain.activities.things import Activity
from bot.domain.minors import Outing
from bot.domain.people import Person
from bot.locales import Moment, Said, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


class Minding(StrEnum):
    """Who may take part under 18: whoever asks says to be there for them, nobody is yet, or nobody ever may."""

    ME = "me"
    NOBODY = "nobody"
    ADULTS = "adults"


KEPT_OUT = """
    SELECT 1 FROM participations WHERE activity_id = :activity AND person_id = :person AND kept_out = 1 LIMIT 1
"""
PICKED_UP = "SELECT 1 FROM pick_ups WHERE activity_id = :activity AND child_id = :child AND undone_at IS NULL"


async def check(tx: Transaction, activity: Activity, person: Person, rules: Minors) -> None:
    """Raises Refused for somebody under 18 who may not take part, with the rule and its number."""
    if not person.is_minor:
        return
    await minors.check_consent(tx, person, rules)
    if await tx.value(KEPT_OUT, activity=activity.id, person=person.id):
        raise Refused(
            say(
                "Your guardian has said that “{title}” is not for you. Nothing was changed. Please talk about it: "
                "your guardian can sign you up.",
                title=activity.title,
            ),
            WayOut(say("What is coming up"), press("activities.list", activity.kind)),
        )
    would_be = await _outing(tx, activity, person)
    if why := minors.why_not(person, would_be, rules):
        raise _barred(activity, why, asks=not would_be.supervised and not _never(person, would_be, rules))


async def _outing(tx: Transaction, activity: Activity, person: Person) -> Outing:
    return await outing(tx, activity, person, supervised=await supervisor(tx, activity) is not None)


def _never(person: Person, would_be: Outing, rules: Minors) -> Said | None:
    """Why he could not take part even where a leader is there."""
    return minors.why_not(person, replace(would_be, supervised=True), rules)


async def why_never(tx: Transaction, activity: Activity, person: Person, rules: Minors) -> Said | None:
    """Why somebody under 18 could not take part even where a leader is there."""
    return _never(person, await _outing(tx, activity, person), rules)


def _barred(activity: Activity, why: Said, *, asks: bool) -> Refused:
    """The no, with its rule; `asks`: a leader could make it a yes."""
    ask = WayOut(say("Ask the leader"), press("minors.plead", activity.id))
    return Refused(
        say("{why} You are not signed up for “{title}”; nothing was changed.", why=why, title=activity.title),
        *((ask,) if asks else ()),
        WayOut(say("🧒 For my age"), "activities.young"),
        WayOut(say("How old I am"), "minors.age"),
    )


async def let_in(tx: Transaction, activity_id: int, *, child: Person) -> None:
    """What a guardian has said of an activity counts no longer: the guardian signs the child up."""
    await keep(tx, activity_id, child, out=False)


async def keep(tx: Transaction, activity_id: int, child: Person, *, out: bool) -> None:
    """An activity is not for the child, or it is after all, as its guardian says."""
    await tx.run(
        "UPDATE participations SET kept_out = :out WHERE activity_id = :activity AND person_id = :person",
        out=int(out),
        activity=activity_id,
        person=child.id,
    )


async def tell(tx: Transaction, activity: Activity, person: Person) -> None:
    """Let the guardian know what a child has signed up for."""
    if not person.is_minor:
        return
    words = say(
        "👪 {name} has signed up for “{title}”: {moment}, {place}.",
        name=person.nickname,
        title=activity.title,
        moment=Moment(activity.starts_at),
        place=activity.place,
    )
    await minors.tell_guardian(
        tx, person, words, Button(say("Not this one"), press("minors.notthis", activity.id, person.id))
    )


async def tell_presence(tx: Transaction, activity: Activity, person: Person, *, left: bool) -> None:
    """Let the guardian know that a child has come, or has left."""
    if not person.is_minor:
        return
    values: dict[str, str | Moment] = {"name": person.nickname, "title": activity.title, "moment": Moment(tx.now)}
    if not left:
        await minors.tell_keeper(tx, person, say("👪 {name} has checked in to “{title}”, {moment}.", **values))
        return
    words, buttons = say("👪 {name} has checked out of “{title}”, {moment}.", **values), []
    if not await tx.value(PICKED_UP, activity=activity.id, child=person.id):
        words = say(
            "👪 {name} has checked out of “{title}”, {moment}. Nobody has noted yet who picks {name} up: when a leader does, "
            "I tell you.",
            **values,
        )
        buttons.append(Button(say("Who picks up"), press("minors.pickers", person.id)))
    await minors.tell_keeper(tx, person, words, *buttons)


async def plead(tx: Transaction, activity_id: int, *, by: Person, rules: Minors) -> Activity:
    """Ask the leaders to be there for those under 18, once a person and activity.

    Raises Refused where one is, and where even that would not let `by` in.
    """
    activity = await asking.by_id(tx, activity_id)
    if not by.is_minor or await supervisor(tx, activity) is not None or not activity.takes_sign_ups(tx.now):
        raise Refused(say("There is nothing to ask here any more. Please open it again."), asking.to_card(activity_id))
    if why := _never(by, await _outing(tx, activity, by), rules):
        raise _barred(activity, why, asks=False)
    screen = card(
        say(
            "🧒 {name}, {age}, would like to come to “{title}”.", name=by.nickname, age=age_of(by), title=activity.title
        ),
        say("People under 18 can sign up once you say that you are there for them."),
        rows=(
            (Button(say("I am there for them"), press("minors.mind", activity.id, Minding.ME)),),
            (Button(say("No, nobody is there for them"), press("minors.mind", activity.id, Minding.NOBODY)),),
        ),
    )
    for leader in await asking.answerable(tx, activity):
        key = f"plead:{tx.bot}:{activity.id}:{by.id}:{leader.id}"
        await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=key)
    return activity


def age_of(person: Person) -> Said:
    """The band, in words."""
    return people.AGE_NAMES[person.age] if person.age else say("not said")


async def words(tx: Transaction, activity: Activity) -> Said:
    """Who may take part under 18, as it stands."""
    if activity.adults_only:
        return say("🔞 18 and older only.")
    supervisor_id = await supervisor(tx, activity)
    if supervisor_id is None:
        return say("🧒 Nobody has said yet to be there for people under 18: they can't sign up.")
    return say("🧒 {name} is there for people under 18.", name=(await people.by_id(tx, supervisor_id)).nickname)


async def mind(tx: Transaction, activity_id: int, how: Minding, *, by: Person) -> Activity:
    """Say who may take part under 18.

    Raises Refused for whoever would be there for them and is one of them, and for less than there was while some are signed up.
    """
    activity = await asking.managed_by(tx, activity_id, by)
    if how is Minding.ME and by.is_minor:
        raise Refused(
            say("Whoever is there for people under 18 is 18 or older: another leader can be. Nothing was changed."),
            WayOut(say("How old I am"), "minors.age"),
            asking.to_card(activity.id),
        )
    if how is not Minding.ME and (young := await _young(tx, activity)):
        raise Refused(
            say_n(
                "{n} person under 18 is signed up already. Nothing was changed.",
                "{n} people under 18 are signed up already. Nothing was changed.",
                young,
            ),
            WayOut(say("Who is signed up?"), press("activities.roll", activity.id)),
        )
    return await _store(tx, activity, int(how is Minding.ADULTS), by.id if how is Minding.ME else None, by)


async def mind_again(
    tx: Transaction, activity: Activity, adults_only: int, supervisor_id: int | None, *, by: Person
) -> Activity:
    """Let it be as it was before a change that is taken back: while nobody can have signed up by what it is now."""
    return await _store(tx, activity, adults_only, supervisor_id, by)


async def _store(
    tx: Transaction, activity: Activity, adults_only: int, supervisor_id: int | None, by: Person
) -> Activity:
    await tx.run(
        "UPDATE activities SET adults_only = :adults, supervisor_id = :supervisor WHERE id = :id",
        adults=adults_only,
        supervisor=supervisor_id,
        id=activity.id,
    )
    how = Minding.ADULTS if adults_only else Minding.ME if supervisor_id == by.id else "changed"
    await audit.note(tx, "activity.minded", activity.name, by=by.id, how=how)
    return await asking.by_id(tx, activity.id)


async def supervisor(tx: Transaction, activity: Activity) -> int | None:
    """Who is there for people under 18: whoever has said so, as long as he is 18 and answers for the activity."""
    return await supervisor_for(tx, activity.supervisor_id, activity.group_id)


async def supervisor_for(tx: Transaction, person_id: int | None, group_id: int | None) -> int | None:
    """Who is there for people under 18 where it takes place again: the same, as long as he leads the group or is an admin."""
    if person_id is None:
        return None
    person = await people.by_id(tx, person_id)
    if person.is_minor or person.forgotten_at is not None:
        return None
    leads = group_id is not None and await groups.leads(tx, group_id, person)
    return person_id if leads or person.is_admin else None


async def _young(tx: Transaction, activity: Activity) -> int:
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM participations p JOIN people pe ON pe.id = p.person_id "
            "WHERE p.activity_id = :id AND p.state <> 'out' AND pe.age IN ('child', 'youth')",
            id=activity.id,
        )
    )
