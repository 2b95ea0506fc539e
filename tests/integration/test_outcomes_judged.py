"""A CSV nobody prepared for, judged by columns: each lead as the judge would judge it alone."""

import polars as pl
from outcome_files import FIXTURES, frame

from syncd.cli.outcomes_csv import csv_leads
from syncd.core.judge import Case, Judge
from syncd.domain.names import LeadId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.domain.verdict import Result
from syncd.measure.column_values import lead_values
from syncd.measure.csv_map import CsvMap
from syncd.measure.judging import Columns
from syncd.settings.condition_build import FieldMap
from syncd.settings.fitting import fit
from syncd.settings.outcomes_build import csv_specs
from syncd.settings.standard_build import build_standard
from syncd.settings.standard_file import StandardFile
from syncd.settings.yaml_source import read_source

TRUTHS = {Result.PASSES: True, Result.FAILS: False, Result.UNKNOWN: None}


def standard_for(csv_map: CsvMap) -> Standard:
    """The example standard, held against nothing but the fields of the mapping."""
    file = fit(read_source(FIXTURES / "standard.yaml", "standard.yaml"), StandardFile)
    specs = csv_specs(csv_map)
    built = build_standard(file, FieldMap(specs=specs, names=specs.keys()), {})
    assert file.problems == []
    assert built
    return built


def verdicts(standard: Standard, leads: pl.DataFrame) -> list[Result]:
    judge, lead = Judge(standard), LeadId("lead")
    cases = (
        Case(transition=TransitionId("t"), lead_id=lead, cycle=1, values=values, now=now)
        for values, now in zip(lead_values(leads), leads["_moved_at"], strict=True)
    )
    return [judge.judge(Stage.SQL, case).result for case in cases]


def test_the_example_standard_judges_the_example_leads_as_the_judge_does() -> None:
    leads, csv_map = csv_leads(FIXTURES / "leads.csv", FIXTURES / "map.yaml", {})
    standard = standard_for(csv_map)

    judged = pl.concat(map(Columns(standard).judge, leads.batches()))

    expected = [TRUTHS[x] for x in verdicts(standard, frame(leads))]
    assert judged["_result"].to_list() == expected
    assert {True, False} <= set(expected)


def test_conforming_leads_of_the_example_win_more_often() -> None:
    leads, csv_map = csv_leads(FIXTURES / "leads.csv", FIXTURES / "map.yaml", {})

    judged = pl.concat(map(Columns(standard_for(csv_map)).judge, leads.batches()))

    won = judged.group_by("_result").agg((pl.col("_outcome") == "won").mean().alias("rate"))
    rates = dict(won.iter_rows())
    assert rates[True] > 1.5 * rates[False]
