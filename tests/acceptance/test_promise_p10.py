"""P10: an erased person leaves the local store within a day; the chain still holds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from box import HOUR, Box, Person, box
from core_cases import NOW
from decide_cases import known
from structlog.testing import capture_logs

from syncd.adapters.store.store import open_store
from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import System

SECRET = "Wilhelmina.Quackenbush@personal.example"
OF_HER = ("wilhelmina", "quackenbush", "bleekwater", "budgetta", "archduchess")
"""Her first and last name, her company, what she needs, and her title."""


def bytes_of(folder: Path) -> bytes:
    """Store file, WAL and all."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def told_of_her(home: Path) -> set[str]:
    found = bytes_of(home).lower()
    return {word for word in OF_HER if word.encode() in found or word.encode("utf-16-le") in found}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Box]:
    with box(tmp_path) as made:
        yield made


def full_of_her(office: Box) -> Person:
    """A person of whom the store knows everything it can: handed to sales, refused, noted,
    overwritten, in conflict, found unfit, and with a write still waiting."""
    her = office.arrive(
        "wilhelmina",
        LastName="Quackenbush",
        Company="Bleekwater",
        Title="Archduchess",
        Need__c="Budgetta",
    )
    office.cycle()
    office.marketer_sets(her, lifecyclestage="marketingqualifiedlead")
    office.cycles(2)
    office.rep_sets(her, Status="Sales Qualified", Title="Archduchess I")
    office.marketer_sets(her, jobtitle="Archduchess II", company="Bleekwater Ltd")
    office.cycles(12)
    office.marketer_sets(her, jobtitle="Archduchess III")
    return her


def a_day(office: Box) -> None:
    office.cycles(24, HOUR)


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


def test_p10_a_gdpr_delete_leaves_nothing_of_the_person_within_a_day(
    office: Box,
) -> None:
    her = full_of_her(office)
    before = told_of_her(office.home)
    with office.world.lock:
        office.marketer.gdpr_delete(her.hs)

    with capture_logs() as logs:
        a_day(office)

    assert before == set(OF_HER)
    assert told_of_her(office.home) == set()
    logged = repr(logs).lower()
    assert "people_erased" in logged
    assert [word for word in OF_HER if word in logged] == []
    assert office.worker.store.verify().broken_at is None
    assert office.told("erased") == [f"alert:erased:salesforce:{her.sf}"]


def test_p10_a_lead_emptied_from_the_bin_is_forgotten_within_a_day(office: Box) -> None:
    her = full_of_her(office)
    with office.world.lock:
        office.world.salesforce.delete(her.sf, office.rep)
        office.world.salesforce.purge(her.sf)

    a_day(office)

    assert told_of_her(office.home) == set()
    assert office.told("erased") == [f"alert:erased:hubspot:{her.hs}"]


def test_p10_a_forgotten_person_does_not_come_back_from_the_other_crm(office: Box) -> None:
    her = full_of_her(office)
    with office.world.lock:
        office.marketer.gdpr_delete(her.hs)
    a_day(office)
    office.rep_sets(her, Title="Archduchess IV", Status="Working")

    office.cycles(3)
    office.restart()
    a_day(office)

    assert told_of_her(office.home) == set()
    assert office.story_of(her) is None
    assert office.lead(her)["Title"] == "Archduchess IV"


def test_p10_other_people_are_kept_whole(office: Box) -> None:
    her, other = full_of_her(office), office.offered("otto")
    with office.world.lock:
        office.marketer.gdpr_delete(her.hs)

    a_day(office)

    story = office.story(other)
    assert set(story.lead.sides) == set(System)
    assert story.transitions
