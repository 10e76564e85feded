"""A need from its posting to its summary, step by step, as people press and type."""

import io

import pytest
import segno

from bot.domain import activities, projects
from bot.domain.activities import Activity
from bot.domain.projects import Project, State
from tests.founding import founded
from tests.needing import broken, claimed, now, open_need, posted, undertaken
from tests.publishing import DAY, all_read, fills_in, join, published
from tests.town import Town


async def test_a_need_goes_from_one_line_to_a_summary(town: Town) -> None:
    """Posted in one line, published, claimed, undertaken, summed up; whoever needed it hears of each once."""
    group = await founded(town, "Handy", leader=town.lan)
    await town.ming.says("/need Mend a window; West bridge 3; next Sat; 2")
    await fills_in(town.ming, "!Skip", "!Post it")
    assert "Need 1 · with the county" in town.ming.screen.text
    await town.dong.says("/admin")
    for label in ("New needs · 1", "Mend a window", "Publish"):
        await town.dong.presses(label)
    town.ming.forget()
    await town.passes(minutes=2)
    assert "The county has published it" in town.ming.heard[-1]
    await town.hua.says("/needs")
    await town.hua.presses("Mend a window")
    assert "Leaders claim it for their groups" in town.hua.screen.text
    await town.hua.presses("My groups")
    await town.lan.says("/needs")
    for label in ("Mend a window", "🙌 Claim it", "For Handy"):
        await town.lan.presses(label)
    town.ming.forget()
    await town.passes(minutes=2)
    assert "🙌 Handy takes care of it." in town.ming.heard[-1]
    await town.lan.presses("Plan an activity")
    await fills_in(town.lan, "tomorrow 3pm", "!2 hours", "!West bridge 3", "!2", "!10")
    assert "About" not in town.lan.screen.text
    await town.lan.presses("Publish")
    assert (await projects_now(town, 1)).state is State.UNDERWAY
    await join(town, (await activity_of(town, 1)), town.hua)
    await town.days_pass(2)
    await town.lan.presses_data("activities.rest:1")
    await town.lan.presses_data("activities.settled:1")
    await town.lan.presses_data("projects.open:1")
    town.ming.forget()
    await town.lan.presses("Sum it up")
    await fills_in(
        town.lan, "Two windows are tight again", "3", "The door still sticks", "!Skip", "!Sum it up and close it"
    )
    await town.tick()
    assert "You said, we did" in town.ming.heard[-1]
    assert "Two windows are tight again" in town.ming.heard[-1]
    for label in ("Say how it was (3 taps)", "👍 Yes", "👍 Yes", "🤏 Partly"):
        await town.ming.presses(label)
    await town.ming.presses("Post what is left")
    assert "Need 2 · with the county" in town.ming.screen.text
    assert "The door still sticks" in town.ming.screen.text
    lan = await town.person(town.lan)
    record = await town.does(lambda tx: projects.record(tx, lan.id, group.id))
    assert (record.claimed, record.on_time, record.content) == (1, 1, 83)
    assert await broken(town) == []


async def projects_now(town: Town, number: int) -> Project:
    return await town.does(lambda tx: projects.by_id(tx, number))


async def activity_of(town: Town, number: int) -> Activity:
    return await town.does(lambda tx: activities.by_id(tx, number))


async def test_a_refusal_carries_its_reason_to_whoever_posted(town: Town) -> None:
    """A minute later, once; until then the admin can take it back and nobody hears of it."""
    need = await posted(town, town.ming)
    await town.dong.says("/me")
    await town.dong.presses_data(f"projects.refuse:{need.id}")
    await fills_in(town.dong, "The house has a caretaker", "!Don't publish it")
    await town.dong.presses("Undo (60 s)")
    await town.passes(minutes=2)
    assert town.ming.heard == []
    await town.dong.presses_data(f"projects.refuse:{need.id}")
    await fills_in(town.dong, "The house has a caretaker", "!Don't publish it")
    await town.passes(minutes=2)
    assert "The county does not publish it: The house has a caretaker" in town.ming.heard[-1]
    assert len(town.ming.heard) == 1
    await town.dong.presses_data(f"projects.publish:{need.id}")
    assert "Somebody has looked at this need before" in town.dong.screen.text


async def test_what_cannot_be_undone_any_more_stays(town: Town) -> None:
    """After a minute the undo button says so, and nothing is changed."""
    need = await posted(town, town.ming)
    await town.dong.says("/me")
    await town.dong.presses_data(f"projects.publish:{need.id}")
    await town.passes(seconds=61)
    await town.dong.presses("Undo (60 s)")
    assert "works for 60 seconds" in town.dong.screen.text
    assert (await now(town, need)).state is State.PUBLISHED


async def test_duplicates_are_merged_and_both_are_told(town: Town) -> None:
    """Whoever posted the second need hears of the first one from then on."""
    first, second = await open_need(town, town.ming), await posted(town, town.hua)
    await town.dong.says("/me")
    await town.dong.presses_data(f"projects.merge:{second.id}")
    await town.dong.presses("Mend a window · West bridge 3")
    await town.passes(minutes=2)
    assert "the county joined the two" in town.hua.heard[-1]
    await founded(town, "Handy", leader=town.lan)
    await town.lan.says("/me")
    await town.lan.presses_data(f"projects.claimed:{first.id}:1")
    all_read(town)
    await town.passes(minutes=2)
    assert "Handy takes care of it" in town.ming.heard[-1]
    assert "Handy takes care of it" in town.hua.heard[-1]


async def test_the_second_claimant_reads_who_and_until_when(town: Town) -> None:
    """A claim is exclusive, and the refusal names the claimant and the day."""
    group = await founded(town, "Handy", leader=town.lan)
    await founded(town, "Dance", leader=town.hua)
    need = await claimed(town, town.lan, group, giver=town.ming)
    await town.hua.says("/me")
    await town.hua.presses_data(f"projects.claimed:{need.id}:2")
    assert "Handy has claimed it, until Sat 28 Nov" in town.hua.screen.text
    assert await broken(town) == []


async def test_whoever_has_the_need_hears_of_steps_in_their_order(town: Town) -> None:
    """Planned within the minute in which a claim can be undone: first who takes care of it, then that there is a date."""
    group = await founded(town, "Handy", leader=town.lan)
    need, lan, rules = await open_need(town, town.ming), await town.person(town.lan), town.settings.projects
    await town.does(lambda tx: projects.claim(tx, need.id, group.id, by=lan, rules=rules))
    town.clock.move(20)
    activity = await published(town, group)
    await town.does(lambda tx: projects.undertake(tx, need.id, activity, by=lan))
    await town.tick()
    assert town.ming.heard == []
    await town.passes(minutes=2)
    assert ["takes care of it" in text for text in town.ming.heard] == [True, False]
    assert "A date is set for it: Tue 24 Nov, 10:02." in town.ming.heard[-1]


@pytest.mark.parametrize(
    ("where", "data", "label"),
    [
        ("projects.claiming", "projects.claim:1", "For Dance"),
        ("projects.pairing", "projects.newoffer", "Dance"),
        ("projects.needing", "projects.new", "Dance"),
        ("activities.teaming", "teams.begin:1", "Dance"),
    ],
)
async def test_whoever_leads_many_groups_chooses_among_all_of_them(
    town: Town, monkeypatch: pytest.MonkeyPatch, where: str, data: str, label: str
) -> None:
    """To claim for one, to offer or need something, or to sign a team up, he turns to every group that he leads."""
    monkeypatch.setattr(f"bot.handlers.{where}.GROUPS_A_PAGE", 1)
    for name in ("Chess", "Dance"):
        await founded(town, name, leader=town.lan)
    await open_need(town, town.ming)
    await published(town, None)
    await town.lan.presses_data(data)
    await town.lan.presses("Next ›")
    assert [each for each in town.lan.screen.labels if "Dance" in each or "Chess" in each] == [label]


async def test_a_claim_lapses_by_itself(town: Town) -> None:
    """Warned a day before, told when it lapses, free again, and on the record; past its day it is said to be so."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming, days=8)
    await town.days_pass(6)
    assert "Your claim of “Mend a window” lapses" in town.lan.heard[-1]
    await town.dong.says("/admin")
    assert "Claims about to lapse · 1" in town.dong.screen.labels
    all_read(town)
    await town.days_pass(1.1)
    assert "has lapsed, and others can claim it now" in town.lan.heard[-1]
    assert "It is free again" in town.ming.heard[-1]
    assert (await now(town, need)).state is State.PUBLISHED
    lan = await town.person(town.lan)
    assert (await town.does(lambda tx: projects.record(tx, lan.id, group.id))).lapsed == 1
    await town.days_pass(2)
    await town.hua.says("/needs")
    assert "⌛ was needed by" in town.hua.screen.text
    await town.hua.presses("Mend a window")
    assert "Ming has not said whether it still is" in town.hua.screen.text
    assert len([text for text in town.ming.heard if "“Mend a window” was needed by" in text]) == 1
    await town.hua.presses_data(f"projects.later:{need.id}")
    await fills_in(town.hua, "next Sat", "!Save")
    assert "Only whoever posted a need" in town.hua.toasts[-1].text
    await town.ming.presses("Yes: another day")
    await fills_in(town.ming, "next Sat", "!Save")
    assert "🗓 needed by" in town.ming.screen.text and (await now(town, need)).by_at > town.clock.instant
    assert await broken(town) == []


async def test_a_claim_does_not_lapse_while_an_activity_lies_ahead(town: Town) -> None:
    """It waits for the activity; then the summary is asked for, again, and the admins hear that it is missing."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    await undertaken(town, need, group, town.lan, starts_in=10 * DAY)
    await town.days_pass(9)
    assert (await now(town, need)).state is State.UNDERWAY
    assert town.lan.heard == []
    await founded(town, "Dance", leader=town.hua)
    await town.hua.says("/me")
    await town.hua.presses_data(f"projects.claimed:{need.id}:2")
    assert "Handy is taking care of it already" in town.hua.screen.text
    await town.days_pass(2)
    assert "everything you planned for it is over" in town.lan.heard[-1]
    all_read(town)
    await town.days_pass(3)
    assert "everything you planned for it is over" in "".join(town.lan.heard)
    all_read(town)
    await town.days_pass(5)
    assert "Handy has not summed it up" in "".join(town.dong.heard)
    await town.dong.says("/admin")
    assert "Not summed up · 1" in town.dong.screen.labels
    assert (await now(town, need)).state is State.UNDERWAY


async def test_what_is_called_off_leaves_a_day_to_plan_anew(town: Town) -> None:
    """With its only activity called off the claim lapses after all, but is warned of first."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    activity = await undertaken(town, need, group, town.lan, starts_in=10 * DAY)
    await town.days_pass(9)
    await town.lan.says("/me")
    await town.lan.presses_data(f"activities.stop.why:{activity.id}")
    await fills_in(town.lan, "Rain", "!Yes, call it off")
    await town.passes(minutes=2)
    assert "Your claim of “Mend a window” lapses" in "".join(town.lan.heard)
    assert (await now(town, need)).state is State.UNDERWAY
    dong = await town.person(town.dong)
    assert await town.does(lambda tx: projects.count(tx, "silent", dong)) == 0
    await town.days_pass(1.1)
    assert (await now(town, need)).state is State.PUBLISHED


async def test_giving_back_in_time_is_no_disgrace(town: Town) -> None:
    """It needs a reason, stands in the history, and does not count as lapsed."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    await town.lan.says("/me")
    await town.lan.presses_data(f"projects.open:{need.id}")
    await town.lan.presses("Give it back")
    await fills_in(town.lan, "Our ladder broke", "!Give it back")
    await town.tick()
    assert "It is free again" in town.ming.heard[-1]
    await town.ming.presses("Open")
    await town.ming.presses("History")
    assert "given back · Lan" in town.ming.screen.text
    assert "Our ladder broke" in town.ming.screen.text
    lan = await town.person(town.lan)
    record = await town.does(lambda tx: projects.record(tx, lan.id, group.id))
    assert (record.returned, record.lapsed) == (1, 0)


async def test_nothing_is_closed_before_its_activities_are_confirmed(town: Town) -> None:
    """The refusal names the activity and leads to its roll."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    await town.lan.says("/me")
    await town.lan.presses_data(f"projects.sum:{need.id}")
    assert "Nothing has taken place for it yet" in town.lan.screen.text
    activity = await undertaken(town, need, group, town.lan)
    await join(town, activity, town.hua)
    await town.lan.presses_data(f"projects.sum:{need.id}")
    assert "is over only" in town.lan.screen.text
    await town.days_pass(2)
    await town.lan.presses_data(f"projects.sum:{need.id}")
    assert "Please say first who came to “River bank”" in town.lan.screen.text
    assert "Who came?" in town.lan.screen.labels


async def test_a_poor_record_is_confirmed_by_the_county_first(town: Town) -> None:
    """After two lapsed claims the third waits for an admin, who sees the record; declined, it is free again."""
    group = await founded(town, "Handy", leader=town.lan)
    for _ in range(2):
        await claimed(town, town.lan, group, giver=town.ming)
        await town.days_pass(8)
    third = await open_need(town, town.ming)
    await town.lan.presses_data(f"projects.claim:{third.id}")
    assert "the county confirms the claim first" in town.lan.screen.text
    need = await claimed(town, town.lan, group, giver=town.ming)
    await town.lan.says("/me")
    await town.lan.presses_data(f"activities.undertake:{need.id}")
    assert "The county has not confirmed your claim yet" in town.lan.screen.text
    await town.dong.says("/admin")
    await town.dong.presses("Claims to confirm · 1")
    await town.dong.presses("Mend a window")
    assert "2 lapsed" in town.dong.screen.text
    await town.dong.presses("Confirm the claim")
    await town.settle()
    assert "The county has confirmed your claim" in town.lan.heard[-1]
    await town.lan.presses_data(f"activities.undertake:{need.id}")
    assert "When?" in town.lan.screen.text


async def test_an_unanswered_claim_does_not_count(town: Town) -> None:
    """When the county does not answer in time the claim ends without a stain."""
    group = await founded(town, "Handy", leader=town.lan)
    for _ in range(2):
        await claimed(town, town.lan, group, giver=town.ming)
        await town.days_pass(8)
    await claimed(town, town.lan, group, giver=town.ming)
    await town.days_pass(8)
    assert "it does not count against you" in town.lan.heard[-1]
    lan = await town.person(town.lan)
    assert (await town.does(lambda tx: projects.record(tx, lan.id, group.id))).lapsed == 2


async def test_others_cannot_go_on_with_what_is_not_theirs(town: Town) -> None:
    """Who pressed is checked at the press: forged data of another's claim, need or review is refused."""
    group = await founded(town, "Handy", leader=town.lan)
    await founded(town, "Dance", leader=town.hua)
    need = await claimed(town, town.lan, group, giver=town.ming)
    hidden = await posted(town, town.ming, "Secret")
    await town.hua.says("/me")
    for data, words in (
        (f"activities.undertake:{need.id}:2", "Handy has claimed it"),
        (f"projects.sum:{need.id}", "Handy has claimed it"),
        (f"projects.publish:{hidden.id}", "Only county admins can do this"),
        (f"projects.open:{hidden.id}", "There is no need with the number"),
        (f"projects.withdraw.yes:{need.id}", "Only whoever posted a need"),
        (f"projects.rate:{need.id}:2:2:2", "Only those who had this need"),
        (f"projects.undo:{need.id}:3", "works for 60 seconds"),
    ):
        town.hua.forget()
        await town.hua.presses_data(data)
        told = [*town.hua.heard, *(toast.text for toast in town.hua.toasts)]
        assert words in "".join(told or [town.hua.screen.text]), data
    await town.hua.presses_data(f"projects.back:{need.id}")
    await fills_in(town.hua, "Mine now", "!Give it back")
    assert "Handy has claimed it" in town.hua.screen.text
    assert (await now(town, need)).state is State.CLAIMED


async def test_whoever_leaves_is_forgotten_and_what_he_claimed_is_free(town: Town) -> None:
    """/mydata shows needs and claims; /forget frees a claim of one's own and leaves needs without a name."""
    await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, None, giver=town.lan)
    lan = await town.person(town.lan)
    known = await town.does(lambda tx: projects.known_of(tx, lan))
    assert [len(known[name]) for name in ("needs", "claims", "steps", "feedback")] == [1, 1, 2, 0]
    await town.lan.says("/forget")
    assert "1 need that you posted, without a name" in town.lan.screen.text
    await town.lan.presses("Yes, forget me")
    left = await now(town, need)
    assert (left.state, left.giver_id, left.holder_id) == (State.PUBLISHED, None, None)
    assert await broken(town) == []


async def test_a_picture_goes_with_the_summary(town: Town) -> None:
    """A photo answers the question that asks for one; everybody can look at it, and it goes with whoever is forgotten."""
    group = await founded(town, "Handy", leader=town.lan)
    need = await claimed(town, town.lan, group, giver=town.ming)
    await undertaken(town, need, group, town.lan)
    await town.days_pass(2)
    await town.lan.says("/me")
    await town.lan.presses_data(f"projects.sum:{need.id}")
    await fills_in(town.lan, "One window", "1", "!Skip", "a picture")
    assert "Please send a picture, or skip this." in town.lan.screen.text
    drawn = io.BytesIO()
    segno.make("window").save(drawn, kind="png")
    await town.lan.sends_photo(drawn.getvalue())
    assert "Picture: one picture" in town.lan.screen.text
    await town.lan.presses("Sum it up and close it")
    await town.hua.says("/needs")
    for label in ("Done", "Mend a window", "🖼 Picture"):
        await town.hua.presses(label)
    assert town.hua.files[-1].content == drawn.getvalue()
    await town.lan.says("/forget")
    await town.lan.presses("Yes, forget me")
    assert (await now(town, need)).picture is None
