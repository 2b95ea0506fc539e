"""What the ledger concludes from its counts: which rules are weighed, and in which order told."""

from datetime import UTC, datetime

import polars as pl
import pytest
from core_cases import gate, rule, standard

from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import Is
from syncd.measure.column_names import unreadable_column
from syncd.measure.judging import Columns
from syncd.measure.ledger import Line, Marks, Says, ledger
from syncd.measure.ledger_counts import LedgerCounts, RuleCount
from syncd.measure.outcomes import OVERRIDDEN
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate
from syncd.measure.standing import STANDING

NOW = datetime(2026, 3, 3, tzinfo=UTC)
NO_MARKS = Marks(as_of_now=(), forced=(), refused={})


def told(**contrasts: Contrast) -> tuple[Line, ...]:
    """The ledger of rules that each have leads of their own, and are unknown of all others."""
    rules = tuple(rule(x, FieldName(x), Is(True)) for x in contrasts)
    asked = standard(gate(*contrasts), rules=rules)
    frame = pl.concat([_leads(x, found) for x, found in contrasts.items()], how="diagonal")
    hidden = [pl.col(unreadable_column(FieldName(x))).fill_null(value=True) for x in contrasts]
    columns = Columns(asked)
    counts = LedgerCounts(columns)
    counts.add(columns.judge(frame.with_columns(hidden)))
    return ledger(asked, columns, counts, NO_MARKS)


def _leads(name: str, found: Contrast) -> pl.DataFrame:
    sides = [(True, found.met), (False, found.unmet)]
    rows = [(value, n < side.hits) for value, side in sides for n in range(side.n)]
    return pl.DataFrame(
        {
            name: [value for value, _ in rows],
            unreadable_column(FieldName(name)): [False] * len(rows),
            "_moved_at": [NOW] * len(rows),
            STANDING: ["won" if won else "lost" for _, won in rows],
            OVERRIDDEN: [False] * len(rows),
        }
    )


def test_p_is_corrected_for_the_rules_of_which_there_is_enough_and_no_others() -> None:
    weighed, few = Contrast(Rate(30, 60), Rate(18, 60)), Contrast(Rate(3, 9), Rate(3, 9))

    lines = {x.rule: x for x in told(weighed=weighed, few=few, fewer=few)}

    assert lines[RuleId("weighed")].p == pytest.approx(weighed.p)
    assert [lines[RuleId(x)].says for x in ("weighed", "few")] == [Says.PREDICTS, Says.TOO_FEW]


def test_rules_that_tell_most_come_first_whichever_way_they_point() -> None:
    lines = told(
        less=Contrast(Rate(20, 100), Rate(50, 100)),
        least=Contrast(Rate(10, 100), Rate(60, 100)),
        more=Contrast(Rate(50, 100), Rate(20, 100)),
        most=Contrast(Rate(70, 100), Rate(10, 100)),
    )

    assert [x.rule for x in lines] == ["most", "more", "least", "less"]


def test_what_most_others_fail_and_no_winner_is_too_good_to_be_true() -> None:
    count = RuleCount(met=70, met_won=60, unmet=30, unmet_won=0)

    line = Line(rule=RuleId("it"), words="it", says=Says.PREDICTS, count=count)

    assert line.is_too_good
