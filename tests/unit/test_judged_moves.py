"""What became of judged moves, told of stories written down by hand."""

from dataclasses import replace

from core_cases import RULES
from story_cases import at, judged, moved, moves_of, noted, story

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.stage import Stage
from syncd.domain.verdict import Finding, Result, Unmet, Verdict
from syncd.measure.treatment import Treatment

MQL, SQL = Stage.MQL, Stage.SQL
TO_SQL = moved("t-2", Stage.LEAD, SQL, 2)
RULE = RULES[0].id
UNMET = Unmet(seen="1", needed="2")


def waived(hours: float) -> Verdict:
    finding = Finding(rule=RULE, says="", fix="", outcome=UNMET, waived=True)
    return replace(judged("t-2", hours), waived=True, findings=(finding,))


def waiver(by: str, hours: float, *, gate: Stage = SQL, rules: str = str(RULE)) -> AuditEntry:
    entry = noted(AuditKind.WAIVED, hours, gate=gate, rules=rules)
    return replace(entry, personal={"by": by, "reason": f"{by} said so"})


def flagged(*gates: Stage) -> AuditEntry:
    return noted(AuditKind.FLAGGED, 2, move="t-2", gates=" ".join(gates))


def test_the_latest_exception_before_the_verdict_that_covers_a_waived_rule_is_named() -> None:
    said = (
        waiver("vera", 0),
        waiver("will", 1),
        waiver("gate", 1.5, gate=MQL),
        waiver("rule", 1.6, rules="another"),
        waiver("late", 3),
    )

    (move,) = moves_of(story(TO_SQL, waived(2), *said))

    assert (move["treatment"], move["waived_by"]) == (Treatment.WAIVED, "will")
    assert (move["waived_why"], move["unmet"]) == ("will said so", [RULE])


def test_a_move_is_flagged_at_the_gates_that_marked_it_alone() -> None:
    verdicts = [judged("t-2", 2, gate=x, result=Result.FAILS) for x in (MQL, SQL)]

    found = moves_of(story(TO_SQL, *verdicts, flagged(SQL)))

    assert {x["gate"]: x["treatment"] for x in found} == {
        "mql": Treatment.OBSERVED,
        "sql": Treatment.FLAGGED,
    }


def test_what_could_not_be_told_was_observed_and_what_passed_conforms() -> None:
    verdicts = (
        judged("t-2", 2, gate=MQL),
        judged("t-2", 2, gate=SQL, result=Result.UNKNOWN),
    )

    found = moves_of(story(TO_SQL, *verdicts, flagged(MQL, SQL)))

    assert {x["gate"]: x["treatment"] for x in found} == {
        "mql": Treatment.CONFORMING,
        "sql": Treatment.OBSERVED,
    }


def test_a_move_that_is_not_known_any_more_is_told_by_its_verdict() -> None:
    (move,) = moves_of(story(judged("gone", 4)))

    assert (move["at"], move["moved_by"]) == (at(4), "unknown")
