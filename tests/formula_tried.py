"""Compiled guards tried on leads, beside what the standard says of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formula_cases import Setting, Trial, python_row, refused, row_types, trials
from formula_interpreter import compile_formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`by_formula` is whether any guard refuses the save, `by_standard` whether it should be."""

    trial: Trial
    by_formula: bool
    by_standard: bool


def tried(
    setting: Setting, leads: int, bend: Callable[[str], str] = lambda formula: formula
) -> Iterator[Tried]:
    types = row_types(setting.source)
    formulas = [compile_formula(bend(x.formula)) for x in setting.guards]
    for trial in trials(setting, leads):
        row = python_row(trial, types)
        yield Tried(
            trial=trial,
            by_formula=any(formula(row, trial.now) is True for formula in formulas),
            by_standard=refused(setting, trial),
        )
