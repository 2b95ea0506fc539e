"""Whatever happens to a configuration file, every answer is settings or placed problems."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.settings.load import examine

EXAMPLE = Path(__file__).parents[2] / "config"
NAMES = ("standard.yaml", "policy.yaml", "crm.yaml")
LINES = {name: (EXAMPLE / name).read_text(encoding="utf-8").splitlines() for name in NAMES}
JUNK = ["", "x", "[]", "{}", "true", "-1", "1e999", "~", "'", "{", "- a", "!!int x", "2026-02-30"]


@st.composite
def _broken_file(draw: st.DrawFn) -> tuple[str, str]:
    """A file with one line dropped, doubled, indented anew, cut, or given another value."""
    name = draw(st.sampled_from(NAMES))
    lines = list(LINES[name])
    where = draw(st.integers(0, len(lines) - 1))
    line = lines[where]
    key, colon, _ = line.partition(":")
    cut = draw(st.integers(0, len(line)))
    lines[where : where + 1] = draw(
        st.sampled_from(
            [
                [],
                [line, line],
                [f"  {line}"],
                [line.strip()],
                [line[:cut]],
                [line[:cut] + "x" + line[cut:]],
                *[[f"{key}{colon} {junk}"] for junk in JUNK],
            ]
        )
    )
    return name, "\n".join(lines) + "\n"


@settings(max_examples=60, deadline=None)
@given(_broken_file())
def test_a_damaged_file_gives_settings_or_problems_with_a_place(broken: tuple[str, str]) -> None:
    name, text = broken
    with tempfile.TemporaryDirectory() as directory:
        config = Path(shutil.copytree(EXAMPLE, Path(directory) / "config"))
        (config / name).write_text(text, encoding="utf-8")

        examined = examine(config, {}, None)

    assert (examined.settings is None) == bool(examined.problems)
    for problem in examined.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert "; " in problem.message
