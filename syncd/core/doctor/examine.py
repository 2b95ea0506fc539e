"""Hold every check against the facts. A check returns findings and never raises."""

from collections.abc import Callable, Iterable, Iterator

from syncd.core.doctor.facts import Facts, SideFacts
from syncd.core.doctor.fields import missing_relations, unfit_fields
from syncd.core.doctor.finding import Finding, Severity
from syncd.core.doctor.others import (
    connector_overlap,
    native_drift,
    unfit_lists,
    unknown_people,
)
from syncd.core.doctor.reach import (
    clock_skew,
    few_calls_left,
    other_zone,
    unfit_login,
    unreached,
    unseen,
    wrong_account,
)
from syncd.core.doctor.rights import missing_rights
from syncd.core.doctor.setup import (
    missing_secrets,
    past_review,
    unknown_reasons,
    unsigned,
    without_mode,
)
from syncd.core.doctor.slack import slack_findings
from syncd.core.doctor.stages import history_off, unmapped_values, wrong_order
from syncd.core.doctor.store import store_findings
from syncd.domain.names import System

Check = Callable[[Facts], Iterable[Finding]]
SideCheck = Callable[[System, SideFacts, Facts], Iterable[Finding]]

OF_ALL: tuple[Check, ...] = (
    missing_secrets,
    unsigned,
    past_review,
    without_mode,
    unknown_reasons,
    connector_overlap,
    native_drift,
    slack_findings,
    store_findings,
)
OF_EACH_CRM: tuple[SideCheck, ...] = (
    unreached,
    unseen,
    wrong_account,
    clock_skew,
    few_calls_left,
    other_zone,
    missing_rights,
    unfit_login,
    unfit_fields,
    missing_relations,
    wrong_order,
    unmapped_values,
    history_off,
    unfit_lists,
    unknown_people,
)


def examine(facts: Facts) -> tuple[Finding, ...]:
    """The weightiest first; the same thing is said once, however many checks see it."""
    found = tuple(dict.fromkeys(_all(facts)))
    places = {severity: place for place, severity in enumerate(Severity)}
    return tuple(sorted(found, key=lambda finding: places[finding.severity]))


def _all(facts: Facts) -> Iterator[Finding]:
    for check in OF_ALL:
        yield from check(facts)
    for system, side in facts.sides.items():
        for side_check in OF_EACH_CRM:
            yield from side_check(system, side, facts)
