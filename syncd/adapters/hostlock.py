"""One worker per store on one machine: a lock the kernel drops when the process dies.

The lease in the store tells workers on different machines apart; this one lets a worker
that was killed start again at once.
"""

import fcntl
import os
from pathlib import Path

from syncd.errors import StoreError


class HostLock:
    """Held from construction until `release` or the end of the process."""

    def __init__(self, store_path: Path) -> None:
        path = store_path.with_name(store_path.name + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise StoreError(
                f"another syncd on this machine works with {store_path}; stop it first"
            ) from error

    def release(self) -> None:
        os.close(self._file)
