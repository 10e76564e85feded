"""Pages that are made from the program say what the program says."""

import re
from pathlib import Path

from bot.handlers import everything
from tests.documents import DOCS, pages
from tests.scenes import SCENES

DOMAIN = DOCS.parent / "bot/domain"


def test_made_pages_are_up_to_date() -> None:
    """docs/commands.md, the picture of a chat and the conversations of docs/features/ are what `make docs` would write."""
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: make docs"


def test_the_readme_names_every_command() -> None:
    """But for /help and /cancel, which everybody is offered anyway."""
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    named = {*re.findall(r"`/(\w+)", readme), "help", "cancel"}
    assert [route.name for route in everything() if route.kind == "command" and route.name not in named] == []


def test_each_feature_has_a_page_that_is_linked() -> None:
    """Each feature's page holds a conversation, and docs/architecture.md leads there."""
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in SCENES if f"features/{name}.md" not in architecture] == []
    assert {path.stem for path in (DOCS / "features").glob("*.md")} == SCENES.keys()


def test_every_promise_of_the_ledgers_table_is_asked() -> None:
    """The fourteen things name promises by part and name; each is one of that part."""
    page = (DOCS / "ledger.md").read_text(encoding="utf-8")
    table = page.split("| what must hold |")[1].split("\n\n")[0]
    rooms = [
        cell.partition(":") for row in table.splitlines() for cell in row.split("|")[2:3] for cell in cell.split(";")
    ]
    named = {(room.strip(), name.strip()) for room, _, names in rooms for name in names.split(",") if name.strip()}
    found = {
        (path.relative_to(DOMAIN).parts[0].removesuffix(".py"), name)
        for path in DOMAIN.rglob("*.py")
        for name in re.findall(r'Promise\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert sorted(named - found) == []


TESTS = Path(__file__).parent
NAMED = re.compile(r"`(?:tests/(?P<file>\w+\.py))?::(?P<test>\w+)`")


def test_every_test_that_a_page_names_exists() -> None:
    """A page that shows what works by its tests names none that is not there; `::name` is of the file named before."""
    missing, file = [], ""
    for page in sorted(DOCS.glob("*.md")):
        for named in NAMED.finditer(page.read_text(encoding="utf-8")):
            file = named["file"] or file
            if f"def {named['test']}(" not in (TESTS / file).read_text(encoding="utf-8"):
                missing.append(f"{page.name}: {file}::{named['test']}")
    assert missing == []
