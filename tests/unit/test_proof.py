"""Writes settled by the snapshot that shows the record as it was after them."""

from dataclasses import replace
from datetime import datetime

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, MARKS, MINUTE, TITLE, context, known, shows

from syncd.core.proof import prove
from syncd.domain.lead import Lead, Pending
from syncd.domain.mapping import Mark
from syncd.domain.names import ActionKey, FieldName
from syncd.domain.values import Value

VERDICT = MARKS[Mark.VERDICT]
KEY = ActionKey("sync:1")


def in_flight(*fields: FieldName, at: datetime | None = NOW, shown: Value = "CEO") -> Lead:
    """`fields` CFO → CEO were written to HubSpot, which shows `shown` as of NOW."""
    before = known()
    seen = shows(before, HUBSPOT, at=NOW, also=dict.fromkeys(fields, shown)).snapshot
    pending = Pending(key=KEY, replaces=("CFO",), writes="CEO", written_at=at)
    side = replace(before.sides[HUBSPOT], seen=seen, pending=dict.fromkeys(fields, pending))
    return replace(before, sides={**before.sides, HUBSPOT: side})


def test_a_snapshot_of_that_instant_with_the_value_is_proof() -> None:
    proven = prove(in_flight(TITLE), context(NOW))

    side = proven.lead.sides[HUBSPOT]
    assert (side.baseline[TITLE], side.pending, side.settled_at[TITLE]) == ("CEO", {}, NOW)
    assert proven.actions == (KEY,)


@pytest.mark.parametrize(
    "lead",
    [
        in_flight(TITLE, at=None),
        in_flight(TITLE, at=NOW + MINUTE),
        in_flight(TITLE, shown="CFO"),
    ],
    ids=["not written yet", "seen before it", "the stamp of the moment before"],
)
def test_anything_less_proves_nothing(lead: Lead) -> None:
    proven = prove(lead, context(NOW))

    assert (proven.lead, proven.actions) == (lead, ())


def test_what_a_later_snapshot_shows_instead_is_left_to_be_an_edit() -> None:
    side = prove(in_flight(TITLE, at=NOW - MINUTE, shown="CFO"), context(NOW)).lead.sides[HUBSPOT]

    assert (side.baseline[TITLE], side.seen.values[TITLE], side.pending) == ("CEO", "CFO", {})


def test_a_field_only_syncd_writes_gets_no_baseline() -> None:
    lead = in_flight(VERDICT)

    side = prove(lead, context(NOW)).lead.sides[HUBSPOT]

    assert side.pending == {}
    assert side.baseline.get(VERDICT) == lead.sides[HUBSPOT].baseline.get(VERDICT)


def test_an_action_is_done_once_nothing_of_it_is_in_flight() -> None:
    lead = in_flight(TITLE, VERDICT)
    side = lead.sides[HUBSPOT]
    later = replace(side.pending[VERDICT], written_at=NOW + MINUTE)
    side = replace(side, pending={**side.pending, VERDICT: later})

    proven = prove(replace(lead, sides={**lead.sides, HUBSPOT: side}), context(NOW))

    assert set(proven.lead.sides[HUBSPOT].pending) == {VERDICT}
    assert not proven.actions
