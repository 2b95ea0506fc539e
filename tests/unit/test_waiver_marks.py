"""Exceptions that hold are shown on the record, for the CRM's own guards to see."""

from dataclasses import replace
from datetime import datetime, timedelta

from core_cases import NOW, waiver
from decide_cases import MARKS, context, known, marks

from syncd.core.decide import decide
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import FieldName, System
from syncd.domain.stage import Stage
from syncd.domain.values import Value

SHOWN, UNTIL = MARKS[Mark.WAIVED], MARKS[Mark.WAIVED_UNTIL]
TOMORROW = NOW + timedelta(days=1)


def shown(lead: Lead) -> dict[FieldName, Value]:
    found = marks(decide(lead, {}, context()), System.SALESFORCE)
    return {name: value for name, value in found.items() if name in (SHOWN, UNTIL)}


def showing(waived: str, until: datetime) -> Lead:
    values: dict[str, Value] = {SHOWN: waived, UNTIL: until}
    return known(Stage.MQL, **values)


def test_a_waiver_is_shown_with_its_gate_its_rules_and_its_end() -> None:
    granted = waiver("budget-confirmed", "score", expires_at=TOMORROW)

    found = shown(replace(known(Stage.MQL), waivers=(granted,)))

    assert found == {SHOWN: "sql/budget-confirmed;sql/score;", UNTIL: TOMORROW}


def test_an_end_within_a_second_is_shown_as_the_whole_second_after_it() -> None:
    late = TOMORROW + timedelta(microseconds=999_999)

    found = shown(replace(known(Stage.MQL), waivers=(waiver("a", expires_at=late),)))

    assert found[UNTIL] == TOMORROW + timedelta(seconds=1)


def test_what_is_shown_already_is_not_written_again() -> None:
    granted = waiver("a", expires_at=TOMORROW)
    lead = showing("sql/a;", TOMORROW)

    assert not shown(replace(lead, waivers=(granted,)))


def test_a_waiver_that_has_ended_is_taken_away() -> None:
    over = waiver("a", expires_at=NOW)
    lead = showing("sql/a;", NOW)

    assert shown(replace(lead, waivers=(over,))) == {SHOWN: None, UNTIL: None}


def test_a_waiver_of_another_round_is_not_shown() -> None:
    assert not shown(replace(known(Stage.MQL), waivers=(waiver("a", cycle=2),)))
