"""Interest groups as everybody uses them: finding, joining, waiting, leaving."""

import asyncio

import pytest

from bot.domain import groups
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import all_at_once, crowd, founded, insiders, is_exact, now, queue
from tests.publishing import published
from tests.scanning import scanned
from tests.town import Town


async def test_no_groups_yet_says_what_to_do(town: Town) -> None:
    """An empty list tells a member who makes groups, and gives an admin the button that makes one."""
    await town.ming.says("/groups")
    await town.dong.says("/groups")
    assert "no interest groups yet" in town.ming.screen.text
    assert "＋ New group" in town.dong.screen.labels
    assert "＋ New group" not in town.ming.screen.labels


async def test_any_of_45_groups_is_joined_in_three_taps(town: Town) -> None:
    """From the list: the page, the group, Join; each screen has at most eight rows."""
    for number in range(45):
        await founded(town, f"Group {number:02}", capacity=30)
    await town.ming.says("/groups")
    assert len(town.ming.screen.rows) <= 8
    await town.ming.presses("8")
    assert "·8·" in town.ming.screen.labels
    await town.ming.presses("Group 44 · 0/30")
    await town.ming.presses("Join")
    assert "Welcome! You are a member of Group 44 now." in town.ming.screen.text


async def test_a_search_finds_names_and_descriptions(town: Town) -> None:
    """/groups WORD lists what has the word in its name or description, in any case, and nothing else."""
    await founded(town, "舞蹈团")
    await founded(town, "Evening walkers", about="广场舞 on Fridays")
    await founded(town, "Calligraphy")
    await town.ming.says("/groups 舞")
    assert town.ming.screen.labels[:2] == ["Evening walkers · 0", "舞蹈团 · 0"]
    await town.ming.says("/groups CALLI")
    assert town.ming.screen.labels[0] == "Calligraphy · 0"


@pytest.mark.parametrize("word", ["%", "_", "\\", "a:b", "'; --"])
async def test_a_search_takes_every_character_as_it_is(town: Town, word: str) -> None:
    """Signs that mean something to a database are only letters here."""
    await founded(town, "Dance")
    await town.ming.says(f"/groups {word}")
    assert "Nothing has" in town.ming.screen.text
    await founded(town, f"My {word} club")
    await town.ming.says(f"/groups {word}")
    assert town.ming.screen.labels[0] == f"My {word} club · 0"


async def test_the_search_button_asks_for_a_word(town: Town) -> None:
    """Those who tap are asked what to look for."""
    await founded(town, "Dance")
    await town.ming.says("/groups")
    await town.ming.presses("🔍 Search")
    await town.ming.says("danc")
    assert "Dance · 0" in town.ming.screen.labels


async def test_pages_of_a_search_keep_its_words(town: Town) -> None:
    """Next on a long result goes on with the same search."""
    for number in range(8):
        await founded(town, f"Yoga {number}")
    await founded(town, "Chess")
    await town.ming.says("/groups yoga")
    await town.ming.presses("Next ›")
    assert [label for label in town.ming.screen.labels if "·" in label] == ["Yoga 6 · 0", "Yoga 7 · 0"]


async def test_the_card_shows_who_and_how_many(town: Town) -> None:
    """About, members and capacity, leaders, and that nothing is planned."""
    group = await founded(town, "Dance", about="Fridays at the square", capacity=5, leader=town.lan)
    await town.ming.says(f"/join {group.id}")
    text = town.ming.screen.text
    assert "Fridays at the square" in text
    assert "Members: 1/5, 4 places free" in text
    assert "Leaders: Lan" in text
    assert "Next: nothing planned yet" in text


async def test_the_card_leads_to_the_next_activity(town: Town) -> None:
    """What the group does next stands on its card, with a button that opens it."""
    group = await founded(town, "Dance", leader=town.lan)
    await published(town, group, title="River bank")
    await town.ming.says("/groups")
    await town.ming.presses("Dance · 0")
    assert "Next: River bank, Tue 24 Nov" in town.ming.screen.text
    await town.ming.presses("Next activity")
    assert "River bank" in town.ming.screen.text


@pytest.mark.parametrize("words", ["Dance", "dance", "  DANCE ", "#{id}", "{id}"])
async def test_a_group_is_joined_by_name_or_number(town: Town, words: str) -> None:
    """/join takes the name in any case, and the number with or without #."""
    group = await founded(town, "Dance")
    await town.ming.says("/join " + words.format(id=group.id))
    assert await insiders(town, group) == ["Ming"]


async def test_a_name_is_one_group_in_large_and_small_letters_of_any_script(town: Town) -> None:
    """École is joined as école, and there is no second ÉCOLE, nor the closed one back beside it, on both databases."""
    group = await founded(town, "École Жар")
    await town.ming.says("/join éCOLE жАР")
    assert await insiders(town, group) == ["Ming"]
    with pytest.raises(Refused, match="already"):
        await founded(town, "ÉCOLE жар")
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.close(tx, group.id, concerned=1, by=dong))
    await founded(town, "école жар")
    with pytest.raises(Refused, match="already, so this one stays closed"):
        await town.does(lambda tx: groups.reopen(tx, group.id, by=dong))


async def test_an_inexact_name_offers_the_nearest(town: Town) -> None:
    """A slip in the name changes nothing; the nearest groups are buttons that join."""
    group = await founded(town, "青年舞蹈团")
    await founded(town, "Chess")
    await town.ming.says("/join 舞蹈团")
    assert "Did you mean one of these?" in town.ming.screen.text
    assert await insiders(town, group) == []
    await town.ming.presses("青年舞蹈团")
    assert await insiders(town, group) == ["Ming"]


async def test_a_name_like_nothing_leads_to_the_list(town: Town) -> None:
    """Where nothing is near, the refusal says so and offers all groups."""
    await founded(town, "Dance")
    await town.ming.says("/join 书法")
    assert "There is no group called 书法" in town.ming.screen.text
    await town.ming.presses("All groups")
    assert "Dance · 0" in town.ming.screen.labels


async def test_a_stranger_joins_from_a_poster_in_three_taps(town: Town) -> None:
    """The link of the QR code: Start, “Yes, that is me”, Join; nothing typed."""
    group = await founded(town, "Dance")
    await town.wei.starts(f"groups_open-{group.id}")
    await town.wei.presses("Yes, that is me")
    await town.wei.presses("Join")
    assert await insiders(town, group) == ["Wei"]


async def test_the_link_comes_as_a_picture_and_as_text(town: Town) -> None:
    """Share sends a QR code that holds exactly the link below it, and Back works from the picture."""
    group = await founded(town, "Dance")
    await town.ming.presses_data(f"groups.open:{group.id}")
    await town.ming.presses("Share")
    picture = town.ming.files[-1]
    link = f"https://t.me/county_bot?start=groups_open-{group.id}"
    assert link in picture.caption
    assert scanned(picture.content) == [link]
    await town.ming.presses("‹ Back")
    assert "Dance" in town.ming.screen.text
    assert "Join" in town.ming.screen.labels


async def test_joining_twice_is_joining_once(town: Town) -> None:
    """A second tap says that it is so already."""
    group = await founded(town, "Dance")
    await town.ming.says("/join Dance")
    await town.ming.says("/join Dance")
    assert "You are a member of Dance already." in town.ming.screen.text
    assert await insiders(town, group) == ["Ming"]
    assert await is_exact(town, group)


async def test_a_full_group_has_a_queue_that_moves_by_itself(town: Town) -> None:
    """Who comes late waits; when somebody leaves, the first in the queue gets in and is told, the others move up."""
    group = await founded(town, "Dance", capacity=1)
    for persona in (town.ming, town.hua, town.lan):
        await persona.says("/join Dance")
    assert "you are number 2 in the queue" in town.lan.screen.text
    town.hua.forget()
    town.lan.forget()
    await town.ming.says("/leave Dance")
    assert "you are a member of Dance now" in town.hua.screen.text
    assert town.lan.heard == []
    assert await insiders(town, group) == ["Hua"]
    assert await queue(town, group) == ["Lan"]


async def test_leaving_without_a_name_lists_ones_groups(town: Town) -> None:
    """A tap on one of them leaves it, and can be taken back; joining without a name lists all; no group at all says so."""
    await founded(town, "Dance")
    await founded(town, "Chess", capacity=1)
    await town.hua.says("/join Chess")
    await town.ming.says("/leave")
    assert "You are in no group yet." in town.ming.screen.text
    await town.ming.says("/join")
    assert town.ming.screen.labels[:2] == ["Chess · 1/1", "Dance · 0"]
    for name in ("Dance", "Chess"):
        await town.ming.says(f"/join {name}")
    await town.ming.says("/leave")
    assert town.ming.screen.labels[:2] == ["… Chess · 1/1", "✓ Dance · 1"]
    await town.ming.presses("✓ Dance · 1")
    assert "You have left Dance." in town.ming.screen.text
    await town.ming.presses("Undo")
    assert "You are back in Dance" in town.ming.screen.text


async def test_fifty_taps_at_once_never_oversell(town: Town) -> None:
    """Fifty people tap in the same moment for 20 places: exactly 20 are in, 30 wait, and the numbers agree."""
    group = await founded(town, "Dance", capacity=20)
    await all_at_once(town, group, await crowd(town, 50))
    assert (await now(town, group)).members == 20
    assert await town.does(lambda tx: groups.waiting(tx, group.id)) == 30
    assert await is_exact(town, group)


async def test_coming_and_going_at_once_keeps_the_count(town: Town) -> None:
    """While 20 leave, 20 others join, all at once: each freed place is taken once."""
    group = await founded(town, "Dance", capacity=20)
    persons = await crowd(town, 50)
    await all_at_once(town, group, persons[:30])
    await asyncio.gather(
        *(town.does(lambda tx, p=p: groups.leave(tx, group.id, by=p)) for p in persons[:20]),  # type: ignore[misc]
        all_at_once(town, group, persons[30:]),
    )
    assert (await now(town, group)).members == 20
    assert await is_exact(town, group)


async def test_leaving_is_undone_within_a_minute(town: Town) -> None:
    """One tap on Undo and everything is as before."""
    group = await founded(town, "Dance", capacity=2)
    await town.ming.says("/join Dance")
    await town.ming.presses("Leave")
    assert await insiders(town, group) == []
    await town.passes(seconds=59)
    await town.ming.presses("Undo")
    assert "You are back in Dance" in town.ming.screen.text
    assert await insiders(town, group) == ["Ming"]
    assert await is_exact(town, group)


async def test_undo_is_over_after_a_minute(town: Town) -> None:
    """Later than 60 seconds the button says so and changes nothing."""
    group = await founded(town, "Dance")
    await town.ming.says("/join Dance")
    await town.ming.says("/leave Dance")
    await town.passes(seconds=61)
    await town.ming.presses("Undo")
    assert "undone for 60 seconds only" in town.ming.screen.text
    assert await insiders(town, group) == []


async def test_undo_says_when_the_place_is_gone(town: Town) -> None:
    """The next in the queue has the place: the undo is refused and leads to the group, where one can queue."""
    group = await founded(town, "Dance", capacity=1)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    await town.ming.says("/leave Dance")
    await town.ming.presses("Undo")
    assert "The place has gone to the next in the queue" in town.ming.screen.text
    await town.ming.presses("Open the group")
    await town.ming.presses("Join the waiting list")
    assert await insiders(town, group) == ["Hua"]
    assert await queue(town, group) == ["Ming"]


async def test_undoing_keeps_the_rank_in_the_queue(town: Town) -> None:
    """Who left the queue by mistake stands where he stood."""
    group = await founded(town, "Dance", capacity=1)
    for persona in (town.lan, town.ming, town.hua):
        await persona.says("/join Dance")
    await town.ming.says("/leave Dance")
    assert await queue(town, group) == ["Hua"]
    await town.ming.presses("Undo")
    assert "number 1" in town.ming.screen.text
    assert await queue(town, group) == ["Ming", "Hua"]


async def test_an_undo_after_joining_again_changes_nothing(town: Town) -> None:
    """Left, joined again, and then the old Undo: one membership, as it should be."""
    group = await founded(town, "Dance")
    await town.ming.says("/join Dance")
    await town.ming.says("/leave Dance")
    undo = town.world.private_chats[town.bot.id, town.ming.id].messages[town.ming.screen.message_id]
    await town.ming.says("/join Dance")
    data = undo["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await town.ming.presses_data(data)
    assert await insiders(town, group) == ["Ming"]
    assert await is_exact(town, group)


async def test_my_groups_are_marked(town: Town) -> None:
    """The list shows where I am and where I wait; my groups are a list of their own."""
    await founded(town, "Chess", capacity=1)
    await founded(town, "Dance")
    await town.hua.says("/join Chess")
    await town.ming.says("/join Chess")
    await town.ming.says("/join Dance")
    await town.ming.says("/groups")
    assert town.ming.screen.labels[:2] == ["… Chess · 1/1", "✓ Dance · 1"]
    await town.ming.presses("My groups")
    assert town.ming.screen.labels[:2] == ["… Chess · 1/1", "✓ Dance · 1"]


async def test_leaving_what_one_is_not_in_is_refused(town: Town) -> None:
    """The refusal names the group and leads there."""
    await founded(town, "Dance")
    await town.ming.says("/leave Dance")
    assert "You are not in Dance. Nothing was changed." in town.ming.screen.text
    assert "Open the group" in town.ming.screen.labels


ODD_NAMES = ["<b>", "<b", "&amp;", "{group}", "%s", "a\u202eb", "\u200f\u0639", "\U0001f468\u200d\U0001f469", "x" * 40]


@pytest.mark.parametrize("name", ODD_NAMES)
async def test_any_name_of_a_group_is_shown_on_every_screen(town: Town, name: str) -> None:
    """Markup is only letters, direction marks are taken away, and no screen breaks."""
    group = await founded(town, name, leader=town.lan)
    await town.ming.says("/groups")
    await town.ming.presses_data(f"groups.open:{group.id}:0")
    assert f"{group.name} · number" in town.ming.screen.text
    assert "\u202e" not in town.ming.screen.text
    await town.lan.presses_data(f"groups.lead:{group.id}")
    assert group.name in town.lan.screen.text
    await town.ming.presses_data(f"groups.join:{group.id}")
    assert "Welcome!" in town.ming.screen.text


@pytest.mark.parametrize("data", ["groups.open:999", "groups.open:-1", "groups.open:x", "groups.open", "groups.join:"])
async def test_numbers_of_no_group_are_refused(town: Town, data: str) -> None:
    """A forged or stale number changes nothing and is answered."""
    await founded(town, "Dance")
    await town.ming.says("/groups")
    await town.ming.presses_data(data)
    said = [toast.text for toast in town.ming.toasts] + town.ming.heard
    assert any("There is no group with the number" in text or "out of date" in text for text in said)
    assert town.ming.unanswered == []


async def test_somebody_elses_undo_does_nothing(town: Town) -> None:
    """A forged undo cannot bring another person back."""
    group = await founded(town, "Dance")
    await town.ming.says("/join Dance")
    await town.ming.says("/leave Dance")
    await town.hua.says("/groups")
    await town.hua.presses_data("groups.unleave:1")
    assert await insiders(town, group) == []


async def test_a_page_beyond_the_end_shows_the_last(town: Town) -> None:
    """A list grows shorter under an old button; the tap still shows something."""
    await founded(town, "Dance")
    await town.ming.says("/groups")
    await town.ming.presses_data("groups.list:99")
    assert "Dance · 0" in town.ming.screen.labels


async def test_it_speaks_chinese(town: Town) -> None:
    """The whole way in Chinese, without an English word."""
    group = await founded(town, "舞蹈团", capacity=1)
    mei: Persona = await town.newcomer("小美", language="zh")
    await mei.says("/groups")
    await mei.presses("舞蹈团 · 0/1")
    assert "成员：0/1，还有 1 个名额" in mei.screen.text
    await mei.presses("加入")
    assert "欢迎！你已加入舞蹈团。" in mei.screen.text
    assert "成员：1/1，已满" in mei.screen.text
    await mei.presses("退出")
    await mei.presses("撤销")
    assert await insiders(town, group) == ["小美"]
    await mei.says("我的小组")
    assert "我的小组 · 共计 1" in mei.screen.text


async def test_gone_for_good_while_a_place_becomes_free(town: Town) -> None:
    """Whoever leaves for good out of a queue that moves in the same moment takes no place with him."""
    made = [await founded(town, f"G{i}", capacity=1) for i in range(6)]
    ming, hua = [await town.person(each) for each in (town.ming, town.hua)]
    for group in made:
        for person in (ming, hua):
            await town.does(lambda tx, g=group, p=person: groups.join(tx, g.id, by=p))  # type: ignore[misc]
    await asyncio.gather(
        *(town.does(lambda tx, g=group: groups.leave(tx, g.id, by=ming)) for group in made),  # type: ignore[misc]
        town.does(lambda tx: groups.forget(tx, hua)),
    )
    assert [(await now(town, group)).members for group in made] == [0] * 6
