"""The machine at work: a few short scripts each time, very many long ones in the slow tier."""

import os
from time import monotonic

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as use_seed
from hypothesis.stateful import run_state_machine_as_test
from machine import Machine
from streets import Streets

_BATCHES = 20
_IN_ALL = 2000
_SHORT = settings(
    max_examples=5,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_LONG = settings(
    _SHORT,
    max_examples=_IN_ALL // _BATCHES,
    stateful_step_count=60,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),
)


def test_no_short_script_breaks_a_law(streets: Streets) -> None:
    machine = type("Short", (Machine,), {"streets": streets})

    run_state_machine_as_test(machine, settings=_SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(_BATCHES))
def test_no_long_script_breaks_a_law(seed: int, streets: Streets) -> None:
    """2,000 scripts of 60 steps, in batches that workers may share; MACHINE_SEED draws others."""
    began = monotonic()
    drawn = seed + _BATCHES * int(os.environ.get("MACHINE_SEED", "0"))
    machine = use_seed(drawn)(type("Long", (Machine,), {"streets": streets}))

    run_state_machine_as_test(machine, settings=_LONG)

    print(f"batch {seed}: {_LONG.max_examples} scripts in {monotonic() - began:.0f} s")
