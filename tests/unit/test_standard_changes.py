"""What changed between two standards, in words, and that no change goes untold."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from config_files import example_copy
from config_files import replace as edit
from leaf_changes import changed
from page_cases import SHIPPED, with_a_variant

from syncd.compile.changes import Changes, changes_of
from syncd.core.standard_digest import digest_of
from syncd.domain.standard import Standard
from syncd.settings.load import load

WHOLE = SHIPPED.standard
NOTHING = Changes(meaning=(), wording=())

MEANING = [
    (
        "    at_least: 50\n",
        "    at_least: 60\n",
        "rule employees-50-plus: employees is at least 60; was: employees is at least 50",
    ),
    ("all: [decision-maker, ", "all: [", "gate sql: no longer asks for decision-maker"),
    (
        "all: [decision-maker, ",
        "all: [decision-maker, has-company, ",
        "gate sql: asks for has-company as well",
    ),
    (
        "any: {at_least: 2,",
        "any: {at_least: 1,",
        "gate sql: asks for at least 1 of demo-attended, need-stated and timeline-90-days; was: "
        "at least 2 of demo-attended, need-stated and timeline-90-days",
    ),
    (
        "    score: sales-ready\n",
        "    score: warm\n",
        "gate sql: asks for a score that is warm; was: a score that is sales-ready",
    ),
    (
        "{rule: has-company, points: 5}",
        "{rule: has-company, points: 7.5}",
        "score: has-company gives 7.5 points, was 5 points",
    ),
    (
        "points: 30, half_life: 30 days",
        "points: 30, half_life: 15 days",
        "score: the latest last_engaged_at gives 30 points, halved every 15 days, was 30 points, "
        "halved every 30 days",
    ),
    ("warm: {from: 30,", "warm: {from: 25,", "score: warm begins at 25, was 30"),
    (
        "list: Product stories",
        "list: Stories",
        "score: the list of warm is Stories, was Product stories",
    ),
    ("then: sleep", "then: nurture", "rejection bad-timing: then nurture, was sleep"),
    (
        "review_by: 2027-06-30",
        "review_by: 2027-12-31",
        "to be reviewed by 31 Dec 2027, was 30 Jun 2027",
    ),
    (
        "outlook|live|aol",
        "outlook|aol",
        "rule business-email: still says email is an address such as ann@company.com, and email "
        "is not an address of a free mail service, but tests for it in another way",
    ),
    ("    kind: intent\n", "    kind: fit\n", "rule need-stated: counts as fit, was intent"),
]
WORDING = [
    (
        "says: We know which company the lead works for",
        "says: We know the company",
        'rule has-company says "We know the company", said "We know which company the lead works '
        'for"',
    ),
    (
        "fix: Fill in Company.",
        "fix: Ask for it.",
        'rule has-company, how to fix it: "Ask for it.", was "Fill in Company."',
    ),
    (
        "fix: Fill in Company.",
        "fix: Fill in Company.\n    why: We sell to companies.",
        'rule has-company gives its reason: "We sell to companies.", was none',
    ),
    ('version: "2026.1"', 'version: "2026.2"', "version 2026.2, was 2026.1"),
    (
        "behaviour: demo,",
        "behaviour: a demo,",
        "behaviour is called a demo and latest engagement, was demo and latest engagement",
    ),
    (
        "in_words: an address such as ann@company.com",
        "in_words: an address of a company",
        'rule business-email asks for "an address of a company; an address of a free mail '
        'service", was "an address such as ann@company.com; an address of a free mail service"',
    ),
    (
        "says: They are not ready to talk to sales",
        "says: Not ready",
        'rejection not-ready says "Not ready", said "They are not ready to talk to sales"',
    ),
]


def edited(tmp_path: Path, before: str, after: str) -> Standard:
    config = example_copy(tmp_path)
    edit(config, "standard.yaml", before, after)
    return load(config, {}, None).standard


@pytest.mark.parametrize(("before", "after", "words"), MEANING)
def test_a_change_of_meaning_is_told_in_words(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    found = changes_of(WHOLE, edited(tmp_path, before, after))

    assert found == Changes(meaning=(words,), wording=())


@pytest.mark.parametrize(("before", "after", "words"), WORDING)
def test_a_change_of_wording_is_told_apart(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    found = changes_of(WHOLE, edited(tmp_path, before, after))

    assert found == Changes(meaning=(), wording=(words,))


@pytest.mark.parametrize("whole", [WHOLE, with_a_variant(WHOLE)], ids=["plain", "variant"])
def test_no_leaf_changes_untold(whole: Standard) -> None:
    untold = [x for x in changed(whole) if changes_of(whole, x) == NOTHING]

    assert untold == []


def test_what_has_the_same_digest_has_no_changes() -> None:
    turned = replace(
        WHOLE, rules=dict(reversed(list(WHOLE.rules.items()))), signatures=(), void=WHOLE.signatures
    )
    assert digest_of(turned) == digest_of(WHOLE)

    assert changes_of(WHOLE, turned) == NOTHING


def test_a_rule_a_variant_and_a_score_that_come_and_go_are_told() -> None:
    more = replace(with_a_variant(WHOLE), scoring=None, review_by=date(2027, 6, 30))
    less = replace(WHOLE, rules={k: x for k, x in WHOLE.rules.items() if k != "has-company"})

    come, gone = changes_of(less, more).meaning, changes_of(more, less).meaning

    assert "rule has-company is new: company is filled in" in come
    assert "rule has-company is gone: company is filled in" in gone
    assert "variant enterprise is new: for leads of which employees is at least 1,000" in come
    assert (
        "variant enterprise is gone: it was for leads of which employees is at least 1,000" in gone
    )
    assert ("score: there is none any more" in come, "score: there is one now" in gone) == (
        True,
        True,
    )


def test_the_gates_of_a_variant_are_told_as_its_own() -> None:
    one = with_a_variant(WHOLE)
    (variant,) = one.variants
    bare = replace(variant, gates={k: replace(x, all=()) for k, x in variant.gates.items()})

    found = changes_of(one, replace(one, variants=(bare,)))

    assert "variant enterprise, gate sql: no longer asks for decision-maker" in found.meaning


def test_variants_asked_in_another_order_are_a_change() -> None:
    (variant,) = with_a_variant(WHOLE).variants
    two = (variant, replace(variant, name="partner"))

    found = changes_of(replace(WHOLE, variants=two), replace(WHOLE, variants=two[::-1]))

    assert found.meaning == (
        "variants are asked in the order partner, enterprise; was: enterprise, partner",
    )
