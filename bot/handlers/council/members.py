"""The list of the council's members, and an admin's adding and removing."""

from bot import forms
from bot.cards import Button, Card, Onward, Page, card, last_page, page_counted, press
from bot.domain import council, people
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

MEMBERS_A_PAGE = 5


async def people_list(tx: Transaction, heard: Heard) -> Answer:
    """Who sits in the council."""
    total = await council.seats_number(tx)
    # The list grows shorter under an old button.
    number = last_page(heard.page(), total, MEMBERS_A_PAGE)
    seats = await council.seats(tx, limit=MEMBERS_A_PAGE, offset=number * MEMBERS_A_PAGE)
    page = page_counted(seats, number, total, each=MEMBERS_A_PAGE)
    return _list(heard, page)


def _list(heard: Heard, page: Page) -> Card:
    is_admin = heard.me.is_admin
    takes = tuple(
        (Button(say("Remove {name}", name=seat.nickname), press("council.remove", seat.person_id)),)
        for seat in page.items
    )
    return card(
        say("<b>Members of the youth council</b>"),
        page.place() if page.total else say("Nobody sits in the council yet."),
        *(say("• {name} #{number}", name=seat.nickname, number=seat.person_id) for seat in page.items),
        rows=(
            *(takes if is_admin else ()),
            *page.turner("council.people"),
            (Button(say("Add a member"), "council.add.ask"),) if is_admin else (),
        ),
        back="council.now",
    )


async def by_name(tx: Transaction, heard: Heard, word: str, name: str) -> Answer:
    """`/council add NAME` and `/council remove NAME`: where the name fits one person, that one."""
    people.only_admins(heard.me)
    if not name:
        return await (ask_whom(tx, heard) if word == "add" else people_list(tx, heard))
    found = await people.named(tx, name)
    if not found:
        raise Refused(
            say("I know nobody called {name}. Nothing was changed. A number works too: #12.", name=name),
            WayOut(say("Council members"), "council.people"),
        )
    if len(found) > 1:
        return people.which_of(found, lambda number: press(f"council.{word}", number), back="council.people")
    if word == "remove":
        return _asked(found[0])
    await council.add(tx, found[0], by=heard.me)
    return Onward("council.people")


async def ask_whom(tx: Transaction, heard: Heard) -> Answer:
    """Ask who shall be added."""
    return await forms.begin(tx, heard, SEAT)


async def _named(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    return await by_name(tx, heard, "add", answers["name"])


async def add(tx: Transaction, heard: Heard) -> Answer:
    """Give somebody a seat."""
    await council.add(tx, await people.by_id(tx, heard.number()), by=heard.me)
    return Onward("council.people")


async def remove(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a seat is taken back: whoever had it is told at once."""
    return _asked(await people.by_id(tx, heard.number()))


def _asked(member: Person) -> Card:
    return card(
        say("<b>Remove {name} #{number} from the youth council?</b>", name=member.nickname, number=member.id),
        say("{name} is told at once, and it is written into the audit log.", name=member.nickname),
        rows=((Button(say("Yes, remove"), press("council.removed", member.id), style="danger"),),),
        back="council.people",
    )


async def removed(tx: Transaction, heard: Heard) -> Answer:
    """Take a seat back."""
    await council.remove(tx, await people.by_id(tx, heard.number()), by=heard.me)
    return Onward("council.people")


SEAT = Form(
    "seat",
    say("A new council member"),
    (
        Question(
            "name",
            say("Who"),
            say("Who shall sit in the council? Send the name, or the number as #12."),
            lambda typed, tx: people.visible(typed)[: people.NICKNAME_CHARACTERS_MAX],
        ),
    ),
    _named,
    say("Add"),
    who=Who.ADMIN,
)
FORMS: tuple[Form, ...] = (SEAT,)
ROUTES = [
    on_press("council.people", people_list),
    on_press("council.add", add, Who.ADMIN),
    on_press("council.add.ask", ask_whom, Who.ADMIN),
    on_press("council.remove", remove, Who.ADMIN),
    on_press("council.removed", removed, Who.ADMIN),
]
