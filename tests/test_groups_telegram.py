"""The Telegram group of an interest group: who binds it, what happens there, and how it is lost."""

import re

import pytest

from bot.cards import card
from bot.domain import chats, groups
from bot.domain.groups import Group
from bot.locales import say
from bot.sandbox.chats import Chat
from bot.sandbox.membership import MEMBER, change
from tests.founding import founded, insiders, now
from tests.town import Town


async def bound(town: Town, *, kind: str = "supergroup", by_request: bool = False) -> tuple[Group, Chat]:
    """Dance, led by Lan, and its Telegram group, which Lan owns and Ming and Hua are in."""
    group = await founded(town, leader=town.lan)
    known = {"by_request": True} if by_request else {}
    chat = town.telegram_group("Dancers", town.lan, town.ming, town.hua, kind=kind, **known)
    await town.lan.says("/bind Dance", chat)
    assert town.ming.heard_in(chat)
    for persona in town.people.by_name.values():
        persona.forget()
    return group, chat


@pytest.mark.parametrize("words", ["Dance", "{id}"])
async def test_a_leader_who_runs_the_chat_binds_it(town: Town, words: str) -> None:
    """/bind by name or number: the group hears it, the leader is told what else the bot can do there."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dancers", town.lan, town.ming)
    await town.lan.says("/bind " + words.format(id=group.id), chat)
    assert (await now(town, group)).chat_id == chat.id
    assert "本群现在是Dance的 Telegram 群" in town.ming.screen_in(chat).text
    assert "Dancers is the Telegram group of Dance now" in town.lan.screen.text


async def test_the_link_on_the_leaders_screen_binds_at_once(town: Town) -> None:
    """The leader adds the bot by the button's link, and the group is bound without a word typed."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dancers", town.lan, bot="")
    await town.lan.adds_bot(chat, as_admin=True, payload=f"groups_bind-{group.id}")
    assert (await now(town, group)).chat_id == chat.id
    await town.lan.presses("Lead the group")
    assert "Telegram group: Dancers" in town.lan.screen.text


async def test_who_does_not_lead_cannot_bind(town: Town) -> None:
    """To run the Telegram group is not enough, nor to lead another interest group."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Hua's", town.hua)
    await town.hua.says("/bind Dance", chat)
    assert "you lead no group" in town.hua.screen.text
    await founded(town, "Chess", leader=town.hua)
    await town.hua.says("/bind Dance", chat)
    assert "Only the leaders of Dance and county admins" in town.hua.screen.text
    assert (await now(town, group)).chat_id is None


async def test_who_does_not_run_the_chat_cannot_bind(town: Town) -> None:
    """To lead the interest group is not enough; nor is it for the link."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Hua's", town.hua, town.lan)
    await town.lan.says("/bind Dance", chat)
    assert "Only an administrator of this Telegram group" in town.lan.screen.text
    await town.lan.says(f"/start@county_bot groups_bind-{group.id}", chat)
    assert (await now(town, group)).chat_id is None


async def test_an_anonymous_admin_cannot_bind(town: Town) -> None:
    """Nobody can tell who writes: it is refused, with why, in the group where it can be read."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dancers", town.lan, town.ming)
    await town.lan.says_as_group("/bind Dance", chat)
    assert "我认不出你" in town.ming.screen_in(chat).text
    assert (await now(town, group)).chat_id is None


async def test_mere_talk_of_an_anonymous_admin_is_left_alone(town: Town) -> None:
    """The bot does not answer what was not said to it."""
    _, chat = await bound(town)
    await town.lan.says_as_group("Good morning everybody", chat)
    assert town.ming.heard_in(chat) == []


async def test_one_chat_belongs_to_one_group(town: Town) -> None:
    """A second interest group can't take the chat, nor the group a second chat; the refusals say what to do first."""
    _, chat = await bound(town)
    await founded(town, "Chess", leader=town.lan)
    await town.lan.says("/bind Chess", chat)
    assert "belongs to Dance already" in town.lan.screen.text
    other = town.telegram_group("Others", town.lan)
    await town.lan.says("/bind Dance", other)
    assert "Dance has a Telegram group already: Dancers" in town.lan.screen.text


async def test_who_leads_one_group_need_not_name_it(town: Town) -> None:
    """/bind alone does where one group is meant, and asks for the name where several may be."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dancers", town.lan)
    await town.lan.says("/bind", chat)
    assert (await now(town, group)).chat_id == chat.id
    for name in ("Chess", "Choir"):
        await founded(town, name, leader=town.lan)
    await town.lan.says("/bind", town.telegram_group("Players", town.lan))
    assert "no Telegram group: Chess, Choir. Send the name of one with it, as in /bind Chess." in town.lan.screen.text


async def test_bind_in_private_says_where_to_send_it(town: Town) -> None:
    """The private chat is no Telegram group."""
    await founded(town, leader=town.lan)
    await town.lan.says("/bind Dance")
    assert "Send this in the Telegram group" in town.lan.screen.text


async def test_unbinding_is_the_leaders(town: Town) -> None:
    """A member's /unbind is refused, the leader's counts."""
    group, chat = await bound(town)
    await town.ming.says("/unbind", chat)
    assert "you lead no group" in town.ming.screen.text
    assert (await now(town, group)).chat_id == chat.id
    await town.lan.says("/unbind", chat)
    assert (await now(town, group)).chat_id is None


async def test_members_see_where_the_group_talks(town: Town) -> None:
    """The card names the Telegram group to members, and to nobody else."""
    group, _ = await bound(town)
    await town.ming.says("/join Dance")
    assert "We talk in the Telegram group Dancers." in town.ming.screen.text
    await town.shen.says("/groups")
    await town.shen.presses_data(f"groups.open:{group.id}")
    assert "Dancers" not in town.shen.screen.text


async def test_what_is_posted_reaches_the_chat(town: Town) -> None:
    """Other features post a card there, in the county's language, without Back and Home."""
    group, chat = await bound(town)
    group = await now(town, group)
    assert await town.does(lambda tx: groups.post(tx, group, card(say("Interest groups"))))
    await town.settle()
    assert town.ming.heard_in(chat) == ["兴趣小组"]
    assert town.ming.screen_in(chat).labels == []


async def test_a_press_in_the_chat_is_answered_by_a_word(town: Town) -> None:
    """Joining from a posted button: an alert at the press, nothing posted for all to read."""
    group, chat = await bound(town)
    message = chat.messages[town.ming.screen_in(chat).message_id]
    town.ming.heard_in(chat)
    town.ming.forget()
    await town.ming.presses_data(f"groups.join:{group.id}", message)
    assert "Welcome!" in town.ming.toasts[-1].text
    assert town.ming.heard_in(chat) == []
    assert await insiders(town, group) == ["Ming"]


async def test_members_who_ask_are_let_in(town: Town) -> None:
    """A join request of a member of the interest group is approved."""
    _, chat = await bound(town, by_request=True)
    await town.ming.leaves(chat)
    await town.ming.says("/join Dance")
    await town.ming.asks_to_join(chat)
    assert chat.member(town.ming.id).is_present


async def test_others_who_ask_hear_how_to_get_in(town: Town) -> None:
    """The request waits for the admins; whoever asks, even a stranger, is shown the interest group."""
    group, chat = await bound(town, by_request=True)
    await town.wei.asks_to_join(chat)
    assert not chat.member(town.wei.id).is_present
    assert "Dancers belongs to the interest group Dance" in town.wei.screen.text
    await town.wei.presses("Open the group")
    await town.wei.presses("Yes, that is me")
    await town.wei.presses("Join")
    assert await insiders(town, group) == ["Wei"]
    assert chat.member(town.wei.id).is_present


async def test_a_request_taken_back_harms_nobody(town: Town) -> None:
    """Who joins after taking the request back, or after an admin let him in, is in the group; nothing is set aside."""
    group, chat = await bound(town, by_request=True)
    for persona in (town.ming, town.hua):
        await persona.leaves(chat)
        await persona.asks_to_join(chat)
    del chat.requests[town.ming.id]
    change(town.world, chat, town.hua.id, MEMBER, by=town.lan.id)
    await town.ming.says("/join Dance")
    await town.hua.says("/join Dance")
    assert await insiders(town, group) == ["Ming", "Hua"]
    assert await town.does(lambda tx: tx.all("SELECT error FROM outbox WHERE state = 'failed'")) == []
    assert await town.does(lambda tx: tx.all("SELECT telegram_id FROM join_requests")) == []


async def test_a_request_for_a_chat_of_nobody_is_left_alone(town: Town) -> None:
    """A chat that is bound to no interest group is none of our business."""
    chat = town.telegram_group("Others", town.lan, by_request=True)
    await town.ming.asks_to_join(chat)
    assert not chat.member(town.ming.id).is_present
    assert town.ming.heard == []


async def test_removing_the_bot_drops_the_binding_and_tells_leaders(town: Town) -> None:
    """The bot is removed: the group has no chat any more, and its leaders learn how to mend it."""
    group, chat = await bound(town)
    await town.lan.removes_bot(chat)
    known = await town.does(lambda tx: chats.known(tx, chat.id))
    assert (await now(town, group)).chat_id is None
    assert known is not None and known.state == "gone"
    assert "I was removed from the Telegram group Dancers" in town.lan.screen.text
    await town.lan.adds_bot(chat, as_admin=True)
    await town.lan.says(re.findall(r"/bind \d+", town.lan.screen.text)[0], chat)
    assert (await now(town, group)).chat_id == chat.id


async def test_blocking_and_unblocking_is_noted(town: Town) -> None:
    """Who blocks the bot counts as unreachable until he unblocks it."""
    for deed, state in ((town.ming.blocks_bot, "blocked"), (town.ming.unblocks_bot, "open")):
        await deed()
        known = await town.does(lambda tx: chats.known(tx, town.ming.id))
        assert known is not None and known.state == state


async def test_leaving_the_chat_is_not_leaving_the_group(town: Town) -> None:
    """Who leaves the Telegram group stays in the interest group, and nobody is told."""
    group, chat = await bound(town)
    await town.ming.says("/join Dance")
    await town.ming.leaves(chat)
    assert await insiders(town, group) == ["Ming"]
    assert town.lan.heard == []


async def test_a_ban_in_the_chat_is_told_to_leaders(town: Town) -> None:
    """Who was banned there stays in the interest group until a leader decides; the leaders get the button."""
    group, chat = await bound(town)
    await town.ming.says("/join Dance")
    await town.lan.kicks(town.ming, chat)
    assert "Ming was banned from the Telegram group of Dance" in town.lan.screen.text
    await town.lan.presses("Open")
    assert "Remove" in town.lan.screen.labels
    assert await insiders(town, group) == ["Ming"]


async def test_the_binding_moves_to_the_supergroup(town: Town) -> None:
    """A group becomes a supergroup: what is posted next arrives there."""
    group, chat = await bound(town, kind="group")
    above = await town.lan.upgrades(chat)
    group = await now(town, group)
    assert group.chat_id == above.id
    await town.does(lambda tx: groups.post(tx, group, card(say("Interest groups"))))
    await town.settle()
    assert town.ming.heard_in(above) == ["兴趣小组"]


async def test_a_sending_that_meets_the_migration_moves_it_first(town: Town) -> None:
    """Telegram tells the dispatcher before the group does: both come to the same, whichever is first."""
    group, chat = await bound(town, kind="group")
    stale = await now(town, group)
    await town.does(lambda tx: groups.post(tx, stale, card(say("Interest groups"))))
    above = await town.lan.upgrades(chat)
    assert (await now(town, group)).chat_id == above.id
    assert town.ming.heard_in(above) == ["兴趣小组"]
    await town.does(lambda tx: groups.moved(tx, chat.id, above.id))
    assert (await now(town, group)).chat_id == above.id


async def test_a_closed_group_lets_its_chat_go(town: Town) -> None:
    """The Telegram group hears that the interest group was closed, and is free for another one."""
    group, chat = await bound(town)
    await town.dong.says("/groups")
    await town.dong.presses_data(f"groups.close:{group.id}:0:0")
    await town.passes(minutes=2)
    assert town.ming.heard_in(chat) == ["Dance已由县里关闭。"]
    assert (await now(town, group)).chat_id is None
