"""What the digest of a standard covers, leaf by leaf, and what it does not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from config_files import EXAMPLE
from core_cases import EMPLOYEES, RULES, SCORING, gate, rule, standard
from leaf_changes import changed

from syncd.core.standard_digest import digest_of
from syncd.domain.standard import AllOf, AtLeast, FieldTest, Is, OneOf, Present, Standard, Variant
from syncd.settings.load import load

WHOLE = load(EXAMPLE, {}, None).standard
ENTERPRISE = Variant(
    name="enterprise",
    applies=FieldTest(EMPLOYEES, AtLeast(1000)),
    gates={x.stage: x for x in (gate("need-stated"),)},
    scoring=SCORING,
)


@pytest.mark.parametrize("whole", [WHOLE, replace(WHOLE, variants=(ENTERPRISE,))])
def test_every_leaf_but_the_signatures_is_covered(whole: Standard) -> None:
    others = [digest_of(x) for x in changed(whole)]

    assert digest_of(whole) not in others
    assert len(others) > 100


def test_signatures_are_not_what_is_signed() -> None:
    assert digest_of(replace(WHOLE, signatures=())) == digest_of(WHOLE)


def test_the_order_of_rules_and_of_what_a_gate_asks_means_nothing() -> None:
    one = standard(gate("need-stated", "decision-maker"))
    other = standard(gate("decision-maker", "need-stated"), rules=RULES[::-1])

    assert digest_of(one) == digest_of(other)


def test_the_order_of_variants_decides_and_is_covered() -> None:
    second = replace(ENTERPRISE, name="partner")
    one = replace(WHOLE, variants=(ENTERPRISE, second))

    assert digest_of(one) != digest_of(replace(one, variants=(second, ENTERPRISE)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (AtLeast(50), AtLeast(Decimal("50.0")), True),
        (OneOf(("a", "b")), OneOf(("b", "a")), True),
        (Is("1"), Is(1), False),
        (Is(1), Is(True), False),
        (Is("a"), OneOf(("a",)), False),
    ],
)
def test_values_are_the_same_when_they_mean_the_same(one: Any, other: Any, same: bool) -> None:
    digests = [
        digest_of(standard(gate("r"), rules=(rule("r", EMPLOYEES, x),))) for x in (one, other)
    ]

    assert (digests[0] == digests[1]) is same


def test_the_parts_of_a_group_may_stand_in_any_order() -> None:
    parts = (FieldTest(EMPLOYEES, Present()), FieldTest(EMPLOYEES, AtLeast(5)))
    one, other = (
        digest_of(replace(WHOLE, variants=(replace(ENTERPRISE, applies=AllOf(x)),)))
        for x in (parts, parts[::-1])
    )

    assert one == other


def test_what_was_signed_with_an_earlier_syncd_stays_signed() -> None:
    """The words of a digest are lasting: renaming a class or adding a field to the standard
    must not unsign what people signed."""
    signed = replace(
        standard(gate("employees-50-plus", any_of=(1, ("need-stated",))), scoring=SCORING),
        variants=(ENTERPRISE,),
    )

    digest = digest_of(signed)

    assert digest == "74ce9f08865b2cf38276f5b5fd617007888a7acb7f915ba8fb488bc41d2f00dd"
