"""CSV files as people export them are read as leads; what cannot be read is said, with its row."""

from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import polars as pl
import pytest
from outcome_files import CSV, FIXTURES, MAP, Sheet, frame

from syncd.adapters.outcomes import csv_text
from syncd.cli.outcomes_csv import csv_leads
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec, FieldType
from syncd.errors import ConfigError, PermanentError
from syncd.measure.outcomes import COLUMN_TYPES, AsOf


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path)


def test_the_columns_are_those_that_measuring_expects() -> None:
    leads, csv_map = csv_leads(FIXTURES / "leads.csv", FIXTURES / "map.yaml", {})

    found = frame(leads)

    own = {
        "_lead": pl.String(),
        "_name": pl.String(),
        "_moved_at": pl.Datetime("us", "UTC"),
        "_decided_at": pl.Datetime("us", "UTC"),
        "_outcome": pl.String(),
        "_amount": pl.Float64(),
        "_overridden": pl.Boolean(),
        "_source": pl.String(),
    }
    fields = {x.spec.name: COLUMN_TYPES[x.spec.type] for x in csv_map.fields}
    flags = {f"?{name}": pl.Boolean() for name in fields}
    assert dict(found.schema) == own | fields | flags
    assert found.height == 600
    assert leads.notes == ()
    assert leads.as_of[FieldName("last_answer_on")] is AsOf.THEN
    assert leads.as_of[FieldName("budget")] is AsOf.NOW


def test_a_german_row_is_read_as_it_is_meant() -> None:
    leads, _ = csv_leads(FIXTURES / "leads.csv", FIXTURES / "map.yaml", {})

    row = frame(leads).filter(pl.col("_lead") == "V-00002").to_dicts()[0]

    assert row["budget"] == 30_500
    assert row["interests"] == ["Drehen", "Fräsen", "Schulung"]
    assert row["_outcome"] == "rejected"
    assert row["_moved_at"] == datetime(2024, 1, 10, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("header", ["row", "self", "too much", "_lead", "?x", "*", "^x$"])
def test_a_header_may_be_any_word(sheet: Sheet, header: str) -> None:
    sheet.write(CSV.replace("Nr", header), f'{MAP}lead: "{header}"\n')

    leads = sheet.read()

    assert frame(leads)["_lead"].to_list() == ["V-1", "V-2"]


def test_an_accent_may_be_a_character_of_its_own(sheet: Sheet) -> None:
    sheet.write(normalize("NFD", CSV), normalize("NFC", MAP))

    assert frame(sheet.read())["employees"].to_list() == [120, 7]


def test_a_file_may_have_any_name(sheet: Sheet) -> None:
    sheet.write()
    sheet.csv = sheet.csv.rename(sheet.csv.with_name("leads [1] *.csv"))

    assert frame(sheet.read()).height == 2


def test_batches_can_be_read_again(sheet: Sheet) -> None:
    leads = sheet.write().read()

    assert frame(leads).equals(frame(leads))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (CSV.encode("utf-8-sig"), False),
        (CSV.encode("cp1252"), True),
        (CSV.replace(",", ";").encode(), False),
        (CSV.replace(",", "\t").encode(), False),
        (CSV.replace("\n", "\r\n").encode(), False),
        (CSV.replace("V-1", '"V\n1, ""the first"""').encode(), False),
        (f"{CSV}\n\n".encode(), False),
    ],
    ids=["mark", "windows", "semicolon", "tab", "crlf", "quoted newline", "empty lines"],
)
def test_however_it_was_saved_it_reads_the_same(sheet: Sheet, written: bytes, told: bool) -> None:
    leads = sheet.write(written).read()

    assert frame(leads)["employees"].to_list() == [120, 7]
    assert frame(leads)["_outcome"].to_list() == ["won", "lost"]
    assert bool(leads.notes) == told


def test_rows_are_counted_as_a_spreadsheet_counts_them(sheet: Sheet) -> None:
    torn = f'{CSV}\n"V\n3",02.02.2026,Absage,many\n'.replace("V-1", '"V\n1"')

    leads = sheet.write(torn).read()

    assert leads.notes == (
        '1 of 3 values in "Köpfe" cannot be read as a whole number (row 5 holds "many") and count '
        "as unknown.",
    )
    assert frame(leads)["?employees"].to_list() == [False, False, True]


def test_a_copy_of_a_file_in_another_encoding_goes_with_its_leads(sheet: Sheet) -> None:
    sheet.write(CSV.encode("cp1252"))
    text = csv_text.open_csv(sheet.csv)
    copy = text.readable
    assert copy.exists()

    del text

    assert not copy.exists()


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("", "leads.csv: the file is empty; export it again, with the headers in its first row"),
        (
            "\n1,2\n",
            "leads.csv: the first row holds no headers; put one above each column",
        ),
        (
            CSV + "V-3,01.03.2026,Absage,7,and more\n",
            "leads.csv: row 4 (line 4) has 5 cells and the headers are 4; put a text that holds a "
            "comma into quotes",
        ),
        (
            CSV.replace("V-2", '"V-2'),
            "leads.csv: the row that begins on line 3 has a quote that is not closed, or text "
            "after a closing quote; write a quote inside a quoted text twice",
        ),
        (
            CSV.replace("V-2", 'V 2" wide'),
            "leads.csv: row 3 (line 3) has a quote inside a text that is not in quotes; put the "
            "text into quotes and write its own quote twice, or open it in a spreadsheet and save "
            "it as CSV UTF-8",
        ),
        (
            b"PK\x03\x04whatever",
            "leads.csv: this is a workbook, not a CSV; open it in a spreadsheet and save it as CSV "
            "UTF-8",
        ),
        (
            CSV.encode("utf-16"),
            "leads.csv: this is UTF-16 or no text at all; open it in a spreadsheet and save it as "
            "CSV UTF-8",
        ),
    ],
    ids=["empty", "no headers", "too many cells", "open quote", "lone quote", "workbook", "utf-16"],
)
def test_what_is_no_proper_csv_is_said_with_the_next_step(
    sheet: Sheet, csv: str | bytes, said: str
) -> None:
    sheet.write(csv)

    with pytest.raises(PermanentError) as caught:
        sheet.read()

    assert sheet.said(caught.value) == said


@pytest.mark.parametrize(
    ("csv", "mapping", "said"),
    [
        (
            CSV,
            MAP.replace("Köpfe", "Köpfen"),
            'map.yaml:5:23: field "employees": the CSV has no column "Köpfen"; did you mean '
            '"Köpfe"?',
        ),
        (
            CSV.replace("Nr", "Köpfe"),
            MAP,
            'map.yaml:5:23: field "employees": the CSV has 2 columns called "Köpfe"; give each '
            "column of the CSV its own name",
        ),
        (
            CSV.replace("Absage", "Storniert") + "V-3,01.02.2026,STORNIERT,\nV-4,,Ruht,\n",
            MAP,
            'map.yaml:3: column "Ausgang" holds outcomes that are not named here: "storniert" '
            '(2 rows), "ruht" (1 row); add each under won, lost, rejected, '
            "recycled or open",
        ),
        (
            CSV,
            MAP.replace("%d.%m.%Y", "%m/%d/%Y"),
            'map.yaml:2: no value of column "Übergabe" can be read as a date and time (row 2 holds '
            '"31.12.2025"); write date_format: "%d.%m.%Y"',
        ),
        (
            CSV.replace("120", '"1.200,5"').replace("7\n", '"7,25"\n'),
            MAP.replace("integer", "number"),
            'map.yaml:5: no value of column "Köpfe" can be read as a number (row 2 holds '
            '"1.200,5"); write decimals: comma',
        ),
        (
            CSV + "V-1,02.02.2026,Absage,\nV-2,02.02.2026,Absage,\nV-1,03.02.2026,Absage,\n",
            MAP + "lead: Nr\n",
            'leads.csv: column "Nr" names 2 leads on more than one row: "V-1" (rows 2, 4 and 6), '
            '"V-2" (rows 3 and 5); keep one row of each, or remove lead: from map.yaml:6 if every '
            "row is a lead of its own",
        ),
        (
            CSV.splitlines()[0] + "\n",
            MAP,
            "leads.csv: there are headers and no rows; export it again, with its leads",
        ),
        (
            "Nr,Übergabe,Ausgang,Köpfe\nV-1,,,3\n",
            MAP,
            'leads.csv: no row has both a date in "Übergabe" and an outcome in "Ausgang"; name the '
            "columns that hold them",
        ),
        (
            CSV,
            MAP.replace("%d.%m.%Y", "DD.MM.YYYY"),
            'map.yaml:1:14: date_format: "DD.MM.YYYY" has no codes; write %d.%m.%Y',
        ),
        (
            CSV,
            MAP.replace(", type: integer", ""),
            'map.yaml:5:3: field "employees": its type is not known: it is not in crm.yaml; add '
            "type: string, integer, currency, boolean, date, datetime, picklist …",
        ),
        (
            CSV,
            MAP.replace("open: [offen]", "open: [ABSAGE]"),
            'map.yaml:3:67: outcome.open.item 1: "absage" is named under lost already; keep it in '
            "one place",
        ),
        (
            CSV,
            MAP + "time_zone: Europe/Berlim\n",
            'map.yaml:6:12: unknown time zone "Europe/Berlim"; did you mean "Europe/Berlin"?',
        ),
    ],
    ids=[
        "unknown header", "header twice", "outcome words", "date format", "decimal comma", "twins",
        "no rows", "nothing usable", "format without codes", "no type", "word twice", "zone",
    ],
)  # fmt: skip
def test_what_does_not_fit_the_mapping_is_said_with_place_and_next_step(
    sheet: Sheet, csv: str, mapping: str, said: str
) -> None:
    sheet.write(csv, mapping)

    with pytest.raises(ConfigError) as caught:
        sheet.read()

    assert sheet.said(caught.value) == said


def test_all_that_is_wrong_is_said_at_once(sheet: Sheet) -> None:
    sheet.write(CSV.replace("Absage", "Ruht"), MAP.replace("%d.%m.%Y", "%m/%d/%Y"))

    with pytest.raises(ConfigError) as caught:
        sheet.read()

    assert len(caught.value.problems) == 2


def test_rows_without_a_move_or_an_outcome_are_left_out_and_counted(sheet: Sheet) -> None:
    rows = "V-3,31.02.2026,Absage,1\nV-4,,Absage,1\nV-5,01.02.2026,,1\nV-6,,,1\n"

    leads = sheet.write(CSV + rows).read()

    assert frame(leads).height == 2
    assert leads.notes == (
        '1 row left out: the date in "Übergabe" cannot be read (row 4 holds "31.02.2026").',
        '2 rows left out: there is no date in "Übergabe".',
        '1 row left out: there is no outcome in "Ausgang".',
    )


def test_an_empty_cell_may_be_an_outcome(sheet: Sheet) -> None:
    mapping = MAP.replace("[offen]", '["", offen]')

    leads = sheet.write(CSV.replace("Absage", ""), mapping).read()

    assert frame(leads)["_outcome"].to_list() == ["won", "open"]


def test_without_a_column_for_leads_every_row_is_one(sheet: Sheet) -> None:
    leads = sheet.write().read()

    assert frame(leads)["_lead"].to_list() == ["row 2", "row 3"]


@pytest.mark.parametrize(("header", "key"), [("Ausgang", "outcome"), ("Ende", "decided_at")])
def test_a_column_that_tells_the_outcome_is_no_evidence_of_it(
    sheet: Sheet, header: str, key: str
) -> None:
    csv = CSV.replace("Köpfe\n", "Köpfe,Ende\n").replace("120\n", "120,05.01.2026\n")
    mapping = f"{MAP}  told: {{column: {header}, type: string}}\ndecided_at: Ende\n"

    leads = sheet.write(csv.replace("7\n", "7,05.03.2026\n"), mapping).read()

    why = f'read from column "{header}", which the mapping names as {key}: known only after'
    assert leads.afterwards == {"told": f"{why} the outcome"}


def test_a_field_of_the_crm_takes_its_type_and_its_spelling_from_there(sheet: Sheet) -> None:
    role = FieldSpec(
        name=FieldName("role"),
        type=FieldType.PICKLIST,
        properties={},
        options={},
    )
    mapping = MAP.replace(
        "employees: {column: Köpfe, type: integer}",
        "role: {column: Köpfe, values: {boss: ['120']}}",
    )

    leads = sheet.write(mapping=mapping).read({role.name: role})

    assert frame(leads)["role"].to_list() == ["boss", "7"]
