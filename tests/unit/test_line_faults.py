"""The proof `check` runs over the stage lines."""

from collections.abc import Mapping

from syncd.core.stages import line_faults
from syncd.domain.stage import Stage, StageLine


def line(stage: Stage, values: Mapping[str, str], *, read_only: bool = False) -> StageLine:
    return StageLine(stage=stage, values=values, read_only=read_only)


def test_lines_that_reset_each_other_are_sound() -> None:
    lines = (
        line(Stage.NURTURE, {"lifecyclestage": "lead", "hs_lead_status": "BAD_TIMING"}),
        line(Stage.LEAD, {"lifecyclestage": "lead", "hs_lead_status": ""}),
    )
    assert line_faults(lines) == ()


def test_a_line_that_leaves_another_standing_is_named_with_it() -> None:
    lines = (
        line(Stage.NURTURE, {"hs_lead_status": "BAD_TIMING"}),
        line(Stage.MQL, {"lifecyclestage": "mql"}),
    )
    assert line_faults(lines) == (
        'mql (lifecyclestage "mql"), written over nurture (hs_lead_status "BAD_TIMING"), '
        "reads back as nurture: let it name hs_lead_status too, or make it read-only",
    )


def test_a_line_that_is_never_written_may_leave_another_standing() -> None:
    lines = (
        line(Stage.NURTURE, {"hs_lead_status": "BAD_TIMING"}),
        line(Stage.MQL, {"lifecyclestage": "mql"}, read_only=True),
    )
    assert line_faults(lines) == ()


def test_two_spellings_of_one_stage_may_leave_each_other_standing() -> None:
    lines = (
        line(Stage.NURTURE, {"hs_lead_status": "BAD_TIMING"}),
        line(Stage.NURTURE, {"lifecyclestage": "nurture"}),
    )
    assert line_faults(lines) == ()


def test_a_conversion_is_left_aside_for_no_write_undoes_it() -> None:
    lines = (
        line(Stage.OPPORTUNITY, {"IsConverted": "true"}, read_only=True),
        line(Stage.SQL, {"Status": "Sales Qualified"}),
    )
    assert line_faults(lines) == ()


def test_a_read_only_line_told_by_written_properties_must_be_reset() -> None:
    lines = (
        line(Stage.CUSTOMER, {"hs_lead_status": "WON"}, read_only=True),
        line(Stage.SQL, {"lifecyclestage": "sql"}),
        line(Stage.LEAD, {"lifecyclestage": "lead", "hs_lead_status": ""}),
    )
    (fault,) = line_faults(lines)
    assert fault.startswith('sql (lifecyclestage "sql"), written over customer')


def test_two_lines_that_say_the_same_are_named() -> None:
    lines = (line(Stage.SAL, {"Status": "Working"}), line(Stage.SQL, {"Status": "Working"}))
    assert line_faults(lines) == (
        'sal (Status "Working") and sql (Status "Working") say exactly the same: drop one',
    )


def test_a_line_that_is_never_reached_is_named_with_the_one_before_it() -> None:
    lines = (
        line(Stage.OPPORTUNITY, {"IsConverted": "true"}, read_only=True),
        line(Stage.CUSTOMER, {"IsConverted": "true", "Won": "true"}, read_only=True),
    )
    assert line_faults(lines) == (
        'customer (IsConverted "true", Won "true") is never reached: '
        'opportunity (IsConverted "true") stands before it, move it up',
    )


def test_every_fault_is_told_at_once() -> None:
    lines = (
        line(Stage.LEAD, {}),
        line(Stage.MQL, {"Status": "Marketing"}),
        line(Stage.SQL, {"Status": "Sales"}),
    )
    assert [fault.split(" ")[0] for fault in line_faults(lines)] == ["mql", "sql"]
