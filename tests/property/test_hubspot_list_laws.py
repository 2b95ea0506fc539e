"""A band's list holds exactly the contacts whose score is in that band."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from random import Random
from typing import Any

import pytest
from formula_cases import NOBODY, NOW, crm_of, gate_of, rule_of, scoring_of, spec_of, standard_of
from formula_kinds import OPTIONS

from syncd.compile.hubspot_bands import BandHeld, BandList, band_lists
from syncd.core.rule_check import compile_rule
from syncd.core.score import score
from syncd.core.spelling import read_value
from syncd.domain.names import FieldName, System
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
    NoneOf,
    Not,
    OneOf,
    Present,
    Scoring,
    Standard,
    Variant,
)
from syncd.domain.values import Direction, FieldSpec, FieldType

STAFF, SURE, ROLE, TOPICS, NEED = map(FieldName, ("staff", "sure", "role", "topics", "need"))
_PICKED = {System.HUBSPOT: {"boss": "the_boss", "champion": "champion", "user": "user"}}
_TYPES: Mapping[FieldName, FieldType] = {
    STAFF: FieldType.NUMBER,
    SURE: FieldType.BOOLEAN,
    ROLE: FieldType.PICKLIST,
    TOPICS: FieldType.MULTI_PICKLIST,
    NEED: FieldType.STRING,
}
SPECS: Mapping[FieldName, FieldSpec] = {
    name: replace(spec_of(kind, name, options=OPTIONS), options=_PICKED)
    if kind in (FieldType.PICKLIST, FieldType.MULTI_PICKLIST)
    else spec_of(kind, name)
    for name, kind in _TYPES.items()
}
VALUES: Mapping[str, tuple[str | None, ...]] = {
    "staff": (None, "", "0", "49", "50", "50.5", "5000", "5001"),
    "sure": (None, "", "true", "false"),
    "role": (None, "", "the_boss", "champion", "user"),
    "topics": (None, "", "the_boss", "the_boss;user", "champion;user"),
    "need": (None, "", "help"),
}
CONDITIONS: Mapping[str, Condition] = {
    "a": FieldTest(STAFF, AtLeast(50)),
    "b": FieldTest(SURE, Is(True)),
    "c": FieldTest(ROLE, OneOf(("boss", "champion"))),
    "d": AnyOf((FieldTest(NEED, Present()), Not(FieldTest(SURE, Is(True))))),
    "e": AllOf((FieldTest(STAFF, AtMost(5000)), FieldTest(TOPICS, NoneOf(("user",))))),
    "f": Not(FieldTest(STAFF, Between(50, 5000))),
    "g": FieldTest(TOPICS, Is("boss")),
    "h": FieldTest(STAFF, OneOf((49, 50))),
    "i": FieldTest(NEED, Blank()),
}
POINTS = (
    {"a": 20, "b": 10, "c": 15},
    {"d": 20, "e": -10, "a": 5},
    {"f": 10, "g": 10, "h": -5, "i": 5},
)


def standard_with(*scorings: Scoring, applies: Condition | None = None) -> Standard:
    rules = [rule_of(name, condition) for name, condition in CONDITIONS.items()]
    gate = gate_of("a")
    variants = (
        ()
        if applies is None
        else (Variant(name="v", applies=applies, gates={gate.stage: gate}, scoring=scorings[1]),)
    )
    return standard_of(rules, gate, scoring=scorings[0], variants=variants)


def contacts(count: int) -> Iterator[Mapping[str, str | None]]:
    rng = Random(7)
    for _ in range(count):
        yield {name: rng.choice(values) for name, values in VALUES.items()}


def band_of(contact: Mapping[str, str | None], standard: Standard, scoring: Scoring) -> str:
    values = {
        x.name: read_value(contact[x.name], x, System.HUBSPOT, NOBODY) for x in SPECS.values()
    }
    found = {x.id: compile_rule(x)(values, NOW) for x in standard.rules.values()}
    return score(values, scoring, found, NOW).band


def is_in(contact: Mapping[str, str | None], request: Mapping[str, Any]) -> bool:
    """As HubSpot's documentation tells what filters do."""
    rows = request["filterBranch"]["filterBranches"]
    return any(all(_passes(contact, x) for x in row["filters"]) for row in rows)


def _passes(contact: Mapping[str, str | None], one: Mapping[str, Any]) -> bool:
    value, operation = contact[one["property"]] or None, one["operation"]
    operator = operation["operator"]
    if operation["operationType"] == "ALL_PROPERTY":
        return bool((value is not None) == (operator == "IS_KNOWN"))
    if value is None:
        return bool(operation["includeObjectsWithNoValueSet"])
    if operation["operationType"] == "NUMBER":
        return _compare(float(value), operator, operation["value"])
    if operation["operationType"] == "BOOL":
        return bool((value == str(operation["value"]).lower()) == (operator == "IS_EQUAL_TO"))
    chosen, named = set(value.split(";")), set(operation["values"])
    told = chosen == named if "EXACTLY" in operator else bool(chosen & named)
    return told != (operator in ("IS_NONE_OF", "IS_NOT_EXACTLY"))


def _compare(value: float, operator: str, bound: float) -> bool:
    return {
        "IS_EQUAL_TO": value == bound,
        "IS_NOT_EQUAL_TO": value != bound,
        "IS_GREATER_THAN_OR_EQUAL_TO": value >= bound,
        "IS_GREATER_THAN": value > bound,
        "IS_LESS_THAN_OR_EQUAL_TO": value <= bound,
        "IS_LESS_THAN": value < bound,
    }[operator]


@pytest.mark.parametrize("points", POINTS, ids=str)
def test_whoever_is_in_a_band_is_in_its_list_and_nobody_else(points: Mapping[str, int]) -> None:
    scoring = scoring_of(points, minimum=10)
    standard = standard_with(scoring)

    found = band_lists(standard, crm_of([*SPECS.values()]))

    assert any(isinstance(x, BandList) for x in found)
    for contact in contacts(400):
        lists = {x.band for x in found if isinstance(x, BandList) and is_in(contact, x.request)}
        assert lists == {band_of(contact, standard, scoring)}, contact


def test_each_variant_is_scored_by_its_own_points() -> None:
    scorings = [scoring_of(x, minimum=10) for x in POINTS[:2]]
    applies = FieldTest(ROLE, Is("boss"))
    standard = standard_with(*scorings, applies=applies)

    found = [x for x in band_lists(standard, crm_of([*SPECS.values()])) if isinstance(x, BandList)]

    assert len(found) == 3
    for contact in contacts(400):
        scoring = scorings[contact["role"] == "the_boss"]
        lists = {x.band for x in found if is_in(contact, x.request)}
        assert lists == {band_of(contact, standard, scoring)}, contact


@pytest.mark.parametrize(
    ("condition", "direction", "reason"),
    [
        (FieldTest(NEED, Is("help")), Direction.BOTH, "without regard to case"),
        (FieldTest(FieldName("unheard"), Present()), Direction.BOTH, "no property"),
        (FieldTest(STAFF, AtLeast(1)), Direction.TO_SALESFORCE, "another staff than HubSpot"),
    ],
)
def test_what_filters_cannot_tell_is_held_by_the_daemon(
    condition: Condition, direction: Direction, reason: str
) -> None:
    specs = [replace(x, direction=direction) for x in SPECS.values()]
    standard = standard_of(
        [rule_of("a", condition)], gate_of("a"), scoring=scoring_of({"a": 20}, minimum=10)
    )

    found = band_lists(standard, crm_of(specs))

    held = [x for x in found if isinstance(x, BandHeld)]
    assert len(held) == len(found) == 3
    assert reason in held[0].why


def test_the_client_knows_every_key_of_a_filter() -> None:
    standard = standard_with(scoring_of(dict.fromkeys("abcg", 10), minimum=15))
    found = band_lists(standard, crm_of([*SPECS.values()]))
    models = import_module("hubspot.crm.lists")
    kinds = {
        "NUMBER": models.PublicNumberPropertyOperation,
        "BOOL": models.PublicBoolPropertyOperation,
        "ENUMERATION": models.PublicEnumerationPropertyOperation,
        "ALL_PROPERTY": models.PublicAllPropertyTypesOperation,
    }

    filters = [
        x
        for band in found
        if isinstance(band, BandList)
        for row in band.request["filterBranch"]["filterBranches"]
        for x in row["filters"]
    ]

    assert filters
    for one in filters:
        assert one.keys() == set(models.PublicPropertyFilter.attribute_map.values())
        operation = one["operation"]
        assert operation.keys() <= set(kinds[operation["operationType"]].attribute_map.values())
    assert {"name", "objectTypeId", "processingType", "filterBranch"} <= set(
        models.ListCreateRequest.attribute_map.values()
    )
