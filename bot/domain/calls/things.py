"""What a call is, who may see it, and how it reads."""

from dataclasses import dataclass, replace

from bot.cards import Button, Card, card, press
from bot.domain import groups, people
from bot.domain.people import Person
from bot.locales import BLANK, Said, say
from bot.outbox import KEPT_DAYS
from bot.refusal import Refused, WayOut, check_length
from bot.storage import Transaction

TEXT_CHARACTERS_MAX = 1000
OWN = "own"


@dataclass(frozen=True)
class Call:
    """One call. `audience` is chosen after the text; `link` is the data of the button “I'm in” leads on to, or OWN."""

    id: int
    kind: str
    sender_id: int
    group_id: int | None
    audience: str | None
    text: str
    link: str
    state: str
    made_at: int
    sent_at: int | None
    enlisted_at: int | None
    enlisted: int
    unreachable: int
    sent: int
    blocked: int
    failed: int
    dropped: int
    counted_to: int
    erased: int
    shown: str
    tidied_at: int | None

    @property
    def name(self) -> str:
        """How its letters, its due rows and the sender's screen name it."""
        return f"call:{self.id}"

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def is_tidied(self) -> bool:
        """Its numbers stay as they are, and who they were is not kept any more."""
        return self.tidied_at is not None

    @property
    def wants_answers(self) -> bool:
        """Recruiting asks who is coming; so does an announcement of something that has a card."""
        return self.kind == "recruit" or bool(self.link)

    @property
    def onward(self) -> str:
        """The data of the card that belongs to it, empty where there is none."""
        return press("groups.open", self.group_id) if self.link == OWN and self.group_id else self.link


# Rules


def clean_text(typed: str) -> str:
    """A call's text as it will be sent, lines kept. Raises Refused when nothing is left or it is too long."""
    lines = [people.visible(line) for line in typed.splitlines()]
    text = "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before).strip()
    if not text:
        raise Refused(say("I need at least one word. Nothing was saved; please send it again."))
    check_length(text, TEXT_CHARACTERS_MAX)
    return text


def letter(call: Call, group: str) -> Card:
    """The call as its recipients see it. Its buttons never replace the text, so it has no ways back."""
    rows: tuple[tuple[Button, ...], ...] = ()
    if call.wants_answers:
        coming = Button(say("🙋 I'm in"), press("calls.coming", call.id), style="primary")
        rows = ((coming, Button(say("Not now"), press("calls.notnow", call.id))),)
    return card(_heading(call, group), BLANK, say("{text}", text=call.text), *_why(call, group), rows=rows, home=False)


def leaders_letter(call: Call, group: str) -> Card | None:
    """The same as leaders see it, where they can see who of their groups answers it."""
    if call.audience != "county" or not call.wants_answers:
        return None
    plain = letter(call, group)
    where = say("<i>Under /calls you see who comes of the groups that you lead.</i>")
    return replace(plain, lines=(*plain.lines, where))


def _heading(call: Call, group: str) -> Said:
    if call.kind == "recruit":
        return say("📣 <b>{group}</b> is looking for you", group=group)
    return say("📢 <b>Announcement</b> · {group}", group=group) if group else say("📢 <b>Announcement</b>")


def _why(call: Call, group: str) -> tuple[Said, ...]:
    if call.audience == "group":
        return (BLANK, say("<i>You get this as a member of {group}.</i>", group=group))
    return (BLANK, say("<i>You get this because you are registered with us.</i>"))


# Questions


async def group_name(tx: Transaction, call: Call) -> str:
    """The name of its group, empty where it has none."""
    return (await groups.by_id(tx, call.group_id)).name if call.group_id else ""


async def by_id(tx: Transaction, call_id: int) -> Call:
    """The call. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM calls WHERE id = :id", id=call_id)
    if row is None:
        raise no_such(call_id)
    return Call(**row)


def no_such(call_id: int) -> Refused:
    """For a call that is not there, or is not for whoever asks."""
    return Refused(
        say("There is no call with the number {number}.", number=call_id), WayOut(say("Calls"), "calls.list")
    )


async def draft_of(tx: Transaction, call_id: int, person: Person) -> Call:
    """One's own draft. Raises Refused for anybody else's, and when it was sent or cancelled."""
    call = await by_id(tx, call_id)
    if call.sender_id != person.id:
        raise no_such(call_id)
    if not call.is_draft:
        raise decided(call)
    return call


def tidied() -> Refused:
    """For a call of which only the numbers are kept, after KEPT_DAYS days."""
    return Refused(
        say(
            "This call is older than {days} days: who got it is no longer kept, only the numbers. Nothing was changed.",
            days=KEPT_DAYS,
        )
    )


def decided(call: Call) -> Refused:
    """For a draft that was sent or cancelled before."""
    if call.state == "cancelled":
        return Refused(say("This call was cancelled before. Nothing was sent."))
    return Refused(
        say("This call was sent before. Nothing was sent now."), WayOut(say("The call"), press("calls.open", call.id))
    )


async def may_manage(tx: Transaction, call: Call, person: Person) -> bool:
    """May this person withdraw it: its sender, a leader of the group that called, a county admin?"""
    if person.is_admin or call.sender_id == person.id:
        return True
    return call.kind == "recruit" and call.group_id is not None and await groups.leads(tx, call.group_id, person)


async def seen_by(tx: Transaction, call_id: int, person: Person) -> Call:
    """A call that was sent, if this person may see its numbers. Raises Refused otherwise."""
    call = await by_id(tx, call_id)
    leads = call.group_id is not None and await groups.leads(tx, call.group_id, person)
    if call.sent_at is None or not (person.reads_all or call.sender_id == person.id or leads):
        raise no_such(call_id)
    return call


async def managed_by(tx: Transaction, call_id: int, person: Person) -> Call:
    """A call that was sent, if this person may withdraw it. Raises Refused otherwise."""
    call = await seen_by(tx, call_id, person)
    if not await may_manage(tx, call, person):
        raise Refused(
            say("Only its sender, the group's leaders and county admins can withdraw a call. Nothing was changed.")
        )
    return call


async def past(tx: Transaction, person: Person, *, limit: int, offset: int = 0) -> list[Call]:
    """Calls that were sent and that this person may see, the newest first."""
    rows = await tx.all(
        "SELECT * FROM calls WHERE sent_at IS NOT NULL AND (:reads_all = 1 OR sender_id = :me "
        "OR group_id IN (SELECT group_id FROM leaders WHERE person_id = :me) "
        "OR (:leads = 1 AND audience = 'county' AND (kind = 'recruit' OR link <> ''))) "
        "ORDER BY id DESC LIMIT :limit OFFSET :offset",
        reads_all=int(person.reads_all),
        leads=int(person.leads),
        me=person.id,
        limit=limit,
        offset=offset,
    )
    return [Call(**row) for row in rows]
