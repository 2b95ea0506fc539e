"""P10: an erased person leaves the local store; the chain still holds."""

from datetime import timedelta
from pathlib import Path

from core_cases import NOW
from decide_cases import known

from syncd.adapters.store.store import open_store
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.ports import Commit

SECRET = "Wilhelmina.Quackenbush@personal.example"


def bytes_of(folder: Path) -> bytes:
    """Store file, WAL and all."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_p10_an_erased_persons_values_leave_the_store_file_and_its_log(tmp_path: Path) -> None:
    store = open_store(tmp_path / "syncd.db")
    store.acquire(holder="test", now=NOW, span=timedelta(days=1))
    lead = known(title=SECRET)
    entry = AuditEntry(
        at=NOW,
        kind=AuditKind.OVERWRITE,
        lead_id=lead.id,
        facts={"field": "title"},
        personal={"was": SECRET},
    )
    store.commit(Commit(now=NOW, leads=(lead,), audit=(entry,)))
    before = bytes_of(tmp_path)

    store.commit(Commit(now=NOW, erased=(lead.id,)))
    report = store.verify()
    store.close()

    assert SECRET.encode() in before
    assert SECRET.encode() not in bytes_of(tmp_path)
    assert (report.rows, report.broken_at) == (1, None)
