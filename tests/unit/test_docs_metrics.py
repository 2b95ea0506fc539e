"""docs/METRICS.md says of every number what its definition says."""

from config_files import PROJECT

from syncd.measure.catalogue import MEASURES
from syncd.measure.metrics_page import page


def test_the_page_is_in_step_with_the_definitions() -> None:
    written = (PROJECT / "docs" / "METRICS.md").read_text(encoding="utf-8")

    assert written == page(), "stale: run `make docs`"


def test_the_page_tells_of_every_table() -> None:
    told = page()

    assert [x for x in MEASURES if f"`{x}`" not in told] == []
