"""Tests of one field, and groups of them: met, unmet in words, or unknown."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from syncd.core.condition_groups import compile_condition
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Blank,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Met, Outcome, Unknown, Unmet

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SIZE, LAND, ROLE = FieldName("company_size"), FieldName("country"), FieldName("role")
BIG = FieldTest(SIZE, AtLeast(50))
NEAR = FieldTest(LAND, OneOf(("Austria", "Germany")))
TORN = Unreadable(why="Salesforce has no such field")
MONTH = timedelta(days=30)


def outcome(test: Test, seen: Seen) -> Outcome:
    return compile_condition(FieldTest(SIZE, test))({SIZE: seen}, NOW)


@pytest.mark.parametrize(
    ("test", "seen"),
    [
        (Present(), "x"),
        (Present(), False),
        (Present(), 0),
        (Blank(), None),
        (Blank(), ()),
        (Is("x"), "x"),
        (Is("x"), ("x",)),
        (Is(True), True),
        (OneOf(("a", "b")), "b"),
        (OneOf(("a", "b")), ("b", "c")),
        (NoneOf(("a", "b")), "c"),
        (NoneOf(("a", "b")), ("c", "d")),
        (NoneOf(("a", "b")), None),
        (AtLeast(50), 50),
        (AtLeast(Decimal("0.5")), 1),
        (AtMost(50), 50),
        (Between(10, 20), 10),
        (Between(10, 20), 20),
        (Matches(re.compile("[A-Z]{2}"), "two capitals"), "DE"),
        (Within(last=MONTH), NOW),
        (Within(last=MONTH), NOW - MONTH),
        (Within(last=MONTH), date(2026, 2, 1)),
        (Within(next=MONTH), NOW + MONTH),
        (Within(next=MONTH), date(2026, 4, 2)),
        (Within(last=MONTH, next=MONTH), date(2026, 4, 2)),
        (Within(last=MONTH), date(2026, 3, 4)),  # today already, east of here
    ],
)
def test_a_value_that_fits_meets_its_test(test: Test, seen: Seen) -> None:
    assert outcome(test, seen) == Met()


@pytest.mark.parametrize(
    ("test", "seen", "words", "needed"),
    [
        (Present(), None, "nothing", "a value"),
        (Present(), (), "nothing", "a value"),
        (Blank(), "x", "x", "nothing"),
        (Is("x"), "X", "X", "x"),
        (Is(True), False, "no", "yes"),
        (Is(True), 1, "1", "yes"),
        (OneOf(("a", "b")), None, "nothing", "a or b"),
        (OneOf(("a", "b")), ("c", "d"), "c and d", "a or b"),
        (NoneOf(("a", "b")), ("a", "c"), "a and c", "anything but a or b"),
        (AtLeast(1_000), 12, "12", "at least 1,000"),
        (AtLeast(50), None, "nothing", "at least 50"),
        (AtMost(50), 51, "51", "at most 50"),
        (Between(10, 20), 21, "21", "from 10 to 20"),
        (Matches(re.compile("[A-Z]{2}"), "two capitals"), "DEU", "DEU", "two capitals"),
        (Within(last=MONTH), None, "nothing", "in the last 30 days"),
        (
            Within(last=MONTH),
            NOW - timedelta(days=31),
            "31 Jan 2026 12:00 UTC (31 days ago)",
            "in the last 30 days",
        ),
        (Within(last=MONTH), date(2026, 1, 31), "31 Jan 2026 (31 days ago)", "in the last 30 days"),
        (Within(last=MONTH), date(2026, 3, 5), "5 Mar 2026 (in 2 days)", "in the last 30 days"),
        (Within(next=MONTH), date(2026, 3, 2), "2 Mar 2026 (1 day ago)", "in the next 30 days"),
        (
            Within(last=MONTH, next=timedelta(days=1)),
            NOW + timedelta(days=2),
            "5 Mar 2026 12:00 UTC (in 2 days)",
            "in the last 30 days or in the next 1 day",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_would(
    test: Test, seen: Seen, words: str, needed: str
) -> None:
    assert outcome(test, seen) == Unmet(seen=words, needed=needed)


@pytest.mark.parametrize(
    "test", [Present(), Blank(), NoneOf(("a",)), AtLeast(1), Within(last=MONTH)]
)
def test_a_field_that_cannot_be_read_is_unknown_whatever_the_test(test: Test) -> None:
    why = "company size cannot be read: Salesforce has no such field"

    assert outcome(test, TORN) == Unknown(why=why)


def test_a_field_no_record_has_is_unknown_not_empty() -> None:
    found = compile_condition(BIG)({}, NOW)

    assert found == Unknown(why="company size cannot be read: no record of this lead has the field")


def test_a_value_of_the_wrong_type_is_doubt_not_failure() -> None:
    found = outcome(AtLeast(50), "many")

    assert isinstance(found, Unknown)
    assert "company size cannot be judged" in found.why


def test_all_of_names_only_the_parts_still_missing() -> None:
    both = AllOf((BIG, NEAR))

    found = compile_condition(both)({SIZE: 60, LAND: "France"}, NOW)

    assert found == Unmet(seen="country: France", needed="country: Austria or Germany")


def test_any_of_names_every_way_out() -> None:
    either = AnyOf((BIG, NEAR))

    found = compile_condition(either)({SIZE: 12, LAND: None}, NOW)

    assert found == Unmet(
        seen="company size: 12; country: nothing",
        needed="(company size: at least 50 or country: Austria or Germany)",
    )


def test_not_tells_what_was_seen_and_must_not_be() -> None:
    neither = Not(AnyOf((FieldTest(LAND, Is("Atlantis")), Not(BIG))))

    found = compile_condition(neither)({SIZE: 60, LAND: "Atlantis"}, NOW)

    assert found == Unmet(
        seen="country: Atlantis; company size: 60",
        needed="not ((country: Atlantis or not (company size: at least 50)))",
    )


def test_a_group_inside_a_group_is_told_by_its_own_missing_parts() -> None:
    nested = AnyOf((AllOf((BIG, NEAR)), FieldTest(ROLE, Is("champion"))))

    found = compile_condition(nested)({SIZE: 60, LAND: "France", ROLE: None}, NOW)

    assert found == Unmet(
        seen="country: France; role: nothing",
        needed="(country: Austria or Germany or role: champion)",
    )


def test_a_group_that_holds_is_met() -> None:
    assert compile_condition(AllOf((BIG, Not(NEAR))))({SIZE: 60, LAND: "France"}, NOW) == Met()


@pytest.mark.parametrize(
    ("group", "values", "kind"),
    [
        (AllOf((BIG, NEAR)), {SIZE: 12, LAND: TORN}, Unmet),
        (AllOf((BIG, NEAR)), {SIZE: 60, LAND: TORN}, Unknown),
        (AnyOf((BIG, NEAR)), {SIZE: 60, LAND: TORN}, Met),
        (AnyOf((BIG, NEAR)), {SIZE: 12, LAND: TORN}, Unknown),
        (Not(NEAR), {LAND: TORN}, Unknown),
    ],
)
def test_groups_follow_kleene_where_a_part_is_unknown(
    group: AllOf | AnyOf | Not, values: dict[FieldName, Seen], kind: type
) -> None:
    assert isinstance(compile_condition(group)(values, NOW), kind)


def test_an_unknown_group_says_which_field_it_waits_for() -> None:
    found = compile_condition(AnyOf((BIG, NEAR)))({SIZE: 12, LAND: TORN}, NOW)

    assert found == Unknown(why="country cannot be read: Salesforce has no such field")


def test_an_unreadable_part_of_a_failed_group_is_told_by_its_reason() -> None:
    found = compile_condition(AllOf((BIG, NEAR)))({SIZE: 12, LAND: TORN}, NOW)

    assert isinstance(found, Unmet)
    assert found.seen == "company size: 12; country: Salesforce has no such field"
