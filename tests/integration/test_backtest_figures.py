"""Every figure of a backtest equals the one that pandas counts from the same CSV."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from backtest_oracle import (
    ASKED,
    LOOKED_AT,
    RULES,
    Oracle,
    Seen,
    count,
    fails_only_for,
    hochberg,
    is_missed,
)
from backtest_world import write_world
from scipy import stats

from syncd.cli.outcome_source import from_csv
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.measure.backtest import Backtest, Question, backtest
from syncd.measure.outcomes import Leads, Outcome
from syncd.measure.shares import Rate
from syncd.measure.tally import Sides
from syncd.settings.standard_alone import load_standard

DAYS = 120
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("world")
    write_world(home, seed=request.param, leads=900)
    return home


@pytest.fixture(scope="module")
def oracle(world: Path) -> Oracle:
    return Oracle(world / "leads.csv", DAYS)


@pytest.fixture(scope="module")
def winners() -> list[pl.DataFrame]:
    return []


@pytest.fixture(scope="module")
def found(world: Path, winners: list[pl.DataFrame]) -> Backtest:
    """The contract column is no rule's business here; see the tests of leakage."""
    winners.clear()
    outcomes = from_csv(world / "leads.csv", world / "map.yaml", world / "no-config")
    standard = load_standard(world / "standard.yaml", outcomes.fields, named_in="map.yaml")
    question = Question(standard=standard, stage=Stage.SQL, span=timedelta(days=DAYS), now=NOW)
    return backtest(_in_pieces(outcomes.leads), question, winners.append)


def _in_pieces(leads: Leads) -> Leads:
    """In small batches, so that adding up is tried too."""

    def batches() -> Iterator[pl.DataFrame]:
        for batch in leads.batches():
            yield from batch.iter_slices(97)

    return replace(leads, batches=batches)


def test_leads_stand_where_they_stood_when_their_time_was_up(
    found: Backtest, oracle: Oracle
) -> None:
    _same_sides(found.sides, oracle.counted)


def test_each_variant_and_each_source_has_its_own_figures(found: Backtest, oracle: Oracle) -> None:
    for name, sides in found.by_segment.items():
        _same_sides(sides, [x for x in oracle.counted if x.segment == name])
    for name, sides in found.by_source.items():
        source = "" if name == "(not known)" else name
        _same_sides(sides, [x for x in oracle.counted if x.row["Kanal"] == source])
    assert set(found.by_segment) == {"north", "everybody"}
    assert set(found.by_source) == {"web", "fair", "(not known)"}


def _same_sides(sides: Sides, leads: list[Seen]) -> None:
    for result, tally in sides.tallies.items():
        here = [x for x in leads if x.result is result]
        won = [x for x in here if x.standing == "won"]
        for outcome, number in tally.standing.items():
            assert number == count(here, lambda x, of=outcome: x.standing == of)  # type: ignore[misc]  # mypy knows no types of defaults in lambdas
        assert tally.worth == sum(float(x.row["Wert"]) for x in won if x.row["Wert"])
        assert tally.unpriced == count(won, lambda x: not x.row["Wert"])
    assert sides.leads == len(leads)


def test_young_and_late_leads_are_told_apart(found: Backtest, oracle: Oracle) -> None:
    young = [x for x in oracle.leads if not x.had_time]

    assert found.besides.read == len(oracle.leads)
    assert sum(found.besides.young.values()) == len(young) > 50
    assert found.besides.young[Outcome.WON] == count(young, lambda x: x.row["Ausgang"] == "ja") > 5
    late = count(oracle.counted, lambda x: x.row["Ausgang"] == "ja" and x.standing != "won")
    assert found.besides.won_late == late > 10


def test_the_ledger_counts_each_rule_among_the_leads_that_it_is_meant_for(
    found: Backtest, oracle: Oracle
) -> None:
    lines = {line.rule: line for line in found.ledger}

    assert set(lines) == set(RULES)
    for rule, line in lines.items():
        here = [x for x in oracle.counted if rule in LOOKED_AT[x.segment]]
        unmet = [x for x in here if x.truths[rule] is False]
        met = [x for x in here if x.truths[rule] is True]
        counted = line.count
        assert (counted.met, counted.unmet, counted.leads) == (len(met), len(unmet), len(here))
        assert counted.met_won == count(met, lambda x: x.standing == "won")
        assert counted.unmet_won == count(unmet, lambda x: x.standing == "won")
        assert counted.overridden == count(unmet, lambda x: x.row["Ausnahme"] == "x")
        assert counted.alone == count(here, lambda x, of=rule: fails_only_for(x, of))  # type: ignore[misc]  # as above
        assert counted.stopped == count(here, lambda x: x.result is False)
    assert sum(x.count.alone for x in found.ledger) > 50
    assert any(x.count.unknown for x in found.ledger)


def test_rates_have_the_intervals_and_tests_of_scipy(found: Backtest) -> None:
    tried = [x for x in found.ledger if x.p is not None]
    tables = [
        [[x.count.met_won, x.count.met - x.count.met_won],
         [x.count.unmet_won, x.count.unmet - x.count.unmet_won]]
        for x in tried
    ]  # fmt: skip
    ps = [float(stats.fisher_exact(table).pvalue) for table in tables]

    assert len(tried) >= 5
    assert [x.p for x in tried] == pytest.approx(hochberg(ps))
    for line in tried:
        for rate in (line.win_rates.met, line.win_rates.unmet):
            _same_interval(rate)


def _same_interval(rate: Rate) -> None:
    other = stats.binomtest(rate.hits, rate.n).proportion_ci(method="wilson")
    assert rate.interval is not None
    assert (rate.interval.low, rate.interval.high) == pytest.approx((other.low, other.high))


def test_the_most_overlapping_rule_is_named(found: Backtest, oracle: Oracle) -> None:
    for line in found.ledger:
        shares = {
            other: rate for other in RULES if other != line.rule
            for rate in [_overlap(oracle, line.rule, other)] if rate.hits
        }  # fmt: skip
        assert line.overlap is not None
        assert line.overlap[1] == shares[line.overlap[0]]
        assert line.overlap[1].share == max(x.share or 0 for x in shares.values())


def _overlap(oracle: Oracle, one: str, other: str) -> Rate:
    def is_unmet(lead: Seen, rule: str) -> bool:
        return rule in LOOKED_AT[lead.segment] and lead.truths[rule] is False

    both = count(oracle.counted, lambda x: is_unmet(x, one) and is_unmet(x, other))
    return Rate(both, count(oracle.counted, lambda x: is_unmet(x, one) or is_unmet(x, other)))


def test_the_curve_counts_leads_at_or_above_each_threshold(found: Backtest, oracle: Oracle) -> None:
    (curve,) = found.curves
    scored = [(x.points, x.standing) for x in oracle.counted]

    assert curve.unscored == 0
    for step in curve.steps:
        above = [standing for points, standing in scored if points >= step.threshold]
        assert step.volume == Rate(len(above), len(scored))
        assert step.win_rate == Rate(above.count("won"), len(above))
    assert len(curve.steps) == len({points for points, _ in scored})


def test_every_stopped_winner_is_handed_over_with_what_it_lacks(
    found: Backtest, winners: list[pl.DataFrame], oracle: Oracle
) -> None:
    expected = {
        x.row["Nr"]: sorted(r for r in ASKED[x.segment] if is_missed(x, r))
        for x in oracle.leads
        if x.result is False and x.row["Ausgang"] == "ja"
    }
    rows = pl.concat(winners).iter_rows(named=True)
    handed = {x["lead"]: sorted(x["unmet"].split(", ")) for x in rows}

    assert handed == expected
    assert found.winners_found == len(expected) > 30
    amounts = [x.amount or 0 for x in found.winners if x.when == "in time"]
    assert amounts == sorted(amounts, reverse=True)


def test_what_rests_on_values_of_today_is_marked(found: Backtest) -> None:
    marked = {line.rule for line in found.ledger if line.as_of_now}

    assert marked == {RuleId("decides")}
    assert found.as_of_now == (FieldName("role"),)
