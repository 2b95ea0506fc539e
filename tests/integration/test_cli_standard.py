"""`syncd standard` as two leaders and an admin type it."""

from pathlib import Path

import pytest
from cli_office import office, page
from click.testing import CliRunner, Result
from config_files import EXAMPLE, example_copy, replace

from syncd.cli import main as entry
from syncd.settings.load import load


def typed(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(entry.cli, ["standard", *words], input=answer)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Another threshold than the one that was signed."""
    copy = example_copy(tmp_path)
    replace(copy, "standard.yaml", "    at_least: 50\n", "    at_least: 60\n")
    return copy


def test_both_sign_and_are_shown_what_they_sign(config: Path) -> None:
    words = ["sign", "--config", str(config), "--as"]

    first = typed(*words, "marketing", "--name", "Ada Moreau", answer="y\n")
    second = typed(*words, "sales", "--name", "Cleo Bauer", "--yes")

    assert "standard 2026.1, digest " in first.output
    assert "13 rules" in first.output
    assert "Sign it as Ada Moreau, for marketing? [y/N]" in first.output
    assert "not in force yet: Ben Okafor signed for sales on 28 Oct 2026 for" in first.output
    assert second.output.endswith("signed; in force\n")
    assert [x.name for x in load(config, {}, None).standard.signatures] == [
        "Ada Moreau",
        "Cleo Bauer",
    ]


def test_who_does_not_confirm_signs_nothing(config: Path) -> None:
    before = (config / "standard.yaml").read_bytes()

    result = typed("sign", "--as", "sales", "--name", "Cleo", "--config", str(config), answer="n\n")

    assert result.exit_code == 1
    assert (config / "standard.yaml").read_bytes() == before


def test_a_faulty_configuration_is_not_signed(config: Path) -> None:
    replace(config, "standard.yaml", "kind: fit", "kind: fitt")

    result = typed("sign", "--as", "sales", "--yes", "--config", str(config))

    assert "fitt" in str(result.exception)
    assert "fitt" in (config / "standard.yaml").read_text(encoding="utf-8")


def test_diff_says_what_changed_and_exits_with_one(config: Path) -> None:
    result = typed("diff", str(EXAMPLE / "standard.yaml"), str(config))

    assert result.exit_code == 1
    assert result.output == (
        "Changed in meaning:\n"
        "  rule employees-50-plus: employees is at least 60; was: employees is at least 50\n"
    )


def test_diff_of_the_same_content_exits_with_zero(config: Path, tmp_path: Path) -> None:
    alone = tmp_path / "older.yaml"
    text = (config / "standard.yaml").read_text(encoding="utf-8")
    alone.write_text(f"# an older one\n{text}", encoding="utf-8")

    result = typed("diff", str(alone), str(config), "--config", str(EXAMPLE))

    assert result.exit_code == 0
    assert "Nothing changed" in result.output


def test_diff_takes_the_fields_from_beside_the_other_standard(config: Path, tmp_path: Path) -> None:
    alone = tmp_path / "older.yaml"
    alone.write_bytes((config / "standard.yaml").read_bytes())

    result = typed("diff", str(alone), str(config), "--config", str(tmp_path / "none"))

    assert result.exit_code == 0, result.exception


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "# The standard\n"), ("html", "<!doctype html>\n")]
)
def test_show_writes_a_file(tmp_path: Path, form: str, begins: str) -> None:
    out = tmp_path / "standard.out"

    result = typed("show", "--format", form, "--out", str(out), "--config", str(EXAMPLE))

    assert result.output == f"{out} written\n"
    assert out.read_text(encoding="utf-8").startswith(begins)


def test_show_says_where_it_cannot_write(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "standard.html"

    result = typed("show", "--out", str(out), "--config", str(EXAMPLE))

    assert f"{out} cannot be written" in str(result.exception)


def test_show_in_a_pipe_is_plain_text_without_folded_ends() -> None:
    result = typed("show", "--config", str(EXAMPLE))

    assert result.output.startswith("THE STANDARD\n")
    assert "\x1b" not in result.output
    assert all(line == line.rstrip() for line in result.output.splitlines())


def test_status_says_why_no_gate_blocks(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        made.cycles(1)
        quiet = page(made, "status")
        replace(made.config, "standard.yaml", "    at_least: 50\n", "    at_least: 60\n")

        loud = page(made, "status")

    assert "no gate blocks" not in quiet
    assert "no gate blocks Ada Moreau signed for marketing on 26 Oct 2026 for another" in loud
