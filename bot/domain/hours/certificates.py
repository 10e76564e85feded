"""Certificates: asked for, made public, issued with a number and a code, and checked by anybody."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.cards import Button, Page, card, page_of, press, window
from bot.config import Hours
from bot.domain import audit, people
from bot.domain.hours import notices
from bot.domain.hours.notices import Notice
from bot.domain.hours.things import HOUR_MINUTES, Sums
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, filled

# Without what is mistaken for something else when it is read out or typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_CHARACTERS = 12
REVOKED = {
    "reversed": say("hours in it were taken back"),
    "wrong": say("a county admin found it wrong"),
    "forgotten": say("the person has left"),
}


def grouped(code: str) -> str:
    """The code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, CODE_CHARACTERS, 4))


@dataclass(frozen=True)
class Certificate:
    """What was certified: hours from `first_day` to `last_day`, both included; it counts until `revoked_at`."""

    id: int
    code: str
    person_id: int
    name: str
    first_day: str
    last_day: str
    a: int
    b: int
    c: int
    d: int
    issued_at: int
    revoked_at: int | None
    revoked_by: int | None
    why: str | None
    words: str | None
    appealed_at: int | None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row)

    @property
    def sums(self) -> Sums:
        return Sums(self.a, self.b, self.c, self.d)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    @property
    def may_be_appealed(self) -> bool:
        """An admin found it wrong, and its owner has not said yet that it was right."""
        return self.why == "wrong" and self.appealed_at is None

    @property
    def shown_code(self) -> str:
        return grouped(self.code)


# Rules


def clean_code(typed: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(c for c in typed.upper() if c.isalnum())[:CODE_CHARACTERS]


def number_of(certificate: Certificate, year: int) -> str:
    """The number on the paper: «2026-000012»."""
    return f"{year}-{certificate.id:06}"


# Questions


async def certificate(tx: Transaction, certificate_id: int, me: Person) -> Certificate:
    """One's own certificate, or any for those who read all. Raises Refused."""
    row = await tx.one("SELECT * FROM hours_certificates WHERE id = :id", id=certificate_id)
    if row is None or (row["person_id"] != me.id and not me.reads_all):
        raise Refused(say("There is no such certificate of yours."), WayOut(say("Certificates"), "hours.certificates"))
    return Certificate.of_row(row)


async def certificates_of(tx: Transaction, person_id: int, number: int) -> Page:
    """A page of somebody's, the newest first."""
    rows = await tx.all(
        "SELECT * FROM hours_certificates WHERE person_id = :id ORDER BY id DESC LIMIT :limit OFFSET :offset",
        id=person_id,
        **window(number),
    )
    return page_of(map(Certificate.of_row, rows), number)


async def with_code(tx: Transaction, typed: str) -> Certificate | None:
    """The certificate with this code, revoked ones too."""
    row = await tx.one("SELECT * FROM hours_certificates WHERE code = :code", code=clean_code(typed))
    return Certificate.of_row(row) if row else None


IN_PERIOD = """
    FROM hours_entries e JOIN hours_records r ON r.id = e.record_id
    WHERE e.person_id = :person AND r.day >= :first AND r.day <= :last
"""


async def sums_between(tx: Transaction, person_id: int, first: str, last: str) -> Sums:
    """What somebody's entries for these days come to."""
    rows = await tx.all(
        f"SELECT e.grade, CAST(SUM(e.minutes) AS BIGINT) AS minutes {IN_PERIOD} GROUP BY e.grade",
        person=person_id,
        first=first,
        last=last,
    )
    return Sums(**{row["grade"].lower(): row["minutes"] for row in rows})


# Deeds


async def request(tx: Transaction, first: str, last: str, *, by: Person, rules: Hours) -> Notice:
    """Ask for a certificate of one's own hours; it is made public before it is issued. Raises Refused."""
    counted = await sums_between(tx, by.id, first, last)
    if counted.total < HOUR_MINUTES:
        raise Refused(
            say("There is less than an hour that counts in that time. Nothing was asked for."),
            WayOut(say("My hours"), "hours.mine"),
        )
    last_day = tx.today + timedelta(days=rules.certificate_notice_days)
    made = await notices.publish(tx, "certificate", by, counted.total, last_day, period=(first, last))
    if made is None:
        raise Refused(
            say(
                "You have asked for a certificate already; it comes when its notice is over. Nothing was asked for now."
            ),
            WayOut(say("Certificates"), "hours.certificates"),
        )
    await audit.note(tx, "hours.certificate.asked", f"person:{by.id}", by=by.id)
    return made


async def take_back_request(tx: Transaction, *, by: Person) -> None:
    """Ask for no certificate after all, while it is public. Raises Refused where nothing is asked for."""
    asked = await notices.open_notice(tx, "certificate", by.id)
    if asked is None or not await notices.close(tx, asked.id, "withdrawn"):
        raise Refused(
            say("You have not asked for a certificate, or it is there already. Nothing was changed."),
            WayOut(say("Certificates"), "hours.certificates"),
        )
    await audit.note(tx, "hours.certificate.unasked", f"person:{by.id}", by=by.id)


async def issue(tx: Transaction, done: Notice) -> bool:
    """The notice is over: the certificate says what the entries come to now. False where nothing is left to certify."""
    first, last = done.first_day or "", done.last_day or ""
    counted = await sums_between(tx, done.person_id, first, last)
    if counted.total < HOUR_MINUTES:
        return False
    person = await people.by_id(tx, done.person_id)
    newest = await tx.value(f"SELECT MAX(e.id) {IN_PERIOD}", person=person.id, first=first, last=last)
    certificate_id = await tx.value(
        "INSERT INTO hours_certificates (code, person_id, name, first_day, last_day, a, b, c, d, last_entry, notice_id, "
        "issued_at) VALUES (:code, :person, :name, :first, :last, :a, :b, :c, :d, :newest, :notice, :now) RETURNING id",
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS)),
        person=person.id,
        name=person.nickname,
        first=first,
        last=last,
        **counted.__dict__,
        newest=newest,
        notice=done.id,
        now=tx.now,
    )
    await audit.note(tx, "hours.certificate.issued", f"certificate:{certificate_id}", by=None, person=person.id)
    screen = card(
        say("📜 Your certificate is there. Anybody can check it by its code."),
        rows=((Button(say("Open it"), press("hours.certificate", certificate_id)),),),
    )
    await people.tell(tx, person, screen)
    return True


async def revoke(tx: Transaction, certificate_id: int, words: str, *, by: Person) -> Certificate:
    """Revoke a wrong certificate; the person reads why, and whoever checks it sees it. Raises Refused."""
    people.only_admins(by)
    found = await certificate(tx, certificate_id, by)
    if found.person_id == by.id:
        raise Refused(say("Nobody corrects his own hours; please ask somebody else. Nothing was changed."))
    revoked = await _revoke(tx, "id = :which", certificate_id, "wrong", by.id, words=words)
    if not revoked:
        raise Refused(say("It has been revoked before. Nothing was changed."))
    return await certificate(tx, certificate_id, by)


async def appeal_certificate(tx: Transaction, certificate_id: int, *, by: Person) -> Certificate:
    """Its owner says that it was right: the admins who had no hand in it are asked, once. Raises Refused."""
    asked = await tx.run(
        "UPDATE hours_certificates SET appealed_at = :now WHERE id = :id AND person_id = :by AND why = 'wrong' "
        "AND appealed_at IS NULL",
        id=certificate_id,
        by=by.id,
        now=tx.now,
    )
    if not asked:
        raise Refused(
            say("There is nothing to appeal against, or you have done so. Nothing was changed."),
            WayOut(say("Certificates"), "hours.certificates"),
        )
    found = await certificate(tx, certificate_id, by)
    screen = card(
        say("❗ {name} says that certificate {code} was revoked wrongly.", name=by.nickname, code=found.shown_code),
        say("“{words}”", words=found.words or ""),
        rows=((Button(say("Look at it"), press("hours.certificate", found.id)),),),
    )
    for admin in await people.with_role(tx, people.Role.ADMIN):
        if admin.id not in (by.id, found.revoked_by):
            await people.tell(tx, admin, screen, key=f"hours.certificate:{tx.bot}:{found.id}:{admin.id}")
    await audit.note(tx, "hours.certificate.appealed", f"certificate:{found.id}", by=by.id)
    return found


async def restore(tx: Transaction, certificate_id: int, *, by: Person) -> Certificate:
    """Let a certificate count again that another admin found wrong; its owner is told. Raises Refused."""
    people.only_admins(by)
    found = await certificate(tx, certificate_id, by)
    if by.id in (found.person_id, found.revoked_by):
        raise Refused(say("You have a hand in this: another admin has to answer. Nothing was changed."))
    restored = await tx.run(
        "UPDATE hours_certificates SET revoked_at = NULL, revoked_by = NULL, why = NULL, words = NULL "
        "WHERE id = :id AND why = 'wrong'",
        id=certificate_id,
    )
    if not restored:
        raise Refused(say("This has been answered already. Nothing was changed."))
    await audit.note(tx, "hours.certificate.restored", f"certificate:{found.id}", by=by.id)
    screen = card(
        say("✅ Your certificate {code} is valid again.", code=found.shown_code),
        rows=((Button(say("Open it"), press("hours.certificate", found.id)),),),
    )
    await people.tell(tx, await people.by_id(tx, found.person_id), screen)
    return await certificate(tx, certificate_id, by)


async def revoke_for(tx: Transaction, person_id: int, day: str, entry: int, *, by: Person) -> None:
    """An entry was taken back: certificates that counted it are not true any more."""
    counted = "person_id = :which AND first_day <= :day AND last_day >= :day AND last_entry >= :entry"
    await _revoke(tx, counted, person_id, "reversed", by.id, day=day, entry=entry)


async def _revoke(
    tx: Transaction, which: str, number: int, why: str, by: int, words: str | None = None, **more: str | int
) -> int:
    rows = await tx.all(
        f"UPDATE hours_certificates SET revoked_at = :now, revoked_by = :by, why = :why, words = :words "  # noqa: S608
        f"WHERE {which} AND revoked_at IS NULL RETURNING id, person_id, code",
        now=tx.now,
        by=by,
        why=why,
        words=words,
        which=number,
        **more,
    )
    for row in rows:
        await audit.note(tx, "hours.certificate.revoked", f"certificate:{row['id']}", by=by, why=why)
        screen = card(
            say("Your certificate {code} was revoked: {why}.", code=grouped(row["code"]), why=REVOKED[why]),
            *((say("“{words}”", words=words),) if words else ()),
            say("You can ask for another one at any time. If it was right, any county admin can look at it again."),
            rows=(
                *(
                    ((Button(say("It was right: appeal"), press("hours.certificate.appeal", row["id"])),),)
                    if why == "wrong"
                    else ()
                ),
                (Button(say("Certificates"), "hours.certificates"),),
            ),
        )
        await people.tell(tx, await people.by_id(tx, row["person_id"]), screen)
    return len(rows)
