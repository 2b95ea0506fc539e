"""One set of streets for all towns of a test run: servers take longer to make than worlds."""

from collections.abc import Iterator

import pytest
from streets import Streets


@pytest.fixture(scope="session")
def streets() -> Iterator[Streets]:
    made = Streets()
    try:
        yield made
    finally:
        made.close()
