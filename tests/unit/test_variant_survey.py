"""Which variants no lead can come to, and which are for the same leads, told beforehand."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from core_cases import BUDGET, EMPLOYEES, NEED, SOURCE, spec

from syncd.core.variant_survey import Survey, survey_variants
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
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Variant,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType

DAY = timedelta(days=1)
REGIONS, SIZE, DUE, SEEN = map(FieldName, ("regions", "size", "due_on", "seen_at"))
SPECS: Mapping[FieldName, FieldSpec] = {
    EMPLOYEES: spec(EMPLOYEES, FieldType.INTEGER),
    SIZE: spec(SIZE, FieldType.NUMBER),
    BUDGET: spec(BUDGET, FieldType.BOOLEAN),
    SOURCE: replace(
        spec(SOURCE, FieldType.PICKLIST),
        options={System.HUBSPOT: {"Partner": "p", "Webinar": "w", "Fair": "f"}},
    ),
    NEED: spec(NEED),
    REGIONS: spec(REGIONS, FieldType.MULTI_PICKLIST),
    DUE: spec(DUE, FieldType.DATE),
    SEEN: spec(SEEN, FieldType.DATETIME),
}


def survey(*conditions: Condition) -> Survey:
    """Of variants a, b, c … with these conditions."""
    variants = [
        Variant(name=name, applies=x, gates={}, scoring=None)
        for name, x in zip("abcdefgh", conditions, strict=False)
    ]
    return survey_variants(variants, SPECS)


def of(field: FieldName, test: Test) -> FieldTest:
    return FieldTest(field, test)


def like(pattern: str) -> Matches:
    return Matches(re.compile(pattern), "")


FROM_50, FROM_500 = of(EMPLOYEES, AtLeast(50)), of(EMPLOYEES, AtLeast(500))
LATELY, OF_LATE = (of(DUE, Within(last=n * DAY)) for n in (30, 10))


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (FROM_50, FROM_500),
        (FROM_50, AllOf((FROM_500, of(BUDGET, Is(True))))),
        (FROM_50, of(EMPLOYEES, Between(50, 60))),
        (FROM_50, AllOf((of(EMPLOYEES, Present()), Not(of(EMPLOYEES, AtMost(49)))))),
        (of(EMPLOYEES, Present()), FROM_50),
        (of(EMPLOYEES, OneOf((1, 2))), of(EMPLOYEES, Between(1, 2))),
        (of(SIZE, AtLeast(Decimal("0.5"))), of(SIZE, Is(Decimal("0.7")))),
        (of(SOURCE, NoneOf(("Fair",))), of(SOURCE, OneOf(("Partner", "Webinar")))),
        (of(REGIONS, OneOf(("EU", "US"))), of(REGIONS, Is("EU"))),
        (of(NEED, like("a.*")), of(NEED, Is("a CRM"))),
        (of(NEED, like("a.*")), AllOf((of(NEED, like("a.*")), of(NEED, like(".*z"))))),
        (LATELY, OF_LATE),
        (of(SEEN, Within(last=30 * DAY)), of(SEEN, Within(last=29 * DAY))),
        (of(DUE, NoneOf((date(2026, 1, 1),))), of(DUE, Is(date(2026, 1, 2)))),
        (AnyOf((FROM_50, of(BUDGET, Is(True)))), of(BUDGET, Is(True))),
    ],
)
def test_no_lead_comes_to_a_variant_whose_leads_all_belong_to_one_above(
    above: Condition, below: Condition
) -> None:
    assert survey(above, below).never == {"b": ("a",)}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (FROM_500, FROM_50),
        (FROM_50, of(EMPLOYEES, Present())),
        (of(EMPLOYEES, OneOf((1, 3))), of(EMPLOYEES, Between(1, 3))),
        (of(SIZE, OneOf((1, 2))), of(SIZE, Between(1, 2))),
        (of(DUE, Is(date(2026, 1, 1))), of(DUE, Present())),
        (of(DUE, Within(next=DAY)), of(DUE, Within(last=DAY))),
        (of(SEEN, Within(last=DAY)), of(SEEN, Present())),
        (of(EMPLOYEES, AtLeast(50)), Not(FROM_50)),
        (of(SIZE, AtLeast(50)), of(SIZE, Between(49, 50))),
        (of(NEED, like("a.*")), of(NEED, like("a.+"))),
        (of(NEED, like("a.*")), of(NEED, Is("b"))),
        (of(SOURCE, like(".*r.*")), of(SOURCE, Present())),
        (of(SOURCE, OneOf(("Partner", "Webinar", "Fair"))), of(SOURCE, Present())),
        (of(REGIONS, Is("EU")), of(REGIONS, OneOf(("EU",)))),
        (OF_LATE, LATELY),
        (of(DUE, Within(last=DAY)), of(DUE, Within(next=DAY))),
        (of(SEEN, Within(last=29 * DAY)), of(SEEN, Within(last=30 * DAY))),
        (of(EMPLOYEES, Present()), of(EMPLOYEES, Blank())),
    ],
)
def test_a_variant_that_some_lead_comes_to_is_left_alone(
    above: Condition, below: Condition
) -> None:
    assert survey(above, below).never == {}


def test_variants_that_take_all_leads_of_one_only_together_are_all_named() -> None:
    found = survey(FROM_500, of(EMPLOYEES, AtMost(499)), of(EMPLOYEES, Present()))

    assert found.never == {"c": ("a", "b")}


def test_a_condition_that_no_lead_can_meet_has_nobody_above_it() -> None:
    found = survey(AllOf((FROM_500, of(EMPLOYEES, AtMost(50)))), FROM_50)

    assert found.never == {"a": ()}


def test_where_two_are_for_the_same_leads_such_a_lead_is_told() -> None:
    found = survey(FROM_500, AllOf((of(SOURCE, Is("Partner")), of(NEED, like("a.*")))))

    (overlap,) = found.overlaps
    assert (overlap.first, overlap.second) == ("a", "b")
    assert overlap.example == "employees 500, source Partner and need like a.*"


def test_an_example_by_days_says_how_far_away_they_are() -> None:
    (overlap,) = survey(LATELY, of(BUDGET, Is(True))).overlaps

    assert overlap.example == "due on 30 days ago and budget confirmed yes"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FROM_500, of(EMPLOYEES, AtMost(499))),
        (of(SOURCE, Is("Fair")), of(SOURCE, Is("Partner"))),
        (of(NEED, like(".*@a")), of(NEED, like(".*@b"))),
    ],
)
def test_variants_for_different_leads_and_patterns_nobody_can_compare_are_no_overlap(
    first: Condition, second: Condition
) -> None:
    found = survey(first, second)

    assert (found.overlaps, found.unchecked) == ([], [])


@pytest.mark.parametrize(
    "above",
    [
        AnyOf((of(DUE, Is(date(2026, 1, 1))), LATELY)),
        of(DUE, Within(last=timedelta(hours=30))),
        of(REGIONS, OneOf(tuple("ABCDEFG"))),
        AllOf(tuple(of(NEED, like(x)) for x in "abcde")),
        of(FieldName("not_mapped"), Present()),
        of(EMPLOYEES, NoneOf(tuple(range(200)))),
    ],
)
def test_what_is_too_much_to_try_is_said_and_nothing_is_claimed(above: Condition) -> None:
    wide = of(SIZE, OneOf(tuple(Decimal(x) for x in range(100))))

    found = survey(above, AllOf((above, wide)))

    assert (found.never, found.overlaps, found.unchecked) == ({}, [], [("a", "b")])


def test_where_all_at_once_are_too_many_they_are_held_against_each_other_two_and_two() -> None:
    wide = [of(x, OneOf(tuple(range(40)))) for x in (EMPLOYEES, SIZE)]
    too_wide = of(REGIONS, OneOf(tuple("ABCDEFG")))

    found = survey(*wide, of(EMPLOYEES, Is(7)), too_wide)

    assert found.never == {"c": ("a",)}
    assert found.unchecked == [("a", "d"), ("b", "d"), ("c", "d")]


def test_without_variants_there_is_nothing_to_tell() -> None:
    assert survey() == Survey()


def test_where_one_variant_takes_all_leads_of_another_it_alone_is_named() -> None:
    """Some of them also belong to one that stands above both."""
    found = survey(of(SOURCE, Is("Partner")), FROM_50, FROM_500)

    assert found.never == {"c": ("b",)}
