"""A record as it stood before it was read, going by its history."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core_cases import NOW, side

from syncd.core.rewind import rewound
from syncd.core.transitions import TICK
from syncd.domain.names import STAGE, System
from syncd.domain.record import PropertyChange, Snapshot
from syncd.domain.stage import Stage, StageLine

HOUR = timedelta(hours=1)
LINES = (
    StageLine(stage=Stage.OPPORTUNITY, values={"IsConverted": "true"}, read_only=True),
    StageLine(stage=Stage.SQL, values={"Status": "Qualified"}),
    StageLine(stage=Stage.LEAD, values={"Status": "Open"}),
)
READ = side(System.SALESFORCE, {STAGE: Stage.SQL}).seen
SHOWN = {"Status": "Qualified", "IsConverted": False}


def change(
    at: datetime, value: str, *, name: str = "Status", before: str | None = None
) -> PropertyChange:
    return PropertyChange(
        name=name,
        value=value,
        before=before,
        at=at,
        actor_id="u1",
        by_person=True,
        by_syncd=False,
    )


def an_hour_before(*changes: PropertyChange, shown: Mapping[str, object] | None = None) -> Snapshot:
    return rewound(READ, shown or SHOWN, changes, LINES, to=NOW - HOUR)


def test_the_last_change_before_tells_the_stage_there_was() -> None:
    then = an_hour_before(change(NOW - 2 * HOUR, "Open"), change(NOW, "Qualified"))

    assert then.values[STAGE] is Stage.LEAD


def test_a_history_that_begins_later_tells_it_by_what_was_replaced() -> None:
    then = an_hour_before(change(NOW, "Qualified", before="Open"))

    assert then.values[STAGE] is Stage.LEAD


def test_of_several_changes_since_the_first_one_counts() -> None:
    then = an_hour_before(
        change(NOW - HOUR, "Qualified", before="Open"),
        change(NOW, "Open", before="Qualified"),
    )

    assert then.values[STAGE] is Stage.LEAD


def test_a_property_that_was_set_for_the_first_time_was_empty() -> None:
    assert an_hour_before(change(NOW, "Qualified")).values[STAGE] is Stage.NONE


def test_what_has_no_history_was_what_it_is() -> None:
    then = an_hour_before(
        change(NOW, "true", name="IsConverted", before="false"),
        shown={"Status": "Qualified", "IsConverted": True},
    )

    assert then.values[STAGE] is Stage.SQL


def test_what_came_after_is_news_to_the_next_reader() -> None:
    then = an_hour_before(change(NOW - HOUR, "Qualified", before="Open"))

    assert then.modified_at + TICK == NOW - HOUR


def test_a_record_that_did_not_move_since_is_as_it_was_read() -> None:
    assert an_hour_before(change(NOW - HOUR - TICK, "Qualified")) is READ


def test_a_stage_nobody_knows_is_not_gone_back_to() -> None:
    assert an_hour_before(change(NOW, "Qualified", before="Prospect")) is READ
