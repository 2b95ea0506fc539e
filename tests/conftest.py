"""Lets every kind of test use `fakes` and the builders that lie beside the unit tests, and
draws the same examples every time: a red test is red for everybody."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.append(str(Path(__file__).parent / "unit"))
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")
