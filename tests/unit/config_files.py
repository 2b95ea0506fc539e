"""Configuration directories for tests: the shipped example with some files changed."""

import shutil
from pathlib import Path

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "config"
NAMES = ("standard.yaml", "policy.yaml", "crm.yaml")


def example_copy(tmp_path: Path) -> Path:
    """A copy of the shipped configuration that may be changed."""
    config = tmp_path / "config"
    config.mkdir()
    for name in NAMES:
        shutil.copy(EXAMPLE / name, config / name)
    return config


def replace(config: Path, name: str, old: str, new: str) -> None:
    """Change one place of one file; a test whose place is gone must fail."""
    text = (config / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{name} no longer says {old!r}"
    (config / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def said(config: Path, problems: tuple[object, ...]) -> str:
    """Problems as an admin in the project's directory would see them."""
    lines = "".join(f"{problem}\n" for problem in problems)
    return lines.replace(f"{config.parent}/", "")
