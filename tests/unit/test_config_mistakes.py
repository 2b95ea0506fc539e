"""One folder per mistake: the changed file, and exactly what an admin is told."""

import shutil
from pathlib import Path

import pytest
from config_files import PROJECT, example_copy, said

from syncd.settings.load import examine

MISTAKES = sorted((PROJECT / "tests/fixtures/config_mistakes").iterdir())


@pytest.mark.parametrize("folder", MISTAKES, ids=lambda folder: folder.name)
def test_a_mistake_is_told_with_its_place_and_the_next_step(folder: Path, tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    for changed in folder.glob("*.yaml"):
        shutil.copy(changed, config)

    examined = examine(config, {}, None)

    assert examined.settings is None
    assert said(config, examined.problems) == (folder / "expected.txt").read_text(encoding="utf-8")


def test_there_are_at_least_twenty_mistakes_and_every_message_names_a_next_step() -> None:
    messages = [line for f in MISTAKES for line in (f / "expected.txt").read_text().splitlines()]

    assert len(MISTAKES) >= 20
    assert len(messages) >= len(MISTAKES)
    assert all("; " in message for message in messages)
