"""What is read of a report: on a page, on the terminal."""

import re
from base64 import b64encode
from hashlib import sha256

from report_cases import CATALOGUE, FUNNEL, NOTHING, OCTOBER
from rich.console import Console

from syncd.cli.report_page import page
from syncd.cli.report_view import show
from syncd.measure.report import report_of

REPORT = report_of(CATALOGUE, NOTHING, OCTOBER)
PAGE = page(REPORT)


def test_every_number_stands_on_the_page_with_what_it_is_of_and_its_interval() -> None:
    cell = re.search(r"&lt;SAL&gt;</th>.*?</tr>", PAGE, re.DOTALL)

    assert cell
    for words in ("120", "34.3 %", "120 of 350", "29.5 to 39.4 %", "target 40.0 %: below"):
        assert words in cell[0]


def test_what_cannot_be_said_says_why() -> None:
    assert "<em>too few to say</em><small>3 of 4</small>" in PAGE


def test_a_target_that_is_met_says_so() -> None:
    assert "target 25.0 %: met" in PAGE


def test_every_number_leads_to_its_definition_on_the_same_card() -> None:
    card = PAGE[PAGE.index('<article class="card" id="funnel">') :].split("</article>")[0]

    for column in FUNNEL.columns:
        assert f'href="#{column.definition}"' in card
        assert f'id="{column.definition}"' in card
    assert "leads known from before the first look" in card


def test_the_period_is_told_in_the_teams_own_time() -> None:
    assert "2026-10-01 00:00" in PAGE
    assert "2026-11-01 00:00" in PAGE
    assert "Europe/Berlin" in PAGE


def test_nothing_is_loaded_and_only_its_own_style_is_allowed() -> None:
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style
    allowed = b64encode(sha256(style[1].encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'sha256-{allowed}'" in PAGE.replace("&#39;", "'")
    assert " style=" not in PAGE
    assert "<script" not in PAGE
    assert not re.search(r'(src|href)="(?!#)', PAGE)


def test_a_table_with_something_to_compare_is_drawn() -> None:
    assert PAGE.count("<svg ") == 1


def test_no_id_is_there_twice() -> None:
    ids = re.findall(r' id="([^"]*)"', PAGE)

    assert len(ids) == len(set(ids))


def test_a_table_without_rows_says_so() -> None:
    assert "Nothing to count in this period." in PAGE


def test_the_terminal_shows_the_same_numbers_and_what_they_mean() -> None:
    console = Console(width=200, highlight=False, record=True, quiet=False, file=None)
    with console.capture() as shown:
        show(REPORT, console)

    text = shown.get()
    for words in ("34.3 %", "120 of 350", "29.5 to 39.4 %", "target 40.0 %: below"):
        assert words in text
    assert "too few to say" in text
    assert "October 2026" in text
    assert "Of: leads that became MQL." in text
