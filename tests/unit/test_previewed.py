"""The checksum of a preview, told offline from one that syncd never printed."""

from dataclasses import replace
from datetime import date

import pytest
from core_cases import BUDGET, rule
from decide_cases import GATES
from variant_cases import FROM_PARTNER, SEGMENTED

from syncd.core.previewed import checksum, meaning_of, outdated, read_previewed
from syncd.domain.stage import Stage
from syncd.domain.standard import Gate, Is, Standard

PRINTED = checksum(GATES, Stage.SQL, "what was shown")


def test_a_checksum_that_was_printed_is_read_back() -> None:
    found = read_previewed(PRINTED)

    assert found is not None
    assert (found.gate, found.meaning) == (Stage.SQL, meaning_of(GATES, Stage.SQL))


@pytest.mark.parametrize("place", range(len("sql-"), len(PRINTED)))
def test_a_checksum_with_any_sign_changed_is_made_up(place: int) -> None:
    other = "0" if PRINTED[place] != "0" else "1"

    assert read_previewed(PRINTED[:place] + other + PRINTED[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "sql", "yes", PRINTED.replace("sql", "mql"), PRINTED + "0"])
def test_what_syncd_never_printed_is_no_checksum(text: str) -> None:
    assert read_previewed(text) is None


def test_a_gate_means_the_same_whatever_else_the_standard_says() -> None:
    other = replace(
        GATES, version="another", review_by=date(2030, 1, 1), signatures=(), rejections={}
    )

    assert meaning_of(other, Stage.SQL) == meaning_of(GATES, Stage.SQL)


def test_a_gate_that_asks_something_else_is_outdated_and_only_that_one() -> None:
    kept = {
        gate: found
        for gate in (Stage.MQL, Stage.SQL)
        if (found := read_previewed(checksum(GATES, gate, "shown")))
    }
    easier = replace(GATES, gates={**GATES.gates, Stage.SQL: Gate(stage=Stage.SQL)})

    assert list(outdated(easier, kept)) == [Stage.SQL]
    assert list(outdated(GATES, kept)) == []


_OTHER = rule("budget-confirmed", BUDGET, Is(False))
_ENTERPRISE, _PARTNER = SEGMENTED.variants


@pytest.mark.parametrize(
    "other",
    [
        replace(SEGMENTED, rules={**SEGMENTED.rules, _OTHER.id: _OTHER}),
        replace(SEGMENTED, variants=(replace(_ENTERPRISE, applies=FROM_PARTNER), _PARTNER)),
        replace(SEGMENTED, variants=(_PARTNER, _ENTERPRISE)),
    ],
    ids=["a rule that only they are asked for", "whom they are for", "their order"],
)
def test_what_a_gate_asks_of_variants_is_part_of_what_it_means(other: Standard) -> None:
    assert meaning_of(other, Stage.SQL) != meaning_of(SEGMENTED, Stage.SQL)
