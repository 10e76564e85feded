"""Publishing, listing, changing and calling off tasks and events, by the form and by a message of lines."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from bot.domain import activities
from bot.domain.activities import Activity, Kind
from tests.founding import founded
from tests.publishing import DAY, fills_in, join, published
from tests.town import Town


async def last(town: Town) -> Activity:
    """The activity that was published last."""
    number = await town.does(lambda tx: tx.value("SELECT MAX(id) FROM activities"))
    return await town.does(lambda tx: activities.by_id(tx, number))


async def test_a_leader_publishes_a_task_by_the_form(town: Town) -> None:
    """The time is read as people write it, shown with its weekday, and counts once the summary is confirmed."""
    await founded(town, "Dance", leader=town.lan)
    await fills_in(
        town.lan, "/newtask", "Clean the river bank", "!Skip", "next Sat 3pm", "!2 hours", "West bridge", "20"
    )
    await town.lan.presses("10")
    assert "When: Sat 28 Nov, 15:00" in town.lan.screen.text
    assert "Until: Sat 28 Nov, 17:00" in town.lan.screen.text
    assert "Group: Dance" in town.lan.screen.text
    await town.lan.presses("Publish")
    assert town.lan.toasts[-1].text == "Published."
    activity = await last(town)
    assert (activity.title, activity.place, activity.places, activity.points) == (
        "Clean the river bank",
        "West bridge",
        20,
        10,
    )
    assert activity.ends_at - activity.starts_at == 7200


async def test_an_end_that_was_said_is_not_asked_for(town: Town) -> None:
    """«3pm to 5pm» has a length; an event may be without a limit of places."""
    await founded(town, "Dance", leader=town.lan)
    await fills_in(town.lan, "/newevent", "Film night", "Bring cushions", "tomorrow 19:30 to 21:00", "Library", "!Skip")
    assert "When: Sun 22 Nov, 19:30–21:00" in town.lan.screen.text
    await town.lan.presses("Publish")
    activity = await last(town)
    assert (activity.kind, activity.places, activity.points, activity.about) == (Kind.EVENT, None, 0, "Bring cushions")


async def test_going_back_to_another_time_forgets_the_length(town: Town) -> None:
    """A length that was given before does not count beside an end that was given after."""
    await founded(town, "Dance", leader=town.lan)
    await fills_in(town.lan, "/newevent", "Film night", "!Skip", "tomorrow 19:30", "!4 hours", "!‹ Back", "!‹ Back")
    await fills_in(town.lan, "tomorrow 18:00 to 19:00", "Library", "!Skip", "!Publish")
    activity = await last(town)
    assert activity.ends_at - activity.starts_at == 3600


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("yesterday 3pm", "That has passed already"),
        ("whenever", "I could not read that time"),
        ("next Sat", "At what time?"),
        ("30 February 15:00", "There is no such day or hour"),
        ("tomorrow 3:30", "That can mean two times"),
        ("tomorrow 9:00 to 9:01", "from 5 minutes to 14 days"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_with_an_example(town: Town, typed: str, why: str) -> None:
    """The question is asked again, and says what was wrong."""
    await founded(town, "Dance", leader=town.lan)
    await fills_in(town.lan, "/newevent", "Film night", "!Skip", typed)
    assert why in town.lan.screen.text
    assert "When?" in town.lan.screen.text


async def test_an_admin_chooses_any_group_or_the_whole_county(town: Town) -> None:
    """Groups in pages, and the county."""
    await founded(town, "Dance")
    await founded(town, "Chess")
    await town.dong.says("/newtask")
    assert town.dong.screen.labels[:3] == ["Chess", "Dance", "The whole county"]
    await town.dong.presses("The whole county")
    await fills_in(town.dong, "Trees", "!Skip", "明天上午9点到11点", "Park", "5", "!0", "!Publish")
    assert (await last(town)).group_id is None


async def test_members_publish_nothing(town: Town) -> None:
    """Neither by command nor by lines nor by a forged button; nor does another group's leader, or an admin's button."""
    group = await founded(town, "Dance", leader=town.lan)
    for typed in ("/newtask", "/newevent", "/publish\ntitle: x"):
        await town.ming.says(typed)
        assert "you lead no group" in town.ming.screen.text
    await town.ming.presses_data(f"activities.newfor:task:{group.id}")
    assert "you lead no group" in town.ming.screen.text
    await founded(town, "Chess", leader=town.hua)
    await town.hua.says("/newtask")
    await town.hua.presses_data(f"activities.newfor:task:{group.id}")
    assert "Only the leaders of Dance" in town.hua.toasts[-1].text
    await town.hua.presses_data("activities.newfor:task:0")
    assert "Only county admins can publish for the whole county" in town.hua.toasts[-1].text


LINES = """/publish
标题：清理河岸
时间：下周六下午3点
时长：2小时
地点：西桥
名额：20
积分：10
说明：手套现场发"""


async def test_one_message_of_lines_leads_to_the_same_summary(town: Town) -> None:
    """Chinese keys with full-width colons; nothing counts before the tap."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(LINES)
    assert "When: Sat 28 Nov, 15:00" in town.lan.screen.text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM activities")) == 0
    await town.lan.presses("Publish")
    activity = await last(town)
    assert (activity.title, activity.places, activity.points, activity.about) == ("清理河岸", 20, 10, "手套现场发")


async def test_the_steps_of_a_form_are_those_that_are_asked(town: Town) -> None:
    """The group of a leader of one group is no step; an end in the time takes a step and its answer away; one question has no number."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/newtask")
    assert town.lan.screen.text.startswith("New volunteer task · 1 of 7")
    await town.lan.says("Rehearsal")
    await town.lan.presses("Skip")
    assert "3 of 7" in town.lan.screen.text
    await town.lan.says("tomorrow 3pm to 5pm")
    assert "4 of 6" in town.lan.screen.text
    await fills_in(town.lan, "!‹ Back", "tomorrow 3pm", "!2 hours", "!‹ Back", "!‹ Back", "tomorrow 3pm to 5pm")
    await fills_in(town.lan, "Hall", "20", "!5")
    assert "Until: " not in town.lan.screen.text
    await town.lan.says("/topic")
    assert "\nA topic for the youth council\n" in town.lan.screen.text


ODD_LINES = [
    "标题：清河\n时间：明天下午3点到5点\n地点：西桥\n名额：五人\n积分：十分",
    "【标题】清河\n【时间】明天下午3点到5点\n【地点】西桥\n【名额】5人\n【积分】10",
    "标题：清河 时间：明天下午3点到5点 地点：西桥 名额：5 积分：10",
    "1、名称：清河\n🕒 时间：明天下午3点到5点\n📍集合地点：西桥\n人数：５\n\n积分 10",
    "Name: 清河\nTIME: tomorrow 3pm to 5pm\nWhere: 西桥\nplaces: 5 people\npoints: ten",
]


@pytest.mark.parametrize("lines", ODD_LINES)
async def test_lines_are_understood_as_posters_and_notes_have_them(town: Town, lines: str) -> None:
    """With brackets, bullets, emoji, other words for a key, numbers in words, and all on one line."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(f"/publish {lines}")
    await town.lan.presses("Publish")
    activity = await last(town)
    assert (activity.title, activity.place, activity.places, activity.points) == ("清河", "西桥", 5, 10)


async def test_an_explanation_goes_on_over_several_lines(town: Town) -> None:
    """Lines without a key of their own that follow it belong to it."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(
        "/publish\n标题：清河\n时间：明天15点到17点\n地点：西桥\n名额：5\n说明：带手套\n\n在桥头集合\n积分：3"
    )
    await town.lan.presses("Publish")
    activity = await last(town)
    assert (activity.about, activity.points) == ("带手套\n在桥头集合", 3)


async def test_english_lines_and_an_event_without_limit(town: Town) -> None:
    """The kind as the key of the title, places: no limit, an end in the time."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(
        "/publish\nEvent: Film night\nwhen: tomorrow 19:30 to 21:00\nplace: Library: hall 2\nplaces: no limit"
    )
    await town.lan.presses("Publish")
    activity = await last(town)
    assert (activity.kind, activity.places, activity.place) == (Kind.EVENT, None, "Library: hall 2")


WRONG_LINES = [
    ("title: A\nwhen: tomorrow 9:00\nplace: B\nplaces: 3", ["duration – This line is missing"]),
    (
        "title: A\nplace: B\nplaces: many\nduration: 1 h",
        ["when – This line is missing", "places: many – I need a whole number"],
    ),
    ("title: A\nwhen: gestern\nplace: B\nplaces: 3\nduration: 1 h", ["when: gestern – I could not read that time"]),
    (
        "title: A\ntitle: B\nwhen: tomorrow 9 am\nplace: B\nplaces: 3\nduration: 1 h",
        ["title: B – This key is there twice"],
    ),
    (
        "colour: red\nhello",
        [
            "colour: red – I don't know what this line is about",
            "hello – I don't know what this line is about",
            "title – This",
        ],
    ),
    (
        "title: A\nwhen: tomorrow 9:00 to 10:00\nduration: 1 h\nplace: B\nplaces: 3\npoints: 1001\ngroup: Chess",
        [
            "points: 1001 – I need a whole number from 0 to 1000",
            "duration – The time has an end already",
            "group – It can be: Dance",
        ],
    ),
    (
        "kind: party\ntitle: A\nwhen: tomorrow 9:00 to 10:00\nplace: B\nplaces: 3",
        ["kind: party – It can be: task, event"],
    ),
    (
        "kind: event\ntitle: A\nwhen: tomorrow 9:00 to 10:00\nplace: B\npoints: 5",
        ["points – Only tasks, duties and visits give points"],
    ),
    (
        "title: A\nwhen: tomorrow 9:00 to 10:00\nplace: B\nplaces: unlimited",
        ["places – It needs a number of places"],
    ),
    (
        f"title: {'x' * 61}\nwhen: tomorrow 9:00 to 10:00\nplace: B\nplaces: 3",
        ["That has 61 characters, 60 are possible"],
    ),
]


@pytest.mark.parametrize(("lines", "complaints"), WRONG_LINES)
async def test_every_wrong_line_is_named_with_what_is_allowed(town: Town, lines: str, complaints: list[str]) -> None:
    """All of them at once, and nothing is saved."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/publish\n" + lines)
    assert "Nothing was saved" in town.lan.screen.text
    for complaint in complaints:
        assert complaint in town.lan.screen.text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM forms")) == 0


async def test_publish_alone_shows_how(town: Town) -> None:
    """An example to copy."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/publish")
    assert "title: Clean the river bank" in town.lan.screen.text


async def test_lists_have_pages_and_find_words(town: Town) -> None:
    """Six a page, soonest first; a word is looked for in title, place and group."""
    for number in range(8):
        await published(town, None, starts_in=(8 - number) * DAY, title=f"Task {number}", place="Library 100%")
    await town.ming.says("/tasks")
    assert town.ming.screen.labels[:6] == [f"Task {number}" for number in range(7, 1, -1)]
    await town.ming.presses("Next ›")
    assert town.ming.screen.labels[:2] == ["Task 1", "Task 0"]
    await town.ming.says("/tasks task 3")
    assert "Task 3" in town.ming.screen.labels
    assert "Task 4" not in town.ming.screen.labels
    await town.ming.says("/tasks 100%")
    await town.ming.presses("Next ›")
    assert "Task 0" in town.ming.screen.labels
    await town.ming.says("/events")
    assert "Nothing is planned here just now." in town.ming.screen.text


async def test_whatever_was_typed_is_shown_as_it_was_typed(town: Town) -> None:
    """Markup and placeholders in a title are only letters."""
    activity = await published(town, None, title="<b>{title}&amp;", place="<i", about="%s </a>")
    await town.ming.says("/tasks")
    await town.ming.presses("<b>{title}&amp;")
    for text in ("<b>{title}&amp;", "<i", "%s </a>"):
        assert text in town.ming.screen.text
    assert f"Volunteer task {activity.id} · the whole county" in town.ming.screen.text


async def test_the_calendar_file_says_the_same_as_the_card(town: Town) -> None:
    """It parses back, with instants in UTC."""
    activity = await published(town, None, title="Ärger, Spaß; 河岸", about="Line 1\nLine 2")
    await town.ming.says("/tasks")
    await town.ming.presses("Ärger, Spaß; 河岸")
    await town.ming.presses("Calendar")
    assert town.ming.files[-1].name == f"task-{activity.id}.ics"
    event = Calendar.from_ical(town.ming.files[-1].content).walk("VEVENT")[0]
    assert str(event["summary"]) == "Ärger, Spaß; 河岸"
    assert str(event["location"]) == "West bridge"
    assert str(event["description"]) == "Line 1\nLine 2"
    assert event.decoded("dtstart") == datetime.fromtimestamp(activity.starts_at, UTC)
    assert event.decoded("dtend") == datetime.fromtimestamp(activity.ends_at, UTC)


async def test_the_share_screen_has_the_link_and_its_picture(town: Town) -> None:
    """A PNG to print, and the link as text."""
    activity = await published(town, None)
    await town.ming.says("/tasks")
    await town.ming.presses("River bank")
    await town.ming.presses("Share")
    assert town.ming.files[-1].content.startswith(b"\x89PNG")
    assert f"https://t.me/county_bot?start=activities_open-{activity.id}" in town.ming.files[-1].caption


LEADERS_BUTTONS = [
    "activities.change:{id}",
    "activities.edit:{id}:title",
    "activities.stop:{id}",
    "activities.stop.why:{id}",
    "activities.revive:{id}",
    "activities.roll:{id}",
    "activities.rest:{id}",
    "activities.settle:{id}",
    "activities.settled:{id}",
    "activities.mark:{signup}:0:came",
    "activities.correct:{signup}:came:0",
]


@pytest.mark.parametrize("data", LEADERS_BUTTONS)
async def test_nobody_but_its_leaders_and_admins_uses_the_leaders_buttons(town: Town, data: str) -> None:
    """Not a member, not another group's leader; the auditor looks but changes nothing."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60)
    await founded(town, "Chess", leader=town.hua)
    (view,) = await join(town, activity, town.ming)
    town.clock.move(3600)
    assert view.mine is not None
    forged = data.format(id=activity.id, signup=view.mine.id)
    before = await state(town)
    for persona in (town.ming, town.hua, town.shen):
        await persona.says("/me")
        await persona.presses_data(forged)
        if persona is town.shen and data.startswith("activities.roll"):
            assert "Ming" in town.shen.screen.text
        else:
            assert "Only the leaders of Dance and county admins" in persona.toasts[-1].text
    assert await state(town) == before


async def state(town: Town) -> list[dict[str, object]]:
    """All rows of the feature."""
    rows = [
        *await town.does(lambda tx: tx.all("SELECT * FROM activities ORDER BY id")),
        *await town.does(lambda tx: tx.all("SELECT * FROM participations ORDER BY id")),
    ]
    return [dict(row) for row in rows]


@pytest.mark.parametrize(
    "data",
    [
        "activities.open:0",
        "activities.open:99999999999999999999",
        "activities.open:x",
        "activities.open",
        "activities.list:dance",
        "activities.list",
        "activities.find:task:word:x",
        "activities.edit:{id}:made_by",
        "activities.mark:999:0:came",
        "activities.correct:999:came:0",
    ],
)
async def test_forged_data_is_answered_and_changes_nothing(town: Town, data: str) -> None:
    """Numbers that do not exist, words for numbers, fields that nobody may change."""
    activity = await published(town, None)
    before = await state(town)
    await town.dong.says("/me")
    await town.dong.presses_data(data.format(id=activity.id))
    assert town.dong.unanswered == []
    assert await state(town) == before
