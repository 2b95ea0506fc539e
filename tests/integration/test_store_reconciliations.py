"""What was reconciled is kept record by record, so that its counts are of what it opens to; it is
bounded, and what is stored of a person goes with the person."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.adapters.store.reconciliations import MOST, Place, Reconciliations
from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit
from syncd.domain.lead import Lead
from syncd.domain.names import SYSTEMS, LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import Reason
from syncd.measure.period import period_of
from syncd.measure.reconciliation import BOTH, Both, Count, Only, Reconciliation
from syncd.store_ports import StorePlace, StoreUrl

NOW = datetime(2026, 4, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HUBSPOT, SALESFORCE = System.HUBSPOT, System.SALESFORCE
ANNA, BERT, CLEO = LeadId("lead-anna"), LeadId("lead-bert"), LeadId("lead-cleo")
BOTHS = Both(
    lead_id=ANNA,
    records={HUBSPOT: RecordId("101"), SALESFORCE: RecordId("00Q1")},
    at={HUBSPOT: NOW - 9 * HOUR, SALESFORCE: NOW - 8 * HOUR},
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    place: StorePlace = tmp_path / "syncd.db"
    if request.param == "postgresql":
        new: Callable[[], StoreUrl] = request.getfixturevalue("new_database")
        place = new()
    with closing(open_store(place)) as opened:
        opened.acquire(holder="worker", now=NOW, span=HOUR)
        opened.commit(Commit(now=NOW, leads=tuple(map(_lead, (ANNA, BERT)))))
        yield opened


def _lead(lead_id: LeadId) -> Lead:
    return Lead(id=lead_id, cycle=1, stage=Stage.LEAD, first_seen_at=NOW, sides={})


def _only(record_id: str, system: System, reason: Reason, lead_id: LeadId | None = None) -> Only:
    return Only(
        system=system,
        record_id=RecordId(record_id),
        at=NOW - HOUR,
        reason=reason,
        detail=f"why of {record_id}",
        lead_id=lead_id,
        there=RecordId(f"other-{record_id}") if lead_id else None,
    )


ALONE = (
    _only("102", HUBSPOT, Reason.TIME_ZONE, BERT),
    _only("103", HUBSPOT, Reason.NOT_READ),
    _only("00Q2", SALESFORCE, Reason.TIME_ZONE, BERT),
)


def _found(
    *only: Only, both: tuple[Both, ...] = (BOTHS,), period: str = "2026-03"
) -> Reconciliation:
    def counted(system: System) -> dict[RecordId, datetime]:
        mine = {x.record_id: x.at for x in only if x.system is system}
        return mine | {x.records[system]: x.at[system] for x in both}

    counts = {
        x: Count(system=x, time_zone="UTC", period=period_of(period, "UTC"), records=counted(x))
        for x in SYSTEMS
    }
    return Reconciliation(stage=Stage.MQL, counts=counts, both=both, only=only, notes=("a note",))


def _keep(store: SqlStore, found: Reconciliation, *, now: datetime = NOW) -> None:
    Reconciliations(store).keep(found, found.sums(now=now))


def _place(system: System, place: str | None) -> Place:
    return Place(period="2026-03", stage=Stage.MQL, system=system, place=place)


def test_what_was_kept_is_read_as_it_was(store: SqlStore) -> None:
    found = _found(*ALONE)

    _keep(store, found)

    (kept,) = Reconciliations(store).sums()
    assert kept == found.sums(now=NOW)
    assert Reconciliations(store).records(_place(HUBSPOT, None)) == ([BOTHS], [*ALONE[:2]])


def test_each_number_opens_to_as_many_records_as_it_counts(store: SqlStore) -> None:
    _keep(store, _found(*ALONE))

    (kept,) = Reconciliations(store).sums()

    for system in SYSTEMS:
        for place, count in kept.places[system].items():
            both, only = Reconciliations(store).records(_place(system, place))
            assert len(both) + len(only) == count
            assert all(x.system is system and x.reason == place for x in only)
        both, only = Reconciliations(store).records(_place(system, None))
        assert len(both) + len(only) == sum(kept.places[system].values())


def test_a_part_of_them_is_read_in_the_order_of_their_instants(store: SqlStore) -> None:
    _keep(store, _found(*ALONE))

    first = Reconciliations(store).records(_place(HUBSPOT, None), limit=1)
    rest = Reconciliations(store).records(_place(HUBSPOT, None), offset=1, limit=9)

    assert first == ([BOTHS], [])
    assert rest == ([], [*ALONE[:2]])


def test_p10_an_erased_person_is_in_no_record_and_in_no_count(store: SqlStore) -> None:
    _keep(store, _found(*ALONE))

    store.commit(Commit(now=NOW, erased=(ANNA, BERT)))

    (kept,) = Reconciliations(store).sums()
    assert kept.places == {HUBSPOT: {"not-read": 1}, SALESFORCE: {}}
    assert Reconciliations(store).records(_place(HUBSPOT, BOTH)) == ([], [])


def test_p10_whoever_was_erased_while_the_crms_were_read_is_not_kept(store: SqlStore) -> None:
    found = _found(*ALONE)
    store.commit(Commit(now=NOW, erased=(ANNA,), dissolved={BERT: CLEO}, leads=(_lead(CLEO),)))

    _keep(store, found)

    (kept,) = Reconciliations(store).sums()
    assert kept.places == {HUBSPOT: {"time-zone": 1, "not-read": 1}, SALESFORCE: {"time-zone": 1}}


@pytest.mark.parametrize("detail", ["nul\0", "half\ud800"])
def test_a_reason_no_database_takes_is_kept_with_a_mark(store: SqlStore, detail: str) -> None:
    refused = replace(_only("104", HUBSPOT, Reason.REFUSED), detail=detail)

    _keep(store, _found(refused))

    _, (kept,) = Reconciliations(store).records(_place(HUBSPOT, Reason.REFUSED))
    assert kept.detail == f"{detail[:-1]}?"


def test_one_made_again_takes_the_place_of_the_older(store: SqlStore) -> None:
    _keep(store, _found(*ALONE))

    _keep(store, _found(), now=NOW + HOUR)

    (kept,) = Reconciliations(store).sums()
    assert kept.made_at == NOW + HOUR
    assert kept.places == {x: {BOTH: 1} for x in SYSTEMS}


def test_the_latest_stand_first_and_the_oldest_go(store: SqlStore) -> None:
    for n in range(MOST + 2):
        _keep(store, _found(period=f"20{20 + n // 12}-{n % 12 + 1:02}"), now=NOW + n * HOUR)

    made = [x.made_at for x in Reconciliations(store).sums()]

    assert made == [NOW + n * HOUR for n in range(MOST + 1, 1, -1)]


def test_many_records_push_out_older_ones_but_never_the_latest(store: SqlStore) -> None:
    kept = Reconciliations(store, most_records=3)
    for n, period in enumerate(("2026-01", "2026-02", "2026-03")):
        found = _found(*ALONE, period=period)
        kept.keep(found, found.sums(now=NOW + n * HOUR))

    assert [x.period for x in kept.sums()] == ["2026-03"]
