"""Outcomes of leads, read from both of the sandbox's CRMs over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import pytest
from cli_office import Office, Person, office

from syncd.adapters.clock import SystemClock
from syncd.adapters.outcomes.spool import Spool
from syncd.domain.names import FieldName
from syncd.jobs.outcomes import Offices, Progress, outcomes_from_crms
from syncd.measure.outcomes import AsOf, Leads
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.wiring import open_crms

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a town of leads, by what their addresses begin with."""

    leads: Leads
    rows: dict[str, dict[str, Any]]
    moved: dict[str, datetime]
    told: list[Progress]


def _read(made: Office, *, links: bool = False) -> Reading:
    settings, told = made.source().load(), list[Progress]()
    crms = open_crms(made.source(), settings, clock=SystemClock(Event()))
    store = made.worker().store if links else None
    offices = Offices(crms=crms, crm=settings.crm, links=store)
    with Spool() as spool:
        leads = outcomes_from_crms(offices, spool, told.append)
        rows = pl.concat(leads.batches()).to_dicts()
    by_name = {str(x["email"]).partition("@")[0]: x for x in rows}
    return Reading(leads=leads, rows=by_name, moved={}, told=told)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with office(tmp_path_factory.mktemp("town")) as made:
        names = ("ada", "bo", "cy", "di", "ed", "flo", "gil", "hal")
        people = {name: made.arrive(name) for name in names}
        sold = [x for name, x in people.items() if name not in ("flo", "gil")]
        moved = _sell(made, *sold)
        made.rep_sets(people["gil"], Status="Sales Qualified")
        _only_in_salesforce(made, "ivo")
        made.world.advance(DAY)
        _what_followed(made, people, moved)
        read = _read(made)
        yield Reading(
            leads=read.leads,
            rows=read.rows,
            moved=dict.fromkeys(("ada", "gil"), moved),
            told=read.told,
        )


def _sell(made: Office, *people: Person) -> datetime:
    """They are handed to sales in HubSpot a day after they came; when."""
    made.offer(*people)
    made.world.advance(DAY)
    for person in people:
        made.marketer_sets(person, lifecyclestage="salesqualifiedlead")
    return made.world.now()


def _only_in_salesforce(made: Office, name: str) -> None:
    values = {"LastName": name, "Company": "X", "Email": f"{name}@x.example"}
    with made.world.lock:
        org = made.world.salesforce
        lead = org.create_lead({**values, "NumberOfEmployees": 7}, made.rep)
        org.edit(lead, {"Status": "Sales Qualified"}, made.rep)


def _what_followed(made: Office, people: dict[str, Person], moved: datetime) -> None:
    _deal(made, people["ada"], "closedwon", "12500", moved + 20 * DAY)
    _deal(made, people["bo"], "closedlost", "500", moved + 9 * DAY)
    _deal(made, people["cy"], "contractsent", "700", moved + 9 * DAY)
    for name, status in (("di", "BAD_TIMING"), ("ed", "UNQUALIFIED")):
        made.marketer_sets(people[name], lifecyclestage="")
        made.marketer_sets(people[name], lifecyclestage="lead", hs_lead_status=status)
    made.marketer_sets(people["hal"], employees="9000", need="A better CRM")
    org = made.world.salesforce
    with made.world.lock:
        deal = convert_lead(org, people["gil"].sf, made.rep).opportunity_id
        assert deal is not None
        won = {"StageName": "Closed Won", "Amount": 900.0, "CloseDate": "2026-03-20"}
        org.edit(deal, won, made.rep)


def _deal(made: Office, person: Person, stage: str, amount: str, closed: datetime) -> None:
    values = {"dealname": "Deal", "amount": amount, "closedate": closed.isoformat()}
    with made.world.lock:
        deal = made.marketer.create_deal(values, [person.hs])
        made.marketer.move_deal(deal, stage)


def test_each_lead_handed_to_sales_has_its_outcome_and_nobody_else_is_in(town: Reading) -> None:
    assert {name: row["_outcome"] for name, row in town.rows.items()} == {
        "ada": "won",
        "bo": "lost",
        "cy": "open",
        "di": "recycled",
        "ed": "rejected",
        "gil": "won",
        "hal": "open",
        "ivo": "open",
    }


def test_a_deal_won_in_hubspot_comes_with_amount_day_and_the_instant_of_the_move(
    town: Reading,
) -> None:
    ada = town.rows["ada"]

    assert ada["_amount"] == 12_500
    assert ada["_moved_at"] == town.moved["ada"]
    assert ada["_decided_at"] == town.moved["ada"] + 20 * DAY
    assert ada["_name"] == "Ada Lee"


def test_an_opportunity_won_in_salesforce_is_joined_by_the_address(town: Reading) -> None:
    gil = town.rows["gil"]

    assert gil["_amount"] == 900
    assert gil["_moved_at"] == town.moved["gil"]
    assert gil["_decided_at"] == datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC)


def test_values_are_those_of_the_move_where_a_history_tells(town: Reading) -> None:
    hal = town.rows["hal"]

    assert hal["employees"] == 120
    assert hal["need"] is None
    assert town.leads.as_of[FieldName("need")] is AsOf.THEN


def test_what_salesforce_alone_tells_without_a_history_is_marked_as_of_now(town: Reading) -> None:
    assert town.rows["ivo"]["employees"] == 7
    assert town.leads.as_of[FieldName("employees")] is AsOf.NOW


def test_how_far_it_is_is_told_for_each_crm(town: Reading) -> None:
    assert [(x.system.value, x.read, x.found) for x in town.told] == [
        ("hubspot", 8, 7),
        ("salesforce", 9, 1),
    ]


def test_no_mark_of_syncds_own_is_evidence(town: Reading) -> None:
    assert not [name for name in town.leads.as_of if name.startswith("syncd")]


def test_links_are_followed_where_there_is_a_store(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        made.worker().cycle()
        kim = made.arrive("kim")
        made.cycles(2)
        made.rep_sets(kim, Status="Sales Qualified", Email="other@else.example")

        read = _read(made, links=True)

    assert len(read.rows) == 1
    assert read.rows["kim"]["_overridden"] is False
