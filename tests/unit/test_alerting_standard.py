"""What is told while the standard is not in force, and when it is told anew."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from core_cases import POLICY, context, gate, standard, unsigned

from syncd.core.alerting_standard import unsigned_alert
from syncd.core.context import Context
from syncd.core.standard_digest import digest_of
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage

STANDARD = unsigned(standard(gate("need-stated")))
SIGNED = standard(gate("need-stated"))


def blocking(**given: Any) -> Context:
    ctx = context(STANDARD)
    return replace(ctx, policy=replace(POLICY, modes={Stage.SQL: Mode.BLOCK}), **given)


def test_it_names_the_gates_that_fall_back_why_and_what_to_do() -> None:
    found = unsigned_alert(blocking())

    assert found is not None
    assert found.alert.title == 'The standard is not in force: "sql" flags, and does not block'
    assert found.alert.why == ("It is not signed by marketing and sales.",)
    assert "`syncd standard sign --as marketing`" in found.alert.next_step


def test_past_its_review_the_next_step_is_to_look_through_it() -> None:
    overdue = replace(SIGNED, review_by=blocking().now.date() - timedelta(days=1))

    found = unsigned_alert(blocking(standard=overdue))

    assert found is not None
    assert "set a new `review_by`" in found.alert.next_step


@pytest.mark.parametrize("mode", [Mode.OBSERVE, Mode.FLAG])
def test_where_no_gate_would_block_nothing_falls_back_and_nothing_is_told(mode: Mode) -> None:
    assert (
        unsigned_alert(replace(blocking(), policy=replace(POLICY, modes={Stage.SQL: mode}))) is None
    )


def test_a_standard_in_force_is_not_told_about() -> None:
    assert unsigned_alert(blocking(standard=SIGNED)) is None


def test_a_state_that_lasts_keeps_its_key_and_another_content_has_its_own() -> None:
    first = unsigned_alert(blocking())
    assert first is not None
    tomorrow = blocking().now + timedelta(days=1)
    other = replace(STANDARD, version="2")
    assert digest_of(other) != digest_of(STANDARD)

    lasting = unsigned_alert(blocking(now=tomorrow), [first.key])
    changed = unsigned_alert(blocking(standard=other), [first.key])

    assert lasting is not None
    assert changed is not None
    assert (lasting.key == first.key, changed.key == first.key) == (True, False)
