"""/hours: what I have, how far to the next star, every record and what it is made of, and «this is wrong»."""

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import hours, people
from bot.domain.hours import GRADES, NEEDED, Record, Standing, length
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.handlers.hours import showing
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

WORDS_CHARACTERS_MAX = 300


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """My hours: how many, how well proved, and how far to the next star"""
    return await _mine(tx, heard, 0)


async def page(tx: Transaction, heard: Heard) -> Answer:
    """Another page of them."""
    return await _mine(tx, heard, heard.page())


async def _mine(tx: Transaction, heard: Heard, number: int) -> Card:
    me = heard.me
    shown = await hours.records_of(tx, me.id, number)
    pending = await hours.pending_minutes(tx, me.id)
    lines = [
        say("⏱ <b>{hours}</b>", hours=hours.mix(await hours.sums(tx, me.id))),
        _star(await hours.standing(tx, me.id, heard.house.settings.hours)),
    ]
    public = await hours.open_notice(tx, "star", me.id)
    if public is not None:
        until = Moment(public.until)
        lines.append(say("📢 {star}: public until {moment}, and yours then.", star=public.what, moment=until))
    if shown.total:
        lines.append(
            say("A, B, C and D are how well hours are proved; “{button}” says what each means.", button=_GRADES)
        )
    if pending:
        lines.append(say("⏳ {length} wait for somebody's agreement.", length=length(pending)))
    lines += [BLANK, *(() if shown.total else (_NOTHING,))]
    others = (Button(say("Hours of others"), "hours.desk"),) if me.leads or me.reads_all else ()
    return card(
        *lines,
        *((shown.place(),) if shown.total else ()),
        rows=(
            *showing.record_buttons(shown, await hours.disputed(tx, shown.items)),
            *shown.turner("hours.page"),
            (_EXPLAINED,) if shown.total else _WHERE_THEY_COME_FROM,
            (
                Button(say("Certificates"), "hours.certificates"),
                Button(say("Public notices"), "hours.notices"),
                *others,
            ),
        ),
    )


_NOTHING = say(
    "No hours yet. They come by taking part: whoever was there, and is marked as having come, has hours here. Welcome!"
)
_WHERE_THEY_COME_FROM = (
    Button(say("Volunteer tasks"), "activities.list:task"),
    Button(say("My sign-ups"), "activities.mine"),
)


_GRADES = say("What A to D mean")
_EXPLAINED = Button(_GRADES, "hours.grades")


async def grades(tx: Transaction, heard: Heard) -> Answer:
    """What the grades are, which of them bring points, and how hours come to the best of them."""
    return card(
        say("<b>How well hours are proved</b>"),
        *GRADES.values(),
        BLANK,
        say("All of them count for stars and certificates. What each brings in points stands in /handbook."),
        say("For A: check in when you come and out when you go, each time with the code that the leader shows."),
        rows=((Button(say("Check in or out"), "activities.how"),),),
        back="hours.mine",
    )


def _star(standing: Standing) -> Said:
    held = say("🌟 {star}", star=hours.starred(standing.star)) if standing.star else say("No star yet.")
    if standing.missing is None or standing.following is None:
        return held
    done = 10 * standing.total // standing.following
    return say(
        "{held} Next star: {bar} {missing} to go of {following}.",
        held=held,
        bar="▰" * done + "▱" * (10 - done),
        missing=length(standing.missing),
        following=length(standing.following),
    )


# One record


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """What one record is made of."""
    return await screen(tx, heard.number(), heard.me)


async def screen(tx: Transaction, record_id: int, me: Person) -> Card:
    """A record with everything that it rests on, and what `me` may do with it."""
    record = await hours.seen_by(tx, record_id, me)
    back = "hours.mine" if record.person_id == me.id else "hours.desk"
    rows = await showing.deeds(tx, record, me)
    return card(*await _made_of(tx, record), rows=rows, back=back)


async def _made_of(tx: Transaction, record: Record) -> list[Said]:
    teller, whose = await people.by_id(tx, record.entered_by), await people.by_id(tx, record.person_id)
    lines = [
        say("<b>{title}</b> · record {number}", title=record.title, number=record.id),
        say("{name}: {what}", name=whose.nickname, what=showing.when(record)),
        showing.state(record),
        BLANK,
        GRADES[record.grade],
        say("Entered by {name}, {moment}", name=teller.nickname, moment=Moment(record.at)),
    ]
    if record.planned_minutes:
        lines.append(say("Planned: {length}", length=length(record.planned_minutes)))
    if record.evidence:
        lines.append(say("Proof: “{words}”", words=record.evidence))
    lines += await _agreed(tx, record)
    return [*lines, *await _disputed(tx, record)]


async def _agreed(tx: Transaction, record: Record) -> list[Said]:
    lines = []
    for each in await hours.approvals_of(tx, record.id):
        name = (await people.by_id(tx, each.approver_id)).nickname
        said = say("✓ {name} called the roll") if each.kind == "roll" else say("✓ {name} agreed, {moment}")
        lines.append(Said(said.text, {"name": name, "moment": Moment(each.at)}))
    if record.is_pending:
        lines.append(say("Still to agree: {who}.", who=NEEDED[record.needs]))
    return lines


async def _disputed(tx: Transaction, record: Record) -> list[Said]:
    found = await hours.dispute_of(tx, record.id)
    if found is None or found.outcome == "withdrawn":
        return []
    if found.is_open:
        lines = [say("❗ Said to be wrong; an answer is due by {moment}.", moment=Moment(found.due_at))]
    else:
        name = (await people.by_id(tx, found.answered_by)).nickname if found.answered_by else ""
        lines = [
            say("Said to be wrong; {name} found that it stands.", name=name)
            if found.outcome == "stands"
            else say("Said to be wrong; {name} took it back.", name=name)
        ]
    return [*lines, *((say("“{words}”", words=found.words),) if found.words else ())]


# «My hours are wrong»


async def dispute(tx: Transaction, heard: Heard) -> Answer:
    """One tap; words may follow."""
    made = await hours.object_to(tx, heard.number(), by=heard.me, rules=heard.house.settings.hours)
    return card(
        say(
            "Thank you. Somebody who had no hand in it looks at it and answers by {moment}.", moment=Moment(made.due_at)
        ),
        say("If you like, add a few words."),
        rows=(
            (Button(say("Add words"), press("hours.explain", made.id)),),
            (Button(say("Take it back"), press("hours.withdraw", made.id)),),
        ),
        back=press("hours.open", made.record_id),
    )


async def explain(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the words."""
    found = await hours.dispute(tx, heard.number())
    return await forms.begin(tx, heard, EXPLAINING, {"dispute": found.id})


async def _explained(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    found = await hours.explain(tx, int(answers["dispute"]), answers["words"], by=heard.me)
    return (await screen(tx, found.record_id, heard.me)).with_toast(say("Saved."))


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """It was right after all."""
    found = await hours.withdraw(tx, heard.number(), by=heard.me)
    return (await screen(tx, found.record_id, heard.me)).with_toast(say("Taken back; the hours stay as they are."))


EXPLAINING = Form(
    "hours.explain",
    say("What is wrong?"),
    (
        Question(
            "words",
            say("Words"),
            say("In your own words, at most {limit} characters.", limit=WORDS_CHARACTERS_MAX),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _explained,
    say("Save"),
)
FORMS: tuple[Form, ...] = (EXPLAINING,)
ROUTES = [
    command("hours", mine, also=("时长", "我的时长", "服务时长")),
    on_press("hours.mine", mine, link=True),
    on_press("hours.page", page),
    on_press("hours.grades", grades),
    on_press("hours.open", opened),
    on_press("hours.dispute", dispute),
    on_press("hours.explain", explain),
    on_press("hours.withdraw", withdraw),
]
