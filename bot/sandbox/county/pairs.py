"""A sharing meeting in the sample county: two offers, a pair that waits for an answer, and needs that could be paired."""

from functools import partial

from bot.domain import activities, projects
from bot.domain.activities import Kind
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

OFFERS = (("徒步队", "一辆七座车，周末可用", "jie"), ("编程社", "两位会修电脑的师傅", "lei"))
TITLE, PLACE, HOST, HOST_GROUP = "本月资源分享会", "青年之家二楼", "jing", "支教队"


def diary(story: Story) -> list[Entry]:
    """Planned and paired a day ago; it takes place in three days."""
    return [(story.days.past(story.days.now - DAY + HOUR), partial(_pair, story))]


async def _pair(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        host, start = await story.person(tx, HOST), story.days.at(3, 19)
        draft = activities.Draft(
            Kind.MEETING, (await club(tx, HOST_GROUP)).id, TITLE, "", PLACE, start, start + 2 * HOUR, None, 0
        )
        meeting = await activities.publish(tx, draft, by=host)
        for group, title, leader in OFFERS:
            await projects.make_offer(tx, (await club(tx, group)).id, title, "", by=await story.person(tx, leader))
        needs = await projects.listed(tx, "open", host, 0)
        if needs.items:
            await projects.pair_up(tx, meeting.id, needs.items[0].id, 1, by=host)

    await story.ground.does(deed)
