"""What rules may ask of which field, and how a rule must be put together."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from config_files import example_copy, said

from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import (
    AnyOf,
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
    Test,
    Within,
)
from syncd.settings.load import examine, load

_STANDARD = """\
version: "1"
review_by: 2027-06-30
rules:
  - id: probe
    kind: fit
    says: A probe
    fix: None needed.
{test}
gates:
  mql: {{all: [probe]}}
  sql: {{all: [probe]}}
"""


def _config(tmp_path: Path, test: str) -> Path:
    config = example_copy(tmp_path)
    indented = "\n".join(f"    {line}" for line in test.splitlines())
    (config / "standard.yaml").write_text(_STANDARD.format(test=indented), encoding="utf-8")
    return config


def _condition(tmp_path: Path, test: str) -> Condition:
    return load(_config(tmp_path, test), {}, None).standard.rules[RuleId("probe")].condition


@pytest.mark.parametrize(
    ("test", "built"),
    [
        ("present: true", Present()),
        ("blank: true", Blank()),
        ("is: speed", Is("speed")),
        ("one_of: [speed, price]", OneOf(("speed", "price"))),
        ("none_of: [nothing]", NoneOf(("nothing",))),
    ],
)
def test_a_test_of_a_text_becomes_that_test(test: str, built: Test, tmp_path: Path) -> None:
    condition = _condition(tmp_path, f"field: need\n{test}")

    assert condition == FieldTest(FieldName("need"), built)


@pytest.mark.parametrize(
    ("field", "test", "built"),
    [
        ("budget_confirmed", "is: false", Is(False)),
        ("purchase_timeline", "is: 2027-01-31", Is(date(2027, 1, 31))),
        ("employees", "one_of: [10, 20]", OneOf((10, 20))),
        ("employees", "at_most: 5000", AtMost(Decimal(5000))),
        ("budget_amount", "between: [1000, 2500.50]", Between(Decimal(1000), Decimal("2500.50"))),
        ("buying_role", "none_of: [user]", NoneOf(("user",))),
        ("owner", "is: Ann@Example.com", Is("ann@example.com")),
        ("owner", "is: 'queue:Inbound Leads'", Is("queue:Inbound Leads")),
        ("email", "is: Ann@Example.com", Is("ann@example.com")),
        ("last_engaged_at", "within: {last: 30 days}", Within(last=timedelta(days=30))),
        (
            "purchase_timeline",
            "within: {last: 7 days, next: 90 days}",
            Within(last=timedelta(days=7), next=timedelta(days=90)),
        ),
    ],
)
def test_a_value_is_held_in_the_canonical_form_of_its_field(
    field: str, test: str, built: Test, tmp_path: Path
) -> None:
    condition = _condition(tmp_path, f"field: {field}\n{test}")

    assert condition == FieldTest(FieldName(field), built)


def test_groups_nest(tmp_path: Path) -> None:
    text = "any: [{field: need, present: true}, {not: {field: title, blank: true}}]"

    assert _condition(tmp_path, text) == AnyOf(
        (
            FieldTest(FieldName("need"), Present()),
            Not(FieldTest(FieldName("title"), Blank())),
        )
    )


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("field: need\nwithin: {last: 30 days}", 'within cannot test "need"'),
        ("field: last_engaged_at\nis: 2027-01-31", 'is cannot test "last_engaged_at"'),
        ("field: employees\nmatches: '5.*'", 'matches cannot test "employees"'),
        ("field: budget_confirmed\nis: yes", '"yes" does not fit "budget_confirmed"'),
        (
            "field: employees\nat_least: 2.000",
            "2.000 is not 2000, but less than that; write 2000 or 2",
        ),
        ("field: employees\nat_most: 1.234", "write 1234 or 1.2340"),
        ("field: employees\nbetween: [1, 2.500]", "write 2500 or 2.5"),
        ("field: employees\none_of: [10, many]", '"many" does not fit "employees"'),
        ("field: purchase_timeline\nis: soon", "write a date such as 2027-06-30"),
        ('field: need\nis: ""', "write blank: true instead"),
        ("field: need\nis: 5", '5 does not fit "need", which is of type string; write a text'),
        ("field: need\npresent: false", "false cannot stand here"),
        ("field: employees\nbetween: [50]", "these are not two rising numbers"),
        ("field: employees\nbetween: [50, 10]", "these are not two rising numbers"),
        ("field: last_engaged_at\nwithin: {}", "no stretch of time is given"),
        ("field: need\nmatches: '(a'", "is not a regular expression"),
        (
            r"""field: need
matches: '(a)\1'""",
            'refers back with "\\1"',
        ),
        ("field: need\npresent: true\nin_words: x", "in_words explains a pattern"),
        ("field: need\nall: [{field: need, present: true}]", "field and all stand side by side"),
        ("at_least: 5", "at_least does not say of which field"),
        ("all: []", "there is nothing here"),
        ("any: [{field: nead, present: true}]", 'unknown field "nead"; did you mean "need"?'),
        ("not: {field: employees}", 'nothing is asked of "employees"'),
        ("field: employees\nat_least: .nan", "is not a number"),
        ('field: employees\nat_least: "50"', "write 50 without quotes"),
    ],
)
def test_a_test_that_means_nothing_is_refused_in_words(
    test: str, words: str, tmp_path: Path
) -> None:
    config = _config(tmp_path, test)

    examined = examine(config, {}, None)

    assert len(examined.problems) == 1, examined.problems
    assert words in said(config, examined.problems)
    assert 'rule "probe"' in said(config, examined.problems)
