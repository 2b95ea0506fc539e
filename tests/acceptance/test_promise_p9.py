"""P9: every decision can be explained later; the audit is append-only and hash-chained."""

from decide_cases import AT_ONCE, GATES
from fakes import House, linked

from syncd.domain.audit import AuditKind
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result, Unmet


def blocked() -> House:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2)
    return made


def test_p9_a_refusal_names_the_values_the_rule_the_standard_and_the_actor() -> None:
    story = blocked().story()

    (verdict,) = story.verdicts
    (finding,) = verdict.findings
    move = next(x for x in story.transitions if x.id == verdict.transition)
    assert (verdict.result, verdict.standard, finding.rule) == (
        Result.FAILS,
        GATES.version,
        "budget-confirmed",
    )
    assert isinstance(finding.outcome, Unmet)
    assert finding.outcome.seen
    assert (move.actor.owner, move.to_stage) == ("rep@corp.example", Stage.SQL)
    assert AuditKind.REFUSED in [x.kind for x in story.audit]


def test_p9_the_chain_holds_over_all_that_happened() -> None:
    made = blocked()

    report = made.store.verify()

    assert (report.broken_at, report.rows > 3) == (None, True)


def test_p9_the_audit_only_grows() -> None:
    made = blocked()
    before = made.story().audit

    made.hs.edit("101", title__c="CEO")
    made.cycles(3)

    assert made.story().audit[: len(before)] == before
    assert len(made.story().audit) > len(before)
