"""Fields of a lead between its two records: DESIGN section 4, and writes in flight."""

from dataclasses import replace

from core_cases import COMPANY, EMPLOYEES, LEAD, NEED, NOW, SOURCE
from decide_cases import (
    BEFORE,
    COUNTRY,
    EMAIL,
    HOUR,
    HUBSPOT,
    MARKS,
    MINUTE,
    PHONE,
    SALESFORCE,
    TITLE,
    alerts,
    audit,
    delivered,
    is_quiet,
    known,
    look,
    records,
    shows,
    side,
    writes,
)

from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable


def test_a_standing_disagreement_is_not_repaired_in_silence() -> None:
    apart = known(Stage.LEAD, side(SALESFORCE, title="CFO"), side(HUBSPOT, title="CEO"))

    found = look(apart, shows(apart, SALESFORCE), shows(apart, HUBSPOT))

    assert is_quiet(found)


def test_a_change_travels_to_the_other_side_and_is_the_new_baseline_where_it_was_made() -> None:
    before = known(title="CFO")

    found = look(before, shows(before, HUBSPOT, title="CEO"))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}
    assert writes(found, HUBSPOT) == {}
    assert found.lead.sides[HUBSPOT].baseline[TITLE] == "CEO"
    assert found.lead.sides[SALESFORCE].baseline[TITLE] == "CFO"


def test_all_changed_fields_of_a_side_travel_in_one_write() -> None:
    before = known(title="CFO")

    found = look(before, shows(before, HUBSPOT, title="CEO", phone="1", employees=70))

    (write,) = records(found, WriteKind.SYNC)
    assert {w.field for w in write.writes} == {TITLE, PHONE, EMPLOYEES}


def test_decided_twice_on_the_same_facts_a_change_travels_once() -> None:
    before = known(title="CFO")
    seen = shows(before, HUBSPOT, title="CEO")
    first = look(before, seen)

    again = look(first.lead, seen, now=NOW + MINUTE)

    assert is_quiet(again)
    assert again.lead == first.lead


def test_our_own_write_seen_again_is_no_news() -> None:
    before = known(title="CFO")
    settled = delivered(look(before, shows(before, HUBSPOT, title="CEO")))

    found = look(settled, shows(settled, SALESFORCE, at=NOW + 2 * MINUTE, title="CEO"))

    assert is_quiet(found)
    assert not found.lead.sides[SALESFORCE].pending


def test_while_a_write_is_pending_the_old_and_the_new_value_count_as_unchanged() -> None:
    before = known(title="CFO")
    in_flight = look(before, shows(before, HUBSPOT, title="CEO")).lead

    for value in ("CFO", "CEO"):
        assert is_quiet(look(in_flight, shows(in_flight, SALESFORCE, at=NOW, title=value)))


def test_any_other_value_is_a_new_human_edit_and_cancels_the_pending_write() -> None:
    before = known(phone="1")
    in_flight = look(before, shows(before, HUBSPOT, phone="2")).lead

    found = look(in_flight, shows(in_flight, SALESFORCE, at=NOW + MINUTE, phone="3"))

    assert not found.lead.sides[SALESFORCE].pending
    assert audit(found) == [AuditKind.CONFLICT]
    assert writes(found, HUBSPOT) == {PHONE: "3"}  # `latest`: Salesforce


def test_where_the_rule_lets_the_pending_value_win_it_is_decided_anew_over_the_edit() -> None:
    before = known(source="Web")
    first = look(before, shows(before, HUBSPOT, source="Fair"))

    found = look(first.lead, shows(first.lead, SALESFORCE, at=NOW + MINUTE, source="Ad"))

    (write,) = records(found)
    assert (write.system, write.writes[0].seen, write.writes[0].value) == (
        SALESFORCE,
        "Ad",
        "Fair",
    )
    assert write.key != records(first)[0].key


def test_going_back_to_the_old_baseline_over_a_pending_write_is_an_edit_too() -> None:
    before = known(source="Web")
    in_flight = look(
        before, shows(before, SALESFORCE, source="Ad"), shows(before, HUBSPOT, source="Fair")
    ).lead

    found = look(in_flight, shows(in_flight, SALESFORCE, at=NOW + MINUTE, source="Web"))

    assert writes(found, SALESFORCE) == {SOURCE: "Fair"}  # decided anew: HubSpot wins
    assert found.audit[0].personal["salesforce"] == "Web"


def test_a_source_that_goes_back_before_its_change_was_written_calls_the_change_back() -> None:
    before = known(title="CFO")
    in_flight = look(before, shows(before, HUBSPOT, title="CEO")).lead

    found = look(in_flight, shows(in_flight, HUBSPOT, at=NOW + MINUTE, title="CFO"))

    assert writes(found, SALESFORCE) == {TITLE: "CFO"}
    assert found.lead.sides[SALESFORCE].pending[TITLE].writes == "CFO"


def test_equal_changes_agree_and_are_the_new_baselines() -> None:
    before = known(title="CFO")

    found = look(before, *(shows(before, system, title="CEO") for system in before.sides))

    assert is_quiet(found)
    assert {x.baseline[TITLE] for x in found.lead.sides.values()} == {"CEO"}


def test_both_values_of_a_conflict_are_kept_in_the_audit_with_the_rule() -> None:
    before = known(company="Acme")

    found = look(
        before,
        shows(before, SALESFORCE, company="Acme Inc"),
        shows(before, HUBSPOT, company="ACME"),
    )

    (entry,) = found.audit
    assert entry.kind is AuditKind.CONFLICT
    assert entry.facts["rule"] == "conflict: salesforce"
    assert entry.personal == {"salesforce": "Acme Inc", "hubspot": "ACME"}
    assert writes(found, HUBSPOT) == {COMPANY: "Acme Inc"}


def test_the_rule_hubspot_lets_hubspot_win() -> None:
    before = known(source="Web")

    found = look(
        before, shows(before, SALESFORCE, source="Ad"), shows(before, HUBSPOT, source="Fair")
    )

    assert writes(found, SALESFORCE) == {SOURCE: "Fair"}


def test_the_rule_latest_lets_the_record_changed_last_win() -> None:
    before = known(phone="1")

    found = look(
        before,
        shows(before, SALESFORCE, at=NOW, phone="2"),
        shows(before, HUBSPOT, at=NOW - MINUTE, phone="3"),
    )

    assert writes(found, HUBSPOT) == {PHONE: "2"}


def test_a_blank_is_a_counted_disagreement_and_overwrites_nothing() -> None:
    before = known(title="CFO")
    seen = shows(before, HUBSPOT, title=None)

    found = look(before, seen)

    assert (records(found), audit(found)) == ((), [AuditKind.DISAGREEMENT])
    assert is_quiet(look(found.lead, seen))


def test_a_blank_overwrites_a_value_if_the_field_says_clears() -> None:
    before = known(need="faster")

    found = look(before, shows(before, HUBSPOT, need=None))

    assert writes(found, SALESFORCE) == {NEED: None}


def test_a_one_way_field_that_was_blanked_at_its_source_and_changed_at_its_target_rests() -> None:
    before = known(country="France")
    seen = (shows(before, SALESFORCE, country="Spain"), shows(before, HUBSPOT, country=None))

    found = look(before, *seen)

    assert (records(found), audit(found)) == ((), [AuditKind.DISAGREEMENT])
    assert is_quiet(look(found.lead, *seen))


def test_a_change_against_the_fields_direction_stays_where_it_was_made() -> None:
    before = known(country="France", email="a@b.example")
    seen = shows(before, SALESFORCE, country="Spain", email="c@b.example")

    found = look(before, seen)

    assert records(found) == ()
    assert audit(found) == [AuditKind.DISAGREEMENT] * 2
    assert found.lead.sides[SALESFORCE].baseline[COUNTRY] == "Spain"
    assert found.lead.sides[SALESFORCE].baseline[EMAIL] == "c@b.example"
    assert is_quiet(look(found.lead, seen))


def test_a_conflict_never_travels_against_the_fields_direction() -> None:
    before = known(country="France")
    seen = (shows(before, SALESFORCE, country="Spain"), shows(before, HUBSPOT, country="Italy"))

    found = look(before, *seen)

    assert (records(found), alerts(found)) == ((), [])
    assert is_quiet(look(found.lead, *seen))


def test_an_unreadable_value_is_neither_taken_for_empty_nor_written_over() -> None:
    before = known(title="CFO")
    doubt = Unreadable("no such option")

    found = look(
        before, shows(before, SALESFORCE, title=doubt), shows(before, HUBSPOT, title="CEO")
    )

    assert is_quiet(found)
    assert found.lead.sides[SALESFORCE].baseline[TITLE] == "CFO"


def test_a_change_made_while_the_other_side_was_unreadable_travels_once_it_can_be_read() -> None:
    before = known(title="CFO")
    doubt = shows(before, SALESFORCE, title=Unreadable("hidden"))
    waiting = look(before, doubt, shows(before, HUBSPOT, title="CEO")).lead

    found = look(waiting, shows(waiting, SALESFORCE, at=NOW + MINUTE, title="CFO"))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}


def test_a_record_that_takes_no_writes_keeps_what_it_has() -> None:
    converted = side(SALESFORCE, title="CFO")
    converted = replace(converted, seen=replace(converted.seen, locked="converted"))
    before = known(Stage.LEAD, converted, side(HUBSPOT, title="CFO"))

    found = look(before, shows(before, HUBSPOT, title="CEO"))

    assert (records(found), audit(found)) == ((), [AuditKind.DISAGREEMENT])
    assert found.lead.sides[HUBSPOT].baseline[TITLE] == "CEO"


def test_the_only_record_of_a_lead_is_simply_believed() -> None:
    alone = known(Stage.LEAD, side(HUBSPOT, title="CFO"))
    doubt = Unreadable("hidden")

    found = look(alone, shows(alone, HUBSPOT, title="CEO", phone=doubt))

    assert is_quiet(found)
    assert found.lead.sides[HUBSPOT].baseline[TITLE] == "CEO"
    assert found.lead.sides[HUBSPOT].baseline[PHONE] is None


def test_the_syncd_fields_are_syncds_own_and_never_merged() -> None:
    before = known()
    mark = MARKS[Mark.VERDICT]

    found = look(before, shows(before, HUBSPOT, also={mark: "I say so"}))

    assert is_quiet(found)


def test_the_owner_travels_like_any_field() -> None:
    before = known()

    found = look(before, shows(before, SALESFORCE, owner="new@corp.example"))

    assert writes(found, HUBSPOT) == {OWNER: "new@corp.example"}


def test_a_snapshot_older_than_the_last_settled_write_is_discarded_for_its_fields_alone() -> None:
    before = known(title="CFO", phone="1")
    settled = delivered(look(before, shows(before, HUBSPOT, title="CEO")), at=NOW + HOUR)

    late = shows(settled, SALESFORCE, at=NOW + MINUTE, title="CFO", phone="2")
    found = look(settled, late, now=NOW + HOUR + MINUTE)

    assert writes(found, HUBSPOT) == {PHONE: "2"}
    assert found.lead.sides[SALESFORCE].seen.values[TITLE] == "CEO"


def test_a_snapshot_older_than_the_one_known_says_nothing() -> None:
    before = known(title="CFO")

    found = look(before, shows(before, HUBSPOT, at=BEFORE - MINUTE, title="CEO"))

    assert is_quiet(found)
    assert found.lead == before


def test_an_edit_made_after_the_settled_write_is_news() -> None:
    before = known(title="CFO")
    settled = delivered(look(before, shows(before, HUBSPOT, title="CEO")))

    found = look(settled, shows(settled, SALESFORCE, at=NOW + 2 * MINUTE, title="CFO"))

    assert writes(found, HUBSPOT) == {TITLE: "CFO"}


def test_every_write_names_the_lead_the_record_and_what_was_seen() -> None:
    before = known(title="CFO")

    (write,) = records(look(before, shows(before, HUBSPOT, title="CEO")))

    assert (write.lead_id, write.record_id, write.record_kind) == (LEAD, "00Q1", "Lead")
    assert (write.writes[0].seen, write.writes[0].rule) == ("CFO", "changed in HubSpot")
