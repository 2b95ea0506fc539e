"""The report and the meeting's page in a real browser: nothing that keeps anybody from reading
them, nothing loaded from anywhere, and the same words as the dashboard has for every number."""

from pathlib import Path

import pytest
from chromium import LOOKS, Look, axe_script, checked
from test_meeting import faded_page
from test_report_page import PAGE

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("text", [PAGE, faded_page()], ids=["report", "meeting"])
def test_axe_finds_nothing_wrong_and_nothing_sticks_out(
    tmp_path: Path, axe: str, look: Look, text: str
) -> None:
    found = checked(text, axe, look, tmp_path / "home")

    assert found["violations"] == []
    assert {"color-contrast", "heading-order", "region"} <= {x["id"] for x in found["passes"]}
    assert found["wide"] <= 0


def test_axe_would_find_what_cannot_be_read(tmp_path: Path, axe: str) -> None:
    pale = PAGE.replace("--soft: #565e68", "--soft: #bbbbbb")

    found = checked(pale, axe, LOOKS[0], tmp_path / "home")

    assert [x["id"] for x in found["violations"]] == ["color-contrast"]
