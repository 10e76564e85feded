"""Playing a state machine: hypothesis does its deeds in any order, the same ones each time."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def play(machine: type[RuleBasedStateMachine], runs: tuple[int, int], *, phases: Any = None, **known: Any) -> None:
    """Play `machine` on what is `known` to it: `runs` are how many stories, and how many deeds each.

    Raises what its rules and invariants raise.
    """
    examples, steps = runs
    more = {} if phases is None else {"phases": phases}
    run_state_machine_as_test(
        type("Machine", (machine,), known),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
