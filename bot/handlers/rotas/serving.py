"""I serve here, on these weekdays; and when I am away."""

from datetime import date
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import rotas
from bot.domain.rotas import Post, reading
from bot.forms import Form, Question
from bot.handlers.rotas.showing import days_words, line, post_card
from bot.locales import Day, Said, say
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def serve(tx: Transaction, heard: Heard) -> Answer:
    """On which weekdays I can; whoever did not serve yet serves every day from this tap on."""
    post = await rotas.post_of(tx, heard.number())
    mine = await rotas.weekdays_of(tx, post, heard.me)
    if not mine:
        await rotas.serve(tx, post.id, rotas.EVERY_DAY, by=heard.me)
        return (await _days(tx, heard, post)).with_toast(say("Thank you! You serve here from now on."))
    return await _days(tx, heard, post)


async def _days(tx: Transaction, heard: Heard, post: Post) -> Card:
    mine = await rotas.weekdays_of(tx, post, heard.me)
    days = [
        Button(
            say("{mark} {day}", mark="✅" if mine & rotas.bit(day) else "▫️", day=name), press("rotas.day", post.id, day)
        )
        for day, name in enumerate(rotas.WEEKDAYS)
    ]
    return card(
        say("<b>{post}</b>: when can you serve?", post=post.name),
        say("You can: {days}.", days=days_words(mine)) if mine else say("You don't serve here."),
        say("A tap turns a day on or off. What you have been drawn for already stays; a later draw goes by this."),
        rows=(
            tuple(days[:4]),
            tuple(days[4:]),
            (
                Button(say("When I am away"), "rotas.away"),
                *((Button(say("I don't serve here"), press("rotas.leave", post.id)),) if mine else ()),
            ),
        ),
        back=press("rotas.post", post.id),
    )


async def day(tx: Transaction, heard: Heard) -> Answer:
    """Turn one weekday on or off."""
    if heard.number(1) > 6:
        raise stale()
    return await _days(tx, heard, await rotas.turn(tx, heard.number(), heard.number(1), by=heard.me))


async def leave(tx: Transaction, heard: Heard) -> Answer:
    """Serve here no more."""
    post = await rotas.serve(tx, heard.number(), 0, by=heard.me)
    shown = await post_card(tx, heard, post)
    return shown.with_toast(
        say("You are not drawn here any more. Duties that you have stay: look for somebody in time.")
    )


async def away(tx: Transaction, heard: Heard) -> Answer:
    """When I am away."""
    return await _away(tx, heard)


async def _away(tx: Transaction, heard: Heard, *first: Said, rows: tuple[tuple[Button, ...], ...] = ()) -> Card:
    found = await rotas.away_of(tx, heard.me)
    spans = [
        (row["id"], Day(date.fromisoformat(row["first_day"])), Day(date.fromisoformat(row["last_day"])))
        for row in found
    ]
    return card(
        *first,
        say("<b>When I am away</b>"),
        *(say("• {first} to {last}", first=begin, last=end) for _, begin, end in spans),
        say("On these days you are not drawn, at any post.")
        if spans
        else say("You are always here. Nothing is drawn for you on days when you are away."),
        rows=(
            *rows,
            *(
                (Button(say("✕ from {first}", first=begin), press("rotas.away.drop", number)),)
                for number, begin, _ in spans[: 6 - len(rows)]
            ),
            (Button(say("＋ I am away"), "rotas.away.new"),),
        ),
        back="rotas.home",
    )


async def new_away(tx: Transaction, heard: Heard) -> Answer:
    """Ask from when to when."""
    return await forms.begin(tx, heard, AWAY)


async def _went(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    meanwhile = await rotas.go_away(tx, answers["first"], answers["last"] or answers["first"], by=heard.me)
    if not meanwhile:
        return (await _away(tx, heard)).with_toast(say("Saved."))
    return await _away(
        tx,
        heard,
        say("Saved. In that time you have duties already: please look for somebody."),
        *(line(seat) for seat in meanwhile),
        rows=tuple(
            (Button(say("🔎 Find somebody for me"), press("rotas.duty", seat.duty.id)),) for seat in meanwhile[:2]
        ),
    )


async def drop_away(tx: Transaction, heard: Heard) -> Answer:
    """I am here after all."""
    await rotas.come_back(tx, heard.number(), by=heard.me)
    return (await _away(tx, heard)).with_toast(say("Removed."))


def _shown_day(value: str) -> Said:
    return say("{day}", day=Day(date.fromisoformat(value)))


AWAY = Form(
    "rotas.away",
    say("When I am away"),
    (
        Question(
            "first",
            say("From"),
            say("From which day on are you away? For instance “next Sat”."),
            reading.day,
            show=_shown_day,
        ),
        Question(
            "last",
            say("Until"),
            say("Until which day? That day included. Skip it if it is one day only."),
            reading.day,
            show=_shown_day,
            optional=True,
        ),
    ),
    _went,
    say("Save"),
)
FORMS: tuple[Form, ...] = (AWAY,)
ROUTES = [
    on_press("rotas.serve", serve),
    on_press("rotas.day", day),
    on_press("rotas.leave", leave),
    on_press("rotas.away", away),
    on_press("rotas.away.new", new_away),
    on_press("rotas.away.drop", drop_away),
]
