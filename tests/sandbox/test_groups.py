"""Groups: coming and going, roles, join requests, migration, and the names behind which people write."""

import pytest
from telegram.error import BadRequest, Forbidden

from bot.sandbox.people import Impossible
from tests.sandbox.conftest import Small, saying

ALL = ["message", "my_chat_member", "chat_member", "chat_join_request", "callback_query", "poll", "poll_answer"]


async def test_being_added_and_removed_is_heard(small: Small) -> None:
    """The bot hears that it came in, by whom and as what, and that it was thrown out."""
    li = small.people.person("Li")
    group = small.people.group("Dance", li, bot="")

    await li.adds_bot(group, as_admin=True)
    came = await small.heard()
    await li.removes_bot(group)
    went = await small.heard()

    assert came[0]["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert came[0]["my_chat_member"]["from"]["id"] == li.id
    assert came[1]["message"]["new_chat_members"][0]["username"] == "county_bot"
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in went] == ["kicked"]


async def test_members_are_counted_and_asked_for(small: Small) -> None:
    """Status by status, the count, and the admins without other bots."""
    li, ming, hua, wei = (small.people.person(name) for name in ("Li", "Ming", "Hua", "Wei"))
    group = small.people.group("Dance", li, ming, hua)
    await li.kicks(hua, group)

    statuses = [
        (await small.call("getChatMember", chat_id=group.id, user_id=who.id))["status"] for who in (li, ming, hua, wei)
    ]
    assert statuses == ["creator", "member", "kicked", "left"]
    assert await small.call("getChatMemberCount", chat_id=group.id) == 3
    admins = await small.call("getChatAdministrators", chat_id=group.id)
    assert [admin["user"]["id"] for admin in admins] == [li.id, small.people.bot.id]
    assert (await small.call("getChat", chat_id=group.id))["title"] == "Dance"


async def test_a_join_request_is_approved_or_declined(small: Small) -> None:
    """The bot hears who asks through which link, lets one in and not the other, once each."""
    li, ming, hua = (small.people.person(name) for name in ("Li", "Ming", "Hua"))
    group = small.people.group("Dance", li, by_request=True)
    made = await small.call("createChatInviteLink", chat_id=group.id, creates_join_request=True, name="poster")
    await ming.joins(group, group.links[made["invite_link"]])
    await hua.joins(group)
    asked = [update["chat_join_request"] for update in await small.heard(allowed_updates=ALL)]

    await small.bot.approve_chat_join_request(group.id, ming.id)
    await small.bot.decline_chat_join_request(group.id, hua.id)
    news = await small.heard()

    assert [(request["from"]["id"], request.get("invite_link", {}).get("name")) for request in asked] == [
        (ming.id, "poster"),
        (hua.id, None),
    ]
    assert news[0]["chat_member"]["via_join_request"] is True
    assert (group.member(ming.id).status, group.member(hua.id).status) == ("member", "left")
    with pytest.raises(BadRequest, match=saying("user_already_participant")):
        await small.bot.approve_chat_join_request(group.id, ming.id)
    with pytest.raises(BadRequest, match=saying("hide_requester_missing")):
        await small.bot.approve_chat_join_request(group.id, hua.id)


async def test_who_asks_to_join_may_be_written_to_for_five_minutes(clean: Small) -> None:
    """Though he never pressed Start."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li)
    await ming.asks_to_join(group)

    await clean.bot.send_message(ming.id, "welcome")
    clean.clock.now += 301
    with pytest.raises(Forbidden, match="bot can't initiate conversation"):
        await clean.bot.send_message(ming.id, "still there?")


async def test_a_group_becomes_a_supergroup(small: Small) -> None:
    """Both chats say so under their own ids, and the bot hears that it moved."""
    li, ming = small.people.person("Li"), small.people.person("Ming")
    group = small.people.group("Dance", li, ming, kind="group")

    above = await li.upgrades(group)

    news = await small.heard()
    said = [update["message"] for update in news if "message" in update]
    moved = [update["my_chat_member"] for update in news if "my_chat_member" in update]
    assert (said[0]["chat"]["id"], said[0]["migrate_to_chat_id"]) == (group.id, above.id)
    assert (said[1]["chat"]["id"], said[1]["migrate_from_chat_id"]) == (above.id, group.id)
    assert [(one["chat"]["id"], one["new_chat_member"]["status"]) for one in moved] == [
        (group.id, "left"),
        (above.id, "administrator"),
    ]
    assert str(above.id).startswith("-100")
    with pytest.raises(Impossible, match="supergroup now"):
        await ming.says("hello?", group)


async def test_rights_are_demanded(clean: Small) -> None:
    """A plain member may neither ban nor pin nor invite; nobody may ban the owner."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    plain = clean.people.group("Plain", li, ming, bot="member")
    led = clean.people.group("Led", li, ming)
    await ming.says("hello", plain)

    refused = [
        (clean.bot.ban_chat_member(plain.id, ming.id), "not enough rights to restrict"),
        (clean.bot.pin_chat_message(plain.id, 1), "not enough rights to manage pinned messages"),
        (clean.bot.create_chat_invite_link(plain.id), "not enough rights to manage chat invite link"),
        (clean.bot.ban_chat_member(led.id, li.id), "can't remove chat owner"),
    ]
    for deed, words in refused:
        with pytest.raises(BadRequest, match=saying(words)):
            await deed


async def test_a_banned_member_comes_back_only_when_unbanned(clean: Small) -> None:
    """Banned by the bot, he can't join until the ban is lifted."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li, ming)

    await clean.bot.ban_chat_member(group.id, ming.id)
    with pytest.raises(Impossible, match="banned"):
        await ming.joins(group)
    await clean.bot.unban_chat_member(group.id, ming.id, only_if_banned=True)
    await ming.joins(group)
    assert group.member(ming.id).status == "member"


async def test_pinning_and_tags(clean: Small) -> None:
    """What is pinned is shown by getChat, and a member's tag stands beside him."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li, ming)
    sent = await clean.bot.send_message(group.id, "tonight 19:30")

    await clean.bot.pin_chat_message(group.id, sent.message_id)
    await clean.call("setChatMemberTag", chat_id=group.id, user_id=ming.id, tag="★★★")

    assert (await clean.call("getChat", chat_id=group.id))["pinned_message"]["text"] == "tonight 19:30"
    assert (await clean.call("getChatMember", chat_id=group.id, user_id=ming.id))["tag"] == "★★★"
    await clean.bot.unpin_chat_message(group.id)
    assert "pinned_message" not in await clean.call("getChat", chat_id=group.id)


async def test_an_anonymous_admin_writes_under_the_groups_name(clean: Small) -> None:
    """And presses buttons under his own."""
    li = clean.people.person("Li")
    group = clean.people.group("Dance", li)
    await clean.bot.send_message(group.id, "x")

    await li.says_as_group("/roll", group)
    await li.presses_data("g.roll:1", chat=group)

    wrote, pressed = await clean.heard()
    assert (wrote["message"]["from"]["id"], wrote["message"]["sender_chat"]["id"]) == (1087968824, group.id)
    assert pressed["callback_query"]["from"]["id"] == li.id


async def test_channels_post_and_speak_in_groups(clean: Small) -> None:
    """A post has no author; in a group a channel stands where the author would."""
    li = clean.people.person("Li")
    channel = clean.people.group("News", li, kind="channel")
    group = clean.people.group("Dance", li)

    await li.posts("hello all", channel)
    await li.says_as_channel("hello group", group, channel)

    post, message = await clean.heard()
    assert "from" not in post["channel_post"]
    assert message["message"]["sender_chat"]["id"] == channel.id
    assert message["message"]["from"]["id"] == 136817688


async def test_blocking_is_heard(small: Small) -> None:
    """Blocking and unblocking the bot is told as its own membership in the private chat."""
    ming = small.people.person("Ming")
    await ming.starts()
    await ming.blocks_bot()
    await ming.starts()

    news = await small.heard()
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in news if "my_chat_member" in update]
    assert statuses == ["kicked", "member"]
