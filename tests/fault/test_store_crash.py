"""P5: a writer killed at any instant leaves nothing half-stored and loses nothing committed."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import store_victim
from store_victim import HUBSPOT, LEADS, NOW, batch, opened

from syncd.adapters.store.store import SqlStore
from syncd.domain.names import LeadId, RecordId
from syncd.store_ports import Story

_RUN = [sys.executable, store_victim.__file__]
_ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores whose writers were killed in their second commit, each at another statement."""
    directory = tmp_path_factory.mktemp("killed")
    subprocess.run([*_RUN, "each", str(directory)], check=True, env=_ENVIRONMENT, timeout=60)
    return directory


def _contents(store: SqlStore) -> object:
    """All that can be read of both batches."""
    ids = [store_victim.lead_id(number, n) for number in (0, 1) for n in range(LEADS)]
    records = [RecordId(f"hs-{number}-{n}") for number in (0, 1) for n in range(LEADS)]
    report = store.verify()
    return (
        store.load(ids),
        store.find(HUBSPOT, records),
        store.with_email([f"{record}@example.com" for record in records]),
        [_told(store.story(x)) for x in ids],
        store.due(NOW, 1000),
        store.status(NOW),
        store.watermarks(),
        store.parked(),
        store.open_plans(),
        (report.rows, report.broken_at),
    )


def _told(story: Story | None) -> object:
    return story and (story.transitions, story.audit, story.outbox)


def test_p5_a_commit_killed_at_any_statement_leaves_the_store_as_it_was(killed: Path) -> None:
    with closing(opened(killed / "before.db")) as store:
        before = _contents(store)
    paths = sorted(killed.glob("killed-*.db"))

    for path in paths:
        with closing(opened(path)) as store:
            assert _contents(store) == before, path.name

    assert len(paths) > 20


def test_p5_the_next_run_finishes_what_was_killed(killed: Path) -> None:
    with closing(opened(killed / "whole.db")) as store:
        whole = _contents(store)

    for path in sorted(killed.glob("killed-*.db"))[::6]:
        with closing(opened(path)) as store:
            store.commit(batch(1))
            assert _contents(store) == whole, path.name


def test_p5_what_a_killed_writer_said_was_stored_is_stored_whole(tmp_path: Path) -> None:
    path = tmp_path / "syncd.db"
    for lives in (1, 2, 5, 9):
        said = _last_said_before_kill(path, lives)

        with closing(opened(path)) as store:
            stored = int((store.watermarks()[HUBSPOT] - NOW).total_seconds())
            assert said <= stored <= said + 1
            assert _audited(store) == LEADS * (stored + 1)
            assert _is_whole(store, stored)
            assert not store.find(HUBSPOT, [RecordId(f"hs-{stored + 1}-7")])


def _last_said_before_kill(path: Path, lives: int) -> int:
    """SIGKILL after so many commits were acknowledged, in the middle of the next."""
    with subprocess.Popen(
        [*_RUN, "on", str(path)], stdout=subprocess.PIPE, env=_ENVIRONMENT
    ) as process:
        assert process.stdout
        said = [int(process.stdout.readline()) for _ in range(lives)]
        process.kill()
        said += [int(line) for line in process.stdout.read().splitlines()]
    return said[-1]


def _audited(store: SqlStore) -> int:
    report = store.verify()
    assert report.broken_at is None
    return report.rows


def _is_whole(store: SqlStore, number: int) -> bool:
    story = store.story(LeadId(f"lead-{number}-7"))
    return bool(story and story.transitions and story.audit and story.outbox)
