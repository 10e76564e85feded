"""Templates: an activity is kept under a name, and published again with another date."""

from bot.cards import Page, page_of, window
from bot.domain import activities, audit, groups
from bot.domain.people import Person
from bot.domain.series.things import UNDO_SECONDS, Template, model_of, usual
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# Questions


LIST = """
    SELECT t.* FROM templates t LEFT JOIN groups g ON g.id = t.group_id
    WHERE t.gone_at IS NULL AND g.closed_at IS NULL AND (t.group_id IS NULL OR :admin = 1 OR EXISTS
        (SELECT 1 FROM leaders l WHERE l.group_id = t.group_id AND l.person_id = :me))
    ORDER BY t.name, t.id LIMIT :limit OFFSET :offset
"""


async def templates_of(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` may publish from: the county's and those of the groups he leads; all of them for an admin."""
    rows = await tx.all(LIST, me=me.id, admin=int(me.is_admin), **window(number))
    return page_of((Template.of_row(row) for row in rows), number)


async def template(tx: Transaction, template_id: int, me: Person) -> Template:
    """The template, if `me` may publish from it. Raises Refused."""
    row = await tx.one("SELECT * FROM templates WHERE id = :id AND gone_at IS NULL", id=template_id)
    if row is None:
        raise Refused(
            say("There is no such template any more. Nothing was published."),
            WayOut(say("Templates"), "templates.list"),
        )
    found = Template.of_row(row)
    if found.group_id is not None:
        await groups.led_by(tx, found.group_id, me)
    return found


async def own_template(tx: Transaction, template_id: int, me: Person) -> Template:
    """The template, if `me` may change it: the county's are its admins'. Raises Refused."""
    found = await template(tx, template_id, me)
    if found.group_id is None and not me.is_admin:
        raise Refused(say("This is the county's: only county admins change it. Nothing was changed."))
    return found


# Deeds


async def keep(tx: Transaction, activity_id: int, name: str, *, by: Person) -> Template:
    """Keep an activity as a template of its group, or of the county. Raises Refused for a name that is there already."""
    activity = await activities.managed_by(tx, activity_id, by)
    weekday, minute = usual(activity.starts_at, tx)
    row = await tx.one(
        "INSERT INTO templates (group_id, name, model, weekday, minute, made_at, made_by) "
        "SELECT :group_id, :name, :model, :weekday, :minute, :now, :by WHERE NOT EXISTS (SELECT 1 FROM templates "
        "WHERE gone_at IS NULL AND COALESCE(group_id, 0) = COALESCE(CAST(:group_id AS BIGINT), 0) "
        "AND folded(name) = folded(:name)) ON CONFLICT DO NOTHING RETURNING *",
        group_id=activity.group_id,
        name=name,
        model=(await model_of(tx, activity)).kept(),
        weekday=weekday,
        minute=minute,
        now=tx.now,
        by=by.id,
    )
    if row is None:
        raise _taken(name)
    await audit.note(tx, "template.kept", f"template:{row['id']}", by=by.id, group=activity.group_id)
    return Template.of_row(row)


def _taken(name: str) -> Refused:
    return Refused(
        say("There is a template “{name}” already. Nothing was saved; please choose another name.", name=name),
        WayOut(say("Templates"), "templates.list"),
    )


# Another one of the same name stands in the way.
FREE = """
    NOT EXISTS (SELECT 1 FROM templates t WHERE t.gone_at IS NULL AND t.id <> templates.id
        AND COALESCE(t.group_id, 0) = COALESCE(templates.group_id, 0) AND folded(t.name) = folded({name}))
"""


async def rename(tx: Transaction, template_id: int, name: str, *, by: Person) -> Template:
    """Give it another name. Raises Refused for one that is there already."""
    found = await own_template(tx, template_id, by)
    free = FREE.format(name="CAST(:name AS TEXT)")
    if not await tx.run(f"UPDATE templates SET name = :name WHERE id = :id AND {free}", name=name, id=found.id):  # noqa: S608
        raise _taken(name)
    return await own_template(tx, template_id, by)


async def delete(tx: Transaction, template_id: int, *, by: Person) -> Template:
    """Delete it; what was published from it stays. It can be brought back for a minute."""
    found = await own_template(tx, template_id, by)
    await tx.run("UPDATE templates SET gone_at = :now WHERE id = :id", now=tx.now, id=found.id)
    await audit.note(tx, "template.deleted", f"template:{found.id}", by=by.id)
    return found


async def bring_back(tx: Transaction, template_id: int, *, by: Person) -> Template:
    """Take a deletion back. Raises Refused after a minute."""
    back = await tx.run(
        f"UPDATE templates SET gone_at = NULL WHERE id = :id AND gone_at > :earliest AND {FREE.format(name='templates.name')}",  # noqa: S608
        id=template_id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if not back:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            WayOut(say("Templates"), "templates.list"),
        )
    return await own_template(tx, template_id, by)
