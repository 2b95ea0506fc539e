"""Whoever reads of a verdict reads whose rules the lead was held to, where there are several."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from core_cases import CRM, POLICY, context, handoff, lead, standard, transition
from core_cases import gate as a_gate
from decide_cases import AT_ONCE, GATES, HUBSPOT, MARKS, SALESFORCE, known, look, marks, shows
from decide_cases import context as deciding
from variant_cases import ENTERPRISE, SEGMENTED, TORN, judged
from variant_cases import lead as values_of

from syncd.adapters.slack.talk import talk_of
from syncd.adapters.store.documents import VERDICT
from syncd.core import alerting, alerting_handoffs
from syncd.core.alert_words import judged_words
from syncd.domain.action import SendAlert
from syncd.domain.mapping import Mark
from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import EVERYBODY
from syncd.domain.verdict import Verdict

CTX = context(SEGMENTED)
LARGE = judged(values_of(employees=2000, budget_confirmed=False))
SMALL = judged(values_of(buying_role="intern"))
DOUBTFUL = judged(values_of(employees=TORN))
PLAIN = judged(values_of(), by=standard(a_gate("decision-maker")))


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((LARGE,), ", judged as enterprise"),
        ((SMALL, SMALL), ", judged as everybody"),
        ((SMALL, LARGE), ", judged as everybody and enterprise"),
        ((LARGE, DOUBTFUL), ", of which variant cannot be told"),
        ((), ""),
    ],
)
def test_whose_rules_count_is_told(verdicts: tuple[Verdict, ...], words: str) -> None:
    assert judged_words(verdicts, SEGMENTED) == words


def test_a_standard_for_all_alike_says_nothing_of_it() -> None:
    plain = standard(a_gate("decision-maker"))

    assert judged_words((PLAIN,), plain) == ""


def blocked() -> SendAlert:
    return alerting.blocked_alert(lead(), (LARGE,), transition(), CTX)


def flagged() -> SendAlert:
    return alerting.flagged_alert(lead(), (LARGE,), transition(), CTX)


def escalated() -> SendAlert:
    return alerting.escalated_alert(lead(), (LARGE,), transition(), "it is converted", CTX)


def qualifies() -> SendAlert:
    return alerting.qualifies_alert(lead(), (LARGE,), transition(), CTX)


def offered() -> SendAlert:
    return alerting_handoffs.handoff_alert(lead(), handoff(), (LARGE,), CTX)


@pytest.mark.parametrize("sent", [blocked, flagged, escalated, qualifies, offered])
def test_every_message_about_a_verdict_names_the_variant(sent: Callable[[], SendAlert]) -> None:
    assert ("Standard", "2026-03, judged as enterprise") in sent().alert.facts


def test_the_note_names_the_variant() -> None:
    note = alerting.blocked_note(lead(), (LARGE,), transition(), CTX)

    assert note.lines[-1].startswith("Standard 2026-03, judged as enterprise · reference ")


def test_the_record_shows_the_variant() -> None:
    segmented = replace(GATES, variants=(replace(ENTERPRISE, gates=GATES.gates),))
    before = known(Stage.SAL, employees=2000)

    found = look(
        before,
        shows(before, SALESFORCE, Stage.SQL),
        ctx=deciding(rules=AT_ONCE, gates=segmented),
    )

    words = marks(found, HUBSPOT)[MARKS[Mark.VERDICT]]
    assert words == "meets the SQL standard, judged as enterprise"


def test_slack_offers_exceptions_from_the_rules_of_every_variant() -> None:
    rules = talk_of(SEGMENTED, POLICY, CRM).rules[Stage.SQL]

    assert {"decision-maker", "budget-confirmed", "need-stated"} <= {rule for rule, _ in rules}
    assert (RuleId("budget-confirmed"), "The budget is confirmed") in rules


def test_a_verdict_stored_before_there_were_variants_was_everybodys() -> None:
    stored = VERDICT.encode(PLAIN)

    assert "variant" not in stored
    assert VERDICT.decode(stored).variant == EVERYBODY
    assert VERDICT.decode(VERDICT.encode(LARGE)) == LARGE
