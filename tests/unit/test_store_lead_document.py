"""A lead's document: each value once, whatever the two sides have in common."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.adapters.store.documents import LEAD
from syncd.domain.lead import Lead, Side
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable, Value

NOW = datetime(2026, 3, 2, tzinfo=UTC)
COMPANY, CITY, SIZE = FieldName("company"), FieldName("city"), FieldName("size")
ACME: Mapping[FieldName, Value] = {COMPANY: "Acme", CITY: None, SIZE: 7}

_NAMES = st.sampled_from([COMPANY, CITY, SIZE])
_READABLE = st.sampled_from(["Acme", "", None, 7, True, Decimal("7.5"), ("a", "b"), Stage.MQL])
_SETTLED = st.dictionaries(_NAMES, _READABLE)
_SHOWN = st.dictionaries(_NAMES, _READABLE | st.just(Unreadable("no such option")))


def side(
    system: System, shown: Mapping[FieldName, Seen], settled: Mapping[FieldName, Value]
) -> Side:
    record = RecordId(f"{system}-1")
    seen = Snapshot(
        system=system,
        record_id=record,
        kind="lead",
        created_at=NOW,
        modified_at=NOW,
        values=shown,
    )
    return Side(system=system, record_id=record, seen=seen, baseline=settled, stage_since=NOW)


def lead(*sides: Side) -> Lead:
    return Lead(
        id=LeadId("lead-1"),
        cycle=1,
        stage=Stage.LEAD,
        first_seen_at=NOW,
        sides={x.system: x for x in sides},
    )


@settings(max_examples=200)
@given(sides=st.tuples(_SHOWN, _SETTLED, _SHOWN, _SETTLED))
def test_sides_that_are_alike_come_back_as_they_were(
    sides: tuple[
        Mapping[FieldName, Seen],
        Mapping[FieldName, Value],
        Mapping[FieldName, Seen],
        Mapping[FieldName, Value],
    ],
) -> None:
    stored = lead(side(System.HUBSPOT, *sides[:2]), side(System.SALESFORCE, *sides[2:]))

    assert LEAD.decode(LEAD.encode(stored)) == stored


def test_a_value_that_both_sides_show_and_settled_is_written_once() -> None:
    text = LEAD.encode(lead(side(System.HUBSPOT, ACME, ACME), side(System.SALESFORCE, ACME, ACME)))

    assert text.count("Acme") == 1


def test_only_what_differs_is_written_again() -> None:
    shown = {COMPANY: "Acme", CITY: "Bonn"}

    text = LEAD.encode(lead(side(System.HUBSPOT, ACME, ACME), side(System.SALESFORCE, shown, ACME)))

    doc = json.loads(text)["sides"]["salesforce"]
    assert doc["seen"]["values"] == [{"city": "Bonn"}, ["size"]]
    assert doc["baseline"] == [{"city": None, "size": 7}]


def test_values_that_are_alike_take_no_room_once_they_are_read() -> None:
    stored = lead(side(System.HUBSPOT, ACME, dict(ACME)))

    read = LEAD.decode(LEAD.encode(stored)).sides[System.HUBSPOT]

    assert read.baseline is read.seen.values


def test_the_document_of_an_older_syncd_is_read() -> None:
    stored = lead(side(System.HUBSPOT, ACME, ACME), side(System.SALESFORCE, ACME, {COMPANY: "A"}))
    doc = json.loads(LEAD.encode(stored))
    whole = {"company": "Acme", "city": None, "size": 7}
    doc["sides"]["hubspot"]["seen"]["values"] = doc["sides"]["hubspot"]["baseline"] = whole
    doc["sides"]["salesforce"]["seen"]["values"] = whole
    doc["sides"]["salesforce"]["baseline"] = {"company": "A"}

    assert LEAD.decode(json.dumps(doc)) == stored
