"""Certificates: asked for, looked at, as a picture and a PDF, and checked by anybody with /verify."""

from datetime import date
from functools import partial
from typing import Any

from bot import forms
from bot.cards import Button, Card, File, card, press
from bot.domain import hours, people
from bot.domain.hours import Certificate, Notice, masked
from bot.forms import Form, Question
from bot.handlers.hours import paper
from bot.locales import Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

BEGINNING = "2000-01-01"
PERIODS = ("year", "before", "all")


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """My certificates: ask for one, show one"""
    return await _listing(tx, heard, heard.page() if heard.kind == "press" else 0)


async def _listing(tx: Transaction, heard: Heard, number: int = 0) -> Card:
    found = await hours.certificates_of(tx, heard.me.id, number)
    days = heard.house.settings.hours.certificate_notice_days
    asked = await hours.open_notice(tx, "certificate", heard.me.id)
    rows = tuple((Button(_label(each), press("hours.certificate", each.id)),) for each in found.items)
    return card(
        say("📜 <b>Certificates</b>"),
        *(() if found.items or asked else (say("You have none yet."),)),
        *(
            (say("⏳ You have asked for one: it is public until {moment}, then it comes.", moment=Moment(asked.until)),)
            if asked
            else ()
        ),
        say(
            "A certificate says how many hours you have, and how well they are proved. It is public for {days} days under "
            "a masked name; then it comes, with a code by which anybody can check it.",
            days=days,
        ),
        rows=(*rows, *found.turner("hours.certificates"), _next_step(asked)),
        back="hours.mine",
    )


def _next_step(asked: Notice | None) -> tuple[Button, ...]:
    """One at a time: what is asked for can be looked at and taken back, for instance where the time was wrong."""
    if asked is None:
        return (Button(say("Ask for one"), "hours.ask"),)
    return (
        Button(say("Look at it"), press("hours.notice", asked.id)),
        Button(say("Take the application back"), "hours.unask"),
    )


async def unask(tx: Transaction, heard: Heard) -> Answer:
    """Ask for none after all."""
    await hours.take_back_request(tx, by=heard.me)
    return (await _listing(tx, heard)).with_toast(say("Taken back; you can ask again at any time."))


def _label(each: Certificate) -> Said:
    mark = "📜" if each.is_valid else "✖️"
    if each.first_day == BEGINNING:
        return say("{mark} All hours until {last}", mark=mark, last=each.last_day)
    return say("{mark} {first} – {last}", mark=mark, first=each.first_day, last=each.last_day)


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """For which time?"""
    labels = {"year": say("This year"), "before": say("Last year"), "all": say("All my hours")}
    return card(
        say("For which time shall it be?"),
        rows=tuple((Button(labels[period], press("hours.askfor", period)),) for period in PERIODS),
        back="hours.certificates",
    )


async def ask_for(tx: Transaction, heard: Heard) -> Answer:
    """Ask for it."""
    period = heard.args[0] if heard.args else ""
    if period not in PERIODS:
        raise stale()
    today = tx.today
    first, last = {
        "year": (date(today.year, 1, 1), today),
        "before": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "all": (date.fromisoformat(BEGINNING), today),
    }[period]
    rules = heard.house.settings.hours
    made = await hours.request(tx, first.isoformat(), last.isoformat(), by=heard.me, rules=rules)
    return card(
        say("Asked for. It is public until {moment}; then I send it to you.", moment=Moment(made.until)),
        rows=((Button(say("Public notices"), "hours.notices"),),),
        back="hours.certificates",
    )


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One certificate in words."""
    found = await hours.certificate(tx, heard.number(), heard.me)
    code = found.shown_code
    rows: list[tuple[Button, ...]] = [
        (
            Button(say("As a picture"), press("hours.picture", found.id)),
            Button(say("As a PDF"), press("hours.pdf", found.id)),
        ),
        (Button(say("Copy the code"), copy=code),),
    ]
    if heard.me.is_admin and found.person_id != heard.me.id and found.is_valid:
        rows.append((Button(say("Revoke it"), press("hours.revoke", found.id), style="danger"),))
    if not found.is_valid:
        rows = _again(heard, found)
    return card(*_words(tx, heard, found, found.name), rows=tuple(rows), back="hours.certificates")


def _again(heard: Heard, found: Certificate) -> list[tuple[Button, ...]]:
    """What can be done about one that an admin found wrong: by its owner, and by another admin."""
    if found.person_id == heard.me.id and found.may_be_appealed:
        return [(Button(say("It was right: appeal"), press("hours.certificate.appeal", found.id)),)]
    if heard.me.is_admin and found.why == "wrong" and heard.me.id not in (found.person_id, found.revoked_by):
        return [(Button(say("It was right: let it count"), press("hours.certificate.restore", found.id)),)]
    return []


async def appeal(tx: Transaction, heard: Heard) -> Answer:
    """Say that a certificate of mine was right."""
    found = await hours.appeal_certificate(tx, heard.number(), by=heard.me)
    words = say("Thank you. The admins who had no hand in it are asked to look at it again.")
    return card(words, back=press("hours.certificate", found.id))


async def restored(tx: Transaction, heard: Heard) -> Answer:
    """Let it count again."""
    found = await hours.restore(tx, heard.number(), by=heard.me)
    return card(*_words(tx, heard, found, found.name), back="hours.desk").with_toast(say("Valid again, and told."))


def _words(tx: Transaction, heard: Heard, found: Certificate, name: str) -> list[Said]:
    """What the certificate says, in text: the same for its bearer and for whoever checks it."""
    lines = [
        say("📜 <b>Certificate {number}</b>", number=_number(tx, found)),
        say("✅ Valid") if found.is_valid else _revoked(found),
        say("Name: {name}", name=name),
        say("Hours: {hours}", hours=hours.mix(found.sums)),
        say("From {first} to {last}", first=_first(found), last=found.last_day),
        say("Issued by {county}, {moment}", county=heard.house.settings.county.name, moment=Moment(found.issued_at)),
        say("Code: <code>{code}</code>", code=found.shown_code),
    ]
    return [*lines, *(hours.GRADES[hours.Grade(grade)] for grade, minutes in found.sums.parts if minutes)]


def _first(found: Certificate) -> Said:
    return say("the beginning") if found.first_day == BEGINNING else say("{day}", day=found.first_day)


def _number(tx: Transaction, found: Certificate) -> str:
    return hours.number_of(found, tx.local(found.issued_at).year)


def _revoked(found: Certificate) -> Said:
    assert found.revoked_at is not None and found.why is not None, "a revoked one says when and why"
    return say(
        "❌ Revoked, {moment}: {why}. It is not valid.", moment=Moment(found.revoked_at), why=hours.REVOKED[found.why]
    )


# The files, drawn before the transaction: that takes tenths of a second.


async def _drawn(tx: Transaction, heard: Heard, kind: str) -> File:
    found = await hours.certificate(tx, heard.number(), heard.me)
    if not found.is_valid:
        raise Refused(
            say("This certificate was revoked; you can ask for another one."),
            WayOut(say("Certificates"), "hours.certificates"),
        )
    reader = people.reader(tx, heard.me.language)
    number = _number(tx, found)
    sheet = paper.Sheet(
        county=heard.house.settings.county.name,
        name=found.name,
        hours=reader.plain(hours.length(found.sums.total)),
        parts=tuple(
            (reader.plain(hours.length(minutes)), reader.plain(hours.GRADES[hours.Grade(grade)]))
            for grade, minutes in found.sums.parts
            if minutes
        ),
        first=reader.plain(_first(found)),
        last=found.last_day,
        number=number,
        code=found.shown_code,
        issued=tx.local(found.issued_at).date().isoformat(),
        link=heard.house.link(payload(press("hours.verify", found.code))),
    )
    content = await tx.apart(paper.png if kind == "png" else paper.pdf, sheet, paper.words(reader, sheet))
    return File(f"certificate-{number}.{kind}", content, picture=kind == "png")


async def show(tx: Transaction, heard: Heard) -> Answer:
    """The file that was drawn."""
    file: File = heard.report
    found = await hours.certificate(tx, heard.number(), heard.me)
    back = press("hours.certificate", found.id)
    return card(
        say("📜 <b>Certificate {number}</b>", number=_number(tx, found)),
        say("Hours: {hours}", hours=hours.mix(found.sums)),
        say("Code: <code>{code}</code>", code=found.shown_code),
        file=file,
        rows=((Button(say("Open it"), back),),),
    )


async def revoke(tx: Transaction, heard: Heard) -> Answer:
    """Ask before it is done."""
    found = await hours.certificate(tx, heard.number(), heard.me)
    return card(
        say("Revoke certificate {number}?", number=_number(tx, found)),
        say("Whoever checks it sees that it is not valid any more; {name} is told. That stays so.", name=found.name),
        rows=((Button(say("Say why, and revoke it"), press("hours.revoked", found.id), style="danger"),),),
        back=press("hours.certificate", found.id),
    )


async def revoked(tx: Transaction, heard: Heard) -> Answer:
    """Ask why."""
    found = await hours.certificate(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, REVOKING, {"certificate": found.id})


async def _revoked_for(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Card:
    found = await hours.revoke(tx, answers["certificate"], answers["words"], by=heard.me)
    return card(*_words(tx, heard, found, found.name), back="hours.desk")


# Checking one


async def verify(tx: Transaction, heard: Heard) -> Answer:
    """Check a certificate by its code"""
    if not heard.words:
        return await forms.begin(tx, heard, VERIFYING)
    return await _verified(tx, heard, {"code": heard.words})


async def verify_link(tx: Transaction, heard: Heard) -> Answer:
    """The same by the code on the paper."""
    if not heard.args:
        return await forms.begin(tx, heard, VERIFYING)
    return await _verified(tx, heard, {"code": heard.args[0]})


async def _verified(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Card:
    code = str(answers["code"])
    found = await hours.with_code(tx, code)
    if found is None:
        raise Refused(
            say(
                "There is no certificate with the code {code}. Please compare it with the paper: twelve letters and "
                "digits. If it is the same, the paper is not ours.",
                code=code[:40],
            ),
            WayOut(say("Try another code"), "hours.verify"),
        )
    shown = _words(tx, heard, found, masked(found.name))
    revoke = heard.person is not None and heard.person.is_admin and found.is_valid
    return card(
        *shown,
        say("The name is masked; compare it with the paper."),
        rows=((Button(say("Open it"), press("hours.certificate", found.id)),),) if revoke else (),
    )


VERIFYING = Form(
    "hours.verify",
    say("Check a certificate"),
    (Question("code", say("Code"), say("Please send the code on the certificate."), forms.short_text(40)),),
    _verified,
    say("Check it"),
    who=Who.ANYONE,
    looks=True,
)
REVOKING = Form(
    "hours.revoke",
    say("Revoke it"),
    (Question("words", say("Reason"), say("What is wrong with it? Its owner reads it."), forms.short_text(300)),),
    _revoked_for,
    say("Revoke it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (VERIFYING, REVOKING)
ROUTES = [
    command("certificate", listing, also=("证书", "志愿证书")),
    command("verify", verify, Who.ANYONE, also=("核验", "验证")),
    on_press("hours.certificates", listing),
    on_press("hours.certificate", opened),
    on_press("hours.ask", ask),
    on_press("hours.askfor", ask_for),
    on_press("hours.unask", unask),
    on_press("hours.picture", show, read=partial(_drawn, kind="png")),
    on_press("hours.pdf", show, read=partial(_drawn, kind="pdf")),
    on_press("hours.certificate.appeal", appeal),
    on_press("hours.certificate.restore", restored, Who.ADMIN),
    on_press("hours.revoke", revoke, Who.ADMIN),
    on_press("hours.revoked", revoked, Who.ADMIN),
    on_press("hours.verify", verify_link, Who.ANYONE, link=True),
]
