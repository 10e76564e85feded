"""/help for each role, and words said without a slash."""

import re
from functools import partial

import pytest

from bot.domain import people
from bot.handlers import everything
from bot.routing import roles_of
from tests.founding import founded
from tests.needing import open_need, posted
from tests.publishing import DAY, join, published
from tests.town import Town


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_help_is_short_and_leads_to_every_command_that_somebody_may_use(town: Town) -> None:
    """A first screen for a phone, then topics; each command stands in one of them, and none that is not for him."""
    await founded(town, "Dance", leader=town.lan)
    for persona in (town.wei, town.ming, town.lan, town.dong, town.shen):
        roles = roles_of(await town.does(partial(people.by_telegram, telegram_id=persona.id)))
        await persona.says("/help")
        first, listed = persona.screen, []
        assert len(first.text.split("\n")) <= 12 and len(first.rows) <= 8

        for label in first.labels[: first.labels.index("Ask for help")]:
            await persona.presses(label)
            listed += re.findall(r"^/(\w+) –", persona.screen.text, re.MULTILINE)
            await persona.presses("‹ Back")

        fitting = everything().commands_for(roles, private=True)
        assert sorted(listed) == sorted(route.name for route in fitting if route.name != "help")


EXPLAINED = [
    ("/help join", ["/join\nJoin a group", "我要加入", "For: members"]),
    ("/help /newtask", ["Publish a volunteer task", "For: leaders, county admins"]),
    ("帮助 积分", ["/points", "It works in groups, too."]),
    ("/help cancel", ["Cancel what I was asking you", "For: everybody"]),
    ("/help jion", ["There is no /jion. Did you mean /join?"]),
    ("/help <b>", ["There is no /<b>. /help lists all commands."]),
]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_help_explains_one_command(town: Town) -> None:
    """By its name or by what people call it: what it does, what else one can say, and whom it is for."""
    for words, answers in EXPLAINED:
        await town.ming.says(words)
        assert [answer for answer in answers if answer not in town.ming.screen.text] == []


SPOKEN = [
    ("points", "No points yet"),
    ("积分", "No points yet"),
    ("我的积分？", "No points yet"),
    ("/积分", "No points yet"),
    ("你好！", "what would you like to do"),
    ("Hello", "what would you like to do"),
    ("小组 danc", "Groups with “danc”"),
    ("报名 1", "You are signed up"),
    ("报名１", "You are signed up"),
    ("报名：1", "You are signed up"),
    ("加入 Dance", "You are a member of Dance"),
    ("signup 1", "You are signed up"),
    ("Sign up river bank", "You are signed up"),
    ("join Dance", "You are a member of Dance"),
    ("leave me alone", "no group called me alone"),
    ("免打扰", "In quiet hours"),
    ("余额怎么来的？", "Why this balance?"),
    ("我想报名1", "You are signed up"),
    ("取消报名1", "You are not signed up for “River bank”"),
    ("取消报名 River bank", "You are not signed up for “River bank”"),
    ("取消", "There is nothing to cancel"),
    ("/cancel", "There is nothing to cancel"),
    ("title: Trees\nwhen: next Sat 3pm", "you lead no group"),
    ("话题 The lamps are broken!", "The lamps are broken!"),
    ("管理", "Only county admins"),
    ("谢谢你！", "You are welcome"),
    ("Thanks", "You are welcome"),
    ("收到👌", "All right"),
    ("points are nice", "I did not understand that"),
    ("积分真好", "I did not understand that"),
    ("🙂", "I did not understand that"),
]


@pytest.mark.parametrize(("words", "answer"), SPOKEN)
async def test_a_command_is_understood_without_its_slash(town: Town, words: str, answer: str) -> None:
    """By the name people call it, alone or with its argument; a sentence that only begins with an English word is not."""
    await published(town, await founded(town, "Dance", leader=town.lan))

    await town.ming.says(words)

    assert answer in town.ming.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_takes_long_to_read_is_read_for_a_command_without_its_slash_too(town: Town) -> None:
    """By its name and by each word that people have for it."""
    for route in everything():
        if route.kind == "command" and route.read:
            for words in (f"/{route.name}", route.name, *route.also):
                town.dong.forget()
                await town.dong.says(words)
                assert town.dong.heard, words


RUN_ON = [
    ("加入舞蹈团", "You are a member of 舞蹈团"),
    ("我想加入舞蹈团！", "You are a member of 舞蹈团"),
    ("加入小组舞蹈团", "You are a member of 舞蹈团"),
    ("退出舞蹈团", "You are not in 舞蹈团"),
    ("报名River bank", "You are signed up"),
]


@pytest.mark.parametrize(("words", "answer"), RUN_ON)
async def test_chinese_needs_no_space_before_the_argument(town: Town, words: str, answer: str) -> None:
    """Nobody who writes Chinese puts one there."""
    await published(town, await founded(town, "舞蹈团", leader=town.lan))

    await town.ming.says(words)

    assert answer in town.ming.screen.text


@pytest.mark.parametrize("words", ["舞蹈团", "舞蹈", "舞", "River"])
async def test_whoever_types_a_name_is_offered_what_is_called_so(town: Town, words: str) -> None:
    """A group or an activity is one tap away from its name, or a part of it."""
    await published(town, await founded(town, "舞蹈团", leader=town.lan))

    await town.ming.says(words)
    assert "Did you mean one of these?" in town.ming.screen.text
    await town.ming.presses(town.ming.screen.labels[0])

    assert words in town.ming.screen.text


async def test_what_is_going_on_is_found_by_its_name(town: Town) -> None:
    """Whoever looks for it needs it now."""
    await published(town, await founded(town, "Dance", leader=town.lan), title="River", starts_in=3600)
    await town.passes(hours=1.5)
    await town.lan.says("River")
    await town.lan.presses("River")
    assert "It has begun." in town.lan.screen.text


async def test_activities_of_one_title_are_told_apart_by_their_moments(town: Town) -> None:
    """Also where a typed name finds them: dates of a series have one title."""
    group = await founded(town, "Dance", leader=town.lan)
    await published(town, group, title="River")
    await published(town, group, title="River", starts_in=9 * DAY)
    await town.ming.says("River")
    assert town.ming.screen.labels[:2] == ["Tue 24 Nov, 10:00 · River", "Mon 30 Nov, 10:00 · River"]


async def test_lines_of_an_activity_need_no_command(town: Town) -> None:
    """A leader pastes them as they are, and is shown them before they count."""
    await founded(town, "舞蹈团", leader=town.lan)

    await town.lan.says("标题：清理河岸\n小组：舞蹈团\n时间：下周六下午3点到5点\n地点：西桥\n名额：20")

    assert "please check" in town.lan.screen.text
    assert "Title: 清理河岸" in town.lan.screen.text


@pytest.mark.parametrize("words", ["取消", "算了", "Cancel", "/cancel"])
async def test_an_open_form_is_cancelled_by_a_word(town: Town, words: str) -> None:
    """As by its button: what is typed next is no answer any more."""
    await town.ming.says("/topic")

    await town.ming.says(words)
    assert "Cancelled. Nothing was saved." in town.ming.screen.text
    await town.ming.says("🙂")

    assert "I did not understand that" in town.ming.screen.text


async def test_back_and_skip_may_be_typed(town: Town) -> None:
    """Each label of a question is as good typed as pressed."""
    await founded(town, "舞蹈团", leader=town.lan)
    await town.lan.says("/newtask")
    await town.lan.says("清理河岸")

    await town.lan.says("返回")
    assert "1 of" in town.lan.screen.text
    await town.lan.says("清理河岸")
    await town.lan.says("跳过")

    assert "3 of" in town.lan.screen.text


async def test_words_without_a_slash_answer_an_open_form_first(town: Town) -> None:
    """Whoever is asked for a topic may well call it «积分»."""
    await town.ming.says("/topic")
    await town.ming.says("积分")
    assert "Topic: 积分" in town.ming.screen.text


async def test_whoever_greets_before_registering_is_welcomed(town: Town) -> None:
    """Nobody has to know of /start; and home says on the first day with what to begin."""
    await town.wei.says("hi")
    assert "Welcome to" in town.wei.screen.text
    await town.wei.presses("Yes, that is me")
    assert "what would you like to do" in town.wei.screen.text
    assert "New here? Pick a volunteer task" in town.wei.screen.text
    town.clock.move(DAY)
    await town.wei.says("hi")
    assert "New here?" not in town.wei.screen.text


@pytest.mark.parametrize("words", ["你好", "/start"])
async def test_whoever_says_something_first_still_lands_at_the_poster(town: Town, words: str) -> None:
    """The link that a stranger came by is not lost when he greets before he presses."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan))
    await town.wei.starts(f"activities_open-{activity.id}")

    await town.wei.says(words)
    assert "You came for River bank: the next tap leads there." in town.wei.screen.text
    await town.wei.presses("Yes, that is me")

    assert "River bank" in town.wei.screen.text
    assert "Sign up" in town.wei.screen.labels


async def test_whoever_typed_a_command_reads_what_became_of_it(town: Town) -> None:
    """What a press says in passing stands above the screen, for there was no press."""
    await published(town, await founded(town, "Dance", leader=town.lan))
    await town.ming.says("/signup 1")
    assert town.ming.screen.text.startswith("You are signed up: ")
    await town.ming.says("/withdraw 1")
    assert town.ming.screen.text.startswith("You have withdrawn")


async def test_what_is_said_twice_is_shown_once(town: Town) -> None:
    """A screen that holds the words already is left as it is."""
    await founded(town, "Dance", leader=town.lan)
    await town.ming.says("/join Dance")
    await town.ming.says("/leave Dance")
    assert town.ming.screen.text.count("You have left Dance.") == 1


def test_each_word_belongs_to_one_command() -> None:
    """And is no command's own name."""
    routes = [route for route in everything() if route.kind == "command"]
    words = [word for route in routes for word in route.also]
    assert len(words) == len(set(words))
    assert set(words).isdisjoint(route.name for route in routes)


def test_an_admins_commands_are_called_as_the_panel_calls_them() -> None:
    """Who reads a button's word there may say it."""
    said = {
        "授权": "grant",
        "收回角色": "revoke",
        "统计": "stats",
        "导出": "export",
        "操作记录": "audit",
        "召集与通知": "calls",
    }
    called = {word: everything().called(word) for word in (*said, "新建小组")}
    assert {word: route and route.name for word, route in called.items()} == said | {"新建小组": "newgroup"}


async def test_home_says_what_is_next_and_offers_leaders_their_work(town: Town) -> None:
    """The next activity of whoever signed up; leaders are one tap from publishing, confirming and recruiting."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan))
    await join(town, activity, town.ming)

    for persona in (town.ming, town.lan):
        await persona.starts()

    assert "⏰ Next for you: River bank\nTue 24 Nov, 10:00, West bridge" in town.ming.screen.text
    assert "What I lead" not in town.ming.screen.labels
    assert "Next for you" not in town.lan.screen.text
    assert {"What I lead", "New task", "Recruit"} <= set(town.lan.screen.labels)
    town.clock.move(3 * DAY)
    await town.ming.starts()
    assert "⏰ On just now: River bank\nTue 24 Nov, 10:00, West bridge" in town.ming.screen.text
    await town.ming.presses("⏰ River bank")
    assert "You are signed up" in town.ming.screen.text


async def test_a_link_that_leads_nowhere_says_so(town: Town) -> None:
    """An old poster is no silence: the home screen says that its link is dead."""
    await town.ming.starts("nonsense-9")
    assert town.ming.screen.text.startswith("This link leads nowhere any more.")
    await town.ming.starts()
    assert "leads nowhere" not in town.ming.screen.text


async def test_me_names_the_groups_that_somebody_leads(town: Town) -> None:
    """A leader is a member with groups of his own."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/me")
    assert "Leader of Dance" in town.lan.screen.text


@pytest.mark.parametrize(("typed", "end"), [("2", "17:00"), ("３", "18:00")])
async def test_a_number_alone_is_so_many_hours(town: Town, typed: str, end: str) -> None:
    """Whoever is asked how long something takes answers «2», and sees the end before it counts."""
    await founded(town, "舞蹈团", leader=town.lan)
    await town.lan.says("/newtask")
    for answer in ("清理河岸", "跳过", "下周六下午3点", typed, "西桥", "20", "10"):
        await town.lan.says(answer)
    assert f"{end}" in town.lan.screen.text
    assert "please check" in town.lan.screen.text


async def test_a_need_is_named_to_strangers_once_it_is_public(town: Town) -> None:
    """What the county has not published yet is not read off a forged link."""
    await posted(town, town.ming)
    await town.wei.starts("projects_open-1")
    assert "You came for" not in town.wei.screen.text
    await open_need(town, town.ming, "Paint a fence")
    await town.wei.starts("projects_open-2")
    assert "You came for Paint a fence" in town.wei.screen.text


@pytest.mark.parametrize("payload", ["activities_open-99", "groups_open-1-2", "projects_open-0", "home"])
async def test_a_link_to_nothing_with_a_name_is_welcomed_all_the_same(town: Town, payload: str) -> None:
    """Forged, old or without a name: the welcome says nothing of it, and what is kept stands there in full."""
    await town.wei.starts(payload)
    assert "You came for" not in town.wei.screen.text
    assert "your Telegram ID" in town.wei.screen.text
    assert "what you write to me for 30 days" in town.wei.screen.text
