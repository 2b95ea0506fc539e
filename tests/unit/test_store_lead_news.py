"""What of a lead's rows is known to be stored already: never too much."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from core_cases import handoff
from decide_cases import known

from syncd.adapters.store.lead_news import has_columns_of, has_parts_of
from syncd.adapters.store.lead_rows import _lead_row
from syncd.domain.lead import Contest, Dispute, Lead, Move, Side
from syncd.domain.names import FieldName, RecordId, System, TransitionId
from syncd.domain.stage import SOMEBODY, Stage

NOW = datetime(2026, 3, 2, tzinfo=UTC)
STORED = known()


def on_one_side(**changes: object) -> Lead:
    system, side = next(iter(STORED.sides.items()))
    return replace(STORED, sides={**STORED.sides, system: replace(side, **changes)})  # type: ignore[arg-type]  # any of its fields


def side() -> Side:
    return next(iter(STORED.sides.values()))


def move() -> Move:
    return Move(
        transition=TransitionId("t-1"),
        sides=(System.HUBSPOT,),
        from_stage=Stage.MQL,
        to_stage=Stage.SQL,
        at=NOW,
        seen_at=NOW,
        grace_ends=NOW + timedelta(minutes=5),
        actor=SOMEBODY,
    )


OTHER_COLUMNS = {
    "stage": replace(STORED, stage=Stage.DISQUALIFIED),
    "cycle": replace(STORED, cycle=STORED.cycle + 1),
    "sides": replace(STORED, sides={}),
    "contested_since": replace(
        STORED, contest=Contest(since=NOW, to_stage=Stage.SQL, actor=SOMEBODY, times=3)
    ),
    "grace_ends": replace(STORED, move=move()),
    "disputed_since": replace(
        STORED, disputes={FieldName("company"): Dispute(since=NOW, values={})}
    ),
    "lost": on_one_side(gone="deleted"),
}


@pytest.mark.parametrize("column", OTHER_COLUMNS)
def test_a_lead_with_another_column_is_not_taken_for_the_stored_one(column: str) -> None:
    assert not has_columns_of(OTHER_COLUMNS[column], STORED)


def test_every_column_but_the_document_is_looked_at() -> None:
    assert _lead_row(STORED).keys() == {"id", "doc", *OTHER_COLUMNS}


@pytest.mark.parametrize(
    "other",
    [
        on_one_side(record_id=RecordId("another")),
        on_one_side(former=(RecordId("before"),)),
        on_one_side(seen=replace(side().seen, emails=("another@example.com",))),
        replace(STORED, sides={}),
        replace(STORED, handoff=handoff()),
    ],
    ids=["record", "former", "address", "side", "handoff"],
)
def test_a_lead_with_another_part_is_not_taken_for_the_stored_one(other: Lead) -> None:
    assert not has_parts_of(other, STORED)


def test_a_lead_with_other_values_has_the_same_columns_and_parts() -> None:
    other = on_one_side(seen=replace(side().seen, values={FieldName("company"): "Other"}))

    assert (has_columns_of(other, STORED), has_parts_of(other, STORED)) == (True, True)


def test_of_a_lead_nobody_knows_everything_is_new() -> None:
    assert not has_columns_of(STORED, None)
    assert not has_parts_of(STORED, None)
