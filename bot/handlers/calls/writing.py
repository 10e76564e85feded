"""Writing a call: the text, the audience, a preview with its numbers; then Send."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, page_in, press
from bot.domain import activities, calls, groups, people
from bot.domain.activities import Activity
from bot.domain.calls import Call, Counts, Reach
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, Value, say, say_n
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

# Two buttons each, which stand one below the other where the group's name is long.
GROUPS_A_PAGE = 3
OWN_CARD = "*"


async def recruit(tx: Transaction, heard: Heard) -> Answer:
    """Call for your group: its members, or the county"""
    if heard.args:
        return await _begin_for(tx, heard, await activities.by_id(tx, heard.number()))
    return await _begin(tx, heard, RECRUIT)


async def _begin_for(tx: Transaction, heard: Heard, activity: Activity) -> Card:
    """Where it leads is known, and what most would write is there to be tapped."""
    ready = people.reader(tx, heard.me.language).plain(_ready_words(activity))
    link = await _read_link(str(activity.id), tx)
    return await forms.begin(tx, heard, RECRUIT_FOR, {"ready": ready}, link=link)


def _ready_words(activity: Activity) -> Said:
    where: dict[str, Value] = {"title": activity.title, "moment": Moment(activity.starts_at), "place": activity.place}
    if not activity.free:
        return say("“{title}”, {moment}, {place}. Will you come?", **where)
    return say_n(
        "“{title}” still needs {n} person: {moment}, {place}. Will you come?",
        "“{title}” still needs {n} people: {moment}, {place}. Will you come?",
        activity.free,
        **where,
    )


async def announce(tx: Transaction, heard: Heard) -> Answer:
    """Announce something to the county or to a group"""
    return await _begin(tx, heard, ANNOUNCE)


async def _begin(tx: Transaction, heard: Heard, form: Form) -> Card:
    if heard.kind == "command" and heard.words:
        return await forms.begin(tx, heard, form, text=calls.clean_text(heard.words))
    return await forms.begin(tx, heard, form)


async def _read_link(typed: str, tx: Transaction) -> dict[str, str]:
    """The card that was named: an activity by its number or title, a group by its name. `data` is its button's."""
    if typed == OWN_CARD:
        return {"data": calls.OWN}
    words = " ".join(typed.split())[: groups.NAME_CHARACTERS_MAX]
    activity = await activities.meant(tx, words)
    if activity:
        return {"data": press("activities.open", activity.id), "name": activity.title}
    group = await groups.matching(tx, words, "groups.open")
    return {"data": press("groups.open", group.id), "name": group.name}


def _show_link(value: dict[str, str]) -> Said:
    return say("the group's card") if value["data"] == calls.OWN else say("{value}", value=value["name"])


async def _recruit_written(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _written(tx, heard, "recruit", answers)


async def _announcement_written(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    return await _written(tx, heard, "announce", answers)


async def _written(tx: Transaction, heard: Heard, kind: str, answers: dict[str, Any]) -> Answer:
    link = answers["link"]["data"] if answers["link"] else ""
    return await _audiences(tx, heard, await calls.draft(tx, kind, answers["text"], link, by=heard.me))


async def who(tx: Transaction, heard: Heard) -> Answer:
    """Choose another audience."""
    return await _audiences(tx, heard, await calls.draft_of(tx, heard.number(), heard.me), heard.page(1))


async def _audiences(tx: Transaction, heard: Heard, call: Call, number: int = 0) -> Card:
    rows = await _own_groups(tx, heard, call, number) if call.kind == "recruit" else _county_or_group(call)
    cancel = (Button(say("Cancel"), press("calls.cancel", call.id)),)
    return card(say("<b>Who shall get it?</b>"), say("Nothing is sent yet."), rows=(*rows, cancel), home=False)


def _county_or_group(call: Call) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(say("The whole county"), press("calls.to", call.id, 0, 1)),),
        (Button(say("One group …"), press("calls.groups", call.id)),),
    )


async def _own_groups(tx: Transaction, heard: Heard, call: Call, number: int) -> tuple[tuple[Button, ...], ...]:
    led = await groups.led_groups(tx, heard.me)
    page = page_in(led, number, GROUPS_A_PAGE)
    rows = tuple(
        (
            Button(say("{group}: members", group=group.name), press("calls.to", call.id, group.id, 0)),
            Button(say("{group}: county", group=group.name), press("calls.to", call.id, group.id, 1)),
        )
        for group in page.items
    )
    return (*rows, *page.turner("calls.who", call.id))


async def choose_group(tx: Transaction, heard: Heard) -> Answer:
    """Choose the group whose members get an announcement."""
    call = await calls.draft_of(tx, heard.number(), heard.me)
    page: Page = await groups.listed(tx, heard.page(1))
    return card(
        say("<b>Who shall get it?</b>"),
        page.place(),
        rows=(
            *(
                (Button(say("{value}", value=group.name), press("calls.to", call.id, group.id, 0)),)
                for group in page.items
            ),
            *page.turner("calls.groups", call.id),
            (Button(say("Cancel"), press("calls.cancel", call.id)),),
        ),
        back=press("calls.who", call.id),
        home=False,
    )


async def to(tx: Transaction, heard: Heard) -> Answer:
    """The audience is chosen: show what will be sent, and what it means."""
    group_id = heard.number(1) or None
    call = await calls.address(tx, heard.number(), group_id, county=bool(heard.number(2)), by=heard.me)
    return await _preview(tx, heard, call)


async def _preview(tx: Transaction, heard: Heard, call: Call) -> Card:
    rate = heard.house.settings.sending.per_second
    reach = await calls.reach(tx, call, rate)
    lines = [_reached(reach)]
    if reach.unreachable:
        lines.append(
            say_n(
                "{n} can't be reached: never pressed Start, or blocked me.",
                "{n} can't be reached: never pressed Start, or blocked me.",
                reach.unreachable,
            )
        )
    if reach.quiet:
        lines.append(
            say_n(
                "{n} is in quiet hours now and gets it when they end.",
                "{n} are in quiet hours now and get it when they end.",
                reach.quiet,
            )
        )
    label = say_n("Send to {n}", "Send to {n}", reach.reached)
    if reach.is_estimate:
        label = say("Send to about {n}", n=reach.reached)
        lines.append(say("Estimated from a sample. Once it is sent, everybody is counted."))
    send = Button(label, press("calls.send", call.id), style="primary")
    return card(
        say("<b>Preview</b> · nothing is sent yet"),
        BLANK,
        *calls.letter(call, await calls.group_name(tx, call)).lines,
        BLANK,
        *lines,
        rows=(
            *(((send,),) if reach.reached else ()),
            (
                Button(say("Another audience"), press("calls.who", call.id)),
                Button(say("Cancel"), press("calls.cancel", call.id)),
            ),
        ),
        home=False,
    )


def _reached(reach: Reach) -> Said:
    time = span(reach.seconds)
    if reach.is_estimate:
        return say("Reaches about {n} people in {time}.", n=reach.reached, time=time)
    return say_n("Reaches {n} person in {time}.", "Reaches {n} people in {time}.", reach.reached, time=time)


def span(seconds: int) -> Said:
    """A length of time as it is shown: seconds, or minutes and seconds."""
    if seconds < 60:
        return say("{n} s", n=seconds)
    return say("{minutes} min {seconds} s", minutes=seconds // 60, seconds=seconds % 60)


async def send(tx: Transaction, heard: Heard) -> Answer:
    """Send it, and show from now on how far it is."""
    return calls.progress_card(await calls.send(tx, heard.number(), by=heard.me), Counts(), finished=False)


async def cancel(tx: Transaction, heard: Heard) -> Answer:
    """Send nothing."""
    await calls.cancel(tx, heard.number(), by=heard.me)
    return card(say("Cancelled. Nothing was sent."))


TEXT = Question(
    "text",
    say("Text"),
    say("What do you want to tell them? At most 1,000 characters."),
    lambda typed, tx: calls.clean_text(typed),
)


def _ready(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    """What can be sent as it stands; the summary shows it before anything goes out."""
    yield known["ready"], say("Ready words: who, when, where")


NAMED = say("Send the number or title of a task or event, or the name of a group.")
RECRUITS_FOR = say(
    "Everybody gets a button “I'm in”. Where shall it lead? {named} “Skip”: it leads nowhere and only counts.",
    named=NAMED,
)
ANNOUNCED = say(
    "Shall there be a button “I'm in” below it? {named} That is where it leads. “Skip”: the text alone, no button.",
    named=NAMED,
)
RECRUIT = Form(
    "recruit",
    say("A call for your group"),
    (
        TEXT,
        Question(
            "link",
            say("Leads to"),
            RECRUITS_FOR,
            _read_link,
            show=_show_link,
            optional=True,
            choices=((OWN_CARD, say("Our group's card")),),
        ),
    ),
    _recruit_written,
    say("Choose who gets it"),
    Who.LEADER,
)
# For one activity: where the call leads is known.
RECRUIT_FOR = Form(
    "recruit.for",
    say("A call for your group"),
    (replace(TEXT, offers=_ready), replace(RECRUIT.questions[1], settled=lambda answers: True)),
    _recruit_written,
    say("Choose who gets it"),
    Who.LEADER,
)
ANNOUNCE = Form(
    "announce",
    say("An announcement"),
    (TEXT, Question("link", say("Leads to"), ANNOUNCED, _read_link, show=_show_link, optional=True)),
    _announcement_written,
    say("Choose who gets it"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (RECRUIT, RECRUIT_FOR, ANNOUNCE)
ROUTES = [
    command("recruit", recruit, Who.LEADER, also=("召集", "招募")),
    command("announce", announce, Who.ADMIN, also=("发通知",)),
    on_press("calls.recruit", recruit, Who.LEADER),
    on_press("calls.announce", announce, Who.ADMIN),
    on_press("calls.who", who),
    on_press("calls.groups", choose_group),
    on_press("calls.to", to),
    on_press("calls.send", send),
    on_press("calls.cancel", cancel),
]
