"""Groups with topics: what is said in one stays in it, for people and bots alike."""

import pytest
from telegram.error import BadRequest

from bot.sandbox.chats import GROUP_ADMIN, Chat, Member
from bot.sandbox.people import Impossible, Persona
from tests.sandbox.conftest import Small, saying

RIGHTS = GROUP_ADMIN | {"can_manage_topics"}


def forum(small: Small) -> tuple[Persona, Persona, Chat]:
    """A group with topics, its owner and a member; the bot may manage topics."""
    li, ming = small.people.person("Li"), small.people.person("Ming")
    group = small.people.group("Dance", li, ming, is_forum=True)
    small.world.place(group, small.people.bot.id, Member("administrator", RIGHTS))
    return li, ming, group


async def test_a_bot_opens_a_topic_and_writes_into_it(small: Small) -> None:
    """The topic's number is that of the message which says so; what is written there bears it."""
    _, _, group = forum(small)
    made = await small.call("createForumTopic", chat_id=group.id, name="Shoes")
    said = await small.call(
        "sendMessage", chat_id=group.id, text="Size 38", message_thread_id=made["message_thread_id"]
    )
    (opened,) = await small.heard()
    assert opened["message"]["forum_topic_created"]["name"] == "Shoes"
    assert opened["message"]["message_id"] == made["message_thread_id"] == said["message_thread_id"]
    assert said["is_topic_message"]
    assert said["chat"]["is_forum"]


async def test_people_open_topics_and_write_into_them(small: Small) -> None:
    """The bot hears where something was said, and its reply stands in the same topic."""
    li, ming, group = forum(small)
    number = await li.opens_topic("Shoes", group)
    asked = await ming.says("Who has 38?", group, topic=number)
    _, heard = (update["message"] for update in await small.heard())
    given = {"message_id": asked["message_id"]}
    answer = await small.call("sendMessage", chat_id=group.id, text="I do", reply_parameters=given)
    assert heard["message_thread_id"] == answer["message_thread_id"] == number
    assert answer["reply_to_message"]["text"] == "Who has 38?"


async def test_a_topic_is_renamed_closed_opened_again_and_removed(small: Small) -> None:
    """Each is told in the topic itself; with the topic goes what was said in it."""
    li, _, group = forum(small)
    number = await li.opens_topic("Shoes", group)
    topic = {"chat_id": group.id, "message_thread_id": number}
    await small.call("editForumTopic", **topic, name="Boots")
    await small.call("closeForumTopic", **topic)
    await small.call("reopenForumTopic", **topic)
    told = [update["message"] for update in await small.heard()]
    await small.call("deleteForumTopic", **topic)

    assert {message["message_thread_id"] for message in told} == {number}
    kinds = ("created", "edited", "closed", "reopened")
    assert [f"forum_topic_{kind}" in message for kind, message in zip(kinds, told, strict=True)] == [True] * 4
    assert told[1]["forum_topic_edited"] == {"name": "Boots"}
    assert (group.topics, group.messages) == ({}, {})


async def test_a_closed_topic_is_for_admins_alone(small: Small) -> None:
    """Members can't write there, nor can a bot without the right."""
    li, ming, group = forum(small)
    number = await li.opens_topic("Shoes", group)
    await li.closes_topic(number, group)
    with pytest.raises(Impossible, match="Shoes is closed"):
        await ming.says("Still there?", group, topic=number)
    await li.says("Closed for today.", group, topic=number)
    small.world.place(group, small.people.bot.id, Member("administrator", GROUP_ADMIN))
    with pytest.raises(BadRequest, match=saying("TOPIC_CLOSED")):
        await small.call("sendMessage", chat_id=group.id, text="Hello", message_thread_id=number)


WRONG = [
    ("createForumTopic", {"name": " "}, "TOPIC_TITLE_EMPTY"),
    ("editForumTopic", {"message_thread_id": 99, "name": "x"}, "message thread not found"),
    ("sendMessage", {"message_thread_id": 99, "text": "x"}, "message thread not found"),
]


@pytest.mark.parametrize(("method", "given", "words"), WRONG)
async def test_a_topic_that_is_not_there(small: Small, method: str, given: dict[str, object], words: str) -> None:
    """Unknown topics and empty names are refused in Telegram's words."""
    _, _, group = forum(small)
    with pytest.raises(BadRequest, match=saying(words)):
        await small.call(method, chat_id=group.id, **given)


async def test_topics_want_a_forum_and_the_right(small: Small) -> None:
    """A bot without the right, and a group without topics."""
    _, _, group = forum(small)
    group.is_forum = False
    with pytest.raises(BadRequest, match=saying("the chat is not a forum")):
        await small.call("createForumTopic", chat_id=group.id, name="Shoes")
    small.world.place(group, small.people.bot.id, Member("administrator", GROUP_ADMIN))
    with pytest.raises(BadRequest, match=saying("not enough rights to manage topics")):
        await small.call("createForumTopic", chat_id=group.id, name="Shoes")
