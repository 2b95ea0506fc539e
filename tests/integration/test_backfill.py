"""A first run over CRMs that are in use: over HTTP, by the real adapters, into a real store."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cli_office import MINUTE, Office, Person, office
from world_time import WorldTime

from syncd.adapters.hubspot.crm import HubSpot
from syncd.adapters.hubspot.scanning import Listing
from syncd.app import Worker, open_worker
from syncd.core.normalise import normalise
from syncd.core.survey import Survey, survey
from syncd.domain.names import RecordId, System
from syncd.domain.record import Record, Snapshot
from syncd.domain.stage import ActorKind, Stage
from syncd.errors import PermanentError
from syncd.jobs.backfill import Progress
from syncd.jobs.walk import every_lead
from syncd.ports import Crm, ScanPage
from syncd.sandbox.faults import Fault
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce.convert import convert_lead

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        for number in range(5):
            made.arrive(f"p{number}")
        yield made


@pytest.fixture
def worker(made: Office) -> Iterator[Worker]:
    made.world.advance(MINUTE)
    with closing(open_worker(made.source(), clock=WorldTime(made.world))) as worker:
        yield worker


def crm_of(worker: Worker, system: System) -> Crm:
    return worker._pair.crms[system]


def found(worker: Worker) -> Survey:
    gates = worker.settings.standard.gates
    return survey(every_lead(worker.store), worker.settings.crm, gates=gates)


def quiet(_progress: Progress) -> None:
    """Nobody watches."""


def ids(pages: list[ScanPage]) -> list[RecordId]:
    return [record.id for page in pages for record in page.records]


# --- the whole ---------------------------------------------------------------------------


def test_both_crms_are_linked_and_nothing_is_written(made: Office, worker: Worker) -> None:
    before = len(made.world.journal)

    worker.backfill(quiet)

    assert (found(worker).linked, worker.store.linked()) == (5, 5)
    assert len(made.world.journal) == before
    assert worker.store.status(made.world.now()).outbox == {}


def test_the_daemon_goes_on_from_there(made: Office, worker: Worker) -> None:
    worker.backfill(quiet)
    made.world.advance(MINUTE)
    made.offer(made.arrive("late"))

    made.world.advance(20 * MINUTE)
    worker.cycle()

    assert worker.store.linked() == 6


def test_what_people_moved_before_the_scan_came_to_them_is_found_by_the_daemon(
    made: Office,
) -> None:
    anna, bert = made.arrive("anna"), made.arrive("bert", Status="Marketing Qualified")
    made.world.advance(MINUTE)
    with closing(open_worker(made.source(), clock=WorldTime(made.world))) as worker:
        made.world.advance(MINUTE)
        made.marketer_sets(anna, lifecyclestage="marketingqualifiedlead")
        made.rep_sets(bert, Status="Working")
        made.world.advance(MINUTE)

        worker.backfill(quiet)
        made.world.advance(MINUTE)
        worker.cycle()

        assert moves(worker, anna) == [(HUBSPOT, Stage.LEAD, Stage.MQL)]
        assert moves(worker, bert) == [(SALESFORCE, Stage.MQL, Stage.SAL)]


def moves(worker: Worker, person: Person) -> list[tuple[System, Stage, Stage]]:
    (lead_id,) = worker.store.look_up(person.sf)
    story = worker.store.story(lead_id)
    assert story
    others = [x for x in story.transitions if x.actor.kind is not ActorKind.SYNCD]
    return [(x.system, x.from_stage, x.to_stage) for x in others]


@pytest.mark.parametrize("system", System)
def test_a_scan_shows_what_a_poll_would_have_shown(made: Office, system: System) -> None:
    conny, dora = made.arrive("conny"), made.arrive("dora", Title='two\nlines, "quoted"; ü')
    made.rep_sets(dora, NumberOfEmployees=12, AnnualRevenue=1_234_567.5)
    with made.world.lock:
        convert_lead(made.world.salesforce, conny.sf, made.rep)
    made.world.advance(MINUTE)
    with closing(open_worker(made.source(), clock=WorldTime(made.world))) as worker:
        crm = crm_of(worker, system)
        polled = [r for page in crm.poll(None) for r in page.records if not r.deleted]

        scanned = [r for page in crm.scan(None) for r in page.records]

        def snapshots(records: Iterable[Record]) -> dict[RecordId, Snapshot]:
            directory, crm_map = crm.directory(), worker.settings.crm
            return {r.id: normalise(r, crm_map, directory) for r in records}

        assert len(scanned) == 7
        assert snapshots(scanned) == snapshots(polled)


# --- Salesforce --------------------------------------------------------------------------


def test_a_bulk_scan_goes_on_with_the_page_after_the_bookmark(made: Office) -> None:
    crowd(made, 4_100)
    with closing(open_worker(made.source(), clock=WorldTime(made.world))) as worker:
        crm = crm_of(worker, SALESFORCE)
        whole = list(crm.scan(None))
        asked = bulk_calls(made)

        rest = list(crm.scan(whole[1].resume))

    assert [len(page.records) for page in whole] == [0, 2_000, 2_000, 105]
    assert len(set(ids(whole))) == 4_105
    assert ids(rest) == ids(whole[2:])
    assert rest[0].began == whole[0].began
    assert bulk_calls(made) - asked == 3  # the job's state, and the two pages left


def test_a_job_is_waited_for(made: Office, worker: Worker) -> None:
    made.world.salesforce.settings.bulk_duration = 10 * MINUTE
    began = made.world.now()

    pages = list(crm_of(worker, SALESFORCE).scan(None))

    assert len(ids(pages)) == 5
    assert 10 * MINUTE <= made.world.now() - began < 11 * MINUTE


def test_results_that_are_no_longer_kept_begin_anew(made: Office, worker: Worker) -> None:
    first = next(iter(crm_of(worker, SALESFORCE).scan(None)))
    made.world.advance(8 * 24 * 60 * MINUTE)

    with pytest.raises(PermanentError):
        list(crm_of(worker, SALESFORCE).scan(first.resume))


@pytest.mark.parametrize("system", System)
def test_a_bookmark_nobody_can_read_is_no_bookmark(worker: Worker, system: System) -> None:
    with pytest.raises(PermanentError):
        list(crm_of(worker, system).scan("what is this"))


def test_a_page_that_is_cut_off_is_asked_for_again(made: Office, worker: Worker) -> None:
    made.world.faults[Front.SALESFORCE].arm(
        Fault.from_json({"match": "/results", "kind": "truncate"})
    )

    pages = list(crm_of(worker, SALESFORCE).scan(None))

    assert len(ids(pages)) == 5


# --- HubSpot -----------------------------------------------------------------------------


def test_a_listing_goes_on_after_the_bookmark(made: Office) -> None:
    crowd(made, 250)
    with closing(open_worker(made.source(), clock=WorldTime(made.world))) as worker:
        crm = crm_of(worker, HUBSPOT)
        whole = list(crm.scan(None))

        rest = list(crm.scan(whole[0].resume))

    assert [len(page.records) for page in whole] == [100, 100, 55]
    assert (ids(rest), rest[0].began) == (ids(whole[1:]), whole[0].began)
    assert whole[0].total == 255


def test_properties_no_url_could_hold_are_read_by_id(worker: Worker) -> None:
    crm = crm_of(worker, HUBSPOT)
    assert isinstance(crm, HubSpot)
    usual = [r for page in crm.scan(None) for r in page.records]
    many = ("email", *(f"{'long_name_' * 6}{n}" for n in range(300)))

    wide = Listing(client=crm._client, kind="contact", properties=many)
    read = [r for page in wide.scan(None) for r in page.records]

    assert emails(read) == emails(usual)


def emails(records: Iterable[Record]) -> list[tuple[RecordId, object]]:
    return [(r.id, r.properties["email"]) for r in records]


def crowd(made: Office, count: int) -> None:
    with made.world.lock:
        for number in range(count):
            email = f"crowd{number}@acme.example"
            lead = {"LastName": f"Crowd {number}", "Company": "Acme", "Email": email}
            made.world.salesforce.create_lead(lead, made.rep)
            made.marketer.create_contact({"email": email})
    made.world.advance(MINUTE)


def bulk_calls(made: Office) -> int:
    counters = made.world.requests.as_json(Front.SALESFORCE)["counters"]
    return sum(count for endpoint, count in counters.items() if "jobs/query" in endpoint)
