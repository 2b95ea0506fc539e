"""Prometheus itself reads the alert rules, and each fires when it should and is quiet when not."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool"),
]


@pytest.mark.parametrize(
    "words", [("check", "rules", "syncd.rules.yml"), ("test", "rules", "syncd.rules.test.yml")]
)
def test_promtool_is_content_with_the_rules(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["promtool", *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
