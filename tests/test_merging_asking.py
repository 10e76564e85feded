"""Whom a merge is asked of, what ends it, and what becomes of children: by nobody else's word, and with none left alone."""

import pytest

from bot.domain import callouts, merging, minors, people
from bot.domain.people import Role
from bot.storage import Transaction
from tests.brigading import brigade_of
from tests.founding import founded
from tests.publishing import all_read, join, names, published
from tests.shopping import has, rich
from tests.test_merging import asked, merged, told
from tests.test_minors import child_of_ming
from tests.town import Town


async def test_whoever_still_has_the_account_stops_it(town: Town) -> None:
    """A stranger talks two admins into it; Ming says no in one tap, and keeps everything."""
    await rich(town, town.ming, 30)
    number = await asked(town, town.ming, town.hua)
    await town.hua.presses_data(f"merging.yes:{number}")
    await town.lan.presses_data(f"merging.yes:{number}")
    assert "This is not about you" in told(town.lan)
    await town.ming.presses("No, that is not me")
    await town.settle()
    assert await has(town, town.ming) == 30
    assert "Nothing was merged" in town.dong.screen.text
    await town.hua.presses_data(f"merging.yes:{number}")
    assert "This was decided before" in told(town.hua)
    await town.days_pass(8)
    assert await has(town, town.ming) == 30


async def test_an_account_that_is_lost_is_waited_for(town: Town) -> None:
    """Ming is silent, also when he is asked once more on the last day: a week after both were asked it is done."""
    await rich(town, town.ming, 30)
    number = await asked(town, town.ming, town.hua)
    await town.hua.presses_data(f"merging.yes:{number}")
    all_read(town)
    await town.days_pass(6)
    assert await has(town, town.hua) == 0
    assert "Are both of these you?" in "".join(town.ming.heard)
    assert "Are both of these you?" not in "".join(town.hua.heard)
    await town.days_pass(2)
    assert await has(town, town.hua) == 30


async def test_admins_read_why_nothing_was_merged_in_the_end(town: Town) -> None:
    """Ming has become an admin in the week of his silence: what he may not be is said, with the next step."""
    number = await asked(town, town.ming, town.hua)
    await town.hua.presses_data(f"merging.yes:{number}")
    ming = await town.person(town.ming)
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=ming.id))
    await town.days_pass(8)
    assert await town.does(lambda tx: tx.value(merging.OPEN_NUMBER)) == 0
    assert "Nothing was merged" in (words := "".join(town.dong.heard))
    assert "has a role" in words


async def test_nothing_is_merged_that_no_two_admins_stand_behind_any_more(town: Town) -> None:
    """Dong began it and is no admin in the end: it is called off, and the other admins and whoever said yes hear so."""
    number = await asked(town, town.ming, town.hua)
    await rich(town, town.ming, 30)
    await town.hua.presses_data(f"merging.yes:{number}")
    dong = await town.person(town.dong)
    await town["Qin"].presses_data(f"admin.taken:{dong.id}:0")
    all_read(town)
    await town.days_pass(8)
    assert await has(town, town.ming) == 30
    assert f"Dong #{dong.id}, who stood behind this, is no county admin any more" in "".join(town["Qin"].heard)
    assert "Ask for it again" in town["Qin"].screen.labels and town.dong.heard == []
    assert "your two records stay two" in "".join(town.hua.heard)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_yes_ends_what_no_two_admins_stand_behind_any_more(town: Town) -> None:
    """Whoever agreed is no admin now: the yes merges nothing, and says so."""
    number = await asked(town, town.ming, town.hua)
    await town.hua.presses_data(f"merging.yes:{number}")
    qin = await town.person(town["Qin"])
    await town.dong.presses_data(f"admin.taken:{qin.id}:0")
    await town.ming.presses_data(f"merging.yes:{number}")
    assert "Nothing was merged" in town.ming.screen.text
    assert "Qin" in town.dong.screen.text and await town.does(lambda tx: tx.value(merging.OPEN_NUMBER)) == 0
    dong, ming, hua = [await town.person(each) for each in (town.dong, town.ming, town.hua)]
    again = await town.does(lambda tx: merging.propose(tx, ming.id, hua.id, by=dong))
    fu = await town.newcomer("Fu", role=Role.ADMIN)
    await fu.presses_data(f"admin.taken:{dong.id}:0")
    await fu.presses_data(f"merging.agree:{again.id}")
    assert "Dong" in told(fu) and "is no county admin any more" in told(fu)


async def test_without_a_yes_nothing_is_merged(town: Town) -> None:
    """Hua never answers: after a week it is over."""
    await rich(town, town.ming, 30)
    await asked(town, town.ming, town.hua)
    await town.days_pass(8)
    assert await has(town, town.ming) == 30
    assert await town.does(lambda tx: tx.value(merging.OPEN_NUMBER)) == 0


async def test_a_guardians_consent_goes_on_with_his_record(town: Town) -> None:
    """The child stays signed up and reads who its guardian is; the other account shows, and takes back, in one tap each."""
    child, fei = await child_of_ming(town), await town.newcomer("Fei")
    ming = await town.person(town.ming)
    await town.does(lambda tx: minors.name_picker(tx, child.id, "Grandma Li", by=ming))
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    all_read(town)
    number = await asked(town, town.ming, fei)
    await town.dong.presses_data(f"merging.open:{number}")
    assert "👪 The first is the guardian of 1 child" in town.dong.screen.text
    for persona in (town.ming, fei):
        await persona.presses_data(f"merging.yes:{number}")
    assert await names(town, activity, "in") == ["Hua"]
    assert "Two records of your guardian Fei have become one. The consent stands" in "".join(town.hua.heard)
    await fei.presses_data(f"minors.pickers:{child.id}")
    assert "✖ Grandma Li" in fei.screen.labels
    await fei.presses_data(f"minors.child:{child.id}")
    assert "✅ Your consent stands." in fei.screen.text
    await fei.presses("Take the consent back")
    assert await names(town, activity, "in") == [] and "✋ There is no consent" in fei.screen.text


async def test_who_picks_up_both_records_of_a_child_is_named_once(town: Town) -> None:
    """Ming had taken one consent back, and named the same for a record that came later: what stood under that one goes on."""
    child, fei = await child_of_ming(town), await town.newcomer("Fei")
    ming, again = await town.person(town.ming), await town.person(fei)

    async def deed(tx: Transaction) -> None:
        await people.set_age(tx, again, people.Age.CHILD)
        await minors.name_picker(tx, child.id, "Grandma Li", by=ming)
        await minors.withdraw(tx, child.id, by=ming)
        await minors.consent(tx, await minors.make_token(tx, again), by=ming)
        for name in ("grandma li", "Uncle Wu"):
            await minors.name_picker(tx, again.id, name, by=ming)

    await town.does(deed)
    all_read(town)
    await merged(town, fei, town.hua)
    await town.ming.presses_data(f"minors.pickers:{child.id}")
    assert [label for label in town.ming.screen.labels if "✖" in label] == ["✖ Grandma Li", "✖ Uncle Wu"]


async def test_nobody_is_left_with_a_guardian_who_turns_out_to_be_under_18(town: Town) -> None:
    """The younger age stays: the child is out of what is ahead, and the record that stays of what is not for that age."""
    child, fei = await child_of_ming(town), await town.newcomer("Fei")
    await fei.presses_data("minors.mine.yes:youth")
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    activity, alone = await published(town, await founded(town, leader=town.lan)), await published(town, None)
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    await join(town, alone, town.ming)
    number = await asked(town, town.ming, fei)
    await town.dong.presses_data(f"merging.open:{number}")
    assert "guardian of 1 child: the consent ends" in town.dong.screen.text
    for persona in (fei, town.ming):
        await persona.presses_data(f"merging.yes:{number}")
    assert (await names(town, activity, "in"), await names(town, alone, "in")) == ([], [])
    assert "Fei, who is under 18, and with that the consent has ended" in "".join(town.hua.heard)
    assert "not in:\n• Flood" in "\n".join(fei.heard)
    assert await town.does(lambda tx: callouts.readiness(tx, [brigade.id])) == {brigade.id: (1, 1)}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("how", ["says", "merged"])
async def test_whoever_turns_out_to_be_under_18_is_nobodys_guardian(town: Town, how: str) -> None:
    """As he says himself, or by the younger age of a record that becomes his: the child is out of what was ahead, and reads why."""
    child, fei = await child_of_ming(town), await town.newcomer("Fei")
    activity = await published(town, await founded(town, leader=town.lan))
    await town.lan.presses_data(f"minors.mind:{activity.id}:me")
    await join(town, activity, child)
    all_read(town)
    await (town.ming if how == "says" else fei).presses_data("minors.mine.yes:youth")
    if how == "merged":
        await merged(town, fei, town.ming)
    assert await names(town, activity, "in") == []
    assert "Ming, who had agreed for you, is under 18, as it turns out" in "".join(town.hua.heard)
    await town.hua.presses_data(f"activities.join:{activity.id}")
    assert "a parent or guardian has to agree first" in told(town.hua)
