"""A meeting pairs needs with offers; each pair is taken on by a claim and followed until it is done."""

from dataclasses import dataclass

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.config import House, Projects
from bot.domain import activities, groups, people
from bot.domain.activities import Activity, Kind
from bot.domain.people import Person
from bot.domain.projects import asking
from bot.domain.projects.claiming import claim
from bot.domain.projects.offering import offer
from bot.domain.projects.things import DAY, State
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, filled

FOLLOW = "projects.pairs"
FOLLOWED_DAYS, FOLLOWED_DAYS_MAX = 7, 56


@dataclass(frozen=True)
class Pair:
    """A need and an offer that a meeting brought together; `stands` is where the need stands now."""

    id: int
    activity_id: int
    project_id: int
    offer_id: int
    state: str
    at: int
    by_id: int
    need: str
    offered: str
    group_id: int
    group_name: str
    stands: State
    holder_group_id: int | None

    @property
    def is_live(self) -> bool:
        """Is the offer's group at it?"""
        return self.state == "taken" and self.holder_group_id == self.group_id

    @property
    def is_done(self) -> bool:
        return self.is_live and self.stands is State.SUMMARISED

    @property
    def came_apart(self) -> bool:
        """Was it taken on, and given back or lapsed since?"""
        return self.state == "taken" and not self.is_live


PAIR = """
    SELECT r.*, p.title AS need, o.title AS offered, o.group_id, g.name AS group_name, p.state AS stands, p.holder_group_id
    FROM pairs r JOIN projects p ON p.id = r.project_id JOIN offers o ON o.id = r.offer_id JOIN groups g ON g.id = o.group_id
"""


def _of_row(row: Row) -> Pair:
    return filled(Pair, row, stands=State(row["stands"]))


async def meeting(tx: Transaction, activity_id: int) -> Activity:
    """The meeting at which needs are paired with offers. Raises Refused for any other activity."""
    found = await activities.by_id(tx, activity_id)
    if found.kind is not Kind.MEETING:
        raise Refused(
            say("Needs are paired with offers at sharing meetings alone. Nothing was changed."),
            activities.to_card(activity_id),
        )
    return found


async def pair(tx: Transaction, pair_id: int) -> Pair:
    """The pair. Raises Refused where there is none any more."""
    row = await tx.one(f"{PAIR} WHERE r.id = :id", id=pair_id)
    if row is None:
        raise Refused(
            say("There is no such pair any more. Nothing was changed."), WayOut(say("Needs"), "projects.list:open")
        )
    return _of_row(row)


async def pairs(tx: Transaction, activity_id: int, number: int) -> Page:
    """A page of what a meeting has paired, in the order in which it did."""
    rows = await tx.all(
        f"{PAIR} WHERE r.activity_id = :id ORDER BY r.id LIMIT :limit OFFSET :offset",
        id=activity_id,
        **window(number),
    )
    return page_of((_of_row(row) for row in rows), number)


async def pair_up(tx: Transaction, activity_id: int, project_id: int, offer_id: int, *, by: Person) -> Pair:
    """Bring a need and an offer together, for whoever leads the meeting; the offer's leaders are asked. Raises Refused."""
    found = await meeting(tx, activity_id)
    await activities.managed_by(tx, activity_id, by)
    project, offered = await asking.by_id(tx, project_id), await offer(tx, offer_id)
    if project.state is not State.PUBLISHED:
        raise asking.stands(project)
    pair_id = await tx.value(
        "INSERT INTO pairs (activity_id, project_id, offer_id, at, by_id) SELECT :activity, :project, o.id, :now, :by "
        "FROM offers o WHERE o.id = :offer AND o.closed_at IS NULL ON CONFLICT DO NOTHING RETURNING id",
        activity=found.id,
        project=project.id,
        offer=offered.id,
        now=tx.now,
        by=by.id,
    )
    if pair_id is None:
        raise Refused(
            say("These two are a pair already, or the offer was taken off the list. Nothing was changed."),
            WayOut(say("Needs and offers"), press("projects.meeting", found.id)),
        )
    await due.plan(tx, FOLLOW, found.name, max(found.ends_at, tx.now) + FOLLOWED_DAYS * DAY)
    made = await pair(tx, int(pair_id))
    await _ask(tx, made)
    return made


async def _ask(tx: Transaction, made: Pair) -> None:
    screen = card(
        say(
            "🔗 “{offer}” of {group} was paired with a need: “{need}”.",
            offer=made.offered,
            group=made.group_name,
            need=made.need,
        ),
        say("Will you take it on? Your group then claims it, and plans an activity for it."),
        rows=((Button(say("Open"), press("projects.pair", made.id)),),),
    )
    for leader in await groups.leaders_of(tx, made.group_id):
        await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=f"pair:{tx.bot}:{made.id}:{leader.id}")


async def part(tx: Transaction, pair_id: int, *, by: Person) -> Pair:
    """Take back a pair that nobody has answered yet, for whoever leads the meeting. Raises Refused."""
    found = await pair(tx, pair_id)
    await activities.managed_by(tx, found.activity_id, by)
    if not await tx.run("DELETE FROM pairs WHERE id = :id AND state = 'proposed'", id=found.id):
        raise _answered(found)
    return found


def _answered(found: Pair) -> Refused:
    return Refused(
        say("This has been answered already. Nothing was changed."),
        WayOut(say("Open"), press("projects.pair", found.id)),
    )


async def answer_pair(tx: Transaction, pair_id: int, *, takes: bool, by: Person, rules: Projects) -> Pair:
    """Take a pair on, by claiming the need for the offer's group, or decline it; the meeting's leaders hear of it."""
    found = await pair(tx, pair_id)
    await groups.led_by(tx, found.group_id, by)
    state = "taken" if takes else "declined"
    if not await tx.run(
        "UPDATE pairs SET state = :state WHERE id = :id AND state = 'proposed'", state=state, id=found.id
    ):
        raise _answered(found)
    if takes:
        await claim(tx, found.project_id, found.group_id, by=by, rules=rules)
    words = (
        say("🔗 {group} takes on “{need}”.", group=found.group_name, need=found.need)
        if takes
        else say(
            "🔗 {group} can't take on “{need}”. Perhaps another offer fits.", group=found.group_name, need=found.need
        )
    )
    screen = card(words, rows=((Button(say("Needs and offers"), press("projects.meeting", found.activity_id)),),))
    for leader in await activities.answerable(tx, await activities.by_id(tx, found.activity_id)):
        if leader.id != by.id:
            await people.tell(tx, leader, screen, lane=Lane.REMINDER)
    return await pair(tx, pair_id)


COUNTED = """
    SELECT COUNT(*) FILTER (WHERE r.state = 'proposed') AS proposed,
        COUNT(*) FILTER (WHERE r.state = 'taken' AND p.holder_group_id = o.group_id AND p.state = 'summarised') AS done,
        COUNT(*) FILTER (WHERE r.state = 'taken' AND p.holder_group_id = o.group_id AND p.state <> 'summarised') AS going_on,
        COUNT(*) FILTER (WHERE r.state = 'taken' AND p.holder_group_id IS DISTINCT FROM o.group_id) AS apart
    FROM pairs r JOIN projects p ON p.id = r.project_id JOIN offers o ON o.id = r.offer_id WHERE r.activity_id = :id
"""


async def follow(tx: Transaction, item: Due, house: House) -> None:
    """A week after the meeting, and each week until all is done: whoever led it reads how its pairs are getting on."""
    found = await activities.by_id(tx, item.number)
    row = await tx.one(COUNTED, id=found.id)
    assert row is not None, "counting gives a row"
    if not row["proposed"] + row["going_on"] + row["apart"]:
        return
    screen = card(
        say("🔗 What “{title}” paired:", title=found.title),
        say(
            "{done} done · {going_on} going on · {proposed} not answered · {apart} came apart",
            **{name: row[name] for name in ("done", "going_on", "proposed", "apart")},
        ),
        rows=((Button(say("Needs and offers"), press("projects.meeting", found.id)),),),
    )
    for leader in await activities.answerable(tx, found):
        key = f"{FOLLOW}:{tx.bot}:{found.id}:{item.due_at}:{leader.id}"
        await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=key)
    following = item.due_at + FOLLOWED_DAYS * DAY
    if following <= found.ends_at + FOLLOWED_DAYS_MAX * DAY:
        await due.plan(tx, FOLLOW, found.name, max(following, tx.now + 1))
