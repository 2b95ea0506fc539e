"""The alert rules name series that the daemon exposes, by labels they have, and what to do."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from syncd.adapters.web.metrics import Metrics
from syncd.cli.main import COMMANDS
from syncd.core.budget import Budget, Forecast
from syncd.domain.handoff import ClockName
from syncd.domain.names import PlanId, System
from syncd.domain.order import Health, Level, SideStatus, StoreStatus
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES: list[dict[str, Any]] = [
    rule
    for group in YAML(typ="safe").load(FOLDER / "syncd.rules.yml")["groups"]
    for rule in group["rules"]
]
_FUNCTIONS = {"time", "increase", "rate", "sum", "by", "histogram_quantile"}
_SPAN = re.compile(r"\d+[smhd]")
_PROMETHEUS_OWN = {"up": {"job"}}


def _exposed() -> dict[str, dict[str, set[str]]]:
    """Every series of a daemon that has done everything once: its labels and their values."""
    series: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(_busy().text().decode()):
        for sample in family.samples:
            labels = series.setdefault(sample.name, {})
            for name, value in sample.labels.items():
                labels.setdefault(name, set()).add(value)
    return series


def _busy() -> Metrics:
    metrics = Metrics(started=NOW)
    metrics.cycle_done(records=1, leads=1, delivered=1, took=timedelta(seconds=1), now=NOW)
    metrics.cycle_failed()
    metrics.decided(
        {(gate, result): 1 for gate in (Stage.MQL, Stage.SQL) for result in Result},
        dict.fromkeys(map(str, ClockName), 1),
    )
    for system in System:
        metrics.side(system, _side(), now=NOW)
        budget = Budget(spent=1, share=2, used=None, allowed=None)
        metrics.budget(system, budget, Forecast(a_day=1, runs_out=None), Level.FULL)
        metrics.limited(system, 1)
    metrics.swept(leads=1, missed=1, silent=1)
    metrics.store(_status(), now=NOW)
    metrics.slack(connected=True)
    return metrics


def _side() -> SideStatus:
    return SideStatus(read_through=NOW, health=Health.OK, reason="", calls_used=1, calls_allowed=2)


def _status() -> StoreStatus:
    return StoreStatus(
        leads=1,
        linked=1,
        outbox={"pending": 1, "buried": 1},
        oldest_due=NOW,
        given_up=(),
        open_handoffs=1,
        in_grace=1,
        contested=(),
        disputes=1,
        parked=1,
        held_plans=(PlanId("p"),),
    )


SERIES = _exposed()


def _selectors(expr: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each series that an expression names, with the labels it asks for."""
    bare = re.sub(r"by \([^)]*\)", "", expr)
    for found in re.finditer(r"([a-z_][a-z0-9_]*)(?:\{([^}]*)\})?(?!\w|\()", bare):
        name, labels = found[1], found[2] or ""
        if name not in _FUNCTIONS and not _SPAN.search(bare[found.start() - 1 : found.end()]):
            yield name, dict(re.findall(r'(\w+)="([^"]*)"', labels))


def _ids(rules: list[dict[str, Any]]) -> list[str]:
    return [x["alert"] for x in rules]


@pytest.mark.parametrize("rule", RULES, ids=_ids(RULES))
def test_a_rule_names_series_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    named = [*_selectors(rule["expr"])]

    assert named
    for name, labels in named:
        known = SERIES.get(name)
        if known is None:
            assert labels.keys() <= _PROMETHEUS_OWN[name], f"{name} is not exposed"
            continue
        assert all(value in known[label] for label, value in labels.items()), (name, labels)


@pytest.mark.parametrize("rule", RULES, ids=_ids(RULES))
def test_a_rule_groups_and_tells_by_labels_its_series_have(rule: dict[str, Any]) -> None:
    text = "".join(rule["annotations"].values())
    told = set(re.findall(r"\$labels\.(\w+)", text)) - {"instance"}
    grouped = re.findall(r"by \(([^)]*)\)", rule["expr"])
    used = {x.strip() for part in grouped for x in part.split(",")}

    has = {label for name, _ in _selectors(rule["expr"]) for label in SERIES.get(name, {})}

    assert used | told <= has
    assert not grouped or told <= used


@pytest.mark.parametrize("rule", RULES, ids=_ids(RULES))
def test_a_rule_is_one_comparison_over_a_time_with_balanced_brackets(rule: dict[str, Any]) -> None:
    expr = re.sub(r"\{[^}]*\}", "", rule["expr"])

    assert len(re.findall(r"[<>]=?|==", expr)) == 1
    assert all(expr.count(a) == expr.count(b) for a, b in ("()", "[]"))
    assert re.fullmatch(r"\d+[mhd]", rule["for"])


@pytest.mark.parametrize("rule", RULES, ids=_ids(RULES))
def test_counters_are_asked_for_their_growth_and_gauges_are_not(rule: dict[str, Any]) -> None:
    for name, _ in _selectors(rule["expr"]):
        grows = re.search(rf"(?:increase|rate)\({name}(?:\{{[^}}]*\}})?\[", rule["expr"])

        assert bool(grows) == name.endswith(("_total", "_bucket")), name


@pytest.mark.parametrize("rule", RULES, ids=_ids(RULES))
def test_a_rule_says_how_urgent_it_is_and_what_to_do_by_commands_there_are(
    rule: dict[str, Any],
) -> None:
    commands = re.findall(r"(?:^|[;,:] |; )syncd (\w+)", rule["annotations"]["next_step"])

    assert rule["labels"]["severity"] in {"page", "warning", "info"}
    assert rule["annotations"].keys() == {"summary", "next_step"}
    assert set(commands) <= COMMANDS.keys()


def test_each_rule_is_tried_quiet_on_a_healthy_day_at_its_limit_before_its_time_and_firing() -> (
    None
):
    tried = YAML(typ="safe").load(FOLDER / "syncd.rules.test.yml")["tests"]
    healthy, limit, *own = (
        [(x["alertname"], bool(x["exp_alerts"])) for x in test["alert_rule_test"]] for test in tried
    )

    assert healthy == limit == [(name, False) for name in _ids(RULES)]
    assert own == [[(name, False), (name, True)] for name in _ids(RULES)]


def test_every_counter_is_there_before_there_is_anything_to_count() -> None:
    """What first shows as twenty never grew, and no alert would tell."""
    assert _counters(_busy()) <= _counters(Metrics(started=NOW))


def _counters(metrics: Metrics) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    return {
        (sample.name, frozenset(sample.labels.items()))
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name.endswith("_total")
    }


def test_until_a_cycle_has_finished_its_age_counts_from_the_start() -> None:
    families = text_string_to_metric_families(Metrics(started=NOW).text().decode())
    values = {x.name: x.value for family in families for x in family.samples}

    assert values["syncd_last_cycle_timestamp_seconds"] == NOW.timestamp()


def test_no_two_rules_have_one_name() -> None:
    assert len(set(_ids(RULES))) == len(RULES)


def test_the_page_about_them_names_series_that_there_are() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    families = {re.sub(r"_(?:bucket|sum|count)$", "", x) for x in SERIES}

    assert set(re.findall(r"syncd_[a-z_]+[a-z]", text)) <= families


def test_every_series_is_named_by_convention() -> None:
    """Prometheus's own: the application first, units in full, `_total` on what only grows."""
    families = [*text_string_to_metric_families(_busy().text().decode())]

    assert all(x.name.startswith("syncd_") and x.documentation for x in families)
    assert not [x.name for x in families if re.search(r"_(ms|secs?|minutes|hours)$", x.name)]
    assert all(
        s.name.endswith(("_total", "_created"))
        for x in families
        if x.type == "counter"
        for s in x.samples
    )
