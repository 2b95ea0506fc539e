"""P3: no human edit is silently lost; every overwritten value is in the audit with the rule."""

from decide_cases import SALESFORCE, TITLE
from fakes import linked

from syncd.domain.audit import AuditKind
from syncd.errors import TransientError

LOST = TransientError("no answer")


def test_p3_an_edit_the_decision_did_not_see_is_never_replaced() -> None:
    made = linked()
    made.sf.fails = {"update": LOST}
    made.hs.edit("101", source__c="Fair")
    made.cycle()
    made.sf.fails = {"poll": LOST}
    made.sf.edit("00Q1", source__c="Partner")

    made.cycles(5, minutes=2)

    assert made.sf.value("00Q1", "source__c") == "Partner"


def test_p3_every_overwritten_value_is_in_the_audit_with_the_rule_that_chose() -> None:
    made = linked(source__c="Web")
    made.hs.edit("101", source__c="Fair")
    made.sf.edit("00Q1", source__c="Partner")

    made.cycles(2)

    assert made.sf.value("00Q1", "source__c") == "Fair"
    (entry,) = (x for x in made.story().audit if x.kind is AuditKind.OVERWRITE)
    assert (entry.facts["rule"], entry.personal["was"]) == ("conflict: hubspot", "Partner")


def test_p3_an_edit_made_right_after_our_write_comes_back_with_the_next_poll() -> None:
    made = linked()
    made.hs.edit("101", title__c="CEO")
    made.cycle()

    made.sf.edit("00Q1", title__c="COO")
    made.cycle(minutes=1)

    assert made.hs.value("101", "title__c") == "COO"
    assert made.lead().sides[SALESFORCE].baseline[TITLE] == "COO"
