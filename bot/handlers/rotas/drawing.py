"""The draw: looked at first, then published; and anyone draws it again."""

from datetime import date
from typing import Any

from bot import forms
from bot.cards import Button, File, card, press
from bot.domain import people, rotas
from bot.domain.rotas import UNDO_SECONDS, Draft, Drawing, Figures, reading
from bot.forms import Form, Question
from bot.handlers.rotas.planning import plan_card
from bot.handlers.rotas.showing import post_card, undo_button
from bot.locales import BLANK, Day, Said, Span, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WEEKS_CHOICES = (1, 4, 8, 13, 26)
GAPS_SHOWN = 6
NAMES_SHOWN = 20


async def draw(tx: Transaction, heard: Heard) -> Answer:
    """For how many weeks."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    first = await rotas.first_day(tx, post)
    last = await rotas.last_drawing(tx, post)
    again = (_once_more(last),) if last and last.last >= tx.today else ()
    return card(
        say("<b>{post}</b>: draw", post=post.name),
        say(
            "From {day} on, for how many weeks? You see it first; nothing counts until you publish it.", day=Day(first)
        ),
        *(
            (
                say(
                    "“Once more” draws from {day} on again: what people arranged among themselves stays.",
                    day=Day(last.first),
                ),
            )
            if again and last
            else ()
        ),
        rows=(
            tuple(Button(say("{value}", value=weeks), _preview(post.id, first, weeks)) for weeks in WEEKS_CHOICES),
            (Button(say("Other weeks"), press("rotas.weeks", post.id)), *again),
        ),
        back=press("rotas.post", post.id),
    )


def _once_more(last: Drawing) -> Button:
    return Button(say("Once more"), _preview(last.post_id, last.first, last.weeks))


def _preview(post_id: int, first: date, weeks: int) -> str:
    return press("rotas.preview", post_id, f"{first:%Y%m%d}", weeks)


async def weeks(tx: Transaction, heard: Heard) -> Answer:
    """Ask for another number of weeks."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, WEEKS, {"post": post.id})


async def _chosen(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    post = await rotas.led_post(tx, answers["post"], heard.me)
    first = await rotas.first_day(tx, post)
    return card(
        say("<b>{post}</b>: draw", post=post.name),
        say_n("From {day} on, for {n} week.", "From {day} on, for {n} weeks.", answers["weeks"], day=Day(first)),
        rows=((Button(say("Look at it"), _preview(post.id, first, answers["weeks"])),),),
        back=press("rotas.draw", post.id),
    )


async def drawn(tx: Transaction, heard: Heard) -> Draft:
    """Drawn beside the database: for many people and weeks that takes a while."""
    post = await rotas.led_post(tx, heard.number(), heard.me)
    first = reading.iso_day(heard.args[1] if len(heard.args) > 1 else "")
    if first is None:
        raise stale()
    inputs, seed = await rotas.draft(tx, post, first, heard.number(2))
    return Draft(first, heard.number(2), seed, inputs, await tx.apart(rotas.compute, inputs, seed))


async def preview(tx: Transaction, heard: Heard) -> Answer:
    """What it comes to, in exact numbers."""
    drawing = await rotas.preview(tx, heard.number(), heard.report, by=heard.me)
    post = await rotas.post_of(tx, drawing.post_id)
    found = rotas.figures(drawing)
    return card(
        say("<b>{post}</b>: {first} to {last}", post=post.name, first=Day(drawing.first), last=Day(drawing.last)),
        *_numbers(found),
        *await _shares(tx, drawing),
        *_gaps(found),
        BLANK,
        say("🎲 Seed {seed}: whoever draws again comes to the same.", seed=drawing.seed),
        say_n(
            "Publish it? {n} person is told in a minute.", "Publish it? {n} people are told in a minute.", found.people
        ),
        rows=((Button(say("Publish"), press("rotas.publish", drawing.id), style="primary"),),),
        back=press("rotas.draw", post.id),
    )


def _numbers(found: Figures) -> tuple[Said, ...]:
    return (
        say_n(
            "{n} duty for {people}.",
            "{n} duties for {people}.",
            found.duties,
            people=say_n("{n} person", "{n} people", found.people),
        ),
        say("Each has {fewest} to {most}.", fewest=found.fewest, most=found.most)
        if found.fewest < found.most
        else say_n("Each has {n}.", "Each has {n}.", found.most),
        say_n("⚠️ {n} place stays empty.", "⚠️ {n} places stay empty.", found.missing)
        if found.missing
        else say("Every place is filled."),
        *(
            (
                say_n(
                    "{n} time only new ones serve together.", "{n} times only new ones serve together.", found.unpaired
                ),
            )
            if found.unpaired
            else ()
        ),
    )


async def _shares(tx: Transaction, drawing: Drawing) -> tuple[Said, ...]:
    """How many each has; of very many people, how many have how many."""
    counts = rotas.counts_of(drawing)
    if len(counts) > NAMES_SHOWN:
        each = sorted(set(counts.values()))
        return tuple(say("• {many} × {n}", many=list(counts.values()).count(n), n=n) for n in each[:8])
    names = [f"{(await people.by_id(tx, number)).nickname} × {n}" for number, n in sorted(counts.items())]
    return (say("👤 {names}", names=" · ".join(names)),)


def _gaps(found: Figures) -> tuple[Said, ...]:
    """When places stay empty."""
    if not found.gaps:
        return ()
    more = len(found.gaps) - GAPS_SHOWN
    return (
        say("Short of people:"),
        *(say("• {when}", when=Span(start, end)) for start, end in found.gaps[:GAPS_SHOWN]),
        *((say_n("and {n} more", "and {n} more", more),) if more > 0 else ()),
    )


async def publish(tx: Transaction, heard: Heard) -> Answer:
    """Let it count."""
    drawing = await rotas.publish(tx, heard.number(), by=heard.me, settings=heard.house.settings)
    screen = await plan_card(tx, heard.me, drawing.post_id, drawing.first, undo_button("rotas.unpublish", drawing.id))
    return screen.with_toast(
        say("Published. Everybody is told in a minute; until then you can undo it ({n} s).", n=UNDO_SECONDS)
    )


async def unpublish(tx: Transaction, heard: Heard) -> Answer:
    """Everything is as before."""
    post = await rotas.undo(tx, heard.number(), by=heard.me)
    return (await post_card(tx, heard, post)).with_toast(say("Undone; nobody was told."))


# How it was drawn


async def again(tx: Transaction, heard: Heard) -> bool:
    """Draw it again from what was written down, and compare."""
    drawing = await rotas.drawing_of(tx, heard.number())
    await rotas.seen_post(tx, drawing.post_id, heard.me)
    outcome = await tx.apart(rotas.compute, drawing.inputs, drawing.seed)
    return bool(outcome == drawing.outcome)


async def how(tx: Transaction, heard: Heard) -> Answer:
    """The rules, the seed, and whether drawing again comes to the same."""
    drawing = await rotas.drawing_of(tx, heard.number())
    post = await rotas.seen_post(tx, drawing.post_id, heard.me)
    same = heard.report
    return card(
        say("<b>{post}</b>: how it was drawn", post=post.name),
        say("{first} to {last}", first=Day(drawing.first), last=Day(drawing.last)),
        say("Fewest duties first, then whoever served longest ago, then the lot of the seed."),
        say("Somebody experienced beside somebody new; nobody on days when he can't, or twice at a time."),
        say("🎲 Seed: {seed}", seed=drawing.seed),
        say("✅ Drawn again just now: the same.")
        if same
        else say("❌ Drawn again just now: not the same! Please tell a county admin."),
        rows=((Button(say("What it was drawn from"), press("rotas.inputs", drawing.id)),),),
        back=press("rotas.plan", post.id),
    )


async def inputs(tx: Transaction, heard: Heard) -> Answer:
    """What it was drawn from, as a file: people by number alone."""
    drawing = await rotas.drawing_of(tx, heard.number())
    await rotas.seen_post(tx, drawing.post_id, heard.me)
    content = f'{{"seed":"{drawing.seed}","inputs":{drawing.inputs},"outcome":{drawing.outcome}}}'
    return card(
        say("What it was drawn from: people stand in it by number alone, and without the reasons why they could not."),
        back=press("rotas.how", drawing.id),
        file=File(f"draw-{drawing.id}.json", content.encode()),
    )


WEEKS = Form(
    "rotas.weeks",
    say("Draw"),
    (
        Question(
            "weeks",
            say("Weeks"),
            say("For how many weeks? At most {n}.", n=rotas.WEEKS_MAX),
            forms.whole_number(1, rotas.WEEKS_MAX),
        ),
    ),
    _chosen,
    say("Go on"),
    Who.LEADER | Who.ADMIN,
)
FORMS: tuple[Form, ...] = (WEEKS,)
ROUTES = [
    on_press("rotas.draw", draw),
    on_press("rotas.weeks", weeks),
    on_press("rotas.preview", preview, read=drawn),
    on_press("rotas.publish", publish),
    on_press("rotas.unpublish", unpublish),
    on_press("rotas.how", how, read=again),
    on_press("rotas.inputs", inputs),
]
