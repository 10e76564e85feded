"""How many, as people write it."""

import pytest

from bot.dates import read_count

COUNTS = [
    ("20", 20),
    (" ２０ ", 20),
    ("20人", 20),
    ("20 个名额", 20),
    ("10分", 10),
    ("八", 8),
    ("十", 10),
    ("二十", 20),
    ("两百", 200),
    ("一百二十位", 120),
    ("ten people", 10),
    ("5 points", 5),
    ("0", 0),
]


@pytest.mark.parametrize(("text", "count"), COUNTS)
def test_a_count_is_read(text: str, count: int) -> None:
    """In digits of both widths, in numerals, with what is counted."""
    assert read_count(text) == count


@pytest.mark.parametrize(
    "text", ["", "many", "1.5", "-3", "3²", "20人左右", "百", "🙂", "12345678901", "九" * 300, "10 20"]
)
def test_anything_else_is_no_count(text: str) -> None:
    """Nothing is guessed."""
    assert read_count(text) is None
