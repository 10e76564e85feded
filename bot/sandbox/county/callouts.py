"""A brigade in the sample county: who stands by, what it has, a mission from which all came back, a rehearsal that runs."""

from dataclasses import dataclass
from functools import partial

from bot.domain import callouts
from bot.domain.callouts import Brigade, Callout
from bot.sandbox.county.days import DAY, HOUR
from bot.sandbox.county.story import Entry, Story
from bot.storage import Transaction

NAME, ABOUT, LEADER = "应急突击队", "防汛、寻人、急救，随叫随到", "bo"
# Who is in it, by what they can do: the keys of the county's list of skills.
MEMBERS = {
    "bo": ("first_aid", "radio"),
    "ning": ("first_aid",),
    "ming": ("tools",),
    "hua": ("first_aid", "cooking"),
    "tom": ("driving",),
    "jie": ("boat", "swimming"),
    "shan": ("tools", "driving"),
    "tao": ("radio",),
}
ON_STANDBY = ("ning", "ming", "hua", "tom", "jie")
WILLING = 3
KIT = (("救生衣", 12), ("对讲机", 6), ("急救箱", 4))
AREAS = ("城关片区", "西桥片区", "东河片区", "南山片区")
COVERED = AREAS[:2]
MISSION_DAY, MISSION_HOUR = -9, 7
REHEARSAL_SECONDS = 900


@dataclass(frozen=True)
class Out:
    """A call-out: where to, how many, and who comes."""

    place: str
    wanted: int
    who: tuple[str, ...]
    drill: bool = False


MISSION = Out("东河堤，搬沙袋", 5, ("ming", "jie", "shan", "hua"))
REHEARSAL = Out("西桥头，集合", 4, ("jie", "hua"), drill=True)


def diary(story: Story) -> list[Entry]:
    """Made two weeks ago, out once, rehearsing just now."""
    out = story.days.at(MISSION_DAY, MISSION_HOUR)
    begin = partial(_call_out, story)
    return [
        (story.days.past(story.days.now - 15 * DAY), partial(_found, story)),
        (out, partial(begin, MISSION)),
        (out + HOUR // 2, partial(_arrive, story)),
        (out + 3 * HOUR, partial(_come_back, story)),
        (story.days.past(story.days.now - DAY), partial(_stand_by, story)),
        (story.days.now - REHEARSAL_SECONDS, partial(begin, REHEARSAL)),
    ]


async def _brigade(tx: Transaction) -> Brigade:
    brigade: Brigade = (await callouts.listed(tx, 0)).items[0]
    return brigade


async def _running(story: Story, tx: Transaction) -> Callout:
    return (await callouts.running(tx, await story.person(tx, LEADER)))[0]


async def _found(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        admin = await story.admin(tx)
        brigade = await callouts.found(tx, NAME, ABOUT, by=admin)
        for name in MEMBERS:
            await _enter(story, tx, brigade, name)
        leader = await story.person(tx, LEADER)
        await callouts.appoint(tx, brigade.id, leader.id, by=admin)
        for item, number in KIT:
            await callouts.stock_up(tx, brigade.id, item, number, by=leader)
        for area in AREAS:
            await callouts.add_area(tx, area, by=admin)
        for name in story.others[:WILLING]:
            await callouts.toggle_willing(tx, by=await story.person(tx, name))

    await story.ground.does(deed)


async def _enter(story: Story, tx: Transaction, brigade: Brigade, name: str) -> None:
    person, known = await story.person(tx, name), {each.key: each.id for each in await callouts.skills(tx)}
    await callouts.apply(tx, brigade.id, by=person)
    await callouts.decide(tx, brigade.id, person.id, takes=True, by=await story.admin(tx))
    for key in MEMBERS[name]:
        await callouts.toggle_skill(tx, known[key], by=person)


async def _stand_by(story: Story) -> None:
    """Most stand by for some days, and the brigade is there for two areas."""

    async def deed(tx: Transaction) -> None:
        for name in ON_STANDBY:
            await callouts.stand_by(tx, tx.now + 3 * DAY, by=await story.person(tx, name))
        brigade, leader = await _brigade(tx), await story.person(tx, LEADER)
        for area in (await callouts.areas(tx, 0)).items:
            if area.name in COVERED:
                await callouts.check_in(tx, area.id, brigade.id, by=leader)

    await story.ground.does(deed)


async def _call_out(story: Story, out: Out) -> None:
    async def send(tx: Transaction) -> Callout:
        leader, brigade = await story.person(tx, LEADER), await _brigade(tx)
        draft = await callouts.draft(tx, brigade.id, out.place, by=leader)
        for what, value in (("wanted", out.wanted), ("drill", int(out.drill))):
            await callouts.alter(tx, draft.id, what, value, by=leader)
        return await callouts.call_out(tx, draft.id, by=leader, rules=story.settings.callouts)

    callout = await story.ground.does(send)
    await story.for_each(out.who, partial(_come, story, callout.id))


async def _come(story: Story, callout_id: int, tx: Transaction, name: str) -> None:
    await callouts.come(tx, callout_id, tx.now + HOUR // 2, by=await story.person(tx, name))


async def _arrive(story: Story) -> None:
    async def deed(tx: Transaction) -> None:
        callout, leader = await _running(story, tx), await story.person(tx, LEADER)
        jackets = (await callouts.stock(tx, callout.brigade_id, 0)).items[0]
        for name in MISSION.who:
            person = await story.person(tx, name)
            await callouts.arrive(tx, callout.id, person.id, by=person)
            await callouts.hand_out(tx, callout.id, jackets.id, person.id, 1, by=leader)
        await callouts.begin(tx, callout.id, by=leader)

    await story.ground.does(deed)


async def _come_back(story: Story) -> None:
    """Everybody is back, and all the kit but one piece."""

    async def deed(tx: Transaction) -> None:
        callout, leader = await _running(story, tx), await story.person(tx, LEADER)
        for lent in (await callouts.lent(tx, callout.id, 0)).items[1:]:
            await callouts.take_kit_back(tx, lent.id, by=leader)
        for name in MISSION.who:
            person = await story.person(tx, name)
            await callouts.go_back(tx, callout.id, person.id, by=person, rules=story.settings.callouts)
        await callouts.close(tx, callout.id, by=leader)

    await story.ground.does(deed)
