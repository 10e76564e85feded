"""What admins steer by: the panel, roles, the audit log, menus, and who may use them."""

import pytest

from bot import menus
from bot.domain import groups, points, reports
from bot.domain.people import Role
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.audited import newest_rows
from tests.county import furnished
from tests.founding import founded
from tests.needing import posted
from tests.town import Town


async def role(town: Town, persona: Persona) -> Role:
    return (await town.person(persona)).role


async def leads(town: Town, name: str, persona: Persona) -> bool:
    person = await town.person(persona)

    async def question(tx: Transaction) -> bool:
        return await groups.leads(tx, (await groups.matching(tx, name, "groups.open")).id, person)

    return await town.does(question)


# The panel


async def test_panel_counts_and_opens_what_it_counted(town: Town) -> None:
    """Each figure is a button to what it is made of."""
    await furnished(town)
    await town.dong.says("/admin")
    assert "5 people here" in town.dong.screen.text
    await town.dong.presses("People · 5")
    assert "Ming #1" in town.dong.screen.labels
    await town.dong.presses("Ming #1")
    assert "Role: member" in town.dong.screen.text
    await town.dong.says("/admin")
    await town.dong.presses("Groups · 8")
    assert "Interest groups" in town.dong.screen.text


async def test_panel_gathers_what_waits(town: Town) -> None:
    """One kind leads to its list; several are one row that leads to all of them: the panel stays within its eight rows."""
    await posted(town, town.ming)
    await town.dong.says("/admin")
    assert "New needs · 1" in town.dong.screen.labels
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    await town.does(lambda tx: points.ask_grant(tx, ming.id, 400, "Chairs", "form:1", by=dong))
    await town.dong.says("/admin")
    assert "⏳ New needs: 1" in town.dong.screen.text
    assert len(town.dong.screen.rows) <= 8
    await town.dong.presses("⏳ What waits · 2")
    assert town.dong.screen.labels[:2] == ["Points by hand · 1", "New needs · 1"]


async def test_panel_shows_the_pulse(town: Town) -> None:
    """The scheduler's sign of life is shown, and its silence."""
    await town.tick()
    await town.dong.says("/admin")
    assert "✓ The scheduler lives" in town.dong.screen.text
    town.clock.move(3600)
    await town.dong.says("/admin")
    assert "⚠ The scheduler is silent since" in town.dong.screen.text


async def test_panel_names_what_was_set_aside(town: Town) -> None:
    """An update that was set aside is counted, and its error can be read."""
    await town.does(
        lambda tx: tx.run(
            "INSERT INTO inbox (bot, update_id, line, payload, state, error, kept_at, done_at) "
            "VALUES (:bot, 999999, 0, '{}', 'broken', 'KeyError: <b>', :now, :now)",
            bot=tx.bot,
            now=tx.now,
        )
    )
    await town.dong.says("/admin")
    assert "⚠ Received: 0 waiting, 1 set aside" in town.dong.screen.text
    await town.dong.presses("Set aside")
    assert "received 999999 : KeyError: <b>" in town.dong.screen.text


@pytest.mark.parametrize("command", ["/admin", "/stats", "/export", "/audit"])
async def test_members_do_not_see_it(town: Town, command: str) -> None:
    """Members and leaders are refused; auditors and admins are not."""
    await founded(town, leader=town.lan)
    for persona, allowed in ((town.ming, False), (town.lan, False), (town.shen, True), (town.dong, True)):
        await persona.says(command)
        assert ("Only county admins and auditors can see this" not in persona.screen.text) is allowed


# Roles


async def test_admin_is_made_in_exact_words(town: Town) -> None:
    """/grant admin #1: what changes is said, and only the tap counts; Ming is told and it is written down."""
    await town.dong.says("/grant admin #1")
    assert "Is member now and becomes county admin: sees everything, can change everything" in town.dong.screen.text
    assert await role(town, town.ming) is Role.MEMBER
    await town.dong.presses("Yes, do it")
    assert await role(town, town.ming) is Role.ADMIN
    assert "You are a county admin now; Dong gave you this role" in town.ming.heard[-1]
    newest = (await town.does(lambda tx: newest_rows(tx, 1)))[0]
    assert (newest.deed, newest.subject, newest.details) == (
        "role.given",
        "person:1",
        '{"before": "member", "role": "admin"}',
    )


async def test_what_somebody_has_is_not_asked(town: Town) -> None:
    """A county role or a group that he leads: it is said at once, instead of a question that can only fail."""
    await founded(town, "Dance", leader=town.lan)
    for words, told in (("admin Dong", "Dong has this role already"), ("leader Dance Lan", "Lan leads Dance already")):
        await town.dong.says(f"/grant {words}")
        assert told in town.dong.screen.text


async def test_role_is_chosen_by_buttons(town: Town) -> None:
    """Without arguments: role, person, confirmation, each a tap."""
    await town.dong.says("/grant")
    for label in ("Auditor", "Hua #2", "Yes, do it"):
        await town.dong.presses(label)
    assert await role(town, town.hua) is Role.AUDITOR


async def test_person_is_found_by_part_of_the_name(town: Town) -> None:
    """Search offers those in whose name the words stand."""
    await town.newcomer("Little Ming")
    await town.dong.says("/grant")
    for label in ("Auditor", "🔍 Search"):
        await town.dong.presses(label)
    await town.dong.says("min")
    assert {"Ming #1", "Little Ming #6"} <= set(town.dong.screen.labels)


async def test_people_of_one_name_are_offered_by_number(town: Town) -> None:
    """Two people called Ming: the bot asks which, and never guesses."""
    other = await town.newcomer("Ming")
    await town.dong.says("/grant auditor Ming")
    assert [label for label in town.dong.screen.labels if label.startswith("Ming")] == ["Ming #1", "Ming #6"]
    await town.dong.presses("Ming #6")
    await town.dong.presses("Yes, do it")
    assert await role(town, other) is Role.AUDITOR
    many = "INSERT INTO people (nickname, language, registered_at) SELECT 'Ming', 'en', 1 FROM people"
    await town.does(lambda tx: tx.run(many))
    await town.dong.says("/points Ming")
    assert "There are more of them: with the number it is exact" in town.dong.screen.text


@pytest.mark.parametrize("words", ["leader 舞蹈团 Hua", "组长 舞蹈团 #2", "leader 舞 蹈 团 Hua", "leader #1 Hua"])
async def test_leader_is_made_by_words(town: Town, words: str) -> None:
    """Group and person may be named in one line, with numbers or names, and names may have several words."""
    name = "舞 蹈 团" if "舞 蹈" in words else "舞蹈团"
    await founded(town, name)
    await town.dong.says(f"/grant {words}")
    assert f"Becomes leader of {name}" in town.dong.screen.text
    await town.dong.presses("Yes, do it")
    assert await leads(town, name, town.hua)


async def test_leader_makes_leaders_of_his_own_group_only(town: Town) -> None:
    """Nobody grants what he doesn't hold: Lan in her group, nowhere else, and no county role."""
    await founded(town, "Dance", leader=town.lan)
    await founded(town, "Chess", leader=town.hua)
    await town.ming.says("/join Dance")
    await town.lan.says("/grant leader Dance Ming")
    await town.lan.presses("Yes, do it")
    assert await leads(town, "Dance", town.ming)
    for words in ("leader Chess Ming", "admin Lan", "auditor #1"):
        await town.lan.says(f"/grant {words}")
        assert "Nothing was changed" in town.lan.screen.text
    assert not await leads(town, "Chess", town.ming)
    assert await role(town, town.lan) is Role.MEMBER


async def test_forged_grants_change_nothing(town: Town) -> None:
    """Whoever presses is checked at the press: members, leaders of other groups and auditors can forge what they like."""
    await founded(town, "Dance", leader=town.lan)
    await founded(town, "Chess", leader=town.hua)
    before = await town.does(lambda tx: reports.holders_page(tx, 0, None))
    for persona in (town.ming, town.hua, town.shen):
        await persona.says("/start")
        for data in ("admin.given:admin:1:0", "admin.given:leader:1:1", "admin.taken:4:0", "admin.taken:3:1"):
            await persona.presses_data(data)
    assert await town.does(lambda tx: reports.holders_page(tx, 0, None)) == before


async def test_old_confirmation_of_an_admin_of_yesterday_is_worth_nothing(town: Town) -> None:
    """A confirmation that was opened as admin does not work any more once the role was taken."""
    chief = await town.newcomer("Chief", role=Role.ADMIN)
    await chief.says("/grant admin #1")
    await town.dong.says("/revoke admin Chief")
    await town.dong.presses("Yes, take it back")
    await chief.presses_data("admin.given:admin:1:0")
    assert await role(town, town.ming) is Role.MEMBER


async def test_role_is_taken_back(town: Town) -> None:
    """/revoke lists who holds what; the loss is said in exact words, and Shen is told."""
    await town.dong.says("/revoke")
    await town.dong.presses("Shen #5 · auditor")
    assert "becomes a member like everybody" in town.dong.screen.text
    await town.dong.presses("Yes, take it back")
    assert await role(town, town.shen) is Role.MEMBER
    assert "Dong took your role back" in town.shen.heard[-1]


async def test_one_of_many_leaders_is_found_by_page_or_by_name(town: Town) -> None:
    """The county's roles first, then leaders by their groups; a part of a name finds them, for a leader in the own groups alone."""
    for number in range(1, 9):
        await founded(town, f"Group {number}", leader=town.hua if number > 3 else town.lan)
    await town.dong.says("/revoke")
    assert "10 in all, page 1 of 2" in town.dong.screen.text
    assert town.dong.screen.labels[1:3] == ["Shen #5 · auditor", "Lan #3 · Group 1"]
    await town.dong.presses("2")
    assert town.dong.screen.labels[:4] == [f"Hua #2 · Group {number}" for number in (5, 6, 7, 8)]
    await town.dong.presses("🔍 Search")
    await town.dong.says("an")
    assert town.dong.screen.labels[:3] == [f"Lan #3 · Group {number}" for number in (1, 2, 3)]
    await town.lan.says("/revoke Hua")
    assert "Hua holds no such role that you could take back" in town.lan.screen.text
    await founded(town, "Group 9", leader=town.hua)
    await founded(town, "Group 10", leader=town.hua)
    await town.dong.says("/revoke #2")
    assert "There are more: with the group it is exact" in town.dong.screen.text
    assert len(town.dong.screen.labels) == 8


async def test_leader_is_dismissed_by_words(town: Town) -> None:
    """/revoke leader GROUP NAME asks, then takes."""
    await founded(town, "Dance", leader=town.lan)
    await town.dong.says("/revoke leader Dance Lan")
    assert "No longer leads Dance" in town.dong.screen.text
    await town.dong.presses("Yes, take it back")
    assert not await leads(town, "Dance", town.lan)


async def test_last_admin_stays(town: Town) -> None:
    """The only admin can't lay the role down, and is not asked whether to."""
    await town.dong.says("/revoke #4")
    assert "is the only admin" in town.dong.screen.text
    await town.dong.presses_data("admin.taken:4:0")
    assert await role(town, town.dong) is Role.ADMIN


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/grant king Ming", "I know the roles admin, auditor and leader"),
        ("/grant admin Nobody", "I know nobody called Nobody"),
        ("/grant admin #999", "I know nobody called #999"),
        ("/grant leader", "Of which group?"),
        ("/grant leader Nowhere Ming", "There is no group called Nowhere"),
        ("/revoke Ming", "Ming holds no such role"),
        ("/revoke auditor Ming", "Ming holds no such role"),
    ],
)
async def test_what_can_not_be_granted_is_refused_with_the_next_step(town: Town, said: str, told: str) -> None:
    """Each refusal says why, that nothing was changed, and offers a button."""
    await town.dong.says(said)
    assert told in town.dong.screen.text
    assert "Nothing was changed" in town.dong.screen.text
    assert town.dong.screen.labels


# Audit


async def test_audit_is_read_in_words(town: Town) -> None:
    """Newest first, with who, what and to whom."""
    await founded(town, "Dance", leader=town.lan)
    await town.dong.says("/grant auditor Ming")
    await town.dong.presses("Yes, do it")
    await town.shen.says("/audit")
    lines = town.shen.screen.text.splitlines()
    assert "Dong #4 gave a role: Ming #1, before member, role auditor" in lines[1]
    assert "made somebody a leader: Dance #1, person Lan #3" in lines[2]


async def test_audit_speaks_the_readers_language(town: Town) -> None:
    """Roles, kinds, audiences and things without a name are words, not what the database calls them."""
    await town.dong.says("/grant auditor Ming")
    await town.dong.presses("Yes, do it")
    await town.dong.says("/council open")
    await town.dong.presses("Yes, open it")
    await town.shen.presses_data("people.language:zh_CN")
    await town.shen.says("/audit")
    lines = town.shen.screen.text.splitlines()
    assert "青年说事 · 期 #1" in lines[1]
    assert "变更了角色：Ming #1，原为 成员，角色 监督员" in lines[2]


async def test_audit_of_one_person(town: Town) -> None:
    """/audit #1 shows what Ming did and what was done to him, and nothing else; of namesakes one is chosen."""
    await founded(town, "Dance")
    await town.dong.says("/grant auditor Ming")
    await town.dong.presses("Yes, do it")
    await town.shen.says("/audit #1")
    assert "gave a role" in town.shen.screen.text
    assert "made a group" not in town.shen.screen.text
    await town.does(lambda tx: tx.run("UPDATE people SET nickname = 'Ming' WHERE nickname = 'Hua'"))
    await town.shen.says("/audit Ming")
    await town.shen.presses("Ming #2")
    assert "Audit log of Ming #2" in town.shen.screen.text


async def test_audit_turns_pages(town: Town) -> None:
    """Long logs go in pages."""
    for number in range(8):
        await founded(town, f"Group {number}")
    await town.dong.says("/audit")
    assert "8 in all, page 1 of 2" in town.dong.screen.text
    assert town.dong.screen.labels[:2] == ["·1·", "2"]
    await town.dong.presses("2")
    assert "page 2 of 2" in town.dong.screen.text
    assert "Group 0 #1" in town.dong.screen.text


# Menus


async def test_menu_fits_the_role(town: Town) -> None:
    """A new admin finds the admins' commands in his menu within seconds, in his language; a new leader the leaders'."""
    await founded(town, "Dance", leader=town.lan)
    await town.dong.says("/grant admin Ming")
    await town.dong.presses("Yes, do it")
    await town.passes(seconds=3)
    assert {"admin", "export", "audit", "grant", "announce"} <= set(town.ming.menu())
    assert {"recruit", "grant"} <= set(town.lan.menu())
    assert "admin" not in town.lan.menu()
    await town.dong.says("/revoke admin Ming")
    await town.dong.presses("Yes, take it back")
    await town.passes(seconds=3)
    assert "admin" not in town.ming.menu()
    assert "groups" in town.ming.menu()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_menu_that_did_not_change_is_not_sent_again(town: Town) -> None:
    """Each start publishes all of them: Telegram hears of what is new alone."""
    sent = []
    for _ in range(2):
        await town.does(lambda tx: menus.publish(tx, town.parts.house))
        await town.settle()
        sent.append(town.world.tally["setMyCommands", 200])
    assert sent == [6, 6]


async def test_menu_follows_whoever_leads(town: Town) -> None:
    """Leaders' commands come and go with the lead, with the last of several, and with a group that is closed."""
    dance, chess = [await founded(town, name, leader=town.lan) for name in ("Dance", "Chess")]
    lan, dong = await town.person(town.lan), await town.person(town.dong)
    ways = (
        (lambda tx: groups.dismiss(tx, dance, lan, by=dong), True),
        (lambda tx: groups.close(tx, chess.id, concerned=0, by=dong), False),
        (lambda tx: groups.reopen(tx, chess.id, by=dong), True),
        (lambda tx: groups.dismiss(tx, chess, lan, by=dong), False),
    )
    for deed, leads in ways:
        await town.does(deed)
        await town.passes(seconds=3)
        assert ("recruit" in town.lan.menu()) is leads
        assert await town.does(groups.invariants) == []
