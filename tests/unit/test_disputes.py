"""Fields that wait for a person: opened, told once, kept up to date, settled."""

from dataclasses import replace

from core_cases import NEED, NOW
from decide_cases import (
    HUBSPOT,
    MINUTE,
    PHONE,
    SALESFORCE,
    THE_MAP,
    TITLE,
    alert,
    alerts,
    audit,
    context,
    delivered,
    is_quiet,
    known,
    look,
    records,
    shows,
    side,
    writes,
)

from syncd.core.context import Context
from syncd.core.disputes import RESOLVED_RULE, mark_of, resolve, suspended
from syncd.core.draft import Draft
from syncd.domain.action import SendAlert, WriteRecord
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER, FieldName, RecordId, System
from syncd.domain.order import ResolveDispute
from syncd.domain.record import Edit
from syncd.domain.stage import Stage
from syncd.domain.values import Direction, Seen, Unreadable

RITA = Edit(at=NOW - MINUTE, by="Rita Rep")


def disputed() -> Lead:
    """The title became CEO in Salesforce (Rita did it) and COO in HubSpot."""
    before = known(title="CFO")
    by_rita = replace(shows(before, SALESFORCE, title="CEO"), edits={TITLE: RITA})
    return look(before, by_rita, shows(before, HUBSPOT, title="COO")).lead


def chosen(lead: Lead, take: System, ctx: Context | None = None, field: FieldName = TITLE) -> Draft:
    what = ResolveDispute(
        lead_id=lead.id, field=field, take=take, shown=mark_of(lead.disputes[field])
    )
    return resolve(lead, what, ctx or context(NOW + MINUTE), by="Olga")


def edited(lead: Lead, system: System, title: Seen, *, minutes: int = 1) -> Observation:
    return shows(lead, system, at=NOW + minutes * MINUTE, also={TITLE: title})


def without(lead: Lead, system: System) -> Lead:
    """The record was deleted a minute later."""
    seen = shows(lead, system, at=NOW + MINUTE)
    deleted = Observation(snapshot=replace(seen.snapshot, deleted=True))
    return look(lead, deleted, now=NOW + MINUTE).lead


# --- opened ------------------------------------------------------------------------------


def test_ask_changes_neither_side_and_keeps_both_values_with_what_is_known_of_them() -> None:
    lead = disputed()

    dispute = lead.disputes[TITLE]
    assert dispute.values == {SALESFORCE: "CEO", HUBSPOT: "COO"}
    assert (dispute.edits, dispute.since) == ({SALESFORCE: RITA}, NOW)
    assert {s: x.baseline[TITLE] for s, x in lead.sides.items()} == dispute.values


def test_the_owner_is_told_both_values_who_entered_them_and_what_to_type() -> None:
    before = known(title="CFO")
    seen = replace(shows(before, SALESFORCE, title="CEO"), edits={TITLE: RITA})

    found = look(before, seen, shows(before, HUBSPOT, title="COO"))

    told = alert(found, AlertKind.CONFLICT).alert
    assert told.to == "rep@corp.example"
    assert told.why == (
        "Salesforce says CEO (Rita Rep, Tue 3 Mar 12:59 (Europe/Berlin)).",
        "HubSpot says COO.",
    )
    assert "`syncd conflicts resolve 00Q1 title --take salesforce`" in told.next_step
    assert records(found) == ()


def test_the_owner_told_is_the_one_put_in_over_a_write_of_ours_just_now() -> None:
    first = {OWNER: THE_MAP.fields[OWNER], **THE_MAP.fields}
    ctx = replace(context(NOW + MINUTE), crm=replace(THE_MAP, fields=first))
    before = known(phone="1")
    on_its_way = look(before, shows(before, HUBSPOT, owner="late@corp.example")).lead

    found = look(
        on_its_way,
        shows(on_its_way, SALESFORCE, at=NOW + MINUTE, phone="2", owner="new@corp.example"),
        shows(on_its_way, HUBSPOT, at=NOW + MINUTE, phone="3"),
        ctx=ctx,
    )

    assert alert(found, AlertKind.CONFLICT).alert.to == "new@corp.example"


def test_of_two_edits_at_one_instant_latest_asks_a_person_and_the_audit_says_so() -> None:
    before = known(phone="1")

    found = look(before, shows(before, SALESFORCE, phone="2"), shows(before, HUBSPOT, phone="3"))

    assert PHONE in found.lead.disputes
    assert found.audit[0].facts["rule"] == "conflict: latest, a tie by record"


def test_an_edit_known_by_history_wins_whatever_became_of_the_rest_of_the_record() -> None:
    before = known(phone="1")
    early = {PHONE: Edit(at=NOW - 2 * MINUTE)}
    late = {PHONE: Edit(at=NOW - MINUTE, by="Mark")}

    found = look(
        before,
        replace(shows(before, SALESFORCE, at=NOW, phone="2"), edits=early),
        replace(shows(before, HUBSPOT, at=NOW - MINUTE, phone="3"), edits=late),
    )

    (write,) = records(found)
    assert (write.system, write.writes[0].rule) == (SALESFORCE, "conflict: latest, by history")
    assert (write.writes[0].was, write.writes[0].came) == (early[PHONE], late[PHONE])
    assert found.audit[0].personal["hubspot_by"] == "Mark"


# --- while it is open --------------------------------------------------------------------


def test_the_same_dispute_seen_again_is_no_news() -> None:
    lead = disputed()

    found = look(lead, shows(lead, SALESFORCE), shows(lead, HUBSPOT), now=NOW + MINUTE)

    assert is_quiet(found)
    assert found.lead.disputes == lead.disputes


def test_a_further_edit_updates_the_dispute_and_neither_travels_nor_tells_again() -> None:
    lead = disputed()

    found = look(lead, edited(lead, SALESFORCE, "CTO"), now=NOW + MINUTE)

    assert (records(found), alerts(found), audit(found)) == ((), [], [AuditKind.CONFLICT])
    dispute = found.lead.disputes[TITLE]
    assert (dispute.values[SALESFORCE], dispute.since, dispute.edits) == ("CTO", NOW, {})


def test_a_dispute_closes_by_itself_once_both_crms_show_the_same() -> None:
    lead = disputed()

    found = look(lead, edited(lead, HUBSPOT, "CEO"), now=NOW + MINUTE)

    assert (found.lead.disputes, records(found)) == ({}, ())
    (entry,) = found.audit
    assert (entry.kind, entry.facts["why"]) == (
        AuditKind.RESOLVED,
        "both CRMs show the same now",
    )


def test_after_a_dispute_the_next_edit_travels() -> None:
    lead = disputed()
    agreed = look(lead, edited(lead, HUBSPOT, "CEO"), now=NOW + MINUTE).lead

    found = look(agreed, edited(agreed, HUBSPOT, "CTO", minutes=2), now=NOW + 2 * MINUTE)

    assert writes(found, SALESFORCE) == {TITLE: "CTO"}


def test_a_value_that_cannot_be_read_leaves_the_dispute_as_it_is() -> None:
    lead = disputed()

    found = look(lead, edited(lead, HUBSPOT, Unreadable("hidden")), edited(lead, SALESFORCE, "X"))

    assert found.lead.disputes == lead.disputes


def test_while_a_record_is_deleted_its_dispute_is_suspended_and_cannot_be_settled() -> None:
    lead = without(disputed(), HUBSPOT)

    draft = chosen(lead, SALESFORCE)

    assert suspended(lead) == lead.sides[HUBSPOT]
    assert (draft.lead, draft.actions) == (lead, ())
    assert draft.audit[0].facts["rule"] == "not resolved: one of the records is gone"


def test_a_record_that_comes_back_is_still_in_dispute_with_what_is_shown_by_then() -> None:
    lead = without(disputed(), HUBSPOT)
    alone = look(lead, edited(lead, SALESFORCE, "CTO", minutes=2), now=NOW + 2 * MINUTE).lead

    found = look(alone, shows(alone, HUBSPOT, at=NOW + 3 * MINUTE), now=NOW + 3 * MINUTE)

    assert suspended(found.lead) is None
    assert found.lead.disputes[TITLE].values == {SALESFORCE: "CTO", HUBSPOT: "COO"}
    assert (records(found), alerts(found)) == ((), [])


def test_a_record_that_comes_back_with_the_same_value_settles_it() -> None:
    lead = without(disputed(), HUBSPOT)

    found = look(lead, edited(lead, HUBSPOT, "CEO", minutes=2), now=NOW + 2 * MINUTE)

    assert (found.lead.disputes, records(found)) == ({}, ())


def test_a_dispute_ends_with_a_record_that_was_merged_away() -> None:
    lead = disputed()
    merged = replace(shows(lead, HUBSPOT).snapshot, merged_into=RecordId("102"))

    found = look(lead, Observation(snapshot=merged))

    assert found.lead.disputes == {}
    assert found.audit[-1].facts["why"] == "only one record is left"


def test_a_dispute_ends_when_the_map_no_longer_syncs_its_field() -> None:
    lead = disputed()
    fields = {name: x for name, x in THE_MAP.fields.items() if name != TITLE}
    ctx = replace(context(), crm=replace(THE_MAP, fields=fields))

    found = look(lead, ctx=ctx)

    assert found.lead.disputes == {}


# --- a person chooses --------------------------------------------------------------------


def test_the_chosen_value_is_written_over_exactly_what_the_person_was_shown() -> None:
    draft = chosen(disputed(), SALESFORCE)

    (write,) = (x for x in draft.actions if isinstance(x, WriteRecord))
    (field,) = write.writes
    assert (write.system, field.seen, field.value) == (HUBSPOT, "COO", "CEO")
    assert (field.rule, field.came) == (RESOLVED_RULE, RITA)
    assert draft.lead.disputes == {}


def test_the_audit_says_who_chose_what() -> None:
    (entry,) = chosen(disputed(), HUBSPOT).audit

    assert (entry.kind, entry.facts["take"]) == (AuditKind.RESOLVED, "hubspot")
    assert entry.personal == {"by": "Olga", "salesforce": "CEO", "hubspot": "COO"}


def test_once_the_choice_is_delivered_both_sides_rest() -> None:
    draft = chosen(disputed(), SALESFORCE)
    (action,) = draft.actions

    settled = delivered(replace(look(draft.lead), lead=draft.lead, actions=(action,)))

    assert {x.baseline[TITLE] for x in settled.sides.values()} == {"CEO"}
    assert is_quiet(look(settled, now=NOW + 2 * MINUTE))


def test_an_edit_made_before_the_choice_is_delivered_is_a_new_dispute() -> None:
    lead = chosen(disputed(), SALESFORCE).lead

    found = look(lead, edited(lead, HUBSPOT, "CTO"), now=NOW + 2 * MINUTE)

    assert found.lead.disputes[TITLE].values == {SALESFORCE: "CEO", HUBSPOT: "CTO"}
    assert not found.lead.sides[HUBSPOT].pending
    assert alerts(found) == [AlertKind.CONFLICT]


def test_a_choice_between_values_that_changed_since_is_not_carried_out_but_told_again() -> None:
    lead = disputed()
    later = look(lead, edited(lead, SALESFORCE, "CTO"), now=NOW + MINUTE).lead
    stale = ResolveDispute(
        lead_id=lead.id, field=TITLE, take=HUBSPOT, shown=mark_of(lead.disputes[TITLE])
    )

    draft = resolve(later, stale, context(), by="Olga")

    (told,) = draft.actions
    assert isinstance(told, SendAlert)
    assert told.alert.why[0] == "The values changed before your choice was carried out."
    assert draft.lead == later


def test_a_choice_never_brings_back_the_value_of_a_record_the_lead_has_lost() -> None:
    lead = disputed()
    winner = lead.sides[HUBSPOT]
    seen = replace(winner.seen, values={**winner.seen.values, TITLE: "CTO"})
    other = replace(winner, seen=seen, baseline={**winner.baseline, TITLE: "CTO"})
    merged = replace(lead, sides={**lead.sides, HUBSPOT: other})

    draft = chosen(merged, HUBSPOT)

    assert [type(x) for x in draft.actions] == [SendAlert]
    assert draft.lead.disputes[TITLE].values[HUBSPOT] == "CTO"


def test_a_dispute_follows_the_lead_to_another_record() -> None:
    lead = disputed()
    target = lead.sides[HUBSPOT]
    same = {**target.baseline, TITLE: "CEO"}
    there = replace(target, baseline=same, seen=replace(target.seen, values=same))

    found = look(replace(lead, sides={**lead.sides, HUBSPOT: there}))

    assert found.lead.disputes == {}


def test_a_choice_of_what_is_settled_already_does_nothing() -> None:
    lead = disputed()
    agreed = look(lead, edited(lead, HUBSPOT, "CEO"), now=NOW + MINUTE).lead
    late = ResolveDispute(lead_id=lead.id, field=TITLE, take=HUBSPOT, shown="any")

    draft = resolve(agreed, late, context(), by="Olga")

    assert (draft.lead, draft.actions, draft.audit) == (agreed, (), ())


def test_a_choice_against_the_fields_direction_closes_the_dispute_and_writes_nothing() -> None:
    one_way = replace(THE_MAP.fields[TITLE], direction=Direction.TO_SALESFORCE)
    ctx = replace(context(), crm=replace(THE_MAP, fields={**THE_MAP.fields, TITLE: one_way}))

    draft = chosen(disputed(), SALESFORCE, ctx)

    assert (draft.lead.disputes, draft.actions) == ({}, ())
    assert draft.audit[0].facts["left"] == "title does not flow to HubSpot"


def test_a_record_that_takes_no_writes_keeps_its_value() -> None:
    lead = disputed()
    target = lead.sides[SALESFORCE]
    locked = replace(target, seen=replace(target.seen, locked="converted"))
    lead = replace(lead, sides={**lead.sides, SALESFORCE: locked})

    draft = chosen(lead, HUBSPOT)

    assert draft.actions == ()
    assert draft.audit[0].facts["left"] == "Salesforce takes no writes: converted"


def test_a_blank_may_be_chosen_where_blanks_clear() -> None:
    before = known(Stage.LEAD, need="faster")
    seen: list[Observation] = [
        replace(shows(before, s, at=NOW, need=value), edits={})
        for s, value in ((SALESFORCE, None), (HUBSPOT, "cheaper"))
    ]
    asks = replace(THE_MAP.fields[NEED], conflict=THE_MAP.fields[TITLE].conflict)
    ctx = replace(context(), crm=replace(THE_MAP, fields={**THE_MAP.fields, NEED: asks}))
    lead = look(before, *seen, ctx=ctx).lead

    draft = chosen(lead, SALESFORCE, ctx, field=NEED)

    (write,) = draft.actions
    assert isinstance(write, WriteRecord)
    assert (write.writes[0].seen, write.writes[0].value) == ("cheaper", None)


def test_first_sight_of_two_different_values_is_no_dispute() -> None:
    apart = known(Stage.LEAD, side(SALESFORCE, title="CFO"), side(HUBSPOT, title="CEO"))

    assert look(apart, shows(apart, SALESFORCE), shows(apart, HUBSPOT)).lead.disputes == {}
