"""The points bank in the sample county: somebody finds an entry of hers wrong, and the county has not answered yet."""

from functools import partial

from bot.domain import points
from bot.sandbox.county.days import DAY
from bot.sandbox.county.story import Entry, Story
from bot.storage import Transaction

APPELLANT = "hua"


def diary(story: Story) -> list[Entry]:
    """She appeals the day before yesterday."""
    return [(story.days.past(story.days.now - 2 * DAY), partial(_appeal, story))]


async def _appeal(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        person = await story.person(tx, APPELLANT)
        earned = [each for each in (await points.entries(tx, person.id, 0)).items if each.amount > 0]
        if earned:
            await points.appeal_against(tx, earned[0].transfer_id, "那天我提前一小时到场布置，少算了。", by=person)

    await story.ground.does(deed)
