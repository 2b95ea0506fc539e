"""The wheel, built as it ships: all of the package is in it, and nothing beside."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = target.glob("*.whl")
    with ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_every_file_of_the_package_is_in_the_wheel(contents: set[str]) -> None:
    """YAML, schemas and migrations as much as code: a missing one shows only when installed."""
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "syncd").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert package - contents == set()


def test_nothing_but_the_package_and_its_licence_is_in_the_wheel(contents: set[str]) -> None:
    others = {name for name in contents if not name.startswith("syncd/")}

    assert all(".dist-info/" in name for name in others)
    assert any(name.endswith("licenses/LICENSE") for name in others)
