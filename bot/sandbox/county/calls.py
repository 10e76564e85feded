"""A leader's call and an admin's announcement in the sample county, sent and answered."""

from functools import partial

from bot.domain import activities
from bot.domain.activities import Kind
from bot.sandbox.county.cast import ADMIN
from bot.sandbox.county.plans import ANNOUNCED, ANNOUNCING, RECRUITING
from bot.sandbox.county.story import Entry, Story
from bot.storage import Transaction

RECRUITER = "lan"
COMING, NOT_NOW = "🙋 我参加", "暂不"
ANSWERING = ("hua", "fang", "ming", "mei", "jie", "ning", "tom")


def diary(story: Story) -> list[Entry]:
    """Both are written by form, as people do; the recipients answer the next morning."""
    at = story.days.at
    return [
        (at(-5, 18), partial(_recruit, story)),
        (at(-4, 8), partial(_answer, story, 4)),
        (at(-2, 18), partial(_announce, story)),
        (at(-1, 9), partial(_answer, story, 6)),
    ]


async def _recruit(story: Story) -> None:
    leader = story.persona(RECRUITER)
    await leader.says(f"/recruit {RECRUITING}")
    for label in ("我们小组的卡片", "选择发给谁", "舞蹈团：全县"):
        await leader.presses(label)
    await _send(story, RECRUITER)


async def _announce(story: Story) -> None:
    async def fair(tx: Transaction) -> int:
        page = await activities.ahead(tx, Kind.EVENT, await story.admin(tx), 0, word=ANNOUNCED)
        return int(page.items[0].activity.id)

    admin = story.persona(ADMIN)
    await admin.says(f"/announce {ANNOUNCING}")
    await admin.says(str(await story.ground.does(fair)))
    for label in ("选择发给谁", "全县"):
        await admin.presses(label)
    await _send(story, ADMIN)


async def _send(story: Story, name: str) -> None:
    sender = story.persona(name)
    await sender.presses(next(label for label in sender.screen.labels if label.startswith("发给")))


async def _answer(story: Story, coming: int) -> None:
    """Most are coming, somebody isn't."""
    async with story.ground.together():
        for name in ANSWERING[:coming]:
            await story.persona(name).presses(COMING)
        await story.persona(ANSWERING[coming]).presses(NOT_NOW if coming < 6 else "Not now")
