"""Which lifecycle moves go backward, and how values are spelled for HubSpot."""

import pytest

from syncd.adapters.hubspot.updating import is_backward, spell

ORDER = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "51439524")


@pytest.mark.parametrize(
    ("shown", "wanted", "backward"),
    [
        ("salesqualifiedlead", "lead", True),
        ("51439524", "salesqualifiedlead", True),
        ("lead", "salesqualifiedlead", False),
        ("lead", "lead", False),
        ("", "lead", False),
        (None, "lead", False),
        ("lead", "no-such-stage", False),
        ("removed-stage", "lead", False),
    ],
)
def test_a_move_is_backward_by_the_portals_own_order(
    shown: str | None, wanted: str, backward: bool
) -> None:
    assert is_backward(shown, wanted, ORDER) is backward


@pytest.mark.parametrize(
    ("value", "spelled"),
    [(None, ""), (True, "true"), (False, "false"), (50, "50"), (12.5, "12.5"), ("x", "x")],
)
def test_every_value_is_sent_as_text(value: str | int | float | bool | None, spelled: str) -> None:
    assert spell(value) == spelled
