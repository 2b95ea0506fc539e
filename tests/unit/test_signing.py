"""Which signatures count, and in what words it is said that the standard is not in force."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from config_files import PROJECT, example_copy
from config_files import replace as edit
from core_cases import NOW, gate, standard

from syncd.core.signing import reasons_not_in_force, with_signatures
from syncd.core.standard_digest import digest_of
from syncd.domain.standard import Signature, Standard
from syncd.settings.load import load

STANDARD = standard(gate("need-stated"))
DIGEST = digest_of(STANDARD)
ADA = Signature(team="marketing", name="Ada", on=NOW, digest=DIGEST)
BEN = Signature(team="sales", name="Ben", on=NOW, digest=DIGEST)
OTHER = "0" * 64


def reasons(*signatures: Signature, of: Standard = STANDARD) -> tuple[str, ...]:
    return reasons_not_in_force(with_signatures(of, signatures), today=NOW.date())


def test_both_signatures_to_this_content_put_it_in_force() -> None:
    signed = with_signatures(STANDARD, [ADA, BEN])

    assert signed.is_signed()
    assert reasons(ADA, BEN) == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "it is not signed by marketing and sales"),
        ((ADA,), "it is not signed by sales"),
        (
            (ADA, replace(BEN, digest=OTHER)),
            "Ben signed for sales on 3 Mar 2026 for another content (000000000000): "
            "it changed since",
        ),
        (
            (ADA, replace(BEN, digest="")),
            "Ben signed for sales on 3 Mar 2026 without saying what: the signature has no digest",
        ),
    ],
)
def test_a_signature_that_is_missing_or_for_another_content_is_told(
    given: tuple[Signature, ...], words: str
) -> None:
    assert reasons(*given) == (words,)
    assert not with_signatures(STANDARD, given).is_signed()


def test_past_its_review_it_is_not_in_force_from_the_day_after() -> None:
    due = replace(STANDARD, review_by=NOW.date())

    overdue = replace(STANDARD, review_by=NOW.date() - timedelta(days=1))

    assert reasons_not_in_force(due, today=NOW.date()) == ()
    assert reasons_not_in_force(overdue, today=NOW.date()) == (
        "it was to be reviewed by 2 Mar 2026",
    )


@pytest.mark.parametrize("folder", ["config", "syncd/cli/demo/config"])
def test_what_is_shipped_is_signed_as_it_stands(folder: str) -> None:
    assert load(PROJECT / folder, {}, None).standard.is_signed()


@pytest.mark.parametrize(
    ("before", "after", "is_signed"),
    [
        ("# --- fit: is this somebody we can serve?", "# --- who we serve", True),
        ("says: We know which", "says:   We know which", True),
        ("    at_least: 50\n", "    at_least: 51\n", False),
        ("We know which company", "We know the company", False),
        ("[decision-maker, budget-confirmed,", "[budget-confirmed, decision-maker,", True),
        ("review_by: 2027-06-30", "review_by: 2028-06-30", False),
    ],
)
def test_comments_and_layout_keep_the_signatures_words_and_numbers_do_not(
    tmp_path: Path, before: str, after: str, is_signed: bool
) -> None:
    config = example_copy(tmp_path)
    edit(config, "standard.yaml", before, after)

    assert load(config, {}, None).standard.is_signed() is is_signed
