"""The law of guards has teeth: each defect a compiler could have is found by trying leads."""

import re
from collections.abc import Callable, Sequence

import pytest
from formula_cases import Setting
from formula_kinds import all_kinds
from formula_tried import tried

KINDS = all_kinds()
LEADS = 300

# Name of the defect; the kind of rule it spoils; what the compiler would have written instead.
DEFECTS: Sequence[tuple[str, str, str, str]] = (
    ("a bound is not included", "at-least", r">= 50", "> 50"),
    ("the upper bound is lost", "between", r", Seen__c <= 5000", ", Seen__c <= 50000"),
    ("an empty number passes", "at-least", r"OR\(ISBLANK\(Seen__c\), (.*)\)\)$", r"\1)"),
    ("a number that is no whole one fails", "at-least", r"Seen__c = FLOOR\(Seen__c\), ", ""),
    ("NOT is lost", "all-any-not", r"NOT\((Staff__c >= 50)\)", r"\1"),
    ("all is taken for any", "all-any-not", r"OR\((AND\(NOT\(ISBLANK\(Land__c)", r"AND(\1"),
    (
        "days are counted where the person is",
        "within",
        r"1899-12-31 10:00:00",
        "1900-01-01 00:00:00",
    ),
    ("a window is a day short", "within", r"NOW\(\) - 30", "NOW() - 29"),
    ("an instant to come counts as past", "within", r", Seen__c <= NOW\(\)\)", ")"),
    ("an option is not spelled as Salesforce spells it", "one-of", r'"The Boss"', '"boss"'),
    (
        "addresses are compared with their capitals",
        "is",
        r"LOWER\(TRIM\(Seen__c\)\) =",
        "TRIM(Seen__c) =",
    ),
    ("an escaped dot matches anything", "matches", r"\[\.\]", "."),
    ("alternatives are not kept together", "matches", r"\(gmail\|yahoo\|gmx\)", "gmail|yahoo|gmx"),
    ("new records pass", "moves", r"ISNEW\(\), ", ""),
    ("what the record is counts for what it was", "moves", r"PRIORVALUE\(Status\)", "Status"),
    (
        "a line that stands first is overlooked",
        "moves",
        r"NOT\(ISPICKVAL\(PRIORVALUE\(Status\), .Sales Qualified.\)\)",
        "TRUE",
    ),
    ("those who may pass do not", "gate-all", r"NOT\(\$Permission\.Syncd_Bypass\), ", ""),
    ("converted leads are held", "gate-all", r"NOT\(IsConverted\), ", ""),
    ("a waiver never ends", "gate-all", r"Syncd_Waived_Until__c > NOW\(\), ", ""),
    ("a waiver of another gate counts", "gate-all", r'";sql/(\w)', r'"/\1'),
    ("one rule more may fail", "gate-some", r"> 2\)$", "> 3)"),
    (
        "waived rules of several still count",
        "gate-some",
        r"AND\(NOT\(AND\(NOT\(ISBLANK\(Syncd[^/]*/a;\"\)\)\), ",
        "AND(",
    ),
    ("points are not taken off", "score", r", -15, 0\)", ", 0, 0)"),
    (
        "a later variant is asked first",
        "variants",
        r"OR\(ISBLANK\(TEXT\(Role__c\)\), NOT\(ISPICKVAL[^)]*\)\)\), (Sure__c)",
        r"\1",
    ),
)


def _disagreements(setting: Setting, bend: Callable[[str], str]) -> int:
    return sum(x.by_formula != x.by_standard for x in tried(setting, LEADS, bend))


@pytest.mark.parametrize(("name", "kind", "pattern", "instead"), DEFECTS, ids=lambda x: str(x)[:48])
def test_a_defect_is_found(name: str, kind: str, pattern: str, instead: str) -> None:
    def bend(formula: str) -> str:
        return re.sub(pattern, instead, formula)

    bent = [x for x in KINDS[kind] if any(bend(g.formula) != g.formula for g in x.guards)]

    assert bent, "the defect touches no formula"
    assert any(_disagreements(x, bend) for x in bent), name
    assert not any(_disagreements(x, str) for x in bent), "the twin without the defect is sound"
