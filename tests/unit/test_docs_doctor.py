"""docs/DOCTOR.md names every kind of trouble as doctor tells it."""

import re
from pathlib import Path

from syncd.core.doctor.ailments import ALL
from syncd.core.doctor.finding import EXIT_CODES

PAGE = (Path(__file__).parents[2] / "docs" / "DOCTOR.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


def test_the_table_has_every_kind_of_trouble_in_order() -> None:
    told = [(name.strip("`"), severity, why) for name, severity, why, _ in ROWS]
    assert told == [(x.id, x.severity, x.why) for x in ALL]


def test_each_fix_is_told_as_doctor_tells_it_where_it_is_always_the_same() -> None:
    fixes = {name.strip("`"): fix for name, _, _, fix in ROWS}
    fixed = {x.id: re.sub(r"\{(\w+)\}", r"<\1>", x.fix) for x in ALL if x.fix != "{how}"}
    assert fixed.items() <= fixes.items()
    assert all(fixes.values())


def test_exit_codes_are_told() -> None:
    told = dict(re.findall(r"^\| (\w+) \| .* \| (\d) \|$", PAGE, re.MULTILINE))
    assert told == {severity.value: str(code) for severity, code in EXIT_CODES.items()}


def test_ids_are_kebab_case_and_each_is_one_thing() -> None:
    ids = [x.id for x in ALL]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)
