"""The benchmark's standard as a decision model of zen-engine, the rule engine people would name.

Two expression nodes: each rule's truth, then score and result. Times are handed over as epoch
seconds, which is faster for it than texts. It finds no words and knows no unknown values.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, assert_never

import polars as pl
import zen
from bench_backtest_world import CONDITIONS, TYPES, gate, scoring

from syncd.core.conditions import EAST, WEST
from syncd.domain.names import RuleId
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Blank,
    Condition,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    RulePoints,
    Test,
    Within,
)
from syncd.measure.column_names import rule_column

_DAY = 86_400
NAMES = {rule: f"r{n}" for n, rule in enumerate(CONDITIONS)}
Answer = Mapping[str, Any]


def engine() -> Callable[[dict[str, object]], Answer]:
    decision = zen.ZenEngine().create_decision(json.dumps(_model()))

    def decide(lead: dict[str, object]) -> Answer:
        answer: Answer = decision.evaluate(lead)["result"]
        return answer

    return decide


def leads(sample: pl.DataFrame) -> Iterator[dict[str, object]]:
    """What the engine is given of each lead."""
    for row in sample.select("_moved_at", *TYPES).iter_rows(named=True):
        given = {name: _given(value) for name, value in row.items()}
        yield {**given, "now": given.pop("_moved_at")}


def compare(answers: Sequence[Answer], judged: pl.DataFrame) -> None:
    """Fails where the engine finds something else than we do: then it did other work."""
    assert [x["passes"] for x in answers] == judged["_result"].to_list()
    for rule, name in NAMES.items():
        assert [x[name] for x in answers] == judged[rule_column(RuleId(rule))].to_list(), rule


def _given(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    return (value - date(1970, 1, 1)).days * _DAY if isinstance(value, date) else value


def _model() -> object:
    rules = {NAMES[rule]: _condition(condition) for rule, condition in CONDITIONS.items()}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "lead"},
        _node("rules", rules),
        _node("verdict", {"points": _points(), "passes": _passes()}),
        {"id": "out", "type": "outputNode", "name": "answer"},
    ]
    order = ["in", "rules", "verdict", "out"]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in pairwise(order)
    ]
    return {"nodes": nodes, "edges": edges}


def _node(name: str, expressions: Mapping[str, str]) -> object:
    listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    content = {"expressions": listed, "passThrough": True}
    return {"id": name, "type": "expressionNode", "name": name, "content": content}


def _points() -> str:
    return " + ".join(
        f"({NAMES[x.rule]} ? {x.points} : 0)"
        if isinstance(x, RulePoints)
        else f"({x.field} == null ? 0 : now - {x.field} < -{_DAY} ? 0 : {x.points} * 0.5 ^ "
        f"(max([now - {x.field}, 0]) / {x.half_life.total_seconds()}))"
        for x in scoring().points
    )


def _passes() -> str:
    asked, minimum = gate(tuple(map(RuleId, CONDITIONS))), scoring().bands[-1].minimum
    assert asked.any
    some = " + ".join(f"({NAMES[x]} ? 1 : 0)" for x in asked.any.of)
    every = " and ".join(NAMES[x] for x in asked.all)
    return f"{every} and ({some}) >= {asked.any.at_least} and $.points >= {minimum}"


def _condition(condition: Condition) -> str:
    match condition:
        case FieldTest(field=field, test=test):
            return _test(field, test)
        case AllOf(of=of):
            return " and ".join(f"({_condition(x)})" for x in of)
        case AnyOf(of=of):
            return " or ".join(f"({_condition(x)})" for x in of)
        case Not(of=inner):
            return f"not ({_condition(inner)})"
        case _:
            assert_never(condition)


def _test(name: str, test: Test) -> str:
    match test:
        case Present():
            return f"{name} != null"
        case Blank():
            return f"{name} == null"
        case Is(value=value):
            return f"{name} != null and {name} == {json.dumps(value)}"
        case OneOf(allowed=values) if name == "topics":
            return f"{name} != null and some({name}, # in {json.dumps(values)})"
        case OneOf(allowed=values):
            return f"{name} != null and {name} in {json.dumps(values)}"
        case NoneOf(refused=values):
            return f"{name} == null or not ({name} in {json.dumps(values)})"
        case AtLeast(minimum=low):
            return f"{name} != null and {name} >= {low}"
        case AtMost(maximum=high):
            return f"{name} != null and {name} <= {high}"
        case Between(minimum=low, maximum=high):
            return f"{name} != null and {name} >= {low} and {name} <= {high}"
        case Matches(pattern=pattern):
            return f"{name} != null and matches({name}, '^(?:{pattern.pattern})$')"
        case Within(last=last, next=ahead):
            return f"{name} != null and {_within(name, last, ahead)}"
        case _:
            assert_never(test)


def _within(name: str, last: timedelta | None, ahead: timedelta | None) -> str:
    if TYPES[name] == "datetime":
        first, final = _seconds(last or timedelta()), _seconds(ahead or timedelta())
        return f"now - {first} <= {name} and {name} <= now + {final}"
    first = _seconds(WEST if last is None else last)
    final = _seconds(EAST if ahead is None else ahead)
    return (
        f"floor((now - {first}) / {_DAY}) * {_DAY} <= {name} "
        f"and {name} <= floor((now + {final}) / {_DAY}) * {_DAY}"
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
