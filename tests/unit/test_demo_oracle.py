"""The demo's oracle is written by hand: what it restates must be what the files say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
import pytest
from ruamel.yaml import YAML

from syncd.cli.demo.oracle import answers, standard, terms
from syncd.cli.demo.oracle.calendar import add_hours
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE, stage_of, value_of
from syncd.cli.demo.workbench import shipped
from syncd.sandbox.people.scenario import MONDAY

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
FIT: dict[str, Any] = {
    "email": "ann@acme.example",
    "company": "Acme",
    "country": "Canada",
    "employees": 80.0,
    "last_engaged_at": NOW - timedelta(days=2),
    "buying_role": None,
    "budget_confirmed": None,
    "budget_amount": None,
    "need": None,
    "purchase_timeline": None,
    "demo_attended_on": None,
}
READY = FIT | {
    "buying_role": "decision maker",
    "budget_confirmed": True,
    "budget_amount": 10_000.0,
    "need": "One report",
    "purchase_timeline": date(2026, 12, 24),
}


def rules() -> dict[str, str]:
    """What each rule of the shipped standard says, by id."""
    return {
        rule["id"]: rule["says"]
        for rule in YAML(typ="safe").load(shipped("standard.yaml"))["rules"]
    }


def test_the_oracle_knows_the_gates_of_the_shipped_standard() -> None:
    gates = YAML(typ="safe").load(shipped("standard.yaml"))["gates"]

    says = rules()
    assert list(standard.MQL) == [says[rule] for rule in gates["mql"]["all"]]
    assert list(standard.SQL) == [says[rule] for rule in gates["sql"]["all"]]
    assert list(standard.TWO_OF) == [says[rule] for rule in gates["sql"]["any"]["of"]]
    assert gates["sql"]["any"]["at_least"] == 2


def test_the_oracle_knows_the_modes_of_the_shipped_policy() -> None:
    modes = YAML(typ="safe").load(shipped("policy.yaml"))["modes"]

    plain = {gate: held if isinstance(held, str) else held["mode"] for gate, held in modes.items()}
    assert plain == standard.MODES


def test_the_oracle_knows_the_promises_of_the_shipped_policy() -> None:
    promised = YAML(typ="safe").load(shipped("policy.yaml"))["handoffs"]

    assert promised == {
        "demo-request": {
            "when": {"field": "source", "is": "Demo Request"},
            "calendar": "sales",
            "assign_within": "30 business minutes",
            "accept_within": "1 business hour",
            "ladder": ladder(terms.DEMO_REQUEST) | {"reassign_to": list(terms.HEIRS)},
        },
        "everybody": {
            "calendar": "sales",
            "accept_within": "4 business hours",
            "ladder": ladder(terms.EVERYBODY),
        },
    }
    assert (terms.DEMO_REQUEST.accept_within, terms.EVERYBODY.accept_within) == (1, 4)


def ladder(promised: terms.Terms) -> dict[str, str]:
    """As the policy spells it."""
    after = {
        "escalate_after": promised.escalate_after,
        "reassign_after": promised.pass_on_after,
        "recycle_after": promised.expire_after,
    }
    share = round(100 * promised.warn_at / promised.accept_within)
    return {"warn_at": f"{share}%"} | {
        rung: f"{hours:g} business hours" if hours >= 1 else f"{60 * hours:g} business minutes"
        for rung, hours in after.items()
        if hours is not None
    }


def test_the_oracle_knows_the_reasons_of_the_shipped_standard() -> None:
    rejections = YAML(typ="safe").load(shipped("standard.yaml"))["rejections"]

    stages = {"nurture": "nurture", "sleep": "nurture", "disqualify": "disqualified"}
    assert {
        name: (reason["says"], stages[reason["then"]]) for name, reason in rejections.items()
    } == answers.REJECTIONS


def test_the_oracle_and_the_people_know_every_public_holiday_of_the_week() -> None:
    in_new_york = holidays.country_holidays("US", subdiv="NY", years=2026)
    week = [MONDAY + timedelta(days=n) for n in range(4)]

    assert [day for day in week if day in in_new_york] == [date(2026, 11, 11)]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-09T14:00", 4, "2026-11-09T18:00"),
        ("2026-11-09T20:00", 4, "2026-11-10T15:30"),
        ("2026-11-10T12:00", 1, "2026-11-10T15:00"),
        ("2026-11-10T21:30", 3, "2026-11-12T16:00"),
        ("2026-11-13T22:00", 2.5, "2026-11-16T16:00"),
    ],
)
def test_business_hours_skip_nights_weekends_and_the_holiday(
    start: str, hours: float, end: str
) -> None:
    reached = add_hours(datetime.fromisoformat(f"{start}+00:00"), hours)

    assert reached == datetime.fromisoformat(f"{end}+00:00")


def test_a_lead_with_everything_meets_both_gates() -> None:
    assert [standard.unmet(gate, READY, NOW, None) for gate in standard.GATES] == [[], []]


@pytest.mark.parametrize(
    ("gate", "change"),
    [
        ("mql", {"employees": 49.0}),
        ("mql", {"email": "ann@gmail.com"}),
        ("mql", {"company": None}),
        ("mql", {"country": "Cuba"}),
        ("mql", {"last_engaged_at": NOW - timedelta(days=31)}),
        ("sql", {"buying_role": "champion"}),
        ("sql", {"budget_confirmed": False}),
        ("sql", {"budget_amount": 9_999.0}),
        ("sql", {"need": None}),
        ("sql", {"purchase_timeline": date(2027, 4, 1)}),
    ],
)
def test_each_requirement_is_missed_when_it_does_not_hold(
    gate: str, change: dict[str, Any]
) -> None:
    assert standard.unmet(gate, READY | change, NOW, None)


def test_a_recycled_lead_has_to_cool_off() -> None:
    assert standard.unmet("mql", FIT, NOW, NOW + timedelta(days=1)) == [standard.COOL_OFF]


@pytest.mark.parametrize(
    ("lifecycle", "status", "stage"),
    [
        ("marketingqualifiedlead", "", "mql"),
        ("marketingqualifiedlead", "IN_PROGRESS", "sal"),
        ("marketingqualifiedlead", "BAD_TIMING", "mql"),
        ("salesqualifiedlead", "IN_PROGRESS", "sql"),
        ("lead", "BAD_TIMING", "nurture"),
        ("", "", None),
    ],
)
def test_hubspot_tells_a_stage_by_two_properties(
    lifecycle: str, status: str, stage: str | None
) -> None:
    assert stage_of(HUBSPOT, {"lifecyclestage": lifecycle, "hs_lead_status": status}) == stage


def test_a_converted_lead_is_an_opportunity_whatever_its_status() -> None:
    assert stage_of(SALESFORCE, {"Status": "Converted", "IsConverted": True}) == "opportunity"


@pytest.mark.parametrize(
    ("name", "in_salesforce", "in_hubspot"),
    [
        ("buying_role", "Decision maker", "decision_maker"),
        ("budget_confirmed", True, "true"),
        ("budget_amount", 12_000.0, "12000"),
        ("last_engaged_at", "2026-11-09T15:00:00.000+0000", "2026-11-09T15:00:00.000Z"),
        ("phone", None, ""),
    ],
)
def test_both_spellings_of_a_value_are_one_value(
    name: str, in_salesforce: object, in_hubspot: object
) -> None:
    assert value_of(name, in_salesforce) == value_of(name, in_hubspot)
