"""Whoever only looks into a store changes nothing in it, wherever it is kept."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.adapters.store.store import open_store
from syncd.errors import StoreError
from syncd.store_ports import StorePlace

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def in_sqlite(request: pytest.FixtureRequest) -> StorePlace:
    folder: Path = request.getfixturevalue("tmp_path")
    return folder / "syncd.db"


def in_postgresql(request: pytest.FixtureRequest) -> StorePlace:
    new_database: Callable[[], StorePlace] = request.getfixturevalue("new_database")
    return new_database()


PLACES: Mapping[str, Callable[[pytest.FixtureRequest], StorePlace]] = {
    "sqlite": in_sqlite,
    "postgresql": in_postgresql,
}


@pytest.mark.parametrize("brand", PLACES)
def test_a_store_opened_for_reading_changes_nothing(
    brand: str, request: pytest.FixtureRequest
) -> None:
    place = PLACES[brand](request)
    with closing(open_store(place)) as store:
        with (
            closing(open_store(place, read_only=True)) as reader,
            pytest.raises(StoreError, match="only be read"),
        ):
            reader.start(NOW)

        assert store.first_start() is None
