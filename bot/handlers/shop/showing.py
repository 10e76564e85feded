"""An item as everybody sees it."""

from bot.domain import hours
from bot.domain.shop import Item, limit_words, pieces_words, price_words
from bot.locales import Moment, Said, say, say_n


def item_lines(item: Item) -> list[Said]:
    """What it is, what it costs, for whom, when and where."""
    lines = [
        say("🎁 <b>{name}</b>", name=item.name),
        *((say("{about}", about=item.about),) if item.about else ()),
        say("{price} a piece, {left} left", price=price_words(item.price), left=pieces_words(item.left)),
    ]
    if limit := limit_words(item):
        lines.append(say("At most {limit}", limit=limit))
    if item.star:
        lines.append(say("For {star} and up", star=hours.starred(item.star)))
    if item.group_id is not None:
        lines.append(say("For members of {group}", group=item.group_name or ""))
    if item.opens_at is not None:
        lines.append(say("From {moment}", moment=Moment(item.opens_at)))
    if item.closes_at is not None:
        lines.append(say("Until {moment}", moment=Moment(item.closes_at)))
    lines.append(say("📍 {partner}, {place}", partner=item.partner, place=item.place))
    if item.hours:
        lines.append(say("🕒 {hours}", hours=item.hours))
    lines.append(say_n("Kept for you for {n} day", "Kept for you for {n} days", item.keep_days))
    return lines
