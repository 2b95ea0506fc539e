"""Audit entries in words: what a RevOps admin reads in `syncd explain`."""

import pytest
from core_cases import NOW
from decide_cases import SALESFORCE
from fakes import House, linked

from syncd.cli.entries import entry_words
from syncd.cli.local import Local
from syncd.domain.action import Refused
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId, RecordId
from syncd.errors import TransientError

LOCAL = Local("Europe/Berlin")
SF = RecordId("00Q1")


def said(entry: AuditEntry) -> str:
    says, details = entry_words(entry, {}, LOCAL)
    return "\n".join((says, *details))


def told(made: House, kind: AuditKind) -> list[AuditEntry]:
    return [x for x in made.story().audit if x.kind is kind]


def noted(kind: AuditKind, **facts: str) -> AuditEntry:
    return AuditEntry(at=NOW, kind=kind, lead_id=LeadId("lead-1"), facts=facts, personal={})


def test_a_record_that_was_missing_when_it_was_to_be_written_is_named() -> None:
    made = linked()
    made.sf.fails["poll"] = TransientError("503")
    del made.sf.records[SF]
    made.hs.edit("101", title__c="CEO")

    made.cycle()

    (gone,) = told(made, AuditKind.GONE)
    assert said(gone) == "Salesforce 00Q1 is gone\ndeleted"


def test_what_a_crm_says_when_it_refuses_is_told_under_the_persons_own_key() -> None:
    made = linked()
    made.sf.answers[SF] = Refused(reason="invalid email address: jane@x")
    made.hs.edit("101", title__c="CEO")

    made.cycles(4)

    (given_up,) = told(made, AuditKind.GIVEN_UP)
    assert "jane@x" in said(given_up)
    assert "jane@x" not in repr(given_up.facts)


@pytest.mark.parametrize(
    ("was", "why", "words"),
    [
        ("00Q1", "converted", "Salesforce 003A carries on\n00Q1 was converted into it"),
        ("00Q1", "merged", "Salesforce 003A carries on\n00Q1 was merged into it"),
        ("deleted", "it came back", "Salesforce 003A is there again\nit was deleted"),
    ],
)
def test_a_record_that_carries_on_says_for_which_and_why(was: str, why: str, words: str) -> None:
    entry = noted(AuditKind.CARRIED_ON, system=SALESFORCE, record="003A", was=was, why=why)

    assert said(entry) == words


def test_a_record_that_left_the_recycle_bin_is_told_as_the_end_of_that_record_only() -> None:
    why = "left the recycle bin"
    entry = noted(AuditKind.GONE, system=SALESFORCE, record="00Q1", why=why)

    assert said(entry) == (
        "Salesforce 00Q1 left the recycle bin\n"
        "nothing of that record is kept; the lead goes on without it"
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("the email address", "because of the email address"),
        ("a person's word", "because of a person's word"),
        (
            "their records were merged in Salesforce",
            "because their records were merged in Salesforce",
        ),
    ],
)
def test_a_link_says_why_it_was_made(why: str, words: str) -> None:
    entry = noted(AuditKind.LINKED, system=SALESFORCE, record="00Q1", why=why)

    assert said(entry) == f"Linked with Salesforce 00Q1\n{words}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("changed in HubSpot", "because it changed in HubSpot"),
        ("conflict: salesforce", "because both CRMs changed it, and the rule is salesforce"),
        ("repair: HubSpot is right", "because a repair was ordered: HubSpot is right"),
        ("propagate", "because the stage travels to every side of the lead"),
        ("carried on", "because it was on its way to the record this one carries on for"),
    ],
)
def test_an_overwriting_says_why_in_a_sentence(rule: str, words: str) -> None:
    entry = noted(AuditKind.OVERWRITE, system=SALESFORCE, record="1", field="title", rule=rule)

    assert said(entry).endswith(words)


def test_an_overwriting_says_when_and_by_whom_both_values_were_entered() -> None:
    entry = AuditEntry(
        at=NOW,
        kind=AuditKind.OVERWRITE,
        lead_id=LeadId("lead-1"),
        facts={
            "system": SALESFORCE,
            "field": "title",
            "rule": "changed in HubSpot",
            "was_at": "2026-03-02T08:00:00+00:00",
            "came_at": "2026-03-02T09:00:00+00:00",
        },
        personal={"was": "CFO", "is": "CEO", "was_by": "Rita Rep"},
    )

    assert "replaced value entered Mon 2 Mar 09:00 by Rita Rep" in said(entry)
    assert "new value entered Mon 2 Mar 10:00" in said(entry)


def test_a_write_nobody_knows_the_end_of_is_told_as_a_perhaps() -> None:
    entry = noted(
        AuditKind.OVERWRITE,
        system=SALESFORCE,
        field="title",
        rule="changed in HubSpot",
        landed="perhaps",
    )

    assert said(entry).startswith("syncd perhaps wrote title in Salesforce")
    assert said(entry).endswith("changed again before syncd looked")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("conflict: ask", "neither is written until a person chooses"),
        ("ask", "neither is written until a person chooses"),
        ("conflict: hubspot", "decided by the rule hubspot"),
        ("still waits for a person", "still waits for a person"),
        ("not resolved: the values changed since", "not resolved: the values changed since"),
    ],
)
def test_a_conflict_says_how_it_was_decided_or_that_it_was_not(rule: str, words: str) -> None:
    entry = noted(AuditKind.CONFLICT, field="need", rule=rule)

    assert said(entry).endswith(words)


def test_a_repair_is_told_as_an_order_and_not_as_a_conflict() -> None:
    entry = AuditEntry(
        at=NOW,
        kind=AuditKind.RESOLVED,
        lead_id=LeadId("lead-1"),
        facts={"field": "need", "take": SALESFORCE, "why": "a repair was ordered"},
        personal={"by": "Ada", "salesforce": "cheaper", "hubspot": "greener"},
    )

    assert said(entry).startswith("Ada ordered: Salesforce is right about need\nSalesforce: “cheap")


def test_an_order_that_could_not_be_carried_out_says_why_and_shows_no_number() -> None:
    entry = noted(AuditKind.OVERTAKEN, key="order 3f2a", why="it is linked already")

    assert said(entry) == "What a person ordered was not done\nit is linked already"


def test_a_first_sight_names_the_record_for_a_lead_may_come_to_be_of_several() -> None:
    entry = noted(
        AuditKind.FIRST_SIGHT, system=SALESFORCE, record="00Q1", stage="lead", born="true"
    )

    assert said(entry) == "First seen in Salesforce: 00Q1, at Lead"
