"""Scripts of a handoff's clock: who is told what, by when, in which country's time."""

from datetime import UTC, datetime
from pathlib import Path

from scripts import play

from syncd.domain.stage import Stage


def test_a_lead_nobody_takes_on_is_told_of_at_each_rung_and_goes_back(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 11:59").sees("sales", "New MQL for sales: Ana")
        script.at("Mon 12:05").sees("sales", "Ana … is waiting to be accepted")
        script.at("Mon 13:00").sees("managers")
        script.at("Mon 13:05").sees("managers", "Ana … was not accepted in time")
        script.at("Mon 14:05").sees(
            "managers", "Ana … was not accepted in time, and it still waits"
        )
        script.at("Mon 16:00").stands(ana, Stage.MQL)
        script.at("Mon 16:05").sees("marketing", "Ana … went back to Nurture")
        script.at("Tue 09:00").stands(ana, Stage.NURTURE)
        script.shows("New MQL for sales: Ana", "Expired and recycled")


def test_a_lead_accepted_in_salesforce_in_time_is_told_of_no_more(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 11:00").sees("sales", "New MQL for sales: Ana")
        script.rep_sets(ana, Status="Working")
        script.at("Fri 17:00").stands(ana, Stage.SAL)
        script.shows("New MQL for sales: Ana", "Accepted by rita@example.com")


def test_a_lead_accepted_in_hubspot_in_time_is_told_of_no_more(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 11:00").sees("sales", "New MQL for sales: Ana")
        script.rita_in_hubspot.edit(ana.hs, {"hs_lead_status": "IN_PROGRESS"})
        script.at("Fri 17:00").stands(ana, Stage.SAL)
        script.shows("New MQL for sales: Ana", "Accepted by rita@example.com")


def test_a_lead_accepted_after_the_warning_is_no_breach(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 12:30").sees("sales", "New MQL for sales: Ana", "is waiting to be accepted")
        script.rep_sets(ana, Status="Working")
        script.at("Tue 17:00").stands(ana, Stage.SAL)


def test_a_lead_accepted_after_the_breach_is_not_taken_away(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 13:30").sees("sales", "New MQL for sales: Ana", "is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")
        script.rep_sets(ana, Status="Working")
        script.at("Tue 17:00").stands(ana, Stage.SAL)
        script.shows("was not accepted in time", "Accepted by rita@example.com")


def test_a_weekend_counts_for_nothing(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.asleep_until("Fri 14:50").at("Fri 15:00")
        script.offered("ana")
        script.at("Mon 09:59").sees("sales", "New MQL for sales: Ana")
        script.at("Mon 10:05").sees("sales", "is waiting to be accepted: due in 57 minutes")
        script.at("Mon 11:00").sees("managers")
        script.at("Mon 11:05").sees("managers", "was not accepted in time")


def test_a_lead_that_comes_at_night_begins_to_count_in_the_morning(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 21:00")
        script.offered("ana")
        script.at("Tue 11:59").sees("sales", "New MQL for sales: Ana")
        script.at("Tue 13:05").sees("sales", "is waiting to be accepted")
        script.sees("managers", "was not accepted in time")


def test_a_long_weekend_in_two_countries_holds_both_clocks_and_no_third_one(tmp_path: Path) -> None:
    with play(tmp_path, start=datetime(2026, 5, 22, 18, 30, tzinfo=UTC)) as script:
        script.at("Fri 19:00")
        script.offered("gerd", "Germany")  # Whit Monday
        script.offered("amy", "USA")  # Memorial Day; it is 15:00 in New York
        script.offered("ida", "Italy")
        script.at("Fri 19:30").sees("sales", "sales: Gerd", "sales: Amy", "sales: Ida")
        script.at("Mon 12:59").sees("sales", "Ida … is waiting to be accepted")
        script.at("Mon 23:00").sees("managers", "Ida … not accepted", "Ida … still waits")
        script.sees("marketing", "Ida … went back")
        script.at("Tue 10:59").sees("sales", "Gerd … is waiting")
        script.at("Tue 11:05").sees("managers", "Gerd … was not accepted in time")
        script.at("Tue 14:59").sees("sales", "Amy … is waiting")
        script.sees("marketing", "Gerd … went back")
        script.at("Tue 15:05").sees("managers", "Amy … was not accepted in time")


def test_easter_is_two_days_longer_in_germany(tmp_path: Path) -> None:
    with play(tmp_path, start=datetime(2026, 4, 2, 12, 30, tzinfo=UTC)) as script:
        script.at("Thu 13:00")  # 15:00 in Berlin: two hours are left, then Good Friday
        script.offered("gerd", "Germany")
        script.at("Tue 08:59").sees(
            "sales", "New MQL for sales: Gerd", "is waiting to be accepted: due in"
        )
        script.sees("managers")
        script.at("Tue 09:05").sees("managers", "Gerd … was not accepted in time")


def test_the_clock_change_takes_no_hour_from_anybody(tmp_path: Path) -> None:
    with play(tmp_path, start=datetime(2026, 3, 27, 13, 30, tzinfo=UTC)) as script:
        script.at("Fri 14:00")  # 15:00 in Berlin, in winter time
        script.offered("gerd", "Germany")
        script.at("Mon 08:59").sees("sales", "New MQL for sales: Gerd", "is waiting")
        script.sees("managers")
        script.at("Mon 09:05").sees("managers", "Gerd … was not accepted in time")  # 11:05 there


def test_the_clock_stands_still_while_its_owner_is_on_leave(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = script.new("ana")
        script.give(ana, "otto@example.com")
        script.at("Mon 09:00").qualify(ana)
        script.at("Fri 17:00").sees("sales", "New MQL for sales: Ana")
        script.at("Mon 12:59").sees("sales", "Ana … is waiting to be accepted")
        script.at("Mon 13:05").sees("managers", "Ana … was not accepted in time")
