"""The same numbers, counted row by row in plain loops: nothing is shared with `measure`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from fact_cases import NOVEMBER, OCTOBER, drawn, scope
from table_reading import counts, parts

from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Facts
from syncd.measure.tables import Table

Round = Mapping[str, Any]
FACTS = [drawn(Random(seed), leads=200) for seed in (1, 2, 3)]

on_some_leads = pytest.mark.parametrize("facts", FACTS, ids=["one", "two", "three"])


def _in_october(instant: Any) -> bool:
    return instant is not None and OCTOBER <= instant < NOVEMBER


def _table(name: str, facts: Facts) -> Table:
    return MEASURES[name].table(facts, scope())


def _rounds(facts: Facts) -> list[Round]:
    return list(facts.rounds.iter_rows(named=True))


def _moves(facts: Facts) -> list[Round]:
    return [x for x in facts.moves.iter_rows(named=True) if _in_october(x["at"])]


def _last_of_each(rounds: Iterator[Round]) -> list[Round]:
    last: dict[str, Round] = {}
    for one in sorted(rounds, key=lambda x: x["cycle"]):
        last[one["lead_id"]] = one
    return list(last.values())


def _first_mqls(facts: Facts, stage: str = "mql_at") -> Iterator[tuple[Round, list[Round]]]:
    """The round in which a lead first came so far, if that was in October, and all from then."""
    by_lead: dict[str, list[Round]] = {}
    for one in sorted(_rounds(facts), key=lambda x: x["cycle"]):
        by_lead.setdefault(one["lead_id"], []).append(one)
    for rounds in by_lead.values():
        there = [n for n, x in enumerate(rounds) if x[stage]]
        if stage == "mql_at":
            there = [n for n in there if rounds[n]["cycle"] == 1]
        if there and _in_october(rounds[there[0]][stage]):
            yield rounds[there[0]], rounds[there[0] :]


def _without_zeros(numbers: Mapping[str, int]) -> dict[str, int]:
    return {name: n for name, n in numbers.items() if n}


@on_some_leads
def test_moves_of_each_gate_and_treatment(facts: Facts) -> None:
    table = _table("moves", facts)

    judged = Counter(x["gate"] for x in _moves(facts))
    assert counts(table, "judged") == judged
    for treatment in ("conforming", "waived", "blocked", "flagged", "observed"):
        found = Counter(x["gate"] for x in _moves(facts) if x["treatment"] == treatment)
        assert parts(table, treatment) == {g: (found[g], n) for g, n in judged.items()}


def _standard_of(move: Mapping[str, Any]) -> tuple[str, str, str]:
    """One version asks all moves at a gate the same."""
    return move["gate"], move["standard"], move["variant"]


@on_some_leads
def test_each_rule_at_each_gate(facts: Facts) -> None:
    asked, unmet, waived = Counter[str](), Counter[str](), Counter[str]()
    rules: dict[tuple[str, str, str], set[str]] = {}
    for move in _moves(facts):
        rules.setdefault(_standard_of(move), set()).update(move["unmet"], move["met"])
    for move in _moves(facts):
        for rule in rules[_standard_of(move)]:
            asked[f"{move['gate']}.{rule}"] += 1
        for rule in move["unmet"]:
            unmet[f"{move['gate']}.{rule}"] += 1
            waived[f"{move['gate']}.{rule}"] += move["treatment"] == "waived"

    table = _table("rules", facts)

    assert counts(table, "asked") == asked
    assert parts(table, "unmet") == {x: (unmet[x], n) for x, n in asked.items()}
    assert parts(table, "waived") == {x: (waived[x], unmet[x]) for x in asked}


@on_some_leads
@pytest.mark.parametrize(
    ("name", "column"), [("waivers-by-person", "waived_by"), ("waivers-by-reason", "waived_why")]
)
def test_who_waives_and_why(name: str, column: str, facts: Facts) -> None:
    waived = [x for x in _moves(facts) if x["treatment"] == "waived"]
    found = Counter(x[column] or "(not said)" for x in waived)

    assert parts(_table(name, facts), "share") == {x: (n, len(waived)) for x, n in found.items()}


@on_some_leads
def test_reasons_and_what_was_missing(facts: Facts) -> None:
    back = _last_of_each(
        x for x in _rounds(facts) if x["state"] == "rejected" and _in_october(x["closed_at"])
    )
    reasons = Counter(x["reason"] or "(not said)" for x in back)
    missing = Counter(word for x in back for word in x["missing"] or ())

    assert parts(_table("rejections", facts), "share") == {
        x: (n, len(back)) for x, n in reasons.items()
    }
    found = counts(_table("missing", facts), "leads")
    nothing = found.pop("(nothing was said to be missing)")
    assert (found, nothing) == (missing, sum(not x["missing"] for x in back))


@on_some_leads
@pytest.mark.parametrize(
    ("name", "instant", "word"),
    [
        ("rejections-by-month", "closed_at", "reason"),
        ("objections-by-month", "closed_at", "objection"),
        ("losses-by-month", "lost_at", "lost_reason"),
    ],
)
def test_words_by_month(name: str, instant: str, word: str, facts: Facts) -> None:
    table = _table(name, facts)

    for month in (9, 10):
        kept = [x for x in _rounds(facts) if x[instant] and x[instant].month == month]
        if instant == "closed_at":
            kept = [x for x in kept if x["state"] == "rejected"]
        if word == "objection":
            kept = [x for x in kept if x[word]]
        found = Counter(x[word] or "(not said)" for x in _last_of_each(iter(kept)))
        assert _without_zeros(counts(table, f"2026-{month:02}")) == found


@on_some_leads
@pytest.mark.parametrize(
    ("name", "stage", "line"),
    [
        ("bands-mql", "mql_at", "mql_band"),
        ("bands-sql", "sql_at", "sql_band"),
        ("standards", "mql_at", "standard"),
    ],
)
def test_what_became_of_a_cohort(name: str, stage: str, line: str, facts: Facts) -> None:
    leads, won, sql = Counter[str](), Counter[str](), Counter[str]()
    for first, since in _first_mqls(facts, stage):
        none = "(unknown)" if line == "standard" else "(no score)"
        key = first[line] or none
        leads[key] += 1
        won[key] += any(x["won_at"] for x in since)
        sql[key] += any(x["sql_at"] for x in since)

    table = _table(name, facts)

    assert _without_zeros(counts(table, "leads")) == leads
    assert _without_zeros(counts(table, "won")) == _without_zeros(won)
    if stage == "mql_at":
        assert _without_zeros(counts(table, "sql")) == _without_zeros(sql)


@on_some_leads
def test_leads_that_were_given_up_and_came_back(facts: Facts) -> None:
    every = _rounds(facts)
    over = [
        x for x in every if x["state"] in ("rejected", "expired") and _in_october(x["closed_at"])
    ]
    first: dict[str, Round] = {}
    for one in sorted(over, key=lambda x: x["cycle"], reverse=True):
        first[one["lead_id"]] = one
    later = {
        lead: [x for x in every if x["lead_id"] == lead and x["cycle"] > one["cycle"]]
        for lead, one in first.items()
    }
    won = [
        lead
        for lead, one in first.items()
        for x in [[one, *later[lead]]]
        if any(y["won_at"] and y["won_at"] > one["closed_at"] for y in x)
    ]

    table = _table("recycled", facts)

    assert counts(table, "leads")["all"] == len(first)
    assert counts(table, "again")["all"] == sum(any(y["mql_at"] for y in x) for x in later.values())
    assert counts(table, "sql")["all"] == sum(any(y["sql_at"] for y in x) for x in later.values())
    assert counts(table, "won")["all"] == len(won)
    reasons = Counter(
        "(not taken in time)" if x["state"] == "expired" else x["reason"] or "(not said)"
        for x in first.values()
    )
    found = _without_zeros(counts(table, "leads"))
    assert {x: n for x, n in found.items() if x != "all"} == reasons


@on_some_leads
def test_win_rates_and_lengths_by_source(facts: Facts) -> None:
    decided = _last_of_each(x for x in _rounds(facts) if _in_october(x["won_at"] or x["lost_at"]))
    source = Counter(x["source"] or "(unknown)" for x in decided)
    won = Counter(x["source"] or "(unknown)" for x in decided if x["won_at"])

    assert parts(_table("wins-by-source", facts), "won") == {
        x: (won[x], n) for x, n in source.items()
    }
    wins = _last_of_each(x for x in _rounds(facts) if _in_october(x["won_at"]))
    lengths = Counter(
        x["source"] or "(unknown)"
        for x in wins
        if x["opportunity_at"] and x["won_at"] >= x["opportunity_at"]
    )
    found = counts(_table("cycle-by-source", facts), "opportunity")
    assert _without_zeros(found) == lengths


@on_some_leads
@pytest.mark.parametrize(
    ("name", "instant"), [("pipeline", "opportunity_at"), ("revenue", "won_at")]
)
def test_marketings_part(name: str, instant: str, facts: Facts) -> None:
    rounds = [x for x in _rounds(facts) if _in_october(x[instant])]
    names = ("open_amount", "won_amount") if name == "pipeline" else ("won_amount",)
    table = _table(name, facts)

    for key, who in {
        "all": rounds,
        "sourced": [x for x in rounds if x["sourced"]],
        "influenced": [x for x in rounds if x["influenced"]],
        "either": [x for x in rounds if x["sourced"] or x["influenced"]],
        "neither": [x for x in rounds if not (x["sourced"] or x["influenced"])],
    }.items():
        [row] = [x for x in table.rows if x.key == key]
        worth = sum(x[name] or 0.0 for x in who for name in names)
        assert (row.numbers["share"].n, row.numbers["share"].of) == (len(who), len(rounds))
        assert row.numbers["amount"].value == pytest.approx(worth, abs=0.01)


@on_some_leads
def test_what_accepted_leads_cost(facts: Facts) -> None:
    accepted = _last_of_each(x for x in _rounds(facts) if _in_october(x["accepted_at"]))
    spent = {x["source"]: x["amount"] for x in facts.spend.iter_rows(named=True)}
    table = _table("cost", facts)

    found = Counter(x["source"] or "(unknown)" for x in accepted)
    assert (
        _without_zeros({x: n for x, n in counts(table, "accepted").items() if x != "all"}) == found
    )
    for row in table.rows:
        if row.key in spent and found[row.key]:
            cost = row.numbers["cost"].value
            assert cost == pytest.approx(spent[row.key] / found[row.key])


@on_some_leads
def test_the_leads_beside_their_score_are_those_of_the_funnel(facts: Facts) -> None:
    funnel, bands = _table("funnel", facts), _table("bands-mql", facts)
    arrivals, sqls = _table("arrivals", facts), _table("bands-sql", facts)

    assert sum(counts(bands, "leads").values()) == counts(funnel, "leads")["mql"]
    assert sum(counts(bands, "sql").values()) == counts(funnel, "leads")["sql"]
    assert sum(counts(sqls, "leads").values()) == counts(arrivals, "first")["sql"]
