"""Two records of one person become one: sign-ups unite, and nobody came twice to the same."""

from bot.domain.activities import asking, correcting, withdrawing
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.crediting import Confirmed
from bot.domain.activities.things import Activity
from bot.domain.people import Becoming, go, move, share, stay, told
from bot.storage import Row, Transaction

HIS = "participation_id IN (SELECT id FROM participations WHERE person_id = :into)"
MERGED = (
    *stay("activities", "settled_by", "made_by", "supervisor_id"),
    *told("participations", "person_id"),
    *stay("participations", "confirmed_by"),
    *stay("corrections", "was_by", "actor_id"),
    *stay("stays", "person_id", "in_actor", "out_actor"),
    *stay("stay_distances", "person_id"),
    move("excuses", "person_id", only=HIS),
    *stay("appeals", "against_id", "answered_by"),
    move("appeals", "person_id", only=f"{HIS} AND against_id <> :into AND COALESCE(answered_by, 0) <> :into"),
    move("activity_openings", "person_id", once=("activity_id",), rest="goes"),
    *stay("teams", "made_by"),
    move("team_members", "person_id", once=("team_id",), rest="goes"),
    *stay("templates", "made_by"),
    move("handovers", "by_id", only="state = 'open'"),
    *stay("handovers", "taker_id"),
    go("place_asks", "person_id"),
    go("standby_words", "person_id"),
    go("standbys", "person_id"),
    go("watches", "person_id"),
    go("doors", "person_id"),
    go("wrong_codes", "person_id"),
)
# The one that is nearer to having come, and of two that wait the earlier one.
ORDER = ("in", "offered", "waiting", "applied")


async def merged(tx: Transaction, it: Becoming) -> None:
    """Each sign-up goes on under the other number; where both have one, one is left.

    What he himself had confirmed under his other number stays where it is.
    """
    await tx.run("UPDATE stays SET state = 'lapsed' WHERE person_id = :old AND state = 'open'", old=it.old.id)
    await tx.run("DELETE FROM secrets WHERE subject = :subject", subject=f"person:{it.old.id}")
    rows = await tx.all(
        "SELECT DISTINCT activity_id FROM participations WHERE person_id = :old AND state <> 'out' ORDER BY activity_id",
        old=it.old.id,
    )
    for row in rows:
        await _unite(tx, await asking.locked(tx, row["activity_id"]), it)
    await tx.run(MOVE, old=it.old.id, into=it.into.id)
    await share(tx, MERGED, it)


MOVE = """
    UPDATE participations SET person_id = :into WHERE person_id = :old AND COALESCE(confirmed_by, 0) <> :into
        AND (state = 'out' OR NOT EXISTS (SELECT 1 FROM participations o WHERE o.person_id = :into
            AND o.activity_id = participations.activity_id AND o.state <> 'out'))
"""
LIVE = "SELECT * FROM participations WHERE activity_id = :activity AND person_id = :person AND state <> 'out'"


async def _unite(tx: Transaction, activity: Activity, it: Becoming) -> None:
    old = await tx.one(LIVE, activity=activity.id, person=it.old.id)
    own = await tx.one(LIVE, activity=activity.id, person=it.into.id)
    if old is None or own is None:
        return
    if activity.takes_sign_ups(tx.now):
        worse = it.old if _rank(own) < _rank(old) else it.into
        await withdrawing.let_go(tx, activity, worse.id)
    elif old["confirmed_at"] is not None and own["confirmed_at"] is not None:
        await _one_presence(tx, activity, old, own, it)
    elif old["came"] == 1 and own["came"] is None and activity.is_open:
        await tx.run("UPDATE participations SET came = 1, how = :how WHERE id = :id", how=old["how"], id=own["id"])


def _rank(row: Row) -> tuple[int, int, int]:
    return ORDER.index(row["state"]), row["turn"], row["id"]


async def _one_presence(tx: Transaction, activity: Activity, old: Row, own: Row, it: Becoming) -> None:
    """He came once: what the old number was confirmed is said of the other one, where that says less.

    Where both brought points, the old number's are taken back; where only that did, they have gone on already.
    """
    if old["came"] != 1:
        return
    word = Confirmed(it.agreed_by, tx.now, it.number, it.rules, second=True)
    if own["came"] != 1:
        await correcting.say_otherwise(tx, activity, own["id"], Attendance.of(old["came"], old["how"]), word)
    twice = await correcting.say_otherwise(tx, activity, old["id"], Attendance.MISSED, word)
    if twice is not None and own["came"] == 1:
        await correcting.take_points_back(tx, activity, twice, word)
