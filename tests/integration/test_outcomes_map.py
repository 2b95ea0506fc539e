"""`syncd outcomes map`: the first mapping that is guessed of a CSV, and what a person does next."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from outcome_files import FIXTURES, Sheet, frame

from syncd.cli.main import cli
from syncd.cli.outcomes_csv import csv_leads
from syncd.errors import ConfigError
from syncd.settings.yaml_source import read_source


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path)


def guessed(csv: Path) -> str:
    answer = CliRunner().invoke(cli, ["outcomes", "map", str(csv)])
    assert answer.exit_code == 0
    return answer.output


def test_a_guess_of_strange_headers_reads_the_whole_file(sheet: Sheet) -> None:
    sheet.map.write_text(guessed(FIXTURES / "leads.csv"), encoding="utf-8")

    leads, csv_map = csv_leads(FIXTURES / "leads.csv", sheet.map, {})

    by_hand, _ = csv_leads(FIXTURES / "leads.csv", FIXTURES / "map.yaml", {})
    own = ["_lead", "_name", "_outcome", "_amount", "_source"]
    assert frame(leads).select(own).equals(frame(by_hand).select(own))
    assert {x.spec.name: x.spec.type.value for x in csv_map.fields} == {
        "postfach": "email",
        "sparte": "picklist",
        "kopfe": "integer",
        "letzte_antwort": "date",
        "projekt": "boolean",
        "rahmen": "currency",
        "rolle_am_telefon": "picklist",
        "interessen": "multi-picklist",
        "rechnung_nr": "string",
    }
    assert leads.notes == ()


def test_what_cannot_be_guessed_is_asked(sheet: Sheet) -> None:
    sheet.write("a,b\n1,x\n2,y\n")
    sheet.map.write_text(guessed(sheet.csv), encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        sheet.read()

    said = sheet.said(caught.value)
    assert 'the CSV has no column "WHICH COLUMN?"' in said


def test_outcomes_without_a_guess_are_listed_with_their_rows(sheet: Sheet) -> None:
    sheet.write("Nr,Stand\n1,Closed Won\n2,Closed Lost\n3,Zwischenstand\n4,Closed Won\n")

    page = guessed(sheet.csv)

    assert '  won: ["Closed Won"]  # 2 rows\n' in page
    assert '  lost: ["Closed Lost"]  # 1 row\n' in page
    assert '  #   "Zwischenstand": 1 row\n' in page


def test_dates_that_can_be_read_two_ways_are_pointed_out(sheet: Sheet) -> None:
    sheet.write("Handed over\n03/04/2024\n05/06/2024\n")

    page = guessed(sheet.csv)

    assert 'date_format: "%m/%d/%Y"  # just as well: %d/%m/%Y\n' in page


@pytest.mark.parametrize(
    "csv",
    [
        '"a""b",c: d,#e,{f\n1,2,3,4\n',
        '"new\nline",x\n"a\nb",2\n',
        "yes,no,null,1\ntrue,false,,2\n",
        "a\n",
        "ä,a,A\n1,2,3\n",
    ],
)
def test_whatever_the_headers_are_the_guess_is_yaml(sheet: Sheet, csv: str) -> None:
    sheet.write(csv)

    sheet.map.write_text(guessed(sheet.csv), encoding="utf-8")

    assert read_source(sheet.map, "map.yaml").problems == []


def test_a_file_that_is_there_is_not_overwritten(sheet: Sheet) -> None:
    sheet.write()

    answer = CliRunner().invoke(cli, ["outcomes", "map", str(sheet.csv), "--out", str(sheet.map)])

    assert answer.exit_code == 1
    assert "is there already" in answer.output
    assert sheet.map.read_text(encoding="utf-8").startswith("date_format")


def test_the_guess_is_written_where_it_is_wanted(sheet: Sheet) -> None:
    sheet.write()
    sheet.map.unlink()

    answer = CliRunner().invoke(cli, ["outcomes", "map", str(sheet.csv), "--out", str(sheet.map)])

    assert answer.exit_code == 0
    assert sheet.map.read_text(encoding="utf-8") == guessed(sheet.csv)


def test_the_page_shows_what_the_guess_of_the_example_really_says() -> None:
    page = (FIXTURES.parents[2] / "docs/BACKTEST.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n")[1].split("```")[0].splitlines()
    sheet_rows = (FIXTURES / "leads.csv").read_text(encoding="utf-8-sig").splitlines()

    said = guessed(FIXTURES / "leads.csv").splitlines()

    whole = [line for line in shown if line and not line.endswith("…")]
    assert set(whole) <= set(said)
    assert sheet_rows[2].removesuffix("Drehen|Fräsen|Schulung")[:60] in page


def test_a_word_among_numbers_leaves_them_numbers_and_is_pointed_out(sheet: Sheet) -> None:
    sizes = ["1.016", "2.500", "unbekannt", *(str(x) for x in range(20))]
    rows = (f"A-{number};{size};1,50 €\n" for number, size in enumerate(sizes))
    sheet.write("Nr;Lagerfläche;Preis\n" + "".join(rows))

    page = guessed(sheet.csv)

    assert 'type: integer  # "unbekannt" will count as unknown; as empty, if named' in page


def test_what_begins_with_a_zero_is_no_number(sheet: Sheet) -> None:
    sheet.write("Nr,PLZ\nA,01067\nB,76614\n")

    page = guessed(sheet.csv)

    assert 'column: "PLZ"\n    type: string\n' in page


def test_where_the_move_is_not_found_the_dates_to_choose_from_are_named(sheet: Sheet) -> None:
    sheet.write("Anfang,Ort\n2024-04-03,Bonn\n2024-06-05,Ulm\n")

    page = guessed(sheet.csv)

    assert 'moved_at: "WHICH COLUMN?"  # when it was handed to sales; dates are in Anfang\n' in page


def test_the_next_command_can_be_copied_whatever_the_file_is_called(sheet: Sheet) -> None:
    sheet.write()
    sheet.csv = sheet.csv.rename(sheet.csv.with_name("Auswertung Angebote.csv"))
    out = sheet.map.with_name("karte.yaml")

    answer = CliRunner().invoke(cli, ["outcomes", "map", str(sheet.csv), "--out", str(out)])

    assert f"--csv '{sheet.csv}' --map {out}" in answer.output


def test_a_german_sales_office_needs_to_correct_no_role(sheet: Sheet) -> None:
    sheet.write(
        "Angebots-Nr;Firma;Kontaktweg;Übergeben am;Stand;Abgeschlossen am;Erstkontakt\n"
        "A/1;Huber KG;Messe;07.03.2023;Auftrag erhalten;05.07.2023;06.02.2023\n"
        "A/2;Weiß AG;Messe;02.03.2023;verloren;15.03.2023;01.02.2023\n"
        "A/3;Roth AG;Messe;03.03.2023;nicht verwertbar;15.03.2023;01.02.2023\n"
        "A/4;Jung AG;Messe;04.03.2023;in Verhandlung;;01.02.2023\n"
        "A/5;Lang AG;Messe;05.03.2023;zurück an Marketing;15.03.2023;01.02.2023\n"
    )
    sheet.map.write_text(guessed(sheet.csv), encoding="utf-8")

    _, csv_map = csv_leads(sheet.csv, sheet.map, {})

    assert csv_map.moved_at.header == "Übergeben am"
    assert csv_map.decided_at is not None
    assert csv_map.decided_at.header == "Abgeschlossen am"
    assert csv_map.source is not None
    assert csv_map.source.header == "Kontaktweg"


def test_a_map_that_is_not_there_is_said_with_how_to_make_one(sheet: Sheet) -> None:
    sheet.write("a,b\n1,x\n")

    with pytest.raises(ConfigError, match=r"there is no such file; `syncd outcomes map CSV --out "):
        csv_leads(sheet.csv, sheet.map.with_name("none.yaml"), {})
