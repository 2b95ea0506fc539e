"""An empty store, as the migrations make it: they run once, and each box begins with a copy."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from syncd.adapters.store.store import open_store


def put_store(home: Path) -> None:
    """Where a worker of this state directory looks for its own."""
    path = home / "syncd.db"
    path.write_bytes(_migrated())
    path.chmod(0o600)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as place:
        path = Path(place) / "syncd.db"
        open_store(path).close()
        return path.read_bytes()
