"""Laws of the brake: nothing is lost, nothing exceeds the hour, nothing passes an open plan."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from syncd.core.brake import allowed, brake
from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Decision, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, FieldName, LeadId, PlanId, RecordId, System
from syncd.domain.policy import Limit
from syncd.domain.stage import Stage

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
WRITE = FieldWrite(field=FieldName("a"), seen=1, value=2, rule="")
kinds = st.sampled_from(WriteKind)
counts = st.dictionaries(kinds, st.integers(0, 6))


def decision(number: int, of: frozenset[WriteKind]) -> Decision:
    lead = Lead(id=LeadId(f"lead-{number}"), cycle=1, stage=Stage.MQL, first_seen_at=NOW, sides={})
    actions = tuple(
        WriteRecord(
            key=ActionKey(f"{kind}:{number}"),
            kind=kind,
            lead_id=lead.id,
            system=System.HUBSPOT,
            record_id=RecordId(str(number)),
            record_kind="contact",
            writes=(WRITE,),
            cause=None,
        )
        for kind in of
    )
    return Decision(lead=lead, observed=lead, actions=actions)


batches = st.lists(st.frozensets(kinds, max_size=3), max_size=8).map(
    lambda batch: [decision(n, of) for n, of in enumerate(batch)]
)


def open_plan(kind: WriteKind) -> Plan:
    return Plan(
        id=PlanId(kind), kind=kind, state=PlanState.OPEN, opened_at=NOW, reason="", leads=()
    )


def written(decisions: tuple[Decision, ...]) -> Counter[WriteKind]:
    return Counter(
        x.kind for d in decisions for x in d.actions if isinstance(x, WriteRecord)
    ) - Counter({WriteKind.MARK: 99})


@given(batches, counts, counts, st.sets(kinds), st.integers(0, 1000))
def test_the_brake_loses_nothing_and_lets_nothing_exceed(
    batch: list[Decision],
    spent: Mapping[WriteKind, int],
    records: Mapping[WriteKind, int],
    waiting: set[WriteKind],
    linked: int,
) -> None:
    limits = {kind: Limit(records=n, percent=0.5) for kind, n in records.items()}
    plans = [open_plan(kind) for kind in waiting]

    found = brake(batch, spent=spent, open_plans=plans, limits=limits, linked=linked)

    held = [d for part in found.held.values() for d in part]
    assert sorted(d.lead.id for d in (*found.go, *held)) == sorted(d.lead.id for d in batch)
    for kind, count in written(found.go).items():
        assert kind not in waiting
        assert spent.get(kind, 0) + count <= allowed(limits.get(kind), linked)
    assert WriteKind.MARK not in found.held


@given(batches)
def test_with_room_enough_everything_goes_in_order(batch: list[Decision]) -> None:
    limits = {kind: Limit(records=100, percent=0) for kind in WriteKind}

    found = brake(batch, spent={}, open_plans=(), limits=limits, linked=0)

    assert (found.go, found.held) == (tuple(batch), {})
