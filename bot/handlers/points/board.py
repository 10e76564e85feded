"""/leaderboard: who earned most, where the county wants it to be seen."""

from bot.cards import Button, Card, card, press
from bot.domain import points
from bot.domain.points import board
from bot.domain.points.board import Mine, Place
from bot.locales import BLANK, Said, say, say_n
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

MONTH, YEAR, ALL = range(3)
WHEN = {MONTH: say("This month"), YEAR: say("This year"), ALL: say("All time")}
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


async def show(tx: Transaction, heard: Heard) -> Answer:
    """Who earned most this month, this year and in all"""
    which = heard.number() if heard.args else MONTH
    if which not in WHEN:
        raise stale()
    if not heard.house.settings.county.leaderboard:
        return _none_here()
    return await _board(tx, heard, which, heard.page(1))


def _none_here() -> Card:
    return card(
        say("This county keeps no leaderboard: help is no race. Your own points are yours to look at."),
        rows=((Button(say("My points"), "points.mine"),),),
    )


async def _board(tx: Transaction, heard: Heard, which: int, number: int) -> Card:
    period = board.periods_of(tx, tx.now)[which]
    shown, mine = await points.leaderboard(tx, period, number), await points.my_place(tx, heard.me.id, period)
    return card(
        say("🏅 <b>Leaderboard</b> · {when}", when=WHEN[which]),
        *(
            [_line(each, heard.me.id) for each in shown.items]
            or [
                say(
                    "Nobody has earned points yet. Whoever takes part in a task stands here a minute after it is confirmed."
                )
            ]
        ),
        BLANK,
        _own(mine),
        say("It goes by what was earned, not by what is left. Nicknames stand here only where people say so."),
        rows=(
            *shown.turner("points.board", which),
            tuple(Button(words, press("points.board", each)) for each, words in WHEN.items() if each != which),
            (_naming(mine, which),),
        ),
        back="points.mine",
    )


def _line(place: Place, me: int) -> Said:
    name = say("{name}", name=place.nickname) if place.nickname else say("a member")
    return say_n(
        "{place} {name}: <b>{n}</b> point",
        "{place} {name}: <b>{n}</b> points",
        place.amount,
        place=MEDALS.get(place.place, f"{place.place}."),
        name=say("<b>you</b>") if place.person_id == me else name,
    )


def _own(mine: Mine) -> Said:
    if mine.place:
        return say_n("You: {n} point, place {place}.", "You: {n} points, place {place}.", mine.amount, place=mine.place)
    if mine.lacking > 0:
        return say_n(
            "You: {amount}. {n} point more and you are among the first hundred.",
            "You: {amount}. {n} points more and you are among the first hundred.",
            mine.lacking,
            amount=mine.amount,
        )
    return say("You have no place yet.")


def _naming(mine: Mine, which: int) -> Button:
    if mine.is_named:
        return Button(say("Hide my nickname"), press("points.board.name", which, 0))
    return Button(say("Show my nickname"), press("points.board.name", which, 1))


async def name(tx: Transaction, heard: Heard) -> Answer:
    """Let one's nickname be seen there, or no longer."""
    if not heard.house.settings.county.leaderboard:
        return _none_here()
    which, shown = heard.number(), heard.number(1) == 1
    if which not in WHEN:
        raise stale()
    await (board.show_name(tx, by=heard.me) if shown else board.hide_name(tx, by=heard.me))
    told = say("Everybody sees your nickname there now.") if shown else say("Your nickname is hidden now.")
    return (await _board(tx, heard, which, 0)).with_toast(told)


ROUTES = [
    command("leaderboard", show, also=("积分榜", "排行榜", "board"), menu=False),
    on_press("points.board", show),
    on_press("points.board.name", name),
]
