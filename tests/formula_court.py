"""Has formulas judged by the two evaluators in formula_judges/, in one node process."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from formula_cases import Trial

JUDGES = Path(__file__).parent / "formula_judges"
EVALUATORS = ("formulon", "sformula")
_BATCH = 2_000


@dataclass(frozen=True)
class Answers:
    """One for each trial: whether any formula refuses it; None where the evaluator cannot say."""

    by: Mapping[str, Sequence[bool | None]]


class Court:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def judge(
        self, formulas: Sequence[str], types: Mapping[str, str], trials: Sequence[Trial]
    ) -> Answers:
        told: dict[str, list[bool | None]] = {x: [None] * len(trials) for x in EVALUATORS}
        by_now: dict[datetime, list[int]] = {}
        for number, trial in enumerate(trials):
            by_now.setdefault(trial.now, []).append(number)
        for now, numbers in by_now.items():
            for start in range(0, len(numbers), _BATCH):
                batch = numbers[start : start + _BATCH]
                answer = self._ask(
                    {
                        "now": now.isoformat(),
                        "formulas": formulas,
                        "types": {**types, **{f"Prior_{k}": x for k, x in types.items()}, **_OWN},
                        "rows": [_row(trials[x]) for x in batch],
                    }
                )
                for name in EVALUATORS:
                    for number, answers in zip(batch, zip(*answer[name], strict=True), strict=True):
                        told[name][number] = _any(answers)
        return Answers(told)

    def _ask(self, job: Mapping[str, Any]) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(job) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())


_OWN = {"Is_New": "boolean", "$Permission.Syncd_Bypass": "boolean"}


def _row(trial: Trial) -> dict[str, Any]:
    prior = {f"Prior_{path}": value for path, value in trial.before.items()}
    own = {"Is_New": trial.is_new, "$Permission.Syncd_Bypass": trial.by_who_may_pass}
    return {**trial.shows, **prior, **own}


def _any(answers: Sequence[Any]) -> bool | None:
    if any(isinstance(x, dict) for x in answers):
        return None
    return any(x is True for x in answers)


@contextmanager
def court(place: Path) -> Iterator[Court]:
    """`place` is empty, and holds the packages afterwards."""
    for name in ("package.json", "package-lock.json", "judge.js"):
        shutil.copy(JUDGES / name, place)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(install, cwd=place, check=True, capture_output=True)
    process = subprocess.Popen(
        ["node", "judge.js"],
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    try:
        yield Court(process)
    finally:
        assert process.stdin  # a pipe
        process.stdin.close()
        process.wait(timeout=10)
        assert process.stdout  # a pipe
        process.stdout.close()
