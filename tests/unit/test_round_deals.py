"""What a round's deals came to: which of them are its own, and whether they are won or lost."""

from story_cases import at, deal, moved, recycled, rounds_of, row_of, story, won

from syncd.domain.deal import Deal
from syncd.domain.names import System
from syncd.domain.stage import Stage

TO_MQL = moved("t-1", Stage.LEAD, Stage.MQL, 0)


def lost(name: str, made: float, closed: float, reason: str = "price") -> Deal:
    return deal(name, made, is_closed=True, closes_at=at(closed), lost_reason=reason)


def test_a_deal_is_of_the_round_in_which_it_was_made() -> None:
    again = moved("t-2", Stage.NURTURE, Stage.MQL, 6)
    deals = (lost("d-1", 1, 3), won("d-2", 7, 9))

    first, second = rounds_of(story(TO_MQL, recycled(1, 5), again, *deals, cycle=2))

    assert (first["lost_at"], first["won_at"]) == (at(3), None)
    assert (second["lost_at"], second["won_at"]) == (None, at(9))


def test_a_deal_that_was_there_first_is_of_the_first_round_unless_it_was_over_by_then() -> None:
    assert row_of(TO_MQL, won("d", -2, 1))["won_at"] == at(1)
    assert row_of(TO_MQL, won("d", -2, -1))["won_at"] is None
    assert row_of(won("d", -2, -1))["won_at"] == at(-1)


def test_a_lead_with_a_deal_that_is_still_open_is_not_lost() -> None:
    row = row_of(TO_MQL, lost("d-1", 1, 3), deal("d-2", 2))

    assert (row["lost_at"], row["open_amount"], row["won_amount"]) == (None, 100.0, None)


def test_a_customer_is_won_since_the_stage_says_so_whatever_its_deals_say() -> None:
    bought = moved("t-2", Stage.MQL, Stage.CUSTOMER, 5)

    row = row_of(TO_MQL, bought, lost("d", 1, 3))

    assert (row["won_at"], row["lost_at"], row["lost_reason"]) == (at(5), None, None)


def test_a_lead_is_won_with_its_first_won_deal_and_lost_with_its_last() -> None:
    many = (won("d-1", 1, 7), won("d-2", 1, 4), lost("d-3", 1, 9))

    assert row_of(TO_MQL, *many)["won_at"] == at(4)
    assert row_of(TO_MQL, *many)["won_amount"] == 200.0
    over = row_of(TO_MQL, lost("d-1", 1, 9, "time"), lost("d-2", 1, 4))
    assert (over["lost_at"], over["lost_reason"]) == (at(9), "time")


def test_of_two_crms_the_one_that_tells_of_a_win_counts_else_the_one_that_tells_more() -> None:
    two = (deal("d-1", 1), deal("d-2", 2))

    def told(*theirs: Deal) -> object:
        deals = {System.SALESFORCE: theirs, System.HUBSPOT: two}
        row = row_of(TO_MQL, deals=deals)
        return row["won_amount"], row["open_amount"]

    assert told(won("s-1", 1, 3)) == (100.0, None)
    assert told(lost("s-1", 1, 3)) == (None, 200.0)


def test_nothing_is_known_of_the_worth_of_deals_without_an_amount() -> None:
    row = row_of(TO_MQL, deal("d", 1, amount=None))

    assert (row["open_amount"], row["opportunity_at"]) == (None, at(1))
