"""Which variant of the standard holds for a lead: the first that applies.

Where a variant may apply but cannot be told to, it and those below it stay possible: no lead
is held to what may not be meant for it. Nothing is judged here.
"""

from datetime import datetime

from syncd.core.condition_groups import compile_condition, compile_truth
from syncd.core.conditions import Values
from syncd.domain.standard import UNTOLD, Standard, Variant
from syncd.domain.verdict import Unknown


class Variants:
    """The conditions of a standard's variants, compiled once."""

    def __init__(self, standard: Standard) -> None:
        *_, self._everybody = standard.every_variant()
        self._asked = [(x, compile_truth(x.applies)) for x in standard.variants]

    def may_hold(self, values: Values, now: datetime) -> tuple[Variant, ...]:
        """In order. One where it can be told; else every variant that may apply and that no
        certain one stands above, down to the first that certainly applies."""
        doubtful: list[Variant] = []
        for variant, applies in self._asked:
            truth = applies(values, now)
            if truth is True:
                return (*doubtful, variant)
            if truth is None:
                doubtful.append(variant)
        return (*doubtful, self._everybody)


def variant_of(standard: Standard, values: Values, now: datetime) -> str:
    """The name of the variant that holds; UNTOLD where it cannot be told."""
    first, *others = Variants(standard).may_hold(values, now)
    return UNTOLD if others else first.name


def why_untold(variant: Variant, values: Values, now: datetime) -> str:
    """Why it cannot be told whether the variant applies; empty where it can."""
    outcome = compile_condition(variant.applies)(values, now)
    return outcome.why if isinstance(outcome, Unknown) else ""
