"""A statement to take along, and a month or year as a picture: what stands there adds up to the balance."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.domain import points
from bot.domain.points import Period
from bot.handlers.points.papers import week_names
from tests.scanning import read_aloud
from tests.shopping import has
from tests.test_point_figures import lived
from tests.town import Town


async def test_a_statement_adds_up_to_the_balance(town: Town) -> None:
    """Of each time: what there was before, and every entry, come to what there was at its end; of all of it, to the balance."""
    await lived(town)
    hua = await town.person(town.hua)
    whole = await town.does(lambda tx: points.statement_of(tx, hua.id, Period.ALL))
    held = await has(town, town.hua)
    assert whole.closing == held == sum(entry.amount for entry in whole.entries) == whole.balances()[-1]
    before = await town.does(lambda tx: points.statement_of(tx, hua.id, Period.BEFORE))
    month = await town.does(lambda tx: points.statement_of(tx, hua.id, Period.MONTH))
    year = await town.does(lambda tx: points.statement_of(tx, hua.id, Period.YEAR))
    assert (before.opening, before.closing, month.opening, month.closing) == (0, 10, 10, held)
    assert [*before.entries, *month.entries] == list(whole.entries) == list(year.entries)


async def test_a_statement_is_taken_along_in_three_forms(town: Town) -> None:
    """As picture, PDF and sheet, from the statement's screen or by its name; the sheet's amounts come to what is said; nobody gets another's."""
    await lived(town)
    await town.hua.says("/points")
    assert "🌟 My month" in town.hua.screen.labels
    await town.hua.presses("📄 Statement")
    screen = town.hua.screen.text
    await town.hua.says("/statement")
    assert town.hua.screen.text == screen
    await town.hua.presses("From the beginning")
    held = await has(town, town.hua)
    assert f"At its end: {held}" in town.hua.screen.text
    hua = await town.person(town.hua)
    for kind in ("png", "pdf", "xlsx"):
        await town.hua.presses_data(f"points.papers.{kind}:{hua.id}:all")
    picture, paper, sheet = (file.content for file in town.hua.files[-3:])
    assert Image.open(io.BytesIO(picture)).size == (1080, 1528)
    read = read_aloud(paper)
    assert "Statement of points" in read and str(held) in read
    page = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r", ""): cell[0].text or "" for cell in page.iter() if cell.tag.endswith("}c") and len(cell)}
    amounts = [int(value) for place, value in cells.items() if place.startswith("E") and place != "E1"]
    assert sum(amounts) == held
    before = len(town.ming.files)
    await town.ming.presses_data(f"points.papers.png:{hua.id}:all")
    assert len(town.ming.files) == before


@pytest.mark.parametrize(
    ("month", "last"), [((2026, 11), "29–30"), ((2026, 12), "29–31"), ((2026, 2), "22–28"), ((2028, 2), "29")]
)
def test_the_weeks_of_a_month_end_with_it(month: tuple[int, int], last: str) -> None:
    """No bar stands for days that there are not."""
    assert week_names(date(*month, 1))[-1] == last


async def test_my_month_and_my_year_as_pictures(town: Town) -> None:
    """With hours, points, activities, groups and stars, and the same in words; one who has nothing yet gets one, too."""
    await lived(town)
    await town.hua.presses_data("points.look:before")
    assert Image.open(io.BytesIO(town.hua.files[-1].content)).size == (1080, 1350)
    assert "My month: November 2026" in town.hua.screen.text
    assert "Points came: +10" in town.hua.screen.text
    assert "Activities: 1" in town.hua.screen.text
    await town.hua.presses("🌟 My year")
    assert "My year 2026" in town.hua.screen.text
    await town.shen.presses_data("points.look:year")
    assert "Points then: 0" in town.shen.screen.text
