"""Figures and tables of the county: what is counted, what leaves the house and in which form."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from bot.config import Hours
from bot.domain import activities, people
from bot.domain.activities import Mode, Terms
from bot.domain.hours import Grade
from tests.audited import newest_rows
from tests.county import furnished
from tests.founding import founded
from tests.publishing import join, published
from tests.repeating import begun
from tests.test_hours import credited
from tests.test_tree import registered
from tests.town import SHANGHAI, Town


async def test_stats_count_by_month(town: Town) -> None:
    """Registered, signed up, confirmed, points: by month of the county's calendar since the first registered."""
    await furnished(town)
    await town.dong.says("/stats")
    text = town.dong.screen.text
    assert "Registered: 5\nActive in the 30 days until Sun 22 Nov, 00:00: 5" in text
    assert "2026-11: registered 5, signed up 10" in text
    assert "2026-10" not in text
    await town.until(2026, 12, 1, 0, 1)
    await town.dong.says("/stats")
    assert "2026-12: nothing\n" in town.dong.screen.text
    assert "2026-11: registered 5" in town.dong.screen.text


async def test_figures_count_what_their_lists_show(town: Town) -> None:
    """Of a series the next date, and a school apart from the interest groups."""
    await begun(town, await founded(town, "Dance", leader=town.lan))
    await registered(town, "No. 1", "school")
    await town.dong.says("/stats")
    assert "Groups: 1, organisations: 1, " in town.dong.screen.text
    assert "Ahead: 0 tasks, 1 events" in town.dong.screen.text


async def test_export_is_written_down(town: Town) -> None:
    """Whoever takes data out of the house stands in the audit log with how much it was, and in which form."""
    await town.shen.says("/export csv people")
    newest = (await town.does(lambda tx: newest_rows(tx, 1)))[0]
    assert (newest.deed, newest.actor_id, json.loads(newest.details)["form"]) == ("export.made", 5, "csv")
    await town.shen.says("/audit")
    assert "Shen #5 made an export: the whole county, file csv, rows People 5" in town.shen.screen.text


NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "<b>&", '"quoted", name', "'quoted"]


@pytest.mark.parametrize("nickname", NASTY)
async def test_csv_holds_no_formula(town: Town, nickname: str) -> None:
    """A name that looks like a formula stays text, and no Telegram id leaves the house."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.rename(tx, ming, nickname))
    await town.dong.says("/export csv people")
    content = town.dong.files[-1].content
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert any(cell.lstrip("'") == nickname.lstrip("'") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)
    assert str(town.ming.id).encode() not in content


@pytest.mark.parametrize("nickname", NASTY)
async def test_xlsx_holds_no_formula(town: Town, nickname: str) -> None:
    """In the workbook a name is a string, whatever it looks like."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.rename(tx, ming, nickname))
    await town.dong.says("/export")
    await town.dong.presses("All as Excel")
    book = zipfile.ZipFile(io.BytesIO(town.dong.files[-1].content))
    sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 8
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
    texts = [element.text for sheet in sheets for element in ElementTree.fromstring(sheet).iter()]
    assert nickname in texts
    assert all(str(town.ming.id).encode() not in book.read(name) for name in book.namelist())


async def test_export_of_all_tables(town: Town) -> None:
    """All as CSV is a zip of eight tables, which agree with what is so; each state of a sign-up has its word."""
    await furnished(town)
    await credited(town, town.ming, 90, Grade.ROLL, by=town.lan)
    await join(town, await published(town, None, terms=Terms(mode=Mode.LOTTERY)), town.ming)
    await town.lan.presses_data("activities.join:1")
    await town.ming.presses_data("activities.leave:1")
    await town.passes(seconds=61)
    await town.dong.says("/export csv")
    pack = zipfile.ZipFile(io.BytesIO(town.dong.files[-1].content))
    rows = {name: list(csv.reader(io.StringIO(pack.read(name).decode("utf-8-sig")))) for name in pack.namelist()}
    assert {name: len(table) - 1 for name, table in rows.items()} == {
        "people.csv": 5, "groups.csv": 8, "activities.csv": 9, "signups.csv": 12, "origins.csv": 0, "hours.csv": 1, "points.csv": 0,
        "figures.csv": 0,
    }  # fmt: skip
    assert "Sign-ups: 12 rows" in town.dong.screen.text
    assert {tuple(row[4:6]) for row in rows["signups.csv"][1:]} == {
        ("", word) for word in ("has a place", "waits", "withdrew", "a place is kept", "has applied")
    }
    assert rows["hours.csv"][1][3:9] == ["Ming", "River bank", "", "90", "B", "count"]


@pytest.mark.parametrize(
    ("words", "name"), [("people", "people.xlsx"), ("csv people", "people.csv"), ("all", "all.xlsx")]
)
async def test_an_export_is_asked_for_in_any_order(town: Town, words: str, name: str) -> None:
    """The table alone makes a workbook; the form may stand before it or behind."""
    await town.dong.says(f"/export {words}")
    assert re.sub(r"-[\d-]+", "", town.dong.files[-1].name) == name


async def test_an_export_speaks_the_readers_language(town: Town) -> None:
    """What the database keeps as a word of its own stands in the cells as people say it."""
    await town.does(lambda tx: tx.run("UPDATE people SET language = 'zh_CN' WHERE nickname = 'Dong'"))
    await town.dong.says("/export 员工")
    assert "表有 全部、成员、小组、活动、报名、共享活动、时长、积分、积分统计" in town.dong.screen.text
    await town.dong.says("/export 成员 csv")
    cells = {cell for row in csv.reader(io.StringIO(town.dong.files[-1].content.decode("utf-8-sig"))) for cell in row}
    assert {"成员", "监督员", "县管理员", "中文"} <= cells
    assert not {"member", "auditor", "admin", "zh_CN"} & cells


async def test_an_excel_has_dates_and_widths_that_can_be_worked_with(town: Town) -> None:
    """An instant is a date in the county's time, no title is cut by its column, and rows can be chosen by what stands there."""
    await furnished(town)
    await town.dong.says("/export activities")
    book = zipfile.ZipFile(io.BytesIO(town.dong.files[-1].content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    begins = [float(day) for day in re.findall(r'<c r="F\d+" s="\d+"><v>([\d.]+)</v>', sheet)]
    first, *_ = await town.does(lambda tx: tx.all("SELECT starts_at FROM activities ORDER BY id DESC LIMIT 1"))
    # Excel counts days since the last of 1899.
    shown = datetime(1899, 12, 30) + timedelta(days=begins[0])
    assert abs(shown - datetime.fromtimestamp(first["starts_at"], SHANGHAI).replace(tzinfo=None)) < timedelta(seconds=1)
    assert "yyyy-mm-dd hh:mm" in book.read("xl/styles.xml").decode()
    assert '<autoFilter ref="A1:L9"/>' in sheet
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert widths[0] > len("Activity number")


async def test_an_activity_that_is_over_is_not_exported_as_open(town: Town) -> None:
    """Its state says how far it is; an entry of points says for what, in the reader's words and by the number there."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=3600)
    await join(town, activity, town.ming)

    async def cells(table: str) -> list[str]:
        await town.passes(seconds=11)
        await town.dong.says(f"/export csv {table}")
        return next(csv.reader(io.StringIO(town.dong.files[-1].content.decode("utf-8-sig").split("\n", 1)[1])))

    states = [(await cells("activities"))[-1]]
    for hours in (1.5, 2):
        await town.passes(hours=hours)
        states.append((await cells("activities"))[-1])
    assert states == ["open", "is going on", "over, not confirmed"]
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.mark_rest(tx, activity.id, by=dong))
    await town.does(lambda tx: activities.confirm(tx, activity.id, by=dong, rules=Hours()))
    await town.days_pass(1)
    assert (await cells("points"))[6] == f"activity {activity.id}"
    assert (await cells("figures"))[0] == "2026-11"


async def test_export_says_when_it_was_cut(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than fit: the newest are there, and it is said."""
    monkeypatch.setattr("bot.domain.reports.sheets.ROWS_MAX", 3)
    await town.dong.says("/export csv people")
    assert "People: the newest 3 rows; older ones did not fit" in town.dong.screen.text


async def test_unknown_table_is_refused(town: Town) -> None:
    """The refusal lists what there is."""
    await town.dong.says("/export pdf")
    assert "I can make: xlsx, csv" in town.dong.screen.text
