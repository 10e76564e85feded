"""A small county to try the bot with: its people press and type as anybody would, so all of it is the bot's own deed."""

from collections.abc import Awaitable, Callable

from bot.domain import people as persons
from bot.sandbox.people import People
from bot.storage import Deed

YES = "是我，开始吧"
ADMIN, LEADER, RESIDENT = "dong", "lan", "ming"
NAMES = {
    ADMIN: "东哥",
    LEADER: "小兰",
    RESIDENT: "小明",
    "hua": "小花",
    "wei": "阿伟",
    "yu": "小雨",
    "shan": "大山",
    "yan": "小燕",
    "jie": "阿杰",
    "mei": "小梅",
    "zhou": "老周",
    "qin": "小琴",
}
Does = Callable[[Deed[str]], Awaitable[str]]


async def settle_in(people: People, does: Does) -> None:
    """Let the county's people arrive. `does` runs what is done at the machine's command line: the code for the admin."""
    for name, first_name in NAMES.items():
        persona = people.person(first_name, language_code="zh-hans")
        people.by_name[name] = people.by_name.pop(first_name)
        await persona.starts()
        await persona.presses(YES)
    await people.by_name[ADMIN].says(f"/claim {await does(persons.make_claim_code)}")
