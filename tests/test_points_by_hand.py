"""Points that admins give by hand: at once up to an amount, above it when a second admin has agreed."""

import asyncio

import pytest

from bot.domain import points
from bot.domain.people import Role
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import fills_in
from tests.shopping import has, rich
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def second(town: Town) -> Persona:
    """Another county admin."""
    return await town.newcomer("Qin", role=Role.ADMIN)


async def given(town: Town, amount: str) -> None:
    """Dong fills in the form for Ming, from Ming's statement."""
    ming = await town.person(town.ming)
    await town.dong.says(f"/points #{ming.id}")
    await town.dong.presses("Give points")
    await fills_in(town.dong, amount, "Carried chairs all day", "!Give them")
    await town.settle()


async def asked(town: Town) -> int:
    """Sixty points wait for a second admin; the number of the grant."""
    await given(town, "60")
    return 1


async def test_a_little_is_given_at_once_and_says_why(town: Town) -> None:
    """Ming is told with the reason, which also stands in the statement; the books hold."""
    await given(town, "20")
    assert "✅ Given" in town.dong.screen.text
    assert "The county gave you 20 points.\nWhy: Carried chairs all day" in town.ming.screen.text
    await town.ming.says("/points")
    assert "given by hand" in town.ming.screen.text
    assert "Carried chairs all day" in town.ming.screen.text
    assert await town.does(points.invariants) == []


async def test_more_waits_for_a_second_admin(town: Town) -> None:
    """Whoever asked can't agree; another admin is told, agrees in one tap, and stands in the entry as approver."""
    qin = await second(town)
    grant = await asked(town)
    assert "Waits for a second admin" in town.dong.screen.text
    assert await has(town, town.ming) == 0
    await town.dong.presses_data(f"points.agree:{grant}")
    assert "You have asked for this yourself" in told(town.dong)
    await qin.says("/admin")
    await qin.presses("Points by hand · 1")
    await qin.presses("60 for Ming")
    await qin.presses("I agree")
    assert await has(town, town.ming) == 60
    ming = await town.person(town.ming)
    (entry,) = (await town.does(lambda tx: points.entries(tx, ming.id, 0))).items
    assert (entry.actor_id, entry.approver_id) == ((await town.person(town.dong)).id, (await town.person(qin)).id)
    assert await town.does(points.invariants) == []


async def test_it_is_decided_once(town: Town) -> None:
    """Agreed to and declined at the same moment: one of the two, and the other is refused."""
    by = await town.person(await second(town))
    grant = await asked(town)
    ends = await asyncio.gather(
        town.does(lambda tx: points.agree_to_grant(tx, grant, by=by)),
        town.does(lambda tx: points.decline_grant(tx, grant, by=by)),
        return_exceptions=True,
    )
    assert [isinstance(end, Refused) for end in ends].count(True) == 1
    assert await town.does(points.invariants) == []


async def test_who_asked_hears_that_it_was_declined(town: Town) -> None:
    """Nothing is booked, and the asker is told."""
    qin = await second(town)
    grant = await asked(town)
    await qin.presses_data(f"points.decline:{grant}")
    await town.settle()
    assert "60 points for Ming were not agreed to" in town.dong.screen.text
    assert await has(town, town.ming) == 0


async def test_the_same_form_told_again_gives_once(town: Town) -> None:
    """A key made with the form: the second is the first."""
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    for _ in range(2):
        await town.does(lambda tx: points.ask_grant(tx, ming.id, 20, "Chairs", "form:1", by=dong))
    assert await has(town, town.ming) == 20


async def test_nobody_gives_to_oneself_or_decides_on_oneself(town: Town) -> None:
    """Refused, with whom to ask; a member may not at all."""
    dong = await town.person(town.dong)
    await town.dong.presses_data(f"points.give:{dong.id}")
    await fills_in(town.dong, "20", "I was there", "!Give them")
    assert "Nobody gives points to oneself" in told(town.dong)
    qin = await second(town)
    by = await town.person(qin)
    await town.does(lambda tx: points.ask_grant(tx, dong.id, 60, "Chairs", "form:2", by=by))
    await town.dong.presses_data("points.agree:1")
    assert "This is about your own points" in told(town.dong)
    await town.ming.presses_data("points.give:1")
    assert await has(town, town.dong) == 0


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "1000001", "many"])
async def test_what_is_no_amount_is_asked_again(town: Town, amount: str) -> None:
    """Nothing is saved, and the question stands: for a person, for a group's budget, and for a gift."""
    ming, group = await town.person(town.ming), await founded(town, "Dance", leader=town.lan)
    await rich(town, town.hua, 40)
    for persona, begins in (
        (town.dong, f"points.give:{ming.id}"),
        (town.dong, f"points.budget.ask:{group.id}"),
        (town.hua, f"points.gift.begin:{ming.id}"),
    ):
        await persona.presses_data(begins)
        await persona.says(amount)
        assert "I need a whole number from 1 to" in persona.screen.text
    assert (await has(town, town.ming), await has(town, town.hua)) == (0, 40)
    assert await town.does(lambda tx: points.budget(tx, group.id)) == 0


async def test_what_waits_for_somebody_who_leaves_is_not_given(town: Town) -> None:
    """The reason is wiped and stands in no log, and no admin can agree to it any more."""
    qin = await second(town)
    await asked(town)
    ming = await town.person(town.ming)
    await town.does(lambda tx: points.forget(tx, ming))
    logged = "SELECT COUNT(*) FROM audit WHERE details LIKE '%Carried chairs%'"
    assert await town.does(lambda tx: tx.value(logged)) == 0
    await qin.presses_data("points.agree:1")
    assert "This was decided before" in told(qin)
    assert (await town.does(lambda tx: points.GRANTS.one(tx, 1))).why == "-"
