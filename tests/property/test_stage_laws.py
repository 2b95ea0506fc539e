"""Laws of stages: lines that pass the proof keep it, and a history may stutter."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product

from core_cases import plain_side
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from syncd.core.stages import line_faults, read_stage, stage_steps
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import Directory, PropertyChange
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import Unreadable

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})
NAMES = ["a", "b", "c"]

TEXTS = ["", "x", "y"]
EVERY_RECORD = [dict(zip(NAMES, texts, strict=True)) for texts in product(TEXTS, repeat=3)]

text = st.sampled_from(TEXTS)
record = st.fixed_dictionaries(dict.fromkeys(NAMES, text))
line = st.builds(
    StageLine,
    stage=st.sampled_from(Stage),
    values=st.dictionaries(st.sampled_from(NAMES), text, min_size=1),
    read_only=st.booleans(),
)
lines = st.lists(line, min_size=1, max_size=4).map(tuple)


@given(lines=lines, before=record)
def test_lines_without_fault_read_back_whatever_they_were_written_over(
    lines: tuple[StageLine, ...], before: Mapping[str, str]
) -> None:
    assume(not line_faults(lines))
    written = {name for x in lines if not x.read_only for name in x.values}
    beyond = [x for x in lines if not x.values.keys() <= written]
    for target in lines:
        after = {**before, **target.values}
        if target.read_only or any(x.values.items() <= after.items() for x in beyond):
            continue  # a conversion stays what it is
        assert read_stage(after, lines) is target.stage


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # most drawn lines are sound
@given(lines=lines)
def test_a_fault_is_only_told_of_lines_that_fail_somewhere(lines: tuple[StageLine, ...]) -> None:
    assume(line_faults(lines))
    misread = any(
        read_stage({**before, **target.values}, lines) is not target.stage
        for target in lines
        for before in EVERY_RECORD
        if not target.read_only
    )
    first = [next((x for x in lines if x.values.items() <= r.items()), None) for r in EVERY_RECORD]
    assert misread or any(all(x is not target for x in first) for target in lines)


@given(lines=lines, before=record, hidden=st.sets(st.sampled_from(NAMES)))
def test_what_cannot_be_read_makes_doubt_but_never_another_stage(
    lines: tuple[StageLine, ...], before: Mapping[str, str], hidden: set[str]
) -> None:
    seen = {name: value for name, value in before.items() if name not in hidden}
    told = read_stage(seen, lines)
    assert isinstance(told, Unreadable) or told is read_stage(before, lines)


change = st.builds(
    PropertyChange,
    name=st.sampled_from(NAMES),
    value=text,
    at=st.integers(min_value=0, max_value=90).map(lambda s: T0 + timedelta(seconds=s)),
    actor_id=st.sampled_from(["1", "2"]),
    by_person=st.just(True),
    by_syncd=st.booleans(),
)
history = st.lists(change, max_size=8).map(lambda x: sorted(x, key=lambda y: y.at))


def side_of(told: tuple[StageLine, ...]) -> SideMap:
    return plain_side(System.HUBSPOT, told)


@given(changes=history, now=record, lines=lines, data=st.data())
def test_entries_read_twice_change_nothing(
    changes: list[PropertyChange],
    now: Mapping[str, str],
    lines: tuple[StageLine, ...],
    data: st.DataObject,
) -> None:
    again = data.draw(st.lists(st.sampled_from(changes), max_size=5)) if changes else []
    side = side_of(lines)
    once = stage_steps(changes, now, side, NOBODY)
    assert stage_steps([*changes, *again], now, side, NOBODY) == once


@given(changes=history, lines=lines)
def test_the_last_step_is_the_stage_the_record_shows(
    changes: list[PropertyChange], lines: tuple[StageLine, ...]
) -> None:
    now = dict.fromkeys(NAMES, "") | {x.name: x.value for x in dict.fromkeys(changes)}
    found = stage_steps(changes, now, side_of(lines), NOBODY)
    told = read_stage(now, lines)
    assume(found)
    assert found[-1].stage is (None if isinstance(told, Unreadable) else told)
