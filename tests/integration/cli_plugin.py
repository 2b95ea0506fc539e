"""Surroundings for commands that are run in the test's own process."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from cli_office import Office, office


@pytest.fixture
def own_logs() -> Iterator[None]:
    """For commands that set up logging in this very process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def today(tmp_path: Path) -> Iterator[Office]:
    """An office whose clock is the real one, with a worker that has been there before."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with office(tmp_path, start=start) as made:
        made.cycles()
        made.go_home()
        yield made
