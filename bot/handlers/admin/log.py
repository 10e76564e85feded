"""The audit log in words, the newest first."""

from collections.abc import Mapping

from bot.cards import ROWS_PER_PAGE, Button, Card, Page, card, press
from bot.domain import groups, people, points, reports
from bot.domain.audit import Entry
from bot.domain.people import Person
from bot.handlers.admin.panel import ROLE_NAMES
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

DEEDS = {
    "activity.accepted": say("accepted an application"),
    "activity.declined": say("declined an application"),
    "activity.minded": say("said who minds people under 18"),
    "age.set": say("set an age"),
    "activity.cancelled": say("cancelled an activity"),
    "activity.changed": say("changed an activity"),
    "absence.answered": say("answered an appeal"),
    "absence.appealed": say("appealed against an absence"),
    "activity.published": say("published an activity"),
    "activity.revived": say("took a cancellation back"),
    "activity.confirmed": say("confirmed who came"),
    "activity.corrected": say("corrected who came"),
    "area.worker": say("named somebody to work for an area"),
    "area.worker.gone": say("let somebody work for an area no more"),
    "brigade.disbanded": say("disbanded a brigade"),
    "brigade.leader": say("let somebody lead a brigade"),
    "brigade.made": say("made a brigade"),
    "call.sent": say("sent a call"),
    "call.withdrawn": say("withdrew a call"),
    "callout.closed": say("closed a mission"),
    "callout.sent": say("called a brigade out"),
    "callout.stood.down": say("stood a call-out down"),
    "council.added": say("added somebody to the council"),
    "council.answered": say("answered a topic"),
    "council.closed": say("closed the council's topics"),
    "council.opened": say("opened the council's topics"),
    "council.removed": say("removed somebody from the council"),
    "database.restored": say("restored the database from a backup"),
    "export.made": say("made an export"),
    "guardian.agreed": say("agreed as a guardian"),
    "guardian.withdrew": say("withdrew a guardian's consent"),
    "group.bound": say("bound a Telegram group"),
    "group.unbound": say("let a Telegram group go"),
    "group.capacity.set": say("changed a group's size"),
    "group.closed": say("closed a group"),
    "group.described": say("described a group"),
    "group.hung": say("hung a group elsewhere"),
    "group.leader.given": say("made somebody a leader"),
    "group.leader.taken": say("took a leader's role back"),
    "group.made": say("made a group"),
    "group.member.removed": say("removed a member"),
    "group.member.restored": say("took a removal back"),
    "group.reopened": say("opened a group again"),
    "shop.place.turned": say("opened or closed a counter"),
    "shop.place.made": say("took a place in"),
    "shop.item.made": say("put an item on the list"),
    "shop.item.changed": say("changed an item"),
    "shop.privilege.given": say("gave a privilege"),
    "shop.privilege.ended": say("ended a privilege"),
    "shop.stocked": say("took pieces in"),
    "shop.written.off": say("wrote pieces off"),
    "shop.cancelled": say("gave a reservation up"),
    "shop.reserved": say("reserved an item"),
    "shop.handed.out": say("handed an item out"),
    "shop.damaged": say("found a reserved item damaged"),
    "shop.turned.away": say("could not hand an item out"),
    "shop.clerk.invited": say("made a code for a clerk"),
    "shop.clerk.came": say("became a clerk"),
    "shop.clerk.left": say("ended being a clerk"),
    "honour.answered": say("answered an objection to a nomination"),
    "honour.nominated": say("nominated somebody"),
    "honour.offered": say("offered an honour"),
    "honour.reviewed": say("reviewed a nomination"),
    "hours.answered": say("answered whether hours are wrong"),
    "hours.approved": say("agreed to hours"),
    "hours.certificate.asked": say("asked for a certificate"),
    "hours.certificate.issued": say("issued a certificate"),
    "hours.certificate.revoked": say("revoked a certificate"),
    "hours.disputed": say("said that hours are wrong"),
    "hours.entered": say("entered hours"),
    "hours.objected": say("objected to a public notice"),
    "hours.objection.answered": say("answered an objection"),
    "hours.refused": say("refused hours"),
    "hours.reversed": say("took hours back"),
    "kit.removed": say("took kit off the list"),
    "kit.stocked": say("counted kit"),
    "neighbour.joined": say("pressed Start as a neighbour"),
    "neighbour.registered": say("registered a neighbour"),
    "hours.merged": say("answered for hours of a merged record"),
    "merge.asked": say("asked to merge two records"),
    "merge.agreed": say("agreed to merge two records"),
    "merge.declined": say("declined to merge two records"),
    "merge.done": say("two records became one"),
    "person.forgotten": say("left and was forgotten"),
    "points.appeal.answered": say("answered an appeal on points"),
    "points.appeal.made": say("appealed against an entry"),
    "points.appeal.withdrawn": say("took an appeal on points back"),
    "points.awarded": say("gave points"),
    "points.budget.agreed": say("agreed to a group's budget"),
    "points.budget.asked": say("granted a group points, or asked to"),
    "points.budget.declined": say("declined a group's budget"),
    "points.budget.taken_back": say("took a group's budget back"),
    "points.rewarded": say("rewarded people of a group"),
    "points.gift.made": say("gave points away"),
    "points.gift.taken_back": say("took a gift back"),
    "points.gift.given_back": say("gave a gift back"),
    "points.gift.reversed": say("took a gift back for its giver"),
    "points.grant.agreed": say("agreed to points by hand"),
    "points.grant.asked": say("gave points by hand, or asked to"),
    "points.grant.declined": say("declined points by hand"),
    "points.moved": say("moved points"),
    "points.odd.seen": say("looked at unusual granting"),
    "points.rules.changed": say("changed the rules of points"),
    "points.reversed": say("took points back"),
    "project.claim": say("claimed a need"),
    "project.confirm": say("confirmed a claim"),
    "project.decline": say("declined a claim"),
    "project.lapse": say("let a claim lapse"),
    "project.merge": say("merged a need"),
    "project.publish": say("published a need"),
    "project.refuse": say("did not publish a need"),
    "project.return": say("gave a need back"),
    "project.summarise": say("summed up a need"),
    "project.take": say("took a claim back"),
    "project.unanswered": say("left a claim unanswered"),
    "project.undertake": say("undertook a need"),
    "project.undo": say("undid a step of a need"),
    "project.withdraw": say("withdrew a need"),
    "role.claimed": say("became the first admin"),
    "role.given": say("gave a role"),
    "series.begun": say("began a series"),
    "series.changed": say("changed a series"),
    "series.settled": say("paused, ended or continued a series"),
    "series.stopped": say("called off a series"),
    "team.signed_up": say("signed up a team"),
    "template.deleted": say("deleted a template"),
    "template.kept": say("kept a template"),
    "rota.limits.set": say("changed the limits of a duty post"),
    "rota.post.closed": say("closed a duty post"),
    "rota.post.made": say("made a duty post"),
    "rota.post.reopened": say("opened a duty post again"),
    "rota.published": say("published a rota"),
    "rota.settled": say("said who served"),
    "rota.slot.added": say("added a weekly time"),
    "rota.slot.removed": say("removed a weekly time"),
    "rota.slot.restored": say("took the removal of a weekly time back"),
    "rota.undone": say("took a rota back"),
    "worry.settled": say("settled a worry"),
    "worry.taken": say("took care of a worry"),
}
DETAILS = {
    "about": say("About"),
    **{rule.name: rule.label for rule in points.RULES},
    "item": say("item"),
    "keep_days": say("Days it is kept"),
    "limit_days": say("… in so many days"),
    "limit_pieces": say("Pieces a person"),
    "lot": say("lot"),
    "name": say("Name"),
    "group_id": say("For which group"),
    "opens_at": say("From when on"),
    "picture": say("picture"),
    "pieces": say("pieces"),
    "price": say("Price"),
    "rule": say("rule"),
    "sponsor": say("Given by"),
    "star": say("From which star on"),
    "attendance": say("attendance"),
    "age": say("age"),
    "amount": say("points"),
    "audience": say("to"),
    "before": say("before"),
    "came": say("came"),
    "capacity": say("capacity"),
    "cause": say("because of"),
    "chat": say("Telegram group"),
    "closes_at": say("sign-up ends"),
    "concerned": say("concerned"),
    "day": say("day"),
    "state": say("state"),
    "draw_max": say("in a whole draw"),
    "drawing": say("draw"),
    "ends_at": say("ends"),
    "excused": say("excused"),
    "experienced_after": say("experienced after"),
    "fits": say("fits"),
    "form": say("file"),
    "grade": say("grade"),
    "group": say("group"),
    "how": say("who is there"),
    "kind": say("kind"),
    "least": say("at least"),
    "made_at": say("made"),
    "minutes": say("minutes"),
    "missed": say("missed"),
    "outcome": say("outcome"),
    "people": say("people"),
    "person": say("person"),
    "place": say("place"),
    "places": say("places"),
    "points": say("points"),
    "reason": say("why"),
    "right": say("right"),
    "role": say("role"),
    "rows": say("rows"),
    "served": say("served"),
    "slot": say("weekly time"),
    "stands": say("stands"),
    "starts_at": say("starts"),
    "stock": say("in stock"),
    "title": say("title"),
    "told": say("told"),
    "upheld": say("upheld"),
    "wanted": say("wanted"),
    "week_max": say("in a week"),
    "weeks": say("weeks"),
    "why": say("why"),
}
VALUES = {
    "reversed": say("granted: taken back"),
    "adjusted": say("granted: made up for"),
    "refused": say("not granted"),
    "adults": say("adults only"),
    "me": say("whoever said so"),
    "announce": say("announcement"),
    "changed": say("changed"),
    "county": say("the whole county"),
    "drill": say("rehearsal"),
    "event": say("event"),
    "group": say("group"),
    "recruit": say("call"),
    "task": say("task"),
    **{str(role): name for role, name in ROLE_NAMES.items()},
    "came": say("came"),
    "excused": say("excused"),
    "stands": say("it stays missed"),
    "late": say("late"),
    "left": say("left early"),
    "missed": say("missed"),
    **groups.REASONS,
}
SUBJECTS = {
    "appeal": say("appeal"),
    "callout": say("call-out"),
    "gift": say("gift"),
    "item": say("item"),
    "partner": say("counter"),
    "redemption": say("reservation"),
    "rules": say("rules"),
    "certificate": say("certificate"),
    "guardianship": say("guardian"),
    "honour": say("honour"),
    "hours": say("record of hours"),
    "kit": say("kit"),
    "nomination": say("nomination"),
    "notice": say("public notice"),
    "transfer": say("entry"),
    "post": say("duty post"),
    "shift": say("duty"),
    "worry": say("worry"),
    "project": say("need"),
    "call": say("call"),
    "council": say("Youth council"),
    "county": say("the whole county"),
    "database": say("the database"),
    "series": say("series"),
    "session": say("session"),
    "template": say("template"),
    "topic": say("topic"),
}
INSTANTS = ("starts_at", "ends_at", "made_at", "opens_at", "closes_at")


async def audit(tx: Transaction, heard: Heard) -> Answer:
    """Who did what: /audit, or /audit #12"""
    if not heard.words:
        return await _log(tx, heard.page())
    found = await people.named(tx, heard.words)
    if not found:
        raise Refused(
            say("I know nobody called {name}. A number works too: /audit #12.", name=heard.words),
            WayOut(say("Audit log"), "admin.audit"),
        )
    if len(found) > 1:
        return _which(heard.words, found[:ROWS_PER_PAGE])
    return await _about(tx, found[0].id, 0)


def _which(name: str, found: list[Person]) -> Card:
    rows = (
        (Button(say("{name} #{number}", name=each.nickname, number=each.id), press("admin.about", each.id)),)
        for each in found
    )
    return card(say("Several people are called “{name}”. Which one?", name=name), rows=tuple(rows), back="admin.audit")


async def about(tx: Transaction, heard: Heard) -> Answer:
    """What one person did, and what was done to him."""
    return await _about(tx, heard.number(), heard.page(1))


async def _log(tx: Transaction, number: int) -> Card:
    page = await reports.audit_page(tx, number)
    return card(
        say("<b>Audit log</b> · {place}", place=page.place()),
        *await _lines(tx, page),
        say("One person alone: /audit and the name, or /audit #12."),
        rows=page.turner("admin.audit"),
        back="admin.panel",
    )


async def _about(tx: Transaction, person_id: int, number: int) -> Card:
    person = await people.by_id(tx, person_id)
    page = await reports.audit_page(tx, number, person_id)
    return card(
        say(
            "<b>Audit log</b> of {name} #{number} · {place}", name=person.nickname, number=person.id, place=page.place()
        ),
        *await _lines(tx, page),
        rows=page.turner("admin.about", person_id),
        back="admin.audit",
    )


async def _lines(tx: Transaction, page: Page) -> list[Said]:
    names = await reports.names_of(tx, list(page.items))
    return [_line(entry, names) for entry in page.items] or [say("Nothing is written yet.")]


def _line(entry: Entry, names: Mapping[str, str]) -> Said:
    return say(
        "{number}. {moment} · <b>{actor}</b> {deed}: {subject}{details}",
        number=entry.number,
        moment=Moment(entry.at),
        actor=_named(f"person:{entry.actor_id}", names) if entry.actor_id else say("the bot itself"),
        deed=DEEDS.get(entry.deed, say("{value}", value=entry.deed)),
        subject=_named(entry.subject, names),
        details=_details(entry.written, names),
    )


def _named(subject: str, names: Mapping[str, str]) -> Said:
    """A name with its number; where there is no name, what sort of thing it is and its number."""
    kind, _, number = subject.partition(":")
    if subject in names:
        return say("{name} #{number}", name=names[subject], number=number)
    known = SUBJECTS.get(kind)
    if known is None:
        return say("{value}", value=subject)
    return say("{value} #{number}", value=known, number=number) if number else known


def _details(written: Mapping[str, object], names: Mapping[str, str]) -> Said:
    """What else was written down, such as the role; nothing where there is nothing."""
    told = BLANK
    for name, value in written.items():
        if value is not None:
            told = say(
                "{before}, {name} {value}",
                before=told,
                name=DETAILS.get(name, say("{value}", value=name)),
                value=_value(name, value, names),
            )
    return told


def _value(name: str, value: object, names: Mapping[str, str]) -> Said:
    if isinstance(value, dict):
        return _tables(value)
    if f"{name}:{value}" in names:
        return _named(f"{name}:{value}", names)
    if isinstance(value, str) and ":" in value:
        return _named(value, names)
    if name in INSTANTS and isinstance(value, int):
        return say("{moment}", moment=Moment(value))
    return VALUES.get(str(value), say("{value}", value=str(value)))


def _tables(rows: Mapping[str, int]) -> Said:
    """How many rows of each table were taken out of the house."""
    told = BLANK
    for name, number in rows.items():
        title = reports.SHEETS[name].title if name in reports.SHEETS else say("{value}", value=name)
        one = say("{table} {n}", table=title, n=number)
        told = say("{before} · {table}", before=told, table=one) if told is not BLANK else one
    return told


ROUTES = [
    command("audit", audit, Who.READER),
    on_press("admin.audit", audit, Who.READER),
    on_press("admin.about", about, Who.READER),
]
