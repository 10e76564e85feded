"""Whatever comes in: broken updates, forged data, long texts, files. All is answered, nothing is lost, nobody waits."""

from typing import Any

import pytest

from bot.cards import TEXT_UNITS_MAX, units
from bot.domain import groups
from bot.gateway import polling
from tests.founding import founded
from tests.probe import noted, probed
from tests.publishing import fills_in
from tests.test_road import message
from tests.town import Town

Json = dict[str, Any]


def deep(levels: int) -> Any:
    """Lists in lists."""
    nested: Any = []
    for _ in range(levels):
        nested = [nested]
    return nested


GARBAGE: list[Any] = [
    {},
    {"update_id": "seven"},
    {"update_id": None},
    {"update_id": True},
    {"update_id": -5},
    {"update_id": 2**70},
    {"message": {"text": "no number"}},
    [],
    "an update",
    17,
    None,
    deep(900),
]
NUMBERED: list[Any] = [
    {"message": []},
    {"message": "text"},
    {"message": {"message_id": 1}},
    {"message": {"message_id": 1, "date": 1, "chat": None, "text": "/me"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": "abc", "type": "private"}, "text": "/me"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 2**70, "type": "private"}, "text": "/me"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": 7}, "text": {"a": 1}}},
    {
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": "x", "is_bot": False, "first_name": []},
            "text": "/me",
        }
    },
    {"message": {"message_id": 1, "date": "today", "chat": {"id": 5, "type": "private"}, "text": "/me"}},
    {"callback_query": {"id": 5, "data": 7}},
    {"callback_query": 5},
    {"chat_member": {"chat": 1}},
    {"message": deep(900)},
]


async def set_aside(town: Town) -> int:
    number = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE state = 'broken'"))
    return int(number)


async def test_what_is_no_update_is_set_aside(town: Town) -> None:
    """It is kept as broken, once, the admins hear of it, and what came with it is handled."""
    await probed(town)
    for number, garbage in enumerate(GARBAGE, 1):
        for _ in range(2):
            await polling.keep(town.storage, [garbage, message(town, number, "good"), garbage])
        await town.settle()
        assert await noted(town) == ["good"] * number
        assert await set_aside(town) == number
        assert len(town.dong.heard) == number
        assert "was set aside" in town.dong.heard[-1]


async def test_an_update_that_makes_no_sense_is_set_aside_at_once(town: Town) -> None:
    """No second attempt, for it would fail the same way; the admins hear of it, and those behind it are handled."""
    await probed(town)
    for number, content in enumerate(NUMBERED, 1):
        raws = [{"update_id": 2 * number, **content}, message(town, 2 * number + 1, "good")]
        await polling.keep(town.storage, raws)
        await town.settle()
        assert await noted(town) == ["good"] * number
        assert await set_aside(town) == number
        assert len(town.dong.heard) == number


async def test_garbage_from_telegram_does_not_stop_the_polling(town: Town) -> None:
    """The offset moves past it, and what is said later is heard."""
    await town.ming.says("/me")
    town.bot.updates.inject({"message": {"text": "no number"}})
    await town.settle()
    town.bot.updates.inject({"update_id": town.bot.updates.next_id, "message": 5})
    town.bot.updates.inject({"message": {"text": "no number either"}})
    await town.settle()
    await town.ming.says("/me")
    assert "Ming" in town.ming.screen.text
    assert town.bot.updates.waiting == {}


async def test_a_huge_update_is_handled(town: Town) -> None:
    """A megabyte of fields that nobody knows harms nothing."""
    await probed(town)
    raw = message(town, 5, "good")
    raw["message"]["unknown"] = {str(n): "x" * 100 for n in range(10_000)}
    await polling.keep(town.storage, [raw])
    await town.settle()
    assert await noted(town) == ["good"]


@pytest.mark.parametrize("words", ["\\u0000", "\\\\u0000", "C:\\users", '"}', "\\", "%s {name}", "\u202e"])
async def test_typed_letters_are_kept_as_they_are(town: Town, words: str) -> None:
    """Backslashes, quotes and placeholders are only letters."""
    await probed(town)
    await town.ming.says(f"/note {words}")
    assert await noted(town) == [words]


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a\x00b\udfff"])
async def test_letters_that_no_database_holds_are_left_out(town: Town, odd: str) -> None:
    """A zero byte or half a surrogate pair, which no client of Telegram sends, does not hurt the rest of the text."""
    await probed(town)
    await polling.keep(town.storage, [message(town, 5, f"before{odd}after")])
    await town.settle()
    (words,) = await noted(town)
    assert words.startswith("before")
    assert words.endswith("after")


async def test_a_text_of_ten_thousand_characters_is_answered(town: Town) -> None:
    """Telegram cuts it into three messages, and each gets a clear answer that fits into one."""
    town.ming.forget()
    await town.ming.says("长" * 10_000)
    assert len(town.ming.heard) == 3
    assert all("nothing was saved" in text for text in town.ming.heard)


@pytest.mark.parametrize(
    "words", ["长" * 10_000, "/" + "x" * 10_000, "/start " + "x" * 10_000, "/claim " + "<" * 10_000]
)
async def test_a_long_text_in_one_piece_is_answered(town: Town, words: str) -> None:
    """Longer than Telegram allows, as another server might pass it on: an answer that fits into a message."""
    raw = message(town, 5, "")
    raw["message"]["text"] = words
    await polling.keep(town.storage, [raw])
    await town.settle()
    assert len(town.ming.heard) == 1
    assert units(town.ming.heard[0]) <= TEXT_UNITS_MAX


async def test_a_long_answer_to_a_form_is_refused_with_its_length(town: Town) -> None:
    """The form stays open and says how long the text is and how long it may be: by that question, or as all text is."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says("x" * 3000)
    assert "3000 characters, 32 are possible" in town.ming.screen.text
    await town.dong.presses_data("council.add.ask")
    await town.dong.says("x" * 3000)
    assert "3000 characters, 1000 are possible" in town.dong.screen.text


async def test_files_in_place_of_text_are_refused(town: Town) -> None:
    """A file, a photo, a sticker or a contact: each is told that only text can be read; a location, when one is needed."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    town.ming.forget()
    await town.ming.sends_document("name.txt", b"Ming", "my name")
    await town.ming.sends_photo(b"jpeg")
    await town.ming.sends_sticker()
    await town.ming.sends_contact("+8613800000000")
    assert ["I can only read text here" in text for text in town.ming.heard] == [True] * 4
    assert "What shall I call you?" in town.ming.heard[1], "a picture is answered with what was asked"
    assert town.ming.screen.labels == ["What I can do", "⌂ Home"]
    await town.ming.sends_location(30.0, 120.0)
    assert "I need a location only while you are checked in to something. Nothing was kept." in town.ming.heard[-1]


FORGED = [
    "",
    ":",
    "::::",
    "home:1:2:3",
    "nonsense",
    "people.hush",
    "people.hush:-1:5",
    "people.hush:5000:5000",
    "people.hush:１:２",
    "people.hush:1:2:3",
    "people.hush:" + "9" * 400,
    "people.hush:0x10:1e3",
    "people.lead:7",
    "people.language:xx",
    "people.language",
    "people.welcome:xx",
    "people.register:",
    "form.done",
    "form.done:-1",
    "form.done:99999999999999999999",
    "form.choose:1",
    "form.choose:1:0:99",
    "people.name:" + "a" * 60,
    "people.register:en:" + "b" * 200,
    "people.rename:en:" + "c" * 60,
    "people.welcome:en:" + "d" * 60,
    "家:１",
    "\x00",
    "a" * 5000,
    "'; DROP TABLE people; --",
    "<b>:{0}:%s",
]


async def test_forged_presses_are_answered_and_change_nothing(town: Town) -> None:
    """Whatever a forged client sends as a button's data, member or stranger: an answer, and no failure."""
    for data in FORGED:
        for person in (town.ming, town.wei):
            await person.starts()
            press = await person.presses_data(data)
            assert press.answer is not None, data
    failed = await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE state <> 'done'"))
    assert failed == 0
    assert town.dong.heard == []


async def test_a_forged_press_in_a_group_by_a_stranger_is_answered(town: Town) -> None:
    """It leads to the private chat, and to the home screen where its data fits no link."""
    group = town.telegram_group("Dancers", town.lan, town.wei)
    await town.lan.says("/help@county_bot", group)
    message_by_bot = town.world.post(group, {"text": "card"}, by=town.bot.brief)
    for data in ("home", "home:家", "home:" + "1" * 200):
        press = await town.wei.presses_data(data, message_by_bot)
        assert press.answer is not None
        assert press.answer["url"].startswith("https://t.me/county_bot?start=home")


async def test_any_deep_link_is_answered(town: Town) -> None:
    """A link that leads nowhere, or is as long as a link may be, brings strangers and members to a screen."""
    for payload in ("home-" + "1" * 59, "x" * 64, "people_register-en", "_", "-", "home-1-2-3"):
        for person in (town.ming, town.wei):
            person.forget()
            await person.starts(payload)
            assert len(person.heard) == 1
    assert town.dong.heard == []


async def test_a_form_of_somebody_else_can_not_be_finished(town: Town) -> None:
    """A button that carries the number of another's form is refused, and that form stays open."""
    await town.hua.says("/me")
    await town.hua.presses("Change my name")
    await town.hua.says("Flower")
    number = await town.does(lambda tx: tx.value("SELECT id FROM forms"))
    await town.ming.starts()
    await town.ming.presses_data(f"form.done:{number}")
    assert "This form is closed" in town.ming.toasts[-1].text
    await town.hua.presses("Save")
    assert "Hello Flower" in town.hua.screen.text


async def test_a_button_of_an_old_form_does_not_answer_a_new_one(town: Town) -> None:
    """After a second form was begun, the first one's buttons are stale."""
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says("First")
    first = town.ming.chat.messages[town.ming.screen.message_id]
    await town.ming.says("/me")
    await town.ming.presses("Change my name")
    await town.ming.says("Second")
    data = first["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await town.ming.presses_data(data, first)
    assert "This form is closed" in town.ming.toasts[-1].text
    assert (await town.person(town.ming)).nickname == "Ming"


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("label", ["Skip", "Lottery"])
async def test_a_second_tap_answers_no_other_question(town: Town, label: str) -> None:
    """It was meant for the question that the button stood under: the next one, though optional, too, is asked."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/newtask")
    await fills_in(town.lan, "Fair", "!Skip", "next Sat 3pm", "!2 hours", "Square", "20", "!5", "!More …")
    choices = town.lan.chat.messages[town.lan.screen.message_id]["reply_markup"]["inline_keyboard"]
    data = next(button["callback_data"] for row in choices for button in row if button["text"] == label)
    await town.lan.presses_data(data)
    await town.lan.presses_data(data)
    assert "out of date" in town.lan.toasts[-1].text
    assert "Is it for some people only?" in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whoever_begins_something_else_is_told_what_becomes_of_his_answers(town: Town) -> None:
    """A search puts a form away in which something was answered, and says so; the same one begun anew does not."""
    await town.ming.says("/topic")
    await town.ming.says("Lamps")
    await town.ming.presses_data("groups.search")
    assert "closed, and nothing of it was saved" in town.ming.screen.text
    await town.ming.presses_data("groups.search")
    assert "nothing of it was saved" not in town.ming.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_forged_way_on_to_what_is_read_before_leads_home(town: Town) -> None:
    """What takes long to read was not read for it: whoever makes such a button up is shown home, and no admin is troubled."""
    await town.ming.presses_data("people.name:privacy.data")
    await fills_in(town.ming, "Mingming", "!Save")
    await town.wei.starts()
    await town.wei.presses_data("people.register:en:points.papers.of:1:year")
    for persona in (town.ming, town.wei):
        assert "what would you like to do" in persona.screen.text
    assert await set_aside(town) == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whoever_loses_his_role_finishes_no_form_of_it(town: Town) -> None:
    """Who may is asked when it is confirmed, not only when it was begun."""
    group = await founded(town, "Dance", leader=town.lan)
    await fills_in(town.lan, "/recruit", "Come", "!Skip")
    dong, lan = await town.person(town.dong), await town.person(town.lan)
    await town.does(lambda tx: groups.dismiss(tx, group, lan, by=dong))
    await town.lan.presses("Choose who gets it")
    assert [words for words in town.lan.heard if "This is for leaders, and you lead no group" in words]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_no_at_the_end_of_a_form_leaves_it_open(town: Town) -> None:
    """Its way out stands beside those of the form: back to the answer that was wrong, or away."""
    await town.dong.presses_data("council.add.ask")
    await fills_in(town.dong, "Nobody", "!Add")
    assert town.dong.screen.labels == ["Council members", "‹ Back", "Cancel", "⌂ Home"]
    await fills_in(town.dong, "!‹ Back", "Ming", "!Add")
    assert "• Ming #1" in town.dong.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_question_that_came_with_an_update_is_asked_before_the_form_counts(town: Town) -> None:
    """Whoever stood at the summary when the bot was updated answers what it asks by now."""
    await town.hua.says("/me")
    await town.hua.presses("Change my name")
    await town.hua.says("Flower")
    await town.does(lambda tx: tx.run("UPDATE forms SET answers = '{}'"))
    await town.hua.presses("Save")
    assert "What shall I call you?" in town.hua.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_form_of_another_version_bars_nobody(town: Town) -> None:
    """What was asked before an update that no longer asks it is closed: words and buttons are answered as without it."""
    await town.ming.says("/topic")
    cancel = "form.cancel:" + str(await town.does(lambda tx: tx.value("SELECT id FROM forms")))
    await town.does(lambda tx: tx.run("UPDATE forms SET form = 'topic.of.old'"))
    await town.ming.says("points")
    assert "No points yet" in town.ming.screen.text
    await town.ming.presses_data(cancel)
    assert "This form is closed" in town.ming.toasts[-1].text


@pytest.mark.parametrize(
    "command", ["/nonsense", "/", "/ me", "/me@other_bot_entirely", "/start@county_bot", "/ME", "//"]
)
async def test_odd_commands_never_fail(town: Town, command: str) -> None:
    """Each is answered, or belongs to another bot."""
    await town.ming.says(command)
    assert await set_aside(town) == 0
    assert len(town.ming.heard) == (0 if "other_bot" in command else 1)
