"""The most typical conversation of each feature, and a no or two, as docs/features/ shows them."""

from bot.domain import groups, projects
from tests.conversations import Talk
from tests.founding import founded
from tests.publishing import DAY, join, published
from tests.shopping import clerk, place, reserved, rich, stocked


async def _dance(talk: Talk, capacity: int | None = None) -> groups.Group:
    name, about = talk.words("舞蹈团", "Dance"), talk.words("每周六下午排练，零基础也欢迎", "Saturdays at three")
    group = await founded(talk.town, name, about=about, capacity=capacity, leader=talk.town["lan"])
    talk.all_read()
    return group


async def people(talk: Talk) -> None:
    """A newcomer registers and sets quiet hours."""
    wei = talk.town["wei"]
    await talk.starts(wei)
    await talk.presses(wei, "Yes, that is me")
    await talk.says(wei, "/settings", "/settings")
    await talk.presses(wei, "Quiet hours")
    await talk.presses(wei, "Other hours")
    await talk.says(wei, "晚上", "at night")
    await talk.says(wei, "晚上十点到早上七点", "22:00-7:00")
    await talk.presses(wei, "Save")


async def group(talk: Talk) -> None:
    """The last place is taken, somebody waits, and moves up by himself."""
    town, club = talk.town, await _dance(talk, capacity=1)
    await talk.says(town["ming"], "小组", "/groups")
    await talk.presses_just(town["ming"], next(label for label in town["ming"].screen.labels if club.name in label))
    await talk.presses(town["ming"], "Join")
    await talk.says(town["hua"], f"加入 {club.name}", f"/join {club.name}")
    await talk.says(town["ming"], f"退出 {club.name}", f"/leave {club.name}")
    talk.hears(town["hua"])
    await talk.says(town["lan"], f"退出 {club.name}", f"/leave {club.name}")


async def activity(talk: Talk) -> None:
    """From one message to points in the ledger."""
    town = talk.town
    await _dance(talk)
    await talk.says(
        town["lan"],
        "/publish\n标题：河边清洁\n时间：下周六下午三点\n时长：两小时\n地点：西桥头\n名额：1\n积分：10",
        "/publish\ntitle: Clean the river bank\nwhen: next Sat 3pm\nduration: 2 hours\nplace: West bridge\nplaces: 1\npoints: 10",
    )
    await talk.presses(town["lan"], "Publish")
    await talk.says(town["ming"], "报名 河边", "/signup river")
    await talk.says(town["hua"], "报名 1", "/signup 1")
    await talk.says(town["ming"], "报名 1", "/signup 1")
    await town.days_pass(6)
    talk.hears(town["ming"])
    await town.days_pass(2)
    town["lan"].forget()
    town["ming"].forget()
    await talk.presses(town["lan"], "Who came?")
    await talk.presses(town["lan"], "All came")
    await talk.presses(town["lan"], "Confirm")
    await talk.presses(town["lan"], "Confirm")
    await town.tick()
    talk.hears(town["ming"])
    await talk.says(town["hua"], "报名 1", "/signup 1")


async def project(talk: Talk) -> None:
    """A need is posted, published and claimed; the second claimant reads who has it; in the end it is summed up."""
    town = talk.town
    club = await _dance(talk)
    chess = talk.words("象棋社", "Chess")
    await founded(town, chess, leader=town["hua"])
    talk.all_read()
    await talk.says(
        town["ming"],
        "/need 给独居老人修窗户；西桥新村3号；下周日；2",
        "/need Mend an old man's window; West bridge 3; next Sun; 2",
    )
    await talk.presses(town["ming"], "Skip")
    await talk.presses(town["ming"], "Post it")
    town["ming"].forget()
    await town["dong"].says("/me")
    await town["dong"].presses_data("projects.open:1")
    await talk.presses(town["dong"], "Publish")
    await town.passes(minutes=2)
    talk.hears(town["ming"])
    await talk.says(town["lan"], "需求", "/needs")
    await talk.presses_just(town["lan"], town["lan"].screen.labels[0])
    await talk.presses(town["lan"], "🙌 Claim it")
    await talk.presses(town["lan"], "For {group}", group=club.name)
    await town["hua"].says("/me")
    await town["hua"].presses_data("projects.open:1")
    await town.passes(minutes=2)
    talk.hears(town["ming"])
    await town["hua"].presses_data("projects.claimed:1:2")
    talk.hears(town["hua"])
    task = await published(town, club, starts_in=DAY, title=talk.words("修窗户", "Mend the window"))
    leader = await town.person(town["lan"])
    await town.does(lambda tx: projects.undertake(tx, 1, task, by=leader))
    await join(town, task, town["hua"])
    await town.days_pass(2)
    await town["lan"].presses_data(f"activities.rest:{task.id}")
    await town["lan"].presses_data(f"activities.settled:{task.id}")
    await town["lan"].presses_data("projects.open:1")
    talk.all_read()
    await talk.presses(town["lan"], "Sum it up")
    await talk.says(town["lan"], "换了两扇窗的合页", "Two hinges are new")
    await talk.says(town["lan"], "1", "1")
    await talk.presses(town["lan"], "Skip")
    await talk.presses(town["lan"], "Skip")
    await talk.presses(town["lan"], "Sum it up and close it")
    await town.tick()
    talk.hears(town["ming"])


async def points(talk: Talk) -> None:
    """A balance, and what it is made of."""
    town, ming = talk.town, talk.town["ming"]
    club = await _dance(talk)
    title, place = talk.words("河边清洁", "Clean the river bank"), talk.words("西桥头", "West bridge")
    task = await published(town, club, starts_in=DAY, points=10, title=title, place=place)
    await join(town, task, ming)
    await town.days_pass(2)
    await town["lan"].presses_data(f"activities.rest:{task.id}")
    await town["lan"].presses_data(f"activities.settled:{task.id}")
    talk.all_read()
    await talk.says(ming, "积分", "/points")
    await talk.presses(ming, "Why this balance?")
    await talk.says(ming, "/points #1", "/points #2")


async def shop(talk: Talk) -> None:
    """From the list to the counter: looked at, reserved, and handed out by one tap."""
    town, ming, lan = talk.town, talk.town["ming"], talk.town["lan"]
    counter = await place(town, talk.words("青年之家", "Youth centre"), talk.words("北街5号", "North street 5"))
    cup = await stocked(town, at=counter, name=talk.words("保温杯", "Cup"), limit_pieces=2)
    await clerk(town, lan, counter)
    await rich(town, ming, 120)
    talk.all_read()
    await talk.says(ming, "兑换", "/shop")
    await talk.presses_just(ming, ming.screen.labels[0])
    await talk.presses(ming, "Redeem")
    await reserved(town, ming, cup, 2)
    await town.does(lambda tx: tx.run("UPDATE redemptions SET code = 'K7QM2XPD'"))
    await ming.presses_data("shop.mine")
    await talk.presses_just(ming, ming.screen.labels[0])
    await talk.says(lan, "k7qm2xpd", "k7qm2xpd")
    await talk.presses(lan, "Only {n}", n="1")
    talk.hears(ming)
    await talk.says(lan, "K7QM-2XPD", "K7QM-2XPD")


async def hours(talk: Talk) -> None:
    """Written afterwards, they wait for a second person; whose they are hears of each step, and can say that it is wrong."""
    town, ming, lan, dong = talk.town, talk.town["ming"], talk.town["lan"], talk.town["dong"]
    club = await _dance(talk)
    await ming.says(talk.words(f"加入 {club.name}", f"/join {club.name}"))
    talk.all_read()
    await talk.says(lan, "补录时长", "/enterhours")
    await talk.presses_just(lan, ming.user.first_name)
    await talk.presses(lan, "Something else")
    await talk.says(lan, "清扫西桥", "Swept the west bridge")
    await talk.says(lan, "昨天14:00", "yesterday 14:00")
    await talk.presses(lan, "2 hours")
    await talk.says(lan, "我在场，照片在群里", "I was there; the photos are in our chat")
    await talk.presses(lan, "Save")
    await town.tick()
    talk.hears(ming)
    await dong.presses_data("hours.waiting")
    await talk.presses_just(dong, dong.screen.labels[0])
    await talk.presses(dong, "I agree")
    await town.tick()
    talk.hears(ming)
    await talk.says(ming, "时长", "/hours")
    await talk.presses_just(ming, ming.screen.labels[0])
    await talk.presses(ming, "My hours are wrong")
    await talk.says(town["wei"], "/verify 7KQM-2XPA-9DTR", "/verify 7KQM-2XPA-9DTR")


async def council(talk: Talk) -> None:
    """A month's session, from the question to the outcome."""
    town = talk.town
    await town["dong"].says(talk.words("/council add 小花", "/council add Hua"))
    talk.all_read()
    await town.until(2026, 12, 1, 10)
    await town.tick()
    talk.hears(town["hua"])
    await talk.says(town["ming"], "/topic 西桥路灯坏了", "/topic The lights at the west bridge are out")
    await talk.says(town["ming"], "/topic 西桥的路灯", "/topic The lights at the bridge")
    await town["hua"].says(talk.words("说事", "/council"))
    await talk.presses_just(town["hua"], town["hua"].screen.labels[0])
    await talk.presses(town["hua"], "👍 I support this")
    town["dong"].forget()
    await town.until(2026, 12, 8, 10)
    await town.tick()
    talk.hears(town["hua"])


async def calls(talk: Talk) -> None:
    """A leader calls the county, and sees what came of it."""
    town = talk.town
    club = await _dance(talk)
    await talk.says(
        town["lan"], "/recruit 周六三点，缺三个人，没跳过也行", "/recruit Saturday at three: we need three more"
    )
    await talk.presses(town["lan"], "Our group's card")
    await talk.presses(town["lan"], "Choose who gets it")
    await talk.presses(town["lan"], "{group}: county", group=club.name)
    send = next(label for label in town["lan"].screen.labels if label.startswith(talk.words("发给", "Send to")))
    await talk.presses_just(town["lan"], send)
    for _ in range(8):
        await town.passes(seconds=1)
    talk.hears(town["ming"])
    await talk.presses(town["ming"], "🙋 I'm in")
    await talk.says(town["lan"], "/calls", "/calls")
    await talk.presses_just(town["lan"], town["lan"].screen.labels[0])
    await town["lan"].says(talk.words("/recruit 还差一个", "/recruit One more"))
    await town["lan"].presses(talk.label("Skip"))
    await town["lan"].presses(talk.label("Choose who gets it"))
    await talk.presses(town["lan"], "{group}: county", group=club.name)


async def admin(talk: Talk) -> None:
    """Roles and what was done with them."""
    town = talk.town
    await _dance(talk)
    await town.passes(minutes=1)
    await talk.says(town["dong"], "/admin", "/admin")
    await talk.says(town["dong"], "/grant leader 舞蹈团 小花", "/grant leader Dance Hua")
    await talk.presses(town["dong"], "Yes, do it")
    talk.hears(town["hua"])
    await talk.says(town["dong"], "/audit", "/audit")
    await talk.says(town["ming"], "/grant admin 小明", "/grant admin Ming")


async def privacy(talk: Talk) -> None:
    """Everything that is kept, and leaving for good."""
    town = talk.town
    club = await _dance(talk)
    await town["ming"].says(f"/join {club.name}")
    talk.all_read()
    await talk.says(town["ming"], "/mydata", "/mydata")
    await talk.says(town["ming"], "/forget", "/forget")
    await talk.presses(town["ming"], "Yes, forget me")
    await talk.says(town["dong"], "/forget", "/forget")


SCENES = {
    "people": people,
    "groups": group,
    "activities": activity,
    "projects": project,
    "points": points,
    "shop": shop,
    "hours": hours,
    "council": council,
    "calls": calls,
    "admin": admin,
    "privacy": privacy,
}
