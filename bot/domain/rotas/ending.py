"""A rota ends, or was never drawn: its leaders hear it while the next one can still be drawn."""

from datetime import date, timedelta

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.dates import instant_on
from bot.domain import people
from bot.domain.rotas import asking
from bot.domain.rotas.things import Post
from bot.due import Due
from bot.locales import Day, say
from bot.outbox import Lane
from bot.storage import Transaction

ENDING = "rotas.ending"
MINUTE_OF_DAY = 9 * 60


async def look_on(tx: Transaction, post: Post, *days: date) -> None:
    """Look on the first of these days whose morning is ahead whether anybody is drawn for what comes after."""
    mornings = (instant_on(day, MINUTE_OF_DAY, tx.clock.zone) for day in days)
    if at := next((each for each in mornings if each > tx.now), None):
        await due.plan(tx, ENDING, post.subject, at)


async def tell_ending(tx: Transaction, item: Due, house: House) -> None:
    """Its leaders are told that nobody is drawn for what is served in some days, unless that is so no more."""
    post = await asking.post_of(tx, item.number)
    last = await asking.last_drawing(tx, post)
    early = timedelta(days=house.settings.rotas.gap_alarm_days)
    if post.closed_at or not await asking.slots_of(tx, post.id) or (last and last.last > tx.today + early):
        return
    words = (
        say(
            "The rota of <b>{post}</b> ends on {day}: nobody is drawn for what comes after.",
            post=post.name,
            day=Day(last.last),
        )
        if last
        else say("Nobody is drawn yet for the weekly times of <b>{post}</b>.", post=post.name)
    )
    rows = (
        (
            Button(say("Draw"), press("rotas.draw", post.id), style="primary"),
            Button(say("Open the duty post"), press("rotas.post", post.id)),
        ),
    )
    for leader in await asking.leaders_of(tx, post):
        key = f"{ENDING}:{tx.bot}:{post.id}:{item.due_at}:{leader.id}"
        await people.tell(tx, leader, card(words, rows=rows), lane=Lane.REMINDER, key=key)
