"""One lead of two: whose record stays, and what is remembered."""

from dataclasses import replace
from datetime import timedelta

from core_cases import NOW, waiver
from decide_cases import HUBSPOT, SALESFORCE

from syncd.core.unite import unite
from syncd.domain.lead import Lead, Round, Side, TwinAsked, WaiverAsked
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage


def side(record_id: str, system: System = HUBSPOT, gone: str | None = None) -> Side:
    seen = Snapshot(
        system=system,
        record_id=RecordId(record_id),
        kind="x",
        created_at=NOW,
        modified_at=NOW,
        values={},
    )
    return Side(
        system=system,
        record_id=RecordId(record_id),
        seen=seen,
        baseline={},
        stage_since=NOW,
        gone=gone,
    )


def lead(name: str, *sides: Side) -> Lead:
    return Lead(
        id=LeadId(name),
        cycle=1,
        stage=Stage.LEAD,
        first_seen_at=NOW,
        sides={x.system: x for x in sides},
    )


def test_each_brings_its_record_and_the_joined_one_knows_why() -> None:
    united = unite(lead("a", side("1")), lead("b", side("00Q1", SALESFORCE)), why="the reason")

    assert united.id == "a"
    assert (united.sides[HUBSPOT].why_linked, united.sides[SALESFORCE].why_linked) == (
        "",
        "the reason",
    )


def test_where_both_have_a_record_the_kept_leads_stays_and_the_other_is_still_found() -> None:
    united = unite(lead("a", side("1")), lead("b", side("2")), why="")

    assert (united.sides[HUBSPOT].record_id, united.sides[HUBSPOT].former) == ("1", ("2",))


def test_a_record_that_was_merged_away_gives_way() -> None:
    united = unite(lead("a", side("1")), lead("b", side("2")), away=[RecordId("1")], why="")

    assert (united.sides[HUBSPOT].record_id, united.sides[HUBSPOT].former) == ("2", ("1",))


def test_a_record_that_is_gone_gives_way() -> None:
    united = unite(lead("a", side("1", gone="deleted")), lead("b", side("2")), why="")

    assert united.sides[HUBSPOT].record_id == "2"


def test_where_both_give_way_the_kept_leads_stays() -> None:
    away = [RecordId("1"), RecordId("2")]

    united = unite(lead("a", side("1")), lead("b", side("2")), away=away, why="")

    assert united.sides[HUBSPOT].record_id == "1"


def test_what_holds_for_either_holds_for_both() -> None:
    asked = TwinAsked(system=SALESFORCE, at=NOW)
    one = replace(lead("a", side("1")), recycles=2, stage=Stage.SQL)
    two = replace(
        lead("b", side("00Q1", SALESFORCE)),
        cool_off_until=NOW + timedelta(days=1),
        twin=asked,
        cycle=4,
    )

    united = unite(one, two, why="")

    assert (united.recycles, united.stage, united.cycle, united.twin) == (2, Stage.SQL, 4, asked)
    assert united.cool_off_until == NOW + timedelta(days=1)


def test_rounds_of_both_are_remembered_in_their_order_and_requests_for_waivers_too() -> None:
    rounds = [
        Round(cycle=n, opened_at=NOW, closed_at=NOW + n * timedelta(days=1), owner=None, why="x")
        for n in range(6)
    ]
    asked = WaiverAsked(id="w-1", waiver=waiver("need-stated"), asked_at=NOW)
    kept = replace(lead("a"), rounds=tuple(rounds[1::2]), recycled_at=NOW)
    dropped = replace(lead("b"), rounds=tuple(rounds[::2]), asked=(asked,))

    united = unite(kept, dropped, why="")

    assert [x.cycle for x in united.rounds] == [1, 2, 3, 4, 5]
    assert united.recycled_at == NOW
    assert [x.waiver.lead_id for x in united.asked] == ["a"]


def test_records_are_set_apart_no_longer_from_the_lead_that_has_them() -> None:
    one = replace(lead("a", side("1")), apart=(RecordId("00Q1"), RecordId("00Q9")))
    two = replace(lead("b", side("00Q1", SALESFORCE)), apart=(RecordId("1"),))

    assert unite(one, two, why="").apart == ("00Q9",)


def test_a_record_merged_away_gives_way_even_to_one_that_is_gone() -> None:
    winner = lead("b", side("2", gone="deleted"))

    united = unite(lead("a", side("1")), winner, away=[RecordId("1")], why="")

    assert (united.sides[HUBSPOT].record_id, united.sides[HUBSPOT].gone) == ("2", "deleted")


def test_and_so_does_one_that_was_merged_away_some_time_ago() -> None:
    merged = lead("a", side("1", gone="merged into 2"))

    united = unite(merged, lead("b", side("2", gone="deleted")), why="")

    assert united.sides[HUBSPOT].record_id == "2"
