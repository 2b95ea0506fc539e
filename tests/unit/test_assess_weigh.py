"""When counts say something, and what a gap costs in the company's own numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.assess.examine import Result, Score, most_urgent, scored
from syncd.measure.assess.finding import Answer, CannotSee, Check, Cost, Gap, Group, Sound
from syncd.measure.assess.leads import has, is_decided, worth
from syncd.measure.assess.sight import LeadSight, SideSight, Sight
from syncd.measure.assess.weigh import Asked, says_something, share, share_with_cost
from syncd.measure.shares import Rate

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PHONE = FieldName("phone")


def lead(*, phone: bool, won: bool, amount: float | None = 1_000.0) -> LeadSight:
    deal = Deal(id="1", is_closed=True, is_won=won, amount=amount, closes_at=NOW)
    side = SideSight(
        record=RecordId("00Q"),
        stage=Stage.SQL,
        spelled="",
        filled=frozenset({PHONE} if phone else ()),
        steps=(),
    )
    return LeadSight(
        name="Lee", sides={System.SALESFORCE: side}, deals={System.SALESFORCE: (deal,)}
    )


def sight(leads: Sequence[LeadSight]) -> Sight:
    crm = CrmMap(sides={}, fields={}, marks={}, name=(), company=None, source=None)
    return Sight(now=NOW, crm=crm, guessed=False, places={}, leads=tuple(leads))


def of_phones(leads: Sequence[LeadSight]) -> object:
    asked = Asked(of=leads, whom="SQLs", wrong=lambda x: not has(x, PHONE), show="have no phone")
    return share_with_cost(sight(leads), asked)


def crowd(with_phone: tuple[int, int], without: tuple[int, int]) -> list[LeadSight]:
    """(won, lost) of each."""
    return [
        *(lead(phone=True, won=True) for _ in range(with_phone[0])),
        *(lead(phone=True, won=False) for _ in range(with_phone[1])),
        *(lead(phone=False, won=True) for _ in range(without[0])),
        *(lead(phone=False, won=False) for _ in range(without[1])),
    ]


def test_the_cost_is_the_difference_in_wins_times_what_a_win_brings() -> None:
    answer = of_phones(crowd((30, 30), (5, 45)))

    assert isinstance(answer, Gap)
    assert answer.says == "50 of 110 SQLs (45.5 %) have no phone"
    assert answer.cost
    assert answer.cost.amount == pytest.approx(50 * (0.5 - 0.1) * 1_000)
    assert "of 50 decided leads with this gap 5 were won" in answer.cost.how


def test_a_difference_that_may_be_chance_costs_nothing_that_could_be_told() -> None:
    answer = of_phones(crowd((16, 34), (14, 36)))
    assert isinstance(answer, Gap)
    assert answer.cost is None


def test_those_with_the_gap_who_win_more_often_cost_nothing() -> None:
    answer = of_phones(crowd((5, 45), (30, 30)))
    assert isinstance(answer, Gap)
    assert answer.cost is None


def test_without_amounts_there_is_no_cost() -> None:
    leads = [
        *(lead(phone=True, won=n < 30, amount=None) for n in range(60)),
        *(lead(phone=False, won=False) for _ in range(50)),
    ]
    answer = of_phones(leads)
    assert isinstance(answer, Gap)
    assert answer.cost is None


def test_few_say_nothing() -> None:
    assert share(Rate(9, 9), "leads", "are odd") == CannotSee(
        "9 of 9 leads are odd: too few to say"
    )


def test_what_nine_wins_brought_tells_no_average() -> None:
    leads = [
        *(lead(phone=True, won=n < 30, amount=1_000.0 if n < 9 else None) for n in range(60)),
        *(lead(phone=False, won=False, amount=None) for _ in range(50)),
    ]
    answer = of_phones(leads)
    assert isinstance(answer, Gap)
    assert answer.cost is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["Other"] * 6 + ["Too dear"] * 5, Gap),
        (["Other"] * 5 + ["Too dear"] * 5 + ["No time"], Sound),
        (["Too dear"] * 11, Gap),
        (["Too dear"] * 9, CannotSee),
    ],
)
def test_reasons_say_something_unless_most_are_none_or_all_are_one(
    given: Sequence[str], told: type[Answer]
) -> None:
    assert isinstance(says_something(given, "reasons"), told)


def test_of_none_nothing_is_said() -> None:
    assert share(Rate(0, 0), "leads", "are odd") == CannotSee("there are no leads")


def test_a_share_of_few_shows_its_interval() -> None:
    answer = share(Rate(5, 20), "leads", "are odd")
    assert isinstance(answer, Gap)
    assert answer.says == "5 of 20 leads (25.0 %, interval 11.2 to 46.9 %) are odd"


def test_one_in_twenty_is_tolerated_and_more_is_a_gap() -> None:
    assert isinstance(share(Rate(5, 100), "leads", "are odd"), Sound)
    assert isinstance(share(Rate(6, 100), "leads", "are odd"), Gap)


def result(answer: Answer, *, weight: int = 2) -> Result:
    check = Check(
        id="x",
        group=Group.SLA,
        title="",
        looks="",
        why="",
        fix="",
        weight=weight,
        ask=lambda _: answer,
    )
    return Result(check, answer)


def test_a_wide_gap_takes_all_points_a_narrow_one_half_and_blindness_none() -> None:
    found = scored(
        [
            result(Sound("")),
            result(Gap(says="", rate=Rate(10, 100))),
            result(Gap(says="", rate=Rate(30, 100))),
            result(CannotSee("")),
        ]
    )

    assert found == Score(value=50, sound=1, gaps=2, unseen=1)


def test_where_more_than_half_cannot_be_seen_there_is_no_score() -> None:
    unseen = result(CannotSee(""), weight=3)

    assert scored([result(Sound("")), unseen]).value is None
    assert scored([result(Sound("")), result(Sound("")), unseen]).value == 100


def test_what_takes_most_points_is_fixed_first_and_of_these_what_costs_most() -> None:
    heavy = result(Gap(says="heavy"), weight=3)
    dear = result(Gap(says="dear", rate=Rate(30, 100), cost=Cost(9.0, "")))
    wide = result(Gap(says="wide", rate=Rate(90, 100), cost=Cost(5.0, "")))
    narrow = result(Gap(says="narrow", rate=Rate(10, 100), cost=Cost(99.0, "")), weight=3)

    found = most_urgent([narrow, wide, dear, heavy, result(Sound("")), result(CannotSee(""))])

    assert found == (heavy, dear, wide)


def test_of_equal_gaps_the_one_that_surely_touches_more_is_first() -> None:
    few = result(Gap(says="few", rate=Rate(10, 10)))
    many = result(Gap(says="many", rate=Rate(900, 1_000)))

    assert most_urgent([few, many]) == (many, few)


def test_a_lead_with_an_open_deal_is_not_decided() -> None:
    lost = lead(phone=True, won=False)
    (deal,) = lost.deals[System.SALESFORCE]
    still = replace(lost, deals={System.SALESFORCE: (deal, replace(deal, is_closed=False))})

    assert is_decided(lost)
    assert not is_decided(still)


def test_what_was_won_is_counted_in_one_crm() -> None:
    won = lead(phone=True, won=True)
    (deal,) = won.deals[System.SALESFORCE]
    copied = replace(won, deals={x: (replace(deal, amount=900.0),) for x in System})

    assert worth(copied) == 900.0
