"""`syncd handoff` and requests for waivers as people type them, and what the worker makes of
them, over HTTP and disk."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd

LEAD = "ann@acme.example"
TERMS = ("--gate", "sql", "--rule", "decision-maker", "--reason", "CEO knows them")
UNTIL = ("--until", "2027-12-31")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    """Ann was offered to sales a moment ago; Bob never was."""
    with office(tmp_path) as opened:
        opened.cycles()
        ann = opened.arrive("ann")
        opened.arrive("bob")
        opened.cycles(2)
        opened.offer(ann)
        opened.cycles(3)
        yield opened


def refusal(made: Office, *words: str) -> str:
    result = syncd(made, *words)
    assert result.exit_code == 1, result.output
    assert page(made, "orders").startswith("Nothing is waiting")
    return str(result.exception)


def test_a_handoff_is_accepted_by_the_next_cycle_and_its_page_says_by_whom(made: Office) -> None:
    told = page(made, "handoff", "accept", LEAD, "--by", "Ada")
    made.cycles(2)

    shown = page(made, "handoff", "show", LEAD)
    assert told == "Accepted; the next cycle says so in the CRMs, as far as the gates let it.\n"
    assert "Ann Lee (Acme [Holding]): round 1, everybody" in shown
    assert "accepted, with rita@example.com" in shown
    assert "accepted by Ada, to rita@example.com (command " in shown


def test_what_is_due_is_shown_with_what_comes_next(made: Office) -> None:
    shown = page(made, "handoff", "show", LEAD)

    assert "assigned, with rita@example.com" in shown
    assert "acceptance by Mon 2 Mar 16:15 (next: warn Mon 2 Mar 15:15, breach" in shown


def test_open_handoffs_are_listed_with_what_is_due_first(made: Office) -> None:
    listed = " ".join(page(made, "handoff").split())
    keys = json.loads(page(made, "handoff", "--json"))

    assert listed.startswith("acceptance by Mon 2 Mar 16:15: Ann Lee (Acme [Holding]), with rita@")
    assert listed.endswith("1 open handoff; `syncd handoff show LEAD` tells more of one.")
    assert [found["state"] for found in keys] == ["assigned"]


def test_a_rejection_goes_where_its_reason_says_and_is_told_with_it(made: Office) -> None:
    told = page(
        made, "handoff", "reject", LEAD, "--reason", "not-ready", "--missing", "budget_amount"
    )
    made.cycles(2)

    assert told == "Rejected (not-ready); the next cycle sends it where the standard says.\n"
    assert "rejected Mon 2 Mar" in page(made, "handoff", "show", LEAD)
    assert "Nurture, round 2" in page(made, "explain", LEAD)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--reason", "no-budget"), "bad-timing: The time is not right for them"),
        (("--reason", "bad-timing"), "needs the day from which it may come back"),
        (("--reason", "bad-timing", "--until", "2020-01-01"), "which is no day to come"),
        (("--reason", "bad-timing", "--until", "soon"), "--until soon is no day"),
        (("--reason", "not-ready", "--until", "2030-01-01"), "is for reasons that wait"),
        (("--reason", "not-ready", "--missing", "budgget"), "crm.yaml has no field budgget"),
    ],
)
def test_a_rejection_that_cannot_be_is_refused_with_what_can(
    made: Office, words: tuple[str, ...], message: str
) -> None:
    assert message in refusal(made, "handoff", "reject", LEAD, *words)


def test_a_snooze_puts_the_deadline_off_once(made: Office) -> None:
    before = page(made, "handoff", "show", LEAD)

    told = page(made, "handoff", "snooze", LEAD)
    made.cycles()

    assert told == "Snoozed; the next cycle puts off the deadlines of its owner.\n"
    assert "acceptance by Mon 2 Mar 16:15" in before
    assert "acceptance by Tue 3 Mar 09:45" in page(made, "handoff", "show", LEAD)
    assert "after 6 h, 2 business hours of it the snooze" in page(made, "explain", LEAD, "--clock")
    assert "snoozed already" in refusal(made, "handoff", "snooze", LEAD)


def test_what_was_ordered_and_not_carried_out_is_listed_with_why(made: Office) -> None:
    for who in ("Ada", "Bo"):
        page(made, "handoff", "snooze", LEAD, "--by", who)
    made.cycles()

    listed = page(made, "orders")

    assert listed.startswith("Nothing is waiting: the rest was carried out.\nnot done  snooze the")
    assert "It was snoozed already: each handoff can be, once.\n" in listed
    assert "ordered by Bo, " in listed


@pytest.mark.parametrize("verb", ["accept", "snooze"])
def test_a_lead_that_is_not_offered_has_nothing_to_answer(made: Office, verb: str) -> None:
    told = refusal(made, "handoff", verb, "bob@acme.example")

    assert told.startswith("no handoff of ld_")
    assert "is open: the lead is at Lead; `syncd explain ld_" in told


@pytest.mark.parametrize("words", [("handoff", "show"), ("explain", "--clock")])
def test_a_lead_that_was_never_offered_has_no_handoff_and_no_clock(
    made: Office, words: tuple[str, ...]
) -> None:
    assert "was never handed over to sales" in refusal(made, *words, "bob@acme.example")


def test_programs_get_the_handoffs_and_the_order(made: Office) -> None:
    (shown,) = json.loads(page(made, "handoff", "show", LEAD, "--json"))
    ordered = json.loads(page(made, "handoff", "accept", LEAD, "--json"))

    assert (shown["state"], shown["segment"]) == ("assigned", "everybody")
    assert ordered["what"]["handoff_id"] == shown["id"]


def test_a_waiver_that_is_asked_for_holds_once_it_is_approved(made: Office) -> None:
    told = page(made, "waive", LEAD, *TERMS, *UNTIL, "--ask", "--by", "Rita")
    made.cycles()
    request = _request(made)

    approved = page(made, "waive", LEAD, "--approve", request, "--by", "Ada")
    made.cycles()

    assert told.startswith("Asked; the next cycle tells revops@example.com or sales.manager@exa")
    assert approved == "Approved; the next cycle judges the lead again and tells who asked.\n"
    assert "Ada waived decision-maker at the SQL gate" in page(made, "explain", LEAD)


def test_a_waiver_that_is_refused_is_none(made: Office) -> None:
    page(made, "waive", LEAD, *TERMS, *UNTIL, "--ask")
    made.cycles()

    page(made, "waive", LEAD, "--refuse", _request(made)[:4])
    made.cycles()

    shown = page(made, "explain", LEAD)
    assert "waived decision-maker" not in shown
    assert "asks to waive" not in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--approve", "f00"), "begins with 'f00': nothing is asked for there"),
        (("--approve", "f00", "--refuse", "f00"), "answer one request, and take nothing else"),
        (("--approve", "f00", *TERMS), "answer one request, and take nothing else"),
        (TERMS, "needs --gate, --rule, --reason and --until"),
    ],
)
def test_a_request_that_is_not_there_or_not_whole_is_refused(
    made: Office, words: tuple[str, ...], message: str
) -> None:
    result = syncd(made, "waive", LEAD, *words)

    assert result.exit_code in (1, 2)
    assert message in f"{result.output} {result.exception}"


def _request(made: Office) -> str:
    """Its id, as the page that asks for an answer shows it."""
    shown = " ".join(page(made, "explain", LEAD).split())
    return shown.split("--approve ")[1].split("`")[0]
