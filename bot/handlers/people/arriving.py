"""The first minute: Start, a name, a language; then the home screen and one's own card."""

from bot import forms
from bot.cards import DATA_BYTES_MAX, Button, Card, Onward, card, press
from bot.domain import activities, chats, groups, honours, people, points, projects, shop
from bot.domain.activities import Activity
from bot.domain.people import AGE_NAMES, Age, Person
from bot.forms import Form, Question
from bot.locales import BLANK, LANGUAGES, Moment, Said, say, say_n
from bot.outbox import KEPT_DAYS
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LANGUAGE_NAMES = {"zh_CN": say("中文"), "en": say("English")}
# Whoever greets us, or looks for the beginning, is shown home.
HOME_WORDS = ("开始", "主页", "首页", "菜单", "你好", "您好", "在吗", "hi", "hello", "home", "menu")
DAY_SECONDS = 24 * 3600
LONGEST = press("people.register", "zh_CN")
ROLE_NAMES = {"member": say("member"), "auditor": say("auditor"), "admin": say("county admin")}


async def start(tx: Transaction, heard: Heard) -> Answer:
    """Start, or come back to the home screen"""
    await chats.note(tx, heard.sender.id, "private", "")
    if heard.person:
        # A link that led somewhere would have been followed before.
        lost = heard.kind == "command" and heard.words and not heard.event.get("spoken")
        return await _home(tx, heard, *((_LOST,) if lost else ()))
    if heard.args and heard.args[0]:
        await chats.want(tx, heard.sender.id, heard.args[0])
    return await _welcome(tx, heard, heard.language, await _wanted(tx, heard))


async def _wanted(tx: Transaction, heard: Heard) -> str:
    """Where the last link led that this stranger came by."""
    chat = await chats.known(tx, heard.sender.id)
    return (chat.wanted if chat else None) or ""


async def _welcome(tx: Transaction, heard: Heard, language: str, wanted: str) -> Card:
    other = next(code for code in LANGUAGES if code != language)
    return card(
        say(
            "Welcome to <b>{county}</b>! Here you find interest groups, volunteer tasks, events and the youth council.",
            county=heard.house.settings.county.name,
        ),
        *await _goal(tx, wanted),
        say(
            "I will call you “{name}”. I keep that name, your Telegram ID, your language and what you do here; what "
            "you write to me for {days} days.",
            name=heard.sender.nickname,
            days=KEPT_DAYS,
        ),
        say("/mydata shows all of it, /forget removes you."),
        say("With “Yes, that is me” you also say that you are 18 or older."),
        rows=(
            (Button(say("Yes, that is me"), press("people.register", language, *_parts(wanted)), style="primary"),),
            (
                Button(say("Another name"), press("people.rename", language, *_parts(wanted))),
                Button(LANGUAGE_NAMES[other], press("people.welcome", other, *_parts(wanted))),
            ),
            (Button(say("I am under 18"), press("minors.young", language, *_parts(wanted))),),
        ),
        home=False,
        language=language,
    )


async def _goal(tx: Transaction, wanted: str) -> tuple[Said, ...]:
    """What the poster or link was for by which a stranger came; nothing where it has no name."""
    name, _, number = wanted.partition(":")
    if name == "minors.guard":
        return (say("Your child asks you to agree: the next tap says to what."),)
    if name not in NAMED or not number.isascii() or not number.isdecimal() or len(number) > DIGITS_MAX:
        return ()
    try:
        title = await NAMED[name](tx, int(number))
    except Refused:
        return ()
    return () if not title else (say("You came for <b>{title}</b>: the next tap leads there.", title=title),)


async def _title(tx: Transaction, number: int) -> str:
    return (await activities.by_id(tx, number)).title


async def _group(tx: Transaction, number: int) -> str:
    return (await groups.by_id(tx, number)).name


async def _need(tx: Transaction, number: int) -> str:
    need = await projects.by_id(tx, number)
    return need.title if need.is_public else ""


# What is named to those who come by its link, by where the link leads.
NAMED = {"activities.open": _title, "activities.here": _title, "groups.open": _group, "projects.open": _need}
DIGITS_MAX = 18


def _parts(wanted: str) -> tuple[str, ...]:
    """Where a newcomer wanted to go, as arguments of a button; a place too long for one was made up by somebody."""
    fits = len(f"{LONGEST}:{wanted}".encode()) <= DATA_BYTES_MAX
    return tuple(wanted.split(":")) if wanted and fits else ()


def _language(heard: Heard) -> str:
    if not heard.args or heard.args[0] not in LANGUAGES:
        raise stale()
    return heard.args[0]


async def welcome(tx: Transaction, heard: Heard) -> Answer:
    """The same welcome in the other language."""
    return await _welcome(tx, heard, _language(heard), ":".join(heard.args[1:]) or await _wanted(tx, heard))


async def register(tx: Transaction, heard: Heard) -> Answer:
    """Take the person in and go on to where he wanted to go."""
    await chats.note(tx, heard.sender.id, "private", "")
    await chats.want(tx, heard.sender.id, None)
    await people.register(tx, heard.sender.id, heard.sender.nickname, _language(heard), age=Age.ADULT)
    return Onward(":".join(heard.args[1:]) or "home")


async def register_and_rename(tx: Transaction, heard: Heard) -> Answer:
    """Take the person in, and ask for another name at once."""
    await chats.note(tx, heard.sender.id, "private", "")
    await chats.want(tx, heard.sender.id, None)
    await people.register(tx, heard.sender.id, heard.sender.nickname, _language(heard), age=Age.ADULT)
    return Onward(press("people.name", *heard.args[1:]))


async def name(tx: Transaction, heard: Heard) -> Answer:
    """Ask for another name."""
    return await forms.begin(tx, heard, NAMING, {"wanted": ":".join(heard.args)})


async def _renamed(tx: Transaction, heard: Heard, answers: dict[str, str]) -> Answer:
    await people.rename(tx, heard.me, answers["name"])
    return Onward(answers["wanted"] or "home")


NAMING = Form(
    "name",
    say("Your name"),
    (
        Question(
            "name",
            say("Nickname"),
            say("What shall I call you? A nickname is fine; please not your full legal name."),
            lambda typed, tx: people.clean_name(typed),
        ),
    ),
    _renamed,
    say("Save"),
)


async def home(tx: Transaction, heard: Heard) -> Answer:
    """The home screen."""
    return await _home(tx, heard)


_LOST = say("This link leads nowhere any more. Here is what there is:")


async def _home(tx: Transaction, heard: Heard, *first: Said) -> Card:
    following = await _following(tx, heard.me)
    return card(
        *first,
        say("<b>{county}</b>", county=heard.house.settings.county.name),
        say("Hello {name}, what would you like to do?", name=heard.me.nickname),
        *(_next(following, tx.now) if following else _first_steps(heard.me, tx.now)),
        rows=((_to_card(following),) if following else (), *DOORS, *await _own_doors(tx, heard.me)),
        home=False,
    )


# No row is so wide that it breaks in two: with one's own doors and what comes next there are eight at the most.
DOORS = (
    (Button(say("Interest groups"), "groups.list"), Button(say("Volunteer tasks"), "activities.list:task")),
    (Button(say("Events"), "activities.list:event"), Button(say("Youth council"), "council.now")),
    (Button(say("Points"), "points.mine"), Button(say("Redeem"), "shop.list"), Button(say("Hours"), "hours.mine")),
    (
        Button(say("Needs"), "projects.list:open"),
        Button(say("Ask for help"), "services.home"),
        Button(say("Duties"), "rotas.home"),
    ),
    (
        Button(say("My sign-ups"), "activities.mine"),
        Button(say("Me"), "people.me"),
        Button(say("Settings"), "people.settings"),
    ),
)


async def _own_doors(tx: Transaction, me: Person) -> tuple[tuple[Button, ...], ...]:
    """Of whoever leads, hands out, or reads what the county is."""
    leads = (
        Button(say("What I lead"), "activities.led"),
        Button(say("New task"), press("activities.new", "task")),
        Button(say("Recruit"), "calls.recruit"),
    )
    return (
        leads if me.leads else (),
        (
            *((Button(say("At the counter"), "shop.counter"),) if await shop.counters_of(tx, me) else ()),
            *((Button(say("Administration"), "admin.panel"),) if me.reads_all else ()),
        ),
    )


async def _following(tx: Transaction, me: Person) -> Activity | None:
    """What whoever comes home has signed up for next, if there is anything."""
    ahead = await activities.of_person(tx, me, 0)
    return next((v.activity for v in ahead.items if v.mine and v.mine.is_in and v.activity.ends_at > tx.now), None)


def _to_card(activity: Activity) -> Button:
    return Button(say("⏰ {title}", title=activity.title), press("activities.open", activity.id))


def _next(activity: Activity, now: int) -> tuple[Said, ...]:
    when_and_where = say("{moment}, {place}", moment=Moment(activity.starts_at), place=activity.place)
    if activity.has_begun(now):
        return (BLANK, say("⏰ On just now: <b>{title}</b>", title=activity.title), when_and_where)
    return (BLANK, say("⏰ Next for you: <b>{title}</b>", title=activity.title), when_and_where)


def _first_steps(me: Person, now: int) -> tuple[Said, ...]:
    """With what to begin, on somebody's first day."""
    if me.reads_all or me.leads or now - me.registered_at >= DAY_SECONDS:
        return ()
    return (BLANK, say("New here? Pick a volunteer task, or join a group that you like: each takes one tap."))


async def me(tx: Transaction, heard: Heard) -> Answer:
    """Who I am here: name, number, role"""
    me = heard.me
    led = await groups.led_groups(tx, me)
    return card(
        say("<b>{name}</b> · number {number}", name=me.nickname, number=me.id),
        say("Role: {role}", role=ROLE_NAMES[me.role]),
        *((say("Leader of {groups}", groups=" · ".join(group.name for group in led)),) if led else ()),
        *((say("Age: {age}", age=AGE_NAMES[me.age]),) if me.age and me.is_minor else ()),
        *(say("🏅 {title}", title=each.title) for each in await honours.held_by(tx, me)),
        say_n("💰 {n} point", "💰 {n} points", await points.balance(tx, me.id)),
        *map(points.ending_words, (await points.forecast(tx, me.id))[:1]),
        say("With us since {moment}", moment=Moment(me.registered_at)),
        rows=(
            (Button(say("Change my name"), "people.name"), Button(say("Settings"), "people.settings")),
            (
                Button(say("My groups"), "groups.mine"),
                Button(say("My sign-ups"), "activities.mine"),
            ),
            (
                Button(say("Youth card"), "shop.mycard"),
                Button(say("Why this balance?"), press("points.why", me.id)),
            ),
            (
                Button(say("My thanks"), "feedback.mine"),
                Button(say("Honours"), "honours.list"),
                Button(say("Brigades"), "callouts.home"),
            ),
            (
                Button(say("How old I am"), "minors.age"),
                *(() if me.is_minor else (Button(say("My children"), "minors.children"),)),
            ),
        ),
    )


async def claim(tx: Transaction, heard: Heard) -> Answer:
    """Become the first admin with the one-time code"""
    if not heard.words:
        raise Refused(
            say("Send the code with it: /claim CODE. The machine's owner prints one with: python -m bot claim")
        )
    await people.claim(tx, heard.words, by=heard.me)
    return card(
        say("You are the first county admin now."),
        say("/admin opens the panel, /grant gives roles to others."),
        rows=((Button(say("Administration"), "admin.panel"),),),
    )


FORMS: tuple[Form, ...] = (NAMING,)
ROUTES = [
    command("start", start, Who.ANYONE, also=HOME_WORDS),
    command("me", me, also=("我", "我的", "我是谁")),
    command("claim", claim, menu=False),
    on_press("home", home, link=True),
    on_press("people.me", me),
    on_press("people.welcome", welcome, Who.ANYONE),
    on_press("people.register", register, Who.ANYONE),
    on_press("people.rename", register_and_rename, Who.ANYONE),
    on_press("people.name", name),
]
