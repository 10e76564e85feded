"""The table of seeded faults is about the program as it is: `make mutants` tries them."""

import re

from tests.mutants import MUTANTS, ROOT


def test_each_fault_can_be_written_where_it_says() -> None:
    """What a fault replaces stands in its file, once."""
    assert [
        each.what for each in MUTANTS if (ROOT / each.file).read_text(encoding="utf-8").count(each.before) != 1
    ] == []


def test_each_fault_names_a_test() -> None:
    """The test that finds it is there."""
    for each in MUTANTS:
        file, _, name = each.test.partition("::")
        assert re.search(rf"def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8")), each.test
