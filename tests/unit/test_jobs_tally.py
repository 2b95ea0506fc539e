"""Verdicts and missed promises are counted once they are stored, and told once."""

from collections import Counter

import pytest
from core_cases import NOW
from fakes import linked

from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result, Verdict
from syncd.errors import LeaseLost
from syncd.jobs.tally import Tally

VERDICT = Verdict(
    gate=Stage.SQL,
    transition=TransitionId("t-1"),
    lead_id=LeadId("lead-1"),
    result=Result.FAILS,
    findings=(),
    met=(),
    score=None,
    standard="2026.1",
    judged_at=NOW,
)


def _entry(**facts: str) -> AuditEntry:
    return AuditEntry(
        at=NOW, kind=AuditKind.HANDOFF, lead_id=LeadId("lead-1"), facts=facts, personal={}
    )


def test_a_judged_move_is_in_the_report_of_its_cycle_and_in_no_later_one() -> None:
    made = linked(Stage.LEAD)
    made.sf.move("00Q1", Stage.SQL)

    reports = [made.cycle(minutes=1).tally.verdicts for _ in range(20)]

    assert {gate for gate, _ in reports[0]} >= {Stage.SQL}
    assert not reports[-1]
    stored = Counter((x.gate, x.result) for x in made.story().verdicts)
    assert sum(reports, Counter()) == stored


def test_only_a_missed_promise_counts_of_what_befalls_a_handoff() -> None:
    tally = Tally()

    tally.add(
        Commit(
            now=NOW,
            audit=(_entry(step="breached", clock="accept"), _entry(step="snoozed"), _entry()),
        )
    )

    assert tally.taken() == Tally(breaches=Counter({"accept": 1}))


def test_what_was_not_stored_does_not_count() -> None:
    made = linked()
    made.store.release()

    with pytest.raises(LeaseLost):
        made.pair.commit(Commit(now=NOW, verdicts=(VERDICT,)))

    assert made.pair.tally.taken() == Tally()
