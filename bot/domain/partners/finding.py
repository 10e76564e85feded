"""Questions about shares: one, those of a partner, whom to share with, and who may see or do what."""

from collections.abc import Sequence

from bot.cards import ROWS_PER_PAGE, Page, page_of, press, window
from bot.domain import activities, groups
from bot.domain.groups import Group
from bot.domain.partners.things import SHARE, Share
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

NODES_A_PAGE = 5
# A share is of no more use to a partner's leaders so long after the start.
SHOWN_DAYS = 30
DAY = 24 * 3600


async def by_id(tx: Transaction, share_id: int) -> Share:
    """The share. Raises Refused where there is none."""
    row = await tx.one(f"{SHARE} WHERE s.id = :id", id=share_id)
    if row is None:
        raise Refused(say("There is no such share. Nothing was changed; please open the activity again."))
    return Share(**row)


async def manages(tx: Transaction, share: Share, person: Person) -> bool:
    """Does this person answer for the activity?"""
    if person.is_admin:
        return True
    return share.group_id is not None and await groups.leads(tx, share.group_id, person)


async def managed_by(tx: Transaction, share_id: int, person: Person) -> Share:
    """The share, if this person answers for its activity. Raises Refused otherwise."""
    share = await by_id(tx, share_id)
    await activities.managed_by(tx, share.activity_id, person)
    return share


async def received_by(tx: Transaction, share_id: int, person: Person) -> Share:
    """The share, if this person leads the partner. Raises Refused otherwise."""
    share = await by_id(tx, share_id)
    await groups.led_by(tx, share.partner_id, person)
    return share


async def seen_by(tx: Transaction, share_id: int, person: Person) -> Share:
    """The share for whoever may see its numbers and names: both sides' leaders, admins, auditors. Raises Refused."""
    share = await by_id(tx, share_id)
    if person.reads_all or await manages(tx, share, person) or await groups.leads(tx, share.partner_id, person):
        return share
    raise Refused(
        say("Only the leaders of both sides and county admins see this. Nothing was changed."),
        WayOut(say("Open the activity"), press("activities.open", share.activity_id)),
    )


async def of_partner(tx: Transaction, group: Group, number: int) -> Page:
    """A page of what is shared with a group, the next first; what began over a month ago is left out."""
    rows = await tx.all(
        f"{SHARE} WHERE s.partner_id = :group AND a.state <> 'cancelled' AND a.starts_at > :since "
        "ORDER BY CASE WHEN a.starts_at > :now THEN 0 ELSE 1 END, ABS(a.starts_at - :now), s.id LIMIT :limit OFFSET :offset",
        group=group.id,
        now=tx.now,
        since=tx.now - SHOWN_DAYS * DAY,
        **window(number, ROWS_PER_PAGE),
    )
    return page_of((Share(**row) for row in rows), number, each=ROWS_PER_PAGE)


async def ahead_of(tx: Transaction, group_id: int) -> Sequence[Share]:
    """What is shared with a group and has not begun."""
    rows = await tx.all(
        f"{SHARE} WHERE s.partner_id = :group AND s.state = 'on' AND a.state = 'open' AND a.starts_at > :now ORDER BY a.id",
        group=group_id,
        now=tx.now,
    )
    return [Share(**row) for row in rows]


async def off_together(tx: Transaction, share: Share) -> Sequence[Share]:
    """What the partner had to do with and one deed called off, as with a series or a group: this share, and those beside it."""
    rows = await tx.all(
        f"{SHARE} JOIN activities one ON one.id = :activity WHERE s.partner_id = :group AND (a.id = one.id OR "
        "(a.state = 'cancelled' AND a.group_id = one.group_id AND a.settled_at = one.settled_at AND a.reason = one.reason "
        "AND a.lacked IS NULL AND one.lacked IS NULL)) ORDER BY a.starts_at, s.id",
        activity=share.activity_id,
        group=share.partner_id,
    )
    return [each for each in (Share(**row) for row in rows) if each.concerns]


async def are_shared_with(tx: Transaction, group_id: int) -> bool:
    """Was anything ever shared with this group?"""
    return await tx.value("SELECT 1 FROM shares WHERE partner_id = :group LIMIT 1", group=group_id) is not None


async def nodes(tx: Transaction, activity_id: int, kind: str, number: int) -> Page:
    """A page of the open groups of a kind with which an activity is not shared just now, by name."""
    rows = await tx.all(
        "SELECT * FROM groups WHERE closed_at IS NULL AND kind = :kind AND id NOT IN "
        "(SELECT partner_id FROM shares WHERE activity_id = :activity AND state = 'on') "
        "ORDER BY name, id LIMIT :limit OFFSET :offset",
        kind=kind,
        activity=activity_id,
        **window(number, NODES_A_PAGE),
    )
    return page_of((Group(**row) for row in rows), number, each=NODES_A_PAGE)
