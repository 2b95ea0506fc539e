"""Salesforce ids in their one form. Expected ids were worked out by hand from the vendor's rule."""

import pytest

from syncd.core.ids import salesforce_id_18


def test_a_short_id_gets_the_three_characters_that_tell_its_capitals() -> None:
    assert salesforce_id_18("00Q5f000009abcD") == "00Q5f000009abcDEAQ"


def test_a_long_id_stays_as_it_is() -> None:
    assert salesforce_id_18("00Q5f000009abcDEAQ") == "00Q5f000009abcDEAQ"


@pytest.mark.parametrize("folded", ["00q5f000009abcdeaq", "00Q5F000009ABCDEAQ"])
def test_a_long_id_whose_case_was_lost_gets_it_back(folded: str) -> None:
    assert salesforce_id_18(folded) == "00Q5f000009abcDEAQ"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "51",
        "00Q5f000009abc",
        "00Q5f000009abcD ",
        "00Q5f000009abc-",
        "00Q5f000009abcDE",
        "00Q5f000009abcDEA9",  # 9 stands for no pattern of capitals
        "00Q5f000009abcDBAQ",  # B makes the first character, a digit, a capital
    ],
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert salesforce_id_18(text) is None
