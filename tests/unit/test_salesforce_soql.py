"""SOQL texts: values stay values, names stay names, and every query fits a URL."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.adapters.salesforce import soql
from syncd.errors import PermanentError

SINCE = datetime(2026, 3, 2, 8, 0, 1, 999_000, tzinfo=UTC)
IDS = [f"00Q{n:012d}AAA" for n in range(2_000)]


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("plain", "'plain'"),
        ("O'Neill", r"'O\'Neill'"),
        ("a\\' OR Id != '", r"'a\\\' OR Id != \''"),
        ('say "hi"\n', r"'say \"hi\"\n'"),
    ],
)
def test_a_text_is_quoted_so_that_it_stays_one_literal(value: str, literal: str) -> None:
    assert soql.text(value) == literal


@given(st.text())
def test_no_text_ends_its_own_literal(value: str) -> None:
    inside = soql.text(value)[1:-1].replace(r"\\", "")

    assert "'" not in inside.replace(r"\'", "")
    assert not inside.endswith("\\")


def test_wildcards_in_a_searched_text_stand_for_themselves() -> None:
    assert soql.like_containing("100%_'") == r"'%100\%\_\'%'"


def test_instants_are_utc_with_zone_and_rounded_down() -> None:
    berlin = SINCE.astimezone(timezone(timedelta(hours=1)))

    assert soql.instant(berlin) == "2026-03-02T08:00:01Z"


def test_an_empty_in_list_is_never_written() -> None:
    with pytest.raises(ValueError, match="at least one"):
        soql.members([])


@pytest.mark.parametrize("name", ["Status", "Need__c", "Owner.Name", "A.B.C.D.E"])
def test_property_paths_pass(name: str) -> None:
    assert soql.path(name) == name


@pytest.mark.parametrize(
    "name", ["", "1st", "Id FROM User", "a,b", "Owner.", ".Name", "Näme", "(SELECT Id)", "a\n"]
)
def test_what_is_no_property_path_is_refused(name: str) -> None:
    with pytest.raises(PermanentError, match="not a Salesforce property path"):
        soql.path(name)


def test_a_property_of_another_record_is_not_written() -> None:
    with pytest.raises(PermanentError, match="another record"):
        soql.column("ConvertedOpportunity.IsWon")


def test_leads_are_read_in_the_order_of_their_stamps() -> None:
    query = soql.leads_since(["Status", "Id"], SINCE)

    assert query == (
        "SELECT Id, CreatedDate, SystemModstamp, IsDeleted, MasterRecordId, IsConverted, Status"
        " FROM Lead WHERE SystemModstamp >= 2026-03-02T08:00:01Z ORDER BY SystemModstamp, Id"
    )


def test_a_first_read_asks_for_all_leads() -> None:
    assert "WHERE" not in soql.leads_since(["Status"], None)


def test_an_event_booked_ahead_is_asked_for_when_it_has_begun() -> None:
    query = soql.events_since(SINCE, until=SINCE + timedelta(hours=1))

    assert "ActivityDateTime <= 2026-03-02T09:00:01Z" in query
    assert "(SystemModstamp >= 2026-03-02T08:00:01Z OR ActivityDateTime >= " in query


def test_ids_are_spread_so_that_every_query_fits_a_url() -> None:
    queries = list(soql.leads_by_id(["Status"], IDS))

    assert all(len(soql.encoded(q)) <= soql.MOST_ENCODED for q in queries)
    assert sum(q.count("'00Q") for q in queries) == len(IDS)


def test_two_thousand_ids_fit_one_composite() -> None:
    assert len(list(soql.leads_by_id(["Status"], IDS))) <= 5


def test_no_ids_make_no_query() -> None:
    assert list(soql.history_of([], {"Status"}, SINCE)) == []


def test_history_is_asked_for_the_fields_that_tell_a_stage() -> None:
    (query,) = soql.history_of(IDS[:1], {"leadConverted", "Status"}, SINCE)

    assert f"LeadId IN ('{IDS[0]}') AND Field IN ('Status','leadConverted')" in query
    assert "CreatedDate >= 2026-03-02T08:00:01Z ORDER BY CreatedDate, Id" in query


def test_an_encoded_query_says_the_same() -> None:
    query = soql.notes_marked(IDS[:2], ["a+b&c"])

    assert unquote(soql.encoded(query)) == query
    assert not set("+& #") & set(soql.encoded(query))


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.characters(codec="ascii")))
def test_a_query_is_encoded_as_urls_are(query: str) -> None:
    assert soql.encoded(query) == quote(query, safe="'(),*")


def test_a_hundred_notes_are_looked_up_within_one_url() -> None:
    marks = [f"syncd-{n:012x}" for n in range(100)]

    assert len(soql.encoded(soql.notes_marked(IDS[:100], marks))) <= soql.MOST_ENCODED


def test_contacts_are_read_through_the_leads_they_were() -> None:
    (query,) = soql.leads_by_contact(["Status"], ["003000000000001AAA"])

    assert query.endswith(" FROM Lead WHERE ConvertedContactId IN ('003000000000001AAA')")


def test_what_a_lead_became_is_asked_for_by_its_own_stamp() -> None:
    query = soql.leads_became_since(["Status"], soql.CONTACT, SINCE)

    assert "WHERE IsConverted = true AND ConvertedContact.SystemModstamp >= 2026-03-02T08:" in query


def test_the_history_of_contacts_is_asked_through_their_leads() -> None:
    (query,) = soql.history_of_contacts(["003000000000001AAA"], {"Status"}, SINCE)

    assert "WHERE Lead.ConvertedContactId IN ('003000000000001AAA') AND Field IN" in query
    assert "Lead.SystemModstamp FROM LeadHistory" in query


def test_whoever_was_touched_is_asked_for_leads_and_contacts() -> None:
    queries = (soql.tasks_since(SINCE), soql.events_since(SINCE, until=SINCE))

    assert all("Who.Type IN ('Lead','Contact')" in query for query in queries)


def test_what_was_done_with_many_is_asked_for_in_as_many_queries_as_it_takes() -> None:
    for queries in (
        list(soql.tasks_done(IDS, SINCE)),
        list(soql.events_begun(IDS, SINCE, until=SINCE)),
        list(soql.mails_of(IDS)),
    ):
        assert max(len(soql.encoded(query)) for query in queries) <= soql.MOST_ENCODED
        assert all(any(i in query for query in queries) for i in IDS)
