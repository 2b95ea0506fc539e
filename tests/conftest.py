"""Lets every kind of test use `fakes`, the builders that lie beside the unit tests, the `box`
beside the fault tests, the office of the integration tests, the outside of the benchmarks and
the streets of the machine; and draws the same examples every time: a red test is red for
everybody. What a process logs that nobody told how is plain: drawing a traceback as structlog
does by default takes a tenth of a second."""

import os
import sys
from pathlib import Path

import structlog
from hypothesis import HealthCheck, settings

sys.path += [
    str(Path(__file__).parent / kind)
    for kind in ("unit", "fault", "integration", "benchmarks", "machine", "browser")
]
pytest_plugins = ["streets_plugin", "postgres_plugin", "cli_plugin"]
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests that wait for a socket leave one idle."""
    return (os.cpu_count() or 1) + 1
