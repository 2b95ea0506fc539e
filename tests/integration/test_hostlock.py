"""One worker per store on one machine, also when the other one was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from syncd.adapters.hostlock import HostLock
from syncd.errors import StoreError

HOLD = """
import sys
from pathlib import Path
from syncd.adapters.hostlock import HostLock
lock = HostLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_worker_is_told_what_to_do(tmp_path: Path) -> None:
    first = HostLock(tmp_path / "syncd.db")

    with pytest.raises(StoreError, match=r"another syncd on this machine .* stop it first"):
        HostLock(tmp_path / "syncd.db")

    first.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    HostLock(tmp_path / "syncd.db").release()

    HostLock(tmp_path / "syncd.db").release()


def test_two_stores_do_not_stand_in_each_others_way(tmp_path: Path) -> None:
    one = HostLock(tmp_path / "one.db")
    other = HostLock(tmp_path / "other.db")

    other.release()
    one.release()


def test_the_folder_of_a_new_store_is_made_and_the_lock_is_private(tmp_path: Path) -> None:
    lock = HostLock(tmp_path / "new" / "syncd.db")

    mode = (tmp_path / "new" / "syncd.db.lock").stat().st_mode
    lock.release()
    assert mode & 0o777 == 0o600


def test_a_refused_worker_leaves_no_file_open(tmp_path: Path) -> None:
    first = HostLock(tmp_path / "syncd.db")
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(StoreError):
        HostLock(tmp_path / "syncd.db")

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    first.release()


def test_a_killed_worker_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "syncd.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError):
            HostLock(path)
        other.kill()

    HostLock(path).release()
