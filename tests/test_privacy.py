"""One's own data: all of it is handed out, and leaving leaves nothing that leads back."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain import audit, minors, people, privacy
from bot.domain.people import Age, Role
from bot.locales.__main__ import read_catalogue, texts
from bot.storage import Storage, Transaction
from tests.audited import newest_rows
from tests.county import furnished
from tests.town import Town

# Where a name may stand after its bearer left, and why: what others wrote and were told is emptied after 30 days, and
# unfinished forms of others after 14.
NAMES_MAY_STAND = {"outbox.params", "inbox.payload", "forms.answers", "forms.known"}
CATALOGUES = sorted((Path(__file__).parent.parent / "bot/locales/zh_CN").glob("*.po"))
NICKNAME = "Xiaoming-of-the-river"


async def traces(storage: Storage, *needles: str) -> dict[str, list[str]]:
    """Every column in which one of `needles` stands, with what stands there."""
    tables = await storage.tables()

    async def look(tx: Transaction) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table in sorted(tables):
            for row in await tx.all(f"SELECT * FROM {table}"):
                for column, value in dict(row).items():
                    if any(needle in _text(value) for needle in needles):
                        found.setdefault(f"{table}.{column}", []).append(_text(value)[:200])
        return found

    return await storage.read(look)


def _text(value: Any) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)


async def ming_renamed(town: Town) -> None:
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.rename(tx, ming, NICKNAME))


async def leaves(town: Town) -> None:
    await town.ming.says("/forget")
    await town.ming.presses("Yes, forget me")


def test_no_papers_are_asked_for() -> None:
    """No word of the bot asks for the number of an identity card or passport: a chat is no place for these."""
    papers = re.compile(r"identity (card|number|paper)|passport|\bID (card|number)|身份证|证件|护照|实名", re.I)
    words = [str(text) for each in texts().values() for text in each]
    words += [str(message.string) for path in CATALOGUES for message in read_catalogue("zh_CN", path.stem)]
    assert len(words) > 2000
    assert [each for each in words if papers.search(each)] == []


# /mydata


async def test_mydata_holds_every_feature(town: Town) -> None:
    """One message with a file: who I am, my groups, sign-ups, points, topics, calls, and what we said."""
    await furnished(town)
    await town.ming.says("/mydata")
    (file,) = town.ming.files
    known = json.loads(file.content)
    assert set(known) == {
        "people",
        "groups",
        "activities",
        "projects",
        "partners",
        "rotas",
        "points",
        "hours",
        "minors",
        "neighbours",
        "feedback",
        "series",
        "honours",
        "shop",
        "council",
        "calls",
        "call-outs",
        "services",
        "messages",
    }
    assert "• 2 groups, now or before" in town.ming.heard[-1]
    assert known["people"]["person"]["nickname"] == "Ming"
    assert [row["group_name"] for row in known["groups"]["memberships"]] == ["舞蹈团", "书法社"]
    assert {row["title"] for row in known["activities"]["sign-ups"]} == {"河边清洁", "敬老院探访"}
    assert known["council"]["topics proposed"][0]["text"] == "路灯坏了"
    said = [row["payload"].get("message", {}).get("text") for row in known["messages"]["to the bot"]]
    assert "/topic 路灯坏了" in said


async def test_mydata_can_be_read_by_people(town: Town) -> None:
    """No instant stands in it as a number of seconds."""
    await furnished(town)
    await town.ming.says("/mydata")
    text = town.ming.files[-1].content.decode()
    assert not re.findall(r'"[^"]*": 1[78]\d{8}\b', text)
    assert '"registered_at": "2026-11-21 10:00+08:00"' in text


async def test_mydata_holds_nobody_else(town: Town) -> None:
    """No other person's Telegram id stands in it."""
    await furnished(town)
    await town.ming.says("/mydata")
    text = town.ming.files[-1].content.decode()
    named = {
        persona.user.first_name for persona in (town.ming, town.hua, town.lan, town.dong) if str(persona.id) in text
    }
    assert named == {"Ming"}


async def test_mydata_is_a_button_too(town: Town) -> None:
    """It is found in the settings."""
    await town.ming.says("/settings")
    await town.ming.presses("My data")
    assert town.ming.files[-1].name == "mydata-1.json"


# /forget


async def guards_hua(tx: Transaction) -> None:
    """Ming is Hua's guardian."""
    ming = await people.by_id(tx, 1)
    (hua,) = await people.named(tx, "Hua")
    await people.set_age(tx, hua, Age.CHILD)
    await minors.consent(tx, await minors.make_token(tx, hua), by=ming)


async def test_forget_says_what_goes_and_what_stays(town: Town) -> None:
    """The numbers are those of the rows, what one has none of is no line; nothing happens before the tap."""
    await furnished(town)
    await town.does(guards_hua)
    await town.ming.says("/forget")
    text = town.ming.screen.text
    for line in (
        "• 2 memberships",
        "• 1 sign-up ahead",
        "• your consent for 1 child",
        "• 1 topic of the youth council",
    ):
        assert line in text, text
    assert "• 0" not in text
    await town.ming.presses("No, keep everything")
    assert (await town.person(town.ming)).nickname == "Ming"


async def test_forget_leaves_no_trace(town: Town, storage: Storage) -> None:
    """After leaving, no table holds the Telegram id, and the name stands only where it is emptied with time."""
    await ming_renamed(town)
    await furnished(town)
    await town.ming.says("/mydata")
    await town.ming.says("/settings")
    await town.ming.presses("中文")
    await town.ming.says("/settings")
    await town.ming.presses("English")
    await town.passes(seconds=5)
    group = town.telegram_group("舞蹈团群", town.lan, town.ming)
    await town.ming.says("/help@county_bot", group)
    assert {"people.telegram_id", "inbox.payload", "outbox.chat_id", "files.content"} <= set(
        await traces(storage, str(town.ming.id))
    )
    await leaves(town)
    await town.passes(hours=2)
    assert await traces(storage, str(town.ming.id)) == {}
    assert set(await traces(storage, NICKNAME)) <= NAMES_MAY_STAND


async def test_names_are_gone_after_a_month(town: Town, storage: Storage) -> None:
    """What others wrote and were told is emptied by then, and the name stands nowhere any more."""
    await ming_renamed(town)
    await furnished(town)
    await leaves(town)
    town.clock.move(32 * 24 * 3600)
    await town.tick()
    assert await traces(storage, NICKNAME, str(town.ming.id)) == {}


async def test_forget_frees_places_and_keeps_books(town: Town) -> None:
    """Places go to those who wait, the county's invariants hold, the chain holds, and the row says who left by number."""
    await furnished(town)
    await leaves(town)
    shen = await town.person(town.shen)

    async def in_task(tx: Transaction) -> Any:
        return await tx.value(
            "SELECT p.state FROM participations p JOIN activities a ON a.id = p.activity_id "
            "WHERE p.person_id = :id AND a.title = '河边清洁'",
            id=shen.id,
        )

    assert await town.does(in_task) == "offered"
    assert await town.does(audit.first_break) is None
    newest = await town.does(lambda tx: newest_rows(tx, 3))
    assert ("person.forgotten", "person:1", "{}") in [(entry.deed, entry.subject, entry.details) for entry in newest]
    await town.shen.says("/audit")
    assert " · #1 left and was forgotten: #1\n" in town.shen.screen.text


async def test_farewell_arrives_and_nothing_after_it(town: Town) -> None:
    """The last word is the farewell; reminders and calls that were planned don't come any more."""
    await furnished(town)
    await leaves(town)
    assert "Done. You are forgotten here" in town.ming.screen.text
    assert town.ming.unanswered == []
    town.ming.forget()
    await town.days_pass(4)
    assert town.ming.heard == []


async def test_the_same_person_can_come_back_as_somebody_new(town: Town) -> None:
    """Start again: another number, and nothing of what was."""
    await furnished(town)
    await leaves(town)
    await town.ming.starts()
    await town.ming.presses("Yes, that is me")
    person = await town.person(town.ming)
    assert (person.id, person.role) == (6, Role.MEMBER)
    known = await town.does(lambda tx: privacy.known_of(tx, person))
    assert known["groups"]["memberships"] == []
    assert known["activities"]["sign-ups"] == []


async def test_an_old_button_forgets_nobody(town: Town) -> None:
    """A question older than ten minutes, or forged, is asked anew."""
    await town.ming.says("/forget")
    await town.passes(minutes=11)
    await town.ming.presses("Yes, forget me")
    assert "That question is too old. Nothing was changed." in town.ming.screen.text
    for data in ("privacy.forgotten", "privacy.forgotten:1", "privacy.forgotten:99999999999"):
        await town.ming.presses_data(data)
    assert (await town.person(town.ming)).nickname == "Ming"


async def test_two_taps_forget_once(town: Town) -> None:
    """The second tap finds a stranger, who is welcomed."""
    await town.ming.says("/forget")
    data = next(iter(_data_of(town, "Yes, forget me")))
    await town.ming.presses_data(data)
    await town.ming.presses_data(data)
    forgotten = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM people WHERE forgotten_at IS NOT NULL"))
    assert forgotten == 1


def _data_of(town: Town, label: str) -> list[str]:
    def all_buttons(message: Mapping[str, Any]) -> list[Any]:
        return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]

    messages = town.ming.chat.messages.values()
    return [b["callback_data"] for message in messages for b in all_buttons(message) if b["text"] == label]


async def test_the_only_admin_stays(town: Town) -> None:
    """Who alone is admin must first make another, and hears it before anything is asked: nothing is changed."""
    await town.dong.says("/forget")
    assert "You are the only admin; make somebody else admin first" in town.dong.screen.text
    await town.dong.presses_data(f"privacy.forgotten:{town.clock.instant}")
    assert (await town.person(town.dong)).is_admin


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_menu_of_an_admin_goes_with_him(town: Town, role: Role) -> None:
    """Whoever held a role has everybody's menu after leaving."""
    await town.dong.says(f"/grant {role} Ming")
    await town.dong.presses("Yes, do it")
    await town.passes(seconds=3)
    assert "audit" in town.ming.menu()
    await leaves(town)
    assert "audit" not in town.ming.menu()
