"""Ask what can only be asked of a standard, or of a policy, and say where there is none. Pure."""

from collections.abc import Callable

from syncd.domain.policy import Policy
from syncd.domain.standard import Standard
from syncd.measure.assess.finding import Answer, CannotSee
from syncd.measure.assess.sight import Sight


def by_standard(ask: Callable[[Standard, Sight], Answer]) -> Callable[[Sight], Answer]:
    def asked(sight: Sight) -> Answer:
        if sight.standard is None:
            return CannotSee("there is no written standard")
        return ask(sight.standard, sight)

    return asked


def by_policy(ask: Callable[[Policy, Sight], Answer]) -> Callable[[Sight], Answer]:
    def asked(sight: Sight) -> Answer:
        if sight.policy is None:
            return CannotSee("there is no sound policy.yaml")
        return ask(sight.policy, sight)

    return asked
