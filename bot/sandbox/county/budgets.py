"""Budgets and gifts in the sample county: a group with points to reward with, two rewards, and gifts that are final or wait."""

from functools import partial

from bot.domain import groups, points
from bot.domain.points import Receiver
from bot.sandbox.county.days import DAY
from bot.sandbox.county.story import Entry, Story, club
from bot.storage import Transaction

CLUB, LEADER = "舞蹈团", "lan"
GRANTED, REWARDED, GIVEN = 50, 8, 2
GIVERS = ("fang", "jie")


def diary(story: Story) -> list[Entry]:
    """Granted nine days ago; the leader rewards two a week ago, and members give a little away yesterday and an hour ago."""
    now = story.days.now
    return [
        (story.days.past(now - 9 * DAY), partial(_grant, story)),
        (story.days.past(now - 7 * DAY), partial(_reward, story)),
        (story.days.past(now - 2 * DAY), partial(_give, story, GIVERS[0], "lan", "谢谢你教我跳舞")),
        (now - 3600, partial(_give, story, GIVERS[1], "", "给大家发奖励用")),
    ]


async def _grant(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        group = await club(tx, CLUB)
        await points.ask_budget(tx, group.id, GRANTED, "春节联排的奖励", "story", by=await story.admin(tx))

    await story.ground.does(deed)


async def _reward(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        group, leader = await club(tx, CLUB), await story.person(tx, LEADER)
        members = [person.id for person in await groups.members_of(tx, group.id) if person.id != leader.id]
        await points.reward(tx, group.id, members[:2], REWARDED, "排练时帮忙搬音响", "story", by=leader)

    await story.ground.does(deed)


async def _give(story: Story, giver: str, receiver: str, words: str) -> None:
    """To somebody, or to the group where nobody is named; whoever has not earned so much gives nothing."""

    async def deed(tx: Transaction) -> None:
        by = await story.person(tx, giver)
        if await points.balance(tx, by.id) < GIVEN:
            return
        to = Receiver(person_id=(await story.person(tx, receiver)).id) if receiver else None
        to = to or Receiver(group_id=(await club(tx, CLUB)).id)
        await points.give(tx, to, GIVEN, words, f"story:{giver}", by=by)

    await story.ground.does(deed)
