"""docs/ASSESS.md names every check of an assessment as it stands in the product."""

import re
from pathlib import Path

from syncd.measure.assess.examine import CHECKS
from syncd.measure.assess.finding import Group

PAGE = (Path(__file__).parents[2] / "docs" / "ASSESS.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


def test_the_page_has_every_check_in_order_and_in_its_words() -> None:
    told = [
        [f"`{x.id}`", x.title, x.looks, x.why, x.fix.replace("|", "/"), str(x.weight)]
        for x in CHECKS
    ]
    assert told == ROWS


def test_there_are_at_least_55_and_some_in_every_group() -> None:
    assert len(CHECKS) >= 55
    assert {x.group for x in CHECKS} == set(Group)


def test_ids_are_kebab_case_and_each_is_one_thing() -> None:
    ids = [x.id for x in CHECKS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)
