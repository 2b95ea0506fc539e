"""The monthly meeting: what goes to Slack, and what its page says."""

import re
from datetime import timedelta
from functools import cache

from fact_cases import facts
from page_cases import SHIPPED
from report_cases import CATALOGUE
from test_own_ledger import FADED, NOW, RULE, SPAN, START, facts_of, history, lead

from syncd.cli.meeting_page import page
from syncd.measure.facts import Facts
from syncd.measure.meeting import Agenda, Meeting, meeting_of
from syncd.measure.meeting_words import NOTHING_PROPOSED, digest
from syncd.measure.scope import Scope

AGENDA = Agenda(
    topics=(("What was missing", ("waivers",)), ("Nobody's", ("nobody",))), catalogue=CATALOGUE
)
SCOPE = Scope(
    start=NOW - timedelta(days=30),
    end=NOW,
    label="October 2026",
    time_zone="Europe/Berlin",
    now=NOW,
)
DIFF = "--- standard.yaml\n+++ proposed\n@@ -1 +1 @@\n-    all: [a, <b>]\n+    all: [a]"


def meeting(given: Facts) -> Meeting:
    return meeting_of(AGENDA, given, SHIPPED.standard, SCOPE, span=SPAN)


@cache
def faded() -> Meeting:
    winner = lead(99_999, met=False, won=True, on=NOW - timedelta(days=35), blocked=True)
    return meeting(facts_of(*FADED, winner))


@cache
def faded_page() -> str:
    return page(faded(), lambda _: DIFF)


def test_slack_is_told_what_faded_what_was_stopped_and_what_is_proposed() -> None:
    lines = digest(faded())

    assert f"No longer tell winners apart: {RULE} (gate to SQL)" in lines
    assert f"Moved back, and won all the same: 1 lead for want of {RULE}, worth 1,000" in lines
    assert any(
        x.startswith(f"Proposed: take {RULE} out of the gate to SQL: it told") for x in lines
    )
    assert "What was missing: Ann 4" in lines


def test_slack_is_told_which_characteristics_converted_with_their_counts() -> None:
    lines = digest(meeting(facts_of(*history((40, 60), (5, 60), START))))

    sql = next(x for x in lines if x.startswith("Gate to SQL"))
    assert f"won more often where met: {RULE} (66.7% of 60, else 8.3% of 60)" in sql
    assert NOTHING_PROPOSED in lines


def test_a_question_without_an_answer_is_left_out() -> None:
    lines = digest(meeting(facts()))

    assert not [x for x in lines if x.startswith(("Nobody", "Moved back", "No longer"))]


def test_the_page_has_every_question_even_where_nothing_can_be_said() -> None:
    text = page(meeting(facts()), lambda _: "")

    titles = re.findall(r"<h2>(.*?)</h2>", text)
    assert titles == [
        "In short",
        "Which characteristics converted, and which did not",
        "Rules that no longer predict",
        "Rules that stopped winners",
        "What was missing",
        "Nobody&#39;s",
        "Proposed changes of the standard",
    ]
    assert "nothing can be said of its rules" in text
    assert "No lead that a gate moved back has been won." in text


def test_on_a_phone_each_number_of_a_rule_stands_beside_what_it_is() -> None:
    text = faded_page()

    cells = re.findall(r"<td[^>]*>", text.split("wide stacked")[1].split("</table>")[0])
    assert cells
    assert all('data-label="' in x for x in cells)


def test_the_page_shows_each_proposal_as_a_diff_with_its_backtest() -> None:
    text = faded_page()

    assert "<del>-    all: [a, &lt;b&gt;]</del>" in text
    assert "<ins>+    all: [a]</ins>" in text
    row = re.search(
        r'class="text">Stopped</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>',
        text,
    )
    assert row
    assert (row[1], row[2]) == ("120", "0")


def test_where_the_file_cannot_be_changed_line_by_line_the_page_says_so() -> None:
    assert "has to be changed by hand" in page(faded(), lambda _: "")


def test_a_stopped_winner_is_named() -> None:
    assert "<small>l-99999</small>" in faded_page()


def test_the_page_loads_nothing() -> None:
    assert " style=" not in faded_page()
    assert "<script" not in faded_page()
    assert not re.search(r'(src|href)="(?!#)', faded_page())
