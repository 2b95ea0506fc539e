"""The Salesforce adapter against the sandbox org over HTTP: what it reads and writes.

Bad days are in test_salesforce_bad_days.py.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from salesforce_box import SIDE, connected

from syncd.adapters.salesforce.adapter import Salesforce
from syncd.domain.action import AddNote, Failed, RecordWrite, Refused, Vanished, Written
from syncd.domain.names import ActionKey, LeadId, RecordId, System
from syncd.domain.record import Record
from syncd.ports import Crm, Target
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Actor, ActorKind
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce import rest
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.merge import merge_leads
from syncd.sandbox.server import Request, Response, serve
from syncd.sandbox.world import World

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    front = serve_front(rest.app(world), world, Front.SALESFORCE)
    yield front.url
    front.stop()


@pytest.fixture
def salesforce(world: World, url: str) -> Salesforce:
    return connected(world, url)


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "Rita@acme.example")


def new_lead(world: World, rep: Actor, name: str = "Ada", **values: Any) -> RecordId:
    given = {"LastName": name, "Company": "Acme", "Email": f"{name}@x.example", **values}
    return RecordId(world.salesforce.create_lead(given, rep))


def records(crm: Crm, since: datetime | None) -> dict[str, Record]:
    return {r.id: r for page in crm.poll(since) for r in page.records}


def touched(crm: Crm, since: datetime) -> set[RecordId]:
    return {x.record_id for page in crm.poll(since) for x in page.touched}


def write(record_id: str, **properties: str | int | None) -> RecordWrite:
    return RecordWrite(record_id=RecordId(record_id), record_kind="Lead", properties=properties)


def note(record_id: RecordId, mark: str = "abc123", title: str = "Moved back") -> AddNote:
    return AddNote(
        key=ActionKey(f"note-{record_id}-{mark}"),
        lead_id=LeadId("lead-1"),
        system=System.SALESFORCE,
        record_id=record_id,
        record_kind="Lead",
        mark=mark,
        title=title,
        lines=("Budget is missing.", "Fill in Budget."),
        at=datetime.fromisoformat("2026-03-02T08:00:00+00:00"),
        cause=None,
    )


# --- polling -------------------------------------------------------------------------------


def test_the_adapter_plays_both_roles(salesforce: Salesforce) -> None:
    crm: Crm = salesforce
    target: Target = salesforce

    assert crm.system is System.SALESFORCE
    assert target.update([]) == {}


def test_a_lead_arrives_with_its_properties_as_the_org_spells_them(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep, NumberOfEmployees=50)

    record = records(salesforce, None)[lead]

    assert record.properties["NumberOfEmployees"] == 50
    assert record.properties["Status"] == "Open"
    assert record.properties["ConvertedOpportunity"] is None
    assert record.modified_at == record.created_at == world.now()


def test_only_what_changed_since_is_read(world: World, salesforce: Salesforce, rep: Actor) -> None:
    old, moved = new_lead(world, rep, "Ada"), new_lead(world, rep, "Grace")
    world.advance(timedelta(hours=1))
    since = world.now()
    world.salesforce.edit(moved, {"Status": "Working"}, rep)

    found = records(salesforce, since)

    assert set(found) == {moved}
    assert old not in found


def test_an_idle_poll_is_one_call(world: World, salesforce: Salesforce, rep: Actor) -> None:
    new_lead(world, rep)
    list(salesforce.poll(None))
    world.advance(timedelta(minutes=30))
    before = world.requests.count(Front.SALESFORCE)

    pages = list(salesforce.poll(world.now()))

    assert world.requests.count(Front.SALESFORCE) == before + 1
    assert [(p.records, p.touched) for p in pages] == [((), frozenset())]


def test_server_time_is_the_orgs_clock(world: World, salesforce: Salesforce) -> None:
    (page,) = salesforce.poll(None)

    assert page.server_time == world.now()


def test_leads_that_share_one_stamp_all_arrive_across_pages(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    expected = {new_lead(world, rep, f"Lead{n}") for n in range(2_001)}

    pages = list(salesforce.poll(world.now()))

    assert [len(p.records) for p in pages] == [2_000, 1]
    assert {r.id for p in pages for r in p.records} == expected
    assert len({p.server_time for p in pages}) == 1


def test_a_change_committed_late_is_found_by_reading_the_overlap_again(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    world.advance(timedelta(hours=1))
    changed = {"Status": "Working"}
    world.salesforce.edit(lead, changed, rep, commit_after=timedelta(minutes=3))
    world.advance(timedelta(minutes=1))
    (first,) = salesforce.poll(world.now() - SIDE.overlap)
    world.advance(timedelta(minutes=5))

    found = records(salesforce, first.server_time - SIDE.overlap)

    assert first.records == ()
    assert found[lead].properties["Status"] == "Working"


def test_a_deleted_lead_is_told_as_deleted(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    world.salesforce.delete(lead, rep)

    assert records(salesforce, None)[lead].deleted


def test_a_merged_lead_names_the_winner(world: World, salesforce: Salesforce, rep: Actor) -> None:
    winner, loser = new_lead(world, rep, "Ada"), new_lead(world, rep, "Grace")
    merge_leads(world.salesforce, winner, [loser], rep)

    found = records(salesforce, None)

    assert (found[loser].deleted, found[loser].merged_into) == (True, winner)
    assert not found[winner].deleted


def test_a_converted_lead_is_locked(world: World, salesforce: Salesforce, rep: Actor) -> None:
    lead = new_lead(world, rep)
    convert_lead(world.salesforce, lead, rep)

    found = records(salesforce, None)[lead]

    assert found.locked == "converted"
    assert found.properties["ConvertedOpportunity"]["IsWon"] is False  # type: ignore[index]  # a row


def test_a_won_opportunity_brings_its_lead_back(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    deal = convert_lead(world.salesforce, lead, rep).opportunity_id
    world.advance(timedelta(hours=1))
    since = world.now()
    world.salesforce.edit(str(deal), {"StageName": "Closed Won"}, rep)

    found = records(salesforce, since)[lead]

    assert found.properties["ConvertedOpportunity"]["IsWon"] is True  # type: ignore[index]  # a row
    assert found.modified_at < since


def test_a_property_the_org_loses_is_left_out_and_the_rest_still_read(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    list(salesforce.poll(None))
    world.salesforce.remove_field("Lead", "Syncd_Findings__c")

    found = records(salesforce, None)[lead]

    assert "Syncd_Findings__c" not in found.properties
    assert found.properties["Status"] == "Open"


# --- what was done with them ---------------------------------------------------------------


def test_a_call_that_was_logged_is_an_activity(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, other = new_lead(world, rep), new_lead(world, rep, "Grace")
    world.salesforce.log_call(lead, "First call", rep)
    world.salesforce.log_call(other, "Another one", rep)

    (call,) = salesforce.done_with([lead], LONG_AGO)

    assert (call.record_id, call.kind, call.at) == (lead, "call", world.now())
    assert (call.owner_id, call.by_syncd) == (rep.id, False)
    assert (call.reached, call.automated) == (True, False)


def test_a_task_counts_only_once_it_is_done(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    task = world.salesforce.create_task(lead, "Call her", rep)
    before = salesforce.done_with([lead], LONG_AGO)
    world.advance(timedelta(hours=1))
    world.salesforce.complete_task(task, rep)

    (done,) = salesforce.done_with([lead], LONG_AGO)

    assert before == ()
    assert done.at == world.now()


def test_what_was_done_before_is_not_told(world: World, salesforce: Salesforce, rep: Actor) -> None:
    lead = new_lead(world, rep)
    world.salesforce.log_call(lead, "Long ago", rep)
    world.advance(timedelta(hours=1))

    assert salesforce.done_with([lead], world.now()) == ()


def test_what_was_done_and_then_deleted_does_not_count(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    world.salesforce.delete(world.salesforce.log_call(lead, "By mistake", rep), rep)

    assert salesforce.done_with([lead], LONG_AGO) == ()


def test_a_meeting_counts_once_it_has_begun_though_nobody_touched_it_since(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    begins = world.now() + timedelta(days=1)
    lead = new_lead(world, rep)
    world.salesforce.create_event(lead, "Demo", begins, rep)
    before = salesforce.done_with([lead], LONG_AGO)
    last_read = begins - timedelta(minutes=2)
    world.advance_to(begins + timedelta(minutes=3))

    (meeting,) = salesforce.done_with([lead], LONG_AGO)

    assert before == ()
    assert (meeting.kind, meeting.at) == ("event", begins)
    assert touched(salesforce, last_read) == {lead}


def test_a_meeting_about_to_begin_touches_nobody_yet(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    soon = world.now() + timedelta(minutes=1)
    world.salesforce.create_event(new_lead(world, rep), "Demo", soon, rep)

    assert touched(salesforce, world.now()) == set()


def test_our_own_note_is_not_taken_for_a_reps_activity(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    salesforce.add_notes([note(lead)])

    (ours,) = salesforce.done_with([lead], LONG_AGO)

    assert ours.by_syncd


def test_a_call_nobody_answered_is_an_attempt(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    world.salesforce.log_call(lead, "Called", rep, "Left Voicemail (2nd)")

    (call,) = salesforce.done_with([lead], LONG_AGO)

    assert not call.reached


@pytest.mark.parametrize(
    ("mail", "reached"),
    [({}, [True]), ({"IsBounced": True}, [False]), ({"Incoming": True}, []), ({"Status": "5"}, [])],
    ids=["sent", "bounced", "received", "a draft"],
)
def test_a_mail_counts_when_it_went_out(
    world: World, salesforce: Salesforce, rep: Actor, mail: dict[str, Any], reached: list[bool]
) -> None:
    lead = new_lead(world, rep)
    world.salesforce.send_email(lead, "Hello", rep, **mail)

    found = salesforce.done_with([lead], LONG_AGO)

    assert [(a.kind, a.reached, a.automated) for a in found] == [
        ("email", r, False) for r in reached
    ]


def test_a_mail_no_person_sent_is_automated(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    flow = Actor(kind=ActorKind.AUTOMATION, id="flow", name="Welcome flow")
    world.salesforce.send_email(lead, "Welcome", flow)

    (mail,) = salesforce.done_with([lead], LONG_AGO)

    assert mail.automated


def test_without_enhanced_email_the_task_of_a_mail_has_to_do(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    world.salesforce.send_email(lead, "Hello", rep)
    world.salesforce.store.undefine("EmailMessage")

    (mail,) = salesforce.done_with([lead], LONG_AGO)

    assert (mail.kind, mail.reached) == ("email", True)


def test_what_touched_a_lead_is_told_with_the_poll_and_costs_no_call(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    since = world.now()
    world.advance(timedelta(hours=1))
    world.salesforce.log_call(lead, "Hello", rep)
    salesforce.schema()
    calls = salesforce.usage().calls

    assert touched(salesforce, since + timedelta(minutes=1)) == {lead}
    assert salesforce.usage().calls == calls + 1


# --- reading, history, directory, schema, usage --------------------------------------------


def test_reading_by_id_shows_deleted_leads_and_leaves_out_purged_ones(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    here, deleted, purged = (new_lead(world, rep, n) for n in ("Ada", "Grace", "Edsger"))
    for lead in (deleted, purged):
        world.salesforce.delete(lead, rep)
    world.salesforce.purge(purged)

    found = salesforce.read([here, deleted, purged])

    assert {i: r.deleted for i, r in found.items()} == {here: False, deleted: True}


def test_reading_a_thousand_leads_is_one_call(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    leads = [new_lead(world, rep, f"Lead{n}") for n in range(1_000)]
    salesforce.schema()
    before = world.requests.count(Front.SALESFORCE)

    found = salesforce.read(leads)

    assert len(found) == 1_000
    assert world.requests.count(Front.SALESFORCE) == before + 1


def test_history_tells_each_step_in_order_and_who_took_it(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, since = new_lead(world, rep), world.now()
    world.advance(timedelta(minutes=1))
    world.salesforce.edit(lead, {"Status": "Working"}, rep)
    world.advance(timedelta(minutes=1))
    salesforce.update([write(lead, Status="Open")])

    steps = salesforce.history([lead], since)[lead]

    assert [(s.name, s.value) for s in steps] == [("Status", "Working"), ("Status", "Open")]
    assert [s.before for s in steps] == ["Open", "Working"]
    assert [(s.by_person, s.by_syncd) for s in steps] == [(True, False), (False, True)]
    assert [s.at for s in steps] == [since + timedelta(minutes=1), since + timedelta(minutes=2)]


def test_history_tells_a_conversion(world: World, salesforce: Salesforce, rep: Actor) -> None:
    lead = new_lead(world, rep)
    convert_lead(world.salesforce, lead, rep)

    steps = salesforce.history([lead], world.now())[lead]

    assert ("IsConverted", "false", "true") in [(s.name, s.before, s.value) for s in steps]


def test_a_lead_without_history_is_absent(world: World, salesforce: Salesforce, rep: Actor) -> None:
    assert salesforce.history([new_lead(world, rep)], world.now()) == {}


def test_people_and_queues_are_known_by_id_and_by_owner(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    queue = world.salesforce.add_queue("Inbound")

    directory = salesforce.directory()

    assert directory.by_owner["rita@acme.example"].id == rep.id
    assert directory.by_owner["queue:Inbound"].id == queue
    assert directory.by_id[queue].is_queue
    assert queue not in directory.by_user_id


def test_of_two_users_with_one_address_the_active_one_is_the_owner(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    namesake = world.salesforce.add_user("Rita Robot", "rita@acme.example")
    world.salesforce.edit(namesake.id, {"IsActive": False}, rep)

    directory = salesforce.directory()

    assert directory.by_owner["rita@acme.example"].id == rep.id
    assert not directory.by_id[namesake.id].active


def test_the_schema_tells_what_each_property_takes(salesforce: Salesforce) -> None:
    schema = salesforce.schema()

    assert sorted(schema["Buying_Role__c"].options or ()) == [
        "Champion",
        "Decision maker",
        "Influencer",
        "User",
    ]
    assert schema["Status"].options is None
    assert schema["Email"].max_length == 80
    assert not schema["IsConverted"].writable
    assert not schema["ConvertedOpportunity.IsWon"].writable


def test_usage_is_what_the_org_tells(world: World, salesforce: Salesforce) -> None:
    list(salesforce.poll(None))

    usage = salesforce.usage()

    assert usage.used == world.salesforce.usage.used()
    assert usage.allowed == 100_000
    assert usage.calls >= usage.used


# --- writing -------------------------------------------------------------------------------


def test_a_write_lands_and_none_clears(world: World, salesforce: Salesforce, rep: Actor) -> None:
    lead = new_lead(world, rep, NumberOfEmployees=50)

    outcomes = salesforce.update([write(lead, Status="Working", NumberOfEmployees=None)])

    row = world.salesforce.record(lead)
    assert outcomes == {lead: Written()}
    assert (row["Status"], row.get("NumberOfEmployees")) == ("Working", None)


def test_each_record_of_a_batch_has_its_own_outcome(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    fine, picky, gone, converted, locked = (new_lead(world, rep, f"Lead{n}") for n in range(5))
    world.salesforce.delete(gone, rep)
    convert_lead(world.salesforce, converted, rep)
    world.salesforce.edit(locked, {"Rating": "Hot"}, rep, commit_after=timedelta(minutes=1))

    outcomes = salesforce.update(
        [write(lead, Status="Working") for lead in (fine, gone, converted, locked)]
        + [write(picky, Buying_Role__c="Queen")]
    )

    assert {lead: type(o) for lead, o in outcomes.items()} == {
        fine: Written,
        picky: Refused,
        gone: Vanished,
        converted: Vanished,
        locked: Failed,
    }
    assert "Queen" not in str(outcomes[picky])


def test_a_write_does_not_wake_the_orgs_assignment_rules(world: World, rep: Actor) -> None:
    org, seen = rest.app(world), list[Request]()

    def listening(request: Request) -> Response:
        seen.append(request)
        return org(request)

    front = serve(listening, now=world.now)

    connected(world, front.url).update([write(new_lead(world, rep), Status="Working")])

    front.stop()
    assert [r.headers["sforce-auto-assign"] for r in seen if r.method == "PATCH"] == ["FALSE"]


def test_five_hundred_writes_are_three_calls(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    leads = [new_lead(world, rep, f"Lead{n}") for n in range(500)]
    list(salesforce.poll(None))
    before = world.requests.count(Front.SALESFORCE)

    outcomes = salesforce.update([write(lead, Status="Working") for lead in leads])

    assert set(outcomes.values()) == {Written()}
    assert world.requests.count(Front.SALESFORCE) == before + 3


def test_a_note_is_a_completed_task_on_the_lead(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)

    outcomes = salesforce.add_notes([note(lead, title="T" * 300)])

    (task,) = world.salesforce.rows("Task")
    assert list(outcomes.values()) == [Written()]
    assert (task["WhoId"], task["Status"], task["IsClosed"]) == (lead, "Completed", True)
    assert task["Subject"].endswith("T [abc123]")
    assert len(task["Subject"]) == 255
    assert task["Description"] == "Budget is missing.\nFill in Budget."


def test_a_note_is_found_again_by_lead_and_mark_even_when_deleted(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, other = new_lead(world, rep, "Ada"), new_lead(world, rep, "Grace")
    there, binned = note(lead, "one"), note(lead, "two")
    salesforce.add_notes([there, binned])
    tasks = {t["Subject"]: t["Id"] for t in world.salesforce.rows("Task")}
    world.salesforce.delete(tasks["Moved back [two]"], rep)

    found = salesforce.find_notes([there, binned, note(lead, "three"), note(other, "one")])

    assert found == {there.key, binned.key}
