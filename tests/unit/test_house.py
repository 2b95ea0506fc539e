"""The house rules no linter knows: what a checked-in file may not say."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = ("syncd/core", "syncd/domain")

FORBIDDEN = {
    # Spelt in pieces, or this file would be the first offender.
    "a package registry": re.compile(r"pypi\.(?:org)|pythonhosted\.(?:org)|files\.python" "hosted"),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.])/(?:home/\w|root/|Users/\w|w" r"ork/|opt/" r"(?!syncd|build)|tmp/(?=\w+/))"
    ),
    "a key": re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{60}"),
}


def _tracked() -> list[Path]:
    """Files git knows or would add; all there are in a checkout without git."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files are tracked cannot be told")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    offenders = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in _tracked()
        if (found := FORBIDDEN[what].search(_text(path)))
    ]

    assert offenders == []


def test_package_markers_are_empty() -> None:
    assert [
        str(path) for path in (ROOT / "syncd").rglob("__init__.py") if path.stat().st_size
    ] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "syncd").rglob("*.py")}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "syncd").rglob("*.py"))
        if path.stat().st_size and not ast.get_docstring(ast.parse(_text(path)))
    ]

    assert silent == []


def test_the_core_never_asks_what_time_it_is() -> None:
    asks = re.compile(r"\b(?:datetime\.(?:utc)?now|date\.today|datetime\.today)\(")
    offenders = [
        str(path.relative_to(ROOT))
        for folder in PURE
        for path in (ROOT / folder).rglob("*.py")
        if asks.search(_text(path))
    ]

    assert offenders == []


def test_an_exception_from_the_rules_gives_its_reason() -> None:
    bare = re.compile(
        r"#\s*noqa(?!: [A-Z0-9, ]+[-(#]\s?\w)|#\s*type: ignore(?!\[[\w, -]+\]\s+(?:#|\()\s?\w)"
    )
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "syncd").rglob("*.py"))
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if bare.search(line)
    ]

    assert offenders == []


def test_test_files_have_names_of_their_own() -> None:
    """Test folders are no packages: two files of one name would hide one another."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py")]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []
