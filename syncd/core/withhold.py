"""Take writes out of a decision, so that they can wait for a person while the rest goes on.

Pure. What else was decided stands, judged as though the writes were under way; what they were
to bring is as undecided as before, and comes up again whenever the lead is looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from syncd.domain.action import CreateRecord, WriteRecord
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead, Side
from syncd.domain.names import FieldName

_T = TypeVar("_T")

_TELLS_OF_A_WRITE = frozenset((AuditKind.CONFLICT, AuditKind.RESOLVED))
"""Told with the write they lead to, or every look at the lead would tell them again."""


def withhold(decision: Decision, writes: Sequence[WriteRecord | CreateRecord]) -> Decision:
    """The decision without these of its actions, and without what they changed of the lead."""
    if not writes:
        return decision
    keys = {x.key for x in writes}
    fields = {w.field for x in writes if isinstance(x, WriteRecord) for w in x.writes}
    lead = _as_before(decision.lead, decision.observed, fields)
    if any(isinstance(x, CreateRecord) for x in writes):
        lead = replace(lead, twin=decision.observed.twin)
    return replace(
        decision,
        lead=lead,
        actions=tuple(x for x in decision.actions if x.key not in keys),
        audit=tuple(
            x
            for x in decision.audit
            if x.kind not in _TELLS_OF_A_WRITE or x.facts.get("field") not in fields
        ),
    )


def _as_before(lead: Lead, observed: Lead, fields: Collection[FieldName]) -> Lead:
    """On both sides: a change that does not travel is not accepted where it was made, either."""
    sides = {s: _side_as_before(side, observed.sides[s], fields) for s, side in lead.sides.items()}
    return replace(lead, sides=sides)


def _side_as_before(side: Side, before: Side, fields: Collection[FieldName]) -> Side:
    return replace(
        side,
        baseline=_with_former(side.baseline, before.baseline, fields),
        pending=_with_former(side.pending, before.pending, fields),
    )


def _with_former(
    now: Mapping[FieldName, _T], before: Mapping[FieldName, _T], fields: Collection[FieldName]
) -> dict[FieldName, _T]:
    others = {name: x for name, x in now.items() if name not in fields}
    return others | {name: before[name] for name in fields if name in before}
