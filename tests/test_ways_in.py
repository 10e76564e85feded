"""Ways in that must not lead in: each test tries to get what it may not have."""

import asyncio
import logging
from typing import Any

import pytest

from bot.cli import logs
from bot.domain import people
from bot.domain.people import Role
from bot.gateway import polling
from bot.refusal import Refused
from bot.storage import Storage
from tests.test_road import message
from tests.town import BOT_ID, TOKEN, Town, TownClock, built, settings

SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def founding(storage: Storage, clock: TownClock) -> Any:
    """A town in which nobody is admin yet."""
    async with built(storage, clock) as town:
        await town.does(lambda tx: tx.run("UPDATE people SET role = 'member'"))
        yield town


async def roles(town: Town) -> set[str]:
    rows = await town.does(lambda tx: tx.all("SELECT DISTINCT role FROM people"))
    return {row["role"] for row in rows}


async def code_of(town: Town) -> str:
    return await town.does(people.make_claim_code)


async def test_the_first_to_press_start_owns_nothing(founding: Town) -> None:
    """Coming first makes nobody admin."""
    newcomer = await founding.newcomer("Fei")
    await newcomer.says("/admin")
    assert await roles(founding) == {"member"}


async def test_the_code_makes_the_first_admin(founding: Town) -> None:
    """Whoever has read it from the machine is admin, and the audit log says so."""
    await founding.ming.says(f"/claim {await code_of(founding)}")
    assert (await founding.person(founding.ming)).role is Role.ADMIN
    noted = await founding.does(lambda tx: tx.value("SELECT COUNT(*) FROM audit WHERE deed = 'role.claimed'"))
    assert noted == 1


async def test_the_code_works_once(founding: Town) -> None:
    """Used, it is worth nothing to the next one, whatever the first is now."""
    code = await code_of(founding)
    await founding.ming.says(f"/claim {code}")
    await founding.does(lambda tx: tx.run("UPDATE people SET role = 'member'"))
    await founding.hua.says(f"/claim {code}")
    assert await roles(founding) == {"member"}
    assert "not valid" in founding.hua.screen.text


async def test_two_who_send_the_code_at_once(founding: Town) -> None:
    """One of them is admin."""
    code = await code_of(founding)
    settle, founding.people.settle = founding.people.settle, _nothing
    for person in (founding.ming, founding.hua, founding.lan):
        await person.says(f"/claim {code}")
    founding.people.settle = settle
    await founding.settle()
    admins = await founding.does(lambda tx: tx.value("SELECT COUNT(*) FROM people WHERE role = 'admin'"))
    assert admins == 1


async def _nothing() -> None:
    """Nobody is heard yet."""


async def test_the_code_lives_ten_minutes(founding: Town) -> None:
    """A minute before its end it works, at its end it does not."""
    code = await code_of(founding)
    await founding.passes(minutes=10)
    await founding.ming.says(f"/claim {code}")
    assert await roles(founding) == {"member"}
    code = await code_of(founding)
    await founding.passes(minutes=9)
    await founding.ming.says(f"/claim {code}")
    assert (await founding.person(founding.ming)).role is Role.ADMIN


async def test_the_code_works_in_private_only(founding: Town) -> None:
    """Sent into a group, where others read it, it does nothing."""
    code = await code_of(founding)
    group = founding.telegram_group("Dancers", founding.lan, founding.ming)
    await founding.ming.says(f"/claim@county_bot {code}", group)
    await founding.lan.says_as_group(f"/claim@county_bot {code}", group)
    assert await roles(founding) == {"member"}


@pytest.mark.parametrize("code", ["", "000000-000000", "%", "' OR 1=1 --", "x" * 3000])
async def test_a_wrong_code_is_refused(founding: Town, code: str) -> None:
    """Whatever is guessed."""
    await code_of(founding)
    await founding.ming.says(f"/claim {code}")
    assert await roles(founding) == {"member"}


async def test_no_code_is_made_where_there_is_an_admin(town: Town) -> None:
    """An old code is worth nothing either, once there is one."""
    with pytest.raises(Refused):
        await code_of(town)


async def test_only_the_hash_of_a_code_is_kept(founding: Town) -> None:
    """Whoever reads the database can't claim with it."""
    code = await code_of(founding)
    (row,) = await founding.does(lambda tx: tx.all("SELECT hash FROM claim_codes"))
    assert code not in row["hash"]


async def test_an_anonymous_admin_is_nobody(town: Town) -> None:
    """Even if somebody had registered, or been made admin, under the id that all anonymous admins share."""
    await town.does(lambda tx: people.register(tx, 1087968824, "Nobody", "en"))
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'admin' WHERE telegram_id = 1087968824"))
    group = town.telegram_group("Dancers", town.lan, town.ming)
    before = await town.does(lambda tx: tx.all("SELECT id, nickname, role FROM people ORDER BY id"))
    for words in ("/grant@county_bot Ming admin", "/admin@county_bot", "/me@county_bot", "/help@county_bot"):
        await town.lan.says_as_group(words, group)
    heard = town.lan.heard_in(group)
    assert ["我认不出你" in text for text in heard] == [True] * 4, heard
    after = await town.does(lambda tx: tx.all("SELECT id, nickname, role FROM people ORDER BY id"))
    assert [dict(row) for row in after] == [dict(row) for row in before]


async def test_a_channel_is_nobody(town: Town) -> None:
    """A post in a channel, or in a channel's name, does nothing and fails nowhere."""
    channel = town.people.group("News", town.dong, kind="channel")
    group = town.telegram_group("Dancers", town.lan, town.dong)
    await town.dong.posts("/admin@county_bot", channel)
    await town.dong.says_as_channel("/admin@county_bot", group, channel)
    broken = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE state <> 'done'"))
    assert broken == 0
    assert town.dong.heard == []


async def test_a_bot_is_nobody(town: Town) -> None:
    """Another bot's words are no deed of anybody."""
    content = {"message_id": 5, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "/start"}
    sender = {"id": 5, "is_bot": True, "first_name": "Robot"}
    await polling.keep(town.storage, [{"update_id": 5, "message": {**content, "from": sender}}])
    await town.settle()
    known = await town.does(lambda tx: people.by_telegram(tx, 5))
    assert known is None


async def test_a_button_of_somebody_else_acts_for_whoever_presses(town: Town) -> None:
    """Ming presses on Dong's message: his own role counts, and it is his own setting that changes."""
    await town.dong.says("/settings")
    message = town.dong.chat.messages[town.dong.screen.message_id]
    await town.ming.starts()
    await town.ming.presses_data("people.hush:60:120", message)
    assert (await town.person(town.dong)).quiet_from is None
    assert (await town.person(town.ming)).quiet_from == 60


async def test_a_username_is_nobody(town: Town) -> None:
    """Whoever takes the @name of an admin, or calls himself like him, is not the admin."""
    town.dong.user.username = ""
    thief = town.people.person("Dong2", username="dong", language_code="en")
    thief.user.first_name = "Dong"
    await thief.starts()
    await thief.presses("Yes, that is me")
    person = await town.person(thief)
    assert (person.nickname, person.role) == ("Dong", Role.MEMBER)


class Everything(logging.Handler):
    """Keeps every line as it would be written, whatever its level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written() -> Any:
    """All that the bot's own logging would write at DEBUG."""
    root, kept = logging.getLogger(), Everything()
    before = (root.level, root.handlers[:])
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    logs.set_up(settings())
    for own in root.handlers:
        for redaction in own.filters:
            kept.addFilter(redaction)
    root.handlers = [*before[1], kept]
    root.setLevel(logging.DEBUG)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield kept.lines
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    root.setLevel(before[0])
    root.handlers = before[1]
    logging.captureWarnings(False)


async def test_the_token_is_never_written(written: list[str], storage: Storage, clock: TownClock) -> None:
    """At DEBUG, with everything going wrong that can: neither a log line nor a row holds the token."""
    async with built(storage, clock) as town:
        for fault in (town.world.faults.refused, town.world.faults.gateway, town.world.faults.answer_lost):
            fault(times=2, fits=lambda method, params: method.lower() != "getupdates")
            await town.ming.says("/settings")
            await town.passes(seconds=30)
        town.world.faults.gateway(status=500, times=1)
        with pytest.raises(Exception) as caught:
            await town.parts.poller.poll()
        logging.getLogger("bot").error("it failed", exc_info=caught.value)
        logging.getLogger("bot").debug("%r with %s", town.parts.frame.bot, TOKEN)
        errors = await town.does(lambda tx: tx.all("SELECT error FROM outbox WHERE error IS NOT NULL"))
    assert len(written) > 10
    assert str(BOT_ID) in "".join(written) or "[hidden]" in "".join(written)
    assert not [line for line in written if SECRET in line]
    assert not [row for row in errors if SECRET in row["error"]]


async def test_an_exception_does_not_carry_the_token(town: Town) -> None:
    """What is raised to whoever calls holds no token in its words, nor in its causes."""
    town.world.faults.gateway(status=500, times=1)
    with pytest.raises(Exception) as caught:
        await town.parts.poller.poll()
    error: BaseException | None = caught.value
    while error:
        assert SECRET not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__


async def test_markup_in_a_name_is_only_a_name(town: Town) -> None:
    """A name that looks like markup, or turns the direction of writing, can't dress up as the bot's own words."""
    for name in ("<b>Admin</b>", '<a href="tg://user?id=1">x</a>', "\u202eDong", "&lt;b&gt;"):
        person = await town.newcomer(name)
        await person.says("/me")
        assert people.visible(name)[:32] in person.screen.text


async def test_fifty_taps_a_second_do_not_slow_others(town: Town) -> None:
    """One person's three hundred taps wait in his own line; somebody else is answered in the first round."""
    settle, town.people.settle = town.people.settle, _nothing
    await town.ming.says("/settings")
    for _ in range(60):
        await town.ming.says("/me")
    await town.hua.says("/me")
    for _ in range(240):
        await town.ming.says("/me")
    town.people.settle = settle
    running = asyncio.create_task(town.parts.worker.run())
    # Once it has handled something it is through with what was left behind, which it takes one by one.
    await polling.keep(town.storage, [message(town, 5, "/help")])
    async with asyncio.timeout(60):
        await _nothing_waits(town)
        for _ in range(4):
            await town.parts.poller.poll()
        await _nothing_waits(town)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await town.does(_told_before(town.hua.id)) < 30


async def _nothing_waits(town: Town) -> None:
    while await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE state = 'new'")):
        await asyncio.sleep(0.01)


def _told_before(chat_id: int) -> Any:
    """How much was said to others before the first word to this chat."""
    return lambda tx: tx.value(
        "SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND id < "
        "(SELECT MIN(id) FROM outbox WHERE chat_id = :id AND done_at IS NULL)",
        id=chat_id,
    )
