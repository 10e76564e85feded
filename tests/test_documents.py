"""Pages that are made from the program say what the program says."""

from tests.documents import DOCS, pages
from tests.scenes import SCENES


def test_made_pages_are_up_to_date() -> None:
    """docs/commands.md, the picture of a chat and the conversations of docs/features/ are what `make docs` would write."""
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: make docs"


def test_each_feature_has_a_page_that_is_linked() -> None:
    """Each feature's page holds a conversation, and docs/architecture.md leads there."""
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in SCENES if f"features/{name}.md" not in architecture] == []
    assert {path.stem for path in (DOCS / "features").glob("*.md")} == SCENES.keys()
