"""Faults that somebody could write into the bank one day, each with the test that finds it: `make mutants` tries them."""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
POINTS, SHOP = "bot/domain/points", "bot/domain/shop"


@dataclass(frozen=True)
class Mutant:
    """A fault: where `before` stands, once, somebody writes `after`; `test` fails then."""

    what: str
    file: str
    before: str
    after: str
    test: str


LEDGER, POSTING = f"{POINTS}/ledger.py", f"{POINTS}/posting.py"
REVERSING, SEALING, GRANTING = f"{POINTS}/reversing.py", f"{POINTS}/sealing.py", f"{POINTS}/granting.py"
AGREEING, TRACING = f"{POINTS}/agreeing.py", f"{POINTS}/tracing.py"
GIVING, INHERITING = f"{POINTS}/giving.py", f"{POINTS}/inheriting.py"
REDEEMING, HANDING = f"{SHOP}/redeeming.py", f"{SHOP}/handing.py"
MUTANTS = (
    Mutant(
        "an account may fall below zero",
        LEDGER,
        ") >= 0)",
        ") >= -1000)",
        "test_posting.py::test_fifty_at_once_want_the_last_piece",
    ),
    Mutant(
        "issue may not give either",
        LEDGER,
        "(kind = 'issue' OR balance",
        "(kind = 'nothing' OR balance",
        "test_ledger.py::test_an_award_is_in_the_balance_and_in_the_statement",
    ),
    Mutant(
        "kept balances go the wrong way",
        LEDGER,
        "SET balance = balance + (",
        "SET balance = balance - (",
        "test_ledger.py::test_an_award_is_in_the_balance_and_in_the_statement",
    ),
    Mutant(
        "nobody notices that an account could not give",
        LEDGER,
        "transfer_id=transfer_id) != legs:",
        "transfer_id=transfer_id) > legs:",
        "test_posting.py::test_fifty_at_once_want_the_last_piece",
    ),
    Mutant(
        "legs need not come to nothing",
        POSTING,
        "if any(sums.values()) or not all",
        "if not all",
        "test_posting.py::test_legs_that_are_no_transfer_are_an_error",
    ),
    Mutant(
        "points and goods are added up together",
        POSTING,
        "sums[leg.unit] += leg.amount",
        'sums["points"] += leg.amount',
        "test_posting.py::test_legs_that_are_no_transfer_are_an_error",
    ),
    Mutant(
        "the same event is booked again",
        POSTING,
        "    return None if found is None else int(found)\n\n\nasync def _same",
        "    return None\n\n\nasync def _same",
        "test_ledger.py::test_the_same_event_told_again_is_the_same_transfer",
    ),
    Mutant(
        "the same event with another amount is taken for the same",
        POSTING,
        "if _meant(before) == _meant(legs) and tuple",
        "if tuple",
        "test_ledger.py::test_the_same_event_with_another_amount_is_a_loud_error",
    ),
    Mutant(
        "a key told again is not looked for",
        POSTING,
        "if moved.key is not None and (",
        "if moved.key is None and (",
        "test_posting.py::test_a_key_told_again_is_the_same_transfer_and_with_other_content_an_error",
    ),
    Mutant(
        "a reservation may end twice",
        POSTING,
        "if moved.resolves is not None and (ended",
        "if moved.resolves is None and (ended",
        "test_posting.py::test_it_ends_in_exactly_one_way",
    ),
    Mutant(
        "a reservation's end may take out anything",
        POSTING,
        'if not aside or {leg.place: leg.amount for leg in legs if leg.kind == "reserved"} != aside:',
        "if not aside:",
        "test_posting.py::test_a_reservation_is_ended_by_all_that_it_set_aside",
    ),
    Mutant(
        "what is given up does not go back",
        POSTING,
        "back = [Leg(leg.kind, leg.owner, -leg.amount,",
        "back = [Leg(leg.kind, leg.owner, leg.amount,",
        "test_posting.py::test_what_is_given_up_goes_back_leg_for_leg",
    ),
    Mutant(
        "what somebody did is not in the audit log",
        POSTING,
        "if moved.by is not None and moved.audit_number is None:",
        "if moved.by is None and moved.audit_number is not None:",
        "test_ledger.py::test_what_somebody_does_is_in_the_audit_log",
    ),
    Mutant(
        "an entry is taken back twice",
        REVERSING,
        "is not None:\n        return _taken_back(",
        "is None:\n        return _taken_back(",
        "test_ledger.py::test_nothing_is_taken_back_twice",
    ),
    Mutant(
        "a reversal repeats what it should take back",
        REVERSING,
        "account_id, -amount FROM entries",
        "account_id, amount FROM entries",
        "test_ledger.py::test_a_reversal_names_what_it_takes_back",
    ),
    Mutant(
        "half of a reservation is taken back",
        REVERSING,
        "    _check_whole(legs, transfer_id)\n    for row in _inherited",
        "    for row in _inherited",
        "test_posting.py::test_a_reservation_and_its_end_are_not_corrected_by_themselves",
    ),
    Mutant(
        "an admin corrects his own points",
        REVERSING,
        "if (await people.now_of(tx, wrong.person_id)).id == by.id:",
        "if (await people.now_of(tx, wrong.person_id)).id == -by.id:",
        "test_points.py::test_nobody_corrects_their_own_points",
    ),
    Mutant(
        "the chain forgets what came before",
        SEALING,
        "content = [before, ",
        "content = [",
        "test_sealing.py::test_a_place_cut_out_is_named_by_the_one_behind_it",
    ),
    Mutant(
        "the chain does not cover amounts",
        SEALING,
        'leg["owner"], leg["amount"]]',
        'leg["owner"]]',
        "test_sealing.py::test_what_was_changed_behind_the_triggers_is_named",
    ),
    Mutant(
        "what is taken back takes any points",
        TRACING,
        "return piece.lot != step.root, piece.since != step.undone_at, end,",
        "return False, False, end,",
        "test_point_lots.py::test_lots_go_where_their_points_go",
    ),
    Mutant(
        "what was spent of a lot that is no more stays under it",
        TRACING,
        "for went in lots.swap(piece, step)]",
        "for went in ()]",
        "test_point_lots.py::test_lots_go_where_their_points_go",
    ),
    Mutant(
        "an admin gives any amount alone",
        GRANTING,
        "if amount <= in_force.granted_alone:",
        "if amount >= 0:",
        "test_points_by_hand.py::test_more_waits_for_a_second_admin",
    ),
    Mutant(
        "whoever asks agrees himself",
        AGREEING,
        "if found.asked_by == by.id:",
        "if found.asked_by == -by.id:",
        "test_points_by_hand.py::test_more_waits_for_a_second_admin",
    ),
    Mutant(
        "an admin gives to himself",
        GRANTING,
        "if person.id == by.id:",
        "if person.id == -by.id:",
        "test_points_by_hand.py::test_nobody_gives_to_oneself_or_decides_on_oneself",
    ),
    Mutant(
        "the form told again gives again",
        AGREEING,
        "return None if number is None else await self.one(tx, number)",
        "return None",
        "test_points_by_hand.py::test_the_same_form_told_again_gives_once",
    ),
    Mutant(
        "five taps reserve five times",
        REDEEMING,
        "if before := await asking.by_key(tx, by, key):",
        "if (before := await asking.by_key(tx, by, key)) and not key:",
        "test_shop_at_once.py::test_five_taps_reserve_once",
    ),
    Mutant(
        "a limit for each person is not kept",
        REDEEMING,
        "<= item.limit_pieces:",
        "<= item.limit_pieces + 99:",
        "test_shop.py::test_limits_conditions_and_times",
    ),
    Mutant(
        "an old price is charged",
        REDEEMING,
        "if price != item.price:",
        "if price != price:",
        "test_shop.py::test_limits_conditions_and_times",
    ),
    Mutant(
        "a code is good at every counter",
        HANDING,
        "if not await clerking.may_hand_out(",
        "if None is await clerking.may_hand_out(",
        "test_shop.py::test_codes_that_are_not_good",
    ),
    Mutant(
        "a clerk hands out to himself",
        HANDING,
        "if found.person_id == clerk.id:",
        "if found.person_id == -clerk.id:",
        "test_shop.py::test_what_cannot_be_handed_out_goes_back",
    ),
    Mutant(
        "somebody gives points to himself",
        GIVING,
        "if receiver.person_id == by.id:",
        "if receiver.person_id == -by.id:",
        "test_giving.py::test_not_to_oneself_not_more_than_one_has_not_to_who_left",
    ),
    Mutant(
        "a gift's limit of the month is not kept",
        GIVING,
        "if gone + amount > in_force.gift_month:",
        "if amount > in_force.gift_month:",
        "test_giving.py::test_limits_at_once_and_a_month",
    ),
    Mutant(
        "somebody else takes a gift back",
        GIVING,
        "found = await gifts.given_by(tx, gift_id, by)",
        "found = await gift(tx, gift_id)",
        "test_giving.py::test_the_giver_takes_it_back_in_time",
    ),
    Mutant(
        "a merge leaves the points behind",
        INHERITING,
        "AND balance > 0 ORDER BY unit",
        "AND balance > 1000000 ORDER BY unit",
        "test_merging.py::test_everything_goes_on_under_the_other_number",
    ),
)


def page() -> str:
    """The table as docs/mutants.md shows it."""
    rows = "\n".join(f"| {each.what} | `{each.file}` | `tests/{each.test}` |" for each in MUTANTS)
    return (
        "# Faults in the bank, and the test that finds each\n\n"
        "Made from tests/mutants.py by `make docs`. `make mutants` writes each fault into a copy of the program, one at a time, and "
        "runs the test that is named: it has to fail. Faults in the data, each found by a promise of `doctor` and `audit`, are in "
        "tests/test_ledger_faults.py.\n\n"
        f"| somebody writes | in | found by |\n|---|---|---|\n{rows}\n"
    )


def lives(mutant: Mutant, copy: Path) -> bool:
    """Whether the test passes in spite of the fault."""
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
    try:
        return _passes(copy, [mutant.test])
    finally:
        path.write_text(text, encoding="utf-8")


def _passes(copy: Path, tests: list[str]) -> bool:
    named = [f"tests/{test}" for test in tests]
    options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-k", "not postgresql"]
    command = [sys.executable, "-m", "pytest", *options, *named]
    done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main() -> None:
    """Try each fault; ends with 1 where one lives on."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("bot", "tests", "docs", "pyproject.toml"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        if not _passes(copy, sorted({each.test for each in MUTANTS})):
            sys.exit("The tests fail already without a fault.")
        alive = [each for each in MUTANTS if _tried(each, copy)]
    sys.exit(f"{len(alive)} of {len(MUTANTS)} live on." if alive else 0)


def _tried(mutant: Mutant, copy: Path) -> bool:
    alive = lives(mutant, copy)
    print("LIVES" if alive else "found", "|", mutant.what, "|", mutant.test, flush=True)
    return alive


if __name__ == "__main__":
    main()
