"""The HubSpot adapter against the sandbox's portal, over plain HTTP, on good and bad days."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.adapters.transport.session import Timeouts
from syncd.domain.action import (
    AddNote,
    Failed,
    RecordWrite,
    Refused,
    Vanished,
    WriteOutcome,
    Written,
)
from syncd.domain.names import ActionKey, LeadId, RecordId
from syncd.domain.names import System as Side
from syncd.errors import AuthError, ConfigError, LimitError, PermanentError, TransientError
from syncd.ports import Crm, Page, Target
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import NOTE
from syncd.sandbox.hubspot.lifecycle import Backward
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.journal import Actor, ActorKind, System
from syncd.sandbox.server import Request, Response, serve
from syncd.sandbox.world import World

MQL, SQL = "marketingqualifiedlead", "salesqualifiedlead"
STAGES = ("lifecyclestage", "hs_lead_status")
VIEW = ContactView(kind="contact", properties=("email", "need", *STAGES), stage_properties=STAGES)

READ = "POST .*/contacts/batch/read"
UPDATE = "POST .*/contacts/batch/update"
SEARCH = "POST .*/search"
ASSOCIATIONS = "POST .*/associations/contacts/notes/batch/read"
NOTES = "POST .*/notes/batch/create"


def kinds(outcomes: Mapping[RecordId, WriteOutcome]) -> dict[RecordId, type[WriteOutcome]]:
    """What became of each record, whenever that was."""
    return {record_id: type(outcome) for record_id, outcome in outcomes.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A world, a person in it, and the adapter at its portal."""

    world: World
    ann: Owner
    url: str
    hubspot: HubSpot

    @property
    def hands(self) -> Hands:
        return Hands(self.world.hubspot, self.ann.actor)

    def contact(self, email: str = "bo@example.com", **values: str) -> RecordId:
        return RecordId(str(self.hands.create_contact({"email": email, **values})))

    def contacts(self, count: int, **values: str) -> list[RecordId]:
        return [self.contact(f"c{number}@example.com", **values) for number in range(count)]

    def shown(self, contact: RecordId, name: str) -> str:
        return self.world.hubspot.contact(int(contact)).get(name, "")

    def settle(self) -> datetime:
        """Let the search index catch up, and a little more; returns the instant before."""
        before = self.world.now()
        self.world.advance(timedelta(seconds=30))
        return before

    def arm(self, match: str, kind: str, **more: Any) -> None:
        spec = {"match": match, "kind": kind, **more}
        self.world.faults[System.HUBSPOT].arm(Fault.from_json(spec))

    def calls(self) -> int:
        return self.world.requests.count(System.HUBSPOT)

    def notes(self) -> list[str]:
        """The bodies of all notes in the portal."""
        return [r.values["hs_note_body"] for r in self.world.hubspot.tables[NOTE].following(0)]

    def write(self, contact: RecordId, **properties: str | None) -> RecordWrite:
        return RecordWrite(record_id=contact, record_kind="contact", properties=properties)

    def note(self, contact: RecordId, mark: str = "mark-1") -> AddNote:
        return AddNote(
            key=ActionKey(f"note:{contact}:{mark}"),
            lead_id=LeadId("lead-1"),
            system=Side.HUBSPOT,
            record_id=contact,
            record_kind="contact",
            mark=mark,
            title="Moved back to MQL",
            lines=("Budget <b>unknown</b> & need missing",),
            at=self.world.now(),
            cause=None,
        )


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = World()
    ann = world.hubspot.hire("Ann@Example.com", "Ann", "Lee")
    running = serve_front(rest.app(world), world, System.HUBSPOT)
    connection = HubSpotConnection(
        access_token=DEFAULT_TOKEN, base_url=running.url, timeouts=Timeouts(connect=1, read=0.5)
    )
    hubspot = connect_hubspot(connection, view=VIEW, clock=WorldTime(world))
    yield Desk(world=world, ann=ann, url=running.url, hubspot=hubspot)
    running.stop()


def ids(pages: list[Page]) -> list[RecordId]:
    return [record.id for page in pages for record in page.records]


# -- connecting ----------------------------------------------------------------


def test_it_is_both_a_crm_and_a_target(desk: Desk) -> None:
    crm: Crm = desk.hubspot
    target: Target = desk.hubspot

    assert (crm.system, target) == (Side.HUBSPOT, desk.hubspot)


def test_a_token_is_never_sent_over_plain_http_to_another_machine(desk: Desk) -> None:
    connection = HubSpotConnection(access_token="t", base_url="http://hubspot.example.com")

    with pytest.raises(ConfigError, match="https"):
        connect_hubspot(connection, view=VIEW, clock=WorldTime(desk.world))


def test_it_asks_for_compressed_answers_and_reads_them() -> None:
    asked: list[Mapping[str, str]] = []

    def app(request: Request) -> Response:
        asked.append(request.headers)
        body = gzip.compress(b'{"status": "COMPLETE", "results": []}')
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return Response(body=body, headers=headers)

    world = World()
    running = serve(app, now=world.now)
    connection = HubSpotConnection(access_token="secret", base_url=running.url)

    found = connect_hubspot(connection, view=VIEW, clock=WorldTime(world)).read([RecordId("1")])
    running.stop()

    assert found == {}
    assert asked[0]["accept-encoding"] == "gzip"
    assert asked[0]["authorization"] == "Bearer secret"


# -- polling -------------------------------------------------------------------


def test_an_idle_poll_costs_one_call(desk: Desk) -> None:
    desk.contact()
    desk.settle()
    before = desk.calls()

    pages = list(desk.hubspot.poll(desk.world.now() - timedelta(seconds=10)))

    assert ids(pages) == []
    assert desk.calls() - before == 1


def test_a_poll_tells_the_servers_own_time(desk: Desk) -> None:
    [page] = desk.hubspot.poll(desk.world.now())

    assert page.server_time == desk.world.now()


def test_a_poll_finds_what_was_modified_at_the_very_instant(desk: Desk) -> None:
    contact = desk.contact(need="less work")
    created = desk.settle()

    [page] = desk.hubspot.poll(created)

    [record] = page.records
    assert (record.id, record.modified_at, record.created_at) == (contact, created, created)
    assert record.properties["need"] == "less work"


def test_a_change_still_hidden_by_the_index_is_found_by_the_overlap(desk: Desk) -> None:
    contact = desk.contact()
    [hidden] = desk.hubspot.poll(desk.world.now())
    desk.settle()

    [page] = desk.hubspot.poll(hidden.server_time - timedelta(minutes=1))

    assert hidden.records == ()
    assert [record.id for record in page.records] == [contact]


def test_twelve_thousand_contacts_sharing_one_timestamp_are_all_found_once(desk: Desk) -> None:
    made = desk.contacts(12_000)
    created = desk.settle()

    pages = list(desk.hubspot.poll(created))

    assert ids(pages) == made
    assert len(pages) == 12


def test_all_pages_of_a_poll_carry_the_time_it_began(desk: Desk) -> None:
    desk.contacts(1_001)
    created = desk.settle()
    pages = desk.hubspot.poll(created)
    first = next(pages)
    desk.world.advance(timedelta(minutes=1))

    second = next(pages)

    assert len(second.records) == 1
    assert second.server_time == first.server_time


def test_polls_keep_below_the_searches_allowed_a_second(desk: Desk) -> None:
    began = desk.world.now()

    for _ in range(6):
        list(desk.hubspot.poll(began))

    assert desk.world.now() - began == timedelta(seconds=1.1)


def test_the_first_poll_lists_everything(desk: Desk) -> None:
    made = desk.contacts(250)

    pages = list(desk.hubspot.poll(None))

    assert ids(pages) == made
    assert [len(page.records) for page in pages] == [100, 100, 50]


def test_a_poll_of_an_empty_portal_is_one_page(desk: Desk) -> None:
    assert [page.records for page in desk.hubspot.poll(None)] == [()]


def test_a_merged_contact_is_told_with_the_one_it_lives_on_in(desk: Desk) -> None:
    winner, loser = desk.contact("a@example.com"), desk.contact("b@example.com")
    desk.hands.merge(int(winner), int(loser))
    merged = desk.settle()

    [page] = desk.hubspot.poll(merged)

    gone = next(record for record in page.records if record.id == loser)
    assert (gone.deleted, gone.merged_into) == (True, winner)


# -- reading by id -------------------------------------------------------------


def test_a_read_sees_a_change_at_once(desk: Desk) -> None:
    contact = desk.contact()
    desk.hands.edit(int(contact), {"need": "speed"})

    found = desk.hubspot.read([contact])

    assert found[contact].properties["need"] == "speed"


def test_a_read_of_a_few_properties_shows_these_and_what_tells_the_record(desk: Desk) -> None:
    contact = desk.contact()
    whole = desk.hubspot.read([contact])[contact]

    record = desk.hubspot.read([contact], {"need"})[contact]

    assert "need" in record.properties
    assert record.properties.keys() < whole.properties.keys()
    assert replace(record, properties=whole.properties) == whole


def test_a_read_of_many_goes_in_batches(desk: Desk) -> None:
    made = desk.contacts(150)
    before = desk.calls()

    found = desk.hubspot.read(made)

    assert list(found) == made
    assert desk.calls() - before == 2


def test_an_archived_and_an_unknown_contact_are_absent(desk: Desk) -> None:
    kept, archived = desk.contact("a@example.com"), desk.contact("b@example.com")
    desk.hands.archive(int(archived))

    found = desk.hubspot.read([kept, archived, RecordId("999")])

    assert list(found) == [kept]


def test_a_contact_that_could_not_be_read_is_not_taken_for_gone(desk: Desk) -> None:
    trouble = {"status": "error", "category": "INTERNAL_ERROR", "context": {"ids": ["1"]}}
    body = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [trouble]}
    desk.arm(READ, "status", status=207, body=body, headers={"Content-Type": "application/json"})

    with pytest.raises(TransientError, match="INTERNAL_ERROR"):
        desk.hubspot.read([RecordId("1")])


# -- history -------------------------------------------------------------------


def test_history_tells_each_step_oldest_first_and_who_made_it(desk: Desk) -> None:
    contact = desk.contact()
    desk.settle()
    desk.hands.edit(int(contact), {"lifecyclestage": MQL})
    desk.settle()
    workflow = Actor(kind=ActorKind.AUTOMATION, id="77", name="nurture")
    Hands(desk.world.hubspot, workflow, via="workflow").edit(int(contact), {"lifecyclestage": SQL})

    steps = desk.hubspot.history([contact], desk.world.now())[contact]

    assert [step.value for step in steps] == ["lead", MQL, SQL]
    assert [step.by_person for step in steps] == [True, True, False]
    assert steps[1].actor_id == str(desk.ann.user_id)


def test_our_own_writes_are_known_by_the_app_id_asked_for_once(desk: Desk) -> None:
    contact = desk.contact()
    desk.hubspot.update([desk.write(contact, lifecyclestage=MQL)])
    desk.hubspot.history([contact], desk.world.now())

    steps = desk.hubspot.history([contact], desk.world.now())[contact]

    assert [step.by_syncd for step in steps] == [False, True]
    assert (
        desk.world.requests.count(
            System.HUBSPOT, "POST /oauth/v2/private-apps/get/access-token-info"
        )
        == 1
    )


def test_another_apps_writes_are_automation(desk: Desk) -> None:
    contact = desk.contact()
    other = PrivateApp(name="enricher", app_id=5)
    Hands(desk.world.hubspot, other.actor, via="api").edit(int(contact), {"lifecyclestage": MQL})

    steps = desk.hubspot.history([contact], desk.world.now())[contact]

    assert (steps[-1].by_syncd, steps[-1].by_person, steps[-1].actor_id) == (False, False, "5")


def test_history_of_many_goes_in_fifties(desk: Desk) -> None:
    made = desk.contacts(120)
    desk.hubspot.history(made[:1], desk.world.now())
    before = desk.calls()

    found = desk.hubspot.history(made, desk.world.now())

    assert len(found) == 120
    assert desk.calls() - before == 3


# -- who and what --------------------------------------------------------------


def test_owners_are_found_by_either_number_even_when_they_left(desk: Desk) -> None:
    gone = desk.world.hubspot.hire("cy@example.com", "Cy", "Orr")
    desk.world.hubspot.owners.archive(gone.id, at=desk.world.hubspot.now_ms())

    people = desk.hubspot.directory()

    assert people.by_id[str(desk.ann.id)].owner == "ann@example.com"
    assert people.by_owner["ann@example.com"].id == str(desk.ann.id)
    assert people.by_user_id[str(gone.user_id)].name == "Cy Orr"
    assert not people.by_id[str(gone.id)].active


def test_owners_are_read_page_after_page(desk: Desk) -> None:
    for number in range(150):
        desk.world.hubspot.hire(f"o{number}@example.com", "O", str(number))

    people = desk.hubspot.directory()

    assert len(people.by_id) == 151


def test_the_directory_is_read_once_an_hour(desk: Desk) -> None:
    desk.hubspot.directory()
    before = desk.calls()
    desk.hubspot.directory()
    kept = desk.calls() - before
    desk.world.advance(timedelta(hours=1))

    desk.hubspot.directory()

    assert kept == 0
    assert desk.calls() > before


def test_the_schema_tells_what_each_property_takes(desk: Desk) -> None:
    schema = desk.hubspot.schema()

    roles = schema["buying_role"].options or ()
    assert sorted(roles) == ["champion", "decision_maker", "influencer", "user"]
    assert schema["need"].options is None
    assert not schema["num_associated_deals"].writable
    assert schema["hubspot_owner_id"].options is None


def test_usage_counts_calls_and_tells_the_days_allowance(desk: Desk) -> None:
    before = desk.hubspot.usage()
    desk.hubspot.read([RecordId("1")])

    after = desk.hubspot.usage()

    assert (before.calls, before.used) == (0, None)
    assert (after.calls, after.used, after.allowed) == (1, 1, 650_000)


# -- writing -------------------------------------------------------------------


def test_a_write_the_answer_shows_is_stamped_as_the_next_search_will_show_it(desk: Desk) -> None:
    contact = desk.contact(need="speed")

    (outcome,) = desk.hubspot.update([desk.write(contact, need="calm")]).values()

    shown = desk.hubspot.read([contact])[contact]
    assert outcome == Written(at=shown.modified_at)


def test_a_write_the_answer_does_not_show_is_not_stamped(desk: Desk) -> None:
    contact = desk.contact(need="speed")
    shown = {"id": contact, "properties": {"need": "speed"}, "updatedAt": "2026-03-02T08:00:00Z"}
    desk.arm(UPDATE, "status", status=200, body={"results": [shown]})

    outcomes = desk.hubspot.update([desk.write(contact, need="calm")])

    assert outcomes == {contact: Written()}


def test_an_update_writes_values_and_clears_others(desk: Desk) -> None:
    contact = desk.contact(need="speed")

    outcomes = desk.hubspot.update([desk.write(contact, need=None, hs_lead_status="OPEN")])

    assert kinds(outcomes) == {contact: Written}
    assert (desk.shown(contact, "need"), desk.shown(contact, "hs_lead_status")) == ("", "OPEN")


def test_two_hundred_and_fifty_updates_are_three_calls(desk: Desk) -> None:
    made = desk.contacts(250)
    before = desk.world.requests.count(System.HUBSPOT)

    outcomes = desk.hubspot.update([desk.write(contact, need="speed") for contact in made])

    assert set(kinds(outcomes).values()) == {Written}
    assert desk.calls() - before == 3 + 1  # and the schema, once


def test_a_contact_that_is_gone_does_not_cost_the_others(desk: Desk) -> None:
    kept, gone = desk.contact("a@example.com"), desk.contact("b@example.com")
    desk.hands.archive(int(gone))

    outcomes = desk.hubspot.update([desk.write(i, need="speed") for i in (kept, gone)])

    assert kinds(outcomes)[kept] is Written
    assert isinstance(outcomes[gone], Vanished)
    assert desk.shown(kept, "need") == "speed"


def test_one_bad_value_does_not_cost_the_others(desk: Desk) -> None:
    made = desk.contacts(20)
    writes = [desk.write(contact, buying_role="champion") for contact in made]
    writes[13] = desk.write(made[13], buying_role="astronaut")

    outcomes = dict(desk.hubspot.update(writes))

    refused = outcomes.pop(made[13])
    assert isinstance(refused, Refused)
    assert "INVALID_OPTION" in refused.reason
    assert "astronaut" not in refused.reason
    assert set(kinds(outcomes).values()) == {Written}


def test_a_missing_property_is_refused_without_trying_each_record(desk: Desk) -> None:
    made = desk.contacts(40)
    writes = [desk.write(contact, nope="x") for contact in made[:30]]
    writes += [desk.write(contact, need="speed") for contact in made[30:]]
    desk.hubspot.schema()
    before = desk.calls()

    outcomes = desk.hubspot.update(writes)

    assert [type(outcomes[i]) for i in made] == [Refused] * 30 + [Written] * 10
    assert desk.calls() - before == 2


def test_after_a_refusal_the_schema_is_looked_up_anew(desk: Desk) -> None:
    contact = desk.contact()
    before = "need" in desk.hubspot.schema()
    desk.world.hubspot.undefine("need")
    desk.hubspot.update([desk.write(contact, need="speed")])

    after = "need" in desk.hubspot.schema()

    assert (before, after) == (True, False)


def test_a_taken_email_is_refused_for_its_record_alone(desk: Desk) -> None:
    first, second, third = desk.contacts(3)

    outcomes = desk.hubspot.update(
        [
            desk.write(first, email="c2@example.com"),
            desk.write(second, need="speed"),
        ]
    )

    assert isinstance(outcomes[first], Refused)
    assert kinds(outcomes)[second] is Written
    assert desk.shown(third, "email") == "c2@example.com"


# -- backward moves ------------------------------------------------------------


def test_a_backward_move_is_cleared_and_set_in_two_requests(desk: Desk) -> None:
    contact = desk.contact(lifecyclestage=SQL)
    desk.hubspot.read([contact])
    desk.hubspot.schema()
    before = desk.calls()

    outcomes = desk.hubspot.update([desk.write(contact, lifecyclestage=MQL, need="speed")])

    assert kinds(outcomes) == {contact: Written}
    assert (desk.shown(contact, "lifecyclestage"), desk.shown(contact, "need")) == (MQL, "speed")
    assert desk.calls() - before == 2


def test_a_backward_move_nobody_foresaw_is_seen_in_the_answer(desk: Desk) -> None:
    contact = desk.contact(lifecyclestage=MQL)
    desk.hubspot.read([contact])
    desk.hands.edit(int(contact), {"lifecyclestage": SQL})

    desk.hubspot.update([desk.write(contact, lifecyclestage=MQL)])

    assert desk.shown(contact, "lifecyclestage") == MQL


def test_forward_and_backward_moves_share_a_batch(desk: Desk) -> None:
    up, down = desk.contact("a@example.com"), desk.contact("b@example.com", lifecyclestage=SQL)
    desk.hubspot.read([up, down])

    desk.hubspot.update([desk.write(i, lifecyclestage=MQL) for i in (up, down)])

    assert {desk.shown(i, "lifecyclestage") for i in (up, down)} == {MQL}


def test_a_stage_the_portal_would_refuse_never_costs_the_one_it_has(desk: Desk) -> None:
    contact = desk.contact(lifecyclestage=SQL)
    desk.hubspot.read([contact])

    outcomes = desk.hubspot.update([desk.write(contact, lifecyclestage="no-such-stage")])

    assert isinstance(outcomes[contact], Refused)
    assert desk.shown(contact, "lifecyclestage") == SQL


def test_a_foreseen_backward_move_works_in_a_portal_that_refuses_them(desk: Desk) -> None:
    desk.world.hubspot.settings.backward = Backward.ERROR
    contact = desk.contact(lifecyclestage=SQL)
    desk.hubspot.read([contact])

    outcomes = desk.hubspot.update([desk.write(contact, lifecyclestage=MQL)])

    assert kinds(outcomes) == {contact: Written}
    assert desk.shown(contact, "lifecyclestage") == MQL


def test_a_contact_that_went_away_is_not_set_after_it_could_not_be_cleared(desk: Desk) -> None:
    contact = desk.contact(lifecyclestage=SQL)
    desk.hubspot.read([contact])
    desk.hubspot.schema()
    desk.hands.archive(int(contact))
    before = desk.calls()

    outcomes = desk.hubspot.update([desk.write(contact, lifecyclestage=MQL)])

    assert isinstance(outcomes[contact], Vanished)
    assert desk.calls() - before == 1


def test_a_stage_refused_after_the_clearing_gives_the_old_one_back(desk: Desk) -> None:
    contact = desk.contact(lifecyclestage=SQL)
    desk.hubspot.read([contact])
    desk.arm(UPDATE, "status", skip=1, status=400, body={"category": "VALIDATION_ERROR"})

    outcomes = desk.hubspot.update([desk.write(contact, lifecyclestage=MQL)])

    assert isinstance(outcomes[contact], Refused)
    assert desk.shown(contact, "lifecyclestage") == SQL


# -- notes ---------------------------------------------------------------------


def test_a_note_is_added_and_found_again_by_its_mark(desk: Desk) -> None:
    contact = desk.contact()
    note, other = desk.note(contact), desk.note(contact, "mark-2")

    outcomes = desk.hubspot.add_notes([note])

    assert outcomes == {note.key: Written()}
    assert desk.hubspot.find_notes([note, other]) == {note.key}


def test_crm_text_in_a_note_cannot_become_markup(desk: Desk) -> None:
    contact = desk.contact()

    desk.hubspot.add_notes([desk.note(contact)])

    [note] = desk.notes()
    assert "Budget &lt;b&gt;unknown&lt;/b&gt; &amp; need missing" in note


def test_a_note_for_a_contact_that_is_gone_does_not_cost_or_double_the_others(desk: Desk) -> None:
    kept, gone, third = desk.contacts(3)
    desk.hands.archive(int(gone))
    notes = [desk.note(contact) for contact in (kept, gone, third)]

    outcomes = desk.hubspot.add_notes(notes)

    assert [type(outcomes[n.key]) for n in notes] == [Written, Vanished, Written]
    assert len(desk.notes()) == 2


def test_a_note_whose_answer_was_lost_is_found(desk: Desk) -> None:
    note = desk.note(desk.contact())
    desk.arm(NOTES, "lost_response")

    with pytest.raises(TransientError):
        desk.hubspot.add_notes([note])

    assert desk.hubspot.find_notes([note]) == {note.key}


def test_nothing_is_found_where_there_are_no_notes(desk: Desk) -> None:
    assert desk.hubspot.find_notes([desk.note(desk.contact())]) == frozenset()


def test_a_note_refused_on_its_own_does_not_cost_the_others(desk: Desk) -> None:
    one, two = [desk.note(contact) for contact in desk.contacts(2)]
    refusal = {"category": "VALIDATION_ERROR", "context": {"objectWriteTraceId": [two.key]}}
    body = {"status": "COMPLETE", "results": [{"id": "1"}], "numErrors": 1, "errors": [refusal]}
    desk.arm(NOTES, "status", status=207, body=body)

    outcomes = desk.hubspot.add_notes([one, two])

    assert outcomes[one.key] == Written()
    assert isinstance(outcomes[two.key], Refused)


def test_an_answer_that_does_not_add_up_leaves_no_note_for_written(desk: Desk) -> None:
    notes = [desk.note(contact) for contact in desk.contacts(2)]
    desk.arm(NOTES, "status", status=201, body={"status": "COMPLETE", "results": [{"id": "1"}]})

    outcomes = desk.hubspot.add_notes(notes)

    assert {type(outcome) for outcome in outcomes.values()} == {Failed}


def test_notes_are_looked_for_on_every_page_of_a_contacts_notes(desk: Desk) -> None:
    contact = desk.contact()
    note = desk.note(contact)
    desk.hubspot.add_notes([note])
    page = {
        "from": {"id": contact},
        "to": [],
        "paging": {"next": {"after": "500"}},
    }
    desk.arm(ASSOCIATIONS, "status", status=200, body={"status": "COMPLETE", "results": [page]})

    assert desk.hubspot.find_notes([note]) == {note.key}


def test_pages_of_notes_that_go_in_circles_are_not_followed_for_ever(desk: Desk) -> None:
    contact = desk.contact()
    page = {"from": {"id": contact}, "to": [], "paging": {"next": {"after": "500"}}}
    body = {"status": "COMPLETE", "results": [page]}
    desk.arm(ASSOCIATIONS, "status", status=200, body=body, times=None)

    with pytest.raises(TransientError, match="do not move on"):
        desk.hubspot.find_notes([desk.note(contact)])


# -- bad days ------------------------------------------------------------------


def test_one_rejected_token_is_an_auth_error_and_the_next_poll_goes_through(desk: Desk) -> None:
    desk.arm(SEARCH, "expire_session")

    with pytest.raises(AuthError):
        list(desk.hubspot.poll(desk.world.now()))

    assert len(list(desk.hubspot.poll(desk.world.now()))) == 1


def test_a_token_rejected_for_ever_is_asked_about_once_a_call(desk: Desk) -> None:
    desk.world.hubspot.apps.revoke(DEFAULT_TOKEN)

    with pytest.raises(AuthError, match="token"):
        desk.hubspot.read([RecordId("1")])

    assert desk.calls() == 1


def test_a_missing_scope_is_named(desk: Desk) -> None:
    poor = PrivateApp(scopes=("crm.objects.contacts.read",))
    desk.world.hubspot.apps.install(DEFAULT_TOKEN, poor)

    with pytest.raises(AuthError, match=r"crm\.objects\.owners\.read"):
        desk.hubspot.directory()


@pytest.mark.parametrize(
    ("status", "body", "headers", "waited"),
    [
        (429, {"message": "You have reached your secondly limit."}, {}, 1),
        (429, {"policyName": "SECONDLY"}, {}, 1),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, {}, 10),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, {"Retry-After": "3"}, 3),
        (429, "<html>slow down</html>", {"Retry-After": "7"}, 7),
        (423, {"category": "LOCKED"}, {}, 2),
    ],
)
def test_a_read_waits_as_long_as_hubspot_wants(
    desk: Desk, status: int, body: Any, headers: dict[str, str], waited: int
) -> None:
    began = desk.world.now()
    desk.arm(READ, "status", status=status, body=body, headers=headers)

    desk.hubspot.read([RecordId("1")])

    assert desk.world.now() - began == timedelta(seconds=waited)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (429, {"policyName": "DAILY"}, {}),
        (429, {"message": "You have reached your daily limit."}, {}),
        (429, {}, {"X-HubSpot-RateLimit-Daily-Remaining": "0"}),
        (477, {}, {"Retry-After": "3600"}),
    ],
)
def test_a_used_up_day_and_a_migration_stop_all_asking(
    desk: Desk, status: int, body: Any, headers: dict[str, str]
) -> None:
    desk.arm(READ, "status", status=status, body=body, headers=headers)
    with pytest.raises(LimitError):
        desk.hubspot.read([RecordId("1")])

    with pytest.raises(LimitError):
        desk.hubspot.read([RecordId("1")])

    assert desk.calls() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "body": {"status": "error"}},
        {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"},
        {"kind": "status", "status": 524, "body": ""},
        {"kind": "html200"},
        {"kind": "truncate"},
        {"kind": "reset"},
        {"kind": "lost_response"},
        {"kind": "hang", "seconds": 1.0},
    ],
    ids=lambda fault: f"{fault['kind']}{fault.get('status', '')}",
)
def test_a_read_gets_over_a_passing_fault(desk: Desk, fault: dict[str, Any]) -> None:
    contact = desk.contact()
    desk.arm(READ, **fault)

    assert list(desk.hubspot.read([contact])) == [contact]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "body": {"status": "error"}},
        {"kind": "status", "status": 423, "body": {"category": "LOCKED"}},
        {"kind": "html200"},
        {"kind": "truncate"},
        {"kind": "reset"},
        {"kind": "lost_response"},
        {"kind": "hang", "seconds": 1.0},
    ],
    ids=lambda fault: f"{fault['kind']}{fault.get('status', '')}",
)
def test_a_write_is_never_tried_twice(desk: Desk, fault: dict[str, Any]) -> None:
    contact = desk.contact()
    desk.hubspot.schema()
    before = desk.calls()
    desk.arm(UPDATE, **fault)

    with pytest.raises(TransientError):
        desk.hubspot.update([desk.write(contact, need="speed")])

    assert desk.calls() - before == 1


def test_a_vendor_that_stays_down_is_given_up(desk: Desk) -> None:
    desk.arm(SEARCH, "status", times=None, status=503, body="")

    with pytest.raises(TransientError, match="503"):
        list(desk.hubspot.poll(desk.world.now()))

    assert desk.calls() == 4


def test_a_redirect_is_not_followed(desk: Desk) -> None:
    desk.arm(READ, "status", status=302, body="", headers={"Location": f"{desk.url}/elsewhere"})

    with pytest.raises(PermanentError, match="302"):
        desk.hubspot.read([RecordId("1")])

    assert desk.calls() == 1


def test_a_batch_without_an_answer_leaves_what_became_of_the_others_known(desk: Desk) -> None:
    contacts = desk.contacts(250, need="speed")
    desk.arm(UPDATE, "lost_response")

    outcomes = desk.hubspot.update([desk.write(contact, need="calm") for contact in contacts])

    failed = [x for x in outcomes.values() if isinstance(x, Failed)]
    assert len(failed) in (50, 100)
    assert set(kinds(outcomes).values()) == {Written, Failed}
    assert outcomes.keys() == set(contacts)


def test_when_no_batch_is_answered_nothing_is_known(desk: Desk) -> None:
    contacts = desk.contacts(150, need="speed")
    desk.arm(UPDATE, "lost_response", times=None)

    with pytest.raises(TransientError):
        desk.hubspot.update([desk.write(contact, need="calm") for contact in contacts])


def test_many_are_read_at_once_and_none_is_mixed_up(desk: Desk) -> None:
    contacts = [desk.contact(f"n{number}@example.com", need=f"n{number}") for number in range(250)]

    found = desk.hubspot.read(contacts)

    assert [found[i].properties["need"] for i in contacts] == [f"n{n}" for n in range(250)]


def test_a_record_left_out_of_the_answer_may_work_later(desk: Desk) -> None:
    contact = desk.contact()
    body = {"status": "COMPLETE", "results": []}
    desk.arm(UPDATE, "status", status=200, body=body)

    outcomes = desk.hubspot.update([desk.write(contact, need="speed")])

    assert isinstance(outcomes[contact], Failed)


def test_an_error_never_quotes_a_record(desk: Desk) -> None:
    body = {"message": "bo@example.com is bad", "errors": [{"message": "Bo", "code": "BAD"}]}
    desk.arm(SEARCH, "status", status=400, body=body)

    with pytest.raises(PermanentError) as caught:
        list(desk.hubspot.poll(desk.world.now()))

    assert "Bo" not in str(caught.value)
    assert "bo@" not in str(caught.value)
    assert "BAD" in str(caught.value)


@pytest.mark.parametrize(
    "result", [{"id": "1"}, {"id": "1", "properties": {}}, {"properties": {}}, 7]
)
def test_a_contact_without_what_every_contact_has_is_no_contact(desk: Desk, result: Any) -> None:
    body = {"status": "COMPLETE", "results": [result]}
    desk.arm(READ, "status", times=None, status=200, body=body)

    with pytest.raises(TransientError):
        desk.hubspot.read([RecordId("1")])


@pytest.mark.parametrize("body", [[], {}, {"results": None}, "not json"])
def test_an_answer_that_is_not_a_batch_is_no_answer(desk: Desk, body: Any) -> None:
    desk.arm(READ, "status", times=None, status=200, body=body)

    with pytest.raises(TransientError):
        desk.hubspot.read([RecordId("1")])


def test_search_pages_that_go_in_circles_are_not_followed_for_ever(desk: Desk) -> None:
    contact = desk.contact()
    raw = {
        "id": contact,
        "properties": {},
        "createdAt": "2026-03-02T08:00:00.000Z",
        "updatedAt": "2026-03-02T08:00:00.000Z",
    }
    body = {"total": 500, "results": [raw], "paging": {"next": {"after": "200"}}}
    desk.arm(SEARCH, "status", times=None, status=200, body=body)

    with pytest.raises(TransientError, match="do not move on"):
        list(desk.hubspot.poll(desk.world.now()))


def test_without_an_app_id_a_service_keys_history_is_still_told(desk: Desk) -> None:
    contact = desk.contact()
    desk.arm("access-token-info", "status", status=404, body={"message": "not a private app"})

    steps = desk.hubspot.history([contact], desk.world.now())[contact]

    assert [step.by_syncd for step in steps] == [False]
