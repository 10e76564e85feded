"""What a test sees through a person's eyes."""

import pytest

from bot.sandbox.page.marks import Marks
from bot.sandbox.page.views import everybody
from bot.sandbox.people import Impossible
from tests.sandbox.conftest import Small


async def test_only_what_is_new_since_forget_is_heard(clean: Small) -> None:
    """Forgotten messages are gone from `heard`, until the bot edits one; each stands as it is now."""
    ming = clean.people.person("Ming")
    await ming.starts()
    first = await clean.bot.send_message(ming.id, "one")
    await clean.bot.send_message(ming.id, "two")
    assert ming.heard == ["one", "two"]

    ming.forget()
    assert ming.heard == []
    await clean.bot.send_message(ming.id, "three")
    await clean.bot.edit_message_text("one and a half", ming.id, first.message_id)

    assert ming.heard == ["one and a half", "three"]
    assert ming.screen.text == "three"


async def test_groups_are_heard_apart(clean: Small) -> None:
    """What the bot says in a group is not in the private chat, and joining is nobody's word."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li)
    await ming.joins(group)
    await clean.bot.send_message(group.id, "welcome")

    assert (ming.heard_in(group), ming.heard) == (["welcome"], [])
    ming.forget()
    assert (ming.heard_in(group), li.heard_in(group)) == ([], ["welcome"])


async def test_a_long_text_becomes_several_messages(clean: Small) -> None:
    """As the apps do it: 10,000 characters are three messages, and no pair of units is torn."""
    ming = clean.people.person("Ming")
    await ming.says("👍" * 5000)
    texts = [update["message"]["text"] for update in await clean.heard()]
    assert ([len(text) for text in texts], "".join(texts)) == ([2048, 2048, 904], "👍" * 5000)


async def test_an_edited_message_is_told(clean: Small) -> None:
    """What a person changes comes as an edited message, with the same number and the date of the edit."""
    ming = clean.people.person("Ming")
    said = await ming.says("/borrow drill")
    await ming.edits(said, "/borrow saw")

    first, edited = await clean.heard()
    assert first["message"]["text"] == "/borrow drill"
    assert (edited["edited_message"]["text"], edited["edited_message"]["message_id"]) == ("/borrow saw", 1)
    assert edited["edited_message"]["edit_date"] == clean.clock.now


async def test_what_the_apps_dont_offer_is_impossible(clean: Small) -> None:
    """Writing where one isn't, to a bot that one blocked, or nothing at all; doing an admin's deeds without being one."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li)
    await ming.blocks_bot()

    for deed in (
        ming.says("hello"),
        ming.says("hello", group),
        ming.says("  "),
        ming.removes_bot(group),
        ming.kicks(li, group),
    ):
        with pytest.raises(Impossible):
            await deed


async def test_each_deed_lets_the_bot_answer(clean: Small) -> None:
    """`settle` is awaited after each deed, also when it is set after the people were made."""
    ming = clean.people.person("Ming")

    async def answer() -> None:
        await clean.bot.send_message(ming.id, "ok")

    clean.people.settle = answer
    await ming.says("hello")
    assert ming.heard == ["ok"]


async def test_somebody_hears_of_every_change(clean: Small) -> None:
    """Whoever shows the chats to people can listen to what is new in them."""
    ming = clean.people.person("Ming")
    kinds: list[str] = []
    clean.world.on_change.append(lambda kind, chat, content: kinds.append(f"{kind} {content.get('text', '')}"))

    await ming.says("hello")
    sent = await clean.bot.send_message(ming.id, "hi")
    await clean.bot.edit_message_text("hi!", ming.id, sent.message_id)
    await clean.bot.delete_message(ming.id, sent.message_id)

    assert kinds == ["message hello", "message hi", "edited hi!", "deleted hi!"]


async def test_whoever_plays_reads_who_each_person_is(memory: Small) -> None:
    """The page's list has a word about each, in both languages; about somebody new there is none."""
    about = {"zh": "县管理员", "en": "county admin"}
    memory.people.person("东哥", known_as="dong", about=about)
    memory.people.person("Ming")
    assert [person["about"] for person in everybody(memory.people, Marks())] == [about, {}]
