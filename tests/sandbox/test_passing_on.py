"""Messages that people pass on, pin and remove, and what the bot hears of it."""

import pytest

from bot.sandbox.answers import Json
from bot.sandbox.people import Impossible
from tests.sandbox.conftest import Small


async def test_a_forwarded_message_names_who_said_it(small: Small) -> None:
    """Passed on twice, it still names the first one; the bot hears it as a message of whoever passed it on."""
    ming, hua = small.people.person("Ming"), small.people.person("Hua")
    group = small.people.group("Dance", hua, ming)
    said = await ming.says("See you at nine", group)
    passed = await hua.forwards(said, hua.chat)
    again = await hua.forwards(passed, group)
    heard = [update["message"] for update in await small.heard()]
    assert [message["from"]["id"] for message in heard] == [ming.id, hua.id, hua.id]
    origins = [message["forward_origin"] for message in heard[1:]]
    assert [origin["sender_user"]["id"] for origin in origins] == [ming.id, ming.id]
    assert again["text"] == "See you at nine"


async def test_a_forwarded_post_names_its_channel(small: Small) -> None:
    """A channel's posts bear the channel's name, and an anonymous admin's the group's."""
    ming = small.people.person("Ming")
    channel, group = small.people.group("News", ming, kind="channel"), small.people.group("Dance", ming)
    posted = await ming.posts("Rain tomorrow", channel)
    spoken = await ming.says_as_group("Bring umbrellas", group)
    await ming.forwards(posted, ming.chat)
    await ming.forwards(spoken, ming.chat)
    origins = [
        update["message"]["forward_origin"]
        for update in await small.heard(allowed_updates=["message"])
        if "forward_origin" in update.get("message", {})
    ]
    assert [(origin["type"], origin.get("chat", origin.get("sender_chat"))["title"]) for origin in origins] == [
        ("channel", "News"),
        ("chat", "Dance"),
    ]


async def test_what_is_protected_stays(small: Small) -> None:
    """Neither a message that the bot protects nor word of somebody's coming can be passed on."""
    ming, hua = small.people.person("Ming"), small.people.person("Hua")
    group = small.people.group("Dance", ming)
    await ming.starts()
    secret = await small.call("sendMessage", chat_id=ming.id, text="4711", protect_content=True)
    await hua.joins(group)
    for message in (secret, group.messages[group.last_id]):
        with pytest.raises(Impossible, match="can't be forwarded"):
            await ming.forwards(message, group)


async def test_a_pinned_message_is_told_and_unpinned_in_silence(small: Small) -> None:
    """The bot hears of the pin by a service message; who looks at the chat sees both."""
    ming = small.people.person("Ming")
    group = small.people.group("Dance", ming)
    seen: list[str] = []
    small.world.on_change.append(lambda kind, chat, content: seen.append(kind))
    said = await ming.says("See you at nine", group)
    await ming.pins(said)
    pinned = (await small.call("getChat", chat_id=group.id))["pinned_message"]["text"]
    await ming.unpins(said)
    heard = [update["message"] for update in await small.heard()]
    assert pinned == heard[-1]["pinned_message"]["text"] == "See you at nine"
    assert (len(heard), group.pinned, seen[-1]) == (2, [], "unpinned")


async def test_what_a_person_removes_is_gone_for_all(small: Small) -> None:
    """Bots aren't told, the pin goes with it, and an edit of it by the bot is refused."""
    ming = small.people.person("Ming")
    group = small.people.group("Dance", ming)
    said = await ming.says("Oops", group)
    await ming.pins(said)
    await small.heard()
    await ming.deletes(said)
    assert (await small.heard(), group.pinned, said["message_id"] in group.messages) == ([], [], False)


async def test_an_admin_declines_who_asks_to_join(small: Small) -> None:
    """The request is gone, and the bot can't approve it any more."""
    li, ming = small.people.person("Li"), small.people.person("Ming")
    group = small.people.group("Dance", li, by_request=True)
    declined: list[Json] = []
    small.world.on_change.append(lambda kind, chat, content: declined.append(content) if kind == "declined" else None)
    await ming.joins(group)
    await li.declines(ming, group)
    assert (group.requests, declined) == ({}, [{"user_id": ming.id}])


async def test_typing_is_shown_to_whoever_looks(small: Small) -> None:
    """The bot's action reaches the chat, and nothing stays of it."""
    ming = small.people.person("Ming")
    await ming.starts()
    seen: list[tuple[str, Json]] = []
    small.world.on_change.append(lambda kind, chat, content: seen.append((kind, content)))
    await small.call("sendChatAction", chat_id=ming.id, action="typing")
    assert seen == [("action", {"action": "typing"})]
