"""Search by any part of a name, in Chinese and English, through the index and always as if all had been read."""

import pytest

from bot.domain import groups, people, privacy, projects, reports, search
from bot.domain.projects import Draft
from bot.domain.projects.asking import FROM, with_word
from bot.domain.projects.offering import LIKE, OFFER, OPEN
from bot.storage import Transaction, containing
from tests.founding import founded
from tests.needing import broken, open_need
from tests.plans import steps
from tests.town import Town

TYPED = [
    "舞",
    "舞蹈",
    "蹈团",
    "青年之家",
    "团",
    "dance",
    "NCE",
    "d",
    "e c",
    "%",
    "_",
    "100%",
    "之",
    "无此",
    "é",
    "É",
    "äp",
    "ХОР",
    "a\\b",
]
GROUPS = {
    "舞蹈团": "每周六下午在青年之家",
    "舞狮队": "",
    "Dance Club": "100% fun, a\\b",
    "书法社": "跳舞的人也来 dance_floor",
    "Café": "",
    "ÄPFEL": "хор и танцы",
}


async def found(town: Town, typed: str) -> list[str]:
    page = await town.does(lambda tx: groups.listed(tx, 0, typed))
    return [group.name for group in page.items]


async def called(town: Town, typed: str) -> list[str]:
    return [person.nickname for person in await town.does(lambda tx: reports.found(tx, typed))]


@pytest.mark.parametrize("common", [1, 1000])
@pytest.mark.parametrize("typed", TYPED)
async def test_groups_are_found_as_if_all_were_read(
    town: Town, typed: str, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word in the name or the description, however short, rare or common, and in the order of names."""
    monkeypatch.setattr(search, "COMMON", common)
    for name, about in GROUPS.items():
        await founded(town, name, about=about)
    wanted = [name for name, about in GROUPS.items() if typed.lower() in name.lower() or typed.lower() in about.lower()]
    shown = await found(town, typed)
    assert sorted(shown) == sorted(wanted)
    assert shown == [name for name in await found(town, "") if name in wanted]


async def test_a_new_description_is_found_and_the_old_one_is_not(town: Town) -> None:
    """The index follows what is said in the same transaction."""
    group = await founded(town, "Dance", about="on Saturdays")
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.describe(tx, group.id, "每周日", by=dong))
    assert await found(town, "Saturday") == []
    assert await found(town, "周日") == ["Dance"]
    assert await found(town, "Dan") == ["Dance"]


async def test_people_are_found_by_part_of_their_name_of_now(town: Town) -> None:
    """Whoever renamed himself is found by the new name alone; whoever left, not at all."""
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    await town.does(lambda tx: people.rename(tx, ming, "王小明"))
    wanted = {"小明": ["王小明"], "明": ["王小明"], "Min": [], "UA": ["Hua"], "n": ["Lan", "Dong", "Shen"]}
    assert {typed: await called(town, typed) for typed in wanted} == wanted
    await town.does(lambda tx: privacy.forget(tx, hua))
    assert await called(town, "ua") == []
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM pieces WHERE subject = 2")) == 0


async def test_a_common_word_is_shown_in_pages_without_a_number(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in very many groups is not counted; all of it can be turned through."""
    monkeypatch.setattr(search, "COMMON", 3)
    for number in range(8):
        await founded(town, f"Group {number}")
    await town.ming.says("/groups group")
    assert "Page 1" in town.ming.screen.text
    await town.ming.presses("Next ›")
    assert [label for label in town.ming.screen.labels if label.startswith("Group")] == ["Group 6 · 0", "Group 7 · 0"]


def test_pieces_are_those_of_one_and_two_characters() -> None:
    """Chinese words of two characters are found by them; what is asked for needs pairs alone."""
    assert search.pieces_of("舞蹈团") == ["舞", "蹈", "团", "舞蹈", "蹈团"]
    assert search.asked_pieces("舞蹈团") == ["舞蹈", "蹈团"]
    assert search.asked_pieces("舞") == ["舞"]


OFFERED = {"舞台和音响": "周末可借", "A van": "100% free, a\\b", "Café": "хор", "Hands": "dance_floor"}


@pytest.mark.parametrize("common", [1, 1000])
async def test_offers_and_needs_are_found_as_if_all_were_read(
    town: Town, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word of the title, the text, the place or the group's name, however short, rare or common."""
    monkeypatch.setattr(search, "COMMON", common)
    group = await founded(town, "司机队 Drivers", leader=town.lan)
    lan, dong, ming = [await town.person(each) for each in (town.lan, town.dong, town.ming)]

    async def post(tx: Transaction) -> None:
        for title, about in OFFERED.items():
            await projects.make_offer(tx, group.id, title, about, by=lan)
            need = await projects.post(tx, Draft(title, about, "司机队 Drivers", tx.now + 99 * 3600, 2), by=ming)
            await projects.publish(tx, need.id, by=dong)

    await town.does(post)
    for typed in (*TYPED, "机队", "RIVER", "台和"):
        wanted = {
            title for title, about in OFFERED.items() if typed.lower() in f"{title}\n{about}\n{group.name}".lower()
        }
        offers = await town.does(lambda tx, word=typed: projects.offers(tx, 0, word=word))  # type: ignore[misc]
        needs = await town.does(lambda tx, word=typed: projects.listed(tx, "open", ming, 0, word=word))  # type: ignore[misc]
        assert ({each.title for each in offers.items}, {each.title for each in needs.items}) == (wanted, wanted), typed
    assert await broken(town) == []


async def test_what_is_off_the_list_is_not_looked_for(town: Town) -> None:
    """A closed offer, a need that is no longer free and a closed group have no pieces until they are back; audits see it."""
    group = await founded(town, "Drivers", leader=town.lan)
    lan, dong, ming = [await town.person(each) for each in (town.lan, town.dong, town.ming)]
    offer = await town.does(lambda tx: projects.make_offer(tx, group.id, "A van", "", by=lan))
    need = await open_need(town, town.ming)

    async def kinds() -> list[str]:
        return [row["kind"] for row in await town.does(lambda tx: tx.all(KINDS))]

    assert await kinds() == ["group", "name", "need", "offer", "person"]
    await town.does(lambda tx: projects.close_offer(tx, offer.id, closed=True, by=lan))
    await town.does(lambda tx: projects.withdraw(tx, need.id, by=ming))
    await town.does(lambda tx: groups.close(tx, group.id, concerned=0, by=dong))
    assert await kinds() == ["group", "person"]
    assert await broken(town) == []
    assert await town.does(groups.invariants) == []
    await town.does(lambda tx: groups.reopen(tx, group.id, by=dong))
    await town.does(lambda tx: projects.close_offer(tx, offer.id, closed=False, by=lan))
    assert await kinds() == ["group", "name", "offer", "person"]
    await town.does(lambda tx: tx.run("DELETE FROM pieces WHERE kind <> 'group'"))
    assert await broken(town) == ["offers to be found"]
    assert [each.name for each in await town.does(groups.invariants)] == ["names to be found"]


KINDS = "SELECT DISTINCT kind FROM pieces ORDER BY kind"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_rare_word_is_looked_for_among_the_few_that_have_its_pieces(town: Town) -> None:
    """Neither all offers nor all needs are gone through, however many there are."""

    async def plans(tx: Transaction) -> tuple[list[str], list[str]]:
        pattern = containing("van")
        near = await search.narrowed(tx, "offer", "van")
        offers = await steps(tx, f"{OFFER} WHERE {OPEN} AND {LIKE}{near.among('o.id')}", pattern=pattern, **near.named)
        near = await search.narrowed(tx, "need", "van")
        needs = await steps(tx, f"SELECT p.* {FROM} WHERE {with_word(near)}", pattern=pattern, **near.named)
        return offers, needs

    offers, needs = await town.does(plans)
    assert "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)" in offers
    assert "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)" in needs
