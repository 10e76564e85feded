"""Every button of every screen of the sample county, pressed as every role in both languages."""

from collections.abc import Callable

from bot.storage import Storage, Transaction
from tests.county import sample_county
from tests.crawler import PRESSES_MAX, Walk, typed_words
from tests.town import Town, TownClock

# Who walks, in which role and language: those who change least go first.
WALKERS = (
    ("member", "zh", "ming"),
    ("member", "en", "tom"),
    ("auditor", "zh", "shen"),
    ("auditor", "en", "he"),
    ("leader", "zh", "lan"),
    ("leader", "en", "jie"),
    ("admin", "zh", "dong"),
    ("admin", "en", "tao"),
)
# Words and ways are the same on both databases: on the other one those walk who see most.
WALKERS_OF = {"sqlite": WALKERS, "postgresql": (WALKERS[4], WALKERS[7])}
STRANGERS = (("zh", "wei"), ("en", "sue"))
STRANGERS_OF = {"sqlite": STRANGERS, "postgresql": STRANGERS[:1]}
ENGLISH = "people.language:en"
COUNTY = "青年县"


async def _broken(tx: Transaction) -> list[str]:
    rows = await tx.all("SELECT payload, error FROM inbox WHERE state = 'broken' OR error IS NOT NULL")
    return [f"{row['error']}: {row['payload'][-300:]}" for row in rows]


async def test_every_button_leads_somewhere(
    kind: str, storage: Storage, clock: TownClock, record_property: Callable[[str, object], None]
) -> None:
    """Each press is answered, nothing breaks, every screen has a way back, fits into Telegram, and speaks one language."""
    async with sample_county(storage, clock) as town:
        await _give_roles(town)
        walks = {}
        for role, language, name in WALKERS_OF[kind]:
            walks[role, language] = walk = await _walk(town, name, language)
            record_property(f"{role} in {language}", _figures(walk))
        known = [data for walk in walks.values() for data in walk.known]
        for language, name in STRANGERS_OF[kind]:
            walks["stranger", language] = walk = await _visit(town, name, language, known)
            record_property(f"stranger in {language}", _figures(walk))
        record_property("in all", _sum(list(walks.values())))
        faults = [f"{role} in {language}: {fault}" for (role, language), walk in walks.items() for fault in walk.faults]
        assert not faults, "\n" + "\n".join(sorted(set(faults)))
        assert await town.does(_broken) == []
        assert all(30 < walk.pressed < PRESSES_MAX for walk in walks.values())


async def _give_roles(town: Town) -> None:
    """A second auditor and a second admin, and who speaks English speaks it."""
    for words in ("/grant auditor 阿和", "/grant admin 阿涛"):
        await town["dong"].says(words)
        await town["dong"].presses("确认授予")
    for _, language, name in WALKERS:
        if language == "en":
            await town[name].presses_data(ENGLISH)
    town.people.person("Sue", language_code="en")


async def _walk(town: Town, name: str, language: str) -> Walk:
    me = (await town.person(town[name])).id
    walk = Walk(town, town[name], await town.does(typed_words) + COUNTY, language == "zh")
    walk.shunned = frozenset({f"admin.taken:{me}:0"})
    await walk.go()
    return walk


async def _visit(town: Town, name: str, language: str, known: list[str]) -> Walk:
    """Somebody who never registered sees the welcome, in both languages, whatever button of others he presses."""
    typed = await town.does(typed_words) + COUNTY + town[name].user.first_name
    walk = Walk(town, town[name], typed, language == "zh")
    await walk.persona.starts()
    walk.look("/start")
    for data in ("people.welcome:en", "people.welcome:zh_CN"):
        walk.chinese = data.endswith("zh_CN")
        await walk.presses(data)
    walk.chinese = language == "zh"
    for data in sorted({data.partition(":")[0]: data for data in known}.values()):
        await walk.presses(data)
    assert (
        await town.does(lambda tx: tx.value("SELECT 1 FROM people WHERE telegram_id = :id", id=walk.persona.id)) is None
    )
    return walk


def _sum(walks: list[Walk]) -> str:
    screens, buttons = (set().union(*found) for found in ((w.screens for w in walks), (w.seen for w in walks)))
    pressed = sum(walk.pressed for walk in walks)
    return f"{len(screens)} screens, {len(buttons)} kinds of buttons, {pressed} presses, {len(walks)} walks"


def _figures(walk: Walk) -> str:
    return f"{len(walk.screens)} screens, {len(walk.seen)} kinds of buttons, {walk.pressed} presses, {len(walk.forms)} forms"
