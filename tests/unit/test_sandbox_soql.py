"""What the sandbox org answers to SOQL, without HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import Actor, Journal
from syncd.sandbox.salesforce.errors import Refused
from syncd.sandbox.salesforce.ids import canonical, with_checksum
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.soql.parser import parse
from syncd.sandbox.salesforce.soql.plan import candidates
from syncd.sandbox.salesforce.soql.run import run

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Sandbox:
    def __init__(self) -> None:
        self.clock = WorldClock(START)
        self.org = Org(self.clock, Journal(self.clock))
        self.rep: Actor = self.org.add_user("Robin Reyes", "robin@acme.example")

    def lead(self, name: str, **values: Any) -> str:
        given = {"LastName": name, "Company": "Acme", **values}
        return self.org.create_lead(given, self.rep)

    def names(self, tail: str) -> list[str]:
        result = run(self.org.store, f"SELECT LastName FROM Lead {tail}")
        return [row["LastName"] for row in result.rows]


@pytest.fixture
def box() -> Sandbox:
    return Sandbox()


def refusal(box: Sandbox, text: str) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        run(box.org.store, text)
    return caught.value.problems[0].code, caught.value.problems[0].message


def test_text_compares_without_regard_to_case(box: Sandbox) -> None:
    box.lead("Doe", Email="Ann@Acme.example")

    assert box.names("WHERE email = 'ann@acme.EXAMPLE'") == ["Doe"]


def test_a_null_differs_from_every_value_and_is_neither_less_nor_more(box: Sandbox) -> None:
    box.lead("Blank")
    box.lead("Ten", NumberOfEmployees=10)

    assert box.names("WHERE NumberOfEmployees != 10") == ["Blank"]
    assert box.names("WHERE NumberOfEmployees < 100") == ["Ten"]
    assert box.names("WHERE NumberOfEmployees = null") == ["Blank"]


def test_like_takes_wildcards_and_their_escapes(box: Sandbox) -> None:
    box.lead("50%_off")
    box.lead("50 days off")

    assert box.names("WHERE LastName LIKE '50%OFF'") == ["50%_off", "50 days off"]
    assert box.names(r"WHERE LastName LIKE '50\%\_off'") == ["50%_off"]
    assert box.names("WHERE LastName LIKE '50 day_ off'") == ["50 days off"]


def test_escapes_in_strings_are_read_as_the_characters_they_stand_for(box: Sandbox) -> None:
    box.lead("O'Neil \\ Söhne")

    assert box.names(r"WHERE LastName = 'O\'Neil \\ S\u00f6hne'") == ["O'Neil \\ Söhne"]


def test_conditions_nest_in_parentheses(box: Sandbox) -> None:
    box.lead("A", Rating="Hot")
    box.lead("B", Rating="Warm", NumberOfEmployees=5)
    box.lead("C", Rating="Cold")

    found = box.names(
        "WHERE NOT (Rating = 'Cold') AND (Rating = 'Hot' OR NumberOfEmployees IN (5, 6))"
    )

    assert found == ["A", "B"]


def test_rows_sort_by_several_keys_with_nulls_first_unless_told_otherwise(box: Sandbox) -> None:
    box.lead("B", Rating="Hot")
    box.lead("A", Rating="Hot")
    box.lead("N")

    assert box.names("ORDER BY Rating, LastName") == ["N", "A", "B"]
    assert box.names("ORDER BY Rating DESC NULLS LAST, LastName DESC") == ["B", "A", "N"]


def test_limit_and_offset_cut_the_sorted_rows(box: Sandbox) -> None:
    for name in "DBAC":
        box.lead(name)

    assert box.names("ORDER BY LastName LIMIT 2 OFFSET 1") == ["B", "C"]


def test_the_keyset_form_of_an_incremental_read_loses_no_tie(box: Sandbox) -> None:
    first = box.lead("First")
    box.lead("Tied")
    box.clock.sleep(60)
    box.lead("Later")

    found = box.names(
        f"WHERE (SystemModstamp = 2026-03-02T08:00:00Z AND Id > '{first}') "
        "OR SystemModstamp > 2026-03-02T08:00:00Z ORDER BY SystemModstamp, Id"
    )

    assert found == ["Tied", "Later"]


def test_an_instant_may_be_given_in_any_zone(box: Sandbox) -> None:
    box.lead("Doe")

    assert box.names("WHERE CreatedDate = 2026-03-02T09:00:00+01:00") == ["Doe"]


def test_an_incremental_read_looks_only_at_rows_changed_since(box: Sandbox) -> None:
    for number in range(50):
        box.lead(f"Old {number}")
    box.clock.sleep(60)
    box.lead("New")
    query = "SELECT Id FROM Lead WHERE SystemModstamp >= 2026-03-02T08:00:30Z AND Rating = null"

    looked_at = candidates(parse(query).where, box.org.store.table("Lead"))

    assert [row["LastName"] for row in looked_at] == ["New"]


def test_lookups_by_id_take_either_form_of_an_id(box: Sandbox) -> None:
    lead_id = box.lead("Doe")

    assert box.names(f"WHERE Id IN ('{lead_id[:15]}')") == ["Doe"]
    assert box.names(f"WHERE Id = '{lead_id}'") == ["Doe"]


def test_parents_are_shown_as_objects_and_missing_ones_as_null(box: Sandbox) -> None:
    box.lead("Doe")

    result = run(box.org.store, "SELECT Owner.Name, Owner.Type, ConvertedContact.Email FROM Lead")

    shown = result.show(result.rows[0], "v59.0")
    assert shown["Owner"]["Name"] == "Robin Reyes"
    assert shown["Owner"]["Type"] == "User"
    assert shown["Owner"]["attributes"]["type"] == "Name"
    assert shown["ConvertedContact"] is None


def test_history_is_queried_by_its_lead(box: Sandbox) -> None:
    lead_id = box.lead("Doe")
    box.org.edit(lead_id, {"Status": "Working"}, box.rep)

    result = run(
        box.org.store,
        f"SELECT Field, OldValue, NewValue FROM LeadHistory WHERE LeadId = '{lead_id}' "
        "AND Lead.Status = 'Working' ORDER BY CreatedDate, Id",
    )

    told = [(row["Field"], row.get("OldValue"), row.get("NewValue")) for row in result.rows]
    assert told == [("created", None, None), ("Status", "Open", "Working")]


def test_count_gives_a_total_and_no_rows(box: Sandbox) -> None:
    box.lead("A")
    box.lead("B")

    result = run(box.org.store, "SELECT COUNT() FROM Lead")

    assert (result.total, result.rows) == (2, [])


def test_deleted_rows_are_seen_only_when_asked_for(box: Sandbox) -> None:
    lead_id = box.lead("Doe")
    box.org.delete(lead_id, box.rep)

    seen = run(box.org.store, "SELECT Id FROM Lead").total
    with_deleted = run(box.org.store, "SELECT Id FROM Lead", with_deleted=True).total

    assert (seen, with_deleted) == (0, 1)


def test_a_change_stamped_now_and_committed_later_shows_up_behind_the_cursor(box: Sandbox) -> None:
    lead_id = box.lead("Doe")
    box.clock.sleep(60)
    box.org.edit(lead_id, {"Rating": "Hot"}, box.rep, commit_after=timedelta(seconds=90))
    query = "WHERE SystemModstamp = 2026-03-02T08:01:00Z"

    before = box.names(query)
    box.clock.sleep(90)

    assert (before, box.names(query)) == ([], ["Doe"])


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("SELECT Nope FROM Lead", "INVALID_FIELD", "No such column 'Nope' on entity 'Lead'"),
        ("SELECT Id FROM Lad", "INVALID_TYPE", "sObject type 'Lad' is not supported"),
        ("SELECT Boss.Name FROM Lead", "INVALID_FIELD", "understand relationship 'Boss'"),
        ("SELECT Owner.Email FROM Lead", "INVALID_FIELD", "No such column 'Email' on entity"),
        ("SELECT Id FROM Lead WHERE Id IN ()", "MALFORMED_QUERY", "unexpected token: ')'"),
        (
            "SELECT Id FROM Lead WHERE CreatedDate > 2026-03-02T08:00:00",
            "MALFORMED_QUERY",
            "unexpected token",
        ),
        (
            "SELECT Id FROM Lead WHERE CreatedDate > '2026-03-02T08:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM LeadHistory WHERE NewValue = 'x'",
            "INVALID_FIELD",
            "field 'NewValue' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Lead WHERE Id = null AND Id = null OR Id = null",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        (r"SELECT Id FROM Lead WHERE LastName = 'a\d'", "MALFORMED_QUERY", r"sequence \d"),
        ("SELECT Id FROM Lead WHERE LastName = 'a\nb'", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Lead LIMIT", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
    ],
)
def test_a_query_the_org_cannot_run_says_why(
    box: Sandbox, query: str, code: str, says: str
) -> None:
    seen_code, message = refusal(box, query)

    assert seen_code == code
    assert says in message


def test_a_refusal_points_at_the_place(box: Sandbox) -> None:
    _, message = refusal(box, "SELECT Id, Nope FROM Lead")

    assert message.startswith(
        "\nSELECT Id, Nope FROM Lead\n           ^\nERROR at Row:1:Column:12\n"
    )


@given(st.text("abcXYZ019", min_size=12, max_size=12))
def test_both_forms_of_an_id_are_one_id(tail: str) -> None:
    short = f"00Q{tail}"

    assert canonical(short) == canonical(with_checksum(short)) == with_checksum(short)


def test_the_checksum_is_that_of_a_recorded_id() -> None:
    assert with_checksum("0017e00001W4GYR") == "0017e00001W4GYRAA3"


instants = st.integers(0, 5).map(lambda minute: f"2026-03-02T08:0{minute}:00Z")
comparisons = st.one_of(
    st.tuples(st.sampled_from(["=", ">", ">=", "<", "!="]), instants).map(
        lambda pair: f"SystemModstamp {pair[0]} {pair[1]}"
    ),
    st.sampled_from(["A", "B", "C"]).map(lambda name: f"Email = '{name}@x.example'"),
    st.sampled_from(["Hot", "Cold"]).map(lambda rating: f"Rating = '{rating}'"),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=6,
)


def _populated() -> Sandbox:
    box = Sandbox()
    for number, name in enumerate("ABCABC"):
        rating = ["Hot", "Cold", None][number % 3]
        box.lead(f"{name}{number}", Email=f"{name}@x.example", Rating=rating)
        box.clock.sleep(60)
    return box


POPULATED = _populated()


@given(conditions)
def test_a_plan_never_hides_a_row_that_a_full_scan_would_find(condition: str) -> None:
    store = POPULATED.org.store

    planned = run(store, f"SELECT Id FROM Lead WHERE {condition}").rows

    # A doubled negation gives the planner nothing to narrow by.
    scanned = run(store, f"SELECT Id FROM Lead WHERE NOT (NOT {condition})").rows
    assert {row["Id"] for row in planned} == {row["Id"] for row in scanned}
