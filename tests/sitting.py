"""What tests of the council share: seats, days that pass, and who was told what."""

from tests.town import Town


async def seat(town: Town, *names: str) -> None:
    """Give seats in the council, and let everybody have read about it."""
    for name in names:
        await town.dong.says(f"/council add {name}")
    for name in (*names, "Dong"):
        town[name].forget()


async def to_december(town: Town, *seated: str) -> None:
    """The council's day has come, and its members have been asked."""
    await seat(town, *seated)
    await until(town, 2026, 12, 1, 10)


async def until(town: Town, *when: int) -> None:
    """A moment has come, and a moment more: what is told to many is told slice by slice."""
    await town.until(*when)
    await town.tick()


def told(town: Town, name: str, words: str) -> int:
    """How many messages with these words somebody has since `forget`."""
    return sum(words in text for text in town[name].heard)


async def by_hand(town: Town, word: str) -> None:
    """An admin opens or closes a session, and confirms it."""
    await town.dong.says(f"/council {word}")
    await town.dong.presses(f"Yes, {word} it")
