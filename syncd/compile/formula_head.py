"""What every guard asks first: whether this save may be refused at all."""

from datetime import UTC, datetime, time, timedelta

from syncd.compile.formula import NotNative, all_of, call, instant, is_blank, negated, text
from syncd.compile.formula_moves import may_be_moved_back
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import RuleId, System
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard

PERMISSION = "Syncd_Bypass"
"""The custom permission of those whose saves no guard refuses: the integration user first."""


def head(standard: Standard, policy: Policy, crm: CrmMap) -> str:
    """Not by one who may pass, not what cannot be moved back, and while the gates block.
    NotNative when a formula cannot tell."""
    blocks_until = datetime.combine(standard.review_by, time(), UTC) + timedelta(days=1)
    return all_of(
        negated(f"$Permission.{PERMISSION}"),
        may_be_moved_back(crm),
        f"NOW() < {instant(blocks_until)}",
        f"NOW() >= {instant(policy.enforce_from)}" if policy.enforce_from else all_of(),
    )


def waived(gate: Stage, rule: RuleId, crm: CrmMap) -> str:
    """syncd has written onto the record that a person waived the rule there. NotNative where it
    has nowhere to write that: a guard must not refuse what was granted."""
    shown, until = (_mark(mark, crm) for mark in (Mark.WAIVED, Mark.WAIVED_UNTIL))
    named = call("CONTAINS", f'";" & {shown}', text(f";{gate.value}/{rule};"))
    return all_of(negated(is_blank(until)), f"{until} > NOW()", named)


def _mark(mark: Mark, crm: CrmMap) -> str:
    name = crm.marks.get(mark)
    path = crm.fields[name].properties.get(System.SALESFORCE) if name else None
    if path is None:
        raise NotNative(
            f"crm.yaml names no Salesforce field under marks.{mark}, and a guard that sees no "
            "waiver would refuse what was granted"
        )
    return path
