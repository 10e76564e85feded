"""Stars and certificates: public first, objected to by whoever knows better, and never true without their hours."""

import asyncio
from datetime import date
from typing import Any

import pytest
import segno
from PIL import Image

from bot.config import House
from bot.domain import audit, hours
from bot.domain.hours import certificates, notices
from bot.domain.hours.things import masked, working_days_after
from bot.domain.people import Role
from bot.due import Due
from bot.handlers.hours import paper
from bot.posters import code_of
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.databases import Databases
from tests.founding import founded
from tests.publishing import bind, fills_in
from tests.scanning import read_aloud, scanned
from tests.shopping import has, reserved, rich, stocked
from tests.test_hours import all_holds, credited, sums
from tests.town import Town, TownClock, built

QUICK = {"stars": [2, 4, 6]}


async def star_of(town: Town, persona: Persona) -> int:
    person = await town.person(persona)
    return await town.does(lambda tx: hours.star_held(tx, person.id))


async def certified(town: Town) -> str:
    """Ming has a certificate; its code."""
    await credited(town, town.ming, 120)
    await town.ming.says("/certificate")
    for _ in range(2):
        await fills_in(town.ming, "!Ask for one", "!This year", "!‹ Back")
        assert "⏳ You have asked for one: it is public until Sun 29 Nov, 09:00" in town.ming.screen.text
        await town.ming.presses("Take the application back")
    await fills_in(town.ming, "!Ask for one", "!All my hours")
    await town.days_pass(9)
    return str(await town.does(lambda tx: tx.value("SELECT code FROM hours_certificates")))


@pytest.mark.parametrize(("day", "days", "last"), [("2026-11-21", 5, "2026-11-27"), ("2026-11-26", 5, "2026-12-03")])
def test_working_days_leave_weekends_out(day: str, days: int, last: str) -> None:
    """Five working days after a Saturday are a Friday."""
    assert working_days_after(date.fromisoformat(day), days).isoformat() == last


def test_a_masked_name_shows_one_character() -> None:
    """Nor how long it is."""
    assert masked("王小明") == masked("王二") == "王＊＊"


async def test_a_star_is_public_for_five_working_days(town: Town) -> None:
    """Then it is awarded, told, and stands beside the name in the group; spending all points leaves it as it is."""
    await town.opens(hours=QUICK)
    group = await founded(town, "Dance", leader=town.lan)
    chat = town.telegram_group("Dance chat", town.lan, town.ming)
    await bind(town, group, chat)
    await town.ming.says("/join Dance")
    await credited(town, town.ming, 120)
    assert await star_of(town, town.ming) == 0
    await town.ming.says("/hours")
    assert "📢 1-star volunteer: public until Sat 28 Nov, 09:00, and yours then." in town.ming.screen.text
    await town.days_pass(6)
    assert await star_of(town, town.ming) == 0
    await town.days_pass(2)
    assert await star_of(town, town.ming) == 1
    assert "You are a 1-star volunteer now" in "".join(town.ming.heard)
    assert chat.member(town.ming.id).tag == "1-star volunteer"
    await rich(town, town.ming, 50)
    await reserved(town, town.ming, await stocked(town))
    assert (await has(town, town.ming), await star_of(town, town.ming)) == (0, 1), "points are spent, a star never"
    await town.ming.says("/hours")
    assert "🌟 1-star volunteer Next star: ▰▰▰▰▰▱▱▱▱▱ 2 h to go of 4 h." in town.ming.screen.text
    assert await all_holds(town)


async def test_an_objection_that_is_right_stops_a_star(town: Town) -> None:
    """It waits for the answer, and both are told. Whoever has objected reads that, and is not asked again."""
    await town.opens(hours=QUICK)
    await credited(town, town.ming, 120)
    await town.hua.presses_data("hours.notice:1")
    await fills_in(town.hua, "!Object", "He was with me", "!Object")
    assert "You have objected: “He was with me”. No answer yet." in town.hua.screen.text
    assert "Object" not in town.hua.screen.labels
    await town.days_pass(8)
    assert await star_of(town, town.ming) == 0
    await fills_in(town.dong, "!Look at it", "!Hua is right")
    assert "Hua: “He was with me” ✅ It was right." in town.dong.screen.text
    assert await star_of(town, town.ming) == 0
    assert "It was right" in town.ming.screen.text
    assert "It was right" in town.hua.screen.text


async def test_a_reversal_below_the_threshold_opens_the_star_again(town: Town) -> None:
    """The person is told what is left and what it takes."""
    await town.opens(hours=QUICK)
    record = await credited(town, town.ming, 120)
    await town.days_pass(8)
    await town.dong.presses_data(f"hours.reverse:{record.id}")
    assert await star_of(town, town.ming) == 0
    assert "The star is open again" in "".join(town.ming.heard)
    assert await all_holds(town)


async def test_anybody_can_check_a_certificate(town: Town) -> None:
    """After seven days it is there; a stranger sees a masked name, the hours and the mix of grades."""
    code = await certified(town)
    await town.wei.starts(f"hours_verify-{code}")
    text = town.wei.screen.text
    for words in ("✅ Valid", "Name: M＊＊", "Hours: 2 h: 2 h A", "Issued by 青年县", "A: own check-in"):
        assert words in text, text
    assert "Ming" not in text
    await town.hua.says("/verify")
    for typed, said in (("ABCD", "There is no certificate with the code ABCD"), (code, "✅ Valid")):
        await town.hua.says(typed)
        assert said in town.hua.screen.text


async def test_a_certificate_comes_as_picture_and_pdf(town: Town) -> None:
    """Both carry the number in their name, and the picture's code leads to what anybody can check."""
    code = await certified(town)
    await town.ming.says("/certificate")
    await town.ming.presses("📜 All hours until 2026-11-21")
    await town.ming.presses("As a picture")
    await town.ming.presses_data("hours.pdf:1")
    picture, pdf = town.ming.files[-2:]
    assert scanned(picture.content) == [f"https://t.me/county_bot?start=hours_verify-{code}"]
    assert "Ming" in read_aloud(pdf.content)
    assert pdf.name == "certificate-2026-000001.pdf"


def test_no_length_runs_into_its_proof() -> None:
    """The column of proofs begins behind the longest length, however long that is."""
    short = paper.proofs_from(["2 小时", "30 分"])
    assert paper.proofs_from(["2 小时", "12345 小时 30 分"]) > short + 100


@pytest.mark.parametrize("characters", [12, 40, 80])
def test_the_squares_of_a_code_are_of_one_size(characters: int) -> None:
    """Drawn in whole pixels a square, so that a camera reads it; never larger than its place."""
    code = code_of("x" * characters, paper.QR_PIXELS, paper.INK, paper.PAPER)
    pixels = code.width // segno.make("x" * characters, error="m").symbol_size(border=0)[0]
    assert code.width <= paper.QR_PIXELS
    small = code.resize((code.width // pixels, code.height // pixels), Image.Resampling.NEAREST)
    assert small.resize(code.size, Image.Resampling.NEAREST).tobytes() == code.tobytes()


async def test_a_revoked_certificate_says_so(town: Town) -> None:
    """Hours in it were taken back: it is not valid any more, and its bearer is told."""
    code = await certified(town)
    await town.dong.presses_data("hours.reverse:1")
    await town.hua.says(f"/verify {code.lower()}")
    assert "❌ Revoked" in town.hua.screen.text
    shown = "-".join(code.replace("-", "")[i : i + 4] for i in (0, 4, 8))
    assert f"Your certificate {shown} was revoked: hours in it were taken back." in "".join(town.ming.heard)
    await town.dong.says("/audit")
    assert "revoked a certificate: certificate #1, why hours in it were taken back" in town.dong.screen.text
    assert await all_holds(town)


async def test_a_certificate_is_revoked_for_a_reason_and_looked_at_again(town: Town) -> None:
    """Its owner reads why and appeals once; an admin who had no hand in it lets it count again."""
    second = await town.newcomer("Second", role=Role.ADMIN)
    code = await certified(town)
    await town.dong.presses_data("hours.revoke:1")
    await fills_in(town.dong, "!Say why, and revoke it", "Wrong year", "!Revoke it")
    assert "a county admin found it wrong" in town.ming.screen.text and "“Wrong year”" in town.ming.screen.text
    for _ in range(2):
        await town.ming.presses_data("hours.certificate.appeal:1")
    assert "or you have done so" in town.ming.screen.text
    await town.dong.presses_data("hours.certificate.restore:1")
    assert "another admin has to answer" in town.dong.toasts[-1].text
    assert [text for text in second.heard if "was revoked wrongly" in text] == [second.screen.text]
    await second.presses("Look at it")
    await second.presses("It was right: let it count")
    await town.hua.says(f"/verify {code}")
    assert "✅ Valid" in town.hua.screen.text and "is valid again" in town.ming.screen.text


async def test_forgetting_keeps_entries_and_revokes_certificates(town: Town) -> None:
    """The numbers stay under the number alone; the certificate has no name and is not valid."""
    code = await certified(town)
    ming = await town.person(town.ming)
    await town.ming.says("/forget")
    assert "• 2 h of volunteering and any star: they are nobody's any more" in town.ming.screen.text
    assert "• 1 certificate: whoever checks it reads that it is not valid any more" in town.ming.screen.text
    await town.ming.presses("Yes, forget me")
    assert (await town.does(lambda tx: hours.sums(tx, ming.id))).total == 120
    await town.hua.says(f"/verify {code}")
    assert "the person has left" in town.hua.screen.text
    assert await all_holds(town)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_name_is_looked_up_where_it_is_asked_for(town: Town) -> None:
    """Whose hours they are is not found wanting only after five more questions."""
    await town.dong.presses_data("hours.carry")
    await town.dong.says("Nobody")
    assert "I know nobody called Nobody" in town.dong.screen.text
    await town.dong.says("Ming")
    assert "2 of" in town.dong.screen.text


async def test_carried_over_hours_need_another_admin(town: Town) -> None:
    """Grade D waits too: nobody gives hours by calling them carried over."""
    await town.dong.presses_data("hours.carry")
    await fills_in(town.dong, "Ming", "Other city", "2025-01-01", "2025-12-31", "120", "Letter of the city", "!Save")
    assert "Still to agree: a county admin who did not enter it" in town.dong.screen.text
    assert "Ming: 120 h, Wed 1 Jan 2025 to Wed 31 Dec 2025" in town.dong.screen.text
    assert (await sums(town, town.ming)).total == 0


async def test_an_objection_in_the_last_moment_still_counts(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, where both go on at once: what is objected to as the notice ends waits for the answer."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        await town.opens(hours=QUICK)
        await credited(town, town.ming, 120)
        hua, house = await town.person(town.hua), House(town.settings)
        town.clock.move(9 * 24 * 3600)
        item = Due(1, "hours.notice", "notice:1", 0, None, 0)
        ending: list[asyncio.Task[None]] = []

        async def while_the_notice_ends(tx: Transaction, deed: str, subject: str, **more: Any) -> int:
            if not ending:
                ending.append(asyncio.create_task(town.does(lambda other: hours.ended(other, item, house))))
                await asyncio.wait(ending, timeout=0.1)
            return await note(tx, deed, subject, **more)

        note = audit.note
        monkeypatch.setattr(audit, "note", while_the_notice_ends)
        await town.does(lambda tx: hours.object_to_notice(tx, 1, "He was ill", by=hua))
        await asyncio.gather(*ending)
        assert await star_of(town, town.ming) == 0


async def test_however_many_certificates_each_can_be_opened(town: Town) -> None:
    """The first of seven is on the second page."""
    await credited(town, town.ming, 120)
    ming = await town.person(town.ming)

    async def another(tx: Transaction) -> None:
        made = await hours.request(tx, "2026-01-01", "2026-12-31", by=ming, rules=town.settings.hours)
        await notices.close(tx, made.id, "done")
        await certificates.issue(tx, made)

    for _ in range(7):
        await town.does(another)
    await town.ming.says("/certificate")
    await town.ming.presses("Next ›")
    await town.ming.presses(town.ming.screen.labels[0])
    assert "2026-000001" in town.ming.screen.text
