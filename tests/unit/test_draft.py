"""A draft finds what made leads win, and refuses what came after winning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from draft_world import LEAKS, NOW, PROXIES, SEPARATE, asked, leads, specs

from syncd.domain.names import FieldName
from syncd.domain.standard import AtLeast, Is, NoneOf, RuleKind, Test, Within
from syncd.errors import PermanentError
from syncd.measure.draft import ALIKE, Draft, draft
from syncd.measure.draft_candidates import NEXT_DAYS, Field, conditions_for
from syncd.measure.draft_fit import p_of_more
from syncd.measure.draft_page import page
from syncd.measure.draft_patterns import MOST_CONDITIONS
from syncd.measure.draft_values import Seen
from syncd.measure.outcomes import MOVED_AT, OUTCOME, AsOf, Leads
from syncd.measure.rates import corrected


@pytest.fixture(scope="module")
def found() -> Draft:
    return draft(leads(seed=1), asked())


def test_what_made_leads_win_is_proposed_and_nothing_else(found: Draft) -> None:
    fields = {x.condition.field for x in found.rules}

    assert fields - PROXIES | {FieldName("need")} == SEPARATE


def test_the_conditions_come_near_the_truth(found: Draft) -> None:
    tests = {x.condition.field: x.condition.test for x in found.rules}

    threshold = tests[FieldName("employees")]
    assert isinstance(threshold, AtLeast)
    assert 40 <= threshold.minimum <= 65
    assert tests[FieldName("last_engaged_at")] == Within(last=timedelta(days=30))
    assert tests[FieldName("sector")] == NoneOf(("school",))


def test_of_fields_that_say_the_same_one_is_kept_and_the_others_are_named(found: Draft) -> None:
    correlations = {str(x.found.condition.field): x.correlation for x in found.redundant}
    kept = {str(x.condition.field) for x in found.rules} & {"need", *PROXIES}

    assert correlations.keys() | kept == {"need", *PROXIES}
    assert len(kept) == 1
    assert correlations["need_hint"] < ALIKE < max(correlations.values())
    assert {x.beside for x in found.redundant} <= {x.id for x in found.rules}


def test_fields_known_only_after_winning_are_refused_with_why(found: Draft) -> None:
    assert set(found.refused) == LEAKS
    assert "known only after winning" in found.refused[FieldName("invoice")]
    assert "known only after the outcome" in found.refused[FieldName("deal_status")]


def test_a_forced_field_counts_and_is_marked() -> None:
    found = draft(leads(seed=1), asked("invoice"))

    text = page(found, NOW)

    assert FieldName("invoice") in found.forced
    assert "# Forced: invoice counts, though it is filled for 100.0 % of" in text


def test_figures_are_those_of_the_newer_leads_alone(found: Draft) -> None:
    world = next(leads(seed=1, batch=10_000).batches())
    need = next(x for x in found.rules if x.condition.test == Is(True))

    newer = [
        (row[need.condition.field], row[OUTCOME] == "won")
        for row in world.iter_rows(named=True)
        if row[MOVED_AT] >= found.split.newer_from
        and row[MOVED_AT] + timedelta(days=180) <= found.split.horizon.known_until
    ]

    assert need.newer.met.n == sum(met for met, _ in newer)
    assert need.newer.met.hits == sum(met and won for met, won in newer)
    assert need.newer.unmet.hits == sum(won and not met for met, won in newer)
    assert found.newer.n == len(newer)
    assert 0.65 < found.older.n / (found.older.n + found.newer.n) < 0.75


def test_p_is_corrected_for_all_that_was_held_against_the_newer_leads(found: Draft) -> None:
    tried = (*found.rules, *found.unconfirmed, *(x.found for x in found.redundant))

    assert [x.p for x in tried] == pytest.approx(corrected([p_of_more(x.newer) for x in tried]))


def test_what_chance_makes_of_the_older_leads_is_not_held_against_the_newer(found: Draft) -> None:
    assert {"seen_on", "topics"} <= set(found.nothing)


def test_among_few_leads_a_rule_is_not_dropped_because_little_can_be_told_of_it() -> None:
    found = draft(leads(seed=3, many=900), asked())

    assert {x.condition.field for x in found.rules} == {"need", "employees", "sector"}


def test_conditions_are_thought_of_among_the_older_leads_alone(found: Draft) -> None:
    """Words that only the newer leads have bring no condition to try."""
    is_newer = pl.col(MOVED_AT) >= found.split.newer_from
    newly = pl.when(is_newer).then(pl.lit("new ") + pl.col("sector")).otherwise("sector")

    other = draft(changed(newly.alias("sector")), asked())

    assert other.tried == found.tried


def changed(*columns: pl.Expr) -> Leads:
    world = leads(seed=1)
    batches = [x.with_columns(*columns) for x in world.batches()]
    return replace(world, batches=lambda: iter(batches))


def test_a_day_ahead_is_asked_for_only_where_it_is_known_that_it_was_ahead() -> None:
    seen_on = specs()[FieldName("seen_on")]

    ahead = [
        [x for x in conditions_for(Field(spec=seen_on, as_of_now=now), Seen()) if _is_ahead(x.test)]
        for now in (False, True)
    ]

    assert [len(x) for x in ahead] == [len(NEXT_DAYS), 0]


def _is_ahead(test: Test) -> bool:
    return isinstance(test, Within) and test.next is not None


def test_the_answer_is_the_same_however_the_leads_are_batched(found: Draft) -> None:
    other = draft(leads(seed=1, batch=173), asked())

    assert page(other, NOW) == page(found, NOW)


def test_kinds_are_guessed_and_gates_follow_them(found: Draft) -> None:
    kinds = {x.condition.field: x.kind for x in found.rules}
    assert found.mql is not None
    assert found.sql is not None

    handed_over = {*found.mql.all, *found.mql.some}

    assert kinds[FieldName("employees")] is RuleKind.FIT
    assert kinds[FieldName("last_engaged_at")] is RuleKind.BEHAVIOUR
    assert handed_over == {
        x.id for x in found.rules if x.kind in (RuleKind.FIT, RuleKind.BEHAVIOUR)
    }


def test_gates_leave_most_past_winners_through(found: Draft) -> None:
    assert found.mql is not None

    assert (found.mql.kept.share or 0) > 0.75


def test_bands_part_the_newer_leads(found: Draft) -> None:
    assert found.score is not None

    nurture, warm, ready = (x.share or 0 for x in found.score.bands)

    assert nurture < warm < ready
    assert found.score.ready > found.score.warm > 0


def test_values_of_today_are_marked() -> None:
    found = draft(leads(seed=1, when=AsOf.NOW), asked())

    text = page(found, NOW)

    assert all(x.as_of_now for x in found.rules)
    assert text.count("# AS OF NOW") == len(found.rules)


def test_too_few_leads_say_nothing() -> None:
    found = draft(leads(seed=1, many=60), asked())

    assert not found.rules
    assert {"need", "employees"} <= set(found.too_few)


def test_leads_that_had_no_time_to_win_make_no_draft() -> None:
    early = replace(asked(), now=datetime(2024, 2, 1, tzinfo=UTC))

    with pytest.raises(PermanentError, match="have had 180 days to win"):
        draft(leads(seed=1), early)


def test_where_nothing_separates_no_standard_is_written() -> None:
    found = draft(leads(seed=3, many=1500, weight=0), asked())

    with pytest.raises(PermanentError, match="nothing surely separates won from the rest"):
        page(found, NOW)


def test_a_field_weaker_than_many_others_is_not_said_to_tell_nothing() -> None:
    """More fields part the older leads than are held against the newer ones."""
    names = [FieldName(f"hint_{n}") for n in range(MOST_CONDITIONS + 2)]
    row = pl.int_range(pl.len())
    hints = [(pl.col("need") ^ ((row // (n + 2)) % 7 == 0)).alias(x) for n, x in enumerate(names)]
    made = replace(changed(*hints), as_of=dict.fromkeys(names, AsOf.THEN))
    fields = {x: replace(specs()[FieldName("need")], name=x) for x in names}

    found = draft(made, replace(asked(), fields=fields))

    assert (len(found.weaker), found.nothing) == (2, ())
    assert f"{MOST_CONDITIONS} others" in page(found, NOW)
