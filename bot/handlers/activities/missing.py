"""What somebody missed: why, the rule, and an appeal that somebody else answers."""

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, people
from bot.domain.activities import ABSENCE_REASONS, Absence, Attendance
from bot.forms import Form, Question
from bot.locales import BLANK, Moment, Said, Span, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WORDS_CHARACTERS_MAX = 300
JUDGES = Who.LEADER | Who.ADMIN
OUTCOMES = {
    "stands": say("Appealed: {name} found that it stays missed."),
    "came": say("Appealed: {name} found that it was no absence."),
    "excused": say("Appealed: {name} excused it."),
}


async def absences(tx: Transaction, heard: Heard) -> Answer:
    """What I missed without a reason, and the rule."""
    rules = heard.house.settings.absences
    missed = await activities.missed_lately(tx, heard.me.id, rules)
    until = await activities.paused_until(tx, heard.me.id, rules)
    return card(
        say("<b>What I missed</b>"),
        activities.absence_rule(rules),
        say_n("You have {n} now.", "You have {n} now.", len(missed)),
        *((say("⏸ Signing up pauses until {moment}.", moment=Moment(until)),) if until else ()),
        rows=tuple(
            (Button(say("{title}", title=row["title"]), press("activities.absence", row["id"])),) for row in missed[:6]
        ),
        back="activities.mine",
    )


async def absence(tx: Transaction, heard: Heard) -> Answer:
    """One of them."""
    return await _absence(tx, heard, await activities.own_absence(tx, heard.number(), heard.me))


async def _absence(tx: Transaction, heard: Heard, found: Absence) -> Card:
    number = found.person.id
    told = [Button(said, press("activities.excuse", number, reason)) for reason, said in ABSENCE_REASONS.items()]
    appealed = found.appeal is not None and found.appeal.against_id == found.person.confirmed_by
    return card(
        *await _lines(tx, found),
        BLANK,
        activities.absence_rule(heard.house.settings.absences),
        rows=(
            tuple(told[:2]),
            tuple(told[2:]),
            *(
                ((Button(say("Appeal"), press("activities.appealed", number), style="danger"),),)
                if not appealed
                else ()
            ),
        ),
        back="activities.absences",
    )


async def _lines(tx: Transaction, found: Absence) -> list[Said]:
    activity, person = found.activity, found.person
    lines = [
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
    ]
    if person.how == Attendance.MISSED and person.confirmed_by and person.confirmed_at:
        by = await people.by_id(tx, person.confirmed_by)
        lines.append(say("❌ Missed, says {name}, {moment}", name=by.nickname, moment=Moment(person.confirmed_at)))
    if found.reason:
        why = say("“{words}”", words=found.words) if found.words else ABSENCE_REASONS[found.reason]
        lines.append(say("Reason given: {why}", why=why))
    return [*lines, *await _appealed(tx, found)]


async def _appealed(tx: Transaction, found: Absence) -> list[Said]:
    made = found.appeal
    if made is None or made.outcome == "withdrawn":
        return []
    if made.outcome is None:
        return [say("❗ Appealed; an answer is due by {moment}.", moment=Moment(made.due_at))]
    by = await people.by_id(tx, made.answered_by) if made.answered_by else None
    return [Said(OUTCOMES[made.outcome].text, {"name": by.nickname if by else ""})]


async def excuse(tx: Transaction, heard: Heard) -> Answer:
    """One tap says why."""
    number, reason = heard.number(), heard.args[1] if len(heard.args) > 1 else ""
    if reason not in ABSENCE_REASONS:
        raise stale()
    if reason == "other":
        await activities.own_absence(tx, number, heard.me)
        return await forms.begin(tx, heard, EXCUSING, {"signup": number})
    found = await activities.excuse(tx, number, reason, "", by=heard.me)
    return (await _absence(tx, heard, found)).with_toast(say("Thank you; whoever confirmed it is told."))


async def _excused(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    found = await activities.excuse(tx, int(answers["signup"]), "other", answers["words"], by=heard.me)
    return (await _absence(tx, heard, found)).with_toast(say("Thank you; whoever confirmed it is told."))


async def appealed(tx: Transaction, heard: Heard) -> Answer:
    """Somebody else is asked."""
    rules = heard.house.settings.absences
    await activities.appeal_against(tx, heard.number(), by=heard.me, rules=rules)
    found = await activities.own_absence(tx, heard.number(), heard.me)
    return (await _absence(tx, heard, found)).with_toast(
        say("Somebody who did not confirm it looks at it and answers. “In my own words” says more.")
    )


# For those who answer


async def appeals(tx: Transaction, heard: Heard) -> Answer:
    """Appeals that I may answer."""
    page = await activities.appeals_for(tx, heard.me, heard.page())
    rows = []
    for each in page.items:
        whose = await people.by_id(tx, each.person_id)
        label = say("{name}, by {moment}", name=whose.nickname, moment=Moment(each.due_at))
        rows.append((Button(label, press("activities.appeal", each.id)),))
    return card(
        say("❗ <b>Appeals</b>"),
        say("Only those are here that somebody else confirmed.")
        if page.total
        else say("Nobody appeals. That is good."),
        *((page.place(),) if page.total else ()),
        rows=(*rows, *page.turner("activities.appeals")),
        back="activities.led",
    )


async def appeal(tx: Transaction, heard: Heard) -> Answer:
    """One appeal, with what there is to say about it."""
    made = await activities.appeal(tx, heard.number(), by=heard.me)
    found = await activities.absence(tx, made.participation_id)
    choices = (("came", say("✅ Came")), ("excused", say("🙏 Excused")), ("stands", say("❌ It stays missed")))
    return card(
        say("<b>{name}</b> appeals", name=found.person.nickname),
        *await _lines(tx, found),
        rows=(
            *(
                (tuple(Button(label, press("activities.answered", made.id, outcome)) for outcome, label in choices),)
                if made.outcome is None
                else ()
            ),
            (Button(say("How it was noted"), press("activities.trail", made.participation_id)),),
        ),
        back="activities.appeals",
    )


async def answered(tx: Transaction, heard: Heard) -> Answer:
    """The answer."""
    number, outcome = heard.number(), heard.args[1] if len(heard.args) > 1 else ""
    if outcome not in OUTCOMES:
        raise stale()
    found = await activities.answer_appeal(tx, number, outcome, by=heard.me, settings=heard.house.settings)
    return card(
        say("<b>{name}</b> appeals", name=found.person.nickname), *await _lines(tx, found), back="activities.appeals"
    ).with_toast(say("Answered; the person is told."))


EXCUSING = Form(
    "activities.excuse",
    say("Why did you miss it?"),
    (
        Question(
            "words",
            say("Words"),
            say("In your own words, at most {limit} characters.", limit=WORDS_CHARACTERS_MAX),
            forms.short_text(WORDS_CHARACTERS_MAX),
        ),
    ),
    _excused,
    say("Send"),
)


async def no_hours(tx: Transaction, heard: Heard) -> Answer:
    """I came, and have no hours of it."""
    activity = await activities.ask_for_hours(tx, heard.number(), by=heard.me)
    return card(
        say("Thank you. Whoever can enter hours of “{title}” afterwards is asked to look at it.", title=activity.title),
        rows=((Button(say("My hours"), "hours.mine"),),),
        back=press("activities.open", activity.id),
    )


FORMS: tuple[Form, ...] = (EXCUSING,)
ROUTES = [
    on_press("activities.absences", absences),
    on_press("activities.absence", absence),
    on_press("activities.excuse", excuse),
    on_press("activities.nohours", no_hours),
    on_press("activities.appealed", appealed),
    on_press("activities.appeals", appeals, JUDGES),
    on_press("activities.appeal", appeal, JUDGES),
    on_press("activities.answered", answered, JUDGES),
]
