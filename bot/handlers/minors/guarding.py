"""A guardian: agrees, sees what the child does, says "not this one", takes the consent back, has the child forgotten."""

from bot.cards import Button, Card, Page, card, press
from bot.domain import activities, hours, minors, people, points, privacy
from bot.domain.activities import View, Wish, withdrawing
from bot.domain.hours import length
from bot.domain.people import AGE_NAMES, Person
from bot.locales import BLANK, Moment, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


def _token(heard: Heard) -> str:
    return heard.args[0] if heard.args else ""


async def guard(tx: Transaction, heard: Heard) -> Answer:
    """What a guardian is asked, and what he agrees to."""
    await minors.asked_by(tx, _token(heard))
    rules = heard.house.settings.minors
    return card(
        say("<b>May your child take part in {county}?</b>", county=heard.house.settings.county.name),
        say(
            "I keep a nickname, the language, “under 14” or “14 to 17”, and what your child does with me. No birthday, no address."
        ),
        say(
            "Nothing between {start}:00 and {end}:00, at most {child} hours a day (from 14 on {youth}), and only where a "
            "leader has said that he is there for those under 18.",
            start=rules.night_from_hour,
            end=rules.night_to_hour,
            child=rules.child_hours_a_day,
            youth=rules.youth_hours_a_day,
        ),
        say(
            "I tell you of each sign-up. You can say “not this one”, take your consent back in one tap, or have all of it forgotten."
        ),
        rows=(
            (Button(say("I am the guardian, I agree"), press("minors.consent", _token(heard)), style="primary"),),
            (Button(say("No"), "home"),),
        ),
    )


async def consent(tx: Transaction, heard: Heard) -> Answer:
    """Agree."""
    found = await minors.consent(tx, _token(heard), by=heard.me)
    if found.person_id is not None:
        return await _child(tx, await minors.child_of(tx, found.person_id, heard.me), 0)
    return card(
        say("✅ Thank you. Your child can go on now: by the button “They have agreed” on its own phone."),
        say("/me shows your children here."),
        rows=((Button(say("My children"), "minors.children"),),),
    )


async def children(tx: Transaction, heard: Heard) -> Answer:
    """The children for whom I have agreed."""
    found = await minors.children_of(tx, heard.me)
    if not found:
        return card(
            say("👪 <b>My children here</b>"),
            say("Nobody yet. A child under 14 gets a link from me that you open on your phone."),
            back="people.me",
        )
    rows = tuple((Button(_named(child, stands), press("minors.child", child.id)),) for child, stands in found)
    return card(say("👪 <b>My children here</b>"), rows=rows, back="people.me")


def _named(child: Person, stands: bool) -> Said:
    if stands:
        return say("{name}", name=child.nickname)
    return say("{name} (no consent)", name=child.nickname)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """What one child does here."""
    return await _child(tx, await minors.child_of(tx, heard.number(), heard.me), heard.page(1))


async def _child(tx: Transaction, child: Person, number: int) -> Card:
    stands = (await minors.guardian_of(tx, child)) is not None
    page = await activities.of_person(tx, child, number)
    total = (await hours.sums(tx, child.id)).total
    return card(
        say(
            "👪 <b>{name}</b> · {age}", name=child.nickname, age=AGE_NAMES[child.age] if child.age else say("not said")
        ),
        say("Hours: {hours}", hours=length(total)),
        say("✅ Your consent stands.")
        if stands
        else say("✋ There is no consent: {name} can sign up for nothing.", name=child.nickname),
        BLANK,
        *_ahead(page),
        rows=(
            *_not_these(page, child),
            *page.turner("minors.child", child.id),
            *(
                ((Button(say("Sign {name} up", name=child.nickname), press("minors.find", child.id)),),)
                if stands
                else ()
            ),
            (Button(say("Who picks up"), press("minors.pickers", child.id)),),
            (
                Button(say("Take the consent back"), press("minors.withdraw", child.id), style="danger")
                if stands
                else Button(say("Agree again"), press("minors.again", child.id), style="primary"),
                Button(say("Delete the account"), press("minors.erase", child.id)),
            ),
        ),
        back="minors.children",
    )


def _ahead(page: Page) -> tuple[Said, ...]:
    if not page.items:
        return (say("Signed up for nothing just now."),)
    return tuple(
        say(
            "• {title}: {moment}, {place}",
            title=v.activity.title,
            moment=Moment(v.activity.starts_at),
            place=v.activity.place,
        )
        for v in page.items
    )


def _not_these(page: Page, child: Person) -> tuple[tuple[Button, ...], ...]:
    """A button under each that can still be withdrawn from."""
    views: tuple[View, ...] = page.items
    return tuple(
        (Button(say("Not “{title}”", title=view.activity.title), press("minors.notthis", view.activity.id, child.id)),)
        for view in views
        if view.activity.is_open
    )


async def find(tx: Transaction, heard: Heard) -> Answer:
    """What a child can be signed up for: where somebody is there for people under 18."""
    child = await minors.child_of(tx, heard.number(), heard.me)
    page = await activities.minded(tx, child, heard.page(1))
    rows = tuple((Button(_offer(view), press("minors.enrol", view.activity.id, child.id)),) for view in page.items)
    return card(
        say("👪 <b>{name}</b>: sign up for what?", name=child.nickname),
        say("✅ is in already. Where nobody is there for people under 18, a leader can be asked by your child.")
        if rows
        else say("Nothing is ahead just now where a leader has said that he is there for people under 18."),
        rows=(*rows, *page.turner("minors.find", child.id)),
        back=press("minors.child", child.id),
    )


def _offer(view: View) -> Said:
    mark = "✅ " if view.mine else ""
    return say("{mark}{title}, {moment}", mark=mark, title=view.activity.title, moment=Moment(view.activity.starts_at))


async def enrol(tx: Transaction, heard: Heard) -> Answer:
    """Sign a child up, as its guardian; where places are by role, ask first as what."""
    child = await minors.child_of(tx, heard.number(1), heard.me)
    view = await activities.view(tx, heard.number(), child)
    if len(view.roles) > 1 and len(heard.args) < 3:
        return _as_what(view, child)
    await activities.let_in(tx, view.activity.id, child=child)
    view = await _signed_up(tx, heard, view, child)
    words = say("{name} has signed you up for “{title}”.", name=heard.me.nickname, title=view.activity.title)
    opening = Button(say("Open"), press("activities.open", view.activity.id))
    await people.tell(tx, child, card(words, rows=((opening,),)))
    shown = await _child(tx, child, 0)
    waits = view.mine is not None and bool(view.mine.queue)
    return shown.with_toast(say("It is full: on the waiting list.") if waits else say("Signed up, and told."))


async def _signed_up(tx: Transaction, heard: Heard, view: View, child: Person) -> View:
    """A no leads back to the child: its own ways on would have the guardian sign himself up."""
    wish = Wish(heard.number(2) if len(heard.args) > 2 else None, sure=True)
    try:
        return await activities.sign_up(tx, view.activity.id, by=child, rules=heard.house.settings, wish=wish)
    except Refused as no:
        back = WayOut(say("What {name} does", name=child.nickname), press("minors.child", child.id))
        raise Refused(say("{name}: {reason}", name=child.nickname, reason=no.reason), back) from no


def _as_what(view: View, child: Person) -> Card:
    """The places that the child may have, each as a button."""
    rows = tuple(
        (
            Button(
                say("{role} ({free} free)", role=role.label, free=role.free),
                press("minors.enrol", view.activity.id, child.id, role.id),
            ),
        )
        for role in view.roles
        if role.partner_id is None or role.partner_id in view.nodes
    )
    return card(
        say("👪 <b>{title}</b>: as what does {name} come?", title=view.activity.title, name=child.nickname),
        rows=rows,
        back=press("minors.find", child.id),
    )


async def not_this(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw the child from one activity."""
    child = await minors.child_of(tx, heard.number(1), heard.me)
    left = await activities.keep_out(tx, heard.number(), child=child)
    words = say("{name} has withdrawn you from “{title}”.", name=heard.me.nickname, title=left.activity.title)
    await people.tell(tx, child, card(words))
    shown = await _child(tx, child, 0)
    return shown.with_toast(say("{name} is withdrawn and told.", name=child.nickname))


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Take the consent back, and the child out of all that is ahead."""
    child = await minors.withdraw(tx, heard.number(), by=heard.me)
    await withdrawing.let_all_go(tx, child)
    await points.call_gifts_off(tx, child)
    shown = await _child(tx, child, 0)
    return shown.with_toast(say("Taken back; {name} is told.", name=child.nickname))


async def again(tx: Transaction, heard: Heard) -> Answer:
    """Agree once more."""
    child = await minors.agree_again(tx, heard.number(), by=heard.me)
    return await _child(tx, child, 0)


async def erase(tx: Transaction, heard: Heard) -> Answer:
    """Ask before the child is forgotten, with exact numbers."""
    child = await minors.child_of(tx, heard.number(), heard.me)
    found = await privacy.leaving(tx, child)
    return card(
        say("<b>Have {name} forgotten?</b>", name=child.nickname),
        say("Name, Telegram id, settings and all texts go at once, for good."),
        say_n("{n} point goes with them.", "{n} points go with them.", found.points),
        say_n("{n} sign-up ahead is given up.", "{n} sign-ups ahead are given up.", found.sign_ups),
        rows=(
            (Button(say("Yes, forget {name}", name=child.nickname), press("minors.erased", child.id), style="danger"),),
        ),
        back=press("minors.child", child.id),
    )


async def erased(tx: Transaction, heard: Heard) -> Answer:
    """Have the child forgotten."""
    child = await minors.child_of(tx, heard.number(), heard.me)
    await privacy.forget(tx, child)
    return card(say("Done. {name} is forgotten here.", name=child.nickname), back="minors.children")


ROUTES = [
    on_press("minors.guard", guard, link=True),
    on_press("minors.consent", consent),
    on_press("minors.children", children),
    on_press("minors.child", opened),
    on_press("minors.find", find),
    on_press("minors.enrol", enrol),
    on_press("minors.notthis", not_this),
    on_press("minors.withdraw", withdraw),
    on_press("minors.again", again),
    on_press("minors.erase", erase),
    on_press("minors.erased", erased),
]
