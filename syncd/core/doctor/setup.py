"""What is wrong with the configuration by itself, sound as it is."""

from collections.abc import Iterator
from datetime import date

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts
from syncd.core.doctor.finding import Finding
from syncd.core.rejection import REJECTION_REASON, options_without_reason
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import listed
from syncd.domain.standard import TEAMS


def missing_secrets(facts: Facts) -> Iterator[Finding]:
    for name in facts.setup.missing:
        yield ailments.SECRET_MISSING.found(f"{name} is not set", "environment", name=name)


def unsigned(facts: Facts) -> Iterator[Finding]:
    """Signed for another content is not signed."""
    standard = facts.setup.standard
    reasons = reasons_not_in_force(standard, today=date.min)  # of its review: `past_review`
    if reasons:
        signed = {signature.team for signature in standard.signatures}
        teams = listed([team for team in TEAMS if team not in signed], "and")
        yield ailments.STANDARD_UNSIGNED.found("; ".join(reasons), "standard.yaml", teams=teams)


def past_review(facts: Facts) -> Iterator[Finding]:
    review_by = facts.setup.standard.review_by
    if facts.now.date() > review_by:
        what = f"the standard was to be reviewed by {review_by}"
        yield ailments.STANDARD_PAST_REVIEW.found(what, "standard.yaml")


def without_mode(facts: Facts) -> Iterator[Finding]:
    for gate in facts.setup.standard.gates:
        if gate not in facts.setup.policy.modes:
            what = f'the gate "{gate}" has no mode'
            yield ailments.GATE_WITHOUT_MODE.found(what, "policy.yaml: modes", gate=gate)


def unknown_reasons(facts: Facts) -> Iterator[Finding]:
    """Options of the field sales rejects by that stand for no reason both teams agreed on."""
    crm = facts.setup.crm
    for option in options_without_reason(crm, facts.setup.standard):
        what = f'the option "{option}" of {REJECTION_REASON} is no rejection of the standard'
        where = crm.fields[REJECTION_REASON].where or "crm.yaml"
        yield ailments.REJECTION_UNKNOWN.found(what, where)
