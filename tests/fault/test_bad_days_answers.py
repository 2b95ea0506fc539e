"""Bad days: a CRM that answers wrongly, late, or not at all, for a moment or for hours."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from box import HOUR, MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.order import Health
from syncd.domain.stage import Stage
from syncd.sandbox.faults import Kind
from syncd.sandbox.journal import System as Front

SYSTEMS = pytest.mark.parametrize("system", list(System), ids=lambda s: s.value)
DATA = {System.SALESFORCE: "/services/data/", System.HUBSPOT: "/crm/"}
POLL = {System.SALESFORCE: "POST .*/composite$", System.HUBSPOT: "POST .*/contacts/search$"}
UPDATE = {
    System.SALESFORCE: "PATCH .*/composite/sobjects$",
    System.HUBSPOT: "POST .*/contacts/batch/update$",
}
FORBIDDEN = {
    "status": "error",
    "category": "MISSING_SCOPES",
    "message": "This app hasn't been granted all required scopes.",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way of answering badly."""

    name: str
    kind: Kind
    given: dict[str, Any] = field(default_factory=dict)
    patience: float = 5.0


WRONG_TOKEN = Trouble("401", Kind.EXPIRE_SESSION)
NO_RIGHT = Trouble("403", Kind.STATUS, {"status": 403, "body": FORBIDDEN})
PASSING = (
    Trouble("429", Kind.STATUS, {"status": 429, "body": {}}),
    Trouble("429-wait", Kind.STATUS, {"status": 429, "body": {}, "headers": {"Retry-After": "7"}}),
    Trouble("500", Kind.STATUS, {"status": 500, "body": "oops"}),
    Trouble("503", Kind.STATUS, {"status": 503, "body": {}}),
    Trouble("html-with-200", Kind.HTML200),
    Trouble("truncated-json", Kind.TRUNCATE),
    Trouble("hanging", Kind.HANG, {"seconds": 0.8}, patience=0.3),
    Trouble("reset", Kind.RESET),
)


def once(*troubles: Trouble, fast: Collection[str] = ()) -> pytest.MarkDecorator:
    """Each trouble for itself. One that hangs takes its time, and is for the slow tier; so are
    all but the `fast` where they are named."""
    cases = [
        pytest.param(x, id=x.name, marks=[pytest.mark.slow] if _is_slow(x, fast) else [])
        for x in troubles
    ]
    return pytest.mark.parametrize("trouble", cases)


def _is_slow(trouble: Trouble, fast: Collection[str]) -> bool:
    return trouble.kind is Kind.HANG or bool(fast and trouble.name not in fast)


def strike(
    b: Box,
    system: System,
    trouble: Trouble,
    *,
    match: str = "",
    times: int | None = 1,
    skip: int = 0,
) -> None:
    b.arm(system, match or DATA[system], trouble.kind, times=times, skip=skip, **trouble.given)


def front_of(system: System) -> Front:
    return Front(system.value)


def many(b: Box, system: System, number: int) -> RecordId:
    """One of many new records on this side alone."""
    email = f"n{number}@many.example"
    if system is System.SALESFORCE:
        values = {"LastName": f"N{number}", "Company": "Many", "Email": email, "Status": "Open"}
        return RecordId(b.world.salesforce.create_lead(values, b.rep))
    return RecordId(str(b.marketer.create_contact({"email": email})))


def accept_in(b: Box, system: System, person: Person) -> None:
    """Sales takes the lead on, in this CRM."""
    if system is System.SALESFORCE:
        b.rep_sets(person, Status="Working")
    else:
        b.marketer_sets(person, hs_lead_status="IN_PROGRESS")


def edit_in(b: Box, system: System, person: Person, title: str) -> None:
    if system is System.SALESFORCE:
        b.rep_sets(person, Title=title)
    else:
        b.marketer_sets(person, jobtitle=title)


def title_in(b: Box, system: System, person: Person) -> str | None:
    is_salesforce = system is System.SALESFORCE
    return b.lead(person).get("Title") if is_salesforce else b.contact(person).get("jobtitle")


# --- for a moment ----------------------------------------------------------------------------


@SYSTEMS
@once(*PASSING)
def test_what_passes_at_once_costs_no_cycle(
    tmp_path: Path, system: System, trouble: Trouble
) -> None:
    with box(tmp_path, patience=trouble.patience) as b:
        person = b.arrive("ann")
        strike(b, system, trouble, match=POLL[system])

        report = b.cycle()

        assert report.down == {}
        lead = b.known(person)
        assert lead is not None
        assert set(lead.sides) == set(System)


@SYSTEMS
def test_the_wait_a_crm_asks_for_is_waited(tmp_path: Path, system: System) -> None:
    with box(tmp_path) as b:
        strike(b, system, PASSING[1], match=POLL[system])
        before = b.world.now()

        b.cycle(after=timedelta())

        assert b.world.now() - before >= timedelta(seconds=7)


def test_an_expired_salesforce_session_costs_no_cycle(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        strike(b, System.SALESFORCE, WRONG_TOKEN)

        report = b.cycle()

        assert report.down == {}
        assert b.known(person)


def test_a_token_hubspot_refused_once_costs_one_cycle_of_hubspot_alone(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        strike(b, System.HUBSPOT, WRONG_TOKEN)

        first, second = b.cycle(), b.cycle()

        assert (set(first.down), set(second.down)) == ({System.HUBSPOT}, set())
        lead = b.known(person)
        assert lead is not None
        assert set(lead.sides) == set(System)


# --- for hours -------------------------------------------------------------------------------


@SYSTEMS
@once(WRONG_TOKEN, NO_RIGHT, *PASSING, fast=("401", "503", "truncated-json"))
def test_an_unreadable_crm_stops_nothing_but_itself_and_costs_nobody_a_lead(
    tmp_path: Path, system: System, trouble: Trouble
) -> None:
    """Two leads wait for sales when the CRM goes dark, for longer than both have time. In
    the dark sales accepts one of them, in that very CRM."""
    with box(tmp_path, patience=trouble.patience) as b:
        accepted, ignored = b.offered("ann"), b.offered("bob")
        marks = b.worker.store.watermarks()
        strike(b, system, trouble, times=None)
        b.cycle()
        accept_in(b, system, accepted)
        edit_in(b, system.other, ignored, "CFO")
        b.cycle(20 * MINUTE)
        b.cycle(7 * HOUR)
        b.cycles(2)
        blind, read = b.worker.store.sides(), b.worker.store.watermarks()
        open_handoffs = b.worker.store.status(b.world.now()).open_handoffs
        known = b.known(ignored)

        b.calm()
        b.cycles(4)

        # Meanwhile: that side stood still, the other one was read, nobody was recycled.
        assert [set(report.down) for report in b.past[-9:]] == [{system}] * 5 + [set()] * 4
        assert read[system] == marks[system]
        assert read[system.other] - marks[system.other] > 7 * HOUR
        assert known is not None
        assert known.sides[system.other].seen.values[FieldName("title")] == "CFO"
        assert open_handoffs == 2
        assert {s: status.health for s, status in blind.items()} == {
            system: Health.BLIND,
            system.other: Health.OK,
        }
        # Afterwards: what happened in the dark was seen first, then the deadline was judged.
        assert b.worker.store.sides()[system].health is Health.OK
        assert b.stages(accepted) == ("Working", "marketingqualifiedlead", "IN_PROGRESS")
        assert b.stages(ignored) == ("Nurture", "lead", "BAD_TIMING")
        recycled = [a for a in b.story(ignored).audit if a.kind is AuditKind.RECYCLED]
        assert [entry.facts["late"] for entry in recycled] == ["true"]
        assert (len(b.told("blind")), len(b.told("recycled"))) == (1, 1)


@SYSTEMS
def test_a_second_spell_of_blindness_is_told_again(tmp_path: Path, system: System) -> None:
    with box(tmp_path) as b:
        for _ in range(2):
            strike(b, system, NO_RIGHT, times=None)
            b.cycles(3, HOUR)
            b.calm()
            b.cycle()

        assert len(b.told("blind")) == 2


def test_a_used_up_allowance_stops_the_asking_and_not_the_other_crm(tmp_path: Path) -> None:
    daily = {"policyName": "DAILY", "errorType": "RATE_LIMIT", "message": "", "status": "error"}
    with box(tmp_path) as b:
        strike(b, System.HUBSPOT, Trouble("", Kind.STATUS, {"status": 429, "body": daily}))
        first = b.cycle()
        b.world.requests.clear()
        second = b.cycle()
        third = b.cycle(after=16 * MINUTE)

        assert [set(r.down) for r in (first, second, third)] == [{System.HUBSPOT}] * 2 + [set()]
        asked = [r.path for r in b.world.requests.latest(front_of(System.HUBSPOT))]
        assert sum("search" in path for path in asked) == 1


# --- half-way --------------------------------------------------------------------------------


@SYSTEMS
def test_a_read_that_fails_half_way_keeps_the_watermark_and_loses_nobody(
    tmp_path: Path, system: System
) -> None:
    pages = {System.SALESFORCE: "GET .*/query/", System.HUBSPOT: POLL[System.HUBSPOT]}
    count = 2_001 if system is System.SALESFORCE else 201
    with box(tmp_path) as b:
        ids = [many(b, system, n) for n in range(count)]
        before = b.worker.store.watermarks()[system]
        skip = 0 if system is System.SALESFORCE else 1
        strike(b, system, NO_RIGHT, match=pages[system], skip=skip)

        broken = b.cycle()
        kept = b.worker.store.watermarks()[system]
        b.cycle()

        assert set(broken.down) == {system}
        assert kept == before
        assert len(b.worker.store.find(system, ids)) == count


@SYSTEMS
def test_a_history_that_cannot_be_read_holds_back_that_side_alone(
    tmp_path: Path, system: System
) -> None:
    history = {System.SALESFORCE: POLL[system], System.HUBSPOT: "POST .*/contacts/batch/read$"}
    with box(tmp_path) as b:
        person = b.arrive("ann")
        skip = 1 if system is System.SALESFORCE else 0
        strike(b, system, NO_RIGHT, match=history[system], skip=skip)

        b.cycle()
        lead = b.known(person)
        b.cycle()
        whole = b.known(person)

        assert lead is not None
        assert set(lead.sides) == {system.other}
        assert whole is not None
        assert set(whole.sides) == set(System)


@SYSTEMS
@once(WRONG_TOKEN, NO_RIGHT, *PASSING[3:])
def test_a_write_that_fails_is_made_later_and_once(
    tmp_path: Path, system: System, trouble: Trouble
) -> None:
    with box(tmp_path, patience=trouble.patience) as b:
        person = b.arrive("ann")
        b.cycle()
        edit_in(b, system.other, person, "CFO")
        strike(b, system, trouble, match=UPDATE[system], times=3)

        b.cycles(10)

        assert title_in(b, system, person) == "CFO"
        field_name = "Title" if system is System.SALESFORCE else "jobtitle"
        record = person.sf if system is System.SALESFORCE else str(person.hs)
        changes = [
            e.after for e in b.world.journal.of(front_of(system), record, field_name) if e.after
        ]
        assert changes == ["CFO"]
        assert b.worker.store.status(b.world.now()).given_up == ()
        lead = b.known(person)
        assert lead is not None
        assert all(not side.pending for side in lead.sides.values())
        assert lead.stage is Stage.LEAD


@SYSTEMS
def test_a_write_that_is_refused_for_a_day_is_given_up_and_told(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        edit_in(b, system.other, person, "CFO")
        strike(b, system, NO_RIGHT, match=UPDATE[system], times=None)

        b.cycles(56, HOUR / 2)

        assert len(b.told("given-up")) == 1
        assert len(b.worker.store.status(b.world.now()).given_up) == 1
        assert b.past[-1].down == {}
