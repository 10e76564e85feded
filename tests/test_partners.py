"""Activities shared with partners: places of their own for the people of a school, a branch, any group (C67)."""

import asyncio
import csv
import io

from bot.config import Hours
from bot.domain import activities, groups, hours, partners, people
from bot.domain.activities import Activity, Attendance, RoleDraft, Terms, portions
from bot.domain.activities.roles import roles_of
from bot.domain.groups import Group
from bot.domain.hours import Grade, Presence
from bot.domain.people import Person
from bot.domain.series import model_of
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, broken, fills_in, join, names, now, published
from tests.test_neighbours import registered as neighbours_of
from tests.test_tree import registered
from tests.town import Town


async def belongs(town: Town, group: Group, *personas: Persona) -> None:
    """They join the group; nobody was told anything of it."""
    who = [await town.person(persona) for persona in personas]

    async def deed(tx: Transaction) -> None:
        for person in who:
            await groups.join(tx, group.id, by=person)

    await town.does(deed)
    await town.settle()
    all_read(town)


async def apart(town: Town, activity: Activity, partner: Group, places: int) -> Activity:
    """The partner gets so many of the places that are open to all."""

    async def deed(tx: Transaction) -> Activity:
        return await portions.set_apart(tx, await activities.by_id(tx, activity.id), partner, places)

    return await town.does(deed)


async def test_a_school_has_places_of_its_own_which_its_classes_share(town: Town) -> None:
    """Whoever is in a team of the school comes in by its places in one tap; others by those that are open to all."""
    school = await registered(town, "No. 1 School", "school")
    team = await registered(town, "Class 3", "team", school)
    await belongs(town, team, town.ming, town.hua)
    activity = await published(town, await founded(town), places=3)
    await apart(town, activity, school, 1)
    await town.ming.starts(f"activities_open-{activity.id}")
    assert "🤝 No. 1 School: 1 of 1 place free" in town.ming.screen.text
    assert town.ming.screen.labels[:2] == ["Sign up: No. 1 School", "Sign up: open to all"]
    await town.ming.presses("Sign up: No. 1 School")
    assert "You are signed up as No. 1 School." in town.ming.screen.text
    await town.hua.says(f"/signup {activity.id}")
    assert "You are signed up." in town.hua.screen.text
    await town.lan.starts(f"activities_open-{activity.id}")
    assert [label for label in town.lan.screen.labels if "Sign up" in label and "team" not in label] == [
        "Sign up: open to all"
    ]
    assert await broken(town) == []


async def test_many_partners_have_room_on_the_card(town: Town) -> None:
    """Whoever belongs to many chooses among them on pages of their own: no screen has more than eight rows, and Back and Home."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, places=30)
    for number in range(1, 9):
        school = await registered(town, f"Middle School No. {number}", "school")
        await belongs(town, school, town.ming, town.lan)
        await apart(town, activity, school, 2)
    for persona in (town.ming, town.lan):
        await persona.says(f"/start activities_open-{activity.id}")
        assert len(persona.screen.rows) <= 9
        assert "· 🤝 4 other partners: 8 of 8 places free" in persona.screen.text
        await persona.presses("Sign up …")
        assert len(persona.screen.rows) <= 9
    await town.ming.presses("Next ›")
    assert town.ming.screen.labels[2:4] == ["open to all (14 free)", "‹ Previous"]
    await town.ming.presses("Middle School No. 7 (2 free)")
    assert "You are signed up as Middle School No. 7." in town.ming.screen.text


async def test_a_neighbour_of_a_class_comes_by_the_places_of_its_school(town: Town) -> None:
    """Who has no account, and was registered by the class's leader, is signed up by him like its members."""
    activity, school, _ = await two_schools(town)
    team = await registered(town, "Class 4", "team", school)
    lan, dong = await town.person(town.lan), await town.person(town.dong)
    await town.does(lambda tx: groups.appoint(tx, team, lan, by=dong))
    (grandpa,) = await neighbours_of(town, team, "Grandpa")
    await apart(town, activity, school, 2)

    async def signed_up(tx: Transaction) -> None:
        chosen = await activities.begin_team(tx, activity.id, team.id, by=lan)
        await activities.choose(tx, chosen.id, grandpa, by=lan)
        role = await portions.role_for(tx, activity.id, school.id)
        assert role
        await activities.sign_up_team(tx, chosen.id, by=lan, rules=town.settings, role_id=role.id)

    await town.does(signed_up)
    assert await names(town, activity, "in") == ["Grandpa"]


async def test_who_belongs_to_no_partner_is_told_why_and_what_else_is_free(town: Town) -> None:
    """By a forged press he gets none of the school's places; where all are partners', the refusal names them."""
    school = await registered(town, "No. 1 School", "school")
    activity = await published(town, await founded(town), places=2)
    await apart(town, activity, school, 1)
    role = await town.does(lambda tx: portions.role_for(tx, activity.id, school.id))
    assert role
    await town.lan.presses_data(f"activities.join:{activity.id}:{role.id}")
    assert "it is for members of No. 1 School, and you are none" in town.lan.screen.text
    assert "open to all (1 free)" in town.lan.screen.labels
    await apart(town, activity, school, 1)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Why can't I join?")
    assert "All places of “River bank” are for people of No. 1 School" in town.lan.screen.text
    assert await names(town, activity, "in") == []


async def test_what_a_partner_gives_back_is_everybodys_and_goes_to_the_queue(town: Town) -> None:
    """The first who waits is offered it; when all is given back they are plain places, as if nothing had been."""
    school = await registered(town, "No. 1 School", "school")
    activity = await published(town, await founded(town), places=2)
    before = await now(town, activity)
    await apart(town, activity, school, 1)
    await join(town, activity, town.ming, town.hua)
    assert await names(town, activity, "waiting") == ["Hua"]

    async def deed(tx: Transaction) -> None:
        role = await portions.role_for(tx, activity.id, school.id)
        assert role
        await portions.close(tx, await activities.by_id(tx, activity.id), role)

    await town.does(deed)
    assert await names(town, activity, "offered") == ["Hua"]
    after = await now(town, activity)
    assert (after.places, after.special, after.taken, after.waiting) == (before.places, 0, 2, 0)
    assert await broken(town) == []


# Sharing, through the door


async def two_schools(town: Town) -> tuple[Activity, Group, Group]:
    """Lan's dance group has an activity with 6 places; Hua leads No. 1 School, in a class of which is Ming."""
    activity = await published(town, await founded(town, leader=town.lan), places=6, title="Clean-up")
    one, two = await registered(town, "No. 1 School", "school"), await registered(town, "No. 2 School", "school")
    team = await registered(town, "Class 3", "team", one)
    dong, hua = await town.person(town.dong), await town.person(town.hua)
    await town.does(lambda tx: groups.appoint(tx, one, hua, by=dong))
    await belongs(town, team, town.ming)
    return activity, one, two


async def shares(town: Town, activity: Activity, school: str, places: str, back: str = "Not by themselves") -> None:
    """Lan shares it, from the activity's card."""
    await town.lan.presses_data(f"activities.open:{activity.id}")
    for label in ("🤝 Partners", "＋ Share", school):
        await town.lan.presses(label)
    await fills_in(town.lan, places, f"!{back}", "!Share it")


async def told_of(town: Town, activity: Activity) -> str:
    """What Lan reads of the partners."""
    await town.lan.presses_data(f"partners.of:{activity.id}")
    return town.lan.screen.text


async def test_from_sharing_to_a_place_of_ones_school(town: Town) -> None:
    """Shared in a few taps; the school's leader hears of it and sends it on down the tree; a pupil is in by one tap."""
    activity, one, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    assert "No. 1 School: 0 of 2 taken, 2 free" in town.lan.screen.text
    assert "Lan shares “Clean-up” with No. 1 School: 2 places are for your people." in town.hua.screen.text
    await town.hua.presses("📣 Send it on")
    assert "“Clean-up” has 2 free places for people of No. 1 School." in town.hua.screen.text
    await town.hua.presses("Send to 1")
    await town.passes(seconds=5)
    await town.ming.presses("🙋 I'm in")
    await town.ming.presses("Sign up: No. 1 School")
    await town.hua.presses_data(f"partners.ours:{one.id}")
    assert "No. 1 School: 1 of 2 taken, 1 free" in town.hua.screen.text
    await town.hua.presses("Clean-up")
    await town.hua.presses("Who? 1")
    assert "Ming · number" in town.hua.screen.text
    assert await broken(town) == []


async def test_a_partner_is_found_by_kind_and_by_a_typed_name(town: Town) -> None:
    """Groups, schools, teams are on pages of their own; a part of a name, or one mistyped, finds it as well."""
    activity, _, _ = await two_schools(town)
    await town.lan.presses_data(f"partners.choose:{activity.id}")
    assert "No. 2 School" in town.lan.screen.labels
    await town.lan.presses("Volunteer team")
    assert "Class 3" in town.lan.screen.labels and "No. 2 School" not in town.lan.screen.labels
    await town.lan.presses("🔍 Search")
    await town.lan.says("2 scho")
    await town.lan.presses("No. 2 School")
    assert "How many places does it have?" in town.lan.screen.text


async def test_more_than_is_free_is_not_given(town: Town) -> None:
    """The refusal says how many there are; a second share leads to the first one's places. Once more it has all of its own."""
    activity, one, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "7")
    assert "Only 6 places are free to give, not 7." in town.lan.screen.text
    await shares(town, activity, "No. 1 School", "6")
    shared = await now(town, activity)
    model = await town.does(lambda tx: model_of(tx, shared))
    assert (model.places, model.draft(None, shared.starts_at).terms.roles) == (6, ())
    await town.lan.presses_data(f"partners.ask:{activity.id}:{one.id}")
    await fills_in(town.lan, "1", "!Not by themselves", "!Share it")
    assert "is shared with No. 1 School already" in town.lan.screen.text
    await town.lan.presses("Change the places")
    await fills_in(town.lan, "4", "!Change it")
    assert "0 of 4 taken" in town.lan.screen.text
    assert "No. 1 School has 4 places in “Clean-up” now; 4 free." in town.hua.screen.text
    await town.hua.starts(f"activities_open-{activity.id}")
    await town.hua.presses("🤝 Shared with us")
    assert "No. 1 School: 0 of 4 taken, 4 free" in town.hua.screen.text
    assert await broken(town) == []


async def test_counts_follow_what_is_corrected(town: Town) -> None:
    """Who came and the hours change with corrections, with hours that are taken back and with others written for them."""
    activity, _, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    await join(town, activity, town.ming, town.shen, town.hua)
    hua, ming, lan, dong = [await town.person(each) for each in (town.hua, town.ming, town.lan, town.dong)]
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=hua))
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    own = Presence(ming.id, Grade.OWN, 60, activity.starts_at, activity.starts_at + 3600, activity.name, "Clean-up")

    async def confirmed(tx: Transaction) -> int:
        await activities.mark_rest(tx, activity.id, by=lan)
        await activities.confirm(tx, activity.id, by=lan, rules=Hours())
        sql = "SELECT id FROM participations WHERE activity_id = :activity AND person_id = :person"
        return int(await tx.value(sql, activity=activity.id, person=ming.id))

    async def taken_back(tx: Transaction) -> None:
        sql = "SELECT id FROM hours_records WHERE person_id = :person AND state = 'standing'"
        await hours.reverse(tx, int(await tx.value(sql, person=ming.id)), by=dong, rules=Hours())

    number = await town.does(confirmed)
    for deed, counted in (
        (lambda tx: activities.correct(tx, number, Attendance.MISSED, by=lan, rules=Hours()), "came 0, 0 h"),
        (lambda tx: activities.correct(tx, number, Attendance.LATE, by=lan, rules=Hours()), "came 1, 1 h 30 min"),
        (taken_back, "came 1, 0 h"),
        (lambda tx: hours.credit(tx, own, by=ming, rules=Hours()), "came 1, 1 h"),
    ):
        await town.does(deed)
        await town.lan.presses_data(f"partners.origins:{activity.id}")
        assert f"No. 1 School: places 2, signed up 1, {counted}\n" in town.lan.screen.text
        assert "others: places 4, signed up 1, came 1, 2 h\n" in town.lan.screen.text
        assert await broken(town) == []


async def test_hours_and_a_mark_in_the_same_moment_are_both_counted(town: Town) -> None:
    """Hours come to count while somebody marks that the person came: neither misses the other."""
    activity = await published(town, await founded(town, leader=town.lan), places=None, title="Clean-up")
    crowd = [await town.newcomer(f"P{n}") for n in range(8)]
    await join(town, activity, *crowd)
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    everybody = [await town.person(each) for each in crowd]

    async def marked(tx: Transaction, person: Person) -> None:
        sql = "UPDATE participations SET came = 1 WHERE activity_id = :activity AND person_id = :person"
        await tx.run(sql, activity=activity.id, person=person.id)
        await people.by_id(tx, person.id)

    async def credited(tx: Transaction, person: Person) -> None:
        own = Presence(
            person.id, Grade.OWN, 60, activity.starts_at, activity.starts_at + 3600, activity.name, "Clean-up"
        )
        await hours.credit(tx, own, by=person, rules=Hours())

    deeds = [(each, person) for person in everybody for each in (credited, marked)]
    await asyncio.gather(*(town.does(lambda tx, d=deed, p=person: d(tx, p)) for deed, person in deeds))  # type: ignore[misc]
    assert await broken(town) == []


async def test_counts_by_origin_are_the_lengths_of_their_lists(town: Town) -> None:
    """Places, sign-ups, who came and hours by origin; the sum is that of the rows; the county's month counts the same."""
    activity, _, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    await join(town, activity, town.ming, town.shen)
    await town.passes(seconds=activity.ends_at + 60 - town.clock.instant)
    lan = await town.person(town.lan)

    async def deed(tx: Transaction) -> None:
        await activities.mark_rest(tx, activity.id, by=lan)
        await activities.confirm(tx, activity.id, by=lan, rules=Hours())

    await town.does(deed)
    await town.settle()
    await town.lan.presses_data(f"partners.origins:{activity.id}")
    rows = ("No. 1 School: places 2, signed up 1, came 1, 2 h", "others: places 4, signed up 1, came 1, 2 h")
    for line in (*rows, "In all: places 6, signed up 2, came 2, 4 h"):
        assert line in town.lan.screen.text
    await town.lan.presses("No. 1 School · 1")
    assert "Ming" in town.lan.screen.text and "Shen" not in town.lan.screen.text
    await town.lan.presses_data(f"partners.people:{activity.id}:0:in:{'9' * 18}")
    assert town.lan.unanswered == [], "a page that no list has"
    await town.dong.presses_data("partners.county")
    for line in (*rows, "1 activity was shared."):
        assert line in town.dong.screen.text
    await town.dong.presses("No. 1 School: 1 activity")
    assert any("Clean-up" in label for label in town.dong.screen.labels)
    dong, other = await town.person(town.dong), await registered(town, "No. 3 School", "school")
    for title in ("Declined", "Called off"):
        each = await published(town, None, places=3, title=title)
        share = await town.does(lambda tx, n=each.id: partners.share(tx, n, other.id, 2, by=dong))  # type: ignore[misc]
        if title == "Declined":
            await town.does(lambda tx, n=share.id: partners.decline(tx, n, "Exams", by=dong))  # type: ignore[misc]
        else:
            await town.does(lambda tx, n=each.id: activities.cancel(tx, n, "Storm", by=dong))  # type: ignore[misc]
    await town.dong.says("/export csv origins")
    table = list(csv.reader(io.StringIO(town.dong.files[-1].content.decode("utf-8-sig"))))
    assert [row[4:] for row in table] == [
        ["Partner", "State of the share", "Places", "Signed up", "Came", "Minutes that count"],
        ["others", "", "3", "0", "0", "0"],
        ["No. 3 School", "declined", "0", "0", "0", "0"],
        ["others", "", "4", "1", "1", "120"],
        ["No. 1 School", "shared", "2", "1", "1", "120"],
    ]


ANOTHERS = (
    ("ming", "partners.open:{share}"),
    ("ming", "partners.people:{activity}:{one}:in:0"),
    ("hua", "partners.people:{activity}:0:in:0"),
    ("hua", "partners.giveback:{share}"),
    ("hua", "partners.withdraw:{share}:1"),
    ("hua", "partners.ask:{activity}:{one}"),
    ("hua", "partners.of:{activity}"),
    ("lan", "partners.decline:{share}"),
    ("lan", "partners.sendon:{share}"),
    ("lan", "partners.ours:{one}"),
)


async def test_nobody_presses_what_is_anothers(town: Town) -> None:
    """Each side's deeds and names are its own; a forged press is refused and changes nothing."""
    activity, one, _ = await two_schools(town)
    await shares(town, activity, "No. 1 School", "2")
    before = await now(town, activity)
    for name, data in ANOTHERS:
        persona = getattr(town, name)
        persona.forget()
        await persona.presses_data(data.format(share=1, activity=activity.id, one=one.id))
        said = "".join([*persona.heard, *(toast.text for toast in persona.toasts)])
        assert "Nothing was changed" in said, (name, data, said)
    assert await now(town, activity) == before


async def test_places_come_out_of_the_role_that_its_leader_says(town: Town) -> None:
    """And go back there; one place of a role stays. What is published after it once more is shared with nobody."""
    roles = (RoleDraft("helper", 4), RoleDraft("driver", 2))
    activity = await published(town, await founded(town, leader=town.lan), places=None, terms=Terms(roles=roles))
    school = await registered(town, "No. 1 School", "school")
    await town.lan.presses_data(f"partners.ask:{activity.id}:{school.id}")
    await fills_in(town.lan, "!helper (4 free)", "3", "!Not by themselves", "!Share it")
    assert "0 of 3 taken, 3 free" in town.lan.screen.text
    await town.lan.presses("Places")
    await fills_in(town.lan, "4", "!Change it")
    assert "Only 0 places are free to give, not 1." in town.lan.screen.text
    role = await town.does(lambda tx: portions.role_for(tx, activity.id, school.id))
    assert role
    await town.lan.presses_data(f"activities.resize:{role.id}")
    await fills_in(town.lan, "5", "!Change it")
    assert "places of No. 1 School, whose leaders are told" in town.lan.screen.text
    await town.lan.presses_data(f"activities.roles:{activity.id}")
    assert town.lan.screen.labels[:4] == ["helper (1)", "✎ Rename", "driver (2)", "✎ Rename"]
    await town.lan.presses("🤝 Partners")
    again = (await town.does(lambda tx: model_of(tx, activity))).draft(None, activity.starts_at)
    assert [(role.name, role.places) for role in again.terms.roles] == [("helper", 4), ("driver", 2)]
    await town.lan.presses_data("partners.withdraw:1:0")
    view = await town.does(lambda tx: roles_of(tx, activity))
    assert [(role.name, role.places) for role in view] == [("helper", 4), ("driver", 2)]
    await town.lan.presses("Undo (60 s)")
    assert "0 of 3 taken, 3 free" in town.lan.screen.text
    assert await broken(town) == []
