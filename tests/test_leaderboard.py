"""The leaderboard: off unless the county wants it, by what was earned, and with names only of those who say so."""

from bot.domain import points
from bot.domain.points import Leg, Reason, board
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.ledger import all_holds
from tests.town import Town


async def earns(town: Town, persona: Persona, amount: int, cause: str) -> int:
    """So many points by hand; the transfer's number."""
    who = await town.person(persona)
    legs = (Leg("issue", 0, -amount), Leg("member", who.id, amount))
    return await town.does(
        lambda tx: points.transfer(tx, legs, reason=Reason.GRANT, cause=cause, person_id=who.id, by=None)
    )


async def summed(town: Town) -> None:
    """The next ticks of the clock seal and sum what was written."""
    for _ in range(3):
        await town.passes(minutes=1)


async def board_of(town: Town, persona: Persona) -> str:
    persona.forget()
    await persona.says("/leaderboard")
    return persona.screen.text


async def open_town(town: Town) -> None:
    await town.opens(county={"leaderboard": True})


async def test_it_is_off_unless_the_county_wants_it(town: Town) -> None:
    """Nobody is ranked by default: no button leads there, and the command says why."""
    await earns(town, town.ming, 10, "a")
    await summed(town)
    assert "keeps no leaderboard" in await board_of(town, town.ming)
    await town.ming.presses_data("points.board.name:0:1")
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM point_names")) == 0
    await town.ming.says("/points")
    assert not any("Leaderboard" in label for label in town.ming.screen.labels)


async def test_who_earned_most_stands_first_and_equals_share_a_place(town: Town) -> None:
    """Gifts and what was spent change no place; a correction does; the others see a nickname only of who says so."""
    await open_town(town)
    await earns(town, town.ming, 30, "a")
    wrong = await earns(town, town.hua, 50, "b")
    await earns(town, town.hua, 30, "c")
    await earns(town, town.lan, 7, "d")
    ming, lan = await town.person(town.ming), await town.person(town.lan)
    gift = (Leg("member", ming.id, -20), Leg("member", lan.id, 20))
    await town.does(lambda tx: points.transfer(tx, gift, reason=Reason.GIFT, cause="e", person_id=ming.id, by=ming.id))
    await town.does(lambda tx: points.reverse(tx, wrong, by=None, cause="wrong"))
    await summed(town)
    await town.hua.presses_data("points.board.name:0:1")

    seen = await board_of(town, town.ming)

    assert "🥇 you: 30 points\n🥇 Hua: 30 points\n🥉 a member: 7 points" in seen
    assert "You: 30 points, place 1." in seen
    await town.hua.presses_data("points.board.name:0:0")
    assert "Hua" not in await board_of(town, town.ming)
    assert await all_holds(town.storage)


async def test_a_month_a_year_and_all_time_are_told_apart(town: Town) -> None:
    """What was earned in November counts for the year, and no longer for December."""
    await open_town(town)
    await earns(town, town.ming, 30, "a")
    await town.until(2026, 12, 2, 10)
    await earns(town, town.hua, 10, "b")
    await summed(town)
    assert "🥇 a member: 10 points" in await board_of(town, town.ming)
    for label in ("This year", "All time"):
        await town.ming.presses(label)
        assert "🥇 you: 30 points\n🥈 a member: 10 points" in town.ming.screen.text
    await town.until(2027, 1, 2, 10)
    assert "You have no place yet." in await board_of(town, town.ming)


async def test_nobody_under_14_is_named(town: Town) -> None:
    """Neither by pressing, nor by having pressed before the age was said."""
    await open_town(town)
    await earns(town, town.hua, 10, "a")
    await summed(town)
    await town.hua.presses_data("points.board.name:0:1")
    assert "Hua" in await board_of(town, town.ming)
    await town.does(lambda tx: tx.run("UPDATE people SET age = 'child' WHERE nickname = 'Hua'"))
    assert "🥇 a member: 10 points" in await board_of(town, town.ming)
    await town.hua.presses_data("points.board.name:0:0")
    await town.hua.presses_data("points.board.name:0:1")
    assert "under 14 never stand" in town.hua.screen.text
    await town.hua.presses_data("points.board.name:7:1")
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM point_names")) == 0


async def test_beyond_the_first_hundred_one_reads_what_is_lacking(town: Town) -> None:
    """Ten pages of ten; whoever stands further down is told how many points the hundredth has more."""
    await open_town(town)

    async def crowd(tx: Transaction) -> None:
        for n in range(101):
            who = await tx.value(
                "INSERT INTO people (telegram_id, nickname, language, role, registered_at) "
                "VALUES (:n, 'P', 'en', 'member', :now) RETURNING id",
                n=9000 + n,
                now=tx.now,
            )
            for period in board.periods_of(tx, tx.now):
                await tx.run("INSERT INTO point_earned VALUES (:who, :period, :n)", who=who, period=period, n=1000 - n)
        me = await tx.value("SELECT id FROM people WHERE nickname = 'Ming'")
        for period in board.periods_of(tx, tx.now):
            await tx.run("INSERT INTO point_earned VALUES (:me, :period, 5)", me=me, period=period)

    await town.does(crowd)
    assert "You: 5. 896 points more and you are among the first hundred." in await board_of(town, town.ming)
    await town.ming.presses_data("points.board:0:9")
    assert "100. a member: 901 points" in town.ming.screen.text
    assert "Next ›" not in town.ming.screen.labels
    await town.ming.presses_data("points.board:0:999999")
    assert "100. a member: 901 points" in town.ming.screen.text


async def test_a_merged_record_brings_along_what_it_earned(town: Town) -> None:
    """What was summed before, and what is sealed only afterwards: both count for the record that stays."""
    await earns(town, town.ming, 30, "a")
    await summed(town)
    ming, hua = await town.person(town.ming), await town.person(town.hua)

    async def become(tx: Transaction) -> None:
        await tx.run(
            "UPDATE people SET merged_into = :into, telegram_id = NULL WHERE id = :old", into=hua.id, old=ming.id
        )
        await board.carry_over(tx, ming.id, hua.id)
        await tx.run("DELETE FROM point_earned WHERE person_id = :old", old=ming.id)

    await earns(town, town.ming, 5, "b")
    await town.does(become)
    await summed(town)
    assert (await town.does(lambda tx: points.my_place(tx, hua.id, board.ALL_TIME))).amount == 35
    assert await all_holds(town.storage)
