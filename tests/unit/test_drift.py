from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, side

from syncd.core.drift import Difference, Drift, difference
from syncd.domain.lead import Pending, Side
from syncd.domain.names import ActionKey, FieldName, RecordId
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable

TITLE = FieldName("title")
SEEN: Side = side(HUBSPOT, title="CTO")
STAMP = SEEN.seen.modified_at
LATER = STAMP + timedelta(minutes=1)
THROUGH = NOW + timedelta(days=1)


def showing(at: datetime = STAMP, **values: Seen) -> Snapshot:
    changes = {FieldName(name): value for name, value in values.items()}
    return replace(SEEN.seen, modified_at=at, values={**SEEN.seen.values, **changes})


def found(shown: Snapshot, of: Side = SEEN, through: datetime = THROUGH) -> Difference | None:
    return difference(of, shown, read_through=through)


def test_a_record_as_it_was_last_seen_is_no_drift() -> None:
    assert found(showing()) is None


def test_a_stamp_that_moved_alone_is_no_drift() -> None:
    assert found(showing(LATER)) is None


def test_a_change_that_polling_should_have_shown_is_missed() -> None:
    assert found(showing(LATER, title="CEO")) == Difference(drift=Drift.MISSED, fields=(TITLE,))


def test_a_change_without_a_new_stamp_is_silent() -> None:
    assert found(showing(title="CEO")) == Difference(drift=Drift.SILENT, fields=(TITLE,))


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(seconds=1)])
def test_a_change_the_next_poll_shows_is_fresh(ahead: timedelta) -> None:
    difference_ = found(showing(LATER + ahead, title="CEO"), through=LATER)

    assert difference_ == Difference(drift=Drift.FRESH, fields=(TITLE,))


def test_what_a_lagging_read_shows_is_no_drift() -> None:
    assert found(showing(STAMP - timedelta(seconds=1), title="CEO")) is None


@pytest.mark.parametrize("shown", ["CTO", "COO"])
def test_a_write_in_flight_is_no_drift_whether_it_landed_or_not(shown: str) -> None:
    pending = Pending(key=ActionKey("k"), replaces=("CTO",), writes="COO")
    flying = replace(SEEN, pending={TITLE: pending})

    assert found(showing(title=shown), of=flying) is None


def test_an_index_older_than_our_own_write_is_no_drift() -> None:
    written = replace(SEEN, settled_at={TITLE: LATER})

    assert found(showing(title="CEO"), of=written) is None


NEW = FieldName("new")


@pytest.mark.parametrize("through", [THROUGH, STAMP])
@pytest.mark.parametrize("value", ["x", None])
def test_a_field_seen_for_the_first_time_was_not_missed(value: Seen, through: datetime) -> None:
    assert found(showing(new=value), through=through) == Difference(drift=Drift.NEW, fields=(NEW,))


def test_a_field_that_could_not_be_read_when_it_was_settled_is_new_as_well() -> None:
    hidden = side(HUBSPOT, title="CTO", new=Unreadable("not readable"))

    assert found(showing(new="x"), of=hidden) == Difference(drift=Drift.NEW, fields=(NEW,))


def test_what_changed_is_missed_whatever_is_new_beside_it() -> None:
    shown = showing(LATER, title="CEO", new="x")

    assert found(shown) == Difference(drift=Drift.MISSED, fields=(TITLE,))


def test_a_record_known_to_be_gone_has_no_new_fields() -> None:
    gone = replace(SEEN, gone="deleted")

    assert found(replace(showing(new="x"), deleted=True), of=gone) is None


def test_a_new_field_that_cannot_be_read_tells_nothing() -> None:
    assert found(showing(new=Unreadable("not readable"))) is None


def test_a_deletion_is_a_drift_of_the_record() -> None:
    shown = replace(showing(LATER), deleted=True, values={})

    assert found(shown) == Difference(drift=Drift.MISSED)


def test_a_deletion_that_is_known_is_no_drift() -> None:
    gone = replace(SEEN, gone="deleted")

    assert found(replace(showing(), deleted=True), of=gone) is None


def test_a_record_that_came_back_is_a_drift() -> None:
    gone = replace(SEEN, gone="deleted")

    assert found(showing(LATER), of=gone) == Difference(drift=Drift.MISSED)


@pytest.mark.parametrize(
    "shown",
    [
        replace(SEEN.seen, record_id=RecordId("003X")),
        replace(SEEN.seen, kind="Contact"),
        replace(SEEN.seen, emails=("new@x.example",)),
        replace(SEEN.seen, fixed="the contact has a deal"),
        replace(SEEN.seen, locked="converted"),
    ],
)
def test_who_a_record_is_and_what_may_be_done_with_it_can_drift(shown: Snapshot) -> None:
    assert found(replace(shown, modified_at=LATER)) == Difference(drift=Drift.MISSED)


def test_a_stage_that_moved_there_is_told_as_the_field_it_is() -> None:
    stage = found(showing(LATER, stage=Stage.SQL))

    assert stage
    assert stage.fields == ("stage",)
