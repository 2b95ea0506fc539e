"""One reason for each record that one CRM counts alone: the first that holds, never a guess."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from core_cases import CRM, NOW, REP, lead, side, side_map, transition

from syncd.domain.action import WriteKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Contest, Lead, Move, Pending, Refusal, Side, TwinAsked
from syncd.domain.names import STAGE, ActionKey, LeadId, PlanId, RecordId, System, TransitionId
from syncd.domain.stage import Stage, StageLine
from syncd.domain.stage_write import StageWrite
from syncd.domain.values import Seen, Unreadable
from syncd.measure.gap_reasons import SAYS, Case, Reason, reason_of
from syncd.measure.period import period_of

HUBSPOT, SALESFORCE = System.HUBSPOT, System.SALESFORCE
MARCH = period_of("2026-03", "America/New_York")
DAY = timedelta(days=1)
OTHERS = RecordId("00Q9")


def _case(known: Lead | None = None, **more: Any) -> Case:
    """A contact that HubSpot alone counts."""
    return Case(system=HUBSPOT, record_id=RecordId("101"), at=NOW, period=MARCH, lead=known, **more)


def _linked(shown: Seen = Stage.LEAD, **changes: Any) -> Lead:
    """MQL in HubSpot; this in Salesforce. `changes` are of the Salesforce side."""
    values: Mapping[Any, Seen] = {STAGE: shown}
    there = replace(side(SALESFORCE, values), **changes)
    return replace(lead(), sides={HUBSPOT: side(HUBSPOT, {STAGE: Stage.MQL}), SALESFORCE: there})


def _single(**changes: Any) -> Lead:
    return replace(lead(), sides={HUBSPOT: side(HUBSPOT, {STAGE: Stage.MQL})}, **changes)


def _write(kind: WriteKind, system: System, state: str, reason: str = "") -> StageWrite:
    return StageWrite(kind=kind, system=system, state=state, reason=reason, at=NOW + DAY)


def _parked(*, ignored: bool) -> Parked:
    return Parked(
        system=HUBSPOT,
        record_id=RecordId("101"),
        why="two leads have its address",
        candidates=(LeadId("a"), LeadId("b")),
        since=NOW,
        ignored=ignored,
    )


def _seen(**changes: Any) -> Lead:
    known = _linked()
    there: Side = known.sides[SALESFORCE]
    return _linked(seen=replace(there.seen, **changes))


MOVED = Move(
    transition=TransitionId("t-1"),
    sides=(HUBSPOT,),
    from_stage=Stage.LEAD,
    to_stage=Stage.MQL,
    at=NOW,
    seen_at=NOW,
    grace_ends=NOW + timedelta(minutes=5),
    actor=REP,
)
REFUSED = Refusal(move=transition(), times=1, refused_at=NOW, until=NOW + 30 * DAY)
TO_MQL = replace(REFUSED, move=replace(transition(), to_stage=Stage.MQL))
CONTESTED = Contest(since=NOW, to_stage=Stage.MQL, actor=REP, times=3)
ASKED = TwinAsked(system=SALESFORCE, at=NOW)
ON_ITS_WAY = Pending(key=ActionKey("k"), replaces=(Stage.LEAD,), writes=Stage.MQL)

CASES: list[tuple[Reason, Case]] = [
    (Reason.IGNORED, _case(parked=_parked(ignored=True))),
    (Reason.AMBIGUOUS, _case(parked=_parked(ignored=False))),
    (Reason.NOT_READ, _case()),
    (Reason.NOT_LINKED, _case(_single(), like=(OTHERS,))),
    (Reason.DELETED, _case(_single(apart=(OTHERS,)))),
    (Reason.REFUSED, _case(_single(twin=replace(ASKED, refused="a duplicate rule")))),
    (Reason.IN_FLIGHT, _case(_single(twin=ASKED))),
    (Reason.OUTSIDE, _case(_single())),
    (Reason.DELETED, _case(_linked(gone="deleted"))),
    (Reason.MERGED, _case(_linked(gone="merged into 00Q7"))),
    (Reason.TIME_ZONE, _case(_linked(), there_at=(MARCH.end - DAY,))),
    (Reason.OTHER_PERIOD, _case(_linked(), there_at=(MARCH.end + DAY,))),
    (Reason.CONTESTED, _case(replace(_linked(), contest=CONTESTED))),
    (Reason.IN_GRACE, _case(replace(_linked(), move=MOVED))),
    (Reason.HELD, _case(replace(_linked(), held=PlanId("plan-propagate")))),
    (Reason.HELD, _case(replace(_linked(), held=PlanId("plan-propagate"), move=MOVED))),
    (Reason.BLOCKED, _case(replace(_linked(), refusal=REFUSED))),
    (Reason.BLOCKED, _case(_linked(), writes=(_write(WriteKind.REVERT, HUBSPOT, "settled"),))),
    (Reason.IN_FLIGHT, _case(_linked(pending={STAGE: ON_ITS_WAY}))),
    (Reason.REFUSED, _case(_linked(), writes=(_write(WriteKind.PROPAGATE, SALESFORCE, "buried"),))),
    (
        Reason.OVERTAKEN,
        _case(_linked(), writes=(_write(WriteKind.PROPAGATE, SALESFORCE, "cancelled"),)),
    ),
    (Reason.RECYCLED, _case(replace(_linked(), recycled_at=NOW + DAY))),
    (Reason.CONVERTED, _case(_seen(locked="converted"))),
    (Reason.STAGE_MAPPING, _case(_linked(Unreadable(why="no line tells it; known are …")))),
    (Reason.BEFORE_SYNCD, _case(replace(_linked(), first_seen_at=NOW + DAY))),
    (Reason.JUMPED, _case(_linked(Stage.SQL))),
    (Reason.UNEXPLAINED, _case(_linked())),
]


@pytest.mark.parametrize(("reason", "case"), CASES, ids=[x.value for x, _ in CASES])
def test_what_is_known_of_a_record_gives_its_reason(reason: Reason, case: Case) -> None:
    assert reason_of(case, Stage.MQL, CRM)[0] is reason


def test_every_reason_can_be_given_and_each_has_words() -> None:
    assert {x for x, _ in CASES} == set(Reason)
    assert SAYS.keys() == set(Reason)


def test_a_stage_that_the_other_crm_has_no_line_for_is_a_matter_of_the_maps() -> None:
    lines = tuple(x for x in side_map(SALESFORCE).stages if x.stage is not Stage.MQL)
    crm = replace(CRM, sides={**CRM.sides, SALESFORCE: replace(side_map(SALESFORCE), stages=lines)})

    found = reason_of(_case(_linked()), Stage.MQL, crm)

    assert found == (Reason.STAGE_MAPPING, "crm.yaml has no line to write mql there")


def test_a_read_only_line_is_none_to_write() -> None:
    read_only = StageLine(stage=Stage.MQL, values={"status": "mql"}, read_only=True)
    map_ = replace(side_map(SALESFORCE), stages=(read_only,))
    crm = replace(CRM, sides={**CRM.sides, SALESFORCE: map_})

    assert reason_of(_case(_linked()), Stage.MQL, crm)[0] is Reason.STAGE_MAPPING


def test_a_record_that_is_gone_is_not_excused_by_a_date_it_once_had() -> None:
    case = _case(_linked(gone="deleted"), there_at=(MARCH.end + DAY,))

    assert reason_of(case, Stage.MQL, CRM)[0] is Reason.DELETED


def test_a_move_taken_back_says_more_than_another_month_long_ago() -> None:
    case = _case(replace(_linked(), refusal=REFUSED), there_at=(datetime(2025, 9, 1, tzinfo=UTC),))

    assert reason_of(case, Stage.MQL, CRM)[0] is Reason.BLOCKED


@pytest.mark.parametrize(
    "write",
    [
        replace(_write(WriteKind.REVERT, HUBSPOT, "settled"), at=NOW - DAY),
        replace(_write(WriteKind.PROPAGATE, SALESFORCE, "buried"), at=NOW - DAY),
        _write(WriteKind.PROPAGATE, HUBSPOT, "buried"),
        _write(WriteKind.REVERT, SALESFORCE, "settled"),
        _write(WriteKind.PROPAGATE, SALESFORCE, "settled"),
    ],
    ids=["reverted before", "refused before", "refused here", "reverted there", "went well"],
)
def test_a_write_of_another_time_or_place_explains_nothing(write: StageWrite) -> None:
    assert reason_of(_case(_linked(), writes=(write,)), Stage.MQL, CRM)[0] is Reason.UNEXPLAINED


def test_what_is_held_up_below_the_stage_explains_nothing_about_it() -> None:
    low = replace(MOVED, to_stage=Stage.LEAD)
    down = replace(ON_ITS_WAY, writes=Stage.NURTURE)
    refused = replace(REFUSED, move=replace(transition(), to_stage=Stage.LEAD))
    frozen = replace(CONTESTED, to_stage=Stage.LEAD)

    held_up = replace(_linked(pending={STAGE: down}), move=low, refusal=refused, contest=frozen)
    case = _case(held_up)

    assert reason_of(case, Stage.MQL, CRM)[0] is Reason.UNEXPLAINED


@pytest.mark.parametrize(
    ("there", "reason"),
    [(MARCH.start, Reason.TIME_ZONE), (MARCH.end, Reason.OTHER_PERIOD)],
    ids=["its first moment", "the one after its last"],
)
def test_a_month_holds_its_first_moment_and_not_the_next_months(
    there: datetime, reason: Reason
) -> None:
    case = _case(_linked(), there_at=(there,))

    assert reason_of(case, Stage.MQL, CRM)[0] is reason


def test_who_stands_at_the_stage_there_without_any_date_did_not_jump_over_it() -> None:
    assert reason_of(_case(_linked(Stage.MQL)), Stage.MQL, CRM)[0] is Reason.UNEXPLAINED


def test_a_recycling_before_it_came_to_the_stage_explains_nothing() -> None:
    earlier = replace(_linked(), recycled_at=NOW - DAY)

    assert reason_of(_case(earlier), Stage.MQL, CRM)[0] is Reason.UNEXPLAINED


def test_what_happened_as_syncd_first_saw_the_lead_was_not_before() -> None:
    known = replace(_linked(), first_seen_at=NOW)

    assert reason_of(_case(known), Stage.MQL, CRM)[0] is Reason.UNEXPLAINED


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (_case(replace(_linked(), recycled_at=NOW)), Reason.RECYCLED),
        (_case(replace(_linked(), refusal=TO_MQL)), Reason.BLOCKED),
        (
            _case(
                _linked(),
                writes=(replace(_write(WriteKind.PROPAGATE, SALESFORCE, "buried"), at=NOW),),
            ),
            Reason.REFUSED,
        ),
    ],
    ids=["recycled", "refused to that very stage", "refused"],
)
def test_what_happened_at_that_very_moment_or_stage_explains_it(case: Case, reason: Reason) -> None:
    assert reason_of(case, Stage.MQL, CRM)[0] is reason


def test_of_several_dates_there_the_nearest_is_told() -> None:
    case = _case(_linked(), there_at=(datetime(2025, 9, 1, tzinfo=UTC), MARCH.end + DAY))

    found = reason_of(case, Stage.MQL, CRM)

    assert found == (Reason.OTHER_PERIOD, f"Salesforce has {MARCH.end + DAY:%Y-%m-%d %H:%M} UTC")


def test_a_record_of_the_kind_that_conversion_makes_was_converted() -> None:
    became = replace(side_map(SALESFORCE), converted_kind="contact")
    crm = replace(CRM, sides={**CRM.sides, SALESFORCE: became})

    found = reason_of(_case(_seen(kind="contact")), Stage.MQL, crm)

    assert found[0] is Reason.CONVERTED
