"""Bulk results are CSV; what comes out is what REST would have given."""

import pytest

from syncd.adapters.salesforce.sheets import rows_of
from syncd.errors import TransientError

FLAGS = frozenset({"IsDeleted", "ConvertedContact.IsDeleted"})


def rows(*lines: str) -> list[dict[str, object]]:
    return list(rows_of("\n".join(lines) + "\n", booleans=FLAGS))


def test_an_empty_cell_is_null_and_booleans_are_booleans() -> None:
    assert rows('"Id","Title","IsDeleted"', '"00Q1","","false"', '"00Q2","CEO","true"') == [
        {"Id": "00Q1", "Title": None, "IsDeleted": False},
        {"Id": "00Q2", "Title": "CEO", "IsDeleted": True},
    ]


def test_a_value_keeps_its_lines_quotes_and_commas() -> None:
    assert rows('"Id","Title"', '"1","two\nlines, ""quoted"""') == [
        {"Id": "1", "Title": 'two\nlines, "quoted"'}
    ]


def test_parents_are_nested_as_deep_as_they_were_asked_for() -> None:
    header = '"Id","ConvertedContact.Title","ConvertedContact.Account.Name"'

    assert rows(header, '"1","","Acme"') == [
        {"Id": "1", "ConvertedContact": {"Title": None, "Account": {"Name": "Acme"}}}
    ]


def test_a_parent_of_which_nothing_is_filled_in_is_empty() -> None:
    header = (
        '"Id","ConvertedContact.Id","ConvertedContact.IsDeleted","ConvertedContact.Account.Name"'
    )

    assert rows(header, '"1","","false",""') == [{"Id": "1", "ConvertedContact": None}]


def test_no_rows_are_no_rows() -> None:
    assert rows('"Id","Title"') == []


@pytest.mark.parametrize("line", ['"1"', '"1","a","b"', '"1","a'])
def test_a_row_that_is_cut_off_is_no_row(line: str) -> None:
    with pytest.raises(TransientError, match="cut off"):
        rows('"Id","Title"', line)
