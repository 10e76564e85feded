"""What follows when a post is closed or a weekly time is removed: duties end, and those who had them are told."""

from bot.cards import Button, card, press
from bot.config import House
from bot.domain import telling
from bot.domain.rotas import asking
from bot.due import Due
from bot.locales import say
from bot.storage import Transaction

TELL_GONE = "rotas.gone"
GONE = """
    FROM people p WHERE EXISTS (SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
        WHERE d.person_id = p.id AND h.post_id = :post AND d.why = 'gone' AND d.since = :at)
"""
# What is served no more: of a closed post everything, else the times that were removed.
VOID = """
    SELECT h.id FROM rota_shifts h JOIN rota_slots s ON s.id = h.slot_id JOIN rota_posts o ON o.id = h.post_id
    WHERE h.post_id = :post AND h.starts_at > :now AND (o.closed_at IS NOT NULL OR s.removed_at IS NOT NULL)
"""


async def clear(tx: Transaction, item: Due, house: House) -> None:
    """End the duties of what is served no more; nothing happens where that was taken back."""
    post = await asking.post_of(tx, item.number)
    await tx.all(
        "SELECT id FROM rota_shifts WHERE post_id = :post AND starts_at > :now ORDER BY id /*pg FOR UPDATE*/",
        post=post.id,
        now=tx.now,
    )
    ended = await tx.run(
        f"UPDATE rota_duties SET state = 'off', why = 'gone', seeking_at = NULL, since = :now "  # noqa: S608
        f"WHERE state = 'on' AND shift_id IN ({VOID})",
        post=post.id,
        now=tx.now,
    )
    await tx.run(f"UPDATE rota_shifts SET taken = 0 WHERE taken > 0 AND id IN ({VOID})", post=post.id, now=tx.now)  # noqa: S608
    await tx.run(
        "UPDATE rota_swaps SET state = 'withdrawn', settled_at = :now WHERE state = 'open' AND EXISTS "
        "(SELECT 1 FROM rota_duties d WHERE d.id IN (mine_id, theirs_id) AND d.state = 'off')",
        now=tx.now,
    )
    if ended:
        await telling.begin(tx, TELL_GONE, f"{post.subject}:{tx.now}")


async def tell_gone(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those whose duties ended."""
    post, at = await asking.post_of(tx, item.number), int(item.subject.split(":")[2])
    screen = card(
        say(
            "Duties of yours at <b>{post}</b> are not needed any more: times were removed, or the post was closed.",
            post=post.name,
        ),
        say("What stays is under “My duties”."),
        rows=(
            (Button(say("My duties"), "rotas.mine"), Button(say("Open the duty post"), press("rotas.post", post.id))),
        ),
    )
    audience = telling.Audience(GONE, values={"post": post.id, "at": at})
    await telling.spread(tx, item, f"rota-gone:{post.id}:{at}", audience, screen)
