"""An assessment in a real browser: nothing that keeps anybody from reading it, nothing loaded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from chromium import LOOKS, Look, axe_script, browse, checked

from syncd.cli.assess_page import page
from syncd.domain.mapping import CrmMap
from syncd.measure.assess.examine import CHECKS, Assessment, Result, scored
from syncd.measure.assess.finding import CannotSee, Cost, Gap, Group, Sound
from syncd.measure.assess.sight import Sight
from syncd.measure.shares import Rate

pytestmark = pytest.mark.system

_ANSWERS = (
    Sound("0 of 40 leads (0.0 %) are odd"),
    Gap(
        says="12 of 40 leads (30.0 %) are odd",
        examples=("A very long name without any space in it" * 3, "Lee <b> (HubSpot 1)"),
        rate=Rate(12, 40),
        cost=Cost(12_000.0, "as reckoned"),
    ),
    CannotSee("there are 2 leads: too few to say"),
)


def _assessment() -> str:
    results = tuple(Result(check, _ANSWERS[n % 3]) for n, check in enumerate(CHECKS))
    found = Assessment(
        results=results,
        total=scored(results),
        groups={x: scored([r for r in results if r.check.group is x]) for x in Group},
        first=tuple(x for x in results if isinstance(x.answer, Gap))[:3],
    )
    crm = CrmMap(sides={}, fields={}, marks={}, name=(), company=None, source=None)
    now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    return page(found, Sight(now=now, crm=crm, guessed=True, places={}, leads=()))


PAGE = _assessment()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_axe_finds_nothing_wrong_and_nothing_sticks_out(
    tmp_path: Path, axe: str, look: Look
) -> None:
    found = checked(PAGE, axe, look, tmp_path / "home")

    assert found["violations"] == []
    assert {"color-contrast", "heading-order", "region"} <= {x["id"] for x in found["passes"]}
    assert found["wide"] <= 0


def test_its_policy_lets_its_own_style_through_and_no_script(tmp_path: Path) -> None:
    _, quiet = browse(PAGE, tmp_path / "own", LOOKS[0], "--dump-dom")
    other = PAGE.replace("</body>", "<script>document.title = 1</script></body>")
    _, loud = browse(other, tmp_path / "other", LOOKS[0], "--dump-dom")

    assert "Content Security Policy" not in quiet
    assert "Content Security Policy" in loud
