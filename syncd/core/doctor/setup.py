"""What is wrong with the configuration by itself, sound as it is."""

from collections.abc import Iterator

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts
from syncd.core.doctor.finding import Finding
from syncd.core.rejection import REJECTION_REASON
from syncd.core.value_words import listed

_TEAMS = ("marketing", "sales")


def missing_secrets(facts: Facts) -> Iterator[Finding]:
    for name in facts.setup.missing:
        yield ailments.SECRET_MISSING.found(f"{name} is not set", "environment", name=name)


def unsigned(facts: Facts) -> Iterator[Finding]:
    signed = {signature.team for signature in facts.setup.standard.signatures}
    lacking = [team for team in _TEAMS if team not in signed]
    if lacking:
        teams = listed(lacking, "and")
        yield ailments.STANDARD_UNSIGNED.found(
            f"{teams} did not sign the standard", "standard.yaml", teams=teams
        )


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
    field = facts.setup.crm.fields.get(REJECTION_REASON)
    if field is None:
        return
    reasons = facts.setup.standard.rejections.values()
    known = {word.casefold() for reason in reasons for word in (reason.id, reason.says)}
    for option in dict.fromkeys(name for side in field.options.values() for name in side):
        if option.casefold() not in known:
            what = f'the option "{option}" of {field.name} is no rejection of the standard'
            yield ailments.REJECTION_UNKNOWN.found(what, field.where or "crm.yaml")
