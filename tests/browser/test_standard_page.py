"""The readable standard in a real browser: nothing that keeps anybody from reading it, nothing
loaded from anywhere, and printed on a few pages."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chromium import LOOKS, Look, axe_script, browse, checked
from page_cases import SHIPPED, with_a_variant

from syncd.compile.document_build import document_of
from syncd.compile.page import page_of
from syncd.domain.standard import Standard

pytestmark = pytest.mark.system

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def page(standard: Standard) -> str:
    return page_of(document_of(standard, SHIPPED.policy, SHIPPED.crm, now=NOW))


SIGNED = page(SHIPPED.standard)
HALF_SIGNED = page(
    replace(
        with_a_variant(SHIPPED.standard),
        signatures=(),
        void=(SHIPPED.standard.signatures[0],),
    )
)


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("text", [SIGNED, HALF_SIGNED], ids=["signed", "half signed"])
def test_axe_finds_nothing_wrong_and_nothing_sticks_out(
    tmp_path: Path, axe: str, look: Look, text: str
) -> None:
    found = checked(text, axe, look, tmp_path / "home")

    assert found["violations"] == []
    assert found["incomplete"] == []
    assert {"color-contrast", "heading-order", "region"} <= {x["id"] for x in found["passes"]}
    assert found["wide"] <= 0


def test_axe_would_find_what_cannot_be_read(tmp_path: Path, axe: str) -> None:
    pale = SIGNED.replace("--quiet: #5d564b", "--quiet: #bbbbbb")

    found = checked(pale, axe, LOOKS[0], tmp_path / "home")

    assert [x["id"] for x in found["violations"]] == ["color-contrast"]


def test_dark_and_light_are_two_papers(tmp_path: Path, axe: str) -> None:
    papers = [checked(SIGNED, axe, x, tmp_path / x.name)["paper"] for x in LOOKS[:2]]

    assert papers == ["rgb(253, 252, 248)", "rgb(23, 23, 26)"]


def test_its_policy_lets_its_own_style_through_and_no_script(tmp_path: Path) -> None:
    _, quiet = browse(SIGNED, tmp_path / "own", LOOKS[0], "--dump-dom")
    other = SIGNED.replace("</body>", "<script>document.title = 1</script></body>")
    _, loud = browse(other, tmp_path / "other", LOOKS[0], "--dump-dom")

    assert "Content Security Policy" not in quiet
    assert "Content Security Policy" in loud


def test_it_prints_on_a_dozen_pages(tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"

    browse(SIGNED, tmp_path / "home", LOOKS[0], "--no-pdf-header-footer", f"--print-to-pdf={out}")

    assert 4 <= out.read_bytes().count(b"/Type /Page\n") <= 12
