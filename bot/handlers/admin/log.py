"""The audit log in words, the newest first."""

from collections.abc import Mapping

from bot.cards import Card, Page, card, press
from bot.domain import people, reports
from bot.domain.audit import Entry
from bot.handlers.admin.deeds import DEEDS, DETAILS, SUBJECTS, VALUES, VALUES_OF
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

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
        return people.which_of(found, lambda number: press("admin.about", number), back="admin.audit")
    return await _about(tx, found[0].id, 0)


async def about(tx: Transaction, heard: Heard) -> Answer:
    """What one person did, and what was done to him."""
    return await _about(tx, heard.number(), heard.page(1))


async def _log(tx: Transaction, number: int) -> Card:
    page = await reports.audit_page(tx, number)
    return card(
        say("<b>Audit log</b> · {place}", place=page.place()),
        *await _lines(tx, page),
        say("One person alone: /audit and the name, or /audit #12."),
        rows=page.jumps("admin.audit"),
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
        rows=page.jumps("admin.about", person_id),
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
        details=_details(entry.written, names, VALUES_OF.get(entry.deed, VALUES)),
    )


def _named(subject: str, names: Mapping[str, str]) -> Said:
    """A name with its number; where there is no name, what sort of thing it is and its number."""
    kind, _, number = subject.partition(":")
    if names.get(subject) == f"#{number}":
        # Of who has left for good the number is all that is kept.
        return say("{value}", value=names[subject])
    if subject in names:
        return say("{name} #{number}", name=names[subject], number=number)
    known = SUBJECTS.get(kind)
    if known is None:
        return say("{value}", value=subject)
    return say("{value} #{number}", value=known, number=number) if number else known


def _details(written: Mapping[str, object], names: Mapping[str, str], words: Mapping[str, Said]) -> Said:
    """What else was written down, such as the role; nothing where there is nothing."""
    told = BLANK
    for name, value in written.items():
        if value is not None:
            told = say(
                "{before}, {name} {value}",
                before=told,
                name=DETAILS.get(name, say("{value}", value=name)),
                value=_value(name, value, names, words),
            )
    return told


def _value(name: str, value: object, names: Mapping[str, str], words: Mapping[str, Said]) -> Said:
    if isinstance(value, dict):
        return _tables(value)
    if f"{name}:{value}" in names:
        return _named(f"{name}:{value}", names)
    if isinstance(value, str) and ":" in value:
        return _named(value, names)
    if name in INSTANTS and isinstance(value, int):
        return say("{moment}", moment=Moment(value))
    return words.get(str(value), say("{value}", value=str(value)))


def _tables(rows: Mapping[str, int]) -> Said:
    """How many rows of each table were taken out of the house."""
    told = BLANK
    for name, number in rows.items():
        title = reports.SHEETS[name].title if name in reports.SHEETS else say("{value}", value=name)
        one = say("{table} {n}", table=title, n=number)
        told = say("{before} · {table}", before=told, table=one) if told is not BLANK else one
    return told


ROUTES = [
    command("audit", audit, Who.READER, also=("操作记录",)),
    on_press("admin.audit", audit, Who.READER),
    on_press("admin.about", about, Who.READER),
]
