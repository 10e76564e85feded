"""Pages that are made from the program say what the program says."""

from tests.documents import pages


def test_made_pages_are_up_to_date() -> None:
    """docs/commands.md and the picture of a chat are what `make docs` would write."""
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: make docs"
