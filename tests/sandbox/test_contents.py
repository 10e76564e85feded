"""Files, places and polls, both ways."""

import pytest
from telegram.error import BadRequest

from bot.sandbox.people import Impossible
from tests.sandbox.conftest import Small, saying

DOT = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000208060000001f15c489")


async def test_a_document_arrives_whole(small: Small) -> None:
    """Bytes, Chinese name and caption; and by its id it can be sent again."""
    ming = small.people.person("Ming")
    await ming.starts()
    sent = await small.bot.send_document(
        ming.id, b"\x00\xff" * 500, filename="名单.csv", caption="<b>all</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    await small.bot.send_document(ming.id, sent.document.file_id)

    first, again = ming.files
    assert (first.name, first.content, first.caption) == ("名单.csv", b"\x00\xff" * 500, "all")
    assert again.content == first.content


async def test_a_persons_file_can_be_fetched(small: Small) -> None:
    """getFile gives a path, under which the bytes are."""
    ming = small.people.person("Ming")
    await ming.sends_document("tasks.txt", b"title: sweep", "please")
    (update,) = await small.heard()

    file = await small.bot.get_file(update["message"]["document"]["file_id"])

    assert await file.download_as_bytearray() == b"title: sweep"
    with pytest.raises(BadRequest, match=saying("wrong file_id")):
        await small.bot.get_file("nothing")


async def test_pictures_must_be_some(small: Small) -> None:
    """A photo has a size; what is no picture, empty or unknown is refused."""
    ming = small.people.person("Ming")
    await ming.starts()
    sent = await small.bot.send_photo(ming.id, DOT)

    assert [(size.width, size.height) for size in sent.photo] == [(1, 2)]
    with pytest.raises(BadRequest, match=saying("image_process_failed")):
        await small.bot.send_photo(ming.id, b"no picture")
    with pytest.raises(BadRequest, match=saying("file must be non-empty")):
        await small.bot.send_document(ming.id, b"")
    with pytest.raises(BadRequest, match=saying("wrong file identifier/http url specified")):
        await small.bot.send_document(ming.id, "no-such-id")


async def test_other_things_people_send(clean: Small) -> None:
    """Photos, places, contacts and stickers come as Telegram describes them."""
    ming = clean.people.person("Ming")
    await ming.sends_photo(DOT, "me")
    await ming.sends_location(30.27, 120.15)
    await ming.sends_contact("+8613800000000")
    await ming.sends_sticker("🌟")

    photo, place, contact, sticker = [update["message"] for update in await clean.heard()]
    assert (photo["caption"], place["location"]["latitude"]) == ("me", 30.27)
    assert (contact["contact"]["user_id"], sticker["sticker"]["emoji"]) == (ming.id, "🌟")


async def test_a_location_is_sent(clean: Small) -> None:
    """And one that isn't on this earth is refused."""
    ming = clean.people.person("Ming")
    await ming.starts()
    await clean.bot.send_location(ming.id, 30.27, 120.15)
    assert ming.heard == ["[location]"]
    with pytest.raises(BadRequest, match=saying("location is invalid")):
        await clean.bot.send_location(ming.id, 300, 0)


async def test_a_poll_is_voted_on_and_stopped(small: Small) -> None:
    """Votes are heard as answers and counts; a changed vote counts once; a stopped poll takes none."""
    li, ming = small.people.person("Li"), small.people.person("Ming")
    group = small.people.group("Council", li, ming)
    sent = await small.bot.send_poll(group.id, "Which?", ["lamp", "road"], is_anonymous=False)
    message = group.messages[sent.message_id]

    await ming.votes(message, 0)
    await ming.votes(message, 1)
    await li.votes(message, 1)
    news = await small.heard()
    poll = await small.bot.stop_poll(group.id, sent.message_id)

    assert [update["poll_answer"]["option_ids"] for update in news if "poll_answer" in update] == [[0], [1], [1]]
    assert [(option.text, option.voter_count) for option in poll.options] == [("lamp", 0), ("road", 2)]
    assert poll.is_closed
    with pytest.raises(Impossible, match="the poll is closed"):
        await ming.votes(message, 0)
    with pytest.raises(BadRequest, match=saying("poll has already been closed")):
        await small.bot.stop_poll(group.id, sent.message_id)


async def test_a_poll_closes_by_itself(clean: Small) -> None:
    """After its open period nobody can vote."""
    ming = clean.people.person("Ming")
    await ming.starts()
    sent = await clean.bot.send_poll(ming.id, "Which?", ["a", "b"], open_period=60)
    clean.clock.now += 61
    with pytest.raises(Impossible, match="the poll is closed"):
        await ming.votes(ming.chat.messages[sent.message_id], 0)
