"""docs/ARCHITECTURE.md leads to files that exist, and forgets no part of the house."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
LIKE_A_PATH = re.compile(r"`([\w*{},/]+(?:\.py|/))`")
BRACES = re.compile(r"\{([\w,]+)\}")


def paths(written: str) -> Iterator[str]:
    """`core/{a,b}.py` are two."""
    found = BRACES.search(written)
    if found is None:
        yield written
        return
    for part in found[1].split(","):
        yield from paths(written[: found.start()] + part + written[found.end() :])


def test_every_path_it_names_is_there() -> None:
    named = {path for written in LIKE_A_PATH.findall(PAGE) for path in paths(written)}

    lost = [
        x for x in sorted(named) if not any((ROOT / "syncd").glob(x)) and not (ROOT / x).exists()
    ]

    assert len(named) > 100
    assert lost == []


def test_every_part_of_the_house_is_on_it() -> None:
    parts = [x.parent.name for x in (ROOT / "syncd").glob("*/__init__.py")]

    assert [x for x in parts if f"{x}/" not in PAGE and x not in PAGE.split("```")[1]] == []
    assert [x.name for x in (ROOT / "syncd").glob("app_*.py") if x.name not in PAGE] == []
